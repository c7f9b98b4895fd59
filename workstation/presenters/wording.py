"""Words for people: dates, ages, durations, numbers, and a sentence for each stable code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
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

HYPHEN = "\u2011"  # does not break
NO_BREAK = "\u00a0"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOT_KNOWN = "Not known"
NOT_RECORDED = "Not recorded"

TRIAGE = {
    TriageLevel.EMERGENT: "Emergent",
    TriageLevel.URGENT: "Urgent",
    TriageLevel.PRIORITY: "Priority",
    TriageLevel.ROUTINE: "Routine",
}
STATUS = {
    Status.READY: "Ready",
    Status.IN_REVIEW: "In review",
    Status.AWAITING_PATIENT: "Awaiting patient",
    Status.WAITING_FOR_WORK_UP: "Waiting for work-up",
    Status.DEFERRED: "Deferred",
    Status.CLOSED: "Signed",
    Status.WITHDRAWN: "Withdrawn",
}
REQUEST = {
    RequestKind.ACNE: ("Acne", ""),
    RequestKind.ISOTRETINOIN_START: ("Isotretinoin", "start"),
    RequestKind.ISOTRETINOIN_MONTH: ("Isotretinoin", "month"),
    RequestKind.ISOTRETINOIN_END: ("Isotretinoin", "end"),
    RequestKind.MELASMA: ("Melasma", ""),
    RequestKind.HAIR_LOSS: ("Hair loss", ""),
    RequestKind.LASHES: ("Lashes", ""),
    RequestKind.ANTI_AGEING: ("Anti-ageing", ""),
    RequestKind.ROSACEA: ("Rosacea", ""),
    RequestKind.RESULT: ("Result", "after signing"),
    RequestKind.HIDRADENITIS: ("Hidradenitis", ""),
}
VIEW = {
    View.FRONT: "Front",
    View.LEFT45: "Left 45\u00b0",
    View.RIGHT45: "Right 45\u00b0",
    View.CHIN_UP: "Chin up",
    View.HAIRLINE: "Hairline",
    View.CHEST: "Chest",
    View.UPPER_BACK: "Upper back",
    View.SHOULDERS: "Shoulders",
    View.OTHER: "Other",
}
SEX = {
    Sex.FEMALE: ("Female", "F"),
    Sex.MALE: ("Male", "M"),
    Sex.OTHER: ("Other", "X"),
    Sex.UNKNOWN: (NOT_KNOWN, ""),
}
LEVEL = {
    Level.OK: "Passed",
    Level.INFO: "Good to know",
    Level.WARN: "Needs one key",
    Level.OVERRIDE: "Needs your reason",
    Level.HOLD: "Blocks signing",
    Level.STOP: "Blocks signing",
}
ROLE = {
    Role.DERMATOLOGIST: "Dermatologist",
    Role.SECOND_READER: "Second reader",
    Role.NURSE: "Nurse",
    Role.ADMINISTRATOR: "Administrator",
    Role.AUDITOR: "Auditor",
}


# -- dates and times


def day(when: date) -> str:
    """``22-Nov-2026`` with hyphens that do not break."""
    return f"{when.day:02d}{HYPHEN}{MONTHS[when.month - 1]}{HYPHEN}{when.year:04d}"


def clock(when: datetime, zone: tzinfo | None = None) -> str:
    """``13:42`` in 24 h; ``zone`` converts an aware moment first."""
    local = when.astimezone(zone) if zone is not None else when
    return f"{local.hour:02d}:{local.minute:02d}"


def clock_seconds(when: datetime, zone: tzinfo | None = None) -> str:
    """``13:42:08``."""
    local = when.astimezone(zone) if zone is not None else when
    return f"{clock(local)}:{local.second:02d}"


def moment(when: datetime, zone: tzinfo | None = None) -> str:
    """``22-Nov-2026 13:42``."""
    local = when.astimezone(zone) if zone is not None else when
    return f"{day(local.date())}{NO_BREAK}{clock(local)}"


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
        return f"{years * 12 + months}m"
    if years < 18:
        return f"{years}y{NO_BREAK}{months}m"
    return f"{years}y"


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
    return f"{number(value)}{NO_BREAK}{unit}"


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
    what, stage = REQUEST[kind]
    if kind is RequestKind.ISOTRETINOIN_MONTH:
        # The first visit of a course is its start, so visit n opens month n - 1.
        return what, f"month {max(1, visit - 1)}"
    return what, stage or ("new" if visit <= 1 else f"visit {visit}")


def joined(words: tuple[str, ...]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


# -- codes


@dataclass(frozen=True, slots=True)
class Message:
    """What happened, and what it means with what to do."""

    title: str
    detail: str


_MESSAGES: dict[str, tuple[str, str]] = {
    "session.password.wrong": (
        "User name or password not accepted.",
        "Nothing was opened. Check Caps Lock and try again.",
    ),
    "session.user.inactive": (
        "This account is switched off.",
        "Nothing was opened. Ask the clinic administrator to switch it on.",
    ),
    "annotations.format": (
        "This file does not hold annotations of this program.",
        "Nothing was changed. Choose a file written by Export annotations.",
    ),
    "annotations.photo": (
        "A photo of this file is not a photo of this consultation.",
        "Nothing was changed. Photos are compared by their bytes: choose the file of this consultation.",
    ),
    "annotations.place": (
        "An annotation of this file lies outside its photo.",
        "Nothing was changed. Ask where the file comes from.",
    ),
    "annotations.differs": (
        "The regions of this report are not where its text says.",
        "Nothing was changed. It was altered after it was written: ask where it comes from.",
    ),
    "second_read.blinded": (
        "Your own second reading of this consultation is still open.",
        "Nothing was changed. Finish it first: until then you are blinded.",
    ),
    "second_read.none": (
        "No second reading of this consultation is finished.",
        "Nothing was changed. The second reader finishes it, then it can be compared.",
    ),
    "second_read.finished": (
        "This second reading is finished.",
        "Nothing was changed. Start another one to read again.",
    ),
    "second_read.stale": (
        "This second reading went on in another window.",
        "Your last mark was not saved. Open the reading again.",
    ),
    "second_read.reader": (
        "This second reading belongs to another reader.",
        "Nothing was changed. Start your own.",
    ),
    "detector.extra_missing": (
        "The clinic's own model needs the extra assist (onnxruntime), which is not installed.",
        "Nothing was proposed. Install derm-workstation[assist], or take detector.toml away.",
    ),
    "detector.model": (
        "The clinic's own model could not be used.",
        "Nothing was proposed. Compare the model with detector.toml.",
    ),
    "content.detector.invalid": (
        "The description of the clinic's own model, detector.toml, is wrong.",
        "Nothing was proposed. It needs name, version, model, width, height, classes, threshold.",
    ),
    "detector.none": (
        "This computer has no detector.",
        "Nothing was changed. Annotate by hand.",
    ),
    "backup.none": (
        "There is no backup in this folder.",
        "Nothing was changed. Choose the folder that holds manifest.json.",
    ),
    "backup.newer": (
        "This backup was made by a newer version of the program.",
        "Nothing was changed. Install that version, then restore.",
    ),
    "backup.damaged": (
        "This backup is damaged: a file is not as it was written.",
        "Nothing was restored. Use an older or another backup, and look at the disk.",
    ),
    "backup.changed": (
        "This backup was changed after it was made.",
        "Nothing was restored. Use another backup, and find out who could write to it.",
    ),
    "backup.inside": (
        "The backup folder lies inside the records.",
        "No backup was made. Choose a folder on another disk.",
    ),
    "backup.folder": (
        "The backup folder cannot be written.",
        "No backup was made; the records are not touched. Connect the disk, or choose another folder.",
    ),
    "store.server.plain_text": (
        "The connection to the server would not be encrypted and checked.",
        "Nothing was sent. Use sslmode=verify-full with the server's certificate.",
    ),
    "store.server.password": (
        "A password stands in the server's address.",
        "Nothing was sent. Take it out: it belongs in the password file of PostgreSQL (pgpass).",
    ),
    "store.vault.missing": (
        "The shared folder of photos and documents is not there.",
        "Nothing was opened. Connect the shared folder, then try again.",
    ),
    "store.vault.not_empty": (
        "The shared folder holds something already.",
        "Nothing was copied. Give a new, empty folder.",
    ),
    "store.copy.not_empty": (
        "The target holds records already.",
        "Nothing was copied. Give a new, empty database.",
    ),
    "store.copy.differs": (
        "What was copied does not read back the same.",
        "Nothing counts as copied; the records are not touched. Look at the disk, then try again.",
    ),
    "account.last_administrator": (
        "This is the last account that administers the clinic.",
        "Nothing was changed. Give another account that right first.",
    ),
    "session.pin.needed": (
        "Who signs needs a PIN.",
        "Nothing was changed. Enter 6 digits.",
    ),
    "session.login.taken": (
        "This user name is taken.",
        "Nothing was changed. Choose another one.",
    ),
    "session.login.unknown": (
        "There is no account of this name.",
        "Nothing was changed. Check the spelling.",
    ),
    "session.recovery.wrong": (
        "The recovery key is not accepted.",
        "Nothing was changed. Type the 25 characters as printed; capitals do not matter.",
    ),
    "session.emergency.reason": (
        "Emergency access needs a reason of at least 10 characters.",
        "Nothing was opened. Write why; it is kept and reviewed.",
    ),
    "settings.unknown": (
        "This setting does not exist.",
        "Nothing was changed.",
    ),
    "settings.value": (
        "This value does not fit the setting.",
        "Nothing was changed. Choose one of the values offered.",
    ),
    "session.permission": (
        "Your role does not include this.",
        "Nothing was changed. A dermatologist of the clinic can do it.",
    ),
    "session.waits": (
        "Too many tries in a row.",
        "Signing in is closed for a short while. Wait, then try again.",
    ),
    "consultation.held": (
        "{detail} has this consultation open.",
        "It can be opened here as soon as it is closed there.",
    ),
    "consultation.gone": (
        "This consultation is no longer in the queue.",
        "It was signed or withdrawn meanwhile. Press F5 for the queue as it is now.",
    ),
    "consultation.claim.lost": (
        "This consultation is now open somewhere else.",
        "Your work up to here is saved. Go back to the queue and open it again.",
    ),
    "consultation.revision.stale": (
        "This consultation was changed in another window.",
        "The last edit was not saved. Close it and open it again to go on.",
    ),
    "draft.edit.stale": (
        "The last edit no longer fits.",
        "It was not saved. Close the consultation and open it again to go on.",
    ),
    "consultation.signed.already": (
        "This consultation is already signed.",
        "Nothing was signed twice. The signed documents are kept with it.",
    ),
    "consultation.status.move": (
        "The consultation cannot go there from where it stands.",
        "Nothing was changed. Press F5 to see where it stands now.",
    ),
    "consultation.contact.missing": (
        "Call first: this is a red flag without a contact record.",
        "It stays in the queue with its clock running. Record a try to reach the patient.",
    ),
    "queue.defer.day": (
        "That day is not to come any more.",
        "Nothing was changed. Choose a day after today.",
    ),
    "queue.level.reason": (
        "Lowering a level needs a reason.",
        "Nothing was changed. Write it in at least 10 characters; it is kept in the audit trail.",
    ),
    "case.none_open": (
        "No consultation is open.",
        "Open one from the queue first.",
    ),
    "photo.not_of_this_consultation": (
        "This photo does not belong to this consultation.",
        "It is not shown. Close the consultation and open it again.",
    ),
    "vault.blob.damaged": (
        "A photo file is damaged.",
        "The other photos are fine. Ask for a new photo, or restore a backup.",
    ),
    "vault.blob.missing": (
        "A photo file is missing.",
        "The other photos are fine. Ask for a new photo, or restore a backup.",
    ),
    "store.disk.full": (
        "No room left on this disk.",
        "Your draft is kept in memory. Free 200 MB, then save again. Signing is closed until then.",
    ),
    "store.busy": (
        "The records folder is busy.",
        "Another program holds it. What you did is kept; it is tried again.",
    ),
    "store.missing": (
        "There is no records folder here.",
        "Choose another folder, or set up a new clinic.",
    ),
    "store.version": (
        "This records folder was written by a newer version.",
        "Nothing was opened, so nothing is lost. Install that version to go on.",
    ),
    "store.weak": (
        "This computer cannot protect the password well enough.",
        "No records folder was made. Free memory and try again.",
    ),
    "store.exists": (
        "There is already a records folder here.",
        "Nothing was changed. Sign in to it, or choose another folder.",
    ),
    "sign.key.none": (
        "You have no signing key here.",
        "Consultations can be drafted, not signed. Ask the administrator for a key.",
    ),
    "sign.key.expired": (
        "The signing key has expired.",
        "Consultations can be drafted, not signed. Renew the key.",
    ),
    "sign.key.revoked": (
        "Your signing key is revoked.",
        "Consultations can be drafted, not signed. Ask the administrator for a new key.",
    ),
    "trust.revoked.already": ("This key is revoked already.", "Nothing was changed."),
    "trust.serial.unknown": ("No such key was issued here.", "Nothing was changed."),
    "trust.serial": ("This is no serial number of a key.", "Nothing was changed."),
    "trust.since": ("The day lies in the future.", "Nothing was changed."),
    "trust.reason": ("Choose one of the reasons.", "Nothing was changed."),
    "timestamp.none": (
        "No time stamp server is set.",
        "Set its address in the clinic\u2019s settings.",
    ),
    "timestamp.already": (
        "This document has the highest level already.",
        "Nothing was changed.",
    ),
    "timestamp.server": (
        "The time stamp server was not reached.",
        "Nothing was changed. Try again later.",
    ),
    "timestamp.answer": (
        "The time stamp server\u2019s answer does not fit the question.",
        "Nothing was changed. Try again, or ask who runs the server.",
    ),
    "timestamp.refused": (
        "The time stamp server refused.",
        "Nothing was changed. Ask who runs the server.",
    ),
    "timestamp.untrusted": (
        "The time stamp is of an authority this clinic does not trust.",
        "Nothing was changed. Add its certificate to the trusted time authorities.",
    ),
    "timestamp.file": (
        "This file cannot take a time stamp.",
        "Nothing was changed.",
    ),
    "document.stamped.already": (
        "Somebody else added a time stamp meanwhile.",
        "Look at the document again.",
    ),
    "trust.anchor.known": (
        "This authority is trusted already.",
        "Nothing was changed.",
    ),
    "trust.anchor.unreadable": (
        "The file holds no certificate that can be read.",
        "Nothing was changed. Choose a certificate file (.pem, .crt, .der).",
    ),
    "trust.anchor.kind": (
        "The certificate is not an authority\u2019s.",
        "Nothing was changed. Choose the certificate of the authority itself.",
    ),
    "trust.anchor.expired": (
        "The authority\u2019s certificate is not valid today.",
        "Nothing was changed.",
    ),
    "server.address": (
        "The FHIR server\u2019s address must be https://\u2026 without a name or password in it.",
        "Nothing was sent or fetched.",
    ),
    "server.unreachable": (
        "The FHIR server cannot be reached, or it stayed busy.",
        "What was fetched so far is kept; the same command goes on.",
    ),
    "server.certificate": (
        "The FHIR server\u2019s certificate does not hold: it has ended, is for another name, or nobody trusted signed it.",
        "Nothing was sent or fetched. Ask who runs the server; --authorities names whom to trust.",
    ),
    "server.refused": (
        "The FHIR server refused.",
        "Ask who runs the server; the token may have ended.",
    ),
    "server.answer": (
        "The FHIR server\u2019s answer cannot be used.",
        "What was fetched so far is kept. Ask who runs the server.",
    ),
    "export.dicom.extra": (
        "DICOM needs an optional part of the program.",
        "Nothing was written. It is installed by: pip install 'derm-workstation[dicom]'.",
    ),
    "export.answer": (
        "An answer of this consultation fits no published question.",
        "Nothing was written.",
    ),
    "document.ended.already": (
        "This document no longer holds already.",
        "Nothing was changed. Its versions show what is in its place.",
    ),
    "void.reason.short": (
        "Say in at least 10 characters why.",
        "Nothing was made void.",
    ),
    "amend.open.already": (
        "This consultation is being amended already.",
        "Open it from the queue to go on, or give the amendment up there.",
    ),
    "amend.later_visit": (
        "A later visit of this patient was signed.",
        "Nothing was changed. Make the document void, or write the change into the next visit.",
    ),
    "document.glyph.missing": (
        "A name or text holds a character that cannot be printed ({first}).",
        "Nothing was signed. Write it in Latin, Greek or Cyrillic letters, then look again.",
    ),
    "document.overflow": (
        "A name or text is too long for its place on the page.",
        "Nothing was signed. Shorten it, then look again.",
    ),
    "leaflet.guardian.adult": (
        "Only a minor\u2019s plan has a copy for a guardian.",
        "Give the plan to the patient in person.",
    ),
    "export.plan.none": (
        "No plan was signed for this patient.",
        "A calendar is written of a signed plan. Sign one first.",
    ),
    "erase.nobody": ("Nobody is on record under that number.", "Perhaps it is erased already."),
    "erase.open": (
        "A consultation of this person is not closed.",
        "Close or withdraw it first, then erase.",
    ),
    "erase.reason": ("The reason is too short.", "Write why, in at least 10 characters."),
    "identity.unknown": ("This was not in doubt.", "Look at the consultation again."),
    "export.not_empty": ("The folder is not empty.", "Choose a new folder."),
    "export.patient.none": (
        "No patient here has this record number and birth date, or several do.",
        "Nothing was written. Check both.",
    ),
    "result.contact.missing": (
        "Write who was told and what was agreed.",
        "An emergent or urgent result is not closed before.",
    ),
    "intake.results.patient": (
        "No patient here has this record number and birth date, or several do.",
        "The results wait in the refused folder until somebody has looked.",
    ),
    "intake.photo.unreadable": (
        "A photo could not be read.",
        "The others are fine. Ask for a new photo, or try again.",
    ),
}
_FAMILIES: tuple[tuple[str, tuple[str, str]], ...] = (
    ("session.", ("Signing in did not work.", "Nothing was opened. Try again.")),
    ("store.", ("The records folder did not answer.", "Nothing was lost. Try again in a moment.")),
    ("vault.", ("A stored file could not be read.", "The rest is fine. Try again.")),
    ("consultation.", ("The consultation did not change.", "Press F5 and look again.")),
    ("message.", ("The message was not sent.", "Nothing was changed. Write it and try again.")),
    ("queue.", ("The consultation did not change.", "Press F5 and look again.")),
    ("draft.", ("The last edit was not saved.", "Close the consultation and open it again.")),
    (
        "intake.results.",
        ("Results were not taken.", "The file waits in the refused folder with the reason."),
    ),
    (
        "intake.hl7",
        ("Results were not taken.", "The file waits in the refused folder with the reason."),
    ),
    ("result.", ("The result was not recorded.", "Nothing was changed. Look at it again.")),
    (
        "intake.",
        ("A package was not taken.", "Nothing of it is kept in the queue. Ask for it again."),
    ),
    ("photo", ("A photo could not be shown.", "The others are fine. Try again.")),
    ("document.", ("The document could not be drawn.", "Nothing was signed. Check the entries.")),
    ("sign.", ("Signing did not happen.", "Nothing was signed. Look at the page again.")),
    ("void.", ("The document was not made void.", "It still holds. Look at it again.")),
    ("amend.", ("The consultation was not opened again.", "The signed documents still hold.")),
    ("export.", ("The file could not be written.", "The signature stands. Export it again.")),
    ("content.", ("A rule file cannot be used.", "Nothing can be signed until it is corrected.")),
)


def message(
    code: str, *, detail: str = "", context: Mapping[str, str | int] | None = None
) -> Message:
    """The sentences for a stable code; an unlisted code gets those of its family."""
    known = _MESSAGES.get(code)
    if known is None:
        known = next(
            (words for prefix, words in _FAMILIES if code.startswith(prefix)),
            ("Something did not work.", "Your work up to here is saved. Try again."),
        )
    values = {**{k: str(v) for k, v in (context or {}).items()}, "detail": detail or "Somebody"}
    return Message(known[0].format_map(_Blank(values)), known[1].format_map(_Blank(values)))


def message_for(error: WorkstationError) -> Message:
    """The sentences for an error."""
    return message(error.code, context=error.context)


class _Blank(dict[str, str]):
    """Leaves nothing in place of a value that is not there."""

    def __missing__(self, key: str) -> str:
        return ""
