"""Settings: each declared once with its scope, its default and what it accepts.

A page of settings is drawn from the declarations; a new setting is one row here. Clinic settings
are changed by an administrator or, where ``prescriber`` says so, by a dermatologist; everybody
changes their own. Each change of the clinic's goes on the audit trail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from workstation.domain.accounts import Permission, may
from workstation.domain.errors import Refused
from workstation.domain.stock import listed
from workstation.workflow.desk import Desk, Session, require, require_active

CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``page`` names the page of the settings window that shows it.

    ``kind`` is choice, number, switch, text, date, folder, address, strengths or json; ``choices`` and the bounds say
    what is accepted. Values are text: numbers as digits, switches ``on``/``off``, dates ISO.
    """

    name: str
    page: str
    scope: str  # clinic | user
    kind: str
    default: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    unit: str = ""
    prescriber: bool = False  # a clinic setting that a dermatologist may change too

    def accepts(self, text: str) -> bool:
        """Whether ``text`` is a value of this setting."""
        return _KINDS[self.kind](self, text)


def _number(setting: Setting, text: str) -> bool:
    return (
        re.fullmatch(r"[0-9]{1,6}", text) is not None and setting.least <= int(text) <= setting.most
    )


def _date(_: Setting, text: str) -> bool:
    if text == "":
        return True
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _address(_: Setting, text: str) -> bool:
    """HTTPS, or HTTP on this computer alone; "" is none."""
    if text == "":
        return True
    parts = urlsplit(text)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if (
        len(text) > 500
        or not host
        or port == 0
        or parts.username is not None
        or not text.isprintable()
    ):
        return False
    return parts.scheme == "https" or (
        parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1")
    )


_KINDS: Mapping[str, Callable[[Setting, str], bool]] = {
    "choice": lambda setting, text: text in setting.choices,
    "number": _number,
    "switch": lambda _, text: text in ("on", "off"),
    "text": lambda _, text: len(text) <= 1000 and "\x00" not in text,
    "date": _date,
    "folder": lambda _, text: len(text) <= 1000 and "\x00" not in text,
    "address": _address,
    "strengths": lambda _, text: len(text) <= 100_000 and listed(text) is not None,
    "json": lambda _, text: len(text) <= 100_000,
}

_REFUSED = {"address": "settings.address"}

SETTINGS: tuple[Setting, ...] = (
    Setting("account.given_password", "account", "user", "switch", "off"),
    Setting("display.theme", "display", "user", "choice", "system", ("system", "light", "dark")),
    Setting("display.language", "display", "user", "choice", "system", ("system", "en", "es")),
    Setting("display.high_contrast", "display", "user", "switch", "off"),
    Setting("display.text_size", "display", "user", "number", "100", least=90, most=140, unit="%"),
    Setting("display.density", "display", "user", "choice", "regular", ("regular", "compact")),
    Setting("display.reduced_motion", "display", "user", "switch", "off"),
    Setting(
        "display.marker_size", "display", "user", "number", "100", least=70, most=160, unit="%"
    ),
    Setting("keys.single_letters", "keys", "user", "switch", "on"),
    Setting("keys.own", "keys", "user", "json", "{}"),
    Setting("prescribing.favourites", "prescribing", "user", "json", "[]"),
    Setting(
        "prescribing.clinic_favourites", "prescribing", "clinic", "json", "[]", prescriber=True
    ),
    # Strengths kept by product, as JSON of lists; a product that is not in it is kept whole.
    Setting("prescribing.strengths", "prescribing", "clinic", "strengths", "{}", prescriber=True),
    Setting("rules.levels", "rules", "clinic", "json", "[]", prescriber=True),
    # The clinic's own rules, as JSON of the texts of its files (``own_rules``).
    Setting("rules.own", "rules", "clinic", "json", "", prescriber=True),
    # When a prescriber last looked through all rules, who, and which version: kept as JSON.
    Setting("rules.reviewed", "rules", "clinic", "json", "{}", prescriber=True),
    Setting("lock.minutes", "lock", "user", "number", "5", least=1, most=15, unit="minutes"),
    Setting("signing.timestamp_server", "signing", "clinic", "address", "", prescriber=True),
    Setting("backup.folder", "records", "clinic", "folder", "", prescriber=True),
    Setting(
        "backup.every",
        "records",
        "clinic",
        "number",
        "24",
        least=1,
        most=168,
        unit="hours",
        prescriber=True,
    ),
    # How long signed documents stay after a request to erase. PROJECT: 10 years is our own choice,
    # the longest that is common for adults in the United States; counsel sets what the law of the
    # clinic's state wants, and for minors more.
    Setting(
        "records.retention_years",
        "records",
        "clinic",
        "number",
        "10",
        least=1,
        most=50,
        unit="years",
    ),
    Setting("backup.keep", "records", "clinic", "number", "14", least=2, most=400, prescriber=True),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Settings:
    """The settings in force for one user: own and clinic's, with the shipped ones behind."""

    own: Mapping[str, str]
    clinic: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        setting = BY_NAME[name]
        kept = (self.clinic if setting.scope == CLINIC else self.own).get(name)
        # What an older program stored and this one refuses counts as never set.
        return kept if kept is not None and setting.accepts(kept) else setting.default

    def number(self, name: str) -> int:
        """A setting of kind number."""
        return int(self[name])

    def is_on(self, name: str) -> bool:
        """A setting of kind switch."""
        return self[name] == "on"


def read(desk: Desk, session: Session) -> Settings:
    """The settings in force for the signed-in user.

    Raises:
        NotAllowed: ``session.user.inactive``.
    """
    require_active(session)
    with desk.store.reading() as unit:
        return Settings(unit.settings(session.user.id), unit.settings(CLINIC))


def change(desk: Desk, session: Session, name: str, content: str | None) -> None:
    """Change one setting; ``None`` goes back to the shipped one.

    Raises:
        Refused: ``settings.unknown``, ``settings.value`` or ``settings.address`` (context ``name``).
        NotAllowed: ``session.permission``, ``session.user.inactive``.
    """
    require_active(session)
    setting = BY_NAME.get(name)
    if setting is None:
        raise Refused("settings.unknown", name=name)
    if setting.scope == CLINIC:
        require_change(session, name)
    if content is not None and not setting.accepts(content):
        raise Refused(_REFUSED.get(setting.kind, "settings.value"), name=name)
    scope = CLINIC if setting.scope == CLINIC else session.user.id
    with desk.store.writing(session.user.id, desk.station) as unit:
        before = unit.settings(scope).get(name)
        if before == content:
            return
        unit.set_setting(scope, name, content)
        if setting.scope == CLINIC:
            unit.audit("settings.changed", name, {"before": before, "after": content})


def require_change(session: Session, name: str) -> None:
    """Refuse whoever may not change this setting of the clinic.

    Raises:
        NotAllowed: ``session.permission``, ``session.user.inactive``.
    """
    require_active(session)
    setting = BY_NAME[name]
    if setting.prescriber and may(session.user, Permission.SIGN):
        return
    require(session, Permission.ADMINISTER)
