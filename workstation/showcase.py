"""Makes the demonstration clinic: its store, its people's packages, and the visits already closed.

Closed visits are not inserted as rows: each package is received, annotated, treated and signed
through the same workflow as at a real desk, on a clock set to that day. Newest visits lie in the
inbox and arrive as they would in a clinic.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from workstation import bootstrap, stores
from workstation.adapters.system import folders
from workstation.demo import ahead, earlier, packages
from workstation.demo.people import Person, Visit
from workstation.domain import dosing
from workstation.domain.accounts import ClinicProfile, Licence, Role, User
from workstation.domain.consultation import Consultation
from workstation.domain.dates import Clock
from workstation.domain.draft import (
    DecisionChoice,
    DecisionKind,
    Edit,
    Item,
    ItemKind,
    Key,
    Reason,
    Regimen,
)
from workstation.domain.errors import Refused
from workstation.domain.facts import Fact, Origin
from workstation.domain.identity import Doubt, Settled
from workstation.domain.ids import AnnotationId, ConsultationId, UserId, new_id
from workstation.domain.lesions import Annotation, LesionType, MadeBy, Point
from workstation.domain.safety import Level
from workstation.workflow import assess, identity, intake, queue, sign
from workstation.workflow.appraisal import ISOTRETINOIN, Appraisal, Situation, appraise
from workstation.workflow.assess import OpenCase
from workstation.workflow.desk import Desk, Session

LOGIN, PASSWORD, PIN = (
    "demo.dermatologist",
    "demonstration only",
    "246810",
)  # printed by the demo on purpose
CLINIC = ClinicProfile(
    name="Northlake Dermatology",
    address_line="410 Harbor Street, Suite 6",
    city="Portland",
    state="OR",
    postal_code="97205",
    phone="+1 503 555 0142",
    time_zone="America/Los_Angeles",
    paper="letter",
    rems_2026_effective="",
)
STATES = ("OR", "WA", "CA", "TX", "NY", "FL")
AFTER = timedelta(hours=2)  # how long after it was sent an earlier visit was worked through
FIRST = 8  # newest packages received before the window opens; the others arrive while it is open


class SetClock:
    """A clock that stands where it was put and moves a second with each look."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def put(self, at: datetime) -> None:
        """Set it; never backwards, so that the audit trail stays in order."""
        self._at = max(self._at, at)

    def now(self) -> datetime:
        """The moment set, a second later each time."""
        self._at += timedelta(seconds=1)
        return self._at

    def today(self) -> date:
        """The day in the clinic's zone."""
        from zoneinfo import ZoneInfo

        return self._at.astimezone(ZoneInfo(CLINIC.time_zone)).date()


def demo_user(created: datetime) -> User:
    """The demonstration's dermatologist."""
    return User(
        id=UserId("demo-dermatologist"),
        login=LOGIN,
        name="Rosa Kessler",
        credentials="MD",
        role=Role.DERMATOLOGIST,
        npi="1234567893",
        licences=tuple(Licence(state, f"MD{184220 + i * 1111}") for i, state in enumerate(STATES)),
        certificate=None,
        active=True,
        created_at=created,
    )


def demo_folder(asked: Path | None) -> Path:
    """Where the demonstration is kept: beside the user's own records, never inside them."""
    if asked is not None:
        return asked
    own = folders.default_store()
    return own.with_name(f"{own.name}-demonstration")


def at_hand() -> Path:
    """Folder of this user's demonstration clinic, made when it is not there yet (minutes)."""
    from workstation.adapters.system.clock import SystemClock

    folder = demo_folder(None)
    prepare(folder, clock=SystemClock(CLINIC.time_zone))
    return folder


def prepare(
    folder: Path,
    *,
    clock: Clock,
    fresh: bool = False,
    tell: Callable[[str], None] = lambda _: None,
    first: int | None = FIRST,
    cheap_for_tests: bool = False,
) -> bool:
    """Make the demonstration clinic unless it is there; whether it was made now.

    Raises:
        Refused: ``demo.folder.foreign`` when the folder holds a real store.
    """
    if stores.exists(folder):
        if not stores.is_demonstration(folder):
            raise Refused("demo.folder.foreign")
        if not fresh:
            return False
        shutil.rmtree(folder)
    tell("Making the demonstration clinic (generated people, drawn photos).")
    today = clock.today()
    with tempfile.TemporaryDirectory(prefix="derm-demo-") as place:
        paths = packages.write_packages(Path(place), today, clock.now())
        visits = dict(zip(packages.visits_in_order(), paths, strict=True))
        past = [(w, v, p) for (w, v), p in visits.items() if v is not w.visits[-1]]
        newest = [(w, v, p) for (w, v), p in visits.items() if v is w.visits[-1]]
        begin = datetime.combine(past[0][1].day + (today - packages.BASE), datetime.min.time(), UTC)
        own = SetClock(begin - timedelta(days=1))
        opened = bootstrap.create_clinic(
            folder,
            kind="demonstration",
            clinic=CLINIC,
            user=demo_user(own.now()),
            password=PASSWORD,
            pin=PIN,
            clock=own,
            cheap_for_tests=cheap_for_tests,
        )
        now_first = newest if first is None else newest[-first:]
        wanted = [path for _, _, path in (*past, *now_first)]
        coming = ahead.Ahead(opened.desk.reader, opened.desk.photos, wanted)
        desk = ahead.hastened(opened.desk, coming)
        try:
            for number, (who, visit, path) in enumerate(past, 1):
                tell(f"Earlier visits: {number} of {len(past)}")
                _work_through(desk, opened.session, own, who, visit, path)
            own.put(clock.now() - timedelta(minutes=1))
            for number, (_, visit, path) in enumerate(now_first, 1):
                tell(f"New consultations: {number} of {len(now_first)}")
                stored = intake.receive(desk, path)
                if visit.number > 1:
                    _tell_apart(desk, opened.session, stored.id)
            for _, _, path in newest:
                if all(path is not taken for _, _, taken in now_first):
                    shutil.copy2(path, opened.inbox / path.name)
        finally:
            coming.close()
            opened.close()
    return True


def _tell_apart(desk: Desk, session: Session, id: ConsultationId) -> None:
    """Somebody seen before is known here: the person with the like name is another."""
    with desk.store.reading() as unit:
        found = unit.consultation(id)
    for doubt in () if found is None else found.doubts:
        if doubt.doubt is Doubt.SIMILAR:
            identity.settle(desk, session, id, doubt, Settled.DIFFERENT)


# -- one closed visit, worked through as at a desk


def _work_through(
    desk: Desk, session: Session, clock: SetClock, who: Person, visit: Visit, path: Path
) -> None:
    received = desk.reader.read(path)
    clock.put(received.submitted_at + AFTER)
    stored = intake.receive(desk, path)
    answer = queue.claim(desk, session, stored.id)
    if not isinstance(answer, queue.Claimed):
        return
    work = _Work(desk, session, stored.id, answer.claim.token)
    work.put("annotation.add", _annotations(work.case.consultation, who, visit, session, clock))
    work.set_category(who)
    work.treat()
    if work.appraisal.gate.is_open:
        previews = sign.preview(desk, session, stored.id, answer.claim.token)
        result = sign.sign(desk, session, previews, answer.claim.token, PIN)
        if isinstance(result, sign.Signed):
            return
    queue.release(desk, session, stored.id, answer.claim.token)


def _annotations(
    consultation: Consultation, who: Person, visit: Visit, session: Session, clock: SetClock
) -> list[tuple[Key, Item | None]]:
    photos = {photo.view.value: photo for photo in consultation.photos}
    types = {kind.value: kind for kind in LesionType}
    puts: list[tuple[Key, Item | None]] = []
    at = clock.now()
    for mark in earlier.marked(who, visit):
        photo = photos.get(mark.view)
        if photo is None:
            continue
        id = AnnotationId(new_id())
        item = Annotation(
            id,
            photo.id,
            types[mark.type],
            Point(mark.x, mark.y),
            None,
            "",
            session.user.id,
            at,
            MadeBy.CLINICIAN,
            False,
            None,
        )
        puts.append((Key.of(ItemKind.ANNOTATION, id), item))
    return puts


class _Work:
    """One claimed consultation with its draft as stored."""

    def __init__(self, desk: Desk, session: Session, id: ConsultationId, token: int) -> None:
        self.desk, self.session, self.token = desk, session, token
        self.case: OpenCase = assess.open_case(desk, session, id, token)
        self.appraisal = self._appraise()

    def put(self, label: str, puts: list[tuple[Key, Item | None]]) -> None:
        """One edit, durable, then appraised anew."""
        draft = self.case.history.draft
        edit: Edit = draft.put(label, puts, self.session.user.id, self.desk.clock.now())
        if not edit.changes:
            return
        revision = assess.commit_edit(
            self.desk, self.session, draft.consultation, self.token, self.case.revision, edit
        )
        self.case = replace(self.case, history=self.case.history.do(edit), revision=revision)
        self.appraisal = self._appraise()

    def set_category(self, who: Person) -> None:
        """Set the REMS category as the prescriber does at a first visit, when none is on record."""
        if "pregnancy.category" in self.appraisal.facts:
            return
        category = "CGP" if who.sex_at_birth == "female" else "CNGP"
        name, today = "pregnancy.category", self.desk.clock.today()
        by = f"recorded by {self.session.user.name}"
        fact = Fact(name, category, Origin.CLINICIAN, today, by)
        self.put("fact.recorded", [(Key.of(ItemKind.FACT, name), fact)])

    def treat(self) -> None:
        """Decide as the record says: prescribe when that is open, else the work-up."""
        regimen = self._regimen()
        if regimen is not None:
            key = Key.of(ItemKind.REGIMEN, ISOTRETINOIN)
            self.put(
                "treat.proposed", [(_DECISION, _choice(DecisionKind.PRESCRIBE)), (key, regimen)]
            )
            self._give_reasons()
        if not self.appraisal.gate.is_open:
            self.put("decision.chosen", [(_DECISION, _choice(DecisionKind.START_WORK_UP))])
            self._give_reasons()

    def _give_reasons(self) -> None:
        today = self.desk.clock.today()
        puts: list[tuple[Key, Item | None]] = []
        for finding in self.appraisal.evaluation.open:
            if finding.level not in (Level.WARN, Level.OVERRIDE):
                continue
            code = finding.reasons[0].code if finding.reasons else "acknowledged"
            reason = Reason(
                finding.code, code, "", self.session.user.id, today, finding.facts_digest
            )
            puts.append((Key.of(ItemKind.REASON, finding.code), reason))
        if puts:
            self.put("reason.given", puts)

    def _regimen(self) -> Regimen | None:
        weight = self.appraisal.facts.get("patient.weight")
        if weight is None or not isinstance(weight.value, (int, Decimal)):
            return None
        medicine = self.desk.catalogue.medicines[ISOTRETINOIN]
        product = next(p for p in medicine.products if p.formulation == dosing.CONVENTIONAL)
        past = self.case.consultation.dispensed
        kilograms = Decimal(weight.value)
        daily = dosing.proposed_daily(kilograms, medicine, product.formulation, past)
        if len(past) == 1:
            # The usual step up after the first month, to the label's goal.
            goal = dosing.dose_range(medicine, product.formulation).goal * kilograms
            daily = next(
                iter(dosing.nearest_possible(goal.quantize(Decimal(1)), product.strengths))
            )
        ways = dosing.combinations(daily, product.strengths)
        if not ways:
            return None
        return Regimen(
            ISOTRETINOIN,
            product.id,
            product.formulation,
            ways[0].morning,
            ways[0].evening,
            medicine.max_supply_days,
            True,
        )

    def _appraise(self) -> Appraisal:
        with self.desk.store.reading() as unit:
            clinic = unit.clinic()
        situation = Situation(
            self.desk.catalogue,
            self.session.user,
            clinic,
            self.desk.clock.now(),
            self.desk.clock.today(),
            self.case.earlier_reasons,
            self.case.earlier.entries,
        )
        return appraise(self.case.consultation, self.case.history.draft, self.case.past, situation)


_DECISION = Key.of(ItemKind.DECISION)


def _choice(kind: DecisionKind) -> DecisionChoice:
    return DecisionChoice(kind, "Severe nodular acne", "L70.0", None)
