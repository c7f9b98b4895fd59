"""The basket of a consultation: what would be prescribed, whose rules are asked, what a page lacks.

A basket holds at most one regimen of capsules (isotretinoin) and any number of medicines prescribed
by directions. All of them are judged together; nothing that is in the draft is ever left out.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workstation.domain import directions
from workstation.domain.decisions import ENDS_TREATMENT
from workstation.domain.draft import DecisionChoice, DecisionKind, Directed, Regimen
from workstation.domain.indications import settled
from workstation.domain.prescription import (
    UNSIGNED,
    Prescription,
    check,
)
from workstation.workflow.recall import Recall

if TYPE_CHECKING:
    from workstation.content.catalogue import Catalogue
    from workstation.domain.accounts import ClinicProfile, User
    from workstation.domain.clinical_case import Case
    from workstation.domain.consultation import Consultation
    from workstation.domain.facts import Facts

ISOTRETINOIN = "isotretinoin"
OF_A_COURSE = frozenset({DecisionKind.START_WORK_UP, *ENDS_TREATMENT})


def is_course(
    consultation: Consultation,
    decision: DecisionChoice | None,
    regimen: Regimen | None,
    directed: tuple[Directed, ...],
    catalogue: Catalogue,
) -> bool:
    """Whether isotretinoin is what this consultation decides about.

    It is when a regimen is drafted, or a work-up or the end of treatment is chosen, and as long as nothing else is drafted
    for an indication that it is used for.
    """
    if regimen is not None:
        return True
    if decision is not None and decision.kind in OF_A_COURSE:
        return True
    used = settled(catalogue.indications, consultation.request, decision)
    return not directed and used is not None and ISOTRETINOIN in used.medicines


def can_prescribe(
    consultation: Consultation,
    decision: DecisionChoice | None,
    regimen: Regimen | None,
    directed: tuple[Directed, ...],
    catalogue: Catalogue,
) -> bool:
    """Whether anything is drafted, or may be for the indication."""
    used = settled(catalogue.indications, consultation.request, decision)
    return bool(regimen or directed or (used is not None and used.medicines))


def medicines(
    course: bool,
    decision: DecisionChoice | None,
    directed: tuple[Directed, ...],
    catalogue: Catalogue,
) -> tuple[str, ...]:
    """Medicines whose rules are asked, each once: those drafted, or the bridge of a work-up."""
    first = (ISOTRETINOIN,) if course else ()
    if decision is not None and decision.kind is DecisionKind.START_WORK_UP:
        bridge = decision.bridge
        known = bridge is not None and bridge in catalogue.rulebook.rules_of
        return (*first, bridge) if known and bridge is not None else first
    return tuple(dict.fromkeys((*first, *directions.components_of(directed, catalogue.directed))))


def faults(
    case: Case, facts: Facts, catalogue: Catalogue, prescriber: User | None
) -> tuple[str, ...]:
    """Codes of what the pages to be written lack or break, each once; empty when they are complete.

    Nothing is asked before a prescriber is known (at intake), nor of a work-up.
    """
    decision = case.decision
    if prescriber is None or decision is None or decision.kind is not DecisionKind.PRESCRIBE:
        return ()
    seen = facts.only(_ON_THE_PAGE)  # what is remembered may rest on nothing else
    return _FAULTS.of(
        (
            *(decision, case.regimen, case.consultation.patient, case.clinic, prescriber),
            *(case.issue_on, case.today, catalogue, *case.directed, None),
            *(seen.value(name) for name in _ON_THE_PAGE),
        ),
        lambda: _faults(case, seen, catalogue, prescriber),
    )


_ON_THE_PAGE = ("pregnancy.category", "patient.weight", "allergies.known")
_FAULTS: Recall[tuple[str, ...]] = Recall()


def _faults(case: Case, facts: Facts, catalogue: Catalogue, prescriber: User) -> tuple[str, ...]:
    codes: list[str] = []
    alike = _alike(case, facts, prescriber)
    for item in case.directed:
        found = directions.resolve(item, catalogue.directed)
        codes.extend(directions.faults(item, catalogue.directed, found))
        codes.extend(_page(alike | _directed(item, found), case, catalogue))
    if case.regimen is not None:
        codes.extend(_page(alike | _regimen(case.regimen, catalogue), case, catalogue))
    return tuple(dict.fromkeys(codes))


def _directed(item: Directed, found: directions.Resolved | None) -> dict[str, object]:
    whole = item.quantity == item.quantity.to_integral_value()
    return {
        "drug": None if found is None else found.product.name,
        "strength": item.strength,
        "form": None if found is None else found.product.form,
        "route": None if found is None else found.product.route,
        "sig": None if found is None else directions.sentence(item, found),
        "quantity": int(item.quantity) if whole else None,
        "days_supply": item.days,
        "refills": item.refills,
        "per_day": None,
        "medicine": None,
        "counted": False,
    }


def _regimen(regimen: Regimen, catalogue: Catalogue) -> dict[str, object]:
    medicine = catalogue.medicines[regimen.medicine]
    product = next((p for p in medicine.products if p.id == regimen.product), None)
    capsules = len(regimen.morning) + len(regimen.evening)
    strengths = {*regimen.morning, *regimen.evening}
    # A product of one class written down as another would be judged by the wrong range.
    known = (
        product is not None
        and product.formulation == regimen.formulation
        and strengths <= set(product.strengths)
    )
    return {
        "drug": medicine.name,
        "strength": "mg" if known and capsules else None,
        "form": medicine.form,
        "route": medicine.route,
        "sig": "by mouth",  # composed and checked for faulty wording with the page itself
        "quantity": capsules * regimen.supply_days,
        "days_supply": regimen.supply_days,
        "refills": 0,
        "per_day": Decimal(capsules),
        "medicine": medicine,
        "counted": True,
    }


def _alike(case: Case, facts: Facts, prescriber: User) -> dict[str, object]:
    """What stands on every page of the basket, whatever is prescribed."""
    patient, clinic = case.consultation.patient, case.clinic
    where = patient.address
    state = "" if where is None else where.state.strip().upper()
    licences = [(one.state.upper(), one.number) for one in prescriber.licences]
    category = facts.value("pregnancy.category")
    weight = facts.value("patient.weight")
    asked = isinstance(facts.value("allergies.known"), tuple) or patient.allergies is not None
    return {
        "patient_name": patient.display_name,
        "patient_address": None if where is None else where.line,
        "patient_dob": patient.born,
        "patient_state": state,
        "prescriber_name": prescriber.name,
        "prescriber_address": _address(clinic),
        "prescriber_phone": clinic.phone,
        "prescriber_license": next((number for held, number in licences if held == state), None),
        "license_states": tuple([held for held, _ in licences]),
        "prescriber_npi": prescriber.npi,
        "prescriber_dea": None,
        "issue_date": case.issue_on or case.today,
        "allergies": "asked" if asked else None,
        "weight": Decimal(weight) if isinstance(weight, (int, Decimal)) else None,
        "indication": case.decision.indication if case.decision is not None else None,
        "category": category if isinstance(category, str) else None,
        "last_pick_up": None,  # the REMS rules hold a window that is over
        "signed": False,
    }


def _page(written: dict[str, Any], case: Case, catalogue: Catalogue) -> tuple[str, ...]:
    page = Prescription(**written)
    codes = check(page, catalogue.prescription, catalogue.lint, case.today)
    return tuple([c for c in codes if c.startswith(("RX-", "E-")) and c not in _ELSEWHERE])


# Signing adds the signature; the others are rules of their own, with a line and a control.
_ELSEWHERE = frozenset(
    {UNSIGNED, "RX-LICENSE-STATE", "RX-ISSUE-FUTURE", "RX-ISO-WINDOW", "RX-MISSING-category"}
)


def _address(clinic: ClinicProfile) -> str | None:
    return ", ".join(part for part in (clinic.address_line, clinic.city) if part) or None
