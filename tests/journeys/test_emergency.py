"""An administrator reads in an emergency: through the presenters, on a real store, until the lock."""

from __future__ import annotations

from dataclasses import replace

from clinic_day import Clinic

from tests.inline_jobs import InlineJobs
from workstation import bootstrap
from workstation.domain.accounts import Role
from workstation.domain.ids import UserId
from workstation.workflow import accounts, emergency
from workstation.workflow.desk import Session
from workstation.workflow.emergency import Justification


def test_reading_opens_by_a_reason_is_written_down_and_ends_at_the_lock(clinic: Clinic) -> None:
    first, desk = clinic.session, clinic.desk
    admin = replace(
        first.user, id=UserId("a" * 32), login="ann.berg", name="Ann Berg", npi=None,
        role=Role.ADMINISTRATOR, certificate=None, licences=(), administers=False,
    )  # fmt: skip
    doctor = replace(first.user, administers=True)
    accounts.add(desk, Session(doctor, None), admin, "seven green bottles on a wall", None)
    clinic.opened.session = Session(admin, None)
    made = bootstrap.presenters(clinic.opened, InlineJobs())
    made.queue.load()
    assert made.queue.state.rows == () and made.queue.state.unseen is not None
    asking = made.records.emergency
    asking.load()
    assert asking.state.may_read and asking.state.lines == ()
    asking.read("now")
    assert asking.state.problem and not made.queue.session.emergency
    asking.read("Patient calls, nobody else is here")
    assert made.queue.session.emergency and not asking.state.may_read
    made.queue.load()
    wanted = made.queue.state.rows[0].id
    made.queue.select(wanted)
    assert made.queue.state.preview is not None
    (line,) = asking.state.lines
    assert line.own  # so it offers no verb
    made.session.lock("key")
    assert not made.queue.session.emergency and not made.records.session.emergency
    (access,) = emergency.accesses(desk, first)
    assert access.read == (wanted,) and access.reason.startswith("Patient calls")

    # Whoever reviews it sees the notice of it go at once.
    clinic.opened.session = first
    seen = bootstrap.presenters(clinic.opened, InlineJobs())
    seen.keeping.look()
    assert seen.keeping.notice is not None
    assert seen.keeping.notice.title == "1 emergency access waits for review."
    seen.records.emergency.load()
    (line,) = seen.records.emergency.state.lines
    seen.records.emergency.review(line.seq, Justification.JUSTIFIED)
    assert seen.keeping.notice is None
