"""Each benchmark runs and tells figures (no time is judged), and the table of all is whole and honest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as table
from tests.benchmarks import reasons
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
    assert "because: 1.00 ms over, 50 %: the disk" in lines[2]
    assert "3 figures: 1 met, 1 explained, 1 missed without a reason" in lines
    assert lines[-1] == lines[3] and "slower" in lines[-1]


def test_what_did_not_run_stands_as_it_was_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "BASELINE", tmp_path / "baseline.json")
    assert table.kept() == []
    table.accept([table.Row("lists", MET, True), table.Row("engine", EXPLAINED, True, 3.44)])
    again = table.whole([table.Row("lists", MISSED, True)], table.kept())
    assert [(row.benchmark, row.figure, row.fresh) for row in again] == [
        ("engine", EXPLAINED, False),
        ("lists", MISSED, True),
    ]
    assert table.line(again[0], None).splitlines()[0].endswith("explained  at load 3.4  kept")
    assert "cores" in json.loads((tmp_path / "baseline.json").read_text())["machine"]


def test_the_accepted_table_is_whole_and_every_missed_goal_has_its_reason() -> None:
    rows = table.kept()
    assert {row.benchmark for row in rows} <= set(table.EVERY)
    assert table.lacking(rows) == []
    assert [row.figure.line() for row in rows if row.figure.verdict == "MISSED"] == []


def test_a_known_reason_holds_for_its_figures_and_up_to_its_ratio() -> None:
    known = reasons.KNOWN[0]
    name = next(r.figure.name for r in table.kept() if known.names.fullmatch(r.figure.name))
    within = Figure(name, known.most, "ms", 1.0, "goal")
    assert within.verdict == "explained" and known.why in within.because
    assert Figure(name, known.most + 0.01, "ms", 1.0, "goal").verdict == "MISSED"
    assert Figure(f"{name} or so", known.most, "ms", 1.0, "goal").verdict == "MISSED"
    names = {row.figure.name for row in table.kept()}
    for one in reasons.KNOWN:  # each is of a figure that there is
        assert any(one.names.fullmatch(name) for name in names), one.why


def test_the_command_fails_while_a_missed_goal_has_no_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(table, "BASELINE", tmp_path / "baseline.json")
    monkeypatch.setattr("sys.argv", ["benchmarks", "--kept"])
    rows = [table.Row(name, MET, True) for name in table.EVERY]
    for accepted, status in (
        (rows, 0),
        (rows[1:], 1),
        ([*rows, rows[0]._replace(figure=MISSED)], 1),
    ):
        table.accept(accepted)
        assert table.main() == status
    assert "slower" in capsys.readouterr().out
