"""A long list draws a few new rows a turn, from above to below, and in the end all that are in sight."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from workstation.ui.application import application
from workstation.ui.widgets.rows import AT_ONCE, ROW, RowDelegate, RowsList, RowsModel


@dataclass(frozen=True)
class Row:
    number: int

    @property
    def spoken(self) -> str:
        return str(self.number)


class Noting(RowDelegate):
    """Notes which rows were drawn."""

    def __init__(self, parent):
        super().__init__(parent, lambda width: {})
        self.drawn: list[int] = []

    def draw(self, painter, row, columns, height):
        self.drawn.append(row.number)

    def take(self):
        taken, self.drawn = self.drawn, []
        return taken


@pytest.fixture
def listed(qtbot):
    application()
    view = RowsList()
    qtbot.addWidget(view)
    model = RowsModel(view, key=lambda row: row.number)
    view.setModel(model)
    view.noting = Noting(view)
    view.setItemDelegate(view.noting)
    view.resize(400, ROW * 9)
    view.show()
    assert QTest.qWaitForWindowExposed(view)
    return view


def show_rows(view):
    view.model().show_rows(tuple(Row(n) for n in range(60)))


def turns(view):
    """Rows drawn in each turn until none is drawn."""
    found, quiet = [], 0
    while quiet < 3:
        QApplication.processEvents()
        time.sleep(0.006)  # longer than the window waits before it paints
        taken = view.noting.take()
        quiet = quiet + 1 if not taken and not view._rest.isActive() else 0
        found.append(taken)
    return found


def test_few_rows_a_turn_until_all_in_sight_are_drawn(listed):
    show_rows(listed)
    found = turns(listed)
    met = [n for drawn in found for n in drawn]
    assert set(range(9)) <= set(met) <= set(range(13))
    assert met[:AT_ONCE] == list(range(AT_ONCE))
    assert len([drawn for drawn in found if drawn]) >= 3
    listed.viewport().update()
    QApplication.processEvents()
    assert set(listed.noting.take()) >= set(range(9))  # none of them new: all at once


def test_other_rows_in_the_middle_of_a_long_list_are_drawn_from_where_it_stands(listed):
    show_rows(listed)
    turns(listed)
    listed.scrollTo(listed.model().index(59, 0))
    turns(listed)
    listed.reset()
    assert listed.is_to_come(59)
    assert {58, 59} <= {n for drawn in turns(listed) for n in drawn}
    assert not listed.is_to_come(59)


def test_who_scrolls_meanwhile_sees_the_rows_there(listed):
    show_rows(listed)
    QApplication.processEvents()
    listed.scrollTo(listed.model().index(40, 0))
    assert set(range(33, 41)) <= {n for drawn in turns(listed) for n in drawn}
    assert not listed.is_to_come(59)


def test_a_key_meanwhile_moves_and_what_it_moves_to_is_drawn(listed):
    show_rows(listed)
    listed.follow(7)
    listed.setFocus()
    QTest.keyClick(listed, Qt.Key.Key_Down)
    assert listed.currentIndex().row() == 8
    assert {7, 8} <= {n for drawn in turns(listed) for n in drawn}


def test_rows_that_changed_are_drawn_anew_a_few_a_turn_and_no_others(listed):
    show_rows(listed)
    turns(listed)
    again = {1, 2, 3, 5, 6, 7, 50}
    listed.model().show_rows(
        tuple(Row(n) if n in again else row for n, row in enumerate(listed.model()._rows))
    )
    found = [drawn for drawn in turns(listed) if drawn]
    assert all(len(drawn) <= AT_ONCE for drawn in found)
    assert again - {50} <= {n for drawn in found for n in drawn} <= set(range(9))
    listed.scrollTo(listed.model().index(50, 0))
    assert 50 in {n for drawn in turns(listed) for n in drawn}


def test_an_empty_list_comes_to_rest(listed):
    show_rows(listed)
    listed.model().show_rows(())
    turns(listed)
    assert not listed._rest.isActive()
