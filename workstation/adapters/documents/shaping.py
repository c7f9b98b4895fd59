"""Scripts that need shaping, drawn as outlines over invisible text that can still be extracted.

The PDF library places one glyph after the other: Arabic would stand unjoined and backwards, and
Devanagari in pieces. HarfBuzz shapes such runs; their outlines are filled as paths, so nothing
depends on the reader's fonts, and the same characters lie beneath in reading order, unpainted.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workstation.assets import resource

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

PLAIN = "NotoSans-Regular"  # the space, comma or hyphen that a script's own face lacks
BOLD_STROKE = 0.022  # of the size, drawn around outlines: these faces come in one weight
_INVISIBLE = 3  # text rendering mode
_LOCK = threading.Lock()
_JOINERS = frozenset("\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Script:
    """A script: its face, HarfBuzz tag and direction."""

    face: str
    tag: str
    rtl: bool


_ARABIC = Script("NotoSansArabic-Regular", "Arab", True)
_HEBREW = Script("NotoSansHebrew-Regular", "Hebr", True)
_DEVANAGARI = Script("NotoSansDevanagari-Regular", "Deva", False)
_CJK = Script("DroidSansFallback-Regular", "Hani", False)
_HANGUL = Script("HangulSans-Regular", "Hang", False)
_RANGES: tuple[tuple[int, int, Script], ...] = (
    (0x0590, 0x05FF, _HEBREW),
    (0x0600, 0x06FF, _ARABIC),
    (0x0750, 0x077F, _ARABIC),
    (0x08A0, 0x08FF, _ARABIC),
    (0x0900, 0x097F, _DEVANAGARI),
    (0x2E80, 0x2FDF, _CJK),
    (0x3000, 0x312F, _CJK),
    (0x3130, 0x318F, _HANGUL),
    (0x3190, 0x4DBF, _CJK),
    (0x4E00, 0x9FFF, _CJK),
    (0xA8E0, 0xA8FF, _DEVANAGARI),
    (0xAC00, 0xD7AF, _HANGUL),
    (0xF900, 0xFAFF, _CJK),
    (0xFB1D, 0xFB4F, _HEBREW),
    (0xFB50, 0xFDFF, _ARABIC),
    (0xFE70, 0xFEFC, _ARABIC),
    (0xFF00, 0xFFEF, _CJK),
)
_STARTS = tuple(start for start, _, _ in _RANGES)
BY_FACE = {script.face: script for script in (_ARABIC, _HEBREW, _DEVANAGARI, _CJK, _HANGUL)}


def script_of(character: str) -> Script | None:
    """The script that shapes a character; None for one that needs no shaping."""
    code = ord(character)
    at = bisect_right(_STARTS, code) - 1
    if at >= 0 and code <= _RANGES[at][1]:
        return _RANGES[at][2]
    return None


def joins(character: str, script: Script) -> bool:
    """Whether a character that is of no script may stand inside a run of ``script``."""
    if character in _JOINERS:
        return script is _ARABIC or script is _DEVANAGARI
    return script.rtl and character in " ,-\u2011\u00a0'\u2019."


@lru_cache(maxsize=8)
def _font(face: str) -> Any:
    import uharfbuzz  # only a text that needs it pays for it

    with _LOCK:
        blob = uharfbuzz.Blob(resource("fonts", f"{face}.ttf").read_bytes())
        return uharfbuzz.Font(uharfbuzz.Face(blob))


def has(character: str, script: Script) -> bool:
    """Whether the script's face has a glyph for a character."""
    if character in _JOINERS:
        return True
    found = _font(script.face).get_nominal_glyph(ord(character))
    return found is not None and found != 0


@dataclass(frozen=True, slots=True)
class _Shaped:
    """A run in units of its em: outlines where they stand, and how far it goes."""

    paths: tuple[tuple[tuple[Any, ...], ...], ...]
    advance: float
    missing: bool


@lru_cache(maxsize=2048)
def _shaped(text: str, face: str) -> _Shaped:
    import uharfbuzz

    script = BY_FACE[face]
    segments = _segments(text, script)
    x = 0.0
    paths: list[tuple[tuple[Any, ...], ...]] = []
    missing = False
    for part, name in reversed(segments) if script.rtl else segments:
        font = _font(name)
        buffer = uharfbuzz.Buffer()
        buffer.add_str(part)
        buffer.direction = "rtl" if script.rtl else "ltr"
        buffer.guess_segment_properties()
        if script.tag != _CJK.tag:
            buffer.script = script.tag
        uharfbuzz.shape(font, buffer)
        em = font.face.upem
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            missing = missing or info.codepoint == 0
            pen = _Outline(em, x + place.x_offset / em, place.y_offset / em)
            font.draw_glyph_with_pen(info.codepoint, pen)
            if pen.made:
                paths.append(tuple(pen.made))
            x += place.x_advance / em
    return _Shaped(tuple(paths), x, missing)


def _segments(text: str, script: Script) -> list[tuple[str, str]]:
    """(text, face) pieces of a run: what its own face lacks (a comma) comes from the plain one."""
    made: list[tuple[str, str]] = []
    for character in text:
        own = script_of(character) is not None or has(character, script)
        face = script.face if own else PLAIN
        if made and made[-1][1] == face:
            made[-1] = (made[-1][0] + character, face)
        else:
            made.append((character, face))
    return made


class _Outline:
    """Takes a glyph's outline as moves, lines and cubic curves in units of the em."""

    def __init__(self, em: int, left: float, up: float) -> None:
        self._em, self._left, self._up = em, left, up
        self._at = (0.0, 0.0)
        self.made: list[tuple[Any, ...]] = []

    def _placed(self, point: tuple[float, float]) -> tuple[float, float]:
        return point[0] / self._em + self._left, point[1] / self._em + self._up

    def moveTo(self, point: tuple[float, float]) -> None:
        """Start a contour."""
        self._at = self._placed(point)
        self.made.append(("m", *self._at))

    def lineTo(self, point: tuple[float, float]) -> None:
        """A straight side."""
        self._at = self._placed(point)
        self.made.append(("l", *self._at))

    def curveTo(self, *points: tuple[float, float]) -> None:
        """A cubic curve."""
        first, second, end = (self._placed(p) for p in points)
        self.made.append(("c", *first, *second, *end))
        self._at = end

    def qCurveTo(self, *points: tuple[float, float]) -> None:
        """A quadratic curve, as the cubic one that is the same."""
        control, end = (self._placed(p) for p in points)
        start = self._at
        first = tuple(s + 2 / 3 * (c - s) for s, c in zip(start, control, strict=True))
        second = tuple(e + 2 / 3 * (c - e) for e, c in zip(end, control, strict=True))
        self.made.append(("c", *first, *second, *end))
        self._at = end

    def closePath(self) -> None:
        """End a contour."""
        self.made.append(("h",))


def width(text: str, face: str) -> float:
    """Width of a shaped run in units of its size."""
    return _shaped(text, face).advance


def is_whole(text: str, face: str) -> bool:
    """Whether shaping found a glyph for everything."""
    return not _shaped(text, face).missing


def draw(
    canvas: Canvas,
    x: float,
    baseline: float,
    text: str,
    face: str,
    size: float,
    *,
    bold: bool,
    register: Callable[[str], str],
) -> None:
    """Fill the outlines of a run in the canvas's fill colour, its text unpainted beneath.

    ``register`` makes a face known to the PDF library and gives its name back.
    """
    words = canvas.beginText(x, baseline)
    words.setTextRenderMode(_INVISIBLE)
    rtl = BY_FACE[face].rtl  # readers turn it round themselves, from the order on paper
    parts = _segments(text, BY_FACE[face])
    for part, name in reversed(parts) if rtl else parts:
        words.setFont(register(name), size)
        words.textOut(part[::-1] if rtl else part)
    words.setTextRenderMode(0)
    canvas.drawText(words)
    canvas.saveState()
    canvas.translate(x, baseline)
    if bold:
        canvas.setStrokeColor(canvas._fillColorObj)
        canvas.setLineWidth(size * BOLD_STROKE)
        canvas.setLineJoin(1)
    for contours in _shaped(text, face).paths:
        path = canvas.beginPath()
        for step, *at in contours:
            places = [round(value * size, 3) for value in at]
            if step == "m":
                path.moveTo(*places)
            elif step == "l":
                path.lineTo(*places)
            elif step == "c":
                path.curveTo(*places)
            else:
                path.close()
        canvas.drawPath(path, stroke=int(bold), fill=1, fillMode=1)
    canvas.restoreState()
