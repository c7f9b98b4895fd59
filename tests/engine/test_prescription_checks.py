"""Prescription fields, numbers, NPI, licence, window, wording and signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.prescription import (
    Prescription,
    check,
    daily_units,
    lint,
    npi_valid,
    releasable,
    signable,
    signature_state,
    supply,
)

TODAY = date(2026, 6, 10)


@pytest.fixture
def paper(content):
    return Prescription(
        patient_name="A. Example", patient_address="1 Street", patient_dob=date(2001, 4, 9),
        patient_state="OR", prescriber_name="B. Example, MD", prescriber_address="2 Street",
        prescriber_phone="503", prescriber_license="MD1", license_states=("OR", "WA"),
        prescriber_npi="1234567893", prescriber_dea=None, issue_date=TODAY, drug="ISOtretinoin",
        strength="20 mg", form="capsule", route="oral",
        sig="Take 1 capsule (20 mg) by mouth twice daily with food", quantity=60, days_supply=30,
        refills=0, per_day=Decimal(2), allergies="none", weight=Decimal(60), indication="L70.0",
        category="CNGP", last_pick_up=None, signed=True,
        medicine=content.medicines["isotretinoin"],
    )  # fmt: skip


@pytest.fixture
def checked(content):
    return lambda rx, today=TODAY: check(rx, content.prescription, content.lint, today)


def test_a_complete_one_passes(paper, checked):
    codes = checked(paper)
    assert codes == () and signable(codes) and releasable(codes)


@pytest.mark.parametrize(
    "name", ["isotretinoin", "Isotretinoin", "ISOTRETINOIN", "Isotretinoin 20"]
)
def test_easily_mistaken_names_keep_their_capitals(paper, checked, name):
    assert checked(replace(paper, drug=name)) == ("E-TALL-MAN",)
    assert not signable(checked(replace(paper, drug=name)))
    assert checked(replace(paper, drug="tretinoin")) == ()


def test_a_mistaken_name_in_the_directions_counts_too(paper, checked):
    sig = "Take 1 capsule (20 mg) by mouth twice daily with food, not with prednisone"
    assert checked(replace(paper, sig=sig)) == ("E-TALL-MAN",)
    assert checked(replace(paper, sig=sig.replace("prednisone", "predniSONE"))) == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Take MTX weekly", ("E-ABBREV",)),
        ("Take ISOtretinoin with food", ()),
        ("Take 10 mg/20 mg daily", ("E-SLASH",)),
        ("Dose 0.5 mg/kg daily", ()),
        ("Take 1 capsule x3d", ("E-XDAYS",)),
        ("Take 1 capsule for 3 days", ()),
    ],
)
def test_more_error_prone_forms(content, text, codes):
    assert lint(text, content.lint) == codes


@pytest.mark.parametrize(
    "name",
    ["patient_name", "patient_address", "patient_dob", "prescriber_name", "prescriber_address",
     "prescriber_phone", "prescriber_license", "prescriber_npi", "issue_date", "drug", "strength",
     "form", "route", "quantity", "days_supply", "refills", "allergies", "category", "sig"],
)  # fmt: skip
def test_each_required_field(paper, checked, name):
    codes = checked(replace(paper, **{name: None}))
    assert codes == (f"RX-MISSING-{name}",) and not signable(codes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"refills": 1}, {"RX-ISO-REFILL"}),
     ({"days_supply": 31, "quantity": 62}, {"RX-ISO-DAYS"}),
     ({"days_supply": 0, "quantity": 0}, {"RX-ISO-DAYS"}),
     ({"quantity": 90}, {"RX-QTY-MISMATCH"}), ({"per_day": None}, {"RX-QTY-MISMATCH"}),
     ({"prescriber_npi": "1234567890"}, {"RX-NPI-LUHN"}),
     ({"prescriber_npi": "123456789"}, {"RX-NPI-LUHN"}),
     ({"patient_state": "NY"}, {"RX-LICENSE-STATE"}), ({"patient_state": None}, {"RX-LICENSE-STATE"}),
     ({"license_states": ()}, {"RX-LICENSE-STATE"}),
     ({"issue_date": date(2026, 6, 11)}, {"RX-ISSUE-FUTURE"}),
     ({"last_pick_up": date(2026, 6, 10)}, set()),
     ({"last_pick_up": date(2026, 6, 9)}, {"RX-ISO-WINDOW"}),
     ({"sig": "Take 1 capsule (20.0 mg) by mouth twice daily"}, {"E-TRAIL0"})],
)  # fmt: skip
def test_what_forbids(paper, checked, changes, expected):
    codes = checked(replace(paper, **changes))
    assert set(codes) == expected
    assert signable(codes) == releasable(codes) == (not expected)


def test_unsigned_may_be_signed_but_not_released(paper, checked):
    codes = checked(replace(paper, signed=False))
    assert codes == ("RX-UNSIGNED",) and signable(codes) and not releasable(codes)


def test_ticks_do_not_forbid(paper, checked):
    codes = checked(replace(paper, indication="", weight=None, prescriber_dea="AB1234563"))
    assert set(codes) == {"W-NO-INDICATION", "W-NO-WEIGHT", "W-DEA-NOT-NEEDED"}
    assert signable(codes) and releasable(codes)


def test_a_medicine_outside_the_rems_may_have_refills(paper, checked):
    rx = replace(
        paper, medicine=None, refills=3, category=None, weight=None, last_pick_up=date(2026, 1, 1)
    )
    assert checked(rx) == ()


def luhn(digits):
    total = 0
    for place, digit in enumerate(reversed([int(d) for d in digits])):
        doubled = digit * 2 if place % 2 else digit
        total += doubled // 10 + doubled % 10
    return total % 10 == 0


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_npi_against_a_second_reckoning(npi):
    assert npi_valid(npi) == luhn("80840" + npi)
    assert sum(npi_valid(npi[:9] + last) for last in "0123456789") == 1


@pytest.mark.parametrize("npi", ["", "12345678931", "12345 7893", "123456789３"])
def test_npi_is_ten_plain_digits(npi):
    assert not npi_valid(npi)


def test_supply_and_packs(content):
    medicine = content.medicines["isotretinoin"]
    fine = supply(2, 30, 0, medicine)
    assert (fine.quantity, fine.codes, fine.notes, fine.ok) == (60, (), (), True)
    assert supply(1, 28, 0, medicine).notes == ("W-PACK-MULTIPLE",)
    assert supply(2, 31, 1, medicine).codes == ("RX-ISO-DAYS", "RX-ISO-REFILL")
    assert not supply(2, 31, 0, medicine).ok


@pytest.mark.parametrize(
    ("text", "codes"),
    [("Take 1 capsule (20 mg) by mouth twice daily", ()), ("20.0 mg", ("E-TRAIL0",)),
     ("1.50 mg", ("E-TRAIL0",)), ("0.5 mg", ()), ("10 mg", ()), (".5 mg", ("E-NAKED",)),
     ("Take 1 QD", ("E-QD",)), ("q.d.", ("E-QD",)), ("QOD", ("E-QOD",)), ("qhs", ("E-HS",)),
     ("10 U", ("E-U",)), ("10 IU", ("E-U",)), ("10 units", ()), ("50 µg", ("E-UG",)),
     ("50 mcg", ()), ("5 cc", ("E-CC",)), ("1 drop OU", ("E-EAREYE",)), ("do as told", ()),
     ("inject SC", ("E-SC",)), ("sub q", ("E-SC",)), ("TIW", ("E-TIW",)), ("UD", ("E-UD",)),
     ("D/C old", ("E-DC",)), ("50mg", ("E-NOSPACE",)), ("1000 mg", ("E-COMMA",)),
     ("1,000 mg", ()), ("take > 2", ("E-SYM",)), ("@ noon & night", ("E-SYM",)),
     ("every other day", ()), ("", ()), ("Apply 1 drop OU QHS", ("E-HS", "E-EAREYE"))],
)  # fmt: skip
def test_wording(content, text, codes):
    assert lint(text, content.lint) == codes


@pytest.mark.parametrize(
    ("sig", "units"),
    [("Take 1 capsule (20 mg) by mouth twice daily", 2), ("Take 2 tablets once daily", 2),
     ("Take 1 tablet every other day", Decimal("0.5")), ("Take 1 capsule every morning", 1),
     ("Take 1 capsule every evening", 1), ("Take 1 capsule", None), ("Apply twice daily", None)],
)  # fmt: skip
def test_units_a_day(content, sig, units):
    assert daily_units(sig, content.prescription) == units


def test_signatures():
    def codes(level="B-B", image=False, changed=False, added=False, trusted=True):
        return signature_state(
            level=level,
            image_only=image,
            bytes_changed=changed,
            content_added=added,
            trusted=trusted,
        )

    assert codes() == ()
    assert codes(changed=True) == ("SIG-TAMPER",)
    assert codes(added=True) == ("SIG-POST-CHANGE",)
    assert codes(image=True) == codes(level=None) == ("SIG-IMAGE-ONLY",)
    assert codes(trusted=False) == ("SIG-UNKNOWN-SIGNER",)


def test_states(content):
    rules = content.prescription
    assert len(rules.states) == 51
    ages = {s.code: s.age_of_majority for s in rules.states if s.age_of_majority != 18}
    assert ages == {"AL": 19, "NE": 19, "MS": 21}
    assert [s.code for s in rules.states if s.electronic_only] == ["CA", "NY"]
    assert rules.state("ZZ") is None and rules.state(None) is None
    assert "ISOtretinoin" in rules.tall_man
