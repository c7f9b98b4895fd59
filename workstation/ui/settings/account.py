"""Account and PIN: one's own password and PIN; for administrators the accounts of the clinic."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from workstation.domain.accounts import Licence, Role, User
from workstation.domain.ids import UserId, new_id
from workstation.language import noted, tr
from workstation.presenters import wording
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.settings_state import SettingsState
from workstation.presenters.setup import PASSWORD_LENGTH, PIN_LENGTH
from workstation.ui.settings.parts import Entry, Pages, Section, emptied, secret, side_by_side
from workstation.ui.widgets import Button, Chip, Strip, Wrapped, label, rule

NOT_FOR_ROLE = noted("Only an administrator of the clinic sees and changes accounts.")
GIVEN_TITLE = noted("Your password was chosen by somebody else.")
GIVEN_DETAIL = noted("Change it now: until then they can sign in as you.")
SAME = noted("Not the same.")
LONG = noted("At least {length} characters; a sentence is easy to keep.")
DIGITS = noted("{length} digits.")


def account(presenter: SettingsPresenter) -> QWidget:
    """The page."""
    page = Pages(tr("Account and PIN"), tr("Who you are here, and what opens the records."))
    user = presenter.session.user
    you = page.section("")
    name = f"{user.name}, {user.credentials}" if user.credentials else user.name
    roles = [tr(wording.ROLE[user.role])] + ([tr("Administrator")] if user.administers else [])
    you.add(label(name, "panel"))
    you.add(
        Wrapped(
            tr("Signs in as {login} \u00b7 {roles}", login=user.login, roles=", ".join(roles)),
            "body2",
        )
    )
    given = Strip()
    you.add(given)
    page.follows(lambda _: _say_given(given, presenter))
    own = _Password(presenter)
    page.column.addWidget(own)
    page.follows(own.render_state)
    if presenter.prescribes:
        pin = _Pin(presenter)
        page.column.addWidget(pin)
        page.follows(pin.render_state)
    if presenter.administers:
        people = _People(presenter)
        page.column.addWidget(people)
        page.follows(people.render_state)
    else:
        page.section(tr("Accounts of the clinic"), tr(NOT_FOR_ROLE))
    page.end()
    return page


def _say_given(strip: Strip, presenter: SettingsPresenter) -> None:
    if presenter.given_password:
        strip.say("warn", tr(GIVEN_TITLE), tr(GIVEN_DETAIL))
    else:
        strip.clear()


class _Asks(Section):
    """Fields, one button, and what went wrong; the fields are emptied when it worked."""

    def __init__(self, presenter: SettingsPresenter, about: str, title: str, note: str) -> None:
        super().__init__(title, note)
        self.presenter, self.about = presenter, about
        self.strip = Strip()
        self.entries: dict[str, Entry] = {}

    def entry(self, key: str, words: str, *, digits: int = 0) -> Entry:
        made = Entry(words, secret(words, digits=digits))
        self.entries[key] = made
        return made

    def finish(self, words: str, *beside: QWidget) -> None:
        self.button = Button(text=words)
        self.button.clicked.connect(self.submit)
        self.add(self.strip)
        self.add(side_by_side(self.button, *beside, stretch=True))

    def text(self, key: str) -> str:
        field = self.entries[key].field
        assert isinstance(field, QLineEdit)
        return field.text()

    def render_state(self, state: SettingsState) -> None:
        self.button.set_busy(state.busy == self.about)
        if state.about == f"{self.about}.done":
            self.empty()
        if state.problem is not None and state.about == self.about:
            self.strip.say("danger", state.problem.title, state.problem.detail)
        else:
            self.strip.clear()

    def empty(self) -> None:
        for entry in self.entries.values():
            if isinstance(entry.field, QLineEdit):
                entry.field.clear()

    def wrong(self, found: dict[str, str]) -> bool:
        for key, entry in self.entries.items():
            entry.say(found.get(key, ""))
        return bool(found)

    def submit(self) -> None:
        raise NotImplementedError


class _Password(_Asks):
    def __init__(self, presenter: SettingsPresenter) -> None:
        note = tr("It opens the records and your signing key. Nobody can read or reset it for you.")
        super().__init__(presenter, "password", tr("Password"), note)
        self.add(
            side_by_side(
                self.entry("old", tr("Password now")),
                self.entry("new", tr("New password")),
                self.entry("again", tr("New password again")),
            )
        )
        self.finish(tr("Change password"))

    def submit(self) -> None:
        found = {}
        if not self.text("old"):
            found["old"] = tr("Type the password in use.")
        if len(self.text("new")) < PASSWORD_LENGTH:
            found["new"] = tr(LONG, length=PASSWORD_LENGTH)
        if self.text("new") != self.text("again"):
            found["again"] = tr(SAME)
        if not self.wrong(found):
            self.presenter.change_password(self.text("old"), self.text("new"))


class _Pin(_Asks):
    def __init__(self, presenter: SettingsPresenter) -> None:
        note = tr(
            "Typed at every signature. After a wrong one the next is taken later each time; "
            "5 wrong ones close signing until the password is given."
        )
        super().__init__(presenter, "pin", tr("Signing PIN"), note)
        self.add(
            side_by_side(
                self.entry("password", tr("Your password")),
                self.entry(
                    "pin",
                    tr("New PIN, {pin_length} digits", pin_length=PIN_LENGTH),
                    digits=PIN_LENGTH,
                ),
                self.entry("again", tr("New PIN again"), digits=PIN_LENGTH),
            )
        )
        self.finish(tr("Change PIN"))

    def submit(self) -> None:
        found = {}
        pin = self.text("pin")
        if not self.text("password"):
            found["password"] = tr("Type your password.")
        if len(pin) != PIN_LENGTH or not pin.isdigit():
            found["pin"] = tr(DIGITS, length=PIN_LENGTH)
        if pin != self.text("again"):
            found["again"] = tr(SAME)
        if not self.wrong(found):
            self.presenter.change_pin(self.text("password"), pin)


class _People(Section):
    """All accounts, each with what can be done about it, and a form below for one of them."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__(
            tr("Accounts of the clinic"),
            tr("An account is switched off, never deleted: what it signed keeps its name."),
        )
        self._presenter = presenter
        self._known: tuple[User, ...] = ()
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self.add(self._rows)
        self._form = _AccountForm(presenter)
        add = Button(text=tr("Add account"), icon="plus")
        add.clicked.connect(lambda: self._form.begin(None))
        self.add(side_by_side(add, stretch=True))
        self.add(self._form)

    def render_state(self, state: SettingsState) -> None:
        self._form.render_state(state)
        if state.people == self._known:
            return
        self._known = state.people
        emptied(self._grid)
        for at, user in enumerate(state.people):
            roles = [tr(wording.ROLE[user.role])] + (
                [tr("Administrator")] if user.administers else []
            )
            self._grid.addWidget(Wrapped(user.name, "bodyMedium"), at, 0)
            self._grid.addWidget(Wrapped(user.login, "body2"), at, 1)
            self._grid.addWidget(Wrapped(", ".join(roles), "body2"), at, 2)
            chip = Chip(
                kind="ok" if user.active else "neutral", text=tr("on") if user.active else tr("off")
            )
            self._grid.addWidget(chip, at, 3)
            change = Button(text=tr("Change"), kind="link")
            change.setAccessibleName(tr("Change {name}", name=user.name))
            change.clicked.connect(lambda _=False, user=user: self._form.begin(user))
            self._grid.addWidget(change, at, 4, Qt.AlignmentFlag.AlignRight)
        for column, stretch in ((0, 3), (1, 2), (2, 3)):
            self._grid.setColumnStretch(column, stretch)


class _AccountForm(_Asks):
    """Adds an account, changes one, switches it off, or gives it a new password."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__(presenter, "account", "", "")
        self.setProperty("card", "quiet")
        self._user: User | None = None
        self._title = label("", "value")
        self.add(self._title)
        self._role = QComboBox()
        for role in Role:
            self._role.addItem(tr(wording.ROLE[role]), role)
        self._also = QCheckBox(tr("Also administrator"))
        fields = {
            "name": (tr("Name as printed"), QLineEdit()),
            "login": (tr("Sign-in name"), QLineEdit()),
            "credentials": (tr("Credentials, as MD"), QLineEdit()),
            "role": (tr("Role"), self._role),
            "npi": (tr("NPI, who prescribes"), QLineEdit()),
            "state": (tr("Licence state"), QLineEdit()),
            "licence": (tr("Licence number"), QLineEdit()),
        }
        for key, (words, field) in fields.items():
            self.entries[key] = Entry(words, field)
        get = self.entries.__getitem__
        self.add(side_by_side(get("name"), get("login"), get("credentials")))
        self.add(side_by_side(get("role"), get("npi"), get("state"), get("licence")))
        self.add(self._also)
        self.add(rule())
        self._password_note = Wrapped("", "body2")
        self.add(self._password_note)
        self.add(
            side_by_side(
                self.entry("password", tr("Password for the first sign-in")),
                self.entry(
                    "pin",
                    tr("PIN, {pin_length} digits, who prescribes", pin_length=PIN_LENGTH),
                    digits=PIN_LENGTH,
                ),
            )
        )
        self.add(rule())
        self.add(Wrapped(tr("Confirm with your own password what you do here."), "body2"))
        self.add(side_by_side(self.entry("own", tr("Your own password")), QWidget(), QWidget()))
        cancel = Button(text=tr("Cancel"), kind="link")
        cancel.clicked.connect(self.hide)
        self.finish(tr("Save"), cancel)
        self._off = Button(text=tr("Switch off"), kind="danger")
        self._off.clicked.connect(self._switch_off)
        self._reset = Button(text=tr("Set password"))
        self._reset.clicked.connect(self._set_password)
        self._others = side_by_side(self._reset, self._off, stretch=True)
        self.add(self._others)
        self.hide()

    def begin(self, user: User | None) -> None:
        """Fill it in for an account, or empty for a new one."""
        self._user = user
        self.strip.clear()
        self.wrong({})
        self._title.setText(tr("New account") if user is None else user.name)
        licence = user.licences[0] if user is not None and user.licences else Licence("", "")
        for key, text in (
            ("name", user.name if user else ""),
            ("login", user.login if user else ""),
            ("credentials", user.credentials if user else ""),
            ("npi", (user.npi or "") if user else ""),
            ("state", licence.state),
            ("licence", licence.number),
            ("password", ""),
            ("pin", ""),
            ("own", ""),
        ):
            field = self.entries[key].field
            assert isinstance(field, QLineEdit)
            field.setText(text)
        self.entries["login"].field.setEnabled(user is None)
        self._role.setCurrentIndex(self._role.findData(user.role if user else Role.NURSE))
        self._also.setChecked(user.administers if user else False)
        note = (
            tr("The password is handed over in person.")
            if user is None
            else (
                tr(
                    "A new password also switches the account on, and needs a new PIN for who prescribes."
                )
            )
        )
        self._password_note.setText(note)
        self.button.show_text(tr("Add account") if user is None else tr("Save changes"))
        mine = user is not None and user.id == self.presenter.session.user.id
        self._others.setVisible(user is not None and not mine)
        self._off.setVisible(user is not None and user.active and not mine)
        self._reset.setVisible(user is not None and not mine)
        self.show()
        self.entries["name"].field.setFocus(Qt.FocusReason.OtherFocusReason)

    def render_state(self, state: SettingsState) -> None:
        """Close when it worked."""
        super().render_state(state)
        if state.about == "account.done":
            self.hide()

    def submit(self) -> None:
        """Add or change."""
        role = self._role.currentData()
        found = {}
        if not self.text("name").strip():
            found["name"] = tr("Enter the name as it is printed.")
        if self._user is None:
            if not self.text("login").strip():
                found["login"] = tr("Small letters, as r.kessler.")
            found |= self._secret_faults(role)
        if self.wrong(found | self._own_fault()):
            return
        own = self.text("own")
        if self._user is None:
            made = self._filled(
                User(
                    UserId(new_id()),
                    self.text("login").strip(),
                    "",
                    "",
                    role,
                    None,
                    (),
                    None,
                    True,
                    self.presenter.desk.clock.now(),
                )
            )
            self.presenter.add_account(made, self.text("password"), self._pin(role), own)
        else:
            self.presenter.set_account(self._filled(self._user), own)

    def _filled(self, user: User) -> User:
        state, number = self.text("state").strip().upper(), self.text("licence").strip()
        kept = user.licences[1:] if user.licences else ()
        return replace(
            user,
            name=self.text("name").strip(),
            credentials=self.text("credentials").strip(),
            role=self._role.currentData(),
            npi=self.text("npi").strip() or None,
            licences=((Licence(state, number), *kept) if state and number else kept),
            administers=self._also.isChecked(),
        )

    def _pin(self, role: Role) -> str | None:
        return self.text("pin") if role is Role.DERMATOLOGIST else None

    def _secret_faults(self, role: Role) -> dict[str, str]:
        found = {}
        if len(self.text("password")) < PASSWORD_LENGTH:
            found["password"] = tr(LONG, length=PASSWORD_LENGTH)
        pin = self.text("pin")
        if role is Role.DERMATOLOGIST and (len(pin) != PIN_LENGTH or not pin.isdigit()):
            found["pin"] = tr(DIGITS, length=PIN_LENGTH)
        return found

    def _set_password(self) -> None:
        user = self._user
        if user is None or self.wrong(self._secret_faults(user.role) | self._own_fault()):
            return
        pin = self._pin(user.role)
        self.presenter.reset_password(user.id, self.text("password"), pin, self.text("own"))

    def _switch_off(self) -> None:
        if self._user is not None and not self.wrong(self._own_fault()):
            self.presenter.set_account(replace(self._user, active=False), self.text("own"))

    def _own_fault(self) -> dict[str, str]:
        return {} if self.text("own") else {"own": tr("Type your password.")}


__all__ = ["account"]
