"""From when on a signature may be dated, whatever was done to the computer's clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.audit import GENESIS, Entry, chained
from workstation.domain.clock_trail import CONFIRMED, JUMPED, SUBJECT, not_before

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def hours(n: float) -> datetime:
    return NOON + timedelta(hours=n)


def entry(action: str, **detail: str) -> Entry:
    return chained(
        seq=1, at=NOON, actor="u", station="s", action=action, subject=SUBJECT,
        detail=json.dumps(detail), previous=GENESIS,
    )  # fmt: skip


def jump(before: float, after: float) -> Entry:
    return entry(JUMPED, **{"from": hours(before).isoformat(), "to": hours(after).isoformat()})


def test_what_each_kind_of_step_asks_for() -> None:
    assert not_before([]) is None
    assert not_before([jump(0, -26)]) == NOON
    assert not_before([jump(0, 72)]) is None  # ahead: told, and not held back
    assert not_before([jump(0, 72), jump(79, 7)]) == hours(79)  # which was wrong? a person says
    assert not_before([jump(0, -26), entry(CONFIRMED)]) is None
    assert not_before([jump(0, -26), entry(CONFIRMED), jump(-20, -21)]) == hours(-20)
    # Setting it right is no credit for the next step back.
    assert not_before([jump(1, -29), jump(-28, 2), jump(3, -27)]) == hours(3)


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(-90, 90)), max_size=12))
def test_signatures_are_never_dated_before_an_entry(steps: list[tuple[int, int]]) -> None:
    """Time passes, the clock is moved, something is written: what may sign lies past all of it."""
    shown, told, written = 0, [], [0]
    for passes, moved in steps:
        shown += passes
        written.append(shown)
        told.append(jump(shown, shown + moved))
        shown += moved
        written.append(shown)  # the entry about the step carries the new time
        newest = hours(written[-1])
        least = max(not_before(told) or newest, newest)
        assert (hours(shown) >= least) == (shown >= max(written))
