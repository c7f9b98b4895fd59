"""The Treat page: every group, every control by keyboard, and a gate that no path passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QStyle, QStyleOptionComboBox

from tests.presenters.test_grown_old import aged
from tests.presenters.test_sign import negative
from tests.ui.treat_pages import Shown, clipped, press, settle, treat_page, unnamed, write
from tests.ui.treat_world import TODAY, answered, with_facts, world
from tests.ui.walk import cut
from workstation import language
from workstation.domain.draft import DecisionKind
from workstation.domain.facts import FactKind
from workstation.domain.identity import Doubt, IdentityDoubt, Person
from workstation.domain.ids import ConsultationId, PatientId
from workstation.domain.patient import Sex
from workstation.presenters.controls import ControlState, FieldState
from workstation.presenters.treat import TreatPresenter
from workstation.ui.panels import next_panel
from workstation.ui.theme import theme
from workstation.ui.treat.choice_card import ChoiceCard
from workstation.ui.treat.controls import ControlRow
from workstation.ui.treat.fields import Choice, Segmented
from workstation.ui.treat.fold import Fold
from workstation.ui.treat.line_card import LineCard
from workstation.ui.treat.several import Several, TickList
from workstation.ui.widgets.day_edit import DayEdit

K = Qt.Key
PEOPLE = ("marsh-elena", "nwosu-ifeoma", "becker-jonas", "carter-amara", "de-souza-caio",
          "oyelaran-tunde", "park-jun-ho", "mwangi-wanjiru", "halvorsen-mia")  # fmt: skip


def test_groups_stand_in_their_order(qtbot) -> None:
    shown = treat_page(world("carter-amara"))
    levels = [card.line.level for card in shown.page.safety.cards]
    rank = {"stop": 0, "hold": 0, "override": 1, "warn": 1, "info": 2}
    assert [rank[level] for level in levels] == sorted(rank[level] for level in levels)
    assert shown.codes()[0] == "TRIAGE-CONTACT"


@pytest.fixture(scope="module", params=PEOPLE)
def looked_at(request: pytest.FixtureRequest) -> Shown:
    """One person's page, which the tests below look at and never touch."""
    return treat_page(world(request.param))


def at(shown: Shown, width: int, height: int) -> Shown:
    """The page in a window of that size."""
    shown.window.resize(width, height)
    settle()
    return shown


def test_nothing_is_pre_selected(qtbot, looked_at: Shown) -> None:
    seen = 0
    for card in looked_at.page.safety.cards:
        for field in card.control.fields if card.control is not None else ():
            seen += 1
            assert field.is_empty and field.value is None, (card.line.code, field.state.name)
    for row in looked_at.page.work_up.steps:
        for field in row.control.fields if row.control is not None else ():
            assert field.is_empty
    assert seen


def test_nothing_flashes_as_a_window_of_its_own(qtbot, looked_at: Shown) -> None:
    seen = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert seen == [looked_at.window]
    assert looked_at.window.isActiveWindow()


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900), (2560, 1440)])
def test_no_text_is_clipped(qtbot, looked_at: Shown, size: tuple[int, int]) -> None:
    shown = at(looked_at, *size)
    assert (shown.window.width(), shown.window.height()) == size
    assert clipped(shown.page) == []
    for area in (shown.page.safety, shown.page.right):
        assert area.horizontalScrollBar().maximum() == 0


def test_every_control_has_a_name(qtbot, looked_at: Shown) -> None:
    assert unnamed(looked_at.page) == []


def test_the_safety_side_has_its_width(qtbot) -> None:
    shown = treat_page(world(), (1280, 900))
    for width, side in ((1280, 384), (1440, 432), (1920, 460), (2560, 500)):
        assert at(shown, width, 900).page.safetySide.width() == side, width


# -- the gate


def test_a_closed_gate_is_closed_on_the_button_and_its_verb(qtbot) -> None:
    shown = treat_page(world())
    primary = shown.page.primary()
    assert primary is not None and not primary.enabled and "1 blocker" in primary.reason
    shown.page.activate_primary()
    assert shown.gone == []
    assert shown.page.step_chip() == ("danger", "1 blocker")


def test_a_hold_has_no_reason_key(qtbot) -> None:
    shown = treat_page(world())
    shown.card("ISO-PREG-UNK").setFocus()
    for key in (K.Key_1, K.Key_2, K.Key_3, K.Key_9):
        press(key)
    assert shown.world.case.state is not None
    assert shown.world.case.state.draft.reasons == ()
    assert not shown.page.primary().enabled


@pytest.mark.parametrize("doubtful", [False, True])
def test_nothing_blocks_is_said_only_while_the_gate_is_open(qtbot, doubtful: bool) -> None:
    other = Person(PatientId("p9"), ConsultationId("c9"), "Marsh", "Elena", TODAY, Sex.FEMALE, "")
    doubts = (IdentityDoubt(Doubt.CONFLICT, other),) if doubtful else ()
    made = world("marsh-elena", lambda c: replace(c, doubts=doubts))
    shown = treat_page(made)
    assert not shown.page.ready.isVisible()
    negative(made)
    settle()
    assert made.case.state is not None and made.case.state.appraisal.gate.is_open is not doubtful
    assert shown.page.ready.isVisible() is not doubtful
    assert shown.page.primary().enabled is not doubtful


# -- keyboard paths


def test_a_pregnancy_test_by_keyboard_opens_the_gate(qtbot) -> None:
    shown = treat_page(world())
    assert shown.card("ISO-PREG-UNK").hasFocus()
    press(K.Key_Return)
    press(K.Key_1)  # Negative; on to the specimen
    assert isinstance(QApplication.focusWidget(), Choice)
    press(K.Key_Down)
    press(K.Key_Return)
    write("y")
    press(K.Key_Return)
    result = shown.world.memory.consultations[shown.world.id].results[-1]
    assert (result.test, result.value, result.role) == ("hcg_serum", "negative", "T2")
    assert result.collected == TODAY - timedelta(days=1)
    assert shown.page.primary().enabled
    shown.page.activate_primary()
    assert shown.gone == ["sign"]


def test_must_asks_are_answered_by_one_digit_each_and_the_focus_moves_on(qtbot) -> None:
    shown = treat_page(world("park-jun-ho"))
    first = shown.card("ASK-ALC-DISORDER")
    first.setFocus()
    following = shown.codes()[shown.codes().index("ASK-ALC-DISORDER") + 1]
    press(K.Key_2)
    assert shown.world.fact("alcohol.disorder") is False
    assert shown.card(following).hasFocus()
    press(K.Key_9)
    assert shown.world.case.state is not None and len(shown.world.case.state.draft.facts) == 1


def test_a_key_held_down_answers_nothing_more(qtbot) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    shown = treat_page(world("park-jun-ho"))
    shown.card("ASK-ALC-DISORDER").setFocus()
    for _ in range(5):
        event = QKeyEvent(QEvent.Type.KeyPress, K.Key_2, Qt.KeyboardModifier.NoModifier, "2", True)
        target = QApplication.focusWidget()
        assert target is not None
        QApplication.sendEvent(target, event)
    assert shown.world.case.state is not None and shown.world.case.state.draft.facts == ()


def test_a_number_by_keyboard(qtbot) -> None:
    shown = treat_page(world("park-jun-ho"))
    shown.card("ASK-ALC").setFocus()
    press(K.Key_Return)
    write("1.5")
    press(K.Key_Return)
    assert shown.world.fact("alcohol.most") == Decimal("1.5")


def test_a_value_that_does_not_fit_is_said_and_not_recorded(qtbot) -> None:
    shown = treat_page(world("park-jun-ho"))
    card = shown.card("ASK-ALC-DAYS")
    card.setFocus()
    press(K.Key_Return)
    write("2.5")
    press(K.Key_Return)
    assert card.control is not None and card.control.problem.isVisible()
    assert "whole number" in card.control.problem.text()
    assert shown.world.fact("alcohol.days") is None


def test_a_day_nobody_can_read_is_said_where_it_was_typed(qtbot) -> None:
    shown = treat_page(world("marsh-elena"))
    card = shown.card("ISO-PREG-UNK")
    card.setFocus()
    press(K.Key_Return)
    press(K.Key_1)
    press(K.Key_Down)
    press(K.Key_Return)
    write("27")
    press(K.Key_Return)
    settle()
    assert card.control is not None and card.control.problem.isVisible()
    assert "t for today" in card.control.problem.text()
    assert isinstance(QApplication.focusWidget(), DayEdit)


def test_the_keys_at_the_foot_are_those_of_the_part_that_has_the_focus(qtbot) -> None:
    shown = treat_page(world("marsh-elena"))
    card = shown.card("ISO-PREG-UNK")
    card.setFocus()
    assert ("\u2191 \u2193", "move") in shown.page.key_hints()
    press(K.Key_Return)
    assert shown.page.key_hints()[0] == ("1\u20133", "choose")
    press(K.Key_1)
    assert shown.page.key_hints()[0] == ("\u2191 \u2193", "choose")
    press(K.Key_Tab)
    assert shown.page.key_hints()[0] == ("T", "today")
    press(K.Key_Y)
    assert card.control is not None
    assert card.control.fields[2].value == TODAY - timedelta(days=1)
    press(K.Key_Escape)
    assert card.hasFocus()
    shown.page.prescription.daily.setFocus()
    assert not {text for _, text in shown.page.key_hints()} & {"move", "resolve", "choose"}


def test_several_answers_by_keyboard(qtbot) -> None:
    shown = treat_page(world("park-jun-ho"))
    card = shown.card("ASK-PROCEDURES")
    card.setFocus()
    press(K.Key_Return)
    several = QApplication.focusWidget()
    assert isinstance(several, Several)
    press(K.Key_Space)
    popup = several.findChild(TickList)
    assert popup is not None
    QTest.keyClick(popup.list, K.Key_Down)
    QTest.keyClick(popup.list, K.Key_Space)
    QTest.keyClick(popup.list, K.Key_Down)
    QTest.keyClick(popup.list, K.Key_Return)
    popup.close()
    settle()
    assert card.control is not None
    card.control.submit()
    assert shown.world.fact("procedures.planned") == ("waxing", "dermabrasion")


def test_none_of_these_is_an_answer_and_silence_is_not(qtbot) -> None:
    several = Several((("a", "A"), ("b", "B")))
    qtbot.addWidget(several)
    assert several.value is None
    several.tick("none", True)
    assert several.value == ()
    several.tick("b", True)
    assert several.value == ("b",)
    several.tick("b", False)
    assert several.value is None


def test_a_list_is_not_changed_by_a_wheel(qtbot) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    choice = Choice((("a", "A"), ("b", "B")))
    qtbot.addWidget(choice)
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(choice, wheel)
    assert choice.currentIndex() == -1


def test_a_laboratory_value_by_keyboard_asks_what_its_test_needs(qtbot) -> None:
    shown = treat_page(world("nwosu-ifeoma"))
    card = shown.card("LAB-DUE")
    assert card.control is not None and not card.control.isVisible(), "waits for the work-up"
    card.setFocus()
    press(K.Key_Return)
    named = {field.state.name: field for field in card.control.fields}
    test = named["test"].editor
    assert isinstance(test, Segmented | Choice)
    if isinstance(test, Segmented):
        press(K.Key_2)
    else:
        press(K.Key_Down)
        press(K.Key_Down)
        press(K.Key_Return)
    assert named["fasting"].isVisible() and not named["upper_limit"].isVisible()
    write("98")
    press(K.Key_Return)
    write("t")
    press(K.Key_Return)
    press(K.Key_1)  # fasting
    write("48")
    press(K.Key_Return)
    result = shown.world.memory.consultations[shown.world.id].results[-1]
    assert (result.test, result.value, result.fasting, result.hours_since_alcohol) == (
        "tg", Decimal(98), True, 48,
    )  # fmt: skip
    assert result.collected == TODAY


def test_a_contact_by_keyboard(qtbot) -> None:
    shown = treat_page(world("becker-jonas"))
    assert shown.card("TRIAGE-CONTACT").hasFocus()
    press(K.Key_Return)
    press(K.Key_Down)
    press(K.Key_Return)
    press(K.Key_Down)
    press(K.Key_Return)
    write("handed over to 988")
    press(K.Key_Return)
    contact = shown.world.memory.consultations[shown.world.id].contacts[-1]
    assert (contact.reached, contact.outcome) == ("yes", "handed over to 988")
    assert "TRIAGE-CONTACT" not in shown.codes()


def test_reasons_by_digit_and_the_text_field_takes_digits_as_text(qtbot) -> None:
    shown = treat_page(world("de-souza-caio"))
    card = shown.card("LAB-ALT")
    assert card.hasFocus()
    press(K.Key_3)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    write("123")
    assert field.text() == "123"
    assert shown.world.case.state is not None
    assert shown.world.case.state.draft.reasons == ()
    press(K.Key_Return)
    assert shown.toasts and "10 characters" in shown.toasts[-1]
    press(K.Key_Escape)
    assert card.hasFocus()
    press(K.Key_1)
    (reason,) = shown.world.case.state.draft.reasons
    assert (reason.finding, reason.code) == ("LAB-ALT", "muscle")
    assert shown.page.primary().enabled


def test_a_warning_takes_one_key(qtbot) -> None:
    shown = treat_page(world("oyelaran-tunde", with_facts(answered("donation.blood", True))))
    shown.card("COUNSEL").setFocus()
    press(K.Key_1)
    assert not shown.card("COUNSEL").line.is_open


def test_arrows_walk_the_lines_and_f8_goes_to_the_next_open_one(qtbot) -> None:
    shown = treat_page(world("carter-amara"))
    codes = shown.codes()
    assert shown.card(codes[0]).hasFocus()
    press(K.Key_Down)
    assert shown.card(codes[1]).hasFocus()
    press(K.Key_Up)
    assert shown.card(codes[0]).hasFocus()
    assert shown.page._tools.commands.trigger("case.open_item")
    assert shown.card(codes[1]).hasFocus()


def test_half_typed_answers_survive_another_answer(qtbot) -> None:
    shown = treat_page(world("park-jun-ho"))
    kept = shown.card("ASK-ALC-DAYS")
    assert kept.control is not None
    editor = kept.control.fields[0].editor
    assert isinstance(editor, QLineEdit)
    editor.setText("3")
    shown.card("ASK-ALC-DISORDER").setFocus()
    press(K.Key_2)
    again = shown.card("ASK-ALC-DAYS").control
    assert again is not None and again.fields[0].value == 3


def test_enrolment_in_place_by_keyboard(qtbot) -> None:
    shown = treat_page(world("nwosu-ifeoma"))
    row = next(row for row in shown.page.work_up.steps if row.step.id == "patient")
    row.button.setFocus()
    press(K.Key_Space)
    press(K.Key_1)
    assert shown.world.fact("rems.patient_enrolled") is True
    done = next(row for row in shown.page.work_up.steps if row.step.id == "patient")
    assert done.step.done


# -- prescription


def test_a_dose_that_was_not_taken_does_not_stay_in_the_field(qtbot) -> None:
    shown = treat_page(world())
    daily = shown.page.prescription.daily
    daily.setFocus()
    daily.selectAll()
    write("33")
    press(K.Key_Return)
    assert daily.text() == "30"
    assert "No capsules make 33" in shown.page.prescription.problem.text()
    daily.selectAll()
    write("40")
    press(K.Key_Return)
    assert daily.text() == "40" and "40" in shown.page.prescription.ways_title.text()
    assert "20" in shown.page.prescription.line.text()


def test_the_ladder_steps_by_arrow(qtbot) -> None:
    shown = treat_page(world())
    shown.page.prescription.ladder.setFocus()
    press(K.Key_Right)
    assert shown.page.prescription.daily.text() == "40"
    press(K.Key_Left)
    assert shown.page.prescription.daily.text() == "30"


def test_capsules_by_space(qtbot) -> None:
    shown = treat_page(world())
    ways = shown.page.prescription.ways
    ways.itemAt(1).widget().setFocus()
    press(K.Key_Space)
    assert shown.world.case.state is not None
    regimen = shown.world.case.state.appraisal.regimen
    assert regimen is not None and regimen.evening == (Decimal(10), Decimal(10))


# -- plan


def test_the_table_holds_the_points_of_the_timeline(qtbot) -> None:
    shown = treat_page(world())
    state = shown.page.timeline._state
    points = sum(len(lane.points) for lane in state.lanes)
    shown.page.tableButton.click()
    settle()
    assert shown.page.table.isVisible() and not shown.page.timeline.isVisible()
    assert shown.page.table.rowCount() == points


def test_tab_goes_through_the_plan_in_the_order_one_reads_it(qtbot) -> None:
    shown = treat_page(world())
    page = shown.page
    assert page._tools.commands.trigger("treat.protocol")
    assert QApplication.focusWidget() is page.protocol.options
    page.tableButton.click()
    settle()
    page.protocolFold.setFocus()
    seen = []
    while QApplication.focusWidget() is not page.table and len(seen) < 9:
        seen.append(QApplication.focusWidget())
        press(Qt.Key.Key_Tab)
    assert seen == [page.protocolFold, page.tableButton, page.protocol.options]


def test_a_decision_is_reasoned_and_told_by_keyboard_from_the_top_down(qtbot) -> None:
    shown = treat_page(world())
    page = shown.page
    shown.presenter.choose(DecisionKind.DECLINE)
    settle()
    page.row.buttons[DecisionKind.DECLINE].setFocus()
    next_panel(page, QApplication.focusWidget(), forward=True)
    first = QApplication.focusWidget()
    assert isinstance(first, ChoiceCard) and page.decided._reasons.indexOf(first) == 0
    heights = [first.mapTo(page, QPoint(0, 0)).y()]
    while QApplication.focusWidget() is not page.decided.text:
        press(Qt.Key.Key_Tab)
        heights.append(QApplication.focusWidget().mapTo(page, QPoint(0, 0)).y())
        assert len(heights) < 30
    assert heights == sorted(heights)
    first.setFocus()
    press(Qt.Key.Key_Space)
    settle()
    assert QApplication.focusWidget() is page.decided.text  # to say more, or
    press(Qt.Key.Key_Tab)
    assert page.decided.isAncestorOf(QApplication.focusWidget())  # on to the message


def test_choices_of_two_long_names_have_a_row_of_their_own(qtbot) -> None:
    tests = (("alt", "ALT, U/L"), ("tg", "Triglycerides, mg/dL"))
    asked = (
        FieldState("test", "Test", FactKind.CHOICE, "", tests, needed=True),
        FieldState("value", "Value", FactKind.NUMBER, "", (), needed=True),
    )
    made = ControlRow(ControlState("lab_result", ("alt", "tg"), asked), TODAY, lambda *_: "")
    qtbot.addWidget(made)
    made.setFixedWidth(340)  # of a line in the safety panel
    made.show()
    settle()
    assert not cut(made)


def test_a_long_heading_wraps_and_makes_no_panel_wider(qtbot) -> None:
    made = Fold("25 points of a prescription, not asked here", wraps=True)
    qtbot.addWidget(made)
    made.show()
    for width in (420, 200, 420):
        made.resize(width, made.sizeHint().height())
        settle()
        lines = made.text().split("\n")
        assert (len(lines) > 1) == (width == 200)
        assert made.minimumSizeHint().width() <= 200
        assert all(made.fontMetrics().horizontalAdvance(line) < width for line in lines)
        assert made.sizeHint().height() >= len(lines) * made.fontMetrics().height()


def test_the_decision_row_switches(qtbot) -> None:
    shown = treat_page(world())
    shown.page.row.buttons[DecisionKind.START_WORK_UP].click()
    settle()
    assert shown.world.case.state is not None
    decision = shown.world.case.state.draft.decision
    assert decision is not None and decision.kind is DecisionKind.START_WORK_UP
    assert shown.page.work_up.isVisible() and not shown.page.prescription.isVisible()
    assert not shown.page.planCard.isVisible()


def test_a_request_beside_acne_offers_what_it_is_treated_with(qtbot) -> None:
    shown = treat_page(world("papadopoulou-eleni"))
    page = shown.page
    assert not page.empty.isVisible() and not page.prescription.isVisible()
    offered = [page.basket.add.itemData(n) for n in range(page.basket.add.count())]
    assert offered and "isotretinoin" not in offered
    assert not page.primary().enabled
    page.basket.added.emit("azelaic_acid")
    settle()
    assert page.directed.isVisible() and page.primary().enabled
    assert clipped(page) == [] and unnamed(page) == []


def test_a_day_field_shows_what_it_understood(qtbot) -> None:
    edit = DayEdit(TODAY)
    qtbot.addWidget(edit)
    edit.setText("y")
    edit.editingFinished.emit()
    assert edit.text() == "22\u2011Nov\u20112026"
    edit.setText("22/11/2026")
    edit.editingFinished.emit()
    assert edit.day is None and edit.text() == "22/11/2026"


def test_a_page_follows_undo(qtbot) -> None:
    shown = treat_page(world("de-souza-caio"))
    TreatPresenter(shown.world.case).give_reason("LAB-ALT", "muscle")
    settle()
    assert shown.page.primary().enabled
    shown.world.case.undo()
    settle()
    assert not shown.page.primary().enabled


# -- days of the plan


def _movable(shown, lane: str):
    timeline = shown.page.timeline
    number, found = next((n, one) for n, one in enumerate(timeline._state.lanes) if one.id == lane)
    point = next(p for p in found.points if p.allowed is not None)
    return number, point


def test_dragging_a_point_snaps_to_the_allowed_days_and_undo_brings_it_back(qtbot) -> None:
    shown = treat_page(world("nguyen-minh-duc"))
    timeline = shown.page.timeline
    number, point = _movable(shown, "liver")
    start = QPointF(timeline.place(point.on), timeline._y(number)).toPoint()
    far = QPointF(timeline.place(point.allowed.last) + 90, timeline._y(number)).toPoint()
    QTest.mousePress(timeline, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(timeline, far)
    QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=far)
    settle()
    case = shown.world.case
    (edit,) = case.state.draft.plan_edits
    assert edit.on == point.allowed.last
    row = next(r for r in shown.presenter.state.plan.rows if r.key == point.key)
    assert row.chosen and row.on == point.allowed.last
    case.undo()
    assert case.state.draft.plan_edits == ()
    row = next(r for r in shown.presenter.state.plan.rows if r.key == point.key)
    assert not row.chosen and row.on == point.on


def test_a_day_typed_in_the_table_is_taken_or_refused_with_its_rule(qtbot) -> None:
    shown = treat_page(world("nguyen-minh-duc"))
    shown.page.tableButton.click()
    settle()
    table = shown.page.table
    row = next(n for n, r in enumerate(table._rows) if r.allowed is not None and r.what == "ALT")
    allowed = table._rows[row].allowed
    table.setCurrentCell(row, 1)
    table.setFocus()
    press(Qt.Key.Key_F2)
    QApplication.focusWidget().selectAll()
    write("30-Mar-2031")
    typing = QApplication.focusWidget()
    words = typing.fontMetrics().horizontalAdvance(typing.text())
    assert typing.cursorRect().right() >= words  # the first figure is in sight
    typing.selectAll()
    write("1-Jan-2031")
    press(Qt.Key.Key_Return)
    assert shown.world.case.state.draft.plan_edits == ()
    assert shown.toasts[-1].startswith("The rules allow")
    press(Qt.Key.Key_F2)
    QApplication.focusWidget().selectAll()
    write(allowed.last.isoformat())
    press(Qt.Key.Key_Return)
    (edit,) = shown.world.case.state.draft.plan_edits
    assert edit.on == allowed.last


def test_out_of_sight_nothing_is_drawn_and_coming_back_shows_what_happened() -> None:
    shown = treat_page(world("nguyen-minh-duc"))
    page, presenter = shown.page, shown.presenter
    daily = page.prescription.daily
    presenter.dose.set_daily("40")
    settle()
    assert daily.text().startswith("40")
    page.hide()
    presenter.dose.set_daily("60")
    settle()
    assert daily.text().startswith("40")
    page.show()
    settle()
    assert daily.text().startswith("60")


# -- the verbs of the page by their ids, and what is folded


def test_every_verb_of_the_page_has_an_action_and_says_why_not(qtbot) -> None:
    shown = treat_page(world("lindqvist-astrid"))
    commands, page = shown.page._tools.commands, shown.page
    assert commands.trigger("treat.pharmacy") and not page.pharmacy.isHidden()
    settle()
    assert QApplication.focusWidget() is page.pharmacy.fields[0]
    assert commands.trigger("treat.protocol") and not page.protocol.isHidden()
    assert commands.trigger("treat.supply") and page.prescription.taken.fields is not None
    settle()
    assert commands.trigger("treat.table") and not page.table.isHidden()
    assert commands.trigger("treat.calendar")
    assert shown.toasts[-1].startswith("No plan was signed for this patient.")
    shown.presenter.choose(DecisionKind.DECLINE)
    settle()
    for id in ("treat.add", "treat.favourites", "treat.pharmacy", "treat.supply", "treat.keep"):
        assert not commands.trigger(id), id


def test_a_favourite_of_isotretinoin_is_a_dose_by_weight(qtbot) -> None:
    """60 mg of 60.1 kg are 1.00 mg/kg; for 40 kg that is 40 mg, and never more."""
    shown = treat_page(world("lindqvist-astrid"))
    commands, basket = shown.page._tools.commands, shown.presenter.basket
    assert commands.trigger("treat.keep")
    settle()
    ((words, shared),) = basket.favourites.shown()
    assert "1\u00a0mg/kg a day" in words and "ISOtretinoin" in words and not shared
    shown.presenter.dose.set_weight("40")
    shown.presenter.dose.set_weight("40")  # far from the last: typed again to confirm it
    basket.favourites.take(0)
    settle()
    state = shown.world.case.state
    assert state is not None and state.appraisal.regimen is not None
    assert state.appraisal.regimen.daily == Decimal(40)
    basket.favourites.forget(0)
    assert basket.favourites.shown() == ()


def test_six_lanes_stand_beside_a_prescription_without_scrolling(qtbot) -> None:
    shown = treat_page(world("lindqvist-astrid"))
    page = shown.page
    foot = page.timeline.mapTo(page.right.viewport(), page.timeline.rect().bottomLeft()).y()
    assert len(page._state.plan.lanes) == 6
    assert foot <= page.right.viewport().height()


def test_points_of_a_prescription_unfold_on_another_decision(qtbot) -> None:
    shown = treat_page(world("park-jun-ho"))
    shown.presenter.choose(DecisionKind.DECLINE)
    settle()
    panel = shown.page.safety
    closed = set(shown.codes())
    assert not [code for code in closed if code.startswith("ASK-")]
    panel._fold.setFocus()
    press(K.Key_Space)
    assert {line.code for line in panel._state.folded} <= set(shown.codes())
    assert panel._fold.hasFocus() and clipped(shown.page) == []


def test_lines_built_anew_while_others_come_in_steps_are_those_that_stay(qtbot) -> None:
    panel = treat_page(world("carter-amara")).page.safety
    state = panel._state
    assert len(state.blocks) > 1
    first = replace(state.blocks[0], title="Another title")
    steps = panel.shown(replace(state, blocks=(*state.blocks[:0:-1], first)))
    next(steps)
    panel.show_state(state)
    assert list(steps) == []
    settle()
    shown = [card for card in panel.widget().findChildren(LineCard) if card.isVisible()]
    assert shown == list(panel.cards)
    assert [card.line for card in shown] == list(state.lines)


def test_tab_goes_down_the_lines_whichever_of_them_was_made_last(qtbot) -> None:
    shown = treat_page(world("carter-amara"))
    panel = shown.page.safety
    state = panel._state
    before = panel.cards
    assert len(state.blocks) == 2 and len(before) == 4
    first, second = state.blocks
    third = before[2].line
    changed = {
        name: tuple(
            replace(line, title="Other words") if line in (first, third) else line for line in lines
        )
        for name in ("blocks", "waits", "reasons", "infos")
        if (lines := getattr(state, name))
    }
    panel.show_state(replace(state, **changed))
    settle()
    kept = [new is old for new, old in zip(panel.cards, before, strict=True)]
    assert kept == [False, True, False, True]
    codes = [card.line.code for card in panel.cards]
    panel.cards[0].setFocus()
    met = [codes[0]]
    while met[-1] != codes[3]:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert panel.current is not None
        if panel.current != met[-1]:
            met.append(panel.current)
    assert met == codes[:4]


def test_answers_that_grew_old_stand_first_and_are_confirmed_by_one_key(qtbot) -> None:
    shown = treat_page(world("marsh-elena", aged))
    panel = shown.page.safety
    line = panel._state.old[0]
    assert shown.codes()[0] == line.code
    open_before = len(panel._state.blocks)
    shown.card(line.code).setFocus()
    press(K.Key_1)
    settle()
    assert line.code not in shown.codes()
    assert len(panel._state.blocks) == open_before - len(line.members)
    assert [card.line for card in panel.cards] == list(panel._state.lines)


def test_f8_reaches_the_answers_to_confirm_even_when_nothing_else_is_open(qtbot) -> None:
    shown = treat_page(world("marsh-elena", aged))
    panel, commands = shown.page.safety, shown.page._tools.commands
    state = panel._state
    (line,) = state.old
    assert shown.card(line.code).hasFocus()  # the first open line, and so the first focused
    assert commands.trigger("case.open_item")
    assert shown.card(next(one.code for one in state.blocks if one.is_open)).hasFocus()
    alone = replace(state, blocks=(), reasons=())
    assert alone.open == (line,)
    panel.show_state(alone)
    settle()
    shown.page.row.buttons[DecisionKind.PRESCRIBE].setFocus()
    assert commands.trigger("case.open_item")
    assert shown.card(line.code).hasFocus()


def test_what_could_not_be_drawn_leaves_nothing_to_decide_by(qtbot, monkeypatch) -> None:
    shown = treat_page(world("carter-amara"))
    page = shown.page
    state = page._state
    other = replace(state, safety=replace(state.safety, blocks=state.safety.blocks[:1]))

    def fails(*_: object, **__: object) -> None:
        raise KeyError("a line")

    with monkeypatch.context() as broken:
        broken.setattr(page.safety, "_card", fails)
        broken.setattr(page.safety, "_cards", {})
        with pytest.raises(KeyError):
            page.show_state(other)
    assert page.undrawn.isVisible()
    assert not page.safety.isVisible() and not page.prescription.isVisible()
    page.show_state(state)
    settle()
    assert not page.undrawn.isVisible() and page.safety.isVisible()


def test_what_is_reached_from_beside_the_panel_comes_into_view(qtbot) -> None:
    shown = treat_page(world("marsh-elena", aged))
    panel = shown.page.safety
    panel.verticalScrollBar().setValue(0)
    shown.page.row.buttons[DecisionKind.PRESCRIBE].setFocus()
    press(K.Key_Backtab)
    settle()
    reached = QApplication.focusWidget()
    assert reached is not None and panel.isAncestorOf(reached)
    seen = panel.viewport().rect()
    assert panel.verticalScrollBar().value() > 0
    assert seen.contains(reached.mapTo(panel.viewport(), QPoint(4, 4)))


def test_another_medicine_asks_other_questions_and_the_focus_goes_to_the_first(qtbot) -> None:
    shown = treat_page(world("park-jun-ho"))
    shown.card("ASK-CATEGORY").setFocus()
    shown.presenter.basket.add("adapalene")
    settle()
    open_now = [line.code for line in shown.page.safety._state.open]
    assert open_now and "ASK-CATEGORY" not in open_now
    assert shown.card(open_now[0]).hasFocus()


def test_large_text_makes_no_panel_wider_than_its_room(qtbot) -> None:
    language.use("es")
    theme.set_text_scale(1.4)
    try:
        shown = at(treat_page(world("marsh-elena")), 1280, 800)
        panel = shown.page.safety
        assert panel.horizontalScrollBar().maximum() == 0
        assert clipped(shown.page) == []
    finally:
        theme.set_text_scale(1.0)
        language.use(language.ENGLISH)


def test_the_product_is_never_cut_in_its_list(qtbot) -> None:
    language.use("es")
    theme.set_text_scale(1.4)
    try:
        product = treat_page(world(), (1280, 800)).page.prescription.product
        beside = QStyleOptionComboBox()
        product.initStyleOption(beside)
        part = product.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            beside,
            QStyle.SubControl.SC_ComboBoxEditField,
            product,
        )
        wanted = product.fontMetrics().horizontalAdvance(product.currentText())
        assert "ISOtretinoin" in product.currentText() and wanted <= part.width()
    finally:
        theme.set_text_scale(1.0)
        language.use(language.ENGLISH)
