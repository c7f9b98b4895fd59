"""What differs between two versions of the clinical content: each rule and number, old and new.

Files are compared as what they say, not as text: tables that carry a code or name are matched by
it, whatever their order. Worked examples inside rules prove the rules and are left out.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import Enum
from itertools import combinations
from pathlib import Path

from workstation.content.catalogue import EDITIONS, fingerprint

SOURCES = "sources.toml"
PROOF = frozenset({"example", "examples"})
# What a table of a list may be called by, the best first; two together where one does not do.
NAMES = (
    "code", "id", "key", "fact", "test", "name", "medicine", "flag", "state", "category",
    "formulation", "method", "grade", "label", "unit", "strength", "action", "month",
)  # fmt: skip

Value = object
Table = Mapping[str, Value]


class Turn(Enum):
    """What became of an entry or a value."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``entry`` names the tables it lies in; ``field`` is "" for a whole entry.

    ``before`` and ``after`` are values as the files hold them; None on the side where it is not.
    ``source`` cites what the newer side (the older one for what was removed) rests on.
    """

    turn: Turn
    file: str
    entry: tuple[str, ...]
    field: str
    before: Value
    after: Value
    source: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions by edition and digest, and everything that differs, file by file."""

    older: tuple[str, str]
    newer: tuple[str, str]
    changes: tuple[Change, ...]


def compare(older: Path, newer: Path) -> Comparison:
    """All differences between two content folders; other editions inside them are left out.

    Raises:
        OSError, tomllib.TOMLDecodeError, UnicodeDecodeError: a file cannot be read.
    """
    before, after = _read(older), _read(newer)
    cited = _Cited(_citations(before), _citations(after))
    changes: list[Change] = []
    for file in sorted({*before, *after}):
        here = _Place(file, (), cited)
        if file not in before:
            changes.append(here.change(Turn.ADDED, "", None, after[file]))
        elif file not in after:
            changes.append(here.change(Turn.REMOVED, "", before[file], None))
        else:
            changes += _tables(here, before[file], after[file])
    return Comparison(fingerprint(older), fingerprint(newer), tuple(changes))


def kept(folder: Path) -> tuple[str, ...]:
    """Names of the older editions beside the content in force, the newest first."""
    place = folder / EDITIONS
    there = (p.name for p in place.iterdir() if p.is_dir()) if place.is_dir() else ()
    return tuple(sorted(there, reverse=True))


# -- inside ----------------------------------------------------------------------------------------


def _read(folder: Path) -> dict[str, Table]:
    found: dict[str, Table] = {}
    for path in sorted(folder.rglob("*.toml")):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(f"{EDITIONS}/"):
            found[name] = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return found


def _citations(files: Mapping[str, Table]) -> dict[str, str]:
    listed = files.get(SOURCES, {}).get("source", [])
    tables = listed if isinstance(listed, list) else []
    return {str(one.get("key")): str(one.get("citation", "")) for one in tables}


@dataclass(frozen=True, slots=True)
class _Cited:
    """Citations by key on both sides."""

    older: Mapping[str, str]
    newer: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a comparison stands, and the sources that hold there on both sides."""

    file: str
    entry: tuple[str, ...]
    cited: _Cited
    older: Value = None
    newer: Value = None

    def inside(self, name: str, before: Table | None, after: Table | None) -> _Place:
        """One table deeper; a table without sources of its own rests on those around it."""
        return _Place(
            self.file,
            (*self.entry, name) if name else self.entry,
            self.cited,
            (before or {}).get("source", self.older),
            (after or {}).get("source", self.newer),
        )

    def change(self, turn: Turn, field: str, before: Value, after: Value) -> Change:
        """One difference here."""
        removed = turn is Turn.REMOVED
        keys = self.older if removed else self.newer
        known = self.cited.older if removed else self.cited.newer
        listed = keys if isinstance(keys, list) else [] if keys is None else [keys]
        source = "; ".join(known.get(str(key), str(key)) for key in listed)
        return Change(turn, self.file, self.entry, field, _said(before), _said(after), source)


def _said(value: Value) -> Value:
    """The value without what proves it."""
    if isinstance(value, Mapping):
        return {key: _said(one) for key, one in value.items() if key not in PROOF}
    if isinstance(value, list):
        return [_said(one) for one in value]
    return value


def _tables(place: _Place, before: Table, after: Table) -> Iterator[Change]:
    here = place.inside("", before, after)
    for key in dict.fromkeys((*before, *after)):
        if key in PROOF:
            continue
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if _is_list(old) and _is_list(new):
            yield from _lists(here, key, _listed(old), _listed(new))
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _tables(here.inside(key, old, new), old, new)
        elif key not in before:
            yield from _whole(here, Turn.ADDED, key, new)
        elif key not in after:
            yield from _whole(here, Turn.REMOVED, key, old)
        else:
            yield here.change(Turn.CHANGED, key, old, new)


def _whole(place: _Place, turn: Turn, key: str, value: Value) -> Iterator[Change]:
    """Tables that stand on one side alone, each an entry; or one value."""
    if _is_list(value):
        tables = _listed(value)
        old, new = ([], tables) if turn is Turn.ADDED else (tables, [])
        yield from _lists(place, key, old, new)
    elif turn is Turn.ADDED:
        yield place.change(turn, key, None, value)
    else:
        yield place.change(turn, key, value, None)


def _is_list(value: Value) -> bool:
    """Whether it is a list of tables."""
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _listed(value: Value) -> list[Table]:
    return list(value) if isinstance(value, list) else []


def _lists(place: _Place, key: str, old: list[Table], new: list[Table]) -> Iterator[Change]:
    for name, before, after in _matched(key, old, new):
        here = place.inside(name, before, after)
        if before is None:
            yield here.change(Turn.ADDED, "", None, after)
        elif after is None:
            yield here.change(Turn.REMOVED, "", before, None)
        elif before != after:
            yield from _tables(here, before, after)


def _matched(
    key: str, old: list[Table], new: list[Table]
) -> Iterator[tuple[str, Table | None, Table | None]]:
    """(name, older, newer) of each table of two lists."""
    called = _called(old, new)
    if called:
        older = {_name(table, called): table for table in old}
        newer = {_name(table, called): table for table in new}
        kind = "" if called[0] in ("code", "id") else f"{key} "  # a code says what it is
        for name in dict.fromkeys((*newer, *older)):
            yield kind + name, older.get(name), newer.get(name)
        return
    # Nothing names them: what reads the same belongs together, the rest in the order it stands.
    written, anew = (
        [json.dumps(table, sort_keys=True, default=str) for table in side] for side in (old, new)
    )
    matcher = SequenceMatcher(None, written, anew, autojunk=False)
    for _, first, last, start, stop in matcher.get_opcodes():
        for n in range(max(last - first, stop - start)):
            before = old[first + n] if first + n < last else None
            after = new[start + n] if start + n < stop else None
            number = start + n if after is not None else first + n
            yield f"{key} {number + 1}", before, after


def _called(old: Sequence[Table], new: Sequence[Table]) -> tuple[str, ...]:
    """The fewest keys by which no two tables of one side are called the same; () for none."""
    every = (*old, *new)
    there = [key for key in NAMES if all(_plain(table.get(key)) for table in every)]
    for size in (1, 2):
        for keys in combinations(there, size):
            if all(len({_name(t, keys) for t in side}) == len(side) for side in (old, new)):
                return keys
    return ()


def _plain(value: Value) -> bool:
    return isinstance(value, str | int | Decimal) and not isinstance(value, bool)


def _name(table: Table, keys: tuple[str, ...]) -> str:
    return ", ".join(str(table[key]) for key in keys)
