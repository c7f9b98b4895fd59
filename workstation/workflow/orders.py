"""What signed documents order, as values for other programs: medicines, tests, days.

They come from the draft as it was signed. While an amendment is open the draft is on its way to
something else, and a document that is amended or void orders nothing: then there are none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from workstation.content.documents import read_texts
from workstation.domain import directions, units
from workstation.domain.consultation import Consultation
from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.draft import DecisionKind, Directed, Draft, Regimen
from workstation.domain.orders import EVENING, MORNING, Dose, MedicationOrder, Orders
from workstation.workflow import plan_calendar
from workstation.workflow.appraisal import appraise
from workstation.workflow.desk import Desk
from workstation.workflow.ports import ReadUnit
from workstation.workflow.prescription_page import NO_REFILLS, form_words
from workstation.workflow.prescription_page import directions as spoken
from workstation.workflow.retold import as_signed, day_of
from workstation.workflow.subject import LANGUAGE
from workstation.workflow.written import amount, plain

PRESCRIPTIONS = frozenset({DocumentKind.PRESCRIPTION, DocumentKind.PRESCRIPTION_DIRECTED})


def of_document(desk: Desk, unit: ReadUnit, document: SignedDocument) -> Orders | None:
    """What one document orders; None for a kind that orders nothing, and while nothing holds."""
    if document.kind not in PRESCRIPTIONS and document.kind is not DocumentKind.MONITORING_PLAN:
        return None
    if unit.document_end(document.id) is not None:
        return None
    consultation = unit.consultation(document.consultation)
    if consultation is None or unit.amendment(document.consultation) is not None:
        return None
    draft = unit.history(document.consultation).draft
    decision = draft.decision
    made = Orders(
        document,
        consultation,
        unit.user(document.signer),
        unit.clinic(),
        decision.icd10 if decision is not None else "",
        decision.indication if decision is not None else "",
    )
    if document.kind is DocumentKind.MONITORING_PLAN:
        return _plan(desk, unit, made)
    ordered = medications(desk, unit, consultation, draft, (document,))
    return replace(made, medications=ordered) if ordered else None


def medications(
    desk: Desk,
    unit: ReadUnit,
    consultation: Consultation,
    draft: Draft,
    documents: tuple[SignedDocument, ...],
) -> tuple[MedicationOrder, ...]:
    """Every product on these prescriptions of a consultation, as drafted when they were signed."""
    decision = draft.decision
    if decision is None or decision.kind is not DecisionKind.PRESCRIBE:
        return ()
    found: list[MedicationOrder] = []
    for document in documents:
        if document.kind is DocumentKind.PRESCRIPTION:
            found += _regimen(desk, unit, consultation, draft, document)
        elif document.kind is DocumentKind.PRESCRIPTION_DIRECTED:
            found += _directed(desk, unit, draft, document)
    return tuple(
        replace(one, indication=decision.indication, icd10=decision.icd10) for one in found
    )


def _regimen(
    desk: Desk,
    unit: ReadUnit,
    consultation: Consultation,
    draft: Draft,
    document: SignedDocument,
) -> list[MedicationOrder]:
    """One order for each strength: a pharmacy dispenses packages, not doses."""
    then = as_signed(desk, unit, consultation, draft, document)
    appraisal = appraise(then.consultation, then.draft, then.past, then.situation)
    issued = then.situation.today
    regimen = appraisal.regimen
    medicine = None if regimen is None else desk.catalogue.medicines.get(regimen.medicine)
    if regimen is None or medicine is None:
        return []
    product = next((p for p in medicine.products if p.id == regimen.product), None)
    if product is None:
        return []
    texts = read_texts(DocumentKind.PRESCRIPTION.value, LANGUAGE)
    by = appraisal.rems.last_pick_up if appraisal.rems is not None and medicine.rems else None
    counted = Counter(regimen.morning) + Counter(regimen.evening)
    codes = dict(product.rxnorm)
    made = []
    for strength, daily in sorted(counted.items()):
        part = _of_strength(regimen, strength)
        doses = ((MORNING, part.morning), (EVENING, part.evening))
        quantity = daily * regimen.supply_days
        made.append(
            MedicationOrder(
                document=document.number,
                key=f"{medicine.id}-{strength}-mg",
                name=plain(f"{medicine.name} {amount(strength, 'mg')}"),
                rxnorm=codes.get(units.plain(strength), ""),
                form=f"{form_words(texts, medicine.form, 1)}, {product.formulation}",
                route=medicine.route,
                sig=plain(spoken(texts, medicine, part, product)),
                doses=tuple(Dose(when, sum(s, Decimal(0))) for when, s in doses if s),
                quantity=quantity,
                unit=form_words(texts, medicine.form, quantity),
                days=regimen.supply_days,
                refills=NO_REFILLS,
                substitution=regimen.substitution_permitted,
                issued=issued,
                dispense_by=by,
                indication="",
                icd10="",
            )
        )
    return made


def _of_strength(regimen: Regimen, strength: Decimal) -> Regimen:
    return replace(
        regimen,
        morning=tuple(one for one in regimen.morning if one == strength),
        evening=tuple(one for one in regimen.evening if one == strength),
    )


def _directed(
    desk: Desk, unit: ReadUnit, draft: Draft, document: SignedDocument
) -> list[MedicationOrder]:
    texts = read_texts(DocumentKind.PRESCRIPTION_DIRECTED.value, LANGUAGE)
    issued = day_of(unit, document)
    made = []
    for item in (one for one in draft.items.values() if isinstance(one, Directed)):
        found = directions.resolve(item, desk.catalogue.directed)
        if found is None:
            continue
        name = found.product.name if found.product.brand else found.medicine.name
        one, several = texts.each(f"unit.{found.product.unit}")
        made.append(
            MedicationOrder(
                document=document.number,
                key=item.medicine,
                name=plain(f"{name} {item.strength}"),
                rxnorm="",
                form=found.product.form,
                route=found.product.route,
                sig=plain(directions.sentence(item, found)),
                doses=(),
                quantity=int(item.quantity),
                unit=one if item.quantity == 1 else several,
                days=item.days,
                refills=item.refills,
                substitution=item.substitution_permitted,
                issued=issued,
                dispense_by=desk.catalogue.terms.last_fill(issued),
                indication="",
                icd10="",
            )
        )
    return made


def _plan(desk: Desk, unit: ReadUnit, made: Orders) -> Orders | None:
    """The plan with its days; an earlier one than the patient's newest holds no more."""
    signed = unit.board.plan_of(made.consultation.patient.id)
    if signed is None or signed.consultation != made.document.consultation:
        return None
    number = made.document.number
    minor = plan_calendar.is_minor(desk, unit, signed.consultation)
    return replace(
        made,
        plan=signed.plan,
        tests=desk.catalogue.tests,
        days=plan_calendar.entries(signed.plan, desk.catalogue, number, made.clinic, minor=minor),
        calendar_name=plan_calendar.name_of(number),
        fasting=read_texts(DocumentKind.MONITORING_PLAN.value, LANGUAGE)("order.fasting"),
    )
