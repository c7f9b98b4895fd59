"""Leaflets: documents that nobody signs (the handout and the photo sheet), made when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workstation.content.documents import Texts, read_texts
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.consultation import Consultation
from workstation.domain.documents import DocumentKind, Paragraph
from workstation.workflow.written import unbroken

if TYPE_CHECKING:
    from workstation.content.catalogue import Catalogue


@dataclass(frozen=True)
class Leaflet:
    """What a leaflet's head and foot are made from; ``language`` is that of its own words."""

    consultation: Consultation
    prescriber: User
    clinic: ClinicProfile
    numbers: Mapping[DocumentKind, str]
    issued: date
    catalogue: Catalogue
    demonstration: bool
    language: str

    @property
    def page(self) -> Texts:
        """The words that all documents share."""
        return read_texts("page", self.language)

    @property
    def phone(self) -> str:
        """The clinic's telephone as it is printed, or that it is not on record."""
        return unbroken(self.clinic.phone) or self.page("missing")


def reach(leaflet: Leaflet, texts: Texts) -> Paragraph:
    """Whom to ask and where, and what to do in an emergency."""
    said = texts("reach", clinic=leaflet.clinic.name, phone=leaflet.phone)
    return Paragraph(said, "strong")
