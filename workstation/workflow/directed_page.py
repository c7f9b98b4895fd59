"""The prescription of the medicines prescribed by directions: every item as a pharmacist needs it."""

from __future__ import annotations

from workstation.content.documents import Texts, read_texts
from workstation.domain import directions
from workstation.domain.directions import Resolved
from workstation.domain.documents import (
    Block,
    Dispense,
    Document,
    DocumentKind,
    Fields,
    Heading,
    MedicineLine,
    Paragraph,
    Prescribed,
)
from workstation.domain.draft import DecisionChoice, Directed
from workstation.domain.errors import WorkstationError
from workstation.domain.indications import off_label_use
from workstation.domain.prescription import lint
from workstation.workflow.prescription_page import end_of_prescription
from workstation.workflow.subject import (
    LANGUAGE,
    Subject,
    document,
    incomplete,
    prescriber_name,
)
from workstation.workflow.written import (
    NO_BREAK_SPACE,
    amount,
    day,
    figures_and_words,
    number,
    plain,
    words,
)


def directed_prescription(subject: Subject) -> Document:
    """The prescription of every medicine of the basket that is taken by directions.

    Raises:
        WorkstationError: ``document.subject.incomplete`` without decision or medicine;
            ``document.directions.faulty`` when the composed directions break the lint rules.
    """
    texts = read_texts(DocumentKind.PRESCRIPTION_DIRECTED.value, LANGUAGE)
    made = subject.appraisal
    if made.decision is None or not made.directed:
        raise incomplete("medicine")
    blocks: list[Block] = []
    items: list[Dispense] = []
    for place, item in enumerate(made.directed, 1):
        found = directions.resolve(item, subject.catalogue.directed)
        if found is None:
            raise incomplete("product")
        if len(made.directed) > 1:
            many = texts("item", number=str(place), count=str(len(made.directed)))
            blocks.append(Heading(many))
        line = _line(subject, texts, item, found)
        blocks += [line, *_terms(subject, texts, item, found)]
        whole, unit = _quantity(texts, item, found)
        items.append(Dispense(f"{line.name} {item.strength}", whole, unit, item.days, item.refills))
    blocks += _indication(subject, texts, made.decision)
    blocks += end_of_prescription(subject, texts)
    return document(
        subject,
        DocumentKind.PRESCRIPTION_DIRECTED,
        texts("title"),
        texts("meaning", name=prescriber_name(subject)),
        tuple(blocks),
        texts,
        prescribed=Prescribed(
            tuple(items),
            subject.catalogue.terms.last_fill(subject.issued),
            subject.consultation.patient.born,
        ),
    )


def quantity_words(texts: Texts, item: Directed, found: Resolved) -> str:
    """``30 (thirty) tablets``, or ``45 g (one tube of 45 g ...)`` with figures and words."""
    whole, unit = _quantity(texts, item, found)
    several = texts.each(f"unit.{found.product.unit}")[1]
    spoken = f"{figures_and_words(whole)}{NO_BREAK_SPACE}{unit}"
    packs = directions.packs_of(item.quantity, found.product.packs)
    if not packs:
        return spoken
    made = " + ".join(
        texts("terms.packs", count=str(n), size=number(size), unit=several) for n, size in packs
    )
    return f"{spoken} ({made})"


def _quantity(texts: Texts, item: Directed, found: Resolved) -> tuple[int, str]:
    """How many, and of what, in the singular or plural."""
    whole = int(item.quantity)
    if item.quantity != whole:
        raise incomplete("quantity")
    one, several = texts.each(f"unit.{found.product.unit}")
    return whole, one if whole == 1 else several


def _line(subject: Subject, texts: Texts, item: Directed, found: Resolved) -> MedicineLine:
    said = directions.sentence(item, found)
    dosed = directions.dose_words(item, found)
    name = found.product.name if found.product.brand else found.medicine.name
    faults = {
        code
        for text in (said, dosed, name, item.strength)
        for code in lint(plain(text), subject.catalogue.lint)
    }
    if faults:
        raise WorkstationError("document.directions.faulty", codes=" ".join(sorted(faults)))
    daily = directions.daily_amount(item, found)
    return MedicineLine(
        name=name,
        attributes=(item.strength, found.product.form, _route(texts, found)),
        dose=dosed,
        daily="" if daily is None else amount(daily, "mg"),
        directions=said,
        labels=(texts("medicine.dose"), texts("medicine.directions"), texts("medicine.daily")),
    )


def _route(texts: Texts, found: Resolved) -> str:
    return texts.either(f"route.{found.product.route}", found.product.route)


def _terms(subject: Subject, texts: Texts, item: Directed, found: Resolved) -> list[Block]:
    by = subject.catalogue.terms.last_fill(subject.issued)
    counted = Fields(
        (
            (texts("terms.dispense"), quantity_words(texts, item, found)),
            (
                texts("terms.supply"),
                texts("terms.days", days=number(item.days), words=words(item.days)),
            ),
            (texts("terms.refills"), figures_and_words(item.refills)),
            (texts("terms.first_fill"), day(by)),
        ),
        columns=2,
        indent=True,
    )
    product = found.product.name
    pairs = [
        (
            texts("terms.substitution"),
            texts("terms.permitted")
            if item.substitution_permitted
            else texts("terms.not_permitted", product=product),
        )
    ]
    if product.casefold() not in (
        found.medicine.name.casefold(),
        f"{found.medicine.name} {found.product.form}".casefold(),
    ):
        pairs.append((texts("terms.product"), product))
    return [counted, Fields(tuple(pairs), indent=True)]


def _indication(subject: Subject, texts: Texts, decision: DecisionChoice) -> list[Block]:
    said = texts("indication.value", indication=decision.indication, icd10=decision.icd10)
    made, names = subject.appraisal, []
    for item in made.directed:
        found = directions.resolve(item, subject.catalogue.directed)
        parts = () if found is None else found.product.components
        off = any(
            off_label_use(subject.catalogue.indications, decision, part, acne=made.acne)
            for part in parts
        )
        if off and found is not None:
            names.append(found.medicine.name)
    if names:
        said = f"{said} {texts('indication.off_label', names=', '.join(dict.fromkeys(names)))}"
    return [Heading(texts("indication.heading")), Paragraph(said)]
