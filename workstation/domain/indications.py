"""What a prescription is for: chosen first. Acne schemes judge acne, the clinician anything else.

``proposed`` is what a request begins with, ``offered`` the whole choice for a request, and
``choose`` the decision that carries the choice. Whether a use is off-label depends on the medicine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workstation.domain.consultation import RequestKind
from workstation.domain.draft import DecisionChoice, DecisionKind
from workstation.domain.explain import Source


@dataclass(frozen=True, slots=True)
class Indication:
    """One indication to choose from, with its ICD-10-CM code. ``acne`` ones have acne's schemes.

    ``requests`` are those it is proposed for; ``on_label`` and ``off_label`` the medicines that may
    be used for it, by what their US label says.
    """

    id: str
    label: str
    icd10: str
    acne: bool
    source: Source
    requests: tuple[RequestKind, ...] = ()
    on_label: tuple[str, ...] = ()
    off_label: tuple[str, ...] = ()

    @property
    def medicines(self) -> tuple[str, ...]:
        """Every medicine that may be used for it, labelled uses first."""
        return (*self.on_label, *self.off_label)

    def is_off_label(self, medicine: str) -> bool:
        """Whether this use of ``medicine`` is none that its label names."""
        return medicine not in self.on_label


def indication_of(indications: Iterable[Indication], icd10: str) -> Indication | None:
    """The listed indication of a code; None for a code that is not listed."""
    return next((one for one in indications if one.icd10 == icd10.strip().upper()), None)


def proposed(indications: Iterable[Indication], request: RequestKind) -> Indication | None:
    """The first indication listed for a request; None when the request names none."""
    return next((one for one in indications if request in one.requests), None)


def offered(indications: Iterable[Indication], request: RequestKind) -> tuple[Indication, ...]:
    """All indications, those listed for the request first, each group in the order of the file."""
    return tuple(sorted(indications, key=lambda one: request not in one.requests))


def settled(
    indications: Iterable[Indication], request: RequestKind, decision: DecisionChoice | None
) -> Indication | None:
    """The indication of the decision; while none is chosen, the one proposed for the request."""
    listed = tuple(indications)
    if decision is not None and decision.icd10.strip():
        return indication_of(listed, decision.icd10)
    return proposed(listed, request)


def used_for(
    indications: Iterable[Indication],
    request: RequestKind,
    decision: DecisionChoice | None,
    medicine: str,
) -> bool:
    """Whether ``medicine`` may be prescribed for what is treated here.

    A code that is not listed is the clinician's own choice: it is held by the off-label rule, not
    refused.
    """
    found = settled(indications, request, decision)
    if found is not None:
        return medicine in found.medicines
    return decision is not None and bool(decision.icd10.strip())


def off_label_use(
    indications: Iterable[Indication], decision: DecisionChoice, medicine: str, *, acne: bool
) -> bool:
    """Whether the decision uses ``medicine`` beside its label; an unlisted code does, but acne."""
    found = indication_of(indications, decision.icd10)
    return found.is_off_label(medicine) if found is not None else not acne


def choose(
    indication: Indication,
    before: DecisionChoice | None = None,
    *,
    kind: DecisionKind = DecisionKind.PRESCRIBE,
    words: str = "",
) -> DecisionChoice:
    """The decision for ``indication``; what ``before`` decided otherwise stays as it was.

    ``words`` describe the indication in the clinician's own; without them it is the listed label.
    """
    text = words.strip() or indication.label
    if before is None:
        return DecisionChoice(kind, text, indication.icd10, None)
    return replace(before, indication=text, icd10=indication.icd10)
