"""Encrypted files, decoded photos and proposed lesions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from workstation.domain.detections import Detection, DetectorCard
from workstation.domain.ids import VaultAddress
from workstation.domain.photo import QualityCode, QualityMeasures
from workstation.domain.pixels import Pixels


class Vault(Protocol):
    """Encrypted, content-addressed files."""

    def put(self, content: bytes) -> VaultAddress:
        """Store durably (fsync before return); the same content gives the same address."""
        ...

    def get(self, address: VaultAddress) -> bytes:
        """The content; raises Corrupt ``vault.blob.damaged`` or ``vault.blob.missing``."""
        ...

    def has(self, address: VaultAddress) -> bool:
        """Whether the file lies there; it is not read."""
        ...

    def remove(self, address: VaultAddress) -> None:
        """Remove a file that no row names any more; fine when it is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Examined:
    """What intake learns of a photo, with its stored copies (JPEG, sRGB, no EXIF)."""

    media_type: str
    width: int
    height: int
    taken_at: datetime | None
    measures: QualityMeasures
    quality: tuple[QualityCode, ...]
    preview: bytes
    thumbnail: bytes


class Photos(Protocol):
    """Decoding in capped child processes."""

    def examine(self, content: bytes, received: date) -> Examined:
        """Check and measure a photo; raises Refused ``intake.photo.*``."""
        ...

    def decode(self, content: bytes, longest: int | None = None) -> Pixels:
        """Upright sRGB pixels, scaled so that the longest side is at most ``longest``."""
        ...


class Detector(Protocol):
    """Proposes lesions on a photo; safe to call from several threads."""

    @property
    def card(self) -> DetectorCard:
        """Who proposes."""
        ...

    def detect(self, pixels: Pixels, scale: float = 1.0) -> tuple[Detection, ...]:
        """Detections, most likely first; places and radii are pixels of ``pixels`` times ``scale``."""
        ...
