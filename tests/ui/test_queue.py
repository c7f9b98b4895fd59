"""The queue: order, words, filters, keys, and nothing that moves under the pointer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.inline_jobs import InlineJobs
from tests.ui import made_up
from workstation import language
from workstation.domain.accounts import Role
from workstation.domain.consultation import Status
from workstation.domain.ids import ConsultationId
from workstation.domain.pixels import Pixels
from workstation.domain.triage import TriageLevel
from workstation.presenters import message_words, queue_verbs, wording
from workstation.presenters.queue import QueuePresenter
from workstation.ui.application import application
from workstation.ui.commands import Commands
from workstation.ui.page import PageTools
from workstation.ui.panels import next_panel
from workstation.ui.queue.columns import TITLES, columns
from workstation.ui.queue.page import QueuePage
from workstation.ui.queue.verb_form import VerbForm
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, EmptyState, fitting


@pytest.fixture(autouse=True)
def _app():
    application()
    theme.set_text_scale(1.0)
    theme.set_mode("light")


def presenter_of(desk) -> QueuePresenter:
    made = QueuePresenter(desk, made_up.session(), InlineJobs(), lambda *_: made_up.evaluation())
    made.load()
    return made


@pytest.fixture
def desk():
    made = made_up.SmallDesk()
    image = QImage(40, 50, QImage.Format.Format_RGB32)
    image.fill(0xFFB37D60)
    made.vault.pixels = Pixels(40, 50, bytes(image.constBits()))
    return made


@pytest.fixture
def presenter(desk):
    return presenter_of(desk)


@pytest.fixture
def page(qtbot, presenter):
    made = QueuePage.__new__(QueuePage)
    toasts: list[str] = []
    commands = Commands()
    tools = PageTools(commands, presenter.jobs, lambda text, links: toasts.append(text), print)
    made = QueuePage(presenter, tools)
    made.commands, made.toasts = commands, toasts
    qtbot.addWidget(made)
    made.resize(1376, 840)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.enter()
    return made


# -- words


def test_emergent_comes_first_then_deadline(presenter):
    levels = [row.level for row in presenter.state.rows]
    assert levels == sorted(levels, reverse=True)
    routine = [r.row.deadline for r in presenter.state.rows if r.level is TriageLevel.ROUTINE]
    assert routine == sorted(routine)


def test_a_row_in_words(presenter):
    row = next(r for r in presenter.state.rows if r.id == "c00")
    assert (row.name, row.about) == ("HALVORSEN, Mia", "19y F")
    assert (row.waiting, row.left, row.late) == ("11\u00a0min", "4\u00a0min left", "")
    assert (row.request, row.stage, row.photos) == ("Isotretinoin", "month\u00a02", "6 of 8")
    assert "Positive pregnancy test" in row.spoken


@pytest.mark.parametrize(
    ("share", "late", "words"), [(0.74, "", "left"), (0.75, "soon", "left"), (1.01, "late", "late")]
)
def test_waiting_stands_out_at_75_percent_and_says_late_at_100(desk, share, late, words):
    target = timedelta(hours=100)
    row = made_up.rows()[9]
    sent = made_up.NOW - target * share
    desk.store.rows = (replace(row, submitted_at=sent, deadline=sent + target),)
    shown = presenter_of(desk).state.rows[0]
    assert shown.late == late and shown.left.endswith(words)


def test_an_expired_claim_is_not_mine(desk):
    row = replace(made_up.rows()[3], claimed_until=made_up.NOW - timedelta(minutes=1))
    desk.store.rows = (row,)
    assert not presenter_of(desk).state.rows[0].mine


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2026, 5, 22), "6m"),
        (date(2024, 11, 23), "23m"),
        (date(2009, 7, 22), "17y\u00a04m"),
        (date(2008, 11, 22), "18y"),
        (date(2003, 3, 14), "23y"),
    ],
)
def test_ages(born, words):
    assert wording.age(born, date(2026, 11, 22)) == words


def test_dates_numbers_and_identifiers():
    assert wording.day(date(2026, 11, 2)) == "02\u2011Nov\u20112026"
    assert wording.amount(0.5, "mg/kg") == "0.5\u00a0mg/kg"
    assert wording.number(30.0) == "30" and wording.number(7440) == "7,440"
    assert wording.groups_of_three("MK204817") == "MK204\u00a0817"
    assert wording.duration(timedelta(minutes=110)) == "1h\u00a050m"
    assert wording.duration(timedelta(hours=29)) == "1d\u00a05h"


def test_sentences_never_blame_and_always_say_what_to_do():
    for title, detail in message_words.MESSAGES.values():
        said = f"{title} {detail}".lower()
        assert str(title).endswith(".") and str(detail).endswith(".")
        assert not any(w in said for w in ("invalid", "illegal", "failed", "oops", "!", "error"))
    assert wording.message("consultation.held", detail="Anna Lee").title.startswith("Anna Lee")
    assert wording.message("nothing.known").detail


# -- behaviour


def test_nothing_moves_while_the_list_has_the_focus(presenter, desk):
    presenter.freeze(True)
    before = [row.id for row in presenter.state.rows]
    fresh = replace(made_up.rows()[1], id=ConsultationId("new"), deadline=made_up.NOW, family="Aa")
    desk.store.rows += (fresh,)
    presenter.poll()
    assert [row.id for row in presenter.state.rows] == before
    assert presenter.state.news == 1
    presenter.refresh()
    assert presenter.state.rows[0].id == "new" and presenter.state.news == 0


def test_news_shows_by_itself_when_the_list_loses_the_focus(presenter, desk):
    presenter.freeze(True)
    desk.store.rows += (replace(made_up.rows()[5], id=ConsultationId("new")),)
    presenter.arrived()
    presenter.freeze(False)
    assert any(row.id == "new" for row in presenter.state.rows)


def test_rows_are_brought_up_to_date_where_they_stand(presenter, desk):
    presenter.freeze(True)
    desk.store.rows = tuple(
        replace(r, claimed_by="u2", claimed_initials="AL") if r.id == "c05" else r
        for r in desk.store.rows
    )
    presenter.set_scope("all")
    presenter.freeze(True)
    desk.clock.at += timedelta(minutes=3)
    presenter.poll()
    assert next(r for r in presenter.state.rows if r.id == "c01").waiting == "6\u00a0min"


def test_the_selection_stays_on_its_consultation(presenter):
    presenter.select("c08")
    presenter.refresh()
    assert presenter.state.selected == "c08"


def test_a_selected_row_that_is_gone_hands_on_to_its_neighbour(presenter, desk):
    presenter.select("c08")
    at = presenter.state.index
    desk.store.rows = tuple(r for r in desk.store.rows if r.id != "c08")
    presenter.refresh()
    assert presenter.state.index == at


def test_the_preview_names_blockers_words_and_missing_photos(presenter):
    presenter.select("c03")
    preview = presenter.state.preview
    assert preview.findings[0][2] == "Second pregnancy test not recorded"
    assert preview.findings[-1][2] == "24 checks passed"
    assert (
        "In own words",
        "\u201cIt hurts and it scars. I stopped going out.\u201d",
    ) in preview.facts
    assert any("Shoulders" in sentence for _, _, sentence in preview.stands_out)


def test_filters_narrow_and_come_back(presenter):
    presenter.toggle_level(TriageLevel.PRIORITY)
    assert {r.level for r in presenter.state.rows} == {TriageLevel.PRIORITY}
    presenter.toggle_level(TriageLevel.PRIORITY)
    presenter.toggle_status(Status.WAITING_FOR_WORK_UP)
    assert [r.id for r in presenter.state.rows] == ["c13"]
    presenter.clear_filters()
    assert len(presenter.state.rows) == 15


def test_claiming_and_giving_back(presenter, monkeypatch):
    monkeypatch.setattr("workstation.workflow.work_up.given_back", lambda *_: None)
    presenter.select("c07")
    presenter.toggle_claim()
    assert presenter.state.rows[presenter.state.index].mine
    presenter.toggle_claim()
    assert not presenter.state.rows[presenter.state.index].mine


def test_a_consultation_that_somebody_holds_says_who(presenter):
    presenter.select("c00")
    presenter.toggle_claim()
    assert presenter.state.problem.title == "Anna Lee has this consultation open."


def test_the_emergent_strip_stays_whatever_the_list_is_narrowed_to(presenter):
    told = presenter.state.emergent
    presenter.search("nobody")
    assert presenter.state.rows == () and presenter.state.emergent == told
    presenter.search("")
    presenter.toggle_status(Status.AWAITING_PATIENT)
    assert all(row.level is not TriageLevel.EMERGENT for row in presenter.state.rows)
    assert presenter.state.emergent == told


def test_what_is_searched_for_is_selected_from_the_top(presenter):
    presenter.move_to(-1)
    presenter.search("a")
    assert len(presenter.state.rows) > 2 and presenter.state.index == 0
    presenter.move(1)
    presenter.refresh()
    assert presenter.state.index == 1, "what was chosen since stays chosen"
    kept = presenter.state.selected
    presenter.search("")
    assert presenter.state.selected == kept


def test_the_emergent_strip_offers_the_one_nobody_has(presenter):
    emergent = presenter.state.emergent
    assert emergent.first == "c01" and emergent.open_text == "Open Becker"
    assert "nobody has it open" in emergent.detail


# -- page


def test_keys_work_without_a_click(page, qtbot):
    listed = page.queueList
    assert listed.hasFocus()

    def state():
        return page._presenter.state

    qtbot.keyClick(listed, Qt.Key.Key_J)
    assert state().index == 1
    qtbot.keyClick(listed, Qt.Key.Key_K)
    assert state().index == 0
    qtbot.keyClick(listed, Qt.Key.Key_End)
    assert state().index == 14
    qtbot.keyClick(listed, Qt.Key.Key_Home)
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    assert state().index == 1
    with qtbot.waitSignal(page.open_wanted) as opened:
        qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert opened.args == ["c01"]
    qtbot.keyClick(listed, Qt.Key.Key_Slash)
    assert page.searchField.hasFocus()


def test_letters_in_the_search_field_search(page, qtbot):
    qtbot.keyClick(page.queueList, Qt.Key.Key_Slash)
    qtbot.keyClicks(page.searchField, "jc")
    assert page.searchField.text() == "jc"
    page.searchField.setText("kowal")
    qtbot.waitUntil(lambda: len(page._presenter.state.rows) == 1)
    qtbot.keyClick(page.searchField, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(page._presenter.state.rows) == 15)
    qtbot.keyClick(page.searchField, Qt.Key.Key_Escape)
    assert page.queueList.hasFocus()


def test_no_match_offers_to_clear_the_search(page, qtbot):
    page.searchField.setText("smtih")
    qtbot.waitUntil(lambda: page.listStack.currentIndex() == 1)
    empty = page.emptyHolder.findChild(EmptyState)
    said = [w.text() for w in empty.children() if hasattr(w, "text")]
    assert any("\u2018smtih\u2019" in text for text in said)
    assert any("no other list" in text for text in said) == (
        page._presenter.state.wanted.scope != "all"
    )


def test_space_peeks_and_escape_from_leaving_drops_the_picture(page, qtbot):
    page._presenter.select("c03")
    qtbot.keyPress(page.queueList, Qt.Key.Key_Space)
    assert page._peek.isVisible()
    qtbot.wait(300)
    qtbot.keyRelease(page.queueList, Qt.Key.Key_Space)
    assert not page._peek.isVisible()
    page.leave()
    assert page._faces._kept == {} and page._preview.photo.image is None


def test_hints_are_true_for_the_focused_area(page, qtbot):
    assert ("J K", "move") in page.key_hints()
    page._search.begin()
    assert ("Esc", "clear") in page.key_hints()
    assert ("J", "next") not in page.key_hints()


def test_open_next_takes_the_first_free_one(page, qtbot):
    with qtbot.waitSignal(page.open_wanted) as opened:
        page.activate_primary()
    assert opened.args == ["c01"]


@pytest.mark.parametrize(("mode", "scale"), [("light", 1.0), ("dark", 1.0), ("dark", 1.4)])
def test_every_size_theme_and_text_size_draws(page, mode, scale, qtbot):
    theme.set_mode(mode)
    theme.set_text_scale(scale)
    for size in ((1216, 750), (1376, 850), (2496, 1390)):
        page.resize(*size)
        qtbot.wait(1)
        picture = page.grab().toImage()
        assert picture.size().toTuple() == size
        ground, ink = (
            picture.pixelColor(at).lightness() for at in (QPoint(4, size[1] - 4), QPoint(4, 4))
        )
        assert (ground < 128, ink < 128) == (mode == "dark",) * 2
        placed = columns(page.queueList.width())
        ends = [column.x + column.width for column in placed.values()]
        assert list(placed) == [name for name in TITLES if name in placed]
        assert ends == sorted(ends)
        assert ends[-1] <= page.queueList.width()


def test_with_large_text_what_stands_out_has_room_before_severity(page):
    assert "severity" in columns(752)  # the least window, with its preview
    theme.set_text_scale(1.4)
    narrow, wide = columns(900), columns(1180)
    theme.set_text_scale(1.0)
    assert "severity" not in narrow and narrow["stands_out"].width > 150
    assert "severity" in wide


@pytest.mark.parametrize("width", [760, 1180])
def test_how_late_it_is_keeps_off_the_face(page, width, monkeypatch):
    english = columns(width)
    monkeypatch.setattr(language, "_words", {"{gap} late": "{gap} tarde"})
    placed = columns(width)
    assert placed["waiting"].width > english["waiting"].width
    for made, words in ((english, "late"), (placed, "tarde")):
        room = made["waiting"].width - 4  # as it is drawn: what does not fit is drawn smaller
        font = fitting(f"1h 19m {words}", theme.font("caption", 600), room)
        assert QFontMetricsF(font).horizontalAdvance(f"1h 19m {words}") <= room
        assert font.pixelSize() >= 11
        assert made["waiting"].x + room + 4 <= made["patient"].x
    assert placed["doctor"].x + placed["doctor"].width <= width


def test_fifteen_rows_fit_the_reference_window(page):
    page.resize(1376, 900 - 24 - 28)
    page.repaint()
    assert page.queueList.viewport().height() >= 15 * 47


def test_ten_thousand_rows_scroll_to_the_last(qtbot, desk):
    base = made_up.rows()[9]
    desk.store.rows = tuple(replace(base, id=ConsultationId(f"n{n}")) for n in range(10_000))
    presenter = presenter_of(desk)
    tools = PageTools(Commands(), presenter.jobs, lambda *_: None, print)
    page = QueuePage(presenter, tools)
    qtbot.addWidget(page)
    page.resize(1376, 840)
    page.show()
    page.enter()
    page.grab()
    listed = page.queueList
    listed.verticalScrollBar().setValue(listed.verticalScrollBar().maximum())
    listed.viewport().repaint()
    last = listed.indexAt(listed.viewport().rect().bottomLeft() - QPoint(-5, 5))
    assert last.row() == 9_999
    presenter.move_to(-1)
    assert presenter.state.selected == "n9999"


def test_nobody_is_shown_beside_another_row_when_the_next_preview_is_late(
    qtbot, page, presenter, monkeypatch
):
    presenter.select("c03")
    panel = page._preview
    assert panel._words.isVisible() and panel.photo.image is not None
    waiting = []
    monkeypatch.setattr(
        presenter.jobs, "submit", lambda work, done, *_: waiting.append((work, done))
    )
    presenter.select("c08")
    assert panel._words.isVisible()  # one that comes at once makes no flash of emptiness
    qtbot.waitUntil(lambda: not panel._words.isVisible(), timeout=60_000)
    assert panel.photo.image is None
    monkeypatch.undo()
    for work, done in waiting:
        done(work())
    assert panel._words.isVisible() and panel._shown.id == "c08"


def test_open_and_defer_stand_below_the_preview(page, presenter, monkeypatch):
    monkeypatch.setattr(queue_verbs.triage, "owes_contact", lambda *_: False)
    presenter.select("c03")
    preview = page._preview
    preview.resize(256, 700)
    preview.defer_button.show()
    preview.open_button.show()
    QApplication.processEvents()
    assert not preview.defer_button.geometry().intersects(preview.open_button.geometry())
    preview.defer_button.click()
    assert page.verbs.state.id == "c03" and page.verbs.state.days


def test_choosing_what_to_ask_keeps_the_keys_and_the_words_typed(page, presenter, monkeypatch):
    def text(language: str, views: tuple[tuple[str, str], ...]) -> str:
        return f"Dear ({language}),\n\nPlease send {len(views)}.\n\nCall 911.\n"

    asked = queue_verbs.Questions(SimpleNamespace(views=()), owes_contact=False, text=text)
    monkeypatch.setattr(queue_verbs.messages, "questions", lambda *_: asked)
    presenter.select("c03")
    page.verbs.ask()
    form = page.findChild(VerbForm)
    QTest.keyClicks(form.text, "Near a window. ")
    front = next(b for b in form.findChildren(Button) if b.accessibleName() == "Ask for Front")
    front.setFocus()
    QTest.keyClick(front, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is front and front.isChecked()
    assert "Near a window." in form.text.toPlainText()
    assert "Please send 1." in form.text.toPlainText()
    QTest.keyClick(front, Qt.Key.Key_Escape)
    assert page.verbs.state is None and page.queueList.hasFocus()


def test_a_request_that_asks_nothing_is_not_sent_and_its_keys_begin_where_it_asks(
    page, presenter, monkeypatch
):
    wanted = SimpleNamespace(views=(), facts=())
    asked = queue_verbs.Questions(wanted, owes_contact=False, text=lambda *_: "Dear patient,\n")
    monkeypatch.setattr(queue_verbs.messages, "questions", lambda *_: asked)
    sent: list[str] = []
    monkeypatch.setattr(
        queue_verbs.messages,
        "ask_patient",
        lambda *given: sent.append(given[-1].text) or SimpleNamespace(number="ME-1"),
    )
    presenter.select("c03")
    page.verbs.ask()
    page.verbs.send(page.verbs.state.text)
    assert sent == [] and page.verbs.state.problem == str(queue_verbs.NEEDS_REQUEST)
    # F6 comes to what is asked, and not to Close.
    seen = []
    page.queueList.setFocus()
    for _ in range(4):
        seen.append(QApplication.focusWidget())
        assert next_panel(page, seen[-1], forward=True)
    inside = [one for one in seen if page.form.isAncestorOf(one)]
    assert [one.accessibleName() for one in inside] == ["Ask for Front"]
    assert QApplication.focusWidget() is page.queueList and len({*seen}) == 4
    page.verbs.send("Please call us about your last photo.")
    assert sent == ["Please call us about your last photo.\n"]


def test_a_nurse_is_offered_what_a_nurse_may_do(desk, qtbot):
    presenter = presenter_of(desk)
    session = presenter.session
    presenter.session = replace(session, user=replace(session.user, role=Role.NURSE), key=None)
    toasts: list[str] = []
    commands = Commands()
    commands.refused.connect(toasts.append)
    page = QueuePage(presenter, PageTools(commands, presenter.jobs, lambda *_: None, print))
    qtbot.addWidget(page)
    page.resize(1376, 840)
    page.show()
    page.enter()
    preview = page._preview
    assert not page.openNextButton.isVisible()
    assert not preview.open_button.isVisible() and not preview.defer_button.isVisible()
    opened: list[str] = []
    page.open_wanted.connect(opened.append)
    reasons = {action.id: reason for action, reason in commands.available()}
    assert reasons["queue.ask"] == reasons["queue.contact"] == ""
    assert preview.contact_button.isVisible()
    for id in ("queue.open", "queue.claim", "queue.defer", "queue.level", "queue.second_read"):
        assert reasons[id] and not commands.trigger(id), id
    assert len(toasts) == 5 and opened == [] and page.verbs.state is None


def test_a_result_that_comes_in_is_said_beside_the_list_too(page, presenter, desk):
    calm = next(one for one in presenter.state.rows if one.level is TriageLevel.ROUTINE)
    presenter.select(calm.id)
    assert presenter.state.preview.level is TriageLevel.ROUTINE
    desk.store.rows = tuple(
        replace(one, level=TriageLevel.EMERGENT, flag_codes=("T-PREG",))
        if one.id == calm.id
        else one
        for one in desk.store.rows
    )
    presenter.load()
    assert presenter.state.selected == calm.id
    assert presenter.state.preview.level is TriageLevel.EMERGENT
