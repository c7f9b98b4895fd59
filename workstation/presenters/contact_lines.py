"""How to reach a patient with a red flag: ways, steps of the flags, and the tries so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from workstation.domain.consultation import Consultation
from workstation.domain.patient import Contact, PatientSnapshot
from workstation.domain.triage import Triage
from workstation.language import noted, of_content, stored, tr
from workstation.presenters import wording

PATIENT, EMERGENCY, OTHER = "patient", "emergency_contact", "somebody_else"
REACHED = (
    ("yes", noted("Yes")),
    ("no_answer", noted("No answer")),
    ("voicemail", noted("Voicemail")),
    ("someone_else", noted("Someone else")),
)
TOLD = {
    True: noted("may be told: the patient agreed at intake"),
    False: noted("must not be told: the patient said no"),
    None: noted("not known whether they may be told"),
}


@dataclass(frozen=True, slots=True)
class WayState:
    """One way to reach somebody: what it is, the value to dial or go to, and what to know."""

    icon: str
    title: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach help: icon, label, the value in large, what to know, what its key copies."""

    icon: str
    label: str
    value: str
    detail: str
    copied: str


@dataclass(frozen=True, slots=True)
class TryState:
    """One try so far."""

    icon: str
    text: str
    outcome: str


@dataclass(frozen=True, slots=True)
class CallSheet:
    """Everything a call needs, in the order it is needed."""

    ways: tuple[WayState, ...]
    steps: tuple[tuple[str, tuple[str, ...]], ...]  # (flag in words, its steps)
    tries: tuple[TryState, ...]


def call_sheet(consultation: Consultation, triage: Triage, zone: tzinfo | None) -> CallSheet:
    """What the contact line of Treat shows."""
    flags = tuple(flag for flag in triage.flags if flag.steps)
    return CallSheet(
        ways(consultation),
        tuple(
            (of_content(flag.title), tuple(of_content(step) for step in flag.steps))
            for flag in flags
        ),
        tuple(
            TryState(
                "phone-call" if one.reached == "yes" else "phone",
                f"{wording.clock(one.at, zone)}  {wording.kept(one.who)}, {_lower(tr(dict(REACHED)[one.reached]))}",
                one.outcome,
            )
            for one in consultation.contacts
        ),
    )


def ways(consultation: Consultation) -> tuple[WayState, ...]:
    """Phone, emergency contact, present location, 911 and 988; what is missing says so."""
    known = consultation.patient.contact
    found = [
        WayState(
            "phone", tr("Phone"), wording.telephone(known.phone) or tr(wording.NOT_RECORDED), ""
        )
    ]
    if known.emergency_name or known.emergency_phone:
        who = (known.emergency_name, wording.telephone(known.emergency_phone))
        value = ", ".join(part for part in who if part)
        found.append(
            WayState("users", tr("Emergency contact"), value, tr(TOLD[known.emergency_may_be_told]))
        )
    else:
        found.append(WayState("users", tr("Emergency contact"), tr(wording.NOT_RECORDED), ""))
    found.append(
        WayState(
            "map-pin",
            tr("Where the patient is"),
            known.present_location or tr(wording.NOT_KNOWN),
            "",
        )
    )
    found.append(WayState("octagon-x", tr("In danger now"), "911", tr("with the address above")))
    found.append(WayState("phone-call", tr("Crisis line"), "988", tr("call or text, at any hour")))
    return tuple(found)


def people(consultation: Consultation) -> tuple[tuple[str, str], ...]:
    """Who may be the one who was called: (value, words as they go on record)."""
    patient = consultation.patient
    found = [(PATIENT, stored("{name}, patient", name=f"{patient.given} {patient.family}"))]
    if patient.contact.emergency_name:
        found.append(
            (
                EMERGENCY,
                stored("{name}, emergency contact", name=patient.contact.emergency_name),
            )
        )
    return (*found, (OTHER, stored("Somebody else")))


def ways_in_full(patient: PatientSnapshot) -> tuple[Way, ...]:
    """The same on the Contact step, with where each comes from and what its key copies."""
    contact: Contact = patient.contact
    told = {
        True: tr("may be told"),
        False: tr("may not be told why"),
        None: tr("not asked whether to tell"),
    }
    emergency = "\n".join(
        t for t in (contact.emergency_name, wording.telephone(contact.emergency_phone)) if t
    )
    return (
        Way(
            "phone",
            tr("Phone"),
            wording.telephone(contact.phone) or tr(wording.NOT_RECORDED),
            tr("given at intake") if contact.phone else tr("not given at intake"),
            contact.phone or "",
        ),
        Way(
            "users",
            tr("Emergency contact"),
            emergency or tr(wording.NOT_RECORDED),
            told[contact.emergency_may_be_told],
            contact.emergency_phone or "",
        ),
        Way(
            "map-pin",
            tr("Where the patient is now"),
            contact.present_location or tr(wording.NOT_RECORDED),
            tr("answered at intake") if contact.present_location else tr("not answered at intake"),
            contact.present_location or "",
        ),
        Way(
            "siren",
            tr("If in danger now"),
            tr("911, with the address above"),
            tr("Stay on the line"),
            "",
        ),
        Way(
            "life-buoy",
            tr("Crisis line"),
            tr("988, call or text, at any hour"),
            tr("Stay on the line together"),
            "",
        ),
    )


def whom(patient: PatientSnapshot) -> tuple[str, ...]:
    """Whom a try on the Contact step was meant to reach, to choose from or to type over."""
    name = patient.contact.emergency_name
    return (
        stored("{name}, patient", name=patient.display_name),
        *((name,) if name else ()),
        stored("Emergency services"),
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
