"""The REMS checklist on the record: what is expected on the site and who confirmed it when."""

from __future__ import annotations

from datetime import date

from workstation.content.documents import Texts
from workstation.domain.documents import Block, Heading, Paragraph, Table
from workstation.domain.rems_checklist import RemsMonth, Row, Value
from workstation.workflow.subject import Subject
from workstation.workflow.written import day, number


def rems_entries(subject: Subject, texts: Texts) -> list[Block]:
    """The entries of the start, of this month and after the course; overdue ones say so.

    Months that were supplied stand on the records of their own visits.
    """
    months = [m for m in subject.appraisal.rems_months if m.number <= 0 or m.supplied_on is None]
    rows = tuple(
        (_month(month, texts), row.rule.title, _value(subject, row, texts), _stands(row, texts))
        for month in months
        for row in month.rows
    )
    if not rows:
        return []
    header = tuple(texts(f"entries.{key}") for key in ("month", "entry", "value", "stands"))
    return [
        Heading(texts("entries.heading")),
        Table(header, rows, (0.16, 0.32, 0.24, 0.28), dense=True),
        Paragraph(texts("entries.note"), "small"),
    ]


def _month(month: RemsMonth, texts: Texts) -> str:
    if month.number == 0:
        return texts("entries.start")
    if month.number < 0:
        return texts("entries.after")
    return texts("entries.number", number=number(month.number))


def _value(subject: Subject, row: Row, texts: Texts) -> str:
    labels = {method.id: method.label for method in subject.catalogue.contraception.methods}

    def word(value: Value) -> str:
        if isinstance(value, tuple):
            return ", ".join(labels.get(one, one) for one in value)
        return (
            day(value) if isinstance(value, date) else texts.either(f"entry_value.{value}", value)
        )

    return ", ".join(word(value) for _, value in row.expected)


def _stands(row: Row, texts: Texts) -> str:
    entry, window = row.entry, row.window
    if row.state == "confirmed" and entry is not None:
        return texts("entries.confirmed", day=day(entry.on), name=entry.name)
    if row.state == "confirmed" and row.proved_on is not None:
        return texts("entries.proved", day=day(row.proved_on))
    if row.state == "again" and entry is not None:
        return texts("entries.again", day=day(entry.on))
    if row.state == "overdue" and window is not None:
        return texts("entries.overdue", day=day(window.last))
    return texts(f"entries.{row.state}")
