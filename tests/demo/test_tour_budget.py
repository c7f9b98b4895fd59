"""What the tour counts: the ordinary consultations fit the budget, and going over it is told."""

from __future__ import annotations

import pytest

from workstation.demo.earlier import marked
from workstation.demo.people import person
from workstation.domain.lesions import EIGHT_KEYS, NODULES_CYSTS
from workstation.tour.consultation import by_hand
from workstation.tour.pace import BLOCKED, CLEAN, KEYS, LESIONS, REPEAT, Step, broken, judge

ORDINARY = ("brandt-samuel", "vega-marisol")
CLEAN_KEYS = {"open": 1, "types": 6, "photos": 2, "to Treat": 1, "to Sign": 1, "PIN": 7}


def step(**parts: int) -> Step:
    """A step that opened, counted and signed as it should, with these keystrokes."""
    made = Step("One", clicks=LESIONS, lesions=LESIONS, parts=parts)
    made.pages = ["queue", "assess", "treat", "sign", "assess"]
    return made


@pytest.mark.parametrize("who", ORDINARY)
def test_forty_lesions_on_three_photos_take_six_keys_for_types(who: str) -> None:
    order = by_hand(marked(person(who), person(who).visit(1)), held=1)
    keys, views = [key for key, _ in order], [mark.view for _, mark in order]
    assert len(order) == LESIONS
    changes = sum(one != other for one, other in zip([1, *keys], keys, strict=False))
    turns = sum(one != other for one, other in zip(views, views[1:], strict=False))
    assert changes <= KEYS["types"][0] and turns <= KEYS["photos"][0]
    nodules = sum(EIGHT_KEYS[key - 1] in NODULES_CYSTS for key in keys)
    assert len(set(keys)) == 5 and nodules > 5  # severe by its nodules: the dose is on label


def test_a_step_within_its_budget_is_no_failure() -> None:
    made = step(**CLEAN_KEYS)
    judge(made, CLEAN)
    assert made.budget["within"] and made.budget["keys"] == 18 and broken([made]) == ""


@pytest.mark.parametrize("part", sorted(KEYS))
@pytest.mark.parametrize(("case", "which"), [(CLEAN, 0), (BLOCKED, 1)])
def test_one_key_more_than_a_part_may_cost_fails_the_tour(part: str, case: str, which: int) -> None:
    most = {name: both[which] for name, both in KEYS.items()}
    over = step(**most | {part: most[part] + 1})
    judge(over, case)
    assert over.budget["above"] == {part: most[part] + 1}
    assert f"'{part}': {most[part] + 1}" in broken([step(), over])


def test_too_much_in_all_clicks_dialogs_and_screens_fail_it_too() -> None:
    most = step(**{name: both[0] for name, both in KEYS.items()})
    judge(most, CLEAN)
    assert most.budget["keys"] == most.budget["at_most"] == 20 and most.budget["within"]
    long = step(**CLEAN_KEYS)
    judge(long, REPEAT)
    assert long.budget["broken"] == ["keys"]
    clicked, asked, wandered, few = (step(**CLEAN_KEYS) for _ in range(4))
    clicked.clicks += 1
    asked.dialogs.append("QDialog")
    wandered.pages = ["queue", "assess", "treat", "assess", "treat", "sign"]
    few.lesions = few.clicks = LESIONS - 1
    for made, what in (
        (clicked, "clicks besides lesions"),
        (asked, "dialogs"),
        (wandered, "screens changed"),
        (few, "lesions"),
    ):
        judge(made, CLEAN)
        assert made.budget["broken"] == [what] and what in broken([made])
