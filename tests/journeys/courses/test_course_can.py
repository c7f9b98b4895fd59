"""A whole course of a patient who can become pregnant: work-up to the test a month after the end.

Worked by hand for 60 kg in 2026 (no leap year). Target 120 mg/kg x 60 = 7,200 mg.

=====  ======  ==========  =================  ======  =====================  ==============  ==========
visit  day     test        last pick-up (+6)  a day   supply, 30 days (+29)  before          last dose*
=====  ======  ==========  =================  ======  =====================  ==============  ==========
1      05-Jan  T1 05-Jan   -                  -       -                      -               -
2      06-Feb  T2 06-Feb   12-Feb             30 mg   06-Feb to 07-Mar       0               03-Oct
3      08-Mar  06-Mar      12-Mar             30 mg   08-Mar to 06-Apr       900 (15/kg)     03-Oct
4      07-Apr  06-Apr      12-Apr             60 mg   07-Apr to 06-May       1,800 (30/kg)   05-Jul
5      07-May  06-May      12-May             30 mg   07-May to 05-Jun       3,600 (60/kg)   03-Sep
6      06-Jun  05-Jun      11-Jun             60 mg   never picked up        4,500 (75/kg)   04-Aug
7      13-Jun  13-Jun      19-Jun             60 mg   13-Jun to 12-Jul       4,500 (75/kg)   11-Aug
8      13-Jul  12-Jul      18-Jul             60 mg   13-Jul to 27-Jul: 15   6,300 (105/kg)  27-Jul
9      28-Jul  end 28-Jul  -                  -       -                      7,200 (120/kg)  27-Jul
=====  ======  ==========  =================  ======  =====================  ==============  ==========

\\* last dose of the whole plan = first day + 30 x supplies - 1, supplies = what is left / dose / 30,
rounded up: visit 2: 7,200 / 30 = 240 days, 8 supplies. 3: 6,300 / 30 = 210, 7. 4: 5,400 / 60 = 90,
3. 5: 3,600 / 30 = 120, 4. 6 and 7: 2,700 / 60 = 45 days, 2. 8: 900 / 60 = 15 days, one of 15.
The plan ends with the pregnancy test 30 days after the last dose: 02-Nov (03-Oct + 30), 02-Nov,
04-Aug (05-Jul + 30), 03-Oct (03-Sep + 30), 03-Sep (04-Aug + 30), 10-Sep (11-Aug + 30), 26-Aug.

T2 not before the later of 05-Jan + 19 = 24-Jan and 06-Jan + 30 = 05-Feb; in the period (day 2).
Labs at peak dose: 07-Apr + 28 = 05-May: triglycerides 520: 500 to 799 = halve or hold. Half of 60 is
30 mg; repeat within 14 days of 07-May: 19-May. 180 on 19-May is 150 to 199: diet, one key.
Missed: the window of 05-Jun closes on 11-Jun, so a new test from 12-Jun: it is of 13-Jun.
End: last dose 27-Jul; test a month after from 26-Aug (+30); contraception and no blood donation
through 27-Aug (a calendar month is later than 26-Aug); no breast-feeding through 04-Aug (+8).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from at_the_window import Course, Paper, noon
from patients import CAN as ALWAYS
from patients import SIGNED, chart
from sender import Blood, Package, Sent

WHO = Sent("CRS-1", "Brightwater", "Ida", "2000-06-15", "female")
CHART = chart("CGP")
THIRTY = (
    "10 mg every morning and 20 mg every evening, with food",
    "10 mg capsule 30 (thirty) capsules 30 days",
    "20 mg capsule 30 (thirty) capsules 30 days",
)
SIXTY = (
    "30 mg every morning and 30 mg every evening, with food",
    "30 mg capsule 60 (sixty) capsules 30 days",
)
NEVER = ("contraception", "condom", "nodule", "alcohol")  # nothing of that on a prescription


@pytest.fixture
def course(tmp_path: Path, quick_opening: None) -> Iterator[Course]:
    made = Course(tmp_path, WHO, "2026-01-05")
    yield made
    made.close()


def first_form(course: Course, number: int, day: str, period: date, **more: Any) -> None:
    """The form of a first prescription."""
    given = {"chart": CHART, "chart_on": "2026-01-07", "consents": SIGNED} | more
    answers = ALWAYS | {"pregnancy-last-period": period}
    pill = ("Combined pill, one a day",)
    course.arrives(
        Package(number, noon(day), "isotretinoin-first", answers, medicines=pill, **given)
    )


def month(
    course: Course,
    number: int,
    day: str,
    period: date,
    picked_up: date | None,
    hcg: tuple[tuple[str, str, str], ...] = (),
    blood: tuple[Blood, ...] = (),
    *symptoms: str,
) -> None:
    """The form of a month; the patient writes on ``day``."""
    course.on(day)
    answers = ALWAYS | {
        "pregnancy-last-period": period,
        "rems-questions-on": date.fromisoformat(day),
        "symptoms-now": symptoms or ("dry_lips",),
        "follow-up-days-missed": 0,
        "follow-up-picked-up": picked_up is not None,
        "follow-up-picked-up-on": picked_up,
    }
    course.arrives(
        Package(
            number,
            noon(day),
            "isotretinoin-month",
            answers,
            CHART,
            "2026-01-07",
            SIGNED,
            blood,
            hcg,
            ("Combined pill, one a day",),
        )  # fmt: skip
    )
    assert course.opens() == "followup"


def prescription(paper: Paper, lines: tuple[str, ...], daily: str, day: str, last: str) -> None:
    paper.says(
        *lines, f"DAILY TOTAL {daily}, weight 60 kg on {day})", f"LAST PICK-UP {last}",
        f"Do not dispense after {last}", f"ISSUED {day}", "REFILLS 0 (zero)",
        "patient who can become pregnant",
    )  # fmt: skip
    paper.omits(*NEVER)


def work_up(course: Course) -> None:
    """05-Jan: nothing is prescribed; T1, baseline labs and enrolment are asked for."""
    first_form(
        course, 1, "2026-01-05", date(2026, 1, 1),
        chart={"rems.prescriber_enrolled": True}, consents={"treatment": "2026-01-05"},
    )  # fmt: skip
    assert course.opens() == "assess"
    course.counts(9)
    course.treat()
    assert {"hold ASK-CATEGORY", "hold ISO-REMS", "hold LAB-DUE"} <= course.findings()
    course.answers({"pregnancy.category": "CGP"})
    papers = course.signs()
    assert set(papers) == {"monitoring_plan", "record"}
    papers["monitoring_plan"].says(
        "no capsules are ordered by this document",
        "Protocol DELPHI-2022",
        "Two methods of contraception together since 06-Jan-2026",
        "not before 05-Feb-2026 (30 days on two methods)",
        "Pregnancy test, urine 2106-3 urine no 05-Jan-2026",
        "ALT 1742-6",
        "Triglycerides 2571-8",
        "The consultation comes back on 05-Feb-2026",
    )
    assert course.status() == "waiting_for_work_up"


def start(course: Course) -> None:
    """06-Feb: T2 is recorded at the desk, then 0.5 mg/kg."""
    course.on("2026-02-06")
    first_form(
        course, 2, "2026-02-06", date(2026, 2, 5),
        blood=(Blood("alt", "20", "2026-02-02", "baseline"), Blood("tg", "110", "2026-02-02", "baseline")),
        hcg=(("negative", "2026-01-05", "T1"),),
    )  # fmt: skip
    assert course.opens() == "assess"
    course.counts(9)
    course.treat()
    assert course.open_lines() == ["ISO-PREG-UNK"]
    course.stays_closed()
    course.answers({}, {"value": "negative", "specimen": "hcg_urine:medical", "collected": "t"})
    assert "| 900 mg this supply (15 mg/kg) | reached on 03-Oct-2026" in course.shown()
    papers = course.signs()
    prescription(papers["prescription"], THIRTY, "30 mg (0.5 mg/kg", "06-Feb-2026", "12-Feb-2026")
    papers["prescription"].says("Pregnancy test specimen 06-Feb-2026: negative.")
    papers["monitoring_plan"].says(
        "ISOtretinoin from 06-Feb-2026, plan to 02-Nov-2026", "02-Mar to 08-Mar-2026"
    )
    papers["record"].says("Days left at this dose: 240", "target 7,200 to 9,000 mg")


def flare(course: Course) -> None:
    """08-Mar: an early flare; the dose stays, the reason is given."""
    month(
        course, 3, "2026-03-08", date(2026, 3, 5), date(2026, 2, 6),
        (("negative", "2026-03-06", "monthly"),),
        (Blood("alt", "24", "2026-03-05", "during"), Blood("tg", "130", "2026-03-05", "during")),
        "early_flare", "dry_lips",
    )  # fmt: skip
    course.counts(9)
    course.treat()
    course.doses("30")
    assert "override ISO-SX" in course.findings(), "the flare asks for a reason"
    course.answers({})
    assert "900 mg before, 900 mg this supply (15 mg/kg) | reached on 03-Oct-2026" in course.shown()
    papers = course.signs()
    prescription(papers["prescription"], THIRTY, "30 mg (0.5 mg/kg", "08-Mar-2026", "12-Mar-2026")
    papers["monitoring_plan"].says("plan to 02-Nov-2026", "01-Apr to 07-Apr-2026")
    papers["record"].says("900 mg given, 15 mg/kg", "Days left at this dose: 210")


def dose_change(course: Course) -> None:
    """07-Apr: 1 mg/kg; the draw at peak dose moves to 05-May."""
    month(
        course, 4, "2026-04-07", date(2026, 4, 2), date(2026, 3, 8),
        (("negative", "2026-04-06", "monthly"),),
    )  # fmt: skip
    course.counts(6)
    course.treat()
    course.doses("60")
    course.answers({})
    assert (
        "1,800 mg before, 1,800 mg this supply (30 mg/kg) | reached on 05-Jul-2026"
        in course.shown()
    )
    papers = course.signs()
    prescription(papers["prescription"], SIXTY, "60 mg (1 mg/kg", "07-Apr-2026", "12-Apr-2026")
    papers["monitoring_plan"].says("plan to 04-Aug-2026", "01-May to 07-May-2026")
    papers["record"].says("1,800 mg given, 30 mg/kg", "Days left at this dose: 90")


def raised_triglycerides(course: Course) -> None:
    """07-May: 520 mg/dL holds until the dose is halved and the repeat is dated."""
    month(
        course, 5, "2026-05-07", date(2026, 4, 30), date(2026, 4, 7),
        (("negative", "2026-05-06", "monthly"),),
        (Blood("alt", "30", "2026-05-05", "during"), Blood("tg", "520", "2026-05-05", "during")),
    )  # fmt: skip
    course.counts(4)
    course.treat()
    course.doses("60")
    assert "hold ISO-TG" in course.findings()
    course.stays_closed()
    course.records("ISO-TG", {"labs.tg.repeat_on": "2026-05-19"})
    assert "hold ISO-TG" in course.findings(), "a date alone does not open it"
    course.doses("40")
    assert "hold ISO-TG" in course.findings(), "40 is more than half of 60"
    course.doses("30")
    assert "info ISO-TG" in course.findings()
    course.answers({})
    assert (
        "3,600 mg before, 900 mg this supply (15 mg/kg) | reached on 03-Sep-2026" in course.shown()
    )
    papers = course.signs()
    prescription(papers["prescription"], THIRTY, "30 mg (0.5 mg/kg", "07-May-2026", "12-May-2026")
    papers["prescription"].omits("Triglycerides", "520")
    papers["monitoring_plan"].says("plan to 03-Oct-2026", "19-May-2026")
    papers["record"].says("3,600 mg given, 60 mg/kg", "Triglycerides 520 mg/dL")


def missed_window(course: Course) -> None:
    """06-Jun: prescribed, never picked up. 13-Jun: void, a new test, prescribed again."""
    month(
        course, 6, "2026-06-06", date(2026, 5, 28), date(2026, 5, 7),
        (("negative", "2026-06-05", "monthly"),), (Blood("tg", "180", "2026-05-19", "repeat"),),
    )  # fmt: skip
    course.counts(3)
    course.treat()
    course.doses("60")
    assert "warn ISO-TG" in course.findings()
    course.answers({})
    papers = course.signs()
    prescription(papers["prescription"], SIXTY, "60 mg (1 mg/kg", "06-Jun-2026", "11-Jun-2026")
    papers["monitoring_plan"].says("plan to 03-Sep-2026")
    papers["record"].says("4,500 mg given, 75 mg/kg", "Days left at this dose: 45")

    course.on("2026-06-13")
    notice = course.voids(papers["prescription"].number, "not_picked_up")
    notice.says(
        f"Prescription {papers['prescription'].number} is void. Do not dispense.",
        "not picked up in time",
        "ISSUED 13-Jun-2026",
    )
    notice.omits("pregnan", "negative", "window")
    month(course, 7, "2026-06-13", date(2026, 5, 28), None)
    course.counts(3)
    course.treat()
    course.doses("60")
    assert {"hold ISO-PREG-UNK", "hold IPL-WINDOW"} & course.findings(), "05-Jun opens nothing now"
    course.stays_closed()
    course.answers({}, {"value": "negative", "specimen": "hcg_urine:medical", "collected": "t"})
    assert (
        "4,500 mg before, 1,800 mg this supply (30 mg/kg) | reached on 27-Jul-2026"
        in course.shown()
    )
    papers = course.signs()
    prescription(papers["prescription"], SIXTY, "60 mg (1 mg/kg", "13-Jun-2026", "19-Jun-2026")
    papers["monitoring_plan"].says("plan to 10-Sep-2026")
    papers["record"].says("4,500 mg given, 75 mg/kg", "Days left at this dose: 45")


def target_reached(course: Course) -> None:
    """13-Jul: 900 mg are left: 15 days of 60 mg."""
    month(
        course, 8, "2026-07-13", date(2026, 6, 25), date(2026, 6, 13),
        (("negative", "2026-07-12", "monthly"),),
    )  # fmt: skip
    course.counts(1)
    course.treat()
    course.doses("60")
    course.supplies("15")
    course.answers({})
    assert (
        "6,300 mg before, 900 mg this supply (15 mg/kg) | reached on 27-Jul-2026" in course.shown()
    )
    papers = course.signs()
    prescription(
        papers["prescription"],
        (SIXTY[0], "30 mg capsule 30 (thirty) capsules 15 days"),
        "60 mg (1 mg/kg", "13-Jul-2026", "18-Jul-2026",
    )  # fmt: skip
    papers["monitoring_plan"].says(
        "plan to 26-Aug-2026",
        "27-Jul-2026 (last dose)",
        "26-Aug to 01-Sep-2026 (after the last dose)",
    )
    papers["record"].says("6,300 mg given, 105 mg/kg", "Days left at this dose: 15")


def end_of_course(course: Course) -> None:
    """28-Jul: the course ends; nothing is prescribed."""
    month(
        course, 9, "2026-07-28", date(2026, 7, 23), date(2026, 7, 13),
        (("negative", "2026-07-28", "end"),),
    )  # fmt: skip
    course.treat()
    course.decides("End course")
    course.settles("target", "2026-07-27")
    papers = course.signs()
    assert set(papers) == {"end_letter", "monitoring_plan", "record"}
    papers["end_letter"].says(
        "The last day with a capsule is 27-Jul-2026",
        "7,200 mg since 06-Feb-2026, 120 mg/kg",
        "contraception through 27-Aug-2026",
        "Do not give blood until after 27-Aug-2026",
        "Do not breast-feed through 04-Aug-2026",
    )
    papers["monitoring_plan"].says("26-Aug to 01-Sep-2026", "No capsules are ordered")
    assert course.status() == "deferred"


def month_after(course: Course) -> None:
    """26-Aug: the visit comes back by itself; the last test is recorded and it closes."""
    course.on("2026-08-26")
    course.refreshes()
    assert course.status() == "ready"
    course.opens()
    course.treat()
    course.records_test({"value": "negative", "specimen": "hcg_urine:medical", "collected": "t"})
    papers = course.signs()
    papers["record"].says("26-Aug-2026")
    assert course.status() == "closed"


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.needs("pdfsig")
def test_a_course_of_seven_months(course: Course) -> None:
    for part in (
        work_up, start, flare, dose_change, raised_triglycerides, missed_window, target_reached,
        end_of_course, month_after,
    ):  # fmt: skip
        part(course)
    assert course.status() == "closed"


@pytest.mark.needs("pdfsig")
def test_work_up_and_start(course: Course) -> None:
    """The first two visits of the course above."""
    work_up(course)
    start(course)
