"""The strip that offers work of a sitting which ended without closing the consultation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import tzinfo

from workstation.domain.draft import Edit
from workstation.language import noted, plural, tr
from workstation.presenters import wording
from workstation.presenters.assess_state import Recovered
from workstation.presenters.case_state import CaseState

_DONE = (
    ("annotation.add", noted("{n} annotation added"), noted("{n} annotations added")),
    ("annotation.remove", noted("{n} removal"), noted("{n} removals")),
    ("annotation.move", noted("{n} move"), noted("{n} moves")),
    ("annotation.type", noted("{n} change of type"), noted("{n} changes of type")),
    ("detection.accept", noted("{n} acceptance"), noted("{n} acceptances")),
    ("detection.refuse", noted("{n} refusal"), noted("{n} refusals")),
    ("zone", noted("{n} change of a zone"), noted("{n} changes of zones")),
    ("scale", noted("{n} scale"), noted("{n} scales")),
    ("fact", noted("{n} answer"), noted("{n} answers")),
    ("reason", noted("{n} reason"), noted("{n} reasons")),
    (
        "regimen",
        noted("{n} change of the prescription"),
        noted("{n} changes of the prescription"),
    ),
    ("treat.proposed", noted("{n} proposed prescription"), noted("{n} proposed prescriptions")),
    ("dose", noted("{n} change of the dose"), noted("{n} changes of the dose")),
    ("message", noted("{n} change of the message"), noted("{n} changes of the message")),
    ("protocol", noted("{n} change of the protocol"), noted("{n} changes of the protocol")),
    ("medicine", noted("{n} change of the medicines"), noted("{n} changes of the medicines")),
    ("decision", noted("{n} change of the decision"), noted("{n} changes of the decision")),
    ("indication", noted("{n} indication"), noted("{n} indications")),
    ("pharmacy", noted("{n} change of the pharmacy"), noted("{n} changes of the pharmacy")),
    ("rems", noted("{n} iPLEDGE entry"), noted("{n} iPLEDGE entries")),
    ("plan", noted("{n} change of the plan"), noted("{n} changes of the plan")),
    ("grade", noted("{n} change of the grade"), noted("{n} changes of the grade")),
    ("note", noted("{n} change of the note"), noted("{n} changes of the note")),
)


class Recovery:
    """What the clinician decided about recovered work of the open consultation.

    What was recovered is what was there when the consultation opened: work done since is not.
    """

    def __init__(self) -> None:
        self.kept = False
        self.comparing = False
        self._found: tuple[Edit, ...] = ()
        self._before = 0  # steps that were there before the interrupted sitting
        self._held = (0, 0)  # annotations and reasons when it opened

    def shown(self, state: CaseState, zone: tzinfo | None) -> Recovered | None:
        """The strip, or None when there is nothing to offer or it was answered."""
        number, past, draft = state.recovered, state.history.past, state.draft
        if self.kept or not number:
            return None
        if not self._found:
            self._before = max(0, len(past) - number)
            self._found = tuple(past[self._before :])
            self._held = len(draft.annotations), len(draft.reasons)
        if len(past) <= self._before:
            return None  # taken back step by step
        annotations, reasons = self._held
        parts = []
        if annotations:
            parts.append(plural(annotations, "{n} annotation", "{n} annotations"))
        if reasons:
            parts.append(plural(reasons, "{n} reason", "{n} reasons"))
        text = tr(
            "Recovered work from {clock}. {parts}.",
            clock=wording.clock(self._found[-1].at, zone),
            parts=", ".join(parts) or summed(self._found),
        )
        compared = ""
        if self.comparing:
            compared = tr(
                "Since {clock}: {summed}.",
                clock=wording.clock(self._found[0].at, zone),
                summed=summed(self._found),
            )
        return Recovered(text, compared)

    def steps_back(self, state: CaseState) -> int:
        """Steps from now to before the interrupted sitting, those done since among them."""
        return max(0, len(state.history.past) - self._before)


def summed(edits: Iterable[Edit]) -> str:
    """What a run of edits did, most frequent kinds in words and the rest as other steps."""
    counted: Counter[str] = Counter()
    for edit in edits:
        known = (start for start, _, _ in _DONE if edit.label.startswith(start))
        counted[next(known, "")] += 1
    words = [
        tr(one if counted[start] == 1 else many, n=counted[start])
        for start, one, many in _DONE
        if counted[start]
    ]
    if counted[""]:
        words.append(plural(counted[""], "{n} other step", "{n} other steps"))
    return ", ".join(words)
