"""What nobody waits for is put off while the window works, but not for ever."""

from __future__ import annotations

from workstation.ui import spare
from workstation.ui.spare import BUSY, PATIENCE, Spare


def test_work_between_two_looks_puts_off_and_patience_ends(monkeypatch):
    now = 0.0
    monkeypatch.setattr(spare.time, "thread_time", lambda: now)
    look = Spare()
    assert look.there()
    now += BUSY / 2
    assert look.there()
    now += BUSY * 2
    assert not look.there()
    assert look.there()  # nothing was done since
    answers = []
    for _ in range(2 * PATIENCE + 2):
        now += BUSY * 2
        answers.append(look.there())
    assert answers == ([False] * PATIENCE + [True]) * 2


def test_the_work_that_asks_does_not_count_against_itself(monkeypatch):
    now = 0.0
    monkeypatch.setattr(spare.time, "thread_time", lambda: now)
    look = Spare()
    for _ in range(4):
        assert look.there()
        now += BUSY * 5
        look.used()
