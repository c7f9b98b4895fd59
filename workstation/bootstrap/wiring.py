"""One presenter per capability over an open desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workstation.bootstrap.opening import Opened


@dataclass(frozen=True)
class Presenters:
    """One presenter per capability, all on the same open consultation."""

    session: Any
    queue: Any
    labs: Any
    case: Any
    banner: Any
    contact: Any
    assess: Any
    followup: Any
    treat: Any
    sign: Any
    records: Any
    reading: Any = None
    agreement: Any = None
    settings: Any = None
    keeping: Any = None


def presenters(opened: Opened, jobs: Any) -> Presenters:
    """All presenters on one open desk; the inbox is looked at whenever the queue asks."""
    from workstation.domain.draft import DecisionKind
    from workstation.presenters.agreement import AgreementPresenter
    from workstation.presenters.assess import AssessPresenter
    from workstation.presenters.banner import BannerPresenter
    from workstation.presenters.case import CaseFile
    from workstation.presenters.contact import ContactPresenter
    from workstation.presenters.followup import FollowupPresenter
    from workstation.presenters.keeping import KeepingPresenter
    from workstation.presenters.labs import LabsPresenter
    from workstation.presenters.queue import QueuePresenter
    from workstation.presenters.reading import ReadingCase, SeenCase
    from workstation.presenters.session import SessionPresenter
    from workstation.presenters.settings import SettingsPresenter
    from workstation.presenters.sign import SignPresenter
    from workstation.presenters.treat import TreatPresenter
    from workstation.workflow.escalation import escalate

    case = CaseFile(opened.desk, opened.session, jobs)
    queue = QueuePresenter(opened.desk, opened.session, jobs)
    reading = ReadingCase(opened.desk, opened.session, jobs)
    agreement = AgreementPresenter(SeenCase(opened.desk, opened.session, jobs))
    queue.arrivals = arrivals = _arrivals(opened, jobs, queue.arrived)
    queue.poll_inbox = arrivals.look
    case.in_turn = arrivals.in_turn = queue.in_turn
    assess, treat = AssessPresenter(case), TreatPresenter(case)
    assess.ask_patient = lambda ask: assess.said.emit(treat.ask_photo(ask.view))
    queue.escalate = lambda: escalate(opened.desk, opened.session)
    contact = ContactPresenter(case)
    contact.stop = partial(treat.choose, DecisionKind.STOP_TREATMENT)
    own = SettingsPresenter(
        opened.desk,
        opened.session,
        jobs,
        backups=opened.backups,
        check=opened.check,
        folder=opened.folder,
    )
    banner = BannerPresenter(case)
    banner.similar = queue.similar_name
    labs = LabsPresenter(opened.desk, opened.session, jobs)
    signed = _records(opened, jobs)
    keeping = KeepingPresenter(
        opened.desk,
        opened.session,
        jobs,
        opened.backups,
        opened.folder,
        opened.free,
        opened.faults,
        opened.clock,
    )
    # Whoever acts for the signed-in user: each loses the signing key at lock.
    holders = (opened, case, queue, reading, agreement.case, own, labs, signed, keeping)
    signed.correcting.given_up.subscribe(
        lambda id: case.forget() if case.state and case.state.consultation.id == id else None
    )
    here = SessionPresenter(opened.desk, opened.session, jobs, holders)
    own.keys.renewed = signed.emergency.opened = here.renew
    signed.emergency.reviewed = keeping.look_at_accesses
    for changed in (own.levels_changed, own.stock_changed):
        changed.subscribe(lambda _: case.refresh() if case.state is not None else None)
    return Presenters(
        keeping=keeping,
        session=here,
        queue=queue,
        labs=labs,
        case=case,
        banner=banner,
        contact=contact,
        assess=assess,
        followup=FollowupPresenter(case),
        treat=treat,
        sign=SignPresenter(case),
        records=signed,
        reading=reading,
        agreement=agreement,
        settings=own,
    )


def _records(opened: Opened, jobs: Any) -> Any:
    """The page of signed documents and the trail, with what leaves by it."""
    from workstation.adapters.exports import tables
    from workstation.adapters.exports.far_file import write_far
    from workstation.adapters.exports.person import FolderHandover
    from workstation.presenters.person import PersonPresenter
    from workstation.presenters.records import RecordsPresenter

    signed = RecordsPresenter(opened.desk, opened.session, jobs)
    signed.person = PersonPresenter(opened.desk, lambda: signed.session, jobs, FolderHandover)
    signed.trail_table = tables.audit_csv
    signed.write_far = write_far
    return signed


def _arrivals(opened: Opened, jobs: Any, arrived: Callable[[], None]) -> Any:
    """What takes packages in from the inbox folder and from drops."""
    from workstation.adapters.inbox.folder import FolderInbox, sentence_for
    from workstation.presenters.arrivals import Arrivals

    inbox = FolderInbox(opened.inbox, opened.desk.has_room)
    return Arrivals(opened.desk, lambda: opened.session, jobs, inbox, arrived, sentence_for)
