"""Time stamps of a server on this computer: the levels reached, and every way it can fail."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from signing_office import Office
from timestamp_authority import Authority, served

from workstation.adapters.documents import timestamp_server
from workstation.adapters.documents.signer import PadesSigner
from workstation.adapters.documents.timestamps import peel
from workstation.adapters.documents.verifier import verify
from workstation.domain.errors import WorkstationError
from workstation.domain.trust import TrustAdded


@pytest.fixture(scope="module")
def authority(office: Office) -> Authority:
    return Authority(office.clock.now())


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[str]:
    with served(authority) as address:
        yield address


@pytest.fixture(autouse=True)
def answers_rightly(authority: Authority) -> Iterator[None]:
    yield
    authority.mode = "right"


def signer(office: Office, *anchors: bytes, revoked: tuple = ()) -> PadesSigner:
    added = TrustAdded(tuple(anchors), revoked)
    return PadesSigner(office.trust, office.clock, "America/Los_Angeles", added=lambda: added)


@pytest.fixture(scope="module")
def revocations(office: Office) -> bytes:
    return office.authority.revocation_list(office.blob, office.secret, ())


@pytest.fixture(scope="module")
def stamped(
    office: Office, authority: Authority, server: str, signed: bytes, revocations: bytes
) -> bytes:
    return signer(office, authority.anchor).stamp(signed, server, revocations)[0]


def test_a_time_stamp_with_validation_data_reaches_b_lta(
    office: Office, authority: Authority, signed: bytes, stamped: bytes
) -> None:
    found = signer(office, authority.anchor).verify(stamped, office.key.serial)

    assert (found.state, found.because, found.level) == ("valid", (), "B-LTA")
    assert found.stamped_at == authority.now.replace(microsecond=0)
    assert stamped.startswith(signed)


def test_without_a_revocation_list_it_reaches_b_t(
    office: Office, authority: Authority, server: str, signed: bytes
) -> None:
    made, found = signer(office, authority.anchor).stamp(signed, server, b"")

    assert found.level == "B-T"
    assert signer(office, authority.anchor).verify(made).level == "B-T"


def test_a_second_time_stamp_may_follow(
    office: Office, authority: Authority, server: str, stamped: bytes, revocations: bytes
) -> None:
    twice, found = signer(office, authority.anchor).stamp(stamped, server, revocations)

    assert (found.state, found.level) == ("valid", "B-LTA")
    assert twice.startswith(stamped)


def test_a_time_of_an_authority_that_nobody_trusts_is_untrusted(
    office: Office, server: str, signed: bytes, stamped: bytes, revocations: bytes
) -> None:
    found = signer(office).verify(stamped)
    assert (found.state, found.because) == ("untrusted", ("signature.timestamp.foreign",))

    with pytest.raises(WorkstationError) as refused:
        signer(office).stamp(signed, server, revocations)
    assert refused.value.code == "timestamp.untrusted"


def test_with_a_time_stamp_the_file_outlives_its_certificate(
    office: Office, authority: Authority, signed: bytes, stamped: bytes
) -> None:
    trust = office.trust.with_added(TrustAdded((authority.anchor,)))
    later = office.key.expires + timedelta(days=30)

    assert verify(signed, trust, later).because == ("signature.certificate.expired",)
    assert verify(stamped, trust, later).state == "valid"


def test_a_time_stamp_tells_what_was_signed_before_a_key_was_revoked(
    office: Office, authority: Authority, signed: bytes, stamped: bytes
) -> None:
    hour = timedelta(hours=1)
    after = (office.key.serial, authority.now + hour)
    before = (office.key.serial, authority.now - hour)
    moment = authority.now + timedelta(days=1)

    def judged(pdf: bytes, revoked: tuple[str, object]) -> tuple[str, ...]:
        added = TrustAdded((authority.anchor,), (revoked,))
        return verify(pdf, office.trust.with_added(added), moment).because

    assert judged(stamped, after) == ()
    assert judged(signed, after) == ("signature.certificate.revoked",)
    assert judged(stamped, before) == ("signature.certificate.revoked",)


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("nonce", "timestamp.answer"),
        ("other", "timestamp.answer"),
        ("early", "timestamp.answer"),
        ("large", "timestamp.answer"),
        ("refused", "timestamp.refused"),
        ("cut", "timestamp.server"),
        ("error", "timestamp.server"),
        ("slow", "timestamp.server"),
    ],
)
def test_a_wrong_answer_makes_no_file(
    office: Office,
    authority: Authority,
    server: str,
    signed: bytes,
    revocations: bytes,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    code: str,
) -> None:
    if mode == "slow":  # a byte each tenth of a second: more than a thousand of them
        monkeypatch.setattr(timestamp_server.ask, "__defaults__", (0.5,))
    authority.mode = mode

    with pytest.raises(WorkstationError) as refused:
        signer(office, authority.anchor).stamp(signed, server, revocations)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/", "http://timestamps.example/", "ftp://127.0.0.1/", "file:///etc/hosts"],
)
def test_a_server_that_is_not_there_or_not_private_is_not_asked(address: str) -> None:
    with pytest.raises(WorkstationError) as refused:
        timestamp_server.ask(address, bytes(32), 0.5)
    assert refused.value.code == "timestamp.server"


def test_no_changed_byte_of_the_later_revision_is_valid(
    office: Office, authority: Authority, signed: bytes, stamped: bytes
) -> None:
    checking = signer(office, authority.anchor)
    used = len(stamped.rstrip(b"0"))
    chance = random.Random(11)
    for at in chance.sample(range(len(signed), used), 20):
        changed = bytearray(stamped)
        changed[at] ^= 1 << chance.randrange(8)
        assert checking.verify(bytes(changed)).state != "valid", at


def test_what_lies_between_or_after_the_revisions_is_never_valid(
    office: Office, authority: Authority, signed: bytes, stamped: bytes
) -> None:
    checking = signer(office, authority.anchor)
    tail = stamped[len(signed) :]

    for made in (
        stamped + b"\n",
        stamped + b"% more\n",
        signed + b"% more\n" + tail,
        stamped[:-1],
        stamped + tail,
    ):
        assert checking.verify(made).state != "valid"


def test_a_stamp_moved_to_another_document_is_never_valid(
    office: Office, authority: Authority, preview: bytes, stamped: bytes, signed: bytes
) -> None:
    other = office.sign(preview, office.other)
    assert len(other) == len(signed)

    assert signer(office, authority.anchor).verify(other + stamped[len(signed) :]).state != "valid"


def test_no_changed_byte_of_what_the_token_does_not_sign_is_valid(
    office: Office, authority: Authority, stamped: bytes
) -> None:
    checking = signer(office, authority.anchor)
    stamp = peel(stamped)
    assert stamp is not None
    at = stamped.index(stamp.token.hex().upper().encode())
    info = stamp.token.index(b"Time Stamps")  # the head of the token lies before the time
    signer_info = stamp.token.rindex(b"Time Root") - 30
    for place in (30, 36, 42, signer_info + 9, info):
        token = bytearray(stamp.token)
        token[place] ^= 1
        digits = bytes(token).hex().upper().encode()
        made = stamped[:at] + digits + stamped[at + len(digits) :]
        assert checking.verify(made).state != "valid", place


@pytest.mark.needs("qpdf", "pdfsig")
def test_other_programs_accept_the_stamped_file(tmp_path: Path, stamped: bytes) -> None:
    path = tmp_path / "stamped.pdf"
    path.write_bytes(stamped)
    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)
    told = subprocess.run(
        ["pdfsig", "-nocert", str(path)], check=True, capture_output=True, text=True
    ).stdout
    assert told.count("Signature is Valid") == 1  # it only lists time stamps
    assert "Signature #2" in told
