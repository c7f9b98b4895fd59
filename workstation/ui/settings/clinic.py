"""Prescribing and records in Settings: letterhead, protocol, favourites, backup, check, key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from workstation.language import noted, tr
from workstation.presenters import settings_favourites as favourites
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.settings_state import SettingsState
from workstation.presenters.setup import STATES, TIME_ZONES
from workstation.ui.recovery_paper import print_key
from workstation.ui.settings.parts import (
    Choice,
    Entry,
    Pages,
    Section,
    emptied,
    secret,
    side_by_side,
)
from workstation.ui.settings.stock import StrengthsKept
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Strip, Wrapped, label, rule
from workstation.ui.widgets.file_progress import FileProgress
from workstation.ui.widgets.sized import with_text

FIELDS = (
    ("name", noted("Name on the letterhead")),
    ("phone", noted("Phone")),
    ("address_line", noted("Street and number")),
    ("city", noted("City")),
    ("state", noted("State")),
    ("postal_code", noted("ZIP code")),
    ("time_zone", noted("Time zone")),
    ("paper", noted("Paper")),
)
PAPERS = (("letter", noted("Letter")), ("a4", "A4"))


def prescribing(presenter: SettingsPresenter) -> QWidget:
    """Letterhead, paper, protocol, favourites, strengths kept."""
    page = Pages(tr("Prescribing"), tr("What prescriptions and plans of this clinic begin with."))
    protocol = _Protocol(presenter)
    page.column.addWidget(protocol)
    page.follows(protocol.render_state)
    kept = _Favourites(presenter)
    page.column.addWidget(kept)
    page.follows(kept.render_state)
    stock = StrengthsKept(presenter)
    page.column.addWidget(stock)
    page.follows(stock.render_state)
    stamps = _TimeStamps(presenter)
    page.column.addWidget(stamps)
    page.follows(stamps.render_state)
    letterhead = _Letterhead(presenter)
    page.column.addWidget(letterhead)
    page.follows(letterhead.render_state)
    page.end()
    return page


def records(presenter: SettingsPresenter) -> QWidget:
    """Backup, check and recovery key."""
    page = Pages(tr("Data and backup"), tr("Where the records lie, and how they come back."))
    place = page.section(
        tr("Records folder"), tr("Encrypted. It opens with a password of the clinic.")
    )
    place.add(Wrapped(str(presenter.folder or ""), "bodyMedium"))
    kept = _Backup(presenter)
    page.column.addWidget(kept)
    page.follows(kept.render_state)
    erasing = _Retention(presenter)
    page.column.addWidget(erasing)
    page.follows(erasing.render_state)
    whole = _Check(presenter)
    page.column.addWidget(whole)
    page.follows(whole.render_state)
    if presenter.administers:
        key = _Recovery(presenter)
        page.column.addWidget(key)
        page.follows(key.render_state)
    page.end()
    return page


class _Protocol(Section):
    """The monitoring protocol that consultations begin with."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__(tr("Monitoring protocol"))
        self._presenter = presenter
        self._box = QComboBox()
        content = presenter.desk.catalogue
        shipped = content.protocols[content.plan_rules.default].title
        self._box.addItem(tr("As shipped: {shipped}", shipped=shipped), None)
        for protocol in content.protocols.values():
            if protocol.id != "CUSTOM":
                self._box.addItem(protocol.title, protocol.id)
        self._box.setEnabled(presenter.prescribes)
        self._box.activated.connect(lambda at: presenter.set_protocol(self._box.itemData(at)))
        self.row(
            tr("New plans follow"),
            self._box,
            tr(
                "Each consultation may choose another. The safety rules ask for their tests anyway."
            ),
        )

    def render_state(self, state: SettingsState) -> None:
        chosen = state.clinic.protocol if state.clinic is not None else None
        with QSignalBlocker(self._box):
            self._box.setCurrentIndex(max(0, self._box.findData(chosen.id if chosen else None)))


class _Favourites(Section):
    """Kept prescriptions, the user's own and the clinic's."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__(
            tr("Favourites"),
            tr("Kept on Treat with \u201cFavourites\u201d; taken away here."),
        )
        self._presenter = presenter
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.column.addLayout(self._rows)
        self._shown: object = None

    def render_state(self, state: SettingsState) -> None:
        found = favourites.lines(self._presenter.desk, state)
        if found == self._shown:
            return
        self._shown = found
        emptied(self._rows)
        if not found:
            self._rows.addWidget(Wrapped(tr("None kept yet."), "body2"))
        for line in found:
            box = QWidget()
            row = QHBoxLayout(box)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(Wrapped(line.text, "body"), 1)
            row.addWidget(label(tr("clinic") if line.shared else tr("yours"), "caption2"))
            away = Button(text=tr("Take away"), kind="link")
            away.setAccessibleName(tr("Take away {text}", text=line.text))
            away.clicked.connect(
                lambda _=False, line=line: self._presenter.change(
                    line.setting, line.without, words=tr("Favourite taken away.")
                )
            )
            row.addWidget(away)
            self._rows.addWidget(box)


class _TimeStamps(Section):
    """The server that says when a document was signed."""

    NAME = "signing.timestamp_server"

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__(
            tr("Time stamps"),
            tr(
                "A server of your choice proves when a document was signed. It gets a digest, never a document. Empty: none is asked; a signature never waits for it."
            ),
        )
        self._presenter = presenter
        self._field = QLineEdit()
        self._field.setPlaceholderText("https://")
        self._field.setEnabled(presenter.prescribes)
        self._field.editingFinished.connect(self._keep)
        self.entry = Entry(tr("Address of the server"), self._field)
        self.add(self.entry)

    def render_state(self, state: SettingsState) -> None:
        wrong = state.problem is not None and state.about == self.NAME
        self.entry.say(tr("An address that begins with https://.") if wrong else "")
        if not wrong and not self._field.hasFocus():
            self._field.setText(state.values[self.NAME])

    def _keep(self) -> None:
        address = self._field.text().strip()
        if address != self._presenter.state.values[self.NAME]:
            words = tr("Time stamp server changed.") if address else tr("No time stamps.")
            self._presenter.change(self.NAME, address, words=words)


class _Letterhead(Section):
    """Name, address and paper of the clinic."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        may = presenter.administers
        note = tr("Printed on every document.") if may else tr("Changed by an administrator.")
        super().__init__(tr("Letterhead and paper"), note)
        self._presenter = presenter
        self.entries: dict[str, Entry] = {}
        choices = {
            "state": tuple((s, s) for s in STATES),
            "time_zone": tuple((z, z) for z in TIME_ZONES),
            "paper": PAPERS,
        }
        for name, words in FIELDS:
            field: QLineEdit | QComboBox
            if name in choices:
                field = QComboBox()
                for stored, shown in choices[name]:
                    field.addItem(str(shown), stored)
            else:
                field = QLineEdit()
            field.setEnabled(may)
            self.entries[name] = Entry(tr(words), field)
        get = self.entries.__getitem__
        self.add(side_by_side(get("name"), get("phone")))
        self.add(side_by_side(get("address_line"), get("city")))
        self.add(side_by_side(get("state"), get("postal_code"), get("time_zone"), get("paper")))
        self._strip = Strip()
        self.add(self._strip)
        if may:
            keep = Button(text=tr("Change letterhead"))
            keep.clicked.connect(self._keep)
            self.add(side_by_side(keep, stretch=True))
        self._shown: object = None

    def render_state(self, state: SettingsState) -> None:
        if state.problem is not None and state.about == "letterhead":
            self._strip.say("danger", state.problem.title, state.problem.detail)
        else:
            self._strip.clear()
        if state.clinic is None or state.clinic == self._shown:
            return
        self._shown = state.clinic
        for name, entry in self.entries.items():
            kept = getattr(state.clinic, name)
            if isinstance(entry.field, QComboBox):
                if entry.field.findData(kept) < 0:
                    entry.field.addItem(kept, kept)
                entry.field.setCurrentIndex(entry.field.findData(kept))
            elif isinstance(entry.field, QLineEdit):
                entry.field.setText(kept)

    def _keep(self) -> None:
        clinic = self._presenter.state.clinic
        if clinic is None:
            return
        texts: dict[str, Any] = {}
        for name, entry in self.entries.items():
            field = entry.field
            if isinstance(field, QComboBox):
                texts[name] = str(field.currentData())
            elif isinstance(field, QLineEdit):
                texts[name] = field.text().strip()
        empty = [name for name, text in texts.items() if not text]
        for name, entry in self.entries.items():
            entry.say(tr("Enter it.") if name in empty else "")
        if not empty:
            changed = replace(clinic, **texts)
            self._presenter.set_letterhead(changed)


class _Backup(Section):
    """Where backups go, how often, how many are kept, and one now."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__(tr("Backup"), tr("A whole, verified, encrypted copy of the records."))
        self._presenter = presenter
        self.folder = QLineEdit()
        self.folder.setReadOnly(True)
        with_text(self.folder, lambda: self.folder.setMinimumWidth(theme.px(320)))
        self.folder.setAccessibleName(tr("Backup folder"))
        choose = Button(text=tr("Choose"), icon="folder")
        choose.clicked.connect(self._choose)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(choose)
        box.setAccessibleName(tr("Backup folder"))
        self.row(tr("Folder"), box, tr("On another disk than the records."))
        self.every = Choice(
            presenter,
            "backup.every",
            tr("Every"),
            tuple((str(n), tr("{n} hours", n=n)) for n in (4, 8, 12, 24, 48, 168)),
        )
        self.keep = Choice(
            presenter,
            "backup.keep",
            tr("Keep"),
            tuple((str(n), f"{n}") for n in (7, 14, 30, 60, 120)),
        )
        self.row(tr("Every"), self.every)
        self.row(tr("Backups kept"), self.keep)
        self.newest = Wrapped("", "body2")
        self.add(self.newest)
        self.now = Button(text=tr("Back up now"), icon="hard-drive")
        self.now.clicked.connect(presenter.back_up)
        self.progress = FileProgress(self, tr("Progress of the backup"), presenter.poll_progress)
        self.strip = Strip()
        self.add(side_by_side(self.now, stretch=True))
        self.add(self.progress.bar)
        self.add(self.progress.words)
        self.add(self.strip)

    def render_state(self, state: SettingsState) -> None:
        self.folder.setText(
            state.values["backup.folder"] or tr("No folder chosen: no backup is made")
        )
        for choice in (self.every, self.keep):
            choice.render_state(state)
        working = state.busy == "backup"
        self.now.set_busy(working)
        self.now.setEnabled(bool(state.values["backup.folder"]))
        self.progress.show(working, state.progress)
        self.newest.setText(
            tr("Newest: {newest}", newest=state.newest) if state.newest else tr("None made yet.")
        )
        if state.problem is not None and state.about == "backup":
            self.strip.say("danger", state.problem.title, state.problem.detail)
        else:
            self.strip.clear()

    def showEvent(self, event: object) -> None:
        """When the newest was made is looked up when it is shown."""
        self._presenter.load_backup()

    def _choose(self) -> None:
        before = self._presenter.state.values["backup.folder"]
        chosen = QFileDialog.getExistingDirectory(self, tr("Backup folder"), before)
        if chosen:
            self._presenter.change("backup.folder", chosen, words=tr("Backup folder chosen."))


class _Check(Section):
    """The whole trail and every row, checked now."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__(
            tr("Check"), tr("Every row and every entry of the audit trail, read and compared.")
        )
        self.button = Button(text=tr("Check now"), icon="shield-check")
        self.button.clicked.connect(presenter.check)
        self.words = Wrapped("", "bodyMedium")
        self.add(side_by_side(self.button, stretch=True))
        self.add(self.words)

    def render_state(self, state: SettingsState) -> None:
        self.button.set_busy(state.busy == "check")
        self.words.setText(state.checked)
        self.words.setVisible(bool(state.checked))


class _Retention(Section):
    """How long what was signed stays after a request to erase."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__(tr("Erasing"))
        self.years = Choice(
            presenter,
            "records.retention_years",
            tr("Signed documents stay for"),
            tuple((str(n), tr("{n} years", n=n)) for n in (5, 6, 7, 10, 15, 20, 25, 30)),
        )
        self.years.setEnabled(presenter.administers)
        self.row(
            tr("Signed documents stay for"),
            self.years,
            tr(
                "After the signature, when a person asks to be erased (Records). The law of your state says how long; 10 years is only where the program begins."
            ),
        )

    def render_state(self, state: SettingsState) -> None:
        self.years.render_state(state)


class _Recovery(Section):
    """A new recovery key, shown once."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__(
            tr("Recovery key"),
            tr(
                "Opens the records when every password is lost. It is shown once and not stored. A new one ends the one before."
            ),
        )
        self._presenter = presenter
        self.button = Button(text=tr("Make a new recovery key"), icon="key-round")
        words = tr("Your own password")
        self.password = secret(words)
        self.button.clicked.connect(lambda: presenter.new_recovery_key(self.password.text()))
        self.add(side_by_side(Entry(words, self.password), QWidget(), QWidget()))
        self.add(side_by_side(self.button, stretch=True))
        self.strip = Strip()
        self.add(self.strip)
        self.key = Wrapped("", "panel")
        self.add(self.key)
        copy = Button(text=tr("Copy"), icon="copy")
        copy.clicked.connect(self._copy)
        kept = Button(text=tr("I have written it down"), icon="check")
        kept.clicked.connect(presenter.hide_recovery_key)
        self._copied = ""
        paper = Button(text=tr("Print"), icon="printer")
        paper.clicked.connect(lambda _=False: self._print())
        self._once = side_by_side(copy, paper, kept, stretch=True)
        self.add(self._once)
        self.add(rule())
        self.add(Wrapped(tr("Keep it on paper, apart from this computer."), "body2"))

    def _print(self) -> None:
        clinic = self._presenter.state.clinic
        paper = clinic.paper if clinic is not None else ""
        said = print_key(self, self.key.text(), paper=paper)
        if said:
            self._presenter.said.emit((said, None))

    def _copy(self) -> None:
        self._copied = self.key.text()
        QApplication.clipboard().setText(self._copied)

    def render_state(self, state: SettingsState) -> None:
        self.button.set_busy(state.busy == "recovery")
        if state.busy != "recovery":
            self.password.clear()
        if state.problem is not None and state.about == "recovery":
            self.strip.say("danger", state.problem.title, state.problem.detail)
        else:
            self.strip.clear()
        board = QApplication.clipboard()
        if self._copied and not state.recovery:
            if board.text() == self._copied:
                board.clear()  # it does not stay for whoever pastes next
            self._copied = ""
        self.key.setText(state.recovery)
        self.key.setVisible(bool(state.recovery))
        self._once.setVisible(bool(state.recovery))
