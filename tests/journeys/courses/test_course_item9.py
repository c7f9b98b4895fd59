"""Item 9 of the PHQ-9 is 1 in month 2: held until the patient was reached and assessed that day.

Worked by hand; 60 kg, cannot become pregnant, 2026 (no leap year):

* Month 1, 05-Jan: 0.5 mg/kg x 60 kg = 30 mg a day = 10 mg + 20 mg; 30 days = 30 capsules of each.
  Supply 05-Jan to 03-Feb (05-Jan + 29). The visit is day 1 of 30: last pick-up 03-Feb.
  Target 120 mg/kg x 60 = 7,200 mg (150: 9,000 mg); 7,200 / 30 = 240 days, the last 01-Sep.
  One draw of ALT and triglycerides at the constant dose: 05-Jan + 28 = 02-Feb.
* Month 2, 04-Feb: 30 x 30 = 900 mg taken = 15 mg/kg. 1 mg/kg = 60 mg = 30 mg + 30 mg, 60 capsules.
  Last pick-up 04-Feb + 29 = 05-Mar. Left 6,300 mg / 60 = 105 days from 04-Feb: the last 19-May
  (25 days of February, 31 of March, 30 of April, 19 of May = 105).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from at_the_window import Course, noon
from sender import Blood, Package, Sent

WHO = Sent("CRS-4", "Amherst", "Dana", "1999-04-02", "male")
CHART = {
    "pregnancy.category": "CNGP",
    "rems.patient_enrolled": True,
    "rems.prescriber_enrolled": True,
    "rems.pharmacy_certified": True,
}
SIGNED = {"treatment": "2026-01-05", "rems": "2026-01-05"}
ALWAYS = {
    "contact-phone": "+1 503 555 0190",
    "contact-location": "At home",
    "patient-weight": 60,
    "pregnancy-potential": "no",
    "course-failed": ("topical", "antibiotic_oral"),
    "consent-patient-on": date(2026, 1, 5),
}


@pytest.fixture
def course(tmp_path: Path, quick_opening: None) -> Iterator[Course]:
    made = Course(tmp_path, WHO, "2026-01-05")
    yield made
    made.close()


@pytest.mark.needs("pdfsig")
def test_month_two_waits_for_the_contact_of_the_day(course: Course) -> None:
    course.arrives(
        Package(
            1,
            noon("2026-01-05"),
            "isotretinoin-first",
            ALWAYS,
            CHART,
            "2026-01-05",
            SIGNED,
            (
                Blood("alt", "22", "2026-01-02", "baseline"),
                Blood("tg", "96", "2026-01-02", "baseline"),
            ),
        )  # fmt: skip
    )
    assert course.opens() == "assess"
    course.counts(9)
    course.treat()
    assert course.open_lines() == []
    first = course.signs()
    first["prescription"].says(
        "10 mg every morning and 20 mg every evening, with food",
        "10 mg capsule 30 (thirty) capsules 30 days",
        "20 mg capsule 30 (thirty) capsules 30 days",
        "DAILY TOTAL 30 mg (0.5 mg/kg, weight 60 kg on 05-Jan-2026)",
        "REFILLS 0 (zero)",
        "LAST PICK-UP 03-Feb-2026",
    )
    first["record"].says("0 mg given", "target 7,200 to 9,000 mg", "Days left at this dose: 240")
    first["monitoring_plan"].says("from 05-Jan-2026, plan to 01-Sep-2026")
    assert course.status() == "closed"

    course.on("2026-02-04")
    course.arrives(
        Package(
            2,
            noon("2026-02-04"),
            "isotretinoin-month",
            ALWAYS
            | {
                "mood-phq2": 3,
                "mood-phq9": 9,
                "mood-item9": 1,
                "symptoms-now": ("dry_lips",),
                "follow-up-picked-up-on": date(2026, 1, 5),
                "follow-up-days-missed": 0,
            },
            CHART,
            "2026-01-05",
            SIGNED,
            (
                Blood("alt", "24", "2026-02-02", "during"),
                Blood("tg", "104", "2026-02-02", "during"),
            ),
        )  # fmt: skip
    )
    assert course.opens() == "contact", "item 9 is a red flag: the patient is called first"
    treat = course.treat()
    assert {"hold ISO-SI-SCREEN", "hold TRIAGE-CONTACT"} <= course.findings()
    assert not treat.primary().enabled
    course.stays_closed()
    # The call of 04-Feb, then the assessment of the same day in its line: only then it goes on.
    course.records(
        "TRIAGE-CONTACT",
        {"who": "patient", "reached": "yes", "outcome": "No plan, no intent, safe at home"},
    )
    assert "hold TRIAGE-CONTACT" not in course.findings()
    assert "hold ISO-SI-SCREEN" in course.findings(), "the assessment is still missing"
    assert not treat.primary().enabled
    course.records("ISO-SI-SCREEN", {"mood.assessed_on": "2026-02-04"})
    assert "warn ISO-SI-SCREEN" in course.findings()
    course.counts(4)
    course.treat()
    course.doses("60")
    course.answers({})
    assert course.shown() == (
        "= 1 mg/kg a day | Dispense 60 capsules of 30 mg. 30 days. Refills 0 (zero). "
        "Last pick-up 05-Mar-2026. | 900 mg before, 1,800 mg this supply (30 mg/kg) | "
        "reached on 19-May-2026 at this dose"
    )
    second = course.signs()
    second["prescription"].says(
        "30 mg every morning and 30 mg every evening, with food",
        "30 mg capsule 60 (sixty) capsules 30 days",
        "DAILY TOTAL 60 mg (1 mg/kg, weight 60 kg on 04-Feb-2026)",
        "LAST PICK-UP 05-Mar-2026",
        "Do not dispense after 05-Mar-2026",
    )
    second["prescription"].omits("PHQ", "mood", "intent")
    second["monitoring_plan"].omits("PHQ", "intent")
    second["record"].says(
        "900 mg given, 15 mg/kg", "Days left at this dose: 105", "No plan, no intent, safe at home"
    )
    assert course.status() == "closed"
