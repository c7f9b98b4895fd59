"""Leaflets of a clinic's own: ``leaflets/<name>.<language>.toml``, one file each, no code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from workstation.content.handout import promises_of
from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.explain import Source
from workstation.domain.handout import slots_of
from workstation.domain.own_leaflet import SLOTS, OwnLeaflet, Section

FOLDER, HANDOUTS = "leaflets", "handout"


def read_own_leaflets(clinical: Path, sources: Mapping[str, Source]) -> Mapping[str, OwnLeaflet]:
    """Every leaflet below the clinical folder by its name, in the order of their names.

    Raises:
        ContentError: ``content.leaflet.slot`` for a slot that no leaflet has, or one not closed;
            ``content.leaflet.language`` when pages have no words in its language;
            ``content.handout.claim`` for what no leaflet may promise; or a fault of a file.
    """
    found = {}
    for path in sorted((clinical / FOLDER).glob("*.toml")):
        leaflet = _leaflet(read(path), path.stem, clinical, sources)
        found[leaflet.name] = leaflet
    return MappingProxyType(found)


def _leaflet(top: Table, name: str, clinical: Path, sources: Mapping[str, Source]) -> OwnLeaflet:
    top.whole("schema")
    language = top.text("language")
    handout = clinical / HANDOUTS / f"{language}.toml"
    if not handout.is_file():
        raise top.wrong("content.leaflet.language", "language", language=language)
    promises = promises_of(handout)
    title, intro = top.text("title"), top.text("intro")
    _check(top, intro, "intro")
    if promises.search(title) or promises.search(intro):
        raise top.wrong("content.handout.claim", "intro")
    sections = []
    for table in top.tables("section"):
        section = Section(table.text("heading"), table.texts("points"), cited(table, sources))
        for point in section.points:
            _check(table, point, "points")
            if promises.search(point):
                raise table.wrong("content.handout.claim", "points")
        table.done()
        sections.append(section)
    leaflet = OwnLeaflet(name, language, top.text("edition"), title, intro, tuple(sections))
    top.done()
    return leaflet


def _check(table: Table, text: str, key: str) -> None:
    try:
        slots = slots_of(text)
    except ValueError as error:
        raise table.wrong("content.leaflet.slot", key) from error
    if not slots <= SLOTS:
        raise table.wrong("content.leaflet.slot", key)
