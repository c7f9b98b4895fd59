"""The Labs board: every patient's tests to come, missed and unread, from the signed plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workstation.content.catalogue import Catalogue
from workstation.domain.accounts import Permission
from workstation.domain.board import board_of
from workstation.domain.consultation import Consultation
from workstation.domain.ids import PatientId, UserId
from workstation.domain.protocols import MonitoringPlan
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import WriteUnit
from workstation.workflow.ports.board import DueFilter, DueRow, SignedPlan

KEPT = 8  # values a row keeps of its tests, for its trend


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Rows by state and day with the counts beside the filters."""

    rows: tuple[DueRow, ...]
    counts: dict[str, int]


def page(desk: Desk, session: Session, wanted: DueFilter) -> BoardPage:
    """What is due, overdue, open and unread today."""
    require(session, Permission.VIEW)
    today = desk.clock.today()
    with desk.store.reading() as unit:
        return BoardPage(
            unit.board.page(wanted, session.user.id, today),
            unit.board.counts(session.user.id, today),
        )


def refresh(catalogue: Catalogue, unit: WriteUnit, patient: PatientId) -> None:
    """Work the rows of a patient out again, in the transaction that changed what they rest on."""
    board = unit.board
    signed = board.plan_of(patient)
    board.put(
        patient,
        board_of(
            None if signed is None else signed.plan,
            board.results_of(patient),
            board.unread_of(patient),
            catalogue.tests,
            catalogue.thresholds,
            KEPT,
        ),
    )


def signed(
    catalogue: Catalogue,
    unit: WriteUnit,
    consultation: Consultation,
    plan: MonitoringPlan | None,
    signer: UserId,
    at: datetime,
) -> None:
    """A consultation was signed: its plan holds from now on, and its results were read."""
    patient = consultation.patient.id
    unit.board.set_read(unit.board.unread_of(patient))
    if plan is not None:
        unit.board.keep_plan(patient, SignedPlan(plan, consultation.id, signer, at))
    refresh(catalogue, unit, patient)
