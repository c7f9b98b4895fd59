"""The record: what was seen, asked, found, decided and why, with origin and date of each answer."""

from __future__ import annotations

from decimal import Decimal

from workstation.content.documents import Texts, read_texts
from workstation.domain import directions
from workstation.domain.decisions import ENDS_TREATMENT, WITHOUT_MEDICINE
from workstation.domain.documents import (
    Block,
    Document,
    DocumentKind,
    Entries,
    Heading,
    Paragraph,
    Table,
)
from workstation.domain.draft import DecisionChoice, DecisionKind, GradeOverride
from workstation.domain.lesions import COMEDONES, INFLAMMATORY, NODULES_CYSTS, LesionType
from workstation.domain.protocols import CUSTOM
from workstation.domain.severity import CriterionResult, Grade, Rubric
from workstation.domain.visits import was_counted
from workstation.workflow.letters import chosen
from workstation.workflow.record_evidence import checks, evidence, findings
from workstation.workflow.record_rems import rems_entries
from workstation.workflow.record_supplies import supplies
from workstation.workflow.subject import (
    LANGUAGE,
    Subject,
    document,
    incomplete,
    local,
    prescriber_name,
    value_words,
)
from workstation.workflow.written import amount, day, number, rounded

DIGEST_SHOWN = 16


def record(subject: Subject) -> Document:
    """The record of the consultation; it stays in the clinic.

    The first page holds the decision and what it rests on; the answers as sent follow.

    Raises:
        WorkstationError: ``document.subject.incomplete`` without a decision.
    """
    texts = read_texts(DocumentKind.RECORD.value, LANGUAGE)
    decision = subject.appraisal.decision
    if decision is None:
        raise incomplete("decision")
    blocks: list[Block] = [
        *_decision(subject, texts, decision),
        *_grade(subject, texts),
        *_counts(subject, texts),
        *findings(subject, texts),
        *evidence(subject, texts),
        *rems_entries(subject, texts),
        *checks(subject, texts),
        Paragraph(
            texts(
                "content.value",
                edition=subject.catalogue.edition,
                digest=subject.catalogue.digest[:DIGEST_SHOWN],
                texts=texts.edition,
            ),
            "small",
        ),
    ]
    return document(
        subject,
        DocumentKind.RECORD,
        texts("title"),
        texts("meaning", name=prescriber_name(subject)),
        tuple(blocks),
        texts,
    )


# -- decision ----------------------------------------------------------------------------------


def _decision(subject: Subject, texts: Texts, decision: DecisionChoice) -> list[Block]:
    made, seen = subject.appraisal, subject.consultation
    level = made.triage.level.name
    pairs = [
        (
            texts("decision.visit"),
            texts(
                "decision.visit_value",
                visit=number(seen.visit),
                day=day(local(subject, seen.submitted_at).date()),
                triage=texts.either(f"triage.{level}", level),
            ),
        )
    ]
    if decision.indication:
        pairs.append(
            (
                texts("decision.indication"),
                texts(
                    "decision.indication_value",
                    indication=decision.indication,
                    icd10=decision.icd10,
                ),
            )
        )
    if decision.kind is DecisionKind.PRESCRIBE:
        lead, medicine_pairs = _medicines(subject, texts)
        pairs += medicine_pairs
    elif decision.kind in WITHOUT_MEDICINE:
        lead, detail_pairs = _detail(subject, texts, decision)
        pairs += detail_pairs
    else:
        lead = texts("decision.start_work_up")
        pairs.append((texts("decision.bridge"), decision.bridge or texts("none")))
    if made.plan is not None:
        pairs.append(
            (
                texts("decision.plan"),
                texts(
                    "decision.plan_value",
                    protocol=made.plan.protocol,
                    edition=made.plan.edition,
                    points=number(len(made.plan.tests)),
                    ends=day(made.plan.ends),
                ),
            )
        )
    pairs += _own_protocol(subject, texts)
    if made.rems is not None:
        pairs.append((texts("decision.rems"), _rems(subject, texts)))
    numbers = ", ".join(subject.numbers[kind] for kind in DocumentKind if kind in subject.numbers)
    pairs.append((texts("decision.documents"), numbers))
    items = tuple(("", f"{label}:", value) for label, value in pairs)
    return [Heading(texts("decision.heading")), Paragraph(lead, "lead"), Entries(items)]


def _own_protocol(subject: Subject, texts: Texts) -> list[tuple[str, str]]:
    """What the clinician's own protocol asks for, so that its plan can be told later."""
    shown = subject.appraisal.protocol
    if shown is None or shown.in_force.id != CUSTOM:
        return []
    own, named = shown.in_force, subject.catalogue.tests
    days = number(own.during_days)

    def listing(tests: tuple[str, ...]) -> str:
        return ", ".join(named[test].name for test in tests)

    value = texts(
        "own_protocol.value",
        baseline=listing(own.baseline),
        during=listing(own.during),
        days=days,
        start=texts(f"own_protocol.{own.during_from}"),
        repeat=texts("own_protocol.repeat", days=days)
        if own.monthly
        else texts("own_protocol.once"),
    )
    return [(texts("own_protocol.label"), value)]


def _detail(
    subject: Subject, texts: Texts, decision: DecisionChoice
) -> tuple[str, list[tuple[str, str]]]:
    """A decision without medicine: its reason in full, which the letters may leave out."""
    detail, reason = chosen(subject)
    pairs = [(texts("decision.reason"), reason.label)]
    if reason.when:
        pairs.append((texts("decision.when"), reason.when))
    if detail.last_dose is not None and decision.kind in ENDS_TREATMENT:
        pairs.append((texts("decision.last_dose"), day(detail.last_dose)))
    if detail.text.strip():
        pairs.append((texts("decision.text"), detail.text.strip()))
    if reason.steps:
        pairs.append((texts("decision.steps"), "; ".join(reason.steps)))
    return texts(f"decision.{decision.kind.value}"), pairs


def _rems(subject: Subject, texts: Texts) -> str:
    rems = subject.appraisal.rems
    if rems is None:
        raise incomplete("rems")
    last, category = rems.last_pick_up, rems.category
    spoken = texts("unknown") if category is None else category.value
    return texts(
        "decision.rems_value",
        rules=rems.rules,
        state=texts.either(f"rems_state.{rems.state}", rems.state),
        category=texts.either(f"category.{spoken}", spoken),
        day=texts("unknown") if last is None else day(last),
    )


def _medicines(subject: Subject, texts: Texts) -> tuple[str, list[tuple[str, str]]]:
    """The lead and the pairs of everything in the basket, isotretinoin first."""
    made = subject.appraisal
    leads: list[str] = []
    pairs: list[tuple[str, str]] = []
    if made.regimen is not None or not made.directed:
        lead, pairs = _regimen(subject, texts)
        leads.append(lead)
    for item in made.directed:
        found = directions.resolve(item, subject.catalogue.directed)
        if found is None:
            raise incomplete("product")
        name = f"{found.product.name} {item.strength}"
        leads.append(texts("decision.prescribe_directed", medicine=name))
        said = texts(
            "decision.directed_value",
            directions=directions.sentence(item, found),
            quantity=number(item.quantity),
            unit=found.product.unit,
            days=number(item.days),
            refills=number(item.refills),
            substitution=texts(
                "decision.generic" if item.substitution_permitted else "decision.as_written"
            ),
        )
        pairs.append((name, said))
    return " ".join(leads), pairs


def _regimen(subject: Subject, texts: Texts) -> tuple[str, list[tuple[str, str]]]:
    regimen, dose = subject.appraisal.regimen, subject.appraisal.dose
    if regimen is None or dose is None:
        raise incomplete("regimen")
    medicine = subject.catalogue.medicines[regimen.medicine]
    product = next((p.name for p in medicine.products if p.id == regimen.product), regimen.product)
    lead = texts(
        "decision.prescribe",
        medicine=medicine.name,
        daily=amount(dose.daily, "mg"),
        days=number(dose.supply_days),
        per_kg=amount(rounded(dose.per_kg), "mg/kg"),
    )

    def capsules(strengths: tuple[Decimal, ...]) -> str:
        return ", ".join(amount(s, "mg") for s in strengths) or texts("decision.nothing")

    pairs = [
        (
            texts("decision.schedule"),
            texts(
                "decision.schedule_value",
                morning=capsules(regimen.morning),
                evening=capsules(regimen.evening),
            ),
        ),
        (
            texts("decision.product"),
            texts("decision.product_value", product=product, formulation=regimen.formulation),
        ),
        (
            texts("decision.weight"),
            texts(
                "decision.weight_value", weight=amount(dose.weight, "kg"), day=day(dose.weight_on)
            ),
        ),
    ]
    ledger = subject.appraisal.ledger
    if ledger is not None:
        pairs.append(
            (
                texts("decision.ledger"),
                texts(
                    "decision.ledger_value",
                    given=amount(rounded(ledger.given), "mg"),
                    per_kg=amount(rounded(ledger.given_per_kg), "mg/kg"),
                    by_visit=amount(rounded(ledger.given_per_kg_by_visit), "mg/kg"),
                    low=number(rounded(ledger.target_low)),
                    high=amount(rounded(ledger.target_high), "mg"),
                ),
            )
        )
        if ledger.days_left is not None:
            pairs.append((texts("decision.days_left"), number(ledger.days_left)))
    pairs += supplies(subject, texts)
    return lead, pairs


# -- severity ----------------------------------------------------------------------------------


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
