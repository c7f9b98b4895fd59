"""What a desk at rest looks at, over a real store: one look at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinic_day import Clinic

from tests.inline_jobs import InlineJobs
from workstation import bootstrap
from workstation.presenters.jobs import Lane, Ticket


class KeptJobs(InlineJobs):
    """Lanes that keep their work from when they are told to."""

    def __init__(self) -> None:
        self.kept: list[Callable[[], object]] = []
        self.inline = True

    def submit(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        lane: Lane,
        key: str | None = None,
    ) -> Ticket:
        run = super().submit
        if self.inline:
            return run(work, done, failed, lane, key)
        self.kept.append(lambda: run(work, done, failed, lane, key))
        return run(lambda: None, lambda _: None, failed, lane)


def test_no_two_looks_are_under_way_at_once(clinic: Clinic) -> None:
    lanes = KeptJobs()
    made = bootstrap.presenters(clinic.opened, lanes)
    made.queue.load()
    made.case.open(made.queue.state.rows[0].id)
    assert made.case.state is not None
    made.queue.poll()  # whatever there was to tell is told
    lanes.inline = False
    made.queue.poll()  # list, inbox
    made.case.look_again()
    made.case.look_for_news()
    done = 0
    while lanes.kept:
        assert len(lanes.kept) == 1
        lanes.kept.pop()()
        done += 1
    assert done == 4
