"""The commands on a real store, run as a user runs them: in a process of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from clinic_day import TODAY, copy_of

from workstation import cli
from workstation.demo import packages
from workstation.demo.people import person
from workstation.showcase import LOGIN, PASSWORD


def ran(
    *words: str, password: Path | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    secret = ("--user", LOGIN, "--password-file", str(password)) if password else ()
    env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, "-m", "workstation", *words, *secret],
        capture_output=True,
        text=True,
        env={**env, **settings},
        check=False,
    )


def test_help_names_only_what_exists(capsys):
    done = ran("--help")
    assert done.returncode == 0
    for command in ("demo", "tour", "import", "queue", "check-content", "verify", "audit"):
        assert command in done.stdout
        with pytest.raises(SystemExit) as ended:  # the same parser, in this process
            cli.run([command, "--help"])
        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: workstation {command} ")


def test_an_output_without_the_letters_of_a_sentence_ends_no_command():
    done = ran("explain", "--help", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert r"patient\u2019s" in done.stdout


def test_a_package_that_is_not_there_is_no_faulty_package(capsys, tmp_path):
    assert cli.run(["validate-package", str(tmp_path / "request.zip")]) == 1
    told = capsys.readouterr()
    assert "request.zip is not there" in told.err and not told.out


def test_content_and_golden_cases_are_as_expected():
    cases = Path(__file__).parents[1] / "content" / "golden-cases.json"
    done = ran("check-content", "--cases", str(cases))
    assert done.returncode == 0, done.stdout[-2000:]
    assert "140 of 140 cases as expected" in done.stdout


def test_a_text_without_its_words_in_spanish_fails_the_check_unless_it_is_let_pass(
    tmp_path, capsys, monkeypatch
):
    from workstation import assets

    languages = Path(shutil.copytree(assets.resource("language"), tmp_path / "language"))
    words = languages / "es" / "clinical.toml"
    lines = words.read_text(encoding="utf-8").splitlines()
    words.write_text(
        "\n".join(x for x in lines if not x.startswith('"On isotretinoin" =')), "utf-8"
    )
    resource = assets.resource
    monkeypatch.setattr(
        assets, "resource", lambda *at: languages if at == ("language",) else resource(*at)
    )
    assert cli.run(["check-content"]) == 1
    assert "On isotretinoin" in capsys.readouterr().out
    assert cli.run(["check-content", "--untranslated"]) == 0
    assert "On isotretinoin" in capsys.readouterr().out


def test_an_unknown_kind_of_case_is_not_skipped(tmp_path, capsys):
    path = tmp_path / "cases.json"
    path.write_text(
        json.dumps(
            {
                "schema": "golden-cases/1",
                "cases": [{"id": "X-1", "kind": "horoscope", "input": {}, "expected": {}}],
            }
        )
    )
    assert cli.run(["check-content", "--cases", str(path)]) == 2
    assert "not supported" in capsys.readouterr().out


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


def test_import_queue_audit_and_a_wrong_password(store, tmp_path, capsys):
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
    listed = json.loads(ran("queue", "--store", str(folder), "--json", password=secret).stdout)
    assert any(row["patient"] == "OKAFOR, Daniel" for row in listed)
    # The commands themselves once more, without the time that a program takes to start.
    where = ("--store", str(folder), "--user", LOGIN, "--password-file", str(secret))
    assert cli.run(["import", str(good), *where, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["result"] == "already here"
    assert cli.run(["audit", *where, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["whole"]
    secret.write_text("not the password at all")
    assert cli.run(["queue", *where]) == 1
    assert "User name or password not accepted" in capsys.readouterr().err


def test_verify_says_unsigned_and_broken(store, tmp_path, capsys):
    folder, secret = store
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(b"no pdf at all")
    where = ("--store", str(folder), "--user", LOGIN, "--password-file", str(secret))
    assert cli.run(["verify", str(plain), *where, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["state"] in ("broken", "unsigned")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["import", "nowhere.zip", "--password-file", "nowhere"], "command.file.missing"),
        (["queue", "--store", "STORE", "--user", LOGIN], "command.nobody"),
        (
            ["queue", "--store", "STORE", "--user", LOGIN, "--password-file", "none"],
            "command.file.missing",
        ),
        (
            ["recover", "--store", "STORE", "--user", LOGIN, "--password-file", "BYTES"],
            "command.file.text",
        ),
        (["check-content", "--overlay", "nowhere"], "command.file.missing"),
        (["open", "--store", "STORE", "nowhere.dermpkg"], "command.file.missing"),
        (["check-content", "--cases", "nowhere"], "content.cases.unreadable"),
        (["second-read", "--consultation", "x", "nowhere"], "command.file.missing"),
        (["new-package", "--patient-bundle", "nowhere", "--out", "x.json"], "command.file.missing"),
        (["export", "queue", "--out", "none/x.csv", "OPEN"], "command.file.missing"),
        (["agreement", "--consultation", "nobody's", "OPEN"], "consultation.gone"),
        (["backup", "--to", "BYTES/below", "OPEN"], "backup.folder"),
        (["export-patient", "MK-1", "2001-02-03", "--to", "x", "OPEN"], "export.patient.none"),
    ],
    ids=lambda v: v if isinstance(v, str) else v[0],
)
def test_what_cannot_be_done_is_said_in_a_sentence_with_its_code(
    words, code, store, tmp_path, capsys, monkeypatch
):
    folder, secret = store
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    named = {"STORE": [str(folder)], "BYTES": [str(tmp_path / "bytes")]}
    named["OPEN"] = ["--store", str(folder), "--user", LOGIN, "--password-file", str(secret)]
    named["BYTES/below"] = [str(tmp_path / "bytes" / "below")]
    monkeypatch.chdir(tmp_path)

    def nobody(_: str = "") -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    assert cli.run([part for word in words for part in named.get(word, [word])]) == 1
    said = capsys.readouterr().err
    assert f"({code}" in said and "Something did not work" not in said
    assert not {"x.json", "x", "none"} & {path.name for path in tmp_path.iterdir()}
