"""The first-run page: what a new clinic needs, checked field by field before anything is made."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workstation.domain.accounts import ClinicProfile, Licence, Role, User
from workstation.domain.ids import UserId, new_id
from workstation.domain.prescription import npi_valid
from workstation.language import tr

PASSWORD_LENGTH = 15
PIN_LENGTH = 6
_STATES = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY"
STATES = tuple(_STATES.split())
TIME_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)


@dataclass(frozen=True, slots=True)
class ClinicSetup:
    """Everything asked before a records folder is made; texts as typed, stripped."""

    folder: Path
    clinic: str
    address_line: str
    city: str
    state: str
    postal_code: str
    phone: str
    time_zone: str
    name: str
    credentials: str
    licence_state: str
    licence_number: str
    npi: str
    login: str
    password: str
    password_again: str
    pin: str
    pin_again: str
    paper: str = "Letter"


def problems(setup: ClinicSetup) -> tuple[tuple[str, str], ...]:
    """(field, sentence) of everything still missing or wrong, in the order of the page."""
    checks: tuple[tuple[str, Callable[[ClinicSetup], str]], ...] = (
        ("folder", _folder),
        ("clinic", lambda s: _needed(s.clinic, tr("Enter the clinic\u2019s name."))),
        ("address_line", lambda s: _needed(s.address_line, tr("Enter street and number."))),
        ("city", lambda s: _needed(s.city, tr("Enter the city."))),
        ("state", lambda s: "" if s.state in STATES else tr("Choose the state.")),
        (
            "postal_code",
            lambda s: _matches(s.postal_code, r"\d{5}(-\d{4})?", tr("5 digits, as 55401.")),
        ),
        (
            "phone",
            lambda s: _matches(s.phone, r"[\d\s().+-]{10,20}", tr("10 digits with area code.")),
        ),
        ("time_zone", lambda s: _needed(s.time_zone, tr("Choose the time zone."))),
        ("name", lambda s: _needed(s.name, tr("Enter your name as it is printed."))),
        ("credentials", lambda s: _needed(s.credentials, tr("Enter MD, DO or what applies."))),
        ("licence_state", lambda s: "" if s.licence_state in STATES else tr("Choose the state.")),
        ("licence_number", lambda s: _needed(s.licence_number, tr("Enter the licence number."))),
        ("npi", lambda s: "" if npi_valid(s.npi) else tr("10 digits; the last one does not fit.")),
        (
            "login",
            lambda s: _matches(
                s.login, r"[a-z][a-z0-9._-]{1,31}", tr("Small letters, as r.kessler.")
            ),
        ),
        ("password", _password),
        ("password_again", lambda s: "" if s.password == s.password_again else tr("Not the same.")),
        ("pin", _pin),
        ("pin_again", lambda s: "" if s.pin == s.pin_again else tr("Not the same.")),
    )
    found = ((field, check(setup)) for field, check in checks)
    return tuple((field, sentence) for field, sentence in found if sentence)


def founded(setup: ClinicSetup, at: datetime) -> tuple[ClinicProfile, User]:
    """The clinic and its first dermatologist; ``at`` is the aware moment of the account."""
    clinic = ClinicProfile(
        name=setup.clinic,
        address_line=setup.address_line,
        city=setup.city,
        state=setup.state,
        postal_code=setup.postal_code,
        phone=setup.phone,
        time_zone=setup.time_zone,
        paper=setup.paper.lower(),
        rems_2026_effective="",
    )
    user = User(
        id=UserId(new_id()),
        login=setup.login,
        name=setup.name,
        credentials=setup.credentials,
        role=Role.DERMATOLOGIST,
        npi=setup.npi,
        licences=(Licence(setup.licence_state, setup.licence_number),),
        certificate=None,
        active=True,
        created_at=at,
        administers=True,
    )
    return clinic, user


def _needed(text: str, sentence: str) -> str:
    return "" if text else sentence


def _matches(text: str, pattern: str, sentence: str) -> str:
    return "" if re.fullmatch(pattern, text) else sentence


def _folder(setup: ClinicSetup) -> str:
    if not setup.folder.is_absolute():
        return tr("Choose a folder on this computer.")
    if setup.folder.exists() and (not setup.folder.is_dir() or any(setup.folder.iterdir())):
        return tr("This folder holds something already. Choose an empty one.")
    return ""


def _password(setup: ClinicSetup) -> str:
    if len(setup.password) < PASSWORD_LENGTH:
        return tr(
            "At least {password_length} characters; a sentence is easy to keep.",
            password_length=PASSWORD_LENGTH,
        )
    if len(set(setup.password)) < 6:
        return tr("Too few different characters.")
    return ""


def _pin(setup: ClinicSetup) -> str:
    pin = setup.pin
    if not re.fullmatch(rf"\d{{{PIN_LENGTH}}}", pin):
        return tr("{pin_length} digits.", pin_length=PIN_LENGTH)
    steps = {int(b) - int(a) for a, b in zip(pin, pin[1:], strict=False)}
    return tr("Easy to guess; mix the digits.") if steps <= {0} or steps in ({1}, {-1}) else ""
