"""The strip about whom a consultation is: what is in doubt, and the two answers a person can give."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain.identity import Doubt, IdentityDoubt, Person, Settled
from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, CaseState
from workstation.presenters.observable import Event

_TITLES = {
    Doubt.CONFLICT: noted("This record number belongs to somebody else\u2019s name or birth date"),
    Doubt.SIMILAR: noted("Somebody with a like name and birth date is on record"),
    Doubt.PHOTO: noted("A photo of this consultation also came with another patient"),
}
_SAME = {
    Doubt.CONFLICT: noted("The same person"),
    Doubt.SIMILAR: noted("The same person"),
    Doubt.PHOTO: noted("It shows this patient"),
}
_DIFFERENT = {
    Doubt.CONFLICT: noted("Somebody else"),
    Doubt.SIMILAR: noted("Two people"),
    Doubt.PHOTO: noted("It shows the other patient"),
}
CLOSED = noted(
    "Marked as somebody else\u2019s. Signing stays closed: ask the sender to send it again under the right record number."
)


@dataclass(frozen=True, slots=True)
class IdentityState:
    """The first doubt that keeps signing closed, in words; ``answered`` when it was settled so."""

    doubt: IdentityDoubt
    title: str
    detail: str
    same: str
    different: str
    answered: bool
    left: int  # how many more there are


class IdentityPresenter:
    """Follows the open consultation; ``state`` is None while nothing is in doubt."""

    def __init__(self, case: CaseFile) -> None:
        self._case = case
        self.changed: Event[IdentityState | None] = Event()
        self.state: IdentityState | None = None
        self._subscription = case.changed.subscribe(self._case_changed)

    def close(self) -> None:
        """Stop listening."""
        self._subscription.close()

    def settle(self, found: Settled) -> None:
        """Answer the doubt that is shown."""
        if self.state is not None:
            self._case.settle_identity(self.state.doubt, found)

    def _case_changed(self, change: CaseChange) -> None:
        shown = None if change.state is None else shown_of(change.state)
        if shown != self.state:
            self.state = shown
            self.changed.emit(shown)


def nothing_to_take_back(state: CaseState | None) -> str:
    """Why no answer about whom the consultation is can be taken back; "" when one can."""
    if state is not None and any(doubt.is_answered for doubt in state.consultation.doubts):
        return ""
    return tr("Nothing was said about whom this consultation is.")


def shown_of(state: CaseState) -> IdentityState | None:
    """What the strip says about an open consultation."""
    open_ = [doubt for doubt in state.consultation.doubts if doubt.is_open]
    if not open_:
        return None
    first = sorted(open_, key=lambda one: (one.is_answered, one.key))[0]
    here = state.consultation.patient
    said = tr(
        "Here: {display_name}, born {day}. ",
        display_name=here.display_name,
        day=wording.day(here.born),
    ) + _other(first.other)
    answered = first.is_answered
    return IdentityState(
        first,
        tr(_TITLES[first.doubt]),
        f"{said} {CLOSED if answered else tr('Signing opens when you say who it is.')}",
        tr(_SAME[first.doubt]),
        tr(_DIFFERENT[first.doubt]),
        answered,
        len(open_) - 1,
    )


def _other(person: Person) -> str:
    number = wording.groups_of_three(person.external_id)
    return tr(
        "On record: {family}, {given}, born {day}, ID {number}.",
        family=person.family.upper(),
        given=person.given,
        day=wording.day(person.born),
        number=number,
    )
