"""Everything the workflow reaches, wired once by bootstrap and passed to each use case."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.content.catalogue import Catalogue
from workstation.domain.accounts import Permission, User, may
from workstation.domain.dates import Clock
from workstation.domain.errors import NotAllowed
from workstation.workflow.ports import (
    KeyRing,
    Outbox,
    PackageReader,
    Photos,
    Renderer,
    Signer,
    SigningKey,
    Store,
    Vault,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """One workstation at work on one open store."""

    store: Store
    vault: Vault
    photos: Photos
    reader: PackageReader
    renderer: Renderer
    signer: Signer
    keys: KeyRing
    outbox: Outbox
    clock: Clock
    catalogue: Catalogue
    station: str


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user; ``key`` is their unlocked signing key (None without one)."""

    user: User
    key: SigningKey | None


def require(session: Session, permission: Permission) -> None:
    """Refuse what the user's role does not allow.

    Raises:
        NotAllowed: ``session.permission`` with the permission's name.
    """
    if not may(session.user, permission):
        raise NotAllowed("session.permission", permission=permission.value)
