"""A small strict FHIR server in a process of its own, with faults: python strict_fhir_server.py N.

It holds N packages, gives lists of three, wants a bearer token and FHIR's media type, answers 429 and
503 now and then, cuts connections in the middle, lists packages twice, and knows conditional create.
It prints its port. ``/_seen`` tells what was created and asked.
"""

import json
import ssl
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from urllib.parse import parse_qs, unquote, urlsplit

from PIL import Image

HERE = __file__.rpartition("/")[0]
sys.path.insert(0, HERE)
import inbox_builders as builders

COUNT, PER_PAGE, TOKEN = int(sys.argv[1]), 3, "secret-token"
WHOLE = "whole" in sys.argv[2:]  # as a server does that knows no _elements
FOREIGN = "foreign" in sys.argv[2:]
NO_NEXT = "no-next" in sys.argv[2:]  # as a server does that never says where the next list is
AT_ONCE = "at-once" in sys.argv[2:]  # all packages of one moment
created: dict[str, dict] = {}
faults = {"asked": 0, "429": 0, "503": 0, "cut": 0}


def photo(number: int, side: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (side, 240), (number * 9 % 256, 90, side)).save(out, "JPEG")
    return out.getvalue()


def package(number: int) -> dict:
    made = builders.inline(photo(number, 200), photo(number, 201))
    made["identifier"]["value"] = f"from-server-{number}"
    stamp = f"2026-11-22T10:{0 if AT_ONCE else number:02d}:00Z"
    return {**made, "id": f"p{number}", "meta": {"lastUpdated": stamp}}


def named(resource: dict) -> list[str]:
    return [f"{one['system']}|{one['value']}" for one in resource["identifier"]]


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body, cut=False, **headers):
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(raw)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw[: len(raw) // 2] if cut else raw)
        if cut:
            self.close_connection = True

    def outcome(self, status, **headers):
        self.answer(status, {"resourceType": "OperationOutcome"}, **headers)

    def troubled(self):
        """Every fault comes in its turn; the same request passes when asked again."""
        faults["asked"] += 1
        if faults["asked"] % 7 == 3:
            faults["429"] += 1
            self.outcome(429, Retry_After="2")
        elif faults["asked"] % 11 == 5:
            faults["503"] += 1
            self.outcome(503)
        elif faults["asked"] % 5 == 4:
            faults["cut"] += 1
            self.answer(200, {"resourceType": "Bundle", "padding": "x" * 4000}, cut=True)
        else:
            return False
        return True

    def allowed(self):
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.outcome(401)
        elif self.headers.get("Accept") != "application/fhir+json":
            self.outcome(406)
        else:
            return True
        return False

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path == "/_seen":
            return self.answer(200, {"created": created, **faults})
        if not self.allowed() or self.troubled():
            return None
        if parts.path == "/fhir/Bundle":
            query = parse_qs(parts.query)
            if query.get("type") != ["collection"] or query.get("_elements") != ["id"]:
                return self.outcome(400)
            since = query.get("_lastUpdated", ["ge"])[0].removeprefix("ge")
            found = [p for p in map(package, range(COUNT)) if p["meta"]["lastUpdated"] >= since]
            at = int(query.get("_page", ["0"])[0])
            asked = int(query["_count"][0])
            many = asked if AT_ONCE and asked < 50 else min(PER_PAGE, asked)
            shown = found[max(0, at * many - 1) : (at + 1) * many]  # one comes twice
            link = []
            if (at + 1) * many < len(found) and not NO_NEXT:
                host = "http://elsewhere.example" if FOREIGN else ""
                kept = parts.query.partition("&_page=")[0]
                url = f"{host}/fhir/Bundle?{kept}&_page={at + 1}"
                link = [{"relation": "next", "url": url}]
            entries = [
                {
                    "resource": p
                    if WHOLE
                    else {"resourceType": "Bundle", "id": p["id"], "meta": p["meta"]}
                }
                for p in shown
            ]
            return self.answer(
                200,
                {"resourceType": "Bundle", "type": "searchset", "link": link, "entry": entries},
            )
        if parts.path in ("/fhir/DocumentReference", "/fhir/MedicationRequest"):
            kind = parts.path.rpartition("/")[2]
            (wanted,) = parse_qs(parts.query)["identifier"]
            found = [
                r for r in created.values() if r["resourceType"] == kind and wanted in named(r)
            ]
            return self.answer(
                200,
                {
                    "resourceType": "Bundle",
                    "type": "searchset",
                    "entry": [{"resource": r} for r in found],
                },
            )
        if parts.path == "/fhir/Bundle/p2" and "gone" in sys.argv[2:]:
            return self.outcome(410)
        if parts.path.startswith("/fhir/Bundle/p"):
            return self.answer(200, package(int(parts.path.rpartition("p")[2])))
        return self.outcome(404)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.allowed() or self.troubled():
            return None
        body = json.loads(raw)
        if self.headers.get("Content-Type") != "application/fhir+json":
            return self.outcome(415)
        if self.path.rpartition("/")[2] != body["resourceType"]:
            return self.outcome(400)
        key = unquote(self.headers["If-None-Exist"].removeprefix("identifier="))
        one = body["identifier"][0]
        if key != f"{one['system']}|{one['value']}":
            return self.outcome(412)
        if key in created:
            return self.outcome(200)
        created[key] = {**body, "id": f"r{len(created)}", "meta": {"versionId": "1"}}
        return self.outcome(201)

    def do_PUT(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.allowed() or self.troubled():
            return None
        body = json.loads(raw)
        kind, id = self.path.split("/")[-2:]
        for key, held in created.items():
            if (
                (held["resourceType"], held["id"])
                == (kind, id)
                == (body["resourceType"], body["id"])
            ):
                version = held["meta"]["versionId"]
                if self.headers.get("If-Match") != f'W/"{version}"':
                    return self.outcome(412)
                created[key] = {**body, "meta": {"versionId": str(int(version) + 1)}}
                return self.outcome(200)
        return self.outcome(404)


server = HTTPServer(("127.0.0.1", 0), Handler)
if sys.argv[2:3] == ["plain"] and len(sys.argv) > 3:  # N, "plain", certificate, key
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
