"""Sentences of the Labs board and of result entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from workstation.domain.after_signing import Asked
from workstation.domain.board import Reading
from workstation.domain.dates import age_years
from workstation.domain.draft import Pharmacy
from workstation.domain.laboratory import LabTest, ThresholdBand
from workstation.domain.results import LabResult, TestSetting
from workstation.domain.triage import TriageLevel
from workstation.presenters import sign_wording, wording
from workstation.workflow import void
from workstation.workflow.board_ports import DueRow
from workstation.workflow.seal import NoKey, PinNotAccepted
from workstation.workflow.session import PinRefused

NBSP = "\u00a0"
TIMES = "\u00d7"
STATES: Mapping[str, tuple[str, str, str]] = {  # state: (words, icon, chip kind)
    "read": ("Read now", "flask-conical", "info"),
    "overdue": ("Overdue", "circle-alert", "danger"),
    "open": ("Window open", "calendar", "ok"),
    "due": ("Due, 14 days", "clock", "warn"),
    "later": ("Later", "calendar", "neutral"),
}
GROUPS = {
    "pregnancy": "Pregnancy tests",
    "blood": "Blood tests",
    "after": "After the course",
}
ROLES = {
    "baseline": "baseline",
    "T1": "T1",
    "T2": "T2",
    "repeat": "repeat",
    "end": "at the last dose",
    "post": "1 month after",
}
ACTIONS: Mapping[str, str] = {  # short words for a bar and under a value
    "normal": "normal",
    "negative": "negative",
    "borderline": "borderline",
    "counsel_repeat": "counsel, repeat",
    "repeat_4w": "repeat in 4 weeks",
    "rest_repeat_2w": "rest, repeat",
    "reduce_repeat_2w": "lower, repeat",
    "reduce_or_hold": "halve or hold",
    "hold": "hold",
    "hold_repeat_1w": "hold, repeat",
    "stop": "stop",
    "stop_now": "stop now",
    "stop_urgent": "stop, urgent",
    "warn": "tell the doctor",
}
BAR = {  # one word on a segment of the bar
    "counsel_repeat": "counsel",
    "repeat_4w": "repeat",
    "rest_repeat_2w": "rest",
    "reduce_repeat_2w": "lower",
    "reduce_or_hold": "halve",
    "hold_repeat_1w": "hold",
    "stop_now": "stop",
    "stop_urgent": "urgent",
    "warn": "see",
}
GATES: Mapping[str, tuple[str, str]] = {  # action: (kind, what it does to signing)
    "normal": ("ok", "Nothing is held."),
    "negative": ("ok", "Nothing is held."),
    "borderline": ("warn", "One key acknowledges it before signing."),
    "counsel_repeat": ("warn", "One key acknowledges it before signing."),
    "repeat_4w": ("warn", "One key acknowledges it before signing."),
    "rest_repeat_2w": ("warn", "One key acknowledges it before signing."),
    "reduce_repeat_2w": (
        "warn",
        "Needs your reason until a lower dose is written and the repeat is dated.",
    ),
    "reduce_or_hold": (
        "danger",
        "Holds signing until the dose is at most half and the repeat is within 2 weeks.",
    ),
    "hold": ("danger", "Holds signing until a newer result lies below this band."),
    "hold_repeat_1w": ("danger", "Holds signing until a newer result lies below this band."),
    "stop": ("danger", "Stops ISOtretinoin until a newer result lies below the hold band."),
    "stop_urgent": ("danger", "Stops ISOtretinoin. Same-day medical review."),
    "stop_now": ("danger", "Stops ISOtretinoin now. No path signs it."),
    "warn": ("warn", "One key acknowledges it before signing."),
}
LIMIT_MISSING = "The laboratory's upper limit is missing"
LIMIT_MISSING_MORE = (
    "Without it nothing may be concluded, and signing is held. "
    "Enter the limit that the report prints."
)
NOT_PREPARED = "Nothing may be concluded yet"
NOT_PREPARED_MORE = "A value that was not taken fasting, or of which that is not known, is never accepted as normal."
NO_BANDS = "No threshold acts on this test"
NO_BANDS_MORE = "It is stored and stands on the record."
TYPE_VALUE = "Type the value to see its band."
FASTING = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known"))
WORDS = (("negative", "Negative"), ("positive", "Positive"), ("equivocal", "Not clear"))
SETTINGS = ((TestSetting.MEDICAL.value, "Medical setting"), (TestSetting.HOME.value, "At home"))
NOTHING_OPEN = "No consultation of this patient is open."
SAVED_NEVER_CHANGED = "A saved result is corrected by a new entry, never overwritten."
LEVELS = {
    TriageLevel.EMERGENT: "Emergent",
    TriageLevel.URGENT: "Urgent",
    TriageLevel.PRIORITY: "Priority",
    TriageLevel.ROUTINE: "Routine",
}
PHARMACY_UNKNOWN = "The patient's pharmacy is not on record: ask the patient, then call it."
VALUE_MISSING = "Enter the value as a number, as 96 or 96.5."
WORD_MISSING = "Choose the result."
DAY_MISSING = "Enter the day on which the specimen was drawn."
DAY_AHEAD = "The specimen cannot be drawn on a day to come."
TIME_WRONG = "Write the time as 08:15, or leave it empty."
LIMIT_WRONG = "Write this laboratory's upper limit as a number, or leave it empty."


def name(row: DueRow) -> str:
    """``FAMILY, Given``."""
    return f"{row.family.upper()}, {row.given}"


def about(row: DueRow, today: date) -> str:
    """Age, sex and where the course stands: ``28y M · month 3``."""
    sex = {"female": "F", "male": "M"}.get(row.sex, "")
    person = f"{age_years(row.born, today)}y {sex}".strip()
    return f"{person} \u00b7 {phase(row, today)}"


def phase(row: DueRow, today: date) -> str:
    """Where the course stands."""
    if row.start is None:
        return "no plan yet"
    if row.last_dose is None:
        return "work-up"
    if today > row.last_dose:
        return "ended"
    if today < row.start:
        return "start"
    return f"month {(today - row.start).days // 30 + 1}"


def tests(row: DueRow, known: Mapping[str, LabTest]) -> str:
    """The tests of a row with their role: ``Pregnancy test (T2)``."""
    names = [short(known[id].name) if id in known else id for id in row.tests]
    said = ", ".join(dict.fromkeys(names))
    role = ROLES.get(row.role, "")
    if row.state == "read" and row.role not in ("T1", "T2"):
        role = ""
    return f"{said} ({role})" if role else said


def short(title: str) -> str:
    """A test's name as a table has room for."""
    return "Pregnancy test" if title.startswith("Pregnancy test") else title


def value(reading: Reading | LabResult) -> str:
    """``96 U/L``, or the word."""
    if isinstance(reading.value, str):
        return reading.value
    unit = (reading.unit or "").replace("[", "").replace("]", "")
    return f"{wording.number(reading.value)}{NBSP}{unit}".strip()


def times(number: Decimal, limit: Decimal) -> str:
    """``2.4 ×``."""
    return f"{wording.number((number / limit).quantize(Decimal('0.1')))}{NBSP}{TIMES}"


def last_value(row: DueRow) -> tuple[str, str]:
    """(newest value of the row's tests, what it asked for)."""
    newest = [r for r in row.readings if r.test == row.readings[0].test][-1:]
    others = [r for r in row.readings if newest and r.test != newest[0].test]
    if not newest:
        return "none", _waits(row)
    said = " \u00b7 ".join(value(reading) for reading in (*newest, *others))
    worst = next(
        (r for r in (*newest, *others) if r.action not in ("normal", "negative")), newest[0]
    )
    return said, ACTIONS.get(worst.action, "nothing concluded")


def _waits(row: DueRow) -> str:
    if row.role in ("baseline", "T1", "T2"):
        return "holds the start"
    if row.role == "post":
        return "closes the course"
    return "needs a reason" if row.state == "overdue" else ""


def dated(row: DueRow, today: date) -> tuple[str, str, str]:
    """(day, note, colour role) of a row."""
    if row.state == "read":
        return wording.day(row.due), "drawn", "text2"
    if row.state == "overdue":
        late = (today - row.last).days
        return wording.day(row.last), f"{wording.count(late, 'day')} late", "danger"
    if row.state == "open":
        return wording.day(row.due), f"window to {wording.day(row.last)[:-5]}", "text2"
    ahead = (row.first - today).days
    return wording.day(row.due), f"from {wording.day(row.first)[:-5]}, in {ahead}{NBSP}d", "text2"


def trend(readings: Sequence[Reading]) -> tuple[float, ...]:
    """Numbers of the row's first test, oldest first; empty when there is no line to draw."""
    if not readings:
        return ()
    first = readings[0].test
    numbers = [float(r.value) for r in readings if r.test == first and isinstance(r.value, Decimal)]
    return tuple(numbers) if len(numbers) > 1 else ()


def spoken(parts: Sequence[str]) -> str:
    """A row for assistive technology."""
    return ". ".join(part for part in parts if part)


def band_words(band: ThresholdBand) -> str:
    """``more than 2 to 3 × limit``."""
    unit = f" {TIMES} limit" if band.per_upper_limit else ""
    low = "" if band.low is None else wording.number(band.low)
    high = "" if band.high is None else wording.number(band.high)
    if band.low is None:
        return f"{'at most' if band.high_inclusive else 'below'} {high}{unit}"
    start = low if band.low_inclusive else f"more than {low}"
    if band.high is None:
        return f"{start} or more{unit}" if band.low_inclusive else f"{start}{unit}"
    return f"{start} to {'' if band.high_inclusive else 'below '}{high}{unit}"


def judged(asked: Asked, test: LabTest) -> tuple[str, str, str]:
    """(kind, what to do, why) of a value."""
    result = asked.result
    if asked.limit_missing:
        return "warn", LIMIT_MISSING, LIMIT_MISSING_MORE
    if asked.band is None:
        if asked.action:
            return "warn", NOT_PREPARED, NOT_PREPARED_MORE
        return "info", NO_BANDS, NO_BANDS_MORE
    kind, gate = GATES.get(asked.action, ("warn", ""))
    band = asked.band
    if band.words:
        return kind, band.advice, gate
    said = value(result)
    if band.per_upper_limit and result.upper_limit and isinstance(result.value, Decimal):
        said = f"{times(result.value, result.upper_limit)} limit"
    return kind, band.advice, f"{short(test.name)} {said}, band {band_words(band)}. {gate}"


def goes_to(asked: Asked, *, is_open: bool) -> str:
    """Where a result goes once it is saved."""
    if is_open:
        return "Goes to the queue with the open consultation."
    if asked.level is None:
        return "Stays on the record; nothing has to be done."
    return f"Makes an item in the queue: {LEVELS[asked.level]}."


def pharmacy(known: Pharmacy | None) -> str:
    """Whom to call before it is dispensed."""
    if known is None:
        return PHARMACY_UNKNOWN
    said = ", ".join(part for part in (known.name, known.phone) if part)
    return f"Call the pharmacy first: {said}."


def voided(answer: void.VoidAnswer, number: str) -> str:
    """What became of voiding a prescription."""
    match answer:
        case void.Voided(notice=notice):
            return f"{number} is void. Notice {notice.number} is signed: send it to the pharmacy."
        case PinNotAccepted(answer=PinRefused(tries_left=left)):
            return sign_wording.pin_refused(left)
        case PinNotAccepted():
            return "The PIN is closed. Sign in with the password again."
        case NoKey():
            return "You have no signing key here. Nothing was made void."
        case _:
            return "Something changed meanwhile. Nothing was made void; look again."


def patient_message(clinic: str, phone: str, action: str) -> str:
    """What the patient is told, without a name, a value or a test in it."""
    if action in ("stop_now", "stop_urgent", "stop"):
        act = "Please take no more of your capsules and do not pick up a new supply."
    else:
        act = "Please take no more of your capsules until we have spoken."
    return f"{act} Call us today: {clinic}, {phone}."
