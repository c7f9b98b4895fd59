"""Works the window as a screen reader does: through AT-SPI, by names and actions alone.

Two things are keys by design, an annotation at the crosshair and the PIN: these keys are sent by
AT-SPI to what it gave the focus. Runs under the system's own Python, which has the GObject bindings (python3-gi, gir1.2-atspi-2.0):

    /usr/bin/python3 by_ear.py PASSWORD PIN

Prints one line for each act, and what it could not find when it fails.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi

warnings.simplefilter("ignore", DeprecationWarning)
PATIENCE = 90.0
PHOTO = "canvas"
FIRST = "Patient: AL-HASHIMI, Noor"
MOST = 80  # children looked at: lists go on for ever
ACTS = ("Press", "Toggle", "SetFocus")


def desk() -> Any:
    """The program, or None before it is there."""
    top = Atspi.get_desktop(0)
    for at in range(top.get_child_count()):
        found = top.get_child_at_index(at)
        if found is not None and found.get_name() == "Dermatology Workstation":
            return found
    return None


def showing(about: Any) -> Iterator[Any]:
    """Everything that shows, in the order it is read."""
    for at in range(min(about.get_child_count(), MOST)):
        found = about.get_child_at_index(at)
        if found is not None and found.get_state_set().contains(Atspi.StateType.SHOWING):
            yield found
            yield from showing(found)


def look(role: str, name: str, *, part: bool = False, idle: bool = False) -> Any:
    """What has that role and name and can be used, or None."""
    program = desk()
    if program is None:
        return None
    try:
        for found in showing(program):
            said = found.get_name()
            if found.get_role_name() == role and (said == name or (part and name in said)):
                usable = found.get_state_set().contains(Atspi.StateType.ENABLED)
                return found if usable or idle else None
    except gi.repository.GLib.Error:
        pass  # it went away while it was read: the next look finds what is there then
    return None


def until(find: Callable[[], Any], what: str) -> Any:
    """Wait as a person would."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = find()
        if found:
            return found
        time.sleep(0.05)
    for one in showing(desk()) if desk() is not None else ():
        print("  ", one.get_role_name(), repr(one.get_name()), file=sys.stderr)
    raise SystemExit(f"not found: {what}")


def press(role: str, name: str, *, part: bool = False) -> None:
    """Do the first thing that can be done with it."""
    found = until(lambda: look(role, name, part=part), f"{role} {name}")
    names = [found.get_action_name(n) for n in range(found.get_n_actions())]
    assert Atspi.Action.do_action(found, names.index(next(a for a in ACTS if a in names)))
    print("pressed", role, name, flush=True)


def strike(about: Any, key: str) -> None:
    """Strike a key where it alone acts: it is sent by AT-SPI to what AT-SPI gave the focus."""
    names = [about.get_action_name(n) for n in range(about.get_n_actions())]
    if "SetFocus" in names:
        assert Atspi.Action.do_action(about, names.index("SetFocus"))
    else:
        assert Atspi.Component.grab_focus(about)
    keyval = {"Return": 0xFF0D}.get(key) or ord(key)
    assert Atspi.generate_keyboard_event(keyval, None, Atspi.KeySynthType.SYM)


def sign_in(password: str) -> None:
    """From the first page to the queue."""
    field = until(lambda: look("password text", "Password"), "the password field")
    assert Atspi.EditableText.set_text_contents(field, password)
    press("push button", "Sign in")


def choose_row(name: str) -> None:
    """Choose somebody in the queue and wait for the preview."""
    listed = until(lambda: look("list", "Consultations"), "the queue")
    until(lambda: listed.get_child_count() > 0, "consultations")
    rows = [listed.get_child_at_index(n) for n in range(listed.get_child_count())]
    wanted = next(n for n, row in enumerate(rows) if name in row.get_name())
    assert Atspi.Selection.select_child(listed, wanted)
    until(lambda: look("label", name.replace("-", "\u2011")), "the preview of the chosen row")


def main() -> int:
    """From sign-in to a signed prescription and the next consultation."""
    password, pin = sys.argv[1:3]
    sign_in(password)
    choose_row("AL-HASHIMI, Noor")
    press("push button", "Open")
    until(lambda: look("filler", FIRST), "the patient's banner")
    press("check box", "Compare or annotate")
    press("check box", "Papule (3)")
    photo = until(lambda: look(PHOTO, "Photo"), "the photo")
    strike(photo, "Return")  # the crosshair shows
    strike(photo, "Return")  # and is set down
    listed = until(lambda: look("list", "Annotations of this photo"), "the list of annotations")
    until(lambda: listed.get_child_count() == 1, "an annotation in the list of the photo")
    print("annotated", listed.get_child_at_index(0).get_name(), flush=True)
    press("push button", "Continue to Treat")
    until(lambda: look("panel", "checks passed", part=True), "what was checked")
    press("push button", "Review and sign")
    until(lambda: look("page tab", "Prescription", part=True), "the prescription")
    page = until(lambda: look("filler", "Sign: type the PIN"), "where the PIN is typed")
    for digit in pin:
        strike(page, digit)
    press("push button", "Sign, then next")
    until(
        lambda: look("filler", "Patient: ", part=True) and not look("filler", FIRST),
        "the banner of the next patient",
    )
    print("signed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
