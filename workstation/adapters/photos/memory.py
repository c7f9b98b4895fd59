"""Nameless shared memory for pixels: nothing on disk, nothing left behind when a process dies.

The parent makes a block and hands its descriptor to the child over a socket; both map it. The
memory goes when the last mapping goes, also after a kill.
"""

from __future__ import annotations

import mmap
import os
import socket
import sys
from secrets import token_hex

from workstation.domain.errors import WorkstationError


def create(size: int) -> int:
    """Descriptor of a new zeroed block of ``size`` bytes; the caller closes it.

    Raises:
        WorkstationError: ``photos.memory.platform`` where descriptors cannot be handed over.
    """
    if sys.platform == "linux":
        descriptor = os.memfd_create("pixels", os.MFD_CLOEXEC)
    elif sys.platform == "darwin":
        import _posixshmem

        name = f"/px-{token_hex(8)}"
        descriptor = _posixshmem.shm_open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        _posixshmem.shm_unlink(name)
    else:
        raise WorkstationError("photos.memory.platform")
    os.ftruncate(descriptor, size)
    return descriptor


def attach(descriptor: int, size: int) -> mmap.mmap:
    """Map a block for reading and writing."""
    return mmap.mmap(descriptor, size)


def hand_over(link: socket.socket, descriptor: int) -> None:
    """Send a block's descriptor to the process at the other end of ``link``."""
    socket.send_fds(link, [b"\x01"], [descriptor])


def receive(link: socket.socket) -> int:
    """Take a descriptor sent by ``hand_over``; the caller closes it.

    Raises:
        EOFError: the other end is gone.
    """
    _, descriptors, _, _ = socket.recv_fds(link, 1, 1)
    if not descriptors:
        raise EOFError
    return int(descriptors[0])
