"""Asking a time stamp authority (RFC 3161), over HTTPS, within a few seconds, or not at all."""

from __future__ import annotations

import http.client
import ipaddress
import secrets
import ssl
import time
from urllib.parse import urlsplit

from asn1crypto import algos, core, tsp

from workstation.domain.errors import WorkstationError

SECONDS = 10.0  # for the whole question, from the first byte sent to the last one read
LARGEST = 64 * 1024  # bytes of an answer; a token with its certificates takes 4,000 to 10,000
LARGEST_LIST = 4 * 1024 * 1024
_PIECE = 8192


class _Answer(core.Sequence):  # type: ignore[misc]  # the library has no types
    """RFC 3161 TimeStampResp: a refusal has no token."""

    _fields = [  # as the library declares its own
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", tsp.ContentInfo, {"optional": True}),
    ]


def ask(url: str, digest: bytes, seconds: float = SECONDS) -> bytes:
    """The DER token that states when ``digest`` (SHA-256) was known to the server.

    Nothing but the digest leaves this computer.

    Raises:
        WorkstationError: ``timestamp.server`` (no such address, refused, too slow),
            ``timestamp.answer`` (not an answer to this question), ``timestamp.refused``.
    """
    nonce = secrets.randbits(64) | 1
    imprint = tsp.MessageImprint(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "hashed_message": digest,
        }
    )
    asked = tsp.TimeStampReq(
        {"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    )
    answer = _fetch(url, asked.dump(), LARGEST, seconds)
    try:
        said = _Answer.load(answer, strict=True)
        granted = said["status"]["status"].native in ("granted", "granted_with_mods")
        if not granted:
            raise WorkstationError("timestamp.refused")
        token = said["time_stamp_token"]
        info = token["content"]["encap_content_info"]["content"].parsed
        right = (
            info["nonce"].native == nonce
            and info["message_imprint"]["hashed_message"].native == digest
            and info["message_imprint"]["hash_algorithm"]["algorithm"].native == "sha256"
        )
        made: bytes = token.dump()
    except (WorkstationError, MemoryError):
        raise
    except Exception as error:  # whatever a crafted answer makes the parser raise
        raise WorkstationError("timestamp.answer") from error
    if not right:
        raise WorkstationError("timestamp.answer")
    return made


def revocation_list(url: str, seconds: float = SECONDS) -> bytes:
    """A certificate revocation list, as an authority publishes it; it carries its own signature.

    Raises:
        WorkstationError: ``timestamp.server``.
    """
    return _fetch(url, None, LARGEST_LIST, seconds)


def _fetch(url: str, body: bytes | None, largest: int, seconds: float) -> bytes:
    parts = urlsplit(url)
    host = parts.hostname or ""
    plain = parts.scheme == "http"
    if parts.scheme not in ("http", "https") or (body is not None and plain and not local(host)):
        raise WorkstationError("timestamp.server")
    until = time.monotonic() + seconds
    connection: http.client.HTTPConnection
    if plain:
        connection = http.client.HTTPConnection(host, parts.port, timeout=seconds)
    else:
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Accept": "application/timestamp-reply"} if body is not None else {}
    if body is not None:
        headers["Content-Type"] = "application/timestamp-query"
    try:
        connection.request("GET" if body is None else "POST", path, body, headers)
        _wait_no_longer(connection, until)
        answer = connection.getresponse()
        if answer.status != http.client.OK:  # a redirection is not followed
            raise WorkstationError("timestamp.server", status=answer.status)
        read = bytearray()
        while True:
            _wait_no_longer(connection, until)
            piece = answer.read1(_PIECE)
            if not piece:
                break
            read += piece
            if len(read) > largest:
                raise WorkstationError("timestamp.answer")
        if answer.length:  # the connection ended before what was announced
            raise WorkstationError("timestamp.server")
        return bytes(read)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise WorkstationError("timestamp.server") from error
    finally:
        connection.close()


def _wait_no_longer(connection: http.client.HTTPConnection, until: float) -> None:
    """A server that sends a byte now and then does not hold us beyond the deadline."""
    left = until - time.monotonic()
    if left <= 0:
        raise WorkstationError("timestamp.server")
    if connection.sock is not None:
        connection.sock.settimeout(left)


def local(host: str) -> bool:
    """Whether a host is this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
