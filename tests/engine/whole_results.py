"""Whole results as lines of text, so that every field of them is compared, not the ones thought of."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path

from workstation.domain.dates import DateWindow
from workstation.domain.explain import Source

FOLDER = Path(__file__).with_name("whole")


def told(value: object) -> str:
    """One value in words: dataclasses field by field, dates and numbers as they are written."""
    if isinstance(value, Source):
        return f"<{value.key} {value.tag.name}>"
    if isinstance(value, DateWindow):
        return f"{value.first}..{value.last}"
    if isinstance(value, Enum):
        return value.name
    if is_dataclass(value) and not isinstance(value, type):
        inner = ", ".join(f"{f.name}={told(getattr(value, f.name))}" for f in fields(value))
        return f"{type(value).__name__}({inner})"
    if isinstance(value, (tuple, list)):
        return "[" + "; ".join(told(v) for v in value) + "]"
    if isinstance(value, (date, datetime, Decimal)):
        return str(value)
    return repr(value)


def short(value: object) -> str:
    """A dataclass by its values alone, in the order of its fields."""
    return " | ".join(told(getattr(value, f.name)) for f in fields(value))


def lines_of(value: object, *, each: str) -> Iterable[str]:
    """A dataclass on one line, but one line for every entry of its field ``each``."""
    rest = ", ".join(
        f"{f.name}={told(getattr(value, f.name))}" for f in fields(value) if f.name != each
    )
    yield f"  {rest}"
    for entry in getattr(value, each):
        yield f"    {short(entry)}"


def compare(name: str, lines: Iterable[str]) -> None:
    """Compare with ``whole/<name>.txt``; ACCEPT_WHOLE=1 writes it, to be read before it is kept."""
    text = "\n".join(lines) + "\n"
    path = FOLDER / f"{name}.txt"
    if os.environ.get("ACCEPT_WHOLE") == "1":
        path.write_text(text, encoding="utf-8")
    kept = path.read_text(encoding="utf-8").splitlines()
    for number, (was, now) in enumerate(zip(kept, text.splitlines(), strict=False), start=1):
        assert was == now, f"{path.name}:{number}"
    assert len(kept) == len(text.splitlines()), path.name
