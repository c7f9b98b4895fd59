"""Everything the workflow reaches, wired once by bootstrap and passed to each use case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workstation.content.catalogue import Catalogue
from workstation.domain.accounts import Permission, User, may
from workstation.domain.consultation import Consultation
from workstation.domain.dates import Clock
from workstation.domain.errors import Conflict, NotAllowed
from workstation.workflow.ports import (
    AnnotationFiles,
    Detector,
    KeyRing,
    Outbox,
    PackageReader,
    Photos,
    ReadUnit,
    Renderer,
    Signer,
    SigningKey,
    Store,
    Vault,
)
from workstation.workflow.ports.dicom import DicomFiles


@dataclass(frozen=True, slots=True)
class Desk:
    """One workstation at work on one open store.

    ``shipped`` is the content before the clinic's own rules and stricter levels, which ``own`` and
    ``levels`` hold as the store keeps them; ``catalogue`` is what is in force.
    """

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
    detector: Detector | None = None
    annotation_files: AnnotationFiles | None = None
    dicom: DicomFiles | None = None
    has_room: Callable[[], bool] = lambda: True  # whether the disk can hold another package
    shipped: Catalogue | None = None
    levels: str = "[]"
    own: str = ""

    def put_in_force(self, catalogue: Catalogue, levels: str, own: str = "") -> None:
        """Follow other rules from now on: the one thing of an open desk that changes."""
        object.__setattr__(self, "catalogue", catalogue)
        object.__setattr__(self, "levels", levels)
        object.__setattr__(self, "own", own)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user; ``key`` is their unlocked signing key (None without one).

    ``keyless`` says why a key that was given is not there (``ports.Unlocked``).

    ``emergency`` lets an active user who may not see records read them, after a reason was given
    (``workflow.session.emergency``); it never lets anybody change anything.
    """

    user: User
    key: SigningKey | None
    emergency: bool = False
    keyless: str = ""


def require(session: Session, permission: Permission) -> None:
    """Refuse what the user's role does not allow.

    Raises:
        NotAllowed: ``session.permission`` with the permission's name.
    """
    if session.emergency and session.user.active and permission is Permission.VIEW:
        return
    if not may(session.user, permission):
        raise NotAllowed("session.permission", permission=permission.value)


def require_active(session: Session) -> None:
    """Refuse an account that is switched off; for what every role may do.

    Raises:
        NotAllowed: ``session.user.inactive``.
    """
    if not session.user.active:
        raise NotAllowed("session.user.inactive")


def account_now(unit: ReadUnit, session: Session, *permissions: Permission) -> User:
    """The account as the store has it now: a role taken away since sign-in counts.

    Raises:
        NotAllowed: ``session.user.inactive``; ``session.permission`` with the permission's name.
    """
    user = unit.user(session.user.id)
    if user is None or not user.active:
        raise NotAllowed("session.user.inactive")
    for permission in permissions:
        require(Session(user, session.key), permission)
    return user


def held(session: Session, consultation: Consultation | None, token: int) -> Consultation:
    """The consultation, when this user's claim with ``token`` is the one in force.

    A token alone is a small number that anybody can count up to: the holder is asked as well.

    Raises:
        Conflict: ``consultation.claim.lost``.
    """
    claim = consultation.claim if consultation is not None else None
    if (
        consultation is None
        or claim is None
        or (claim.token, claim.user)
        != (
            token,
            session.user.id,
        )
    ):
        raise Conflict("consultation.claim.lost")
    return consultation
