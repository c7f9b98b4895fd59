"""Safety of a prescription: the front door to rules, findings and their evaluation."""

from __future__ import annotations

from collections.abc import Mapping

from workstation.domain.conditions import Condition, Truth
from workstation.domain.draft import Reason
from workstation.domain.evaluation import ACKNOWLEDGED, OTHER, Evaluator
from workstation.domain.facts import Facts, FactSpec
from workstation.domain.rules import (
    Ask,
    Clause,
    CodedReason,
    Control,
    Evaluation,
    Example,
    Finding,
    Level,
    PassedCheck,
    Rule,
    RuleBook,
)

__all__ = [
    "ACKNOWLEDGED",
    "Ask",
    "Clause",
    "CodedReason",
    "Condition",
    "Control",
    "Evaluation",
    "Example",
    "Finding",
    "Level",
    "OTHER",
    "PassedCheck",
    "Rule",
    "RuleBook",
    "Truth",
    "evaluate",
]


def evaluate(
    book: RuleBook,
    facts: Facts,
    medicines: tuple[str, ...],
    reasons: tuple[Reason, ...],
    registry: Mapping[str, FactSpec],
) -> Evaluation:
    """All findings and passed checks of ``medicines`` on ``facts``.

    A value that is not of its fact's registered kind is unknown. Reasons count only for the facts
    they were given for, and never for HOLD or STOP.
    """
    return Evaluator(book, facts, reasons, registry).evaluate(medicines)
