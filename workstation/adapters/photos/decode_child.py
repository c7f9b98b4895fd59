"""The decode child: reads requests on standard input until it closes, within hard limits.

It holds no data of the store, writes no file, and dies at any limit; the program then starts it
again. On Linux its address space is capped at 1.5 GiB; on macOS the header limits and the
program's deadline bound it.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, BinaryIO

from workstation.adapters.photos import memory, messages
from workstation.domain.errors import Refused

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsTransform

    from workstation.adapters.photos.picture import Picture

ADDRESS_SPACE = 1536 * 1024 * 1024
_STRIP_ROWS = 64
_AT_ONCE = 2  # strips whose colours are converted at the same time


def main() -> int:
    """Serve requests; returns when the program closes the pipe."""
    _limit()
    requests, replies = sys.stdin.buffer, _private_stdout()
    from workstation.adapters.photos import picture, quality

    picture.prepare()
    try:
        head, _ = messages.receive(requests)
        link = None if head["socket"] is None else socket.socket(fileno=int(head["socket"]))
        messages.send(replies, {"ready": True})
        while True:
            head, bodies = messages.receive(requests)
            _serve(requests, replies, link, head, bodies, picture.Picture, quality)
    except (EOFError, BrokenPipeError):
        return 0


def _serve(
    requests: BinaryIO,
    replies: BinaryIO,
    link: socket.socket | None,
    head: dict[str, Any],
    bodies: list[bytes],
    opener: type[Picture],
    quality: Any,
) -> None:
    """Answer one photo: first its header, then, when told to go on, its pixels or copies."""
    content = bodies.pop()
    if head["do"] in ("unwrap", "report"):
        _serve_object(requests, replies, head["do"], content)
        return
    decodes = head["do"] == "decode"
    with _refusing(replies, "intake.photo.unreadable"):
        opened = opener(content)
        width, height = opened.aim(head["longest"], quick=decodes)
        first = {"width": width, "height": height, "pixels": opened.width * opened.height}
        messages.send(replies, first)
        messages.receive(requests)
        if decodes:
            _send_pixels(replies, link, opened)
        elif head["do"] == "frame":
            _send_frame(replies, opened, content)
        elif head["do"] == "bare":
            from workstation.adapters.photos.bare import bare

            media_type, made = bare(opened, content)
            messages.send(replies, {"media_type": media_type}, made)
        else:
            _send_copies(replies, opened, quality)


@contextmanager
def _refusing(replies: BinaryIO, damaged: str) -> Iterator[None]:
    """What goes wrong with one file is its answer, and the child goes on."""
    try:
        yield
    except (EOFError, BrokenPipeError):
        raise
    except Refused as error:
        messages.send(replies, {"refused": error.code, "context": error.context})
    except MemoryError:
        messages.send(replies, {"refused": "intake.photo.memory", "context": {}})
    except Exception:
        # Decoders answer damaged data with many kinds of exception; each means the same here.
        messages.send(replies, {"refused": damaged, "context": {}})


def _send_copies(replies: BinaryIO, opened: Picture, quality: Any) -> None:
    from workstation.adapters.photos import picture

    image = opened.upright()
    measures = quality.measure(image)
    small = picture.thumbnail(image)
    head = {
        "media_type": opened.media_type,
        "width": opened.width,
        "height": opened.height,
        "taken_at": None if opened.taken_at is None else opened.taken_at.isoformat(),
        "focus": measures.focus,
        "mean_light": measures.mean_light,
        "clipped_share": measures.clipped_share,
    }
    messages.send(replies, head, picture.preview(image), small)


def _serve_object(requests: BinaryIO, replies: BinaryIO, do: str, content: bytes) -> None:
    """Answer one DICOM object: a photo out of it, or the annotations of a report."""
    from workstation.adapters.photos import picture

    if find_spec("pydicom") is None:
        messages.send(replies, {"refused": "intake.dicom.extra", "context": {}})
        return
    from workstation.adapters.dicom import reading

    with _refusing(replies, "intake.dicom.damaged"):
        if do == "report":
            found = reading.report(content)
            messages.send(replies, {"pixels": 0})
            messages.receive(requests)
            messages.send(replies, {}, found)
            return
        limits = reading.Limits(picture.MOST_BYTES, picture.MOST_PIXELS, picture.LEAST_SIDE)
        opened = reading.Opened(content, limits)
        messages.send(replies, {"pixels": opened.width * opened.height})
        messages.receive(requests)
        media_type, photo = opened.photo()
        about = {"media_type": media_type, "view": opened.view(), "named": opened.named()}
        messages.send(replies, about, photo)


def _send_frame(replies: BinaryIO, opened: Picture, content: bytes) -> None:
    """A photo for a DICOM object: an upright baseline JPEG as its bare frame, else its pixels."""
    from workstation.adapters.dicom import jpeg

    frame = jpeg.bare(content) if opened.media_type == "image/jpeg" and opened.as_it_lies else None
    if frame is not None and frame.baseline and frame.components in (1, 3):
        head = {
            "form": "jpeg",
            "width": frame.width,
            "height": frame.height,
            "components": frame.components,
            "transform": frame.transform,
        }
        messages.send(replies, head, frame.content, frame.profile or b"")
        return
    image = opened.upright()
    head = {"form": "pixels", "width": image.width, "height": image.height, "components": 3}
    messages.send(replies, {**head, "transform": None}, image.tobytes("raw", "RGB"), b"")


def _send_pixels(replies: BinaryIO, link: socket.socket | None, opened: Picture) -> None:
    image, conversion = opened.unconverted()
    size = image.width * image.height * 4
    messages.send(replies, {"decoded": True})
    if link is None:
        pixels = bytearray(size)
        _fill(pixels, image, conversion)
        messages.send(replies, {"done": True}, pixels)
        return
    descriptor = memory.receive(link)
    try:
        with memory.attach(descriptor, size) as block:
            _fill(block, image, conversion)
    finally:
        os.close(descriptor)
    messages.send(replies, {"done": True})


def _fill(block: Any, image: Image, conversion: ImageCmsTransform | None) -> None:
    """Write BGRX rows strip by strip, so that a whole second copy never exists; X is 255.

    Colours that have to be converted are converted on the way, two strips at a time.
    """
    tops = range(0, image.height, _STRIP_ROWS)
    write = partial(_fill_strip, block, image, conversion)
    if conversion is None:
        for top in tops:
            write(top)
    else:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(write, tops))


def _fill_strip(block: Any, image: Image, conversion: ImageCmsTransform | None, top: int) -> None:
    """Write the rows of one strip.

    A pixel R, G, B, X read as one number from its high end and moved down by a byte is B, G, R, 0
    in memory: two steps of numpy cost less than Pillow's own way there.
    """
    import numpy as np

    from workstation.adapters.photos import picture

    bottom = min(top + _STRIP_ROWS, image.height)
    part = image.crop((0, top, image.width, bottom))
    if conversion is not None:
        part = picture.in_srgb(part, conversion)
    moved = np.right_shift(np.frombuffer(part.tobytes("raw", "RGBX"), ">u4"), 8)
    row, pixels = image.width, np.frombuffer(block, "<u4")
    np.bitwise_or(moved, np.uint32(0xFF000000), out=pixels[top * row : bottom * row])


def _private_stdout() -> BinaryIO:
    """Standard output for replies alone: whatever a library prints goes nowhere."""
    kept = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return kept


def _limit() -> None:
    """No files, no core dumps, and on Linux no more than the address space."""
    if sys.platform == "win32":
        return
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the program's to answer
    os.nice(5)  # where all cores are busy, the window comes first
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
