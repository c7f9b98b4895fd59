"""Strict reader of clinical TOML: every key is asked for by kind, and every mistake names its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import tomli  # the compiled sister of tomllib: a third of its time

from workstation.domain.errors import ContentError

T = TypeVar("T")

_HEADER = re.compile(r"^\s*(\[\[?)\s*(?P<path>[^\]#]+?)\s*\]")
_KEY = re.compile(r"^\s*(?P<key>[A-Za-z0-9_\-]+|\"[^\"]+\")\s*(?:\.[^=]*)?=")
_FENCE = re.compile(r"'''|\"\"\"")


class Lines:
    """First line of every table and key of one file, by dotted path (``rule[3].when``).

    The text is searched when a line is first asked for: tables alone, and every key only for the
    sake of an error.
    """

    __slots__ = ("_keys", "_tables", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._tables: dict[str, int] | None = None
        self._keys: dict[str, int] | None = None

    @staticmethod
    def _found(text: str, *, keys: bool) -> dict[str, int]:
        """Lines of the tables, and of their keys when asked for."""
        by_path: dict[str, int] = {}
        counts: dict[str, int] = {}
        here = ""
        fence: str | None = None
        for number, line in enumerate(text.splitlines(), start=1):
            if fence is not None:
                fence = None if fence in line else fence
                continue
            header = _HEADER.match(line) if line.lstrip()[:1] == "[" else None
            if header is not None:
                here = Lines._enter(header.group("path"), header.group(1) == "[[", counts)
                by_path.setdefault(here, number)
                continue
            key = _KEY.match(line) if keys else None
            if key is not None:
                name = key.group("key").strip('"')
                by_path.setdefault(f"{here}.{name}" if here else name, number)
            if "'''" in line or '"""' in line:
                marks = _FENCE.findall(line)
                fence = marks[0] if len(marks) % 2 else None
        return by_path

    @staticmethod
    def _enter(path: str, repeated: bool, counts: dict[str, int]) -> str:
        parts = [p.strip().strip('"') for p in path.split(".")]
        here = ""
        for position, part in enumerate(parts):
            plain = f"{here}.{part}" if here else part
            if position == len(parts) - 1 and repeated:
                counts[plain] = counts.get(plain, -1) + 1
            here = f"{plain}[{counts[plain]}]" if plain in counts else plain
        return here

    def of(self, path: str) -> int:
        """The line of ``path``, or of the nearest table around it (1 when none is known)."""
        if self._tables is None:
            self._tables = self._found(self._text, keys=False)
        if path in self._tables:
            return self._tables[path]
        if self._keys is None:
            self._keys = self._found(self._text, keys=True)
        while path:
            if path in self._keys:
                return self._keys[path]
            cut = max(path.rfind("."), path.rfind("["))
            path = path[:cut] if cut > 0 else ""
        return 1


class Table:
    """One TOML table. Each getter marks its key as read; ``done`` refuses keys never read.

    Raises:
        ContentError: ``content.key.missing``, ``content.key.kind`` or ``content.key.unknown`` with
            the file's name, the line and the key.
    """

    __slots__ = ("_lines", "_read", "_values", "file", "path")

    def __init__(self, values: Mapping[str, Any], lines: Lines, file: str, path: str = "") -> None:
        self._values = values
        self._lines = lines
        self._read: set[str] = set()
        self.file = file
        self.path = path

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def keys(self) -> tuple[str, ...]:
        """The keys of this table in file order; asking for them does not count as reading."""
        return tuple(self._values)

    def line(self, key: str = "") -> int:
        """The line of ``key``, or of the table itself."""
        return self._lines.of(self._path(key) if key else self.path)

    def wrong(self, code: str, key: str = "", **context: str | int) -> ContentError:
        """The error ``code`` at ``key``, ready to be raised."""
        return ContentError(code, file=self.file, line=self.line(key), key=key, **context)

    # -- required ------------------------------------------------------------------------------

    def text(self, key: str) -> str:
        """A string that is not blank."""
        value = self._of(key, str)
        if not value.strip():
            raise self.wrong("content.key.blank", key)
        return value.strip()

    def whole(self, key: str) -> int:
        """A whole number."""
        return self._of(key, int)

    def decimal(self, key: str) -> Decimal:
        """An exact number; whole numbers are taken too."""
        value = self._raw(key)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise self.wrong("content.key.kind", key)
        return Decimal(value)

    def flag(self, key: str) -> bool:
        """``true`` or ``false``."""
        return self._of(key, bool)

    def day(self, key: str) -> date:
        """A date without a time of day."""
        value = self._raw(key)
        if type(value) is not date:
            raise self.wrong("content.key.kind", key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        return tuple(self._each(key, str))

    def decimals(self, key: str) -> tuple[Decimal, ...]:
        """A list of exact numbers."""
        values = self._of(key, list)
        if any(isinstance(v, bool) or not isinstance(v, (int, Decimal)) for v in values):
            raise self.wrong("content.key.kind", key)
        return tuple(Decimal(v) for v in values)

    def table(self, key: str) -> Table:
        """A table below this one."""
        return Table(self._of(key, dict), self._lines, self.file, self._path(key))

    def tables(self, key: str) -> tuple[Table, ...]:
        """An array of tables, in file order."""
        path = self._path(key)
        return tuple(
            Table(values, self._lines, self.file, f"{path}[{number}]")
            for number, values in enumerate(self._each(key, dict))
        )

    def value(self, key: str) -> Any:
        """The value as TOML gives it, for keys whose kind the caller decides."""
        return self._raw(key)

    # -- optional ------------------------------------------------------------------------------

    def maybe_text(self, key: str) -> str | None:
        """A string, or ``None`` when the key is absent."""
        return self.text(key) if key in self._values else None

    def maybe_whole(self, key: str) -> int | None:
        """A whole number, or ``None``."""
        return self.whole(key) if key in self._values else None

    def maybe_decimal(self, key: str) -> Decimal | None:
        """An exact number, or ``None``."""
        return self.decimal(key) if key in self._values else None

    def maybe_flag(self, key: str) -> bool | None:
        """A truth value, or ``None``."""
        return self.flag(key) if key in self._values else None

    def maybe_day(self, key: str) -> date | None:
        """A date, or ``None``."""
        return self.day(key) if key in self._values else None

    def maybe_texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty when the key is absent."""
        return self.texts(key) if key in self._values else ()

    def maybe_decimals(self, key: str) -> tuple[Decimal, ...]:
        """A list of exact numbers; empty when the key is absent."""
        return self.decimals(key) if key in self._values else ()

    def maybe_table(self, key: str) -> Table | None:
        """A table below this one, or ``None``."""
        return self.table(key) if key in self._values else None

    def maybe_tables(self, key: str) -> tuple[Table, ...]:
        """An array of tables; empty when the key is absent."""
        return self.tables(key) if key in self._values else ()

    def done(self) -> None:
        """Refuse keys that nobody asked for."""
        for key in self._values:
            if key not in self._read:
                raise self.wrong("content.key.unknown", key)

    # -- inside --------------------------------------------------------------------------------

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _raw(self, key: str) -> Any:
        if key not in self._values:
            raise self.wrong("content.key.missing", key)
        self._read.add(key)
        return self._values[key]

    def _of(self, key: str, kind: type[T]) -> T:
        value = self._raw(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong("content.key.kind", key)
        return value

    def _each(self, key: str, kind: type[T]) -> Iterator[T]:
        values = self._of(key, list)
        for value in values:
            if not isinstance(value, kind):
                raise self.wrong("content.key.kind", key)
            yield value


def parse(text: str, file: str) -> Table:
    """The top table of TOML ``text``; ``file`` is the name that errors show.

    Raises:
        ContentError: ``content.file.syntax`` with file and line.
    """
    try:
        values = tomli.loads(text, parse_float=Decimal)
    except tomli.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else len(text.splitlines())
        raise ContentError("content.file.syntax", file=file, line=line) from error
    return Table(values, Lines(text), file)


def read(path: Path) -> Table:
    """The top table of a UTF-8 TOML file; errors show the name of the file, not its folder.

    Raises:
        ContentError: ``content.file.unreadable``, ``content.file.syntax``.
    """
    return parse(text_of(path), path.name)


def text_of(path: Path) -> str:
    """The text of a UTF-8 file.

    Raises:
        ContentError: ``content.file.unreadable``.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError("content.file.unreadable", file=path.name, line=1) from error
