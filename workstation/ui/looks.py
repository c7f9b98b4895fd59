"""How the desk looks, by keys: full screen, theme, size of text; and whether single letters act."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from workstation.language import tr
from workstation.ui.commands import Commands
from workstation.ui.preferences import LARGER, SMALLER, Preferences
from workstation.ui.theme import theme


class Looks:
    """Binds the keys. With ``preferences`` what is chosen is kept for the user."""

    def __init__(
        self,
        desk: QWidget,
        commands: Commands,
        preferences: Preferences | None,
        say: Callable[[str], None],
    ) -> None:
        self._desk, self._commands = desk, commands
        self._preferences, self._say = preferences, say
        commands.bind("full_screen", desk, self._full_screen)
        commands.bind("theme.toggle", desk, self._theme)
        commands.bind("text.larger", desk, partial(self._text, LARGER))
        commands.bind("text.smaller", desk, partial(self._text, SMALLER))
        commands.bind("letters.toggle", desk, self._letters)

    def _full_screen(self) -> None:
        window = self._desk.window()
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()

    def _letters(self) -> None:
        on = not self._commands.single_letters
        if self._preferences is not None:
            on = self._preferences.toggle_letters()
        else:
            self._commands.set_single_letters(on)
        self._say(tr("Single-letter keys are on.") if on else tr("Single-letter keys are off."))

    def _theme(self) -> None:
        if self._preferences is not None:
            self._preferences.toggle_theme()
        else:
            theme.set_mode("light" if theme.dark else "dark")

    def _text(self, by: int) -> None:
        if self._preferences is not None:
            self._preferences.step_text(by)
        else:
            theme.set_text_scale(theme.text_scale + by / 100)
