"""What opens for a moment: menus, lists of choices, calendars, and forms inside pages.

They are walked like everything else; no golden pictures are kept of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.ui import made_up, records_world
from tests.ui.assess_world import assessing
from tests.ui.desk_of_pages import settle
from tests.ui.render_assess import mark_all, select_nodule
from tests.ui.scenes import Desk, Scene, View, desk
from tests.ui.scenes_alone import alone
from workstation.domain.lesions import LesionType, Point
from workstation.language import tr
from workstation.presenters import queue_verbs
from workstation.ui.assess.scheme_rows import SchemeLine
from workstation.ui.assess.signs import SignRow
from workstation.ui.widgets.day_edit import DayEdit


def _open(at: Desk, name: str, page: str, act: Callable[[], object]) -> View:
    """A view of the popup that ``act`` opens over a page."""

    def show() -> QWidget:
        at.calm()
        at.shell.go(page)
        settle()
        act()
        settle()
        found = QApplication.activePopupWidget()
        assert found is not None, f"{name} opened nothing"
        return found

    return View(name, show)


@contextmanager
def popups() -> Iterator[Scene]:
    """Menus of photo, annotation, sign and favourites; lists of choices; a calendar."""
    with desk("marsh-elena", assessing("marsh-elena").made) as at:
        assess, treat = at.page("assess"), at.page("treat")
        middle = QPointF(300, 300)

        def annotated() -> None:
            assess.presenter.add(Point(900, 900), LesionType.NODULE)
            assess.presenter.walk(1)
            assess._menu(middle, assess.presenter.selection[0], Point(900, 900))

        def submenu(which: int) -> Callable[[], None]:
            def act() -> None:
                menu = QMenu(assess)
                made = [a for a in _skin(at).actions() if a.menu() is not None]
                menu.deleteLater()
                made[which].menu().popup(at.window.pos())

            return act

        def sign() -> None:
            row = next(r for r in assess.findChildren(SignRow) if r.sign and r.sign.choices)
            row.click()

        def day() -> None:
            next(d for d in treat.findChildren(DayEdit) if d.isVisible()).show_calendar()

        yield Scene(
            at.window,
            (
                _open(at, "skin", "assess", lambda: assess._menu(middle, None, Point(900, 900))),
                _open(at, "types", "assess", submenu(0)),
                _open(at, "zone", "assess", submenu(1)),
                _open(at, "annotation", "assess", annotated),
                _open(at, "sign-row", "assess", sign),
                _open(at, "favourites", "treat", treat.basket.show_favourites),
                _open(at, "indication", "treat", treat.basket.indication.showPopup),
                _open(at, "medicine", "treat", treat.basket.add.showPopup),
                _open(at, "calendar", "treat", day),
            ),
        )


def _skin(at: Desk) -> QMenu:
    """The menu of bare skin, kept by its page."""
    at.page("assess")._menu(QPointF(300, 300), None, Point(900, 900))
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


@contextmanager
def forms() -> Iterator[Scene]:
    """Forms that open inside Assess and Treat."""
    with desk("marsh-elena", assessing("marsh-elena").made) as at:
        assess, treat = at.page("assess"), at.page("treat")

        def noted() -> None:
            mark_all(assess, "marsh-elena")
            select_nodule(assess)
            assess.ask_note(assess.presenter.state.selected.id)

        def decided(words: str) -> Callable[[], None]:
            def act() -> None:
                button = next(b for b in treat.row.findChildren(QWidget) if _said(b) == tr(words))
                button.click()

            return act

        yield Scene(
            at.window,
            (
                at.view("override", "assess", assess.panel.grade.open.click),
                at.view("note", "assess", noted),
                at.over("protocol", "treat", "treat.protocol"),
                at.over("pharmacy", "treat", "treat.pharmacy"),
                *(
                    at.view(name, "treat", decided(words))
                    for name, words in (
                        ("ask-patient", "Ask the patient"),
                        ("in-person", "See in person"),
                        ("declined", "Decline"),
                        ("stopped", "Stop treatment"),
                        ("ended", "End course"),
                    )
                ),
            ),
        )


def _said(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else ""


def _message(language: str, views: tuple[tuple[str, str], ...]) -> str:
    """A message to the patient as long as real ones."""
    asked = "\n".join(f"- {words}" for _, words in views)
    return f"Dear Elena ({language}),\n\nPlease send these photos again:\n{asked}\n\nThank you."


@contextmanager
def verbs() -> Iterator[Scene]:
    """The forms above the list of the queue: ask for photos, defer, set the level; one refused."""
    asked = queue_verbs.Questions(SimpleNamespace(views=()), owes_contact=False, text=_message)
    with (
        desk("marsh-elena", queue=made_up.SmallDesk()) as at,
        patch.object(queue_verbs.messages, "questions", lambda *_: asked),
        patch.object(queue_verbs.triage, "owes_contact", lambda *given: given[-1] == "c00"),
    ):
        queue = at.page("queue")

        def form(name: str, act: Callable[[], None], row: str = "c03") -> View:
            def show() -> None:
                queue.verbs.cancel()
                queue._presenter.select(row)
                act()
                assert queue.form.isVisible()

            return at.view(name, "queue", show)

        def both() -> None:
            queue.verbs.ask()
            for view in queue.verbs.state.views:
                queue.verbs.toggle_view(view[0])

        yield Scene(
            at.window,
            (
                form("ask", queue.verbs.ask),
                form("ask-all", both),
                form("defer", queue.verbs.defer),
                form("level", queue.verbs.level),
                form("refused", queue.verbs.defer, "c00"),
            ),
        )


@contextmanager
def menus() -> Iterator[Scene]:
    """Menus of Records: what else there is, and leaflets in their languages; schemes of Assess."""
    with records_world.page(alone) as (window, page, shown):
        page.show_state(shown["current"])
        leaflets = (("after-treatment", "After treatment"), ("sun", "Sun and ISOtretinoin"))

        def nothing(*_):
            """Entries are looked at, not pressed."""

        page._presenter.leaflets = SimpleNamespace(
            offered=lambda: leaflets, handout=nothing, own=nothing, guardian_plan=nothing
        )
        settle()

        def opened(act: Callable[[], object]) -> Callable[[], QWidget]:
            def show() -> QWidget:
                act()
                settle()
                found = QApplication.activePopupWidget()
                assert found is not None
                return found

            return show

        yield Scene(
            window,
            (
                View("more", opened(page._more_menu)),
                View("handout", opened(page._handout_menu)),
            ),
        )


@contextmanager
def schemes() -> Iterator[Scene]:
    """The other schemes of Assess unfolded, and the menu of each with its sites."""
    with desk("marsh-elena", assessing("marsh-elena").made) as at:
        assess = at.page("assess")

        def unfold() -> None:
            assess.panel.schemes_section.propose(folded=False)

        def pick(line: SchemeLine) -> Callable[[], None]:
            return lambda: line.menu().popup(at.window.pos())

        def site(line: SchemeLine) -> Callable[[], None]:
            def act() -> None:
                menu = line.menu()
                inner = next(a.menu() for a in menu.actions() if a.menu() is not None)
                inner.popup(at.window.pos())

            return act

        at.shell.go("assess")
        settle()
        unfold()
        settle()
        lines = [one for one in assess.panel.schemes.lines if one.row and one.row.picks]
        assert lines
        yield Scene(
            at.window,
            (
                at.view("unfolded", "assess", unfold),
                *(_open(at, f"menu-{n}", "assess", pick(one)) for n, one in enumerate(lines)),
                *(
                    _open(at, f"sites-{n}", "assess", site(one))
                    for n, one in enumerate(lines)
                    if one.row is not None and len(one.row.picks) > 1
                ),
            ),
        )
