"""A signed consultation explained again with the content edition it was signed with, years later."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workstation.content.editions import Shelf
from workstation.domain.consultation import Consultation, PastVisit
from workstation.domain.draft import Draft
from workstation.workflow.appraisal import Appraisal, Situation, appraise


@dataclass(frozen=True)
class Retold:
    """The appraisal by the older edition. ``exact`` is False when its bytes have changed since."""

    appraisal: Appraisal
    edition: str
    exact: bool


def retell(
    consultation: Consultation,
    draft: Draft,
    past: tuple[PastVisit, ...],
    situation: Situation,
    shelf: Shelf,
) -> Retold:
    """Appraise with the stored edition; ``situation`` carries the day of signing.

    A consultation that was never signed is appraised with the content of ``situation``.

    Raises:
        ContentError: ``content.edition.unknown`` when the stored edition is not kept.
    """
    stamp = consultation.content_edition
    if stamp is None:
        appraisal = appraise(consultation, draft, past, situation)
        return Retold(appraisal, situation.catalogue.edition, exact=True)
    kept = shelf.of(stamp)
    then = replace(situation, catalogue=kept.catalogue)
    appraisal = appraise(consultation, draft, past, then)
    return Retold(appraisal, kept.catalogue.edition, kept.exact)
