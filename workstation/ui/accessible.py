"""What assistive technology is given instead of Qt's own, where Qt's own does not do.

Qt's interface of a scroll area looks a child up by its number without asking whether there is one
(``QAccessibleAbstractScrollArea::child``, Qt 6.11). A screen reader that counted two children before
the scroll bar was hidden, and asks for the second after it, ends the program. The interface of a
plain widget asks.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QFrame, QWidget
from shiboken6 import Shiboken

from workstation.language import noted

# By the class that Qt names; a class of ours is asked for before the one it is made from.
_ROLES = {
    "QScrollArea": QAccessible.Role.Pane,
    # Qt's own tells of the pages and leaves out the notices that lie over them.
    "QStackedWidget": QAccessible.Role.LayeredPane,
    "PhotoCanvas": QAccessible.Role.Canvas,
    # What is operated like one of these, and painted by ourselves.
    "ChoiceCard": QAccessible.Role.RadioButton,
    "DoseLadder": QAccessible.Role.Slider,
    # Grounds for others: what is on them has the names.
    "Card": QAccessible.Role.Client,
    "Section": QAccessible.Role.Client,
    "PinBox": QAccessible.Role.Client,
    # What is only drawn: a line says that it parts, not that it is something without a name.
    "Divider": QAccessible.Role.Separator,
    "FocusRing": QAccessible.Role.Separator,
    "_Ring": QAccessible.Role.Separator,
}
_PANES = (QAccessible.Role.Pane, QAccessible.Role.LayeredPane)
_RULES = ("rule", "ruleV")
# Parts of a page that are worth a name, by what the forms call them; all other frames and scroll
# areas without a name are fillers, which a screen reader passes over.
_REGIONS = {
    "rail": noted("Pages of the desk"),
    "stepBar": noted("Steps"),
    "statusLine": noted("Keys and saving"),
    "filtersFrame": noted("Lists and filters"),
    "previewFrame": noted("Preview"),
    "safetySide": noted("Safety"),
    "planCard": noted("Monitoring plan"),
    "patientCard": noted("Patient"),
    "pinCard": noted("PIN"),
    "tabBar": noted("Documents"),
    "entryFrame": noted("Result"),
}
# Qt keeps interfaces by address alone: while it has one, so must Python.
_made: list[QAccessibleInterface] = []
_most = [64]  # how many were valid when they were last gone through
_installed: list[bool] = []


def install() -> None:
    """Be asked before Qt's own; the one QApplication has to exist."""
    if not _installed:
        _installed.append(True)
        QAccessible.installFactory(_interface)


def announce(about: QWidget, text: str, *, pressing: bool = False) -> None:
    """Have a screen reader say something: after what it is saying, or at once when ``pressing``."""
    if text and QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(about, text)
        kinds = QAccessible.AnnouncementPoliteness
        event.setPoliteness(kinds.Assertive if pressing else kinds.Polite)
        QAccessible.updateAccessibility(event)


def _interface(name: str, about: QObject) -> QAccessibleInterface | None:
    if not isinstance(about, QWidget):
        return None
    role, said = _ROLES.get(name), _REGIONS.get(about.objectName())
    if said is not None:
        role = QAccessible.Role.Grouping
    elif name == "QFrame":
        if any(about.property(one) for one in _RULES):
            role = QAccessible.Role.Separator
        elif type(about) is QFrame and not about.accessibleName():
            role = QAccessible.Role.Client
    elif role in _PANES and not about.accessibleName():
        role = QAccessible.Role.Client
    if role is None:
        return None
    if len(_made) >= 2 * _most[0]:
        _made[:] = [one for one in _made if Shiboken.isValid(one)]
        _most[0] = max(64, len(_made))
    _made.append(QAccessibleWidget(about, role, str(said or "")))
    return _made[-1]
