"""The steps of the open consultation: which there are, which comes first, and what is against one."""

from __future__ import annotations

from collections.abc import Container

from workstation.domain.consultation import RequestKind
from workstation.language import noted, tr
from workstation.presenters import followup
from workstation.presenters.case import CaseFile

STEPS = ("contact", "assess", "treat", "sign")
FOLLOW_UP = "followup"
CASE_PAGES = (*STEPS, FOLLOW_UP)  # the follow-up is the first step of follow-up consultations
STEP_NAMES = {
    "contact": noted("Contact"),
    "assess": noted("Assess"),
    "treat": noted("Treat"),
    "sign": noted("Sign"),
}
NOTHING_OPEN = noted("Open a consultation from the queue first.")


class Steps:
    """What the shell asks about the open consultation; nothing here changes anything."""

    def __init__(self, case: CaseFile, pages: Container[str]) -> None:
        self._case, self._pages = case, pages

    @property
    def is_result(self) -> bool:
        """Whether it is an item about a result, with nothing to assess, treat or sign."""
        state = self._case.state
        return state is not None and state.consultation.request is RequestKind.RESULT

    @property
    def compares(self) -> bool:
        """Whether the first step is to compare with the last visit."""
        return FOLLOW_UP in self._pages and followup.is_first_step(self._case.state)

    @property
    def first_name(self) -> str:
        """What the first step is called."""
        return tr("Compare") if self.compares else tr(STEP_NAMES["assess"])

    @property
    def shown(self) -> tuple[str, ...]:
        """The steps there are, in order; Contact only with a red flag."""
        state = self._case.state
        contact = state is not None and state.appraisal.triage.needs_contact
        return tuple(s for s in STEPS if s in self._pages and (s != "contact" or contact))

    def first(self, *, compare: bool = True) -> str:
        """Where a consultation opens."""
        state = self._case.state
        contact = (
            state is not None
            and state.appraisal.triage.needs_contact
            and not state.consultation.contacts
        )
        if compare and not contact and self.compares:
            return FOLLOW_UP
        wanted = STEPS if contact else (*STEPS[1:], *STEPS)
        return next(step for step in wanted if step in self._pages)

    def refusal(self, id: str) -> str:
        """Why a page cannot be shown now, in words; "" when it can."""
        if id == FOLLOW_UP:
            return self.nothing_open() or followup.refusal(self._case.state)
        return self.nothing_open() if id in STEPS else ""

    def nothing_open(self) -> str:
        """The reason while no consultation is open."""
        return "" if self._case.state is not None else tr(NOTHING_OPEN)

    def no_compare(self) -> str:
        """Why there is nothing to compare."""
        return followup.refusal(self._case.state)
