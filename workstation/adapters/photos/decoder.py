"""PhotoDecoder: two warm decode children, a deadline, and pixels through shared memory or the pipe."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import date, datetime
from queue import LifoQueue
from typing import Any, TypeVar

from workstation.adapters.photos import memory, messages
from workstation.adapters.photos.deadline import Deadline
from workstation.adapters.photos.picture import PREVIEW_SIDE
from workstation.content.photo_quality import photo_limits
from workstation.domain.errors import Refused, WorkstationError
from workstation.domain.photo import QualityMeasures, View
from workstation.domain.photo_quality import judge
from workstation.domain.pixels import Pixels
from workstation.domain.wrapped import Frame, Named, Wrapped
from workstation.workflow.ports import Examined

T = TypeVar("T")

CHILDREN = 2
DEADLINE_SECONDS = 10.0
LARGE_PIXELS = 50_000_000

_COMMAND = (sys.executable, "-I", "-m", "workstation", "--decode-child")
_FROZEN_COMMAND = (sys.executable, "--decode-child")
_NO_WINDOW = getattr(
    subprocess, "CREATE_NO_WINDOW", 0
)  # Windows would show a console for each child


def child_command() -> tuple[str, ...]:
    """How a decode child is started: the program itself when it is frozen."""
    return _FROZEN_COMMAND if getattr(sys, "frozen", False) else _COMMAND


@dataclass(slots=True, eq=False)
class _Child:
    """A running child with its pipe, and the socket that carries descriptors where there is one."""

    process: subprocess.Popen[bytes]
    link: socket.socket | None

    @staticmethod
    def start(command: tuple[str, ...], *, shared: bool) -> _Child:
        if not shared:
            return _Child._greeted(command, None, None)
        ours, theirs = socket.socketpair()
        with theirs:
            return _Child._greeted(command, ours, theirs.fileno())

    @staticmethod
    def _greeted(
        command: tuple[str, ...], ours: socket.socket | None, theirs: int | None
    ) -> _Child:
        # One thread per library: a child decodes one photo at a time, and threads reserve
        # address space, which is capped.
        quiet = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        # Large pages where glibc knows them: an eighth of the time of decoding all pixels.
        quiet["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1"
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=() if theirs is None else (theirs,),
            env={**os.environ, **quiet},
            creationflags=_NO_WINDOW,
        )
        child = _Child(process, ours)
        with suppress(OSError):  # a child that died at once is noticed by the first request
            messages.send(child.requests, {"socket": theirs})
        return child

    @property
    def requests(self) -> Any:
        return self.process.stdin

    @property
    def replies(self) -> Any:
        return self.process.stdout

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.link is not None:
            self.link.close()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):  # the child is gone already
                    pipe.close()


class PhotoDecoder:
    """Decodes photos in capped children; safe to call from several threads.

    A child that is too slow, too greedy or killed is replaced, and only its photo is refused.
    """

    def __init__(
        self,
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
        command: tuple[str, ...] | None = None,
        shared: bool = memory.SHARED,
    ) -> None:
        self._deadline = deadline_seconds
        self._command = command or child_command()
        self._shared = shared
        self._slots: LifoQueue[_Child | None] = LifoQueue()
        for _ in range(CHILDREN):
            self._slots.put(None)
        self._large = threading.Lock()
        self._running: set[_Child] = set()
        self._guard = threading.Lock()
        self._closed = False

    def warm(self) -> None:
        """Start the children that are not running yet, without waiting for them."""
        taken = [self._slots.get() for _ in range(CHILDREN)]
        for child in taken:
            self._give_back(child if child is not None else self._start())

    def examine(self, content: bytes, received: date) -> Examined:
        """Check and measure a photo and make its stored copies.

        Raises:
            Refused: ``intake.photo.*``.
        """

        def finish(child: _Child, first: dict[str, Any]) -> Examined:
            messages.send(child.requests, {"go": True})
            head, (preview, thumbnail) = _answer(child)
            measures = QualityMeasures(head["focus"], head["mean_light"], head["clipped_share"])
            taken = head["taken_at"]
            taken_at = None if taken is None else datetime.fromisoformat(taken)
            width, height = head["width"], head["height"]
            quality = judge(width, height, measures, taken_at, received, photo_limits())
            return Examined(
                head["media_type"], width, height, taken_at, measures, quality, preview, thumbnail
            )

        return self._ask("examine", content, PREVIEW_SIDE, finish)

    def decode(self, content: bytes, longest: int | None = None) -> Pixels:
        """Upright sRGB pixels, scaled so that the longest side is at most ``longest``.

        ``data`` is a view of memory, shared with the child where that can be, that goes when the
        last view of it goes.

        Raises:
            Refused: ``intake.photo.*``.
        """

        def finish(child: _Child, first: dict[str, Any]) -> Pixels:
            width, height = int(first["width"]), int(first["height"])
            messages.send(child.requests, {"go": True})
            _answer(child)
            return Pixels(width, height, _pixels(child, width * height * 4))

        return self._ask("decode", content, longest, finish)

    def unwrap(self, content: bytes) -> Wrapped:
        """The photo in a DICOM object, as a plain file, with whom the object names.

        Raises:
            Refused: ``intake.dicom.*``, ``intake.photo.*``.
        """

        def finish(child: _Child, first: dict[str, Any]) -> Wrapped:
            messages.send(child.requests, {"go": True})
            head, (photo,) = _answer(child)
            view, named = head["view"], dict(head["named"])
            born = named.pop("born")
            return Wrapped(
                head["media_type"],
                photo,
                None if view is None else View(view),
                Named(born=None if born is None else date.fromisoformat(born), **named),
            )

        return self._ask("unwrap", content, None, finish)

    def report(self, content: bytes) -> str:
        """The annotations (COCO) of a DICOM report that this program wrote.

        Raises:
            Refused: ``annotations.*``, ``intake.dicom.extra``.
        """

        def finish(child: _Child, first: dict[str, Any]) -> str:
            messages.send(child.requests, {"go": True})
            _, (text,) = _answer(child)
            return text.decode()

        return self._ask("report", content, None, finish)

    def frame(self, content: bytes) -> Frame:
        """A photo for a DICOM object: upright, without anything that only tells.

        Raises:
            Refused: ``intake.photo.*``.
        """

        def finish(child: _Child, first: dict[str, Any]) -> Frame:
            messages.send(child.requests, {"go": True})
            head, (raw, profile) = _answer(child)
            size = head["width"], head["height"], head["components"]
            return Frame(head["form"], *size, head["transform"], raw, profile or None)

        return self._ask("frame", content, None, finish)

    def bare(self, content: bytes) -> tuple[str, bytes]:
        """(media type, bytes) of a photo without what it tells beside its pixels.

        Raises:
            Refused: ``intake.photo.*``.
        """

        def finish(child: _Child, first: dict[str, Any]) -> tuple[str, bytes]:
            messages.send(child.requests, {"go": True})
            head, (made,) = _answer(child)
            return str(head["media_type"]), made

        return self._ask("bare", content, None, finish)

    def close(self) -> None:
        """Stop the children; running calls end with ``photos.closed``."""
        with self._guard:
            self._closed = True
            running = tuple(self._running)
        for child in running:
            child.process.kill()
        for _ in range(CHILDREN):
            idle = self._slots.get()
            if idle is not None:
                self._stop(idle)
            self._slots.put(None)

    def _ask(
        self,
        do: str,
        content: bytes,
        longest: int | None,
        finish: Callable[[_Child, dict[str, Any]], T],
    ) -> T:
        """Run one request on a free child: header first, then the rest, large photos one by one."""
        child = self._slots.get()
        try:
            if child is None or child.process.poll() is not None:
                if child is not None:
                    self._stop(child)
                child = None
                child = self._start()
            first = self._within(child, lambda c: _header(c, do, content, longest))
            alone = self._large if first["pixels"] > LARGE_PIXELS else nullcontext()
            with alone:
                return self._within(child, lambda c: finish(c, first))
        except Refused:
            raise
        except BaseException as error:
            # Whatever went wrong, a child in the middle of an answer is not used again.
            if child is not None:
                self._stop(child)
            child = None
            if not isinstance(error, _Gone):
                raise
            if self._closed:
                raise WorkstationError("photos.closed") from error
            raise Refused(error.code) from error
        finally:
            self._give_back(child)

    def _within(self, child: _Child, work: Callable[[_Child], T]) -> T:
        """``work`` with the child killed at the deadline.

        Raises:
            _Gone: the child was killed or died, with the code to refuse the photo with.
        """
        deadline = Deadline(child.process, self._deadline)
        try:
            return work(child)
        except (EOFError, OSError) as error:
            late = deadline.passed.is_set()
            raise _Gone("intake.photo.timeout" if late else "intake.photo.crashed") from error
        finally:
            deadline.cancel()

    def _start(self) -> _Child:
        with self._guard:
            if self._closed:
                raise WorkstationError("photos.closed")
            child = _Child.start(self._command, shared=self._shared)
            self._running.add(child)
        return child

    def _stop(self, child: _Child) -> None:
        with self._guard:
            self._running.discard(child)
        child.stop()

    def _give_back(self, child: _Child | None) -> None:
        if child is not None and self._closed:
            self._stop(child)
            child = None
        self._slots.put(child)


class _Gone(Exception):
    """A child that no longer answers."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _header(child: _Child, do: str, content: bytes, longest: int | None) -> dict[str, Any]:
    messages.send(child.requests, {"do": do, "longest": longest}, content)
    head, _ = _answer(child)
    if head.get("ready"):  # the greeting of a new child comes before its first answer
        head, _ = _answer(child)
    return head


def _pixels(child: _Child, size: int) -> memoryview:
    """What the child writes into a block that it is handed, or else sends."""
    if child.link is None:
        _, (sent,) = _answer(child)
        return memoryview(sent)
    descriptor = memory.create(size)
    try:
        memory.hand_over(child.link, descriptor)
        block = memory.attach(descriptor, size)
    finally:
        os.close(descriptor)
    _answer(child)
    return memoryview(block).toreadonly()


def _answer(child: _Child) -> tuple[dict[str, Any], list[bytes]]:
    head, bodies = messages.receive(child.replies)
    if "refused" in head:
        raise Refused(head["refused"], **head["context"])
    return head, bodies
