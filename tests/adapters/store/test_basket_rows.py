"""Medicines by directions, the pharmacy and favourites come back from both databases as written."""

from __future__ import annotations

from decimal import Decimal

from store_world import NOW, add, consultation, take

from workstation.adapters.store import rows
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.draft import Directed, Draft, ItemKind, Key, Pharmacy
from workstation.domain.ids import UserId

DOCTOR = UserId("user-doctor")
TABLET = Directed(
    "spironolactone", "tablet", "50 mg", "one", "mouth", "once", "ongoing",
    Decimal(30), 30, 3, True,
)  # fmt: skip
CREAM = Directed(
    "tretinoin_topical", "cream", "0.025 %", "pea", "face", "night", "build_up",
    Decimal("45.0"), 90, 0, False,
)  # fmt: skip
PHARMACY = Pharmacy("Alder \u533b Pharmacy", "+1 503 555 0111", "")


def test_the_basket_is_journalled_undone_and_read_back(store: SqlStore) -> None:
    id = add(store, consultation())
    token = take(store, id)
    puts = [
        (Key.of(ItemKind.DIRECTED, TABLET.medicine), TABLET),
        (Key.of(ItemKind.DIRECTED, CREAM.medicine), CREAM),
        (Key.of(ItemKind.PHARMACY), PHARMACY),
    ]
    edit = Draft.empty(id).put("medicine.added", puts, DOCTOR, NOW)
    with store.writing(DOCTOR, "s") as unit:
        revision = unit.append_edit(id, token, unit.consultation(id).revision, edit)
    with store.reading() as unit:
        found = unit.history(id)
    assert found.draft.directed == (TABLET, CREAM)
    assert str(found.draft.directed[1].quantity) == "45.0"
    assert found.draft.pharmacy == PHARMACY and found.past == (edit,)
    with store.writing(DOCTOR, "s") as unit:
        unit.move_cursor(id, token, revision, -1)
    with store.reading() as unit:
        undone = unit.history(id)
    assert undone.draft.items == {} and undone.future == (edit,)
    assert undone.redo().draft.directed == (TABLET, CREAM)


def test_an_item_is_the_same_after_the_round_trip() -> None:
    for item in (TABLET, CREAM, PHARMACY):
        assert rows.item_from_text(rows.item_to_text(item)) == item


def test_favourites_are_settings_of_user_and_clinic(store: SqlStore) -> None:
    with store.writing(DOCTOR, "s") as unit:
        unit.set_setting(DOCTOR, "prescribing.favourites", "[1]")
        unit.set_setting("clinic", "prescribing.clinic_favourites", "[2]")
    with store.reading() as unit:
        assert unit.settings(DOCTOR)["prescribing.favourites"] == "[1]"
        assert unit.settings("clinic") == {"prescribing.clinic_favourites": "[2]"}
