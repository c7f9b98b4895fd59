"""Leaflets: documents that nobody signs (the handout and the photo sheet), made when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workstation.content.documents import Texts, read_texts
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.consultation import Consultation
from workstation.domain.documents import DocumentKind

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
