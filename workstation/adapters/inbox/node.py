"""Strict reading of one JSON object: every value is asked for by kind, every key must be known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from workstation.domain.errors import Refused

T = TypeVar("T")

LINE = 200
PROSE = 20_000

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})")
_YEARS = range(1900, 2201)
# Elements that FHIR lets any sender add and that say nothing a reader must understand.
_SILENT = frozenset({"id", "meta", "language", "text", "resourceType"})
# Characters that turn the order of what follows; the three marks are usual in prose, never in names.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKS = frozenset("\u061c\u200e\u200f")


class Node:
    """One object of a bundle. ``where`` is its path; it names keys and indexes, never values.

    Raises:
        Refused: ``intake.key.missing``, ``intake.key.kind``, ``intake.key.unknown``,
            ``intake.text.*`` or ``intake.date`` with ``where``.
    """

    __slots__ = ("_read", "_values", "where")

    def __init__(self, values: dict[str, Any], where: str) -> None:
        self._values = values
        self._read: set[str] = set(_SILENT)
        self.where = where

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def refused(self, code: str, key: str = "") -> Refused:
        """The refusal ``code`` at ``key`` of this object, ready to be raised."""
        return Refused(code, where=self._path(key))

    def fault(self, code: str, key: str = "") -> None:
        """Refuse with ``code``: raises, unless this reading lists all faults (``Lenient``)."""
        raise self.refused(code, key)

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """A part that can be read on its own: where all faults are listed, its own end it alone."""
        yield

    # -- required ------------------------------------------------------------------------------

    def text(self, key: str, most: int = LINE) -> str:
        """A string of one line, not blank, without control or direction characters."""
        value = self._of(key, str)
        self._check_text(key, value, most, many_lines=False)
        return value

    def prose(self, key: str) -> str:
        """A string that may have many lines, kept exactly as it is."""
        value = self._of(key, str)
        self._check_text(key, value, PROSE, many_lines=True)
        return value

    def blob(self, key: str) -> str:
        """A long string of ASCII (base64), not checked further here."""
        return self._of(key, str)

    def choice(self, key: str, *allowed: str) -> str:
        """One of the given words, exactly; raises ``intake.key.word`` for another."""
        value = self._of(key, str)
        if value not in allowed:
            raise Refused("intake.key.word", where=self._path(key), allowed=", ".join(allowed))
        return value

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; nothing else counts."""
        return self._of(key, bool)

    def whole(self, key: str, least: int = 0, most: int = 1_000_000) -> int:
        """A whole number from ``least`` to ``most``."""
        value = self._of(key, int)
        if not least <= value <= most:
            raise self.refused("intake.key.range", key)
        return value

    def decimal(self, key: str) -> Decimal:
        """An exact number that is not negative."""
        value = self._raw(key)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise self.refused("intake.key.kind", key)
        if value < 0:
            raise self.refused("intake.key.range", key)
        return Decimal(value)

    def day(self, key: str) -> date:
        """A whole date; of a date-time, its date at the place it names."""
        value = self._of(key, str)
        if _MOMENT.fullmatch(value):
            value = value[:10]
        if not _DAY.fullmatch(value):
            raise self.refused("intake.date", key)
        try:
            found = date.fromisoformat(value)
        except ValueError as error:
            raise self.refused("intake.date", key) from error
        if found.year not in _YEARS:
            raise self.refused("intake.date", key)
        return found

    def moment(self, key: str) -> datetime:
        """A date-time with its offset, as UTC."""
        value = self._of(key, str)
        if not _MOMENT.fullmatch(value) or int(value[:4]) not in _YEARS:
            raise self.refused("intake.date", key)
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError as error:
            raise self.refused("intake.date", key) from error

    def node(self, key: str) -> Node:
        """An object below this one."""
        return self._below(self._of(key, dict), self._path(key))

    def nodes(self, key: str) -> tuple[Node, ...]:
        """A list of objects, not empty."""
        values = self._of(key, list)
        if not values or any(not isinstance(v, dict) for v in values):
            raise self.refused("intake.key.kind", key)
        path = self._path(key)
        return tuple(self._below(v, f"{path}[{n}]") for n, v in enumerate(values))

    def only(self, key: str) -> Node:
        """The one object of a list that must hold exactly one."""
        found = self.nodes(key)
        if len(found) != 1:
            raise self.refused("intake.key.several", key)
        return found[0]

    def lines(self, key: str) -> tuple[str, ...]:
        """A list of one-line strings."""
        values = self._of(key, list)
        for value in values:
            if not isinstance(value, str):
                raise self.refused("intake.key.kind", key)
            self._check_text(key, value, LINE, many_lines=False)
        return tuple(values)

    # -- optional ------------------------------------------------------------------------------

    def maybe_text(self, key: str, most: int = LINE) -> str | None:
        """A one-line string, or ``None`` when the key is absent."""
        return self.text(key, most) if key in self._values else None

    def maybe_day(self, key: str) -> date | None:
        """A date, or ``None``."""
        return self.day(key) if key in self._values else None

    def maybe_moment(self, key: str) -> datetime | None:
        """A moment, or ``None``."""
        return self.moment(key) if key in self._values else None

    def maybe_node(self, key: str) -> Node | None:
        """An object, or ``None``."""
        return self.node(key) if key in self._values else None

    def maybe_nodes(self, key: str) -> tuple[Node, ...]:
        """A list of objects; empty when the key is absent."""
        return self.nodes(key) if key in self._values else ()

    def keys(self, prefix: str = "") -> tuple[str, ...]:
        """Keys that start with ``prefix``, in order."""
        return tuple(k for k in self._values if k.startswith(prefix))

    def done(self) -> None:
        """Refuse keys that nobody asked for: what is not understood is not taken.

        A stranger's key could be anything, a name too, so it is not repeated in the refusal.
        """
        if not self._read.issuperset(self._values):
            raise self.refused("intake.key.unknown")

    # -- inside --------------------------------------------------------------------------------

    def _below(self, values: dict[str, Any], where: str) -> Node:
        return Node(values, where)

    def _path(self, key: str) -> str:
        return f"{self.where}.{key}" if key else self.where

    def _raw(self, key: str) -> Any:
        if key not in self._values:
            raise self.refused("intake.key.missing", key)
        self._read.add(key)
        return self._values[key]

    def _of(self, key: str, kind: type[T]) -> T:
        value = self._raw(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.refused("intake.key.kind", key)
        return value

    def _check_text(self, key: str, value: str, most: int, *, many_lines: bool) -> None:
        if not value.strip():
            raise self.refused("intake.text.blank", key)
        if len(value) > most:
            raise self.refused("intake.text.long", key)
        if value.isascii() and value.isprintable():
            return  # most lines: no character that is looked for below
        for character in value:
            category = unicodedata.category(character)
            if category in ("Cs", "Co") or ord(character) & 0xFFFE == 0xFFFE:
                raise self.refused("intake.text.character", key)
            if category == "Cc" and not (many_lines and character in "\n\r\t"):
                raise self.refused("intake.text.control", key)
            if character in _TURNING or (not many_lines and character in _MARKS):
                raise self.refused("intake.text.direction", key)
