"""Medicines prescribed by directions, from ``formulary/directed/*.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.directions import (
    DirectedMedicine,
    DirectedProduct,
    Part,
    Terms,
    Usual,
    faults,
)
from workstation.domain.draft import Directed
from workstation.domain.explain import Source


def read_directed(folder: Path, sources: Mapping[str, Source]) -> Mapping[str, DirectedMedicine]:
    """Every medicine of a folder by id.

    Raises:
        ContentError: ``content.directed.part`` for a part that is listed twice or counts nothing,
            ``content.directed.pack`` for sizes out of order, ``content.directed.usual`` for a usual
            prescription that its own file forbids, or a fault of a file.
    """
    found = {}
    for path in sorted(folder.glob("*.toml")):
        medicine = _medicine(read(path), sources)
        found[medicine.id] = medicine
    return MappingProxyType(found)


def read_terms(path: Path, sources: Mapping[str, Source]) -> Terms:
    """The terms of every prescription that is not under a REMS.

    Raises:
        ContentError: a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    top.text("edition")
    waived = top.table("waived")
    share = waived.decimal("share")
    cited(waived, sources)
    waived.done()
    terms = Terms(top.whole("first_fill_days"), share, cited(top, sources))
    top.done()
    return terms


def _medicine(top: Table, sources: Mapping[str, Source]) -> DirectedMedicine:
    top.whole("schema")
    top.text("edition")
    id = top.text("id")
    products = tuple(_product(t, sources) for t in top.tables("product"))
    usual_tables = top.tables("usual")
    medicine = DirectedMedicine(
        id=id,
        name=top.text("name"),
        verb=top.text("verb"),
        products=products,
        doses=_parts(top, "dose"),
        sites=_parts(top, "site"),
        frequencies=_parts(top, "frequency"),
        durations=_parts(top, "duration"),
        usuals=tuple(_usual(t, id, sources) for t in usual_tables),
        max_supply_days=top.whole("max_supply_days"),
        max_refills=top.whole("max_refills"),
        max_total_days=top.whole("max_total_days"),
        max_daily=top.maybe_decimal("max_daily_mg"),
        advice=top.maybe_text("advice") or "",
        source=cited(top, sources),
    )
    for table, usual in zip(usual_tables, medicine.usuals, strict=True):
        if faults(usual.directed, {id: medicine}):
            raise table.wrong("content.directed.usual", "indication")
    top.done()
    return medicine


def _product(table: Table, sources: Mapping[str, Source]) -> DirectedProduct:
    packs = table.maybe_decimals("packs")
    if list(packs) != sorted(set(packs)) or any(size <= 0 for size in packs):
        raise table.wrong("content.directed.pack", "packs")
    product = DirectedProduct(
        id=table.text("id"),
        name=table.text("name"),
        brand=table.flag("brand"),
        form=table.text("form"),
        route=table.text("route"),
        strengths=table.texts("strengths"),
        unit=table.text("unit"),
        packs=packs,
        components=table.texts("components"),
        counts_as=table.texts("counts_as"),
        properties=table.maybe_texts("properties"),
        source=cited(table, sources),
    )
    table.done()
    return product


def _parts(top: Table, kind: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    for table in top.tables(kind):
        part = Part(
            id=table.text("id"),
            text=table.maybe_text("text") or "",
            units=table.maybe_decimal("units"),
            times=table.maybe_decimal("times"),
            form=table.maybe_text("form") or "",
        )
        counts = tuple(n for n in (part.units, part.times) if n is not None)
        if any(part.id == other.id for other in parts) or any(n <= 0 for n in counts):
            raise table.wrong("content.directed.part", "id")
        parts.append(part)
        table.done()
    return tuple(parts)


def _usual(table: Table, medicine: str, sources: Mapping[str, Source]) -> Usual:
    usual = Usual(
        indication=table.text("indication"),
        directed=Directed(
            medicine=medicine,
            product=table.text("product"),
            strength=table.text("strength"),
            dose=table.text("dose"),
            site=table.text("site"),
            frequency=table.text("frequency"),
            duration=table.text("duration"),
            quantity=table.decimal("quantity"),
            days=table.whole("days"),
            refills=table.whole("refills"),
            substitution_permitted=True,
        ),
        source=cited(table, sources),
    )
    table.done()
    return usual
