"""What opens for a moment: menus, lists of choices, calendars, and forms inside pages.

They are walked like everything else; no golden pictures are kept of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.ui.assess_world import assessing
from tests.ui.desk_of_pages import settle
from tests.ui.render_assess import mark_all, select_nodule
from tests.ui.scenes import Desk, Scene, View, desk
from workstation.domain.lesions import LesionType, Point
from workstation.language import tr
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
                button.click()  # type: ignore[attr-defined]

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
