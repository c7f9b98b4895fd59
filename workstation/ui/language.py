"""Which language the screen speaks: the user\u2019s own, else the one chosen on this computer."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QSettings, QTranslator

from workstation import language

AS_THE_COMPUTER = "system"
KEPT = "language"
# Months of calendars follow the language; figures stay as they are written everywhere else.
_TERRITORY = QLocale.Country.UnitedStates
_qt_words: list[QTranslator] = []


def of(setting: str) -> str:
    """The language that a setting (``system``, ``en``, ``es``) comes to on this computer."""
    if setting in language.LANGUAGES:
        return setting
    chosen = str(QSettings().value(KEPT, "")) or QLocale.system().name().split("_")[0]
    return chosen if chosen in language.LANGUAGES else language.ENGLISH


def keep(code: str) -> None:
    """Choose the language of this computer: of its first page, and of who chose none."""
    QSettings().setValue(KEPT, code)


def use(setting: str = AS_THE_COMPUTER) -> bool:
    """Say everything in the language of a setting, Qt\u2019s own menus too; whether that is a change."""
    code = of(setting)
    changes = code != language.chosen()
    if changes:
        language.use(code)
    QLocale.setDefault(QLocale(QLocale(code).language(), _TERRITORY))
    app = QCoreApplication.instance()
    if app is None:
        return changes
    for old in _qt_words:
        app.removeTranslator(old)
    _qt_words.clear()
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if code != language.ENGLISH and translator.load(f"qtbase_{code}", folder):
        app.installTranslator(translator)
        _qt_words.append(translator)
    return changes
