"""The desk around the main job, as a screen reader works it: by names and actions alone.

The command list opens by its key, which AT-SPI sends. Runs like ``by_ear.py``:

    /usr/bin/python3 by_ear_around.py PASSWORD
"""

from __future__ import annotations

import sys
import time

from by_ear import choose_row, look, press, sign_in, strike, until
from gi.repository import Atspi

CONTROL, LETTER_K = 37, 45  # as X numbers them
LATER, ASKED = "OYELARAN, Tunde", "NWOSU, Ifeoma"


def command(words: str) -> None:
    """Do what the command list finds first for some words."""
    Atspi.generate_keyboard_event(CONTROL, None, Atspi.KeySynthType.PRESS)
    Atspi.generate_keyboard_event(LETTER_K, None, Atspi.KeySynthType.PRESSRELEASE)
    Atspi.generate_keyboard_event(CONTROL, None, Atspi.KeySynthType.RELEASE)
    field = until(lambda: look("text", "What do you want to do"), "the command list")
    assert Atspi.EditableText.set_text_contents(field, words)
    found = until(lambda: look("list", "Commands"), "its commands")
    until(lambda: found.get_child_count() == 1, f"one command for {words}")
    print("found", found.get_child_at_index(0).get_name(), flush=True)
    strike(field, "Return")


def settings() -> None:
    """Another page of Settings, a switch on it, and its effect said."""
    press("check box", "Settings")
    pages = until(lambda: look("list", "Pages of Settings"), "the pages of Settings")
    names = [pages.get_child_at_index(n).get_name() for n in range(pages.get_child_count())]
    assert Atspi.Selection.select_child(pages, names.index("Display"))
    switch = until(lambda: look("check box", "Reduced motion"), "a switch of Display")
    before = switch.get_state_set().contains(Atspi.StateType.CHECKED)
    press("check box", "Reduced motion")
    until(
        lambda: switch.get_state_set().contains(Atspi.StateType.CHECKED) is not before,
        "the switch in its other place",
    )
    press("push button", "Undo")
    until(
        lambda: switch.get_state_set().contains(Atspi.StateType.CHECKED) is before,
        "the switch where it was",
    )
    press("check box", "Queue")


def lock(password: str) -> None:
    """Cover the desk and come back."""
    press("push button", "Lock")
    field = until(lambda: look("password text", "Password"), "the password of the lock")
    assert not look("list", "Consultations"), "the queue behind the lock"
    assert Atspi.EditableText.set_text_contents(field, password)
    press("push button", "Unlock")
    until(lambda: look("list", "Consultations"), "the queue again")


def main() -> int:
    """Put off, ask, settings, lock."""
    password = sys.argv[1]
    sign_in(password)
    choose_row(LATER)
    command("defer")
    press("push button", "In a week")
    choose_row(ASKED)
    command("ask for photos")
    press("check box", "Ask for Shoulders")
    time.sleep(0.5)  # the message is written anew
    press("push button", "Send to the patient")
    until(lambda: not look("push button", "Send to the patient"), "the form closed")
    settings()
    lock(password)
    print("around", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
