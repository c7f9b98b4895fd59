"""Shift each clinical number of all content by one step: a named result must change, or it is refused."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import probes
import pytest

from workstation.assets import resource
from workstation.content.catalogue import Catalogue, load
from workstation.content.check import disagreements
from workstation.content.derivation import read_derivation
from workstation.content.directed import read_directed
from workstation.content.formulary import read_formulary
from workstation.content.protocols import read_thresholds
from workstation.content.rems import read_rems
from workstation.content.rubrics import read_schemes
from workstation.content.rules import read_rules
from workstation.content.triage import read_triage
from workstation.domain.errors import ContentError

ROOT = resource("clinical")
NUMBER = re.compile(r"(?<![\w.\"'-])\d+(?:\.\d+)?(?![\w.\"'-])")
QUANTITY = re.compile(r"(?<=\()\d+(?:\.\d+)?(?=\))")
CONDITIONS = ("when", "alarm", "applies", "asked_when")
# Keys whose numbers are not clinical, each with the reason.
NOT_CLINICAL = {
    "schema": "form of the file",
    "edition": "name of the edition",
    "as_of": "day on which a source was read",
    "safe": "answers that worked examples start from",
}
EXAMPLES = ("[[rule.example]]", "[[example]]")  # inputs of worked examples
# Strings are words, names, codes and patterns; only conditions hold numbers that decide.
# Numbers said in two places: a shift of one of them is held by the other. (file, words of the line,
# number, step) with the reason.
SAID_TWICE = {
    (
        "rules/isotretinoin.toml",
        "known(mood.phq9)) and mood.phq9 >=",
        "3",
        1,
    ): "for whom PHQ-9 is asked stands in facts.toml too: ASK-PHQ9 holds while it is not answered",
}
SAID_TWICE |= {
    (
        "rules/isotretinoin.toml",
        'when = "alcohol.most > drinks(1) and alcohol.agreed_on',
        "1",
        -1,
    ): "the clause that holds says the limit too; this one only lets an agreement pass before it",
}
SLICE = 16


@dataclass(frozen=True)
class Place:
    """One number of one file; ``start`` and ``end`` are columns of its line."""

    file: str
    line: int
    start: int
    end: int
    text: str

    def shifted(self, by: int) -> str:
        exponent = int(Decimal(self.text).as_tuple().exponent)
        return format(Decimal(self.text) + by * Decimal(1).scaleb(exponent), "f")


def places() -> Iterator[Place]:
    for path in sorted(ROOT.rglob("*.toml")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(("handout/", "editions/")):
            continue  # words for patients; the days they tell of are the medicine's own
        table = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            if line.startswith("["):
                table = line.split("#")[0].strip()
                continue
            key = line.partition("=")[0].strip()
            if line.startswith("#") or table in EXAMPLES or key in NOT_CLINICAL:
                continue
            if key in CONDITIONS:
                found = QUANTITY.finditer(line)
            else:
                value = re.sub(r"\"[^\"]*\"|'[^']*'", lambda m: "_" * len(m[0]), line)
                value = value.split("#")[0]
                found = NUMBER.finditer(value, value.find("=") + 1)
            yield from (Place(name, number, m.start(), m.end(), m.group()) for m in found)


PLACES = tuple(places())


def survives(place: Place, by: int, folder: Path) -> str | None:
    """None when a named result noticed the shift, else a sentence naming the number."""
    if (
        Decimal(place.text) + by * Decimal(1).scaleb(int(Decimal(place.text).as_tuple().exponent))
        < 0
    ):
        return None
    path = folder / place.file
    before = path.read_text(encoding="utf-8")
    lines = before.splitlines()
    line = lines[place.line]
    lines[place.line] = line[: place.start] + place.shifted(by) + line[place.end :]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        if noticed(folder, place.file):
            return None
    finally:
        path.write_text(before, encoding="utf-8")
    for file, words, text, step in SAID_TWICE:
        if (place.file, place.text, by) == (file, text, step) and words in line:
            return None
    return f"{place.file}:{place.line + 1} {line.strip()} ({place.text} to {place.shifted(by)})"


def noticed(folder: Path, file: str) -> str:
    """The first result that differs from the shipped content's; "" when none does.

    Results that a number of ``file`` can be expected to change are asked first, with that part of
    the content alone read anew. When they do not differ, everything is read and asked.
    """
    near = next((some for part, some in NEARBY if file.startswith(part)), ())
    reader = next((read for part, read in READERS if file.startswith(part)), None)
    try:
        if reader is not None:
            changed = replace(probes.as_shipped(), **reader(folder))
            found = next(filter(None, (differing(probe, changed, file) for probe in near)), "")
            if found:
                return found
        content = load(folder)
    except ContentError as error:
        return error.code
    faults = disagreements(content)
    if faults:
        return faults[0].code
    for probe in sorted(probes.PROBES, key=lambda probe: probe not in near):
        found = differing(probe, content, file)
        if found:
            return found
    return ""


def differing(probe: probes.Probe, content: Catalogue, file: str) -> str:
    """The name of the first answer of a probe that is not the shipped content's."""
    expected, asked = shipped(probe), Counter[str]()
    given = probe(content, file) if probe is probes.edges_of_rules else probe(content)
    for name, value in given:
        if [value] != expected.get(name, [])[asked[name] : asked[name] + 1]:
            return name
        asked[name] += 1
    return next((name for name, some in expected.items() if asked[name] != len(some)), "")


@cache
def shipped(probe: probes.Probe) -> dict[str, list[object]]:
    """What a probe answers of the shipped content, by name."""
    found: dict[str, list[object]] = {}
    for name, value in probe(probes.as_shipped()):
        found.setdefault(name, []).append(value)
    return found


# Which results a number of a file can be expected to change.
NEARBY: tuple[tuple[str, tuple[probes.Probe, ...]], ...] = (
    ("rules/", (probes.edges_of_rules, probes.reasons)),
    ("triage", (probes.edges_of_triage,)),
    ("facts", (probes.derived, probes.edges_of_questions)),
    ("derivation", (probes.derived,)),
    ("follow_up", (probes.follow_ups,)),
    ("rems/", (probes.windows, probes.plans)),
    ("monitoring/", (probes.laboratories, probes.plans)),
    ("formulary/directed/", (probes.directed,)),
    ("formulary/", (probes.doses,)),
    ("rubrics/", (probes.severities,)),
    ("prescription/states", (probes.derived,)),
    ("prescription/", (probes.prescriptions, probes.directed)),
)
SHIPPED = probes.as_shipped()
SOURCES = SHIPPED.sources
# How the part of the content that holds a file is read by itself.
READERS: tuple[tuple[str, Callable[[Path], dict[str, object]]], ...] = (
    ("rules/", lambda at: {"rulebook": read_rules(at / "rules", SHIPPED.facts, SOURCES)}),
    ("triage", lambda at: {"triage": read_triage(at / "triage.toml", SHIPPED.facts, SOURCES)}),
    ("derivation", lambda at: {"derivation": read_derivation(at / "derivation.toml", SOURCES)}),
    ("rems/", lambda at: {"rems": read_rems(at / "rems", SOURCES)}),
    (
        "monitoring/thresholds",
        lambda at: {
            "thresholds": read_thresholds(
                at / "monitoring" / "thresholds.toml", SOURCES, SHIPPED.tests
            )
        },
    ),
    (
        "formulary/directed/",
        lambda at: {"directed": read_directed(at / "formulary" / "directed", SOURCES)},
    ),
    ("formulary/", lambda at: {"medicines": read_formulary(at / "formulary", SOURCES)}),
    ("rubrics/", lambda at: {"schemes": read_schemes(at / "rubrics", SOURCES)}),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT, tmp_path / "clinical"))


def test_every_file_with_numbers_is_here() -> None:
    assert len(PLACES) > 300
    files = {place.file for place in PLACES}
    for name in ("triage.toml", "facts.toml", "derivation.toml"):
        assert name in files
    for part in ("rules/", "rems/", "monitoring/", "formulary/", "rubrics/", "prescription/"):
        assert any(file.startswith(part) for file in files), part


def test_unchanged_content_changes_nothing(folder: Path) -> None:
    assert noticed(folder, "") == ""


def test_a_slice_of_the_numbers_matters(folder: Path) -> None:
    # Which ones moves on with each edition of the content, and is the same for the same content.
    step = max(1, len(PLACES) // SLICE)
    chosen = PLACES[int(probes.as_shipped().digest, 16) % step :: step]
    found = [survives(p, by, folder) for n, p in enumerate(chosen) for by in ((1,), (-1,))[n % 2]]
    assert [f for f in found if f] == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("by", [1, -1])
def test_every_number_matters(folder: Path, by: int) -> None:
    found = [survives(place, by, folder) for place in PLACES]
    assert [f for f in found if f] == []
