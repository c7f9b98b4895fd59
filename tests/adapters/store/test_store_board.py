"""The Labs board in SQL, on both databases: states by day, filters, counts, who is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from store_world import FixedClock, appraised, consultation, patient

from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.board import ALWAYS, DRAW, NEVER, READ, BoardRow, Reading
from workstation.domain.consultation import Delivery
from workstation.domain.dates import DateWindow
from workstation.domain.errors import Conflict
from workstation.domain.facts import Origin
from workstation.domain.ids import ConsultationId, PatientId, ResultId, UserId
from workstation.domain.protocols import MonitoringPlan, PlannedTest
from workstation.domain.results import LabResult
from workstation.workflow.ports.board import DueFilter, SignedPlan

TODAY = date(2026, 11, 22)
ME = UserId("user-doctor")


def row(first: int, last: int, **more: object) -> BoardRow:
    """A draw between so many days from today."""
    window = DateWindow(TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    made = BoardRow(
        DRAW, "blood", "during", ("alt", "tg"), window.last, window, ALWAYS, NEVER, None,
        (Reading("alt", TODAY, Decimal("31.5"), "U/L", Decimal(40), "normal"),), TODAY, None,
    )  # fmt: skip
    return replace(made, **more)


def people(store: SqlStore, *names: str) -> list[PatientId]:
    """A consultation of each person; their patient ids."""
    ids = []
    with store.writing("system", "s") as unit:
        for n, name in enumerate(names, 1):
            made = consultation(n, who=patient(n, family=name))
            unit.add_patient_and_consultation(made, appraised())
            ids.append(made.patient.id)
    return ids


def test_states_follow_the_day_and_rows_show_between_their_days(store: SqlStore) -> None:
    one, two = people(store, "March", "Åkerberg")
    with store.writing("system", "s") as unit:
        unit.board.put(
            one,
            (
                row(-9, -3, shown_to=TODAY + timedelta(days=19)),
                row(20, 26, shown_from=TODAY + timedelta(days=20)),
            ),
        )
        read = row(-2, -2, kind=READ, tests=("hcg_urine",), lane="pregnancy", result=ResultId("r1"))
        unit.board.put(two, (read, row(3, 9, role="post", lane="pregnancy"), row(40, 46)))

    def seen(day: date, **wanted: object) -> list[tuple[str, str]]:
        with store.reading() as unit:
            page = unit.board.page(DueFilter(**wanted), ME, day)
            counts = unit.board.counts(ME, day)
        if not wanted:
            assert counts["all"] == len(page) == sum(counts[k] for k in counts if k[:5] == "state")
        return [(r.family, r.state) for r in page]

    assert seen(TODAY) == [
        ("Åkerberg", "read"), ("March", "overdue"), ("Åkerberg", "due"), ("Åkerberg", "later"),
    ]  # fmt: skip
    assert seen(TODAY + timedelta(days=4))[2] == ("Åkerberg", "open")
    assert ("March", "open") in seen(TODAY + timedelta(days=20))
    assert seen(TODAY, states=frozenset({"overdue"})) == [("March", "overdue")]
    assert seen(TODAY, groups=frozenset({"after"})) == [("Åkerberg", "due")]
    assert seen(TODAY, groups=frozenset({"pregnancy"}), text="akerberg") == [
        ("Åkerberg", "read"), ("Åkerberg", "due"),
    ]  # fmt: skip
    assert seen(TODAY, mine=True) == []
    with store.reading() as unit:
        first = unit.board.page(DueFilter(states=frozenset({"overdue"})), ME, TODAY)[0]
    assert tuple(first.readings) == row(0, 1).readings and first.tests == ("alt", "tg")
    with store.writing("system", "s") as unit:
        unit.board.put(one, ())
    assert ("March", "overdue") not in seen(TODAY)


def test_a_signed_plan_comes_back_exactly_and_only_grows(store: SqlStore) -> None:
    (one,) = people(store, "March")
    window = DateWindow(TODAY, TODAY + timedelta(days=6))
    point = PlannedTest("alt", "during", TODAY, window, "planned", None, "", chosen=True)
    plan = MonitoringPlan("X", "1", TODAY, (point,), "", None, TODAY, window, TODAY)
    signed = SignedPlan(plan, ConsultationId("c1"), ME, FixedClock().now())
    with store.writing("system", "s") as unit:
        known = unit.board.newest(one)
        assert known is not None
        signed = replace(signed, consultation=known)
        unit.board.keep_plan(one, signed)
        unit.board.put(one, (row(0, 6),))
    with store.reading() as unit:
        assert unit.board.plan_of(one) == signed
        assert [r.family for r in unit.board.page(DueFilter(mine=True), ME, TODAY)] == ["March"]
    with pytest.raises(Conflict), store.writing("system", "s") as unit:
        unit._connection.exec_driver_sql("DELETE FROM signed_plan")


def test_people_are_found_by_number_and_birth_date_together(store: SqlStore) -> None:
    (one, _) = people(store, "March", "Marsh")
    with store.reading() as unit:
        found = unit.consultation(unit.board.newest(one))
        assert found is not None
        who = found.patient
        assert unit.board.patients_by_record(who.external_id, who.born) == (one,)
        assert unit.board.patients_by_record(who.external_id, who.born + timedelta(days=1)) == ()
        assert unit.board.patients_by_record("nobody", who.born) == ()


def test_unread_results_and_messages(store: SqlStore) -> None:
    (one,) = people(store, "March")
    new = LabResult(
        ResultId("r9"), "alt", Decimal(50), "U/L", Decimal(40), TODAY, None, None, None, None,
        "Lab", Origin.LABORATORY, None, FixedClock().now(), None, drawn_minute=495,
    )  # fmt: skip
    source = Delivery("hl7:a:b", "C-1", "d" * 64, "hl7-v2")
    with store.writing("system", "s") as unit:
        unit.add_result(one, new)
        unit.board.set_unread(one, new.id)
        unit.board.note_message(source, one, FixedClock().now())
    with store.reading() as unit:
        assert unit.board.unread_of(one) == (new.id,)
        assert unit.board.results_of(one)[-1] == new
        assert unit.board.message("hl7:a:b", "C-1") == ("d" * 64, one)
        assert unit.board.message("hl7:a:b", "C-2") is None
    with store.writing("system", "s") as unit:
        unit.board.set_read([new.id])
        assert unit.board.unread_of(one) == ()
