"""The right panel of the queue: large photo, thumbnails, who, what they ask, what stands out."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.accounts import Permission
from workstation.domain.ids import PhotoId
from workstation.domain.pixels import Pixels
from workstation.language import tr
from workstation.presenters import wording
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.queue_rows import PreviewView, QueueState
from workstation.ui import icons
from workstation.ui.actions import BY_ID
from workstation.ui.queue.rows import LEVEL_CHIPS
from workstation.ui.theme import theme
from workstation.ui.widgets import (
    Button,
    Chip,
    PrimaryButton,
    Wrapped,
    label,
    overline,
    rule,
    unbroken,
)
from workstation.ui.widgets.sized import with_text

THUMBNAILS = 5
FACTS, LINES = 5, 10  # of an ordinary preview
LATE_MS = 150  # after which somebody else's preview is gone, though the next is not there
READY_MS = 500  # after the page was made: the first rows are there by then
RATIO = 0.66  # height of the large photo over its width


def image_of(pixels: Pixels | None) -> QImage | None:
    """A copy of decoded pixels as an image (the shared memory may go away)."""
    if pixels is None:
        return None
    raw = bytes(pixels.data)
    image = QImage(raw, pixels.width, pixels.height, pixels.width * 4, QImage.Format.Format_RGB32)
    return image.copy()


class LargePhoto(QWidget):
    """A photo that fills its box; the neutral surround is the same in both themes."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.whose = ""  # written over the photo where no name stands beside it
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Front photo"))

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    def show_image(self, image: QImage | None) -> None:
        """Show it."""
        self._image = image
        self.update()
        self.changed.emit()

    def sizeHint(self) -> QSize:
        """At the panel's usual width."""
        return QSize(320, round(320 * RATIO))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the photo, cropped to the box around its upper middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.colour("canvas"))
        image = self._image
        if image is not None and not image.isNull():
            painter.drawImage(QRectF(self.rect()), image, covering(image, self.size()))
        if self.whose:
            self._write(painter)
        painter.end()

    def _write(self, painter: QPainter) -> None:
        painter.setFont(theme.font("bodyStrong"))
        words = painter.fontMetrics().size(Qt.TextFlag.TextSingleLine, self.whose)
        plate = QRectF(14, 14, words.width() + 20, words.height() + 12)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.fixed("light", "rail"))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(theme.fixed("light", "surface"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self.whose)


def covering(image: QImage, box: QSize) -> QRectF:
    """The part of an image that fills a box, a little above its middle."""
    scale = max(box.width() / image.width(), box.height() / image.height())
    width, height = box.width() / scale, box.height() / scale
    return QRectF((image.width() - width) / 2, (image.height() - height) * 0.3, width, height)


class Thumbnails(QWidget):
    """The other photos in a row; a click shows one large."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos: tuple[tuple[PhotoId, str], ...] = ()
        self._images: dict[str, QImage] = {}
        self.setFixedHeight(54)
        self.setAccessibleName(tr("Other photos"))

    def show_photos(self, photos: tuple[tuple[PhotoId, str], ...]) -> None:
        """Which photos there are."""
        self._photos = photos[:THUMBNAILS]
        self._images = {}
        self.setVisible(bool(photos))
        self.setAccessibleName(tr("Other photos: ") + ", ".join(name for _, name in photos))
        self.update()

    def show_image(self, photo: PhotoId, image: QImage) -> None:
        """One of them arrived."""
        self._images[photo] = image
        self.update()

    def clear(self) -> None:
        """Drop decoded pictures."""
        self._images = {}
        self.update()

    def boxes(self) -> tuple[QRect, ...]:
        """Where they lie."""
        width = (self.width() - 3 * (THUMBNAILS - 1)) // THUMBNAILS
        return tuple(
            QRect(n * (width + 3), 3, width, self.height() - 3) for n in range(len(self._photos))
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose one."""
        for box, (photo, _) in zip(self.boxes(), self._photos, strict=True):
            if box.contains(event.position().toPoint()):
                self.chosen.emit(photo)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for box, (photo, _) in zip(self.boxes(), self._photos, strict=True):
            painter.fillRect(box, theme.colour("canvas"))
            image = self._images.get(photo)
            if image is not None:
                painter.drawImage(QRectF(box), image, covering(image, box.size()))
        painter.end()


class PreviewPanel(QWidget):
    """Shows the selected consultation; nothing is claimed by looking."""

    opened = Signal()
    deferred = Signal()
    contacted = Signal()

    def __init__(self, presenter: QueuePresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._shown: PreviewView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.photo = LargePhoto(self)
        self._thumbnails = Thumbnails(self)
        self._thumbnails.chosen.connect(self._large)
        self._nothing = Wrapped(tr("No consultation is chosen."), "body2", self)
        self._nothing.setContentsMargins(14, 14, 14, 0)
        self._nothing.hide()
        column.addWidget(self._nothing)
        column.addWidget(self.photo)
        column.addWidget(self._thumbnails)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._words = _Words(scroll.viewport())
        scroll.setWidget(self._words)
        self._words.hide()  # the scroll area shows what it is given
        column.addWidget(scroll, 1)
        column.addLayout(self._foot())
        self.photo.hide()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LATE_MS)
        self._late.timeout.connect(self._empty)
        ready = QTimer(self)
        ready.setSingleShot(True)
        ready.timeout.connect(self._words.make_ready)
        ready.start(READY_MS)

    def _foot(self) -> QHBoxLayout:
        """What can be done with what is shown, by this user's role; all of it hidden while nothing is."""
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 8, 14, 14)
        self.open_button = PrimaryButton(self, text=tr("Open"), key="\u21b5")
        self.open_button.clicked.connect(self.opened)
        foot.setSpacing(10)
        foot.addWidget(self.open_button, 1)
        self.defer_button = Button(self, text=tr("Defer"), key=BY_ID["queue.defer"].cap)
        self.defer_button.clicked.connect(self.deferred)
        foot.addWidget(self.defer_button)
        contact = BY_ID["queue.contact"]
        self.contact_button = Button(self, text=tr(contact.text), key=contact.cap)
        self.contact_button.clicked.connect(self.contacted)
        foot.addWidget(self.contact_button, 1)
        self._reads = Wrapped("", "caption", self)  # instead, to whom nothing opens
        foot.addWidget(self._reads, 1)
        for part in (self.open_button, self.defer_button, self.contact_button, self._reads):
            part.hide()
        return foot

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The photo keeps its shape in a panel of any width."""
        super().resizeEvent(event)
        self.photo.setFixedHeight(round(self.width() * RATIO))

    def render_state(self, state: QueueState) -> None:
        """Show the preview of the selected row."""
        preview = state.preview
        self._nothing.setVisible(state.loaded and preview is None and state.selected is None)
        if preview == self._shown:
            return
        before, self._shown = self._shown, preview
        same = before is not None and preview is not None and before.id == preview.id
        if preview is None and state.selected is not None:
            self._late.start()
            return  # the next one is on its way: no flash of emptiness
        self._late.stop()
        there, refusal = preview is not None, self._presenter.refusal
        opens = refusal(Permission.CLAIM, Permission.SECOND_READ)
        self.open_button.setVisible(there and not opens)
        self.defer_button.setVisible(there and not refusal(Permission.TRIAGE))
        records = bool(opens) and not refusal(Permission.RECORD_CONTACT)
        self.contact_button.setVisible(there and records)
        self._reads.setText(opens)
        self._reads.setVisible(there and bool(opens) and not records)
        self.photo.setVisible(preview is not None)
        self._words.show_preview(preview)
        if not same:
            self.photo.show_image(None)
            self._thumbnails.show_photos(preview.others if preview is not None else ())
            self.load_photos()

    def _empty(self) -> None:
        """Nobody is shown beside another's row."""
        self._words.show_preview(None)
        self.drop_photos()

    def load_photos(self) -> None:
        """Fetch the pictures of what is shown."""
        preview = self._shown
        if preview is None:
            return
        id = preview.id

        def first(content: bytes) -> None:
            image = QImage.fromData(content)
            if self._is(id) and not image.isNull() and self.photo.image is None:
                self.photo.show_image(image)

        if preview.front is not None:
            self._presenter.photos.thumbnail(id, preview.front, first)
            self._large(preview.front)
        for photo, _ in preview.others[:THUMBNAILS]:

            def arrived(content: bytes, photo: PhotoId = photo) -> None:
                image = QImage.fromData(content)
                if self._is(id) and not image.isNull():
                    self._thumbnails.show_image(photo, image)

            self._presenter.photos.thumbnail(id, photo, arrived)

    def drop_photos(self) -> None:
        """Let go of decoded pictures."""
        self.photo.show_image(None)
        self._thumbnails.clear()

    def _large(self, photo: str) -> None:
        preview = self._shown
        if preview is None:
            return
        id = preview.id

        def arrived(pixels: Pixels | None) -> None:
            image = image_of(pixels)
            if image is not None and self._is(id):
                self.photo.show_image(image)

        self._presenter.photos.large(id, PhotoId(photo), arrived)

    def _is(self, id: str) -> bool:
        return self._shown is not None and self._shown.id == id and self.isVisible()


class _Words(QWidget):
    """What is said about a consultation. Its parts are kept: the next row changes their words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        body = QVBoxLayout(self)
        body.setContentsMargins(14, 10, 14, 8)
        body.setSpacing(6)
        head = QHBoxLayout()
        self._name = Wrapped("", "panel", self)
        self._level = Chip(self)
        head.addWidget(self._name, 1)
        head.addWidget(self._level, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        self._identity = Wrapped("", "caption", self)
        body.addWidget(self._identity)
        self._similar = Chip(self, kind="warn")
        body.addWidget(self._similar, 0, Qt.AlignmentFlag.AlignLeft)
        self._mixed, self._letters = Chip(self, kind="warn"), Wrapped("", "caption", self)
        body.addWidget(self._mixed, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(self._letters)
        body.addWidget(rule(self))
        facts = QGridLayout()
        facts.setContentsMargins(0, 2, 0, 2)
        facts.setHorizontalSpacing(12)
        facts.setVerticalSpacing(6)
        with_text(self, lambda: facts.setColumnMinimumWidth(0, theme.px(80)))
        facts.setColumnStretch(1, 1)
        self._grid = facts
        self._facts: list[tuple[QLabel, Wrapped]] = []
        body.addLayout(facts)
        body.addWidget(rule(self))
        self._over = overline("", self)
        body.addWidget(self._over)
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        self._lines: list[_Line] = []
        body.addLayout(self._column)
        body.addStretch()
        self.hide()

    def make_ready(self) -> None:
        """Have the parts of an ordinary preview before the first one is shown."""
        self._make(FACTS, LINES)

    def _make(self, facts: int, lines: int) -> None:
        while len(self._facts) < facts:
            row, pair = len(self._facts), (label("", "body3", self), Wrapped("", parent=self))
            self._grid.addWidget(pair[0], row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(pair[1], row, 1)
            for part in pair:
                part.hide()
            self._facts.append(pair)
        while len(self._lines) < lines:
            self._lines.append(_Line(self))
            self._lines[-1].hide()
            self._column.addWidget(self._lines[-1])

    def show_preview(self, preview: PreviewView | None) -> None:
        """Say what there is to say; nothing for None."""
        self.setVisible(preview is not None)
        if preview is None:
            return
        self._name.setText(unbroken(preview.name))
        self._level.show_chip(LEVEL_CHIPS[preview.level], tr(wording.TRIAGE[preview.level]))
        self._identity.setText(preview.identity)
        self._similar.setVisible(bool(preview.similar_name))
        if preview.similar_name:
            self._similar.show_chip(
                "warn", tr("Similar name: {similar_name}", similar_name=preview.similar_name)
            )
        chip, letters = preview.mixed
        self._mixed.setVisible(bool(chip))
        self._letters.setVisible(bool(letters))
        if chip:
            self._mixed.show_chip("warn", chip)
            self._letters.setText(unbroken(letters))
        said = (*preview.findings, *_beside(preview))
        self._make(len(preview.facts), len(said))
        for at, (name, value) in enumerate(self._facts):
            there = at < len(preview.facts)
            name.setVisible(there)
            value.setVisible(there)
            if there:
                name.setText(preview.facts[at][0])
                value.setText(unbroken(preview.facts[at][1]))
        over = tr("Before prescribing") if preview.findings else tr("At a glance")
        self._over.setText(over.upper())
        self._over.setAccessibleName(over)
        for at, line in enumerate(self._lines):
            line.setVisible(at < len(said))
            if at < len(said):
                line.show_line(*said[at])


def _beside(preview: PreviewView) -> tuple[tuple[str, str, str], ...]:
    """What the findings do not say: once they are there, only who has it and missing photos."""
    beside = ("user", "image-off")
    return tuple(line for line in preview.stands_out if not preview.findings or line[0] in beside)


class _Line(QWidget):
    """An icon and a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._picture, self._words = QLabel(self), Wrapped("", parent=self)
        self._dressed = ("", "")
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def show_line(self, icon: str, role: str, sentence: str) -> None:
        """Say another one."""
        if (icon, role) != self._dressed:
            self._dressed = (icon, role)
            icons.dress(self._picture, icon, role, 16)
        self._words.setText(unbroken(sentence))
