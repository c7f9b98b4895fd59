"""The photo's annotations for assistive technology: a list in zone order, each where it is drawn.

It is a real list that shows nothing: a screen reader meets it as every other list, may choose in it
and finds each annotation at its place on the screen.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QFrame, QListView

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import Point
from workstation.language import tr
from workstation.presenters.assess_state import AssessState, Listed
from workstation.ui.accessible import announce
from workstation.ui.assess.annotation_list import AnnotationModel, Index
from workstation.ui.assess.painting import PaintedCanvas

_HALF = 12  # logical pixels around an annotation's middle
_NOWHERE = QRegion(-2, -2, 1, 1)


class _Rows(AnnotationModel):
    """The rows, worded when somebody asks: nobody listens on most days."""

    def __init__(self, canvas: PaintedCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._of: AssessState | None = None

    def rowCount(self, parent: Index | None = None) -> int:
        """How many."""
        return 0 if parent is not None and parent.isValid() else len(self.now())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row says, all of it: there is nothing else to see."""
        said = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        rows = self.now()
        return rows[index.row()].spoken if said and index.row() < len(rows) else None

    def now(self) -> tuple[Listed, ...]:
        """The annotations as they are said now."""
        state = self._canvas.state
        if state is not self._of:
            self._of = state
            self.rows = self._canvas.listed() if state is not None else ()
        return self.rows

    def tell(self) -> None:
        """Tell who listens when they are others than before."""
        before = self.rows
        if self.now() != before:
            self.beginResetModel()
            self.endResetModel()


class SpokenAnnotations(QListView):
    """Lies over the canvas, takes no room of it, no pointer and no focus."""

    def __init__(self, canvas: PaintedCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._rows = _Rows(canvas)
        self._following = False
        self._announced: tuple[AnnotationId, ...] = ()
        self.setModel(self._rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMask(_NOWHERE)
        self.setAccessibleName(tr("Annotations of this photo"))

    def follow(self) -> None:
        """Tell assistive technology what is there now, and which was chosen."""
        self._rows.tell()
        state, rows = self._canvas.state, self._rows.now()
        chosen = state.selection if state is not None else ()
        numbers = [number for number, row in enumerate(rows) if row.id in chosen]
        picked = QItemSelection()
        for number in numbers:
            index = self._rows.index(number)
            picked.select(index, index)
        self._following = True
        self.selectionModel().select(picked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._following = False
        told, self._announced = self._announced, chosen
        if chosen != told and len(numbers) == 1:
            announce(self._canvas, rows[numbers[0]].spoken)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """A screen reader chose: so is it chosen on the photo."""
        super().selectionChanged(selected, deselected)
        if not self._following:
            rows = self._rows.now()
            self._canvas.choose(tuple(rows[i.row()].id for i in self.selectedIndexes()))

    def visualRect(self, index: Index) -> QRect:
        """Where an annotation is drawn."""
        rows = self._rows.now()
        if not 0 <= index.row() < len(rows):
            return QRect()
        mark = self._canvas.marks.get(rows[index.row()].id)
        if mark is None:
            return QRect()
        at = self._canvas.view.to_widget(Point(mark.x, mark.y)).toPoint()
        return QRect(at - QPoint(_HALF, _HALF), at + QPoint(_HALF, _HALF))

    def indexAt(self, at: QPoint) -> QModelIndex:
        """The annotation at a place."""
        for number in range(len(self._rows.now())):
            index = self._rows.index(number)
            if self.visualRect(index).contains(at):
                return index
        return QModelIndex()

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QListView.ScrollHint = QListView.ScrollHint.EnsureVisible,
    ) -> None:
        """Nothing scrolls here."""

    def doItemsLayout(self) -> None:
        """Each stands where it is drawn."""

    def updateGeometries(self) -> None:
        """There are no scroll bars to keep."""
