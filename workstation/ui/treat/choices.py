"""What is chosen and typed in the parts of the Treat page, and the verb of the presenter that takes it."""

from __future__ import annotations

from workstation.presenters.decision_cards import DecisionCards
from workstation.presenters.treat import TreatPresenter
from workstation.ui.treat.basket_bar import BasketBar, PharmacyRow
from workstation.ui.treat.decision_panel import DecisionPanel
from workstation.ui.treat.directed_panel import DirectedPanel
from workstation.ui.treat.prescription_panel import PrescriptionPanel


def of_prescription(
    bar: BasketBar,
    capsules: PrescriptionPanel,
    directed: DirectedPanel,
    pharmacy: PharmacyRow,
    presenter: TreatPresenter,
) -> None:
    """The basket, the form of capsules, the form of directions and the pharmacy."""
    dose, basket = presenter.dose, presenter.basket
    capsules.product_chosen.connect(dose.set_product)
    capsules.weight_typed.connect(dose.set_weight)
    capsules.daily_typed.connect(dose.set_daily)
    capsules.daily_stepped.connect(dose.nudge_daily)
    capsules.supply_typed.connect(dose.set_supply_days)
    capsules.combination_chosen.connect(dose.choose_combination)
    capsules.ladder.chosen.connect(dose.set_per_kg)
    capsules.substitution_set.connect(dose.set_substitution)
    bar.indication_chosen.connect(basket.choose_indication)
    bar.added.connect(basket.add)
    bar.removed.connect(basket.remove)
    bar.opened.connect(basket.show)
    bar.repeated.connect(basket.repeat_last)
    bar.favourite_taken.connect(basket.favourites.take)
    bar.favourite_kept.connect(
        lambda medicine, shared: basket.favourites.keep(medicine, shared=shared)
    )
    bar.favourite_forgotten.connect(basket.favourites.forget)
    directed.part_chosen.connect(basket.change)
    directed.days_typed.connect(basket.set_days)
    directed.refills_typed.connect(basket.set_refills)
    directed.quantity_typed.connect(basket.set_quantity)
    directed.substitution_set.connect(basket.set_substitution)
    pharmacy.typed.connect(basket.set_pharmacy)


def of_decision(panel: DecisionPanel, cards: DecisionCards) -> None:
    """Why, and what is told to whom, of a decision without medicine."""
    panel.reason_chosen.connect(cards.set_reason)
    panel.text_typed.connect(cards.set_text)
    panel.ticked.connect(cards.let_guardian_read)
    panel.message_typed.connect(cards.set_message)
    panel.message_drafted.connect(cards.draft_message)
