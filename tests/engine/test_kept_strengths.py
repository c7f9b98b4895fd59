"""Strengths that a clinic keeps: what is proposed, stepped and offered; nothing else asks them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.domain import stock
from workstation.domain.capsules import combinations, next_possible
from workstation.domain.dosing import Dispensed, dose_check
from workstation.domain.draft import Regimen
from workstation.domain.kept import KeptRegimen, regimen_of
from workstation.domain.stock import ALL_MARKETED, Stock, listed, written

WEIGHTS = st.integers(35, 140).map(D)


@pytest.fixture(scope="session")
def iso(content):
    return content.medicines["isotretinoin"]


@st.composite
def kept_here(draw, products):
    """A product, some of its strengths, and the stock list of both."""
    product = draw(st.sampled_from(products))
    kept = draw(st.sets(st.sampled_from(product.strengths), min_size=1))
    return product, kept, Stock(((product.id, tuple(kept)),))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), weight=WEIGHTS)
def test_everything_offered_is_made_of_kept_strengths(iso, data, weight):
    product, kept, here = data.draw(kept_here(iso.products))
    daily = stock.proposed_daily(weight, iso, product, (), here)
    offered = combinations(daily, here.of(product))
    assert all({*way.morning, *way.evening} <= kept for way in offered)
    whole = stock.proposed_daily(weight, iso, product, (), ALL_MARKETED)
    place = dose_check(daily, weight, iso, product.formulation, 2).place
    assert place in {"low", "usual"} or daily == whole  # no stock lifts a proposal above the goal
    assert offered or daily == whole
    assert stock.ways(daily, product, here)  # something is always proposed
    for up in (True, False):
        step = next_possible(daily, here.of(product), up=up)
        assert step is None or combinations(step, here.of(product))
        assert step is None or (step > daily if up else step < daily)
    assert next_possible(daily, here.of(product), up=True) is not None


@settings(max_examples=30, deadline=None)
@given(
    st.one_of(
        st.text(max_size=12),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=5) | st.floats(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(("generic", "x")), inner, max_size=2)
            ),
            max_leaves=5,
        ).map(json.dumps),
    )
)
def test_what_is_no_stock_list_or_names_nothing_marketed_limits_nothing(iso, text):
    found = listed(text) or ALL_MARKETED
    for product in iso.products:
        limited = set(found.of(product)) & set(dict(found.kept).get(product.id, ()))
        assert limited or found.of(product) == product.strengths


@pytest.mark.parametrize(
    "text", ['{"generic": []}', '{"generic": ["0"]}', '{"generic": ["NaN"]}', '{"generic": [10]}', "[]"]
)  # fmt: skip
def test_a_list_without_strengths_is_none(text):
    assert listed(text) is None


def test_a_list_is_read_as_it_was_written(iso):
    kept = Stock((("absorica", (D(20), D(40))), ("generic", (D(10),))))
    assert listed(written(kept)) == kept and listed("{}") is ALL_MARKETED
    assert Stock((("generic", (D(7),)),)).of(iso.products[0]) == iso.products[0].strengths


def test_the_last_dose_is_repeated_whatever_is_kept(iso):
    product = iso.products[0]
    past = (Dispensed(date(2026, 10, 20), D(30), 30, "conventional", D(60)),)
    here = Stock(((product.id, (D(20), D(40))),))
    assert stock.proposed_daily(D(60), iso, product, past, here) == 30
    way = stock.ways(D(30), product, here)[0]
    regimen = Regimen(iso.id, product.id, "conventional", way.morning, way.evening, 30, True)
    assert here.not_kept(regimen, product) == (D(10),)
    assert ALL_MARKETED.not_kept(regimen, product) == ()


@settings(max_examples=30, deadline=None)
@given(data=st.data(), weight=WEIGHTS, share=st.integers(15, 100))
def test_a_favourite_is_never_lifted_by_the_stock(iso, data, weight, share):
    product, kept, here = data.draw(kept_here(iso.products))
    favourite = KeptRegimen(iso.id, product.id, D(share) / 100, 30, True)
    found = regimen_of(favourite, iso, weight, here)
    whole = regimen_of(favourite, iso, weight)
    assert found.daily <= max(favourite.per_kg * weight, whole.daily)
    if min(kept) <= favourite.per_kg * weight:
        assert {*found.morning, *found.evening} <= kept
