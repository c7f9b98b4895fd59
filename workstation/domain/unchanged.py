"""Whether a month is like the last one, so that the prescription may be repeated in one step.

It decides nothing about signing: the gate does. It only says whether the short way may be offered,
and if not, everything that speaks against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from workstation.domain.facts import FactKind, Facts, FactSpec, FactValue, Freshness
from workstation.domain.rules import Evaluation, Finding, Level

NEGATIVE_IN_WINDOW, NOT_NEEDED = "valid", "not_needed"
PREGNANCY_TEST, CATEGORY, CANNOT = "pregnancy.test.state", "pregnancy.category", "CNGP"
MOVED, STALE, WEIGHT = "patient.weight_moved", "patient.weight_stale", "patient.weight"
BAND, IN_RANGE = "dose.band", "usual"
LABS_DUE = {"labs.baseline_due": "labs.baseline_missing", "labs.later_due": "labs.later_missing"}
FINE = frozenset({"normal", "none"})
_ASKED = frozenset({Freshness.VISIT, Freshness.CONFIRM, Freshness.UNTIL_CHANGED})


@dataclass(frozen=True, slots=True)
class FollowUpRules:
    """Numbers of the content: from which change in percent a weight counts as moved."""

    edition: str
    weight_percent: int


@dataclass(frozen=True, slots=True)
class Why:
    """One thing that speaks against the short way.

    ``code``: finding | answer | pregnancy_test | lab_missing | lab_value | weight | weight_missing |
    dose | contact | gate | no_earlier | course_end | other_decision | other_regimen. ``subject`` is the finding's
    code or title, or the fact's name; ``before`` and ``now`` hold values where there are two.
    """

    code: str
    subject: str = ""
    before: FactValue | None = None
    now: FactValue | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """An answer that differs from last time; ``in_class`` while it asks for nothing else."""

    fact: str
    before: FactValue | None
    now: FactValue | None
    in_class: bool


def answers_changed(
    before: Facts,
    now: Facts,
    found_before: Evaluation,
    found_now: Evaluation,
    registry: Mapping[str, FactSpec],
) -> tuple[Changed, ...]:
    """Every answer that differs between two visits, in the order of the registry.

    Days and free text differ each month and are judged by what is computed from them. An answer is
    in the same risk class when the same findings read it at the same levels, it did not move off
    its safe value, and nothing was added to a list.
    """
    risk_before, risk_now = _risks(found_before, registry), _risks(found_now, registry)
    found = []
    for name, spec in registry.items():
        if spec.freshness not in _ASKED or spec.kind in (FactKind.DAY, FactKind.TEXT):
            continue
        old, new = before.value(name), now.value(name)
        if old == new or (old is None and new == spec.safe):
            continue
        same = risk_before.get(name) == risk_now.get(name) and _no_worse(spec, old, new)
        found.append(Changed(name, old, new, same))
    return tuple(found)


def against(
    before: Facts,
    now: Facts,
    found_before: Evaluation,
    found_now: Evaluation,
    registry: Mapping[str, FactSpec],
    rules: FollowUpRules,
) -> tuple[Why, ...]:
    """All that speaks against calling a month unchanged; empty when nothing does.

    ``found_now`` has been evaluated with last month's regimen and with the reasons that were given
    for the very same facts: what is still open is new.
    """
    return (
        *(Why("finding", _title(f)) for f in found_now.findings if _is_new(f)),
        *(
            Why("answer", c.fact, c.before, c.now)
            for c in answers_changed(before, now, found_before, found_now, registry)
            if not c.in_class
        ),
        *_pregnancy(now),
        *_laboratory(now),
        *_weight_and_dose(now, rules),
    )


def _is_new(finding: Finding) -> bool:
    return finding.level > Level.INFO and finding.is_open


def _title(finding: Finding) -> str:
    return finding.title


def _pregnancy(now: Facts) -> Iterator[Why]:
    state = now.value(PREGNANCY_TEST)
    cannot = now.value(CATEGORY) == CANNOT
    if state == NEGATIVE_IN_WINDOW or (cannot and state in (NOT_NEEDED, None)):
        return
    yield Why("pregnancy_test", PREGNANCY_TEST, None, state)


def _laboratory(now: Facts) -> Iterator[Why]:
    for due, missing in LABS_DUE.items():
        # Unknown is not "nothing is due".
        if now.value(due) is not False:
            yield Why("lab_missing", missing, None, now.value(missing))
    for name, fact in now.items():
        of_laboratory = name.startswith("labs.") and name.endswith(".action")
        if of_laboratory and name != "labs.hcg.action" and fact.value not in FINE:
            yield Why("lab_value", name, None, fact.value)


def _weight_and_dose(now: Facts, rules: FollowUpRules) -> Iterator[Why]:
    moved = now.value(MOVED)
    if WEIGHT not in now or not isinstance(moved, (int, Decimal)) or now.value(STALE) is not False:
        yield Why("weight_missing", WEIGHT)
    elif moved >= rules.weight_percent:
        yield Why("weight", MOVED, None, moved)
    band = now.value(BAND)
    if band != IN_RANGE:
        yield Why("dose", BAND, None, band)


def _no_worse(spec: FactSpec, old: FactValue | None, new: FactValue | None) -> bool:
    if new is None:
        return False  # answered last time and not now
    if isinstance(new, tuple):
        return set(new) <= set(old if isinstance(old, tuple) else ())
    if spec.safe is None:
        return True
    if spec.kind in (FactKind.WHOLE, FactKind.NUMBER):
        return old is not None or new == spec.safe
    return new == spec.safe or old != spec.safe


def _risks(
    evaluation: Evaluation, registry: Mapping[str, FactSpec]
) -> dict[str, frozenset[tuple[str, Level]]]:
    """Which findings rest on each answer, directly or through what is computed from it."""
    found: dict[str, set[tuple[str, Level]]] = {}
    for finding in evaluation.findings:
        for name in _roots((read.name for read in finding.reads), registry):
            found.setdefault(name, set()).add((finding.code, finding.level))
    return {name: frozenset(codes) for name, codes in found.items()}


def _roots(names: Iterable[str], registry: Mapping[str, FactSpec]) -> set[str]:
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            spec = registry.get(name)
            waiting += spec.computed_from if spec is not None else ()
    return seen
