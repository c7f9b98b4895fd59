"""The clinician's guide (F1) in the chosen language.

The guide is written in English, ``resources/docs/clinician.md``; each of its blocks (a heading, a
paragraph, a point of a list) is the key of its translation in ``resources/language/*/guide.toml``,
like every other sentence of the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workstation import assets
from workstation.language import noted, of_content, tr

GUIDE = ("docs", "clinician.md")
CHAPTERS = {  # page of the desk: the heading of the guide that tells of it
    "queue": noted("The queue"),
    "contact": noted("Contact first"),
    "assess": noted("Assess: count what you see"),
    "followup": noted("Compare with an earlier visit"),
    "treat": noted("Treat: safety, prescription, plan"),
    "sign": noted("Sign"),
    "labs": noted("Labs"),
    "records": noted("Records"),
    "settings": noted("Settings"),
}
_BLOCK = re.compile(r"(#+ |- |)(.*)")


def blocks() -> Iterator[tuple[str, str]]:
    """(mark of Markdown before it, text) of each line of the English guide; empty lines as such."""
    for line in assets.resource(*GUIDE).read_text(encoding="utf-8").splitlines():
        found = _BLOCK.fullmatch(line)
        assert found is not None  # the last group takes any line
        yield found[1], found[2]


def guide() -> str:
    """The whole guide as Markdown in the chosen language; a block without translation is English."""
    return "\n".join(mark + (of_content(text) if text else "") for mark, text in blocks())


def chapter(page: str) -> str:
    """The heading in the chosen language that tells of a page; "" where none does."""
    return tr(CHAPTERS[page]) if page in CHAPTERS else ""
