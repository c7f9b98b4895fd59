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
    """What the clinician decided about recovered work of the open consultation."""

    def __init__(self) -> None:
        self.kept = False
        self.comparing = False

    def shown(self, state: CaseState, zone: tzinfo | None) -> Recovered | None:
        """The strip, or None when there is nothing to offer or it was answered."""
        number = state.recovered
        past = state.history.past
        if self.kept or not number or len(past) < number:
            return None
        draft = state.draft
        parts = [plural(len(draft.annotations), "{n} annotation", "{n} annotations")]
        if draft.reasons:
            parts.append(plural(len(draft.reasons), "{n} reason", "{n} reasons"))
        at = past[-1].at
        text = tr(
            "Recovered work from {clock}. {parts}.",
            clock=wording.clock(at, zone),
            parts=", ".join(parts),
        )
        compared = ""
        if self.comparing:
            first = past[len(past) - number].at
            compared = tr(
                "Since {clock}: {summed}.",
                clock=wording.clock(first, zone),
                summed=summed(past[-number:]),
            )
        return Recovered(text, compared)


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
