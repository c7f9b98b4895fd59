"""What is looked at now and then runs one after the other, whatever each of them comes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.inline_jobs import InlineJobs
from workstation.presenters.in_turn import InTurn
from workstation.presenters.jobs import Lane, Ticket


class HeldJobs:
    """Lanes whose work ends when a test says so."""

    def __init__(self) -> None:
        self.held: list[tuple[str, Callable[[Any], None], Callable[[Exception], None]]] = []

    def submit(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        lane: Lane,
        key: str | None = None,
    ) -> Ticket:
        self.held.append((work(), done, failed))
        return InlineJobs().submit(lambda: None, lambda _: None, failed, lane)

    @property
    def names(self) -> list[str]:
        return [name for name, _, _ in self.held]

    def end(self, error: Exception | None = None) -> None:
        name, done, failed = self.held.pop(0)
        if error is None:
            done(name)
        else:
            failed(error)


@pytest.fixture
def lanes() -> HeldJobs:
    return HeldJobs()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def ask(lanes: HeldJobs, told: list[str]) -> Callable[..., Ticket]:
    in_turn = InTurn(lanes)

    def asked(name: str, lane: Lane = Lane.READ, key: str | None = None) -> Ticket:
        return in_turn.submit(
            lambda: name, told.append, lambda error: told.append(str(error)), lane, key
        )

    return asked


def test_the_next_begins_when_the_one_before_was_told(
    lanes: HeldJobs, told: list[str], ask: Callable[..., Ticket]
) -> None:
    for name, lane in (("list", Lane.READ), ("flags", Lane.STORE), ("news", Lane.READ)):
        ask(name, lane)
    assert lanes.names == ["list"]
    lanes.end()
    assert (told, lanes.names) == (["list"], ["flags"])
    lanes.end(RuntimeError("no store"))
    assert (told, lanes.names) == (["list", "no store"], ["news"])


def test_a_folder_comes_last_and_keeps_nothing_waiting(
    lanes: HeldJobs, told: list[str], ask: Callable[..., Ticket]
) -> None:
    ask("list")
    ask("inbox", Lane.WORK)
    ask("news")
    lanes.end()
    assert lanes.names == ["news"]
    lanes.end()
    assert lanes.names == ["inbox"]
    ask("list again")  # the folder does not answer
    assert lanes.names == ["inbox", "list again"]


def test_what_is_due_twice_is_done_once(
    lanes: HeldJobs, told: list[str], ask: Callable[..., Ticket]
) -> None:
    ask("first")
    ask("list, older", key="list")
    ask("other", Lane.STORE, key="list")  # a key is one of its lane
    ask("list, newer", key="list")
    for _ in range(3):
        lanes.end()
    assert (told, lanes.names) == (["first", "other", "list, newer"], [])


def test_what_was_cancelled_is_not_told_and_the_rest_goes_on(
    lanes: HeldJobs, told: list[str], ask: Callable[..., Ticket]
) -> None:
    at_work, due = ask("at work"), ask("due")
    ask("last")
    at_work.cancel()
    due.cancel()
    lanes.end()
    assert (told, lanes.names) == ([], ["last"])


def test_a_listener_that_fails_leaves_nothing_waiting(lanes: HeldJobs) -> None:
    in_turn, told = InTurn(lanes), list[str]()

    def fail(_: object) -> None:
        raise LookupError

    in_turn.submit(lambda: "list", fail, fail, Lane.READ)
    in_turn.submit(lambda: "news", told.append, fail, Lane.READ)
    with pytest.raises(LookupError):
        lanes.end()
    lanes.end()
    assert told == ["news"]
