"""Texts of the documents: sections, labels and sentences with placeholders, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from workstation.assets import resource
from workstation.content.tables import Table, read
from workstation.domain.errors import ContentError

Text = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A short point for the patient: ``phases`` course or work_up, ``only`` "" or a category."""

    text: str
    phases: tuple[str, ...]
    only: str


@dataclass(frozen=True)
class Texts:
    """The texts of one document kind by dotted key."""

    file: str
    edition: str
    by_key: Mapping[str, Text]
    points: tuple[Point, ...]

    def __call__(self, key: str, **values: str) -> str:
        """The text under ``key`` with its placeholders filled.

        Raises:
            ContentError: ``content.key.missing`` for an unknown key or placeholder.
        """
        text = self.by_key.get(key)
        if not isinstance(text, str):
            raise ContentError("content.key.missing", file=self.file, line=1, key=key)
        try:
            return text.format(**values)
        except (KeyError, IndexError) as error:
            raise ContentError("content.key.missing", file=self.file, line=1, key=key) from error

    def either(self, key: str, otherwise: str) -> str:
        """The text under ``key``, or ``otherwise`` when this language has none for it."""
        text = self.by_key.get(key)
        return text if isinstance(text, str) else otherwise

    def each(self, key: str) -> tuple[str, ...]:
        """The list under ``key``; raises ContentError ``content.key.missing``."""
        texts = self.by_key.get(key)
        if not isinstance(texts, tuple):
            raise ContentError("content.key.missing", file=self.file, line=1, key=key)
        return texts


@lru_cache(maxsize=16)
def read_texts(kind: str, language: str) -> Texts:
    """The texts of ``<kind>.<language>.toml``, read once.

    Raises:
        ContentError: the file is missing or not as described.
    """
    return texts_of(resource("documents", f"{kind}.{language}.toml"))


def texts_of(path: Path) -> Texts:
    """The texts of one file by dotted key.

    Raises:
        ContentError: the file is missing or not as described.
    """
    top = read(path)
    top.whole("schema")
    edition = top.text("edition")
    points = tuple(_point(table) for table in top.maybe_tables("point"))
    found: dict[str, Text] = {}
    keys = top.keys()
    for key in keys:
        if key not in {"schema", "edition", "point"}:
            _collect(top, key, "", found)
    top.done()
    return Texts(top.file, edition, MappingProxyType(found), points)


def read_page_words(language: str) -> Mapping[str, str]:
    """The words on every page (head, foot, signature box)."""
    texts = read_texts("page", language)
    return {key: text for key, text in texts.by_key.items() if isinstance(text, str)}


def _collect(table: Table, key: str, path: str, found: dict[str, Text]) -> None:
    full = f"{path}.{key}" if path else key
    value = table.value(key)
    if isinstance(value, str):
        found[full] = value
    elif isinstance(value, list) and all(isinstance(v, str) for v in value):
        found[full] = tuple(value)
    elif isinstance(value, dict):
        inner = table.table(key)
        names = inner.keys()
        for name in names:
            _collect(inner, name, full, found)
    else:
        raise table.wrong("content.key.kind", key)


def _point(table: Table) -> Point:
    point = Point(table.text("text"), table.texts("phases"), table.maybe_text("only") or "")
    table.done()
    return point
