"""A minor's monitoring plan for a guardian: what is to come and when, and nothing that is private.

Pregnancy tests, contraception and results stay out (decisions of this project: nothing of that goes
to a guardian); the signed plan itself goes to the laboratory and the patient. It orders nothing, so
nobody signs it.
"""

from __future__ import annotations

from workstation.content.documents import Texts, read_texts
from workstation.domain.dates import DateWindow
from workstation.domain.documents import Block, Bullets, Document, DocumentKind, Paragraph, Table
from workstation.domain.protocols import MonitoringPlan
from workstation.domain.rems_record import PREGNANCY_TESTS
from workstation.workflow.leaflet import Leaflet, reach
from workstation.workflow.subject import document
from workstation.workflow.written import day

PRIVATE_LANES = frozenset({"pregnancy", "contraception", "mood"})


def guardian_plan(leaflet: Leaflet, plan: MonitoringPlan, number: str) -> Document:
    """The leaflet of a signed plan, which it names by ``number``."""
    texts = read_texts(DocumentKind.GUARDIAN_PLAN.value, leaflet.language)
    rows = _rows(leaflet, texts, plan)
    blocks: tuple[Block, ...] = (
        Paragraph(texts("intro", number=number)),
        Table((texts("when"), texts("what")), rows, (0.5, 0.5))
        if rows
        else Paragraph(texts("nothing"), "strong"),
        Bullets(_points(rows, texts)),
        reach(leaflet, texts),
        Paragraph(texts("kept"), "small"),
    )
    return document(
        leaflet,
        DocumentKind.GUARDIAN_PLAN,
        texts("title"),
        "",
        blocks,
        texts,
        language=leaflet.language,
    )


def _rows(leaflet: Leaflet, texts: Texts, plan: MonitoringPlan) -> tuple[tuple[str, str], ...]:
    """What is still to come, by date; draws of the same days are one row."""
    catalogue = leaflet.catalogue
    found: dict[DateWindow, list[str]] = {}
    for point in plan.tests:
        known = catalogue.tests.get(point.test)
        lane = "" if known is None else known.lane
        if point.state == "done" or point.test in PREGNANCY_TESTS or lane in PRIVATE_LANES:
            continue
        if point.role in ("visit", "pick_up"):
            said = texts(f"kind.{point.role}")
        else:
            fasting = known is not None and known.fasting
            said = texts("kind.fasting" if fasting else "kind.blood")
        names = found.setdefault(point.days, [])
        if said not in names:
            names.append(said)
    order = sorted(found, key=lambda days: (days.first, days.last))
    months = leaflet.page.each("months")
    return tuple(
        (_days(days, texts, months), ", ".join(_once(found[days], texts))) for days in order
    )


def _points(rows: tuple[tuple[str, str], ...], texts: Texts) -> tuple[str, ...]:
    """What to know about what is planned, and about nothing else."""
    said = {"fasting": texts("kind.fasting"), "pick_up": texts("kind.pick_up")}
    told = {"fasting": texts("points.fasting"), "pick_up": texts("points.pick_up")}
    return tuple(told[key] for key, kind in said.items() if any(kind in what for _, what in rows))


def _once(said: list[str], texts: Texts) -> list[str]:
    """A draw that asks to be fasting covers one that does not."""
    if texts("kind.fasting") in said:
        return [one for one in said if one != texts("kind.blood")]
    return said


def _days(days: DateWindow, texts: Texts, months: tuple[str, ...]) -> str:
    if days.first == days.last:
        return day(days.first, months)
    return texts("days", first=day(days.first, months), last=day(days.last, months))
