"""Results that come in on their own: matched, stored, put on the board, and made a queue item.

A result for a patient with an open consultation changes that one's level; a result after signing
makes an item of its own at the level its threshold gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from workstation.domain.accounts import ClinicProfile, Permission, may
from workstation.domain.after_signing import Asked
from workstation.domain.board import DRAW, board_of
from workstation.domain.consultation import (
    OUT_OF_SIGHT,
    Consultation,
    ContactTry,
    Delivery,
    RequestKind,
    Status,
)
from workstation.domain.dates import add_days
from workstation.domain.errors import Conflict, Refused
from workstation.domain.facts import Fact, FactSpec, Freshness
from workstation.domain.ids import ConsultationId, PatientId, ResultId, new_id
from workstation.domain.laboratory import own_value
from workstation.domain.results import LabResult, standing
from workstation.domain.triage import TriageLevel
from workstation.workflow import board, outlook, pressing
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.ports import Appraised, ReadUnit, WriteUnit
from workstation.workflow.ports.board import ReceivedResults
from workstation.workflow.queue import LEASE
from workstation.workflow.undispensed import VoidOffer, void_offer

SYSTEM = "system"
ITEMS = "urn:derm-workstation:result"  # the sender of items that the program makes itself
CARRIED = frozenset({Freshness.UNTIL_CHANGED, Freshness.CONFIRM})


@dataclass(frozen=True, slots=True)
class Filed:
    """A message of results was taken; ``item`` is the queue item or consultation it concerns.

    ``taken`` counts new results, ``left_out`` names lines that no test here answers to.
    ``again`` says that the message was here before and nothing was written.
    """

    patient: PatientId
    taken: int
    left_out: tuple[str, ...]
    item: ConsultationId | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """A result was entered by hand; ``item`` as in ``Filed``."""

    result: ResultId
    item: ConsultationId | None


@dataclass(frozen=True, slots=True)
class Review:
    """An item to be settled: what the results ask for and what may be taken back."""

    consultation: Consultation
    level: TriageLevel
    asked: tuple[Asked, ...]
    void: VoidOffer | None
    needs_contact: bool
    clinic: ClinicProfile  # whom the patient calls


def file(desk: Desk, received: ReceivedResults) -> Filed:
    """Store results that came on their own, in one transaction.

    Raises:
        Refused: ``intake.results.patient`` when record number and birth date name nobody here or
            several, ``intake.results.unit`` for a unit that cannot be converted,
            ``intake.results.control`` when another message had this identifier,
            ``intake.results.future`` for a specimen of a day to come, ``intake.results.nothing``
            when no line of it is a test known here.
    """
    source, today = received.source, desk.clock.today()
    if not received.results:
        raise Refused("intake.results.nothing")
    if not all(_unit_fits(desk, result) for result in received.results):
        raise Refused("intake.results.unit")
    # A sender east of the clinic may be a day ahead; further ahead is no date of a specimen.
    if any(result.collected > add_days(today, 1) for result in received.results):
        raise Refused("intake.results.future")
    with desk.store.writing(SYSTEM, desk.station) as unit:
        known = unit.board.message(source.system, source.external_id)
        if known is not None:
            if known[0] != source.package_digest:
                raise Refused("intake.results.control")
            return Filed(known[1], 0, received.left_out, None, again=True)
        found = unit.board.patients_by_record(received.record_number, received.born)
        if len(found) != 1:
            raise Refused("intake.results.patient")
        (patient,) = found
        now = desk.clock.now()
        here = standing(unit.board.results_of(patient))
        new: list[LabResult] = []
        for result in received.results:
            one = _ours(result, here, received.corrections, min(result.collected, today))
            if one is not None:
                one = replace(one, recorded_at=now)
                unit.add_result(patient, one)
                unit.board.set_unread(patient, one.id)
                new.append(one)
        unit.board.set_read([one.corrects for one in new if one.corrects is not None])
        unit.board.note_message(source, patient, now)
        unit.audit(
            "results.received",
            source.external_id[:255],
            {"package": source.package_digest, "results": [r.id for r in new]},
        )
        item = _follow(desk, unit, patient)
        board.refresh(desk.catalogue, unit, patient)
    return Filed(patient, len(new), received.left_out, item)


def record(desk: Desk, session: Session, patient: PatientId, result: LabResult) -> Recorded:
    """Store a result entered by hand; whoever may treat has read it by entering it.

    Raises:
        Conflict: ``result.known``, ``result.corrects.unknown``, ``result.patient.unknown``.
    """
    require(session, Permission.RECORD_RESULT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        if unit.board.newest(patient) is None:
            raise Conflict("result.patient.unknown")
        unit.add_result(patient, result)
        if result.corrects is not None:
            unit.board.set_read([result.corrects])
        unit.board.set_unread(patient, result.id)
        unit.audit("result.recorded", patient, {"result": result.id, "test": result.test})
        item = _follow(desk, unit, patient)
        if may(session.user, Permission.TREAT):
            unit.board.set_read([result.id])
        board.refresh(desk.catalogue, unit, patient)
    return Recorded(result.id, item)


def mark_read(desk: Desk, session: Session, patient: PatientId, result: ResultId) -> None:
    """A prescriber has read a result; an item it made stays until it is settled."""
    require(session, Permission.TREAT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        if result in unit.board.unread_of(patient):
            unit.board.set_read([result])
            unit.audit("result.read", patient, {"result": result})
            board.refresh(desk.catalogue, unit, patient)


@dataclass(frozen=True, slots=True)
class PatientResults:
    """What a patient's panel on the board shows: results, open consultation, course under way."""

    results: tuple[LabResult, ...]
    open: ConsultationId | None
    on_medicine: bool


def known(desk: Desk, session: Session, patient: PatientId) -> PatientResults:
    """The standing results of a patient, oldest first, and what is open for them."""
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        open_ones = unit.board.open_of(patient)
        return PatientResults(
            standing(unit.board.results_of(patient)),
            open_ones[0].id if open_ones else None,
            pressing.on_medicine(desk, unit.board.plan_of(patient)),
        )


def review(desk: Desk, session: Session, id: ConsultationId) -> Review | None:
    """What an item asks for now; None when it is no item of this kind, or settled."""
    require(session, Permission.VIEW)
    with desk.store.reading() as unit:
        found = unit.consultation(id)
        if found is None or found.request is not RequestKind.RESULT or found.status in _OVER:
            return None
        return _review(desk, unit, found)


def settle(
    desk: Desk, session: Session, id: ConsultationId, told: str, shown: tuple[ResultId, ...]
) -> None:
    """Close an item: its results are read. ``told`` says who was told and what was agreed.

    ``shown`` are the results of the review that was looked at.

    Raises:
        Refused: ``result.contact.missing`` when it is EMERGENT or URGENT and nobody was told.
        Conflict: ``result.news`` when another result came in since, ``consultation.held`` while
            somebody else has it, ``consultation.gone``.
    """
    require(session, Permission.TREAT)
    now = desk.clock.now()
    with desk.store.writing(session.user.id, desk.station) as unit:
        found = unit.consultation(id)
        if found is None or found.request is not RequestKind.RESULT or found.status in _OVER:
            raise Conflict("consultation.gone")
        seen = _review(desk, unit, found)
        if {one.result.id for one in seen.asked} != set(shown):
            raise Conflict("result.news")
        if seen.needs_contact and not told.strip():
            raise Refused("result.contact.missing")
        claim = unit.claim(id, session.user.id, desk.station, now, now + LEASE)
        if claim is None:
            raise Conflict("consultation.held")
        if told.strip():
            who = found.patient.display_name
            unit.add_contact(id, ContactTry(session.user.id, now, who, "yes", told.strip()))
        if found.status is not Status.IN_REVIEW:
            unit.set_status(id, claim.token, Status.IN_REVIEW, None)
        unit.set_status(id, claim.token, Status.CLOSED, None)
        unit.board.set_read(unit.board.unread_of(found.patient.id))
        unit.audit("result.settled", id, {"results": [one.result.id for one in seen.asked]})
        board.refresh(desk.catalogue, unit, found.patient.id)


def owed_a_call(desk: Desk, unit: ReadUnit, found: Consultation) -> tuple[ResultId, ...]:
    """Unread results that ask for a call, though nobody tried to call since they are here."""
    unread = pressing.unread(desk, unit, found.patient.id)
    return tuple(
        one.result.id
        for one in unread
        if (one.level or TriageLevel.ROUTINE) >= TriageLevel.URGENT
        and not any(tried.at >= one.result.recorded_at for tried in found.contacts)
    )


def go_on_with(desk: Desk, unit: WriteUnit, patient: PatientId, owed: tuple[ResultId, ...]) -> None:
    """What still asks for a call when a consultation ends is an item of its own from then on.

    ``owed`` were read with what was signed; that the patient was told is not on record.
    """
    for id in owed:
        unit.board.set_unread(patient, id)
    if unit.board.unread_of(patient):
        _follow(desk, unit, patient)
        board.refresh(desk.catalogue, unit, patient)


_OVER = frozenset({Status.CLOSED, Status.WITHDRAWN})


def _unit_fits(desk: Desk, result: LabResult) -> bool:
    """Whether a number is in the unit of its test, or in one that is converted to it."""
    test = desk.catalogue.tests.get(result.test)
    if test is None or isinstance(result.value, str):
        return test is not None
    return test.unit is None or own_value(test, result, desk.catalogue.thresholds) is not None


def _ours(
    result: LabResult,
    here: tuple[LabResult, ...],
    corrections: frozenset[ResultId],
    collected: date,
) -> LabResult | None:
    """The result as an entry of its own; None when the same one stands already."""
    alike = [r for r in here if r.test == result.test and r.collected == collected]
    same = (result.value, result.unit, result.upper_limit, result.fasting)
    if any((r.value, r.unit, r.upper_limit, r.fasting) == same for r in alike):
        return None
    one = replace(result, collected=collected)
    replaced = [r for r in alike if r.laboratory == result.laboratory]
    if result.id in corrections and replaced:
        one = replace(one, corrects=replaced[-1].id)
    return one


# -- what follows --------------------------------------------------------------------------------


def _follow(desk: Desk, unit: WriteUnit, patient: PatientId) -> ConsultationId | None:
    """Raise what the patient has open, or make an item; the id of the one concerned."""
    newest = unit.board.newest(patient)
    if newest is None:
        return None
    asked = pressing.unread(desk, unit, patient)
    urgent = [one for one in asked if one.level is not None]
    open_ones = unit.board.open_of(patient)
    concerned: ConsultationId | None = None
    call = bool(urgent) and (urgent[0].level or TriageLevel.ROUTINE) >= TriageLevel.URGENT
    for one in open_ones:
        back = one.status is Status.WAITING_FOR_WORK_UP and (
            urgent or _work_up_done(desk, unit, patient)
        )
        # What asks for a call waits for no day and for no photo.
        back = back or (call and one.status in OUT_OF_SIGHT)
        if back and not one.is_held:
            unit.set_status(one.id, 0, Status.READY, None)
            outlook.start_anew(desk, unit, one.id)
            unit.audit("consultation.returned", one.id, {"by": "result"})
        outlook.renew(desk, unit, one.id)
        concerned = concerned or one.id
    if concerned is not None or not urgent:
        return concerned
    last = unit.consultation(newest)
    if last is None:
        return None
    item = _item(desk, last, urgent)
    level = urgent[0].level or TriageLevel.ROUTINE
    unit.add_patient_and_consultation(
        item, Appraised(int(level), (), item.submitted_at, "", "info", "", "")
    )
    known = (one.result.recorded_at for one in urgent if one.level == level)
    unit.start_clock(item.id, min(known))  # its target runs since the result was here
    outlook.renew(desk, unit, item.id)  # with the supplies and results of its patient
    unit.audit("result.item", item.id, {"results": [one.result.id for one in urgent]})
    return item.id


def _work_up_done(desk: Desk, unit: ReadUnit, patient: PatientId) -> bool:
    """Whether every test that the work-up ordered for now has its result."""
    signed = unit.board.plan_of(patient)
    if signed is None:
        return False
    rows = board_of(
        signed.plan,
        unit.board.results_of(patient),
        (),
        desk.catalogue.tests,
        desk.catalogue.thresholds,
        1,
    )
    return all(row.role not in ("baseline", "T1") for row in rows if row.kind == DRAW)


def _item(desk: Desk, last: Consultation, urgent: list[Asked]) -> Consultation:
    now = desk.clock.now()
    marks = "\n".join(sorted(one.result.id for one in urgent))
    specs = desk.catalogue.facts
    return Consultation(
        id=ConsultationId(new_id()),
        patient=last.patient,
        visit=last.visit,
        previous=last.id,
        request=RequestKind.RESULT,
        source=Delivery(ITEMS, hashlib.sha256(marks.encode()).hexdigest(), "", "result"),
        submitted_at=now,
        received_at=now,
        answers=(),
        facts=tuple(fact for fact in last.facts if _carried(fact, specs)),
        photos=(),
        results=(),
        dispensed=(),
        prior_courses=last.prior_courses,
        own_words="",
        status=Status.READY,
        returns_on=None,
        claim=None,
        contacts=(),
        revision=0,
        content_edition=None,
    )


def _carried(fact: Fact, specs: Mapping[str, FactSpec]) -> bool:
    spec = specs.get(fact.name)
    return spec is not None and spec.freshness in CARRIED


def _review(desk: Desk, unit: ReadUnit, found: Consultation) -> Review:
    today = desk.clock.today()
    asked = pressing.of_item(desk, unit, found)
    level = max((one.level for one in asked if one.level is not None), default=TriageLevel.ROUTINE)
    offers = any(one.offers_void for one in asked)
    return Review(
        consultation=found,
        level=level,
        asked=asked,
        void=void_offer(desk, unit, found, today) if offers else None,
        needs_contact=level >= TriageLevel.URGENT and not found.called,
        clinic=unit.clinic(),
    )
