"""Which texts of the clinical content a clinician reads, so that none is left without its translation.

A translation stands in ``resources/language/<language>/clinical*.toml`` under the English text.
Names and directions of medicines are not among them: on the screen they read as they are printed.
Neither are citations, which name their sources as these are called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from workstation.content.catalogue import Catalogue
from workstation.domain.explain import ONE, UNIT_WORDS

# Class of the content to its fields that are read; ``choices`` and ``grades`` are (code, words).
SPOKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "FactSpec": ("label", "question", "choices"),
    "Rubric": ("title", "grades"),
    "Criterion": ("title", "subtitle"),
    "Gags": ("title",),
    "Hayashi": ("title",),
    "Leeds": ("title",),
    "IgaGrade": ("name", "words"),
    "ScoreBand": ("grade",),
    "Rule": ("title", "detail", "advice"),
    "Clause": ("title", "detail", "advice"),
    "CodedReason": ("label",),
    "FlagRule": ("title", "steps"),
    "SymptomRule": ("title", "advice"),
    "ResponseBucket": ("label",),
    "LabTest": ("name",),
    "ThresholdBand": ("advice", "words"),
    "Protocol": ("title",),
    "MoreNeeded": ("because",),
    "Enrolment": ("title", "who"),
    "Bridge": ("title", "note"),
    "RemsRules": ("title",),
    "Method": ("label",),
    "EntryRule": ("title", "who"),
    "Indication": ("label",),
    "DecisionReason": ("label", "when", "steps"),
}
_PAIRS: Final = frozenset({"choices", "grades"})


def texts(catalogue: Catalogue) -> tuple[str, ...]:
    """Every text once, in the order of the content; units of facts come last."""
    found = dict.fromkeys(_read(catalogue, set()))
    units = {spec.unit for spec in catalogue.facts.values() if spec.unit}
    found.update(dict.fromkeys(UNIT_WORDS[unit] for unit in UNIT_WORDS if unit in units))
    found.update(dict.fromkeys(ONE[unit] for unit in ONE if unit in units))
    return tuple(text for text in found if any(letter.isalpha() for letter in text))


def _read(part: Any, seen: set[int]) -> Iterator[str]:
    if isinstance(part, Mapping):
        for inner in part.values():
            yield from _read(inner, seen)
    elif isinstance(part, (tuple, list)):
        for inner in part:
            yield from _read(inner, seen)
    elif is_dataclass(part) and not isinstance(part, type) and id(part) not in seen:
        seen.add(id(part))
        told = SPOKEN.get(type(part).__name__, ())
        for name in told:
            yield from _texts(getattr(part, name), pairs=name in _PAIRS)
        for field in fields(part):
            yield from _read(getattr(part, field.name), seen)


def _texts(value: Any, *, pairs: bool) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for one in value:
            yield one[1] if pairs else one
