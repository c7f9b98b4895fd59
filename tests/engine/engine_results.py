"""Laboratory results made for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count

from workstation.domain.facts import Origin
from workstation.domain.ids import ResultId
from workstation.domain.results import LabResult, TestSetting

_NUMBER = count(1)


def result(test, value, on, *, unit=None, limit=None, role=None, setting=TestSetting.MEDICAL,
           fasting=True, hours=None):  # fmt: skip
    collected = date.fromisoformat(on)
    return LabResult(
        id=ResultId(f"r{next(_NUMBER)}"),
        test=test,
        value=value if isinstance(value, str) else Decimal(str(value)),
        unit=unit,
        upper_limit=None if limit is None else Decimal(str(limit)),
        collected=collected,
        setting=setting,
        fasting=fasting,
        hours_since_alcohol=hours,
        role=role,
        laboratory=None,
        origin=Origin.LABORATORY,
        recorded_by=None,
        recorded_at=datetime.combine(collected, time(12), UTC),
        corrects=None,
    )


def hcg(on, role=None, value="negative", setting=TestSetting.MEDICAL):
    return result("hcg_urine", value, on, role=role, setting=setting)


def tg(value, on, **known):
    return result("tg", value, on, unit="mg/dL", **known)


def alt(value, on, limit=40):
    return result("alt", value, on, unit="U/L", limit=limit)
