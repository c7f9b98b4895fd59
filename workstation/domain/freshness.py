"""Which answers still hold on a day: freshness, who said it, and what wins when answers disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from workstation.domain.dates import add_days
from workstation.domain.facts import Fact, FactKind, Facts, FactSpec, Freshness, Origin


def holding(
    facts: Iterable[Fact],
    registry: Mapping[str, FactSpec],
    today: date,
    visit_days: int,
    born: date | None = None,
) -> Facts:
    """The answers that count on ``today``: registered, well formed, believable, said by the right
    people, fresh.

    What cannot be meant (``FactSpec.believable``) is not known: it is asked again, never believed.
    ``visit_days`` is how long an answer of this visit stays one. Of several answers to one question
    the clinician's wins, then for past illness and allergies the unsafe one, then the newest.
    """
    single: dict[str, Fact] = {}
    several: dict[str, list[Fact]] = {}
    oldest = add_days(today, -visit_days)
    spec_of = registry.get
    for fact in facts:
        name = fact.name
        spec = spec_of(name)
        if spec is None or fact.as_of > today or not spec.accepts(fact.value):
            continue
        if not spec.believable(fact.value, today, born):
            continue
        said_by = spec.said_by
        if fact.origin not in said_by if said_by else fact.origin is Origin.DERIVED:
            continue
        this_visit = spec.holds_for_visit and fact.as_of >= oldest
        if not this_visit and not is_fresh(spec, fact, today, visit_days):
            continue
        if name not in single:
            single[name] = fact
        elif name in several:
            several[name].append(fact)
        else:
            several[name] = [single[name], fact]
    for name, some in several.items():
        single[name] = _winner(registry[name], some)
    return Facts.accepted(single.values(), registry)


def grown_old(
    facts: Iterable[Fact], registry: Mapping[str, FactSpec], today: date, visit_days: int
) -> Facts:
    """Each question's answer as it counted when it was last given, where none holds today.

    An amendment, or what was put off, is taken up after the answers of its visit have grown old.
    They are shown with their day and asked again; none of them answers anything by itself.
    """
    said: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.as_of <= today:
            said.setdefault(fact.name, []).append(fact)
    every = (fact for some in said.values() for fact in some)
    now = holding(every, registry, today, visit_days)
    then: list[Fact] = []
    for name, some in said.items():
        if name not in now:
            newest = max(fact.as_of for fact in some)
            then += holding(some, registry, newest, visit_days).values()
    return Facts(then)


def is_fresh(spec: FactSpec, fact: Fact, today: date, visit_days: int) -> bool:
    """Whether an answer is young enough; one dated in the future never is.

    A confirmable answer that grew old still counts when it is the unsafe one, so that nothing is
    forgotten; the safe one has to be confirmed again.
    """
    age = (today - fact.as_of).days
    if age < 0:
        return False
    if spec.freshness is Freshness.DAYS:
        return spec.kept_when_stale or age <= (spec.fresh_days or 0)
    if spec.freshness is Freshness.VISIT:
        return age <= visit_days
    if spec.freshness is Freshness.CONFIRM:
        return age <= visit_days or (spec.safe is not None and fact.value != spec.safe)
    return spec.freshness is Freshness.UNTIL_CHANGED


def is_stale(spec: FactSpec, fact: Fact, today: date) -> bool:
    """Whether an answer that is kept when old has passed its limit."""
    return spec.fresh_days is not None and today - fact.as_of > timedelta(days=spec.fresh_days)


def _winner(spec: FactSpec, facts: list[Fact]) -> Fact:
    """Of several accepted answers the one that counts; made of several, it is accepted as well."""
    own = [f for f in facts if f.origin is Origin.CLINICIAN]
    newest = max(own or facts, key=lambda f: f.as_of)
    # Later answers of one day stand at the end of the list and replace earlier ones.
    newest = [f for f in (own or facts) if f.as_of == newest.as_of][-1]
    if own or spec.freshness is not Freshness.CONFIRM or len(facts) == 1:
        return newest
    if spec.kind is FactKind.CHOICES:
        every = dict.fromkeys(v for f in facts if isinstance(f.value, tuple) for v in f.value)
        return replace(newest, value=tuple(every))
    unsafe = [f for f in facts if spec.safe is not None and f.value != spec.safe]
    return max(unsafe, key=lambda f: f.as_of) if unsafe else newest
