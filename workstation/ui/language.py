"""Installs the translation of the interface; the wording stays English where there is none."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from workstation import assets

_installed: list[QTranslator] = []


def use(language: str | None = None) -> bool:
    """Use a language (``fr``; None: the system's). False when it has no translation file.

    Forms loaded before are translated at once, because the loader listens to language changes.
    """
    app = QCoreApplication.instance()
    if app is None:
        return False
    for old in _installed:
        app.removeTranslator(old)
    _installed.clear()
    name = language or QLocale.system().name().split("_")[0]
    path = assets.resource("translations", f"workstation_{name}.qm")
    translator = QTranslator(app)
    if not path.is_file() or not translator.load(str(path)):
        return False
    app.installTranslator(translator)
    _installed.append(translator)
    return True
