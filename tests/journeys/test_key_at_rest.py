"""A signing key lies nowhere in clear, and a lost one takes nothing away but new signatures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from clinic_day import Clinic
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from test_amend_and_void import signed

from tests.inline_jobs import InlineJobs
from workstation import bootstrap, showcase
from workstation.adapters.documents.keys import LoadedKey
from workstation.presenters import wording
from workstation.presenters.sign_wording import key_line
from workstation.workflow import sign
from workstation.workflow.verify import verify_stored


def spellings(key: LoadedKey) -> tuple[bytes, ...]:
    """Every form in which somebody could use the private key."""
    private = key.private
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    number = private.private_numbers().private_value
    raw = number.to_bytes(32, "big")
    whole = [
        private.private_bytes(coding, form, NoEncryption())
        for coding in (Encoding.DER, Encoding.PEM)
        for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL)
    ]
    return (raw, raw[::-1], raw.hex().encode(), raw.hex().upper().encode(), *whole)


def in_clear(place: Path, marks: tuple[bytes, ...]) -> list[str]:
    files = [path for path in place.rglob("*") if path.is_file()]
    assert files
    return [f.name for f in files if any(mark in f.read_bytes() for mark in marks)]


def test_the_key_is_in_no_file_of_store_and_backup_and_in_no_row(
    clinic: Clinic, tmp_path: Path
) -> None:
    key = clinic.session.key
    assert isinstance(key, LoadedKey)
    marks = spellings(key)
    signed(clinic)
    clinic.opened.backups.make(tmp_path / "backups", 2, None)
    # Open, with the write-ahead log, and with the backup made while in use.
    assert in_clear(clinic.opened.folder, marks) == []
    assert in_clear(tmp_path / "backups", marks) == []
    store = clinic.desk.store
    engine = store._engine  # every row as the database holds it
    with engine.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).scalars()
        for table in list(tables):
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'):
                told = repr(tuple(row)).encode()
                held = b"".join(bytes(v) for v in row if isinstance(v, bytes))
                assert not any(mark in told or mark in held for mark in marks), table
    assert "PRIVATE" not in repr(key) and marks[2].decode() not in repr(key)
    (tmp_path / "planted").write_bytes(b"x" + marks[0])  # the search finds what is there
    assert in_clear(tmp_path, marks) == ["planted"]


def test_a_lost_key_leaves_old_documents_valid_and_says_what_to_do(
    clinic: Clinic, open_clinic: Callable[..., Clinic]
) -> None:
    _, documents = signed(clinic)
    folder, owner = clinic.opened.folder, clinic.session.user
    clinic.opened.close()
    (folder / "keys" / f"{owner.id}.p12").unlink()
    again = open_clinic(folder)
    assert again.session.key is None
    for document in documents:
        assert verify_stored(again.desk, again.session, document).state == "valid"
    hand = again.take("Nwosu")
    hand.fact("pregnancy.category", "CGP")
    hand.work_up()
    assert hand.sign() == sign.NoKey("sign.key.lost")
    again.assert_unsigned(hand.id)
    said = wording.message("sign.key.lost")
    assert "signing key is gone" in said.title and "administrator" in said.detail


@pytest.mark.parametrize("harm", ["a changed byte", "nothing in it"])
def test_a_damaged_key_is_told_as_damaged_and_no_other_is_made(
    clinic: Clinic, open_clinic: Callable[..., Clinic], harm: str
) -> None:
    folder, owner = clinic.opened.folder, clinic.session.user
    clinic.opened.close()
    file = folder / "keys" / f"{owner.id}.p12"
    whole = file.read_bytes()
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 1
    file.write_bytes(bytes(broken) if harm == "a changed byte" else b"")
    held = file.read_bytes()
    again = open_clinic(folder)
    assert again.session.key is None and again.session.keyless == "sign.key.damaged"
    assert "damaged" in key_line(again.session, again.clock.today())
    made = bootstrap.presenters(again.opened, InlineJobs())
    made.keeping.look()
    assert "damaged" in made.keeping.notice.title and "backup" in made.keeping.notice.detail
    made.settings.keys.load()
    (own,) = [one for one in made.settings.keys.state.lines if one.mine]
    assert own.chip == ("danger", "No key") and "damaged" in own.more[0]
    with again.desk.store.reading() as unit:
        (*_, entry) = unit.audit_of(owner.id, ("session.signed_in",))
        assert unit.user(owner.id).certificate == owner.certificate
    assert "sign.key.damaged" in entry.detail
    assert file.read_bytes() == held  # looked at, and left for whoever repairs it
    file.write_bytes(whole)
    made.session.lock("key")
    made.session.unlock(showcase.PASSWORD)
    assert made.session.session.key is not None and made.session.session.keyless == ""
