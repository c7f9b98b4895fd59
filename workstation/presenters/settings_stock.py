"""The stock list as Settings shows it: every product with its strengths and which are kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.domain.dosing import Product
from workstation.language import tr
from workstation.presenters import dose_words, wording
from workstation.presenters.settings import SettingsPresenter
from workstation.presenters.settings_state import SettingsState
from workstation.workflow.basket import ISOTRETINOIN
from workstation.workflow.stock import NAME, stock_of


@dataclass(frozen=True, slots=True)
class StrengthBox:
    """One strength (mg): what stands beside its box, what is read out, and whether it is kept."""

    strength: Decimal
    text: str
    spoken: str
    kept: bool


@dataclass(frozen=True, slots=True)
class StockRow:
    """One product with a box for each strength that is marketed."""

    product: Product
    name: str
    boxes: tuple[StrengthBox, ...]


def rows(presenter: SettingsPresenter, state: SettingsState) -> tuple[StockRow, ...]:
    """Every product of isotretinoin, in the order of the formulary."""
    medicine, stock = presenter.desk.catalogue.medicines[ISOTRETINOIN], stock_of(state.values)
    return tuple(
        StockRow(
            product,
            product.name,
            tuple(
                StrengthBox(s, _mg(s), f"{product.name}, {_mg(s)}", s in stock.of(product))
                for s in product.strengths
            ),
        )
        for product in medicine.products
    )


def may_change(presenter: SettingsPresenter) -> bool:
    """Whether the user may change the clinic's stock list."""
    return presenter.prescribes or presenter.administers


def problem(state: SettingsState) -> str:
    """What the last change was refused for; "" when it was not."""
    found = state.problem if state.about == NAME else None
    return found.line if found is not None else ""


def keep(presenter: SettingsPresenter, product: Product, strength: Decimal, kept: bool) -> None:
    """Keep a strength or not; said in a notice that takes it back."""
    said = (
        tr("{name}: {mg} is kept here.", name=product.name, mg=_mg(strength))
        if kept
        else tr("{name}: {mg} is no longer kept here.", name=product.name, mg=_mg(strength))
    )
    presenter.keep_strength(product, strength, kept, words=said)


def _mg(strength: Decimal) -> str:
    return f"{wording.number(strength)}{dose_words.NBSP}mg"
