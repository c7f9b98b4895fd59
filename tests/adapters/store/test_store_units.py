"""The contract of read and write units, the same on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from store_world import (
    CLINIC,
    NOW,
    FixedClock,
    add,
    annotation,
    appraised,
    consultation,
    lab,
    make_user,
    outcome,
    patient,
    signed,
    supply,
    take,
)

from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.audit import first_break
from workstation.domain.consultation import ContactTry, Delivery, RequestKind, Status
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import Draft, History, ItemKind, Key
from workstation.domain.errors import Conflict
from workstation.domain.facts import Fact, Origin
from workstation.domain.ids import ConsultationId, DocumentId, PatientId, UserId
from workstation.domain.supply_taken import counted
from workstation.workflow.ports import QueueFilter

DOCTOR, SECOND = UserId("user-doctor"), UserId("user-second")
ALL = QueueFilter(scope="all")


def _page(store: SqlStore, wanted: QueueFilter = ALL, user: UserId = DOCTOR):
    with store.reading() as unit:
        return unit.queue(wanted, user, NOW)


def _code(action) -> str:
    with pytest.raises(Conflict) as caught:
        action()
    return caught.value.code


def test_a_consultation_comes_back_exactly(store: SqlStore) -> None:
    sent = consultation(results=(lab(1), lab(2, "negative")), dispensed=(supply(date(2026, 9, 1)),))
    add(store, sent)
    with store.reading() as unit:
        found = unit.consultation(sent.id)
        assert found is not None and found.level_shown is not None
        assert replace(found, level_shown=None) == sent  # beside what its row says
        assert unit.by_source("portal", "ext-1") == sent.id
        assert unit.by_source("portal", "ext-2") is None
        assert unit.consultation(ConsultationId("nobody")) is None
    fact = sent.facts[0]
    assert fact.value is False  # a flag did not become a number


def test_receiving_twice_is_refused_and_leaves_nothing(store: SqlStore) -> None:
    add(store, consultation())
    again = consultation(2, source=Delivery("portal", "ext-1", "e" * 64, "package"))
    assert _code(lambda: add(store, again)) == "consultation.received.already"
    assert len(_page(store)) == 1


def test_a_write_unit_rolls_back_on_any_exception(store: SqlStore) -> None:
    with pytest.raises(KeyError), store.writing("system", "s") as unit:
        unit.add_patient_and_consultation(consultation(), appraised())
        unit.audit("x.y", "z", {})
        raise KeyError
    with store.reading() as unit:
        assert unit.by_source("portal", "ext-1") is None
        assert unit.audit_head() is None


def test_queue_order_is_level_then_deadline_then_age(store: SqlStore) -> None:
    add(store, consultation(1, submitted_at=NOW - timedelta(days=9)), appraised(0, NOW))
    add(store, consultation(2), appraised(3, NOW + timedelta(days=3)))
    add(store, consultation(3), appraised(1, NOW + timedelta(hours=2)))
    add(store, consultation(4), appraised(1, NOW + timedelta(hours=1)))
    add(
        store,
        consultation(5, submitted_at=NOW - timedelta(days=1)),
        appraised(1, NOW + timedelta(hours=2)),
    )
    assert [row.id[-1] for row in _page(store)] == ["2", "4", "5", "3", "1"]


def test_queue_row_shows_what_was_stored(store: SqlStore) -> None:
    add(store, consultation())
    row = _page(store)[0]
    assert (row.family, row.given, row.born, row.sex) == (
        "March",
        "Elena",
        date(2001, 2, 3),
        "female",
    )
    assert (row.flag_codes, row.photo_count, row.views_missing) == (
        ("T-NODULES",),
        2,
        ("right45", "chin_up", "hairline", "chest", "upper_back", "shoulders"),
    )
    assert row.deadline == NOW + timedelta(hours=20)
    assert (row.claimed_by, row.claimed_initials, row.similar_name) == (None, "", "")
    with store.writing("system", "s") as unit:
        unit.set_appraised(row.id, replace(appraised(2), stands_out="pregnancy test positive"))
    assert (_page(store)[0].level, _page(store)[0].stands_out) == (2, "pregnancy test positive")


def test_scopes_follow_the_claims(store: SqlStore) -> None:
    for n in (1, 2, 3):
        add(store, consultation(n))
    take(store, ConsultationId("consultation-1"))
    take(store, ConsultationId("consultation-2"), SECOND)
    mine = {row.id[-1] for row in _page(store, QueueFilter(scope="mine"))}
    others = {row.id[-1] for row in _page(store, QueueFilter(scope="others"))}
    assert (mine, others) == ({"1", "3"}, {"2"})
    row = next(row for row in _page(store) if row.id.endswith("2"))
    assert (row.claimed_by, row.claimed_initials) == (SECOND, "SE")
    with store.reading() as unit:
        counts = unit.queue_counts(DOCTOR, NOW)
        late = unit.queue(QueueFilter(scope="mine"), DOCTOR, NOW + timedelta(hours=1))
    assert (counts["scope:mine"], counts["scope:others"], counts["scope:all"]) == (2, 1, 3)
    assert (counts["status:in_review"], counts["status:ready"], counts["level:0"]) == (2, 1, 3)
    assert len(late) == 3  # the second's claim is over
    assert all(r.claimed_by is None for r in late)


def test_filters_narrow_and_text_is_literal(store: SqlStore) -> None:
    add(store, consultation(1, patient(1, "Müller", "Ännchen")), appraised(2))
    add(store, consultation(2, patient(2, "Nguyen", "Bao"), request=RequestKind.MELASMA))
    add(store, consultation(3, patient(3, "100%", "Per_cent")))

    def found(**wanted: object) -> set[str]:
        return {row.id[-1] for row in _page(store, QueueFilter(scope="all", **wanted))}

    assert found(text="MULLER ann") == {"1"}
    assert found(text="%") == {"3"}
    assert found(text="per_") == {"3"}
    assert found(text="000000002") == {"2"}
    assert found(levels=frozenset({2})) == {"1"}
    assert found(requests=frozenset({RequestKind.MELASMA})) == {"2"}
    assert found(statuses=frozenset({Status.DEFERRED})) == set()


def test_similar_names_are_shown_of_other_patients_only(store: SqlStore) -> None:
    add(store, consultation(1, patient(1, "March", "Elena")))
    add(store, consultation(2, patient(2, "Marsh", "Helena")))
    add(store, consultation(3, patient(3, "Okafor", "Ada")))
    again = patient(3, "Okafor", "Ada")
    add(store, consultation(4, again))
    shown = {row.id[-1]: row.similar_name for row in _page(store)}
    assert shown == {"1": "MARSH, Helena", "2": "MARCH, Elena", "3": "", "4": ""}


def test_claims_by_eight_threads_never_double(store: SqlStore) -> None:
    ids = [add(store, consultation(n)) for n in range(40)]
    won: list[tuple[str, str]] = []
    faults: list[Exception] = []

    def work(name: str) -> None:
        try:
            for id in ids:
                with store.writing(name, name) as unit:
                    claim = unit.claim(id, UserId(name), name, NOW, NOW + timedelta(minutes=5))
                if claim is not None:
                    won.append((id, name))
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(id for id, _ in won) == sorted(ids)


def test_the_token_changes_hands_with_the_claim(store: SqlStore) -> None:
    id = add(store, consultation())
    with store.writing(DOCTOR, "a") as unit:
        first = unit.claim(id, DOCTOR, "a", NOW, NOW + timedelta(minutes=5))
        same = unit.claim(id, DOCTOR, "a", NOW + timedelta(minutes=1), NOW + timedelta(minutes=9))
        assert first is not None and same is not None
        assert (same.token, same.taken_at, same.until) == (
            first.token,
            first.taken_at,
            NOW + timedelta(minutes=9),
        )
        assert unit.claim(id, SECOND, "b", NOW, NOW + timedelta(minutes=5)) is None
        elsewhere = unit.claim(id, DOCTOR, "b", NOW, NOW + timedelta(minutes=5))
        assert elsewhere is not None and elsewhere.token > first.token
        assert unit.renew(id, first.token, NOW) is False
        assert unit.renew(id, elsewhere.token, NOW + timedelta(minutes=6)) is True
        taken = unit.claim(id, SECOND, "c", NOW + timedelta(minutes=6), NOW + timedelta(minutes=9))
        assert taken is not None and taken.token > elsewhere.token
        unit.release(id, elsewhere.token)
        assert unit.consultation(id).claim == taken
        unit.release(id, taken.token)
        assert unit.consultation(id).claim is None
        assert unit.renew(id, taken.token, NOW) is False


def test_edits_need_token_and_revision(store: SqlStore) -> None:
    id = add(store, consultation())
    token = take(store, id)
    edit = Draft.empty(id).put(
        "annotation.add", [(Key.of(ItemKind.ANNOTATION, "a1"), annotation(1))], DOCTOR, NOW
    )
    with store.writing(DOCTOR, "s") as unit:
        assert _code(lambda: unit.append_edit(id, token + 1, 0, edit)) == "consultation.claim.lost"
        assert _code(lambda: unit.append_edit(id, token, 1, edit)) == "consultation.revision.stale"
        assert unit.append_edit(id, token, 0, edit) == 1
        assert _code(lambda: unit.append_edit(id, token, 1, edit)) == "draft.edit.stale"
        assert unit.move_cursor(id, token, 1, 1) == 1  # nothing to redo
        assert unit.move_cursor(id, token, 1, -1) == 2
        assert unit.history(id) == History(Draft.empty(id), (), (edit,))
        assert _code(lambda: unit.move_cursor(id, token, 1, 1)) == "consultation.revision.stale"
        assert unit.move_cursor(id, token, 2, 1) == 3
        assert unit.consultation(id).revision == 3
    with store.reading() as unit:
        assert unit.history(id) == History.of(Draft.empty(id)).do(edit)
        assert unit.history(ConsultationId("nobody")).draft.items == {}


def test_an_edit_of_many_annotations_is_one_step(store: SqlStore) -> None:
    id = add(store, consultation())
    token = take(store, id)
    many = [(Key.of(ItemKind.ANNOTATION, f"a{n}"), annotation(n)) for n in range(500)]
    edit = Draft.empty(id).put("annotation.add", many, DOCTOR, NOW)
    with store.writing(DOCTOR, "s") as unit:
        unit.append_edit(id, token, 0, edit)
    added = History.of(Draft.empty(id)).do(edit)
    gone = added.draft.put("annotation.remove", [(key, None) for key, _ in many], DOCTOR, NOW)
    with store.writing(DOCTOR, "s") as unit:
        unit.append_edit(id, token, 1, gone)
        unit.move_cursor(id, token, 2, -1)
    expected = added.do(gone).undo()
    with store.reading() as unit:
        found = unit.history(id)
    assert found == expected
    assert list(found.draft.items) == list(expected.draft.items)


def test_status_moves_are_checked(store: SqlStore) -> None:
    id = add(store, consultation())
    with store.writing("system", "s") as unit:
        assert (
            _code(lambda: unit.set_status(id, 0, Status.CLOSED, None)) == "consultation.status.move"
        )
        assert (
            _code(lambda: unit.set_status(id, 7, Status.DEFERRED, None))
            == "consultation.claim.lost"
        )
        unit.set_status(id, 0, Status.DEFERRED, date(2026, 12, 1))
    row = _page(store)[0]
    assert (row.status, row.returns_on) == (Status.DEFERRED, date(2026, 12, 1))
    token = take(store, id)
    with store.writing(DOCTOR, "s") as unit:
        assert (
            _code(lambda: unit.set_status(id, 0, Status.READY, None)) == "consultation.claim.lost"
        )
        unit.set_status(id, token, Status.WITHDRAWN, None)
        assert unit.consultation(id).claim is None
        assert unit.claim(id, DOCTOR, "s", NOW, NOW + timedelta(minutes=1)) is None
    assert _page(store) == ()
    assert len(_page(store, QueueFilter(scope="all", statuses=frozenset({Status.WITHDRAWN})))) == 1


PRESCRIBED = (DocumentKind.PRESCRIPTION, DocumentKind.MONITORING_PLAN, DocumentKind.RECORD)


def _sign(store: SqlStore, id: ConsultationId, token: int, result=None, kinds=PRESCRIBED, at=NOW):
    with store.writing(DOCTOR, "s") as unit:
        revision = unit.consultation(id).revision
        documents = [
            signed(id, kind, unit.reserve_number(id, kind.value, 2026), at) for kind in kinds
        ]
        unit.finish(id, token, revision, documents, result or outcome())
    return documents


def test_the_median_of_today_is_from_the_last_claim_to_the_signature(
    store: SqlStore, clock: FixedClock
) -> None:
    clock.at = NOW - timedelta(hours=3)
    for number, minutes in enumerate((3, 4, 11), start=1):
        id = add(store, consultation(number, patient(number)))
        for looked_at in (20, minutes):  # looked at earlier: the last claim counts
            token = take(store, id, now=clock.at)
            with store.writing(DOCTOR, "s") as unit:
                unit.audit("consultation.claimed", id, {})
            clock.later(minutes=looked_at)
        _sign(store, id, token, at=clock.at)
    with store.reading() as unit:
        assert unit.queue_counts(DOCTOR, NOW)["median_seconds"] == 4 * 60
        assert unit.queue_counts(SECOND, NOW)["median_seconds"] == 0
        assert unit.queue_counts(DOCTOR, NOW + timedelta(days=1))["median_seconds"] == 0


def test_finish_stores_everything_and_closes(store: SqlStore) -> None:
    id = add(store, consultation())
    token = take(store, id)
    documents = _sign(store, id, token, outcome(dispensed=supply(date(2026, 11, 22))))
    with store.reading() as unit:
        found = unit.consultation(id)
        assert (found.status, found.claim, found.content_edition) == (
            Status.CLOSED,
            None,
            "2026.11",
        )
        assert found.dispensed == ()  # its own supply is no earlier one
        assert list(unit.documents(id)) == documents
        assert [d.number for d in documents] == ["RX-2026-0001", "MP-2026-0001", "CR-2026-0001"]
        assert unit.document_by_digest(documents[1].pdf_digest) == documents[1]
        assert unit.document_by_digest("0" * 64) is None
        counts = unit.queue_counts(DOCTOR, NOW)
        assert (counts["signed_today"], counts["scope:all"]) == (1, 0)
        assert unit.queue_counts(DOCTOR, NOW + timedelta(days=1))["signed_today"] == 0
        assert unit.queue_counts(SECOND, NOW)["signed_today"] == 0
    with store.writing(DOCTOR, "s") as unit:
        edit = Draft.empty(id).put("note", [], DOCTOR, NOW)
        assert _code(lambda: unit.append_edit(id, token, 1, edit)) == "consultation.claim.lost"
        assert unit.claim(id, DOCTOR, "s", NOW, NOW + timedelta(minutes=1)) is None


def test_signing_twice_is_impossible(store: SqlStore) -> None:
    id = add(store, consultation())
    token = take(store, id)
    _sign(store, id, token)
    again = signed(id, DocumentKind.PRESCRIPTION, "RX-2026-9999")
    with store.writing(DOCTOR, "s") as unit:
        assert (
            _code(lambda: unit.finish(id, token, 1, [again], outcome()))
            == "consultation.signed.already"
        )


def test_finish_refuses_what_does_not_belong(store: SqlStore) -> None:
    id, other = add(store, consultation()), add(store, consultation(2))
    token = take(store, id)
    mine = signed(id, DocumentKind.PRESCRIPTION, "RX-2026-0001")
    foreign = signed(other, DocumentKind.RECORD, "CR-2026-0001")
    twin = signed(id, DocumentKind.PRESCRIPTION, "RX-2026-0002")
    with store.writing(DOCTOR, "s") as unit:
        for documents, code in (
            ([mine, foreign], "consultation.documents.foreign"),
            ([mine, twin], "consultation.documents.foreign"),
            ([], "consultation.documents.none"),
        ):
            assert _code(lambda d=documents: unit.finish(id, token, 0, d, outcome())) == code
        assert (
            _code(lambda: unit.finish(id, token, 5, [mine], outcome()))
            == "consultation.revision.stale"
        )
        moved = outcome(Status.IN_REVIEW)
        assert _code(lambda: unit.finish(id, token, 0, [mine], moved)) == "consultation.status.move"


def test_fifty_threads_sign_once(store: SqlStore) -> None:
    id = add(store, consultation())
    token = take(store, id)
    start = threading.Barrier(50)
    codes: list[str] = []

    def work(n: int) -> None:
        document = signed(id, DocumentKind.PRESCRIPTION, f"RX-2026-{n:04d}")
        start.wait()
        try:
            with store.writing(DOCTOR, "s") as unit:
                unit.finish(id, token, 0, [document], outcome())
            codes.append("signed")
        except Conflict as error:
            codes.append(error.code)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes.count("signed") == 1
    assert codes.count("consultation.signed.already") == 49
    with store.reading() as unit:
        assert len(unit.documents(id)) == 1


def test_a_work_up_is_signed_before_its_prescription(store: SqlStore) -> None:
    id = add(store, consultation())
    plan = _sign(
        store,
        id,
        take(store, id),
        outcome(Status.WAITING_FOR_WORK_UP),
        (DocumentKind.MONITORING_PLAN,),
    )
    row = _page(store)[0]
    assert (row.status, row.returns_on) == (Status.WAITING_FOR_WORK_UP, date(2026, 12, 24))
    later = _sign(store, id, take(store, id))
    with store.reading() as unit:
        assert list(unit.documents(id)) == [*plan, *later]
        assert unit.consultation(id).status is Status.CLOSED
    assert [d.number for d in later] == ["RX-2026-0001", "MP-2026-0002", "CR-2026-0001"]


def test_numbers_are_reserved_once_and_run_up(store: SqlStore) -> None:
    ids = [add(store, consultation(n)) for n in (1, 2)]
    with store.writing(DOCTOR, "s") as unit:
        numbers = [unit.reserve_number(id, "prescription", 2026) for id in (*ids, *ids)]
        assert unit.reserve_number(ids[0], "record", 2027) == "CR-2027-0001"
        assert unit.reserve_number(ids[0], "record", 2028) == "CR-2027-0001"
        assert (
            _code(lambda: unit.reserve_number(ConsultationId("x"), "record", 2027))
            == "consultation.gone"
        )
    assert numbers == ["RX-2026-0001", "RX-2026-0002", "RX-2026-0001", "RX-2026-0002"]


def test_past_visits_results_and_supplies_come_along(store: SqlStore) -> None:
    who = patient(1)
    months = [NOW - timedelta(days=60), NOW - timedelta(days=30), NOW]
    visits = []
    for n, at in enumerate(months, 1):
        reported = (supply(months[0].date() + timedelta(days=2), "35"),) if n == 3 else ()
        visits.append(
            consultation(n, who, visit=n, submitted_at=at, results=(lab(n),), dispensed=reported)
        )
    for n, at in ((0, months[0]), (1, months[1])):
        id = add(store, visits[n])
        _sign(store, id, take(store, id), outcome(dispensed=supply(at.date())), at=at)
    add(store, visits[2])
    with store.reading() as unit:
        now = unit.consultation(visits[2].id)
        past = unit.past_visits(who.id, visits[2].submitted_at)
        first = unit.consultation(visits[0].id)
        assert unit.past_visits(who.id, months[0]) == ()
        assert unit.past_visits(PatientId("other"), NOW) == ()
    assert [r.id for r in now.results] == ["result-1", "result-2", "result-3"]
    # The first planned supply was reported as picked up two days later: once, as really taken.
    assert [(d.on, d.daily) for d in now.dispensed] == [
        (months[0].date() + timedelta(days=2), Decimal("35")),
        (months[1].date(), Decimal("40")),
    ]
    assert first.dispensed == ()
    assert [(p.visit, p.grade, p.daily, p.weight) for p in past] == [
        (1, "severe", Decimal("40"), Decimal("61.50")),
        (2, "severe", Decimal("40"), Decimal("61.50")),
    ]
    assert past[0].counts == (("comedones", 10), ("total", 30))
    assert past[0].on == months[0].date()
    assert len(past[0].documents) == 3


def test_what_each_visit_said_of_its_supply_comes_with_the_visit(store: SqlStore) -> None:
    """From the package and, over it, from what was recorded at the desk."""
    who = patient(1)
    months = [NOW - timedelta(days=60), NOW - timedelta(days=30), NOW]
    days = [at.date() for at in months]
    said = (
        Fact("follow_up.days_missed", 2, Origin.INTAKE, days[1], "intake Q11"),
        Fact("mood.phq2", 0, Origin.INTAKE, days[1], "intake Q30"),
    )
    first = consultation(1, who, visit=1, submitted_at=months[0])
    second = consultation(2, who, visit=2, submitted_at=months[1], facts=said)
    third = consultation(3, who, visit=3, submitted_at=months[2])
    for at, visit in ((months[0], first), (months[1], second)):
        id = add(store, visit)
        token = take(store, id)
        if visit is second:
            recorded = Fact("follow_up.picked_up", True, Origin.CLINICIAN, days[1], "desk")
            key = Key.of(ItemKind.FACT, recorded.name)
            with store.writing(DOCTOR, "s") as unit:
                edit = unit.history(id).draft.put("fact", [(key, recorded)], DOCTOR, at)
                unit.append_edit(id, token, 0, edit)
        given = replace(supply(at.date()), capsules=2)
        _sign(store, id, token, outcome(dispensed=given), at=at)
    add(store, third)
    with store.reading() as unit:
        now = unit.consultation(third.id)
        past = unit.past_visits(who.id, months[2])
    assert [(d.on, d.capsules, d.handed_over) for d in now.dispensed] == [
        (days[0], 2, False),
        (days[1], 2, False),
    ]
    assert past[0].answered == () and not past[0].withdrawn
    assert {(f.name, f.value) for f in past[1].answered} == {
        ("follow_up.days_missed", 2),
        ("follow_up.picked_up", True),
    }
    # The second visit spoke of the first supply: 28 of its 30 days were taken.
    found = counted(now.dispensed, past, ())
    assert [one.without for one in found] == [2, 0]


def test_results_are_corrected_by_newer_entries(store: SqlStore) -> None:
    id = add(store, consultation(results=(lab(1),)))
    who = PatientId("patient-1")
    with store.writing(DOCTOR, "s") as unit:
        unit.add_result(who, lab(2, Decimal("310"), corrects="result-1"))
        assert _code(lambda: unit.add_result(who, lab(2))) == "result.known"
        assert (
            _code(lambda: unit.add_result(who, lab(3, corrects="result-9")))
            == "result.corrects.unknown"
        )
        assert [r.id for r in unit.consultation(id).results] == ["result-1", "result-2"]
        tried = ContactTry(DOCTOR, NOW, "patient", "voicemail", "try again at 17:00")
        unit.add_contact(id, tried)
        assert unit.consultation(id).contacts == (tried,)


def test_accounts_clinic_and_pin(store: SqlStore) -> None:
    with store.writing("system", "s") as unit:
        doctor = unit.user_by_login(" Doctor ")
        assert doctor == make_user("doctor") == unit.user(DOCTOR)
        assert unit.user_by_login("nobody") is None
        assert (
            _code(lambda: unit.add_user(replace(doctor, id=UserId("x"), login="DOCTOR")))
            == "session.login.taken"
        )
        unit.set_user(replace(doctor, active=False))
        assert unit.user(DOCTOR).active is False
        assert unit.clinic() == CLINIC
        unit.set_clinic(replace(CLINIC, city="Boulder"))
        assert unit.clinic().city == "Boulder"
        assert unit.pin_state(DOCTOR) == ("", 0, None)
        unit.set_pin_tries(DOCTOR, 5, NOW)
        assert unit.pin_state(DOCTOR) == ("", 5, NOW)
        unit.set_pin(DOCTOR, "v1$x")
        assert unit.pin_state(DOCTOR) == ("v1$x", 0, None)
        assert _code(lambda: unit.set_pin(UserId("nobody"), "v")) == "session.user.unknown"


def test_the_audit_trail_is_chained_in_order_of_commits(store: SqlStore, clock: FixedClock) -> None:
    def work(name: str) -> None:
        for n in range(10):
            with store.writing(name, "station-2") as unit:
                unit.audit("draft.edited", name, {"n": n, "at": NOW, "dose": Decimal("40.0")})

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as unit:
        entries = unit.audit_entries()
        assert len(entries) == 60
        assert first_break(entries) is None
        assert unit.audit_head() == entries[-1]
        assert unit.audit_entries(after=50, limit=4) == entries[50:54]
    assert entries[0].detail.endswith('"dose":"40.0","n":0}')
    assert store.audit_faults() == ()


@pytest.mark.parametrize(
    "table", ["audit", "edit", "document", "result", "contact", "supply", "consultation_content"]
)
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_growing_tables_refuse_change(store: SqlStore, table: str, act: str) -> None:
    from workstation.adapters.store.engine import transaction
    from workstation.adapters.store.schema import metadata

    id = add(
        store,
        consultation(
            results=(lab(),),
            dispensed=(supply(date(2026, 9, 1)),),
            contacts=(ContactTry(DOCTOR, NOW, "patient", "yes", "well"),),
        ),
    )
    token = take(store, id)
    with store.writing(DOCTOR, "s") as unit:
        unit.audit("a.b", "c", {})
        note = Draft.empty(id).put(
            "annotation.add", [(Key.of(ItemKind.ANNOTATION, "a1"), annotation(1))], DOCTOR, NOW
        )
        unit.append_edit(id, token, 0, note)
    _sign(store, id, token)
    column = next(iter(metadata.tables[table].columns)).name

    def change() -> None:
        with transaction(store._engine, write=True) as connection:
            connection.exec_driver_sql(act.format(table, column))

    assert _code(change) == "store.append_only"


def test_read_units_see_one_snapshot(store: SqlStore) -> None:
    add(store, consultation(1))
    with store.reading() as unit:
        assert len(unit.queue(ALL, DOCTOR, NOW)) == 1
        add(store, consultation(2))
        assert len(unit.queue(ALL, DOCTOR, NOW)) == 1
    assert len(_page(store)) == 2
    assert DocumentId("x")  # ids are text


def test_what_a_statement_that_fails_says_never_quotes_a_row(store: SqlStore) -> None:
    """Its text reaches fault reports and terminals of libraries that print it."""
    with store._engine.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(text("INSERT INTO nowhere VALUES (:family)"), {"family": "Quillfeather"})
    assert "nowhere" in str(failed.value)
    assert "Quillfeather" not in f"{failed.value} {failed.value!r}"
