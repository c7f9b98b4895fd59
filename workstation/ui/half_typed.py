"""Text that was typed and not yet given in: kept while the desk is built anew in another language.

Only fields of the open consultation and search fields: a half-typed result on Labs belongs to the
row that was chosen there, and no new desk knows which one that was.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

EVERY_MS = 100
MOST = 100  # looks until a field that does not come back is given up
SEARCH = "searchField"
Editor = QLineEdit | QPlainTextEdit | QTextEdit
# Classes from the page down to the field, with the code of the line it answers; how many before it.
Place = tuple[tuple[str, ...], int]
Kept = dict[str, dict[Place, str]]  # by the page


def gather(page: QWidget, *, of_case: bool) -> dict[Place, str]:
    """What is half typed on a page."""
    return {
        place: _text(editor)
        for place, editor in _editors(page)
        if _text(editor) and _half_typed(editor) and (of_case or editor.objectName() == SEARCH)
    }


def give_back(page: QWidget, kept: Mapping[Place, str]) -> dict[Place, str]:
    """Type it again where its field is there and empty; what has no field yet."""
    there = dict(_editors(page))
    left = {}
    for place, text in kept.items():
        editor = there.get(place)
        if editor is None or not editor.isEnabled():
            left[place] = text
        elif not _text(editor):
            _type(editor, text)
    return left


class HalfTyped(QObject):
    """Gives texts back to pages as their fields come; gives up after some time.

    ``may`` says of a page whether it shows now what it showed then: the same consultation.
    """

    def __init__(
        self,
        parent: QObject,
        kept: Mapping[QWidget, Mapping[Place, str]],
        may: Callable[[QWidget], bool],
    ) -> None:
        super().__init__(parent)
        self._may = may
        self._kept = {page: dict(texts) for page, texts in kept.items() if texts}
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._look)
        if self._kept:
            self._timer.start()

    def _look(self) -> None:
        self._looks += 1
        left = {
            page: give_back(page, texts) if self._may(page) else texts
            for page, texts in self._kept.items()
        }
        self._kept = {page: texts for page, texts in left.items() if texts}
        if not self._kept or self._looks >= MOST:
            self._timer.stop()


def _editors(page: QWidget) -> Iterator[tuple[Place, Editor]]:
    counted: dict[tuple[str, ...], int] = {}
    for widget in page.findChildren(QWidget):
        if not isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit) or widget.isReadOnly():
            continue
        if isinstance(widget, QLineEdit) and widget.echoMode() is not QLineEdit.EchoMode.Normal:
            continue  # a secret is typed again
        if isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox):
            continue
        path = _path(widget, page)
        counted[path] = counted.get(path, -1) + 1
        yield (path, counted[path]), widget


def of_pages(there: Iterable[tuple[str, QWidget]], of_case: Container[str]) -> Kept:
    """What is half typed on each page; ``of_case`` are those of an open consultation."""
    return {id: gather(page, of_case=id in of_case) for id, page in there}


def type_again(
    desk: QWidget,
    page_of: Callable[[str], QWidget],
    kept: Kept,
    of_case: Container[str],
    is_open: Callable[[], bool],
) -> None:
    """Give the pages back what was half typed, those ``of_case`` while their consultation is open."""
    pages = {page_of(id): texts for id, texts in kept.items() if texts}
    steps = {page_of(id) for id, texts in kept.items() if texts and id in of_case}
    HalfTyped(desk, pages, lambda page: page not in steps or is_open())


def _path(widget: QWidget, page: QWidget) -> tuple[str, ...]:
    names = []
    at: QWidget | None = widget
    while at is not None and at is not page:
        code = getattr(getattr(at, "line", None), "code", "")
        names.append(f"{type(at).__name__} {at.objectName()} {code}")
        at = at.parentWidget()
    return tuple(names)


def _text(editor: Editor) -> str:
    return editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()


def _half_typed(editor: Editor) -> bool:
    return editor.isModified() if isinstance(editor, QLineEdit) else editor.document().isModified()


def _type(editor: Editor, text: str) -> None:
    if isinstance(editor, QLineEdit):
        editor.setText(text)
        editor.setModified(True)
        editor.textEdited.emit(text)
    else:
        editor.setPlainText(text)
        editor.document().setModified(True)
