"""Keys of one's own: taken in with their chain, signed with, verified; and everything refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from clinic_day import Clinic, Hand
from own_authority import FILE_PASSWORD, SERVER, Outside, new_key
from test_amend_and_void import make_void, signed

from workstation import bootstrap, cli_trust, showcase
from workstation.adapters.documents.chain import build
from workstation.adapters.documents.keys import LoadedKey
from workstation.adapters.documents.signer import PadesSigner
from workstation.adapters.documents.trust import hex_serial
from workstation.domain.errors import Conflict, NotAllowed, Refused
from workstation.domain.trust import TrustAdded
from workstation.presenters import wording
from workstation.workflow import sign, signing_keys
from workstation.workflow.ports import VisibleSignature
from workstation.workflow.verify import verify_stored


@pytest.fixture
def outside(clinic: Clinic) -> Outside:
    return Outside(clinic.clock.now())


def named(clinic: Clinic) -> str:
    return clinic.session.user.name


def take(clinic: Clinic, content: bytes, password: str = FILE_PASSWORD) -> None:
    clinic.opened.session = signing_keys.import_file(
        clinic.desk, clinic.session, showcase.PASSWORD, content, password
    )


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("p256", marks=pytest.mark.long),
        pytest.param("p384", marks=pytest.mark.long),
        "rsa2048",
    ],
)
def test_an_own_key_signs_and_its_documents_verify(
    clinic: Clinic, outside: Outside, kind: str, open_clinic: Callable[..., Clinic]
) -> None:
    _, before = signed(clinic, "Al-Hashimi")
    old = clinic.session.user.certificate
    take(clinic, outside.file(new_key(kind), name=f"{named(clinic)} MD"))
    assert clinic.session.user.certificate != old
    _, documents = signed(clinic)
    pdf = clinic.desk.vault.get(documents[0].address)
    found = verify_stored(clinic.desk, clinic.session, documents[0])
    assert (found.state, found.holds) == ("valid", True) and named(clinic) in found.signer
    # One byte of it changed, or seen by a store that never took this key in: never valid.
    changed = bytearray(pdf)
    changed[pdf.index(b"/Contents <") + 900] ^= 1
    assert clinic.desk.signer.verify(bytes(changed)).state != "valid"
    plain = PadesSigner(clinic.desk.signer._own, clinic.clock, showcase.CLINIC.time_zone)
    assert plain.verify(pdf).state == "untrusted"
    # What was signed before with the clinic's key stays valid, and everything after a restart too.
    assert verify_stored(clinic.desk, clinic.session, before[0]).holds
    folder, clock = clinic.opened.folder, clinic.clock
    clinic.opened.close()
    again = open_clinic(folder, clock)
    assert again.session.key is not None
    assert again.session.key.serial == documents[0].certificate
    assert verify_stored(again.desk, again.session, documents[0]).holds
    make_void(again, documents[0].id)
    assert "trust.key_taken" in again.actions()
    assert again.opened.check() == ()


@pytest.mark.needs("pdfsig")
def test_other_programs_accept_a_signature_with_an_own_chain(
    clinic: Clinic, outside: Outside, tmp_path: Path
) -> None:
    import subprocess

    take(clinic, outside.file(new_key("rsa2048"), name=named(clinic)))
    _, documents = signed(clinic)
    path = tmp_path / "rx.pdf"
    path.write_bytes(clinic.desk.vault.get(documents[0].address))
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in said.stdout and "Total document signed" in said.stdout


def test_another_certificate_of_the_same_authority_is_not_trusted(
    clinic: Clinic, outside: Outside
) -> None:
    """The authority serves the world: only the very certificate that was taken in counts."""
    take(clinic, outside.file(name=named(clinic)))
    hand = clinic.take("Nguyễn")
    hand.prescribe()
    shown = hand.preview().documents[0]
    key = new_key()
    leaf = outside.leaf(key, named(clinic))
    chain = build(leaf, [outside.middle, outside.root])
    other = LoadedKey(hex_serial(leaf), leaf.not_valid_after_utc, leaf, chain.above, key)
    block = VisibleSignature((named(clinic),), coded=True)
    with pytest.raises(NotAllowed) as caught:
        clinic.desk.signer.sign(shown.pdf, other, block, "x", "y", clinic.clock.now())
    assert caught.value.code == "signing.key.foreign"
    # A file that somebody made with it elsewhere.
    elsewhere = PadesSigner(
        clinic.desk.signer._own,
        clinic.clock,
        showcase.CLINIC.time_zone,
        added=lambda: TrustAdded(signers=(chain.der,)),
    )
    forged = elsewhere.sign(shown.pdf, other, block, "x", "y", clinic.clock.now())
    assert elsewhere.verify(forged).state == "valid"
    assert clinic.desk.signer.verify(forged).state == "untrusted"


def refusals(clinic: Clinic, outside: Outside) -> dict[str, Callable[[], bytes]]:
    name = named(clinic)
    key = new_key()
    short = Outside(clinic.clock.now(), middle_ends=timedelta(days=-1))
    return {
        "key.import.unreadable": lambda: b"no key at all",
        "key.import.pair": lambda: _of_another_key(outside, name),
        "key.import.expired": lambda: outside.file(
            name=name, starts=timedelta(days=-30), ends=timedelta(days=-1)
        ),
        "key.import.early": lambda: outside.file(name=name, starts=timedelta(days=1)),
        "key.import.use": lambda: outside.file(name=name, usage=False),
        "key.import.name": lambda: outside.file(name="Somebody Else"),
        "key.import.chain": lambda: outside.file(name=name, chain=()),
        "key.import.chain.invalid": lambda: short.file(name=name),
        "key.import.weak": lambda: outside.file(new_key("p521"), name=name),
        "key.import.self_signed": lambda: outside.file(
            key,
            leaf=outside._made(name, key, name, key, purposes=(SERVER,), demonstration=True),
            chain=(),
        ),
        "key.import.kind.demonstration": lambda: outside.file(name=name, demonstration=False),
    }


def _of_another_key(outside: Outside, name: str) -> bytes:
    """Key and certificate of different people in one file, as a careless script makes it."""
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    return pkcs12.serialize_key_and_certificates(
        b"me",
        new_key(),
        None,
        [outside.leaf(new_key(), name), outside.middle, outside.root],
        BestAvailableEncryption(FILE_PASSWORD.encode()),
    )


def test_each_key_that_cannot_sign_is_refused_with_its_sentence(
    clinic: Clinic, outside: Outside
) -> None:
    before = clinic.session.user.certificate
    sentences = set()
    for code, content in refusals(clinic, outside).items():
        with pytest.raises(Refused) as caught:
            take(clinic, content())
        assert caught.value.code == code
        told = wording.message_for(caught.value)
        assert "Something did not work" not in told.title and "{" not in told.title + told.detail
        sentences.add(told.title)
    with pytest.raises(Refused) as caught:
        take(clinic, outside.file(name=named(clinic)), "not the password")
    assert caught.value.code == "key.import.password"
    sentences.add(wording.message_for(caught.value).title)
    assert len(sentences) == 12  # each says something of its own
    for purposes in ((SERVER,),):
        with pytest.raises(Refused) as caught:
            take(clinic, outside.file(name=named(clinic), purposes=purposes))
        assert caught.value.code == "key.import.use"
    with pytest.raises(NotAllowed):
        signing_keys.import_file(
            clinic.desk, clinic.session, "not my password", outside.file(name=named(clinic)),
            FILE_PASSWORD,
        )  # fmt: skip
    assert clinic.session.user.certificate == before
    assert signed(clinic)  # and the key that was there signs as before


def test_a_revoked_certificate_is_not_taken_in_again(clinic: Clinic, outside: Outside) -> None:
    content = outside.file(name=named(clinic))
    take(clinic, content)
    serial = clinic.session.user.certificate
    assert serial is not None
    signing_keys.revoke(clinic.desk, clinic.session, serial, "key_stolen")
    clinic.opened.session = signing_keys.renew(clinic.desk, clinic.session, showcase.PASSWORD)
    assert clinic.session.user.certificate != serial
    assert signed(clinic)
    with pytest.raises(Refused) as caught:
        take(clinic, content)
    assert caught.value.code == "key.import.revoked"


def test_a_key_that_was_replaced_before_it_signed_can_still_be_revoked(clinic: Clinic) -> None:
    """A stolen one would sign on: outside the clinic its documents look like any other."""
    administrator = replace(clinic.session, user=replace(clinic.session.user, administers=True))
    stolen = signing_keys.renew(clinic.desk, administrator, showcase.PASSWORD).user.certificate
    assert stolen is not None
    clinic.opened.session = signing_keys.renew(clinic.desk, administrator, showcase.PASSWORD)
    assert clinic.session.user.certificate != stolen
    made = signing_keys.revoke(clinic.desk, administrator, stolen, "key_stolen")
    assert made.serial == stolen
    with pytest.raises(Conflict, match="trust.serial.unknown"):
        signing_keys.revoke(clinic.desk, administrator, "abc123", "key_stolen")


def test_the_list_shows_ends_and_revocations_with_dates(clinic: Clinic, outside: Outside) -> None:
    take(clinic, outside.file(name=named(clinic), ends=timedelta(days=20)))
    colleague = clinic.colleague()
    rows = {row.owner.login: row for row in signing_keys.listed(clinic.desk, clinic.session) if row.owner}  # fmt: skip
    own = rows[showcase.LOGIN]
    assert own.mine and own.issuer == "Health Issuing"
    assert own.expires == clinic.clock.now() + timedelta(days=20)
    assert rows["second.reader"].expires is None  # nobody signed in with it yet
    from workstation.workflow.ports import Unlocked
    from workstation.workflow.session import signed_in

    signed_in(clinic.desk, Unlocked(colleague.user.id, colleague.key))
    rows = {row.owner.login: row for row in signing_keys.listed(clinic.desk, clinic.session) if row.owner}  # fmt: skip
    assert colleague.key is not None
    assert rows["second.reader"].expires == colleague.key.expires
    made = signing_keys.revoke(clinic.desk, clinic.session, own.serial, "key_lost")
    (row,) = [r for r in signing_keys.listed(clinic.desk, clinic.session) if r.mine]
    assert row.revocation == made


def test_the_command_line_imports_a_key(
    clinic: Clinic, outside: Outside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    import argparse

    path = tmp_path / "me.p12"
    path.write_bytes(outside.file(name=named(clinic)))
    secrets = iter([FILE_PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda _="": next(secrets))
    monkeypatch.setattr(cli_trust, "credentials", lambda _: (showcase.LOGIN, showcase.PASSWORD))
    opened = replace(clinic.opened, closers=())
    parser = argparse.ArgumentParser()
    cli_trust.verbs(parser.add_subparsers(), lambda _: None, lambda _: opened)
    options = parser.parse_args(["keys", "--import", str(path)])
    assert options.command(options) == 0
    said = capsys.readouterr().out
    assert "Health Issuing" in said and "in use" in said
    options = parser.parse_args(["keys", "--renew"])
    assert options.command(options) == 0
    assert "Health Issuing" not in capsys.readouterr().out


def test_an_expired_own_key_signs_nothing_but_its_documents_hold(
    clinic: Clinic, outside: Outside
) -> None:
    take(clinic, outside.file(name=named(clinic), ends=timedelta(hours=2)))
    _, documents = signed(clinic)
    clinic.clock.later(hours=3)
    hand: Hand = clinic.take("Al-Hashimi")
    hand.prescribe()
    assert hand.sign() == sign.NoKey("sign.key.expired")
    assert verify_stored(clinic.desk, clinic.session, documents[0]).holds
    told: Any = bootstrap.verify(clinic.opened, clinic.desk.vault.get(documents[0].address))
    assert told["state"] == "valid"
