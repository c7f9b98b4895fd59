"""Packages from outside, as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from workstation.domain.consultation import Answer, Delivery, PriorCourse, RequestKind
from workstation.domain.dosing import Dispensed
from workstation.domain.facts import Fact
from workstation.domain.patient import PatientSnapshot
from workstation.domain.photo import View
from workstation.domain.results import LabResult
from workstation.workflow.ports.board import ReceivedResults


@dataclass(frozen=True, slots=True)
class ReceivedPhoto:
    """A photo inside a package."""

    view: View
    declared_type: str
    content: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Received:
    """A consultation read from a package, before anything is stored."""

    source: Delivery
    request: RequestKind
    visit: int
    submitted_at: datetime
    patient: PatientSnapshot
    answers: tuple[Answer, ...]
    facts: tuple[Fact, ...]
    photos: tuple[ReceivedPhoto, ...]
    results: tuple[LabResult, ...]
    dispensed: tuple[Dispensed, ...]
    prior_courses: tuple[PriorCourse, ...]
    own_words: str


class PackageReader(Protocol):
    """Reads an intake package."""

    def read(self, path: Path) -> Received:
        """The consultation in the file; raises Refused ``intake.*`` with where it went wrong."""
        ...

    def read_any(self, path: Path) -> Received | ReceivedResults:
        """As ``read``; a file of laboratory results alone is taken too."""
        ...
