"""The rubric panel in words: edges, gaps and their source, lower bounds, override, last visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.ui.assess_world import blank
from tests.ui.treat_world import content
from workstation.domain import severity
from workstation.domain.consultation import PastVisit
from workstation.domain.draft import GradeOverride
from workstation.domain.facts import Fact, Facts, Origin
from workstation.domain.ids import ConsultationId, PhotoId
from workstation.domain.lesions import LesionType, Tally, ZoneId
from workstation.domain.photo import View
from workstation.domain.severity import Counts
from workstation.presenters.counts import counts_table
from workstation.presenters.criteria import bar
from workstation.presenters.rubric import grade_card, override_problem, rubric_state

EMPTY = Tally((), (), ())
PHOTOS = blank((View.FRONT, View.LEFT45, View.RIGHT45))


def graded(c: int = 0, i: int = 0, n: int = 0, scar: bool | None = False, missing=()):
    return severity.grade(content().rubric, Counts(c, i, n, scar), missing)


def chip(name: str, **counts: int) -> str:
    return next(bar(r).chip for r in graded(**counts).results if r.criterion.id == name)


@pytest.mark.parametrize(
    ("name", "counts", "expected"),
    [
        ("comedones", {"c": 19}, "Mild"),
        ("comedones", {"c": 20}, "Moderate"),
        ("comedones", {"c": 100}, "Moderate"),
        ("comedones", {"c": 101}, "Severe · Lehmann"),
        ("inflammatory", {"i": 14}, "Mild"),
        ("inflammatory", {"i": 15}, "Moderate"),
        ("inflammatory", {"i": 50}, "Moderate"),
        ("inflammatory", {"i": 51}, "Severe · Lehmann"),
        ("total", {"c": 15, "i": 14}, "Mild"),
        ("total", {"c": 16, "i": 14}, "Moderate"),
        ("total", {"c": 75, "i": 50}, "Moderate"),
        ("total", {"c": 76, "i": 50}, "Severe"),
        ("nodules_cysts", {"n": 1}, "Moderate · Lehmann"),
        ("nodules_cysts", {"n": 5}, "Moderate · Lehmann"),
        ("nodules_cysts", {"n": 6}, "Severe"),
    ],
)
def test_edges(name: str, counts: dict[str, int], expected: str) -> None:
    assert chip(name, **counts) == expected


def test_the_cause_names_criterion_number_and_rule() -> None:
    card = grade_card(graded(c=14, i=21, n=7), EMPTY, None)
    assert card.word == "Severe"
    assert card.cause.startswith("Because nodules and cysts are 7 (rule: more than 5).")
    assert "Papules and pustules 21 and total 42 alone would be moderate." in card.cause
    filled = grade_card(graded(n=3), EMPTY, None).cause
    assert filled == "Because nodules and cysts are 3 (rule: 1 to 5, from Lehmann)."
    many = grade_card(graded(c=101, n=6), EMPTY, None).cause
    assert "nodules and cysts are 6" in many
    assert "comedones are 101 (rule: more than 100, from Lehmann)" in many
    scarred = grade_card(graded(c=3, i=2, scar=True), EMPTY, None)
    assert scarred.word == "Severe"
    assert scarred.cause.startswith("Because active acne causes deep scarring.")


def test_clear_and_mild_say_why() -> None:
    assert "no comedone" in grade_card(graded(), EMPTY, None).cause
    mild = grade_card(graded(c=5, i=3), EMPTY, None).cause
    assert "comedones 5 (rule: fewer than 20)" in mild
    assert "nodules and cysts 0 (rule: none)" in mild


def test_lower_bounds_are_said_with_what_is_missing() -> None:
    card = grade_card(graded(c=25, missing=("view:left45", "view:right45")), EMPTY, None)
    assert card.word == "At least moderate"
    assert card.missing == "Left 45° and Right 45° are missing."
    waiting = replace(EMPTY, unlinked=((ZoneId.LEFT_CHEEK, 3),))
    card = grade_card(graded(c=25, missing=("zone:left_cheek",)), waiting, None)
    assert card.missing == "3 annotations in left cheek are reference, not counted."
    card = grade_card(graded(c=25, scar=None), EMPTY, None)
    assert card.word == "At least moderate"
    assert "not judged" in card.missing


def test_override_shows_both_grades_and_needs_a_reason() -> None:
    own = GradeOverride("severe", "other", "Widespread on the back")
    card = grade_card(graded(c=25), EMPTY, own)
    assert card.heading == "Severe (you)"
    assert card.word == "Moderate"
    assert card.override is not None
    assert card.override.reason == "Widespread on the back"
    assert "Severe (you)" in card.spoken and "Moderate" in card.spoken
    assert override_problem("", "extent", "")
    assert override_problem("severe", "", "")
    assert override_problem("severe", "other", "too short")
    assert override_problem("severe", "other", "long enough") == ""
    assert override_problem("severe", "extent", "") == ""


def test_bars_are_to_scale_and_hatched_where_the_article_has_no_number() -> None:
    bars = {r.criterion.id: bar(r) for r in graded(c=14, i=21, n=7).results}
    for b in bars.values():
        assert b.segments[0].start == 0
        assert b.segments[-1].end == 1
        for left, right in zip(b.segments, b.segments[1:], strict=False):
            assert left.end == right.start
        assert 0 <= b.needle <= 1
    assert [s.hatched for s in bars["nodules_cysts"].segments] == [False, True, False]
    assert [s.hatched for s in bars["total"].segments] == [False, False, False]
    assert [c.text for c in bars["total"].cuts] == ["30", "125"]
    assert bars["total"].cuts[1].tooltip == "exactly 125 = moderate; severe is more than 125"
    assert bars["total"].cuts[0].tooltip == "exactly 30 = moderate; mild is fewer than 30"
    assert [c.text for c in bars["nodules_cysts"].cuts] == ["1", "5"]
    # The needle lies in the band that gives the grade, at the very edge too.
    for count in (5, 6):
        b = next(bar(r) for r in graded(n=count).results if r.criterion.id == "nodules_cysts")
        band = next(s for s in b.segments if s.start <= b.needle <= s.end)
        assert band.level == b.level
    assert next(bar(r) for r in graded(c=5000).results).needle <= 1


def state(**changes: object):
    given: dict[str, object] = {
        "judged": "", "photos": PHOTOS, "tally": EMPTY, "grade": graded(c=3),
        "override": None, "facts": Facts(), "failed_choices": (), "past": (),
    }  # fmt: skip
    return rubric_state(**(given | changes))


def test_other_requests_show_no_acne_grade() -> None:
    found = state(judged="melasma")
    assert found.card is None
    assert not found.bars
    assert "melasma" in found.not_graded
    assert found.table.columns == ("Front", "L45", "R45")


def test_signs_are_three_state_with_origin_and_date() -> None:
    facts = Facts(
        (
            Fact("severity.scarring", False, Origin.CLINICIAN, date(2026, 11, 22), "x"),
            Fact("course.failed", ("topical",), Origin.INTAKE, date(2026, 11, 21), "intake Q70"),
        )
    )
    choices = (("topical", "topical treatment"), ("none", "none tried"))
    _, scarring, _, burden, failed = state(facts=facts, failed_choices=choices).signs
    assert (scarring.state, burden.state, failed.state) == (False, None, True)
    assert "recorded here" in scarring.detail
    assert burden.detail == "not judged yet"
    assert failed.detail == "topical treatment · intake Q70"
    assert failed.whole == failed.detail + ", 21\u2011Nov\u20112026"
    assert failed.whole in failed.spoken
    none = Facts((Fact("course.failed", ("none",), Origin.INTAKE, date(2026, 11, 21), ""),))
    assert state(facts=none).signs[-1].state is False


def test_the_table_adds_up_and_lists_menu_types() -> None:
    cells = (
        ((PhotoId("front"), ZoneId.FOREHEAD, LesionType.PAPULE), 3),
        ((PhotoId("left45"), ZoneId.LEFT_CHEEK, LesionType.NODULE), 2),
        ((PhotoId("left45"), ZoneId.LEFT_CHEEK, LesionType.SCAR_KELOID), 1),
        ((PhotoId("left45"), ZoneId.LEFT_CHEEK, LesionType.EXCORIATION), 4),
    )
    tally = Tally((), cells, ((ZoneId.NOSE, 1),))
    table = counts_table(PHOTOS, tally)
    rows = {row.type: row for row in table.rows}
    assert rows[LesionType.SCAR].total == 1
    assert rows[LesionType.EXCORIATION].total == 4
    assert all(sum(row.cells) == row.total for row in table.rows)
    assert table.counted == (3, 2, 0)
    assert table.total == sum(table.counted) == tally.total == 5
    assert table.below == "1 reference annotation is not counted and not linked."


def test_the_last_visit_stands_beside_this_one() -> None:
    past = PastVisit(
        ConsultationId("c0"), 1, date(2026, 10, 22), "severe",
        (("nodules_cysts", 9), ("comedones", 3), ("total", 30)), None, None, (),
    )  # fmt: skip
    found = state(past=(past,), grade=graded(c=3, n=6)).past
    assert found is not None
    assert found.heading == "22\u2011Oct\u20112026 · Severe"
    changes = {row.title: row.change for row in found.rows}
    assert changes == {
        "Nodules and cysts": "\u22123", "Comedones": "same", "All lesions": "\u221221",
    }  # fmt: skip


def test_photos_that_nobody_annotated_have_no_grade() -> None:
    found = state(grade=graded(), counted=False)
    assert found.card is not None
    assert found.card.heading == "Not counted yet"
    assert "clear" not in found.card.word.lower() and not found.card.at_least
    assert [b.chip for b in found.bars] == [""] * len(found.bars)
    assert all("0" not in b.spoken for b in found.bars)
    # The dermatologist's own grade stands even so.
    own = GradeOverride("clear", "seen_in_person", "")
    given = state(grade=graded(), counted=False, override=own).card
    assert given is not None and given.heading == "Clear (you)"
    counted = state(grade=graded(), counted=True).card
    assert counted is not None and counted.word == "Clear"
