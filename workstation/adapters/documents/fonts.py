"""Embedded fonts: which face draws each character, widths, and refusal of missing glyphs."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from workstation.adapters.documents import shaping
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


def _kept_subsets(make: Callable[[Sequence[int]], bytes]) -> Callable[[Sequence[int]], bytes]:
    """``make`` that works each set of characters out once: pages of a kind use the same ones."""

    @lru_cache(maxsize=64)
    def made(codes: tuple[int, ...]) -> bytes:
        return make(codes)

    return lambda codes: made(tuple(codes))


def face(name: str) -> TTFont:
    """The registered font ``name``, read from ``resources/fonts`` at first use."""
    font = _LOADED.get(name)
    if font is None:
        with _LOCK:
            font = _LOADED.get(name)
            if font is None:
                font = TTFont(name, str(resource("fonts", f"{name}.ttf")))
                font.face.makeSubset = _kept_subsets(font.face.makeSubset)
                pdfmetrics.registerFont(font)
                _LOADED[name] = font
    return font


def name(wanted: str) -> str:
    """The name of a face, which is registered now."""
    return str(face(wanted).fontName)


@lru_cache(maxsize=8192)
def _face_of(character: str, weight: str) -> str | None:
    script = shaping.script_of(character)
    if script is not None:
        # Marks of such a script are placed by shaping; nothing else may stand on its own.
        usable = unicodedata.category(character) not in _NEVER - {"Mn", "Mc"}
        return script.face if usable and shaping.has(character, script) else None
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
    composed = unicodedata.normalize("NFC", text)
    for at, character in enumerate(composed):
        name = _inside(composed, at) or _face_of(character, weight)
        if name is None:
            missing.append(f"U+{ord(character):04X}")
        elif pieces and pieces[-1][0] == name:
            pieces[-1] = (name, pieces[-1][1] + character)
        else:
            pieces.append((name, character))
    missing += [
        f"U+{ord(piece[0]):04X}"
        for name, piece in pieces
        if name in shaping.BY_FACE and not shaping.is_whole(piece, name)
    ]
    if missing:
        raise Refused("document.glyph.missing", count=len(missing), first=missing[0])
    return tuple(pieces)


def _inside(text: str, at: int) -> str | None:
    """The face of the run that a space, comma or joiner at ``at`` stands inside of."""
    if text[at].isalnum() or shaping.script_of(text[at]) is not None:
        return None
    before = _script_beside(reversed(text[:at]), text[at])
    after = _script_beside(iter(text[at + 1 :]), text[at])
    return before.face if before is not None and before is after else None


def _script_beside(characters: Iterator[str], joined: str) -> shaping.Script | None:
    """The script of the next character that has one, when all until there may stand inside it."""
    between = [joined]
    for character in characters:
        script = shaping.script_of(character)
        if script is not None:
            return script if all(shaping.joins(c, script) for c in between) else None
        between.append(character)
    return None


@lru_cache(maxsize=32768)
def _thousandths(text: str, weight: str) -> float:
    """Width of ``text`` in thousandths of its size: faces have no kerning, so sizes scale."""
    return sum((_wide(name, piece) for name, piece in runs(text, weight)), 0.0)


def _wide(name: str, piece: str) -> float:
    if name in shaping.BY_FACE:
        return shaping.width(piece, name) * 1000.0
    return float(face(name).stringWidth(piece, 1000.0))


def width(text: str, weight: str, size: float) -> float:
    """Width of ``text`` in points."""
    return _thousandths(text, weight) * size / 1000.0


def wrap(text: str, weight: str, size: float, room: float) -> tuple[str, ...]:
    """Lines no wider than ``room`` points, broken at ordinary spaces only.

    A single word wider than the line is broken between characters: nothing is ever clipped.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        for line in _wrapped(((part, weight),), size, room):
            lines.append("".join(piece for piece, _ in line))
    return tuple(lines)


Line = tuple[tuple[str, str], ...]


def wrap_pieces(pieces: tuple[tuple[str, str], ...], size: float, room: float) -> tuple[Line, ...]:
    """As ``wrap``, for (text, weight) pieces that follow each other with a space between."""
    return _wrapped(pieces, size, room)


@lru_cache(maxsize=8192)
def _wrapped(pieces: tuple[tuple[str, str], ...], size: float, room: float) -> tuple[Line, ...]:
    lines: list[Line] = []
    line: list[tuple[str, str]] = []
    used = 0.0

    def add(word: str, weight: str, wide: float) -> None:
        nonlocal used
        if line and line[-1][1] == weight:
            line[-1] = (line[-1][0] + word, weight)
        else:
            line.append((word, weight))
        used += wide

    def end() -> None:
        nonlocal used
        lines.append(tuple(line))
        line.clear()
        used = 0.0

    for weight, word in ((w, word) for text, w in pieces for word in text.split(" ")):
        wide = width(word, weight, size)
        blank = width(" ", line[-1][1], size) if line else 0.0
        if used + blank + wide <= room:
            if line:
                add(" ", line[-1][1], blank)
            add(word, weight, wide)
            continue
        if line:
            end()
        rest = word
        while wide > room and len(rest) > 1:
            cut = _longest(rest, weight, size, room)
            add(rest[:cut], weight, 0.0)
            end()
            rest = rest[cut:]
            wide = width(rest, weight, size)
        add(rest, weight, wide)
    end()
    return tuple(lines)


def _longest(word: str, weight: str, size: float, room: float) -> int:
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if width(word[:middle], weight, size) <= room:
            low = middle
        else:
            high = middle - 1
    return low
