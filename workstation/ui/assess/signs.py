"""Other signs of severity: three-state rows that record the clinician's own answer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from workstation.language import tr
from workstation.presenters.severity_signs import NONE_TRIED, Sign
from workstation.ui import icons
from workstation.ui.assess.answer_row import AnswerRow
from workstation.ui.theme import theme
from workstation.ui.widgets import wrap_lines

_LOOK = {True: ("circle-check", "sevText"), False: ("circle", "text2"), None: ("minus", "text3")}
_NEXT: dict[bool | None, bool | None] = {None: True, True: False, False: None}


class SignRow(AnswerRow):
    """One sign. A click goes from unknown to yes, no and back; Y, N and Del say it at once.

    A sign with choices opens a menu instead.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign: Sign | None = None
        self._wide: tuple[float, float] | None = None  # text size, room for both on one line

    def show_sign(self, sign: Sign) -> None:
        """Show a sign."""
        if sign == self.sign:
            return
        high = self.heightForWidth(self.width())
        self.sign, self._wide = sign, None
        self.setAccessibleName(sign.spoken)
        self.setToolTip(
            tr("{title}: {whole}. Click, or Y, N, Del", title=sign.title, whole=sign.whole)
        )
        self._shown(high)

    def heightForWidth(self, width: int) -> int:
        """One line, or more when title and detail do not fit beside each other."""
        if self.sign is None or self._fits(width):
            return max(24, theme.px(24))
        lines = len(self._lines(width))
        return theme.px(23) + theme.px(16) * lines

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        sign = self.sign
        if sign is None:
            return
        painter = QPainter(self)
        icon, role = _LOOK[sign.state]
        line = theme.px(24)
        icons.paint(painter, icon, QPointF(0, (line - 16) / 2), role, 16)
        painter.setFont(theme.font("bodyStrong"))
        painter.setPen(theme.colour("text"))
        title = QRectF(24, 0, self.width() - 24, line)
        painter.drawText(title, Qt.AlignmentFlag.AlignVCenter, sign.title)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("text2"))
        if self._fits(self.width()):
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(0, 0, self.width(), line), flags, sign.detail)
        else:
            self._draw_below(painter, self._lines(self.width()), 24)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Y, N and Del answer at once."""
        answers: dict[int, bool | None] = {
            Qt.Key.Key_Y: True,
            Qt.Key.Key_N: False,
            Qt.Key.Key_Delete: None,
            Qt.Key.Key_Backspace: None,
        }
        if self.sign is not None and event.key() in answers:
            self._answer(answers[event.key()])
            return
        super().keyPressEvent(event)

    def menu(self) -> QMenu:
        """The menu of a sign with choices; ticking one records the whole answer."""
        menu = QMenu(self)
        sign = self.sign
        if sign is None:
            return menu
        for value, words, chosen in sign.choices:
            entry = menu.addAction(words[:1].upper() + words[1:])
            entry.setCheckable(True)
            entry.setChecked(chosen)
            entry.triggered.connect(lambda on=False, v=value: self._tick(v, on=on))
        menu.addSeparator()
        menu.addAction(tr("Not known")).triggered.connect(
            lambda: self.recorded.emit(sign.fact, None)
        )
        return menu

    def _pressed(self) -> None:
        if self.sign is None:
            return
        if self.sign.choices:
            self._open_menu()
        else:
            self.recorded.emit(self.sign.fact, _NEXT[self.sign.state])

    def _answer(self, value: bool | None) -> None:
        if self.sign is None:
            return
        if self.sign.choices and value is not None:
            if value:
                self._pressed()
            else:
                offered = {choice for choice, _, _ in self.sign.choices}
                none = (NONE_TRIED,) if NONE_TRIED in offered else None
                self.recorded.emit(self.sign.fact, none)
            return
        self.recorded.emit(self.sign.fact, value)

    def _tick(self, value: str, *, on: bool) -> None:
        if self.sign is None:
            return
        chosen = [v for v, _, was in self.sign.choices if (on if v == value else was)]
        # "None tried" excludes the others, whichever came last.
        if value == NONE_TRIED and on:
            chosen = [NONE_TRIED]
        elif on:
            chosen = [v for v in chosen if v != NONE_TRIED]
        self.recorded.emit(self.sign.fact, tuple(chosen) or None)

    def _fits(self, width: int) -> bool:
        if self.sign is None:
            return True
        scale = theme.text_scale
        if self._wide is None or self._wide[0] != scale:  # layouts ask for it again and again
            title = QFontMetricsF(theme.font("bodyStrong")).horizontalAdvance(self.sign.title)
            detail = QFontMetricsF(theme.font("caption")).horizontalAdvance(self.sign.detail)
            self._wide = (scale, 24 + title + 12 + detail)
        return self._wide[1] <= width

    def _lines(self, width: int) -> list[str]:
        if self.sign is None:
            return []
        return list(wrap_lines(self.sign.detail, theme.font("caption"), width - 24))
