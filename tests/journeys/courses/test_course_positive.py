"""A course that ends with a positive pregnancy test in month 3.

Worked by hand for 60 kg in 2026 (no leap year); T1 05-Jan, two methods since 06-Jan:

* 06-Feb, T2: 30 mg a day, 06-Feb to 07-Mar. 08-Mar, test 06-Mar: 30 mg, 08-Mar to 06-Apr.
* 07-Apr, test 06-Apr: 60 mg; last pick-up 06-Apr + 6 = 12-Apr. Nobody has picked it up on 09-Apr,
  when a positive test of 09-Apr arrives: it may still be dispensed until 12-Apr.
* 09-Apr: emergent. The prescription of 07-Apr is void; treatment stops, last capsule 06-Apr:
  methods and no donation through 06-May (06-Apr + 30 = 06-May = the calendar month),
  no breast-feeding through 14-Apr (+ 8). Everybody is told on 09-Apr.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from at_the_window import Course, noon
from patients import CAN as ALWAYS
from patients import SIGNED, chart
from sender import Blood, Package, Sent

WHO = Sent("CRS-3", "Corrigan", "Maeve", "1998-09-12", "female")
CHART = chart("CGP")


@pytest.fixture
def course(tmp_path: Path, quick_opening: None) -> Iterator[Course]:
    made = Course(tmp_path, WHO, "2026-02-06")
    yield made
    made.close()


def arrives(
    course: Course, number: int, day: str, period: str, hcg: tuple[str, str, str], *blood: Blood
) -> None:
    """The package of one visit."""
    answers = ALWAYS | {"pregnancy-last-period": date.fromisoformat(period)}
    first = number == 1
    if not first:
        answers |= {
            "rems-questions-on": date.fromisoformat(day),
            "symptoms-now": ("dry_lips",),
            "follow-up-days-missed": 0,
        }
    tests = (("negative", "2026-01-05", "T1"), hcg) if first else (hcg,)
    form = "isotretinoin-first" if first else "isotretinoin-month"
    course.arrives(
        Package(
            number,
            noon(day),
            form,
            answers,
            CHART,
            "2026-01-07",
            SIGNED,
            blood,
            tests,
            ("Combined pill, one a day",),
        )  # fmt: skip
    )


def three_months(course: Course) -> str:
    """06-Feb, 08-Mar and 07-Apr in order; the number of the third prescription."""
    arrives(
        course, 1, "2026-02-06", "2026-02-05", ("negative", "2026-02-06", "T2"),
        Blood("alt", "20", "2026-02-02", "baseline"), Blood("tg", "110", "2026-02-02", "baseline"),
    )  # fmt: skip
    assert course.opens() == "assess"
    course.counts(9)
    course.treat()
    course.answers({})
    course.signs()["prescription"].says("LAST PICK-UP 12-Feb-2026")
    course.on("2026-03-08")
    arrives(
        course, 2, "2026-03-08", "2026-03-05", ("negative", "2026-03-06", "monthly"),
        Blood("alt", "24", "2026-03-05", "during"), Blood("tg", "130", "2026-03-05", "during"),
    )  # fmt: skip
    course.opens()
    course.counts(7)
    course.treat()
    course.doses("30")
    course.answers({})
    course.signs()["prescription"].says("LAST PICK-UP 12-Mar-2026")
    course.on("2026-04-07")
    arrives(course, 3, "2026-04-07", "2026-04-02", ("negative", "2026-04-06", "monthly"))
    course.opens()
    course.counts(5)
    course.treat()
    course.doses("60")
    course.answers({})
    third = course.signs()["prescription"]
    third.says("LAST PICK-UP 12-Apr-2026", "30 mg capsule 60 (sixty) capsules 30 days")
    return third.number


def positive(course: Course, third: str) -> None:
    """09-Apr: the test comes with the patient's message; the call, the void, the stop."""
    course.on("2026-04-09")
    arrives(course, 4, "2026-04-09", "2026-04-02", ("positive", "2026-04-09", "monthly"))
    assert course.opens() == "contact", "emergent: the call comes first"
    assert course.level() == "Emergent"
    treat = course.treat()
    assert "stop ISO-PREG-POS" in course.findings()
    stop = next(c for c in treat.safety.cards if c.line.code == "ISO-PREG-POS")
    assert stop.control is None, "a STOP has no control"
    course.stays_closed()
    course.records(
        "TRIAGE-CONTACT",
        {"who": "patient", "reached": "yes", "outcome": "Told to stop; sees obstetrics tomorrow"},
    )
    course.decides("Prescribe")
    course.stays_closed()
    course.signing_is_refused()

    notice = course.voids(third, "result_after_signing")
    notice.says(f"Prescription {third} is void. Do not dispense.", "a safety check after signing")
    notice.omits("pregnan", "positive")
    assert course.state_of(third) == "void"

    course.treat()
    course.decides("Stop treatment")
    course.settles("pregnancy", "2026-04-06")
    papers = course.signs()
    assert set(papers) >= {"stop_letter", "monitoring_plan", "record"}
    assert "prescription" not in papers
    papers["stop_letter"].says(
        "the last capsule was on 06-Apr-2026",
        "Serum pregnancy test in a medical setting",
        "Obstetrician with experience of reproductive toxicity",
        "Report to iPLEDGE, 1-866-495-0654",
        "Report to FDA MedWatch, 1-800-FDA-1088",
        "09-Apr-2026",
        "Do not give blood until after 06-May-2026",
        "through 14-Apr-2026",
    )
    for paper in papers.values():
        paper.omits("LAST PICK-UP", "DAILY TOTAL")


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.needs("pdfsig")
def test_a_positive_test_in_month_three_stops_everything(course: Course) -> None:
    positive(course, three_months(course))
