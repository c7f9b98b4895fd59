"""Users, roles and the one permission table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from workstation.domain.ids import UserId
from workstation.domain.protocol_choice import ChosenProtocol


class Role(Enum):
    """What somebody is in the clinic."""

    DERMATOLOGIST = "dermatologist"
    SECOND_READER = "second_reader"
    NURSE = "nurse"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Permission(Enum):
    """What the workflow asks about on every call."""

    VIEW = "view"
    CLAIM = "claim"
    ANNOTATE = "annotate"
    SECOND_READ = "second_read"
    TREAT = "treat"
    RECORD_RESULT = "record_result"
    RECORD_CONTACT = "record_contact"
    ASK_PATIENT = "ask_patient"
    TRIAGE = "triage"
    SIGN = "sign"
    EXPORT = "export"
    IMPORT = "import"
    AUDIT = "audit"
    ADMINISTER = "administer"
    BACK_UP = "back_up"


_P = Permission
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DERMATOLOGIST: frozenset(
        {
            _P.VIEW,
            _P.CLAIM,
            _P.ANNOTATE,
            _P.SECOND_READ,
            _P.TREAT,
            _P.RECORD_RESULT,
            _P.RECORD_CONTACT,
            _P.ASK_PATIENT,
            _P.TRIAGE,
            _P.SIGN,
            _P.EXPORT,
            _P.IMPORT,
            _P.AUDIT,
            _P.BACK_UP,
        }
    ),
    Role.SECOND_READER: frozenset({_P.VIEW, _P.SECOND_READ}),
    Role.NURSE: frozenset(
        {
            _P.VIEW,
            _P.RECORD_RESULT,
            _P.RECORD_CONTACT,
            _P.ASK_PATIENT,
            _P.IMPORT,
            _P.EXPORT,
        }
    ),
    Role.ADMINISTRATOR: frozenset({_P.ADMINISTER, _P.AUDIT, _P.BACK_UP, _P.IMPORT}),
    Role.AUDITOR: frozenset({_P.AUDIT, _P.VIEW}),
}


@dataclass(frozen=True, slots=True)
class Licence:
    """A state licence to practise; ``state`` is the two-letter code."""

    state: str
    number: str


@dataclass(frozen=True, slots=True)
class User:
    """An account. ``login`` is typed at sign-in; ``certificate`` is the signing serial (hex)."""

    id: UserId
    login: str
    name: str
    credentials: str  # MD
    role: Role
    npi: str | None
    licences: tuple[Licence, ...]
    certificate: str | None
    active: bool
    created_at: datetime
    administers: bool = (
        False  # also the clinic's administrator: in a small clinic one person is both
    )

    @property
    def initials(self) -> str:
        """First letters of the first and the last name."""
        words = self.name.split()
        return (words[0][:1] + words[-1][:1]).upper() if words else ""


@dataclass(frozen=True, slots=True)
class ClinicProfile:
    """Letterhead and clinic-wide settings that documents and rules read."""

    name: str
    address_line: str
    city: str
    state: str
    postal_code: str
    phone: str
    time_zone: str
    paper: str  # letter | a4
    rems_2026_effective: str  # ISO date, or "" while unknown
    protocol: ChosenProtocol | None = None  # monitoring; None: the content's default


def permissions_of(user: User) -> frozenset[Permission]:
    """All that an active user may do; nothing for an account that is switched off."""
    if not user.active:
        return frozenset()
    also = PERMISSIONS[Role.ADMINISTRATOR] if user.administers else frozenset()
    return PERMISSIONS[user.role] | also


def may(user: User, permission: Permission) -> bool:
    """Whether an active user has ``permission``."""
    return permission in permissions_of(user)
