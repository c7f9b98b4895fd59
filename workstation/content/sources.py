"""Where clinical statements come from: the list of sources and the citation of one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from workstation.content.tables import Table, read
from workstation.domain.explain import Source, Tag


def read_sources(path: Path) -> Mapping[str, Source]:
    """All ``[[source]]`` tables of a file by key, in file order.

    Raises:
        ContentError: ``content.source.twice``, ``content.tag.unknown`` or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    top.text("edition")
    found: dict[str, Source] = {}
    for table in top.tables("source"):
        key = table.text("key")
        if key in found:
            raise table.wrong("content.source.twice", "key", source=key)
        table.day("as_of")
        found[key] = Source(key, table.text("citation"), tag_of(table, "tag"))
        table.done()
    top.done()
    return MappingProxyType(found)


def cited(table: Table, sources: Mapping[str, Source]) -> Source:
    """The source that ``table`` names, with the statement's own ``tag`` when it has one.

    Raises:
        ContentError: ``content.source.unknown`` or ``content.tag.unknown`` with file and line.
    """
    key = table.text("source")
    if key not in sources:
        raise table.wrong("content.source.unknown", "source", source=key)
    found = sources[key]
    return replace(found, tag=tag_of(table, "tag")) if "tag" in table else found


def tag_of(table: Table, key: str) -> Tag:
    """The READ / RECALLED / SEED / PROJECT tag under ``key``."""
    text = table.text(key)
    if text not in Tag.__members__:
        raise table.wrong("content.tag.unknown", key)
    return Tag[text]
