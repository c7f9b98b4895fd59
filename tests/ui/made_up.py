"""Made-up rows and small stand-ins for what the presenters reach; nobody here exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from workstation.domain.accounts import ClinicProfile, Licence, Role, User
from workstation.domain.audit import Entry
from workstation.domain.consultation import (
    Claim,
    Consultation,
    ContactTry,
    Delivery,
    QueueRow,
    RequestKind,
    Status,
)
from workstation.domain.explain import Source as Cited
from workstation.domain.explain import Tag
from workstation.domain.ids import (
    ConsultationId,
    PatientId,
    PhotoId,
    UserId,
    VaultAddress,
)
from workstation.domain.patient import Contact, PatientSnapshot, Sex
from workstation.domain.photo import Photo, QualityMeasures, View
from workstation.domain.pixels import Pixels
from workstation.domain.safety import Evaluation, Finding, Level, PassedCheck
from workstation.workflow.desk import Session
from workstation.workflow.ports import QueueFilter, Unlocked

NOW = datetime(2026, 11, 22, 13, 42, tzinfo=UTC)
ME = User(
    UserId("u1"),
    "r.kessler",
    "Rosa Kessler",
    "MD",
    Role.DERMATOLOGIST,
    "1234567893",
    (Licence("MN", "MN-1"),),
    "aa",
    True,
    NOW,
)
CLINIC = ClinicProfile(
    "Northlake Dermatology",
    "1 Lake Street",
    "Duluth",
    "MN",
    "55802",
    "218 555 0100",
    "UTC",
    "letter",
    "",
)

K = RequestKind
_ROWS = (
    # family, given, born year, sex, level, waited min, target min, request, visit, stands out
    (
        "Halvorsen",
        "Mia",
        2007,
        "female",
        3,
        11,
        15,
        K.ISOTRETINOIN_MONTH,
        3,
        ("stop", "Positive pregnancy test on isotretinoin"),
        6,
        "Severe",
        "last visit",
        "AL",
        Status.IN_REVIEW,
    ),
    (
        "Becker",
        "Jonas",
        2005,
        "male",
        3,
        3,
        15,
        K.ISOTRETINOIN_MONTH,
        4,
        ("stop", "Thoughts of ending his life, with a plan"),
        5,
        "Severe",
        "last visit",
        "",
        Status.READY,
    ),
    (
        "Carter",
        "Amara",
        2001,
        "female",
        2,
        110,
        240,
        K.ACNE,
        1,
        ("stop", "PHQ-9 item 9 is 1, no plan"),
        8,
        "Moderate",
        "patient says",
        "",
        Status.READY,
    ),
    (
        "Marsh",
        "Elena",
        2003,
        "female",
        1,
        1740,
        2880,
        K.ISOTRETINOIN_START,
        1,
        ("stop", "2 blockers \u00b7 new scars with active acne"),
        7,
        "Severe",
        "patient says",
        "RK",
        Status.IN_REVIEW,
    ),
    (
        "Al-Hashimi",
        "Noor",
        2002,
        "female",
        1,
        540,
        1860,
        K.ISOTRETINOIN_MONTH,
        2,
        ("warn", "Pick-up window closes 23\u2011Nov\u20112026"),
        4,
        "Severe",
        "patient says",
        "",
        Status.READY,
    ),
    (
        "Oyelaran",
        "Tunde",
        2009,
        "male",
        0,
        2760,
        2880,
        K.ISOTRETINOIN_START,
        1,
        ("stop", "Guardian consent missing"),
        8,
        "Severe",
        "patient says",
        "",
        Status.READY,
    ),
    (
        "De Souza",
        "Caio",
        1998,
        "male",
        0,
        2580,
        2880,
        K.ISOTRETINOIN_MONTH,
        4,
        ("warn", "ALT 96 U/L, 2.4 times the limit"),
        6,
        "Severe",
        "last visit",
        "",
        Status.READY,
    ),
    (
        "Lindqvist",
        "Astrid",
        1995,
        "female",
        0,
        2160,
        2880,
        K.ISOTRETINOIN_MONTH,
        5,
        ("ok", "Unchanged since last month"),
        7,
        "Severe",
        "last visit",
        "",
        Status.READY,
    ),
    (
        "Park",
        "Jun-ho",
        2004,
        "male",
        0,
        1800,
        2880,
        K.ACNE,
        1,
        ("ok", "No flags from intake"),
        5,
        "Moderate",
        "patient says",
        "",
        Status.READY,
    ),
    (
        "Abernathy",
        "Grace",
        1992,
        "female",
        0,
        1620,
        2880,
        K.ISOTRETINOIN_START,
        1,
        ("stop", "Takes doxycycline now"),
        8,
        "Severe",
        "patient says",
        "",
        Status.READY,
    ),
    (
        "Nwosu",
        "Ifeoma",
        2000,
        "female",
        0,
        1320,
        2880,
        K.ISOTRETINOIN_START,
        1,
        ("info", "First visit: work-up needed"),
        8,
        "Severe",
        "patient says",
        "",
        Status.READY,
    ),
    (
        "Kowalczyk",
        "Piotr",
        2006,
        "male",
        0,
        1140,
        2880,
        K.ISOTRETINOIN_MONTH,
        6,
        ("info", "Cumulative 118 mg/kg"),
        6,
        "Severe",
        "last visit",
        "",
        Status.READY,
    ),
    (
        "Ramirez",
        "Luc\u00eda",
        1997,
        "female",
        0,
        540,
        2880,
        K.ISOTRETINOIN_END,
        7,
        ("info", "Test one month after is due 02\u2011Dec\u20112026"),
        5,
        "Severe",
        "last visit",
        "",
        Status.READY,
    ),
    (
        "Brandt",
        "Lena",
        2005,
        "female",
        0,
        4000,
        9000,
        K.ISOTRETINOIN_START,
        1,
        ("wait", "Waiting for work-up until 03\u2011Dec\u20112026"),
        7,
        "Severe",
        "patient says",
        "RK",
        Status.WAITING_FOR_WORK_UP,
    ),
    (
        "Okafor",
        "Daniel",
        2007,
        "male",
        0,
        4320,
        9000,
        K.ACNE,
        1,
        ("wait", "Awaiting both 45\u00b0 photos"),
        2,
        "Mild",
        "patient says",
        "",
        Status.AWAITING_PATIENT,
    ),
)


def rows() -> tuple[QueueRow, ...]:
    """Fifteen made-up rows in service order."""
    made = []
    for n, r in enumerate(_ROWS):
        sent = NOW - timedelta(minutes=r[5])
        missing = tuple(v.value for v in tuple(View)[8 - (8 - r[10]) : 8])
        made.append(
            QueueRow(
                id=ConsultationId(f"c{n:02d}"),
                patient=PatientId(f"p{n:02d}"),
                level=r[4],
                flag_codes=(),
                stands_out=r[9][1],
                stands_out_level=r[9][0],
                submitted_at=sent,
                deadline=sent + timedelta(minutes=r[6]),
                status=r[14],
                returns_on=date(2026, 12, 3) if r[14] is Status.WAITING_FOR_WORK_UP else None,
                request=r[7],
                visit=r[8],
                family=r[0],
                given=r[1],
                born=date(r[2], 3, 14),
                sex=r[3],
                external_id=f"MK{204817 + n * 1013}",
                photo_count=r[10],
                views_missing=missing,
                severity=r[11],
                severity_source=r[12],
                claimed_by=UserId("u1") if r[13] == "RK" else UserId("u2") if r[13] else None,
                claimed_initials=r[13],
                claimed_until=NOW + timedelta(minutes=15) if r[13] else None,
                similar_name="",
            )
        )
    return tuple(made)


def consultation(row: QueueRow) -> Consultation:
    """The consultation behind a row."""
    patient = PatientSnapshot(
        row.patient,
        row.external_id,
        row.family,
        row.given,
        "Ms" if row.sex == "female" else "Mr",
        None,
        row.born,
        Sex(row.sex),
        None,
        Contact(None, None, None, None, None),
        (),
        ("doxycycline 12 weeks", "adapalene 0.1 %"),
        None,
    )
    views = tuple(View)[: row.photo_count]
    photos = tuple(
        Photo(
            PhotoId(f"{row.id}-{view.value}"),
            view,
            "image/jpeg",
            400,
            500,
            "d",
            VaultAddress(f"o-{row.id}-{view.value}"),
            VaultAddress(f"p-{row.id}-{view.value}"),
            VaultAddress(f"t-{row.id}-{view.value}"),
            None,
            QualityMeasures(100.0, 0.5, 0.0),
            (),
        )
        for view in views
    )
    claim = (
        Claim(row.claimed_by, "here", NOW, NOW + timedelta(minutes=15), 7)
        if row.claimed_by
        else None
    )
    return Consultation(
        row.id, patient, row.visit, None, row.request, Delivery("test", row.id, "x", "json"),
        row.submitted_at, row.submitted_at, (), (), photos, (), (), (),
        "It hurts and it scars. I stopped going out.", row.status, None, claim, (), 0, None,
    )  # fmt: skip


def evaluation() -> Evaluation:
    """Two blockers, one reason, 24 checks passed."""
    cited = Cited("s", "Label 8.3", Tag.SEED)

    def finding(level: Level, title: str) -> Finding:
        return Finding(
            "X", "isotretinoin", level, title, "", "", cited, (), None, (), "", False, "", None
        )

    return Evaluation(
        (
            finding(Level.HOLD, "Second pregnancy test not recorded"),
            finding(Level.HOLD, "Alcohol: 3 drinks on one day (intake Q11)"),
            finding(Level.OVERRIDE, "Ulcerative colitis, quiet since 2021"),
            finding(Level.WARN, "Triglycerides 164 mg/dL, borderline"),
        ),
        tuple(PassedCheck(f"P{n}", "passed", (), cited) for n in range(24)),
    )


@dataclass
class StillClock:
    """A clock that a test moves."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()


class SmallStore:
    """Keeps rows in memory and answers the queue's questions."""

    is_demonstration = True
    is_shared = False

    def __init__(self, listed: tuple[QueueRow, ...]) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.rows = listed
        self.audited: list[tuple[str, str]] = []
        self.signed_today = 14

    @contextmanager
    def reading(self) -> Iterator[SmallStore]:
        yield self

    @contextmanager
    def writing(self, actor: str, station: str) -> Iterator[SmallStore]:
        yield self

    def clinic(self) -> ClinicProfile:
        return CLINIC

    def user(self, id: UserId) -> User | None:
        return ME if id == ME.id else replace(ME, id=id, name="Anna Lee")

    def audit(self, action: str, subject: str, detail: dict[str, object]) -> None:
        self.audited.append((action, subject))

    def audit_of(self, subject: str, actions: Sequence[str]) -> tuple[Entry, ...]:
        return ()

    def settings(self, scope: str) -> dict[str, str]:
        return {name: text for (whose, name), text in self.kept.items() if whose == scope}

    def set_setting(self, scope: str, name: str, content: str | None) -> None:
        self.kept[scope, name] = content or ""

    def pin_state(self, user: UserId) -> tuple[str, int, datetime | None]:
        return "", 0, None

    def queue(self, wanted: QueueFilter, user: UserId, now: datetime) -> tuple[QueueRow, ...]:
        def fits(row: QueueRow) -> bool:
            mine = row.claimed_by in (None, user)
            scope = {"mine": mine, "all": True, "others": not mine}[wanted.scope]
            text = f"{row.family} {row.given} {row.external_id}".lower()
            return (
                (scope or row.level == 3)
                and (not wanted.levels or row.level in wanted.levels)
                and (not wanted.statuses or row.status in wanted.statuses)
                and (not wanted.requests or row.request in wanted.requests)
                and wanted.text.lower() in text
            )

        return tuple(
            sorted(filter(fits, self.rows), key=lambda r: (-r.level, r.deadline, r.submitted_at))
        )

    def read_by(self, reader: UserId, ids: Sequence[ConsultationId]) -> dict[ConsultationId, bool]:
        return {}

    def contacts(self, id: ConsultationId) -> tuple[ContactTry, ...]:
        return ()

    def queue_counts(self, user: UserId, now: datetime) -> dict[str, int]:
        counts: dict[str, int] = {
            "signed_today": self.signed_today,
            "median_seconds": 220 if self.signed_today else 0,
        }
        for row in self.rows:
            mine = row.claimed_by in (None, user)
            for key in (
                "scope:all",
                "scope:mine" if mine else "scope:others",
                f"level:{row.level}",
                f"status:{row.status.value}",
                f"request:{row.request.value}",
            ):
                counts[key] = counts.get(key, 0) + 1
        return counts

    def consultation(self, id: ConsultationId) -> Consultation | None:
        return next((consultation(r) for r in self.rows if r.id == id), None)

    def claim(self, id, user, station, now, until):
        row = next(r for r in self.rows if r.id == id)
        if row.claimed_by not in (None, user):
            return None
        fresh = replace(row, claimed_by=user, claimed_initials="RK", claimed_until=until)
        self.rows = tuple(fresh if r.id == id else r for r in self.rows)
        return Claim(user, station, now, until, 7)

    def release(self, id, token):
        self.rows = tuple(
            replace(r, claimed_by=None, claimed_initials="", claimed_until=None)
            if r.id == id
            else r
            for r in self.rows
        )

    def set_status(self, id, token, status, returns_on):
        self.rows = tuple(replace(r, status=status) if r.id == id else r for r in self.rows)


@dataclass
class OnePhoto:
    """A vault and decoder that know one picture for every address."""

    jpeg: bytes = b""
    pixels: Pixels | None = None
    asked: list[str] = field(default_factory=list)

    def get(self, address: VaultAddress) -> bytes:
        self.asked.append(address)
        return self.jpeg

    def decode(self, content: bytes, longest: int | None = None) -> Pixels:
        assert self.pixels is not None
        return self.pixels


class OnePassword:
    """A key ring that knows one password."""

    password = "a long enough sentence"

    def unlock(self, login: str, password: str) -> Unlocked:
        from workstation.domain.errors import NotAllowed

        if password != self.password:
            raise NotAllowed("session.password.wrong")
        return Unlocked(ME.id, SmallKey())


class SmallKey:
    """A signing key in name only."""

    serial = "aa"
    expires = NOW + timedelta(days=300)
    on_token = False


@dataclass
class SmallCatalogue:
    """Only what the shell shows of the content."""

    edition: str = "2026.11"


class SmallDesk:
    """What the presenters of the queue and the session reach."""

    def __init__(self, listed: tuple[QueueRow, ...] | None = None) -> None:
        self.store = SmallStore(rows() if listed is None else listed)
        self.vault = OnePhoto()
        self.photos = self.vault
        self.keys = OnePassword()
        self.clock = StillClock()
        self.catalogue = SmallCatalogue()
        self.station = "test"


def session() -> Session:
    """A signed-in dermatologist with a key."""
    return Session(ME, SmallKey())
