"""The decisions besides prescribing: their coded reasons, what may stand while they are signed."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain.draft import DecisionDetail, DecisionKind
from workstation.domain.explain import Source

# Signed without any medicine: what holds a prescription does not hold these.
WITHOUT_MEDICINE = frozenset(
    {
        DecisionKind.DECLINE,
        DecisionKind.SEE_IN_PERSON,
        DecisionKind.STOP_TREATMENT,
        DecisionKind.END_COURSE,
    }
)
ENDS_TREATMENT = frozenset({DecisionKind.STOP_TREATMENT, DecisionKind.END_COURSE})
# Possible for any request: nothing is ordered, and nothing that was ordered is stopped.
ORDERS_NOTHING = frozenset(
    {DecisionKind.ASK_PATIENT, DecisionKind.SEE_IN_PERSON, DecisionKind.DECLINE}
)
OTHER = "other"


@dataclass(frozen=True, slots=True)
class DecisionReason:
    """One coded reason of a decision.

    ``route`` is emergency, urgent or soon, for a referral; ``when`` says by when in words.
    ``private`` reasons are never named where a guardian may read. ``flags`` are the triage codes
    that propose the reason; ``steps`` what the clinician does besides signing.
    """

    decision: DecisionKind
    id: str
    label: str
    route: str
    when: str
    private: bool
    flags: tuple[str, ...]
    steps: tuple[str, ...]
    source: Source


@dataclass(frozen=True)
class DecisionRules:
    """All reasons in file order."""

    reasons: tuple[DecisionReason, ...]

    def of(self, kind: DecisionKind) -> tuple[DecisionReason, ...]:
        """The reasons of one decision."""
        return tuple(reason for reason in self.reasons if reason.decision is kind)

    def find(self, kind: DecisionKind, id: str) -> DecisionReason | None:
        """One reason of a decision."""
        return next((reason for reason in self.of(kind) if reason.id == id), None)

    def proposed(self, kind: DecisionKind, fired: tuple[str, ...]) -> DecisionReason | None:
        """The first reason that a fired triage flag proposes."""
        return next((r for r in self.of(kind) if set(r.flags) & set(fired)), None)


def missing(kind: DecisionKind, detail: DecisionDetail | None, rules: DecisionRules) -> str:
    """What a decision still needs: ``reason``, ``text``, ``last_dose``, or "" when complete."""
    if kind not in WITHOUT_MEDICINE:
        return ""
    if detail is None or rules.find(kind, detail.reason) is None:
        return "reason"
    if detail.reason == OTHER and " " not in detail.text.strip():  # one word is no reason
        return "text"
    if kind in ENDS_TREATMENT and detail.last_dose is None:
        return "last_dose"
    return ""
