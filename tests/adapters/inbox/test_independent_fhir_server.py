"""The client against a FHIR server that others wrote, in a process of its own (run with -m long)."""

import http.client
import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import inbox_builders as builders
import pytest
from PIL import Image

from workstation.adapters.inbox.server import FhirServer, ServerPlace
from workstation.adapters.inbox.source import FolderReader

SERVER = Path(__file__).parent / "independent"
pytestmark = [pytest.mark.long, pytest.mark.needs("node", "npm"), pytest.mark.timeout(600)]
DOCUMENT = {
    "resourceType": "DocumentReference",
    "identifier": [{"system": "urn:x", "value": "RX-1"}],
    "status": "current",
    "content": [{"attachment": {"contentType": "application/pdf", "data": "JVBERg=="}}],
}
REQUEST = {
    "resourceType": "MedicationRequest",
    "identifier": [{"system": "urn:x", "value": "RX-1/m"}, {"system": "urn:p", "value": "RX-1"}],
    "status": "active",
    "intent": "order",
    "medicationCodeableConcept": {"text": "a medicine"},
    "subject": {"reference": "Patient/7"},
}


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("independent")
    for file in SERVER.iterdir():
        shutil.copy(file, folder)
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    process = subprocess.Popen(
        ["node", "server.mjs"], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def asked(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    raw = None if body is None else json.dumps(body)
    connection.request(method, path, raw, {"Content-Type": "application/fhir+json"})
    answer = connection.getresponse()
    found = json.loads(answer.read())
    connection.close()
    return answer.status, found


def photo(number, side):
    out = BytesIO()
    Image.new("RGB", (side, 240), (number * 9 % 256, 90, side)).save(out, "JPEG")
    return out.getvalue()


def test_packages_come_once_through_its_pages(port, tmp_path):
    for number in range(60):
        made = builders.inline(photo(number, 200), photo(number, 201))
        made["identifier"]["value"] = f"theirs-{number}"
        assert asked(port, "POST", "/fhir/Bundle", made)[0] == 201
    server = FhirServer(ServerPlace(f"http://127.0.0.1:{port}/fhir"), lambda _: None)
    files = list(server.pull(tmp_path, tmp_path / "state"))
    reader = FolderReader(builders.TESTS, builders.registry())
    got = {reader.read(file).source.external_id for file in files}
    assert got == {f"theirs-{number}" for number in range(60)}
    assert len(list(server.pull(tmp_path, tmp_path / "state"))) == 1  # the newest, told again


def test_results_are_created_once_and_changed_when_they_end(port):
    server = FhirServer(ServerPlace(f"http://127.0.0.1:{port}/fhir"), lambda _: None)
    for resource in (DOCUMENT, REQUEST):
        assert (server.send(resource), server.send(resource)) == (True, False)
    for kind, of, status in (
        ("DocumentReference", ("urn:x", "RX-1"), "superseded"),
        ("MedicationRequest", ("urn:p", "RX-1"), "cancelled"),
    ):
        changes = [server.change(kind, of, {"status": status}) for _ in range(2)]
        assert changes == [1, 0]
        _, found = asked(port, "GET", f"/fhir/{kind}?identifier={of[0]}|{of[1]}")
        (entry,) = found["entry"]
        assert entry["resource"]["status"] == status
