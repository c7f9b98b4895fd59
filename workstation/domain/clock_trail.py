"""What the audit trail says of the computer's clock, and from when on a signature may be dated."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from workstation.domain.audit import Entry

SUBJECT = "clock"
JUMPED, CONFIRMED = "clock.jumped", "clock.confirmed"
ACTIONS = (JUMPED, CONFIRMED)


def not_before(told: Iterable[Entry]) -> datetime | None:
    """The moment that the clock has to reach before anything is signed; None when any will do.

    ``told`` are the entries with ``ACTIONS``, in order. A clock that was set back has to come past
    where it stood, whatever was written since: else one entry under the earlier time would do away
    with the refusal, and a test that ran out would be in its window again. Which of two times was
    the wrong one no trail can know, so a clock that had stood ahead is confirmed by a person, and
    that ends all that was before.
    """
    least: datetime | None = None
    for entry in told:
        if entry.action == CONFIRMED:
            least = None
            continue
        detail = json.loads(entry.detail)
        before, after = (datetime.fromisoformat(detail[name]) for name in ("from", "to"))
        if after < before:
            least = before if least is None else max(least, before)
    return least
