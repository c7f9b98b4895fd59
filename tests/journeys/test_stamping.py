"""Time stamps after signing: levels reached, an outage, and adding one later."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from clinic_day import Clinic
from test_amend_and_void import signed
from timestamp_authority import Authority, served

from workstation import bootstrap
from workstation.domain.documents import SignedDocument
from workstation.domain.errors import Refused
from workstation.workflow import settings, signed_files, timestamps
from workstation.workflow.verify import verify_file, verify_stored


@pytest.fixture
def authority(clinic: Clinic) -> Authority:
    return Authority(clinic.clock.now() + timedelta(minutes=1))


@pytest.fixture
def server(clinic: Clinic, authority: Authority) -> Iterator[str]:
    with served(authority) as address:
        settings.change(clinic.desk, clinic.session, timestamps.SERVER, address)
        yield address


def stamp(clinic: Clinic, document: SignedDocument) -> timestamps.Stamped | timestamps.NotStamped:
    return timestamps.stamp(clinic.desk, clinic.session, document)


def test_signed_documents_reach_b_lta_and_keep_their_first_bytes(
    clinic: Clinic, authority: Authority, server: str
) -> None:
    timestamps.trust_times_of(clinic.desk, clinic.session, authority.anchor)
    _, documents = signed(clinic)
    clinic.clock.later(minutes=2)

    came = timestamps.stamp_all(clinic.desk, clinic.session, documents)

    assert came == ("B-LTA", "")
    for document in documents:
        found = verify_stored(clinic.desk, clinic.session, document)
        assert (found.state, found.level, found.holds) == ("valid", "B-LTA", True)
        assert found.document == document
        with clinic.desk.store.reading() as unit:
            assert timestamps.level(unit, document) == "B-LTA"
        first = clinic.desk.vault.get(document.address)
        path = signed_files.export(clinic.desk, clinic.session, document).path
        assert path.read_bytes().startswith(first) and path.read_bytes() != first
        assert verify_file(clinic.desk, clinic.session, first).level == "B-B"
        told = bootstrap.verify(clinic.opened, path.read_bytes())
        assert told["level"] == "B-LTA" and told["stamped_at"] and told["holds"]
    assert clinic.actions().count("document.timestamped") == len(documents)
    assert stamp(clinic, documents[0]) == timestamps.NotStamped("timestamp.already")
    assert clinic.opened.check() == ()


def test_an_outage_leaves_a_sound_signature_that_is_stamped_later(
    clinic: Clinic, authority: Authority, server: str
) -> None:
    timestamps.trust_times_of(clinic.desk, clinic.session, authority.anchor)
    authority.mode = "cut"
    _, documents = signed(clinic)
    clinic.clock.later(minutes=2)

    assert timestamps.stamp_all(clinic.desk, clinic.session, documents) == (
        "B-B",
        "timestamp.server",
    )
    assert authority.asked == 1  # the others did not wait for the same outage
    assert verify_stored(clinic.desk, clinic.session, documents[0]).holds
    authority.mode = "right"
    later = stamp(clinic, documents[0])
    assert isinstance(later, timestamps.Stamped) and later.stamp.level == "B-LTA"
    assert verify_stored(clinic.desk, clinic.session, documents[0]).level == "B-LTA"


def test_a_time_of_an_authority_that_nobody_trusts_is_not_stored(
    clinic: Clinic, authority: Authority, server: str
) -> None:
    _, documents = signed(clinic)
    clinic.clock.later(minutes=2)

    assert stamp(clinic, documents[0]) == timestamps.NotStamped("timestamp.untrusted")
    with pytest.raises(Refused, match=r"trust\.anchor\.unreadable"):
        timestamps.trust_times_of(clinic.desk, clinic.session, b"no certificate")


def test_nothing_leaves_the_computer_unless_a_server_is_set(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def connect(_: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError

    monkeypatch.setattr(socket.socket, "connect", connect)
    _, documents = signed(clinic)

    assert stamp(clinic, documents[0]) == timestamps.NotStamped("timestamp.none")
    assert verify_stored(clinic.desk, clinic.session, documents[0]).holds
    assert tried == []
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", 9))
    assert tried  # the watch works


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", True),
        ("https://timestamps.example/tsa", True),
        ("http://127.0.0.1:8080/", True),
        ("http://timestamps.example/", False),
        ("ftp://timestamps.example/", False),
        ("https://user:secret@timestamps.example/", False),
        ("https://timestamps.example:port/", False),
        ("https://", False),
    ],
)
def test_only_a_private_address_is_taken(text: str, taken: bool) -> None:
    assert settings.BY_NAME[timestamps.SERVER].accepts(text) is taken
