"""Colours, fonts and the style sheet from the token table; light, dark or as the system says."""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from workstation import assets
from workstation.ui.restyle import Restyling

MODES = ("system", "light", "dark")
FAMILIES = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans")
SMALLEST_PX = 11
COMPACT = 0.82  # height of a compact row against a regular one
WEIGHTS = {
    400: QFont.Weight.Normal,
    500: QFont.Weight.Medium,
    600: QFont.Weight.DemiBold,
    700: QFont.Weight.Bold,
}
_COLOUR = re.compile(r"@([a-zA-Z]\w*)")
_SIZE = re.compile(r"@(\d+)px")


@cache
def tokens() -> dict[str, dict[str, object]]:
    """The token table as read from ``resources/theme/tokens.toml``."""
    with assets.resource("theme", "tokens.toml").open("rb") as file:
        return tomllib.load(file)


def contrast(first: QColor, second: QColor) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""

    def luminance(colour: QColor) -> float:
        def linear(channel: float) -> float:
            return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

        red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


class Theme(QObject):
    """The look in use. ``theme_changed`` follows every change of mode or text size.

    There is one instance, ``theme``, because there is one application style.
    """

    theme_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mode = "system"
        self._scale = 1.0
        self._reduced_motion = False
        self._high_contrast = False
        self._compact = False
        self._marker_scale = 1.0
        self._families: tuple[str, ...] = FAMILIES
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[str, QFont] = {}
        self.restyling = Restyling()

    # -- reading

    @property
    def mode(self) -> str:
        """What was asked for: ``system``, ``light`` or ``dark``."""
        return self._mode

    @property
    def dark(self) -> bool:
        """Whether the dark table is in use."""
        if self._mode != "system":
            return self._mode == "dark"
        if QGuiApplication.instance() is None:
            return False
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark

    @property
    def text_scale(self) -> float:
        """Text size against the token table, 0.9 to 1.4."""
        return self._scale

    @property
    def reduced_motion(self) -> bool:
        """Whether everything but the spinner stands still."""
        return self._reduced_motion

    @property
    def high_contrast(self) -> bool:
        """Whether the stronger colours are in use."""
        return self._high_contrast

    @property
    def compact(self) -> bool:
        """Whether rows of lists are low."""
        return self._compact

    @property
    def marker_scale(self) -> float:
        """Size of the marks on photos against the token table, 0.7 to 1.6."""
        return self._marker_scale

    def row(self, size: float) -> int:
        """Height of a list row: goes with the text size, lower when rows are compact."""
        return self.px(size * (COMPACT if self._compact else 1.0))

    def colour(self, role: str) -> QColor:
        """The colour of a token, or of a literal ``#RRGGBB``; KeyError for an unknown token."""
        known = self._colours.get(role)
        if known is None:
            known = QColor(role if role.startswith("#") else str(self._table()[role]))
            self._colours[role] = known
        return QColor(known)

    def fixed(self, table: str, role: str) -> QColor:
        """A colour of one table whatever the mode (``light``, ``dark``, ``lesions``)."""
        return QColor(str(tokens()[table][role]))

    def lesion(self, code: str) -> QColor:
        """The colour of a lesion type's glyph on photos, by its code (``CO``)."""
        table = tokens()["lesions"]
        return QColor(str(table.get(code) or table["SC" if code.startswith("SC") else "PIH"]))

    def px(self, size: float) -> int:
        """A length that goes with the text size, in whole logical pixels."""
        return round(size * self._scale)

    def font(self, role: str = "body", weight: int | None = None) -> QFont:
        """The font of a role of the type table; figures are tabular."""
        key = f"{role}/{weight}"
        known = self._fonts.get(key)
        if known is None:
            size, own = _type_role(role)
            known = self.font_px(size, weight or own)
            self._fonts[key] = known
        return QFont(known)

    def font_px(self, size: float, weight: int = 400) -> QFont:
        """A font of ``size`` logical pixels at text scale 1; never below 11 px."""
        font = QFont()
        font.setFamilies(list(self._families))
        font.setPixelSize(max(SMALLEST_PX, self.px(size)))
        font.setWeight(WEIGHTS[weight])
        # The figures of the bundled font are tabular by themselves; its feature for them would also
        # set every hyphen as wide as a figure.
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    # -- changing

    def set_mode(self, mode: str) -> None:
        """Use ``light``, ``dark`` or ``system`` from now on; repaints."""
        if mode not in MODES:
            raise ValueError(f"unknown theme mode: {mode}")
        self._mode = mode
        self.apply()

    def set_text_scale(self, scale: float) -> None:
        """Set the text size, 0.9 to 1.4; repaints."""
        self._scale = min(1.4, max(0.9, scale))
        self.apply()

    def look_in_steps(
        self, *, mode: str, scale: float, high_contrast: bool, compact: bool, marker_scale: float
    ) -> Iterator[None]:
        """Set everything of the look, in steps between which nothing should be painted; none when
        nothing changes."""
        if mode not in MODES:
            raise ValueError(f"unknown theme mode: {mode}")
        self._mode = mode
        self._scale = min(1.4, max(0.9, scale))
        self._high_contrast, self._compact = high_contrast, compact
        self._marker_scale = min(1.6, max(0.7, marker_scale))
        yield from self._applied()

    def set_reduced_motion(self, reduced: bool) -> None:
        """Make every transition immediate."""
        self._reduced_motion = reduced

    def apply(self, app: QApplication | None = None) -> None:
        """Give the application palette, font and style sheet of the current tokens."""
        _do(self._applied(app))

    def _applied(self, app: QApplication | None = None) -> Iterator[None]:
        app = app or _application()
        look = (
            self.dark,
            self._scale,
            self._high_contrast,
            self._compact,
            self._marker_scale,
        )
        if app is not None and app.property("lookInUse") == str(look):
            return
        self._colours.clear()
        self._fonts.clear()
        if app is None:
            return
        if not app.property("fontsLoaded"):
            _load_fonts()
            app.setStyle("Fusion")
            app.styleHints().colorSchemeChanged.connect(self._system_changed)
            app.setProperty("fontsLoaded", True)
        app.setProperty("lookInUse", str(look))
        yield
        app.setFont(self.font("body"))
        app.setPalette(self._palette())
        if app.styleSheet():
            app.style().unpolish(app)  # what it knows of the widgets is what it would polish anew
            app.setStyleSheet(self.style_sheet())
            yield
            yield from self.restyling.begun(app)
            yield
        else:
            app.setStyleSheet(self.style_sheet())  # the first one reaches everything by itself
        self.theme_changed.emit()

    def style_sheet(self) -> str:
        """``style.qss`` with tokens and text sizes put in."""
        text = _SIZE.sub(lambda m: f"{self.px(int(m[1]))}px", _sheet())
        folder = assets.resource("theme", "dark" if self.dark else "light").as_posix()
        return _COLOUR.sub(lambda m: folder if m[1] == "folder" else self.colour(m[1]).name(), text)

    # -- inside

    def _table(self) -> dict[str, object]:
        mode = "dark" if self.dark else "light"
        stronger = tokens()[f"high_{mode}"] if self._high_contrast else {}
        return {**tokens()[mode], **stronger}

    def _system_changed(self, _: Qt.ColorScheme) -> None:
        if self._mode == "system":
            self.apply()

    def _palette(self) -> QPalette:
        palette = QPalette()
        role = QPalette.ColorRole
        for which, token in (
            (role.Window, "bg"),
            (role.WindowText, "text"),
            (role.Base, "surface"),
            (role.AlternateBase, "surface2"),
            (role.Text, "text"),
            (role.PlaceholderText, "text3"),
            (role.Button, "surface"),
            (role.ButtonText, "text"),
            (role.BrightText, "danger"),
            (role.Highlight, "accent"),
            (role.HighlightedText, "onAccent"),
            (role.Link, "accent"),
            (role.LinkVisited, "accent"),
            (role.ToolTipBase, "surface"),
            (role.ToolTipText, "text"),
            (role.Light, "surface"),
            (role.Midlight, "border"),
            (role.Mid, "border2"),
            (role.Dark, "border2"),
            (role.Shadow, "border2"),
            (role.Accent, "accent"),
        ):
            palette.setColor(which, self.colour(token))
        for which in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, which, self.colour("disabledText"))
        return palette


@cache
def _sheet() -> str:
    return assets.resource("theme", "style.qss").read_text(encoding="utf-8")


def _do(steps: Iterator[None]) -> None:
    for _ in steps:
        pass


def _type_role(role: str) -> tuple[int, int]:
    size, weight = typing.cast(list[int], tokens()["type"][role])
    return size, weight


def _application() -> QApplication | None:
    app = QApplication.instance()
    return app if isinstance(app, QApplication) else None


def _load_fonts() -> None:
    folder = assets.resource("fonts")
    for path in sorted((*folder.glob("Inter*.ttf"), *folder.glob("Inter*.otf"))):
        QFontDatabase.addApplicationFontFromData(path.read_bytes())


theme = Theme()
