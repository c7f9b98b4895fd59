"""A hexadecimal string is what pyHanko reads, however it is written, and where it ends."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError

from workstation.adapters.documents import hex_strings, verifier

PIECES = st.sampled_from(
    [b"0", b"A", b"f", b"7e", b" ", b"\n", b"%x\n", b">", b"g", b"<", b"", b"("]
)
BEHIND = b"12 0 R /Type"


def told(read: Any, content: bytes) -> Any:
    """What a reader makes of the string at the third byte: value and kind, or error; and its place."""
    stream = BytesIO(content)
    stream.seek(2)
    try:
        found = read(stream)
    except (PdfError, ValueError) as error:
        return type(error), str(error)
    return type(found), bytes(found) if isinstance(found, bytes) else str(found), stream.tell()


@given(st.lists(PIECES, max_size=12).map(b"".join), st.integers(0, 4), st.booleans())
@example(b"4142", 4, True)
@example(b"FEFF00e9", 0, True)
@example(b"414", 0, True)
def test_it_is_read_as_pyhanko_reads_it(inside: bytes, longer: int, ends: bool) -> None:
    whole = b"/A<" + inside * 7**longer + (b">" + BEHIND if ends else b"")
    assert told(hex_strings.read, whole) == told(hex_strings.by_digit, whole)


def test_whoever_verifies_reads_so() -> None:
    assert verifier.hex_strings is hex_strings
    assert generic.read_hex_string_from_stream is hex_strings.read
