"""One appointment, one span of days: rows, order and chosen days of the plan say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests import document_cases as cases
from workstation.domain.documents import Document, Table
from workstation.domain.draft import DecisionKind, PlanEdit
from workstation.domain.plan_edits import edited
from workstation.domain.rems import Category
from workstation.workflow.compose import compose
from workstation.workflow.subject import Subject
from workstation.workflow.written import plain


def made(category: Category = Category.CAN, *edits: PlanEdit) -> Document:
    subject: Subject = cases.subject(category=category)
    plan = subject.appraisal.plan
    assert plan is not None
    appraisal = replace(subject.appraisal, plan=edited(plan, edits))
    return compose(replace(subject, appraisal=appraisal))[1]


def table(document: Document, first: str) -> list[list[str]]:
    found = next(b for b in document.blocks if isinstance(b, Table) and b.header[0] == first)
    return [[plain(cell) for cell in row] for row in found.rows]


def rows(document: Document) -> list[list[str]]:
    return table(document, "Draw between")


def order(document: Document) -> dict[str, str]:
    return {row[0]: row[4] for row in table(document, "Test")}


@pytest.mark.parametrize("category", list(Category))
def test_the_order_names_days_that_a_row_names(category: Category) -> None:
    document = made(category)
    spoken = [row[0] for row in rows(document)]
    ordered = [days for days in order(document).values() if days[:1].isdigit()]
    assert ordered
    for days in ordered:
        assert any(row == days or row.startswith(f"{days} (") for row in spoken), days


def test_a_chosen_day_stands_in_the_row_and_in_the_order() -> None:
    chosen = date(2026, 12, 19)
    document = made(
        Category.CAN,
        PlanEdit("lipid_panel", "during", 0, chosen),
        PlanEdit("alt", "during", 0, chosen),
    )
    assert order(document)["Lipid panel"] == "19-Dec-2026"
    assert order(document)["ALT"] == "19-Dec-2026"
    row = next(row for row in rows(document) if row[0] == "19-Dec-2026")
    # The pregnancy test may be drawn that day too: one appointment, as before.
    assert row.count("[ ]") >= 3


def test_two_chosen_days_part_one_appointment_into_two_rows() -> None:
    document = made(
        Category.CANNOT,
        PlanEdit("lipid_panel", "during", 0, date(2026, 12, 18)),
        PlanEdit("alt", "during", 0, date(2026, 12, 20)),
    )
    spoken = [row[0] for row in rows(document)]
    assert "18-Dec-2026" in spoken and "20-Dec-2026" in spoken
    assert order(document)["Lipid panel"] == "18-Dec-2026"
    assert order(document)["ALT"] == "20-Dec-2026"


def test_a_work_up_orders_the_days_of_its_rows() -> None:
    document = compose(cases.subject(DecisionKind.START_WORK_UP))[0]
    spoken = {row[0].split(" (")[0] for row in rows(document)}
    for days in order(document).values():
        assert not days[:1].isdigit() or days in spoken
