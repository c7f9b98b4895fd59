"""The monitoring plan as a calendar file (RFC 5545): days and windows, never a name in a title.

Calendars are shared in families and shown on locked telephones. So a title says only that there is
a test, a visit or a supply; what kind of test stands in the description.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from workstation.domain.calendar import CalendarEntry

LINE = 75  # octets of a content line, without its end
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


def calendar(entries: Iterable[CalendarEntry], made: datetime, name: str) -> bytes:
    """The file; lines end in CRLF and are folded at 75 octets, never inside a character."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Dermatology Workstation//Monitoring plan//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    stamp = made.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for entry in entries:
        after = entry.last + timedelta(days=1)  # the end of whole days is the day after
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(entry.uid)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{after:%Y%m%d}",
            f"SUMMARY:{_escaped(entry.title)}",
            f"DESCRIPTION:{_escaped(entry.description)}",
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _escaped(text: str) -> str:
    """A text value: its special characters written out, control characters left out."""
    kept = (c for c in text.replace("\r\n", "\n") if c == "\n" or c.isprintable())
    return "".join(_ESCAPES.get(c, c) for c in kept)


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets; each further piece starts with a space."""
    pieces: list[str] = []
    piece, size = "", 0
    for character in line:
        wide = len(character.encode())
        if size + wide > LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += wide
    return "\r\n".join((*pieces, piece))
