"""Prescription checks: fields, NPI, quantity, days, refills, licence, window, wording and signature."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from workstation.domain.dosing import Medicine
from workstation.domain.explain import Source

NPI_PREFIX = "80840"  # of the card issuer standard that the NPI's check digit includes
_DOUBLED = "0246813579"  # digit sums of twice 0, 1, 2 ...
UNSIGNED = "RX-UNSIGNED"
TALL_MAN = "E-TALL-MAN"
_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class LintRule:
    """A written form that causes errors; ``pattern`` is a regular expression over the whole text."""

    code: str
    pattern: re.Pattern[str]
    bad: str
    write: str
    source: Source


@dataclass(frozen=True, slots=True)
class StateLaw:
    """What a state asks; ``electronic_only`` is None where the content does not say."""

    code: str
    name: str
    age_of_majority: int
    electronic_only: bool | None
    source: Source


@dataclass(frozen=True)
class PrescriptionRules:
    """Required fields, number words of directions, tall-man names, states."""

    edition: str
    required: tuple[str, ...]
    required_rems: tuple[str, ...]
    frequencies: tuple[tuple[str, Decimal], ...]  # (words, doses a day)
    tall_man: tuple[str, ...]
    states: tuple[StateLaw, ...]
    source: Source

    @cached_property
    def folded_tall_man(self) -> tuple[tuple[str, str], ...]:
        """Tall-man names, each with its letters folded."""
        return tuple((name, name.casefold()) for name in self.tall_man)

    @cached_property
    def _states(self) -> dict[str, StateLaw]:
        return {state.code: state for state in reversed(self.states)}

    def state(self, code: str | None) -> StateLaw | None:
        """The law of one state by its two letters."""
        return None if code is None else self._states.get(code)

    @cached_property
    def majorities(self) -> frozenset[int]:
        """Every age of majority that some state has."""
        return frozenset(state.age_of_majority for state in self.states)


@dataclass(frozen=True, slots=True)
class Prescription:
    """One prescription as it will be printed; None and "" are missing.

    ``per_day`` is capsules (tablets) a day; ``medicine`` is None for one the formulary does not
    hold; ``last_pick_up`` is the last day of the REMS window, None when there is none.
    """

    patient_name: str | None
    patient_address: str | None
    patient_dob: date | None
    patient_state: str | None
    prescriber_name: str | None
    prescriber_address: str | None
    prescriber_phone: str | None
    prescriber_license: str | None
    license_states: tuple[str, ...]
    prescriber_npi: str | None
    prescriber_dea: str | None
    issue_date: date | None
    drug: str | None
    strength: str | None
    form: str | None
    route: str | None
    sig: str | None
    quantity: int | None
    days_supply: int | None
    refills: int | None
    per_day: Decimal | None
    allergies: str | None
    weight: Decimal | None
    indication: str | None
    category: str | None
    last_pick_up: date | None
    signed: bool
    medicine: Medicine | None
    counted: bool = True  # False: the quantity is a pack, which no directions count up to


@dataclass(frozen=True, slots=True)
class Supply:
    """Units to dispense, with the codes that forbid it and the notes that only inform."""

    quantity: int
    codes: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether it may be written."""
        return not self.codes


def check(
    prescription: Prescription,
    rules: PrescriptionRules,
    lint_rules: tuple[LintRule, ...],
    today: date | None = None,
) -> tuple[str, ...]:
    """All codes of a prescription: ``RX-*`` and ``E-*`` forbid, ``W-*`` ask for a tick."""
    rx = prescription
    codes = [*_missing(rx, rules), *_numbers(rx)]
    if rx.prescriber_npi and not npi_valid(rx.prescriber_npi):
        codes.append("RX-NPI-LUHN")
    if not rx.patient_state or rx.patient_state not in rx.license_states:
        codes.append("RX-LICENSE-STATE")
    if rx.issue_date is not None:
        if today is not None and rx.issue_date > today:
            codes.append("RX-ISSUE-FUTURE")
        if _rems(rx) and rx.last_pick_up is not None and rx.issue_date > rx.last_pick_up:
            codes.append("RX-ISO-WINDOW")
    codes.extend(lint(rx.sig or "", lint_rules))
    if not_tall_man(f"{rx.drug or ''} {rx.sig or ''}", rules):
        codes.append(TALL_MAN)
    codes.extend(_warnings(rx))
    if not rx.signed:
        codes.append(UNSIGNED)
    return tuple(codes)


def signable(codes: tuple[str, ...]) -> bool:
    """Whether nothing but the missing signature stands against signing."""
    return not any(c.startswith(("RX-", "E-")) and c != UNSIGNED for c in codes)


def releasable(codes: tuple[str, ...]) -> bool:
    """Whether the page may leave: signed, and nothing stands against it."""
    return not any(c.startswith(("RX-", "E-")) for c in codes)


def lint(text: str, rules: tuple[LintRule, ...]) -> tuple[str, ...]:
    """Codes of all error-prone forms in ``text``, in rule order."""
    return _linted(text, _Rules(rules))


class _Rules:
    """Rules as a key that is one with the very same rules, whatever they say."""

    __slots__ = ("rules",)

    def __init__(self, rules: tuple[LintRule, ...]) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rules) and self.rules is other.rules


@lru_cache  # directions are made of the formulary's words: few texts, asked often
def _linted(text: str, key: _Rules) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.code for rule in key.rules if rule.pattern.search(text)))


def not_tall_man(text: str, rules: PrescriptionRules) -> tuple[str, ...]:
    """Names in ``text`` that are easily mistaken and not written with their capitals."""
    folded = text.casefold()
    held = [name for name, plain in rules.folded_tall_man if plain in folded]
    if not held:
        return ()
    written = set(_WORD.findall(text))
    return tuple(
        name
        for name in held
        if any(word != name and word.casefold() == name.casefold() for word in written)
    )


@lru_cache
def npi_valid(npi: str) -> bool:
    """Whether ``npi`` is ten digits with the right check digit (Luhn over the prefix and the NPI)."""
    if not re.fullmatch(r"[0-9]{10}", npi):
        return False
    total = sum(
        int(_DOUBLED[int(digit)] if place % 2 else digit)
        for place, digit in enumerate(reversed(NPI_PREFIX + npi))
    )
    return str(total).endswith("0")


def supply(per_day: int, days: int, refills: int, medicine: Medicine) -> Supply:
    """Units for ``days`` at ``per_day`` and what the medicine's limits say about it."""
    quantity = per_day * days
    notes = []
    if medicine.pack_multiple and quantity % medicine.pack_multiple:
        notes.append("W-PACK-MULTIPLE")
    return Supply(quantity, _limits(days, refills, medicine), tuple(notes))


def daily_units(sig: str, rules: PrescriptionRules) -> Decimal | None:
    """Capsules or tablets a day that plain directions ask for; None when they are not understood."""
    found = re.search(r"\b(\d+)\s+(?:capsule|tablet)s?\b", sig, re.IGNORECASE)
    if found is None:
        return None
    for words, times in rules.frequencies:
        if re.search(rf"\b{re.escape(words)}\b", sig, re.IGNORECASE):
            return int(found.group(1)) * times
    return None


def signature_state(
    *,
    level: str | None,
    image_only: bool,
    bytes_changed: bool,
    content_added: bool,
    trusted: bool = True,
) -> tuple[str, ...]:
    """Why a signature is not valid; empty when it is. ``level`` is the PAdES level reached."""
    codes = []
    if image_only or level is None:
        codes.append("SIG-IMAGE-ONLY")
    if bytes_changed:
        codes.append("SIG-TAMPER")
    if content_added:
        codes.append("SIG-POST-CHANGE")
    if not trusted:
        codes.append("SIG-UNKNOWN-SIGNER")
    return tuple(codes)


def _missing(rx: Prescription, rules: PrescriptionRules) -> list[str]:
    required = rules.required + (rules.required_rems if _rems(rx) else ())
    written = [(name, getattr(rx, name)) for name in required]
    return [f"RX-MISSING-{name}" for name, value in written if value is None or value == ""]


def _numbers(rx: Prescription) -> list[str]:
    codes: list[str] = []
    if rx.medicine is not None and rx.days_supply is not None and rx.refills is not None:
        codes.extend(_limits(rx.days_supply, rx.refills, rx.medicine))
    counted = rx.counted and rx.sig and rx.quantity is not None and rx.days_supply is not None
    if counted and (rx.per_day is None or rx.per_day * (rx.days_supply or 0) != rx.quantity):
        codes.append("RX-QTY-MISMATCH")
    return codes


def _limits(days: int, refills: int, medicine: Medicine) -> tuple[str, ...]:
    codes = []
    kind = "RX-ISO" if medicine.rems else "RX-MEDICINE"
    if days < 1 or days > medicine.max_supply_days:
        codes.append(f"{kind}-DAYS")
    if refills < 0 or refills > medicine.max_refills:
        codes.append(f"{kind}-REFILL")
    return tuple(codes)


def _warnings(rx: Prescription) -> list[str]:
    codes = []
    if rx.prescriber_dea:  # nothing the formulary holds is a controlled substance
        codes.append("W-DEA-NOT-NEEDED")
    if not rx.indication:
        codes.append("W-NO-INDICATION")
    if _rems(rx) and rx.weight is None:
        codes.append("W-NO-WEIGHT")
    return codes


def _rems(rx: Prescription) -> bool:
    return rx.medicine is not None and rx.medicine.rems
