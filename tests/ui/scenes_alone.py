"""Pages that need no open consultation: the doors, the first run, Labs, Records, Help and Settings."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QVBoxLayout, QWidget

from tests.inline_jobs import InlineJobs
from tests.opened import wait_until_open
from tests.ui import labs_world, made_up, records_world, settings_world
from tests.ui.desk_of_pages import settle
from tests.ui.desktop import small_window
from tests.ui.scenes import Scene, View, gone
from tests.ui.treat_world import world
from workstation import language
from workstation.content.comparison import Turn
from workstation.domain.pixels import Pixels
from workstation.language import pairs, tr
from workstation.presenters import records_wording, settings_compare, wording
from workstation.presenters.settings_compare import ComparisonState
from workstation.presenters.sign import SignPresenter
from workstation.presenters.treat import TreatPresenter
from workstation.ui import actions
from workstation.ui import language as screen
from workstation.ui.application import application
from workstation.ui.commands import Commands
from workstation.ui.correct_dialog import CorrectDialog
from workstation.ui.help.page import HelpPage
from workstation.ui.labs.page import LabsPage
from workstation.ui.page import PageTools
from workstation.ui.settings.account import _AccountForm
from workstation.ui.theme import theme
from workstation.ui.widgets.focus import FocusRing
from workstation.ui.window import Window


@contextmanager
def doors() -> Iterator[Scene]:
    """Sign-in and lock."""
    desk = made_up.SmallDesk()
    window = small_window(desk)
    window.show()
    settle()

    def locked() -> QWidget:
        if window.shell is None:
            window.sign_in("r.kessler", made_up.OnePassword.password)
            while window.shell is None or window.jobs.busy:
                QApplication.processEvents()
        window.lock("idle")
        settle()
        return window

    def sign_in() -> QWidget:
        if window.shell is not None:
            window.sign_out()
        settle()
        return window

    def refused() -> QWidget:
        window.sign_in_page.show_problem(wording.message("session.password.wrong"))
        settle()
        return window

    try:
        yield Scene(
            window, (View("sign-in", sign_in), View("refused", refused), View("lock", locked))
        )
    finally:
        window.close()
        gone(window)


@contextmanager
def first_run() -> Iterator[Scene]:
    """The six steps of a new clinic."""
    window = small_window(made_up.SmallDesk(), exists=False)
    window.show()
    settle()
    page = window.setup_page

    def step(number: int) -> Callable[[], QWidget]:
        def show() -> QWidget:
            page.go(number)
            settle()
            return window

        return show

    def key() -> QWidget:
        page.show_key("7QKD-M2XV-9RTB-4HWN-C8PF-3LZG-J6YS-5DAE")
        settle()
        return window

    try:
        yield Scene(
            window,
            (*(View(f"step-{n + 1}", step(n)) for n in range(5)), View("recovery-key", key)),
        )
    finally:
        window.close()
        gone(window)


def _tools(window: QWidget) -> PageTools:
    return PageTools(Commands(window), InlineJobs(), lambda *_: None, lambda _: None)


@contextmanager
def alone(make: Callable[[PageTools, QWidget], QWidget]) -> Iterator[tuple[QMainWindow, Any]]:
    """A page in a window of its own, where the rail would be left free."""
    application()
    window = QMainWindow()
    inside = QWidget()
    inside.setObjectName("page")
    page = make(_tools(window), window)
    rows = QVBoxLayout(inside)
    rows.setContentsMargins(64, 0, 0, 28)
    rows.addWidget(page)
    window.setCentralWidget(inside)
    FocusRing(window)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window, 2000)
    page.enter()
    settle()
    try:
        yield window, page
    finally:
        page.leave()
        window.close()
        gone(window)


@contextmanager
def labs() -> Iterator[Scene]:
    """The board, a result being typed, and nothing found."""
    presenter = labs_world.presenter()
    with alone(lambda tools, _: LabsPage(presenter, tools)) as (window, page):

        def board() -> QWidget:
            presenter.search("")
            presenter.select(0)
            page.labsList.setFocus()
            settle()
            return window

        def typed() -> QWidget:
            presenter.search("")
            presenter.select(2)
            settle()
            presenter.type("value", "121")
            presenter.type("limit", "40")
            settle()
            return window

        def nothing() -> QWidget:
            presenter.search("nobody")
            settle()
            return window

        yield Scene(window, (View("board", board), View("result", typed), View("nothing", nothing)))


@cache
def first_page() -> Pixels:
    """A real prescription's page, as it is drawn beside the list."""
    made = world("marsh-elena")
    TreatPresenter(made.case).enter()
    sign = SignPresenter(made.case)
    sign.enter()
    assert sign.state is not None
    return sign.state.documents[0].pages[0]


@contextmanager
def records() -> Iterator[Scene]:
    """Documents in every state, the trail, and the dialogs of a correction."""
    drawn = first_page()
    with records_world.page(alone) as (window, page, shown):
        for name, it in shown.items():
            if it.detail is not None:
                shown[name] = replace(it, detail=replace(it.detail, page=drawn))

        def state(name: str) -> Callable[[], QWidget]:
            def show() -> QWidget:
                page.show_state(shown[name])
                page.lists[1 if name == "trail" else 0].setFocus()
                settle()
                return window

            return show

        def void() -> QWidget:
            dialog = CorrectDialog(
                page,
                title="Make RX\u20112026\u20110019 void?",
                text="Prescription of 22\u2011Nov\u20112026. A void notice is signed with your "
                "PIN; the document stays readable and is marked void. This cannot be undone.",
                reasons=dict(pairs(records_wording.VOID_REASONS.items())),
                do="Make void",
                keep="Keep",
                with_pin=True,
                run=lambda *_: None,
            )
            dialog.open()
            settle()
            return dialog

        def person(**changes: object) -> Callable[[], QWidget]:
            def show() -> QWidget:
                return shown_dialog(records_world.person_window(page, **changes))

            return show

        def shown_dialog(dialog: QWidget) -> QWidget:
            settle()
            settle()
            return dialog

        names = ("current", "void", "changed", "trail", "empty")
        yield Scene(
            window,
            (
                *(View(n, state(n)) for n in names),
                View("void-dialog", void),
                View("person", person()),
                View("person-copied", person(about="copy", result="2 consultations written.")),
                View("person-copying", person(busy="copy", progress=(4, 12))),
                View("person-refused", person(may_erase=False, may_copy=False)),
                View("person-open", person(open="1 consultation is not closed.")),
                View("colleagues", lambda: shown_dialog(records_world.colleagues_window(page))),
                View("emergency", lambda: shown_dialog(records_world.emergency_window(page))),
                View("clock", lambda: shown_dialog(records_world.clock_window(page))),
                View("explained", lambda: shown_dialog(records_world.explained_window(page))),
            ),
        )


@contextmanager
def guide() -> Iterator[Scene]:
    """Help: the guide, and words found in it."""
    with alone(lambda tools, _: HelpPage(tools)) as (window, page):

        def show(words: str) -> Callable[[], QWidget]:
            def shown() -> QWidget:
                page.field.setText(words)
                settle()
                return window

            return shown

        yield Scene(window, (View("guide", show("")), View("found", show("capsules mg/kg"))))


SETTINGS = (
    "account",
    "signing",
    "display",
    "keys",
    "photos",
    "severity",
    "rules",
    "prescribing",
    "lock",
    "records",
    "about",
)


def _choose(window: Window, name: str, content: str) -> None:
    """Change a setting of the user as the pages do."""
    assert window._desktop is not None and window._desktop.settings is not None
    window._desktop.settings.change(name, content)
    settings_world.settle(window)


def compared() -> ComparisonState:
    """Two editions beside each other; made up, so that no edition of the content changes it."""
    said = (
        ("added", "ISO-STER", "rules/isotretinoin.toml", "rule", "", "Systemic steroids taken now"),
        ("changed", "ISO-DOSE", "rules/isotretinoin.toml", "level", "WARN", "OVERRIDE"),
        ("changed", "isotretinoin", "formulary/isotretinoin.toml", "max_supply_days", "30", "28"),
        ("changed", "alt", "monitoring/thresholds.toml", "hold", "3 \u00d7 limit", "2.5 \u00d7 limit"),
        ("removed", "MOX-TIME", "rules/minoxidil.toml", "rule", "Minoxidil less than 4 hours apart", ""),
    )  # fmt: skip
    rows = []
    for turn, entry, file, field, before, after in said:
        words, icon, role = settings_compare.TURNS[Turn(turn)]
        rows.append(
            settings_compare.ChangeRow(
                turn, tr(words), icon, role, entry, file, field, before, after,
                "Isotretinoin label, section 5.2 \u00b7 read",
            )
        )  # fmt: skip
    return ComparisonState(
        tr("From {older} to {newer}", older="2026.08+41D07A22", newer="2026.11+9C1E55B0"),
        settings_compare._counted(tuple(rows)),
        tuple(rows),
    )


@contextmanager
def settings() -> Iterator[Scene]:
    """Every page of Settings, on a real store."""
    from desk_on_screen import ClockedDoors  # a room of the journeys

    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "records"
        settings_world.make_store(store)
        window = Window(ClockedDoors(store, demo=True))
        window.fixed_mode = theme.mode
        text = theme.text_scale
        screen.keep(language.chosen())  # what this computer speaks, and so who chose nothing
        window.sign_in(settings_world.USER.login, settings_world.showcase.PASSWORD)
        window.show()
        wait_until_open(window)
        settings_world.settle(window)
        _choose(window, "display.text_size", str(round(text * 100)))
        try:
            shell: Any = window.shell

            def page(id: str) -> Callable[[], QWidget]:
                def show() -> QWidget:
                    shell.go("settings")
                    shell.page("settings").show_page(id)
                    settings_world.settle(window)
                    # What is another on each computer, or with each change of the content.
                    shell.statusLine.show_edition("2026.11")
                    for words in window.findChildren(QLabel):
                        if str(store) in words.text():
                            words.setText("/srv/clinic/records")
                    return window

                return show

            def account_form() -> QWidget:
                page("account")()
                form = shell.page("settings").findChild(_AccountForm)
                form.begin(settings_world.USER)
                form.submit()  # without the password that it asks for
                settings_world.settle(window)
                area = shell.page("settings").stack.currentWidget()
                area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
                settings_world.settle(window)
                return window

            def comparison() -> QWidget:
                page("rules")()
                shell.page("settings").stack.currentWidget()._comparing._put(compared())
                settings_world.settle(window)
                return window

            views = (
                *(View(id, page(id)) for id in SETTINGS),
                View("account-form", account_form),
                View("comparison", comparison),
            )
            yield Scene(window, views)
        finally:
            window.close()
            gone(window)
            actions.use_own_keys({})
            QSettings().remove(screen.KEPT)
