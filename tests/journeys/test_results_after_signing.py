"""A result that comes in on its own: matched, put on the board, and made an item at its level."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from clinic_day import TODAY, Clinic, with_plain_pages

from tests.inline_jobs import InlineJobs
from workstation import showcase
from workstation.domain.consultation import Consultation, RequestKind, Status
from workstation.domain.errors import Conflict, Refused
from workstation.domain.ids import ConsultationId, ResultId
from workstation.domain.triage import TriageLevel
from workstation.presenters.labs import LabsPresenter
from workstation.workflow import board, intake, queue, results, sign
from workstation.workflow.ports import QueueFilter
from workstation.workflow.ports.board import DueFilter, DueRow


def signed(clinic: Clinic, family: str) -> Consultation:
    """Prescribe for that patient and sign; the consultation is closed."""
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand = clinic.take(family)
    hand.prescribe()
    hand.annotate()
    hand.reasons()
    assert isinstance(hand.sign(), sign.Signed), hand.appraisal.gate
    return clinic.look(hand.id)


def message(
    who: Consultation,
    folder: Path,
    *lines: str,
    control: str = "C-1",
    born: date | None = None,
    drawn: date = TODAY,
) -> Path:
    """An HL7 file about a patient."""
    day = drawn.strftime("%Y%m%d")
    text = "\r".join(
        (
            rf"MSH|^~\&|LAB|HARBOR|DERM|CLINIC|{day}1200||ORU^R01|{control}|P|2.5.1||||||UNICODE UTF-8",
            f"PID|1||{who.patient.external_id}^^^X^MR||{who.patient.family}||"
            f"{(born or who.patient.born).strftime('%Y%m%d')}",
            f"OBR|1|||24325-3^Panel^LN|||{day}0815",
            *lines,
        )
    )
    path = folder / f"{control}.hl7"
    path.write_bytes(text.encode() + b"\r")
    return path


def alt(value: int, limit: str = "0-40", status: str = "F") -> str:
    return f"OBX|1|NM|1742-6^ALT^LN||{value}|U/L|{limit}|||{status}|{status}"


def hcg(word: str) -> str:
    return f"OBX|1|ST|2106-3^hCG^LN||{word}||||||F"


def rows(clinic: Clinic, who: Consultation) -> list[DueRow]:
    page = board.page(clinic.desk, clinic.session, DueFilter())
    assert page.counts["all"] == len(page.rows)
    return [row for row in page.rows if row.patient == who.patient.id]


def items(clinic: Clinic) -> list[tuple[int, ConsultationId]]:
    """Queue items of results: (level, id)."""
    found = queue.page(clinic.desk, clinic.session, QueueFilter(scope="all")).rows
    return [(row.level, row.id) for row in found if row.request is RequestKind.RESULT]


def test_signing_puts_the_plan_on_the_board_and_results_settle_it(
    clinic: Clinic, tmp_path: Path
) -> None:
    who = signed(clinic, "Nguyễn")
    (draw,) = rows(clinic, who)
    assert (draw.state, draw.tests) == ("later", ("alt", "tg"))
    clinic.clock.later(days=(draw.first - TODAY).days)
    assert rows(clinic, who)[0].state == "open"
    normal = message(who, tmp_path, alt(30), drawn=draw.first)
    filed = intake.take(clinic.desk, normal)
    assert isinstance(filed, results.Filed) and (filed.taken, filed.item) == (1, None)
    assert items(clinic) == []  # nothing has to be done: it is read on the board
    read, left = rows(clinic, who)
    assert (read.state, read.tests, read.readings[-1].action) == ("read", ("alt",), "normal")
    assert left.tests == ("tg",)
    assert read.result is not None
    results.mark_read(clinic.desk, clinic.session, who.patient.id, read.result)
    assert [row.tests for row in rows(clinic, who)] == [("tg",)]
    clinic.clock.later(days=40)
    assert rows(clinic, who)[0].state == "overdue"


def test_the_same_message_twice_has_no_effect_and_a_changed_one_is_refused(
    clinic: Clinic, tmp_path: Path
) -> None:
    who = signed(clinic, "Nguyễn")
    path = message(who, tmp_path, alt(30))
    intake.take(clinic.desk, path)
    again = intake.take(clinic.desk, path)
    assert isinstance(again, results.Filed) and again.again
    known = results.known(clinic.desk, clinic.session, who.patient.id).results
    assert len(known) == len(who.results) + 1
    with pytest.raises(Refused) as caught:
        intake.take(clinic.desk, message(who, tmp_path, alt(31)))
    assert caught.value.code == "intake.results.control"
    corrected = message(who, tmp_path, alt(44, status="C"), control="C-2")
    intake.take(clinic.desk, corrected)
    (read,) = [row for row in rows(clinic, who) if row.state == "read"]
    assert str(read.readings[-1].value) == "44"  # the one it corrects stands no more


@pytest.mark.parametrize("change", ["born", "number", "future", "unit"])
def test_what_does_not_match_is_refused_and_leaves_nothing(
    clinic: Clinic, tmp_path: Path, change: str
) -> None:
    who = signed(clinic, "Nguyễn")
    other = replace(who, patient=replace(who.patient, external_id="MK-000000"))
    path = {
        "born": lambda: message(who, tmp_path, alt(30), born=who.patient.born + timedelta(days=1)),
        "number": lambda: message(other, tmp_path, alt(30)),
        "future": lambda: message(who, tmp_path, alt(30), drawn=TODAY + timedelta(days=2)),
        "unit": lambda: message(who, tmp_path, alt(30).replace("U/L", "ukat/L")),
    }[change]()
    before = (clinic.actions(), rows(clinic, who))
    with pytest.raises(Refused) as caught:
        intake.take(clinic.desk, path)
    assert caught.value.code.startswith("intake.results.")
    assert (clinic.actions(), rows(clinic, who)) == before


def asked(review: results.Review) -> tuple[ResultId, ...]:
    return tuple(one.result.id for one in review.asked)


@pytest.mark.parametrize(
    ("line", "level", "offers"),
    [
        (alt(50), TriageLevel.ROUTINE, False),
        (alt(96), TriageLevel.PRIORITY, False),
        (alt(121), TriageLevel.PRIORITY, True),
        (alt(201), TriageLevel.URGENT, True),
        (alt(96, limit=""), TriageLevel.ROUTINE, False),  # no limit: nothing may be concluded
    ],
)
def test_a_result_after_signing_makes_an_item_at_its_level(
    clinic: Clinic, tmp_path: Path, line: str, level: TriageLevel, offers: bool
) -> None:
    who = signed(clinic, "Nguyễn")
    filed = intake.take(clinic.desk, message(who, tmp_path, line))
    assert isinstance(filed, results.Filed) and filed.item is not None
    assert items(clinic) == [(int(level), filed.item)]
    seen = results.review(clinic.desk, clinic.session, filed.item)
    assert seen is not None and seen.level == level
    assert (seen.void is not None) is offers
    if offers:
        assert seen.void is not None
        assert seen.void.document in clinic.documents(who.id)
    if level >= TriageLevel.URGENT:
        with pytest.raises(Refused) as caught:
            results.settle(clinic.desk, clinic.session, filed.item, "", asked(seen))
        assert caught.value.code == "result.contact.missing"
    results.settle(clinic.desk, clinic.session, filed.item, "Told the patient to stop", asked(seen))
    assert items(clinic) == [] and clinic.look(filed.item).status is Status.CLOSED
    assert [row.state for row in rows(clinic, who)].count("read") == 0


def test_a_positive_pregnancy_test_after_signing_is_emergent_and_offers_the_void(
    clinic: Clinic, tmp_path: Path
) -> None:
    who = signed(clinic, "Al-Hashimi")
    filed = intake.take(clinic.desk, message(who, tmp_path, hcg("Positive")))
    assert isinstance(filed, results.Filed) and filed.item is not None
    first = queue.page(clinic.desk, clinic.session, QueueFilter(scope="all")).rows
    row = next(r for r in first if r.id == filed.item)
    assert row.level == TriageLevel.EMERGENT and "T-PREG-ISO" in row.flag_codes
    seen = results.review(clinic.desk, clinic.session, filed.item)
    assert seen is not None and seen.needs_contact and seen.void is not None
    # Another result while the item is open joins it: one patient, one item.
    more = intake.take(clinic.desk, message(who, tmp_path, alt(96), control="C-9"))
    assert isinstance(more, results.Filed) and more.item == filed.item
    assert [id for _, id in items(clinic)] == [filed.item]
    # What came in since it was looked at is never settled with it.
    with pytest.raises(Conflict, match="result.news"):
        results.settle(clinic.desk, clinic.session, filed.item, "Told the patient", asked(seen))
    assert [row.state for row in rows(clinic, who)].count("read") == 2


def test_a_result_for_an_open_consultation_raises_that_one(clinic: Clinic, tmp_path: Path) -> None:
    id = clinic.waiting("Nguyễn")
    who = clinic.look(id)
    filed = intake.take(clinic.desk, message(who, tmp_path, alt(201)))
    assert isinstance(filed, results.Filed) and filed.item == id
    row = next(
        r
        for r in queue.page(clinic.desk, clinic.session, QueueFilter(scope="all")).rows
        if r.id == id
    )
    assert row.level == TriageLevel.URGENT and row.stands_out.startswith("ALT 201")
    assert items(clinic) == []


def test_the_void_that_an_item_offers_is_signed_on_the_labs_page(
    clinic: Clinic, tmp_path: Path
) -> None:
    who = signed(clinic, "Nguyễn")
    filed = intake.take(clinic.desk, message(who, tmp_path, alt(201)))
    assert isinstance(filed, results.Filed) and filed.item is not None
    labs = LabsPresenter(clinic.desk, clinic.session, InlineJobs())
    labs.load()
    labs.review(filed.item)
    shown = labs.state.review
    assert shown is not None and shown.prescription.startswith("RX-") and shown.needs_contact
    labs.void("000000")
    assert "not accepted" in labs.state.note
    clinic.clock.later(seconds=2)  # what a wrong PIN costs
    labs.void(showcase.PIN)
    assert labs.state.note.startswith(f"{shown.prescription} is void."), labs.state.note
    assert "document.voided" in clinic.actions()
    after = labs.state.review
    assert after is not None and after.prescription == ""  # nothing is left to take back
    labs.settle("")
    assert labs.state.problem is not None and labs.state.review is not None
    labs.settle("Told the patient to stop today")
    assert labs.state.review is None and items(clinic) == []
