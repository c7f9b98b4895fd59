"""The language of the interface: every sentence stands in the code in English and is said through ``tr``.

The English sentence is the key of the catalogues in ``resources/language/<language>/*.toml``.
What is signed, stored, audited or logged never passes here: it keeps English and codes, and
documents have a language of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from workstation import assets

ENGLISH: Final = "en"
LANGUAGES: Final = {ENGLISH: "English", "es": "Espa\u00f1ol"}
SENSE: Final = " @ "  # between a sentence and which of its meanings this is

K = TypeVar("K")

_words: dict[str, str] = {}
_chosen = ENGLISH


class Sentence:
    """A sentence kept in a table or constant: said in the language of the moment it is shown."""

    __slots__ = ("key", "template")

    def __init__(self, template: str, sense: str) -> None:
        self.template = template
        self.key = f"{template}{SENSE}{sense}" if sense else template

    def __str__(self) -> str:
        return _words.get(self.key, self.template)

    def __repr__(self) -> str:
        return f"noted({self.key!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def tr(template: str | Sentence, /, *, sense: str = "", **values: object) -> str:
    """A sentence in the chosen language, its ``{names}`` filled in.

    ``sense`` tells two meanings of one English wording apart. A sentence that the catalogue
    lacks is said in English.
    """
    if isinstance(template, Sentence):
        said = str(template)
    else:
        said = _words.get(f"{template}{SENSE}{sense}" if sense else template, template)
    return said.format(**values) if values else said


def plural(n: int, one: str, many: str, /, **values: object) -> str:
    """The sentence for one, or for many; both may show ``{n}``, with a comma from 1,000."""
    template = one if n == 1 else many
    return _words.get(template, template).format(n=f"{n:,}", **values)


def noted(template: str, sense: str = "") -> Sentence:
    """A sentence for a table or constant; ``tr`` says it, and nothing else can."""
    return Sentence(template, sense)


def stored(template: str, /, **values: object) -> str:
    """Words that go on record: English whatever the screen speaks; ``heard`` shows them."""
    return template.format(**values)


def heard(text: str, /, *templates: str) -> str:
    """What was stored in English, said in the chosen language.

    The first of ``templates`` that ``text`` can have been made from decides; any other text (a
    person's own words) stays as it is.
    """
    if _chosen == ENGLISH or not text:
        return text
    for template in templates:
        found = _pattern(template).fullmatch(text)
        if found is not None:
            return tr(template, **found.groupdict())
    return text


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    made = (f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile("".join(made), re.DOTALL)


def of_content(text: str, /) -> str:
    """A text of the clinical content in the chosen language; English where it has none."""
    return _words.get(text, text)


def use(language: str) -> None:
    """Say everything in ``language`` from now on; one that is not known is English."""
    global _chosen, _words  # noqa: PLW0603  # the one place that holds it
    _chosen = language if language in LANGUAGES else ENGLISH
    _words = {} if _chosen == ENGLISH else catalogue(_chosen)


def chosen() -> str:
    """Code of the language in use."""
    return _chosen


def folder(language: str) -> Path:
    """Where the catalogues of a language are."""
    return assets.resource("language", language)


@cache
def catalogue(language: str) -> dict[str, str]:
    """English sentence to its translation, of all catalogues of a language, read once.

    Raises:
        ValueError: a sentence stands twice with two translations.
    """
    import tomli

    words: dict[str, str] = {}
    for path in sorted(folder(language).glob("*.toml")):
        for key, said in tomli.loads(path.read_text(encoding="utf-8"))["sentences"].items():
            if words.setdefault(key, said) != said:
                raise ValueError(f"{path.name}: two translations of {key!r}")
    return words


def pairs(table: Iterable[tuple[K, Sentence]]) -> tuple[tuple[K, str], ...]:
    """A table of (code, sentence) said in the chosen language, for a list to choose from."""
    return tuple((code, tr(sentence)) for code, sentence in table)
