"""The one later revision a signed file may have: validation data and a document time stamp.

The revision is a pure function of the file before it, the certificates, the revocation lists and
the token. Checking writes it anew and compares every byte, so nothing else can hide in it.
PAdES (EN 319 142-1) takes a document time stamp for B-T, and with validation data for B-LTA.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

TOKEN_RESERVED = 16384  # bytes for the RFC 3161 token with the certificates of its authority
SUBFILTER = b"/ETSI.RFC3161"
_WIDTH = 10  # digits of a place in the file
_OBJECT = rb"(?:\A|(?<=\n))%d 0 obj\n<<\n(.*?)\n>>\nendobj\n"
_START = re.compile(rb"startxref\n(\d+)\n%%EOF\n\Z")
_FIELDS = re.compile(rb"/Fields \[ ((?:\d+ 0 R ?)+)\]")


@dataclass(frozen=True, slots=True)
class Materials:
    """What a later revision holds: DER certificates and revocation lists, in order."""

    certificates: tuple[bytes, ...]
    lists: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A file with its new revision and where the token's hexadecimal digits lie in it."""

    pdf: bytes
    start: int
    end: int

    @property
    def digest(self) -> bytes:
        """SHA-256 of all bytes but the token's place with its brackets."""
        return hashlib.sha256(self.pdf[: self.start - 1] + self.pdf[self.end + 1 :]).digest()

    def with_token(self, token: bytes) -> bytes:
        """The finished file; raises ValueError when the token is larger than its place."""
        digits = token.hex().upper().encode()
        if len(digits) > self.end - self.start:
            raise ValueError("token")
        return (
            self.pdf[: self.start]
            + digits.ljust(self.end - self.start, b"0")
            + self.pdf[self.end :]
        )


def revision(before: bytes, materials: Materials) -> Revision:
    """``before`` with the revision appended, its token still zeros.

    Raises:
        ValueError: when ``before`` is not a file that this program signed.
    """
    old = _Before(before)
    parts: list[tuple[int, bytes]] = []
    number = old.size

    def add(body: bytes) -> int:
        nonlocal number
        parts.append((number, body))
        number += 1
        return number - 1

    def streams(contents: tuple[bytes, ...]) -> bytes:
        made = [
            add(b"<<\n/Length %d\n>>\nstream\n%s\nendstream" % (len(one), one)) for one in contents
        ]
        return b" ".join(b"%d 0 R" % one for one in made)

    certificates, lists = streams(materials.certificates), streams(materials.lists)
    held = b"<<\n/Type /DSS\n/Certs [ %s ]\n/CRLs [ %s ]\n>>" % (certificates, lists)
    validation = add(held)
    places = b"0" * _WIDTH
    value = add(
        b"<<\n/Type /DocTimeStamp\n/Filter /Adobe.PPKLite\n/SubFilter %s\n/ByteRange [%s]\n"
        b"/Contents <%s>\n>>"
        % (SUBFILTER, b" ".join((b"0", places, places, places)), b"0" * (2 * TOKEN_RESERVED))
    )
    field = add(
        b"<<\n/FT /Sig\n/T (Timestamp%d)\n/Type /Annot\n/Subtype /Widget\n/F 132\n"
        b"/Rect [ 0 0 0 0 ]\n/V %d 0 R\n>>" % (old.fields, value)
    )
    parts.append((old.form, old.form_with(field)))
    parts.append((old.root, old.root_with(validation)))
    out = bytearray(before)
    at: dict[int, int] = {}
    for one, body in parts:
        at[one] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (one, body)
    table = len(out)
    out += b"xref\n"
    for one in sorted(at):
        out += b"%d 1\n%010d 00000 n \n" % (one, at[one])
    out += b"trailer\n<<\n/ID [ <%s> <%s> ]\n/Info %d 0 R\n/Root %d 0 R\n/Size %d\n" % (
        old.id,
        hashlib.sha256(before).hexdigest()[:32].encode(),
        old.info,
        old.root,
        number,
    )
    out += b"/Prev %d\n>>\nstartxref\n%d\n%%%%EOF\n" % (old.table, table)
    start = out.index(b"/Contents <", at[value]) + len(b"/Contents <")
    end = start + 2 * TOKEN_RESERVED
    range_at = out.index(b"/ByteRange [", at[value]) + len(b"/ByteRange [0 ")
    text = b"%010d %010d %010d" % (start - 1, end + 1, len(out) - end - 1)
    out[range_at : range_at + len(text)] = text
    return Revision(bytes(out), start, end)


class _Before:
    """What the new revision needs to know of the file it is appended to."""

    def __init__(self, pdf: bytes) -> None:
        found = _START.search(pdf)
        if found is None:
            raise ValueError("startxref")
        self.table = int(found[1])
        trailer = pdf[pdf.rindex(b"trailer\n", self.table) :]
        self.root = self._number(rb"/Root (\d+) 0 R", trailer)
        self.info = self._number(rb"/Info (\d+) 0 R", trailer)
        self.size = self._number(rb"/Size (\d+)", trailer)
        ids = re.search(rb"/ID \[ ?<([0-9a-fA-F]+)>", trailer)
        if ids is None:
            raise ValueError("id")
        self.id = ids[1]
        self._root = self._newest(pdf, self.root)
        self.form = self._number(rb"/AcroForm (\d+) 0 R", self._root)
        self._form = self._newest(pdf, self.form)
        fields = _FIELDS.search(self._form)
        if fields is None:
            raise ValueError("fields")
        self._listed = fields
        self.fields = len(fields[1].split(b"R")) - 1

    def form_with(self, field: int) -> bytes:
        """The form with one more field."""
        listed = self._listed
        more = b"/Fields [ %s %d 0 R ]" % (listed[1].rstrip(), field)
        return b"<<\n%s\n>>" % (self._form[: listed.start()] + more + self._form[listed.end() :])

    def root_with(self, validation: int) -> bytes:
        """The catalogue with the newest validation data."""
        rest = re.sub(rb"\n/DSS \d+ 0 R\Z", b"", self._root)
        return b"<<\n%s\n/DSS %d 0 R\n>>" % (rest, validation)

    @staticmethod
    def _number(pattern: bytes, text: bytes) -> int:
        found = re.search(pattern, text)
        if found is None:
            raise ValueError(pattern.decode())
        return int(found[1])

    @staticmethod
    def _newest(pdf: bytes, number: int) -> bytes:
        """The body of an object as the last revision has it."""
        found = re.findall(_OBJECT % number, pdf, re.DOTALL)
        if not found:
            raise ValueError("object")
        newest: bytes = found[-1]
        return newest
