"""The prescription: what a pharmacist needs, and nothing else of the consultation."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from workstation.content.documents import Texts, read_texts
from workstation.domain.documents import (
    Block,
    BoxedFields,
    Dispense,
    Document,
    DocumentKind,
    Fields,
    Heading,
    MedicineLine,
    Paragraph,
    Prescribed,
    Table,
)
from workstation.domain.dosing import DosePlan, Medicine, Product
from workstation.domain.draft import DecisionChoice, Regimen
from workstation.domain.errors import WorkstationError
from workstation.domain.indications import off_label_use
from workstation.domain.prescription import lint
from workstation.domain.rems import Category, RemsTimeline
from workstation.workflow.subject import (
    LANGUAGE,
    MIDDLE_DOT,
    MINOR,
    Subject,
    document,
    incomplete,
    patient_state,
    prescriber_name,
    prescriber_words,
)
from workstation.workflow.written import (
    amount,
    day,
    figures_and_words,
    listed,
    number,
    plain,
    unbroken,
    words,
)

if TYPE_CHECKING:
    from workstation.workflow.appraisal import Appraisal

# A regimen carries no refills: each supply is a prescription of its own.
NO_REFILLS = 0
ROWS_WIDE = 3  # more strengths stand closer together: a prescription is one page


def prescription(subject: Subject) -> Document:
    """The prescription of the regimen drafted.

    Raises:
        WorkstationError: ``document.subject.incomplete`` without decision, regimen or dose;
            ``document.directions.faulty`` when the composed directions break the lint rules.
    """
    texts = read_texts(DocumentKind.PRESCRIPTION.value, LANGUAGE)
    made: Appraisal = subject.appraisal
    decision, regimen, dose = made.decision, made.regimen, made.dose
    if decision is None or regimen is None or dose is None:
        raise incomplete("regimen")
    medicine = subject.catalogue.medicines[regimen.medicine]
    product = next((p for p in medicine.products if p.id == regimen.product), None)
    if product is None:
        raise incomplete("product")
    blocks: list[Block] = [
        _medicine_line(subject, texts, medicine, product, regimen, dose),
        _dispense(texts, medicine, dose),
        _terms(texts, medicine, regimen, made.rems, subject),
        _substitution(texts, product, regimen),
    ]
    if product.name.casefold() != medicine.name.casefold():
        blocks.append(Fields(((texts("medicine.product"), product.name),), indent=True))
    blocks += _indication(texts, decision, medicine, subject)
    if medicine.rems:
        blocks += _pharmacist(texts, made, subject)
    blocks += end_of_prescription(subject, texts)
    return document(
        subject,
        DocumentKind.PRESCRIPTION,
        texts("title"),
        texts("meaning", name=prescriber_name(subject)),
        tuple(blocks),
        texts,
        prescribed=Prescribed(
            tuple(
                Dispense(
                    f"{medicine.name} {amount(strength, 'mg')}",
                    count,
                    form_words(texts, medicine.form, count),
                    dose.supply_days,
                    NO_REFILLS,
                )
                for strength, count in dose.dispense
            ),
            None if made.rems is None or not medicine.rems else made.rems.last_pick_up,
            subject.consultation.patient.born,
        ),
    )


def dose_words(texts: Texts, regimen: Regimen, product: Product) -> str:
    """``10 mg every morning and 20 mg every evening, with food``."""
    parts = tuple(
        texts(key, amount=amount(sum(capsules, Decimal(0)), "mg"))
        for key, capsules in (
            ("medicine.every_morning", regimen.morning),
            ("medicine.every_evening", regimen.evening),
        )
        if capsules
    )
    return listed(parts, texts("and")) + _food(texts, product)


def directions(texts: Texts, medicine: Medicine, regimen: Regimen, product: Product) -> str:
    """The whole instruction in plain English."""
    key = (
        "take_both"
        if regimen.morning and regimen.evening
        else ("take_morning" if regimen.morning else "take_evening")
    )
    return texts(
        f"medicine.{key}",
        morning=_capsules(texts, medicine, regimen.morning),
        evening=_capsules(texts, medicine, regimen.evening),
        route=texts.either(f"route.{medicine.route}", medicine.route),
        food=_food(texts, product),
    )


def _food(texts: Texts, product: Product) -> str:
    return texts("medicine.with_food" if product.with_food else "medicine.without_food")


def form_words(texts: Texts, form: str, count: int) -> str:
    """The form in the singular or plural."""
    one, several = texts.each(f"form.{form}")
    return one if count == 1 else several


def _capsules(texts: Texts, medicine: Medicine, strengths: tuple[Decimal, ...]) -> str:
    counted = sorted(Counter(strengths).items())
    return listed(
        tuple(
            f"{words(n)} {amount(strength, 'mg')} {form_words(texts, medicine.form, n)}"
            for strength, n in counted
        ),
        texts("and"),
    )


def _medicine_line(
    subject: Subject,
    texts: Texts,
    medicine: Medicine,
    product: Product,
    regimen: Regimen,
    dose: DosePlan,
) -> MedicineLine:
    spoken = directions(texts, medicine, regimen, product)
    dosed = dose_words(texts, regimen, product)
    faults = tuple(
        sorted({c for t in (spoken, dosed) for c in lint(plain(t), subject.catalogue.lint)})
    )
    if faults:
        raise WorkstationError("document.directions.faulty", codes=" ".join(faults))
    return MedicineLine(
        name=medicine.name,
        attributes=(
            form_words(texts, medicine.form, 1),
            medicine.route,
            texts.either(f"formulation.{product.formulation}", product.formulation),
        ),
        dose=dosed,
        daily=texts(
            "medicine.daily_value",
            daily=amount(dose.daily, "mg"),
            per_kg=amount(dose.per_kg, "mg/kg"),
            weight=amount(dose.weight, "kg"),
            day=day(dose.weight_on),
        ),
        directions=spoken,
        labels=(texts("medicine.dose"), texts("medicine.directions"), texts("medicine.daily")),
    )


def _dispense(texts: Texts, medicine: Medicine, dose: DosePlan) -> Table:
    return Table(
        header=(texts("dispense.strength"), texts("dispense.quantity"), texts("dispense.supply")),
        rows=tuple(
            (
                texts(
                    "dispense.strength_value",
                    strength=amount(strength, "mg"),
                    form=form_words(texts, medicine.form, 1),
                ),
                texts(
                    "dispense.quantity_value",
                    count=figures_and_words(count),
                    form=form_words(texts, medicine.form, count),
                ),
                texts("dispense.supply_value", days=number(dose.supply_days)),
            )
            for strength, count in dose.dispense
        ),
        widths=(0.3, 0.42, 0.28),
        indent=True,
        dense=len(dose.dispense) > ROWS_WIDE,
    )


def _terms(
    texts: Texts, medicine: Medicine, regimen: Regimen, rems: RemsTimeline | None, subject: Subject
) -> Fields:
    pairs = [
        (texts("terms.refills"), figures_and_words(NO_REFILLS)),
    ]
    if medicine.rems:
        pairs.append((texts("terms.last_pick_up"), _last_pick_up(texts, rems, subject)))
    return Fields(tuple(pairs), columns=3, indent=True)


def _substitution(texts: Texts, product: Product, regimen: Regimen) -> Fields:
    """One sentence that says both: what may stand for this product, and what may never.

    "Not interchangeable" is said of product classes and "substitution" of generics within one: side
    by side a pharmacist could read the one as the other.
    """
    shown = texts.either(f"formulation.{product.formulation}", product.formulation)
    others = tuple(
        text
        for key, text in texts.by_key.items()
        if key.startswith("formulation.") and isinstance(text, str) and text != shown
    )
    said = texts(
        "terms.permitted" if regimen.substitution_permitted else "terms.not_permitted",
        product=product.name,
        formulation=shown,
        others=listed(others, texts("or")),
    )
    return Fields(((texts("terms.substitution"), said),), indent=True)


def has_no_window(subject: Subject, rems: RemsTimeline | None) -> bool:
    """Whether the rule set itself sets no last pick-up day for this patient's category."""
    if rems is None or rems.category is not Category.CANNOT:
        return False
    rules = subject.catalogue.rems.get(rems.rules)
    return rules is not None and rules.window_cannot_days is None


def _last_pick_up(texts: Texts, rems: RemsTimeline | None, subject: Subject) -> str:
    if rems is not None and rems.last_pick_up is not None:
        return day(rems.last_pick_up)
    return texts(
        "terms.no_last_pick_up" if has_no_window(subject, rems) else "terms.unknown_last_pick_up"
    )


def _indication(
    texts: Texts, decision: DecisionChoice, medicine: Medicine, subject: Subject
) -> tuple[Block, ...]:
    value = texts("indication.value", indication=decision.indication, icd10=decision.icd10)
    listed, acne = subject.catalogue.indications, subject.appraisal.acne
    if off_label_use(listed, decision, medicine.id, acne=acne):
        value = f"{value} {texts('indication.off_label')}"
    return (Heading(texts("indication.heading")), Paragraph(value))


def _pharmacist(texts: Texts, made: Appraisal, subject: Subject) -> tuple[Block, ...]:
    rems = made.rems
    category = None if rems is None else rems.category
    after = texts("pharmacist.no_after")
    if rems is not None and rems.last_pick_up is not None:
        after = texts("pharmacist.after", day=day(rems.last_pick_up))
    elif has_no_window(subject, rems):
        after = texts("pharmacist.no_limit")
    if category is Category.CAN:
        spoken = texts("pharmacist.can", test=_test_words(texts, made), after=after)
    elif category is Category.CANNOT:
        spoken = texts("pharmacist.cannot", after=after)
    else:
        spoken = texts("pharmacist.unknown")
    rems_id = subject.consultation.patient.rems_id
    return (
        Heading(texts("pharmacist.heading")),
        Paragraph(f"{spoken} {texts('pharmacist.sharing')}"),
        BoxedFields(
            (
                (texts("pharmacist.rma"), ""),
                (texts("pharmacist.rems_id"), rems_id or texts("pharmacist.rems_id_none")),
            )
        ),
    )


def _test_words(texts: Texts, made: Appraisal) -> str:
    """The test that opened the window; a minor's page, which a guardian may carry, gives its day
    alone, as the order to dispense already says that it was negative."""
    result = made.facts.value("pregnancy.test.result")
    taken = made.facts.get("pregnancy.test.on")
    if not isinstance(result, str) or taken is None or not isinstance(taken.value, date):
        return texts("pharmacist.no_test")
    spoken = texts.either(f"result.{result}", "")
    if not spoken:
        return texts("pharmacist.no_test")
    if result == "negative" and made.facts.value(MINOR) is True:
        return texts("pharmacist.test_of_minor", day=day(taken.value))
    return texts("pharmacist.test", day=day(taken.value), result=spoken)


def allergies(subject: Subject) -> str:
    """Allergies as recorded, and which of the capsule's own were asked and denied."""
    texts = read_texts(DocumentKind.PRESCRIPTION.value, LANGUAGE)
    recorded = subject.consultation.patient.allergies
    answered = subject.appraisal.facts.value("allergies.known")
    spec = subject.catalogue.facts.get("allergies.known")
    labels = dict(spec.choices) if spec is not None else {}
    if recorded is None and not isinstance(answered, tuple):
        return texts("allergies.unknown")
    known = [*(recorded or ())]
    chosen = answered if isinstance(answered, tuple) else ()
    seen = {name.casefold() for name in known}
    known += [
        labels.get(str(c), str(c))
        for c in chosen
        if str(c).casefold() not in seen and labels.get(str(c), "").casefold() not in seen
    ]
    first = (
        texts("allergies.listed", allergies="; ".join(known)) if known else texts("allergies.none")
    )
    if not isinstance(answered, tuple):
        return first
    mentioned = " ".join(known).casefold()
    denied = tuple(
        name
        for name in texts.each("allergies.special")
        if name not in chosen and name not in mentioned
    )
    return f"{first} {texts('allergies.asked', names=', '.join(denied))}" if denied else first


def end_of_prescription(subject: Subject, texts: Texts) -> tuple[Block, ...]:
    """Allergies and pharmacy, who prescribes, and how the page may be used."""
    return (
        _patient_fields(subject),
        Heading(texts("prescriber.heading")),
        Paragraph(prescriber_words(subject)),
        Paragraph(_transmission(subject), "small"),
    )


def _patient_fields(subject: Subject) -> Fields:
    """Allergies, and the patient's pharmacy when one is recorded."""
    texts = read_texts(DocumentKind.PRESCRIPTION.value, LANGUAGE)
    pairs = [(texts("allergies.heading"), allergies(subject))]
    chosen = subject.draft.pharmacy
    if chosen is not None:
        parts = (chosen.name, chosen.address, unbroken(chosen.phone))
        said = f" {MIDDLE_DOT} ".join(part for part in parts if part)
        pairs.append((texts("pharmacy.heading"), said))
    return Fields(tuple(pairs))


def _transmission(subject: Subject) -> str:
    """How the page may be used: a record where a state of patient or clinic mandates electronic."""
    texts = read_texts(DocumentKind.PRESCRIPTION.value, LANGUAGE)
    law = subject.catalogue.prescription
    states = (law.state(patient_state(subject)), law.state(subject.clinic.state.upper()))
    electronic = any(state is not None and state.electronic_only for state in states)
    return texts("transmission.electronic" if electronic else "transmission.paper")
