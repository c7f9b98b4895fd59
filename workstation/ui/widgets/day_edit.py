"""A day that is typed or taken from a calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QAction, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QToolButton, QWidget

from workstation.language import tr
from workstation.presenters import typed, wording
from workstation.ui import icons
from workstation.ui.theme import theme
from workstation.ui.widgets.sized import with_text

DAY_WIDE, DAY_HIGH = 46, 30


class DayEdit(QLineEdit):
    """A day: typed, or taken from a calendar; what was understood is shown as 21-Nov-2026."""

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.setPlaceholderText("dd-Mmm-yyyy")
        self.setToolTip(tr(typed.DAY_HELP))
        with_text(self, lambda: self.setMinimumWidth(theme.px(132)))
        self._open = QAction(icons.icon("calendar", "text2", 16), tr("Calendar"), self)
        self._open.triggered.connect(self.show_calendar)
        self.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)
        self.editingFinished.connect(self._normalise)
        theme.theme_changed.connect(self._dress)

    def _dress(self) -> None:
        self._open.setIcon(icons.icon("calendar", "text2", 16))

    @property
    def day(self) -> date | None:
        """The day, or None."""
        return typed.parse_day(self.text(), self._today)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and Down opens the calendar."""
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.show_calendar()
        else:
            super().keyPressEvent(event)

    def show_calendar(self) -> None:
        """A month to click in; nothing is entered until a day is taken."""
        calendar = _calendar(self)
        shown = self.day or self._today
        calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        calendar.activated.connect(lambda day: self._take(calendar, day))
        calendar.clicked.connect(lambda day: self._take(calendar, day))
        calendar.move(self.mapToGlobal(self.rect().bottomLeft()))
        calendar.show()
        calendar.setFocus()

    def _take(self, calendar: QCalendarWidget, day: QDate) -> None:
        self.setText(wording.day(date(day.year(), day.month(), day.day())))
        self.setModified(True)
        calendar.close()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _normalise(self) -> None:
        found = self.day
        if found is not None:
            self.setText(wording.day(found))


def _calendar(parent: QWidget) -> QCalendarWidget:
    """A month: weekends look like other days, since red says that something is in the way."""
    calendar = QCalendarWidget(parent)
    calendar.setWindowFlag(Qt.WindowType.Popup)
    calendar.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    plain, head = QTextCharFormat(), QTextCharFormat()
    plain.setForeground(theme.colour("text"))
    for day in Qt.DayOfWeek:
        calendar.setWeekdayTextFormat(day, plain)
    head.setForeground(theme.colour("text3"))
    head.setBackground(theme.colour("surface2"))
    calendar.setHeaderTextFormat(head)
    for name, icon, said in (
        ("qt_calendar_prevmonth", "chevron-left", tr("Month before")),
        ("qt_calendar_nextmonth", "chevron-right", tr("Month after")),
    ):
        button = calendar.findChild(QToolButton, name)
        if button is not None:
            button.setIcon(icons.icon(icon, "text2", 16))
            button.setAccessibleName(said)
    # Wide enough for the names of days, each day a target.
    calendar.setMinimumSize(theme.px(7 * DAY_WIDE), theme.px(8 * DAY_HIGH))
    return calendar
