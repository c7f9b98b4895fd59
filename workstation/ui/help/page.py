"""Help: contents and search at the left, the guide at the right; nothing of it comes from a network."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.presenters.guide import chapter, guide
from workstation.ui.actions import BY_ID
from workstation.ui.page import PageTools, Primary, behind
from workstation.ui.theme import theme
from workstation.ui.widgets import SearchField, Wrapped, label, rule
from workstation.ui.widgets.side_list import SideList

LIST, READING = 260, 760
SIZES = {1: 24, 2: 19, 3: 16}  # of headings, px at text scale 1


class HelpPage(QWidget):
    """A page of the shell (see ``ui.page.Page``)."""

    changed = Signal()

    def __init__(self, tools: PageTools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._tools = tools
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._side = QFrame()
        self._side.setProperty("bar", "true")
        self._side.setProperty("panel", True)
        column = QVBoxLayout(self._side)
        column.setContentsMargins(12, 14, 12, 14)
        column.setSpacing(10)
        column.addWidget(label(tr("Help"), "title"))
        self.contents = SideList(tr("Contents of the guide"))
        self.field = SearchField(key=BY_ID["find"].cap, hint=tr("Find in the guide"))
        self.field.textChanged.connect(self._find)
        self.field.left.connect(lambda: self.contents.setFocus(Qt.FocusReason.OtherFocusReason))
        column.addWidget(self.field)
        self.contents.currentItemChanged.connect(lambda item, _: self._go(item))
        self.contents.left.connect(lambda: tools.go("back"))
        column.addWidget(self.contents, 1)
        self._none = Wrapped(tr("Nothing found. Clear the field to see all."), "body2")
        self._none.hide()
        column.addWidget(self._none)
        row.addWidget(self._side)
        row.addWidget(rule(upright=True))
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("The clinician\u2019s guide"))
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setProperty("panel", True)
        self.text.setProperty("reading", True)
        row.addWidget(self.text, 1)
        self._source = guide()
        self._dress()
        self._outworn = False  # the look changed while another page was shown
        theme.theme_changed.connect(self._look_changed)
        tools.commands.bind("find", self, self._focus_field)

    # -- Page

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys that are true here."""
        return (
            ("\u2191 \u2193", tr("section")),
            (BY_ID["find"].cap, tr("find")),
            (BY_ID["keys"].cap, tr("all keys")),
            ("Esc", tr("back", sense="to do")),
        )

    def primary(self) -> Primary | None:
        """Help only tells."""
        return None

    def activate_primary(self) -> None:
        """There is none."""

    def step_chip(self) -> tuple[str, str] | None:
        """Help is no step."""
        return None

    def enter(self) -> None:
        """The contents have the focus."""
        self.contents.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Nothing runs on."""

    def tell_of(self, page: str) -> None:
        """Open the chapter about a page of the desk."""
        heading = chapter(page)
        if not heading:
            return
        self.field.clear()
        for at in range(self.contents.count()):
            if self.contents.item(at).text() == heading:
                self.contents.setCurrentRow(at)
                self._go(self.contents.item(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back from every part of the page."""
        if event.key() == Qt.Key.Key_Escape:
            self._tools.go("back")
        else:
            super().keyPressEvent(event)

    # -- inside

    def _focus_field(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """In the look of now."""
        if self._outworn:
            self._dress()
        super().showEvent(event)

    def _look_changed(self) -> None:
        if behind(self):
            self._outworn = True
        else:
            self._dress()

    def _dress(self) -> None:
        """Colours and sizes are those of the theme; the place stays."""
        self._outworn = False
        self._side.setFixedWidth(theme.px(LIST))
        place = self.text.verticalScrollBar().value()
        document = self.text.document()
        document.setDefaultFont(theme.font_px(14))
        document.setDocumentMargin(theme.px(24))
        self.text.setMarkdown(self._source)
        palette = self.text.palette()
        palette.setColor(palette.ColorRole.Text, theme.colour("text"))
        self.text.setPalette(palette)
        self.text.setViewportMargins(0, 0, max(0, self.text.width() - theme.px(READING)), 0)
        block = document.begin()
        while block.isValid():
            self._dress_block(block)
            block = block.next()
        self.text.verticalScrollBar().setValue(place)
        self._find(self.field.text())

    def _dress_block(self, block: QTextBlock) -> None:
        level = block.blockFormat().headingLevel()
        cursor = QTextCursor(block)
        shape = block.blockFormat()
        shape.setLineHeight(132, 1)  # per cent of the line
        shape.setTopMargin(theme.px(22 if level else 4))
        shape.setBottomMargin(theme.px(6))
        cursor.setBlockFormat(shape)
        if level:
            cursor.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            look = QTextCharFormat()
            look.setFont(theme.font_px(SIZES.get(level, 14), 700))
            look.setForeground(theme.colour("text"))
            cursor.mergeCharFormat(look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines stay short enough to read on a wide screen."""
        super().resizeEvent(event)
        self.text.setViewportMargins(0, 0, max(0, self.text.width() - theme.px(READING)), 0)

    def sections(self) -> tuple[tuple[str, int, str], ...]:
        """(heading, position, all its text) of each section, in order."""
        found: list[tuple[str, int, str]] = []
        block = self.text.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel():
                found.append((block.text(), block.position(), block.text()))
            elif found:
                head, at, words = found[-1]
                found[-1] = (head, at, f"{words} {block.text()}")
            block = block.next()
        return tuple(found)

    def _find(self, words: str) -> None:
        wanted = words.lower().split()
        kept = self.contents.currentItem()
        before = kept.text() if kept is not None else ""
        self.contents.clear()
        for head, at, text in self.sections():
            if all(word in text.lower() for word in wanted):
                item = QListWidgetItem(head)
                item.setData(Qt.ItemDataRole.UserRole, at)
                item.setSizeHint(QSize(0, theme.px(30)))
                self.contents.addItem(item)
                if head == before and not wanted:
                    self.contents.setCurrentItem(item)
        self._none.setVisible(self.contents.count() == 0)
        self._light(wanted)
        if wanted and self.contents.count():
            self.contents.setCurrentRow(0)

    def _light(self, wanted: list[str]) -> None:
        lit: list[QTextEdit.ExtraSelection] = []
        for word in wanted:
            cursor = self.text.document().find(word, 0)
            while not cursor.isNull():
                selection = QTextEdit.ExtraSelection()
                selection.cursor = cursor
                selection.format.setBackground(theme.colour("warnBg"))
                lit.append(selection)
                cursor = self.text.document().find(word, cursor)
        self.text.setExtraSelections(lit)

    def _go(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        cursor = QTextCursor(self.text.document())
        cursor.setPosition(int(item.data(Qt.ItemDataRole.UserRole)))
        top = self.text.cursorRect(cursor).top()
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.value() + top - theme.px(12))
