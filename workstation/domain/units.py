"""Units of measurement: conversion by factors of the content and rounding for display."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from workstation.domain.explain import Source


@dataclass(frozen=True, slots=True)
class Conversion:
    """A value in ``unit``, times ``multiply_by``, over ``divide_by``, is in the test's own unit."""

    test: str
    unit: str
    multiply_by: Decimal
    divide_by: Decimal
    source: Source


def converted(
    value: Decimal, unit: str | None, own_unit: str | None, test: str, table: Iterable[Conversion]
) -> Decimal | None:
    """``value`` in the test's own unit, or None when nothing says how to convert it."""
    if unit == own_unit:
        return value
    for row in table:
        if row.test == test and row.unit == unit:
            return value * row.multiply_by / row.divide_by
    return None


def rounded(value: Decimal, places: int) -> Decimal:
    """``value`` with ``places`` decimals, halves upwards."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """``value`` as people write it: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
