"""One result as it is typed on the Labs page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.safety import cases
from workstation.domain.ids import PatientId, UserId
from workstation.domain.results import LabResult
from workstation.presenters import labs_entry

NOW = datetime(2026, 6, 10, 15, 0, tzinfo=UTC)


def entered(**typed: str) -> LabResult | tuple[str, str]:
    filled = labs_entry.Filled(PatientId("p"), "", "", "", (), "", "tg", drawn="t", **typed)
    return labs_entry.read(filled, cases.content(), cases.TODAY, UserId("u"), NOW)


@pytest.mark.parametrize("value", ["1.2", "12", "19.9", "0"])
def test_a_value_of_another_unit_is_not_stored(value: str) -> None:
    field, sentence = entered(value=value, unit="mg/dL")
    assert field == "value" and "cannot be meant in mg/dL" in sentence


@pytest.mark.parametrize(("value", "unit"), [("20", "mg/dL"), ("1.2", "mmol/L"), ("1.2", "g/hL")])
def test_a_value_that_can_be_meant_is(value: str, unit: str) -> None:
    result = entered(value=value, unit=unit)
    assert isinstance(result, LabResult) and result.unit == unit
