"""The photos on a second screen: who they are of, keys, lock, closing, unplugging, the next patient.

One screen stands for two here; the last test runs all of this again on two.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui import made_up
from tests.ui.desk_of_pages import desk_of, settle
from tests.ui.desktop import small_window
from workstation.presenters.second_words import ONE_SCREEN, UNPLUGGED
from workstation.ui.second import places
from workstation.ui.second.screen import SecondScreen
from workstation.ui.second.window import IdentityBar
from workstation.ui.shell import Shell

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def _two_screens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    QApplication.setOrganizationName("test")
    QSettings.setPath(
        QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings")
    )
    if len(QGuiApplication.screens()) == 1:
        monkeypatch.setattr(SecondScreen, "_other", lambda _: QGuiApplication.primaryScreen())


@pytest.fixture(scope="module")
def desk(qapp: QApplication) -> Iterator[Shell]:
    with desk_of("marsh-elena") as (_, shell, made):
        shell.setProperty("consultation", made.id)
        yield shell


@pytest.fixture
def shell(desk: Shell) -> Iterator[Shell]:
    """The desk with the consultation open on Assess, all in one window."""
    if desk._case.state is None:
        desk._case.open(desk.property("consultation"))
    desk.go("assess")
    desk.window().activateWindow()
    desk.page("assess").canvas.setFocus()
    settle()
    yield desk
    desk.second.end()
    desk.resume()


def press(shell: Shell, key: Qt.Key = Qt.Key.Key_M, more: Qt.KeyboardModifier = SHIFT) -> None:
    QTest.keyClick(shell.page("assess").canvas, key, CONTROL | more)
    settle()


def test_photos_tools_and_keys_move_and_come_back(shell: Shell) -> None:
    page = shell.page("assess")
    widths = page.splitter.sizes()
    press(shell)
    window = shell.second.window
    assert window is not None and page.canvas.window() is window and page.canvas.isVisible()
    assert window.shown == "photos" and page.canvas.hasFocus()
    assert page.panel.window() is shell.window()
    QTest.keyClick(page.canvas, Qt.Key.Key_3)
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=page.canvas.rect().center())
    assert len(page.presenter.case.state.draft.annotations) == 1
    assert page.presenter.state.rubric.table.counted[0] == 1
    press(shell, Qt.Key.Key_Z, Qt.KeyboardModifier.NoModifier)  # undo, an action of the main window
    assert not page.presenter.case.state.draft.annotations
    press(shell)
    assert shell.second.window is None
    assert page.canvas.window() is shell.window() and page.canvas.isVisible()
    assert page.splitter.sizes() == widths and page.canvas.hasFocus()


def test_the_window_names_patient_and_photo_and_its_title_nobody(shell: Shell) -> None:
    press(shell)
    window, page = shell.second.window, shell.page("assess")
    assert window is not None
    bar, banner = window.identity, shell._banner.state
    assert [text for text, _ in bar.parts()] == [
        banner.name,
        f"Born {banner.born}",
        f"ID {banner.identifier}",
    ]
    assert bar.caption.startswith("Front \u00b7 taken 20")
    page.presenter.step_photo(1)
    assert bar.caption.startswith("Left 45\u00b0")
    assert window.windowTitle() == "Dermatology Workstation"
    assert bar.height() >= 32 and banner.name in bar.accessibleDescription()


def test_a_long_name_keeps_its_family_name(shell: Shell) -> None:
    family = "QUARTERMAINEHOLLOWBRIDGEFEATHERSTONEWICK"
    bar = IdentityBar()
    bar.show_banner(replace(shell._banner.state, name=f"{family}, Rosalind"))
    for width, whole in ((1200, True), (620, False), (500, False)):
        bar.resize(width, 32)
        name = bar.parts()[0][0]
        assert name.startswith(family) and name.endswith("Rosalind") == whole, width


def test_photos_stay_beside_treat_and_leave_with_the_consultation(shell: Shell) -> None:
    press(shell)
    window, page = shell.second.window, shell.page("assess")
    assert window is not None
    press(shell, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert shell.current == "treat" and QApplication.activeWindow() is shell.window()
    assert window.shown == "photos" and page.canvas.pyramid is not None
    shell.go("queue")
    assert window.shown == "nobody" and page.canvas.pyramid is None
    shell.go("assess")
    settle()
    assert window.shown == "photos" and page.canvas.pyramid is not None
    assert QApplication.activeWindow() is window
    shell._case.close()
    settle()
    assert shell.current == "queue"
    assert window.shown == "nobody" and window.identity.parts() == ()
    assert page.canvas.pyramid is None and page.feed.pictures.held == 0


def test_no_frame_shows_a_photo_beside_another_name(shell: Shell) -> None:
    press(shell)
    window, page, case = shell.second.window, shell.page("assess"), shell._case
    assert window is not None
    frames: list[tuple[bool, bool]] = []

    class Looking(QObject):
        def eventFilter(self, _: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and window.shown == "photos":
                frames.append((bool(window.identity.parts()), page.canvas._photo is not None))
            return False

    looking = Looking()
    for part in (window.identity, page.canvas):
        part.installEventFilter(looking)
    again = case.state.consultation.id
    case.close()
    window.repaint()
    assert window.shown == "nobody" and not frames
    case.open(again)
    window.repaint()
    settle()
    assert window.shown == "photos" and frames and set(frames) == {(True, True)}
    for looked_at in (window.identity, page.canvas):
        looked_at.removeEventFilter(looking)


def test_the_lock_covers_at_once_and_nothing_stays_decoded(shell: Shell) -> None:
    press(shell)
    window, page = shell.second.window, shell.page("assess")
    assert window is not None
    for step in ("assess", "treat"):
        shell.go(step)
        shell.second.cover(True)
        settle()
        assert window.shown == "locked" and not page.canvas.isVisible()
        assert QApplication.activeWindow() is shell.window()
        shell.suspend()
        assert page.canvas.pyramid is None and page.feed.pictures.held == 0
        shell.second.cover(False)
        shell.resume()
        assert window.shown == "photos" and page.canvas.pyramid is not None


def test_the_real_lock_and_signing_out_reach_the_window(qapp: QApplication) -> None:
    main = small_window(made_up.SmallDesk())
    main.show()
    main.sign_in("r.kessler", made_up.OnePassword.password)
    while main.shell is None or main.jobs.busy:
        qapp.processEvents()
    main.shell.second.toggle()
    window = main.shell.second.window
    assert window is not None and window.shown == "nobody"
    main.lock("idle")
    assert window.shown == "locked"
    assert not main.shell.commands.trigger("photos.second")  # nothing is moved while locked
    main.sign_out()
    assert not window.isVisible()
    main.close()


def test_closing_the_window_brings_the_photos_back(shell: Shell) -> None:
    press(shell)
    window, page = shell.second.window, shell.page("assess")
    assert window is not None
    window.close()
    settle()
    assert not shell.second.on and page.canvas.window() is shell.window()
    assert page.canvas.pyramid is not None


def test_the_button_in_the_page_brings_them_back(shell: Shell) -> None:
    press(shell)
    page = shell.page("assess")
    stand_in = page.splitter.widget(1)
    assert stand_in is not page.centre and stand_in.button.isVisible()
    stand_in.button.click()
    assert page.splitter.widget(1) is page.centre


def test_an_unplugged_screen_leaves_nothing_behind(shell: Shell) -> None:
    press(shell)
    window, page = shell.second.window, shell.page("assess")
    assert window is not None
    QGuiApplication.instance().screenRemoved.emit(window.screen())
    settle()
    assert not shell.second.on and not window.isVisible()
    assert page.canvas.window() is shell.window() and page.canvas.pyramid is not None
    assert shell.toasts.text == str(UNPLUGGED)


def test_one_screen_is_said_and_the_place_is_remembered(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(shell)
    window = shell.second.window
    assert window is not None
    free = window.screen().availableGeometry()
    place = QRect(free.topLeft() + QPoint(20, 10), QSize(920, 660))
    window.setGeometry(place)
    press(shell)
    screen = QGuiApplication.screenAt(place.topLeft())
    assert screen is not None
    assert places.place_on(screen) == place.intersected(free)
    places.keep_place(screen, place.translated(9000, 0))  # a place that is no longer there
    first = places.place_on(screen)
    assert free.contains(first) and first.top() - free.top() >= 24  # its title bar is in reach
    monkeypatch.setattr(SecondScreen, "_other", lambda _: None)
    assert shell.second.refusal() == str(ONE_SCREEN)
    assert not shell.commands.trigger("photos.second") and not shell.second.on
    assert shell.toasts.text == str(ONE_SCREEN)


@pytest.mark.long
def test_all_of_this_on_two_real_screens(tmp_path: Path) -> None:
    wide = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1, "y": 0}
    screens = [
        {"name": "DP-1", "x": 0, "width": 1440, "height": 900, **wide},
        {"name": "DP-2", "x": 1440, "width": 1920, "height": 1080, **wide},
    ]
    file = tmp_path / "screens.json"
    file.write_text(json.dumps({"synchronousWindowSystemEvents": True, "screens": screens}))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-q", "-m", "not long", __file__],
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={file}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
