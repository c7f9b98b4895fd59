"""A workstation on a clinic's server: signs one consultation after another and says what it knows.

python server_station.py ADDRESS NUMBER LOG: writes ``trying id number`` before each signature,
``signed id number`` when it is certain. When the connection is lost it waits for the server, looks
what became of it, and signs again only when the store has nothing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from store_world import NOW, FixedClock, appraised, consultation, outcome, patient, signed

from workstation.adapters.store import seals
from workstation.adapters.store.engine import postgresql_engine
from workstation.adapters.store.unit_of_work import SqlStore
from workstation.domain.consultation import Status
from workstation.domain.documents import DocumentKind
from workstation.domain.errors import Conflict, WorkstationError
from workstation.domain.ids import ConsultationId, UserId
from workstation.workflow.ports import QueueFilter

address, station, log = (
    sys.argv[1],
    int(sys.argv[2]),
    os.open(sys.argv[3], os.O_WRONLY | os.O_APPEND),
)
LOST = {"store.server.gone", "store.commit.unconfirmed"}
ME = UserId("user-doctor")
engine = postgresql_engine(address)
seals.attach(engine, b"s" * 32)
store = SqlStore(engine, FixedClock(), demonstration=False, heads=None)


def tell(*words: object) -> None:
    os.write(log, (" ".join(map(str, words)) + "\n").encode())


def certain(work: Callable[[], Any], *, known: Callable[[], bool]) -> None:
    """Do it, and after a lost connection only when it is not there."""
    while True:
        try:
            work()
            return
        except Conflict as error:
            # Another station may have signed it, or the first try had arrived after all.
            assert error.code in (
                "consultation.received.already", "consultation.signed.already",
                "consultation.claim.lost", "consultation.closed",
            ), error  # fmt: skip
            return
        except WorkstationError as error:
            assert error.code in LOST, error
            tell(error.code)
        while True:
            try:
                if known():
                    return
                break
            except WorkstationError as error:
                assert error.code in LOST, error
                time.sleep(0.05)


n = 0
while True:
    n += 1
    new = consultation(station * 100_000 + n, patient(station * 100_000 + n))

    def add(new: Any = new) -> None:
        with store.writing("system", "s") as unit:
            unit.add_patient_and_consultation(new, appraised())
            unit.audit("consultation.received", new.id, {})

    def here(id: Any = new.id) -> bool:
        with store.reading() as unit:
            return unit.consultation(id) is not None

    certain(add, known=here)
    # The oldest that is free, whoever brought it: the stations work on one queue.
    try:
        with store.reading() as unit:
            rows = unit.queue(QueueFilter(scope="all", limit=2), ME, NOW)
    except WorkstationError as error:
        assert error.code in LOST
        continue
    if not rows:
        continue
    id, number = rows[-1].id, f"RX-{station}-{n}"

    def sign(id: ConsultationId = id, number: str = number) -> None:
        with store.writing(ME, f"s{station}") as unit:
            claim = unit.claim(id, ME, "shared", NOW, NOW + timedelta(minutes=20))
            if claim is None:
                raise Conflict("consultation.claim.lost")
            found = unit.consultation(id)
            if found is None:
                raise Conflict("consultation.claim.lost")
            if found.status is not Status.IN_REVIEW:
                unit.set_status(id, claim.token, Status.IN_REVIEW, None)
            document = signed(id, DocumentKind.PRESCRIPTION, number)
            unit.finish(id, claim.token, found.revision, [document], outcome())
            unit.audit("consultation.signed", id, {"number": number})

    def stored(id: ConsultationId = id) -> bool:
        with store.reading() as unit:
            return bool(unit.documents(id))

    tell("trying", id, number)
    certain(sign, known=stored)
    while True:
        try:
            with store.reading() as unit:
                documents = unit.documents(id)
            break
        except WorkstationError:
            time.sleep(0.05)
    if [d.number for d in documents] == [number]:
        tell("signed", id, number)
