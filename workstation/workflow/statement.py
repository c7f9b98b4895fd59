"""The statement in a prescription's QR code: what was prescribed, signed by the clinic.

It carries no name: a digest of name, birth date and number lets whoever holds the patient's papers
confirm that it is theirs. The characters are those a QR code packs densest, so that the modules
stay large enough for any telephone.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from workstation.domain.documents import Dispense, Document
from workstation.domain.errors import Refused

VERSION = "DW1"
_FIELDS = 9
_SIGNATURE = 64  # bytes of Ed25519
_PROOF = 16  # hexadecimal digits: 64 bits
_RECORD = 16
_KEY = 8
_NUMBER = re.compile(r"[A-Z]{2}-\d{4}-\d{4,9}")
_DAY = re.compile(r"\d{8}")
_HEX = re.compile(r"[0-9A-F]+")
_ITEM = re.compile(r"([A-Z0-9 %./-]+):(\d{1,6}) ([A-Z0-9 %./-]+):(\d{1,3}):(\d{1,2})")
_OTHER = re.compile(r"[^A-Z0-9 %./-]+")
_LONGEST_NAME = 60
_LONGEST_UNIT = 16
_DOMAIN = b"derm-workstation prescription statement 1\n"


@dataclass(frozen=True, slots=True)
class Statement:
    """What the code says. ``record`` is the start of the record's digest, ``patient`` the proof."""

    number: str
    record: str
    issued: date
    dispense_by: date | None
    items: tuple[Dispense, ...]
    patient: str

    @property
    def page_code(self) -> str:
        """The record code as printed on each page: ``5D0C-77AE``."""
        return f"{self.record[:4]}-{self.record[4:8]}"

    def is_of(self, name: str, born: date) -> bool:
        """Whether it was made for a patient of that name and birth date."""
        return self.patient == proof(self.number, name, born)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A statement as read from a code, not yet proved: key and signature over ``signed``."""

    statement: Statement
    signed: bytes
    key: str  # the first digits of the document key's SHA-256
    signature: bytes


def statement_of(document: Document) -> Statement | None:
    """The statement of a prescription; None for every other document."""
    given = document.prescribed
    if given is None:
        return None
    return Statement(
        document.number,
        document.content_digest[:_RECORD].upper(),
        document.issued,
        given.dispense_by,
        tuple(
            Dispense(
                _plain(one.name, _LONGEST_NAME),
                one.quantity,
                _plain(one.unit, _LONGEST_UNIT),
                one.days,
                one.refills,
            )
            for one in given.items
        ),
        proof(document.number, document.patient_name, given.born),
    )


def proof(number: str, name: str, born: date) -> str:
    """The digest that stands for a patient on one document: another document has another one."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(c for c in folded if c.isalnum())
    made = hashlib.sha256(f"{number}\n{letters}\n{born.isoformat()}".encode())
    return made.hexdigest()[:_PROOF].upper()


def key_name(public: bytes) -> str:
    """How a code names the document key that signed it."""
    return hashlib.sha256(public).hexdigest()[:_KEY].upper()


def body(statement: Statement, key: str) -> str:
    """The text that is signed, without its signature."""
    by = statement.dispense_by
    items = "+".join(
        f"{o.name}:{o.quantity} {o.unit}:{o.days}:{o.refills}" for o in statement.items
    )
    return "*".join(
        (
            VERSION,
            statement.number,
            statement.record,
            f"{statement.issued:%Y%m%d}",
            "-" if by is None else f"{by:%Y%m%d}",
            items,
            statement.patient,
            key,
        )
    )


def to_sign(text: str) -> bytes:
    """The bytes that the document key signs; nothing else of the clinic begins like them."""
    return _DOMAIN + text.encode("ascii")


def written(text: str, signature: bytes) -> str:
    """The whole code: ``body`` and its signature."""
    return f"{text}*{base64.b32encode(signature).decode().rstrip('=')}"


def read(code: str) -> Sealed:
    """A code taken apart; every character is one this program writes.

    Raises:
        Refused: ``qr.form``.
    """
    text, _, tail = code.strip().rpartition("*")
    fields = text.split("*")
    if len(fields) != _FIELDS - 1 or fields[0] != VERSION:
        raise Refused("qr.form")
    _, number, record, issued, by, items, patient, key = fields
    digits = (record, _RECORD), (patient, _PROOF), (key, _KEY)
    if not all(len(one) == size and _HEX.fullmatch(one) for one, size in digits):
        raise Refused("qr.form")
    if not _NUMBER.fullmatch(number):
        raise Refused("qr.form")
    made = Statement(
        number,
        record,
        _day(issued),
        None if by == "-" else _day(by),
        tuple(_item(one) for one in items.split("+")),
        patient,
    )
    signature = _signature(tail)
    if written(body(made, key), signature) != code.strip():
        raise Refused("qr.form")
    return Sealed(made, to_sign(text), key, signature)


def _plain(text: str, longest: int) -> str:
    """A name in the characters of the code."""
    return _OTHER.sub(" ", text.upper()).strip()[:longest].strip() or "-"


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise Refused("qr.form")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise Refused("qr.form") from error


def _item(text: str) -> Dispense:
    found = _ITEM.fullmatch(text)
    if found is None:
        raise Refused("qr.form")
    name, quantity, unit, days, refills = found.groups()
    return Dispense(name, int(quantity), unit, int(days), int(refills))


def _signature(text: str) -> bytes:
    try:
        found = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError as error:
        raise Refused("qr.form") from error
    if len(found) != _SIGNATURE:
        raise Refused("qr.form")
    return found
