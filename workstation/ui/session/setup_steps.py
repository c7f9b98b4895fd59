"""The six steps of a first run: what each asks, and why."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.language import Sentence, noted
from workstation.presenters.setup import STATES, TIME_ZONES


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, what it is about, a sentence, and rows of (field, label, columns)."""

    name: Sentence
    about: Sentence
    words: Sentence
    entries: tuple[tuple[str, Sentence, int], ...]


STEPS = (
    Step(
        noted("Where records are kept"),
        noted("a folder, encrypted"),
        noted(
            "Everything of this clinic lies in one folder. It opens with a password and nothing else."
        ),
        (("folder", noted("Empty folder on this computer"), 6),),
    ),
    Step(
        noted("Your account"),
        noted("password and signing PIN"),
        noted(
            "The first account is the dermatologist who signs and administers. More people are added later in Settings."
        ),
        (
            ("name", noted("Name as it is printed"), 4),
            ("credentials", noted("Credentials"), 2),
            ("login", noted("Sign-in name"), 6),
            ("password", noted("Password, at least {password} characters"), 3),
            ("password_again", noted("Password again"), 3),
            ("pin", noted("PIN for signing, {pin} digits"), 3),
            ("pin_again", noted("PIN again"), 3),
        ),
    ),
    Step(
        noted("Clinic"),
        noted("name, address, letterhead"),
        noted("Printed at the head of every document."),
        (
            ("clinic", noted("Name on the letterhead"), 3),
            ("phone", noted("Phone"), 3),
            ("address_line", noted("Street and number"), 3),
            ("city", noted("City"), 3),
            ("state", noted("State"), 2),
            ("postal_code", noted("ZIP code"), 2),
            ("time_zone", noted("Time zone"), 2),
        ),
    ),
    Step(
        noted("Prescribing"),
        noted("NPI, state licence, paper"),
        noted(
            "A prescription is signed only where the licence and the patient\u2019s state agree."
        ),
        (
            ("licence_state", noted("Licence state"), 2),
            ("licence_number", noted("Licence number"), 2),
            ("npi", noted("NPI"), 2),
            ("paper", noted("Paper"), 2),
        ),
    ),
    Step(
        noted("Rules and sources"),
        noted("read and accept"),
        noted("What the workstation asks, and what each rule rests on."),
        (),
    ),
    Step(
        noted("Recovery key"),
        noted("print it, keep it apart"),
        noted("Shown once and stored nowhere."),
        (),
    ),
)


RULES = (
    noted(
        "Every rule, dose limit and laboratory limit names its source. Statements are tagged: read against the source, recalled and not yet checked, from the article the product began with, or a decision of the product. Settings, About lists them all."
    ),
    noted(
        "What is not known is never taken for \u201cno\u201d: an unanswered question holds the signature."
    ),
    noted(
        "The start of the iPLEDGE changes of 2026 is not known to the program. Until a prescriber gives the date in Settings, Safety rules, the stricter rules of 2021 hold."
    ),
    noted("The program supports your judgement and does not replace it: you sign."),
)


DOES = (
    (
        "lock",
        noted("Encrypts every record"),
        noted("The password opens a key; the key opens the records."),
    ),
    (
        "key-round",
        noted("Makes your signing key"),
        noted("The PIN is a second check at each signature."),
    ),
    ("clock", noted("Locks after 5 minutes"), noted("1 to 15 minutes in Settings, never off.")),
    (
        "hard-drive",
        noted("Works without a network"),
        noted("Nothing is sent anywhere. Backups go where you say."),
    ),
)


RULES_STEP, KEY_STEP = 4, 5


SECRET = frozenset({"password", "password_again", "pin", "pin_again"})


CHOICES = {
    "state": STATES,
    "licence_state": STATES,
    "time_zone": TIME_ZONES,
    "paper": ("Letter", "A4"),
}
