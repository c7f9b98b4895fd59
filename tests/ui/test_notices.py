"""Notices outside the window: for what is new and pressing, without a name, without the focus."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from tests.inline_jobs import InlineJobs
from tests.ui import made_up
from tests.ui.desk_of_pages import desk_of, settle
from workstation.domain.consultation import RequestKind
from workstation.domain.ids import ConsultationId
from workstation.domain.triage import TriageLevel
from workstation.presenters.notices import DesktopNotice, NoticesPresenter
from workstation.presenters.queue import QueuePresenter
from workstation.ui.application import application
from workstation.ui.notices import DesktopNotices

ROUTINE = next(r for r in made_up.rows() if r.level == TriageLevel.ROUTINE)


@pytest.fixture
def told(qtbot: object) -> Any:
    application()
    desk = made_up.SmallDesk()
    queue = QueuePresenter(desk, made_up.session(), InlineJobs(), lambda *_: made_up.evaluation())
    found: list[DesktopNotice] = []
    presenter = NoticesPresenter(queue)
    presenter.told.subscribe(found.append)
    queue.load()
    return desk, queue, presenter, found


def come(desk: Any, **changes: Any) -> None:
    new = replace(ROUTINE, id=ConsultationId(f"n{len(desk.store.rows)}"), **changes)
    desk.store.rows = (*desk.store.rows, new)


def test_what_waited_at_sign_in_and_what_is_routine_is_not_told(told: Any) -> None:
    desk, queue, _, found = told
    come(desk)
    queue.poll()
    assert found == []


@pytest.mark.parametrize(
    ("changes", "said", "pressing"),
    [
        ({"level": 3}, "emergent", True),
        ({"level": 2}, "urgent", True),
        ({"request": RequestKind.RESULT}, "result", False),
    ],
)
def test_a_red_flag_and_a_result_are_told_once_and_name_nobody(
    told: Any, changes: dict[str, Any], said: str, pressing: bool
) -> None:
    desk, queue, _, found = told
    queue.freeze(True)  # the list has the focus: nothing moves, and yet it is told
    come(desk, **changes)
    queue.poll()
    queue.poll()
    assert len(found) == 1
    assert said in found[0].title and found[0].pressing is pressing
    words = f"{found[0].title} {found[0].detail}".casefold()
    for row in desk.store.rows:
        assert row.family.casefold() not in words and row.external_id.casefold() not in words


def test_a_level_that_rises_is_told(told: Any) -> None:
    desk, queue, _, found = told
    desk.store.rows = tuple(
        replace(r, level=3) if r.id == ROUTINE.id else r for r in desk.store.rows
    )
    queue.poll()
    assert [one.pressing for one in found] == [True]


def test_of_what_is_open_here_it_is_told_that_it_changed_and_not_that_one_waits(told: Any) -> None:
    desk, queue, _, _ = told
    found: list[DesktopNotice] = []
    here = NoticesPresenter(queue, lambda: ROUTINE.id)
    here.told.subscribe(found.append)
    queue.poll()
    desk.store.rows = tuple(
        replace(r, level=3) if r.id == ROUTINE.id else r for r in desk.store.rows
    )
    queue.poll()
    assert [(one.title, one.here) for one in found] == [
        ("This consultation is emergent now: contact first.", True)
    ]
    come(desk, level=2)
    queue.poll()
    assert found[-1].title == "An urgent consultation is in the queue." and not found[-1].here


def test_no_notice_takes_the_focus_and_none_shows_over_the_active_window(
    told: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, presenter, _ = told
    window = QWidget()
    qtbot.addWidget(window)
    field = QLineEdit()
    QVBoxLayout(window).addWidget(field)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    notices = DesktopNotices(window, presenter)
    other = QWidget()
    qtbot.addWidget(other)
    notice = DesktopNotice("An emergent consultation is in the queue.", "Open it.", True)
    notices.show_notice(notice)
    assert field.hasFocus()
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    notices.show_notice(notice)
    qtbot.wait(20)
    assert other.isActiveWindow() and not window.isActiveWindow()
    notices.end()


def test_over_another_page_than_the_queue_it_is_told_and_the_focus_stays(
    told: Any, qtbot: Any
) -> None:
    _, _, presenter, _ = told
    with desk_of("marsh-elena") as (window, shell, _):
        window.shell = shell
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        notices = DesktopNotices(window, presenter)
        notice = DesktopNotice("An emergent consultation is in the queue.", "Open it.", True)
        shell.go("queue")
        notices.show_notice(notice)
        assert shell.toasts.text == "", "the queue says it itself"
        shell.go("assess")
        settle()
        focused = QApplication.focusWidget()
        notices.show_notice(notice)
        settle()
        assert shell.toasts.text == notice.title and QApplication.focusWidget() is focused
        shell.go("queue")
        settle()
        assert shell.toasts.text == "", "at the queue it has nothing more to say"
        notices.end()


@pytest.mark.parametrize("pressing", [True, False])
def test_what_came_while_another_window_was_worked_in_waits_over_the_page(
    told: Any, qtbot: Any, pressing: bool
) -> None:
    _, _, presenter, _ = told
    with desk_of("marsh-elena") as (window, shell, _):
        window.shell = shell
        shell.go("treat")
        settle()
        other = QWidget()
        qtbot.addWidget(other)
        other.show()
        other.activateWindow()
        qtbot.waitUntil(other.isActiveWindow)
        notices = DesktopNotices(window, presenter)
        notice = DesktopNotice("A result needs to be read.", "Open it.", pressing)
        notices.show_notice(notice)
        settle()
        assert other.isActiveWindow() and shell.toasts.text == notice.title
        toast = shell.toasts._toast
        assert toast is not None and not toast.timer.isActive(), "it waits"
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        assert shell.toasts.text == notice.title
        notices.end()
