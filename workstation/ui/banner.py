"""The patient banner and the step bar: the same place on every page of a consultation."""

from __future__ import annotations

from PySide6.QtCore import (
    QEasingCurve,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import (
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.presenters.banner import NO_ALLERGIES, Banner
from workstation.ui import form
from workstation.ui.actions import key_text
from workstation.ui.page import Primary
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    Button,
    Chip,
    PhotoCircle,
    PrimaryButton,
    chip_size,
    label,
    paint_chip,
    plain_tip,
    rule,
)
from workstation.ui.widgets.enter import PaintedButton
from workstation.ui.widgets.sized import on_its_line

BANNER, STEPS = 56, 41
CHIPS = 2  # beside each other; more stand in two rows
LINE, SWEEP_MS = 3, 200  # of the line that runs along when the patient changes
BREAKS = 14  # a family name of so many letters may be broken


class _Group(QWidget):
    """A small label over its value."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(12)
        row.addWidget(rule(self, upright=True))
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addStretch()
        self._title = label(title, "caption", self)
        self._value = label("", "value", self)
        self._missing = False
        column.addWidget(self._title)
        column.addWidget(self._value)
        column.addStretch()
        row.addLayout(column)

    def show_value(self, value: str, *, missing: bool = False, tip: str = "") -> None:
        self._value.setText(value)
        if missing != self._missing:
            self._missing = missing
            self._value.setProperty("missing", "true" if missing else "false")
            self._value.style().unpolish(self._value)
            self._value.style().polish(self._value)
        self._value.setAccessibleName(f"{self._title.text()}: {value}")
        self.setToolTip(plain_tip(tip))

    @property
    def value(self) -> str:
        return self._value.text()

    def needed(self) -> int:
        """Width of its words now, before any layout has taken them up."""
        for part in (self._title, self._value):
            part.ensurePolished()
        return 13 + max(self._title.sizeHint().width(), self._value.sizeHint().width())


@form.register
class PatientBanner(QWidget):
    """Photo, name, born, sex, identifier, weight, allergies; at the right chips, two rows of them if need be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Banner | None = None
        self.swept = 1.0  # share of the width the line has run along
        self._sweeping = QVariantAnimation(self, duration=SWEEP_MS)
        self._sweeping.setStartValue(0.0)
        self._sweeping.setEndValue(1.0)
        self._sweeping.setEasingCurve(QEasingCurve.Type.OutQuad)
        self._sweeping.valueChanged.connect(self._swept)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 16, 0)
        row.setSpacing(12)
        self._photo = PhotoCircle(self, size=40, rounded=True)
        row.addWidget(self._photo)
        self._name = label("", "title", self)
        self._title = label("", "body3", self)
        on_its_line(self._name, self._title)
        name = QHBoxLayout()
        name.setSpacing(7)
        name.addWidget(self._name)
        name.addWidget(self._title)
        row.addLayout(name)
        self._born = _Group(tr("Born"), self)
        self._sex = _Group(tr("Sex"), self)
        self._id = _Group("ID", self)
        self._weight = _Group(tr("Weight"), self)
        self._allergies = _Group(tr("Allergies"), self)
        self.groups = (self._born, self._sex, self._id, self._weight, self._allergies)
        for group in self.groups:
            row.addWidget(group)
        row.addStretch(1)
        self._chips = QGridLayout()
        self._chips.setHorizontalSpacing(8)
        self._chips.setVerticalSpacing(3)
        self._shown_chips: list[Chip] = []
        row.addLayout(self._chips)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self._themed)
        self.hide()

    @property
    def name(self) -> str:
        """Name as shown."""
        return self._shown.name if self._shown is not None else ""

    def sizeHint(self) -> QSize:
        """56 high at text scale 1; never taller than its values need."""
        return QSize(600, theme.px(BANNER))

    def minimumSizeHint(self) -> QSize:
        """What it shows follows the window's width; it never holds the window open."""
        return QSize(600, super().minimumSizeHint().height())

    def show_banner(self, banner: Banner) -> None:
        """Show who the consultation is about."""
        fresh = self._shown is None or banner.photo != self._shown.photo
        if self._shown is None or self._shown.identifier != banner.identifier:
            self._sweep()
        self._shown = banner
        if fresh:
            self._photo.show_photo(QImage.fromData(banner.photo) if banner.photo else None)
        self._title.setText(banner.title)
        self._born.show_value(banner.born)
        self._sex.show_value(banner.sex)
        self._id.show_value(banner.identifier)
        self._weight.show_value(
            banner.weight,
            missing=banner.weight_missing,
            tip=tr("Measured {weight_on}", weight_on=banner.weight_on) if banner.weight_on else "",
        )
        self._allergies.show_value(
            banner.allergies, missing=banner.allergies_missing, tip=banner.allergies
        )
        for old in self._shown_chips:
            self._chips.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown_chips = [Chip(self, kind=kind, text=word) for kind, word in banner.chips]
        if banner.mixed and self._shown_chips:
            self._shown_chips[0].setToolTip(plain_tip(banner.mixed))
            self._shown_chips[0].setAccessibleDescription(banner.mixed)
        for chip in self._shown_chips:
            chip.show()  # now, not later: what follows asks how much room is left
        self.setAccessibleName(tr("Patient: {name}", name=banner.name))
        self._fit()

    def forget(self) -> None:
        """Nobody's consultation is open."""
        self._shown = None
        self._photo.show_photo(None)
        self._name.setText("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A long name goes over two lines before anything is cut."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Surface with a hairline below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("banner"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("border"))
        if self.swept < 1.0:
            wide = round(self.width() * self.swept)
            painter.fillRect(0, self.height() - LINE, wide, LINE, theme.colour("accent"))
        painter.end()

    def _sweep(self) -> None:
        """An accent line runs along once when it is another patient; none with reduced motion."""
        self._sweeping.stop()
        self.swept = 1.0
        if self.isVisible() and not theme.reduced_motion:
            self.swept = 0.0
            self._sweeping.start()

    def _swept(self, share: float) -> None:
        self.swept = share
        self.update()

    def _themed(self) -> None:
        if self._shown is not None:
            self.show_banner(self._shown)
            QTimer.singleShot(0, self, self._fit)  # again when the new sizes of text have arrived

    def _fit(self) -> None:
        banner = self._shown
        if banner is None:
            return
        rows = 1 if len(self._shown_chips) <= CHIPS else 2
        for at, chip in enumerate(self._shown_chips):
            self._chips.addWidget(chip, at % rows, at // rows, Qt.AlignmentFlag.AlignLeft)
        # Full names first; then allergies as a count; then the name over two lines; then no
        # weight; and a family name longer than a line is broken, never cut. Last, sex and courtesy
        # title give way to warnings: photo, name, birth date and number never do.
        for spare, lines in ((0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)):
            self._sex.setVisible(spare < 3)
            self._title.setVisible(spare < 3)
            self._weight.setVisible(spare < 2 or banner.weight_missing)
            allergies = banner.allergies
            if spare and len(allergies) > 16 and not banner.allergies_missing:
                count = allergies.count(",") + 1
                none = allergies == tr(NO_ALLERGIES)
                allergies = tr("None known") if none else tr("{count} recorded", count=count)
            self._allergies.show_value(
                allergies, missing=banner.allergies_missing, tip=banner.allergies
            )
            self._name.setText(_over(banner.name, lines))
            self._name.setFont(theme.font("title") if lines == 1 else theme.font_px(15, 700))
            size = "" if lines == 1 else f"font-size: {theme.px(15)}px"
            self._name.setStyleSheet(size)
            if self._needed() <= self.width():
                return

    def _needed(self) -> int:
        """Width of everything shown. The layout itself learns of new words only later."""
        self._name.ensurePolished()
        self._title.ensurePolished()
        width = 12 + 40 + 12 + self._name.sizeHint().width()
        width += 0 if self._title.isHidden() else 7 + self._title.sizeHint().width()
        width += sum(12 + group.needed() for group in self.groups if not group.isHidden())
        wide = [chip.sizeHint().width() for chip in self._shown_chips]
        step = 1 if len(wide) <= CHIPS else 2
        width += sum(8 + max(wide[at : at + step]) for at in range(0, len(wide), step))
        return width + 12 + 16


def _over(name: str, lines: int) -> str:
    """A name on one line, given name below, or (3) a long one broken in the middle."""
    if lines == 1:
        return name
    family = name.partition(", ")[0]
    if lines == 2 or len(family) < BREAKS:
        return name.replace(", ", ",\n", 1)
    half = (len(name) + 1) // 2
    return f"{name[:half]}\n{name[half:]}"


class _Step(PaintedButton):
    """Number, name and state chip of one step; the current one is underlined."""

    def __init__(self, number: int, text: str, key: str) -> None:
        super().__init__()
        self._number = number
        self._chip: tuple[str, str] | None = None
        self.setText(text)
        self.setCheckable(True)
        self.setToolTip(f"{text} ({key})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    @property
    def chip(self) -> tuple[str, str] | None:
        return self._chip

    def show_chip(self, chip: tuple[str, str] | None) -> None:
        self._chip = chip
        self.setAccessibleName(f"{self.text()}, {chip[1]}" if chip else self.text())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = 12 + 20 + 8 + QFontMetricsF(theme.font("bodyStrong")).horizontalAdvance(self.text())
        if self._chip is not None:
            width += 8 + chip_size(self._chip[1], "").width()
        return QSize(round(width + 12), theme.px(STEPS) - 1)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self.isChecked()
        middle = self.height() / 2
        disc = QRectF(12.5, middle - 9.5, 19, 19)
        painter.setPen(QPen(theme.colour("accent" if current else "border2"), 1))
        painter.setBrush(theme.colour("accent" if current else "surface"))
        painter.drawEllipse(disc)
        painter.setPen(theme.colour("onAccent" if current else "text2"))
        painter.setFont(theme.font("overline"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))
        font = theme.font("bodyStrong" if current else "bodyMedium")
        painter.setFont(font)
        painter.setPen(theme.colour("text" if current else "text2"))
        painter.drawText(
            QRectF(40, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        if self._chip is not None:
            x = 48 + painter.fontMetrics().horizontalAdvance(self.text())
            height = chip_size(self._chip[1], "").height()
            paint_chip(painter, QPointF(x, middle - height / 2), *self._chip, "")
        if current:
            painter.fillRect(0, self.height() - 2, self.width(), 2, theme.colour("accent"))
        painter.end()


DETAIL = " \u00b7 "  # between the details of a visit


@form.register
class StepBar(QWidget):
    """The steps of a consultation, Save and close, and the page's one primary button."""

    chosen = Signal(str)
    closed = Signal()
    forward = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 0, 12, 1)
        self._row.setSpacing(0)
        self._steps: dict[str, _Step] = {}
        self._line = label("", "caption")
        self._row.addSpacing(14)
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row.addWidget(self._line, 1)
        self.close_button = Button(text=tr("Save and close"), kind="link")
        self.close_button.clicked.connect(self.closed)
        self._row.addWidget(self.close_button)
        self._row.addSpacing(12)
        self.primary_button = PrimaryButton()
        self.primary_button.clicked.connect(self.forward)
        self._row.addWidget(self.primary_button)
        self._about, self._reason = "", ""
        self._primary: Primary | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def sizeHint(self) -> QSize:
        """41 high at text scale 1."""
        return QSize(600, theme.px(STEPS))

    def add(self, id: str, text: str, key: str) -> None:
        """Add a step after those there are."""
        step = _Step(len(self._steps) + 1, text, key)
        step.clicked.connect(lambda _=False: self.chosen.emit(id))
        self._row.insertWidget(len(self._steps), step)
        self._steps[id] = step

    def set_numbered(self, ids: tuple[str, ...]) -> None:
        """Show these steps only, numbered from 1."""
        for id, step in self._steps.items():
            step.setVisible(id in ids)
            if id in ids:
                step._number = ids.index(id) + 1

    def rename(self, id: str, text: str) -> None:
        """Call a step otherwise: what it is differs between consultations."""
        step = self._steps.get(id)
        if step is not None and step.text() != text:
            step.setText(text)
            step.show_chip(step.chip)

    def set_current(self, id: str) -> None:
        """Mark the step we are on."""
        for name, step in self._steps.items():
            step.setChecked(name == id)

    def show_chip(self, id: str, chip: tuple[str, str] | None) -> None:
        """State beside a step."""
        if chip != self._steps[id].chip:
            self._steps[id].show_chip(chip)
            self._fit_line()

    def show_about(self, about: str) -> None:
        """What the consultation is, beside the steps."""
        if about != self._about:
            self._about = about
            self._fit_line()

    def show_primary(self, primary: Primary | None) -> None:
        """The button's words and whether it is open; its reason stands beside the steps."""
        button = self.primary_button
        if primary == self._primary and button.isHidden() == (primary is None):
            return
        self._primary = primary
        button.setVisible(primary is not None)
        reason = ""
        if primary is not None:
            button.show_text(primary.text)
            button.set_key(key_text(primary.key))
            button.setEnabled(primary.enabled)
            button.setToolTip(primary.reason)
            reason = "" if primary.enabled else primary.reason
        self._reason = reason
        self._fit_line()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is beside the steps takes the room there is."""
        super().resizeEvent(event)
        self._fit_line()

    def _fit_line(self) -> None:
        """A reason is always whole, over two lines if need be; details of the visit give way."""
        whole = self._reason or self._about
        parts = whole.split(DETAIL)
        others = [b for b in (*self._steps.values(), self.close_button) if not b.isHidden()]
        taken = sum(b.sizeHint().width() for b in others) + 10 + 14 + 12 + 12
        if not self.primary_button.isHidden():
            taken += self.primary_button.sizeHint().width() + 12
        room = self.width() - taken
        metrics = QFontMetricsF(theme.font("caption"))
        while len(parts) > 1 and not self._reason:
            if metrics.horizontalAdvance(DETAIL.join(parts)) <= room:
                break
            parts.pop()
        text = DETAIL.join(parts)
        if not self._reason and metrics.horizontalAdvance(text) > room:
            text = ""
        self._line.setWordWrap(bool(self._reason))
        self._line.setMinimumWidth(min(120, max(0, round(room))) if self._reason else 0)
        self._line.setText(text)
        self._line.setToolTip(plain_tip(whole))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Surface with a hairline below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("border"))
        painter.end()
