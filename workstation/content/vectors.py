"""Worked cases run against the content: each kind is one row from its inputs to a public function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from workstation.content.catalogue import Catalogue
from workstation.content.vector_facts import FACT_ROWS
from workstation.content.vector_lab_rows import LAB_ROWS
from workstation.content.vector_rows import ROWS
from workstation.domain.errors import ContentError, WorkstationError

SCHEMA = "golden-cases/1"
SETS = frozenset({"codes", "tell"})  # compared without order; every other list is ordered
_KINDS = {**ROWS, **LAB_ROWS, **FACT_ROWS}


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: what was expected, what came out, and the keys that differ."""

    id: str
    kind: str
    expected: Mapping[str, Any]
    actual: Mapping[str, Any]
    differs: tuple[str, ...]
    unsupported: bool
    fault: str  # dotted code of a refused input, else ""

    @property
    def passed(self) -> bool:
        """Whether every expected key came out as expected."""
        return not (self.differs or self.unsupported or self.fault)

    def text(self) -> str:
        """One line for people."""
        if self.unsupported:
            return f"{self.id} {self.kind}: not supported"
        if self.fault:
            return f"{self.id} {self.kind}: {self.fault}"
        if self.passed:
            return f"{self.id} {self.kind}: as expected"
        parts = (f"{k} {self.actual.get(k)!r}, expected {self.expected[k]!r}" for k in self.differs)
        return f"{self.id} {self.kind}: {'; '.join(parts)}"


def kinds() -> tuple[str, ...]:
    """All supported kinds."""
    return tuple(sorted(_KINDS))


def run(cases: Path, catalogue: Catalogue) -> tuple[CaseResult, ...]:
    """Every case of a JSON file, in file order; an unknown kind is reported, never skipped.

    Raises:
        ContentError: ``content.cases.unreadable`` or ``content.cases.shape``.
    """
    try:
        top = json.loads(cases.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise ContentError("content.cases.unreadable", file=cases.name, line=1) from error
    rows = top.get("cases") if isinstance(top, dict) else None
    if not isinstance(rows, list) or top.get("schema") != SCHEMA or not all(map(_is_case, rows)):
        raise ContentError("content.cases.shape", file=cases.name, line=1)
    return tuple(run_one(row, catalogue) for row in rows)


def _is_case(row: object) -> bool:
    return isinstance(row, dict) and {"id", "kind", "expected"} <= row.keys()


def run_one(case: Mapping[str, Any], catalogue: Catalogue) -> CaseResult:
    """One case: ``id``, ``kind``, ``inputs`` and ``expected``."""
    id_, kind, expected = str(case["id"]), str(case["kind"]), case["expected"]
    row = _KINDS.get(kind)
    if row is None:
        return CaseResult(id_, kind, expected, {}, (), True, "")
    try:
        actual = row(case["inputs"], catalogue)
    except WorkstationError as error:
        return CaseResult(id_, kind, expected, {}, (), False, error.code)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return CaseResult(id_, kind, expected, {}, (), False, "content.cases.inputs")
    differs = tuple(k for k, v in expected.items() if not _same(k, v, actual.get(k, _ABSENT)))
    return CaseResult(id_, kind, expected, actual, differs, False, "")


def plain(result: CaseResult) -> dict[str, Any]:
    """A result as JSON types."""
    return {
        "id": result.id,
        "kind": result.kind,
        "passed": result.passed,
        "unsupported": result.unsupported,
        "fault": result.fault,
        "differs": list(result.differs),
        "expected": dict(result.expected),
        "actual": {k: _json(v) for k, v in result.actual.items()},
    }


_ABSENT = object()


def _same(key: str, expected: Any, actual: Any) -> bool:
    if key in SETS and isinstance(expected, list) and isinstance(actual, (list, tuple)):
        return set(expected) == set(actual) and len(expected) == len(actual)
    return bool(_json(expected) == _json(actual))


def _json(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, Decimal)):
        return float(value)
    if isinstance(value, (list, tuple)):
        return [_json(v) for v in value]
    if isinstance(value, dict):
        return {k: _json(v) for k, v in value.items()}
    return value if isinstance(value, str) else str(value)
