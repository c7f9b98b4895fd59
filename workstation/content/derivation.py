"""Numbers that computed facts rest on, from ``derivation.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.derivation import DerivationRules
from workstation.domain.explain import Source


def read_derivation(path: Path, sources: Mapping[str, Source]) -> DerivationRules:
    """All rules of derivation.

    Raises:
        ContentError: a missing or unknown key, or ``content.derivation.days`` below one.
    """
    top = read(path)
    top.whole("schema")
    edition = top.text("edition")
    acne = top.table("acne")
    prefixes = acne.texts("icd10")
    cited(acne, sources)
    acne.done()
    rules = DerivationRules(
        edition=edition,
        visit_days=_days(top, "visit", sources),
        positive_days=_days(top, "positive_test", sources),
        pregnancy_days=_days(top, "open_pregnancy", sources),
        long_course_days=_days(top, "long_course", sources),
        acne_icd10=prefixes,
        nodule_mm=_nodule(top, sources),
    )
    top.done()
    return rules


def _nodule(top: Table, sources: Mapping[str, Source]) -> int:
    table = top.table("nodule")
    least = table.whole("least_mm")
    cited(table, sources)
    table.done()
    return least


def _days(top: Table, key: str, sources: Mapping[str, Source]) -> int:
    table = top.table(key)
    days = table.whole("days")
    if days < 1:
        raise table.wrong("content.derivation.days", "days")
    cited(table, sources)
    table.done()
    return days
