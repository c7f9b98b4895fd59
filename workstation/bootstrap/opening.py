"""From a store folder to a desk with somebody signed in: opening, making, what opening needs imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from workstation import assets
from workstation.bootstrap.later import later

if TYPE_CHECKING:  # whoever opens a store loads these; the sign-in page does without
    from workstation.adapters.documents.trust import Trust
    from workstation.content.catalogue import Catalogue
    from workstation.domain.accounts import ClinicProfile, User
    from workstation.domain.dates import Clock
    from workstation.domain.trust import TrustAdded
    from workstation.workflow.backup import Backups
    from workstation.workflow.desk import Desk, Session
    from workstation.workflow.ports.pages import Renderer, Signer

INBOX, OUTBOX = "inbox", "outbox"
DETECTOR = "detector.toml"  # describes the clinic's own model, when there is one


class Closes(Protocol):
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
    warm: Callable[[], None]  # start what decodes photos, before the first one is asked for
    backups: Backups
    closers: tuple[Closes, ...]

    def free(self) -> int:
        """Free bytes on the disk of the store."""
        import shutil

        return shutil.disk_usage(self.folder).free

    def close(self) -> None:
        """Stop the decode children and close the store; harmless when called twice."""
        closers, self.closers = self.closers, ()
        for closer in closers:
            closer.close()


def load_store() -> None:
    """Import what checking a password and opening a store need; no store is touched.

    The window calls this, ``load`` and ``load_later`` in turn on a lane, while a password is typed.
    """
    import cryptography.hazmat.backends.openssl
    import cryptography.hazmat.primitives.kdf.argon2  # noqa: F401  # importing is the work
    import sqlcipher3.dbapi2  # noqa: F401  # importing is the work, here and below

    import workstation.adapters.documents.keys
    import workstation.adapters.store.folder
    import workstation.adapters.system.clock  # noqa: F401  # importing is the work


def load() -> None:
    """Import what a desk and its presenters are made of, and read the clinical content."""
    import workstation.adapters.backup.keeper
    import workstation.adapters.detection.classical
    import workstation.adapters.detection.onnx_model
    import workstation.adapters.dicom.folder
    import workstation.adapters.documents.trust
    import workstation.adapters.exports.annotation_files
    import workstation.adapters.exports.outbox
    import workstation.adapters.exports.person
    import workstation.adapters.exports.tables
    import workstation.adapters.inbox.folder
    import workstation.adapters.inbox.source
    import workstation.adapters.photos.decoder
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
    import workstation.workflow.timestamps  # noqa: F401  # importing is the work

    _shipped(assets.resource("clinical"))


def load_later() -> None:
    """Import what the first package and the first document need, which no list of a queue does."""
    import workstation.adapters.documents.renderer
    import workstation.adapters.documents.signer
    import workstation.adapters.inbox.bundle
    import workstation.adapters.inbox.hl7_results
    import workstation.adapters.inbox.manifest
    import workstation.adapters.inbox.package
    import workstation.adapters.inbox.results_bundle  # noqa: F401  # importing is the work
    from workstation.adapters.store import consultations

    consultations.prepare()
    rules = _shipped(assets.resource("clinical")).rulebook
    for medicine in rules.rules_of:
        rules.sieve_of(medicine)


def open_desk(
    folder: Path,
    login: str,
    password: str,
    *,
    clock: Clock | None = None,
    parts: Callable[[], None] = lambda: None,
) -> Opened:
    """Open a store with a password and sign its user in.

    ``parts`` returns when what the desk is made of (``load``) is imported: that may go on elsewhere
    while the password is checked, which takes long on purpose.

    Raises:
        NotAllowed: ``session.password.wrong`` and others of the store's opening.
        Corrupt, Refused: what ``adapters.store.folder.open_store`` says.
    """
    from workstation.adapters.documents.keys import ClinicAuthority
    from workstation.adapters.store.folder import open_store
    from workstation.adapters.system.clock import SystemClock

    authority = ClinicAuthority(clock or SystemClock("UTC"))
    store = open_store(folder, login, password, authority=authority, clock=clock)
    try:
        parts()
        return desk(store)
    except BaseException:  # whatever it was: no key stays in memory; raised again
        store.close()
        raise


def keep_log(folder: Path) -> Closes:
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

    return desk(
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


def desk(store: Any) -> Opened:
    """Wire the ports of an open store."""
    import platform
    import shutil

    from workstation.adapters.backup.keeper import FolderBackups
    from workstation.adapters.detection.classical import ClassicalDetector
    from workstation.adapters.detection.onnx_model import own_model
    from workstation.adapters.dicom.folder import FolderDicom
    from workstation.adapters.documents.trust import Trust
    from workstation.adapters.exports.annotation_files import FolderAnnotations
    from workstation.adapters.exports.outbox import FolderOutbox
    from workstation.adapters.inbox.source import FolderReader
    from workstation.adapters.photos.decoder import PhotoDecoder
    from workstation.adapters.store import files
    from workstation.workflow import rule_levels, timestamps
    from workstation.workflow.desk import Desk
    from workstation.workflow.keeping import INTAKE_BELOW
    from workstation.workflow.session import signed_in

    shipped = _shipped(assets.resource("clinical"))
    with store.store.reading() as unit:
        zone = unit.clinic().time_zone
        rules = rule_levels.in_force(shipped, unit)
    photos = PhotoDecoder()
    trust = Trust.of(store.keys.trust_anchor(), demonstration=store.kind == "demonstration")
    desk = Desk(
        store=store.store,
        vault=store.vault,
        photos=photos,
        reader=FolderReader(shipped.tests.values(), shipped.facts),
        renderer=later(_renderer),
        signer=later(
            lambda: _signer(trust, store.clock, zone, lambda: timestamps.added(store.store))
        ),
        keys=store.keys,
        outbox=FolderOutbox(store.folder / OUTBOX),
        clock=store.clock,
        catalogue=rules.catalogue,
        station=platform.node() or "station",
        detector=own_model(store.folder / DETECTOR) or ClassicalDetector(),
        annotation_files=FolderAnnotations(store.folder / OUTBOX),
        dicom=FolderDicom(store.folder / OUTBOX, photos.frame, photos.report),
        shipped=shipped,
        levels=rules.levels,
        own=rules.own,
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
        warm=photos.warm,
        backups=FolderBackups(store),
        closers=(photos, store),
    )


def _renderer() -> Renderer:
    from workstation.adapters.documents.renderer import PdfRenderer

    return PdfRenderer()


def _signer(trust: Trust, clock: Clock, zone: str, added: Callable[[], TrustAdded]) -> Signer:
    from workstation.adapters.documents.signer import PadesSigner

    return PadesSigner(trust, clock, zone, added=added)


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
