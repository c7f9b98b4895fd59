"""What the workflow asks of the store about who somebody is."""

from __future__ import annotations

from typing import Protocol

from workstation.domain.consultation import Consultation
from workstation.domain.identity import IdentityDoubt, Settlement
from workstation.domain.ids import ConsultationId


class Identities(Protocol):
    """Doubts of consultations; a read unit refuses to write."""

    def doubts_about(self, new: Consultation) -> tuple[IdentityDoubt, ...]:
        """What is in doubt about a consultation that is about to be stored.

        Two patients that a person told apart before are not asked about again.
        """
        ...

    def add(self, id: ConsultationId, doubts: tuple[IdentityDoubt, ...]) -> None:
        """Keep doubts with a stored consultation."""
        ...

    def answer(self, id: ConsultationId, doubt: IdentityDoubt, answer: Settlement) -> None:
        """Append what a person found; the newest holds. Raises Conflict ``identity.unknown``."""
        ...
