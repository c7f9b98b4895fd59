"""The server goes away in the commit of a signature: checking, then the truth, never two of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.inline_jobs import InlineJobs
from tests.journeys.clinic_day import Clinic
from tests.journeys.test_decisions import settle
from workstation import showcase
from workstation.demo.people import person
from workstation.domain.draft import DecisionKind
from workstation.domain.errors import WorkstationError
from workstation.presenters import sign_attempt, sign_wording
from workstation.presenters.case import CaseFile
from workstation.presenters.sign import SignPresenter
from workstation.workflow import sign

GONE = WorkstationError("store.commit.unconfirmed")


class Breaking:
    """The store, whose connection breaks in the commit that holds the documents."""

    def __init__(self, store: Any, *, stored: bool) -> None:
        self._store, self._stored, self.deaf = store, stored, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def reading(self) -> Iterator[Any]:
        if self.deaf:
            self.deaf -= 1
            raise WorkstationError("store.server.gone")
        with self._store.reading() as unit:
            yield unit

    @contextmanager
    def writing(self, actor: str, station: str) -> Iterator[Any]:
        signed = False
        try:
            with self._store.writing(actor, station) as unit:
                yield unit
                signed = unit.signed
                if signed and not self._stored:
                    raise GONE  # the server never got it
        finally:
            self.deaf = 2 if signed else self.deaf
        if signed:
            raise GONE  # the server had it, and nobody could tell us


@pytest.mark.parametrize("stored", [True, False])
def test_a_signature_is_confirmed_or_made_again_and_never_twice(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    monkeypatch.setattr(sign_attempt, "CHECKS", (0, 0, 0, 0))
    hand = clinic.take(person("nguyen-minh-duc").family)
    hand.prescribe()
    id = hand.consultation.id
    from workstation.workflow import queue

    queue.release(clinic.desk, clinic.session, id, hand.token)
    broken = replace(clinic.desk, store=Breaking(clinic.desk.store, stored=stored))
    case = CaseFile(clinic.desk, clinic.session, InlineJobs())
    presenter = SignPresenter(case)
    told: list[str] = []
    presenter.changed.subscribe(lambda state: told.append(state.pin_note))
    signed: list[Any] = []
    presenter.signed.subscribe(signed.append)
    case.open(id)
    presenter.enter()
    case.desk = broken
    for digit in showcase.PIN:
        presenter.digit(digit)
    presenter.sign()
    assert str(sign_wording.CHECKING) in told
    documents = clinic.documents(id)
    if stored:
        assert len(signed) == 1 and len(documents) == 3
    else:
        assert not signed and documents == () and told[-1] == str(sign_wording.NOT_STORED)
        case.desk = clinic.desk
        for digit in showcase.PIN:
            presenter.digit(digit)
        presenter.sign()
        assert len(signed) == 1 and len(clinic.documents(id)) == 3
    assert clinic.opened.check() == ()


def test_the_message_of_a_signature_that_was_confirmed_later_is_in_the_outbox(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sign_attempt, "CHECKS", (0, 0, 0, 0))
    hand = clinic.take("Mwangi")
    settle(hand, DecisionKind.DECLINE)
    shown = hand.preview()
    hand.desk = replace(clinic.desk, store=Breaking(clinic.desk.store, stored=True))
    with pytest.raises(WorkstationError, match=r"store\.commit\.unconfirmed"):
        hand.sign(shown)
    (message,) = clinic.look(hand.id).messages
    assert not [*tmp_path.rglob(f"{message.number}.txt")]
    answer = sign.confirm(clinic.desk, clinic.session, shown)
    assert answer is not None and (answer.message, answer.unwritten) == (message, "")
    (written,) = tmp_path.rglob(f"{message.number}.txt")
    assert written.read_text() == message.message.text
