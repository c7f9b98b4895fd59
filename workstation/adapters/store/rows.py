"""Frozen dataclasses to JSON text and back, exactly: decimals, days, moments, tagged unions.

JSON is ASCII with escapes, so that any text, even an unpaired surrogate, comes back as it was.
"""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from cattrs import Converter

from workstation.domain.draft import Change, Edit, Item, Key
from workstation.domain.errors import Corrupt
from workstation.domain.triage import TriageLevel

T = TypeVar("T")
_NONE = type(None)
_ITEMS: dict[str, type] = {kind.__name__: kind for kind in get_args(Item)}
# What earlier programs called a field. Journals never change, so it is read under both names.
_RENAMED: dict[str, dict[str, str]] = {"Annotation": {"outline": "border"}}
_PLAIN = frozenset({bool, str, int, Decimal, date, tuple[str, ...]})


def to_text(value: object) -> str:
    """Canonical JSON of a dataclass or of a tuple of plain values."""
    return json.dumps(_converter().unstructure(value), separators=(",", ":"), sort_keys=True)


def from_text(text: str, kind: type[T]) -> T:
    """The value of ``to_text``.

    Raises:
        Corrupt: ``store.row.damaged`` when the text is not one of ``kind``.
    """
    try:
        return _converter().structure(json.loads(text), kind)
    except MemoryError:
        raise  # says nothing of the row
    except Exception as error:  # cattrs raises groups of any kind
        raise Corrupt("store.row.damaged", kind=getattr(kind, "__name__", "tuple")) from error


def prepare(*kinds: type) -> None:
    """Make the readers and writers of ``kinds`` and of drafts; else the first row of each makes its own,
    while somebody waits for it."""
    ahead, known = [*kinds, Edit, *_ITEMS.values()], set[type]()
    while ahead:
        kind = ahead.pop()
        if isinstance(kind, type) and is_dataclass(kind) and kind not in known:
            known.add(kind)
            _converter().get_structure_hook(kind)
            _converter().get_unstructure_hook(kind)
            for field in get_type_hints(kind).values():
                ahead += [field, *get_args(field)]


def item_to_text(value: Item) -> str:
    """JSON of one item of a draft, with its type."""
    return json.dumps(_plain_item(value), separators=(",", ":"), sort_keys=True)


def item_from_text(text: str) -> Item:
    """The item of ``item_to_text``; raises Corrupt ``store.row.damaged``."""
    try:
        return _item(json.loads(text))
    except MemoryError:
        raise  # says nothing of the row
    except Exception as error:  # as above
        raise Corrupt("store.row.damaged", kind="item") from error


def edit_to_text(edit: Edit) -> str:
    """JSON of an edit with what each key held before and after."""
    return to_text(edit)


def edit_from_text(text: str) -> Edit:
    """The edit of ``edit_to_text``; raises Corrupt ``store.row.damaged``."""
    return from_text(text, Edit)


@cache
def _converter() -> Converter:
    made = Converter(forbid_extra_keys=True, prefer_attrib_converters=False)
    made.register_unstructure_hook(Decimal, str)
    made.register_structure_hook(Decimal, lambda raw, _: Decimal(_text(raw)))
    made.register_unstructure_hook(date, date.isoformat)
    made.register_structure_hook(date, lambda raw, _: date.fromisoformat(_text(raw)))
    made.register_unstructure_hook(datetime, _plain_moment)
    made.register_structure_hook(datetime, lambda raw, _: _moment(raw))
    made.register_structure_hook(float, lambda raw, _: float(raw))
    made.register_structure_hook(str, lambda raw, _: _text(raw))
    made.register_structure_hook(int, lambda raw, _: _whole(raw))
    # A whole number of its own kind: without this it would come back as a bare one.
    made.register_structure_hook(TriageLevel, lambda raw, _: TriageLevel(_whole(raw)))
    made.register_structure_hook(bool, lambda raw, _: _flag(raw))
    made.register_unstructure_hook_func(_is_plain_union, _plain_value)
    made.register_structure_hook_func(_is_plain_union, lambda raw, _: _value(raw))
    made.register_unstructure_hook(Change, _plain_change)
    made.register_structure_hook(Change, lambda raw, _: _change(raw))
    return made


def _is_plain_union(kind: Any) -> bool:
    """Unions of plain values (a fact's value, a result's): tagged, with or without None."""
    if get_origin(kind) not in (Union, UnionType):
        return False
    members = set(get_args(kind)) - {_NONE}
    return len(members) > 1 and members <= _PLAIN


def _plain_value(value: object) -> list[object] | None:
    match value:
        case None:
            return None
        case bool():
            return ["flag", value]
        case str():
            return ["text", value]
        case int():
            return ["whole", value]
        case Decimal():
            return ["number", str(value)]
        case datetime():
            raise TypeError("a moment is not a fact's value")
        case date():
            return ["day", value.isoformat()]
        case tuple():
            return ["texts", [_text(part) for part in value]]
        case _:
            raise TypeError(type(value).__name__)


def _value(raw: object) -> object:
    if raw is None:
        return None
    tag, value = cast("list[Any]", raw)
    match tag:
        case "flag":
            return _flag(value)
        case "text":
            return _text(value)
        case "whole":
            return _whole(value)
        case "number":
            return Decimal(_text(value))
        case "day":
            return date.fromisoformat(_text(value))
        case "texts":
            return tuple(_text(part) for part in value)
        case _:
            raise ValueError("tag")


def _plain_item(value: Item | None) -> list[object] | None:
    if value is None:
        return None
    kind = type(value)
    return [kind.__name__, _converter().unstructure(value, kind)]


def _item(raw: object) -> Item:
    name, plain = cast("list[Any]", raw)
    for then, now in _RENAMED.get(name, {}).items():
        if then in plain:
            plain = {now if key == then else key: value for key, value in plain.items()}
    return cast(Item, _converter().structure(plain, _ITEMS[name]))


def _plain_change(change: Change) -> list[object]:
    return [
        change.key.kind,
        change.key.name,
        _plain_item(change.before),
        _plain_item(change.after),
    ]


def _change(raw: object) -> Change:
    kind, name, before, after = cast("list[Any]", raw)
    return Change(
        Key(_text(kind), _text(name)),
        None if before is None else _item(before),
        None if after is None else _item(after),
    )


def _plain_moment(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a moment without time zone")
    return at.astimezone(UTC).isoformat()


def _moment(raw: object) -> datetime:
    at = datetime.fromisoformat(_text(raw))
    if at.tzinfo is None:
        raise ValueError("a moment without time zone")
    return at.astimezone(UTC)


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError("not text")
    return raw


def _whole(raw: object) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise TypeError("not whole")
    return raw


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise TypeError("not a flag")
    return raw


def texts_to(texts: tuple[str, ...]) -> str:
    """Column text of a tuple of texts."""
    return json.dumps(texts, separators=(",", ":")) if texts else ""


@lru_cache(maxsize=1024)  # a queue repeats few flag sets
def texts_from(text: str) -> tuple[str, ...]:
    """The tuple of ``texts_to``."""
    return tuple(json.loads(text)) if text else ()
