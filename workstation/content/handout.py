"""The patient's handout from ``handout/<language>.toml``: same entries in each, no promises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.dosing import Medicine, ResponseBucket
from workstation.domain.explain import Source
from workstation.domain.handout import (
    SLOTS,
    Handout,
    HandoutCounsel,
    HandoutPhase,
    HandoutTopic,
    slots_of,
)


def read_handouts(
    folder: Path, sources: Mapping[str, Source], medicine: Medicine
) -> Mapping[str, Handout]:
    """Every language of a folder by its code.

    Raises:
        ContentError: ``content.handout.keys`` when languages or the medicine's course differ,
            ``content.handout.claim`` for a promise, or a fault of a file.
    """
    found: dict[str, Handout] = {}
    for path in sorted(folder.glob("*.toml")):
        top = read(path)
        handout = _handout(top, sources, medicine)
        first = next(iter(found.values()), handout)
        if _shape(handout) != _shape(first):
            raise top.wrong("content.handout.keys", "language", language=handout.language)
        found[handout.language] = handout
    return MappingProxyType(found)


def _handout(top: Table, sources: Mapping[str, Source], medicine: Medicine) -> Handout:
    top.whole("schema")
    buckets = {bucket.label: bucket for bucket in medicine.response}
    expect = top.table("expect")
    codes = expect.keys()
    words = {code: expect.text(code) for code in codes}
    if set(words) != {code for bucket in medicine.response for code in bucket.expect}:
        raise expect.wrong("content.handout.keys")
    handout = Handout(
        language=top.text("language"),
        edition=top.text("edition"),
        title=top.text("title"),
        intro=top.text("intro"),
        expect=MappingProxyType(words),
        phases=tuple(_phase(table, buckets, sources) for table in top.tables("phase")),
        topics=tuple(_topic(table, sources) for table in top.tables("topic")),
        counsel=tuple(_counsel(table, sources) for table in top.tables("counsel")),
    )
    if tuple(phase.bucket for phase in handout.phases) != medicine.response:
        raise top.wrong("content.handout.keys", "phase")
    _without_promises(top, handout, _promises(top))
    top.done()
    return handout


def promises_of(path: Path) -> re.Pattern[str]:
    """What no leaflet in the language of this handout may promise."""
    return _promises(read(path))


def _promises(top: Table) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{text})" for text in top.texts("forbidden")), re.IGNORECASE)


def _phase(
    table: Table, buckets: Mapping[str, ResponseBucket], sources: Mapping[str, Source]
) -> HandoutPhase:
    label = table.text("response")
    if label not in buckets:
        raise table.wrong("content.handout.keys", "response", response=label)
    phase = HandoutPhase(
        buckets[label], table.text("title"), table.texts("points"), cited(table, sources)
    )
    _check_slots(table, phase.points)
    table.done()
    return phase


def _topic(table: Table, sources: Mapping[str, Source]) -> HandoutTopic:
    topic = HandoutTopic(
        table.text("id"), table.text("title"), table.texts("points"), cited(table, sources)
    )
    _check_slots(table, topic.points)
    table.done()
    return topic


def _counsel(table: Table, sources: Mapping[str, Source]) -> HandoutCounsel:
    counsel = HandoutCounsel(table.text("rule"), table.text("text"), cited(table, sources))
    _check_slots(table, (counsel.text,))
    table.done()
    return counsel


def _check_slots(table: Table, points: Iterable[str]) -> None:
    for point in points:
        try:
            slots = slots_of(point)
        except ValueError as error:
            raise table.wrong("content.handout.keys", "points") from error
        if not slots <= SLOTS:
            raise table.wrong("content.handout.keys", "points")


def _without_promises(top: Table, handout: Handout, promises: re.Pattern[str]) -> None:
    for key, texts in (
        ("title", (handout.title, handout.intro)),
        ("expect", handout.expect.values()),
    ):
        if any(promises.search(text) for text in texts):
            raise top.wrong("content.handout.claim", key)
    tables = (*top.tables("phase"), *top.tables("topic"))
    parts: tuple[HandoutPhase | HandoutTopic, ...] = (*handout.phases, *handout.topics)
    for table, part in zip(tables, parts, strict=True):
        if any(promises.search(text) for text in (part.title, *part.points)):
            raise table.wrong("content.handout.claim", "points")
    for table, one in zip(top.tables("counsel"), handout.counsel, strict=True):
        if promises.search(one.text):
            raise table.wrong("content.handout.claim", "text")


def _shape(handout: Handout) -> object:
    """What must be equal in every language: ids, order, number of points and their slots."""
    return (
        tuple(handout.expect),
        tuple((len(phase.points), phase.source.key) for phase in handout.phases),
        tuple(
            (topic.id, topic.source.key, tuple(slots_of(point) for point in topic.points))
            for topic in handout.topics
        ),
        tuple((one.rule, one.source.key, slots_of(one.text)) for one in handout.counsel),
    )
