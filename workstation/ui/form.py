"""Loads Designer forms into page instances and refuses forms that do not fit them."""

from __future__ import annotations

import inspect
import typing

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QMetaObject,
    QObject,
    Qt,
)
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import QLabel, QWidget

from workstation import assets
from workstation.language import tr
from workstation.ui import icons

# What of a form is read by people.
SPOKEN = ("text", "title", "toolTip", "placeholderText", "accessibleName", "accessibleDescription")
_registered: dict[str, type[QWidget]] = {}


class FormError(Exception):
    """A form cannot be read, or lacks a child that its page declares."""


def register(kind: type[QWidget]) -> type[QWidget]:
    """Let forms use a widget class of ours by its name; works as a class decorator."""
    _registered[kind.__name__] = kind
    return kind


def load(widget: QWidget, name: str) -> None:
    """Fill ``widget`` from ``forms/<name>.ui`` and its class annotations from the children.

    Every class annotation without a value whose type is a QObject names a child. Its type must
    match; names starting with an underscore are not children.

    Raises:
        FormError: unreadable form, missing child, or child of another type.
    """
    path = assets.form(name)
    if not path.is_file():
        raise FormError(f"{name}: no such form")
    buffer = QBuffer()
    buffer.setData(QByteArray(path.read_bytes()))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    loader = _Loader(widget)
    if loader.load(buffer) is None:
        raise FormError(f"{name}: {loader.errorString()}")
    for child_name, kind in declared(type(widget)).items():
        child = widget.findChild(QObject, child_name)
        if child is None:
            raise FormError(f"{name}: {child_name} is missing")
        if not isinstance(child, kind):
            raise FormError(
                f"{name}: {child_name} is a {type(child).__name__}, not a {kind.__name__}"
            )
        setattr(widget, child_name, child)
    for child_widget in widget.findChildren(QWidget):
        icons.redress(child_widget)
        _say(child_widget)
    QMetaObject.connectSlotsByName(widget)


def _say(widget: QWidget) -> None:
    """The sentences of a form in the chosen language; they stand in English in its file."""
    for name in SPOKEN:
        words = widget.property(name)
        if isinstance(words, str) and words:
            said = tr(words)
            if said != words:
                widget.setProperty(name, said)


def declared(page: type) -> dict[str, type]:
    """Children that a page class declares: name to widget type."""
    hints: dict[str, type] = {}
    for owner in reversed(page.__mro__):
        if owner.__module__.startswith("PySide6"):
            continue
        names = inspect.get_annotations(owner)
        if not names:
            continue
        resolved = typing.get_type_hints(owner)
        for name in names:
            kind = resolved[name]
            if name.startswith("_") or hasattr(owner, name) or not inspect.isclass(kind):
                continue
            if issubclass(kind, QObject):
                hints[name] = kind
    return hints


class _Loader(QUiLoader):
    """Uses the given instance as the form's root and our own classes by name."""

    def __init__(self, root: QWidget) -> None:
        # Qt looks for Designer's plug-ins on these paths and opens each: our widgets need none.
        paths = QCoreApplication.libraryPaths()
        QCoreApplication.setLibraryPaths([])
        super().__init__()
        QCoreApplication.setLibraryPaths(paths)
        self._root = root
        self._root_made = False

    def createWidget(
        self, className: str, parent: QWidget | None = None, name: str = ""
    ) -> QWidget:
        """Make one widget of the form."""
        if parent is None and not self._root_made:
            self._root_made = True
            return self._root
        own = _registered.get(className)
        if own is not None:
            made = own(parent)
            made.setObjectName(name)
            return made
        made = super().createWidget(className, parent, name)
        if isinstance(made, QLabel):
            # A label shows what somebody wrote as it is, never as markup.
            made.setTextFormat(Qt.TextFormat.PlainText)
        return made
