"""Every action once: id, text, keys, icon; shortcuts, the keys sheet and the command list use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done.

    ``context`` names where its keys work: ``anywhere`` and ``case`` (in the window), ``queue``,
    ``canvas``, ``safety``, ``sign``, ``contact`` (in the widget that has the focus). ``hold`` keys
    act while pressed and are handled by their widget, not by shortcuts. ``hint`` is how the keys
    are written on key caps; empty means as the first of ``keys``.
    """

    id: str
    text: str
    keys: tuple[str, ...]
    icon: str
    context: str
    hint: str = ""
    hold: bool = False

    @property
    def in_force(self) -> tuple[str, ...]:
        """Its keys: the user’s own where they chose any, else those of the table."""
        return _own_keys.get(self.id, self.keys)

    @property
    def cap(self) -> str:
        """The key as a key cap shows it."""
        keys = self.in_force
        return self.hint if self.hint and keys == self.keys else key_text(keys[0]) if keys else ""

    @property
    def single_letter(self) -> bool:
        """Whether a key without Ctrl or Alt types a character."""
        return any(len(key) == 1 for key in self.in_force)


_own_keys: dict[str, tuple[str, ...]] = {}


def use_own_keys(own: Mapping[str, tuple[str, ...]]) -> None:
    """Let the signed-in user’s own keys stand for those of the table."""
    _own_keys.clear()
    _own_keys.update({id: keys for id, keys in own.items() if id in BY_ID})


CONTEXTS = {
    "anywhere": "Anywhere",
    "case": "In a consultation",
    "queue": "Queue list",
    "labs": "Labs",
    "canvas": "Photo",
    "safety": "Treat",
    "sign": "Sign",
    "contact": "Contact",
    "compare": "Two visits",
    "records": "Records",
    "agreement": "Agreement",
    "settings": "Settings and help",
}
WINDOW_CONTEXTS = frozenset({"anywhere", "case"})

ACTIONS: tuple[Action, ...] = (
    Action("go.queue", "Queue", ("Ctrl+1",), "inbox", "anywhere"),
    Action("go.assess", "Assess", ("Ctrl+2",), "scan-face", "anywhere"),
    Action("go.treat", "Treat", ("Ctrl+3",), "pill", "anywhere"),
    Action("go.sign", "Sign", ("Ctrl+4",), "file-text", "anywhere"),
    Action("go.followup", "Follow-up", ("Ctrl+7",), "chart-line", "anywhere"),
    Action("go.records", "Records", ("Ctrl+5",), "archive", "anywhere"),
    Action("go.labs", "Labs", ("Ctrl+6",), "flask-conical", "anywhere"),
    Action("forward", "Go forward", ("Ctrl+Return", "Ctrl+Enter"), "check", "anywhere"),
    Action("panel.next", "Next panel", ("F6", "Ctrl+D"), "columns-2", "anywhere"),
    Action("panel.previous", "Previous panel", ("Shift+F6",), "columns-2", "anywhere"),
    Action("find", "Find", ("Ctrl+F",), "search", "anywhere"),
    Action("commands", "Command list", ("Ctrl+K",), "search", "anywhere"),
    Action("keys", "All keys", ("?",), "keyboard", "anywhere"),
    Action("lock", "Lock now", ("Ctrl+L",), "lock", "anywhere"),
    Action("photos.second", "Photos on second screen", ("Ctrl+Shift+M",), "camera", "anywhere"),
    Action("full_screen", "Full screen", ("F11",), "scan-face", "anywhere"),
    Action("settings", "Settings", ("Ctrl+,",), "settings", "anywhere"),
    Action("help", "Help", ("F1",), "life-buoy", "anywhere"),
    Action("theme.toggle", "Light or dark", (), "contrast", "anywhere"),
    Action("text.larger", "Larger text", ("Ctrl+Shift++", "Ctrl+="), "zoom-in", "anywhere"),
    Action("text.smaller", "Smaller text", ("Ctrl+-",), "zoom-out", "anywhere"),
    Action("letters.toggle", "Single-letter keys on or off", (), "keyboard", "anywhere"),
    Action("undo", "Undo", ("Ctrl+Z",), "undo-2", "case"),
    Action("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", "case"),
    Action("case.close", "Save and close", ("Ctrl+W",), "x", "case"),
    Action("case.details", "Patient details", ("Ctrl+I",), "user", "case"),
    Action("case.open_item", "Next open safety item", ("F8", "Ctrl+J"), "octagon-x", "case"),
    Action("treat.add", "Add a medicine", ("Ctrl+Shift+A",), "plus", "case"),
    Action("treat.repeat", "Repeat the last prescription", ("Ctrl+Shift+R",), "history", "case"),
    Action("treat.favourites", "Favourite prescriptions", ("Ctrl+Shift+F",), "pill", "case"),
    Action("treat.keep", "Keep this prescription as a favourite", (), "plus", "case"),
    Action("treat.keep_clinic", "Keep it as a favourite of the clinic", (), "plus", "case"),
    Action("treat.pharmacy", "Pharmacy", (), "pill", "case"),
    Action("treat.protocol", "Monitoring protocol", (), "flask-conical", "case"),
    Action("treat.supply", "Answer about the last supply", (), "package", "case"),
    Action("treat.table", "Plan as a table or a timeline", (), "pencil", "case"),
    Action("treat.calendar", "Write the plan as a calendar file", (), "calendar", "case"),
    Action("queue.next", "Next row", ("J", "Down"), "inbox", "queue", "J"),
    Action("queue.previous", "Previous row", ("K", "Up"), "inbox", "queue", "K"),
    Action("queue.first", "First row", ("Home",), "inbox", "queue"),
    Action("queue.last", "Last row", ("End",), "inbox", "queue"),
    Action("queue.open", "Open", ("Return", "Enter"), "scan-face", "queue", "\u21b5"),
    Action("queue.peek", "Peek photos", ("Space",), "camera", "queue", hold=True),
    Action("queue.claim", "Claim or release", ("C",), "user", "queue"),
    Action("queue.ask", "Ask for photos", ("A",), "camera", "queue"),
    Action("queue.defer", "Defer", ("D",), "clock", "queue"),
    Action("queue.level", "Triage level", ("T",), "siren", "queue"),
    Action("queue.second_read", "Second reading", ("R",), "eye-off", "queue"),
    Action("queue.agreement", "Agreement of readings", ("G",), "columns-2", "queue"),
    Action("queue.refresh", "Refresh", ("F5",), "refresh-cw", "queue"),
    Action("queue.find", "Find in the queue", ("/",), "search", "queue"),
    Action("labs.next", "Next row", ("J", "Down"), "flask-conical", "labs", "J"),
    Action("labs.previous", "Previous row", ("K", "Up"), "flask-conical", "labs", "K"),
    Action("labs.first", "First row", ("Home",), "flask-conical", "labs"),
    Action("labs.last", "Last row", ("End",), "flask-conical", "labs"),
    Action("labs.enter", "Enter a result", ("E",), "pencil", "labs"),
    Action("labs.open", "Open the patient", ("Return", "Enter"), "scan-face", "labs", "\u21b5"),
    Action("labs.find", "Find in Labs", ("/",), "search", "labs"),
    Action("labs.refresh", "Refresh", ("F5",), "refresh-cw", "labs"),
    Action("labs.calendar", "Write the plan as a calendar file", (), "calendar", "labs"),
    Action("labs.table", "To the table", ("Esc",), "flask-conical", "labs"),
    Action("canvas.type1", "Open comedone", ("1",), "crosshair", "canvas"),
    Action("canvas.type2", "Closed comedone", ("2",), "crosshair", "canvas"),
    Action("canvas.type3", "Papule", ("3",), "crosshair", "canvas"),
    Action("canvas.type4", "Pustule", ("4",), "crosshair", "canvas"),
    Action("canvas.type5", "Nodule", ("5",), "crosshair", "canvas"),
    Action("canvas.type6", "Cyst", ("6",), "crosshair", "canvas"),
    Action("canvas.type7", "Scar", ("7",), "crosshair", "canvas"),
    Action("canvas.type8", "Dark mark", ("8",), "crosshair", "canvas"),
    Action("canvas.select", "Select", ("V",), "mouse-pointer-2", "canvas"),
    Action("canvas.mark", "Mark", ("B",), "crosshair", "canvas"),
    Action("canvas.lasso", "Lasso", ("L",), "lasso", "canvas"),
    Action("canvas.border", "Draw a border", ("O",), "pencil", "canvas"),
    Action("canvas.measure", "Measure", ("M",), "ruler", "canvas"),
    Action("canvas.zones", "Zones on or off", ("R",), "map", "canvas"),
    Action("canvas.hide", "Hide annotations", ("H",), "eye-off", "canvas", hold=True),
    Action("canvas.loupe", "Loupe", ("Q",), "search", "canvas", hold=True),
    Action("canvas.adjust", "Adjust the view", ("I",), "contrast", "canvas"),
    Action("canvas.assist", "Assist: proposals on or off", ("A",), "sparkles", "canvas"),
    Action(
        "canvas.accept_zone",
        "Accept the zone's proposals",
        ("Shift+Return", "Shift+Enter"),
        "check",
        "canvas",
        "\u21e7 \u21b5",
    ),
    Action(
        "canvas.accept_all",
        "Accept all proposals shown",
        ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
        "check",
        "canvas",
    ),
    Action("canvas.mirror", "Mirror the photo", ("X",), "flip-horizontal-2", "canvas"),
    Action("canvas.ask_photo", "Ask the patient for a photo", (), "camera", "canvas"),
    Action("canvas.photo_next", "Next photo", ("N", "PgDown"), "camera", "canvas"),
    Action("canvas.photo_previous", "Previous photo", ("P", "PgUp"), "camera", "canvas"),
    Action("canvas.fit", "Fit or 100 %", ("Z",), "zoom-in", "canvas"),
    Action("canvas.zoom_in", "Zoom in", ("+", "="), "zoom-in", "canvas"),
    Action("canvas.zoom_out", "Zoom out", ("-",), "zoom-out", "canvas"),
    Action("canvas.zoom_fit", "Fit", ("0",), "zoom-out", "canvas"),
    Action("canvas.next", "Next annotation", ("J",), "crosshair", "canvas"),
    Action("canvas.previous", "Previous annotation", ("K",), "crosshair", "canvas"),
    Action("canvas.remove", "Remove", ("Del", "Backspace"), "x", "canvas"),
    Action(
        "canvas.add",
        "Add, or set a corner, at the crosshair",
        ("Return", "Enter"),
        "plus",
        "canvas",
        "\u21b5",
    ),
    Action("canvas.compare", "Compare with an earlier visit", ("C",), "columns-2", "canvas"),
    Action("canvas.focus", "Hide the panels", ("G",), "columns-2", "canvas"),
    Action("canvas.counts", "Counts by photo: fold or unfold", ("S",), "columns-2", "canvas"),
    Action("canvas.count_here", "Counted here or reference", ("T",), "link-2", "canvas"),
    Action("canvas.pan", "Pan", ("Space",), "mouse-pointer-2", "canvas", hold=True),
    Action("canvas.export_coco", "Export annotations (COCO)", (), "download", "canvas"),
    Action("canvas.export_csv", "Export annotations (CSV)", (), "download", "canvas"),
    Action("canvas.import", "Import annotations from a file", (), "folder", "canvas"),
    Action("canvas.agreement", "Agreement with the second reading", (), "columns-2", "canvas"),
    Action("canvas.drop", "Drop the selection", ("Esc",), "x", "canvas"),
    Action("compare.annotate", "Compare or annotate", ("C",), "columns-2", "compare"),
    Action("compare.sync", "Move both photos together", ("S",), "link-2", "compare"),
    Action("compare.swipe", "Swipe between the photos", ("W",), "flip-horizontal-2", "compare"),
    Action("compare.align", "Align by three points", ("A",), "crosshair", "compare"),
    Action("compare.unalign", "Drop the alignment", ("Shift+A",), "crosshair", "compare"),
    Action(
        "compare.point",
        "Take the crosshair\u2019s place",
        ("Return", "Enter"),
        "crosshair",
        "compare",
        "\u21b5",
    ),
    Action("compare.flicker", "Flicker", ("F",), "refresh-cw", "compare", hold=True),
    Action("compare.hide", "Hide annotations", ("H",), "eye-off", "compare", hold=True),
    Action("compare.ghosts", "Lesions that are gone", ("G",), "history", "compare"),
    Action("compare.adjust", "Adjust the view", ("I",), "contrast", "compare"),
    Action("compare.view_next", "Next view", ("N", "PgDown"), "camera", "compare"),
    Action("compare.view_previous", "Previous view", ("P", "PgUp"), "camera", "compare"),
    Action("compare.earlier", "Earlier visit", ("Alt+Left",), "history", "compare", "Alt \u2190"),
    Action("compare.later", "Later visit", ("Alt+Right",), "clock", "compare", "Alt \u2192"),
    Action("compare.fit", "Fit or 100 %", ("Z",), "zoom-in", "compare"),
    Action("compare.zoom_in", "Zoom in", ("+", "="), "zoom-in", "compare"),
    Action("compare.zoom_out", "Zoom out", ("-",), "zoom-out", "compare"),
    Action("compare.zoom_fit", "Fit", ("0",), "zoom-out", "compare"),
    Action("compare.drop", "Give up the alignment", ("Esc",), "x", "compare"),
    Action("agreement.next", "Next seen by one reader", ("J",), "columns-2", "agreement"),
    Action("agreement.previous", "Previous seen by one", ("K",), "columns-2", "agreement"),
    Action("agreement.csv", "Write the agreement as CSV", (), "download", "agreement"),
    Action("agreement.json", "Write the agreement as JSON", (), "download", "agreement"),
    Action("safety.next", "Next line", ("Down",), "octagon-x", "safety"),
    Action("safety.previous", "Previous line", ("Up",), "octagon-x", "safety"),
    Action("safety.open", "Open the line", ("Return", "Enter"), "octagon-x", "safety", "\u21b5"),
    Action("safety.close", "Close the line", ("Esc",), "x", "safety"),
    Action("sign.next_document", "Next document", ("Ctrl+Tab",), "file-text", "sign"),
    Action("sign.page_next", "Next page", ("PgDown",), "file-text", "sign"),
    Action("sign.page_previous", "Previous page", ("PgUp",), "file-text", "sign"),
    Action("sign.print", "Print draft", ("Ctrl+P",), "printer", "sign"),
    Action("sign.back", "Back to Treat", ("Esc",), "x", "sign"),
    Action("records.next", "Next line", ("J", "Down"), "archive", "records", "J"),
    Action("records.previous", "Previous line", ("K", "Up"), "archive", "records", "K"),
    Action("records.open", "Read", ("Return", "Enter"), "file-text", "records", "\u21b5"),
    Action("records.verify", "Verify again", ("V",), "shield-check", "records"),
    Action("records.print", "Print the document", ("Ctrl+P",), "printer", "records"),
    Action("records.second_read", "Second reading", ("R",), "eye-off", "records"),
    Action("records.agreement", "Agreement of readings", ("G",), "columns-2", "records"),
    Action("records.tab", "Next tab", ("Ctrl+Tab",), "archive", "records"),
    Action("records.find", "Find in records", ("/",), "search", "records"),
    Action(
        "contact.call", "I am calling now", ("Return", "Enter"), "phone-call", "contact", "\u21b5"
    ),
    Action("settings.find", "Find a rule", ("/",), "search", "settings"),
    Action("contact.copy1", "Copy the phone number", ("1",), "phone", "contact"),
    Action("contact.copy2", "Copy the emergency number", ("2",), "users", "contact"),
    Action("contact.copy3", "Copy where the patient is", ("3",), "map-pin", "contact"),
)
BY_ID = {action.id: action for action in ACTIONS}

# Line edits take these for themselves on Linux unless they are claimed.
CLAIMED = frozenset(
    QKeySequence(key).toString() for key in ("Ctrl+K", "Ctrl+D", "Ctrl+J", "Ctrl+W", "Ctrl+L")
)

_CAPS = {
    "Return": "\u21b5",
    "Enter": "\u21b5",
    "PgDown": "PgDn",
    "Up": "\u2191",
    "Down": "\u2193",
}


def key_text(key: str) -> str:
    """``Ctrl+Return`` as key caps show it: ``Ctrl ↵``."""
    if key == "Ctrl+Shift++":
        return "Ctrl Shift +"
    if len(key) == 1:
        return key
    return " ".join(_CAPS.get(part, part) for part in key.split("+"))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def hints(*ids: str) -> tuple[tuple[str, str], ...]:
    """(key cap, text) pairs of actions, for a page's key hints."""
    return tuple((BY_ID[i].cap, _lower(BY_ID[i].text)) for i in ids)


def always() -> str:
    """A ``can`` for what may always be done: no reason against it."""
    return ""


@dataclass(eq=False)
class _Bound:
    action: Action
    owner: QWidget
    run: Callable[[], None]
    can: Callable[[], str]
    shortcuts: list[QShortcut]
    focus: bool


class Commands(QObject):
    """Which actions can be done now, and the shortcuts that do them.

    ``refused`` carries the reason, in words, why an action was not done.
    """

    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bound: list[_Bound] = []
        self._letters = True
        self._suspended = False
        self._watched: QWidget | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            # On what has the focus alone: a filter on the application would see every event.
            app.focusChanged.connect(self._watch)
            self._watch(None, app.focusWidget())

    def bind(
        self,
        id: str,
        owner: QWidget,
        run: Callable[[], None],
        can: Callable[[], str] = always,
        *,
        focus: bool = False,
    ) -> None:
        """Make ``run`` what the action does while ``owner`` is shown.

        ``can`` returns "" or the reason, in words, why it cannot be done now; keys, menus and the
        command list all ask it. ``focus`` restricts the keys to when ``owner`` itself has the
        focus (lists and the canvas: single letters); else any focus inside ``owner`` will do, and
        for window contexts any focus in its window. Hold keys get no shortcut: their widget
        handles them.
        """
        action = BY_ID[id]
        bound = _Bound(action, owner, run, can, [], focus)
        self._attach(bound)
        self._bound.append(bound)
        owner.destroyed.connect(lambda _=None, bound=bound: self._forget(bound))
        self._enable()

    def trigger(self, id: str) -> bool:
        """Do an action by its id; False when it is not bound here or cannot be done now."""
        for bound in reversed(self._bound):
            if bound.action.id == id and bound.owner.isVisible():
                return self._run(bound)
        return False

    def available(self) -> tuple[tuple[Action, str], ...]:
        """Actions of what is shown, in table order, each with the reason against it ("" = none)."""
        if self._suspended:
            return ()
        reasons: dict[str, str] = {}
        for bound in self._bound:
            if bound.owner.isVisible():
                reasons[bound.action.id] = bound.can()
        return tuple((a, reasons[a.id]) for a in ACTIONS if a.id in reasons)

    def known(self) -> frozenset[str]:
        """Ids of all actions that some page has bound, shown or not."""
        return frozenset(bound.action.id for bound in self._bound)

    def rebind(self) -> None:
        """Take the keys in force: the user changed some."""
        for bound in self._bound:
            for shortcut in bound.shortcuts:
                shortcut.setEnabled(False)
                shortcut.deleteLater()
            bound.shortcuts.clear()
            self._attach(bound)
        self._enable()

    def suspend(self, suspended: bool) -> None:
        """Switch every key off (locked) or on."""
        self._suspended = suspended
        self._enable()

    @property
    def single_letters(self) -> bool:
        """Whether keys without Ctrl or Alt act."""
        return self._letters

    def set_single_letters(self, on: bool) -> None:
        """Switch single-letter keys on or off."""
        self._letters = on
        self._enable()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep text fields from taking keys that belong to the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and QKeySequence(event.keyCombination()).toString() in CLAIMED
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _watch(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now
        if now is not None:
            now.installEventFilter(self)

    def _attach(self, bound: _Bound) -> None:
        action = bound.action
        if action.hold:
            return
        for key in action.in_force:
            shortcut = QShortcut(QKeySequence(key), bound.owner)
            shortcut.setContext(_context(action, focus=bound.focus))
            shortcut.setAutoRepeat(not action.single_letter or action.id.endswith("next"))
            shortcut.activated.connect(lambda bound=bound: self._run(bound))
            bound.shortcuts.append(shortcut)

    def _run(self, bound: _Bound) -> bool:
        if self._suspended:
            return False
        reason = bound.can()
        if reason:
            self.refused.emit(reason)
            return False
        bound.run()
        return True

    def _enable(self) -> None:
        for bound in self._bound:
            letter_off = bound.action.single_letter and not self._letters
            for shortcut in bound.shortcuts:
                shortcut.setEnabled(not self._suspended and not letter_off)

    def _forget(self, bound: _Bound) -> None:
        if bound in self._bound:
            bound.shortcuts.clear()
            self._bound.remove(bound)


def _context(action: Action, *, focus: bool) -> Qt.ShortcutContext:
    if focus:
        return Qt.ShortcutContext.WidgetShortcut
    if action.context in WINDOW_CONTEXTS:
        return Qt.ShortcutContext.WindowShortcut
    return Qt.ShortcutContext.WidgetWithChildrenShortcut
