"""The only place that wires things: an open store folder becomes a desk with its presenters."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from workstation import assets

if TYPE_CHECKING:  # whoever opens a store loads these; the sign-in page does without
    from datetime import date

    from workstation.content.catalogue import Catalogue
    from workstation.domain.accounts import ClinicProfile, User
    from workstation.domain.dates import Clock
    from workstation.workflow.backup import Backups
    from workstation.workflow.desk import Desk, Session

INBOX, OUTBOX = "inbox", "outbox"
DETECTOR = "detector.toml"  # describes the clinic's own model, when there is one


class _Closes(Protocol):
    def close(self) -> None:
        """Let go."""
        ...


@dataclass
class Opened:
    """A store that is open with somebody signed in; ``close`` ends children and the database."""

    desk: Desk
    session: Session
    folder: Path
    inbox: Path
    faults: tuple[str, ...]
    check: Callable[[], tuple[str, ...]]  # the whole trail and every row (``audit_faults``)
    check_files: Callable[[], tuple[str, ...]]  # every file of the vault (``files.faults``)
    clock: Callable[[], Any]  # how the computer's clock was set meanwhile (``look_at_clock``)
    backups: Backups
    closers: tuple[_Closes, ...]

    def free(self) -> int:
        """Free bytes on the disk of the store."""
        import shutil

        return shutil.disk_usage(self.folder).free

    def close(self) -> None:
        """Stop the decode children and close the store; harmless when called twice."""
        closers, self.closers = self.closers, ()
        for closer in closers:
            closer.close()


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


def load() -> None:
    """Import what opening a store, the presenters and the first signature need; no store is touched.

    The window calls it on a lane while somebody types a password.
    """
    import cryptography.hazmat.backends.openssl
    import cryptography.hazmat.primitives.kdf.argon2  # noqa: F401
    import sqlcipher3.dbapi2  # noqa: F401  # importing is the work, here and below

    import workstation.adapters.backup.keeper
    import workstation.adapters.detection.classical
    import workstation.adapters.detection.onnx_model
    import workstation.adapters.documents.keys
    import workstation.adapters.documents.renderer
    import workstation.adapters.documents.signer
    import workstation.adapters.documents.trust
    import workstation.adapters.exports.annotation_files
    import workstation.adapters.exports.outbox
    import workstation.adapters.inbox.bundle
    import workstation.adapters.inbox.folder
    import workstation.adapters.inbox.hl7_results
    import workstation.adapters.inbox.manifest
    import workstation.adapters.inbox.package
    import workstation.adapters.inbox.results_bundle
    import workstation.adapters.inbox.source
    import workstation.adapters.photos.decoder
    import workstation.adapters.store.folder
    import workstation.adapters.system.clock
    import workstation.presenters.agreement
    import workstation.presenters.arrivals
    import workstation.presenters.assess
    import workstation.presenters.banner
    import workstation.presenters.contact
    import workstation.presenters.followup
    import workstation.presenters.keeping
    import workstation.presenters.labs
    import workstation.presenters.queue
    import workstation.presenters.reading
    import workstation.presenters.records
    import workstation.presenters.session
    import workstation.presenters.settings
    import workstation.presenters.sign
    import workstation.presenters.treat
    import workstation.workflow.escalation
    import workstation.workflow.timestamps  # noqa: F401
    from workstation.adapters.store import consultations

    consultations.prepare()
    rules = _shipped(assets.resource("clinical")).rulebook
    for medicine in rules.rules_of:
        rules.sieve_of(medicine)


def open_desk(folder: Path, login: str, password: str, *, clock: Clock | None = None) -> Opened:
    """Open a store with a password and sign its user in.

    Raises:
        NotAllowed: ``session.password.wrong`` and others of the store's opening.
        Corrupt, Refused: what ``adapters.store.folder.open_store`` says.
    """
    from workstation.adapters.documents.keys import ClinicAuthority
    from workstation.adapters.store.folder import open_store
    from workstation.adapters.system.clock import SystemClock

    authority = ClinicAuthority(clock or SystemClock("UTC"))
    return _desk(open_store(folder, login, password, authority=authority, clock=clock))


def keep_log(folder: Path) -> _Closes:
    """Write the technical log of what happens on this store until the answer is closed."""
    from workstation.adapters.system import logs

    return logs.keep(folder / "reports")


def create_clinic(
    folder: Path,
    *,
    kind: str = "clinic",
    clinic: ClinicProfile,
    user: User,
    password: str,
    pin: str,
    clock: Clock | None = None,
    cheap_for_tests: bool = False,
) -> Opened:
    """Make a new store with its first account, open it and sign that user in."""
    from workstation.adapters.documents.keys import ClinicAuthority
    from workstation.adapters.store.folder import create_store
    from workstation.adapters.system.clock import SystemClock
    from workstation.adapters.system.passwords import CHEAPEST, FLOOR

    return _desk(
        create_store(
            folder,
            kind=kind,
            clinic=clinic,
            first_user=user,
            password=password,
            pin=pin,
            authority=ClinicAuthority(clock or SystemClock(clinic.time_zone)),
            argon2=CHEAPEST if cheap_for_tests else FLOOR,
            cheap_for_tests=cheap_for_tests,
            clock=clock,
        )
    )


def _desk(store: Any) -> Opened:
    """Wire the ports of an open store."""
    import platform
    import shutil

    from workstation.adapters.backup.keeper import FolderBackups
    from workstation.adapters.detection.classical import ClassicalDetector
    from workstation.adapters.detection.onnx_model import own_model
    from workstation.adapters.dicom.folder import FolderDicom
    from workstation.adapters.documents.renderer import PdfRenderer
    from workstation.adapters.documents.signer import PadesSigner
    from workstation.adapters.documents.trust import Trust
    from workstation.adapters.exports.annotation_files import FolderAnnotations
    from workstation.adapters.exports.outbox import FolderOutbox
    from workstation.adapters.inbox.source import FolderReader
    from workstation.adapters.photos.decoder import PhotoDecoder
    from workstation.adapters.store import files
    from workstation.workflow import rule_levels, settings, timestamps
    from workstation.workflow.desk import Desk
    from workstation.workflow.keeping import INTAKE_BELOW
    from workstation.workflow.session import signed_in

    loaded = _shipped(assets.resource("clinical"))
    with store.store.reading() as unit:
        zone = unit.clinic().time_zone
        kept = unit.settings(settings.CLINIC).get(rule_levels.NAME, "[]")
    shipped, loaded = loaded, rule_levels.laid_over(loaded, kept)
    photos = PhotoDecoder()
    photos.warm()
    trust = Trust.of(store.keys.trust_anchor(), demonstration=store.kind == "demonstration")
    desk = Desk(
        store=store.store,
        vault=store.vault,
        photos=photos,
        reader=FolderReader(loaded.tests.values(), loaded.facts),
        renderer=PdfRenderer(),
        signer=PadesSigner(trust, store.clock, zone, added=lambda: timestamps.added(store.store)),
        keys=store.keys,
        outbox=FolderOutbox(store.folder / OUTBOX),
        clock=store.clock,
        catalogue=loaded,
        station=platform.node() or "station",
        detector=own_model(store.folder / DETECTOR) or ClassicalDetector(),
        annotation_files=FolderAnnotations(store.folder / OUTBOX),
        dicom=FolderDicom(store.folder / OUTBOX, photos.frame, photos.report),
        shipped=shipped,
        levels=kept,
        has_room=lambda: shutil.disk_usage(store.folder).free >= INTAKE_BELOW,
    )
    session = signed_in(desk, store.unlocked)
    # The signing key lives in the session alone, which drops it at lock.
    store = replace(store, unlocked=replace(store.unlocked, key=None))
    inbox = store.folder / INBOX
    inbox.mkdir(exist_ok=True)
    return Opened(
        desk=desk,
        session=session,
        folder=store.folder,
        inbox=inbox,
        faults=store.faults,
        check=store.store.audit_faults,
        check_files=lambda: files.faults(store.store, store.vault),
        clock=store.store.look_at_clock,
        backups=FolderBackups(store),
        closers=(photos, store),
    )


@cache
def _shipped(folder: Path) -> Catalogue:
    """The clinical content that was shipped, read and checked once; a store lays its own over it."""
    from workstation.content import catalogue

    return catalogue.load(folder)


def language_setting(opened: Opened) -> str:
    """The language that the signed-in user chose for the screen."""
    from workstation.workflow import settings

    return settings.read(opened.desk, opened.session)["display.language"]


def new_recovery_key(opened: Opened) -> str:
    """The first recovery key of a clinic that was just made, on its audit trail."""
    from workstation.workflow import accounts

    return accounts.new_recovery_key(opened.desk, opened.session)


def presenters(opened: Opened, jobs: Any) -> Presenters:
    """All presenters on one open desk; the inbox is looked at whenever the queue asks."""
    from workstation.adapters.exports import tables
    from workstation.adapters.exports.person import FolderHandover
    from workstation.domain.draft import DecisionKind
    from workstation.presenters.agreement import AgreementPresenter
    from workstation.presenters.assess import AssessPresenter
    from workstation.presenters.banner import BannerPresenter
    from workstation.presenters.case import CaseFile
    from workstation.presenters.contact import ContactPresenter
    from workstation.presenters.followup import FollowupPresenter
    from workstation.presenters.keeping import KeepingPresenter
    from workstation.presenters.labs import LabsPresenter
    from workstation.presenters.person import PersonPresenter
    from workstation.presenters.queue import QueuePresenter
    from workstation.presenters.reading import ReadingCase, SeenCase
    from workstation.presenters.records import RecordsPresenter
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
    signed = RecordsPresenter(opened.desk, opened.session, jobs)
    signed.person = PersonPresenter(opened.desk, lambda: signed.session, jobs, FolderHandover)
    signed.trail_table = tables.audit_csv
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
    signed.given_up.subscribe(
        lambda id: case.forget() if case.state and case.state.consultation.id == id else None
    )
    here = SessionPresenter(opened.desk, opened.session, jobs, holders)
    own.keys.renewed = signed.emergency.opened = here.renew
    own.levels_changed.subscribe(lambda _: case.refresh() if case.state is not None else None)
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


def _arrivals(opened: Opened, jobs: Any, arrived: Callable[[], None]) -> Any:
    """What takes packages in from the inbox folder and from drops."""
    from workstation.adapters.inbox.folder import FolderInbox, sentence_for
    from workstation.presenters.arrivals import Arrivals

    inbox = FolderInbox(opened.inbox, opened.desk.has_room)
    return Arrivals(opened.desk, jobs, inbox, arrived, sentence_for)


# -- backups that the command line offers


def restore(backup: Path, target: Path, login: str, password: str, progress: Any = None) -> Opened:
    """Bring a backup back into a new folder and sign in there (``restoring.restore``)."""
    from workstation.adapters.backup import restoring

    return _desk(restoring.restore(backup, target, _opener(login, password), progress=progress))


def restore_drill(backup: Path, login: str, password: str, progress: Any = None) -> Any:
    """Try a backup: restore it privately, open everything, throw it away (``restoring.Drill``)."""
    from workstation.adapters.backup import restoring

    return restoring.drill(backup, _opener(login, password), progress)


def recover(folder: Path, code: str, login: str, new_password: str) -> None:
    """Give a login a new password by the recovery key, and put that on the audit trail."""
    from workstation.adapters.documents.keys import ClinicAuthority
    from workstation.adapters.store.folder import recover as by_recovery_key
    from workstation.adapters.system.clock import SystemClock

    by_recovery_key(
        folder, code, login, new_password, authority=ClinicAuthority(SystemClock("UTC"))
    )
    with closing(_opener(login, new_password)(folder)) as opened:
        user = opened.unlocked.user
        with opened.store.writing(user, "") as unit:
            unit.audit("account.recovered", user, {})


def move_to_server(
    folder: Path, login: str, password: str, server: str, vault: Path, to: Path, progress: Any
) -> Any:
    """Carry the store in ``folder`` to a clinic's server (``moving.move``)."""
    from workstation.adapters.backup import moving
    from workstation.adapters.system.clinic_file import ClinicPlace

    opened = _opener(login, password)(folder)
    try:
        return moving.move(opened, ClinicPlace(server, vault.absolute()), to, progress=progress)
    finally:
        opened.close()


def join_clinic(server: str, vault: Path, to: Path) -> None:
    """Make a new folder this station's way to a clinic on a server (``moving.join``)."""
    from workstation.adapters.backup import moving
    from workstation.adapters.system.clinic_file import ClinicPlace

    moving.join(ClinicPlace(server, vault.absolute()), to)


def check_backup(backup: Path) -> Any:
    """The manifest of a backup whose files are all as written (``restoring.check``)."""
    from workstation.adapters.backup import restoring

    return restoring.check(backup)


def _opener(login: str, password: str) -> Callable[[Path], Any]:
    from workstation.adapters.documents.keys import ClinicAuthority
    from workstation.adapters.store.folder import open_store
    from workstation.adapters.system.clock import SystemClock

    authority = ClinicAuthority(SystemClock("UTC"))
    return lambda folder: open_store(folder, login, password, authority=authority)


# -- checks that the command line offers


def verify(opened: Opened, pdf: bytes) -> dict[str, Any]:
    """What a PDF is: the strict verdict, and which document of this store it is, if any."""
    from workstation.workflow.verify import verify_file

    found = verify_file(opened.desk, opened.session, pdf)
    known = found.document
    return {
        "state": found.state,
        "signer": found.signer,
        "signed_at": found.signed_at.isoformat() if found.signed_at else None,
        "level": found.level,
        "stamped_at": found.stamped_at.isoformat() if found.stamped_at else None,
        "revoked_since": found.revoked_since.isoformat() if found.revoked_since else None,
        "because": list(found.because),
        "sha256": found.digest,
        "number": known.number if known is not None else None,
        "kind": known.kind.value if known is not None else None,
        "standing": found.standing.value if found.standing is not None else None,
        "successor": found.successor or None,
        "patient": found.patient.external_id if found.patient is not None else None,
        "holds": found.holds,
    }


def codes_of(given: str) -> list[str]:
    """QR codes as texts: ``given`` is one itself, or a file that holds some."""
    from workstation.adapters.documents.code_reader import codes_in
    from workstation.workflow.statement import VERSION

    return [given] if given.startswith(VERSION) else list(codes_in(Path(given)))


def verify_code(opened: Opened, code: str, who: tuple[str, date] | None) -> dict[str, Any]:
    """What a QR code states, whether this clinic signed it, and whether its document holds."""
    from workstation.workflow import stated

    found = stated.check(opened.desk, opened.session, code)
    return _code_told(found, who, standing=found.standing.value if found.standing else None)


def verify_code_outside(
    code: str, certificate: bytes, who: tuple[str, date] | None
) -> dict[str, Any]:
    """The same with the clinic's certificate alone: no store, so nobody knows whether it holds."""
    from workstation.adapters.documents.code_reader import prove
    from workstation.domain.errors import Refused
    from workstation.workflow.stated import BROKEN, CHANGED, UNTRUSTED, VALID, CodeVerdict

    try:
        read, wrong, clinic = prove(code, certificate)
    except Refused as error:
        if error.code != "qr.form":
            raise
        return _code_told(CodeVerdict(BROKEN, (error.code,)), who)
    state = VALID if not wrong else CHANGED if "qr.signature" in wrong else UNTRUSTED
    told = _code_told(CodeVerdict(state, wrong, read.statement), who, certificate=clinic)
    return {**told, "holds": state == VALID and told["of_patient"] is not False}


def _code_told(
    found: Any,
    who: tuple[str, date] | None,
    *,
    standing: str | None = None,
    certificate: str | None = None,
) -> dict[str, Any]:
    said = found.said
    mine = None if who is None or said is None else said.is_of(*who)
    return {
        "state": found.state,
        "because": list(found.because),
        "says": None
        if said is None
        else {
            "number": said.number,
            "record_code": said.page_code,
            "issued": said.issued.isoformat(),
            "dispense_by": said.dispense_by.isoformat() if said.dispense_by else None,
            "items": [asdict(item) for item in said.items],
        },
        "of_patient": mine,
        "standing": standing,
        "by": found.successor or None,
        "certificate": certificate,
        "holds": found.holds and mine is not False,
    }


def check_audit(opened: Opened, last: int) -> dict[str, Any]:
    """The audit trail's chain, every row and every file checked; and the trail's newest entries."""
    from workstation.domain.audit import first_break

    entries: list[Any] = []
    with opened.desk.store.reading() as unit:
        after = 0
        while batch := unit.audit_entries(after):
            entries += batch
            after = batch[-1].seq
    broken = first_break(entries)
    faults = tuple(dict.fromkeys((*opened.faults, *opened.check(), *opened.check_files())))
    whole = broken is None and not faults
    if whole:
        sentence = (
            f"{len(entries)} entries, chain whole; every row and file is as the program left it."
        )
    elif broken is not None:
        sentence = f"The trail was changed outside the program: first at entry {broken}."
    else:
        sentence = f"The records were changed outside the program: {', '.join(faults)}."
    return {
        "whole": whole,
        "count": len(entries),
        "first_break": broken,
        "faults": list(faults),
        "sentence": sentence,
        "entries": [
            {
                "seq": e.seq,
                "at": e.at.isoformat(timespec="seconds"),
                "actor": e.actor,
                "action": e.action,
                "subject": e.subject,
            }
            for e in entries[-last:]
        ],
    }
