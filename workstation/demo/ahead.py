"""What making the demonstration does ahead of time or once, with the real parts of a desk.

Packages are read and their photos decoded while the visit before is still being signed; a document
is drawn once for preview and signature; a PIN that matched is not stretched again. Answers are
those of the parts themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from workstation.domain.accounts import User
from workstation.domain.documents import Document
from workstation.domain.errors import Refused
from workstation.domain.pixels import Pixels
from workstation.workflow.desk import Desk
from workstation.workflow.ports import (
    AdoptedKey,
    Examined,
    KeyRing,
    PackageReader,
    Photos,
    Received,
    Renderer,
    TokenPlace,
    Unlocked,
)
from workstation.workflow.ports.board import ReceivedResults

_AT_ONCE = 2  # packages looked at together: as many as there are decode children
_DRAWN = 4  # documents of one visit, and one more


class Ahead:
    """Reads packages and examines their photos in the order in which they will be asked for."""

    def __init__(self, reader: PackageReader, photos: Photos, paths: Iterable[Path]) -> None:
        self._reader, self._photos = reader, photos
        self._seen: dict[tuple[bytes, date], Examined] = {}
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="ahead")
        self._coming: dict[Path, Future[Received]] = {
            path: self._pool.submit(self._look_at, path) for path in paths
        }

    def read(self, path: Path) -> Received:
        """The package, when it and its photos have been looked at."""
        coming = self._coming.get(path)
        return self._reader.read(path) if coming is None else coming.result()

    def read_any(self, path: Path) -> Received | ReceivedResults:
        """As ``read``; what was not looked at ahead may be results."""
        return self.read(path) if path in self._coming else self._reader.read_any(path)

    def examine(self, content: bytes, received: date) -> Examined:
        """What was found ahead; asked of the decoder when it was not."""
        found = self._seen.pop((content, received), None)
        return self._photos.examine(content, received) if found is None else found

    def decode(self, content: bytes, longest: int | None = None) -> Pixels:
        """Upright pixels."""
        return self._photos.decode(content, longest)

    def close(self) -> None:
        """Forget what nobody asked for."""
        self._pool.shutdown(cancel_futures=True)
        self._coming.clear()
        self._seen.clear()

    def _look_at(self, path: Path) -> Received:
        received = self._reader.read(path)
        on = received.submitted_at.date()
        for photo in received.photos:
            with suppress(Refused):  # refused again, and said, when it is received
                self._seen[photo.content, on] = self._photos.examine(photo.content, on)
        return received


class DrawnOnce:
    """A renderer that draws equal documents once."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._drawn: list[tuple[Document, str, bytes]] = []

    def render(self, document: Document, code: str = "") -> bytes:
        """The PDF."""
        for known, coded, pdf in self._drawn:
            if (known, coded) == (document, code):
                return pdf
        pdf = self._renderer.render(document, code)
        self._drawn = [*self._drawn[1 - _DRAWN :], (document, code, pdf)]
        return pdf

    def pages(self, pdf: bytes, scale: float) -> tuple[Pixels, ...]:
        """Raster of each page."""
        return self._renderer.pages(pdf, scale)


class MatchedOnce:
    """A key ring that remembers which PIN matched which verifier."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._matched: tuple[str, str] | None = None

    def unlock(self, login: str, password: str) -> Unlocked:
        """As the key ring."""
        return self._keys.unlock(login, password)

    def add_user(self, user: User, password: str, pin: str | None) -> str | None:
        """As the key ring."""
        return self._keys.add_user(user, password, pin)

    def change_password(self, login: str, password: str, new_password: str) -> None:
        """As the key ring."""
        self._keys.change_password(login, password, new_password)

    def reset_password(self, user: User, new_password: str, pin: str | None) -> str | None:
        """As the key ring."""
        return self._keys.reset_password(user, new_password, pin)

    def forget_user(self, login: str) -> None:
        """As the key ring."""
        self._keys.forget_user(login)

    def new_recovery_key(self) -> str:
        """As the key ring."""
        return self._keys.new_recovery_key()

    def revocation_list(self, revoked: Sequence[tuple[str, datetime]]) -> bytes:
        """As the key ring."""
        return self._keys.revocation_list(revoked)

    def adopt_file(
        self,
        owner: User,
        password: str,
        content: bytes,
        file_password: str,
        revoked: frozenset[str],
    ) -> AdoptedKey:
        """As the key ring."""
        return self._keys.adopt_file(owner, password, content, file_password, revoked)

    def adopt_token(
        self, owner: User, password: str, place: TokenPlace, pin: str, revoked: frozenset[str]
    ) -> AdoptedKey:
        """As the key ring."""
        return self._keys.adopt_token(owner, password, place, pin, revoked)

    def renew(self, owner: User, password: str) -> AdoptedKey:
        """As the key ring."""
        return self._keys.renew(owner, password)

    def document_key(self) -> bytes:
        """As the key ring."""
        return self._keys.document_key()

    def document_signature(self, content: bytes) -> bytes:
        """As the key ring."""
        return self._keys.document_signature(content)

    def document_certificate(self) -> bytes:
        """As the key ring."""
        return self._keys.document_certificate()

    def pin_verifier(self, pin: str) -> str:
        """As the key ring."""
        return self._keys.pin_verifier(pin)

    def pin_matches(self, verifier: str, pin: str) -> bool:
        """Whether the PIN belongs to the verifier."""
        if self._matched == (verifier, pin):
            return True
        matches = self._keys.pin_matches(verifier, pin)
        if matches:
            self._matched = verifier, pin
        return matches


def hastened(desk: Desk, ahead: Ahead) -> Desk:
    """The desk with these parts in front of its own."""
    return replace(
        desk,
        reader=ahead,
        photos=ahead,
        renderer=DrawnOnce(desk.renderer),
        keys=MatchedOnce(desk.keys),
    )
