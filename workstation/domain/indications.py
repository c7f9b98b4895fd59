"""What a prescription is for; acne is judged by the acne schemes, anything else by the clinician."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workstation.domain.explain import Source


@dataclass(frozen=True, slots=True)
class Indication:
    """One indication to choose from, with its ICD-10-CM code. ``acne`` ones are on the label's side."""

    id: str
    label: str
    icd10: str
    acne: bool
    source: Source


def indication_of(indications: Iterable[Indication], icd10: str) -> Indication | None:
    """The listed indication of a code; None for a code that is not listed."""
    return next((one for one in indications if one.icd10 == icd10.strip().upper()), None)
