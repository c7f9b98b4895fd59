"""What decoding costs again and again, in tests of something else.

Decode children that one test's window or desk leaves serve the next one's, and a photo that is taken
in anew, by another store, is as it was found to be the first time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from hashlib import sha256
from queue import Empty
from typing import Any

import pytest

from workstation.adapters.photos import memory
from workstation.adapters.photos.decoder import CHILDREN, PhotoDecoder, child_command
from workstation.workflow.ports import Examined

_idle: list[Any] = []  # they end with this process, which holds their pipes
_found: dict[tuple[bytes, date], Examined] = {}
_start, _close, _examine = PhotoDecoder._start, PhotoDecoder.close, PhotoDecoder.examine


def _taken(decoder: PhotoDecoder) -> Any:
    usual = decoder._command == child_command() and decoder._shared == memory.SHARED
    while usual and _idle and not decoder._closed:
        child = _idle.pop()
        if child.process.poll() is None:
            with decoder._guard:
                decoder._running.add(child)
            return child
        child.stop()
    return _start(decoder)


def _left(decoder: PhotoDecoder) -> None:
    free = []
    with suppress(Empty):  # what is at work is killed below
        while True:
            free.append(decoder._slots.get_nowait())
    for child in free:
        if child is not None and child.process.poll() is None and len(_idle) < CHILDREN:
            with decoder._guard:
                decoder._running.discard(child)
            _idle.append(child)
            decoder._slots.put(None)
        else:
            decoder._slots.put(child)
    _close(decoder)


def _examined(decoder: PhotoDecoder, content: bytes, received: date) -> Examined:
    if decoder._closed:
        return _examine(decoder, content, received)
    which = (sha256(content).digest(), received)
    if which not in _found:
        _found[which] = _examine(decoder, content, received)
    return _found[which]


@pytest.fixture(autouse=True, scope="module")
def children_are_kept() -> Iterator[None]:
    """For the tests of a file in which decoding is not what is tested."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PhotoDecoder, "_start", _taken)
        patched.setattr(PhotoDecoder, "close", _left)
        patched.setattr(PhotoDecoder, "examine", _examined)
        yield
