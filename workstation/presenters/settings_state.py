"""What the pages of Settings show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workstation.domain.accounts import ClinicProfile, User
from workstation.presenters import wording
from workstation.workflow.firings import RuleUse
from workstation.workflow.own_rules import OwnRules
from workstation.workflow.rule_levels import RaisedLevel
from workstation.workflow.settings import Settings

NOTHING = Settings({}, {})


@dataclass(frozen=True)
class SettingsState:
    """What the pages of Settings show.

    ``progress`` is (files done, files in all) of a backup under way; ``recovery`` holds a new
    recovery key while it is shown, never longer.
    """

    values: Settings = NOTHING
    clinic: ClinicProfile | None = None
    people: tuple[User, ...] = ()
    uses: Mapping[str, RuleUse] | None = None
    raised: tuple[RaisedLevel, ...] = ()
    own: OwnRules | None = None
    busy: str = ""
    progress: tuple[int, int] | None = None
    newest: str = ""
    checked: str = ""
    recovery: str = ""
    problem: wording.Problem | None = None
    about: str = ""  # what the problem is about: a setting's name or an act
