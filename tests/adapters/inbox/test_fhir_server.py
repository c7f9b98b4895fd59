"""Packages from a FHIR server and results back, against a strict server process that fails often."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from inbox_builders import TESTS, registry

from workstation.adapters.inbox.server import FhirServer, ServerPlace
from workstation.adapters.inbox.source import FolderReader
from workstation.domain.errors import WorkstationError

SERVER = Path(__file__).with_name("strict_fhir_server.py")


@contextlib.contextmanager
def running(*arguments):
    process = subprocess.Popen(
        [sys.executable, str(SERVER), *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def reached(port, token="secret-token", waits=None):
    place = ServerPlace(f"http://127.0.0.1:{port}/fhir", token)
    return FhirServer(place, (waits if waits is not None else []).append)


def seen(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_seen") as answer:
        return json.load(answer)


def test_every_package_comes_whole_through_paging_429_and_cuts(tmp_path):
    waits = []
    with running(10) as port:
        files = list(reached(port, waits=waits).pull(tmp_path, tmp_path / "state"))
        told = seen(port)
    assert told["429"] and told["503"] and told["cut"]
    assert len(waits) == told["429"] + told["503"] + told["cut"]
    assert 2.0 in waits  # the server's Retry-After
    assert len(files) == len(set(files)) == 10  # listed twice, fetched once
    reader = FolderReader(TESTS, registry())
    got = {reader.read(file).source.external_id for file in set(files)}
    assert got == {f"from-server-{n}" for n in range(10)}
    assert not list(tmp_path.glob("*.part"))


def test_a_cut_pull_goes_on_where_it_was_and_a_second_one_finds_little(tmp_path):
    state = tmp_path / "state"
    with running(10) as port:
        coming = reached(port).pull(tmp_path, state)
        first = {next(coming) for _ in range(5)}
        coming.close()  # the program is ended
        assert "next" in json.loads(state.read_text())
        rest = set(reached(port).pull(tmp_path, state))
        assert len(first | rest) == 10 and len(rest) < 10
        assert len(list(reached(port).pull(tmp_path, state))) == 1  # the newest, told again


@pytest.mark.parametrize("most", [20_000, 9_000])
def test_a_server_that_lists_whole_packages_is_asked_one_by_one(tmp_path, monkeypatch, most):
    from workstation.adapters.inbox import server as module

    monkeypatch.setattr(module, "MOST_LIST", most)
    with running(7, "whole") as port:
        files = set(reached(port).pull(tmp_path, tmp_path / "state"))
    assert len(files) == 7


@pytest.mark.parametrize("how", [(), ("whole",), ("at-once", "whole")])
def test_a_server_that_never_says_where_the_next_list_is_loses_nothing(tmp_path, monkeypatch, how):
    from workstation.adapters.inbox import server as module

    if how:
        monkeypatch.setattr(module, "MOST_LIST", 9_000)
    with running(7, *how, "no-next") as port:
        server = reached(port)
        assert len(set(server.pull(tmp_path, tmp_path / "state"))) == 7
        again = list(server.pull(tmp_path, tmp_path / "state"))
    assert len(again) == (7 if "at-once" in how else 1)  # what has the newest moment, once more


def test_one_package_that_is_too_large_or_gone_keeps_no_other_back(tmp_path, monkeypatch):
    from workstation.adapters.inbox import server as module

    told = []
    with running(5, "gone") as port:
        place = ServerPlace(f"http://127.0.0.1:{port}/fhir", "secret-token")
        server = FhirServer(place, lambda _: None, lambda done, of: told.append((done, of)))
        assert len(list(server.pull(tmp_path, tmp_path / "state"))) == 4
        assert (server.gone, server.too_large) == (1, 0)
        assert told and all(0 < done <= of for done, of in told)  # cut ones stop half way
        sizes = [len(file.read_bytes()) for file in tmp_path.glob("*.json")]
        monkeypatch.setattr(module, "MOST_JSON", max(sizes) - 1)
        (tmp_path / "state").unlink()
        left = list(server.pull(tmp_path, tmp_path / "state"))
        assert server.too_large == sizes.count(max(sizes)) and server.gone == 1
        assert len(left) == 4 - server.too_large


def test_results_are_created_once(tmp_path):
    resource = {
        "resourceType": "DocumentReference",
        "identifier": [{"system": "urn:x", "value": "RX-2026-0001"}],
        "status": "current",
        "content": [{"attachment": {"contentType": "application/pdf", "data": "JVBERg=="}}],
    }
    with running(0) as port:
        server = reached(port)
        assert server.send(resource) is True
        assert server.send(resource) is False
        assert list(seen(port)["created"]) == ["urn:x|RX-2026-0001"]


def test_a_wrong_token_and_a_foreign_link_are_told(tmp_path):
    with running(1) as port, pytest.raises(WorkstationError) as error:
        list(reached(port, "wrong").pull(tmp_path, tmp_path / "state"))
    assert (error.value.code, error.value.context) == ("server.refused", {"status": 401})
    with running(10, "foreign") as port, pytest.raises(WorkstationError) as error:
        list(reached(port).pull(tmp_path, tmp_path / "state"))
    assert error.value.code == "server.answer"


def test_a_server_that_is_gone_is_told_after_some_tries(tmp_path):
    with running(1) as port:
        pass
    waits = []
    with pytest.raises(WorkstationError) as error:
        list(reached(port, waits=waits).pull(tmp_path, tmp_path / "state"))
    assert error.value.code == "server.unreachable"
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0]


@pytest.mark.parametrize(
    "base",
    ["http://fhir.example.org/r4", "ftp://localhost/", "https://", "file:///etc", "https://u:p@h/"],
)
def test_only_https_off_this_computer(base):
    with pytest.raises(WorkstationError) as error:
        FhirServer(ServerPlace(base), lambda _: None)
    assert error.value.code == "server.address"


def test_nothing_that_connects_is_loaded_unless_asked_for(tmp_path):
    """Opening a store and taking packages loads no client: without an address nothing goes out."""
    code = (
        "import sys, workstation.bootstrap, workstation.cli, workstation.cli_exchange\n"
        "from workstation.adapters.inbox import source, folder, bundle, package, validation\n"
        "from workstation.workflow import intake\n"
        "from workstation.presenters import arrivals\n"
        "assert 'workstation.adapters.inbox.server' not in sys.modules\n"
        "assert 'http.client' not in sys.modules, 'http.client'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_intake_opens_no_connection(tmp_path, monkeypatch):
    import socket

    from inbox_builders import zipped

    def refused(*_args, **_kwargs):
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refused)
    path = tmp_path / "p.zip"
    path.write_bytes(zipped())
    assert FolderReader(TESTS, registry()).read(path).photos


def test_a_server_that_lists_for_ever_is_told(tmp_path, monkeypatch):
    server = reached(1)
    page = {"resourceType": "Bundle", "type": "searchset",
            "link": [{"relation": "next", "url": "/fhir/Bundle?again"}]}  # fmt: skip
    monkeypatch.setattr(server, "_asked", lambda *a, **k: (200, json.dumps(page).encode()))
    with pytest.raises(WorkstationError) as error:
        list(server.pull(tmp_path, tmp_path / "state"))
    assert error.value.code == "server.answer"
