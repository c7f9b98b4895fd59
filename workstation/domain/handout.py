"""The handout for the patient: what to expect week by week, and what to know, in one language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from string import Formatter

from workstation.domain.dosing import Medicine, ResponseBucket
from workstation.domain.explain import Source
from workstation.domain.laboratory import Thresholds
from workstation.domain.rems_windows import RemsRules


@dataclass(frozen=True, slots=True)
class HandoutPhase:
    """One stretch of the course; ``bucket`` gives its days and what is expected in it."""

    bucket: ResponseBucket
    title: str
    points: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class HandoutTopic:
    """One subject with its points; points hold ``{slots}`` for numbers of the rules."""

    id: str
    title: str
    points: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class HandoutCounsel:
    """What somebody is told for whom the counselling rule ``rule`` fired."""

    rule: str
    text: str
    source: Source


@dataclass(frozen=True)
class Handout:
    """All of one language; ``expect`` words the codes of what a bucket expects."""

    language: str
    edition: str
    title: str
    intro: str
    expect: Mapping[str, str]
    phases: tuple[HandoutPhase, ...]
    topics: tuple[HandoutTopic, ...]
    counsel: tuple[HandoutCounsel, ...] = ()

    def topic(self, id: str) -> HandoutTopic:
        """The topic with that id; KeyError when there is none."""
        for topic in self.topics:
            if topic.id == id:
                return topic
        raise KeyError(id)

    def lines_of(self, phase: HandoutPhase) -> tuple[str, ...]:
        """What is expected in a phase and what to do, as sentences."""
        return (*(self.expect[code] for code in phase.bucket.expect), *phase.points)


def numbers(medicine: Medicine, rems: RemsRules, thresholds: Thresholds) -> Mapping[str, str]:
    """The numbers that the points' slots show, from the rules in force."""
    return {
        "alcohol_hours": str(thresholds.alcohol_hours),
        "contraception_days": str(rems.contraception_days),
        "post_days": str(rems.post_test_days),
        "breast_feeding_days": str(rems.breast_feeding_days),
        "pause_months": str(medicine.pause_months),
        "supply_days": str(medicine.max_supply_days),
    }


SLOTS = frozenset(
    {
        "alcohol_hours",
        "contraception_days",
        "post_days",
        "breast_feeding_days",
        "pause_months",
        "supply_days",
    }
)


def filled_points(topic: HandoutTopic, values: Mapping[str, str]) -> tuple[str, ...]:
    """The topic's points with their numbers."""
    return tuple(point.format_map(values) for point in topic.points)


def counsel_points(
    handout: Handout, rules: Collection[str], values: Mapping[str, str]
) -> tuple[str, ...]:
    """The points of the rules that fired, with their numbers."""
    return tuple(one.text.format_map(values) for one in handout.counsel if one.rule in rules)


def slots_of(text: str) -> frozenset[str]:
    """Names of the slots in a text; ValueError when it cannot be read."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
