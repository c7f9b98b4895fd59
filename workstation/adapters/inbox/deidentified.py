"""A package for teaching and research: nobody is named, days are moved, numbers are keyed.

All days of one patient move back by the same number of days, drawn from the key and the patient, so
that intervals hold and nothing says how far. Texts that people wrote are left out whole: no program
can promise that they name nobody. The same key gives the same numbers, so that visits of one patient
stay together; whoever holds the key can tell who it is, so it is kept apart from the files.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from workstation.adapters.inbox.writing import Json, Outgoing
from workstation.domain.facts import Fact
from workstation.domain.patient import Contact, PatientSnapshot
from workstation.domain.photo import View

SENDER = "urn:derm-workstation:deidentified"
OLDEST = 90  # years; who is older is told as that old
_SPREAD = 364
_YEAR = 365.25
Clean = Callable[[View, bytes], tuple[str, bytes]]
"""(media type, bytes) of a photo without any metadata, its face hidden when that is wanted."""


def deidentified(out: Outgoing, key: bytes, clean: Clean) -> Outgoing:
    """The package without what names or dates its patient; ``key`` has at least 16 bytes."""
    who = out.patient
    back = timedelta(days=1 + _drawn(key, "days", who.id) % _SPREAD)

    def moved(day: date) -> date:
        return day - back

    def fact(one: Fact) -> Fact:
        value = moved(one.value) if isinstance(one.value, date) else one.value
        return replace(one, value=value, as_of=moved(one.as_of))

    code = _code(key, "patient", who.id)
    oldest = out.sent.date() - timedelta(days=round(OLDEST * _YEAR))
    return replace(
        out,
        system=SENDER,
        external_id=_code(key, "consultation", f"{out.system}\n{out.external_id}"),
        sent=(out.sent - back).replace(hour=12, minute=0, second=0, microsecond=0),
        answered=moved(out.answered),
        patient=_nobody(who, code, moved(max(who.born, oldest))),
        items=[kept for item in out.items if (kept := _item(item, back)) is not None],
        photos=[(view, *clean(view, content)) for view, _, content in out.photos],
        record=[fact(one) for one in out.record],
        results=[
            replace(
                one,
                collected=moved(one.collected),
                recorded_at=one.recorded_at - back,
                laboratory=None,
            )
            for one in out.results
        ],
        lines=[replace(one, on=moved(one.on)) for one in out.lines],
        dispensed=[replace(one, on=moved(one.on)) for one in out.dispensed],
    )


def _nobody(who: PatientSnapshot, code: str, born: date) -> PatientSnapshot:
    return replace(
        who,
        external_id=code,
        family="Patient",
        given=code,
        title=None,
        native_name=None,
        born=born.replace(month=7, day=1),
        address=None,
        contact=Contact(None, None, None, None, None),
        allergies=None,
        medicines=None,
        rems_id=None,
    )


def _item(item: Json, back: timedelta) -> Json | None:
    """An answer with its day moved; ``None`` for one in free words."""
    values: list[dict[str, Any]] = []
    for value in item["answer"]:
        if "valueString" in value:
            return None
        kept = value
        if "valueDate" in value:
            day = date.fromisoformat(value["valueDate"]) - back
            kept = {"valueDate": day.isoformat()}
        values.append(kept)
    return {"linkId": item["linkId"], "answer": values}


def _drawn(key: bytes, what: str, of: str) -> int:
    return int.from_bytes(_mac(key, what, of), "big")


def _code(key: bytes, what: str, of: str) -> str:
    return _mac(key, what, of).hex()[:12].upper()


def _mac(key: bytes, what: str, of: str) -> bytes:
    return hmac.digest(key, f"{what}\n{of}".encode(), hashlib.sha256)
