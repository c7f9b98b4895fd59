"""How a line of the safety panel is cleared: the control, taking a medicine out, or where else.

Every HOLD has one of the three. A STOP never has a control: taking its medicine out of the basket
is no way round, because what is then signed does not hold the medicine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workstation.content.catalogue import Catalogue
from workstation.domain import directions
from workstation.domain.consultation import Consultation
from workstation.domain.draft import Reason
from workstation.domain.safety import Finding, Level
from workstation.language import Sentence, noted, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters.controls import ControlState, control_of
from workstation.workflow.appraisal import Appraisal

SAME = "same"  # the verb that accepts the reason of an earlier visit
BASKET = "medicines.basket"
# What the prescription lacks that an answer gives.
ANSWERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"RX-MISSING-allergies": ("allergies.known",)}
)
# HOLDs that nothing at the desk of this consultation clears.
ELSEWHERE: Mapping[str, Sentence] = MappingProxyType(
    {
        "RX-LICENSE-STATE": noted(
            "Cleared in Settings, account (licenses), or by the patient\u2019s address in the record."
        ),
        "RX-ISSUE-FUTURE": noted("Cleared by setting this computer\u2019s date right."),
    }
)


@dataclass(frozen=True, slots=True)
class Ways:
    """What clears a line: a control in it, medicines to take out, or words that say where."""

    control: ControlState | None
    removes: tuple[tuple[str, str], ...]
    where: str


def ways(
    finding: Finding,
    control: ControlState | None,
    appraisal: Appraisal,
    consultation: Consultation,
    catalogue: Catalogue,
) -> Ways:
    """Every way that clears a finding; ``control`` is the one its rule names.

    A HOLD whose rule names no control asks again what the rule read: the answer may have changed.
    """
    if control is None and finding.level is Level.HOLD:
        names = tuple(r.name for r in finding.reads if catalogue.facts[r.name].question)
        control = control_of("answer", names, (), consultation, catalogue, appraisal.facts)
    removes = _removes(finding, appraisal, catalogue)
    where = tr(ELSEWHERE[finding.code]) if finding.code in ELSEWHERE else ""
    if finding.level is Level.HOLD and control is None and not removes and not where:
        where = finding.advice
    return Ways(control, removes, where)


def same_as(finding: Finding, earlier: tuple[Reason, ...]) -> str:
    """The words of an earlier reason that was given for these very facts, or ""."""
    found = earlier_reason(finding, earlier)
    if found is None:
        return ""
    labels = {reason.code: reason.label for reason in finding.reasons}
    said = found.text or labels.get(found.code, tr(words.SEEN))
    return tr("same as {day}: {said}", day=words.day(found.on), said=words.lower_first(said))


def earlier_reason(finding: Finding, earlier: tuple[Reason, ...]) -> Reason | None:
    """The newest earlier reason with unchanged facts that the rule would take again."""
    if not finding.is_open or finding.level not in (Level.WARN, Level.OVERRIDE):
        return None
    codes = {reason.code for reason in finding.reasons}
    for reason in sorted(earlier, key=lambda r: r.on, reverse=True):
        if reason.finding != finding.code or reason.facts_digest != finding.facts_digest:
            continue
        if finding.level is Level.WARN or reason.code in codes:
            return reason
    return None


def _removes(
    finding: Finding, appraisal: Appraisal, catalogue: Catalogue
) -> tuple[tuple[str, str], ...]:
    """Medicines of the basket that the line is about, or that its rule names, with their words."""
    if finding.level < Level.HOLD:
        return ()
    named = _named(finding, catalogue)
    found = []
    for item in appraisal.directed:
        product = directions.resolve(item, catalogue.directed)
        parts = () if product is None else product.product.components
        if product is not None and (finding.medicine in parts or named & set(parts)):
            found.append((item.medicine, tr("Remove {name}", name=product.medicine.name)))
    return tuple(found)


def _named(finding: Finding, catalogue: Catalogue) -> frozenset[str]:
    """Medicines of the basket that a rule about the basket names."""
    if all(read.name != BASKET for read in finding.reads):
        return frozenset()
    rule = next((r for r in catalogue.rulebook.rules if r.code == finding.code), None)
    texts = () if rule is None else tuple(clause.when.text for clause in rule.clauses)
    listed = (choice for choice, _ in catalogue.facts[BASKET].choices)
    return frozenset(m for m in listed if any(f"'{m}'" in text for text in texts))
