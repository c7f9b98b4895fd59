"""Messages between the program and a decode child: a length, a JSON head, then the bytes it names."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">I")
_LARGEST_HEAD = 65_536


def send(stream: BinaryIO, head: dict[str, Any], *bodies: bytes | bytearray) -> None:
    """Write one message; the sizes of ``bodies`` are added to the head."""
    plain = json.dumps({**head, "bodies": [len(b) for b in bodies]}).encode()
    stream.write(_LENGTH.pack(len(plain)) + plain)
    for body in bodies:
        stream.write(body)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message.

    Raises:
        EOFError: the other end is gone, or what came is no message.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > _LARGEST_HEAD:
        raise EOFError
    head = json.loads(_exactly(stream, length))
    return head, [_exactly(stream, size) for size in head["bodies"]]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError
    return data
