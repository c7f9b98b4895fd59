"""The clinic's stock list in a real store: who changes it, what is refused, and its trace."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal as D
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.adapters.store.store_world import FixedClock, bare_store
from tests.ui.treat_world import content
from tests.workflow.test_settings import someone
from workstation.domain.accounts import Role
from workstation.domain.errors import NotAllowed, Refused
from workstation.domain.stock import ALL_MARKETED
from workstation.workflow import settings, stock


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Any]:
    store = bare_store(None, tmp_path, FixedClock())
    yield SimpleNamespace(store=store, station="desk 1")
    store.close()


def test_a_strength_is_kept_or_not_by_whoever_may_and_the_trail_has_it(desk: Any) -> None:
    generic = content().medicines["isotretinoin"].products[0]
    me = someone(Role.DERMATOLOGIST)
    with pytest.raises(NotAllowed):
        stock.keep(desk, someone(Role.NURSE), generic, D(30), kept=False)
    assert stock.stock_of(settings.read(desk, me)) is ALL_MARKETED
    stock.keep(desk, me, generic, D(30), kept=False)
    stock.keep(desk, someone(Role.ADMINISTRATOR), generic, D(10), kept=False)
    assert stock.stock_of(settings.read(desk, me)).of(generic) == (D(20), D(40))
    with desk.store.reading() as unit:
        entry = unit.audit_head()
        assert stock.in_clinic(unit.settings(settings.CLINIC)).of(generic) == (D(20), D(40))
    assert (entry.action, entry.subject) == ("settings.changed", stock.NAME)
    stock.keep(desk, me, generic, D(40), kept=False)
    with pytest.raises(Refused, match=r"stock\.last"):
        stock.keep(desk, me, generic, D(20), kept=False)
    with pytest.raises(Refused, match=r"stock\.unknown"):
        stock.keep(desk, me, generic, D(25), kept=True)
    with pytest.raises(Refused, match=r"settings\.value"):
        settings.change(desk, me, stock.NAME, '{"generic": []}')
    assert stock.stock_of(settings.read(desk, me)).of(generic) == (D(20),)
    for strength in (D(10), D(30), D(40)):
        stock.keep(desk, me, generic, strength, kept=True)
    with desk.store.reading() as unit:
        assert stock.NAME not in unit.settings(settings.CLINIC)  # as shipped again
