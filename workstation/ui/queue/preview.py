"""The right panel of the queue: large photo, thumbnails, who, what they ask, what stands out."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
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

from workstation.domain.ids import PhotoId
from workstation.domain.pixels import Pixels
from workstation.presenters import wording
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.queue_rows import PreviewView, QueueState
from workstation.ui import icons
from workstation.ui.queue.rows import LEVEL_CHIPS
from workstation.ui.theme import theme
from workstation.ui.widgets import Chip, PrimaryButton, Wrapped, label, overline, rule, unbroken

THUMBNAILS = 5
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

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Front photo")

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    def show_image(self, image: QImage | None) -> None:
        """Show it."""
        self._image = image
        self.update()

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
        painter.end()


def covering(image: QImage, box: QSize) -> QRectF:
    """The part of an image that fills a box, a little above its middle."""
    scale = max(box.width() / image.width(), box.height() / image.height())
    width, height = box.width() / scale, box.height() / scale
    return QRectF((image.width() - width) / 2, (image.height() - height) * 0.3, width, height)


class Thumbnails(QWidget):
    """The other photos in a row; a click shows one large."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._photos: tuple[tuple[PhotoId, str], ...] = ()
        self._images: dict[str, QImage] = {}
        self.setFixedHeight(54)
        self.setAccessibleName("Other photos")

    def show_photos(self, photos: tuple[tuple[PhotoId, str], ...]) -> None:
        """Which photos there are."""
        self._photos = photos[:THUMBNAILS]
        self._images = {}
        self.setVisible(bool(photos))
        self.setAccessibleName("Other photos: " + ", ".join(name for _, name in photos))
        self.update()

    def show_image(self, photo: PhotoId, image: QImage) -> None:
        """One of them arrived."""
        self._images[photo] = image
        self.update()

    def clear(self) -> None:
        """Drop decoded pictures."""
        self._images = {}

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

    def __init__(self, presenter: QueuePresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._shown: PreviewView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.photo = LargePhoto()
        self._thumbnails = Thumbnails()
        self._thumbnails.chosen.connect(self._large)
        column.addWidget(self.photo)
        column.addWidget(self._thumbnails)
        self._words = QWidget()
        self._body = QVBoxLayout(self._words)
        self._body.setContentsMargins(14, 10, 14, 8)
        self._body.setSpacing(6)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._words)
        column.addWidget(scroll, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 8, 14, 14)
        self.open_button = PrimaryButton(text="Open", key="\u21b5")
        self.open_button.clicked.connect(self.opened)
        foot.addWidget(self.open_button, 1)
        column.addLayout(foot)
        self.open_button.hide()
        self.photo.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The photo keeps its shape in a panel of any width."""
        super().resizeEvent(event)
        self.photo.setFixedHeight(round(self.width() * RATIO))

    def render_state(self, state: QueueState) -> None:
        """Show the preview of the selected row."""
        preview = state.preview
        if preview == self._shown:
            return
        before, self._shown = self._shown, preview
        same = before is not None and preview is not None and before.id == preview.id
        if preview is None and state.selected is not None:
            return  # the next one is on its way: no flash of emptiness
        self.open_button.setVisible(preview is not None)
        self.photo.setVisible(preview is not None)
        self._write(preview)
        if not same:
            self.photo.show_image(None)
            self._thumbnails.show_photos(preview.others if preview is not None else ())
            self.load_photos()

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
            self._presenter.thumbnail(id, preview.front, first)
            self._large(preview.front)
        for photo, _ in preview.others[:THUMBNAILS]:

            def arrived(content: bytes, photo: PhotoId = photo) -> None:
                image = QImage.fromData(content)
                if self._is(id) and not image.isNull():
                    self._thumbnails.show_image(photo, image)

            self._presenter.thumbnail(id, photo, arrived)

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

        self._presenter.large(id, PhotoId(photo), arrived)

    def _is(self, id: str) -> bool:
        return self._shown is not None and self._shown.id == id and self.isVisible()

    def _write(self, preview: PreviewView | None) -> None:
        while self._body.count():
            item = self._body.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if preview is None:
            return
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        name = Wrapped(unbroken(preview.name), "panel")
        row.addWidget(name, 1)
        level = preview.level
        row.addWidget(
            Chip(kind=LEVEL_CHIPS[level], text=wording.TRIAGE[level]),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        self._body.addWidget(head)
        self._body.addWidget(Wrapped(preview.identity, "caption"))
        if preview.similar_name:
            self._body.addWidget(
                Chip(kind="warn", text=f"Similar name: {preview.similar_name}"),
                0,
                Qt.AlignmentFlag.AlignLeft,
            )
        self._body.addWidget(rule())
        self._body.addWidget(_facts(preview))
        self._body.addWidget(rule())
        self._body.addWidget(overline("Before prescribing" if preview.findings else "At a glance"))
        for icon, role, sentence in (*preview.findings, *_beside(preview)):
            self._body.addWidget(_line(icon, role, sentence))
        self._body.addStretch()


def _beside(preview: PreviewView) -> tuple[tuple[str, str, str], ...]:
    """What the findings do not say: once they are there, only who has it and missing photos."""
    beside = ("user", "image-off")
    return tuple(line for line in preview.stands_out if not preview.findings or line[0] in beside)


def _facts(preview: PreviewView) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 2, 0, 2)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnMinimumWidth(0, theme.px(80))
    grid.setColumnStretch(1, 1)
    for n, (name, value) in enumerate(preview.facts):
        grid.addWidget(label(name, "body3"), n, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Wrapped(unbroken(value)), n, 1)
    return box


def _line(icon: str, role: str, sentence: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    picture = QLabel()
    icons.dress(picture, icon, role, 16)
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Wrapped(unbroken(sentence)), 1)
    return box
