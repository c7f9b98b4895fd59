"""A Labs board in memory: made-up people in every state, and a page that shows it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from tests.inline_jobs import InlineJobs
from tests.ui.treat_world import CLINIC, ME, NOW, SetClock, content
from workstation.domain.board import Reading
from workstation.domain.facts import Origin
from workstation.domain.ids import ConsultationId, PatientId, ResultId
from workstation.domain.results import LabResult, TestSetting
from workstation.presenters.jobs import Jobs
from workstation.presenters.labs import LabsPresenter
from workstation.workflow.desk import Desk, Session
from workstation.workflow.ports.board import DueFilter, DueRow, OpenOne

TODAY = date(2026, 11, 23)
ORDER = ("read", "overdue", "open", "due", "later")


def result(n: int, test: str, value: str, days_ago: int, limit: str | None = "40") -> LabResult:
    """A result of so many days ago."""
    words = test.startswith("hcg")
    unit = None if words else content().tests[test].unit
    return LabResult(
        ResultId(f"r{n}"), test, value if words else Decimal(value), unit,
        None if words or limit is None else Decimal(limit), TODAY - timedelta(days=days_ago),
        TestSetting.MEDICAL, True, None, None, "Harbor Lab", Origin.LABORATORY, None,
        NOW - timedelta(days=days_ago), None,
    )  # fmt: skip


def reading(one: LabResult, action: str) -> Reading:
    """A result as a row keeps it."""
    return Reading(one.test, one.collected, one.value, one.unit, one.upper_limit, action)


ALT = (result(1, "alt", "24", 97), result(2, "alt", "31", 67), result(3, "alt", "52", 37))
NEW = result(4, "alt", "96", 3)


def row(n: int, family: str, given: str, state: str, tests: tuple[str, ...], **more: Any) -> DueRow:
    """One row; days follow from the state."""
    first = {"read": -3, "overdue": -18, "open": -2, "due": 9, "later": 40}[state]
    made = DueRow(
        patient=PatientId(f"p{n}"), position=0, consultation=ConsultationId(""), family=family,
        given=given, born=date(1990 + n, 4, 30), sex="female" if n % 2 else "male",
        external_id=f"MK-{204000 + n * 37}", state=state,
        lane="pregnancy" if tests[0].startswith("hcg") else "blood", role="during", tests=tests,
        due=TODAY + timedelta(days=first + 4), first=TODAY + timedelta(days=first),
        last=TODAY + timedelta(days=first + 6), result=None, readings=(),
        start=TODAY - timedelta(days=30 * (n % 6)), last_dose=TODAY + timedelta(days=100),
    )  # fmt: skip
    return replace(made, **more)


def rows() -> tuple[DueRow, ...]:
    """Twelve people in all five states."""
    alt = (*(reading(r, "normal") for r in ALT[:2]), reading(ALT[2], "repeat_4w"))
    return (
        row(1, "De Souza", "Caio", "read", ("alt",), result=NEW.id, due=NEW.collected,
            readings=(*alt, reading(NEW, "reduce_repeat_2w"))),
        row(2, "Kowalczyk", "Piotr", "read", ("tg",),
            readings=(reading(result(9, "tg", "121", 60), "normal"),
                      reading(result(10, "tg", "188", 2), "borderline"))),
        row(3, "Diallo", "Awa", "overdue", ("alt", "tg"), readings=alt),
        row(4, "Oyelaran", "Tunde", "overdue", ("alt", "tg"), role="baseline"),
        row(5, "Al-Hashimi", "Noor", "open", ("hcg_urine",), role="monthly",
            readings=(reading(result(11, "hcg_urine", "negative", 31), "negative"),)),
        row(6, "Marsh", "Elena", "open", ("hcg_urine",), role="T2"),
        row(7, "Lindqvist", "Astrid", "open", ("hcg_urine",), role="monthly"),
        row(8, "Silva", "Beatriz", "due", ("alt", "tg"), role="baseline", last_dose=None),
        row(9, "Ramirez", "Lucía", "due", ("hcg_urine",), role="post",
            last_dose=TODAY - timedelta(days=20)),
        row(10, "Featherstonehaugh-Cholmondeley", "Wilhelmina Alexandra", "due", ("lipid_panel", "alt", "ck")),
        row(11, "Tanaka", "Hiro", "later", ("alt", "tg"), readings=alt[:2]),
        row(12, "Mensah", "Abena", "later", ("hcg_urine",), role="monthly"),
    )  # fmt: skip


@dataclass
class Board:
    """What the page reaches of a store."""

    all_rows: tuple[DueRow, ...] = field(default_factory=rows)
    results: tuple[LabResult, ...] = (*ALT, NEW)
    is_demonstration: bool = True
    is_shared: bool = False
    open_ids: tuple[OpenOne, ...] = ()

    @property
    def board(self) -> Board:
        return self

    def reading(self) -> Any:
        from contextlib import nullcontext

        return nullcontext(self)

    def clinic(self) -> Any:
        return CLINIC

    def page(self, wanted: DueFilter, user: Any, today: date) -> tuple[DueRow, ...]:
        return tuple(
            r
            for r in self.all_rows
            if (not wanted.states or r.state in wanted.states)
            and wanted.text.casefold() in f"{r.family} {r.given}".casefold()
        )

    def counts(self, user: Any, today: date) -> dict[str, int]:
        made = {f"state:{s}": sum(r.state == s for r in self.all_rows) for s in ORDER}
        made |= {
            f"group:{g}": sum(r.lane == g for r in self.all_rows) for g in ("pregnancy", "blood")
        }
        return {**made, "group:after": 1, "all": len(self.all_rows), "mine": 9}

    def open_of(self, patient: str) -> tuple[OpenOne, ...]:
        return self.open_ids

    def results_of(self, patient: str) -> tuple[LabResult, ...]:
        return self.results if patient == "p1" else ()

    def plan_of(self, patient: str) -> None:
        return None


def presenter(board: Board | None = None, jobs: Jobs | None = None) -> LabsPresenter:
    """The presenter on that board."""
    desk = Desk(
        store=board or Board(),  # what Labs reaches of a store
        vault=SimpleNamespace(), photos=SimpleNamespace(), reader=SimpleNamespace(),
        renderer=SimpleNamespace(), signer=SimpleNamespace(), keys=SimpleNamespace(),
        outbox=SimpleNamespace(), clock=SetClock(), catalogue=content(), station="test",
    )  # fmt: skip
    return LabsPresenter(desk, Session(ME, None), jobs or InlineJobs())
