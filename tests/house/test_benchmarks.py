"""Each benchmark runs and tells figures (no time is judged), and the table of all is whole and honest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as table
from tests.benchmarks.figures import Figure

MET = Figure("quick", 1.0, "ms", 2.0, "goal")
EXPLAINED = Figure("slow", 3.0, "ms", 2.0, "goal", why="the disk")
MISSED = Figure("slower", 3.0, "ms", 2.0, "goal")


@pytest.mark.parametrize(
    "name",
    ["engine", *(pytest.param(n, marks=pytest.mark.long) for n in table.ALL if n != "engine")],
)
def test_a_benchmark_runs_and_tells_figures(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "1")
    rows, _status = table.gathered(name)
    assert rows
    names = [row.figure.name for row in rows]
    assert len(set(names)) == len(names)  # one of a name would hide another in the baseline


def test_a_missed_goal_is_followed_by_its_reason_or_told_again() -> None:
    rows = [table.Row("engine", figure, True) for figure in (MET, EXPLAINED, MISSED)]
    lines = table.said(rows, [])
    assert [row.figure.verdict for row in rows] == ["met", "explained", "MISSED"]
    assert "because: the disk" in lines[2]
    assert "3 figures: 1 met, 1 explained, 1 missed without a reason" in lines
    assert lines[-1] == lines[3] and "slower" in lines[-1]


def test_what_did_not_run_stands_as_it_was_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "BASELINE", tmp_path / "baseline.json")
    assert table.kept() == []
    table.accept([table.Row("lists", MET, True), table.Row("engine", EXPLAINED, True)])
    again = table.whole([table.Row("lists", MISSED, True)], table.kept())
    assert [(row.benchmark, row.figure, row.fresh) for row in again] == [
        ("engine", EXPLAINED, False),
        ("lists", MISSED, True),
    ]
    assert "cores" in json.loads((tmp_path / "baseline.json").read_text())["machine"]


def test_the_accepted_figures_are_of_benchmarks_that_there_are() -> None:
    rows = table.kept()
    assert rows and {row.benchmark for row in rows} <= set(table.EVERY)
