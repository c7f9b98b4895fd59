"""Documents drawn, signed and verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workstation.domain.documents import Document
from workstation.domain.pixels import Pixels
from workstation.workflow.ports.keys import SigningKey

ON_PAPER = 300 / 72
"""Pixels per point of a page that is printed: 300 dpi."""


@dataclass(frozen=True, slots=True)
class VisibleSignature:
    """Lines of the visible block, drawn in the box the template left empty.

    ``coded`` is a document with a QR code beside its box; ``witness`` is not drawn: it is signed
    with the rest and says where the audit trail stood.
    """

    lines: tuple[str, ...]
    coded: bool = False
    witness: str = ""


class Renderer(Protocol):
    """Draws documents; the same document gives the same bytes."""

    def render(self, document: Document, code: str = "") -> bytes:
        """The PDF, with ``code`` as its QR code; raises Refused ``document.glyph.missing`` or ``document.overflow``."""
        ...

    def pages(self, pdf: bytes, scale: float) -> tuple[Pixels, ...]:
        """Raster of each page at ``scale`` pixels per point."""
        ...


class Verdict(Protocol):
    """Result of checking a signed PDF."""

    @property
    def state(self) -> str:
        """valid | changed | untrusted | unsigned | broken."""
        ...

    @property
    def signer(self) -> str:
        """Name in the certificate, or ""."""
        ...

    @property
    def signed_at(self) -> datetime | None:
        """Claimed signing time."""
        ...

    @property
    def level(self) -> str:
        """PAdES level reached."""
        ...

    @property
    def witness(self) -> str:
        """Where the audit trail stood, as the signature covers it, or ""."""
        ...

    @property
    def because(self) -> tuple[str, ...]:
        """Stable codes of what was found wrong."""
        ...

    @property
    def stamped_at(self) -> datetime | None:
        """The time that a time stamp authority states; None without a time stamp."""
        ...


class Signer(Protocol):
    """Signs and checks PDFs."""

    def sign(
        self,
        pdf: bytes,
        key: SigningKey,
        block: VisibleSignature,
        reason: str,
        location: str,
        at: datetime,
    ) -> bytes:
        """One incremental PAdES B-B revision on ``pdf``; validated before it is returned."""
        ...

    def verify(
        self, pdf: bytes, expected_serial: str | None = None, *, as_of: datetime | None = None
    ) -> Verdict:
        """The strict verdict against this clinic's CA, as of now or another moment."""
        ...

    def stamp(self, pdf: bytes, server: str, revocations: bytes) -> tuple[bytes, Verdict]:
        """A signed file with a time stamp of a server, and its verdict.

        ``revocations`` is the clinic's list (``KeyRing.revocation_list``). Raises WorkstationError
        ``timestamp.server``, ``timestamp.answer``, ``timestamp.refused``, ``timestamp.untrusted``,
        ``timestamp.file``.
        """
        ...

    def authority_of(self, certificate: bytes) -> tuple[str, str, datetime]:
        """(fingerprint, name, end) of an authority's certificate, DER; Refused ``trust.anchor.*``."""
        ...
