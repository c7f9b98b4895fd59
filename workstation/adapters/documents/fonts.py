"""Embedded fonts: which face draws each character, widths, and refusal of missing glyphs."""

from __future__ import annotations

import threading
import unicodedata
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from workstation.assets import resource
from workstation.domain.errors import Refused

FACES: dict[str, tuple[str, str]] = {
    "regular": ("Inter-Regular", "NotoSans-Regular"),
    "medium": ("Inter-Medium", "NotoSans-Regular"),
    "semibold": ("Inter-SemiBold", "NotoSans-Bold"),
    "bold": ("Inter-Bold", "NotoSans-Bold"),
}
INITIAL_FACE = FACES["regular"][0]

# Categories that cannot stand on paper on their own: controls, bidi and zero-width marks,
# surrogates, private use, unassigned, and combining marks that normalisation could not join
# (without positioning they would print beside their letter and change a name).
_NEVER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Mc", "Me"})
_LOCK = threading.Lock()
_LOADED: dict[str, TTFont] = {}


def face(name: str) -> TTFont:
    """The registered font ``name``, read from ``resources/fonts`` at first use."""
    font = _LOADED.get(name)
    if font is None:
        with _LOCK:
            font = _LOADED.get(name)
            if font is None:
                font = TTFont(name, str(resource("fonts", f"{name}.ttf")))
                pdfmetrics.registerFont(font)
                _LOADED[name] = font
    return font


@lru_cache(maxsize=8192)
def _face_of(character: str, weight: str) -> str | None:
    if unicodedata.category(character) in _NEVER:
        return None
    code = ord(character)
    for name in FACES[weight]:
        if code in face(name).face.charToGlyph:
            return name
    return None


def legible(text: str, weight: str) -> str:
    """Text as a patient wrote it, each character without a glyph shown as ``[U+1F600]``."""
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(
        "".join(c if _face_of(c, weight) is not None else f"[U+{ord(c):04X}]" for c in line)
        for line in lines
    )


@lru_cache(maxsize=16384)
def runs(text: str, weight: str) -> tuple[tuple[str, str], ...]:
    """(face, text) pieces that draw ``text``, in composed form (NFC).

    Raises:
        Refused: ``document.glyph.missing`` with the code points that no face has.
    """
    pieces: list[tuple[str, str]] = []
    missing: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        name = _face_of(character, weight)
        if name is None:
            missing.append(f"U+{ord(character):04X}")
        elif pieces and pieces[-1][0] == name:
            pieces[-1] = (name, pieces[-1][1] + character)
        else:
            pieces.append((name, character))
    if missing:
        raise Refused("document.glyph.missing", count=len(missing), first=missing[0])
    return tuple(pieces)


def width(text: str, weight: str, size: float) -> float:
    """Width of ``text`` in points."""
    return sum(
        (pdfmetrics.stringWidth(piece, name, size) for name, piece in runs(text, weight)), 0.0
    )


def wrap(text: str, weight: str, size: float, room: float) -> tuple[str, ...]:
    """Lines no wider than ``room`` points, broken at ordinary spaces only.

    A single word wider than the line is broken between characters: nothing is ever clipped.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        lines.extend(_wrapped(part, weight, size, room))
    return tuple(lines) or ("",)


def _wrapped(text: str, weight: str, size: float, room: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        wider = f"{line} {word}" if line else word
        if width(wider, weight, size) <= room:
            line = wider
            continue
        if line:
            lines.append(line)
        line = word
        while width(line, weight, size) > room and len(line) > 1:
            cut = _longest(line, weight, size, room)
            lines.append(line[:cut])
            line = line[cut:]
    lines.append(line)
    return lines


def _longest(word: str, weight: str, size: float, room: float) -> int:
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if width(word[:middle], weight, size) <= room:
            low = middle
        else:
            high = middle - 1
    return low
