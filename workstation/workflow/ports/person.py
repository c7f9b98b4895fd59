"""What handing over and erasing everything of one person needs of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workstation.domain.ids import ConsultationId, PatientId, UserId, VaultAddress

ERASED = "person.erased"
"""Action of the audit entry of an erasure."""
ALSO = "also"
"""Its detail with the vault files that no row of an earlier erasure lists."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure removed, and what it had to keep.

    ``kept`` are numbers of signed documents that the law still wants; ``kept_from`` is when the
    newest of them was signed. ``files`` are vault files nobody else's consultation holds; ``also``
    those of them that an erasure after the first one added: their list goes into its audit entry.
    """

    consultations: int
    rows: int
    files: tuple[VaultAddress, ...]
    kept: tuple[str, ...]
    kept_from: datetime | None
    also: tuple[VaultAddress, ...] = ()


class Erasing(Protocol):
    """The one way to take away what only grows."""

    def consultations_of(self, patient: PatientId) -> tuple[ConsultationId, ...]:
        """Every consultation of a patient that holds something, oldest first."""
        ...

    def every_of(self, patient: PatientId) -> tuple[ConsultationId, ...]:
        """Every consultation of a patient, also what was erased, oldest first."""
        ...

    def erase(
        self, patient: PatientId, by: UserId, reason: str, at: datetime, keep_signed_since: datetime
    ) -> Erased:
        """Remove photos, answers, drafts, results, messages and supplies of a patient.

        Signed documents from ``keep_signed_since`` on stay, with the name in their index; without
        any, the name goes too. Raises Conflict ``erase.nobody``, ``erase.open``.
        """
        ...

    def files_to_remove(self) -> tuple[VaultAddress, ...]:
        """Vault files of all erasures."""
        ...

    def still_needed(self, files: tuple[VaultAddress, ...]) -> frozenset[VaultAddress]:
        """Those of ``files`` that the same photo, sent again, needs now."""
        ...
