"""Severity schemes from ``rubrics/*.toml``: the count rubric, GAGS, Hayashi, IGA hint, candidacy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.errors import ContentError
from workstation.domain.explain import Source
from workstation.domain.schemes import (
    CandidacyRules,
    Gags,
    Hayashi,
    HintStep,
    IgaGrade,
    IgaHint,
    Leeds,
    ScoreBand,
)
from workstation.domain.severity import Band, Counts, Criterion, Rubric, grade

KINDS = frozenset({"gags", "hayashi", "iga_hint", "leeds", "candidacy"})
COUNTED = frozenset({"comedones", "inflammatory", "nodules_cysts", "total"})


@dataclass(frozen=True, slots=True)
class Schemes:
    """All severity schemes; ``rubrics`` are the count rubrics by id, ``rubric`` the one that grades."""

    rubrics: Mapping[str, Rubric]
    rubric: Rubric
    gags: Gags
    hayashi: Hayashi
    iga_hint: IgaHint
    candidacy: CandidacyRules
    leeds: Leeds

    @property
    def beside(self) -> tuple[Rubric, ...]:
        """The count rubrics whose grade is shown beside, and decides nothing."""
        return tuple(one for one in self.rubrics.values() if one.id != self.rubric.id)


def read_schemes(folder: Path, sources: Mapping[str, Source]) -> Schemes:
    """Every scheme of a folder.

    Raises:
        ContentError: ``content.rubric.*`` for bands with holes, unknown grades or codes, an example
            that does not come out, not exactly one count rubric with ``grades = true``, or a fault
            of a file.
    """
    rubrics: dict[str, Rubric] = {}
    grading: list[Rubric] = []
    for path in sorted(folder.glob("*.toml")):
        top = read(path)
        kind = top.text("kind")
        if kind == "counts":
            grades = top.maybe_flag("grades") or False
            rubric = _counts(top, sources)
            if rubric.id in rubrics or (grades and grading):
                raise top.wrong("content.rubric.grading", "grades" if grades else "id")
            rubrics[rubric.id] = rubric
            grading += [rubric] if grades else []
        elif kind not in KINDS:
            raise top.wrong("content.rubric.kind", "kind")
    if not grading:
        raise ContentError("content.rubric.grading", file=folder.name, line=1)
    return Schemes(
        rubrics=rubrics,
        rubric=grading[0],
        gags=_gags(read(folder / "gags.toml"), sources),
        hayashi=_hayashi(read(folder / "hayashi.toml"), sources),
        iga_hint=_iga_hint(read(folder / "iga-hint.toml"), sources),
        candidacy=_candidacy(read(folder / "candidacy.toml"), sources),
        leeds=_leeds(read(folder / "leeds.toml"), sources),
    )


def _counts(top: Table, sources: Mapping[str, Source]) -> Rubric:
    top.whole("schema")
    grades = []
    for table in top.tables("grade"):
        grades.append((table.text("id"), table.text("label")))
        table.done()
    order = top.texts("code_order")
    known = {id_ for id_, _ in grades}
    rubric = Rubric(
        id=top.text("id"),
        edition=top.text("edition"),
        title=top.text("title"),
        grades=tuple(grades),
        criteria=tuple(_criterion(t, known, order, sources) for t in top.tables("criterion")),
        code_order=order,
        scar_code=top.text("scar_code"),
        scar_grade=top.text("scar_grade"),
        source=cited(top, sources),
    )
    for key, value, allowed in (
        ("scar_code", rubric.scar_code, set(order)),
        ("scar_grade", rubric.scar_grade, known),
    ):
        if value not in allowed:
            raise top.wrong("content.rubric.unknown", key)
    if {c.id for c in rubric.criteria} - COUNTED:
        raise top.wrong("content.rubric.criterion", "criterion")
    for table in top.tables("example"):
        _example(table, rubric)
    top.done()
    return rubric


def _criterion(
    table: Table, grades: set[str], codes: tuple[str, ...], sources: Mapping[str, Source]
) -> Criterion:
    bands = []
    for row in table.tables("band"):
        band = Band(
            low=row.whole("low"),
            high=row.maybe_whole("high"),
            grade=row.text("grade"),
            code=row.maybe_text("code") or "",
            filled_by=row.maybe_text("filled_by") or "",
            source=cited(row, sources),
        )
        row.done()
        if band.grade not in grades or (band.code and band.code not in codes):
            raise row.wrong("content.rubric.unknown", "grade")
        bands.append(band)
    follows = all(b.high is not None and b.high + 1 == c.low for b, c in pairwise(bands))
    if not bands or bands[0].low != 0 or bands[-1].high is not None or not follows:
        raise table.wrong("content.rubric.hole", "band")
    criterion = Criterion(
        table.text("id"), table.text("title"), table.text("subtitle"), tuple(bands)
    )
    table.done()
    return criterion


def _example(table: Table, rubric: Rubric) -> None:
    counts = Counts(
        table.whole("comedones"),
        table.whole("inflammatory"),
        table.whole("nodules_cysts"),
        table.flag("active_deep_scarring"),
    )
    result = grade(rubric, counts)
    if (result.grade, result.codes) != (table.text("grade"), table.texts("codes")):
        raise table.wrong("content.rubric.example", "grade")
    table.done()


def _score_bands(top: Table) -> tuple[ScoreBand, ...]:
    bands = []
    for table in top.tables("band"):
        bands.append(ScoreBand(table.maybe_whole("high"), table.text("grade")))
        table.done()
    highs = [b.high for b in bands]
    rising = all(a is not None and (b is None or a < b) for a, b in pairwise(highs))
    if not bands or highs[-1] is not None or not rising:
        raise top.wrong("content.rubric.hole", "band")
    return tuple(bands)


def _pairs(top: Table, key: str, number: str) -> tuple[tuple[str, int], ...]:
    pairs = []
    for table in top.tables(key):
        pairs.append((table.text("id"), table.whole(number)))
        table.done()
    return tuple(pairs)


def _head(top: Table) -> tuple[str, str]:
    top.whole("schema")
    top.text("kind")
    return top.text("id"), top.text("edition")


def _gags(top: Table, sources: Mapping[str, Source]) -> Gags:
    id_, edition = _head(top)
    scheme = Gags(
        id=id_,
        edition=edition,
        title=top.text("title"),
        factors=_pairs(top, "region", "factor"),
        worths=_pairs(top, "worst", "worth"),
        bands=_score_bands(top),
        source=cited(top, sources),
    )
    top.done()
    return scheme


def _hayashi(top: Table, sources: Mapping[str, Source]) -> Hayashi:
    id_, edition = _head(top)
    scheme = Hayashi(id_, edition, top.text("title"), _score_bands(top), cited(top, sources))
    top.done()
    return scheme


def _iga_hint(top: Table, sources: Mapping[str, Source]) -> IgaHint:
    id_, edition = _head(top)
    steps = []
    for table in top.tables("step"):
        steps.append(
            HintStep(
                table.maybe_whole("most_comedones"),
                table.maybe_whole("most_inflammatory"),
                table.maybe_whole("most_nodules"),
                table.whole("hint"),
            )
        )
        table.done()
    scheme = IgaHint(
        id=id_,
        edition=edition,
        severe_nodules=top.whole("severe_nodules"),
        severe_inflammatory=top.whole("severe_inflammatory"),
        severe_hint=top.whole("severe_hint"),
        beyond_nodules=top.whole("beyond_nodules"),
        steps=tuple(steps),
        grades=tuple(_iga_grade(table, sources) for table in top.tables("grade")),
        source=cited(top, sources),
    )
    top.done()
    return scheme


def _iga_grade(table: Table, sources: Mapping[str, Source]) -> IgaGrade:
    grade = IgaGrade(table.text("name"), table.text("words"), cited(table, sources))
    table.done()
    return grade


def _leeds(top: Table, sources: Mapping[str, Source]) -> Leeds:
    id_, edition = _head(top)
    sites = _pairs(top, "site", "highest")
    if not sites or any(highest < 1 for _, highest in sites):
        raise top.wrong("content.rubric.hole", "site")
    scheme = Leeds(id_, edition, top.text("title"), sites, cited(top, sources))
    top.done()
    return scheme


def _candidacy(top: Table, sources: Mapping[str, Source]) -> CandidacyRules:
    id_, edition = _head(top)
    rules = CandidacyRules(
        id=id_,
        edition=edition,
        severe_grade=top.text("severe_grade"),
        severe_iga=top.whole("severe_iga"),
        label_age=top.whole("label_age"),
        label_nodules=top.whole("label_nodules"),
        source=cited(top, sources),
    )
    top.done()
    return rules
