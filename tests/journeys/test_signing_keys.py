"""Signing keys out of use: nothing more is signed with them, and what was signed before holds."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from clinic_day import Clinic
from cryptography.hazmat.primitives.serialization import Encoding
from test_amend_and_void import signed
from timestamp_authority import Authority

from workstation import bootstrap, cli_trust, showcase
from workstation.domain.accounts import Role
from workstation.domain.errors import Conflict, NotAllowed, Refused
from workstation.presenters.records_wording import verdict_lines
from workstation.workflow import sign, signing_keys, void
from workstation.workflow.verify import verify_file, verify_stored


def test_a_revoked_key_signs_nothing_and_its_earlier_documents_stay_valid(clinic: Clinic) -> None:
    _, documents = signed(clinic)
    clinic.clock.later(minutes=5)
    key = clinic.session.key
    assert key is not None
    other = clinic.take("Marsh")
    other.prescribe()
    made = signing_keys.revoke(clinic.desk, clinic.session, key.serial, "key_lost")

    assert other.sign() == sign.NoKey("sign.key.revoked")
    reason = void.EndReason("writing_error")
    shown = void.preview_void(clinic.desk, clinic.session, documents[0].id, reason)
    answer = void.void(clinic.desk, clinic.session, shown, showcase.PIN)
    assert answer == sign.NoKey("sign.key.revoked")
    found = verify_stored(clinic.desk, clinic.session, documents[0])
    assert (found.state, found.holds, found.revoked_since) == ("valid", True, made.since)
    said = [f"{title} {more}" for _, title, more in verdict_lines(found, None)]
    assert any("revoked since" in line and "stays valid" in line for line in said)
    assert "trust.key_revoked" in clinic.actions()
    assert clinic.opened.check() == ()


def test_what_a_stolen_key_signed_is_untrusted(clinic: Clinic) -> None:
    _, documents = signed(clinic)
    key = clinic.session.key
    assert key is not None
    since = documents[0].signed_at - timedelta(hours=1)
    clinic.clock.later(minutes=5)
    signing_keys.revoke(clinic.desk, clinic.session, key.serial, "key_stolen", since)

    found = verify_stored(clinic.desk, clinic.session, documents[0])
    assert (found.state, found.because) == ("untrusted", ("signature.certificate.revoked",))
    told = bootstrap.verify(clinic.opened, clinic.desk.vault.get(documents[0].address))
    assert told["state"] == "untrusted" and told["revoked_since"] == since.isoformat()


def test_outside_the_store_nobody_can_tell_when_a_revoked_key_signed(clinic: Clinic) -> None:
    _, documents = signed(clinic)
    pdf = clinic.desk.vault.get(documents[0].address)
    assert clinic.desk.signer.verify(pdf).state == "valid"
    clinic.clock.later(seconds=10)  # within what the signer remembers of its own files
    signing_keys.revoke(clinic.desk, clinic.session, documents[0].certificate, "replaced")

    assert clinic.desk.signer.verify(pdf).because == ("signature.certificate.revoked",)
    assert verify_file(clinic.desk, clinic.session, pdf).holds


def test_who_may_revoke_which_key(clinic: Clinic) -> None:
    own = clinic.session.user.certificate
    assert own is not None
    colleague = clinic.colleague()
    administrator = clinic.colleague(Role.ADMINISTRATOR, "admin")
    revoke = signing_keys.revoke

    with pytest.raises(NotAllowed):
        revoke(clinic.desk, colleague, own, "left_clinic")
    with pytest.raises(Refused, match=r"trust\.reason"):
        revoke(clinic.desk, administrator, own, "because")
    with pytest.raises(Refused, match=r"trust\.serial"):
        revoke(clinic.desk, administrator, "no serial", "left_clinic")
    with pytest.raises(Refused, match=r"trust\.since"):
        later = clinic.clock.now() + timedelta(hours=1)
        revoke(clinic.desk, administrator, own, "left_clinic", later)
    with pytest.raises(Conflict, match=r"trust\.serial\.unknown"):
        revoke(clinic.desk, administrator, "abc123", "left_clinic")
    made = revoke(clinic.desk, administrator, own.upper(), "left_clinic")
    with pytest.raises(Conflict, match=r"trust\.revoked\.already"):
        revoke(clinic.desk, administrator, own, "left_clinic")
    rows = {row.serial: row for row in signing_keys.listed(clinic.desk, administrator)}
    assert rows[own].revocation == made
    assert colleague.user.certificate is not None
    assert rows[colleague.user.certificate].revocation is None


def test_the_command_line_sets_a_server_and_revokes(
    clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = tmp_path / "authority.pem"
    root = Authority(clinic.clock.now()).root
    certificate.write_bytes(root.public_bytes(Encoding.PEM))
    serial = clinic.session.user.certificate
    assert serial is not None
    parser = argparse.ArgumentParser()
    opened = replace(clinic.opened, closers=())
    cli_trust.verbs(parser.add_subparsers(), lambda _: None, lambda _: opened)

    def ran(*words: str) -> str:
        options = parser.parse_args(words)
        assert options.command(options) == 0
        return capsys.readouterr().out

    told = ran("timestamps", "--server", "https://time.example/", "--trust", str(certificate))
    assert "Time stamp server: https://time.example/" in told
    assert "Trusted for times: Time Root" in told
    assert "in use" in ran("keys")
    assert "revoked since" in ran("keys", "--revoke", serial, "--reason", "left_clinic")
    assert "Time stamp server: none" in ran("timestamps", "--server", "")
