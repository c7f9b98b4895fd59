"""How to reach a patient with a red flag: ways, steps of the flags, and the tries so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from workstation.domain.consultation import Consultation
from workstation.domain.triage import Triage
from workstation.presenters import wording

PATIENT, EMERGENCY, OTHER = "patient", "emergency_contact", "somebody_else"
REACHED = (
    ("yes", "Yes"),
    ("no_answer", "No answer"),
    ("voicemail", "Voicemail"),
    ("someone_else", "Someone else"),
)
TOLD = {
    True: "may be told: the patient agreed at intake",
    False: "must not be told: the patient said no",
    None: "not known whether they may be told",
}


@dataclass(frozen=True, slots=True)
class WayState:
    """One way to reach somebody: what it is, the value to dial or go to, and what to know."""

    icon: str
    title: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class TryState:
    """One try so far."""

    icon: str
    text: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ContactState:
    """Everything a call needs, in the order it is needed."""

    ways: tuple[WayState, ...]
    steps: tuple[tuple[str, tuple[str, ...]], ...]  # (flag in words, its steps)
    tries: tuple[TryState, ...]


def contact(consultation: Consultation, triage: Triage, zone: tzinfo | None) -> ContactState:
    """What the contact line shows."""
    flags = tuple(flag for flag in triage.flags if flag.steps)
    return ContactState(
        ways(consultation),
        tuple((flag.title, flag.steps) for flag in flags),
        tuple(
            TryState(
                "phone-call" if one.reached == "yes" else "phone",
                f"{wording.clock(one.at, zone)}  {one.who}, {_lower(dict(REACHED)[one.reached])}",
                one.outcome,
            )
            for one in consultation.contacts
        ),
    )


def ways(consultation: Consultation) -> tuple[WayState, ...]:
    """Phone, emergency contact, present location, 911 and 988; what is missing says so."""
    known = consultation.patient.contact
    found = [WayState("phone", "Phone", known.phone or wording.NOT_RECORDED, "")]
    if known.emergency_name or known.emergency_phone:
        value = ", ".join(part for part in (known.emergency_name, known.emergency_phone) if part)
        found.append(
            WayState("users", "Emergency contact", value, TOLD[known.emergency_may_be_told])
        )
    else:
        found.append(WayState("users", "Emergency contact", wording.NOT_RECORDED, ""))
    found.append(
        WayState("map-pin", "Where the patient is", known.present_location or wording.NOT_KNOWN, "")
    )
    found.append(WayState("octagon-x", "In danger now", "911", "with the address above"))
    found.append(WayState("phone-call", "Crisis line", "988", "call or text, at any hour"))
    return tuple(found)


def people(consultation: Consultation) -> tuple[tuple[str, str], ...]:
    """Who may be the one who was called: (value, words)."""
    patient = consultation.patient
    found = [(PATIENT, f"{patient.given} {patient.family}, patient")]
    if patient.contact.emergency_name:
        found.append((EMERGENCY, f"{patient.contact.emergency_name}, emergency contact"))
    return (*found, (OTHER, "Somebody else"))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
