"""A FHIR server over TLS by the commands: packages come, results go back, what ended is taken back."""

from __future__ import annotations

import contextlib
import json
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from clinic_day import Clinic, Hand, with_plain_pages
from test_basket import PHARMACY
from test_handing_over import valid_r4

from tests.tls_authority import Authority
from workstation import cli, showcase
from workstation.adapters.exports import outcome
from workstation.adapters.inbox.server import FhirServer, ServerPlace
from workstation.domain.accounts import Role
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import Directed, ItemKind, Key
from workstation.domain.errors import WorkstationError
from workstation.workflow import handing_over, queue, sign, void
from workstation.workflow.appraisal import ISOTRETINOIN

TOPICAL = "azelaic_acid"
SERVER = Path(__file__).parents[1] / "adapters" / "inbox" / "strict_fhir_server.py"


@contextlib.contextmanager
def running(count: int, files: tuple[Path, Path] | None = None) -> Iterator[int]:
    tls = [] if files is None else ["plain", *map(str, files)]
    process = subprocess.Popen(
        [sys.executable, str(SERVER), str(count), *tls],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def refused(base: str, anchor: Path | None, tmp_path: Path) -> tuple[str, list[float]]:
    """How a pull ends, and what was waited meanwhile."""
    waits: list[float] = []
    server = FhirServer(ServerPlace(base, "secret-token", anchor), waits.append)
    with pytest.raises(WorkstationError) as error:
        list(server.pull(tmp_path, tmp_path / "state"))
    assert not list(tmp_path.glob("*.json"))
    return error.value.code, waits


def test_a_certificate_that_does_not_hold_is_refused_at_once(
    authority: Authority, tmp_path: Path
) -> None:
    """Wrong name, ended, of a stranger, of nobody we trust: no second try, and no token is sent."""
    stranger = Authority(tmp_path, "Stranger")
    cases = (
        (authority.server("elsewhere.example"), authority.anchor),
        (authority.server(expired=True), authority.anchor),
        (stranger.server(), authority.anchor),
        (authority.server(), None),  # whom this computer trusts does not include our authority
    )
    for files, anchor in cases:
        with running(1, files) as port:
            code, waits = refused(f"https://127.0.0.1:{port}/fhir", anchor, tmp_path)
            assert (code, waits) == ("server.certificate", [])
    with running(1) as port:  # a server that speaks no TLS
        code, _ = refused(f"https://127.0.0.1:{port}/fhir", authority.anchor, tmp_path)
        assert code == "server.unreachable"


@pytest.fixture
def commands(
    clinic: Clinic, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Any, Any]]:
    """(run a command against the server, what the server holds)."""
    monkeypatch.setattr(cli, "open_named", lambda options: clinic.opened)
    monkeypatch.setattr(clinic.opened, "close", lambda: None)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    token = tmp_path / "token"
    token.write_text("secret-token\n")
    trusted = ssl.create_default_context(cafile=str(authority.anchor))
    with running(5, authority.server()) as port:
        at = [
            "--server", f"https://127.0.0.1:{port}/fhir", "--token-file", str(token),
            "--authorities", str(authority.anchor),
        ]  # fmt: skip

        def held() -> dict[str, Any]:
            url = f"https://127.0.0.1:{port}/_seen"
            with urllib.request.urlopen(url, context=trusted) as answer:
                return dict(json.load(answer)["created"])

        yield (lambda what, *more: cli.run(["fhir-server", what, *at, *more])), held


def test_packages_come_over_tls_and_nothing_comes_twice(
    commands: tuple[Any, Any], clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    run, _ = commands
    assert run("pull") == 0
    assert "5 new or changed, 0 refused" in capsys.readouterr().out
    rows = handing_over.queue(clinic.desk, clinic.session)
    assert run("pull") == 0
    assert "0 new or changed" in capsys.readouterr().out
    assert handing_over.queue(clinic.desk, clinic.session) == rows


def test_who_may_not_import_fetches_nothing(
    commands: tuple[Any, Any],
    clinic: Clinic,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run, _ = commands
    reader = replace(clinic.session.user, role=Role.SECOND_READER)
    monkeypatch.setattr(clinic.opened, "session", replace(clinic.session, user=reader))
    assert run("pull") == 1
    assert "session.permission" in capsys.readouterr().err
    assert not list(clinic.opened.inbox.glob("*.json"))


def test_results_go_back_once_and_what_ended_is_taken_back(
    commands: tuple[Any, Any], clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    run, held = commands
    hand = clinic.take("Nguy\u1ec5n")
    hand.prescribe()
    hand.put("medicine.added", (Key.of(ItemKind.DIRECTED, TOPICAL), usual(hand)),
             (Key.of(ItemKind.PHARMACY), PHARMACY))  # fmt: skip
    hand.reasons()
    first = hand.sign()
    assert isinstance(first, sign.Signed), first
    numbers = {d.kind: d.number for d in first.documents}
    command = ("send", "--consultation", hand.id, "--subject", "Patient/7")

    assert run(*command) == 0
    told = held()
    # A product of each strength is an order of its own: a pharmacy dispenses packages.
    capsules = f"{outcome.NUMBER}|{numbers[DocumentKind.PRESCRIPTION]}/isotretinoin-"
    strengths = {key for key in told if key.startswith(capsules)}
    assert strengths and set(told) == {
        *(f"{outcome.NUMBER}|{number}" for number in numbers.values()),
        *strengths,
        f"{outcome.NUMBER}|{numbers[DocumentKind.PRESCRIPTION_DIRECTED]}/{TOPICAL}",
    }
    assert {r["subject"]["reference"] for r in told.values()} == {"Patient/7"}
    valid_r4({"resourceType": "Bundle", "type": "collection",
              "entry": [{"resource": plain(r)} for r in told.values()]})  # fmt: skip
    by_medicine = {
        r["identifier"][0]["value"].rpartition("/")[2]: r
        for r in told.values()
        if r["resourceType"] == "MedicationRequest"
    }
    cream = by_medicine[TOPICAL]
    item = usual(hand)
    assert cream["dispenseRequest"]["quantity"]["value"] == float(item.quantity)
    assert cream["dispenseRequest"]["numberOfRepeatsAllowed"] == item.refills
    assert cream["dosageInstruction"][0]["text"].endswith(".")
    for key in strengths:
        assert told[key]["dispenseRequest"]["numberOfRepeatsAllowed"] == 0
    assert run(*command) == 0 and held() == told
    assert f"0 sent, {len(told)} there already, 0 changed" in capsys.readouterr().out

    clinic.clock.later(minutes=30)
    answer = void.amend(clinic.desk, clinic.session, hand.id, void.EndReason("dose_change"))
    assert isinstance(answer, queue.Claimed)
    again = Hand(clinic.desk, clinic.session, hand.id, answer.claim.token)
    daily = Decimal(str(again.appraisal.dose.daily)) - 10
    again.put("treat.dose", (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), again.regimen(daily)))
    again.reasons()
    # Half an amendment is nothing that was signed: the draft's dose is told to nobody.
    assert run(*command) == 0 and held() == told
    new = again.sign()
    assert isinstance(new, sign.Signed), new
    assert run(*command) == 0
    after = held()
    status = {key: r["status"] for key, r in after.items()}
    for key in told:
        medicine = told[key]["resourceType"] == "MedicationRequest"
        assert status[key] == ("cancelled" if medicine else "superseded"), key
    fresh = {key: r for key, r in after.items() if key not in told}
    assert {r["resourceType"] for r in fresh.values()} == {r["resourceType"] for r in told.values()}
    assert {r["status"] for r in fresh.values()} == {"active", "current"}
    doses = [
        sum(
            d["doseAndRate"][0]["doseQuantity"]["value"]
            for r in source.values()
            if "/isotretinoin-" in r["identifier"][0]["value"]
            for d in r["dosageInstruction"]
        )
        for source in (told, fresh)
    ]
    assert doses[1] == doses[0] - 10

    for kind in (DocumentKind.PRESCRIPTION, DocumentKind.PRESCRIPTION_DIRECTED):
        (rx,) = [d for d in new.documents if d.kind is kind]
        shown = void.preview_void(
            clinic.desk, clinic.session, rx.id, void.EndReason("writing_error")
        )
        assert isinstance(void.void(clinic.desk, clinic.session, shown, showcase.PIN), void.Voided)
        assert run(*command) == 0
        ended = {key: r["status"] for key, r in held().items() if rx.number in key}
        assert set(ended.values()) == {"entered-in-error"} and len(ended) >= 2
        assert "1 sent" in capsys.readouterr().out.splitlines()[-1]  # the notice


def plain(resource: dict[str, Any]) -> dict[str, Any]:
    """Without what the server added."""
    return {key: value for key, value in resource.items() if key not in ("id", "meta")}


def usual(hand: Hand) -> Directed:
    found = hand.desk.catalogue.directed[TOPICAL].usual("acne")
    assert found is not None
    return found.directed
