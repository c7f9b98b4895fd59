"""The Sign step without a window: the gate holds on every verb, the PIN, and what follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.ui.treat_world import ME, PIN, TODAY, World, world
from workstation.domain.consultation import Status
from workstation.domain.draft import DecisionKind
from workstation.domain.facts import Origin
from workstation.domain.ids import ResultId
from workstation.domain.results import LabResult, TestSetting
from workstation.presenters.banner import BannerPresenter
from workstation.presenters.sign import SignPresenter
from workstation.presenters.sign_state import SignedNotice, SignState
from workstation.presenters.sign_wording import key_line
from workstation.presenters.treat import TreatPresenter
from workstation.workflow.desk import Session
from workstation.workflow.session import PIN_TRIES, PIN_WAITS


def closed() -> tuple[World, SignPresenter]:
    made = world()
    TreatPresenter(made.case).enter()
    sign = SignPresenter(made.case)
    sign.enter()
    return made, sign


def negative(made: World) -> None:
    treat = TreatPresenter(made.case)
    assert treat.state is not None
    line = next(one for one in treat.state.safety.blocks if one.code == "ISO-PREG-UNK")
    assert line.control is not None
    taken = {"value": "negative", "specimen": "hcg_serum:medical", "collected": TODAY}
    assert treat.record(line.control, taken) == ""


def ready() -> tuple[World, SignPresenter]:
    made = world()
    TreatPresenter(made.case).enter()
    negative(made)
    sign = SignPresenter(made.case)
    sign.enter()
    return made, sign


def shown(sign: SignPresenter) -> SignState:
    state = sign.state
    assert state is not None
    return state


def typed(sign: SignPresenter, pin: str) -> None:
    for digit in pin:
        sign.digit(digit)


def test_a_closed_gate_takes_no_pin_and_signs_nothing() -> None:
    made, sign = closed()
    typed(sign, PIN)
    assert shown(sign).digits == 0 and shown(sign).closed
    sign.sign()
    assert made.memory.documents_of == {} and made.memory.tries == 0
    assert shown(sign).documents, "a draft may still be looked at"


def test_signing_signs_the_shown_bytes_and_names_what_comes_next() -> None:
    made, sign = ready()
    heard: list[SignedNotice] = []
    sign.signed.subscribe(heard.append)
    titles = [document.title for document in shown(sign).documents]
    assert titles == ["Prescription", "Lab-monitoring plan", "Record"]
    assert all(document.pages for document in shown(sign).documents)
    typed(sign, PIN)
    sign.sign()
    assert len(heard) == 1 and "Signed 12:42" in heard[0].text
    assert len(made.memory.documents_of[made.id]) == 3
    assert made.memory.consultations[made.id].status is Status.CLOSED
    assert made.case.state is None
    assert [n for n in made.files.kept if n.startswith("RX-")], "exported"


def test_without_export_nothing_is_written() -> None:
    made, sign = ready()
    sign.set_export(False)
    typed(sign, PIN)
    sign.sign()
    assert made.memory.documents_of and not [n for n in made.files.kept if n.startswith("RX-")]


def test_an_incomplete_pin_signs_nothing() -> None:
    made, sign = ready()
    typed(sign, PIN[:5])
    sign.sign()
    assert made.memory.documents_of == {} and made.memory.tries == 0
    assert "all 6 digits" in shown(sign).pin_note
    sign.erase()
    assert shown(sign).digits == 4


def test_only_digits_are_digits_and_six_are_enough() -> None:
    _, sign = ready()
    for text in ("a", "\u0663", "", "12", " "):
        sign.digit(text)
    assert shown(sign).digits == 0
    typed(sign, "1234567")
    assert shown(sign).digits == 6


def test_wrong_pins_are_counted_and_close_signing() -> None:
    made, sign = ready()
    for left in range(PIN_TRIES - 1, 0, -1):
        typed(sign, "000000")
        sign.sign()
        tries = "try" if left == 1 else "tries"
        wait = PIN_WAITS[PIN_TRIES - 1 - left]
        seconds = round(wait.total_seconds())
        assert shown(sign).pin_note == (
            f"PIN not accepted. {left} {tries} left, the next one in {seconds}\u00a0s."
        )
        assert shown(sign).digits == 0
        typed(sign, "000000")
        sign.sign()  # too soon: not counted, and the digits stay
        assert f"Wait {seconds}\u00a0s more" in shown(sign).pin_note and shown(sign).digits == 6
        made.clock.at += wait
        for _ in range(6):
            sign.erase()
    typed(sign, "000000")
    sign.sign()
    assert shown(sign).pin_closed and "after 5 wrong PINs" in shown(sign).pin_note
    typed(sign, PIN)
    sign.sign()
    assert made.memory.documents_of == {}


def test_after_signing_the_next_signature_waits_half_a_second() -> None:
    made, sign = ready()
    typed(sign, PIN)
    sign.sign()
    assert sign.is_quiet
    made.clock.at += timedelta(milliseconds=501)
    assert not sign.is_quiet


def test_a_new_result_while_here_closes_signing_and_says_so() -> None:
    made, sign = ready()
    said: list[str] = []
    sign.blocked.subscribe(said.append)
    typed(sign, PIN[:3])
    treat = TreatPresenter(made.case)
    control = _pregnancy(made)
    positive = {"value": "positive", "specimen": "hcg_serum:medical", "collected": TODAY}
    assert treat.record(control, positive) == ""
    assert len(said) == 1 and "blocker" in said[0]
    assert shown(sign).digits == 0 and shown(sign).documents == ()
    typed(sign, PIN)
    sign.sign()
    assert made.memory.documents_of == {}


def test_a_result_that_came_in_by_file_closes_signing_too() -> None:
    made, sign = ready()
    said: list[str] = []
    sign.blocked.subscribe(said.append)
    typed(sign, PIN[:3])
    made.case.look_again()
    assert said == [] and shown(sign).digits == 3  # nothing new: nothing is disturbed
    state = made.case.state
    assert state is not None
    positive = LabResult(
        ResultId("by-file"), "hcg_serum", "positive", None, None, TODAY, TestSetting.MEDICAL,
        None, None, "monthly", "Lab", Origin.LABORATORY, None, made.clock.now(), None,
    )  # fmt: skip
    made.memory.add_result(state.consultation.patient.id, positive)
    made.case.look_again()
    assert len(said) == 1 and "blocker" in said[0]
    assert shown(sign).digits == 0 and shown(sign).documents == ()


def test_a_result_that_only_the_store_knows_is_there_before_treat_is_entered() -> None:
    made, sign = ready()
    known: list[bool] = []

    def blocked(_: str) -> None:  # what Treat would open on
        state = made.case.state
        assert state is not None
        known.append("ISO-PREG-POS" in state.appraisal.gate.because)

    sign.blocked.subscribe(blocked)
    typed(sign, PIN)
    state = made.case.state
    assert state is not None
    positive = LabResult(
        ResultId("by-file"), "hcg_serum", "positive", None, None, TODAY, TestSetting.MEDICAL,
        None, None, "monthly", "Lab", Origin.LABORATORY, None, made.clock.now(), None,
    )  # fmt: skip
    made.memory.add_result(state.consultation.patient.id, positive)
    sign.sign()
    assert made.memory.documents_of == {}
    assert known and known[-1]


def test_the_banner_says_when_a_result_of_somebody_else_came_in() -> None:
    made = world()
    TreatPresenter(made.case).enter()
    banner = BannerPresenter(made.case)
    made.case.refresh()
    negative(made)  # one's own is no news
    assert banner.state is not None and not [c for c in banner.state.chips if "New" in c[1]]
    state = made.case.state
    assert state is not None
    by_file = LabResult(
        ResultId("by-file"), "alt", Decimal(31), "U/L", Decimal(40), TODAY, None,
        None, None, None, "Lab", Origin.LABORATORY, None, made.clock.now(), None,
    )  # fmt: skip
    made.memory.add_result(state.consultation.patient.id, by_file)
    made.case.look_again()
    assert banner.state.chips[0] == ("info", "New result 12:42")
    made.case.refresh()
    assert banner.state.chips[0] == ("info", "New result 12:42")  # until it is closed


def test_a_harmless_change_while_here_brings_new_pages() -> None:
    made, sign = ready()
    before = shown(sign).documents[0].pages
    TreatPresenter(made.case).dose.set_daily("40")
    after = shown(sign)
    assert after.documents[0].pages is not before and after.documents
    assert "Something changed" in after.pin_note


def test_a_work_up_signs_a_plan_and_a_record_without_medicine() -> None:
    made, sign = closed()
    TreatPresenter(made.case).choose(DecisionKind.START_WORK_UP)
    sign.enter()
    state = shown(sign)
    assert state.closed == ""
    assert [d.title for d in state.documents] == ["Lab-monitoring plan", "Record"]
    assert any("no medicine" in line.title for line in state.lines)
    typed(sign, PIN)
    sign.sign()
    assert made.memory.consultations[made.id].status is Status.WAITING_FOR_WORK_UP


def test_leaving_forgets_the_digits() -> None:
    _, sign = ready()
    typed(sign, "123")
    sign.leave()
    sign.enter()
    assert shown(sign).digits == 0


def _pregnancy(made: World):
    from tests.ui.treat_world import content
    from workstation.presenters.controls import control_of

    assert made.case.state is not None
    facts = made.case.state.appraisal.facts
    return control_of("pregnancy_test", (), (), made.case.state.consultation, content(), facts)


def test_the_key_says_until_when_and_warns_before_it_ends() -> None:
    class Key:
        serial = "1"
        expires = datetime(2026, 12, 20, tzinfo=UTC)

    signs, bare = Session(ME, Key()), Session(ME, None)
    assert "valid to 20" in key_line(signs, date(2026, 11, 1))
    assert "ends in" not in key_line(signs, date(2026, 11, 1))
    assert "It ends in 10 days" in key_line(signs, date(2026, 12, 10))
    assert key_line(signs, date(2026, 12, 21)).startswith("The signing key expired on 20")
    assert "no signing key" in key_line(bare, date(2026, 12, 1))
    damaged = Session(ME, None, keyless="sign.key.damaged")
    assert "damaged" in key_line(damaged, date(2026, 12, 1))
