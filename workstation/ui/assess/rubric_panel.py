"""The rubric panel: grade, bars, other signs, counts by photo, last visit, list, note."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.ids import AnnotationId
from workstation.language import plural, tr
from workstation.presenters.assess_state import AssessState, Listed
from workstation.presenters.counts import PastLine
from workstation.ui import form
from workstation.ui.assess.annotation_list import ROW, AnnotationModel, AnnotationRows
from workstation.ui.assess.charts import CriterionBar, Legend
from workstation.ui.assess.counts_view import CountsView
from workstation.ui.assess.grade_card import GradeView
from workstation.ui.assess.scheme_rows import SchemesView
from workstation.ui.assess.sections import NoteEdit, Section
from workstation.ui.assess.signs import SignRow
from workstation.ui.assess.steady import SteadyText
from workstation.ui.making import make
from workstation.ui.theme import theme
from workstation.ui.widgets import Wrapped, overline, rule

FOLD_BELOW = 640  # logical height under which counts and note fold to one line
NOTE_BELOW = 760  # under which an empty note folds
LIST_FROM = 880  # and from which list of annotations and last visit are open
NOTE_AFTER_MS = 800
SHOWN_ROWS = 10
SIGNS = 5


@form.register
class RubricPanel(QWidget):
    """Shows the rubric part of ``AssessState``; its signals carry what the clinician does.

    ``cell_chosen`` (photo id, type), ``sign_recorded`` (fact, value), ``note_written`` (text),
    ``row_chosen`` (annotation id), ``override_dropped``.
    """

    cell_chosen = Signal(str, object)
    sign_recorded = Signal(str, object)
    note_written = Signal(str)
    row_chosen = Signal(str)
    override_dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Rubric"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self.area)
        # Each part is made inside what holds it: one that moves in later is styled once more, whole.
        self.inner = inner = QWidget(self.area.viewport())
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(14, 8, 14, 6)
        self.column.setSpacing(4)
        self.area.setWidget(inner)
        make(self, self._parts())

    def _parts(self) -> Iterator[None]:
        yield
        self._make_grade()
        yield
        self.whole, self.rest = self.column, QWidget(self.inner)
        self.whole.addWidget(self.rest)
        self.column = QVBoxLayout(self.rest)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        self._make_signs()
        yield
        self._make_schemes()
        yield
        self._make_counts()
        yield
        self._make_list()
        yield
        self._make_note()
        self.column.addStretch(1)
        self.whole.addStretch(0)

    def render_state(self, state: AssessState) -> None:
        """Show a state."""
        rubric = state.rubric
        graded = rubric.card is not None
        self.not_graded.setText(rubric.not_graded)
        self.not_graded.setVisible(not graded)
        for part in (self.grade, self.bars, self.legend, self.signs):
            part.setVisible(graded)
        if rubric.card is not None:
            self.grade.show_card(rubric.card, rubric.grades)
            self._show_bars(state)
            self.legend.show_gap(rubric.legend_gap)
            for row, sign in zip(self.sign_rows, rubric.signs, strict=True):
                row.show_sign(sign)
        self.schemes_section.setVisible(bool(rubric.schemes.rows))
        self.schemes.show_schemes(rubric.schemes)
        self.schemes_section.say(
            tr("Other schemes"), "", rubric.schemes.folded, rubric.schemes.shorter
        )
        self._show_past(rubric.past)
        table = rubric.table
        self.counts.show_table(table)
        self.below.setText(table.below)
        self.below.setVisible(bool(table.below))
        photos = sum(1 for n in table.counted if n)
        self.counts_section.say(
            tr("Counts by photo"),
            tr("each lesion counts once"),
            tr(
                "{total} counted on {photos}",
                total=table.total,
                photos=plural(photos, "{n} photo", "{n} photos"),
            ),
        )
        self._show_note(state.note)

    def show_instead(self, panel: QWidget, shown: bool) -> None:
        """Show another panel below the bars in place of everything else, or the usual again."""
        if self.whole.indexOf(panel) < 0:
            self.whole.insertWidget(self.whole.indexOf(self.rest), panel)
        panel.setVisible(shown)
        self.legend.setVisible(not shown)
        self.rest.setVisible(not shown)

    def show_list(self, rows: tuple[Listed, ...], view: str, chosen: AnnotationId | None) -> None:
        """Show the photo's annotations; ``chosen`` is the selected one."""
        self.list_section.say(
            tr("Annotations on {view}", view=view), tr("{rows} \u00b7 J K to walk", rows=len(rows))
        )
        self.rows_model.show_rows(rows)
        shown = max(1, min(len(rows), SHOWN_ROWS))
        self.rows_view.setFixedHeight(theme.px(ROW) * shown + 4)
        row = self.rows_model.row_of(chosen) if chosen is not None else -1
        selection = self.rows_view.selectionModel()
        selection.blockSignals(True)
        if row < 0:
            selection.clear()
        else:
            index = self.rows_model.index(row)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.rows_view.scrollTo(index)
        selection.blockSignals(False)
        self.rows_view.viewport().update()

    def flush(self) -> None:
        """Hand over a note that is still being typed."""
        if self._typing.isActive():
            self._typing.stop()
            self._write()

    def sizeHint(self) -> QSize:
        """The width at 1440."""
        return QSize(352, 600)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the hairline to the photo."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what does not fit."""
        super().resizeEvent(event)
        small = event.size().height() < theme.px(FOLD_BELOW + 60)
        self.counts_section.propose(folded=small)
        self._fold_note()
        roomy = event.size().height() >= theme.px(LIST_FROM)
        self.schemes_section.propose(folded=not roomy)
        self.past_section.propose(folded=not roomy)
        self.list_section.propose(folded=not roomy)
        # Below that the list is the photo itself: J and K walk it there.
        self.list_section.setVisible(roomy)

    def toggle_counts(self) -> None:
        """Fold or unfold the counts by photo; unfolded they are brought into sight."""
        self.counts_section.toggle()
        if self.counts_section.is_open:
            QTimer.singleShot(
                0, self, lambda: self.area.ensureWidgetVisible(self.counts_section, 0, 0)
            )

    def _fold_note(self) -> None:
        """An empty note gives its room to the counts in a low window."""
        height = self.height()
        low = height < theme.px(FOLD_BELOW + 60) or (
            height < theme.px(NOTE_BELOW)
            and not self.note.toPlainText()
            and not self.note.hasFocus()
        )
        self.note_section.propose(folded=low)

    # -- parts

    def _make_grade(self) -> None:
        self.grade = GradeView(self.inner)
        self.grade.dropped.connect(self.override_dropped)
        self.not_graded = Wrapped("", "body2", self.inner)
        self.not_graded.hide()
        self.bars = QWidget(self.inner)
        bars = QVBoxLayout(self.bars)
        bars.setContentsMargins(0, 0, 0, 0)
        bars.setSpacing(1)
        self.criteria: list[CriterionBar] = []
        self._bars = bars
        self.legend = Legend(self.inner)
        for part in (self.grade, self.not_graded, self.bars, self.legend):
            self.column.addWidget(part)

    def _make_signs(self) -> None:
        self.signs = QWidget(self.rest)
        column = QVBoxLayout(self.signs)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(rule(self.signs))
        column.addSpacing(3)
        column.addWidget(overline(tr("Other signs of severity"), self.signs))
        self.sign_rows: list[SignRow] = []
        for _ in range(SIGNS):
            row = SignRow(self.signs)
            row.recorded.connect(self.sign_recorded)
            self.sign_rows.append(row)
            column.addWidget(row)
        self.column.addWidget(self.signs)

    def _make_schemes(self) -> None:
        self.schemes_section = Section(tr("Other schemes"), SchemesView, self.rest)
        self.schemes = self.schemes_section.body
        self.schemes.recorded.connect(self.sign_recorded)
        self.column.addWidget(self.schemes_section)
        self.past = QFrame(self.rest)
        past = QVBoxLayout(self.past)
        past.setContentsMargins(0, 0, 0, 0)
        past.setSpacing(3)
        past.addWidget(rule(self.past))
        self.past_section = Section(
            tr("Last visit"), lambda parent: Wrapped("", "caption", parent), self.past
        )
        self.past_rows = self.past_section.body
        past.addWidget(self.past_section)
        self.column.addWidget(self.past)

    def _make_counts(self) -> None:
        self.column.addWidget(rule(self.rest))
        self.counts_section = Section(tr("Counts by photo"), QWidget, self.rest)
        column = QVBoxLayout(self.counts_section.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.counts = CountsView(self.counts_section.body)
        self.counts.chosen.connect(self.cell_chosen)
        self.below = SteadyText("caption", "text3", self.counts_section.body)
        self.below.hide()
        column.addWidget(self.counts)
        column.addWidget(self.below)
        self.column.addWidget(self.counts_section)

    def _make_list(self) -> None:
        self.rows_model = AnnotationModel()
        self.list_section = Section(tr("Annotations"), QListView, self.rest)
        self.rows_view = self.list_section.body
        self.rows_view.setModel(self.rows_model)
        self.rows_view.setItemDelegate(AnnotationRows(self.rows_view))
        self.rows_view.setUniformItemSizes(True)
        self.rows_view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.rows_view.setAccessibleName(tr("Annotations of this photo"))
        self.rows_view.selectionModel().selectionChanged.connect(self._row_chosen)
        self.column.addWidget(self.list_section)

    def _make_note(self) -> None:
        self.note_section = Section(tr("Assessment note"), NoteEdit, self.rest)
        self.note = self.note_section.body
        self.note.setAccessibleName(tr("Assessment note"))
        self.note.setTabChangesFocus(True)
        self._size_note()
        theme.theme_changed.connect(self._size_note)
        self.column.addWidget(self.note_section)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(NOTE_AFTER_MS)
        self._typing.timeout.connect(self._write)
        self.note.textChanged.connect(self._typing.start)
        self.note.left.connect(self.flush)

    def _size_note(self) -> None:
        """Two lines, whatever the size of the text."""
        self.note.setFixedHeight(theme.px(48))

    def _show_bars(self, state: AssessState) -> None:
        bars = state.rubric.bars
        while len(self.criteria) < len(bars):
            made = CriterionBar(self.bars)
            self._bars.addWidget(made)
            self.criteria.append(made)
        for i, widget in enumerate(self.criteria):
            widget.setVisible(i < len(bars))
            if i < len(bars):
                widget.show_bar(bars[i])

    def _show_past(self, past: PastLine | None) -> None:
        self.past.setVisible(past is not None)
        if past is not None:
            rows = [f"{r.title} {r.then} \u2192 {r.now} ({r.change})" for r in past.rows]
            sums = f" \u00b7 {past.rows[-1].then} \u2192 {past.rows[-1].now}" if past.rows else ""
            self.past_section.say(tr("Last visit"), past.heading, past.heading + sums)
            self.past_rows.setText(", ".join(row.replace(" ", "\u00a0") for row in rows))

    def _show_note(self, text: str) -> None:
        lines = len(text.splitlines())
        self.note_section.say(
            tr("Assessment note"), tr("goes on the record"), plural(lines, "{n} line", "{n} lines")
        )
        if not self._typing.isActive() and text != self.note.toPlainText():
            self.note.blockSignals(True)
            self.note.setPlainText(text)
            self.note.blockSignals(False)
            self._fold_note()

    def _write(self) -> None:
        self.note_written.emit(self.note.toPlainText())

    def _row_chosen(self, selected: QItemSelection, _: QItemSelection) -> None:
        indexes = selected.indexes()
        if indexes:
            self.row_chosen.emit(self.rows_model.rows[indexes[0].row()].id)
