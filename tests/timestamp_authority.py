"""A time stamp authority on this computer, and ways in which it fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class Authority:
    """A root and its RSA stamping certificate; ``mode`` says how it answers.

    Modes: right, nonce (another one), cut (half an answer), refused, slow (a byte at a time),
    large, other (stamps another digest), early (a time long ago), error (HTTP 500).
    """

    def __init__(self, now: datetime) -> None:
        self.mode = "right"
        self.asked = 0
        self.now = now
        root_key = rsa.generate_private_key(65537, 2048)
        key = rsa.generate_private_key(65537, 2048)
        start, end = now - timedelta(days=4000), now + timedelta(days=4000)
        self.root = (
            x509.CertificateBuilder()
            .subject_name(_named("Time Root"))
            .issuer_name(_named("Time Root"))
            .public_key(root_key.public_key())
            .serial_number(1)
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
            .sign(root_key, hashes.SHA256())
        )
        leaf = (
            x509.CertificateBuilder()
            .subject_name(_named("Time Stamps"))
            .issuer_name(_named("Time Root"))
            .public_key(key.public_key())
            .serial_number(2)
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
            )
            .sign(root_key, hashes.SHA256())
        )
        self._certificate = asn1_x509.Certificate.load(leaf.public_bytes(Encoding.DER))
        self._key = asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        )

    @property
    def anchor(self) -> bytes:
        return self.root.public_bytes(Encoding.DER)

    def answer(self, body: bytes) -> bytes:
        self.asked += 1
        request = tsp.TimeStampReq.load(body)
        at = self.now - timedelta(days=30) if self.mode == "early" else self.now
        stamper = DummyTimeStamper(self._certificate, self._key, fixed_dt=at)
        if self.mode == "nonce":
            request["nonce"] = 7
        if self.mode == "other":
            request["message_imprint"]["hashed_message"] = bytes(32)
        if self.mode == "refused":
            return bytes.fromhex("30053003020102")  # status 2, rejection, and no token
        made: bytes = stamper.request_tsa_response(tsp.TimeStampReq.load(request.dump(True))).dump()
        return made


@contextmanager
def served(authority: Authority) -> Iterator[str]:
    """The address of the authority while the block runs."""
    stopping = threading.Event()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            content = authority.answer(body)
            if authority.mode == "error":
                self.send_error(500)
                return
            if authority.mode == "large":
                content += bytes(100_000)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if authority.mode == "cut":
                content = content[: len(content) // 2]
            if authority.mode == "slow":
                for byte in content:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if stopping.wait(0.1):
                        return
            self.wfile.write(content)

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                return  # who asked has gone

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
