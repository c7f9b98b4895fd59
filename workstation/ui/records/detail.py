"""The right-hand panels of Records: one document with its verdict and versions, or one entry."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.documents import DocumentState
from workstation.language import tr
from workstation.presenters import stamping
from workstation.presenters.records_state import Detail
from workstation.presenters.records_trail import TrailView
from workstation.presenters.records_wording import STATE_CHIPS, STATES
from workstation.ui import icons
from workstation.ui.flow import FlowLayout
from workstation.ui.flowing import Flowing
from workstation.ui.printing import image_of
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Card, Chip, PhotoCircle, label, overline, rule, unbroken

WIDE = 372
DIGEST_FROM = 24  # characters
PAGE_SHARE = 0.55  # how much of the first page is shown above the verdict
TONES = {"ok": "circle-check", "info": "info", "warn": "triangle-alert", "danger": "octagon-x"}


class FirstPage(QWidget):
    """The upper part of a document's first page, as wide as the panel."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(tr("First page"))

    def show_page(self, image: QImage | None) -> None:
        """Show a page, or an empty one while it is read."""
        self._image = image
        self.update()

    def hasHeightForWidth(self) -> bool:
        """It keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Part of a page's height."""
        return round(width * 1.29 * PAGE_SHARE)

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(WIDE - 32, self.heightForWidth(WIDE - 32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(area, theme.fixed("light", "surface"))
        if self._image is not None:
            high = self._image.width() * area.height() / area.width()
            painter.drawImage(area, self._image, QRectF(0, 0, self._image.width(), high))
        painter.setPen(theme.colour("border2"))
        painter.drawRect(area)
        painter.end()


class Panel(QWidget):
    """A scrolling column with buttons below it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("panel", True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self._scroll, 1)
        self.foot = QVBoxLayout()
        self.foot.setContentsMargins(16, 8, 16, 12)
        self.foot.setSpacing(8)
        outer.addLayout(self.foot)

    def fill(self, build: Callable[[QVBoxLayout], None]) -> None:
        """Make the column anew."""
        body = QFrame()
        body.setProperty("bar", "true")
        rows = QVBoxLayout(body)
        rows.setContentsMargins(16, 14, 16, 8)
        rows.setSpacing(8)
        build(rows)
        rows.addStretch()
        at = self._scroll.verticalScrollBar().value()
        self._scroll.setWidget(body)
        self._scroll.verticalScrollBar().setValue(at)


class DocumentPanel(Panel):
    """One document; every button is a verb of the page."""

    def __init__(self, verbs: dict[str, Callable[[], None]], show: Callable[[int], None]) -> None:
        super().__init__()
        self._show = show
        self._face: QImage | None = None
        self._detail: Detail | None = None
        self.page = FirstPage()
        self.open = Button(text=tr("Open"), kind="primary", icon="file-text", key="\u21b5")
        self.print = Button(text=tr("Print"), icon="printer")
        self.export = Button(text=tr("Export"), icon="download")
        self.amend = Button(text=tr("Amend"), icon="pencil")
        self.give_up = Button(text=tr("Give up amendment"), icon="undo-2")
        self.void = Button(text=tr("Make void"), kind="danger", icon="octagon-x")
        self.handout = Button(text=tr("Handout"), icon="file-text")
        self.stamp = Button(text=tr(stamping.ADD), icon="clock")
        self.why = Button(text=tr("Why was this signed?"), icon="info", key="W")
        for pair in (
            (self.open, self.print),
            (self.export, self.handout),
            (self.why,),
            (self.amend, self.void),
            (self.give_up,),
            (self.stamp,),
        ):
            row = QHBoxLayout()
            row.setSpacing(8)
            for button in pair:
                row.addWidget(button, 1)
            self.foot.addLayout(row)
        for name, verb in verbs.items():
            getattr(self, name).clicked.connect(verb)

    def show_face(self, image: QImage | None) -> None:
        """The patient's photo."""
        self._face = image
        if self._detail is not None:
            self.show_detail(self._detail)

    def show_detail(self, detail: Detail | None) -> None:
        """Show a document, a file from outside, or nothing."""
        self._detail = detail
        stored = detail is not None and detail.row is not None
        copies = "" if detail is None else detail.no_copies
        for button in (self.open, self.why):
            button.setEnabled(stored)
        for button in (self.print, self.export, self.handout):
            button.setEnabled(stored and not copies)
            button.setToolTip(copies)
        self.stamp.setVisible(detail is not None and detail.may_stamp)
        self.give_up.setVisible(detail is not None and bool(detail.amending))
        self.amend.setEnabled(detail is not None and detail.may_amend)
        self.void.setEnabled(detail is not None and detail.may_void)
        self.amend.setToolTip("" if detail is None else detail.not_amended)
        self.void.setToolTip("" if detail is None else detail.not_void)
        self.page.setParent(None)
        self.page.show_page(image_of(detail.page) if detail is not None and detail.page else None)
        self._tabs: list[Button] = []
        self.fill(lambda rows: self._build(rows, detail))
        # Made anew with each document, and yet before what stands below them.
        foot = (self.open, self.print, self.export, self.handout, self.why, self.amend, self.void)
        chain = (*self._tabs, *foot, self.give_up, self.stamp)
        for first, then in pairwise(chain):
            QWidget.setTabOrder(first, then)

    def _build(self, rows: QVBoxLayout, detail: Detail | None) -> None:
        if detail is None:
            rows.addWidget(Flowing(tr("No document is chosen."), "body2"))
            return
        head = QHBoxLayout()
        head.setSpacing(10)
        if detail.row is not None:
            photo = PhotoCircle(size=40)
            photo.show_photo(self._face)
            photo.setAccessibleName(tr("Photo of {title}", title=detail.title))
            head.addWidget(photo)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(Flowing(unbroken(detail.title), "panel"))
        names.addWidget(Flowing(unbroken(detail.born), "caption"))
        head.addLayout(names, 1)
        rows.addLayout(head)
        if detail.row is not None:
            self._document(rows, detail)
        self._verdict(rows, detail)
        if detail.versions:
            rows.addWidget(overline(tr("Versions")))
            for version in detail.versions:
                self._version(rows, version.state, version.title, version.when, version.reason)

    def _document(self, rows: QVBoxLayout, detail: Detail) -> None:
        assert detail.row is not None
        line = QHBoxLayout()
        line.setSpacing(6)
        document = detail.document
        number = document.number if document is not None else ""
        line.addWidget(label(f"{detail.tabs[detail.current]} {number}", "bodyStrong"), 1)
        kind, icon = STATE_CHIPS[detail.row.state]
        line.addWidget(Chip(kind=kind, text=tr(STATES[detail.row.state]), icon=icon))
        rows.addLayout(line)
        if len(detail.tabs) > 1:
            choices = QHBoxLayout()
            choices.setSpacing(6)
            for at, name in enumerate(detail.tabs):
                choice = Button(text=name, kind="secondary")
                choice.setProperty("kind", "segment")
                choice.setCheckable(True)
                choice.setChecked(at == detail.current)
                choice.setAccessibleName(tr("Show {name}", name=name.lower()))
                choice.clicked.connect(lambda _=False, at=at: self._show(at))
                choices.addWidget(choice)
                self._tabs.append(choice)
            choices.addStretch()
            rows.addLayout(choices)
        rows.addWidget(self.page)
        self.page.show()

    def _verdict(self, rows: QVBoxLayout, detail: Detail) -> None:
        if not detail.verdict_state:
            rows.addWidget(label(tr("Checking the file"), "caption"))
            return
        good = detail.verdict_state == "valid"
        card = Card(kind="quiet" if good else "danger")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(12, 10, 12, 12)
        inner.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        picture = label()
        role = "ok" if good else "danger"
        icons.dress(picture, "shield-check" if good else "octagon-x", role, 18)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        title = Flowing(detail.verdict_title, "bodyStrong")
        head.addWidget(title, 1)
        head.addWidget(label(detail.checked, "caption"), 0, Qt.AlignmentFlag.AlignTop)
        inner.addLayout(head)
        for tone, said, more in detail.verdict:
            line = QHBoxLayout()
            line.setSpacing(8)
            mark = label()
            icons.dress(mark, TONES[tone], tone, 16)
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(Flowing(said, "bodyStrong"))
            if more:
                words.addWidget(Flowing(more, "caption"))
            line.addLayout(words, 1)
            inner.addLayout(line)
        rows.addWidget(card)

    def _version(
        self, rows: QVBoxLayout, state: DocumentState, title: str, when: str, why: str
    ) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        kind, icon = STATE_CHIPS[state]
        mark = label()
        icons.dress(mark, icon, kind, 16)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Flowing(unbroken(title), "bodyStrong"))
        words.addWidget(Flowing(unbroken(when), "caption"))
        if why:
            words.addWidget(Flowing(tr("Reason: {why}", why=why), "caption"))
        line.addLayout(words, 1)
        rows.addLayout(line)


class EntryPanel(Panel):
    """One entry of the audit trail, and the check of the whole chain."""

    def __init__(self, check: Callable[[], None], export: Callable[[], None]) -> None:
        super().__init__()
        self.foot.addWidget(Flowing(tr("Nothing here can be edited or removed."), "caption"))
        again = Button(text=tr("Check again"), icon="refresh-cw")
        again.clicked.connect(check)
        out = Button(text=tr("Export as CSV"), icon="download")
        out.clicked.connect(export)
        row = FlowLayout(spacing=8)  # below one another where words are long
        row.addWidget(again)
        row.addWidget(out)
        self.foot.addLayout(row)

    def show_trail(self, trail: TrailView | None) -> None:
        """Show the chosen entry."""
        self.fill(lambda rows: self._build(rows, trail))

    def _build(self, rows: QVBoxLayout, trail: TrailView | None) -> None:
        if trail is None or trail.refused:
            rows.addWidget(Flowing(trail.refused if trail else tr("Reading the trail"), "body2"))
            return
        entry = trail.entry
        if entry is not None:
            rows.addWidget(Flowing(entry.act, "panel"))
            rows.addWidget(
                Flowing(
                    tr(
                        "Entry {seq:,} \u00b7 {day} {time}",
                        seq=entry.seq,
                        day=entry.day,
                        time=entry.time,
                    ),
                    "caption",
                )
            )
            rows.addWidget(rule())
            grid = QGridLayout()
            grid.setHorizontalSpacing(12)
            grid.setVerticalSpacing(6)
            grid.setColumnStretch(1, 1)
            for at, (name, value) in enumerate(entry.pairs):
                grid.addWidget(label(name, "caption"), at, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(Flowing(_breakable(value), "body"), at, 1)
            rows.addLayout(grid)
            rows.addWidget(rule())
        card = Card(kind="quiet" if trail.whole else "danger")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(12, 10, 12, 12)
        head = QHBoxLayout()
        mark = label()
        icons.dress(
            mark,
            "shield-check" if trail.whole else "octagon-x",
            "ok" if trail.whole else "danger",
            18,
        )
        head.addWidget(mark)
        head.addWidget(Flowing(trail.check_title, "bodyStrong"), 1)
        inner.addLayout(head)
        inner.addWidget(Flowing(trail.check_detail, "caption"))
        rows.addWidget(card)


def _breakable(value: str) -> str:
    """A digest has no place to break: it is set in groups that have."""
    if len(value) <= DIGEST_FROM or not all(c in "0123456789abcdef" for c in value):
        return value
    return " ".join(value[i : i + 16] for i in range(0, len(value), 16))
