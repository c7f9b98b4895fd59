"""The window on the second screen: who is shown, and the photos; or nothing of anybody."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from workstation.language import tr
from workstation.presenters.banner import Banner
from workstation.presenters.second_words import LOCKED, NOBODY, TITLE, WHOLE
from workstation.ui import icons
from workstation.ui.theme import theme
from workstation.ui.widgets import FocusRing, PhotoCircle

IDENTITY = 32
LEAST = QSize(900, 640)
GAP = 22


class IdentityBar(QWidget):
    """Photo, name, born and ID of the patient, and at the right the view and its date.

    In a narrow window the caption goes first and the given name is shortened; the family name
    never.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        self._photo = PhotoCircle(self, size=24, rounded=True)
        row.addWidget(self._photo)
        row.addStretch(1)
        self._shown: Banner | None = None
        self.caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """One low line."""
        return QSize(LEAST.width(), theme.px(IDENTITY))

    def show_banner(self, banner: Banner | None) -> None:
        """Show who it is; None is nobody."""
        before = self._shown.photo if self._shown is not None else None
        self._shown = banner
        if banner is None or banner.photo != before:
            photo = banner.photo if banner is not None else b""
            self._photo.show_photo(QImage.fromData(photo) if photo else None)
        self._photo.setVisible(banner is not None)
        self._tell()

    def show_caption(self, caption: str) -> None:
        """Show which photo it is."""
        if caption != self.caption:
            self.caption = caption
            self._tell()

    def parts(self) -> tuple[tuple[str, str], ...]:
        """(text, role) of what is drawn at the left, as far as there is room."""
        banner = self._shown
        if banner is None:
            return ()
        rest = (
            tr("Born {born}", born=banner.born),
            tr("ID {identifier}", identifier=banner.identifier),
        )
        taken = self._taken() + sum(_wide(text, "body") + GAP for text in rest)
        name = _shortened(banner.name, self.width() - taken - 12)
        return ((name, "bodyStrong"), *((text, "body") for text in rest))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("banner"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("border"))
        x, middle = float(self._taken()), Qt.AlignmentFlag.AlignVCenter
        for text, role in self.parts():
            painter.setFont(theme.font(role))
            painter.setPen(theme.colour("text" if role == "bodyStrong" else "text2"))
            wide = _wide(text, role)
            painter.drawText(QRectF(x, 0, wide + 2, self.height() - 1), middle, text)
            x += wide + GAP
        room = self.width() - x - 12
        if self._shown is not None and _wide(self.caption, "body") <= room:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.colour("text2"))
            place = QRectF(x, 0, room, self.height() - 1)
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, self.caption)
        painter.end()

    def _taken(self) -> int:
        return 12 + 24 + 10

    def _tell(self) -> None:
        banner = self._shown
        said = (
            []
            if banner is None
            else [banner.name, tr("born {born}", born=banner.born), banner.identifier]
        )
        self.setAccessibleName(tr("Patient of these photos"))
        self.setAccessibleDescription(", ".join(part for part in (*said, self.caption) if part))
        self.update()


class Plain(QWidget):
    """Opaque, with a sentence that is about nobody."""

    def __init__(self, icon: str, text: str, *, rail: bool = False) -> None:
        super().__init__()
        self._icon, self._text, self._rail = icon, text, rail
        self.setAccessibleName(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ground, an icon and the sentence."""
        painter = QPainter(self)
        ground = theme.fixed("light", "rail") if self._rail else theme.fixed("light", "canvas")
        painter.fillRect(self.rect(), ground)
        ink = theme.fixed("dark", "text2")
        middle = QRectF(self.rect())
        corner = middle.center()
        corner.setX(corner.x() - 14)
        corner.setY(corner.y() - 46)
        icons.paint(painter, self._icon, corner, ink.name(), 28)
        painter.setFont(theme.font("body"))
        painter.setPen(ink)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(QRectF(20, middle.center().y(), self.width() - 40, 60), flags, self._text)
        painter.end()


class PhotoWindow(QWidget):
    """Belongs to the main window: its keys go on working here. ``left`` tells that it was closed.

    The title names the product alone, also where the system shows open windows.
    """

    left = Signal()

    def __init__(self, main: QWidget) -> None:
        super().__init__(main, Qt.WindowType.Tool)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(TITLE)
        self.setAccessibleName(TITLE)
        self.setMinimumSize(LEAST)
        self.identity = IdentityBar()
        self._photos = QWidget()
        column = QVBoxLayout(self._photos)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.identity)
        self._column = column
        self._nobody, self._cover = (
            Plain("camera", tr(NOBODY)),
            Plain("lock", tr(LOCKED), rail=True),
        )
        self._stack = QStackedWidget()
        for page in (self._nobody, self._photos, self._cover):
            self._stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self._room: QWidget | None = None
        self._covered = False
        self._ring = FocusRing(self)

    @property
    def shown(self) -> str:
        """What lies on top: ``locked``, ``nobody`` or ``photos``."""
        page = self._stack.currentWidget()
        names = {self._cover: "locked", self._nobody: "nobody"}
        return names.get(page, "photos") if isinstance(page, Plain) else "photos"

    def take(self, room: QWidget | None) -> None:
        """Show the part of a page that holds its photos; None shows that nobody is open."""
        if self._room is not None and self._room is not room:
            self._column.removeWidget(self._room)
        self._room = room
        if room is not None:
            self._column.addWidget(room, 1)
            room.show()
        self._arrange()

    def cover(self, covered: bool) -> None:
        """Lay the lock over everything, at once, or take it away."""
        self._covered = covered
        self._arrange()
        if covered and self.isVisible():
            self.repaint()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The photos go back; the window itself is kept for the next time."""
        event.ignore()
        self.left.emit()

    def _arrange(self) -> None:
        page: QWidget = self._nobody if self._room is None else self._photos
        self._stack.setCurrentWidget(self._cover if self._covered else page)


class StandIn(QWidget):
    """What stands in the page where its photos were; its button brings them back."""

    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        from workstation.ui.actions import BY_ID
        from workstation.ui.widgets import Button, label

        self.setAccessibleName(tr(WHOLE))
        self.setMinimumWidth(200)
        column = QVBoxLayout(self)
        column.addStretch(1)
        words = label(tr(WHOLE), "body")
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setWordWrap(True)
        column.addWidget(words)
        self.button = Button(text=tr("Bring them back"), key=BY_ID["photos.second"].cap)
        self.button.clicked.connect(self.back)
        column.addSpacing(10)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the window."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("bg"))
        painter.end()


def _wide(text: str, role: str) -> float:
    return QFontMetricsF(theme.font(role)).horizontalAdvance(text)


def _shortened(name: str, room: float) -> str:
    """``FAMILY, Given`` with as much of the given name as there is room for."""
    if _wide(name, "bodyStrong") <= room:
        return name
    family, comma, given = name.partition(",")
    while given.strip() and _wide(f"{family},{given}\u2026", "bodyStrong") > room:
        given = given[:-1]
    return f"{family},{given}\u2026" if given.strip() else family + comma.rstrip(",")
