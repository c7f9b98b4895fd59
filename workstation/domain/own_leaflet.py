"""A leaflet that one data file makes: title, lead and sections of points, in one language."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.domain.explain import Source

SLOTS = frozenset({"clinic", "phone", "dermatologist"})


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its points; points hold ``{slots}`` of ``SLOTS``."""

    heading: str
    points: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class OwnLeaflet:
    """One file; ``name`` is the file's, without ending (``photos.en``)."""

    name: str
    language: str
    edition: str
    title: str
    intro: str
    sections: tuple[Section, ...]
