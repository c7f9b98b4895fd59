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
)
from workstation.domain.draft import DecisionChoice, DecisionKind
from workstation.domain.protocols import CUSTOM
from workstation.workflow.letters import chosen
from workstation.workflow.record_evidence import checks, evidence, findings
from workstation.workflow.record_rems import rems_entries
from workstation.workflow.record_severity import severity
from workstation.workflow.record_supplies import supplies
from workstation.workflow.subject import (
    LANGUAGE,
    Subject,
    bridge_words,
    document,
    incomplete,
    local,
    prescriber_name,
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
        *severity(subject, texts),
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
        pairs.append((texts("decision.bridge"), bridge_words(subject) or texts("none")))
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
