"""What a clinic decided about trust: authorities for time stamps, and certificates that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.ids import DocumentId, UserId, VaultAddress

TIMES = "times"  # an authority that is trusted for time stamps
SIGNING = "signing"  # a signing certificate of another authority, with its chain
REVOCATION_REASONS = ("key_lost", "key_stolen", "left_clinic", "name_changed", "replaced")


@dataclass(frozen=True, slots=True)
class TrustAdded:
    """What the records add to the clinic's own authority, for judging a file.

    ``times`` are DER certificates, ``signers`` chains in DER (the signing certificate first);
    ``revoked`` are (serial in hexadecimal, from when).
    """

    times: tuple[bytes, ...] = ()
    revoked: tuple[tuple[str, datetime], ...] = ()
    signers: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """What somebody decided to trust; ``purpose`` is ``times`` or ``signing``."""

    fingerprint: str  # SHA-256 of the certificate, hexadecimal
    purpose: str
    name: str
    ends: datetime
    certificate: bytes  # DER; of a signing certificate with its chain behind it
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class Revocation:
    """A signing certificate that does not count from ``since`` on.

    What was signed before stays valid. ``reason`` is one of ``REVOCATION_REASONS``.
    """

    serial: str
    since: datetime
    reason: str
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class DocumentStamp:
    """A signed document's file with a time stamp added: its bytes, and the level reached.

    ``time`` is what the time stamp authority states; ``by`` and ``at`` say who added it, when.
    """

    document: DocumentId
    position: int  # 1 for the first
    level: str
    time: datetime
    pdf_digest: str
    address: VaultAddress
    by: UserId
    at: datetime
