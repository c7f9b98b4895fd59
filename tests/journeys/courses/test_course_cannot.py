"""A whole course of a patient who cannot become pregnant: no pregnancy test, 30 days to pick up.

Worked by hand for 80 kg in 2026 (no leap year). Target 120 mg/kg x 80 = 9,600 mg.

=====  ======  ======================  =======  ==================  ===============  ==========
visit  day     last pick-up (+29)      a day    supply, 30 days     before           last dose*
=====  ======  ======================  =======  ==================  ===============  ==========
1      05-Jan  -                       -        -                   -                -
2      12-Jan  10-Feb                  40 mg    12-Jan to 10-Feb    0                08-Sep
3      11-Feb  12-Mar                  80 mg    11-Feb to 12-Mar    1,200 (15/kg)    10-Jun
4      13-Mar  11-Apr                  40 mg    13-Mar to 11-Apr    3,600 (45/kg)    09-Aug
5      12-Apr  11-May                  80 mg    never picked up     4,800 (60/kg)    10-Jun
6      13-May  11-Jun                  80 mg    13-May to 11-Jun    4,800 (60/kg)    11-Jul
7      12-Jun  11-Jul                  80 mg    12-Jun to 11-Jul    7,200 (90/kg)    11-Jul
8      12-Jul  -                       -        -                   9,600 (120/kg)   11-Jul
=====  ======  ======================  =======  ==================  ===============  ==========

\\* visit 2: 9,600 / 40 = 240 days from 12-Jan, the last 08-Sep. 3: 8,400 / 80 = 105, four supplies,
120 days from 11-Feb: 10-Jun. 4: 6,000 / 40 = 150 days, five: 13-Mar + 149 = 09-Aug. 5: 4,800 / 80 = 60,
two: 12-Apr + 59 = 10-Jun. 6: 60 days, two: 13-May + 59 = 11-Jul. 7: 2,400 / 80 = 30 days: 11-Jul.
Labs at peak dose: 11-Feb + 28 = 11-Mar: triglycerides 620: half of 80 is 40; repeat 25-Mar.
After 11-Jul: no blood donation through 11-Aug (a calendar month is later than 10-Aug).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from at_the_window import Course, Paper, noon
from patients import SIGNED, chart
from sender import Blood, Package, Sent

WHO = Sent("CRS-2", "Delgado", "Ruben", "1996-11-23", "male")
CHART = chart("CNGP")
ALWAYS: dict[str, Any] = {
    "contact-phone": "+1 503 555 0190",
    "contact-location": "At home",
    "patient-weight": 80,
    "pregnancy-potential": "no",
    "course-failed": ("topical", "antibiotic_oral"),
    "consent-patient-on": date(2026, 1, 5),
}
FORTY = "20 mg capsule 60 (sixty) capsules 30 days"
EIGHTY = "40 mg capsule 60 (sixty) capsules 30 days"


@pytest.fixture
def course(tmp_path: Path, quick_opening: None) -> Iterator[Course]:
    made = Course(tmp_path, WHO, "2026-01-05")
    yield made
    made.close()


def first_form(course: Course, number: int, day: str, *blood: Blood, **more: Any) -> None:
    given = {"chart": CHART, "chart_on": "2026-01-07", "consents": SIGNED} | more
    course.arrives(Package(number, noon(day), "isotretinoin-first", ALWAYS, blood=blood, **given))
    assert course.opens() == "assess"
    course.counts(9)
    course.treat()


def month(course: Course, number: int, day: str, nodules: int, daily: str, *blood: Blood) -> None:
    course.on(day)
    answers = ALWAYS | {"symptoms-now": ("dry_lips",), "follow-up-days-missed": 0}
    course.arrives(
        Package(
            number, noon(day), "isotretinoin-month", answers, CHART, "2026-01-07", SIGNED, blood
        )
    )
    assert course.opens() == "followup"
    course.counts(nodules)
    course.treat()
    if daily:
        course.doses(daily)


def signed(
    course: Course, dispensed: str, daily: str, day: str, last: str, before: str, left: int, to: str
) -> dict[str, Paper]:
    """Sign a month and check what the three documents say."""
    course.answers({})
    papers = course.signs()
    papers["prescription"].says(
        dispensed, f"DAILY TOTAL {daily}, weight 80 kg on {day})", f"LAST PICK-UP {last}",
        f"Do not dispense after {last}", f"ISSUED {day}", "REFILLS 0 (zero)",
        "patient who cannot become pregnant",
    )  # fmt: skip
    papers["prescription"].omits("Pregnancy test", "nodule", "alcohol")
    papers["monitoring_plan"].says(f"ISOtretinoin from 12-Jan-2026, plan to {to}")
    papers["monitoring_plan"].omits("Pregnancy test", "contraception")
    papers["record"].says(before, f"Days left at this dose: {left}")
    return papers


def work_up(course: Course) -> None:
    """05-Jan: baseline labs and enrolment are asked for."""
    first_form(
        course, 1, "2026-01-05",
        chart={"rems.prescriber_enrolled": True}, consents={"treatment": "2026-01-05"},
    )  # fmt: skip
    assert {"hold ASK-CATEGORY", "hold ISO-REMS", "hold LAB-DUE"} <= course.findings()
    course.answers({"pregnancy.category": "CNGP"})
    papers = course.signs()
    assert set(papers) == {"monitoring_plan", "record"}
    papers["monitoring_plan"].says("no capsules are ordered", "ALT 1742-6", "Triglycerides 2571-8")
    papers["monitoring_plan"].omits("Pregnancy test", "Two methods", "T2")
    assert course.status() == "waiting_for_work_up"


def start(course: Course) -> None:
    course.on("2026-01-12")
    first_form(
        course, 2, "2026-01-12",
        Blood("alt", "31", "2026-01-09", "baseline"), Blood("tg", "132", "2026-01-09", "baseline"),
    )  # fmt: skip
    signed(
        course,
        FORTY,
        "40 mg (0.5 mg/kg",
        "12-Jan-2026",
        "10-Feb-2026",
        "0 mg given",
        240,
        "08-Sep-2026",
    )


def dose_change(course: Course) -> None:
    month(
        course, 3, "2026-02-11", 8, "80",
        Blood("alt", "33", "2026-02-09", "during"), Blood("tg", "140", "2026-02-09", "during"),
    )  # fmt: skip
    signed(
        course,
        EIGHTY,
        "80 mg (1 mg/kg",
        "11-Feb-2026",
        "12-Mar-2026",
        "1,200 mg given, 15 mg/kg",
        105,
        "10-Jun-2026",
    )


def raised_triglycerides(course: Course) -> None:
    month(
        course, 4, "2026-03-13", 5, "80",
        Blood("alt", "36", "2026-03-11", "during"), Blood("tg", "620", "2026-03-11", "during"),
    )  # fmt: skip
    assert "hold ISO-TG" in course.findings()
    course.stays_closed()
    course.doses("40")
    assert "hold ISO-TG" in course.findings(), "half the dose alone does not open it"
    course.records("ISO-TG", {"labs.tg.repeat_on": "2026-03-25"})
    assert "info ISO-TG" in course.findings()
    papers = signed(
        course,
        FORTY,
        "40 mg (0.5 mg/kg",
        "13-Mar-2026",
        "11-Apr-2026",
        "3,600 mg given, 45 mg/kg",
        150,
        "09-Aug-2026",
    )
    papers["monitoring_plan"].says("25-Mar-2026")


def missed_window(course: Course) -> None:
    month(course, 5, "2026-04-12", 4, "80", Blood("tg", "146", "2026-03-25", "repeat"))
    papers = signed(
        course,
        EIGHTY,
        "80 mg (1 mg/kg",
        "12-Apr-2026",
        "11-May-2026",
        "4,800 mg given, 60 mg/kg",
        60,
        "10-Jun-2026",
    )
    course.on("2026-05-13")
    notice = course.voids(papers["prescription"].number, "not_picked_up")
    notice.says("is void. Do not dispense.", "not picked up in time", "ISSUED 13-May-2026")
    month(course, 6, "2026-05-13", 3, "80")
    signed(
        course,
        EIGHTY,
        "80 mg (1 mg/kg",
        "13-May-2026",
        "11-Jun-2026",
        "4,800 mg given, 60 mg/kg",
        60,
        "11-Jul-2026",
    )


def target_reached(course: Course) -> None:
    month(course, 7, "2026-06-12", 1, "80")
    assert "reached on 11-Jul-2026" in course.shown()
    signed(
        course,
        EIGHTY,
        "80 mg (1 mg/kg",
        "12-Jun-2026",
        "11-Jul-2026",
        "7,200 mg given, 90 mg/kg",
        30,
        "11-Jul-2026",
    )


def end_of_course(course: Course) -> None:
    month(course, 8, "2026-07-12", 0, "")
    course.decides("End course")
    course.settles("target", "2026-07-11")
    papers = course.signs()
    assert "prescription" not in papers
    papers["end_letter"].says(
        "The last day with a capsule is 11-Jul-2026",
        "9,600 mg since 12-Jan-2026, 120 mg/kg",
        "Do not give blood until after 11-Aug-2026",
    )
    papers["end_letter"].omits("contraception", "breast-feed", "pregnan")
    assert course.status() == "closed"


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.needs("pdfsig")
def test_a_course_of_six_months(course: Course) -> None:
    for part in (
        work_up, start, dose_change, raised_triglycerides, missed_window, target_reached,
        end_of_course,
    ):  # fmt: skip
        part(course)
    assert course.status() == "closed"
