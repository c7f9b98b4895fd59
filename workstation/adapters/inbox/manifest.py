"""JSON from outside: size, depth, encoding and keys are checked before anything is believed.

Inline photos are set aside piece by piece before anything else looks at the file, and put back into
what was read: no single call works on a whole photo, because such a call would hold the interpreter
and with it the window.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from workstation.domain.errors import Refused

MOST_BYTES = 2 * 1024 * 1024
MOST_DEPTH = 32

# Inline photos: long runs of base64. They are set aside before size and depth are judged.
_LEAST_INLINE = 1024
_START = re.compile(rb'"[A-Za-z0-9+/=]{1024}')
_RUN = re.compile(rb"[A-Za-z0-9+/=]*")
PIECE = 1024 * 1024  # bytes of a photo that one call works on
_QUOTE, _BACKSLASH = b'"', ord("\\")
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKET = re.compile(rb"[\[{]|[\]}]")
_INTEGER_DIGITS = 18


def read_manifest(raw: bytes) -> dict[str, Any]:
    """The JSON object in ``raw``; numbers are ``int`` or ``Decimal``.

    Raises:
        Refused: ``intake.json.size``, ``.depth``, ``.encoding``, ``.syntax``, ``.duplicate``,
            ``.number`` or ``.object``.
    """
    rest, aside = _set_aside(raw)
    _check_depth(rest.joined)
    try:
        text = rest.joined.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Refused("intake.json.encoding", at=rest.before(error.start)) from error
    try:
        value = json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_constant=_no_constant,
            parse_float=_decimal,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        raise Refused("intake.json.syntax", at=rest.before(error.pos)) from error
    except RecursionError as error:
        raise Refused("intake.json.depth") from error
    if not isinstance(value, dict):
        raise Refused("intake.json.object")
    if aside:
        _put_back(value, aside, raw)
    return value


class _Rest:
    """What is left of a file when its photos are set aside."""

    def __init__(self, parts: list[bytes], places: list[tuple[int, int]]) -> None:
        self.joined = b"".join(parts)
        self._places = places

    def before(self, at: int) -> int:
        """A place of the rest as a place of the file."""
        return at + next((gone for here, gone in reversed(self._places) if here <= at), 0)


def _set_aside(raw: bytes) -> tuple[_Rest, dict[str, tuple[int, int]]]:
    """The file without its inline photos, and where each of them is by the mark in its place.

    Raises:
        Refused: ``intake.json.size`` as soon as what is left is too large.
    """
    # Nobody can write the mark: it is drawn anew for each file.
    token = secrets.token_hex(12)
    parts: list[bytes] = []
    places: list[tuple[int, int]] = []
    aside: dict[str, tuple[int, int]] = {}
    kept = size = at = 0
    while at < len(raw):
        begun = _START.search(raw, at, at + PIECE + _LEAST_INLINE)
        if begun is None:
            at += PIECE
        else:
            quote = begun.start()
            at = end = _run_end(raw, begun.end())
            escaped = quote > 0 and raw[quote - 1] == _BACKSLASH
            if raw[end : end + 1] == _QUOTE and not escaped:
                mark = f"{token}{len(aside)}"
                aside[mark] = (quote + 1, end)
                parts += [raw[kept:quote], f'"{mark}"'.encode()]
                size += quote - kept + len(mark) + 2
                kept = at = end + 1
                places.append((size, kept - size))
        if size + min(at, len(raw)) - kept > MOST_BYTES:
            raise Refused("intake.json.size", bytes=size + min(at, len(raw)) - kept)
    size += len(raw) - kept
    if size > MOST_BYTES:
        raise Refused("intake.json.size", bytes=size)
    return _Rest([*parts, raw[kept:]], places), aside


def _run_end(raw: bytes, start: int) -> int:
    """Where a run of base64 that begins at ``start`` ends."""
    at = start
    while True:
        found = _RUN.match(raw, at, at + PIECE)
        assert found is not None  # an empty run matches
        if found.end() < at + PIECE:
            return found.end()
        at = found.end()


def _put_back(value: Any, aside: dict[str, tuple[int, int]], raw: bytes) -> None:
    """Put every photo where its mark stands.

    Raises:
        Refused: ``intake.key.unknown`` for a key as long as a photo.
    """

    def whole(item: Any) -> Any:
        if isinstance(item, str) and item in aside:
            return "".join(piece.decode("ascii") for piece in _pieces(raw, *aside[item]))
        _put_back(item, aside, raw)
        return item

    if isinstance(value, dict):
        if any(key in aside for key in value):
            raise Refused("intake.key.unknown")
        for key, item in value.items():
            value[key] = whole(item)
    elif isinstance(value, list):
        value[:] = [whole(item) for item in value]


def _pieces(raw: bytes, start: int, end: int) -> Iterator[bytes]:
    for at in range(start, end, PIECE):
        yield raw[at : min(at + PIECE, end)]


def _check_depth(raw: bytes) -> None:
    depth = 0
    for found in _BRACKET.finditer(_STRING.sub(b"", raw)):
        depth += 1 if found.group() in b"[{" else -1
        if depth > MOST_DEPTH:
            raise Refused("intake.json.depth")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("intake.json.duplicate")
    return found


def _no_constant(_: str) -> NoReturn:
    raise Refused("intake.json.number")


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise Refused("intake.json.number") from error
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or abs(exponent) > 9 or len(digits) > _INTEGER_DIGITS:
        raise Refused("intake.json.number")
    return value


def _integer(text: str) -> int:
    if len(text) > _INTEGER_DIGITS:
        raise Refused("intake.json.number")
    return int(text)
