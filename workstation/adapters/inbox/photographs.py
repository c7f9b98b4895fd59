"""Photos of a bundle: files, inline data or Binary entries, each named once and checked by digest."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workstation.adapters.inbox import vocabulary as v
from workstation.adapters.inbox.clinical import check_subject, extensions, word
from workstation.adapters.inbox.node import Node
from workstation.adapters.inbox.package import MOST_PHOTO, TYPES, media_type_of
from workstation.domain.errors import Refused
from workstation.domain.photo import View
from workstation.workflow.ports import ReceivedPhoto

MOST_PHOTOS = 199
_PIECE = 1024 * 1024  # characters, a multiple of four

Fetch = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of the bundle with its type and full URL."""

    kind: str
    url: str
    node: Node


class Photographs:
    """Reads the photos and sees to it that every file is named by one photo and every name is met."""

    def __init__(
        self,
        entries: Sequence[Entry],
        subject: str,
        members: Sequence[str],
        fetch: Fetch | None,
    ) -> None:
        self._entries = entries
        self._subject = subject
        self._binaries = {e.url: e.node for e in entries if e.kind == "Binary"}
        self._fetch = fetch
        self._left = {*members, *self._binaries}
        self._known = frozenset(self._left)

    def read(self) -> tuple[ReceivedPhoto, ...]:
        """Every photo of the package with its content, in order; raises Refused ``intake.photo.*``."""
        found: list[ReceivedPhoto] = []
        for entry in self._entries:
            with entry.node.bounded():
                if entry.kind == "Media":
                    found.append(self._media(entry.node))
                elif entry.kind == "DocumentReference":
                    found.append(self._document(entry.node))
        if len(found) > MOST_PHOTOS:
            raise Refused("intake.photo.many", photos=len(found))
        if self._left:
            raise Refused("intake.package.unlisted", members=len(self._left))
        digests = {p.digest for p in found}
        if len(digests) != len(found):
            raise Refused("intake.photo.twice")
        return tuple(found)

    def _media(self, node: Node) -> ReceivedPhoto:
        node.choice("status", "completed")
        check_subject(node, "subject", self._subject)
        view = word(node.node("view"), v.VIEW, *(w.value for w in View))
        node.maybe_day("createdDateTime")
        photo = self._attachment(node.node("content"), View(view))
        node.done()
        return photo

    def _document(self, node: Node) -> ReceivedPhoto:
        node.choice("status", "current")
        check_subject(node, "subject", self._subject)
        view = word(node.node("type"), v.VIEW, *(w.value for w in View))
        node.maybe_moment("date")
        content = node.only("content")
        photo = self._attachment(content.node("attachment"), View(view))
        content.done()
        node.done()
        return photo

    def _attachment(self, node: Node, view: View) -> ReceivedPhoto:
        declared = node.choice("contentType", *sorted(set(TYPES.values())))
        extra = extensions(node, v.SHA256)
        if v.SHA256 not in extra:
            raise node.refused("intake.photo.digest", "extension")
        digest = extra[v.SHA256].text("valueString")
        extra[v.SHA256].done()
        if "data" in node and "url" in node:
            raise node.refused("intake.key.several", "url")
        content = _decoded(node, "data") if "data" in node else self._by_url(node, declared)
        node.maybe_day("creation")
        node.maybe_text("title")
        node.done()
        if hashlib.sha256(content).hexdigest() != digest:
            raise node.refused("intake.photo.digest")
        return ReceivedPhoto(view, declared, content, digest)

    def _by_url(self, node: Node, declared: str) -> bytes:
        url = node.text("url")
        if url not in self._known:
            raise node.refused("intake.photo.missing", "url")
        if url not in self._left:
            raise node.refused("intake.photo.twice", "url")
        self._left.discard(url)
        if url in self._binaries:
            binary = self._binaries[url]
            if binary.text("contentType") != declared:
                raise binary.refused("intake.photo.type", "contentType")
            content = _decoded(binary, "data")
            binary.done()
            return content
        if media_type_of(url) != declared or self._fetch is None:
            raise node.refused("intake.photo.type", "contentType")
        return self._fetch(url)


def _decoded(node: Node, key: str) -> bytes:
    text = node.blob(key)
    if len(text) > MOST_PHOTO * 4 // 3 + 4:
        raise node.refused("intake.photo.bytes", key)
    try:
        content = b"".join(_from_base64(text))
    except (binascii.Error, ValueError) as error:
        raise node.refused("intake.photo.base64", key) from error
    if not content:
        raise node.refused("intake.photo.empty", key)
    return content


def _from_base64(text: str) -> Iterator[bytes]:
    """What base64 says, piece by piece: one call on a whole photo would hold the interpreter.

    Raises:
        ValueError: it is no base64, or ends before its end.
    """
    for at in range(0, len(text), _PIECE):
        piece = text[at : at + _PIECE]
        if "=" in piece and at + _PIECE < len(text):
            raise ValueError("an end in the middle")
        yield base64.b64decode(piece, validate=True)
