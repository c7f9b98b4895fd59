"""The record's severity: the grade with what decided it, the clinician's own beside it, and the counts."""

from __future__ import annotations

from workstation.content.documents import Texts
from workstation.domain.documents import Block, Entries, Heading, Paragraph, Table
from workstation.domain.draft import GradeOverride
from workstation.domain.lesions import COMEDONES, INFLAMMATORY, NODULES_CYSTS, LesionType
from workstation.domain.severity import CriterionResult, Grade, Rubric
from workstation.domain.visits import was_counted
from workstation.workflow.subject import Subject, value_words
from workstation.workflow.written import number


def severity(subject: Subject, texts: Texts) -> list[Block]:
    """Grade and counts; outside acne the clinician's global grade alone."""
    return [*_grade(subject, texts), *_counts(subject, texts)]


def _counted(subject: Subject) -> bool:
    return was_counted(subject.draft, subject.appraisal.tally)


def both_grades(
    grade: Grade, override: GradeOverride | None, rubric: Rubric | None, texts: Texts
) -> list[str]:
    """The rubric's grade with its codes, and whether the clinician's own stands beside it."""
    label = _label(grade, texts)
    said = texts("grade.grade", grade=label, codes=", ".join(grade.codes) or texts("no_codes"))
    if override is None:
        return [said, texts("grade.no_override")]
    labels = {} if rubric is None else dict(rubric.grades)
    own = texts(
        "grade.override",
        own=labels.get(override.grade, override.grade),
        proposed=label,
        reason=_own_reason(override, texts),
    )
    return [said, own]


def _label(grade: Grade, texts: Texts) -> str:
    if grade.at_least:
        return texts("grade.at_least", label=grade.label[:1].lower() + grade.label[1:])
    return grade.label


def _global_grade(subject: Subject, texts: Texts) -> list[Block]:
    """Outside acne the clinician's own grade stands alone."""
    given = subject.appraisal.facts.get("indication.global_grade")
    spec = subject.catalogue.facts.get("indication.global_grade")
    own = (
        texts("grade.no_global")
        if given is None
        else texts("grade.global", grade=value_words(given.value, spec, texts))
    )
    return [
        Heading(texts("grade.heading")),
        Paragraph(own, "strong"),
        Paragraph(texts("grade.not_acne"), "small"),
    ]


def _own_reason(override: GradeOverride, texts: Texts) -> str:
    """The coded reason in words, with what was written; of "other" what was written alone."""
    words = "" if override.reason_code == "other" else texts(f"own_grade.{override.reason_code}")
    return ": ".join(part for part in (words, override.reason_text) if part)


def _grade(subject: Subject, texts: Texts) -> list[Block]:
    if not subject.appraisal.acne:
        return _global_grade(subject, texts)
    if not _counted(subject) and subject.draft.override is None:
        return [Heading(texts("grade.heading")), Paragraph(texts("grade.not_counted"), "strong")]
    grade = subject.appraisal.grade
    rubric = subject.catalogue.rubrics.get(grade.rubric)
    title = grade.rubric if rubric is None else rubric.title
    labels = {} if rubric is None else dict(rubric.grades)
    sentences = both_grades(grade, subject.draft.override, rubric, texts)
    unlinked = {f"zone:{zone.value}" for zone, n in subject.appraisal.tally.unlinked if n}
    missing = tuple(item for item in grade.missing if item not in unlinked)
    if missing:
        sentences.append(texts("grade.missing", missing=_missing(texts, missing)))
    cited = dict.fromkeys(result.band.source.citation for result in grade.results)
    return [
        Heading(texts("grade.heading")),
        Paragraph(" ".join(sentences), "strong"),
        Entries(tuple(_criterion(texts, result, labels) for result in grade.results)),
        Paragraph(
            texts("grade.rubric", title=title, edition=grade.edition, sources="; ".join(cited)),
            "small",
        ),
    ]


def _missing(texts: Texts, missing: tuple[str, ...]) -> str:
    spoken = []
    for item in missing:
        kind, _, name = item.partition(":")
        key = f"fact.{name}" if kind == "fact" else f"{kind}.{name}"
        spoken.append(texts.either(key, name or kind))
    return ", ".join(spoken)


def _criterion(
    texts: Texts, result: CriterionResult, labels: dict[str, str]
) -> tuple[str, str, str]:
    band = result.band
    spoken = (
        texts("grade.or_more", low=number(band.low))
        if band.high is None
        else texts("grade.from_to", low=number(band.low), high=number(band.high))
    )
    gives = labels.get(result.grade, result.grade)
    if band.code:
        gives = f"{gives} {band.code}"
    if band.filled_by:
        gives = texts("grade.gap", grade=gives, scheme=band.filled_by)
    value = texts("grade.criterion", count=number(result.count), gives=gives, band=spoken)
    return ("", f"{result.criterion.title}:", value)


def _counts(subject: Subject, texts: Texts) -> list[Block]:
    if not _counted(subject):
        return []
    tally = subject.appraisal.tally
    views = {photo.id: photo.view.value for photo in subject.consultation.photos}
    places = sorted(
        {(photo, zone) for (photo, zone, _), _ in tally.cells},
        key=lambda place: (
            list(views).index(place[0]) if place[0] in views else len(views),
            place[1].value,
        ),
    )

    def number_of(kinds: frozenset[LesionType], place: tuple[object, object]) -> int:
        return sum(
            n for (photo, zone, kind), n in tally.cells if kind in kinds and (photo, zone) == place
        )

    groups = (COMEDONES, INFLAMMATORY, NODULES_CYSTS)
    rows = []
    for place in places:
        each = [number_of(kinds, place) for kinds in groups]
        if sum(each) == 0:
            continue
        rows.append(
            (
                texts(f"view.{views.get(place[0], 'other')}"),
                texts(f"zone.{place[1].value}"),
                *(number(n) for n in each),
                number(sum(each)),
            )
        )
    totals = (tally.comedones, tally.inflammatory, tally.nodules_cysts, tally.total)
    rows.append((texts("counts.all"), "", *(number(n) for n in totals)))
    blocks: list[Block] = [
        Heading(texts("counts.heading")),
        Table(
            header=tuple(
                texts(f"counts.{key}")
                for key in ("photo", "zone", "comedones", "inflammatory", "nodules_cysts", "total")
            ),
            rows=tuple(rows),
            widths=(0.16, 0.2, 0.15, 0.2, 0.18, 0.11),
            dense=True,
        ),
    ]
    unlinked = tuple(
        texts("counts.place", count=number(n), zone=texts(f"zone.{zone.value}"))
        for zone, n in tally.unlinked
        if n
    )
    if unlinked:
        blocks.append(Paragraph(texts("counts.unlinked", where=", ".join(unlinked)), "small"))
    return blocks
