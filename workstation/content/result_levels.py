"""How pressing a result after signing is, from the content: levels by action."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from workstation.assets import resource
from workstation.content.sources import cited, read_sources
from workstation.content.tables import read
from workstation.domain.after_signing import ResultLevels
from workstation.domain.explain import Source
from workstation.domain.triage import TriageLevel


@cache
def result_levels() -> ResultLevels:
    """The levels; raises ContentError when the file is wrong."""
    sources: Mapping[str, Source] = read_sources(resource("clinical", "sources.toml"))
    table = read(resource("clinical", "results.toml"))
    table.whole("schema")
    table.text("edition")
    source = cited(table, sources)
    levels: dict[str, TriageLevel] = {}
    for row in table.tables("level"):
        word = row.text("level")
        if word not in TriageLevel.__members__:
            raise row.wrong("content.results.level", "level")
        for action in row.texts("actions"):
            if action in levels:
                raise row.wrong("content.results.twice", "actions")
            levels[action] = TriageLevel[word]
        row.done()
    made = ResultLevels(
        nothing=frozenset(table.texts("nothing")),
        void=frozenset(table.texts("void")),
        levels=levels,
        source=source,
    )
    table.done()
    return made
