"""Names for finding people: a folded search text, and a key that similar names share.

The key is a Soundex of the family name and of the first given name, after accents are removed and
a leading silent H is dropped, with all leading vowels taken as one: MARCH, Elena and MARSH, Helena
share it, and so does a name with letters of another script that look like its own. It errs towards
sharing: what follows is a "similar name" chip, and a doubt where the birth dates are near.
"""

from __future__ import annotations

import unicodedata

from workstation.domain import scripts

_CODES = {
    **dict.fromkeys("bfpv", "1"),
    **dict.fromkeys("cgjkqsxz", "2"),
    **dict.fromkeys("dt", "3"),
    "l": "4",
    **dict.fromkeys("mn", "5"),
    "r": "6",
}
_SPELLINGS = (("ph", "f"), ("sch", "s"), ("ck", "k"), ("th", "t"), ("ß", "ss"), ("ł", "l"))
_LEADING = {"k": "c", "q": "c", "z": "s", "y": "i", "j": "i"}
_VOWELS = frozenset("aeiou")


def folded(text: str) -> str:
    """``text`` without accents and case, for searching."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def search_text(*parts: str | None) -> str:
    """One folded line of all that a search may hit."""
    return " ".join(folded(part) for part in parts if part)


def sounds_like(family: str, given: str) -> str:
    """The key of a person's name, at most 64 characters."""
    first = given.split(maxsplit=1)[0] if given.split() else ""
    return f"{_sound(scripts.as_read(family))}/{_sound(scripts.as_read(first))}"[:64]


def _sound(name: str) -> str:
    letters = "".join(c for c in folded(name) if c.isalpha())
    for written, spoken in _SPELLINGS:
        letters = letters.replace(written, spoken)
    if len(letters) > 1 and letters[0] == "h" and letters[1] in _VOWELS:
        letters = letters[1:]
    if not letters:
        return ""
    if not letters.isascii():
        return letters[:16]  # no sound classes for other scripts: equal letters only
    head = letters[0]
    key = "a" if head in _VOWELS else _LEADING.get(head, head)
    last = _CODES.get(head, "")
    for letter in letters[1:]:
        code = _CODES.get(letter, "")
        if code and code != last:
            key += code
        if letter not in "hw":
            last = code
    return key[:4].ljust(4, "0")
