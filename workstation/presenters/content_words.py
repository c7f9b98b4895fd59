"""Clinical content as the screen says it: findings, answers and facts in the chosen language.

What is evaluated, stored and signed stays English; these are copies for the eye. In English each
function gives back what it was given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from workstation.content.catalogue import Catalogue
from workstation.domain import explain
from workstation.domain.explain import FactRead
from workstation.domain.facts import Facts, FactSpec, FactValue
from workstation.domain.rules import CodedReason, Finding, PassedCheck
from workstation.language import ENGLISH, chosen, noted, of_content, tr
from workstation.presenters import wording

_SLOT = re.compile(r"\{([a-z][A-Za-z0-9_.]*)\}")
_ONE = {
    "years": noted("year"),
    "months": noted("month"),
    "days": noted("day"),
    "drinks": noted("drink"),
    "days_per_week": noted("day a week"),
    "doses_per_day": noted("dose a day"),
    "points": noted("point"),
    "capsules": noted("capsule"),
    "cigarettes": noted("cigarette a day"),
    "lesions": noted("lesion"),
}
_specs: dict[tuple[str, int], tuple[Mapping[str, FactSpec], Mapping[str, FactSpec]]] = {}


def facts(catalogue: Catalogue) -> Mapping[str, FactSpec]:
    """The registered facts with label, question and choices in the chosen language."""
    if chosen() == ENGLISH:
        return catalogue.facts
    key = chosen(), id(catalogue.facts)
    known = _specs.get(key)
    if known is None or known[0] is not catalogue.facts:
        said = {name: _spec(spec) for name, spec in catalogue.facts.items()}
        known = _specs[key] = catalogue.facts, said
    return known[1]


def value(spec: FactSpec, given: FactValue | None) -> str:
    """A value in words; ``spec`` may be of the content or of ``facts``."""
    if isinstance(given, (int, Decimal)) and given == 1 and spec.unit in _ONE:
        return f"1 {_ONE[spec.unit]}"
    if chosen() == ENGLISH:
        return explain.value_text(spec, given)
    if given is None:
        return tr("not known")
    if isinstance(given, bool):
        return yes_no(given)
    if isinstance(given, date):
        return wording.day(given)
    text = explain.value_text(spec, given)
    if isinstance(given, (int, Decimal)):
        number, _, unit = text.partition(" ")
        return f"{number} {of_content(unit)}" if unit else number
    labels = dict(spec.choices)
    if isinstance(given, tuple):
        return ", ".join(of_content(labels.get(one, one)) for one in given) or tr("none")
    return of_content(text)


def yes_no(answer: object) -> str:
    """An answer that is yes or no."""
    return tr("yes") if answer else tr("no")


def read(one: FactRead, catalogue: Catalogue) -> FactRead:
    """What a rule read, in words."""
    if chosen() == ENGLISH:
        return one
    given = None if one.fact is None else one.fact.value
    spec = catalogue.facts[one.name]
    return replace(one, label=of_content(one.label), value_text=value(spec, given))


def finding(one: Finding, known: Facts, catalogue: Catalogue) -> Finding:
    """A finding with its texts, its answers and its coded reasons in words."""
    if chosen() == ENGLISH:
        return one
    return replace(
        one,
        title=_title(one, catalogue),
        detail=_detail(one, known, catalogue),
        advice=of_content(one.advice),
        reads=tuple(read(each, catalogue) for each in one.reads),
        reasons=tuple(CodedReason(r.code, of_content(r.label)) for r in one.reasons),
    )


def passed(check: PassedCheck, catalogue: Catalogue) -> PassedCheck:
    """A check that was passed, in words."""
    if chosen() == ENGLISH:
        return check
    reads = tuple(read(each, catalogue) for each in check.reads)
    return replace(check, title=of_content(check.title), reads=reads)


def filled(template: str, known: Facts, catalogue: Catalogue) -> str:
    """A template of the content with the values of its facts."""
    return _SLOT.sub(
        lambda slot: value(catalogue.facts[slot[1]], known.value(slot[1])), of_content(template)
    )


def _title(one: Finding, catalogue: Catalogue) -> str:
    asked = _asked(one, catalogue)
    if asked is not None:
        return tr("{label}: not known", label=of_content(asked.label))
    return of_content(one.title)


def _detail(one: Finding, known: Facts, catalogue: Catalogue) -> str:
    asked = _asked(one, catalogue)
    if asked is not None:
        return of_content(asked.question)
    if one.unknown:
        labels = (of_content(catalogue.facts[name].label) for name in one.unknown)
        return tr("Not known: {unknown}", unknown=", ".join(_lower(label) for label in labels))
    rule = next((rule for rule in catalogue.rulebook.rules if rule.code == one.code), None)
    if rule is None:
        return of_content(one.detail)
    return filled(rule.detail, known, catalogue)


def _asked(one: Finding, catalogue: Catalogue) -> FactSpec | None:
    """The question whose missing answer the finding is."""
    if len(one.unknown) != 1:
        return None
    spec = catalogue.facts[one.unknown[0]]
    return spec if spec.ask_code == one.code else None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _spec(spec: FactSpec) -> FactSpec:
    return replace(
        spec,
        label=of_content(spec.label),
        question=of_content(spec.question),
        choices=tuple((code, of_content(words)) for code, words in spec.choices),
    )
