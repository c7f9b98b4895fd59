"""What the basket bar and the editor of a medicine by directions show; texts are ready to paint."""

from __future__ import annotations

from dataclasses import dataclass

PARTS = ("product", "strength", "dose", "site", "frequency", "duration")
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BasketItem:
    """One medicine of the basket; ``level`` is the worst open finding about it ("" none)."""

    medicine: str
    title: str
    detail: str
    open: bool
    level: str


@dataclass(frozen=True, slots=True)
class OfferedState:
    """A medicine that may be added; ``note`` says when the use is off-label."""

    medicine: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class DirectedState:
    """The editor of one medicine by directions; texts are ready to paint.

    ``choices`` are (field, label, choices, chosen) of the coded parts in the order shown; a field
    with one choice is left out. ``packs`` is empty for a counted product.
    """

    medicine: str
    title: str
    choices: tuple[tuple[str, str, Choices, str], ...]
    quantity: str
    unit: str
    counted: bool
    days: str
    refills: str
    limits: str
    substitution: bool
    line: str
    attributes: str
    dispense: str
    source: str
    changed: str
    problem: str


@dataclass(frozen=True, slots=True)
class BasketState:
    """Everything of the basket bar, and the editor of the medicine that is open."""

    indication: str
    indications: Choices
    items: tuple[BasketItem, ...]
    offered: tuple[OfferedState, ...]
    open: str
    directed: DirectedState | None
    pharmacy: tuple[str, str, str]
    pharmacy_known: str
    repeat: str
    problem: str
    favourites: tuple[tuple[str, bool], ...] = ()  # (words, the clinic's), in order
