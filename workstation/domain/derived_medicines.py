"""Computed facts of medicines: what is taken, what the basket adds, and what its products answer."""

from __future__ import annotations

from workstation.domain.clinical_case import Case
from workstation.domain.consultation import RequestKind
from workstation.domain.directions import components_of, properties_of, taken_with
from workstation.domain.draft import DecisionKind, Directed
from workstation.domain.facts import FactKind, Facts, FactSpec, FactValue, Origin
from workstation.domain.patient import Sex
from workstation.domain.rems_windows import end_of_course

ISOTRETINOIN = "isotretinoin"
_ON_COURSE = frozenset({RequestKind.ISOTRETINOIN_MONTH, RequestKind.ISOTRETINOIN_END})
_FOLDED: dict[str, tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str, str], ...]]] = {}


def listed(case: Case, facts: Facts) -> dict[str, FactValue]:
    """Allergies and medicines of the patient's record added to what was answered."""
    values: dict[str, FactValue] = {}
    patient = case.consultation.patient
    for name, texts in (
        ("allergies.known", patient.allergies),
        ("medicines.now", patient.medicines),
    ):
        answered = facts.get(name)
        if answered is None or not texts or not isinstance(answered.value, tuple):
            continue
        if answered.origin is Origin.CLINICIAN:
            continue
        spec = case.catalogue.facts[name]
        named = [_named(text, spec) for text in texts]
        found = {code for codes in named for code in codes}
        if not all(named) and spec.accepts(("other",)):
            found.add("other")
        if not found <= set(answered.value):
            values[name] = (*answered.value, *sorted(found - set(answered.value)))
    return values


def medicines(case: Case, facts: Facts) -> dict[str, FactValue]:
    """The basket of this signing, and what it adds to the medicines the patient takes.

    Every medicine is checked against the current list and against the others of the same signing:
    rules that read the current list read the basket with it. Isotretinoin is the exception: being
    on it is a course of its own, which the basket's own fact and ``course.on_isotretinoin`` say.
    """
    decision = case.decision
    work_up = decision is not None and decision.kind is DecisionKind.START_WORK_UP
    directed = () if work_up else case.directed
    listed = case.catalogue.directed
    basket = [case.regimen.medicine] if case.regimen is not None else []
    basket += components_of(directed, listed)
    if work_up and decision is not None and decision.bridge:
        basket.append(decision.bridge)
    known = {code for code, _ in case.catalogue.facts["medicines.basket"].choices}
    taken = facts.value("medicines.now")
    values: dict[str, FactValue] = {
        "medicines.basket": tuple(dict.fromkeys(m for m in basket if m in known)),
        "prescription.products": properties_of(directed, listed),
        "course.on_isotretinoin": bool(case.consultation.dispensed)
        or case.consultation.request in _ON_COURSE
        or (isinstance(taken, tuple) and ISOTRETINOIN in taken)
        or _just_ended(case),
    }
    added = taken_with(directed, listed)
    if isinstance(taken, tuple) and not set(added) <= set(taken):
        values["medicines.now"] = tuple(dict.fromkeys((*taken, *added)))
    return values | _of_the_choice(case, facts, directed, added)


def _just_ended(case: Case) -> bool:
    """Whether a course that ended here still concerns a pregnancy or a side effect of today."""
    days = (end_of_course(case.rems, one.last_dose) for one in case.consultation.ended)
    return any(case.today <= after.contraception_through for after in days)


def _of_the_choice(
    case: Case, facts: Facts, directed: tuple[Directed, ...], added: tuple[str, ...]
) -> dict[str, FactValue]:
    """What the chosen products answer by themselves, unless somebody answered it.

    A medicine that is not among those taken now is taken for no month yet; nothing the formulary
    holds is compounded; and for whom spironolactone is meant stands in the record.
    """
    values: dict[str, FactValue] = {}
    taken, sex = facts.value("medicines.now"), case.consultation.patient.sex
    acne = facts.value("indication.acne")
    new = isinstance(taken, tuple) and not {
        *added,
        *components_of(directed, case.catalogue.directed),
    } & {*taken}
    if directed and new:
        values["treatment.months"] = 0
    if directed:
        values["treatment.compounded"] = False
    if sex is Sex.FEMALE:
        values["patient.male_pattern"] = False
    elif sex is Sex.MALE and isinstance(acne, bool):
        values["patient.male_pattern"] = acne
    return {name: value for name, value in values.items() if name not in facts}


def _named(text: str, spec: FactSpec) -> tuple[str, ...]:
    """Choices of ``spec`` whose words occur in a free text, whatever the case."""
    assert spec.kind is FactKind.CHOICES
    words = text.casefold().replace("-", " ")
    return tuple([code for code, one, other in _folded(spec) if one in words or other in words])


def _folded(spec: FactSpec) -> tuple[tuple[str, str, str], ...]:
    """Each choice with its code and its label as words without capitals."""
    known = _FOLDED.get(spec.name)
    if known is None or known[0] is not spec.choices:
        folded = tuple(
            (code, code.replace("_", " ").casefold(), label.casefold())
            for code, label in spec.choices
        )
        known = _FOLDED[spec.name] = spec.choices, folded
    return known[1]
