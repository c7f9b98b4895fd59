"""Bars above and below the two photos: the tools of the comparison, and what differs by type."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QWidget

from workstation.language import tr
from workstation.presenters.followup_state import DifferenceRow, FollowupState, Mode
from workstation.ui import form
from workstation.ui.photo import glyphs
from workstation.ui.photo.bar import LOW_SPARE, Bar, BarButton, Divider
from workstation.ui.theme import theme
from workstation.ui.widgets import label
from workstation.ui.widgets.sized import with_text

GROUPS = (
    ("compare.annotate", "compare.sync", "compare.swipe", "compare.align"),
    ("compare.fit", "compare.hide", "compare.ghosts", "compare.adjust"),
    ("compare.earlier", "compare.later"),
)
ARROW = "\u2192"


@form.register
class CompareBar(Bar):
    """Tools of the comparison; ``pressed`` carries the action's id."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, BarButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(10, self.spare, 12, self.spare)
        row.setSpacing(3)
        # Words give way when they do not fit, so the row must not hold the window open.
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        with_text(self, lambda: self.setMinimumSize(theme.px(400), theme.px(30) + 2 * LOW_SPARE))
        for number, group in enumerate(GROUPS):
            if number:
                row.addWidget(Divider(self))
            for id_ in group:
                button = BarButton(id_, self, key=number < 2)
                button.setCheckable(number < 2 and id_ != "compare.fit")
                button.clicked.connect(lambda _=False, i=id_: self.pressed.emit(i))
                self.buttons[id_] = button
                row.addWidget(button)
        row.addWidget(Divider(self))
        self._line = self._text(row, "body")
        row.addStretch(1)
        self._view = self._text(row, "bodyStrong")
        self._views = self._text(row, "body")

    def show_state(self, state: FollowupState) -> None:
        """Show what is on, how the photos are laid, and which view it is."""
        on = {
            "compare.annotate": True,
            "compare.sync": state.synced,
            "compare.swipe": state.mode is Mode.SWIPE,
            "compare.align": state.aligned or state.aligning is not None,
            "compare.hide": state.hidden,
            "compare.ghosts": state.ghosts,
            "compare.adjust": state.adjusting,
        }
        for id_, checked in on.items():
            self.buttons[id_].setChecked(checked)
        self._line.setText(state.line)
        self._view.setText(state.view_name)
        self._views.setText(state.view_line)
        self._fit()

    def resizeEvent(self, event: object) -> None:
        """Words that do not fit give way: first which view of how many, then how they are laid."""
        self._fit()

    def _text(self, row: QHBoxLayout, role: str) -> QLabel:
        made = label("", role)
        made.setStyleSheet(f"color: {theme.fixed('dark', 'text').name()}")
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row.addWidget(made)
        return made

    def _fit(self) -> None:
        taken = 60 + sum(b.sizeHint().width() + 3 for b in self.buttons.values())
        taken += self._view.sizeHint().width() + 16
        room = self.width() - taken
        line, views = self._line.sizeHint().width(), self._views.sizeHint().width()
        self._line.setVisible(line <= room)
        self._line.setToolTip(self._line.text())
        self._views.setVisible(views + 12 <= room - (line if line <= room else 0))


@form.register
class DifferenceBar(QWidget):
    """Two rows under the photos: what is visible on this view, and what is graded over all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, tuple[DifferenceRow, ...]], ...] = ()
        self._fates = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.updateGeometry)

    def show_state(self, state: FollowupState) -> None:
        """Show both rows."""
        self._rows = ((state.visible_title, state.visible), (state.graded_title, state.graded))
        self._fates = state.fates
        spoken = []
        for title, rows in self._rows:
            parts = ", ".join(
                tr("{name} {before} to {now}", name=r.name, before=r.before, now=r.now)
                for r in rows
            )
            spoken.append(f"{title}: {parts}")
        self.setAccessibleName(tr("What differs by type"))
        self.setAccessibleDescription(". ".join((*spoken, self._fates)))
        self.update()

    def sizeHint(self) -> QSize:
        """Two rows."""
        return QSize(500, theme.px(62))

    def minimumSizeHint(self) -> QSize:
        """Never lower than its rows; how wide is the photos' matter."""
        return QSize(300, theme.px(62))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw title and cells of each row; names give way to glyphs where there is no room."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.setPen(theme.colour("border"))
        painter.drawLine(0, 0, self.width(), 0)
        strong = QFontMetricsF(theme.font("captionStrong"))
        titles = max((strong.horizontalAdvance(t) for t, _ in self._rows), default=0) + 28
        high = (self.height() - 2) / max(1, len(self._rows))
        cells = max((len(rows) for _, rows in self._rows), default=0)
        # Titles go over two lines before glyphs and numbers touch their neighbours.
        least = max((self._room(r, named=False) for _, rows in self._rows for r in rows), default=0)
        titles = max(80.0, min(titles, self.width() - 10 - cells * (least + 4)))
        wide = (self.width() - titles - 10) / max(1, cells)
        names = all(self._room(row) <= wide - 6 for _, rows in self._rows for row in rows)
        for number, (title, rows) in enumerate(self._rows):
            top = 1 + number * high
            painter.setFont(theme.font("captionStrong"))
            painter.setPen(theme.colour("text2"))
            place = QRectF(14, top, titles - 20, high)
            wrapped = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(place, wrapped, title)
            for cell, row in enumerate(rows):
                at = QRectF(titles + cell * wide, top, wide, high)
                self._paint_cell(painter, at, row, names=names)
        painter.end()

    def _room(self, row: DifferenceRow, *, named: bool = True) -> float:
        name = QFontMetricsF(theme.font("caption")).horizontalAdvance(row.name) + 6
        numbers = QFontMetricsF(theme.font("bodyStrong")).horizontalAdvance(self._numbers(row))
        return 26 + (name if named else 0) + numbers

    def _numbers(self, row: DifferenceRow) -> str:
        return f"{row.before} {ARROW} {row.now}"

    def _paint_cell(
        self, painter: QPainter, at: QRectF, row: DifferenceRow, *, names: bool
    ) -> None:
        radius = glyphs.radius_of(row.type)
        middle = QPointF(at.left() + 9, at.center().y())
        glyphs.paint(painter, row.type, middle, radius * min(0.72, 6.5 / radius))
        x = at.left() + 24
        if names:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.colour("text"))
            wide = painter.fontMetrics().horizontalAdvance(row.name)
            place = QRectF(x, at.top(), wide + 2, at.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, row.name)
            x += wide + 6
        painter.setFont(theme.font("bodyStrong"))
        painter.setPen(theme.colour("text"))
        place = QRectF(x, at.top(), at.right() - x, at.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._numbers(row))
