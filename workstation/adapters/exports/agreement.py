"""Agreement of readings as JSON and CSV; no patient, consultations by their id alone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from workstation.domain.agreement import Agreement, linear, weighted_kappa
from workstation.domain.lesions import Annotation

COLUMNS = ("consultation", "type", "first", "second", "icc_2_1", "icc_low_95", "icc_high_95")


def to_json(found: Mapping[str, Agreement], grades: Sequence[str]) -> str:
    """Everything, with the linearly weighted kappa of the grades over all consultations."""
    whole = {
        "grade_weighted_kappa": weighted_kappa([a.grades for a in found.values()], grades, linear),
        "consultations": [
            {
                "consultation": id_,
                "grades": list(agreement.grades),
                "total_icc_2_1": agreement.total_icc,
                "total_icc_95": agreement.total_interval,
                "type_kappa": agreement.type_kappa,
                "types": [
                    {
                        "type": t.type.value,
                        "first": t.first,
                        "second": t.second,
                        "icc_2_1": t.icc,
                        "icc_95": t.interval,
                    }
                    for t in agreement.types
                ],
                "paired": len(agreement.paired.both),
                "first_only": [_place(a) for a in agreement.paired.first_only],
                "second_only": [_place(a) for a in agreement.paired.second_only],
            }
            for id_, agreement in found.items()
        ],
    }
    return json.dumps(whole, indent=1) + "\n"


def to_csv(found: Mapping[str, Agreement], grades: Sequence[str]) -> str:
    """One row for each consultation and type, and one for all types together."""
    del grades
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for id_, agreement in found.items():
        for t in agreement.types:
            ends = _ends(t.interval)
            writer.writerow((id_, t.type.value, t.first, t.second, _number(t.icc), *ends))
        first = sum(t.first for t in agreement.types)
        second = sum(t.second for t in agreement.types)
        ends = _ends(agreement.total_interval)
        writer.writerow((id_, "all", first, second, _number(agreement.total_icc), *ends))
    return out.getvalue()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _ends(interval: tuple[float, float] | None) -> tuple[str, str]:
    return ("", "") if interval is None else (_number(interval[0]), _number(interval[1]))


def _place(annotation: Annotation) -> dict[str, object]:
    return {
        "photo": annotation.photo,
        "type": annotation.type.value,
        "x": annotation.at.x,
        "y": annotation.at.y,
    }
