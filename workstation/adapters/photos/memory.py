"""Nameless shared memory for pixels: nothing on disk, nothing left behind when a process dies.

The parent makes a block and hands its descriptor to the child over a socket; both map it. The
memory goes when the last mapping goes, also after a kill. Windows hands over no descriptors:
there the pixels come through the pipe.
"""

from __future__ import annotations

import mmap
import os
import socket
import sys
from secrets import token_hex

SHARED = sys.platform != "win32"
"""Whether a block can be handed to another process here."""


def create(size: int) -> int:
    """Descriptor of a new zeroed block of ``size`` bytes, where ``SHARED``; the caller closes it."""
    descriptor: int
    if sys.platform == "linux":
        descriptor = os.memfd_create("pixels", os.MFD_CLOEXEC)
    else:
        import _posixshmem  # CPython's own: ``multiprocessing.shared_memory`` stands on it

        name = f"/px-{token_hex(8)}"
        descriptor = _posixshmem.shm_open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        _posixshmem.shm_unlink(name)
    os.ftruncate(descriptor, size)
    return descriptor


def attach(descriptor: int, size: int) -> mmap.mmap:
    """Map a block for reading and writing."""
    return mmap.mmap(descriptor, size)


def hand_over(link: socket.socket, descriptor: int) -> None:
    """Send a block's descriptor to the process at the other end of ``link``; where ``SHARED``."""
    if sys.platform != "win32":
        socket.send_fds(link, [b"\x01"], [descriptor])


def receive(link: socket.socket) -> int:
    """Take a descriptor sent by ``hand_over``; the caller closes it.

    Raises:
        EOFError: the other end is gone.
    """
    descriptors: list[int] = []
    if sys.platform != "win32":
        _, descriptors, _, _ = socket.recv_fds(link, 1, 1)
    if not descriptors:
        raise EOFError
    return descriptors[0]
