"""Kinds of worked cases that rules decide: words of a case become facts, rules and triage judge them.

Facts a case does not mention were asked and answered in the safe way: the ``safe`` column of the
registry. Those answers are read here and in tests only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from workstation.content.catalogue import Catalogue
from workstation.content.vector_words import (
    CAN,
    CHOSEN,
    CLASSES,
    MEDICINE_FACTS,
    NUMBERED,
    PRESSURE,
    WORDS,
)
from workstation.domain import capsules, dosing, rems, safety, triage
from workstation.domain.errors import WorkstationError
from workstation.domain.facts import Fact, Facts, FactSpec, FactValue, Origin

Inputs = Mapping[str, Any]
Outputs = dict[str, Any]
Row = Callable[[Inputs, Catalogue], Outputs]
Changes = dict[str, FactValue]
ISOTRETINOIN = "isotretinoin"
DAY = date(2026, 6, 10)
NOT_SEVERE: Changes = {"severity.grade": "moderate"}  # a severe count is itself a flag
SENT = datetime.combine(DAY, time(9), UTC)


def facts_of(
    content: Catalogue, changes: Changes, *, starting_from: Mapping[str, FactValue] | None = None
) -> Facts:
    """Safe answers with ``changes`` on top."""
    values: dict[str, FactValue] = {
        name: spec.safe for name, spec in content.facts.items() if spec.safe is not None
    }
    values |= {"visit.today": DAY, **(starting_from or {}), **changes}
    methods = changes.get("contraception.methods")
    if isinstance(methods, tuple):
        values["contraception.hormonal"] = rems.uses_hormones(methods, content.contraception)
    return Facts(Fact(n, v, Origin.CLINICIAN, DAY, "case") for n, v in values.items())


def words_to_facts(words: Iterable[str], registry: Mapping[str, FactSpec]) -> Changes:
    """Facts behind the words of a case.

    Raises:
        WorkstationError: ``content.cases.word`` for a word nobody knows.
    """
    changes: Changes = {}
    for word in words:
        found = WORDS.get(word) or _numbered(word) or _by_registry(word, registry)
        if found is None:
            raise WorkstationError("content.cases.word", word=word)
        _add(changes, found)
    return changes


def _add(changes: Changes, found: Mapping[str, FactValue]) -> None:
    for name, value in found.items():
        held = changes.get(name)
        if isinstance(held, tuple) and isinstance(value, tuple):
            changes[name] = tuple(dict.fromkeys((*held, *value)))
        else:
            changes[name] = value


def _numbered(word: str) -> Changes | None:
    for pattern, name, kind in NUMBERED:
        found = pattern.fullmatch(word)
        if found is not None:
            number = found.group(1)
            return {name: int(number) if kind is int else Decimal(number)}
    pressure = PRESSURE.fullmatch(word)
    if pressure is None:
        return None
    return {"pressure.systolic": int(pressure[1]), "pressure.diastolic": int(pressure[2])}


def _by_registry(word: str, registry: Mapping[str, FactSpec]) -> Changes | None:
    """A word that is a registered choice: a symptom, a medicine taken, a method, an allergy."""
    prefix, _, rest = word.partition("_")
    if prefix in ("taking", "on"):
        rest = CLASSES.get(rest, rest)
    elif prefix == "planned" and _offers(registry, "procedures.planned", rest):
        return {"procedures.planned": (rest,)}
    if prefix in ("taking", "on") and _offers(registry, "medicines.now", rest):
        return {"medicines.now": (rest,), **MEDICINE_FACTS.get(rest, {})}
    if prefix == "contraception" and _offers(registry, "contraception.methods", rest):
        return {**CAN, "contraception.methods": (rest,)}
    if prefix == "allergy" and _offers(registry, "allergies.known", rest):
        return {"allergies.known": (rest,)}
    for name in CHOSEN:
        if _offers(registry, name, word):
            return {name: (word,)}
    return None


def _offers(registry: Mapping[str, FactSpec], name: str, choice: str) -> bool:
    return choice in dict(registry[name].choices)


def judged(
    content: Catalogue,
    changes: Changes,
    family: tuple[str, ...] = (),
    *,
    medicine: str = ISOTRETINOIN,
    unknown: tuple[str, ...] = (),
) -> Outputs:
    """Codes and highest level of the findings of one family (all when empty), above OK."""
    facts = facts_of(content, changes | {"medicines.basket": (medicine,)}).without(unknown)
    found = safety.evaluate(content.rulebook, facts, (medicine,), (), content.facts)
    kept = [f for f in found.findings if not family or f.code.startswith(family)]
    level = max((f.level for f in kept), default=safety.Level.OK)
    codes = list(dict.fromkeys(f.code for f in kept))
    return {"codes": codes, "code": codes[0] if codes else None, "level": level.name}


def _check(given: Inputs, content: Catalogue) -> Outputs:
    medicine = given["drug"]
    if medicine not in content.rulebook.rules_of:
        raise WorkstationError("content.cases.medicine", medicine=medicine)
    return judged(content, words_to_facts(given["facts"], content.facts), medicine=medicine)


def _dose_check(given: Inputs, content: Catalogue) -> Outputs:
    medicine = content.medicines[ISOTRETINOIN]
    kind = given.get("formulation", dosing.CONVENTIONAL).replace("micronized_LD", "micronized")
    daily, weight = Decimal(given["daily_mg"]), Decimal(given["weight_kg"])
    doses = given.get("doses_per_day", 2)
    checked = dosing.dose_check(daily, weight, medicine, kind, doses)
    ways = capsules.combinations(daily, dosing.strengths_of(medicine, kind))
    changes: Changes = {
        "dose.chosen": True,
        "dose.daily": daily,
        "dose.per_kg": checked.per_kg,
        "dose.band": checked.place,
        "dose.formulation": kind,
        "dose.per_day": doses,
        "dose.splittable": any(not way.once_daily for way in ways),
        "patient.weight": weight,
        "severity.very_severe": given.get("very_severe_or_scarring_or_trunk", False),
    }
    if "age" in given:
        changes["patient.age"] = given["age"]
    family = ("ISO-DOSE", "ISO-ONCE")
    return judged(content, changes, family) | {"mg_kg_day": checked.per_kg}


def _substitution(given: Inputs, content: Catalogue) -> Outputs:
    products = {p.name: p for p in content.medicines[ISOTRETINOIN].products}
    before, after = products[given["from_product"]], products[given["to_product"]]
    same = dosing.same_class(content.medicines[ISOTRETINOIN], before.formulation, after.formulation)
    swap = bool(given["same_mg"]) and not same
    return judged(content, {"dose.same_mg_swap": swap}, ("ISO-LD",))


def _excipient(given: Inputs, content: Catalogue) -> Outputs:
    name, strength, _ = given["product"].rsplit(" ", 2)
    product = next(p for p in content.medicines[ISOTRETINOIN].products if p.name == name)
    states = {True: "present", False: "absent", None: "unchecked"}
    changes: Changes = {
        "allergies.known": (given["allergy"],),
        "dose.chosen": True,
        "dose.product": product.id,
        "dose.formulation": product.formulation,
    }
    for excipient in ("soybean_oil", "parabens", "tartrazine"):
        changes[f"excipient.{excipient}"] = states[product.holds(excipient, Decimal(strength))]
    return judged(content, changes, ("ISO-EXC",))


def _alcohol(given: Inputs, content: Catalogue) -> Outputs:
    most = given.get("drinks_per_day_max")
    changes: Changes = {}
    unknown: tuple[str, ...] = ()
    if "drinks_per_day_max" in given and most is None:
        unknown = ("alcohol.most",)
    if most is not None:
        changes = {"alcohol.most": Decimal(most), "alcohol.days": 1 if most else 0}
    if given.get("discussed_with_dermatologist") is not None:
        changes["alcohol.discussed"] = given["discussed_with_dermatologist"]
    return judged(content, changes, ("ISO-ALC", "ASK-ALC"), unknown=unknown)


def _symptom(given: Inputs, content: Catalogue) -> Outputs:
    changes = words_to_facts(given["symptoms"], content.facts)
    changes["course.on_isotretinoin"] = given.get("on_drug", False)
    if given.get("taking"):
        _add(changes, words_to_facts((f"taking_{given['taking']}",), content.facts))
    facts = facts_of(content, changes, starting_from=NOT_SEVERE)
    side_effects = triage.assess_symptoms(content.triage, facts)
    flags = triage.assess_triage(content.triage, facts, SENT)
    return {
        "drug_action": side_effects.action,
        "triage": max(side_effects.level, flags.level).name,
        "codes": list(side_effects.codes),
    }


def _hcg(given: Inputs, content: Catalogue) -> Outputs:
    found = triage.assess_pregnancy_result(
        content.triage, given["result"], on_medicine=given.get("on_drug", False)
    )
    return {
        "drug_action": found.action,
        "triage": found.level.name,
        "codes": [found.code] if found.code else [],
        "tell": list(found.tell),
    }


def _level(given: Inputs, content: Catalogue) -> Outputs:
    facts = facts_of(
        content, words_to_facts(given["flags"], content.facts), starting_from=NOT_SEVERE
    )
    found = triage.assess_triage(content.triage, facts, SENT)
    return {"level": found.level.name, "codes": [flag.code for flag in found.flags]}


FACT_ROWS: dict[str, Row] = {
    "check": _check,
    "dose_check": _dose_check,
    "substitution": _substitution,
    "excipient": _excipient,
    "alcohol": _alcohol,
    "symptom": _symptom,
    "hcg": _hcg,
    "level": _level,
}
