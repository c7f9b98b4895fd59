"""Hexadecimal strings of a PDF, read in one piece: pyHanko reads them digit by digit.

The hole of a signature has 16,384 digits and that of a time stamp 32,768, and each file is read
several times from composing to storing it: two thirds of the time of a verdict. What is not
digits alone up to the next ``>`` is left to pyHanko, and so is what becomes of the bytes.
"""

from __future__ import annotations

import re
from typing import Any

from pyhanko.pdf_utils import generic

_FIRST_LOOK = 256  # most are names and digests
_DIGITS = re.compile(rb"(?:[0-9A-Fa-f]{2})*")
by_digit = generic.read_hex_string_from_stream


def read(stream: Any) -> Any:
    """The string at ``<``, as pyHanko makes it; the stream then stands behind its ``>``.

    Raises:
        PdfStreamError: as pyHanko does.
    """
    start, look = stream.tell(), _FIRST_LOOK
    while (end := (piece := stream.read(look)).find(b">")) < 0 and len(piece) == look:
        stream.seek(start)
        look *= 16
    stream.seek(start)
    if end < 0 or not _DIGITS.fullmatch(piece, 1, end):
        return by_digit(stream)
    stream.seek(start + end + 1)
    return generic.pdf_string(bytes.fromhex(piece[1:end].decode("ascii")))


def install() -> None:
    """From now on pyHanko reads so, in this process."""
    generic.read_hex_string_from_stream = read
