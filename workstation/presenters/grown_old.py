"""Answers of this consultation that have grown old: what was said then, beside what is asked again.

Past illness and allergies are confirmed unchanged at each visit, so those that were answered here
are confirmed in one step. What is asked each time (mood, contraception, pregnancy, medicines,
alcohol, side effects) is only shown with its day: it has to be asked and answered again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workstation.content.catalogue import Catalogue
from workstation.domain.facts import Fact, Facts, FactValue, Freshness
from workstation.domain.freshness import grown_old
from workstation.domain.safety import Finding
from workstation.language import noted, of_content, plural, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import content_words, wording
from workstation.presenters.case_state import CaseState

CODE = "CONFIRM"  # of the line that confirms all of them
WHY = noted("Past illness and allergies are confirmed at each visit")
ADVICE = noted("Ask whether any of it has changed. What has changed is answered on its own line.")


def of(state: CaseState, catalogue: Catalogue, today: date) -> Facts:
    """What was answered at this consultation and holds no longer."""
    said = (*state.consultation.facts, *state.draft.facts)
    return grown_old(said, catalogue.facts, today, catalogue.derivation.visit_days)


def confirmable(
    findings: Iterable[Finding], old: Facts, catalogue: Catalogue
) -> dict[str, FactValue]:
    """Open questions about past illness and allergies, with what was answered here before."""
    asked = (
        (finding, name)
        for finding in findings
        for name in finding.unknown
        if name in old and catalogue.facts[name].ask_code == finding.code
    )
    return {
        name: old[name].value
        for _, name in asked
        if catalogue.facts[name].freshness is Freshness.CONFIRM
    }


def said(name: str, old: Facts, catalogue: Catalogue) -> str:
    """``On 29-Oct-2026: no``; "" where nothing was answered."""
    fact = old.get(name)
    if fact is None:
        return ""
    value = content_words.value(catalogue.facts[name], fact.value)
    return tr("On {day}: {value}", day=wording.day(fact.as_of), value=value)


def title(names: Iterable[str], old: Facts, catalogue: Catalogue) -> tuple[str, str]:
    """Heading and all the answers in one sentence."""
    facts = [old[name] for name in names]
    count = plural(len(facts), "{n} answer", "{n} answers")
    days = sorted({fact.as_of for fact in facts})
    heading = tr("{count} of {day} to confirm", count=count, day=wording.day(days[0]))
    listed = (
        f"{words.lower_first(of_content(catalogue.facts[fact.name].label))}: {_value(fact, catalogue)}"
        for fact in facts
    )
    return heading, "; ".join(listed)


def _value(fact: Fact, catalogue: Catalogue) -> str:
    return content_words.value(catalogue.facts[fact.name], fact.value)
