"""The handout: both languages say the same things, promise nothing, and take numbers from the rules."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workstation.assets import resource
from workstation.content.catalogue import load
from workstation.content.handout import read_handouts
from workstation.domain.errors import ContentError
from workstation.domain.handout import SLOTS, filled_points, numbers, slots_of

TOPICS = (
    "flare", "taking",
    "lips",
    "skin_eyes",
    "sport", "alcohol", "pregnancy", "mood", "donation", "weight", "hair",
    "second_course", "sharing", "stop_and_call",
)  # fmt: skip
# Promises and advice that no leaflet of ours may hold, whatever its own list says.
NEVER = {
    "en": ("cure", "guarantee", "harmless", "risk-free", "100 %", "100%", "safe during pregnancy",
           "no side effects", "forever", "always clear"),
    "es": ("curar", "garantiza", "inofensiv", "sin riesgo", "100 %", "100%",
           "segura en el embarazo", "sin efectos secundarios", "para siempre"),
}  # fmt: skip


@pytest.fixture(scope="module")
def content():
    return load(resource("clinical"))


FOLDER = resource("clinical", "handout")


def handouts(content, folder: Path = FOLDER):
    return read_handouts(folder, content.sources, content.medicines["isotretinoin"])


def every_text(handout) -> list[str]:
    parts = (*handout.phases, *handout.topics)
    return [
        handout.title, handout.intro, *handout.expect.values(),
        *(text for part in parts for text in (part.title, *part.points)),
        *(one.text for one in handout.counsel),
    ]  # fmt: skip


def test_both_languages_have_the_same_entries(content) -> None:
    found = handouts(content)
    assert set(found) == {"en", "es"}
    one, other = found["en"], found["es"]
    assert tuple(t.id for t in one.topics) == tuple(t.id for t in other.topics) == TOPICS
    for first, second in zip(one.topics, other.topics, strict=True):
        assert [slots_of(p) for p in first.points] == [slots_of(p) for p in second.points]
        assert first.source == second.source
    assert tuple(one.expect) == tuple(other.expect)
    assert not set(every_text(one)) & set(every_text(other)) - {"Alcohol"}


def test_no_language_makes_a_promise(content) -> None:
    for language, handout in handouts(content).items():
        whole = "\n".join(every_text(handout)).casefold()
        assert [words for words in NEVER[language] if words in whole] == []


def test_the_course_follows_the_medicine_week_by_week(content) -> None:
    for handout in handouts(content).values():
        response = content.medicines["isotretinoin"].response
        assert tuple(phase.bucket for phase in handout.phases) == response
        for day, place in (
            (1, 0),
            (28, 0),
            (29, 1),
            (91, 1),
            (92, 2),
            (183, 2),
            (184, 3),
            (900, 3),
        ):
            there = [
                n
                for n, phase in enumerate(handout.phases)
                if phase.bucket.first_day <= day <= (phase.bucket.last_day or day)
            ]
            assert there == [place]
        lines = handout.lines_of(handout.phases[0])
        assert len(lines) == len(response[0].expect) + len(handout.phases[0].points)


def test_numbers_come_from_the_rules_in_force(content) -> None:
    rems = content.rems["RS-2021"]
    values = numbers(content.medicines["isotretinoin"], rems, content.thresholds)
    assert set(values) == SLOTS
    for handout in handouts(content).values():
        whole = " ".join(p for t in handout.topics for p in filled_points(t, values))
        assert "{" not in whole
        for number in ("36", "30", "8", "2"):
            assert number in whole
    english = handouts(content)["en"]
    assert "36 hours" in " ".join(filled_points(english.topic("alcohol"), values))
    with pytest.raises(KeyError):
        english.topic("diet")


@pytest.mark.parametrize(
    ("language", "old", "new", "code"),
    [
        ("en", "Your skin gets drier.", "This will cure your acne.", "content.handout.claim"),
        ("es", "Los labios secos", "Sin riesgo: los labios secos", "content.handout.claim"),
        ("en", 'title = "Your treatment', 'title = "Guaranteed treatment', "content.handout.claim"),
        ("es", 'id = "hair"', 'id = "nails"', "content.handout.keys"),
        ("es", "{pause_months} meses", "unos meses", "content.handout.keys"),
        ("en", "{pause_months}", "{weeks}", "content.handout.keys"),
        ("en", "{pause_months}", "{pause_months", "content.handout.keys"),
        ("en", 'response = "Months 2-3"', 'response = "Months 2-4"', "content.handout.keys"),
        ("en", 'redness = "The skin may be red."\n', "", "content.handout.keys"),
        ("es", 'source = "article"', 'source = "hearsay"', "content.source.unknown"),
        ("es", 'language = "es"', 'language = "es"\ncolour = "red"', "content.key.unknown"),
    ],
)  # fmt: skip
def test_a_fault_is_refused_at_its_line(content, tmp_path, language, old, new, code) -> None:
    folder = Path(shutil.copytree(resource("clinical", "handout"), tmp_path / "handout"))
    path = folder / f"{language}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        handouts(content, folder)
    assert caught.value.code == code
    assert caught.value.context["file"].endswith(".toml")


def test_every_counselling_rule_has_its_point_in_both_languages(content) -> None:
    rules = {r.code for r in content.rulebook.rules if r.group == "counsel"}
    assert len(rules) == 4
    for handout in handouts(content).values():
        assert {one.rule for one in handout.counsel} == rules
