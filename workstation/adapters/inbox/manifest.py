"""JSON from outside: size, depth, encoding and keys are checked before anything is believed."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from workstation.domain.errors import Refused

MOST_BYTES = 2 * 1024 * 1024
MOST_DEPTH = 32

# Inline photos: long runs of base64. They are set aside before size and depth are judged.
_INLINE = re.compile(rb'"[A-Za-z0-9+/=]{1024,}"')
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKET = re.compile(rb"[\[{]|[\]}]")
_INTEGER_DIGITS = 18


def read_manifest(raw: bytes) -> dict[str, Any]:
    """The JSON object in ``raw``; numbers are ``int`` or ``Decimal``.

    Raises:
        Refused: ``intake.json.size``, ``.depth``, ``.encoding``, ``.syntax``, ``.duplicate``,
            ``.number`` or ``.object``.
    """
    rest = _INLINE.sub(b'""', raw)
    if len(rest) > MOST_BYTES:
        raise Refused("intake.json.size", bytes=len(rest))
    _check_depth(rest)
    try:
        text = raw.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Refused("intake.json.encoding", at=error.start) from error
    try:
        value = json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_constant=_no_constant,
            parse_float=_decimal,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        raise Refused("intake.json.syntax", at=error.pos) from error
    except RecursionError as error:
        raise Refused("intake.json.depth") from error
    if not isinstance(value, dict):
        raise Refused("intake.json.object")
    return value


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
