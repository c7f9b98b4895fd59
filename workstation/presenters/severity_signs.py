"""Other signs of severity: three-state answers with where and when they were given."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain.facts import Fact, Facts, Origin
from workstation.domain.lesions import Tally
from workstation.presenters import wording
from workstation.presenters.tools import DARK_MARKS, SCARS

SCARRING, PSYCHOSOCIAL, FAILED = "severity.scarring", "severity.psychosocial", "course.failed"
SCARS_REPORTED = "severity.scars_reported"
NONE_TRIED = "none"

_ORIGINS = {
    Origin.INTAKE: "intake",
    Origin.CHART: "chart",
    Origin.LABORATORY: "laboratory",
    Origin.CLINICIAN: "recorded here",
    Origin.DERIVED: "worked out",
}


@dataclass(frozen=True, slots=True)
class Sign:
    """Another sign of severity: ``state`` None is unknown."""

    fact: str
    title: str
    state: bool | None
    detail: str
    choices: tuple[tuple[str, str, bool], ...]  # (value, label, chosen) of a fact with choices
    on: str = ""  # the day of the answer

    @property
    def spoken(self) -> str:
        """The sign as text."""
        state = {True: "yes", False: "no", None: "not known"}[self.state]
        return f"{self.title}: {state}. {self.whole}"

    @property
    def whole(self) -> str:
        """The detail with the day of the answer."""
        return f"{self.detail}, {self.on}" if self.on else self.detail


def signs(
    tally: Tally, facts: Facts, failed_choices: tuple[tuple[str, str], ...]
) -> tuple[Sign, ...]:
    """Scarring, psychosocial burden and failed therapy with where each answer came from."""
    scars, marks = tally.count(SCARS), tally.count(DARK_MARKS)
    seen = f"{wording.count(scars, 'scar')} · {wording.count(marks, 'dark mark')}"
    if facts.value(SCARS_REPORTED) is True:
        seen += " · patient reports new scars"
    scarring = _yes_no(facts, SCARRING, "Active deep scarring")
    scarring = Sign(
        scarring.fact,
        scarring.title,
        scarring.state,
        f"{scarring.detail} · {seen}",
        (),
        scarring.on,
    )
    return (
        scarring,
        _yes_no(facts, PSYCHOSOCIAL, "Psychosocial burden"),
        _failed(facts, failed_choices),
    )


def origin_words(fact: Fact) -> str:
    """``intake Q14`` or ``recorded here``."""
    said = fact.source if fact.source and fact.origin is not Origin.CLINICIAN else ""
    return said or _ORIGINS[fact.origin]


def _yes_no(facts: Facts, name: str, title: str) -> Sign:
    fact = facts.get(name)
    if fact is None or not isinstance(fact.value, bool):
        return Sign(name, title, None, "not judged yet", ())
    said = f"{'yes' if fact.value else 'no'} · {origin_words(fact)}"
    return Sign(name, title, fact.value, said, (), wording.day(fact.as_of))


def _failed(facts: Facts, choices: tuple[tuple[str, str], ...]) -> Sign:
    fact = facts.get(FAILED)
    title = "Failed therapy"
    if fact is None or not isinstance(fact.value, tuple):
        offered = tuple((value, label, False) for value, label in choices)
        return Sign(FAILED, title, None, "not known", offered)
    chosen = frozenset(fact.value)
    offered = tuple((value, label, value in chosen) for value, label in choices)
    words = ", ".join(label for value, label, on in offered if on) or ", ".join(fact.value)
    state = bool(chosen - {NONE_TRIED})
    said = f"{words} · {origin_words(fact)}"
    return Sign(FAILED, title, state, said, offered, wording.day(fact.as_of))
