"""The strip that offers work of a sitting which ended without closing the consultation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import tzinfo

from workstation.domain.draft import Edit
from workstation.presenters import wording
from workstation.presenters.assess_state import Recovered
from workstation.presenters.case import CaseState

_DONE = (
    ("annotation.add", "annotation added", "annotations added"),
    ("annotation.remove", "removal", "removals"),
    ("annotation.move", "move", "moves"),
    ("annotation.type", "change of type", "changes of type"),
    ("zone", "change of a zone", "changes of zones"),
    ("scale", "scale", "scales"),
    ("fact", "answer", "answers"),
    ("reason", "reason", "reasons"),
    ("regimen", "change of the prescription", "changes of the prescription"),
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
        parts = [wording.count(len(draft.annotations), "annotation")]
        if draft.reasons:
            parts.append(wording.count(len(draft.reasons), "reason"))
        at = past[-1].at
        text = f"Recovered work from {wording.clock(at, zone)}. {', '.join(parts)}."
        compared = ""
        if self.comparing:
            first = past[len(past) - number].at
            compared = f"Since {wording.clock(first, zone)}: {summed(past[-number:])}."
        return Recovered(text, compared)


def summed(edits: Iterable[Edit]) -> str:
    """What a run of edits did, most frequent kinds in words and the rest as other steps."""
    counted: Counter[str] = Counter()
    for edit in edits:
        known = (start for start, _, _ in _DONE if edit.label.startswith(start))
        counted[next(known, "")] += 1
    words = [
        f"{counted[start]} {one if counted[start] == 1 else many}"
        for start, one, many in _DONE
        if counted[start]
    ]
    if counted[""]:
        words.append(wording.count(counted[""], "other step"))
    return ", ".join(words)
