"""Puts a user\u2019s settings in force: look, keys and lock; at sign-in and at each change."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workstation.presenters.session import SessionPresenter
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.settings_state import SettingsState
from workstation.ui import actions, keymap
from workstation.ui.commands import Commands
from workstation.ui.theme import theme

LARGER, SMALLER = 10, -10


class Preferences:
    """What of the settings the window itself follows. ``fixed_mode`` came from the command line."""

    def __init__(
        self,
        settings: SettingsPresenter,
        session: SessionPresenter,
        *,
        fixed_mode: str = "",
        speak: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``speak`` is told each language setting that comes in force."""
        self._settings, self._session = settings, session
        self._speak, self._language = speak, ""
        self._fixed = fixed_mode
        self._commands: Commands | None = None
        self._own: dict[str, tuple[str, ...]] = {}
        self._mode = ""
        self._dress: Callable[[Iterator[None]], None] = _at_once
        self._told = settings.changed.subscribe(self._follow)
        self._follow(settings.state)

    def attach(
        self, commands: Commands, dress: Callable[[Iterator[None]], None] | None = None
    ) -> None:
        """Let the keys of the shell follow, too. ``dress`` does the steps of another look."""
        self._commands = commands
        self._dress = dress or _at_once
        commands.set_single_letters(self._settings.state.values.is_on("keys.single_letters"))

    def end(self) -> None:
        """Nobody is signed in: the shipped keys hold again."""
        self._told.close()
        actions.use_own_keys({})

    def step_text(self, by: int) -> None:
        """Larger or smaller text, kept for the user."""
        now = round(theme.text_scale * 100)
        wanted = min(140, max(90, now + by))
        self._settings.change("display.text_size", str(wanted))

    def toggle_theme(self) -> None:
        """Light or dark, kept for the user."""
        self._fixed = ""
        self._settings.change("display.theme", "light" if theme.dark else "dark")

    def toggle_letters(self) -> bool:
        """Single letters on or off, kept for the user; what they are now."""
        on = not self._settings.state.values.is_on("keys.single_letters")
        self._settings.change("keys.single_letters", "on" if on else "off")
        return on

    def _follow(self, state: SettingsState) -> None:
        values = state.values
        if values["display.language"] != self._language:
            self._language = values["display.language"]
            self._speak(self._language)
        theme.set_reduced_motion(values.is_on("display.reduced_motion"))
        look = theme.look_in_steps(
            mode=self._fixed or values["display.theme"],
            scale=values.number("display.text_size") / 100,
            high_contrast=values.is_on("display.high_contrast"),
            compact=values["display.density"] == "compact",
            marker_scale=values.number("display.marker_size") / 100,
        )
        if next(look, look) is not look:  # it has a step: something changes
            self._dress(look)
        if self._session.minutes != values.number("lock.minutes"):
            self._session.set_minutes(values.number("lock.minutes"))
        own = keymap.read(values["keys.own"])
        if own != self._own:
            self._own = own
            actions.use_own_keys(own)
            if self._commands is not None:
                self._commands.rebind()
        if self._commands is not None:
            letters = values.is_on("keys.single_letters")
            if letters != self._commands.single_letters:
                self._commands.set_single_letters(letters)


def _at_once(steps: Iterator[None]) -> None:
    for _ in steps:
        pass
