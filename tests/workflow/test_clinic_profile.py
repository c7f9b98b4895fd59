"""The clinic's profile: who may change what, and that the trail tells what stood before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.adapters.store.store_world import FixedClock, bare_store
from tests.safety.cases import CLINIC, content
from tests.workflow.test_settings import someone
from workstation.domain.accounts import Role
from workstation.domain.errors import Conflict, NotAllowed, Refused
from workstation.domain.ids import PhotoId
from workstation.workflow import clinic_profile, detect

DOCTOR, ADMINISTRATOR = someone(Role.DERMATOLOGIST), someone(Role.ADMINISTRATOR, "u2")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Any]:
    store = bare_store(None, tmp_path, FixedClock())
    with store.writing("system", "") as unit:
        unit.set_clinic(CLINIC)
    yield SimpleNamespace(store=store, station="desk 1", catalogue=content(), detector=None)
    store.close()


def told(desk: Any) -> list[tuple[str, str, Any]]:
    with desk.store.reading() as unit:
        entries = unit.audit_entries(0, 100)
    return [
        (e.actor, e.subject, json.loads(e.detail)) for e in entries if e.action == "clinic.changed"
    ]


def test_each_change_tells_what_stood_before_and_nothing_else(desk: Any) -> None:
    clinic_profile.set_letterhead(desk, ADMINISTRATOR, replace(CLINIC, name="Cedar", paper="a4"))
    clinic_profile.set_rems_date(desk, DOCTOR, date(2026, 12, 1))
    clinic_profile.set_protocol(desk, DOCTOR, "LABEL")
    letterhead, rems, protocol = told(desk)
    changed = {
        "name": {"before": "C", "after": "Cedar"},
        "paper": {"before": "letter", "after": "a4"},
    }
    assert letterhead == ("u2", "letterhead", changed)
    day = {"before": "", "after": "2026-12-01"}
    assert rems == ("u1", "rems_2026_effective", {"rems_2026_effective": day})
    assert protocol[:2] == ("u1", "protocol") and protocol[2].keys() == {"protocol"}
    assert protocol[2]["protocol"]["before"] is None
    assert protocol[2]["protocol"]["after"]["id"] == "LABEL"
    found = clinic_profile.read(desk, DOCTOR)
    assert (found.name, found.paper, found.rems_2026_effective) == ("Cedar", "a4", "2026-12-01")
    assert found.protocol is not None and found.protocol.id == "LABEL"


def test_what_stays_the_same_is_no_change(desk: Any) -> None:
    clinic_profile.set_letterhead(desk, ADMINISTRATOR, CLINIC)
    clinic_profile.set_rems_date(desk, DOCTOR, None)
    assert told(desk) == []


def test_a_letterhead_changes_no_medicine_and_keeps_its_fields(desk: Any) -> None:
    clinic_profile.set_rems_date(desk, DOCTOR, date(2026, 12, 1))
    other = replace(CLINIC, phone="2", rems_2026_effective="2020-01-01")
    kept = clinic_profile.set_letterhead(desk, ADMINISTRATOR, other)
    assert (kept.phone, kept.rems_2026_effective) == ("2", "2026-12-01")
    for wrong in ({"name": " "}, {"time_zone": ""}, {"paper": "a5"}):
        with pytest.raises(Refused) as refused:
            clinic_profile.set_letterhead(desk, ADMINISTRATOR, replace(CLINIC, **wrong))
        assert (refused.value.code, refused.value.context["name"]) == ("clinic.field", *wrong)


def test_medicine_is_the_prescribers_and_letters_the_administrators(desk: Any) -> None:
    with pytest.raises(NotAllowed):
        clinic_profile.set_letterhead(desk, someone(Role.NURSE), replace(CLINIC, name="N"))
    with pytest.raises(NotAllowed):
        clinic_profile.set_rems_date(desk, ADMINISTRATOR, date(2026, 12, 1))
    with pytest.raises(NotAllowed):
        clinic_profile.set_protocol(desk, ADMINISTRATOR, "LABEL")
    for unknown in ("NEVER", "CUSTOM"):
        with pytest.raises(Refused) as refused:
            clinic_profile.set_protocol(desk, DOCTOR, unknown)
        assert refused.value.code == "clinic.protocol"
    assert told(desk) == []


def test_a_desk_without_a_detector_proposes_nothing(desk: Any) -> None:
    with pytest.raises(Conflict) as refused:
        detect.propose(desk, DOCTOR, SimpleNamespace(photos=()), PhotoId("p"))
    assert refused.value.code == "detector.none"
