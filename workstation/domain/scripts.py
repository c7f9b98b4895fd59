"""Which scripts a name is written in, and whether that is usual: a letter of another script may look alike.

The rule is "highly restrictive" of Unicode Technical Standard 39, section 5.2: one script, or Latin
with what Japanese, Chinese or Korean are written in. The script of a letter is the first word of its
Unicode name ("CYRILLIC SMALL LETTER O"), which is its script for every script in use for names.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

LATIN, HAN = "Latin", "Han"
_USUAL_TOGETHER = (
    frozenset({LATIN, HAN, "Hiragana", "Katakana"}),
    frozenset({LATIN, HAN, "Bopomofo"}),
    frozenset({LATIN, HAN, "Hangul"}),
)
_CALLED = {"CJK": HAN, "IDEOGRAPHIC": HAN, "HENTAIGANA": "Hiragana"}
# Letters of no one script: they join any (UTS 39 calls them Common and Inherited).
_OF_ANY = frozenset({"MODIFIER", "KATAKANA-HIRAGANA", "VERTICAL", "CARON"})
# Letters that a reader takes for Latin ones, by their usual shape (confusables.txt of UTS 39).
_CYRILLIC = dict(
    zip("\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
        "\u0430\u0435\u0455\u0456\u0458\u043e\u0440\u0441\u0443\u0445\u04bb\u0501\u04cf\u051b\u051d",
        "ABESIJKMHOPCTYXaesijopcyxhdlqw", strict=True)
)  # fmt: skip
_GREEK = dict(
    zip("\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
        "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5",
        "ABEZHIKMNOPTYXaikvopu", strict=True)
)  # fmt: skip
_LOOK_LATIN = str.maketrans({**_CYRILLIC, **_GREEK})


@dataclass(frozen=True, slots=True)
class Mixed:
    """A name of several scripts: ``scripts``, most letters first, and the letters not of the first."""

    scripts: tuple[str, ...]
    others: str


def script_of(character: str) -> str:
    """The script of one letter, "" for what is no letter or belongs to any script."""
    if not unicodedata.category(character).startswith("L"):
        return ""
    first = unicodedata.name(character, "").split(" ", 1)[0]
    return "" if first in _OF_ANY else _CALLED.get(first, first.capitalize())


def mixed(*texts: str) -> Mixed | None:
    """How the texts together mix scripts; None when they are written as names are."""
    # Compatibility forms (full width, mathematical, ligatures) count as the letters they stand for.
    letters = [c for c in unicodedata.normalize("NFKC", " ".join(texts)) if script_of(c)]
    counted = Counter(script_of(c) for c in letters)
    if len(counted) < 2 or any(counted.keys() <= usual for usual in _USUAL_TOGETHER):
        return None
    scripts = tuple(script for script, _ in counted.most_common())
    others = dict.fromkeys(c for c in letters if script_of(c) != scripts[0])
    return Mixed(scripts, "".join(others))


def mixed_name(family: str, given: str, native: str | None = None) -> Mixed | None:
    """How a person's name mixes scripts; its native writing is a text of its own."""
    return mixed(family, given) or (mixed(native) if native else None)


def as_read(text: str) -> str:
    """A text of mixed scripts with the Latin letters that its lookalikes are read as; others as they are."""
    return text if text.isascii() or mixed(text) is None else text.translate(_LOOK_LATIN)
