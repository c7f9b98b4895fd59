"""The decode child: reads requests on standard input until it closes, within hard limits.

It holds no data of the store, writes no file, and dies at any limit; the program then starts it
again. On Linux its address space is capped at 1.5 GiB; on macOS the header limits and the
program's deadline bound it.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from workstation.adapters.photos import memory, messages
from workstation.domain.errors import Refused

if TYPE_CHECKING:
    from PIL.Image import Image

    from workstation.adapters.photos.picture import Picture

ADDRESS_SPACE = 1536 * 1024 * 1024
_STRIP_ROWS = 64


def main() -> int:
    """Serve requests; returns when the program closes the pipe."""
    _limit()
    requests, replies = sys.stdin.buffer, _private_stdout()
    from workstation.adapters.photos import picture, quality

    picture.prepare()
    try:
        head, _ = messages.receive(requests)
        link = socket.socket(fileno=int(head["socket"]))
        messages.send(replies, {"ready": True})
        while True:
            head, bodies = messages.receive(requests)
            _serve(requests, replies, link, head, bodies, picture.Picture, quality)
    except (EOFError, BrokenPipeError):
        return 0


def _serve(
    requests: BinaryIO,
    replies: BinaryIO,
    link: socket.socket,
    head: dict[str, Any],
    bodies: list[bytes],
    opener: type[Picture],
    quality: Any,
) -> None:
    """Answer one photo: first its header, then, when told to go on, its pixels or copies."""
    decodes = head["do"] == "decode"
    try:
        opened = opener(bodies.pop())
        width, height = opened.aim(head["longest"], quick=decodes)
        first = {"width": width, "height": height, "pixels": opened.width * opened.height}
        messages.send(replies, first)
        messages.receive(requests)
        if decodes:
            _send_pixels(replies, link, opened)
        else:
            _send_copies(replies, opened, quality)
    except (EOFError, BrokenPipeError):
        raise
    except Refused as error:
        messages.send(replies, {"refused": error.code, "context": error.context})
    except MemoryError:
        messages.send(replies, {"refused": "intake.photo.memory", "context": {}})
    except Exception:
        # Decoders answer damaged data with many kinds of exception; each means the same here.
        messages.send(replies, {"refused": "intake.photo.unreadable", "context": {}})


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


def _send_pixels(replies: BinaryIO, link: socket.socket, opened: Picture) -> None:
    image = opened.upright()
    messages.send(replies, {"decoded": True})
    descriptor = memory.receive(link)
    try:
        with memory.attach(descriptor, image.width * image.height * 4) as block:
            _fill(block, image)
    finally:
        os.close(descriptor)
    messages.send(replies, {"done": True})


def _fill(block: Any, image: Image) -> None:
    """Write BGRX rows strip by strip, so that a whole second copy never exists; X is 255."""
    row = image.width * 4
    for top in range(0, image.height, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, image.height)
        strip = image.crop((0, top, image.width, bottom)).convert("RGBA")
        block[top * row : bottom * row] = strip.tobytes("raw", "BGRA")


def _private_stdout() -> BinaryIO:
    """Standard output for replies alone: whatever a library prints goes nowhere."""
    kept = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a descriptor is wanted
        os.dup2(nowhere.fileno(), 1)
    return kept


def _limit() -> None:
    """No files, no core dumps, and on Linux no more than the address space."""
    if sys.platform == "win32":
        return
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the program's to answer
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
