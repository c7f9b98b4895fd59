"""The clinic's stock list: which strengths of each product are kept, as a clinic setting."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from workstation.domain.dosing import Product
from workstation.domain.errors import Refused
from workstation.domain.stock import ALL_MARKETED, Stock, listed, written
from workstation.workflow import settings
from workstation.workflow.desk import Desk, Session
from workstation.workflow.settings import Settings

NAME = "prescribing.strengths"


def stock_of(kept: Settings) -> Stock:
    """The stock list in force; what cannot be read limits nothing."""
    return listed(kept[NAME]) or ALL_MARKETED


def in_clinic(kept: Mapping[str, str]) -> Stock:
    """The stock list among the clinic's stored settings."""
    return stock_of(Settings({}, kept))


def keep(desk: Desk, session: Session, product: Product, strength: Decimal, *, kept: bool) -> None:
    """Keep a strength (mg) of a product, or keep it no longer.

    Raises:
        NotAllowed: ``session.permission``, ``session.user.inactive``.
        Refused: ``stock.last`` for the last strength that is kept, ``stock.unknown`` for one that
            the product does not have.
    """
    settings.require_change(session, NAME)
    if strength not in product.strengths:
        raise Refused("stock.unknown", product=product.id)
    stock = stock_of(settings.read(desk, session))
    chosen = (set(stock.of(product)) - {strength}) | ({strength} if kept else set())
    if not chosen:
        raise Refused("stock.last", product=product.id)
    entries = {id: some for id, some in stock.kept if id != product.id}
    if chosen != set(product.strengths):
        entries[product.id] = tuple(sorted(chosen))
    text = written(Stock(tuple(entries.items()))) if entries else None
    settings.change(desk, session, NAME, text)
