"""The case that facts are derived from: consultation, draft, content and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Protocol

from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.consultation import Consultation, PastVisit
from workstation.domain.contraception import ContraceptionLists
from workstation.domain.dates import day_in
from workstation.domain.directions import DirectedMedicine
from workstation.domain.dosing import DosePlan, Medicine
from workstation.domain.draft import DecisionChoice, Directed, Regimen
from workstation.domain.facts import Fact, FactSpec
from workstation.domain.indications import Indication
from workstation.domain.laboratory import LabTest, Thresholds
from workstation.domain.prescription import PrescriptionRules
from workstation.domain.protocol_choice import ChosenProtocol, ProtocolOptions, options
from workstation.domain.protocols import PlanRules
from workstation.domain.protocols import Protocol as LabProtocol
from workstation.domain.rems_windows import RemsRules
from workstation.domain.results import LabResult, standing
from workstation.domain.severity import Counts
from workstation.domain.triage import TriageRules


@dataclass(frozen=True, slots=True)
class DerivationRules:
    """Numbers of the content that computed facts rest on (days)."""

    edition: str
    visit_days: int
    positive_days: int
    pregnancy_days: int
    long_course_days: int
    acne_icd10: tuple[str, ...]
    nodule_mm: int  # the least size of a nodule


class Content(Protocol):
    """What derivation reads of the clinical content; the catalogue fulfils it."""

    @property
    def facts(self) -> Mapping[str, FactSpec]: ...
    @property
    def medicines(self) -> Mapping[str, Medicine]: ...
    @property
    def directed(self) -> Mapping[str, DirectedMedicine]: ...
    @property
    def tests(self) -> Mapping[str, LabTest]: ...
    @property
    def thresholds(self) -> Thresholds: ...
    @property
    def protocols(self) -> Mapping[str, LabProtocol]: ...
    @property
    def plan_rules(self) -> PlanRules: ...
    @property
    def contraception(self) -> ContraceptionLists: ...
    @property
    def prescription(self) -> PrescriptionRules: ...
    @property
    def triage(self) -> TriageRules: ...
    @property
    def derivation(self) -> DerivationRules: ...
    @property
    def indications(self) -> tuple[Indication, ...]: ...
    @property
    def own_misfit(self) -> bool: ...


@dataclass(frozen=True)
class Case:
    """Everything facts are derived from: the consultation, the draft, the content and the day.

    ``recorded`` are the clinician's answers of this visit; ``grade`` is the id of the count grade;
    ``issue_on`` is the date on the prescription (today unless given).
    """

    consultation: Consultation
    recorded: tuple[Fact, ...]
    counts: Counts
    grade: str
    decision: DecisionChoice | None
    regimen: Regimen | None
    dose: DosePlan | None
    past: tuple[PastVisit, ...]
    catalogue: Content
    rems: RemsRules
    prescriber: User | None
    clinic: ClinicProfile
    now: datetime
    today: date
    issue_on: date | None = None
    protocol: ChosenProtocol | None = None  # chosen at this consultation; else the clinic's counts
    directed: tuple[Directed, ...] = ()
    # Whether nothing says that the only supply on record was ever picked up.
    begun_unsure: bool = False

    @cached_property
    def rems_today(self) -> date:
        """The day that pick-up windows are measured by: the REMS's own where it is already later.

        In the evening of the last day a window is over in the East while the clinic's day goes on.
        """
        zone = self.rems.closes_in
        return max(self.today, day_in(zone, self.now)) if zone else self.today

    @cached_property
    def results(self) -> tuple[LabResult, ...]:
        """The patient's standing results, oldest specimen first.

        One drawn before birth or on a day to come is a slip: it counts for nothing.
        """
        born, today = self.consultation.patient.born, self.today
        kept = standing(self.consultation.results)
        return tuple(r for r in kept if born <= r.collected <= today)

    @cached_property
    def protocols(self) -> ProtocolOptions:
        """The monitoring protocol in force and what else may be chosen."""
        content = self.catalogue
        return options(
            *(content.protocols, content.plan_rules, content.tests),
            *(self.protocol, self.clinic.protocol),
        )
