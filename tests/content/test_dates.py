"""Content that is read by people writes a day as dd-Mmm-yyyy, as every page and paper does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "resources"
MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    "|Sep(?:t|tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
OTHERWISE = re.compile(
    rf"\b\d{{1,2}}\.?\s(?:{MONTHS})\.?,?\s\d{{4}}\b"
    rf"|\b(?:{MONTHS})\.?\s\d{{1,2}},?\s\d{{4}}\b"
    r"|\b\d{1,2} de [a-z]+ de \d{4}\b"
    rf"|(?<!\d)\d-(?:{MONTHS})-\d{{4}}\b"
)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("folder", ["clinical", "intake", "language", "messages"])
def test_days_in_content_are_written_as_everywhere(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.toml")) + sorted((ROOT / folder).rglob("*.json"))
    assert files
    wrong = [
        f"{file.name}: {found.group()}"
        for file in files
        for text in (
            _texts(tomllib.loads(file.read_text("utf-8")))
            if file.suffix == ".toml"
            else (file.read_text("utf-8"),)
        )
        for found in OTHERWISE.finditer(text)
    ]
    assert wrong == []


@pytest.mark.parametrize("text", ["9 Feb 2026", "22 April 2025", "Feb 9, 2026", "9-Feb-2026"])
def test_another_way_of_writing_a_day_is_found(text: str) -> None:
    assert OTHERWISE.search(f"FDA notice, {text}, on paper")
    assert not OTHERWISE.search("FDA notices 2007, Oct 2021 and 09-Feb-2026")
