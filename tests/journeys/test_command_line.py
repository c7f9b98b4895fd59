"""The commands on a real store, run as a user runs them: in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from clinic_day import TODAY, copy_of

from workstation.demo import packages
from workstation.demo.people import person
from workstation.showcase import LOGIN, PASSWORD


def ran(*words: str, password: Path | None = None) -> subprocess.CompletedProcess[str]:
    secret = ("--user", LOGIN, "--password-file", str(password)) if password else ()
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, "-m", "workstation", *words, *secret],
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )


def test_help_names_only_what_exists():
    done = ran("--help")
    assert done.returncode == 0
    for command in ("demo", "tour", "import", "queue", "check-content", "verify", "audit"):
        assert command in done.stdout
        assert ran(command, "--help").returncode == 0


def test_content_and_golden_cases_are_as_expected():
    cases = Path(__file__).parents[1] / "content" / "golden-cases.json"
    done = ran("check-content", "--cases", str(cases))
    assert done.returncode == 0, done.stdout[-2000:]
    assert "140 of 140 cases as expected" in done.stdout


def test_an_unknown_kind_of_case_is_not_skipped(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(
        json.dumps(
            {
                "schema": "golden-cases/1",
                "cases": [{"id": "X-1", "kind": "horoscope", "input": {}, "expected": {}}],
            }
        )
    )
    done = ran("check-content", "--cases", str(path))
    assert done.returncode == 2
    assert "not supported" in done.stdout


def test_a_window_without_a_display_is_said_in_words():
    done = ran()
    assert done.returncode == 1
    assert "No display here" in done.stdout


def test_commands_on_no_store_say_so(tmp_path):
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    done = ran("queue", "--store", str(tmp_path / "nowhere"), password=secret)
    assert done.returncode == 1
    assert "store.none" in done.stderr


@pytest.fixture
def store(base_store: Path, tmp_path: Path) -> tuple[Path, Path]:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    return copy_of(base_store, tmp_path / "store"), secret


def test_import_queue_audit_and_a_wrong_password(store, tmp_path):
    folder, secret = store
    who = person("okafor-daniel")
    kind, content = packages.package(who, who.visits[-1], TODAY)
    good, bad = tmp_path / f"one.{kind}", tmp_path / "two.json"
    good.write_bytes(content)
    bad.write_text('{"resourceType": "Patient"}')
    done = ran("import", str(good), str(bad), "--store", str(folder), "--json", password=secret)
    results = {row["file"]: row["result"] for row in json.loads(done.stdout)}
    assert results == {good.name: "stored", bad.name: "refused"}
    assert done.returncode == 1
    again = ran("import", str(good), "--store", str(folder), "--json", password=secret)
    assert json.loads(again.stdout)[0]["result"] == "already here"
    listed = json.loads(ran("queue", "--store", str(folder), "--json", password=secret).stdout)
    assert any(row["patient"] == "OKAFOR, Daniel" for row in listed)
    audit = ran("audit", "--store", str(folder), "--json", password=secret)
    assert audit.returncode == 0 and json.loads(audit.stdout)["whole"]
    secret.write_text("not the password at all")
    assert ran("queue", "--store", str(folder), password=secret).returncode == 1


def test_verify_says_unsigned_and_broken(store, tmp_path):
    folder, secret = store
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(b"no pdf at all")
    done = ran("verify", str(plain), "--store", str(folder), "--json", password=secret)
    assert done.returncode == 1
    assert json.loads(done.stdout)["state"] in ("broken", "unsigned")
