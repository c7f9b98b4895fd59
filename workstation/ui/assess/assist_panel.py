"""The proposals panel: what became of them, a row per zone, the likelihood, and who drew them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from workstation.domain.lesions import LesionType
from workstation.language import plural, tr
from workstation.presenters.assist_state import AssistShown, ZoneRow
from workstation.ui.assess.counts_view import paint_tile
from workstation.ui.flow import FlowLayout
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, Chip, Wrapped, label, rule

_TILE, _GAP = 15, 3


class _Types(QWidget):
    """The glyphs of some types in a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds: tuple[LesionType, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_types(self, kinds: tuple[LesionType, ...]) -> None:
        """Show these."""
        self._kinds = kinds
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the glyphs."""
        return QSize(max(1, len(self._kinds)) * (_TILE + _GAP), _TILE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wanted = max(1, len(self._kinds)) * (_TILE + _GAP)
        step = (_TILE + _GAP) * min(1.0, self.width() / wanted)  # smaller before one is cut
        side = step * _TILE / (_TILE + _GAP)
        for i, kind in enumerate(self._kinds):
            paint_tile(painter, kind, QRectF(i * step, (_TILE - side) / 2, side, side))
        painter.end()


class _Row(Card):
    """One zone, or the less likely ones: name, types or remark, number, button."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._name = Wrapped("", "bodyStrong", self)
        self._types = _Types(self)
        self._remark = Wrapped("", "caption", self)
        for part in (self._name, self._types, self._remark):
            words.addWidget(part)
        row.addLayout(words, 1)
        self._number = label("", "bodyStrong", self)
        row.addWidget(self._number)
        self.button = Button(self, text=tr("Accept zone"))
        self.button.clicked.connect(self.pressed)
        row.addWidget(self.button)

    def show_zone(self, zone: ZoneRow) -> None:
        """Show a zone's likely proposals."""
        self._fill(zone.name, zone.number, tr("Accept zone"))
        self._types.show_types(zone.types)
        self._types.show()
        self._remark.hide()

    def show_unlikely(self, number: int) -> None:
        """Show how many are drawn grey."""
        verb = (
            tr("Refuse it")
            if number == 1
            else tr("Refuse both")
            if number == 2
            else tr("Refuse these")
        )
        self._fill(tr("Less likely"), number, verb)
        self._remark.setText(tr("under 0.50, grey"))
        self._remark.show()
        self._types.hide()

    def _fill(self, name: str, number: int, verb: str) -> None:
        self._name.setText(name)
        self._number.setText(str(number))
        self.button.show_text(verb)
        self.button.setAccessibleName(f"{verb}: {name}, {number}")


class AssistPanel(QWidget):
    """Shows ``AssistShown``; its signals carry what the clinician does.

    ``zone_accepted`` carries the zone, ``least_set`` the likelihood to show from.
    """

    zone_accepted = Signal(object)
    unlikely_refused = Signal()
    all_accepted = Signal()
    all_refused = Signal()
    least_set = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Proposals"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(rule(self))
        head = FlowLayout()
        self._heading = label("", "bodyStrong", self)
        head.addWidget(self._heading)
        head.addWidget(Chip(self, kind="info", text=tr("assist on"), icon="sparkles"))
        column.addLayout(head)
        self.line = Wrapped("", "body2", self)
        column.addWidget(self.line)
        self._make_slider(column)  # above the rows: in a low window it would lie below the fold
        self._zones = QVBoxLayout()
        self._zones.setSpacing(6)
        column.addLayout(self._zones)
        self.rows: list[_Row] = []
        self._shown_zones: tuple[ZoneRow, ...] = ()
        self.unlikely = _Row(self)
        self.unlikely.pressed.connect(self.unlikely_refused)
        column.addWidget(self.unlikely)
        self._make_all(column)
        foot = Card(self, kind="info")
        self.foot = Wrapped("", "caption", foot)
        inside = QVBoxLayout(foot)
        inside.setContentsMargins(10, 8, 10, 8)
        inside.addWidget(self.foot)
        column.addWidget(foot)
        self.hide()

    def render_state(self, shown: AssistShown) -> None:
        """Show a state."""
        self._heading.setText(shown.heading)
        self.line.setText(shown.line)
        self._shown_zones = shown.zones
        while len(self.rows) < len(shown.zones):
            row = _Row(self)
            number = len(self.rows)
            row.pressed.connect(lambda i=number: self._accepted(i))
            self.rows.append(row)
            self._zones.addWidget(row)
        for i, row in enumerate(self.rows):
            row.setVisible(i < len(shown.zones))
            if i < len(shown.zones):
                row.show_zone(shown.zones[i])
        self.unlikely.setVisible(shown.unlikely > 0)
        if shown.unlikely:
            self.unlikely.show_unlikely(shown.unlikely)
        self.slider.blockSignals(True)
        self.slider.setValue(round(shown.least * 100))
        self.slider.blockSignals(False)
        self._least.setText(f"{shown.least:.2f}")
        for button in (self.accept, self.refuse):
            button.setEnabled(bool(shown.proposals))
        self.accept.setAccessibleName(
            tr(
                "Accept all shown: {proposals}",
                proposals=plural(len(shown.proposals), "{n} proposal", "{n} proposals"),
            )
        )
        self.foot.setText(shown.foot)

    def _accepted(self, row: int) -> None:
        if row < len(self._shown_zones):
            self.zone_accepted.emit(self._shown_zones[row].zone)

    def _make_slider(self, column: QVBoxLayout) -> None:
        words = QHBoxLayout()
        caption = label(tr("Show from likelihood"), "body2", self)
        words.addWidget(caption, 1)
        self._least = label("", "bodyStrong", self)
        words.addWidget(self._least)
        column.addLayout(words)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(10, 95)
        self.slider.setSingleStep(5)
        self.slider.setPageStep(10)
        self.slider.setMinimumHeight(theme.px(24))
        self.slider.setAccessibleName(tr("Show proposals from likelihood, percent"))
        caption.setBuddy(self.slider)
        self.slider.valueChanged.connect(lambda value: self.least_set.emit(value / 100))
        column.addWidget(self.slider)

    def _make_all(self, column: QVBoxLayout) -> None:
        row = FlowLayout(spacing=8)
        self.accept = Button(self, text=tr("Accept all shown"), icon="check")
        self.refuse = Button(self, text=tr("Refuse all"))
        self.accept.clicked.connect(self.all_accepted)
        self.refuse.clicked.connect(self.all_refused)
        row.addWidget(self.accept)
        row.addWidget(self.refuse)
        column.addLayout(row)
