"""The window about one person's records: who, a copy for the patient, erasing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.language import tr
from workstation.presenters import person as said
from workstation.presenters.person import PersonPresenter, PersonState
from workstation.ui.settings.parts import Entry, Section, secret, side_by_side
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, FocusRing, Strip, Wrapped, label
from workstation.ui.widgets.file_progress import FileProgress

WIDE, HIGH = 660, 760


class PersonDialog(QDialog):
    """Follows a ``PersonPresenter`` while it is shown."""

    def __init__(
        self, presenter: PersonPresenter, parent: QWidget, record: str = "", born: str = ""
    ) -> None:
        super().__init__(parent)
        self._ring = FocusRing(self)
        self._presenter = presenter
        self.setWindowTitle(tr("Records of one person"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setAccessibleName(tr("Records of one person"))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(tr("Records of one person"), "title"))
        self.who, self.copy_, self.erasing = _Who(presenter), _Copy(presenter), _Erase(presenter)
        for part in (self.who, self.copy_, self.erasing):
            column.addWidget(part)
        column.addStretch()
        area.setWidget(inside)
        rows.addWidget(area)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 20, 14)
        foot.addStretch()
        self.close_button = Button(text=tr("Close"))
        self.close_button.clicked.connect(self.reject)
        foot.addWidget(self.close_button)
        rows.addLayout(foot)
        self._told = presenter.changed.subscribe(self.show_state)
        presenter.begin()
        self.who.record.setText(record)
        self.who.born.setText(born)
        if record and born:
            self.who.look_up()

    def showEvent(self, event: QShowEvent) -> None:
        """As large as its words need and the window gives."""
        super().showEvent(event)
        owner = self.parentWidget()
        room = owner.window().size() if owner is not None else self.size()
        wide, high = theme.px(WIDE), theme.px(HIGH)
        self.resize(min(wide, room.width() - 60), min(high, room.height() - 60))

    def done(self, result: int) -> None:
        """A copy under way is stopped: nobody would see how it ends."""
        self._presenter.stop()
        self._told.close()
        super().done(result)

    def show_state(self, state: PersonState) -> None:
        """Show it everywhere."""
        for part in (self.who, self.copy_, self.erasing):
            part.show_state(state)


class _Part(Section):
    """A section with what went wrong or came of it."""

    about = ""

    def __init__(self, presenter: PersonPresenter, title: str, note: str = "") -> None:
        super().__init__(title, note)
        self.presenter = presenter
        self.strip = Strip()

    def tell(self, state: PersonState) -> None:
        if state.about != self.about or not (state.problem or state.result):
            self.strip.clear()
        elif state.problem:
            self.strip.say("danger", state.problem)
        else:
            self.strip.say("info", state.result, icon="circle-check")


class _Who(_Part):
    """Record number and birth date, and who that is."""

    about = "find"

    def __init__(self, presenter: PersonPresenter) -> None:
        super().__init__(presenter, tr("Who"))
        self.record, self.born = QLineEdit(), QLineEdit()
        self.born.setPlaceholderText("dd-Mmm-yyyy")
        for field in (self.record, self.born):
            field.returnPressed.connect(self.look_up)
        self.add(
            side_by_side(
                Entry(tr("Record number"), self.record), Entry(tr("Birth date"), self.born)
            )
        )
        self.button = Button(text=tr("Find"), icon="search")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.look_up)
        self.add(side_by_side(self.button, stretch=True))
        self.name, self.lines = Wrapped("", "panel"), Wrapped("", "body2")
        self.add(self.name)
        self.add(self.lines)
        self.add(self.strip)

    def look_up(self) -> None:
        """Look for them."""
        self.presenter.find(self.record.text(), self.born.text())

    def show_state(self, state: PersonState) -> None:
        """Who it is."""
        self.button.set_busy(state.busy == "find")
        for field in (self.record, self.born, self.button):
            field.setEnabled(state.busy in ("", "find"))
        self.name.setText(state.title)
        self.lines.setText(" \u00b7 ".join(state.lines))
        self.name.setVisible(state.found)
        self.lines.setVisible(state.found)
        self.tell(state)


class _Copy(_Part):
    """Everything into a folder, for the patient."""

    about = "copy"

    def __init__(self, presenter: PersonPresenter) -> None:
        super().__init__(presenter, tr("Copy for the patient"), tr(said.COPY))
        self.refused = Wrapped(tr(said.NO_COPY), "bodyMedium")
        self.add(self.refused)
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(tr("A new or empty folder"))
        choose = Button(text=tr("Choose"), icon="folder")
        choose.setAutoDefault(False)
        choose.setAccessibleName(tr("Choose: {what}", what=tr("Folder")))
        choose.clicked.connect(self._choose)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(choose)
        box.setFocusProxy(self.folder)
        words = tr("Your password")
        self.password = secret(words)
        self.fields = QWidget()
        column = QVBoxLayout(self.fields)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Entry(tr("Folder"), box))
        self.folder.setAccessibleName(tr("Folder"))
        column.addWidget(Entry(words, self.password))
        self.button = Button(text=tr("Write everything"), icon="download")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._go)
        self.stop = Button(text=tr("Cancel"), kind="link")
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(presenter.stop)
        column.addWidget(side_by_side(self.button, self.stop, stretch=True))
        self.add(self.fields)
        self.progress = FileProgress(self, tr("Progress of the copy"), presenter.poll_progress)
        self.add(self.progress.bar)
        self.add(self.progress.words)
        self.add(self.strip)

    def show_state(self, state: PersonState) -> None:
        """What can be done, and how far it is."""
        working = state.busy == "copy"
        self.refused.setVisible(not state.may_copy)
        self.fields.setVisible(state.may_copy)
        self.fields.setEnabled(state.found or working)
        self.button.set_busy(working)
        self.button.setEnabled(not state.busy)
        self.stop.setVisible(working)
        self.progress.show(working, state.progress)
        if not working:
            self.password.clear()
        self.tell(state)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _go(self) -> None:
        if not self.folder.text().strip():
            self.strip.say("danger", tr("Choose a folder."))
        else:
            self.presenter.copy(self.folder.text().strip(), self.password.text())


class _Erase(_Part):
    """What goes, what stays by law, and the typed confirmation."""

    about = "erase"

    def __init__(self, presenter: PersonPresenter) -> None:
        super().__init__(presenter, tr("Erase"), tr(said.ERASE))
        self.refused = Wrapped(tr(said.NO_ERASE), "bodyMedium")
        self.add(self.refused)
        self.kept = Wrapped("", "bodyMedium")
        self.open = Strip()
        self.add(self.kept)
        self.add(self.open)
        self.reason = QLineEdit()
        self.typed = QLineEdit()
        words = tr("Your password")
        self.password = secret(words)
        self.fields = QWidget()
        column = QVBoxLayout(self.fields)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            Entry(tr("Who asked for it and why, in at least 10 characters"), self.reason)
        )
        column.addWidget(
            side_by_side(
                Entry(tr("Record number again, to confirm"), self.typed),
                Entry(words, self.password),
            )
        )
        self.button = Button(text=tr("Erase for good"), kind="danger")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._go)
        column.addWidget(side_by_side(self.button, stretch=True))
        self.add(self.fields)
        self.add(self.strip)

    def show_state(self, state: PersonState) -> None:
        """What it would take and leave."""
        working = state.busy == "erase"
        self.refused.setVisible(not state.may_erase)
        self.kept.setText(state.kept)
        self.kept.setVisible(bool(state.kept) and state.may_erase)
        self.fields.setVisible(state.may_erase)
        self.fields.setEnabled(state.found and not state.open)
        if state.open and state.found and state.may_erase:
            self.open.say("warn", state.open)
        else:
            self.open.clear()
        self.button.set_busy(working)
        self.button.setEnabled(not state.busy)
        if not working:
            self.password.clear()
        if state.about == self.about and state.result:
            self.typed.clear()
            self.reason.clear()
        self.tell(state)

    def _go(self) -> None:
        self.presenter.erase(self.reason.text(), self.typed.text(), self.password.text())
