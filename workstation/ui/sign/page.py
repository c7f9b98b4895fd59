"""The Sign page: what is signed, the very pages, and the PIN typed with no click."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.pixels import Pixels
from workstation.language import Sentence, plural, tr
from workstation.presenters.sign import SignPresenter
from workstation.presenters.sign_state import DocumentTab, SignedNotice, SignState
from workstation.ui import form, icons
from workstation.ui.actions import hints, key_text
from workstation.ui.digits import digit_of
from workstation.ui.flowing import Flowing
from workstation.ui.page import PageTools, Primary
from workstation.ui.printing import DRAFT
from workstation.ui.sign.calm import Calm
from workstation.ui.sign.preview import Preview
from workstation.ui.theme import theme
from workstation.ui.widgets import PhotoCircle, label, overline, rule, unbroken

DIGITS = 6
LEFT, ASIDE = 420, 216  # widths of the columns beside the page
TWO_MARKS = 4  # px above a line
LARGE = 0.25  # text larger by this leaves room for the documents' names only


class PinBox(QFrame):
    """One digit's box; shows a dot, never the digit."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(46, 44)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._dot = label("", "panel")
        self._dot.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self._dot)

    def show_digit(self, *, filled: bool, now: bool, off: bool) -> None:
        """Filled, next to be typed, or closed."""
        self._dot.setText("\u25cf" if filled else "")
        look = "off" if off else "now" if now else "true"
        if self.property("pin") != look:
            self.setProperty("pin", look)
            self.style().unpolish(self)
            self.style().polish(self)


class SignPage(QWidget):
    """Renders ``SignState``. ``signed`` tells the shell what was signed and what comes next."""

    changed = Signal()
    signed = Signal(str)
    blocked = Signal()
    record_wanted = Signal(str)  # the number of a document that was just signed

    left: QFrame
    heading: QLabel
    afterTitle: QLabel
    pinCard: QFrame
    nothingSent: QLabel
    patientRow: QHBoxLayout
    patientName: QLabel
    patientBorn: QLabel
    patientIdentity: QLabel
    lines: QVBoxLayout
    exportBox: QCheckBox
    signer: QLabel
    pinRows: QVBoxLayout
    pinBoxes: QHBoxLayout
    signButton: QPushButton
    tabBar: QFrame
    tabRow: QHBoxLayout
    viewRow: QHBoxLayout

    def __init__(
        self, presenter: SignPresenter, tools: PageTools, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._presenter, self._tools = presenter, tools
        self._state: SignState | None = None
        self._records = False
        form.load(self, "sign")
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Sign: type the PIN"))
        self.left.setProperty("panel", True)
        self.photo = PhotoCircle(size=64, rounded=True)
        self.patientRow.insertWidget(0, self.photo)
        self.patientRow.addStretch()
        # A letter with two marks (the \u1ec4 of a name) stands higher than the font says.
        self.patientName.setContentsMargins(0, TWO_MARKS, 0, 0)
        self.boxes = tuple(PinBox() for _ in range(DIGITS))
        for box in self.boxes:
            self.pinBoxes.addWidget(box)
        self.pinBoxes.addStretch()
        self.pin_note = Flowing("", "caption")
        self.pinRows.addWidget(self.pin_note)
        self.tabs = QTabBar()
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName(tr("Documents"))
        self.tabs.tabBarClicked.connect(presenter.show)
        self.tabRow.addWidget(self.tabs)
        self.tabRow.addStretch()
        self.number = label("", "caption")
        self.tabRow.addWidget(self.number)
        self.preview = Preview()
        self.viewRow.addWidget(self.preview, 1)
        self.notices: QWidget = self.preview  # notices never cover the PIN
        self.viewRow.addWidget(self._notes())
        self.signButton.clicked.connect(presenter.sign)
        self.signButton.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.exportBox.toggled.connect(presenter.set_export)
        self.exportBox.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._size_columns()
        theme.theme_changed.connect(self._size_columns)
        self.calm = Calm(self)
        self._subscriptions = (
            presenter.changed.subscribe(self.show_state),
            presenter.signed.subscribe(self._signed),
            presenter.stamped.subscribe(lambda text: tools.toast(text, ())),
            presenter.blocked.subscribe(self._blocked),
            presenter.failed.subscribe(lambda text: tools.toast(text, ())),
        )
        tools.commands.bind("sign.next_document", self, self.next_document)
        tools.commands.bind("sign.print", self, self.print_draft, self._nothing_to_print)

    # -- page

    def enter(self) -> None:
        """Render the previews; the keys go to the PIN."""
        self._presenter.enter()
        state = self._presenter.state
        if state is not None:
            self.show_state(state)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Forget digits and pages."""
        self._presenter.leave()
        self.preview.show_pages(())
        self._state = None

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys of this page."""
        if self._state is not None and not self._state.may_sign:
            return hints("sign.back", "keys")
        return (
            ("0\u20139", "PIN"),
            ("\u21b5", tr("sign")),
            *hints("sign.back", "sign.next_document", "sign.page_next", "keys"),
        )

    def primary(self) -> Primary | None:
        """Sign; closed with its reason."""
        state = self._state
        if state is None:
            return None
        ready = not state.closed and state.digits == DIGITS and not state.working
        return Primary(tr("Sign"), key_text("Return"), ready, state.closed)

    def activate_primary(self) -> None:
        """Sign; the presenter and the workflow ask the gate again."""
        self._presenter.sign()

    def step_chip(self) -> tuple[str, str] | None:
        """Nothing beside this step."""
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, Backspace, Enter, Esc, pages and tabs."""
        key, digit = event.key(), digit_of(event)
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if digit:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # so that Enter after it signs
            self._presenter.digit(digit)
        elif key == Qt.Key.Key_Backspace:
            self._presenter.erase()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self._presenter.sign()
        elif key == Qt.Key.Key_Escape:
            self._tools.go("treat")
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.preview.turn(1 if key == Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)

    def next_document(self) -> None:
        """The next tab."""
        self._presenter.show_next(1)

    def offer_records(self, there: bool) -> None:
        """Whether what was signed can be looked at in Records."""
        self._records = there

    # -- showing

    def _size_columns(self) -> None:
        # Larger text needs wider columns; beyond that they scroll, so that the page stays in view.
        more = theme.text_scale - 1.0
        self.left.setFixedWidth(round(LEFT + LEFT * 0.45 * more))
        self.aside.setFixedWidth(round(ASIDE + ASIDE * 0.6 * more))
        # Number and count of pages stand on the page itself.
        self.number.setVisible(more < LARGE)
        if self._state is not None:
            self._show_tabs(self._state)

    def show_state(self, state: SignState) -> None:
        """Show a state."""
        if state == self._state:
            return
        before, self._state = self._state, state
        self.patientName.setText(state.patient)
        self.patientBorn.setText(state.born)
        self.patientIdentity.setText(state.identity)
        if before is None or before.photo != state.photo:
            image = QImage.fromData(state.photo) if state.photo else None
            self.photo.show_photo(image)
            self.photo.setAccessibleName(tr("Photo of {patient}", patient=state.patient))
        if before is None or before.lines != state.lines:
            self._show_lines(state)
        self._show_role(state)
        self.signer.setText(tr("Sign as {signer}", signer=state.signer))
        self.key.setText(state.key)
        off = bool(state.closed) or state.pin_closed or not state.documents
        for index, box in enumerate(self.boxes):
            box.show_digit(
                filled=index < state.digits, now=index == state.digits and not off, off=off
            )
        note = state.closed or {"preview": tr("Preparing the pages"), "sign": tr("Signing")}.get(
            state.working, state.pin_note
        )
        self.pin_note.setText(note)
        role = "error" if state.warned or state.pin_closed or state.closed else "caption"
        if self.pin_note.property("role") != role:
            self.pin_note.setProperty("role", role)
            self.pin_note.style().unpolish(self.pin_note)
            self.pin_note.style().polish(self.pin_note)
        self.setAccessibleDescription(note)
        self.signButton.setEnabled(not off and not state.working and state.digits == DIGITS)
        self._show_tabs(state)
        self.changed.emit()

    def _show_role(self, state: SignState) -> None:
        """Who may not sign sees what would be signed, and nothing to type into."""
        for part in (self.pinCard, self.signButton, self.afterTitle, self.exportBox):
            part.setVisible(state.may_sign)
        self.aside.setVisible(state.may_sign)
        if state.may_sign:
            self.heading.setText(tr("You are about to sign"))
            self.nothingSent.setText(tr("Nothing is sent yet. Esc goes back to Treat."))
        else:
            self.heading.setText(tr("What a dermatologist signs"))
            self.nothingSent.setText(tr("Esc goes back to Treat."))

    def _show_lines(self, state: SignState) -> None:
        while self.lines.count():
            item = self.lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, line in enumerate(state.lines):
            box = QWidget()
            row = QHBoxLayout(box)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(10)
            picture = label()
            role = {"shield-check": "ok", "octagon-x": "danger"}.get(line.icon, "accent")
            icons.dress(picture, line.icon, role, 18)
            row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
            column = QVBoxLayout()
            column.setSpacing(1)
            column.addWidget(Flowing(unbroken(line.title), "bodyStrong"))
            column.addWidget(Flowing(unbroken(line.detail), "caption"))
            row.addLayout(column, 1)
            self.lines.addWidget(box)
            if number < len(state.lines) - 1:
                self.lines.addWidget(rule())

    def _show_tabs(self, state: SignState) -> None:
        titles = [_tab(document) for document in state.documents]
        shown = [self.tabs.tabText(i) for i in range(self.tabs.count())]
        if titles != shown:
            while self.tabs.count():
                self.tabs.removeTab(0)
            for title in titles:
                self.tabs.addTab(icons.icon("file-text", "text2", 16), title)
        if not state.documents:
            self.tabBar.hide()
            why = state.closed or (state.pin_note if state.warned else "")
            self.preview.show_pages((), "" if state.working else why)
            return
        self.tabBar.show()
        current = state.documents[min(state.current, len(state.documents) - 1)]
        self.tabs.setCurrentIndex(state.current)
        self.number.setText(current.number)
        self.preview.show_pages(current.pages)
        if self._notes_shown != current.notes:
            self._show_notes(current.notes)

    def _notes(self) -> QScrollArea:
        frame = QFrame()
        frame.setProperty("bar", "true")
        self.aside = QScrollArea()
        self.aside.setWidgetResizable(True)
        self.aside.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.aside.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.aside.setWidget(frame)
        rows = QVBoxLayout(frame)
        rows.setContentsMargins(14, 14, 14, 14)
        rows.setSpacing(8)
        rows.addWidget(overline(tr("This document")))
        self.about = QVBoxLayout()
        self.about.setSpacing(8)
        rows.addLayout(self.about)
        self._notes_shown: tuple[tuple[str, str, str], ...] = ()
        rows.addWidget(rule())
        rows.addWidget(overline(tr("Signature")))
        self.key = _note(rows, "circle-check", unbroken("PAdES B-B"))
        rows.addStretch()
        box = QFrame()
        box.setProperty("card", "info")
        inner = QHBoxLayout(box)
        picture = label()
        icons.dress(picture, "info", "info", 18)
        inner.addWidget(picture)
        inner.addWidget(
            Flowing(
                tr("\u201cDraft, not valid\u201d is drawn by this viewer. It is not in the file."),
                "captionStrong",
            ),
            1,
        )
        rows.addWidget(box)
        return self.aside

    def _show_notes(self, notes: tuple[tuple[str, str, str], ...]) -> None:
        self._notes_shown = notes
        while self.about.count():
            item = self.about.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for icon, title, text in notes:
            box = QWidget()
            inner = QVBoxLayout(box)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(2)
            _note(inner, icon, title).setText(text)
            self.about.addWidget(box)

    def print_draft(self) -> None:
        """Print the document in front, with the draft mark across each page."""
        self._presenter.draft_pages(lambda number, pages: self._print(number, pages, DRAFT))

    def _nothing_to_print(self) -> str:
        state = self._state
        return "" if state is not None and state.documents else tr("The pages are not ready yet.")

    def _print_signed(self, documents: tuple[SignedDocument, ...]) -> None:
        """Print what is handed over: the record stays in the clinic."""
        for document in documents:
            if document.kind is not DocumentKind.RECORD:
                self._presenter.signed_pages(
                    document, lambda number, pages: self._print(number, pages, None)
                )

    def _print(self, number: str, pages: tuple[Pixels, ...], mark: Sentence | None) -> None:
        from workstation.ui.printing import ask_and_print

        said = ask_and_print(self, number, pages, mark=mark)
        if said:
            self._tools.toast(said, ())

    def _signed(self, notice: SignedNotice) -> None:
        self.calm.start()
        self.signed.emit("")
        text = f"{notice.text}. {notice.problem}" if notice.problem else notice.text
        links = []
        if self._records:
            number = notice.documents[0].number
            links.append((tr("View"), lambda: self.record_wanted.emit(number)))
        links.append((tr("Print"), lambda: self._print_signed(notice.documents)))
        if notice.patient is not None:
            whose = notice.patient
            links.append((tr("Calendar file"), lambda: self._presenter.calendar.write(whose)))
        self._tools.toast(text, tuple(links))

    def _blocked(self, because: str) -> None:
        self.blocked.emit()
        self._tools.toast(because, ())


def _tab(document: DocumentTab) -> str:
    pages = len(document.pages)
    if not pages or theme.text_scale - 1.0 >= LARGE:
        return unbroken(document.title)
    return f"{unbroken(document.title)}   {plural(pages, '{n} page', '{n} pages')}"


def _note(rows: QVBoxLayout, icon: str, title: str) -> Flowing:
    head = QHBoxLayout()
    head.setSpacing(8)
    picture = label()
    icons.dress(picture, icon, "text2", 16)
    head.addWidget(picture)
    head.addWidget(label(title, "bodyStrong"), 1)
    rows.addLayout(head)
    text = Flowing("", "caption")
    text.setContentsMargins(24, 0, 0, 4)
    rows.addWidget(text)
    return text
