"""What the pages of Settings are built of: sections, rows, switches, choices and number steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.settings_state import SettingsState
from workstation.ui.theme import theme
from workstation.ui.widgets import Card, Wrapped, label
from workstation.ui.widgets.focus import tab_as_laid_out

WIDE = 760  # of a column of sections
MARGIN = 20


class Section(Card):
    """A titled card with rows below each other."""

    def __init__(self, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 14, 18, 16)
        self.column.setSpacing(8)
        if title:
            self.column.addWidget(label(title, "panel"))
        if note:
            self.column.addWidget(Wrapped(note, "body2"))

    def add(self, widget: QWidget) -> None:
        """Add a row."""
        self.column.addWidget(widget)

    def row(self, words: str, control: QWidget, note: str = "") -> Row:
        """Add a row of words at the left and a control at the right."""
        made = Row(words, control, note)
        self.column.addWidget(made)
        return made


class Row(QWidget):
    """Words with a note below them; the control at the right."""

    def __init__(self, words: str, control: QWidget, note: str = "") -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.addWidget(Wrapped(words, "bodyMedium"), 0, 0)
        if note:
            grid.addWidget(Wrapped(note, "caption2"), 1, 0)
        height = Qt.AlignmentFlag.AlignTop if note else Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(control, 0, 1, 2 if note else 1, 1, Qt.AlignmentFlag.AlignRight | height)
        grid.setColumnStretch(0, 1)
        if not control.accessibleName():
            control.setAccessibleName(words)


class Switch(QCheckBox):
    """On or off, by the name of a setting."""

    def __init__(self, presenter: SettingsPresenter, name: str, words: str) -> None:
        super().__init__(tr("On"))
        self._presenter, self._name = presenter, name
        self.setAccessibleName(words)
        self.toggled.connect(self._chosen)
        self._words = words

    def render_state(self, state: SettingsState) -> None:
        """Show what is in force."""
        with QSignalBlocker(self):
            self.setChecked(state.values.is_on(self._name))

    def _chosen(self, on: bool) -> None:
        words = tr("{words} is on." if on else "{words} is off.", words=self._words)
        self._presenter.change(self._name, "on" if on else "off", words=words)


class Choice(QComboBox):
    """One of several values of a setting."""

    def __init__(
        self,
        presenter: SettingsPresenter,
        name: str,
        words: str,
        values: Sequence[tuple[str, str]],
    ) -> None:
        """``values``: (stored, shown) pairs."""
        super().__init__()
        self._presenter, self._name, self._words = presenter, name, words
        self.setAccessibleName(words)
        for stored, shown in values:
            self.addItem(shown, stored)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._chosen)

    def render_state(self, state: SettingsState) -> None:
        """Show what is in force; a value between the steps is shown as it is."""
        kept = state.values[self._name]
        at = self.findData(kept)
        if at < 0:
            self.addItem(kept, kept)
            at = self.count() - 1
        with QSignalBlocker(self):
            self.setCurrentIndex(at)

    def _chosen(self, at: int) -> None:
        words = f"{self._words}: {self.itemText(at)}."
        self._presenter.change(self._name, str(self.itemData(at)), words=words)


class Entry(QWidget):
    """A field below its name, with the sentence of what is wrong below it."""

    def __init__(self, words: str, field: QWidget) -> None:
        super().__init__()
        self.field = field
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(label(words, "captionStrong"))
        column.addWidget(field)
        self._error = Wrapped("", "error")
        self._error.hide()
        column.addWidget(self._error)
        column.addStretch()
        field.setAccessibleName(words)

    def say(self, sentence: str) -> None:
        """Show what is wrong ("" nothing)."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.field.setProperty("error", "true" if sentence else "")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)


def secret(words: str, *, digits: int = 0) -> QLineEdit:
    """A field whose text shows as dots and that no input method learns from."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
    made.setAccessibleName(words)
    if digits:
        made.setMaxLength(digits)
        made.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
    return made


def side_by_side(*widgets: QWidget, stretch: bool = False) -> QWidget:
    """Widgets in a row of equal columns, or packed left with ``stretch``."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    for widget in widgets:
        row.addWidget(widget, 0 if stretch else 1)
    if stretch:
        row.addStretch(1)
    return box


def emptied(layout: QLayout) -> None:
    """Take every widget out of a layout; hidden at once, deleted when Qt comes to it."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def seen(widget: QWidget) -> None:
    """Scroll the page around a widget until it shows."""
    around = widget.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    if around is not None:
        around.ensureWidgetVisible(widget, 0, theme.px(48))


class Pages(QScrollArea):
    """A page of sections that scrolls down when it is higher than its room."""

    def __init__(self, title: str, note: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        outer = QHBoxLayout(inside)
        outer.setContentsMargins(MARGIN, 14, MARGIN, MARGIN)
        self._holder = holder = QWidget()
        self._dress()
        theme.theme_changed.connect(self._dress)
        outer.addWidget(holder, 100)
        outer.addStretch(1)
        self.column = QVBoxLayout(holder)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.column.addWidget(label(title, "title"))
        self.column.addWidget(Wrapped(note, "body2"))
        self.setWidget(inside)
        self._shown: list[Callable[[SettingsState], None]] = []

    def _dress(self) -> None:
        self._holder.setMaximumWidth(theme.px(WIDE))

    def section(self, title: str, note: str = "") -> Section:
        """Add a section."""
        made = Section(title, note)
        self.column.addWidget(made)
        return made

    def follows(self, render: Callable[[SettingsState], None]) -> None:
        """Call ``render`` at each change."""
        self._shown.append(render)

    def end(self) -> None:
        """All sections are there: they keep together at the top."""
        self.column.addStretch(1)

    def render_state(self, state: SettingsState) -> None:
        """Show what is in force."""
        for render in self._shown:
            render(state)
        self.order_tab()

    def order_tab(self) -> None:
        """Let Tab go from above to below; asked again when rows were made later."""
        tab_as_laid_out(self._holder)
