"""What the Treat page does by key, menu and command list, and why one of it cannot be done now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QPushButton, QWidget

from workstation.language import noted, tr
from workstation.ui.commands import Commands
from workstation.ui.treat.basket_bar import BasketBar
from workstation.ui.treat.prescription_panel import PrescriptionPanel

NO_BASKET = noted("Only a prescription has this. Choose Prescribe first.")
NOTHING_OFFERED = noted("Nothing more can be added for this indication.")
NOTHING_BEFORE = noted("Nothing was prescribed before, or it is repeated already.")
NOTHING_OPEN = noted("No medicine is open.")
NO_PLAN = noted("There is no monitoring plan here.")
NO_SUPPLY = noted("There was no supply before this visit.")


@dataclass(frozen=True)
class Parts:
    """What the verbs press; ``calendar`` writes the newest signed plan."""

    basket: BasketBar
    prescription: PrescriptionPanel
    plan: QWidget
    protocol: QPushButton
    table: QPushButton
    calendar: Callable[[], None]


def bind(commands: Commands, page: QWidget, parts: Parts) -> None:
    """Give every action of the page its verb."""
    bar, taken = parts.basket, parts.prescription.taken

    def basket(more: Callable[[], str] = lambda: "") -> Callable[[], str]:
        return lambda: tr(NO_BASKET) if bar.isHidden() else more()

    def keep(*, shared: bool) -> None:
        bar.favourite_kept.emit(bar.opened_medicine, shared)

    offered = basket(lambda: tr("" if bar.add.isEnabled() else NOTHING_OFFERED))
    before = basket(lambda: tr(NOTHING_BEFORE) if bar.repeat.isHidden() else "")
    opened = basket(lambda: tr("" if bar.opened_medicine else NOTHING_OPEN))

    def supply() -> str:
        return tr(NO_SUPPLY) if taken.isHidden() else basket()()

    def plan() -> str:
        return tr(NO_PLAN) if parts.plan.isHidden() else ""

    def protocol() -> str:
        return tr(NO_PLAN) if parts.protocol.isHidden() else plan()

    for id, run, can in (
        ("treat.add", bar.add.showPopup, offered),
        ("treat.repeat", bar.repeated.emit, before),
        ("treat.favourites", bar.show_favourites, basket()),
        ("treat.keep", lambda: keep(shared=False), opened),
        ("treat.keep_clinic", lambda: keep(shared=True), opened),
        ("treat.pharmacy", bar.pharmacy.toggle, basket()),
        ("treat.protocol", parts.protocol.toggle, protocol),
        ("treat.supply", taken.button.click, supply),
        ("treat.table", parts.table.toggle, plan),
        ("treat.calendar", parts.calendar, lambda: ""),
    ):
        commands.bind(id, page, run, can)
