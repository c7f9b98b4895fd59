"""Files that leave: exported documents and annotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from workstation.domain.agreement import Agreement
from workstation.domain.calendar import CalendarEntry
from workstation.domain.exchange import AnnotationSet, Exchanged
from workstation.domain.ids import ConsultationId
from workstation.domain.orders import Orders


class AnnotationFiles(Protocol):
    """Annotations and agreements as files; names carry the consultation's id and nothing else."""

    def write(self, given: AnnotationSet, form: str) -> Path:
        """Durably write annotations as ``coco``, ``csv`` or ``fhir``; raises WorkstationError ``export.*``."""
        ...

    def read(self, path: Path) -> Exchanged:
        """What a file holds; raises Refused ``annotations.format``."""
        ...

    def write_agreement(
        self, found: Mapping[ConsultationId, Agreement], grades: Sequence[str], form: str
    ) -> Path:
        """Durably write agreements as ``csv`` or ``json``; raises WorkstationError ``export.*``."""
        ...


class Outbox(Protocol):
    """Where signed documents and messages go; file names carry their numbers only."""

    def write(self, number: str, pdf: bytes) -> Path:
        """Durably write one PDF; raises WorkstationError ``export.*``."""
        ...

    def write_text(self, number: str, text: str) -> Path:
        """Durably write one message; raises WorkstationError ``export.*``."""
        ...

    def write_beside(self, given: Orders) -> tuple[Path, ...]:
        """Durably write what a signed document orders, for other programs, beside it."""
        ...

    def write_calendar(
        self, number: str, name: str, entries: Sequence[CalendarEntry], made: datetime
    ) -> Path:
        """Durably write one calendar file; raises WorkstationError ``export.*``."""
        ...
