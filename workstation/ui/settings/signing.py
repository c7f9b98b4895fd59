"""Signing keys in Settings: one's own key and how to change it, and every key of the clinic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from workstation.language import Sentence, noted, tr
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.signing_keys import REASONS, KeyLine, KeysState, SigningKeysPresenter
from workstation.ui.settings.parts import Entry, Pages, Section, emptied, secret, side_by_side
from workstation.ui.widgets import Button, Card, Chip, Strip, Wrapped, label

NEEDED = noted("Fill this in.")
KEY_FILES = noted("Key files (*.p12 *.pfx)")
MODULES = noted("PKCS#11 modules (*.so *.dll *.dylib)")


def signing(presenter: SettingsPresenter) -> QWidget:
    """The page."""
    keys = presenter.keys
    page = _KeysPage(keys)
    if keys.signs:
        page.column.addWidget(_Own(keys))
    if keys.shown:
        page.column.addWidget(_Clinic(keys))
        page.column.addWidget(_Code(keys))
    else:
        none = page.section("")
        none.add(Wrapped(tr("Your role signs nothing."), "body"))
    page.end()
    keys.load()
    return page


class _KeysPage(Pages):
    """Its rows are read when it shows: they come into the order of Tab then."""

    def __init__(self, keys: SigningKeysPresenter) -> None:
        super().__init__(
            tr("Signing keys"),
            tr("What signs documents here, until when, and what no longer does."),
        )
        self._keys = keys

    def end(self) -> None:
        """All sections are there, and follow the keys before their order is asked for."""
        super().end()
        self._keys.changed.subscribe(lambda _: self.order_tab())


class _Follows(Section):
    """A section that shows ``KeysState``."""

    def __init__(self, keys: SigningKeysPresenter, title: str, note: str) -> None:
        super().__init__(title, note)
        self.keys = keys
        keys.changed.subscribe(self.show_keys)

    def show_keys(self, state: KeysState) -> None:
        raise NotImplementedError


class _KeyRows(QWidget):
    """Certificates below each other, each with how it stands and what can be done."""

    def __init__(self, revoke: Callable[[KeyLine], None]) -> None:
        super().__init__()
        self._revoke = revoke
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(0, 1)
        self._shown: tuple[KeyLine, ...] | None = None

    def show_lines(self, lines: tuple[KeyLine, ...]) -> None:
        if lines == self._shown:
            return
        self._shown = lines
        emptied(self._grid)
        for at, one in enumerate(lines):
            words = QWidget()
            grid = QGridLayout(words)
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setVerticalSpacing(2)
            grid.addWidget(Wrapped(one.name, "bodyMedium"), 0, 0)
            grid.addWidget(Wrapped(" \u00b7 ".join(one.more), "body2"), 1, 0)
            words.setAccessibleName(one.spoken)
            self._grid.addWidget(words, at, 0)
            chip = Chip(kind=one.chip[0], text=one.chip[1])
            top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(chip, at, 1, top)
            if one.may_revoke:
                button = Button(text=tr("Revoke"), kind="link")
                button.setAccessibleName(tr("Revoke the key of {name}", name=one.name))
                button.clicked.connect(lambda _=False, one=one: self._revoke(one))
                self._grid.addWidget(button, at, 2, top)


class _Asks(Card):
    """Fields, one button and what went wrong; shown when its act is chosen."""

    def __init__(self, keys: SigningKeysPresenter, about: str, note: str) -> None:
        super().__init__(kind="quiet")
        self.keys, self.about = keys, about
        self._box = Section("", note)
        self._box.setProperty("card", "quiet")
        column = QHBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._box)
        self.strip = Strip()
        self.entries: dict[str, Entry] = {}
        self.hide()
        keys.changed.subscribe(self.show_keys)

    def entry(self, key: str, words: str, field: QWidget | None = None) -> Entry:
        made = Entry(words, secret(words) if field is None else field)
        self.entries[key] = made
        return made

    def add(self, widget: QWidget) -> None:
        self._box.add(widget)

    def finish(self, words: str) -> None:
        self.button = Button(text=words, kind="primary")
        self.button.clicked.connect(self._try)
        cancel = Button(text=tr("Cancel"), kind="link")
        cancel.clicked.connect(self.leave)
        self.add(self.strip)
        self.add(side_by_side(self.button, cancel, stretch=True))

    def text(self, key: str) -> str:
        field = self.entries[key].field
        assert isinstance(field, QLineEdit)
        return field.text()

    def begin(self) -> None:
        """Show it, empty."""
        self.leave()
        self.show()
        first = next(iter(self.entries.values())).field
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Hide it; nothing typed stays."""
        for entry in self.entries.values():
            entry.say("")
            if isinstance(entry.field, QLineEdit):
                entry.field.clear()
        self.strip.clear()
        self.hide()

    def show_keys(self, state: KeysState) -> None:
        self.button.set_busy(state.busy == self.about)
        if state.done == self.about and self.isVisible():
            self.leave()
        elif state.problem is not None and state.about == self.about:
            self.strip.say("danger", state.problem.title, state.problem.detail)
        elif state.busy == self.about:
            self.strip.clear()

    def _try(self) -> None:
        missing = [key for key in self.needed if not self.text(key).strip()]
        for key, entry in self.entries.items():
            entry.say(tr(NEEDED) if key in missing else "")
        if not missing:
            self.submit()

    needed: tuple[str, ...] = ()

    def submit(self) -> None:
        raise NotImplementedError


class _Chosen(QWidget):
    """A path typed or chosen."""

    def __init__(self, words: str, kinds: Sentence) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.field = QLineEdit()
        self.field.setAccessibleName(words)
        choose = Button(text=tr("Choose"))
        choose.setAccessibleName(tr("Choose: {what}", what=words))
        choose.clicked.connect(lambda: self._choose(words, kinds))
        row.addWidget(self.field, 1)
        row.addWidget(choose)
        self.setFocusProxy(self.field)

    def _choose(self, words: str, kinds: Sentence) -> None:
        path, _ = QFileDialog.getOpenFileName(self, words, "", f"{kinds};;{tr('All files (*)')}")
        if path:
            self.field.setText(path)


class _WithFile(_Asks):
    """A form whose first field is a path."""

    def path_entry(self, words: str, kinds: Sentence) -> Entry:
        self._path = _Chosen(words, kinds)
        made = Entry(words, self._path)
        self.entries["path"] = made
        return made

    def text(self, key: str) -> str:
        return self._path.field.text() if key == "path" else super().text(key)

    def leave(self) -> None:
        self._path.field.clear()
        super().leave()


class _Import(_WithFile):
    """A PKCS#12 file with its password."""

    needed = ("path", "password")

    def __init__(self, keys: SigningKeysPresenter) -> None:
        note = tr(
            "A file with key, certificate and the chain of its authority (.p12 or .pfx). "
            "The certificate must carry your name and be for signing documents."
        )
        super().__init__(keys, "import", note)
        self.add(self.path_entry(tr("Key file"), KEY_FILES))
        self.add(
            side_by_side(
                self.entry("file", tr("Password of the file")),
                self.entry("password", tr("Your sign-in password")),
            )
        )
        self.finish(tr("Import key"))

    def submit(self) -> None:
        self.keys.import_file(self.text("path"), self.text("file"), self.text("password"))


class _Token(_WithFile):
    """A PKCS#11 token."""

    needed = ("path", "label", "pin", "password")

    def __init__(self, keys: SigningKeysPresenter) -> None:
        note = tr(
            "The key stays on the token; it must be plugged in to sign. Its PIN of six digits "
            "becomes your signing PIN. A key without a certificate gets one of this clinic."
        )
        super().__init__(keys, "token", note)
        self.add(self.path_entry(tr("PKCS#11 module of the token\u2019s maker"), MODULES))
        self.add(
            side_by_side(
                self.entry("label", tr("Label of the token"), QLineEdit()),
                self.entry("key", tr("Label of the key, if it has several"), QLineEdit()),
            )
        )
        self.add(
            side_by_side(
                self.entry("pin", tr("PIN of the token, 6 digits")),
                self.entry("password", tr("Your sign-in password")),
            )
        )
        self.finish(tr("Use token"))

    def submit(self) -> None:
        self.keys.use_token(
            self.keys.place(self.text("path"), self.text("label"), self.text("key")),
            self.text("pin"),
            self.text("password"),
        )


class _Renew(_Asks):
    """A new key of the clinic."""

    needed = ("password",)

    def __init__(self, keys: SigningKeysPresenter) -> None:
        super().__init__(
            keys,
            "renew",
            tr("The clinic\u2019s own authority issues it. The old key signs no more."),
        )
        self.add(self.entry("password", tr("Your sign-in password")))
        self.finish(tr("Make new key"))

    def submit(self) -> None:
        self.keys.renew(self.text("password"))


class _Own(_Follows):
    """The user's key, and the three ways to another one."""

    def __init__(self, keys: SigningKeysPresenter) -> None:
        note = tr("It opens with your password and signs with your PIN.")
        super().__init__(keys, tr("Your key"), note)
        self._revoke = _Revoke(keys)
        self._rows = _KeyRows(self._begin_revoking)
        self.add(self._rows)
        self._none = Wrapped(tr("You have no signing key yet. Make a new one."), "body")
        self.add(self._none)
        self._forms = (_Renew(keys), _Import(keys), _Token(keys))
        names = (tr("New clinic key"), tr("Import a key"), tr("Use a token"))
        icons = ("refresh-cw", "file-text", "key-round")
        buttons = []
        for form, name, icon in zip(self._forms, names, icons, strict=True):
            button = Button(text=name, icon=icon)
            button.clicked.connect(lambda _=False, form=form: self._only(form))
            buttons.append(button)
        self.add(side_by_side(*buttons, stretch=True))
        for form in (*self._forms, self._revoke):
            self.add(form)

    def _begin_revoking(self, one: KeyLine) -> None:
        for form in self._forms:
            form.leave()
        self._revoke.begin_for(one)

    def _only(self, wanted: _Asks) -> None:
        for form in (*self._forms, self._revoke):
            if form is not wanted:
                form.leave()
        wanted.begin()

    def show_keys(self, state: KeysState) -> None:
        mine = tuple(one for one in state.lines if one.mine)
        self._rows.show_lines(mine)
        self._none.setVisible(not mine)


class _Revoke(_Asks):
    """Why, and from when, a key counts no more."""

    def __init__(self, keys: SigningKeysPresenter) -> None:
        note = tr(
            "For good. What was signed before stays valid; what is signed after counts nowhere. "
            "For a stolen key give the day since when it may have been used."
        )
        super().__init__(keys, "revoke", note)
        self._line: KeyLine | None = None
        self._title = label("", "value")
        self.add(self._title)
        self._reason = QComboBox()
        for code, words in REASONS.items():
            self._reason.addItem(tr(words), code)
        since = QLineEdit()
        since.setPlaceholderText(tr("2026-11-23, empty: now"))
        self.add(
            side_by_side(
                self.entry("reason", tr("Reason"), self._reason),
                self.entry("since", tr("Since (year-month-day)"), since),
            )
        )
        self.finish(tr("Revoke for good"))

    def begin_for(self, one: KeyLine) -> None:
        """Ask about one key."""
        self._line = one
        self._title.setText(tr("Revoke the key of {name}?", name=one.name))
        self.begin()

    def submit(self) -> None:
        since = self.text("since").strip()
        try:
            day = date.fromisoformat(since) if since else None
        except ValueError:
            self.entries["since"].say(tr("Write it as 2026-11-23."))
            return
        if self._line is not None:
            self.keys.revoke(self._line.serial, str(self._reason.currentData()), day)


class _Clinic(_Follows):
    """Keys of the other accounts, and those out of use."""

    def __init__(self, keys: SigningKeysPresenter) -> None:
        note = tr("Certificates of everybody who signs here, and those that count no more.")
        super().__init__(keys, tr("Keys of the clinic"), note)
        self._revoke = _Revoke(keys)
        self._rows = _KeyRows(self._revoke.begin_for)
        self._none = Wrapped(tr("Nobody else signs here."), "body2")
        self.add(self._rows)
        self.add(self._none)
        self.add(self._revoke)

    def show_keys(self, state: KeysState) -> None:
        others = tuple(one for one in state.lines if not one.mine)
        self._rows.show_lines(others)
        self._none.setVisible(not others)


class _Code(Section):
    """The certificate for QR codes."""

    def __init__(self, keys: SigningKeysPresenter) -> None:
        super().__init__(tr("QR codes on prescriptions"))
        save = Button(text=tr("Save certificate"), icon="download")
        save.clicked.connect(lambda: self._save(keys))
        self.row(
            tr("Certificate of the clinic\u2019s document key"),
            save,
            tr("A pharmacy that has it checks the code without you: workstation verify --qr."),
        )

    def _save(self, keys: SigningKeysPresenter) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Certificate for QR codes"), "clinic-qr.der", tr("Certificate (*.der)")
        )
        if path:
            keys.save_code_certificate(path)
