"""Clinical resources of a bundle: results, medicines, allergies, consents, supplies, chart facts.

What is not understood raises Refused ``intake.*`` with ``where``, a path of keys and indexes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from workstation.adapters.inbox import vocabulary as v
from workstation.adapters.inbox.node import Node
from workstation.domain.consultation import Answer
from workstation.domain.dosing import Dispensed
from workstation.domain.facts import Fact, FactValue, Origin
from workstation.domain.ids import PatientId, ResultId
from workstation.domain.results import LabResult, TestSetting


def coded(node: Node, system: str) -> str:
    """The code of a CodeableConcept that must hold exactly one coding of ``system``."""
    coding = node.only("coding")
    if coding.text("system") != system:
        coding.fault("intake.code.system", "system")
    code = coding.text("code")
    coding.maybe_text("display")
    coding.done()
    node.maybe_text("text")
    node.done()
    return code


def word(node: Node, system: str, *allowed: str) -> str:
    """As ``coded``; raises ``intake.code.unknown`` unless the code is one of ``allowed``."""
    code = coded(node, system)
    if code not in allowed:
        node.fault("intake.code.unknown", "coding")
        return allowed[0]
    return code


def named(node: Node) -> str:
    """The text by which a CodeableConcept is shown; codes beside it are not read further."""
    for coding in node.maybe_nodes("coding"):
        coding.text("system")
        coding.text("code")
        coding.maybe_text("display")
        coding.done()
    name = node.text("text")
    node.done()
    return name


def check_subject(node: Node, key: str, subject: str) -> None:
    """Every resource must be about the one patient of the bundle."""
    reference = node.node(key)
    if reference.text("reference") != subject:
        reference.fault("intake.subject.other", "reference")
    reference.maybe_text("display")
    reference.done()


def extensions(node: Node, *known: str) -> Mapping[str, Node]:
    """Extensions by URL; raises ``intake.extension`` for one that is not known or comes twice."""
    found: dict[str, Node] = {}
    for extension in node.maybe_nodes("extension"):
        url = extension.text("url")
        if url not in known or url in found:
            extension.fault("intake.extension", "url")
            continue
        found[url] = extension
    return found


def quantity(node: Node, unit: str | None = None) -> tuple[Decimal, str]:
    """Value and UCUM unit; a quantity without a coded unit is refused (``intake.unit``)."""
    value = node.decimal("value")
    if "system" not in node or "code" not in node:
        node.fault("intake.unit", "code")
        return value, unit or ""
    if node.text("system") != v.UCUM:
        node.fault("intake.unit", "system")
    code = node.text("code")
    node.maybe_text("unit")
    node.done()  # a comparator such as "<" is a key that nobody asked for
    if unit is not None and code != unit:
        node.fault("intake.unit", "code")
    return value, code


def is_chart(node: Node) -> bool:
    """Whether an Observation is a statement of the clinic's record rather than a result."""
    return _first_system(node) == v.CHART


def _first_system(node: Node) -> str:
    codings = node.node("code").nodes("coding")
    return codings[0].text("system")


def read_result(
    node: Node, patient: PatientId, tests: Mapping[str, str], on: date, submitted_at: datetime
) -> LabResult | Answer:
    """A laboratory Observation; one whose test is not known here is kept as a line to read.

    ``tests`` gives the test id of each LOINC code; ``on`` is the day the package was sent.
    """
    node.choice("status", "final", "amended", "corrected")
    loinc = coded(node.node("code"), v.LOINC)
    collected = node.day("effectiveDateTime")
    issued = node.maybe_moment("issued")
    extra = extensions(node, v.FASTING, v.SETTING, v.ROLE, v.HOURS_SINCE_ALCOHOL)
    fasting = extra[v.FASTING].flag("valueBoolean") if v.FASTING in extra else None
    role = extra[v.ROLE].choice("valueCode", *v.ROLES) if v.ROLE in extra else None
    setting = (
        TestSetting(extra[v.SETTING].choice("valueCode", *v.SETTINGS))
        if v.SETTING in extra
        else None
    )
    hours = (
        extra[v.HOURS_SINCE_ALCOHOL].whole("valueInteger")
        if v.HOURS_SINCE_ALCOHOL in extra
        else None
    )
    for extension in extra.values():
        extension.done()
    value, unit = _result_value(node)
    upper = _upper_limit(node, unit)
    laboratory = None
    if "performer" in node:
        performer = node.only("performer")
        laboratory = performer.text("display")
        performer.done()
    node.done()
    if collected > on:
        node.fault("intake.lab.future", "effectiveDateTime")
    if loinc not in tests:
        text = " ".join(str(p) for p in (value, unit, f"({collected.isoformat()})") if p)
        return Answer(f"loinc-{loinc}", "", f"Other result, LOINC {loinc}", text)
    test = tests[loinc]
    marks = (patient, test, str(value), unit or "", collected.isoformat(), role or "")
    return LabResult(
        id=ResultId(hashlib.sha256("\n".join(marks).encode()).hexdigest()[:32]),
        test=test,
        value=value,
        unit=unit,
        upper_limit=upper,
        collected=collected,
        setting=setting,
        fasting=fasting,
        hours_since_alcohol=hours,
        role=role,
        laboratory=laboratory,
        origin=Origin.LABORATORY,
        recorded_by=None,
        recorded_at=issued or submitted_at,
        corrects=None,
    )


def _result_value(node: Node) -> tuple[Decimal | str, str | None]:
    given = [k for k in ("valueQuantity", "valueCodeableConcept") if k in node]
    if len(given) != 1:
        raise node.refused("intake.lab.value")
    if given == ["valueQuantity"]:
        return quantity(node.node("valueQuantity"))
    code = word(node.node("valueCodeableConcept"), v.SNOMED, *v.RESULT_WORDS)
    return v.RESULT_WORDS[code], None


def _upper_limit(node: Node, unit: str | None) -> Decimal | None:
    if "referenceRange" not in node:
        return None
    reference = node.only("referenceRange")
    low, high = reference.maybe_node("low"), reference.maybe_node("high")
    reference.maybe_text("text")
    reference.done()
    if low is not None:
        quantity(low, unit)
    return None if high is None else quantity(high, unit)[0]


def read_chart(node: Node) -> Fact:
    """A statement of the clinic's record: an Observation coded with the name of a fact."""
    node.choice("status", "final", "amended", "corrected")
    name = word(node.node("code"), v.CHART, *v.CHART_FACTS)
    on = node.day("effectiveDateTime")
    value: FactValue
    values = node.keys("value")
    if values == ("valueBoolean",):
        value = node.flag("valueBoolean")
    elif values == ("valueDateTime",):
        value = node.day("valueDateTime")
    elif values == ("valueCodeableConcept",):
        concept = node.node("valueCodeableConcept")
        codes = [_answer(c) for c in concept.nodes("coding")]
        concept.maybe_text("text")
        concept.done()
        value = tuple(codes) if name == "follow_up.counselled" else codes[0]
        if name != "follow_up.counselled" and len(codes) != 1:
            raise concept.refused("intake.key.several", "coding")
    else:
        raise node.refused("intake.chart.value")
    node.done()
    return Fact(name, value, Origin.CHART, on, "clinic record")


def _answer(coding: Node) -> str:
    if coding.text("system") != v.ANSWER:
        raise coding.refused("intake.code.system", "system")
    code = coding.text("code")
    coding.maybe_text("display")
    coding.done()
    return code


def read_medicine(node: Node) -> str | None:
    """The name of a medicine taken now; "" for the statement that there is none, ``None`` if stopped."""
    status = node.choice("status", "active", "completed", "stopped", "on-hold", "intended")
    concept = node.node("medicationCodeableConcept")
    name = "" if _says(concept, v.NO_MEDICINE) else named(concept)
    for dosage in node.maybe_nodes("dosage"):
        name = f"{name}, {dosage.text('text')}"
        dosage.done()
    node.maybe_day("effectiveDateTime")
    node.maybe_day("dateAsserted")
    node.done()
    return name if status in ("active", "intended", "on-hold") else None


def read_allergy(node: Node) -> str | None:
    """The name of an allergy; "" for the statement that none is known, ``None`` for a refuted one."""
    clinical = node.maybe_node("clinicalStatus")
    status = "active" if clinical is None else coded(clinical, v.ALLERGY_STATUS)
    checked = node.maybe_node("verificationStatus")
    check = "confirmed" if checked is None else coded(checked, v.ALLERGY_CHECK)
    if status not in ("active", "inactive", "resolved"):
        raise node.refused("intake.code.unknown", "clinicalStatus")
    if check not in ("confirmed", "unconfirmed", "refuted"):
        raise node.refused("intake.code.unknown", "verificationStatus")
    code = node.node("code")
    none_known = _says(code, v.NO_KNOWN_ALLERGY)
    name = named(code)
    node.maybe_day("recordedDate")
    for reaction in node.maybe_nodes("reaction"):
        for manifestation in reaction.nodes("manifestation"):
            name = f"{name}: {named(manifestation)}"
        reaction.done()
    node.done()
    if none_known:
        return ""
    # An allergy once confirmed counts even when it is marked inactive.
    return None if check == "refuted" else name


def _says(concept: Node, snomed: str) -> bool:
    codings = concept.maybe_nodes("coding")
    return (v.SNOMED, snomed) in {(c.text("system"), c.text("code")) for c in codings}


def read_consent(node: Node) -> Fact:
    """A signed consent as the fact of its date."""
    node.choice("status", "active")
    word(node.node("scope"), v.CONSENT_SCOPE, "treatment", "patient-privacy")
    kind = word(node.only("category"), v.CONSENT, *v.CONSENT_FACTS)
    on = node.day("dateTime")
    policy = node.maybe_node("policyRule")
    if policy is not None:
        named(policy)
    node.done()
    return Fact(v.CONSENT_FACTS[kind], on, Origin.CHART, on, "signed consent")


def read_dispensed(node: Node) -> Dispensed:
    """An earlier supply of this course: daily milligrams, days, formulation, weight then."""
    node.choice("status", "completed")
    named(node.node("medicationCodeableConcept"))
    on: date = node.day("whenHandedOver")
    days, _ = quantity(node.node("daysSupply"), "d")
    dosage = node.only("dosageInstruction")
    rate = dosage.only("doseAndRate")
    daily, _ = quantity(rate.node("doseQuantity"), "mg")
    rate.done()
    timing = dosage.node("timing")
    repeat = timing.node("repeat")
    once_a_day = (repeat.whole("frequency"), repeat.whole("period"), repeat.text("periodUnit"))
    if once_a_day != (1, 1, "d"):
        raise repeat.refused("intake.supply.timing")
    repeat.done()
    timing.done()
    dosage.done()
    extra = extensions(node, v.COURSE_FORMULATION, v.WEIGHT)
    if len(extra) != 2:
        raise node.refused("intake.key.missing", "extension")
    formulation = extra[v.COURSE_FORMULATION].choice("valueCode", *v.FORMULATIONS)
    weight, _ = quantity(extra[v.WEIGHT].node("valueQuantity"), "kg")
    for extension in extra.values():
        extension.done()
    node.done()
    if days != int(days):
        raise node.refused("intake.key.kind", "daysSupply")
    return Dispensed(on, daily, int(days), formulation, weight, handed_over=True)
