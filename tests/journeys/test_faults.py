"""A disk that fails at each durable call of the signing path: wholly signed, or not at all."""

from __future__ import annotations

import errno
import hashlib
from typing import Any

import pytest
from clinic_day import Clinic, Hand, plant, with_plain_pages

from workstation.domain.audit import first_break
from workstation.domain.consultation import Status
from workstation.domain.errors import WorkstationError
from workstation.workflow import sign


class FailsAt:
    """Fails the n-th durable call (from 1), as a full or broken disk does; counts all."""

    def __init__(self, n: int = 0, number: int = errno.EIO) -> None:
        self.n, self.number, self.calls = n, number, 0

    def __call__(self, step: str) -> None:
        self.calls += 1
        if self.calls == self.n:
            raise OSError(self.number, "planted fault")


def _durable(clinic: Clinic) -> Any:
    return clinic.desk.vault._durable  # vault and audit heads share it


def _ready(clinic: Clinic, template: Any) -> Hand:
    hand = Hand.take(clinic.desk, clinic.session, plant(clinic.desk, template))
    hand.prescribe()
    assert hand.appraisal.gate.is_open
    return hand


def _is_whole(clinic: Clinic, hand: Hand, answer: Any) -> bool:
    """Whether it was signed; half-signed fails."""
    documents = clinic.documents(hand.id)
    consultation = clinic.look(hand.id)
    signed = isinstance(answer, sign.Signed)
    assert (consultation.status is Status.CLOSED) == signed
    assert len(documents) == (3 if signed else 0)
    for document in documents:
        pdf = clinic.desk.vault.get(document.address)
        assert hashlib.sha256(pdf).hexdigest() == document.pdf_digest
    if not signed:
        assert consultation.claim is not None and consultation.claim.token == hand.token
        assert consultation.revision == hand.revision
    return signed


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC], ids=["broken", "full"])
def test_a_fault_at_each_call_of_the_signing_path(clinic: Clinic, number: int) -> None:
    clinic.opened.desk = with_plain_pages(clinic.opened.desk)
    template = clinic.look(clinic.waiting("Nguyễn"))
    durable = _durable(clinic)
    hand = _ready(clinic, template)
    shown = hand.preview()
    durable._before = counting = FailsAt()
    assert isinstance(hand.sign(shown), sign.Signed)
    calls = counting.calls
    assert calls >= 15  # three files of five steps each, and the second audit record
    refused = 0
    for n in range(1, calls + 1):
        durable._before = None
        hand = _ready(clinic, template)
        shown = hand.preview()
        durable._before = FailsAt(n, number)
        answer: Any = None
        try:
            answer = hand.sign(shown)
        except WorkstationError as error:
            expected = "store.disk.full" if number == errno.ENOSPC else "store.disk.fault"
            assert error.code == expected
        durable._before = None
        if _is_whole(clinic, hand, answer):
            continue
        refused += 1
        # Nothing needs repair: the same previews sign as soon as the disk works again.
        assert _is_whole(clinic, hand, hand.sign(shown))
    assert refused >= 15
    with clinic.desk.store.reading() as unit:
        assert first_break(unit.audit_entries(0, 1_000_000)) is None
    assert not list(clinic.opened.folder.rglob("*.part"))


def test_a_file_that_does_not_verify_is_not_stored(clinic: Clinic) -> None:
    """The new file is checked before it is stored: a signature that went wrong is no signature."""

    class Careless:
        def __init__(self, signer: Any) -> None:
            self._signer = signer

        def sign(self, pdf: bytes, *rest: Any) -> bytes:
            good = self._signer.sign(pdf, *rest)
            return bytes(good[:-40] + b"X" + good[-39:])

        def verify(self, pdf: bytes, expected: str | None = None) -> Any:
            return self._signer.verify(pdf, expected)

    from dataclasses import replace

    hand = clinic.take("Nguyễn")
    hand.prescribe()
    shown = hand.preview()
    hand.desk = replace(clinic.desk, signer=Careless(clinic.desk.signer))
    with pytest.raises(WorkstationError) as caught:
        hand.sign(shown)
    assert caught.value.code == "sign.self_check"
    clinic.assert_unsigned(hand.id)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_fault_at_each_call_with_real_pages(clinic: Clinic) -> None:
    template = clinic.look(clinic.waiting("Nguyễn"))
    durable = _durable(clinic)
    n, done = 1, False
    while not done:
        hand = _ready(clinic, template)
        shown = hand.preview()
        durable._before = fault = FailsAt(n)
        answer: Any = None
        try:
            answer = hand.sign(shown)
        except WorkstationError as error:
            assert error.code == "store.disk.fault"
        durable._before = None
        _is_whole(clinic, hand, answer)
        done = fault.calls < n
        n += 1
    assert n > 15
