"""People, consultations and an honest small authority for tests of the store."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from workstation.adapters.store import folder as folder_of_stores
from workstation.adapters.store.engine import postgresql_engine, sqlcipher_engine, transaction
from workstation.adapters.store.folder import OpenStore, create_store, open_store
from workstation.adapters.store.schema import HEAD
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.adapters.store.upgrade import upgrade
from workstation.adapters.system import wraps
from workstation.adapters.system.durable import Durable
from workstation.adapters.system.passwords import CHEAPEST
from workstation.domain.accounts import ClinicProfile, Licence, Role, User
from workstation.domain.consultation import (
    Answer,
    Consultation,
    Delivery,
    PriorCourse,
    RequestKind,
    Status,
)
from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.dosing import Dispensed
from workstation.domain.errors import Corrupt
from workstation.domain.facts import Fact, Origin
from workstation.domain.ids import (
    AnnotationId,
    ConsultationId,
    DocumentId,
    PatientId,
    PhotoId,
    ResultId,
    UserId,
    VaultAddress,
    new_id,
)
from workstation.domain.lesions import Annotation, LesionType, MadeBy, Point
from workstation.domain.patient import Address, Contact, PatientSnapshot, Sex
from workstation.domain.photo import Photo, QualityCode, QualityMeasures, View
from workstation.domain.results import LabResult
from workstation.workflow.ports import Appraised, SigningOutcome

NOW = datetime(2026, 11, 22, 15, 4, 5, 678901, tzinfo=UTC)
PASSWORD = "violet harbour lantern"
OTHER_PASSWORD = "copper meadow whistle"
PIN = "246810"
BARE_KEY = b"k" * 32
PLANTED = ("Quillfeather", "Zephyrine", "Marrakechstrasse", "Zopiclonex")


@dataclass
class FixedClock:
    """A clock that moves when told."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass(frozen=True)
class SmallKey:
    """A signing key that can be told from another."""

    serial: str
    expires: datetime
    demonstration: bool
    secret: str = field(repr=False, default="")
    on_token: bool = False


class SmallAuthority:
    """An authority whose blobs really need their secrets; no X.509."""

    def create(self, clinic_name: str, demonstration: bool, secret: bytes) -> bytes:
        plain = {"clinic": clinic_name, "demonstration": demonstration, "key": new_id()}
        return wraps.wrap(secret, json.dumps(plain).encode(), ("authority",))

    def issue(
        self, blob: bytes, secret: bytes, user: User, leaf_secret: bytes
    ) -> tuple[bytes, str]:
        plain = json.loads(wraps.unwrap(secret, blob, ("authority",)))
        leaf = {**plain, "serial": new_id(), "user": user.id}
        return wraps.wrap(leaf_secret, json.dumps(leaf).encode(), ("leaf",)), leaf["serial"]

    def load(self, pkcs12: bytes, leaf_secret: bytes) -> SmallKey:
        plain = json.loads(wraps.unwrap(leaf_secret, pkcs12, ("leaf",)))
        return SmallKey(
            plain["serial"], NOW + timedelta(days=900), plain["demonstration"], plain["key"]
        )

    def trust_anchor(self, blob: bytes, secret: bytes) -> bytes:
        return str(json.loads(wraps.unwrap(secret, blob, ("authority",)))["key"]).encode()


class FailsAt:
    """Fails the n-th durable call (from 1) like a full or broken disk; counts all."""

    def __init__(self, n: int = 0, number: int = 5) -> None:
        self.n, self.number, self.calls = n, number, 0

    def __call__(self, step: str) -> None:
        self.calls += 1
        if self.calls == self.n:
            raise OSError(self.number, "planted fault")


CLINIC = ClinicProfile(
    name="Lakeside Dermatology",
    address_line="1 Lake Street",
    city="Denver",
    state="CO",
    postal_code="80202",
    phone="+1 303 555 0100",
    time_zone="America/Denver",
    paper="letter",
    rems_2026_effective="",
)


def make_user(
    login: str = "doctor", id: str | None = None, role: Role = Role.DERMATOLOGIST
) -> User:
    return User(
        id=UserId(id or f"user-{login}"),
        login=login,
        name=f"{login.title()} Example",
        credentials="MD",
        role=role,
        npi="1234567893",
        licences=(Licence("CO", "DR.1"),),
        certificate=None,
        active=True,
        created_at=NOW,
    )


def settings_of_new(clock: FixedClock | None = None) -> dict[str, Any]:
    """What the store of these tests is made with."""
    return {
        "kind": "clinic",
        "clinic": CLINIC,
        "first_user": make_user(),
        "password": PASSWORD,
        "pin": PIN,
        "authority": SmallAuthority(),
        "argon2": CHEAPEST,
        "cheap_for_tests": True,
        "clock": clock or FixedClock(),
    }


def create(folder: Path, clock: FixedClock | None = None, **changes: Any) -> OpenStore:
    with migrated_at_once():
        return create_store(folder, **{**settings_of_new(clock), **changes})


@contextmanager
def migrated_at_once() -> Iterator[None]:
    """New stores get the newest schema as one script: migrating takes most of making one.

    That the migrations lead there is tested by itself, and by every store made without this.
    """

    def upgrade_or_fill(engine: Engine) -> bool:
        with transaction(engine, write=True) as connection:
            empty = not connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first()
            for statement in _schema_script() if empty else ():
                connection.exec_driver_sql(statement)
        return empty or usual(engine)

    usual = folder_of_stores.upgrade
    folder_of_stores.upgrade = upgrade_or_fill
    try:
        yield
    finally:
        folder_of_stores.upgrade = usual


@cache
def _schema_script() -> tuple[str, ...]:
    engine = sqlcipher_engine(_migrated_file(), BARE_KEY)
    with transaction(engine, write=False) as connection:
        made = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
            "ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END"
        )
        statements = tuple(str(row[0]) for row in made)
    engine.dispose()
    return (*statements, f"INSERT INTO alembic_version (version_num) VALUES ('{HEAD}')")


def reopen(
    folder: Path,
    clock: FixedClock | None = None,
    login: str = "doctor",
    password: str = PASSWORD,
    durable: Durable | None = None,
) -> OpenStore:
    return open_store(
        folder,
        login,
        password,
        authority=SmallAuthority(),
        clock=clock or FixedClock(),
        durable=durable,
    )


def bare_store(url: str | None, folder: Path, clock: FixedClock) -> SqlStore:
    """A store on a database alone (of ``fresh_database``, or a new file), with clinic and two users."""
    if url is None:
        shutil.copyfile(_migrated_file(), folder / "bare.db")
        engine = sqlcipher_engine(folder / "bare.db", BARE_KEY)
    else:
        engine = postgresql_engine(url)
    store = SqlStore(engine, clock, demonstration=False, heads=None)
    with store.writing("system", "s") as unit:
        unit.set_clinic(CLINIC)
        unit.add_user(make_user("doctor"))
        unit.add_user(make_user("second"))
    return store


@cache
def _migrated_file() -> Path:
    """An empty database of the newest schema, which is copied: migrating takes most of a test."""
    place = Path(tempfile.mkdtemp(prefix="workstation-bare-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    engine = sqlcipher_engine(place / "bare.db", BARE_KEY)
    upgrade(engine)
    engine.dispose()
    return place / "bare.db"


def fresh_database(server: str, name: str, *, migrated: bool = True) -> str:
    """The address of a new database: of the newest schema, or empty."""
    with _administering(server) as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        template = _migrated_database(server) if migrated else "template1"
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    return _address(server, name)


def drop_database(url: str) -> None:
    """Give back the room of ``fresh_database``."""
    name = make_url(url).database
    with _administering(url.replace(f"/{name}?", "/postgres?")) as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@cache
def _migrated_database(server: str) -> str:
    name = "workstation_newest"
    with _administering(server) as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine = postgresql_engine(_address(server, name))
    upgrade(engine)
    engine.dispose()
    return name


def _address(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _administering(server: str) -> Iterator[Connection]:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def patient(n: int = 1, family: str = "March", given: str = "Elena") -> PatientSnapshot:
    return PatientSnapshot(
        id=PatientId(f"patient-{n}"),
        external_id=f"{n:09d}",
        family=family,
        given=given,
        title=None,
        native_name="Élène",
        born=date(2001, 2, 3),
        sex=Sex.FEMALE,
        address=Address("5 Elm Street", "Denver", "CO", "80202"),
        contact=Contact("+1 303 555 0111", "Ann", None, None, "home"),
        allergies=("penicillin",),
        medicines=None,
        rems_id=None,
    )


def photo(n: int, view: View = View.FRONT) -> Photo:
    return Photo(
        id=PhotoId(f"photo-{n}"),
        view=view,
        media_type="image/jpeg",
        width=3000,
        height=4000,
        digest="0" * 64,
        original=VaultAddress("a" * 64),
        preview=VaultAddress("b" * 64),
        thumbnail=VaultAddress("c" * 64),
        taken_at=NOW - timedelta(days=1),
        measures=QualityMeasures(123.25, 0.1 + 0.2, 1e-17),
        quality=(QualityCode.FOCUS, QualityCode.LIGHT),
    )


def lab(
    n: int = 1, value: Decimal | str = Decimal("31.50"), corrects: str | None = None
) -> LabResult:
    return LabResult(
        id=ResultId(f"result-{n}"),
        test="alt",
        value=value,
        unit="U/L",
        upper_limit=Decimal("40"),
        collected=date(2026, 11, 1),
        setting=None,
        fasting=None,
        hours_since_alcohol=None,
        role=None,
        laboratory=None,
        origin=Origin.LABORATORY,
        recorded_by=None,
        recorded_at=NOW,
        corrects=None if corrects is None else ResultId(corrects),
    )


def supply(on: date, daily: str = "40") -> Dispensed:
    return Dispensed(on, Decimal(daily), 30, "conventional", Decimal("61.0"))


def consultation(n: int = 1, who: PatientSnapshot | None = None, **changes: object) -> Consultation:
    settings: dict[str, object] = {
        "id": ConsultationId(f"consultation-{n}"),
        "patient": who or patient(n),
        "visit": 1,
        "previous": None,
        "request": RequestKind.ISOTRETINOIN_START,
        "source": Delivery("portal", f"ext-{n}", "d" * 64, "package"),
        "submitted_at": NOW - timedelta(hours=5),
        "received_at": NOW - timedelta(hours=4),
        "answers": (Answer("1.1", "Q11", 'Any "trouble"?', "No; \ud800 \x00 odd text"),),
        "facts": (
            Fact("plans.pregnancy", False, Origin.INTAKE, date(2026, 11, 20), "intake Q11"),
            Fact("alcohol.days", 2, Origin.INTAKE, date(2026, 11, 20), "intake Q12"),
            Fact("weight.kg", Decimal("61.50"), Origin.INTAKE, date(2026, 11, 20), "intake Q13"),
            Fact("menses.last", date(2026, 11, 2), Origin.INTAKE, date(2026, 11, 20), "intake Q14"),
            Fact("methods", ("iud", "condom"), Origin.INTAKE, date(2026, 11, 20), "intake Q15"),
            Fact("words", "2026-11-02", Origin.INTAKE, date(2026, 11, 20), "intake Q16"),
        ),
        "photos": (photo(1), photo(2, View.LEFT45)),
        "results": (),
        "dispensed": (),
        "prior_courses": (PriorCourse(None, Decimal("100.5")),),
        "own_words": "It itches",
        "status": Status.READY,
        "returns_on": None,
        "claim": None,
        "contacts": (),
        "revision": 0,
        "content_edition": None,
    }
    return Consultation(**{**settings, **changes})


def appraised(level: int = 0, deadline: datetime | None = None) -> Appraised:
    return Appraised(
        level=level,
        flag_codes=("T-NODULES",),
        deadline=deadline or NOW + timedelta(hours=20),
        stands_out="3 nodules",
        stands_out_level="warn",
        severity="moderate",
        severity_source="patient says",
    )


def annotation(n: int, x: float = 1.5, kind: LesionType = LesionType.PAPULE) -> Annotation:
    return Annotation(
        id=AnnotationId(f"a{n}"),
        photo=PhotoId("photo-1"),
        type=kind,
        at=Point(x, 2.25),
        radius=None,
        note="",
        author=UserId("user-doctor"),
        made_at=NOW,
        made_by=MadeBy.CLINICIAN,
        counted_here=False,
        same_as=None,
    )


def signed(
    id: ConsultationId, kind: DocumentKind, number: str, at: datetime = NOW
) -> SignedDocument:
    return SignedDocument(
        id=DocumentId(new_id()),
        consultation=id,
        kind=kind,
        number=number,
        content_digest="e" * 64,
        pdf_digest=(new_id() + new_id()),
        address=VaultAddress("f" * 64),
        signer=UserId("user-doctor"),
        certificate="ab12",
        signed_at=at,
        level="B-B",
        audit_head="0" * 64,
    )


def outcome(status: Status = Status.CLOSED, dispensed: Dispensed | None = None) -> SigningOutcome:
    return SigningOutcome(
        status=status,
        returns_on=None if status is Status.CLOSED else date(2026, 12, 24),
        grade="severe",
        counts=(("comedones", 10), ("total", 30)),
        daily=Decimal("40"),
        weight=Decimal("61.50"),
        dispensed=dispensed,
        content_edition="2026.11",
    )


def add(store: SqlStore, new: Consultation, seen: Appraised | None = None) -> ConsultationId:
    with store.writing("system", "s") as unit:
        unit.add_patient_and_consultation(new, seen or appraised())
    return new.id


def take(
    store: SqlStore, id: ConsultationId, user: str = "user-doctor", now: datetime = NOW
) -> int:
    with store.writing(user, "s") as unit:
        claim = unit.claim(id, UserId(user), "s", now, now + timedelta(minutes=20))
        assert claim is not None
        found = unit.consultation(id)
        assert found is not None
        if found.status is not Status.IN_REVIEW:
            unit.set_status(id, claim.token, Status.IN_REVIEW, None)
    return claim.token


@contextmanager
def raises_corrupt(code: str):
    import pytest

    with pytest.raises(Corrupt) as caught:
        yield
    assert caught.value.code == code
