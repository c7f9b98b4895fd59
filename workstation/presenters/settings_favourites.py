"""Favourite prescriptions as Settings lists them, each with the setting that is left without it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from workstation.language import tr
from workstation.presenters.settings_state import SettingsState
from workstation.workflow.desk import Desk
from workstation.workflow.favourites import OWN, SHARED


@dataclass(frozen=True, slots=True)
class FavouriteLine:
    """One kept prescription: its words, whose it is, and the setting without it."""

    text: str
    shared: bool
    setting: str
    without: str


def lines(desk: Desk, state: SettingsState) -> tuple[FavouriteLine, ...]:
    """The user's own, then the clinic's."""
    found = []
    for name, shared in ((OWN, False), (SHARED, True)):
        try:
            kept = json.loads(state.values[name])
        except ValueError:
            continue  # as in ``favourites``: what cannot be read is no favourite, and is not offered
        for at, item in enumerate(kept):
            rest = json.dumps([*kept[:at], *kept[at + 1 :]])
            found.append(FavouriteLine(_words(desk, item), shared, name, rest))
    return tuple(found)


def _words(desk: Desk, item: dict[str, object]) -> str:
    weighed = desk.catalogue.medicines.get(str(item.get("medicine", "")))
    if weighed is not None:
        days = tr("for {days} days", days=item.get("days", ""))
        return " ".join(
            (weighed.name, tr("{per_kg} mg/kg a day", per_kg=item.get("per_kg", "")), days)
        )
    medicine = desk.catalogue.directed.get(str(item.get("medicine", "")))
    name = medicine.name if medicine is not None else str(item.get("medicine", ""))
    return " ".join(
        (name, str(item.get("strength", "")), tr("for {days} days", days=item.get("days", "")))
    )
