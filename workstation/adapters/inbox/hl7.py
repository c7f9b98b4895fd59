"""HL7 v2 syntax, small and strict: one message, its segments, fields and components, as text.

Nothing is guessed: a delimiter, an escape or a character set that is not understood refuses the
whole message, so that no value is ever half read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workstation.adapters.inbox.node import LINE, Node
from workstation.domain.errors import Refused

MOST_BYTES = 1024 * 1024
MOST_SEGMENTS = 2000
MOST_FIELDS = 200
MOST_REPEATS = 50

_START, _END = b"\x0b", b"\x1c"
_LINES = re.compile(r"\r\n|\r|\n")
_NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
_CHARSETS = {"": "ascii", "ASCII": "ascii", "UNICODE UTF-8": "utf-8", "8859/1": "latin-1"}
_HEX = re.compile(r"X((?:[0-9A-Fa-f]{2}){1,32})")
_DELIMITERS = 4  # component, repetition, escape, subcomponent; a fifth (truncation) may follow
_NULL = '""'  # "delete what you have": nothing a reader of results could use


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The characters that part a message, in the order of its first segment."""

    field: str
    component: str
    repeat: str
    escape: str
    sub: str


class Segment:
    """One line. Fields count from 1 as the standard counts them; texts come out unescaped."""

    __slots__ = ("_delimiters", "_fields", "name", "where")

    def __init__(self, name: str, fields: list[str], where: str, delimiters: Delimiters) -> None:
        self.name = name
        self.where = where
        self._fields = fields
        self._delimiters = delimiters

    def refused(self, code: str, field: int = 0) -> Refused:
        """The refusal ``code`` at a field, ready to be raised; it names the place, never a value."""
        return Refused(code, where=f"{self.where}-{field}" if field else self.where)

    def raw(self, field: int) -> str:
        """A field as it stands, "" when absent or null."""
        value = self._fields[field] if field < len(self._fields) else ""
        return "" if value == _NULL else value

    def repeats(self, field: int) -> tuple[str, ...]:
        """The repetitions of a field; none when it is empty."""
        value = self.raw(field)
        if not value:
            return ()
        found = tuple(value.split(self._delimiters.repeat))
        if len(found) > MOST_REPEATS:
            raise self.refused("intake.hl7.limit", field)
        return found

    def only(self, field: int) -> str:
        """A field that must not repeat."""
        found = self.repeats(field)
        if len(found) > 1:
            raise self.refused("intake.hl7.repeats", field)
        return found[0] if found else ""

    def part(self, field: int, component: int, repeat: str | None = None) -> str:
        """A component (from 1) as plain text of one line, "" when empty."""
        value = self.only(field) if repeat is None else repeat
        parts = value.split(self._delimiters.component)
        text = parts[component - 1] if component <= len(parts) else ""
        text = text.split(self._delimiters.sub)[0]
        if text in ("", _NULL):
            return ""
        text = self._unescaped(text, field)
        return Node({"text": text}, f"{self.where}-{field}").text("text", LINE) if text else ""

    def parts(self, field: int) -> tuple[str, ...]:
        """All components of a field that must not repeat."""
        count = self.only(field).count(self._delimiters.component) + 1
        return tuple(self.part(field, number) for number in range(1, count + 1))

    def _unescaped(self, text: str, field: int) -> str:
        mark = self._delimiters.escape
        pieces = text.split(mark)
        if len(pieces) % 2 == 0:
            raise self.refused("intake.hl7.escape", field)
        return "".join(
            self._escaped(piece, field) if at % 2 else piece for at, piece in enumerate(pieces)
        )

    def _escaped(self, name: str, field: int) -> str:
        d = self._delimiters
        known = {
            "F": d.field, "S": d.component, "R": d.repeat, "E": d.escape, "T": d.sub,
            "H": "", "N": "", ".br": " ",
        }  # fmt: skip
        if name in known:
            return known[name]
        digits = _HEX.fullmatch(name)
        if digits is None:
            raise self.refused("intake.hl7.escape", field)
        try:
            return bytes.fromhex(digits[1]).decode("ascii")
        except UnicodeDecodeError as error:
            raise self.refused("intake.hl7.escape", field) from error


def read_segments(raw: bytes) -> tuple[Segment, ...]:
    """The segments of the one message in ``raw``, its header first.

    Raises:
        Refused: ``intake.hl7.*`` or ``intake.text.*``.
    """
    if len(raw) > MOST_BYTES:
        raise Refused("intake.hl7.limit", bytes=len(raw))
    raw = raw.removeprefix(_START)
    raw = raw.removesuffix(b"\r").removesuffix(_END) if _END in raw[-2:] else raw
    lines = _lines(raw.decode("latin-1"))
    delimiters = _delimiters(lines[0])
    header = Segment("MSH", _header_fields(lines[0], delimiters), "MSH", delimiters)
    charset = _CHARSETS.get(header.repeats(18)[0] if header.repeats(18) else "")
    if charset is None:
        raise header.refused("intake.hl7.charset", 18)
    try:
        lines = _lines(raw.decode(charset))
    except UnicodeDecodeError as error:
        raise Refused("intake.hl7.charset", at=error.start) from error
    found = [Segment("MSH", _header_fields(lines[0], delimiters), "MSH", delimiters)]
    for number, line in enumerate(lines[1:], 2):
        fields = line.split(delimiters.field)
        name = fields[0]
        if not _NAME.fullmatch(name):
            raise Refused("intake.hl7.segment", line=number)
        if name in ("MSH", "BHS", "FHS"):
            raise Refused("intake.hl7.batch", line=number)
        if len(fields) > MOST_FIELDS:
            raise Refused("intake.hl7.limit", line=number)
        found.append(Segment(name, fields, f"{name}[{number}]", delimiters))
    return tuple(found)


def _lines(text: str) -> list[str]:
    lines = _LINES.split(text)
    while lines and not lines[-1]:
        lines.pop()
    if not lines or not lines[0].startswith("MSH"):
        raise Refused("intake.hl7.header")
    if len(lines) > MOST_SEGMENTS:
        raise Refused("intake.hl7.limit", segments=len(lines))
    return lines


def _delimiters(line: str) -> Delimiters:
    field = line[3:4]
    encoding = line[4:].split(field, 1)[0] if field else ""
    marks = field + encoding
    plain = marks.isascii() and marks.isprintable() and not any(c.isalnum() for c in marks)
    fits = len(encoding) in (_DELIMITERS, _DELIMITERS + 1) and len(set(marks)) == len(marks)
    if not plain or not fits or '"' in marks or " " in marks:
        raise Refused("intake.hl7.header", where="MSH-2")
    return Delimiters(field, *encoding[:_DELIMITERS])


def _header_fields(line: str, delimiters: Delimiters) -> list[str]:
    """Fields of the header, counted as the standard does: its first one is the delimiter itself."""
    rest = line[4:].split(delimiters.field)
    return ["MSH", delimiters.field, *rest]
