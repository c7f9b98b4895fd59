"""A clock that was set backwards or far forwards is told once on the trail, which stays in order."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import store_world as world

from workstation.adapters.store import folder as folder_of_stores
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.adapters.system.clock import ClockWatch, SystemClock, since_boot
from workstation.domain.audit import first_break

DAY = 86_400.0


class Seconds:
    """Time that really passes; ``pass_by`` moves the clock with it, ``set`` the clock alone."""

    def __init__(self, clock: world.FixedClock) -> None:
        self.clock, self.steady = clock, 1000.0

    def __call__(self) -> float:
        return self.steady

    def pass_by(self, seconds: float) -> None:
        self.steady += seconds
        self.clock.later(seconds=seconds)


def told(store: SqlStore) -> list[str]:
    """The trail's actions after one more entry."""
    with store.writing("u", "s") as unit:
        unit.audit("made.up", "x", {})
        entries = unit.audit_entries()
        assert first_break(entries) is None
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        return [entry.action for entry in entries]


def watched(tmp_path: Path) -> tuple[SqlStore, Seconds]:
    clock = world.FixedClock()
    steady = Seconds(clock)
    store = world.bare_store(None, tmp_path, clock)
    store._watch = ClockWatch(clock, steady)
    return store, steady


def test_a_clock_set_back_is_told_once(tmp_path: Path) -> None:
    store, passing = watched(tmp_path)
    assert told(store) == ["made.up"]
    passing.clock.later(minutes=-1)
    assert told(store) == ["made.up"] * 2 and store.look_at_clock() is None
    passing.clock.later(days=-1)
    assert told(store) == [*["made.up"] * 2, "clock.jumped", "made.up"]
    jump = store.look_at_clock()
    assert jump is not None and jump.before - jump.after == timedelta(days=1)
    assert told(store).count("clock.jumped") == 1
    store.close()


@pytest.mark.parametrize(("seconds", "tells"), [(120, False), (121, True)])
def test_two_minutes_back_are_the_limit(tmp_path: Path, seconds: int, tells: bool) -> None:
    store, passing = watched(tmp_path)
    told(store)
    passing.clock.later(seconds=-seconds)
    assert ("clock.jumped" in told(store)) is tells and (store.look_at_clock() is not None) is tells
    store.close()


def test_a_clock_set_forward_is_told_once_with_both_times(tmp_path: Path) -> None:
    store, passing = watched(tmp_path)
    told(store)
    passing.pass_by(DAY * 3)  # a weekend, asleep or not: the steady seconds run as well
    assert "clock.jumped" not in told(store) and store.look_at_clock() is None
    right = passing.clock.now()
    passing.clock.later(hours=23)
    assert store.look_at_clock() is None
    passing.clock.later(hours=2)
    assert told(store)[-2:] == ["clock.jumped", "made.up"]
    with store.reading() as unit:
        entry = next(e for e in unit.audit_entries() if e.action == "clock.jumped")
    detail = json.loads(entry.detail)
    assert datetime.fromisoformat(detail["from"]) == right
    assert datetime.fromisoformat(detail["to"]) == right + timedelta(hours=25)
    passing.pass_by(DAY)
    assert told(store).count("clock.jumped") == 1
    passing.clock.later(hours=-25)  # set right again: that is a clock set back
    assert told(store).count("clock.jumped") == 2
    store.close()


def test_small_steps_forward_add_up(tmp_path: Path) -> None:
    store, passing = watched(tmp_path)
    for _ in range(24):
        passing.clock.later(hours=1)
        assert "clock.jumped" not in told(store)
    passing.clock.later(seconds=1)
    assert told(store).count("clock.jumped") == 1
    store.close()


def test_a_look_alone_puts_it_on_the_trail_and_a_unit_that_fails_keeps_it(tmp_path: Path) -> None:
    store, passing = watched(tmp_path)
    passing.clock.later(days=2)
    with pytest.raises(RuntimeError), store.writing("u", "s") as unit:
        unit.audit("made.up", "x", {})
        raise RuntimeError
    assert store.look_at_clock() is not None
    with store.reading() as unit:
        assert [entry.action for entry in unit.audit_entries()] == ["clock.jumped"]
    store.close()


def test_the_computers_own_clock_is_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.create(tmp_path / "store").close()
    ahead = [timedelta(0)]
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime.now(UTC) + ahead[0])
    authority = world.SmallAuthority()
    opened = folder_of_stores.open_store(
        tmp_path / "store", "doctor", world.PASSWORD, authority=authority
    )
    assert opened.store.look_at_clock() is None
    ahead[0] = timedelta(days=2)
    assert opened.store.look_at_clock() is not None
    opened.close()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be changed while it runs")
def test_another_zone_or_summer_time_is_no_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moments are UTC: what the clock on the wall shows is not asked."""
    clock = SystemClock("America/Denver")
    watch = ClockWatch(clock)
    before = datetime.now()  # noqa: DTZ005  # what the wall shows
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Pacific/Kiritimati" if time.timezone > 0 else "Pacific/Pago_Pago")
        time.tzset()
        shown = datetime.now() - before  # noqa: DTZ005 - as a clock on the wall shows it
        jump = watch.jump()
    time.tzset()
    assert abs(shown) > timedelta(hours=10) and jump is None


def test_seconds_since_boot_count_sleep_and_go_on() -> None:
    first = since_boot()
    assert since_boot() >= first > 0
