"""The warning of a name that mixes scripts, in words."""

from __future__ import annotations

from workstation.domain.patient import PatientSnapshot
from workstation.domain.scripts import Mixed, mixed_name
from workstation.language import noted, tr

MOST = 8  # letters named one by one
_NAMES = {
    "Latin": noted("Latin"),
    "Cyrillic": noted("Cyrillic"),
    "Greek": noted("Greek"),
    "Armenian": noted("Armenian"),
    "Georgian": noted("Georgian"),
    "Hebrew": noted("Hebrew"),
    "Arabic": noted("Arabic"),
    "Han": noted("Chinese"),
    "Hangul": noted("Korean"),
}


def of_patient(patient: PatientSnapshot) -> Mixed | None:
    """How the patient's name mixes scripts."""
    return mixed_name(patient.family, patient.given, patient.native_name)


def short(scripts: tuple[str, ...]) -> str:
    """For a chip beside the name: the most frequent first."""
    named = tuple(tr(_NAMES[one]) if one in _NAMES else one for one in scripts)
    return tr("Letters mixed: {scripts}", scripts=", ".join(named))


def whole(found: Mixed) -> str:
    """Which letters, and what to do."""
    letters = " ".join(found.others[:MOST]) + (" …" if len(found.others) > MOST else "")
    return tr(
        "Not {script}: {letters}. Some look like letters of it. Compare the name with the sender’s record.",
        script=tr(_NAMES[found.scripts[0]]) if found.scripts[0] in _NAMES else found.scripts[0],
        letters=letters,
    )
