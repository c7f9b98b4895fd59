"""The Labs page: keys act on the table, the value stands in its band while typing, nothing is edited."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tests.ui.labs_world import NEW, Board, presenter, rows
from tests.ui.treat_pages import clipped, settle, unnamed
from workstation.domain.accounts import Role
from workstation.presenters import labs_wording as words
from workstation.presenters.labs import LabsPresenter
from workstation.ui.application import application
from workstation.ui.commands import Commands
from workstation.ui.labs.page import LabsPage
from workstation.ui.page import PageTools
from workstation.ui.theme import theme
from workstation.ui.widgets import unbroken
from workstation.workflow import results

_open: list[QWidget] = []


def shown(board: Board | None = None, size: tuple[int, int] = (1440, 900)) -> LabsPage:
    """The page in a window, entered."""
    application()
    made: LabsPresenter = presenter(board)
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(64, 0, 0, 28)
    tools = PageTools(Commands(window), made.jobs, lambda text, links: None, lambda id: None)
    page = LabsPage(made, tools, window)
    column.addWidget(page)
    window.resize(*size)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window, 2000)
    _open[:] = [window]
    page.enter()
    settle()
    return page


def press(key: Qt.Key) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key)
    settle()


def entry(page: LabsPage) -> Any:
    state = page._presenter.state.entry
    assert state is not None
    return state


def test_j_k_and_e_move_in_the_table_and_into_the_form(qtbot: Any) -> None:
    page = shown()
    assert entry(page).title == "DE SOUZA, Caio" and entry(page).is_unchanged
    press(Qt.Key.Key_J)
    press(Qt.Key.Key_J)
    assert entry(page).title == "DIALLO, Awa"
    press(Qt.Key.Key_K)
    assert entry(page).title == "KOWALCZYK, Piotr"
    press(Qt.Key.Key_E)
    assert QApplication.focusWidget() is page.entry.value
    press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.labsList


@pytest.mark.parametrize(
    ("value", "limit", "said"),
    [
        ("121", "40", "3.03\u00a0\u00d7"),
        ("120", "40", "3\u00a0\u00d7"),
        ("119.9", "40", "2.998\u00a0\u00d7"),
        ("130", "40", "3.3\u00a0\u00d7"),
        ("40.1", "40", "1.003\u00a0\u00d7"),
    ],
)
def test_a_rounded_figure_never_stands_on_the_other_side_of_its_limit(
    qtbot: Any, value: str, limit: str, said: str
) -> None:
    page = shown()
    page._presenter.select(2)
    settle()
    page.entry.value.setFocus()
    QTest.keyClicks(page.entry.value, value)
    QTest.keyClicks(page.entry.limit, limit)
    settle()
    assert f"ALT {said} limit, band " in entry(page).because
    assert entry(page).needle_text == said


@pytest.mark.parametrize(
    ("value", "limit", "kind", "said"),
    [
        ("40", "40", "ok", "Go on"),
        ("40.1", "40", "warn", "Same dose; repeat in 4 weeks"),
        ("121", "40", "danger", "Hold; repeat in 1 to 2 weeks; look for a cause"),
        ("121", "", "warn", str(words.LIMIT_MISSING)),
    ],
)
def test_the_band_is_said_while_typing(
    qtbot: Any, value: str, limit: str, kind: str, said: str
) -> None:
    page = shown()
    page._presenter.select(2)
    settle()
    page.entry.value.setFocus()
    QTest.keyClicks(page.entry.value, value)
    if limit:
        QTest.keyClicks(page.entry.limit, limit)
    settle()
    state = entry(page)
    assert (state.kind, state.verdict) == (kind, said)
    assert (state.needle is None) is (not limit)
    assert said in page.entry.card.accessibleName()
    assert page._presenter.save_refusal() == str(words.DAY_MISSING)  # and saving waits for the day


def test_the_needle_lies_in_the_band_that_acts() -> None:
    made = presenter()
    made.load()
    made.select(2)
    for value, band in (
        ("39", 0),
        ("40", 0),
        ("41", 1),
        ("80", 1),
        ("81", 2),
        ("121", 3),
        ("201", 4),
    ):
        made.type("value", value)
        made.type("limit", "40")
        state = made.state.entry
        assert state is not None and state.needle is not None
        place = state.needle * len(state.segments)
        assert band <= place <= band + 1, (value, place)


def test_units_are_converted_before_anything_is_concluded() -> None:
    made = presenter()
    made.load()
    made.select(1)
    made.type("test", "tg")
    made.type("fasting", "yes")
    assert made.state.entry is not None and made.state.entry.units == ("mg/dL", "mmol/L")
    made.type("unit", "mmol/L")
    made.type("value", "5.7")  # 504.8 mg/dL
    assert made.state.entry.verdict.startswith("Halve or hold")
    made.type("fasting", "no")
    made.type("value", "1.2")
    assert made.state.entry.verdict == str(words.NOT_PREPARED)


def test_an_unchanged_result_is_marked_read_and_a_changed_one_is_a_new_entry(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown()
    done: list[Any] = []
    monkeypatch.setattr(results, "mark_read", lambda *given: done.append(given[2:]))

    def keep(desk: Any, session: Any, patient: Any, result: Any) -> results.Recorded:
        done.append(result)
        return results.Recorded(result.id, None)

    monkeypatch.setattr(results, "record", keep)
    page.activate_primary()
    assert done == [("p1", NEW.id)]
    page._presenter.select(1)
    page._presenter.select(0)
    page._presenter.type("value", "69")
    settle()
    assert page.entry.save.text() == "Save correction and read"
    page.activate_primary()
    corrected = done[-1]
    assert corrected.corrects == NEW.id and corrected.id != NEW.id
    assert (str(corrected.value), corrected.collected) == ("69", NEW.collected)


@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)])
def test_nothing_is_cut_and_everything_has_a_name(qtbot: Any, size: tuple[int, int]) -> None:
    theme.set_text_scale(1.4 if size[0] == 2560 else 1.0)
    try:
        page = shown(size=size)
        assert clipped(page) == [] and unnamed(page) == []
    finally:
        theme.set_text_scale(1.0)


def test_ten_thousand_rows_are_worded_only_when_they_are_shown(qtbot: Any) -> None:
    many = tuple(
        replace(one, patient=type(one.patient)(f"{one.patient}-{n}"))
        for n in range(834)
        for one in rows()
    )
    page = shown(Board(all_rows=many))
    assert page._model.rowCount() == len(many) > 10_000
    assert len(page._presenter._views) < 200
    page._presenter.move_to(-1)
    settle()
    assert page.labsList.currentIndex().row() == len(many) - 1
    assert len(page._presenter._views) < 400


def test_what_was_saved_is_told_by_name_beside_no_other_person_and_the_keys_stay_in_the_table(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown()
    said: list[str] = []
    page._tools = replace(page._tools, toast=lambda text, links: said.append(text))
    board = page._presenter.desk.store
    noor = next(n for n, one in enumerate(board.all_rows) if one.family == "Al-Hashimi")

    def keep(desk: Any, session: Any, patient: Any, result: Any) -> results.Recorded:
        board.all_rows = (*board.all_rows[:noor], *board.all_rows[noor + 1 :])  # no longer due
        return results.Recorded(result.id, None)

    monkeypatch.setattr(results, "record", keep)
    page._presenter.select(noor)
    page.entry.focus_value()
    for field, text in (
        ("value", "negative"),
        ("drawn", "22-Nov-2026"),
        ("setting", "medical"),
    ):
        page._presenter.type(field, text)
    settle()
    assert page.entry.isAncestorOf(QApplication.focusWidget()), page._presenter.save_refusal()
    page.activate_primary()
    settle()
    assert said == ["AL-HASHIMI, Noor: Pregnancy test, negative. Saved."]
    assert entry(page).title != "AL-HASHIMI, Noor"
    assert page.entry.problem.text() == ""
    assert QApplication.focusWidget() is page.labsList


def test_a_time_is_taken_with_or_without_its_colon_and_never_guessed() -> None:
    made = presenter()
    made.load()
    made.select(5)
    for field, text in (("value", "negative"), ("drawn", "22-Nov-2026"), ("setting", "medical")):
        made.type(field, text)
    for text, refused in (
        ("08:15", False), ("8:15", False), ("0815", False), ("2359", False), ("", False),
        ("815", True), ("123", True), ("2460", True), ("08:60", True),
    ):  # fmt: skip
        made.type("time", text)
        assert (made.save_refusal() == str(words.TIME_WRONG)) is refused, text


def test_tab_goes_from_the_filters_to_the_head_the_table_and_the_form(qtbot: Any) -> None:
    page = shown()
    page.labsList.setFocus()
    went: list[QWidget] = []
    for _ in range(40):
        at = QApplication.focusWidget()
        assert at is not None
        went.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is page.labsList:
            break
    after = [one for one in went if page.entryFrame.isAncestorOf(one)]
    head = went[-2:]
    assert went[1 : 1 + len(after)] == after and after
    assert head == [page.searchField, page.calendar]


def test_a_calendar_file_is_offered_for_a_chosen_row_and_a_role_that_hands_out(qtbot: Any) -> None:
    page = shown()
    assert page.calendar.isEnabled() and "plan" in page.calendar.toolTip()
    page._presenter.select(-1)
    assert not page.calendar.isEnabled()
    assert page.calendar.toolTip() == "Nothing is selected."
    page._presenter.session = replace(
        page._presenter.session, user=replace(page._presenter.session.user, role=Role.AUDITOR)
    )
    page._presenter.move(1)
    assert not page.calendar.isEnabled()
    assert page.calendar.toolTip().startswith("Your role hands out no documents.")


@pytest.mark.parametrize(
    ("role", "saves", "verb"),
    [
        (Role.DERMATOLOGIST, "save and read", "Save and read"),
        (Role.NURSE, "save the result", "Save result"),
        (Role.AUDITOR, "", ""),
    ],
)
def test_keys_and_verb_say_what_saving_does_for_this_role(
    qtbot: Any, role: Role, saves: str, verb: str
) -> None:
    page = shown()
    user = replace(page._presenter.session.user, role=role)
    page._presenter.session = replace(page._presenter.session, user=user)
    page._presenter.select(6)  # a test that is due
    said = dict(page.key_hints())
    assert said.get("Ctrl \u21b5", "") == saves and ("E" in said) is bool(saves)
    assert page.entry.save.isVisible() is bool(verb)
    if verb:
        assert page.entry.save.text() == verb


class _Written:
    """What a row writes, instead of a picture."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def setFont(self, font: Any) -> None: ...

    def setPen(self, pen: Any) -> None: ...

    def drawText(self, at: Any, line: str) -> None:
        self.lines.append(line)


def test_what_stands_below_the_tests_is_never_cut(qtbot: Any) -> None:
    row, pen = shown().labsList.itemDelegate(), _Written()
    said = "96\u00a0U/L \u00b7 reducir la dosis y repetir en 2 semanas"
    row._below(pen, QRectF(0, 0, 86, 90), said)
    assert " ".join(line.strip() for line in pen.lines) == unbroken(said)
