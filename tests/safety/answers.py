"""The shipped content and answers for tests: everything asked and answered in the safe way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workstation import assets
from workstation.content.facts import read_facts
from workstation.content.rules import EXAMPLE_DAY, read_rules
from workstation.content.sources import read_sources
from workstation.content.tables import Table, parse
from workstation.content.triage import read_triage
from workstation.domain.draft import Reason
from workstation.domain.explain import Source
from workstation.domain.facts import Fact, Facts, FactSpec, FactValue, Origin
from workstation.domain.ids import UserId
from workstation.domain.safety import Evaluation, Finding, Level, RuleBook, evaluate
from workstation.domain.triage import TriageRules

ISOTRETINOIN = "isotretinoin"


@dataclass(frozen=True)
class Clinic:
    """Sources, facts, rules and triage as shipped."""

    sources: Mapping[str, Source]
    registry: Mapping[str, FactSpec]
    book: RuleBook
    triage: TriageRules

    @property
    def safe(self) -> Facts:
        specs = self.registry.values()
        return Facts(answer(s.name, s.safe) for s in specs if s.safe is not None)

    def evaluate(
        self, facts: Facts, medicine: str = ISOTRETINOIN, reasons: tuple[Reason, ...] = ()
    ) -> Evaluation:
        return evaluate(self.book, facts, (medicine,), reasons, self.registry)

    def with_answers(self, *unknown: str, **values: FactValue) -> Facts:
        """Safe answers with some changed (``alcohol__most=1``) and some not given."""
        changed = (answer(name.replace("__", "."), value) for name, value in values.items())
        return self.safe.with_facts(changed).without(unknown)


@cache
def shipped() -> Clinic:
    folder = assets.resource("clinical")
    sources = read_sources(folder / "sources.toml")
    registry = read_facts(folder / "facts.toml", sources)
    book = read_rules(folder / "rules", registry, sources)
    triage = read_triage(folder / "triage.toml", registry, sources)
    return Clinic(sources, registry, book, triage)


def answer(name: str, value: FactValue, origin: Origin = Origin.CLINICIAN) -> Fact:
    return Fact(name, value, origin, EXAMPLE_DAY, "Q1")


def levels(evaluation: Evaluation) -> dict[str, Level]:
    found: dict[str, Level] = {}
    for finding in evaluation.findings:
        found[finding.code] = max(finding.level, found.get(finding.code, Level.OK))
    return found


def blocking(evaluation: Evaluation) -> set[str]:
    """Codes of HOLD and STOP findings."""
    return {found.code for found in evaluation.findings if found.level >= Level.HOLD}


def finding(evaluation: Evaluation, code: str) -> Finding:
    return next(f for f in evaluation.findings if f.code == code)


def reason(found: Finding, code: str, text: str = "", *, day_offset: int = 0) -> Reason:
    from datetime import timedelta

    on = EXAMPLE_DAY + timedelta(days=day_offset)
    return Reason(found.code, code, text, UserId("u1"), on, found.facts_digest)


def toml(text: str, name: str = "made.toml") -> Table:
    return parse(text, name)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
