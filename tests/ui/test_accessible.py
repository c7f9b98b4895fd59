"""A screen reader may ask for any child at any time: what it counted may be gone."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QItemSelectionModel, QStringListModel
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget
from shiboken6 import Shiboken

from tests.ui.desk_of_pages import settle
from tests.ui.standing_desk import Desk
from workstation.ui.application import application
from workstation.ui.sign.preview import Preview
from workstation.ui.widgets import Toasts
from workstation.ui.widgets.rows import RowsList

# What a screen reader names before what is in it.
HOLDING = (
    QAccessible.Role.Grouping,
    QAccessible.Role.Pane,
    QAccessible.Role.LayeredPane,
    QAccessible.Role.Border,
)
FILLERS = (QAccessible.Role.Client, QAccessible.Role.NoRole, QAccessible.Role.Pane)


def test_a_child_of_a_scroll_area_that_is_not_there_is_none(qtbot: object) -> None:
    application()
    for kind in (QScrollArea, Preview):
        area = kind()
        about = QAccessible.queryAccessibleInterface(area)
        children = about.childCount()
        assert children and all(about.child(n) is not None for n in range(children))
        assert about.child(children) is None and about.child(500) is None
        named = bool(area.accessibleName())  # without a name it is a filler
        assert about.role() == (QAccessible.Role.Pane if named else QAccessible.Role.Client)
        area.setAccessibleName("What was checked")
        assert about.text(QAccessible.Text.Name) == "What was checked"


def test_what_is_only_drawn_is_a_separator_and_what_takes_the_keys_has_a_name(desk: Desk) -> None:
    def bare(about: QAccessibleInterface) -> list[str]:
        found = []
        for n in range(about.childCount()):
            child = about.child(n)
            if child is None or child.state().invisible:
                continue
            named = child.text(QAccessible.Text.Name)
            if child.role() in FILLERS and not named:
                made = child.object()
                if child.state().focusable or isinstance(made, QFrame) and made.property("rule"):
                    found.append(f"{type(made).__name__} {made.objectName()}")
            found += bare(child)
        return found

    window, shell, _ = desk
    window.resize(1440, 900)
    for page in ("queue", "assess", "treat", "sign"):
        shell.go(page)
        settle()
        found = bare(QAccessible.queryAccessibleInterface(window))
        assert not found, f"{page}: {found}"
    for sheet in ("keys", "commands"):
        shell.commands.trigger(sheet)
        settle()
        assert not bare(QAccessible.queryAccessibleInterface(window)), sheet


def test_parts_of_a_page_are_named_and_what_only_holds_others_is_a_filler(desk: Desk) -> None:
    def read(about: QAccessibleInterface) -> Iterator[tuple[QAccessible.Role, str, bool]]:
        for n in range(about.childCount()):
            child = about.child(n)
            if child is None or child.state().invisible:
                continue
            yield child.role(), child.text(QAccessible.Text.Name), child.childCount() > 0
            yield from read(child)

    said = {
        "queue": ("Pages of the desk", "Lists and filters", "Preview", "Keys and saving"),
        "assess": ("Pages of the desk", "Steps"),
        "treat": ("Steps", "Safety", "Monitoring plan", "Decision, prescription and plan"),
        "sign": ("Steps", "Patient", "PIN", "Documents"),
    }
    window, shell, _ = desk
    window.resize(1440, 900)
    for page, wanted in said.items():
        shell.go(page)
        settle()
        found = list(read(QAccessible.queryAccessibleInterface(window)))
        named = {name for role, name, _ in found if role in HOLDING}
        assert set(wanted) <= named, f"{page}: {named}"
        assert not [one for one in found if one[0] in HOLDING and one[2] and not one[1]], page
        kinds = {name: role for role, name, _ in found}
        if page == "treat":
            assert kinds["Daily dose in mg/kg"] == QAccessible.Role.Slider
            ways = [name for name in kinds if "two doses" in name]
            assert ways and kinds[ways[0]] == QAccessible.Role.RadioButton


def test_interfaces_go_with_their_widgets(qtbot: object) -> None:
    application()
    for number in range(60):
        area = QScrollArea()
        area.setWidget(QWidget())
        about = QAccessible.queryAccessibleInterface(area)
        assert about.child(0) is not None and about.child(number + 7) is None
        area.deleteLater()
        del area, about
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_notice_over_the_pages_is_among_what_is_read(qtbot: object) -> None:
    application()
    pages = QStackedWidget()
    pages.addWidget(QWidget())
    pages.show()
    notices = Toasts(pages)
    notices.show("Signed 13:58")
    about = QAccessible.queryAccessibleInterface(pages)
    names = [about.child(n).text(QAccessible.Text.Name) for n in range(about.childCount())]
    assert "Signed 13:58" in names and notices.text == "Signed 13:58"


def test_a_notice_may_go_with_what_it_lies_over(qtbot: object) -> None:
    pages = QStackedWidget()
    notices = Toasts(pages)
    notices.show("Language: English")
    Shiboken.delete(pages)  # as the desk is built anew in another language
    assert notices.text == ""
    notices.clear()


def test_a_row_that_a_screen_reader_selects_is_chosen_as_by_a_click(qtbot: object) -> None:
    application()
    rows = RowsList()
    rows.setModel(QStringListModel(["first", "second"]))
    clicked: list[int] = []
    rows.clicked.connect(lambda index: clicked.append(index.row()))
    QAccessible.setActive(True)
    try:
        select = QItemSelectionModel.SelectionFlag.ClearAndSelect
        rows.selectionModel().select(rows.model().index(1, 0), select)
        QCoreApplication.processEvents()
    finally:
        QAccessible.setActive(False)
    assert clicked == [1] and rows.currentIndex().row() == 1
