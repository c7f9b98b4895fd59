"""A FHIR server as a source: packages are fetched into the inbox folder, results are sent back.

Nothing here is reached unless somebody asks for it with a server's address: the program makes no
connection of its own. A package comes as the bytes the server holds and is read by the one parser of
intake, later and apart from the network; here only the lists of what there is are parsed.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from workstation.adapters.inbox.manifest import MOST_BYTES, read_manifest
from workstation.adapters.inbox.source import MOST_JSON
from workstation.adapters.inbox.writing import plain_number
from workstation.domain.errors import Refused, WorkstationError

TRIES = 6
LONGEST_WAIT = 60.0  # seconds, whatever the server asks for
TIMEOUT = 30.0
MOST_PAGES = 100_000
MOST_LIST = 8 * 1024 * 1024
_PER_LIST = 50
_COUNT, _ONE = re.compile(r"_count=\d+"), "_count=1"
STATE = "fhir-server.json"
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_BUSY = frozenset({408, 429, 500, 502, 503, 504})
_GONE = (404, 410)
_PIECE = 1024 * 1024
_ID = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."
_ID_LENGTH = 64  # FHIR's id


@dataclass(frozen=True, slots=True)
class ServerPlace:
    """Where the server is: its base address, a bearer token, and whose certificates are believed."""

    base: str
    token: str = ""
    authorities: Path | None = None

    def check(self) -> None:
        """Refuse an address that is not HTTPS; this computer's own needs none.

        Raises:
            WorkstationError: ``server.address``.
        """
        parts = urlsplit(self.base)
        plain_here = parts.scheme == "http" and parts.hostname in _HERE
        if not (parts.scheme == "https" or plain_here) or not parts.hostname or parts.username:
            raise WorkstationError("server.address")


class FhirServer:
    """Fetches packages and sends results. ``sleep`` waits between tries.

    ``told`` hears of a package on its way: bytes so far, and bytes in all (0: not said). After
    ``pull`` ``too_large`` and ``gone`` count what was left out: larger than intake takes, or no
    longer there when it was asked for.
    """

    def __init__(
        self,
        place: ServerPlace,
        sleep: Callable[[float], None],
        told: Callable[[int, int], None] = lambda done, of: None,
    ) -> None:
        place.check()
        self._place, self._sleep, self._told = place, sleep, told
        self.too_large = self.gone = 0
        self._base = place.base.rstrip("/") + "/"
        self._parts = urlsplit(self._base)

    def pull(self, inbox: Path, state: Path) -> Iterator[Path]:
        """Write each package that is new since the last pull into ``inbox``; yields its file.

        ``state`` remembers after each list how far it came, so that a cut one goes on there; what
        was fetched twice is one file, and one consultation.

        Raises:
            WorkstationError: ``server.unreachable``, ``server.certificate``, ``server.answer``,
                ``server.refused``.
        """
        kept = _kept(state, self._base)
        since = kept.get("since", "")
        url = kept.get("next") or self._first(since)
        newest = kept.get("newest", since)
        listed: set[str] = set()
        got: set[tuple[str, str]] = set()
        self.too_large = self.gone = 0
        few = _ONE in url  # the server sends whole packages in its lists, whatever is asked
        while url not in listed and len(listed) < MOST_PAGES:
            try:
                page = self._list(url, MOST_JSON if few else MOST_LIST)
            except _Large:
                # Then they are asked for one by one.
                if few:
                    raise WorkstationError("server.answer") from None
                few, url = True, _COUNT.sub(_ONE, url)
                continue
            listed.add(url)
            fresh = [one for one in dict.fromkeys(page.ids) if one not in got]
            for id, updated in fresh:
                file = self._taken(id, inbox)
                if file is not None:
                    yield file
                got.add((id, updated))
                newest = max(newest, updated)
            if page.following:
                url = page.following
            elif fresh:
                # A list without a next one may be all there is, or all that this server puts into
                # one: it is asked for what is newer until nothing new comes. What has the same
                # moment as the newest is listed again, so the list must have room for one more.
                again = sum(updated == newest for _, updated in got) + 1
                since, url = newest, self._first(newest, again if few else max(again, _PER_LIST))
            if not page.following and (not fresh or url in listed):
                _keep(state, {"base": self._base, "since": newest})
                return
            _keep(state, {"base": self._base, "since": since, "next": url, "newest": newest})
        raise WorkstationError("server.answer")

    def _taken(self, id: str, inbox: Path) -> Path | None:
        """The file of one package; None for one that is left out: the others come all the same."""
        try:
            return self._fetched(id, inbox)
        except _Large:
            self.too_large += 1
        except WorkstationError as error:
            if error.context.get("status") not in _GONE:
                raise
            self.gone += 1
        return None

    def send(self, resource: dict[str, Any]) -> bool:
        """Create a resource unless its identifier is there already; whether it was created.

        Raises:
            WorkstationError: as ``pull``.
        """
        identifier = resource["identifier"][0]
        search = f"identifier={quote(identifier['system'], '')}|{quote(identifier['value'], '')}"
        body = json.dumps(resource, ensure_ascii=False).encode()
        status, _ = self._asked(
            "POST",
            urljoin(self._base, resource["resourceType"]),
            body,
            {"Content-Type": "application/fhir+json", "If-None-Exist": search},
        )
        return status == http.client.CREATED

    def change(self, kind: str, identifier: tuple[str, str], to: Mapping[str, str]) -> int:
        """Set elements of what the server holds under an identifier; how many were changed.

        What is as it should be already is left alone. Nobody else's change in between is lost:
        the version that was read is named with the new one.

        Raises:
            WorkstationError: as ``pull``.
        """
        search = "|".join(quote(part, "") for part in identifier)
        url = urljoin(self._base, f"{kind}?identifier={search}")
        _, raw = self._asked("GET", url, None, {}, most=MOST_JSON)
        changed = 0
        for held in _resources(raw, kind):
            if all(held.get(key) == value for key, value in to.items()):
                continue
            id = _id(held.get("id"))
            headers = {"Content-Type": "application/fhir+json"}
            meta = held.get("meta")
            version = meta.get("versionId") if isinstance(meta, dict) else None
            if version is not None:
                headers["If-Match"] = f'W/"{_id(version)}"'
            body = json.dumps({**held, **to}, ensure_ascii=False, default=plain_number).encode()
            self._asked("PUT", urljoin(self._base, f"{kind}/{id}"), body, headers)
            changed += 1
        return changed

    # -- inside

    def _first(self, since: str, count: int = _PER_LIST) -> str:
        query = f"type=collection&_elements=id&_sort=_lastUpdated&_count={count}"
        if since:
            query += f"&_lastUpdated=ge{quote(since, '')}"
        return urljoin(self._base, f"Bundle?{query}")

    def _list(self, url: str, most: int) -> _Page:
        _, raw = self._asked("GET", url, None, {}, most=most)
        try:
            found = read_manifest(raw)
            if found.get("resourceType") != "Bundle" or found.get("type") != "searchset":
                raise WorkstationError("server.answer")
            ids = []
            for entry in found.get("entry", ()):
                resource = entry["resource"]
                if resource["resourceType"] == "Bundle":
                    ids.append((_id(resource["id"]), str(resource["meta"]["lastUpdated"])))
            following = [k["url"] for k in found.get("link", ()) if k["relation"] == "next"]
        except Refused as error:
            if error.code == "intake.json.size":
                raise _Large from error
            raise WorkstationError("server.answer") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise WorkstationError("server.answer") from error
        return _Page(tuple(ids), self._ours(str(following[0])) if following else "")

    def _ours(self, url: str) -> str:
        """A link of the server, which may lead nowhere else."""
        made = urljoin(self._base, url)
        parts = urlsplit(made)
        if (parts.scheme, parts.netloc) != (self._parts.scheme, self._parts.netloc):
            raise WorkstationError("server.answer")
        return made

    def _fetched(self, id: str, inbox: Path) -> Path:
        url = urljoin(self._base, f"Bundle/{id}")
        _, raw = self._asked("GET", url, None, {}, most=MOST_JSON, told=self._told)
        target = inbox / f"{hashlib.sha256(raw).hexdigest()}.json"
        part = target.with_suffix(".part")
        try:
            with part.open("wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except OSError as error:
            raise WorkstationError("intake.folder.unusable") from error
        return target

    def _asked(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: dict[str, str],
        most: int = MOST_BYTES,
        told: Callable[[int, int], None] = lambda done, of: None,
    ) -> tuple[int, bytes]:
        """One request with its tries; a busy server and a cut connection are asked again, later."""
        wait = 1.0
        for number in range(TRIES):
            asked_for = wait
            try:
                status, after, raw = self._once(method, url, body, headers, most, told)
                if status < http.client.MULTIPLE_CHOICES:
                    return status, raw
                if status not in _BUSY:
                    raise WorkstationError("server.refused", status=status)
                asked_for = max(wait, float(after) if after.isdigit() else 0.0)
            except (OSError, http.client.HTTPException) as error:
                if isinstance(error, ssl.SSLCertVerificationError):
                    raise WorkstationError("server.certificate") from error
                if number == TRIES - 1:
                    raise WorkstationError("server.unreachable") from error
            if number < TRIES - 1:
                self._sleep(min(asked_for, LONGEST_WAIT))
            wait *= 2
        raise WorkstationError("server.unreachable")

    def _once(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: dict[str, str],
        most: int,
        told: Callable[[int, int], None],
    ) -> tuple[int, str, bytes]:
        parts = urlsplit(url)
        host, port = self._parts.hostname or "", self._parts.port
        connection: http.client.HTTPConnection
        if self._parts.scheme == "https":
            file = self._place.authorities
            context = ssl.create_default_context(cafile=None if file is None else str(file))
            connection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=context)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        sent = {"Accept": "application/fhir+json", **headers}
        if self._place.token:
            sent["Authorization"] = f"Bearer {self._place.token}"
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            length = answer.getheader("Content-Length") or ""
            of = int(length) if length.isdigit() else 0
            if of > most:
                raise _Large  # before a byte of it is read
            raw = bytearray()
            while piece := answer.read(min(_PIECE, most + 1 - len(raw))):
                raw += piece
                told(len(raw), of)
            if len(raw) > most:
                raise _Large
            if length.isdigit() and len(raw) != of:
                raise http.client.IncompleteRead(bytes(raw))
            return answer.status, answer.getheader("Retry-After", "") or "", bytes(raw)
        finally:
            connection.close()


class _Large(WorkstationError):
    """An answer larger than is taken."""

    def __init__(self) -> None:
        super().__init__("server.answer")


@dataclass(frozen=True, slots=True)
class _Page:
    """One list: (id, last updated) of packages, and where the next list is."""

    ids: tuple[tuple[str, str], ...]
    following: str


def _resources(raw: bytes, kind: str) -> list[dict[str, Any]]:
    """The resources of one kind in a list of what was found."""
    try:
        found = read_manifest(raw)
        if found.get("resourceType") != "Bundle" or found.get("type") != "searchset":
            raise WorkstationError("server.answer")
        return [
            entry["resource"]
            for entry in found.get("entry", ())
            if entry["resource"]["resourceType"] == kind
        ]
    except (Refused, KeyError, TypeError, AttributeError) as error:
        raise WorkstationError("server.answer") from error


def _id(given: object) -> str:
    """FHIR's id, so that no path can be made of it."""
    text = str(given)
    if not 0 < len(text) <= _ID_LENGTH or set(text) - set(_ID) or set(text) <= {"."}:
        raise WorkstationError("server.answer")
    return text


def _kept(state: Path, base: str) -> dict[str, str]:
    try:
        found = json.loads(state.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # then all is fetched again; what is here already is known by its number
    if not isinstance(found, dict) or found.get("base") != base:
        return {}
    return {str(k): str(v) for k, v in found.items()}


def _keep(state: Path, values: dict[str, str]) -> None:
    part = state.with_suffix(".part")
    part.write_text(json.dumps(values), encoding="utf-8")
    part.replace(state)
