"""Every action once: id, text, keys, icon; ``commands``, the keys sheet and the command list use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workstation.language import Sentence, noted, tr


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done.

    ``context`` names where its keys work: ``anywhere`` and ``case`` (in the window), ``queue``,
    ``canvas``, ``safety``, ``sign``, ``contact`` (in the widget that has the focus). ``hold`` keys
    act while pressed and are handled by their widget, not by shortcuts. ``hint`` is how the keys
    are written on key caps; empty means as the first of ``keys``.
    """

    id: str
    text: Sentence
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
    "anywhere": noted("Anywhere"),
    "case": noted("In a consultation"),
    "queue": noted("Queue list"),
    "labs": noted("Labs"),
    "canvas": noted("Photo"),
    "safety": noted("Treat"),
    "sign": noted("Sign"),
    "contact": noted("Contact"),
    "compare": noted("Two visits"),
    "records": noted("Records"),
    "agreement": noted("Agreement"),
    "settings": noted("Settings and help"),
}
WINDOW_CONTEXTS = frozenset({"anywhere", "case"})

ACTIONS: tuple[Action, ...] = (
    Action("go.queue", noted("Queue"), ("Ctrl+1",), "inbox", "anywhere"),
    Action("go.assess", noted("Assess"), ("Ctrl+2",), "scan-face", "anywhere"),
    Action("go.treat", noted("Treat"), ("Ctrl+3",), "pill", "anywhere"),
    Action("go.sign", noted("Sign"), ("Ctrl+4",), "file-text", "anywhere"),
    Action("go.followup", noted("Follow-up"), ("Ctrl+7",), "chart-line", "anywhere"),
    Action("go.records", noted("Records"), ("Ctrl+5",), "archive", "anywhere"),
    Action("go.labs", noted("Labs"), ("Ctrl+6",), "flask-conical", "anywhere"),
    Action("forward", noted("Go forward"), ("Ctrl+Return", "Ctrl+Enter"), "check", "anywhere"),
    Action("panel.next", noted("Next panel"), ("F6", "Ctrl+D"), "columns-2", "anywhere"),
    Action("panel.previous", noted("Previous panel"), ("Shift+F6",), "columns-2", "anywhere"),
    Action("find", noted("Find"), ("Ctrl+F",), "search", "anywhere"),
    Action("commands", noted("Command list"), ("Ctrl+K",), "search", "anywhere"),
    Action("keys", noted("All keys"), ("?",), "keyboard", "anywhere"),
    Action("lock", noted("Lock now"), ("Ctrl+L",), "lock", "anywhere"),
    Action(
        "photos.second", noted("Photos on second screen"), ("Ctrl+Shift+M",), "camera", "anywhere"
    ),
    Action("full_screen", noted("Full screen"), ("F11",), "scan-face", "anywhere"),
    Action("settings", noted("Settings"), ("Ctrl+,",), "settings", "anywhere"),
    Action("help", noted("Help"), ("F1",), "life-buoy", "anywhere"),
    Action("theme.toggle", noted("Light or dark"), (), "contrast", "anywhere"),
    Action("text.larger", noted("Larger text"), ("Ctrl+Shift++", "Ctrl+="), "zoom-in", "anywhere"),
    Action("text.smaller", noted("Smaller text"), ("Ctrl+-",), "zoom-out", "anywhere"),
    Action("letters.toggle", noted("Single-letter keys on or off"), (), "keyboard", "anywhere"),
    Action("undo", noted("Undo"), ("Ctrl+Z",), "undo-2", "case"),
    Action("redo", noted("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", "case"),
    Action("case.close", noted("Save and close"), ("Ctrl+W",), "x", "case"),
    Action("case.details", noted("Patient details"), ("Ctrl+I",), "user", "case"),
    Action("case.identity", noted("Ask again who this is"), (), "users", "case"),
    Action("case.open_item", noted("Next open safety item"), ("F8", "Ctrl+J"), "octagon-x", "case"),
    Action("treat.add", noted("Add a medicine"), ("Ctrl+Shift+A",), "plus", "case"),
    Action(
        "treat.repeat", noted("Repeat the last prescription"), ("Ctrl+Shift+R",), "history", "case"
    ),
    Action("treat.favourites", noted("Favourite prescriptions"), ("Ctrl+Shift+F",), "pill", "case"),
    Action("treat.keep", noted("Keep this prescription as a favourite"), (), "plus", "case"),
    Action("treat.keep_clinic", noted("Keep it as a favourite of the clinic"), (), "plus", "case"),
    Action("treat.pharmacy", noted("Pharmacy"), (), "pill", "case"),
    Action("treat.protocol", noted("Monitoring protocol"), (), "flask-conical", "case"),
    Action("treat.supply", noted("Answer about the last supply"), (), "package", "case"),
    Action("treat.table", noted("Plan as a table or a timeline"), (), "pencil", "case"),
    Action("treat.calendar", noted("Write the plan as a calendar file"), (), "calendar", "case"),
    Action("queue.next", noted("Next row"), ("J", "Down"), "inbox", "queue", "J"),
    Action("queue.previous", noted("Previous row"), ("K", "Up"), "inbox", "queue", "K"),
    Action("queue.first", noted("First row"), ("Home",), "inbox", "queue"),
    Action("queue.last", noted("Last row"), ("End",), "inbox", "queue"),
    Action("queue.open", noted("Open"), ("Return", "Enter"), "scan-face", "queue", "\u21b5"),
    Action("queue.peek", noted("Peek photos"), ("Space",), "camera", "queue", hold=True),
    Action("queue.claim", noted("Claim or release"), ("C",), "user", "queue"),
    Action("queue.ask", noted("Ask for photos"), ("A",), "camera", "queue"),
    Action("queue.defer", noted("Defer"), ("D",), "clock", "queue"),
    Action("queue.level", noted("Triage level"), ("T",), "siren", "queue"),
    Action("queue.contact", noted("Record a contact"), ("P",), "phone", "queue"),
    Action("queue.second_read", noted("Second reading"), ("R",), "eye-off", "queue"),
    Action("queue.agreement", noted("Agreement of readings"), ("G",), "columns-2", "queue"),
    Action("queue.refresh", noted("Refresh"), ("F5",), "refresh-cw", "queue"),
    Action("queue.print", noted("Print the day list"), ("Ctrl+P",), "printer", "queue"),
    Action("queue.find", noted("Find in the queue"), ("/",), "search", "queue"),
    Action("labs.next", noted("Next row"), ("J", "Down"), "flask-conical", "labs", "J"),
    Action("labs.previous", noted("Previous row"), ("K", "Up"), "flask-conical", "labs", "K"),
    Action("labs.first", noted("First row"), ("Home",), "flask-conical", "labs"),
    Action("labs.last", noted("Last row"), ("End",), "flask-conical", "labs"),
    Action("labs.enter", noted("Enter a result"), ("E",), "pencil", "labs"),
    Action(
        "labs.open", noted("Open the patient"), ("Return", "Enter"), "scan-face", "labs", "\u21b5"
    ),
    Action("labs.find", noted("Find in Labs"), ("/",), "search", "labs"),
    Action("labs.refresh", noted("Refresh"), ("F5",), "refresh-cw", "labs"),
    Action("labs.calendar", noted("Write the plan as a calendar file"), (), "calendar", "labs"),
    Action("labs.table", noted("To the table"), ("Esc",), "flask-conical", "labs"),
    Action("canvas.type1", noted("Open comedone"), ("1",), "crosshair", "canvas"),
    Action("canvas.type2", noted("Closed comedone"), ("2",), "crosshair", "canvas"),
    Action("canvas.type3", noted("Papule"), ("3",), "crosshair", "canvas"),
    Action("canvas.type4", noted("Pustule"), ("4",), "crosshair", "canvas"),
    Action("canvas.type5", noted("Nodule"), ("5",), "crosshair", "canvas"),
    Action("canvas.type6", noted("Cyst"), ("6",), "crosshair", "canvas"),
    Action("canvas.type7", noted("Scar"), ("7",), "crosshair", "canvas"),
    Action("canvas.type8", noted("Dark mark"), ("8",), "crosshair", "canvas"),
    Action("canvas.select", noted("Select"), ("V",), "mouse-pointer-2", "canvas"),
    Action("canvas.mark", noted("Annotate"), ("B",), "crosshair", "canvas"),
    Action("canvas.lasso", noted("Lasso"), ("L",), "lasso", "canvas"),
    Action("canvas.border", noted("Draw a border"), ("O",), "pencil", "canvas"),
    Action("canvas.measure", noted("Measure"), ("M",), "ruler", "canvas"),
    Action("canvas.zones", noted("Zones on or off"), ("R",), "map", "canvas"),
    Action("canvas.hide", noted("Hide annotations"), ("H",), "eye-off", "canvas", hold=True),
    Action("canvas.loupe", noted("Loupe"), ("Q",), "search", "canvas", hold=True),
    Action("canvas.adjust", noted("Adjust the view"), ("I",), "contrast", "canvas"),
    Action("canvas.assist", noted("Assist: proposals on or off"), ("A",), "sparkles", "canvas"),
    Action(
        "canvas.accept_zone",
        noted("Accept the zone\u2019s proposals"),
        ("Shift+Return", "Shift+Enter"),
        "check",
        "canvas",
        "\u21e7 \u21b5",
    ),
    Action(
        "canvas.accept_all",
        noted("Accept all proposals shown"),
        ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
        "check",
        "canvas",
    ),
    Action("canvas.mirror", noted("Mirror the photo"), ("X",), "flip-horizontal-2", "canvas"),
    Action("canvas.ask_photo", noted("Ask the patient for a photo"), (), "camera", "canvas"),
    Action("canvas.photo_next", noted("Next photo"), ("N", "PgDown"), "camera", "canvas"),
    Action("canvas.photo_previous", noted("Previous photo"), ("P", "PgUp"), "camera", "canvas"),
    Action("canvas.fit", noted("Fit or 100 %"), ("Z",), "zoom-in", "canvas"),
    Action("canvas.zoom_in", noted("Zoom in"), ("+", "="), "zoom-in", "canvas"),
    Action("canvas.zoom_out", noted("Zoom out"), ("-",), "zoom-out", "canvas"),
    Action("canvas.zoom_fit", noted("Fit"), ("0",), "zoom-out", "canvas"),
    Action("canvas.next", noted("Next annotation"), ("J",), "crosshair", "canvas"),
    Action("canvas.previous", noted("Previous annotation"), ("K",), "crosshair", "canvas"),
    Action("canvas.remove", noted("Remove"), ("Del", "Backspace"), "x", "canvas"),
    Action(
        "canvas.add",
        noted("Add, or set a corner, at the crosshair"),
        ("Return", "Enter"),
        "plus",
        "canvas",
        "\u21b5",
    ),
    Action("canvas.compare", noted("Compare with an earlier visit"), ("C",), "columns-2", "canvas"),
    Action("canvas.focus", noted("Hide the panels"), ("G",), "columns-2", "canvas"),
    Action(
        "canvas.counts", noted("Counts by photo: fold or unfold"), ("S",), "columns-2", "canvas"
    ),
    Action("canvas.count_here", noted("Counted here or reference"), ("T",), "link-2", "canvas"),
    Action("canvas.pan", noted("Pan"), ("Space",), "mouse-pointer-2", "canvas", hold=True),
    Action("canvas.print", noted("Print the photo sheet"), ("Ctrl+P",), "printer", "canvas"),
    Action(
        "canvas.export_sheet",
        noted("Export the photo sheet (PDF)"),
        ("Ctrl+Shift+E",),
        "download",
        "canvas",
    ),
    Action("canvas.export_coco", noted("Export annotations (COCO)"), (), "download", "canvas"),
    Action("canvas.export_csv", noted("Export annotations (CSV)"), (), "download", "canvas"),
    Action("canvas.export_fhir", noted("Export annotations (FHIR)"), (), "download", "canvas"),
    Action(
        "canvas.export_dicom",
        noted("Export photos and annotations (DICOM)"),
        (),
        "download",
        "canvas",
    ),
    Action("canvas.import", noted("Import annotations from a file"), (), "folder", "canvas"),
    Action(
        "canvas.agreement", noted("Agreement with the second reading"), (), "columns-2", "canvas"
    ),
    Action("canvas.drop", noted("Drop the selection"), ("Esc",), "x", "canvas"),
    Action("compare.annotate", noted("Compare or annotate"), ("C",), "columns-2", "compare"),
    Action("compare.sync", noted("Move both photos together"), ("S",), "link-2", "compare"),
    Action(
        "compare.swipe", noted("Swipe between the photos"), ("W",), "flip-horizontal-2", "compare"
    ),
    Action("compare.align", noted("Align by three points"), ("A",), "crosshair", "compare"),
    Action("compare.unalign", noted("Drop the alignment"), ("Shift+A",), "crosshair", "compare"),
    Action(
        "compare.point",
        noted("Take the crosshair\u2019s place"),
        ("Return", "Enter"),
        "crosshair",
        "compare",
        "\u21b5",
    ),
    Action("compare.flicker", noted("Flicker"), ("F",), "refresh-cw", "compare", hold=True),
    Action("compare.hide", noted("Hide annotations"), ("H",), "eye-off", "compare", hold=True),
    Action("compare.ghosts", noted("Lesions that are gone"), ("G",), "history", "compare"),
    Action("compare.adjust", noted("Adjust the view"), ("I",), "contrast", "compare"),
    Action("compare.view_next", noted("Next view"), ("N", "PgDown"), "camera", "compare"),
    Action("compare.view_previous", noted("Previous view"), ("P", "PgUp"), "camera", "compare"),
    Action(
        "compare.earlier",
        noted("Earlier visit"),
        ("Alt+Left",),
        "history",
        "compare",
        "Alt \u2190",
    ),
    Action(
        "compare.later",
        noted("Later visit"),
        ("Alt+Right",),
        "clock",
        "compare",
        "Alt \u2192",
    ),
    Action("compare.fit", noted("Fit or 100 %"), ("Z",), "zoom-in", "compare"),
    Action("compare.zoom_in", noted("Zoom in"), ("+", "="), "zoom-in", "compare"),
    Action("compare.zoom_out", noted("Zoom out"), ("-",), "zoom-out", "compare"),
    Action("compare.zoom_fit", noted("Fit"), ("0",), "zoom-out", "compare"),
    Action("compare.drop", noted("Give up the alignment"), ("Esc",), "x", "compare"),
    Action("agreement.next", noted("Next seen by one reader"), ("J",), "columns-2", "agreement"),
    Action("agreement.previous", noted("Previous seen by one"), ("K",), "columns-2", "agreement"),
    Action("agreement.csv", noted("Write the agreement as CSV"), (), "download", "agreement"),
    Action("agreement.json", noted("Write the agreement as JSON"), (), "download", "agreement"),
    Action("safety.next", noted("Next line"), ("Down",), "octagon-x", "safety"),
    Action("safety.previous", noted("Previous line"), ("Up",), "octagon-x", "safety"),
    Action(
        "safety.open", noted("Open the line"), ("Return", "Enter"), "octagon-x", "safety", "\u21b5"
    ),
    Action("safety.close", noted("Close the line"), ("Esc",), "x", "safety"),
    Action("sign.next_document", noted("Next document"), ("Ctrl+Tab",), "file-text", "sign"),
    Action("sign.page_next", noted("Next page"), ("PgDown",), "file-text", "sign"),
    Action("sign.page_previous", noted("Previous page"), ("PgUp",), "file-text", "sign"),
    Action("sign.print", noted("Print draft"), ("Ctrl+P",), "printer", "sign"),
    Action("sign.back", noted("Back to Treat"), ("Esc",), "x", "sign"),
    Action("records.next", noted("Next line"), ("J", "Down"), "archive", "records", "J"),
    Action("records.previous", noted("Previous line"), ("K", "Up"), "archive", "records", "K"),
    Action(
        "records.open",
        noted("Read", "to do"),
        ("Return", "Enter"),
        "file-text",
        "records",
        "\u21b5",
    ),
    Action("records.verify", noted("Verify again"), ("V",), "shield-check", "records"),
    Action("records.print", noted("Print the document"), ("Ctrl+P",), "printer", "records"),
    Action("records.explain", noted("Why was this signed?"), ("W",), "info", "records"),
    Action("records.export", noted("Export the document"), (), "download", "records"),
    Action("records.handout", noted("Handout and leaflets"), (), "file-text", "records"),
    Action("records.amend", noted("Amend the document"), (), "pencil", "records"),
    Action("records.give_up", noted("Give up the amendment"), (), "undo-2", "records"),
    Action("records.void", noted("Make the document void"), (), "octagon-x", "records"),
    Action("records.second_read", noted("Second reading"), ("R",), "eye-off", "records"),
    Action("records.agreement", noted("Agreement of readings"), ("G",), "columns-2", "records"),
    Action(
        "records.person", noted("Copy or erase the records of one person"), (), "user", "records"
    ),
    Action("records.colleagues", noted("Give back work of colleagues"), (), "users", "records"),
    Action("records.emergency", noted("Emergency access"), (), "eye", "records"),
    Action("records.clock", noted("The computer\u2019s clock"), (), "clock", "records"),
    Action("records.tab", noted("Next tab"), ("Ctrl+Tab",), "archive", "records"),
    Action("records.find", noted("Find in records"), ("/",), "search", "records"),
    Action(
        "contact.call",
        noted("I am calling now"),
        ("Return", "Enter"),
        "phone-call",
        "contact",
        "\u21b5",
    ),
    Action("settings.find", noted("Find a rule"), ("/",), "search", "settings"),
    Action("contact.copy1", noted("Copy the phone number"), ("1",), "phone", "contact"),
    Action("contact.copy2", noted("Copy the emergency number"), ("2",), "users", "contact"),
    Action("contact.copy3", noted("Copy where the patient is"), ("3",), "map-pin", "contact"),
)
BY_ID = {action.id: action for action in ACTIONS}

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
    return tuple((BY_ID[i].cap, _lower(tr(BY_ID[i].text))) for i in ids)
