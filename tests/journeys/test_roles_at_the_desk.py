"""What each role finds on the pages: what it may not do is said before it is tried."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinic_day import NOW, Clinic, with_plain_pages

from tests.inline_jobs import InlineJobs
from workstation import showcase
from workstation.domain.accounts import Permission, Role, may
from workstation.presenters import queue_findings, roles
from workstation.presenters.labs import LabsPresenter
from workstation.presenters.queue import QueuePresenter
from workstation.presenters.records import RecordsPresenter
from workstation.presenters.records_state import against
from workstation.workflow.desk import Session


def session_of(clinic: Clinic, role: Role) -> Session:
    """As somebody of that role sits there; pages ask the session alone what they offer."""
    user = replace(clinic.session.user, role=role)
    return replace(clinic.session, user=user)


def test_who_sees_no_patient_is_told_so_on_each_page_and_reads_the_trail(clinic: Clinic) -> None:
    session = session_of(clinic, Role.ADMINISTRATOR)
    queue = QueuePresenter(clinic.desk, session, InlineJobs())
    labs = LabsPresenter(clinic.desk, session, InlineJobs())
    records = RecordsPresenter(clinic.desk, session, InlineJobs())
    failures: list[str] = []
    records.failed.subscribe(failures.append)
    for page in (queue, labs, records):
        page.load()
    for state in (queue.state, labs.state):
        assert state.loaded and state.rows == () and state.problem is None
        assert state.unseen is not None and "does not see patients" in state.unseen.title
    assert records.state.rows == () and records.state.empty == queue.state.unseen.title
    assert records.state.tab == "trail" and records.state.trail is not None
    assert records.state.trail.rows and failures == []
    records.show_tab("documents")
    records.load()
    assert records.state.tab == "documents", "the trail is shown first, and once"
    # In an emergency the same pages show what there is.
    for page in (queue, labs, records):
        page.session = replace(session, emergency=True)
        page.load()
    assert queue.state.unseen is None and queue.state.rows
    assert labs.state.unseen is None and records.state.rows and not records.state.empty


@pytest.mark.parametrize("role", [Role.NURSE, Role.SECOND_READER, Role.AUDITOR])
def test_nobody_is_told_of_a_licence_that_their_role_does_not_need(
    clinic: Clinic, role: Role
) -> None:
    session = session_of(clinic, role)
    unlicensed = replace(session, user=replace(session.user, licences=(), npi=None))
    found = clinic.look(clinic.waiting("Nguyễn"))
    mine = queue_findings.weighed(clinic.desk, clinic.session, found)
    theirs = queue_findings.weighed(clinic.desk, unlicensed, found)
    assert [f.code for f in theirs.findings] == [f.code for f in mine.findings]
    doctor = replace(unlicensed, user=replace(unlicensed.user, role=Role.DERMATOLOGIST))
    told = queue_findings.weighed(clinic.desk, doctor, found)
    assert "RX-LICENSE-STATE" in [f.code for f in told.findings]


@pytest.mark.parametrize("role", list(Role))
def test_a_refusal_is_said_to_whoever_may_not_and_to_nobody_else(role: Role) -> None:
    session = Session(replace(showcase.demo_user(NOW), role=role), None)
    for permission in roles.LEFT_TO:
        said = roles.refusal(session, permission)
        assert bool(said) is not may(session.user, permission), permission
    opens = roles.refusal(session, Permission.CLAIM, Permission.SECOND_READ)
    assert bool(opens) is (role not in (Role.DERMATOLOGIST, Role.SECOND_READER))


BY_ROLE = (  # whether results are entered, and copies handed out
    (Role.DERMATOLOGIST, True, True),
    (Role.NURSE, True, True),
    (Role.SECOND_READER, False, False),
    (Role.AUDITOR, False, False),
)


def test_results_and_documents_by_role(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    for role, enters, copies in BY_ROLE:
        session = session_of(clinic, role)
        labs = LabsPresenter(clinic.desk, session, InlineJobs())
        labs.load()
        labs.select(0)
        assert labs.state.entry is not None
        assert (not labs.only_reads) is enters, role
        assert (labs.save_refusal() == labs.only_reads) is not enters, role
        records = RecordsPresenter(clinic.desk, session, InlineJobs())
        records._check = lambda *_, **__: None  # not what is asked
        records.load()
        detail = records.state.detail
        assert detail is not None and against(detail, "read") == ""
        assert (against(detail, "copy") == "") is copies, role
        for verb in ("void", "amend"):
            assert (against(detail, verb) == "") is (role is Role.DERMATOLOGIST), role
        assert against(detail, "give_up") and against(None, "void")
