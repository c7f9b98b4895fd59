"""How to reach a patient with a red flag: ways, steps of the flags, and the tries so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from workstation.domain.consultation import Consultation
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


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
