"""Medicines from ``formulary/*.toml``: products, ranges, course targets, what to expect."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.dosing import DoseRange, Medicine, Product, ResponseBucket
from workstation.domain.explain import Source
from workstation.domain.units import plain

FORMULATIONS = frozenset({"conventional", "lidose", "micronized"})


def read_formulary(folder: Path, sources: Mapping[str, Source]) -> Mapping[str, Medicine]:
    """Every medicine of a folder by id.

    Raises:
        ContentError: ``content.medicine.*`` for a product without a range, an unknown formulation
            or strengths out of order, or a fault of a file.
    """
    found = {}
    for path in sorted(folder.glob("*.toml")):
        medicine = _medicine(read(path), sources)
        found[medicine.id] = medicine
    return MappingProxyType(found)


def _medicine(top: Table, sources: Mapping[str, Source]) -> Medicine:
    top.whole("schema")
    top.text("edition")
    codes = {}
    for table in top.tables("rxnorm"):
        codes[table.decimal("strength")] = table.text("code")
        cited(table, sources)
        table.done()
    ranges = tuple(_range(t, sources) for t in top.tables("range"))
    equivalents = tuple(_equivalent(t, sources) for t in top.tables("equivalent"))
    converted = {formulation for formulation, _ in equivalents}
    medicine = Medicine(
        id=top.text("id"),
        name=top.text("name"),
        form=top.text("form"),
        route=top.text("route"),
        rems=top.flag("rems"),
        max_supply_days=top.whole("max_supply_days"),
        max_refills=top.whole("max_refills"),
        products=tuple(_product(t, codes, converted, sources) for t in top.tables("product")),
        ranges=ranges,
        target_low=top.decimal("target_low"),
        target_high=top.decimal("target_high"),
        target_above=top.decimal("target_above"),
        pack_multiple=top.whole("pack_multiple"),
        source=cited(top, sources),
        equivalents=equivalents,
        pause_days=top.whole("pause_days"),
        pause_months=top.whole("pause_months"),
        reweigh_share=top.decimal("reweigh_share"),
        response=tuple(_response(t, sources) for t in top.tables("response")),
    )
    if not medicine.target_low <= medicine.target_high <= medicine.target_above:
        raise top.wrong("content.medicine.target", "target_low")
    days = [(b.first_day, b.last_day) for b in medicine.response]
    follows = all(
        last is not None and last + 1 == first for (_, last), (first, _) in pairwise(days)
    )
    if not days or days[0][0] != 1 or days[-1][1] is not None or not follows:
        raise top.wrong("content.medicine.response", "response")
    if {p.formulation for p in medicine.products} - {r.formulation for r in ranges}:
        raise top.wrong("content.medicine.range", "range")
    top.done()
    return medicine


def _range(table: Table, sources: Mapping[str, Source]) -> DoseRange:
    found = DoseRange(
        formulation=_formulation(table),
        start=table.decimal("start"),
        goal=table.decimal("goal"),
        ceiling=table.decimal("ceiling"),
        low_note=table.decimal("low_note"),
        source=cited(table, sources),
    )
    if not found.low_note <= found.start <= found.goal <= found.ceiling:
        raise table.wrong("content.medicine.range", "start")
    table.done()
    return found


def _equivalent(table: Table, sources: Mapping[str, Source]) -> tuple[str, Decimal]:
    pair = _formulation(table), table.decimal("factor")
    table.text("flag")
    cited(table, sources)
    if pair[1] <= 0:
        raise table.wrong("content.medicine.equivalent", "factor")
    table.done()
    return pair


def _product(
    table: Table,
    codes: Mapping[Decimal, str],
    converted: set[str],
    sources: Mapping[str, Source],
) -> Product:
    strengths = table.decimals("strengths")
    if not strengths or list(strengths) != sorted(set(strengths)) or strengths[0] <= 0:
        raise table.wrong("content.medicine.strengths", "strengths")
    special = []
    for row in table.maybe_tables("strength"):
        special.append((row.decimal("strength"), row.texts("excipients")))
        row.done()
    formulation = _formulation(table)
    known = () if formulation in converted else strengths  # codes are not shared across classes
    product = Product(
        id=table.text("id"),
        name=table.text("name"),
        formulation=formulation,
        strengths=strengths,
        with_food=table.flag("with_food"),
        excipients=table.texts("excipients"),
        rxnorm=tuple((plain(s), codes[s]) for s in known if s in codes),
        source=cited(table, sources),
        strength_excipients=tuple(special),
        excipients_checked=table.texts("excipients_checked"),
    )
    table.done()
    return product


def _response(table: Table, sources: Mapping[str, Source]) -> ResponseBucket:
    bucket = ResponseBucket(
        label=table.text("label"),
        first_day=table.whole("first_day"),
        last_day=table.maybe_whole("last_day"),
        expect=table.texts("expect"),
        source=cited(table, sources),
    )
    table.done()
    return bucket


def _formulation(table: Table) -> str:
    formulation = table.text("formulation")
    if formulation not in FORMULATIONS:
        raise table.wrong("content.medicine.formulation", "formulation")
    return formulation
