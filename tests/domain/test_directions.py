"""Medicines by directions: quantities follow directions and days, limits hold, every word is safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.treat_world import TODAY, content
from workstation.domain import directions
from workstation.domain.directions import DAYS, PACK, QUANTITY, REFILL, TOTAL, packs_of
from workstation.domain.draft import Directed
from workstation.domain.prescription import lint

LISTED = content().directed
USUALS = [(id, usual) for id, listed in LISTED.items() for usual in listed.usuals]
COUNTED = [
    u.directed for _, u in USUALS if LISTED[u.directed.medicine].product(u.directed.product).counted
]
PACKED = [u.directed for _, u in USUALS if u.directed not in COUNTED]


@pytest.mark.parametrize(("id", "usual"), USUALS, ids=[f"{i}-{u.indication}" for i, u in USUALS])
def test_every_usual_prescription_may_be_written(id: str, usual: directions.Usual) -> None:
    assert directions.faults(usual.directed, LISTED) == ()
    assert usual.indication in {one.id for one in content().indications}


def test_every_combination_of_parts_reads_without_error_prone_forms() -> None:
    seen = 0
    for listed in LISTED.values():
        for made, dose, site, often, long in product(
            listed.products, listed.doses, listed.sites, listed.frequencies, listed.durations
        ):
            for strength in made.strengths:
                item = replace(
                    listed.usuals[0].directed, product=made.id, strength=strength, dose=dose.id,
                    site=site.id, frequency=often.id, duration=long.id,
                )  # fmt: skip
                found = directions.resolve(item, LISTED)
                if found is None:
                    assert dose.form not in ("", made.form)
                    continue
                seen += 1
                for text in (directions.sentence(item, found), strength, made.name, listed.name):
                    assert lint(text, content().lint) == (), text
                assert directions.sentence(item, found).count(".") >= 1
                assert "  " not in directions.sentence(item, found)
    assert seen > 200


@given(st.sampled_from(COUNTED), st.integers(1, 120))
@settings(max_examples=60, deadline=None)
def test_a_counted_quantity_covers_its_days_and_no_more(item: Directed, days: int) -> None:
    found = directions.resolve(item, LISTED)
    assert found is not None and found.per_day is not None
    made = directions.with_days(item, found, days)
    exact = found.per_day * days
    assert exact <= made.quantity < exact + 1
    assert made.quantity == made.quantity.to_integral_value()
    assert QUANTITY not in directions.faults(made, LISTED)
    for other in (made.quantity - 1, made.quantity + 1):
        assert QUANTITY in directions.faults(replace(made, quantity=other), LISTED)


@given(st.sampled_from(PACKED), st.lists(st.integers(0, 3), min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_packs_add_up_exactly(item: Directed, counts: list[int]) -> None:
    sizes = LISTED[item.medicine].product(item.product).packs
    total = sum((size * n for size, n in zip(sizes, counts, strict=False)), Decimal(0))
    made = packs_of(total, sizes)
    assert sum((n * size for n, size in made), Decimal(0)) == total
    assert (PACK in directions.faults(replace(item, quantity=total), LISTED)) == (total == 0)
    assert packs_of(total + Decimal("0.5"), sizes) == ()
    assert PACK in directions.faults(replace(item, quantity=total + Decimal("0.5")), LISTED)


@given(st.sampled_from(USUALS), st.integers(-2, 400), st.integers(-1, 14))
@settings(max_examples=150, deadline=None)
def test_days_and_refills_stay_within_the_rules(
    usual: tuple[str, directions.Usual], days: int, refills: int
) -> None:
    listed = LISTED[usual[0]]
    item = replace(usual[1].directed, days=days, refills=refills)
    codes = set(directions.faults(item, LISTED)) & {DAYS, REFILL, TOTAL}
    inside = 1 <= days <= listed.max_supply_days and 0 <= refills <= listed.max_refills
    assert bool(codes) == (not inside or days * (1 + refills) > listed.max_total_days)
    if inside:
        most = directions.refills_allowed(days, listed)
        assert days * (1 + most) <= max(listed.max_total_days, days)
        assert most == listed.max_refills or days * (2 + most) > listed.max_total_days


def test_a_first_fill_is_a_day_of_the_content() -> None:
    days = content().terms.first_fill_days
    assert content().terms.last_fill(TODAY) == TODAY + timedelta(days=days)
    assert days <= 183, "no state lets a prescription stand for less than six months"


def test_half_tablets_say_their_milligrams() -> None:
    item = LISTED["minoxidil_oral"].usual("androgenetic_alopecia").directed
    found = directions.resolve(item, LISTED)
    assert found is not None
    assert directions.sentence(item, found) == "Take half a tablet (1.25 mg) by mouth once daily."
    assert directions.needed(found, 60) == 30


def test_what_the_formulary_does_not_hold_is_never_written() -> None:
    item = LISTED["spironolactone"].usual("acne").directed
    for part in ("product", "strength", "dose", "site", "frequency", "duration", "medicine"):
        changed = replace(item, **{part: "none_such"})
        assert directions.faults(changed, LISTED), part
    doubled = replace(item, strength="100 mg", dose="two", frequency="twice", quantity=Decimal(120))
    assert directions.faults(doubled, LISTED) == (directions.DAILY,)
