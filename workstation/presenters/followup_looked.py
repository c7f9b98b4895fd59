"""What Compare looks at: the open visit, one of the earlier ones, and a view of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workstation.content.catalogue import Catalogue
from workstation.domain.alignment import Transform
from workstation.domain.consultation import Consultation
from workstation.domain.dates import day_in
from workstation.domain.dosing import Medicine
from workstation.domain.photo import View
from workstation.domain.supply_taken import taken as taken_of
from workstation.presenters.case_state import CaseState
from workstation.workflow.appraisal import ISOTRETINOIN
from workstation.workflow.followup import EarlierVisit, ShortWay


@dataclass(frozen=True)
class Looked:
    """What is looked at."""

    state: CaseState
    earlier: tuple[EarlierVisit, ...]
    index: int
    view: View
    views: tuple[View, ...]
    across: Transform
    aligned: bool
    today: date
    zone: str  # IANA name of the clinic's time zone
    catalogue: Catalogue
    way: ShortWay | None

    @property
    def medicine(self) -> Medicine:
        """The medicine of the course."""
        return self.catalogue.medicines[ISOTRETINOIN]

    @property
    def older(self) -> EarlierVisit | None:
        """The visit of the left pane."""
        return self.earlier[self.index] if self.earlier else None

    @property
    def start(self) -> date | None:
        """The day of the first supply."""
        taken = taken_of(self.state.appraisal.supplies)
        return min((d.on for d in taken), default=None)

    def day_of(self, consultation: Consultation) -> date:
        """The clinic's day on which a consultation was sent."""
        return day_in(self.zone, consultation.submitted_at)

    @property
    def sent(self) -> date:
        """The day this visit's photos were sent."""
        return self.day_of(self.state.consultation)

    @property
    def counted(self) -> bool:
        """Whether anything was annotated at this visit: before that, a zero would be a guess."""
        return bool(self.state.draft.annotations)
