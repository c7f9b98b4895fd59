"""The signed plan as a calendar file in the outbox, named by the plan's document number."""

from __future__ import annotations

from pathlib import Path

from workstation.content.catalogue import Catalogue
from workstation.content.documents import read_texts
from workstation.domain.accounts import ClinicProfile, Permission
from workstation.domain.calendar import CalendarEntry
from workstation.domain.dates import DateWindow
from workstation.domain.documents import DocumentKind
from workstation.domain.errors import Conflict
from workstation.domain.ids import ConsultationId, PatientId
from workstation.domain.protocols import MonitoringPlan
from workstation.domain.rems_record import PREGNANCY_TESTS
from workstation.workflow import outlook
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import ReadUnit
from workstation.workflow.subject import LANGUAGE, MINOR

ADDRESS = "derm-workstation.invalid"  # the right side of a uid; it names no machine
PLAIN = frozenset({"visit", "pick_up"})


def export(desk: Desk, session: Session, patient: PatientId) -> Path:
    """Write the calendar of a patient's newest signed plan; audited.

    Raises:
        Conflict: ``export.plan.none`` when no plan was signed for this patient.
        WorkstationError: ``export.*`` when the outbox cannot be written.
    """
    require(session, Permission.EXPORT)
    with desk.store.reading() as unit:
        signed = unit.board.plan_of(patient)
        documents = () if signed is None else unit.documents(signed.consultation)
        clinic = unit.clinic()
        # A calendar hangs in the kitchen: a minor's does not tell of pregnancy tests.
        minor = signed is not None and is_minor(desk, unit, signed.consultation)
    plans = [d for d in documents if d.kind is DocumentKind.MONITORING_PLAN]
    if signed is None or not plans:
        raise Conflict("export.plan.none")
    number = plans[-1].number
    found = entries(signed.plan, desk.catalogue, number, clinic, minor=minor)
    path = desk.outbox.write_calendar(number, name_of(number), found, signed.signed_at)
    with desk.store.writing(session.user.id, desk.station) as unit:
        unit.audit("calendar.exported", number, {"entries": len(found)})
    return path


def name_of(number: str) -> str:
    """The calendar's own name."""
    return read_texts("calendar", LANGUAGE)("name", number=number)


def is_minor(desk: Desk, unit: ReadUnit, id: ConsultationId) -> bool:
    """Whether the patient is a minor, or may be one."""
    return outlook.as_it_stands(desk, unit, id)[1].facts.value(MINOR) is not False


def entries(
    plan: MonitoringPlan,
    catalogue: Catalogue,
    number: str,
    clinic: ClinicProfile,
    *,
    minor: bool = False,
) -> tuple[CalendarEntry, ...]:
    """What is still to come, by date: tests of the same days are one entry.

    For a minor, or while the age is not known, pregnancy tests are left out.
    """
    texts = read_texts("calendar", LANGUAGE)
    groups: dict[tuple[DateWindow, str], list[str]] = {}
    for point in plan.tests:
        if point.state == "done" or (minor and point.test in PREGNANCY_TESTS):
            continue
        if point.role in PLAIN:
            groups.setdefault((point.days, point.role), [])
            continue
        test = catalogue.tests.get(point.test)
        name = point.test if test is None else test.name
        kind = "fasting" if test is not None and test.fasting else "test"
        names = groups.setdefault((point.days, kind), [])
        if name not in names:
            names.append(name)
    made = []
    order = sorted(groups, key=lambda key: (key[0].first, key[0].last, key[1]))
    for at, (days, kind) in enumerate(order):
        said = texts(
            f"description.{kind}",
            tests=", ".join(groups[days, kind]),
            number=number,
            clinic=clinic.name,
            phone=clinic.phone,
        )
        uid = f"{number}-{at}@{ADDRESS}".lower()
        made.append(CalendarEntry(uid, texts(f"title.{kind}"), said, days.first, days.last))
    return tuple(made)
