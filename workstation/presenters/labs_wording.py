"""Sentences of the Labs board and of result entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from workstation.domain.after_signing import Asked
from workstation.domain.board import Reading
from workstation.domain.dates import age_years
from workstation.domain.draft import Pharmacy
from workstation.domain.laboratory import LabTest, ThresholdBand
from workstation.domain.results import LabResult, TestSetting
from workstation.domain.triage import TriageLevel
from workstation.language import Sentence, noted, of_content, plural, tr
from workstation.presenters import wording
from workstation.workflow import void
from workstation.workflow.ports.board import DueRow

NBSP = "\u00a0"
TIMES = "\u00d7"
MOST_DIGITS = 9  # after the point; only a value closer than that to an edge is written out
STATES: Mapping[str, tuple[Sentence, str, str]] = {  # state: (words, icon, chip kind)
    "read": (noted("Read now"), "flask-conical", "info"),
    "overdue": (noted("Overdue"), "circle-alert", "danger"),
    "open": (noted("Window open"), "calendar", "ok"),
    "due": (noted("Due, 14 days"), "clock", "warn"),
    "later": (noted("Later"), "calendar", "neutral"),
}
GROUPS = {
    "pregnancy": noted("Pregnancy tests"),
    "blood": noted("Blood tests"),
    "after": noted("After the course"),
}
ROLES = {
    "baseline": noted("baseline"),
    "T1": "T1",
    "T2": "T2",
    "repeat": noted("repeat"),
    "end": noted("at the last dose"),
    "post": noted("1 month after"),
}
ACTIONS: Mapping[str, Sentence] = {  # short words for a bar and under a value
    "normal": noted("normal"),
    "negative": noted("negative"),
    "borderline": noted("borderline"),
    "counsel_repeat": noted("counsel, repeat"),
    "repeat_4w": noted("repeat in 4 weeks"),
    "rest_repeat_2w": noted("rest, repeat"),
    "reduce_repeat_2w": noted("lower, repeat"),
    "reduce_or_hold": noted("halve or hold"),
    "hold": noted("hold"),
    "hold_repeat_1w": noted("hold, repeat"),
    "stop": noted("stop"),
    "stop_now": noted("stop now"),
    "stop_urgent": noted("stop, urgent"),
    "warn": noted("tell the doctor"),
}
BAR = {  # one word on a segment of the bar
    "counsel_repeat": noted("counsel"),
    "repeat_4w": noted("repeat"),
    "rest_repeat_2w": noted("rest"),
    "reduce_repeat_2w": noted("lower"),
    "reduce_or_hold": noted("halve"),
    "hold_repeat_1w": noted("hold"),
    "stop_now": noted("stop"),
    "stop_urgent": noted("urgent"),
    "warn": noted("see"),
}
GATES: Mapping[str, tuple[str, Sentence]] = {  # action: (kind, what it does to signing)
    "normal": ("ok", noted("Nothing is held.")),
    "negative": ("ok", noted("Nothing is held.")),
    "borderline": ("warn", noted("One key acknowledges it before signing.")),
    "counsel_repeat": ("warn", noted("One key acknowledges it before signing.")),
    "repeat_4w": ("warn", noted("One key acknowledges it before signing.")),
    "rest_repeat_2w": ("warn", noted("One key acknowledges it before signing.")),
    "reduce_repeat_2w": (
        "warn",
        noted("Needs your reason until a lower dose is written and the repeat is dated."),
    ),
    "reduce_or_hold": (
        "danger",
        noted("Holds signing until the dose is at most half and the repeat is within 2 weeks."),
    ),
    "hold": ("danger", noted("Holds signing until a newer result lies below this band.")),
    "hold_repeat_1w": ("danger", noted("Holds signing until a newer result lies below this band.")),
    "stop": ("danger", noted("Stops ISOtretinoin until a newer result lies below the hold band.")),
    "stop_urgent": ("danger", noted("Stops ISOtretinoin. Same-day medical review.")),
    "stop_now": ("danger", noted("Stops ISOtretinoin now. No path signs it.")),
    "warn": ("warn", noted("One key acknowledges it before signing.")),
}
LIMIT_MISSING = noted("The laboratory\u2019s upper limit is missing")
LIMIT_MISSING_MORE = noted(
    "Without it nothing may be concluded, and signing is held. Enter the limit that the report prints."
)
NOT_PREPARED = noted("Nothing may be concluded yet")
NOT_PREPARED_MORE = noted(
    "A value that was not taken fasting, or of which that is not known, is never accepted as normal."
)
NO_BANDS = noted("No threshold acts on this test")
NO_BANDS_MORE = noted("It is stored and stands on the record.")
TYPE_VALUE = noted("Type the value to see its band.")
FASTING = (("yes", noted("Yes")), ("no", noted("No")), ("unknown", noted("Not known")))
WORDS = (
    ("negative", noted("Negative")),
    ("positive", noted("Positive")),
    ("equivocal", noted("Not clear")),
)
SETTINGS = (
    (TestSetting.MEDICAL.value, noted("Medical setting")),
    (TestSetting.HOME.value, noted("At home")),
)
NOTHING_OPEN = noted("No consultation of this patient is open.")
SAVED_NEVER_CHANGED = noted("A saved result is corrected by a new entry, never overwritten.")
LEVELS = {
    TriageLevel.EMERGENT: noted("Emergent"),
    TriageLevel.URGENT: noted("Urgent"),
    TriageLevel.PRIORITY: noted("Priority"),
    TriageLevel.ROUTINE: noted("Routine"),
}
PHARMACY_UNKNOWN = noted(
    "The patient\u2019s pharmacy is not on record: ask the patient, then call it."
)
VALUE_MISSING = noted("Enter the value as a number, as 96 or 96.5.")
VALUE_OTHER_UNIT = noted("This value cannot be meant in {unit}. Check the value and its unit.")
WORD_MISSING = noted("Choose the result.")
DAY_MISSING = noted("Enter the day on which the specimen was drawn.")
DAY_AHEAD = noted("The specimen cannot be drawn on a day to come.")
TIME_WRONG = noted("Write the time as 08:15, or leave it empty.")
LIMIT_WRONG = noted("Write this laboratory\u2019s upper limit as a number, or leave it empty.")


def name(row: DueRow) -> str:
    """``FAMILY, Given``."""
    return f"{row.family.upper()}, {row.given}"


def saved(row: DueRow, result: LabResult, known: Mapping[str, LabTest]) -> str:
    """Whose result was saved, and which: the form shows the next person by then."""
    test = short(known[result.test].name) if result.test in known else result.test
    return tr("{name}: {test}, {value}. Saved.", name=name(row), test=test, value=value(result))


def about(row: DueRow, today: date) -> str:
    """Age, sex and where the course stands: ``28y M · month 3``."""
    sex = {"female": "F", "male": "M"}.get(row.sex, "")
    person = f"{age_years(row.born, today)}y {sex}".strip()
    return f"{person} \u00b7 {phase(row, today)}"


def phase(row: DueRow, today: date) -> str:
    """Where the course stands."""
    if row.start is None:
        return tr("no plan yet")
    if row.last_dose is None:
        return tr("work-up")
    if today > row.last_dose:
        return tr("ended")
    if today < row.start:
        return tr("start")
    return tr("month {days}", days=(today - row.start).days // 30 + 1)


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
    return tr("Pregnancy test") if title.startswith("Pregnancy test") else of_content(title)


def value(reading: Reading | LabResult) -> str:
    """``96 U/L``, or the word."""
    if isinstance(reading.value, str):
        words = dict(WORDS).get(reading.value)
        return tr(words).lower() if words is not None else reading.value
    unit = (reading.unit or "").replace("[", "").replace("]", "")
    return f"{wording.number(reading.value)}{NBSP}{unit}".strip()


def times(number: Decimal, limit: Decimal, edges: Iterable[Decimal] = ()) -> str:
    """``2.4 ×``; ``3.03 ×`` where 3.0 would stand on the other side of an edge of ``edges``."""
    return f"{wording.number(rounded(number / limit, edges))}{NBSP}{TIMES}"


def rounded(exact: Decimal, edges: Iterable[Decimal]) -> Decimal:
    """To a tenth, or as many digits as keep it on its side of every edge: below, at or above."""
    sides = [(edge, exact.compare(edge)) for edge in edges]
    for digits in range(1, MOST_DIGITS + 1):
        shown = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        if all(shown.compare(edge) == side for edge, side in sides):
            return shown
    return exact


def edges(bands: Iterable[ThresholdBand]) -> tuple[Decimal, ...]:
    """Where one band ends and the next begins."""
    found = (edge for band in bands for edge in (band.low, band.high))
    return tuple(edge for edge in found if edge is not None)


def last_value(row: DueRow) -> tuple[str, str]:
    """(newest value of the row's tests, what it asked for)."""
    newest = [r for r in row.readings if r.test == row.readings[0].test][-1:]
    others = [r for r in row.readings if newest and r.test != newest[0].test]
    if not newest:
        return tr("none"), _waits(row)
    said = " \u00b7 ".join(value(reading) for reading in (*newest, *others))
    worst = next(
        (r for r in (*newest, *others) if r.action not in ("normal", "negative")), newest[0]
    )
    return said, tr(ACTIONS.get(worst.action, noted("nothing concluded")))


def _waits(row: DueRow) -> str:
    if row.role in ("baseline", "T1", "T2"):
        return tr("holds the start")
    if row.role == "post":
        return tr("closes the course")
    return tr("needs a reason") if row.state == "overdue" else ""


def dated(row: DueRow, today: date) -> tuple[str, str, str]:
    """(day, note, colour role) of a row."""
    if row.state == "read":
        return wording.day(row.due), tr("drawn"), "text2"
    if row.state == "overdue":
        late = (today - row.last).days
        return (
            wording.day(row.last),
            tr("{days} late", days=plural(late, "{n} day", "{n} days")),
            "danger",
        )
    if row.state == "open":
        return wording.day(row.due), tr("window to {day}", day=wording.day(row.last)[:-5]), "text2"
    ahead = (row.first - today).days
    return (
        wording.day(row.due),
        tr("from {day}, in {ahead}\u00a0d", day=wording.day(row.first)[:-5], ahead=ahead),
        "text2",
    )


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
    unit = tr(" {times} limit", times=TIMES) if band.per_upper_limit else ""
    low = "" if band.low is None else wording.number(band.low)
    high = "" if band.high is None else wording.number(band.high)
    if band.low is None:
        return f"{tr('at most') if band.high_inclusive else tr('below')} {high}{unit}"
    start = low if band.low_inclusive else tr("more than {low}", low=low)
    if band.high is None:
        return (
            tr("{start} or more{unit}", start=start, unit=unit)
            if band.low_inclusive
            else f"{start}{unit}"
        )
    return tr(
        "{start} to {high}{unit}" if band.high_inclusive else "{start} to below {high}{unit}",
        start=start,
        high=high,
        unit=unit,
    )


def judged(asked: Asked, test: LabTest) -> tuple[str, str, str]:
    """(kind, what to do, why) of a value."""
    result = asked.result
    if asked.limit_missing:
        return "warn", tr(LIMIT_MISSING), tr(LIMIT_MISSING_MORE)
    if asked.band is None:
        if asked.action:
            return "warn", tr(NOT_PREPARED), tr(NOT_PREPARED_MORE)
        return "info", tr(NO_BANDS), tr(NO_BANDS_MORE)
    kind, ruled = GATES.get(asked.action, ("warn", None))
    gate = "" if ruled is None else tr(ruled)
    band = asked.band
    if band.words:
        return kind, of_content(band.advice), gate
    said = value(result)
    if band.per_upper_limit and result.upper_limit and isinstance(result.value, Decimal):
        said = tr("{times} limit", times=times(result.value, result.upper_limit, edges((band,))))
    return (
        kind,
        of_content(band.advice),
        tr(
            "{short} {said}, band {band_words}. {gate}",
            short=short(test.name),
            said=said,
            band_words=band_words(band),
            gate=gate,
        ),
    )


def goes_to(asked: Asked, *, is_open: bool) -> str:
    """Where a result goes once it is saved."""
    if is_open:
        return tr("Goes to the queue with the open consultation.")
    if asked.level is None:
        return tr("Stays on the record; nothing has to be done.")
    return tr("Makes an item in the queue: {levels}.", levels=LEVELS[asked.level])


def pharmacy(known: Pharmacy | None) -> str:
    """Whom to call before it is dispensed."""
    if known is None:
        return tr(PHARMACY_UNKNOWN)
    said = ", ".join(part for part in (known.name, known.phone) if part)
    return tr("Call the pharmacy first: {said}.", said=said)


def voided(number: str, made: void.Voided) -> str:
    """A prescription was made void: what is left to do."""
    return tr(
        "{number} is void. Notice {notice} is signed: send it to the pharmacy.",
        number=number,
        notice=made.notice.number,
    )


def patient_message(clinic: str, phone: str, action: str) -> str:
    """What the patient is told, without a name, a value or a test in it."""
    if action in ("stop_now", "stop_urgent", "stop"):
        act = tr("Please take no more of your capsules and do not pick up a new supply.")
    else:
        act = tr("Please take no more of your capsules until we have spoken.")
    return tr("{act} Call us today: {clinic}, {phone}.", act=act, clinic=clinic, phone=phone)
