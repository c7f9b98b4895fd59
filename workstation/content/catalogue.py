"""The whole clinical content, read once and frozen, with the digest of every file it came from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workstation.content.decisions import read_decisions
from workstation.content.derivation import read_derivation
from workstation.content.directed import read_directed, read_terms
from workstation.content.facts import read_facts
from workstation.content.follow_up import read_follow_up
from workstation.content.formulary import read_formulary
from workstation.content.indications import read_indications
from workstation.content.prescription import read_lint, read_prescription_rules
from workstation.content.protocols import (
    read_plan_rules,
    read_protocols,
    read_tests,
    read_thresholds,
)
from workstation.content.rems import read_checklist, read_contraception, read_rems
from workstation.content.rubrics import Schemes, read_schemes
from workstation.content.rules import read_rules
from workstation.content.sources import read_sources
from workstation.content.triage import read_triage
from workstation.domain.contraception import ContraceptionLists
from workstation.domain.decisions import DecisionRules
from workstation.domain.derivation import DerivationRules
from workstation.domain.directions import DirectedMedicine, Terms
from workstation.domain.dosing import Medicine
from workstation.domain.explain import Source
from workstation.domain.facts import FactSpec
from workstation.domain.indications import Indication
from workstation.domain.laboratory import LabTest, Thresholds
from workstation.domain.prescription import LintRule, PrescriptionRules
from workstation.domain.protocols import PlanRules, Protocol
from workstation.domain.rems_checklist import ChecklistRules
from workstation.domain.rems_windows import RemsRules, rules_in_force
from workstation.domain.rules import RuleBook
from workstation.domain.severity import Rubric
from workstation.domain.triage import TriageRules
from workstation.domain.unchanged import FollowUpRules

_EDITION = re.compile(rb'^edition = "([^"]+)"', re.MULTILINE)
OLDER, NEWER = "RS-2021", "RS-2026"
EDITIONS = "editions"  # folder of older content beside the content in force
_STAMP = len("596e77d3da98")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All clinical content. ``edition`` names it for people, ``digest`` (SHA-256) exactly.

    ``own_misfit`` says that a clinic's own rules do not fit it and are left out: no medicine is
    signed by it.
    """

    edition: str
    digest: str
    sources: Mapping[str, Source]
    facts: Mapping[str, FactSpec]
    schemes: Schemes
    rulebook: RuleBook
    triage: TriageRules
    derivation: DerivationRules
    follow_up: FollowUpRules
    medicines: Mapping[str, Medicine]
    directed: Mapping[str, DirectedMedicine]
    terms: Terms
    tests: Mapping[str, LabTest]
    thresholds: Thresholds
    protocols: Mapping[str, Protocol]
    plan_rules: PlanRules
    rems: Mapping[str, RemsRules]
    contraception: ContraceptionLists
    checklist: ChecklistRules
    prescription: PrescriptionRules
    lint: tuple[LintRule, ...]
    indications: tuple[Indication, ...]
    decisions: DecisionRules
    own_misfit: bool = False

    @property
    def stamp(self) -> str:
        """Edition and digest in short, as a signed consultation stores them."""
        return f"{self.edition}+{self.digest[:_STAMP]}"

    @property
    def rubrics(self) -> Mapping[str, Rubric]:
        """Count rubrics by id."""
        return self.schemes.rubrics

    @property
    def rubric(self) -> Rubric:
        """The count rubric that grades are proposed by."""
        return self.schemes.rubric

    @property
    def alcohol_hours(self) -> int:
        """Hours without alcohol before a fasting specimen."""
        return self.thresholds.alcohol_hours

    def rems_on(self, anchor: date, newer_from: date | None) -> RemsRules:
        """The rule set of a cycle; ``newer_from`` is the day the clinic confirmed, if any."""
        return rules_in_force(self.rems[OLDER], self.rems[NEWER], newer_from, anchor)


def load(folder: Path) -> Catalogue:
    """Read and check every content file below ``folder``.

    Raises:
        ContentError: the first fault, with file and line.
    """
    sources = read_sources(folder / "sources.toml")
    facts = read_facts(folder / "facts.toml", sources)
    tests = read_tests(folder / "monitoring" / "tests.toml", sources)
    protocols = read_protocols(folder / "monitoring", sources, tests)
    derivation = read_derivation(folder / "derivation.toml", sources)
    triage = read_triage(folder / "triage.toml", facts, sources)
    edition, digest = fingerprint(folder)
    return Catalogue(
        edition=edition,
        digest=digest,
        sources=sources,
        facts=facts,
        schemes=read_schemes(folder / "rubrics", sources),
        rulebook=read_rules(folder / "rules", facts, sources),
        triage=triage,
        derivation=derivation,
        follow_up=read_follow_up(folder / "follow_up.toml", sources),
        medicines=read_formulary(folder / "formulary", sources),
        directed=read_directed(folder / "formulary" / "directed", sources),
        terms=read_terms(folder / "prescription" / "terms.toml", sources),
        tests=tests,
        thresholds=read_thresholds(folder / "monitoring" / "thresholds.toml", sources, tests),
        protocols=protocols,
        plan_rules=read_plan_rules(
            folder / "monitoring" / "plan.toml", sources, tests, protocols, frozenset(facts)
        ),
        rems=read_rems(folder / "rems", sources),
        contraception=read_contraception(folder / "rems" / "contraception.toml", sources),
        checklist=read_checklist(folder / "rems" / "checklist.toml", sources),
        prescription=read_prescription_rules(folder / "prescription", sources),
        lint=read_lint(folder / "prescription" / "lint.toml", sources),
        indications=read_indications(folder / "indications.toml", sources, derivation.acne_icd10),
        decisions=read_decisions(
            folder / "decisions.toml", sources, frozenset(flag.code for flag in triage.flags)
        ),
    )


def fingerprint(folder: Path) -> tuple[str, str]:
    """(newest edition, SHA-256 over names and bytes) of the TOML files; older editions apart."""
    digest = hashlib.sha256()
    editions = []
    named = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.toml")}
    for name in sorted(named):
        if name.startswith(f"{EDITIONS}/"):
            continue
        content = named[name].read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
        found = _EDITION.search(content)  # the readers have parsed the file; once is enough
        if found is not None:
            editions.append(found.group(1).decode().replace("-", "."))
    return max(editions, default=""), digest.hexdigest()
