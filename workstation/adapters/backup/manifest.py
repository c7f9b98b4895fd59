"""What a backup says of itself: its files with their SHA-256, sealed by a key of the store."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from workstation.domain.errors import Corrupt, Refused

FILE_NAME = "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup. ``files`` are (name, bytes, SHA-256); ``blobs_digest`` covers the list of blobs.

    ``rows`` counts the database's rows by table; ``head`` is the audit trail's newest entry
    (number, digest) when it was made.
    """

    format: int
    store: str
    kind: str
    made_at: datetime
    program: str
    schema: str
    head: tuple[int, str]
    rows: dict[str, int]
    blobs: int
    files: tuple[tuple[str, int, str], ...]

    def text(self, key: bytes) -> str:
        """The file's text with its seal under ``key``."""
        body = json.dumps(asdict(self), default=_plain, sort_keys=True)
        return json.dumps({"manifest": json.loads(body), "seal": _seal(key, body)}, indent=1)


@dataclass(frozen=True, slots=True)
class Read:
    """A manifest as found, with what is needed to check its seal once a key is there."""

    manifest: Manifest
    body: str
    seal: str

    def is_sealed_by(self, key: bytes) -> bool:
        """Whether nothing in it was changed."""
        return hmac.compare_digest(_seal(key, self.body), self.seal)


def read(folder: Path) -> Read:
    """The manifest of a backup folder.

    Raises:
        Refused: ``backup.none`` (no backup here), ``backup.newer`` (a newer program's).
        Corrupt: ``backup.damaged``.
    """
    try:
        raw = json.loads((folder / FILE_NAME).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refused("backup.none") from error
    except (ValueError, OSError) as error:
        raise Corrupt("backup.damaged", file=FILE_NAME) from error
    try:
        found = raw["manifest"]
        if int(found["format"]) > FORMAT:
            raise Refused("backup.newer", format=int(found["format"]))
        manifest = Manifest(
            format=int(found["format"]),
            store=str(found["store"]),
            kind=str(found["kind"]),
            made_at=datetime.fromisoformat(found["made_at"]),
            program=str(found["program"]),
            schema=str(found["schema"]),
            head=(int(found["head"][0]), str(found["head"][1])),
            rows={str(name): int(n) for name, n in found["rows"].items()},
            blobs=int(found["blobs"]),
            files=tuple((str(n), int(s), str(d)) for n, s, d in found["files"]),
        )
        seal = str(raw["seal"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise Corrupt("backup.damaged", file=FILE_NAME) from error
    return Read(manifest, json.dumps(found, sort_keys=True), seal)


def digest(path: Path) -> str:
    """SHA-256 of a file, read in parts."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            found.update(part)
    return found.hexdigest()


def _seal(key: bytes, body: str) -> str:
    return hmac.new(key, body.encode(), "sha256").hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
