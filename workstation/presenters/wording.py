"""Words for people: dates, ages, durations, numbers, and a sentence for each stable code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workstation.domain.accounts import Role
from workstation.domain.consultation import RequestKind, Status
from workstation.domain.dates import age_months, age_years
from workstation.domain.errors import WorkstationError
from workstation.domain.patient import Sex
from workstation.domain.photo import View
from workstation.domain.safety import Level
from workstation.domain.triage import TriageLevel
from workstation.language import Sentence, heard, noted, of_content, tr
from workstation.presenters import keys_wording, moments
from workstation.presenters.message_words import FAMILIES, MESSAGES

NOT_KNOWN = noted("Not known")


NOT_RECORDED = noted("Not recorded")


TRIAGE = {
    TriageLevel.EMERGENT: noted("Emergent"),
    TriageLevel.URGENT: noted("Urgent"),
    TriageLevel.PRIORITY: noted("Priority"),
    TriageLevel.ROUTINE: noted("Routine"),
}


STATUS = {
    Status.READY: noted("Ready"),
    Status.IN_REVIEW: noted("In review"),
    Status.AWAITING_PATIENT: noted("Awaiting patient"),
    Status.WAITING_FOR_WORK_UP: noted("Waiting for work-up"),
    Status.DEFERRED: noted("Deferred"),
    Status.CLOSED: noted("Signed"),
    Status.WITHDRAWN: noted("Withdrawn"),
}


REQUEST = {
    RequestKind.ACNE: (noted("Acne"), ""),
    RequestKind.ISOTRETINOIN_START: (noted("Isotretinoin"), noted("start")),
    RequestKind.ISOTRETINOIN_MONTH: (noted("Isotretinoin"), noted("month")),
    RequestKind.ISOTRETINOIN_END: (noted("Isotretinoin"), noted("end")),
    RequestKind.MELASMA: (noted("Melasma"), ""),
    RequestKind.HAIR_LOSS: (noted("Hair loss"), ""),
    RequestKind.LASHES: (noted("Lashes"), ""),
    RequestKind.ANTI_AGEING: (noted("Anti-ageing"), ""),
    RequestKind.ROSACEA: (noted("Rosacea"), ""),
    RequestKind.RESULT: (noted("Result"), noted("after signing")),
    RequestKind.HIDRADENITIS: (noted("Hidradenitis"), ""),
}


VIEW = {
    View.FRONT: noted("Front"),
    View.LEFT45: noted("Left 45\u00b0"),
    View.RIGHT45: noted("Right 45\u00b0"),
    View.CHIN_UP: noted("Chin up"),
    View.HAIRLINE: noted("Hairline"),
    View.CHEST: noted("Chest"),
    View.UPPER_BACK: noted("Upper back"),
    View.SHOULDERS: noted("Shoulders"),
    View.OTHER: noted("Other", "photo"),
}


SEX = {
    Sex.FEMALE: (noted("Female"), "F"),
    Sex.MALE: (noted("Male"), "M"),
    Sex.OTHER: (noted("Other", "sex"), "X"),
    Sex.UNKNOWN: (NOT_KNOWN, ""),
}


LEVEL = {
    Level.OK: noted("Passed"),
    Level.INFO: noted("Good to know"),
    Level.WARN: noted("Needs one key"),
    Level.OVERRIDE: noted("Needs your reason"),
    Level.HOLD: noted("Blocks signing"),
    Level.STOP: noted("Blocks signing"),
}


ROLE = {
    Role.DERMATOLOGIST: noted("Dermatologist"),
    Role.SECOND_READER: noted("Second reader"),
    Role.NURSE: noted("Nurse"),
    Role.ADMINISTRATOR: noted("Administrator"),
    Role.AUDITOR: noted("Auditor"),
}


# -- dates and times
HYPHEN, NO_BREAK, MONTHS = moments.HYPHEN, moments.NO_BREAK, moments.MONTHS


day, clock, clock_seconds, moment = (
    moments.day,
    moments.clock,
    moments.clock_seconds,
    moments.moment,
)


def zone(name: str) -> tzinfo | None:
    """The clinic's time zone; None (times as they are) when the name is not known here."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def age(born: date, on: date) -> str:
    """``23y``; ``17y 4m`` below 18; months below two years."""
    years, months = age_years(born, on), age_months(born, on)
    if years < 2:
        return tr("{months}m", months=years * 12 + months)
    if years < 18:
        return tr("{years}y\u00a0{months}m", years=years, months=months)
    return tr("{years}y", years=years)


def duration(span: timedelta) -> str:
    """``3 min``, ``1h 50m``, ``22h``, ``1d 5h``; a negative span counts as its length."""
    minutes = int(abs(span.total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days}d{NO_BREAK}{hours}h" if hours else f"{days}d"
    if hours >= 5 or (hours and not left):
        return f"{hours}h"
    if hours:
        return f"{hours}h{NO_BREAK}{left}m"
    return f"{left}{NO_BREAK}min"


def spent(seconds: int) -> str:
    """``40 s``, ``3 min 40 s``, ``1h 50m``: how long a piece of work took."""
    minutes, rest = divmod(seconds, 60)
    if minutes >= 60:
        return duration(timedelta(seconds=seconds))
    if not minutes:
        return f"{rest}{NO_BREAK}s"
    if not rest:
        return f"{minutes}{NO_BREAK}min"
    return tr("{minutes}\u00a0min {rest}\u00a0s", minutes=minutes, rest=rest)


# -- numbers
def number(value: Decimal | int | float) -> str:
    """Leading zero always, trailing zeros never, a comma from 1,000."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    text = f"{exact:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def amount(value: Decimal | int | float, unit: str) -> str:
    """A number with its unit after a space that does not break: ``30 mg``."""
    return f"{number(value)}{NO_BREAK}{of_content(unit)}"


def count(n: int, one: str, many: str = "") -> str:
    """``1 blocker``, ``2 blockers``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def groups_of_three(identifier: str) -> str:
    """An identifier in groups of three that do not break; one that is grouped stays as it is."""
    if " " in identifier:
        return identifier.replace(" ", NO_BREAK)
    head = identifier.rstrip("0123456789")
    digits = identifier[len(head) :]
    if len(digits) <= 4:
        return identifier
    first = len(digits) % 3
    parts = [digits[:first]] if first else []
    parts += [digits[i : i + 3] for i in range(first, len(digits), 3)]
    return (head + NO_BREAK.join(parts)).replace("-", HYPHEN)


def request(kind: RequestKind, visit: int) -> tuple[str, str]:
    """What is asked for and at which stage: (``Isotretinoin``, ``month 3``)."""
    what, stage = (str(words) for words in REQUEST[kind])
    if kind is RequestKind.ISOTRETINOIN_MONTH:
        # The first visit of a course is its start, so visit n opens month n - 1.
        return what, tr("month\u00a0{n}", n=max(1, visit - 1))
    return what, stage or (tr("new") if visit <= 1 else tr("visit {visit}", visit=visit))


def joined(words: tuple[str, ...]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return tr("{words} and {last}", words=", ".join(words[:-1]), last=words[-1])


def telephone(number: str | None) -> str:
    """A telephone number that is never broken over two lines; "" without one."""
    return (number or "").replace(" ", NO_BREAK).replace("-", HYPHEN)


def kept(text: str) -> str:
    """Words that the program itself put on record, in the language of the screen."""
    return heard(
        text,
        "recorded by {name}",
        "recorded here",
        "{name}, patient",
        "{name}, emergency contact",
        "Emergency services",
        "Somebody else",
        "{length} mm measured",
        "intake Q{number}",
        "intake",
        "clinic record",
    )


# -- codes
_WHO_MAY = {
    "administer": "session.permission.administer",
    "audit": "session.permission.audit",
    "back_up": "session.permission.back_up",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What happened, and what it means with what to do."""

    title: str
    detail: str

    @property
    def line(self) -> str:
        """Both in one line."""
        return f"{self.title} {self.detail}".strip()


def message(
    code: str,
    *,
    detail: str = "",
    context: Mapping[str, str | int] | None = None,
    own: Mapping[str, tuple[Sentence, Sentence]] | None = None,
) -> Problem:
    """The sentences for a stable code; an unlisted code gets those of its family.

    ``own`` are a place's own, which go before those of everywhere.
    """
    if context and "folder" in context and f"{code}.at" in MESSAGES:
        code = f"{code}.at"
    if context and code == "session.permission":
        code = _WHO_MAY.get(str(context.get("permission")), code)
    known = (own or {}).get(code) or MESSAGES.get(code) or keys_wording.SENTENCES.get(code)
    if known is None:
        known = next(
            (words for prefix, words in FAMILIES if code.startswith(prefix)),
            (noted("Something did not work."), noted("Your work up to here is saved. Try again.")),
        )
    values = {**{k: str(v) for k, v in (context or {}).items()}, "detail": detail or tr("Somebody")}
    title, rest = (tr(words).format_map(_Blank(values)) for words in known)
    return Problem(title, rest)


def message_for(error: WorkstationError) -> Problem:
    """The sentences for an error."""
    return message(error.code, context=error.context)


class _Blank(dict[str, str]):
    """Leaves nothing in place of a value that is not there."""

    def __missing__(self, key: str) -> str:
        return ""
