"""Every page and every main state of the window: what golden pictures show and the walk looks at.

A scene builds a world once; its views are shown one after the other. To look at them or to renew
the golden pictures after they were looked at:

    python tests/ui/gallery.py --to FOLDER [NAME...]
    python tests/ui/gallery.py --renew [NAME...]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_ACCESSIBILITY", "0")
HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2]), str(HERE.parents[1] / "journeys")]

from PySide6.QtCore import QBuffer, QEvent, QIODevice, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from tests.ui import labs_world, made_up, records_world
from tests.ui.desk_of_pages import desk_of, settle
from tests.ui.desktop import small_window
from tests.ui.reading_world import reading
from tests.ui.render_readings import first_read, mark
from workstation.presenters.jobs import InlineJobs
from workstation.ui import actions
from workstation.ui.actions import Commands
from workstation.ui.application import application
from workstation.ui.correct_dialog import CorrectDialog
from workstation.ui.help.page import HelpPage
from workstation.ui.labs.page import LabsPage
from workstation.ui.page import PageTools
from workstation.ui.theme import theme
from workstation.ui.widgets.focus import FocusRing

SIZES = ((1280, 800), (1440, 900), (2560, 1440))
THEMES = ("light", "dark")
PICTURES = HERE.parent / "pictures"
REDUCED = {1280: 3, 1440: 3, 2560: 4}  # a golden picture is so many times smaller
COLOURS = 48


class View(NamedTuple):
    """One state to be looked at. ``show`` brings it about and gives the widget to look at."""

    name: str
    show: Callable[[], QWidget]


class Scene(NamedTuple):
    """A window and its views in order. ``same`` tells whether every run shows the same pixels."""

    window: QWidget
    views: tuple[View, ...]


# -- worlds


def go(window: QWidget, shell: Any, page: str) -> Callable[[], QWidget]:
    """Show a page of the desk."""

    def show() -> QWidget:
        shell.go(page)
        settle()
        assert shell.current == page
        return window

    return show


@contextmanager
def person(key: str, *pages: str) -> Iterator[Scene]:
    """The desk with somebody's consultation open."""
    with desk_of(key) as (window, shell, _):
        yield Scene(window, tuple(View(page, go(window, shell, page)) for page in pages))


@contextmanager
def states() -> Iterator[Scene]:
    """What stands over the pages, and what a queue shows that is not full."""
    with desk_of("marsh-elena") as (window, shell, _):
        queue = shell.page("queue")

        def over(id: str, page: str = "assess") -> Callable[[], QWidget]:
            def show() -> QWidget:
                for sheet in (shell._keys, shell._list):
                    sheet.hide()
                go(window, shell, page)()
                shell.commands.trigger(id)
                settle()
                return window

            return show

        def plain(page: str, act: Callable[[], None]) -> Callable[[], QWidget]:
            def show() -> QWidget:
                for sheet in (shell._keys, shell._list):
                    sheet.hide()
                queue.form.hide()
                go(window, shell, page)()
                act()
                settle()
                return window

            return show

        def details() -> None:
            if not shell.details.is_open:
                shell.commands.trigger("case.details")

        def refused() -> None:
            if shell.details.is_open:
                shell.commands.trigger("case.details")
            shell.problemStrip.say(
                "warn",
                "No room left on this disk.",
                "Your draft is kept in memory. Free 200 MB, then save again.",
                link=("Close", lambda: None),
            )
            shell.toasts.show("Signed 13:58 \u00b7 Document RX\u20112026\u20110019", stays=True)

        def calm() -> None:
            shell.problemStrip.clear()
            shell.toasts.clear()

        def search(text: str) -> Callable[[], None]:
            def act() -> None:
                calm()
                queue.searchField.setText(text)
                queue._presenter.search(text)

            return act

        yield Scene(
            window,
            (
                View("command-list", over("commands")),
                View("keys", over("keys")),
                View("details", plain("treat", details)),
                View("messages", plain("assess", refused)),
                View("no-match", plain("queue", search("smtih"))),
            ),
        )


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
        from workstation.presenters import wording

        window.sign_in_page.show_problem(wording.message("session.password.wrong"))
        settle()
        return window

    try:
        yield Scene(
            window, (View("sign-in", sign_in), View("refused", refused), View("lock", locked))
        )
    finally:
        window.close()
        _gone(window)


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
        _gone(window)


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
        _gone(window)


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


@contextmanager
def records() -> Iterator[Scene]:
    """Documents in every state, the trail, and the dialogs of a correction."""
    with records_world.page(alone) as (window, page, shown):

        def state(name: str) -> Callable[[], QWidget]:
            def show() -> QWidget:
                page.show_state(shown[name])
                page.lists[1 if name == "trail" else 0].setFocus()
                settle()
                return window

            return show

        def void() -> QWidget:
            from workstation.language import pairs
            from workstation.presenters import records_wording

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


@contextmanager
def second_reader() -> Iterator[Scene]:
    """A second reading, and how far it agrees."""
    with reading("marsh-elena", draw=first_read) as made:

        def read() -> QWidget:
            if made.shell.current != "reading":
                made.begin()
                mark(made.page.presenter, leave_out=4, shift=9)
            settle()
            return made.window

        def agreement() -> QWidget:
            if made.shell.current != "agreement":
                made.case.finish()
                made.shell.show_agreement(made.first.made.id)
            settle()
            return made.window

        yield Scene(made.window, (View("reading", read), View("agreement", agreement)))


SETTINGS = (
    "account",
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


@contextmanager
def settings() -> Iterator[Scene]:
    """Every page of Settings, on a real store."""
    import tempfile

    from desk_on_screen import ClockedDoors

    from tests.ui import settings_world
    from workstation.ui.application import wait_until_open
    from workstation.ui.settings.account import _AccountForm
    from workstation.ui.window import Window

    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "records"
        settings_world.make_store(store)
        window = Window(ClockedDoors(store, demo=True))
        window.fixed_mode = theme.mode
        window.sign_in(settings_world.USER.login, settings_world.showcase.PASSWORD)
        window.show()
        wait_until_open(window)
        settings_world.settle(window)
        try:
            shell: Any = window.shell

            def page(id: str) -> Callable[[], QWidget]:
                def show() -> QWidget:
                    shell.go("settings")
                    shell.page("settings").show_page(id)
                    settings_world.settle(window)
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

            views = (*(View(id, page(id)) for id in SETTINGS), View("account-form", account_form))
            yield Scene(window, views)
        finally:
            window.close()
            _gone(window)
            actions.use_own_keys({})


SCENES: dict[str, Callable[[], Any]] = {
    "marsh": lambda: person("marsh-elena", "queue", "assess", "treat", "sign"),
    "nwosu": lambda: person("nwosu-ifeoma", "assess", "treat", "sign"),
    "becker": lambda: person("becker-jonas", "contact", "treat", "sign"),
    "halvorsen": lambda: person("halvorsen-mia", "contact"),
    "de-souza": lambda: person("de-souza-caio", "treat", "sign"),
    "lindqvist": lambda: person("lindqvist-astrid", "followup"),
    "over": states,
    "doors": doors,
    "first-run": first_run,
    "labs": labs,
    "records": records,
    "help": guide,
    "second": second_reader,
    "settings": settings,
}
# What shows something of the machine it runs on, so that its pixels are compared with nothing.
OWN = {"settings-about", "settings-records"}


# -- pictures


def shot(widget: QWidget) -> QImage:
    """What shows now."""
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def reduced(image: QImage) -> QImage:
    """The picture as small as it is kept."""
    by = next((n for width, n in REDUCED.items() if image.width() <= width), 4)
    return image.scaled(
        image.width() // by,
        image.height() // by,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def kept(name: str) -> Path:
    """Where the golden picture of a view, size and theme lies."""
    return PICTURES / f"{name}.png"


def keep(image: QImage, path: Path) -> None:
    """Write a golden picture with few colours."""
    from PIL import Image

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    reduced(image).save(buffer, "PNG")
    import io

    read = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    path.parent.mkdir(exist_ok=True)
    few = read.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def shots(
    name: str, sizes: tuple[tuple[tuple[int, int], str], ...], wanted: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, QWidget]]:
    """(picture name, view name, widget to look at) of a scene, theme by theme and size by size."""
    application().setCursorFlashTime(0)  # a text cursor that stands still
    theme.set_mode(sizes[0][1])
    with SCENES[name]() as scene:
        try:
            for size, mode in sizes:
                theme.set_mode(mode)
                scene.window.resize(*size)
                settle()
                for view in scene.views:
                    full = f"{name}-{view.name}"
                    if wanted and not any(full.startswith(w) for w in wanted):
                        continue
                    widget = view.show()
                    yield f"{full}-{size[0]}-{mode}", full, widget
                    if widget is not scene.window:
                        widget.close()
                        _gone(widget)
        finally:
            theme.set_mode("light")


EVERY = tuple((size, mode) for mode in THEMES for size in SIZES)


def _gone(widget: QWidget) -> None:
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main() -> None:
    """Write pictures to look at, or the golden ones."""
    renew = sys.argv[1] == "--renew"
    folder = PICTURES if renew else Path(sys.argv[2])
    wanted = tuple(sys.argv[2 if renew else 3 :])
    folder.mkdir(parents=True, exist_ok=True)
    for scene in SCENES:
        if wanted and not any(w.startswith(scene) or scene.startswith(w) for w in wanted):
            continue
        for name, full, widget in shots(scene, EVERY, wanted):
            if not renew:
                shot(widget).save(str(folder / f"{name}.png"))
            elif full not in OWN:
                keep(shot(widget), kept(name))
        print(scene, flush=True)


if __name__ == "__main__":
    main()
