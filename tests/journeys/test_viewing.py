"""What was only looked at is on the trail: the preview of the queue and the pages of a document."""

from __future__ import annotations

from clinic_day import Clinic

from tests.inline_jobs import InlineJobs
from workstation import bootstrap
from workstation.workflow import viewing


def test_a_preview_is_on_the_trail_once_an_hour(clinic: Clinic) -> None:
    made = bootstrap.presenters(clinic.opened, InlineJobs())
    made.queue.load()
    first, second = (row.id for row in made.queue.state.rows[:2])
    for id in (first, second, first):
        made.queue.select(id)
        assert made.queue.state.preview is not None

    def looked(id: str) -> list[str]:
        with clinic.desk.store.reading() as unit:
            return [entry.actor for entry in unit.audit_of(id, (viewing.VIEWED,))]

    assert looked(first) == looked(second) == [clinic.session.user.id]
    clinic.clock.later(hours=1)
    made.queue.select(second)
    made.queue.select(first)
    assert len(looked(first)) == 2
