"""Other signs of severity: three-state answers with where and when they were given."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workstation.domain.facts import Fact, Facts, Origin
from workstation.domain.lesions import SCARS, Tally
from workstation.language import noted, of_content, plural, tr
from workstation.presenters import content_words, wording
from workstation.presenters.tools import DARK_MARKS

SCARRING, PSYCHOSOCIAL, FAILED = "severity.scarring", "severity.psychosocial", "course.failed"
SCARS_REPORTED = "severity.scars_reported"
EXTENT, MARKS = "severity.extent", "severity.marks"
NONE_TRIED = "none"

_ORIGINS = {
    Origin.INTAKE: noted("intake"),
    Origin.CHART: noted("chart"),
    Origin.LABORATORY: noted("laboratory"),
    Origin.CLINICIAN: noted("recorded here"),
    Origin.DERIVED: noted("worked out"),
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
        state = {True: tr("yes"), False: tr("no"), None: tr("not known")}[self.state]
        return f"{self.title}: {state}. {self.whole}"

    @property
    def whole(self) -> str:
        """The detail with the day of the answer."""
        return f"{self.detail}, {self.on}" if self.on else self.detail


def signs(
    tally: Tally,
    facts: Facts,
    failed_choices: tuple[tuple[str, str], ...],
    extent_choices: tuple[tuple[str, str], ...] = (),
    extent: tuple[str, ...] = (),
) -> tuple[Sign, ...]:
    """The article's signs that no count holds, with where each answer came from.

    ``extent`` names the areas with counted lesions: said beside the answer, never instead of it.
    """
    scarring = _yes_no(facts, SCARRING, tr("Active deep scarring"))
    if facts.value(SCARS_REPORTED) is True:
        scarring = replace(
            scarring, detail=scarring.detail + tr(" \u00b7 patient reports new scars")
        )
    scars, marks = marks_of_skin(tally)
    seen = " \u00b7 ".join(
        (
            plural(scars, "{n} scar", "{n} scars"),
            plural(marks, "{n} dark mark", "{n} dark marks"),
        )
    )
    marked = _yes_no(facts, MARKS, tr("Scars or dark marks"))
    marked = replace(marked, detail=seen if marked.state is None else f"{marked.detail} · {seen}")
    return (
        _extent(facts, extent_choices, extent),
        scarring,
        marked,
        _yes_no(facts, PSYCHOSOCIAL, tr("Distress, psychosocial burden")),
        _failed(facts, failed_choices),
    )


def marks_of_skin(tally: Tally) -> tuple[int, int]:
    """Scars and dark marks: all that the signs say of what was counted besides the areas."""
    return tally.count(SCARS), tally.count(DARK_MARKS)


def _extent(facts: Facts, choices: tuple[tuple[str, str], ...], counted: tuple[str, ...]) -> Sign:
    fact = facts.get(EXTENT)
    chosen = fact.value if fact is not None and isinstance(fact.value, tuple) else ()
    offered = tuple((value, label, value in chosen) for value, label in choices)
    names = dict(choices)
    seen = (
        tr(
            "counted on {counted}",
            counted=", ".join(of_content(names.get(area, area)) for area in counted),
        )
        if counted
        else tr("nothing counted yet")
    )
    if fact is None or not chosen:
        return Sign(EXTENT, tr("Extent"), None, seen, offered)
    said = ", ".join(label for _, label, on in offered if on)
    detail = f"{said} · {origin_words(fact)}"
    if set(counted) - set(chosen):
        detail += f" · {seen}"
    return Sign(EXTENT, tr("Extent"), True, detail, offered, wording.day(fact.as_of))


def origin_words(fact: Fact) -> str:
    """``intake Q14`` or ``recorded here``."""
    said = fact.source if fact.source and fact.origin is not Origin.CLINICIAN else ""
    return wording.kept(said) if said else tr(_ORIGINS[fact.origin])


def _yes_no(facts: Facts, name: str, title: str) -> Sign:
    fact = facts.get(name)
    if fact is None or not isinstance(fact.value, bool):
        return Sign(name, title, None, tr("not judged yet"), ())
    said = f"{content_words.yes_no(fact.value)} · {origin_words(fact)}"
    return Sign(name, title, fact.value, said, (), wording.day(fact.as_of))


def _failed(facts: Facts, choices: tuple[tuple[str, str], ...]) -> Sign:
    fact = facts.get(FAILED)
    title = tr("Failed therapy")
    if fact is None or not isinstance(fact.value, tuple):
        offered = tuple((value, of_content(label), False) for value, label in choices)
        return Sign(FAILED, title, None, tr("not known"), offered)
    chosen = frozenset(fact.value)
    offered = tuple((value, of_content(label), value in chosen) for value, label in choices)
    words = ", ".join(label for value, label, on in offered if on) or ", ".join(fact.value)
    state = bool(chosen - {NONE_TRIED})
    said = f"{words} · {origin_words(fact)}"
    return Sign(FAILED, title, state, said, offered, wording.day(fact.as_of))
