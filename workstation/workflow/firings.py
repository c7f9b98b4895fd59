"""How often each rule fired at a signature and was reasoned away: analytics from the store.

Each signature leaves one entry on the audit trail: what fired on the answers as they were sent or
still stood at signing, and what became of it. No entry of it names a patient.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType

from workstation.domain.accounts import Permission
from workstation.domain.consultation import Consultation, PastVisit
from workstation.domain.draft import Draft, ItemKind
from workstation.domain.safety import Evaluation, Level
from workstation.workflow.appraisal import Appraisal, Situation, appraise
from workstation.workflow.desk import Desk, Session, require

ACTION, SUBJECT = "rules.fired", "rules"
CLEARED, STANDS = "cleared", "stands"
PAGE = 1000
_CHOSEN = frozenset({ItemKind.DECISION.value, ItemKind.REGIMEN.value, ItemKind.DIRECTED.value})


@dataclass(frozen=True, slots=True)
class RuleUse:
    """One rule over all signatures. ``waived`` of ``fired`` were reasoned away or acknowledged.

    ``cleared`` went because an answer changed, ``stands`` are information or waited for a work-up.
    ``often`` says that more were waived than the content's share allows: the rule is listed.
    """

    code: str
    title: str
    level: str
    fired: int
    waived: int
    cleared: int
    stands: int
    reasons: tuple[tuple[str, int], ...]
    often: bool

    @property
    def percent(self) -> int:
        """Waived in percent of fired, whole."""
        return round(self.waived / self.fired * 100) if self.fired else 0


def outcomes(
    consultation: Consultation,
    draft: Draft,
    past: tuple[PastVisit, ...],
    situation: Situation,
    signed: Appraisal,
) -> dict[str, str]:
    """What fired, by code, and what became of it: a reason's code, *cleared* or *stands*.

    What fired before anybody answered is found by judging the same choice without the answers and
    reasons recorded at the desk.
    """
    items = {key: item for key, item in draft.items.items() if key.kind in _CHOSEN}
    bare = appraise(
        consultation, Draft(draft.consultation, MappingProxyType(items)), past, situation
    )
    found = dict.fromkeys(_codes(bare.evaluation), CLEARED)
    for finding in signed.evaluation.findings:
        if finding.reason is not None:
            found[finding.code] = finding.reason.code
        elif finding.level is not Level.OK:
            found[finding.code] = STANDS
    return found


def analytics(desk: Desk, session: Session) -> tuple[RuleUse, ...]:
    """Every rule that ever fired at a signature, the most waived first.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.VIEW)
    told: dict[str, Counter[str]] = {}
    after = 0
    with desk.store.reading() as unit:
        while True:
            entries = unit.audit_entries(after, PAGE)
            for entry in entries:
                if entry.action == ACTION:
                    for code, became in _read(entry.detail).items():
                        told.setdefault(code, Counter())[became] += 1
            if len(entries) < PAGE:
                break
            after = entries[-1].seq
    uses = (_use(desk, code, became) for code, became in told.items())
    return tuple(sorted(uses, key=lambda use: (-use.percent, -use.fired, use.code)))


def _codes(evaluation: Evaluation) -> tuple[str, ...]:
    return tuple(finding.code for finding in evaluation.findings)


def _use(desk: Desk, code: str, became: Counter[str]) -> RuleUse:
    book = desk.catalogue.rulebook
    rule = next((r for r in book.rules if r.code == code), None)
    ask = next((a for a in book.asks if a.code == code), None)
    title = rule.title if rule is not None else (ask.spec.label if ask is not None else code)
    level = max((c.level for c in rule.clauses), default=Level.OK) if rule else Level.HOLD
    fired = sum(became.values())
    waived = fired - became[CLEARED] - became[STANDS]
    reasons = tuple((word, n) for word, n in became.most_common() if word not in (CLEARED, STANDS))
    return RuleUse(
        code=code,
        title=title,
        level=level.name,
        fired=fired,
        waived=waived,
        cleared=became[CLEARED],
        stands=became[STANDS],
        reasons=reasons,
        often=desk.catalogue.terms.often_waived(waived, fired),
    )


def _read(detail: str) -> dict[str, str]:
    told = json.loads(detail)
    return {code: became for code, became in told.items() if isinstance(became, str)}


__all__ = ["RuleUse", "analytics", "outcomes"]
