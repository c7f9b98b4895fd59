"""One consultation appraised: count, grade, facts, safety, dose, REMS, plan and the sign gate.

This is the join the product exists for, and the only place where it is made: screens show it, and
signing asks it again. It is a pure function of what is stored, the content and the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workstation.content.catalogue import Catalogue
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.consultation import Consultation, PastVisit
from workstation.domain.dosing import Combination, DosePlan, Ledger
from workstation.domain.draft import DecisionChoice, Draft, Regimen
from workstation.domain.facts import Facts
from workstation.domain.lesions import Tally
from workstation.domain.monitoring import MonitoringPlan
from workstation.domain.rems import RemsTimeline
from workstation.domain.safety import Evaluation
from workstation.domain.severity import Grade
from workstation.domain.triage import Triage


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether this may be signed now. ``because`` holds codes of what keeps it closed, worst first.

    Codes are finding codes, or ``DECISION-MISSING``, ``REGIMEN-MISSING``, ``TRIAGE-CONTACT``.
    """

    because: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Nothing keeps it closed."""
        return not self.because


@dataclass(frozen=True)
class Appraisal:
    """All that follows from a consultation and its draft on one day."""

    tally: Tally
    grade: Grade
    facts: Facts
    triage: Triage
    decision: DecisionChoice | None
    evaluation: Evaluation
    regimen: Regimen | None
    combinations: tuple[Combination, ...]
    dose: DosePlan | None
    ledger: Ledger | None
    rems: RemsTimeline | None
    plan: MonitoringPlan | None
    gate: Gate


@dataclass(frozen=True, slots=True)
class Situation:
    """Who asks, where and when: what an appraisal needs beside the consultation."""

    catalogue: Catalogue
    prescriber: User | None  # None at intake: nobody signs yet
    clinic: ClinicProfile
    now: datetime
    today: date


def appraise(
    consultation: Consultation,
    draft: Draft,
    past: tuple[PastVisit, ...],
    situation: Situation,
) -> Appraisal:
    """Work everything out; pure, about a millisecond."""
    raise NotImplementedError
