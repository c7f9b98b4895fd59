"""The photo strip: standard views in hanging order, with counts, quality, and what is missing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QShowEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from workstation.domain.ids import PhotoId
from workstation.language import tr
from workstation.presenters.assess_state import StripItem
from workstation.ui import form, icons
from workstation.ui.photo.bar import BarButton
from workstation.ui.theme import theme
from workstation.ui.widgets import paint_chip, wrap_lines
from workstation.ui.widgets.enter import PaintedButton

GAP = 7
HEADER = 27


class Tile(PaintedButton):
    """One photo, or a view that was not supplied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item: StripItem | None = None
        self._picture: QPixmap | None = None
        self._drawn: QPixmap | None = None
        self._drawn_key: tuple[object, ...] = ()
        self._tall = 66
        self._asking = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.theme_changed.connect(self._cover)

    def show_item(self, item: StripItem, picture: QPixmap | None) -> None:
        """Show one place of the strip; another number paints its badge alone."""
        before, same = self.item, picture is self._picture
        self.item = item
        self._picture = picture
        if same and before is not None and _number_apart(before) == _number_apart(item):
            self._show_number(before, item)
            return
        self.setEnabled(item.photo is not None or self._asking)
        self.setToolTip(item.tooltip)
        missing = tr(
            "{name}: not supplied, ask for it" if self._asking else "{name}: not supplied",
            name=item.name,
        )
        self.setAccessibleName(item.name if item.photo else missing)
        self.setAccessibleDescription(_described(item))
        self.update()

    def _show_number(self, before: StripItem, item: StripItem) -> None:
        """Another number: its badge and what is said of it."""
        self.setToolTip(item.tooltip)
        self.setAccessibleDescription(_described(item))
        rect = self._inside()
        for badge in {one.badge: self._badge_at(rect, one) for one in (before, item)}.values():
            self.update(badge.adjusted(-2, -2, 2, 2).toAlignedRect())

    def showEvent(self, event: QShowEvent) -> None:
        """Styled by now."""
        super().showEvent(event)
        self._cover()

    def _cover(self) -> None:
        # Nothing behind is painted; the style sheet takes this back whenever it styles the button.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def set_asking(self, asking: bool) -> None:
        """Whether a view that was not supplied can be asked for."""
        self._asking = asking
        item, self.item = self.item, None  # said anew, whole
        if item is not None:
            self.show_item(item, self._picture)

    def set_tall(self, tall: int) -> None:
        """Set the height."""
        self._tall = tall
        self.setFixedHeight(tall)

    def sizeHint(self) -> QSize:
        """As wide as the strip lets it be."""
        return QSize(104, self._tall)

    def minimumSizeHint(self) -> QSize:
        """Narrower where a scroll bar stands beside it: else its right edge were cut."""
        return QSize(72, self._tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tile."""
        if self.item is None:
            return
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.colour("canvasBar"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self._inside()
        if self.item.photo is None:
            self._paint_missing(painter, rect)
        else:
            self._paint_photo(painter, rect, self.item)
        painter.end()

    def _inside(self) -> QRectF:
        return QRectF(self.rect()).adjusted(1, 1, -1, -1)

    def _paint_photo(self, painter: QPainter, rect: QRectF, item: StripItem) -> None:
        painter.drawPixmap(0, 0, self._drawn_photo(rect, item))
        self._paint_badge(painter, rect, item)
        if item.chip:
            paint_chip(painter, QPointF(rect.left() + 5, rect.top() + 4), "warn", item.chip, "")
        if item.current or self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.fixed("dark", "accent"), 3 if item.current else 2))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _drawn_photo(self, rect: QRectF, item: StripItem) -> QPixmap:
        """The thumbnail with its name, drawn once: edits change the number on it alone."""
        ratio = self.devicePixelRatioF()
        picture = None if self._picture is None else self._picture.cacheKey()
        key = (picture, item.name, rect.width(), rect.height(), ratio, theme.text_scale)
        if self._drawn is None or self._drawn_key != key:
            self._drawn_key = key
            self._drawn = QPixmap((QSizeF(self.size()) * ratio).toSize())
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(self._drawn)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_photo(painter, rect, item.name)
            painter.end()
        return self._drawn

    def _draw_photo(self, painter: QPainter, rect: QRectF, title: str) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(rect, 6, 6)
        painter.setClipPath(shape)
        painter.fillRect(rect, theme.fixed("light", "canvas"))
        if self._picture is not None and not self._picture.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            w, h = self._picture.width(), self._picture.height()
            share = max(rect.width() / w, rect.height() / h)
            seen_w, seen_h = rect.width() / share, rect.height() / share
            # Faces sit above the middle of the photo: cut more below than above.
            top = (h - seen_h) * 0.36
            painter.drawPixmap(rect, self._picture, QRectF((w - seen_w) / 2, top, seen_w, seen_h))
        shade = QLinearGradient(rect.topLeft(), rect.bottomLeft())
        dark = theme.lesion("casing")
        dark.setAlphaF(0.0)
        shade.setColorAt(0.45, dark)
        dark.setAlphaF(0.78)
        shade.setColorAt(1.0, dark)
        painter.fillRect(rect, shade)
        painter.setClipping(False)
        font = _fitting(title, rect.width() - 12, 600)
        painter.setFont(font)
        painter.setPen(theme.lesion("SC"))
        lines = wrap_lines(title, font, max(rect.width() - 12, 1))
        step = painter.fontMetrics().height()
        for up, line in enumerate(reversed(lines)):
            name = QRectF(rect.left() + 7, rect.bottom() - 20 - up * step, rect.width() - 12, 18)
            painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, line)

    @staticmethod
    def _badge_at(rect: QRectF, item: StripItem) -> QRectF:
        metrics = QFontMetricsF(theme.font("caption", 700))
        width = max(18.0, metrics.horizontalAdvance(f"{item.badge}") + 11)
        name = QFontMetricsF(theme.font("caption", 600)).horizontalAdvance(item.name)
        # Beside the name when there is room, else above it.
        beside, tall = name + width + 14 <= rect.width(), theme.px(17)
        top = rect.bottom() - 4 - tall if beside else rect.top() + 4
        return QRectF(rect.right() - width - 5, top, width, tall)

    def _paint_badge(self, painter: QPainter, rect: QRectF, item: StripItem) -> None:
        text, font = f"{item.badge}", theme.font("caption", 700)
        badge = self._badge_at(rect, item)
        tall = badge.height()
        painter.setPen(Qt.PenStyle.NoPen)
        quiet = not item.badge
        painter.setBrush(theme.fixed("light", "text2" if quiet else "surface"))
        painter.drawRoundedRect(badge, tall / 2, tall / 2)
        painter.setFont(font)
        painter.setPen(theme.fixed("light", "surface" if quiet else "text"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_missing(self, painter: QPainter, rect: QRectF) -> None:
        if self.item is None:
            return
        pen = QPen(theme.fixed("light", "disabledText"), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        small = rect.height() < 62
        ink = theme.fixed("dark", "text3").name()
        icon_at = (
            QPointF(rect.right() - 22, rect.top() + 6) if small else rect.topLeft() + QPointF(7, 5)
        )
        painter.setFont(theme.font("caption", 600))
        beside = painter.fontMetrics().horizontalAdvance(self.item.name) + 7 > rect.width() - 26
        if not (small and beside):  # a name as wide as the place needs no picture over it
            icons.paint(painter, "image-off", icon_at, ink, 16)
            painter.setFont(theme.font("caption", 600))
        painter.setPen(theme.fixed("dark", "text2"))
        line = theme.px(18)
        top = rect.bottom() - 2 * line - 2
        painter.drawText(
            QRectF(rect.left() + 7, top, rect.width() - 10, line),
            Qt.AlignmentFlag.AlignVCenter,
            self.item.name,
        )
        words = tr("Ask for it") if self._asking and self.underMouse() else tr("Not supplied")
        painter.setFont(_fitting(words, rect.width() - 10, 400))
        painter.drawText(
            QRectF(rect.left() + 7, top + line - 1, rect.width() - 10, line),
            Qt.AlignmentFlag.AlignVCenter,
            words,
        )


def _fitting(words: str, room: float, weight: int) -> QFont:
    """The caption's font, or a smaller one with which large text still fits on one line."""
    fonts = (theme.font("caption", weight), *(theme.font_px(px, weight) for px in (12, 11, 10, 9)))
    return next(
        (font for font in fonts if QFontMetricsF(font).horizontalAdvance(words) <= room), fonts[-1]
    )


def _described(item: StripItem) -> str:
    return ", ".join(w for w in (item.tooltip, item.chip) if w)


def _number_apart(item: StripItem) -> tuple[object, ...]:
    """All of a place but its number."""
    return item.name, item.photo, item.chip, item.current, item.ask


@form.register
class PhotoStrip(QWidget):
    """All places of the strip.

    ``chosen`` carries a photo's id, ``ask_wanted`` the ``PhotoAsk`` of a view that was not
    supplied, or None for what "Ask photo" finds by itself.
    """

    chosen = Signal(str)
    ask_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Photos"))
        self._supplied = ""
        self._tall = 66
        self._items: tuple[StripItem, ...] = ()
        self._pictures: dict[PhotoId, QPixmap] = {}
        self.tiles: list[Tile] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(10, HEADER, 10, 8)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget(self._area.viewport())
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._column.addStretch(1)
        self._area.setWidget(inner)
        column.addWidget(self._area)
        self.ask = BarButton("canvas.ask_photo", self, text=tr("Ask photo"))
        self.ask.clicked.connect(lambda: self.ask_wanted.emit(None))
        self.ask.hide()
        column.addWidget(self.ask)

    def set_asking(self, can: bool) -> None:
        """Whether the patient can be asked for photos from here."""
        if can == self.ask.isHidden():
            self.ask.setVisible(can)
            for tile in self.tiles:
                tile.set_asking(can)

    def show_items(self, supplied: str, items: tuple[StripItem, ...]) -> None:
        """Show the strip; tiles are kept so that focus stays where it is."""
        if items == self._items and supplied == self._supplied:
            return
        if supplied != self._supplied:
            # The heading alone: a ground painted anew paints every tile that lies on it.
            self._supplied = supplied
            self.update(0, 0, self.width(), HEADER)
        while len(self.tiles) < len(items):
            tile = Tile()
            tile.set_tall(self._tall)
            tile.set_asking(not self.ask.isHidden())
            tile.clicked.connect(lambda _=False, t=tile: self._clicked(t))
            self._column.insertWidget(len(self.tiles), tile)
            self.tiles.append(tile)
        while len(self.tiles) > len(items):
            self.tiles.pop().deleteLater()
        before = dict(enumerate(self._items))
        for i, item in enumerate(items):
            if before.get(i) != item or self.tiles[i].item is None:
                picture = self._pictures.get(item.photo) if item.photo else None
                self.tiles[i].show_item(item, picture)
                if item.current and not (i in before and before[i].current):
                    self._area.ensureWidgetVisible(self.tiles[i], 0, 4)
        self._items = items

    def show_thumbnail(self, photo: PhotoId, image: QImage) -> None:
        """Show a thumbnail that arrived."""
        self._pictures[photo] = QPixmap.fromImage(image)
        for tile in self.tiles:
            if tile.item is not None and tile.item.photo == photo:
                tile.show_item(tile.item, self._pictures[photo])

    def has_thumbnail(self, photo: PhotoId) -> bool:
        """Whether a thumbnail is at hand."""
        return photo in self._pictures

    def forget(self) -> None:
        """Drop all thumbnails: another consultation, or the page is covered."""
        self._pictures.clear()
        for tile in self.tiles:
            if tile.item is not None:
                tile.show_item(tile.item, None)

    def set_tall(self, tall: int) -> None:
        """Set the height of the tiles."""
        if tall != self._tall:
            self._tall = tall
            for tile in self.tiles:
                tile.set_tall(tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the heading."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("canvasBar"))
        painter.setFont(theme.font("overline"))
        painter.setPen(theme.fixed("dark", "text2"))
        heading = QRectF(10, 6, self.width() - 14, HEADER - 8)
        painter.drawText(
            heading,
            Qt.AlignmentFlag.AlignVCenter,
            tr("PHOTOS  {supplied}", supplied=self._supplied),
        )
        painter.end()

    def _clicked(self, tile: Tile) -> None:
        if tile.item is not None and tile.item.photo is not None:
            self.chosen.emit(tile.item.photo)
        elif tile.item is not None:
            self.ask_wanted.emit(tile.item.ask)
