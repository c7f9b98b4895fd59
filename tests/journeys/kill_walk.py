"""A warm process that forks a worker on a store; it corrects one document and dies at its n-th step.

Started with a store to warm up on, it reads ``what folder document n`` lines (``what``: void or stamp) and answers with the
worker's wait status. A step is a call of the durable layer: a write, a sync, a rename.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from clinic_day import Clinic, DeskClock
from clinic_worker import warm

from workstation import bootstrap, showcase
from workstation.workflow import timestamps, void


class DiesAt:
    """Kills the process at the n-th call; 0 never."""

    def __init__(self, n: int) -> None:
        self.n, self.calls = n, 0

    def __call__(self, step: str) -> None:
        self.calls += 1
        if self.calls == self.n:
            os.kill(os.getpid(), signal.SIGKILL)


def work(what: str, folder: Path, id: str, n: int) -> int:
    clock = DeskClock()
    clock.later(minutes=5)
    opened = bootstrap.open_desk(folder, showcase.LOGIN, showcase.PASSWORD, clock=clock)
    clinic = Clinic(opened, clock)
    with clinic.desk.store.reading() as unit:
        document = unit.document(id)
    assert document is not None
    durable = clinic.desk.vault._durable
    if what == "void":
        shown = void.preview_void(
            clinic.desk, clinic.session, document.id, void.EndReason("writing_error")
        )
        durable._before = steps = DiesAt(n)
        answer: object = void.void(clinic.desk, clinic.session, shown, showcase.PIN)
        assert isinstance(answer, void.Voided), answer
    else:
        durable._before = steps = DiesAt(n)
        answer = timestamps.stamp(clinic.desk, clinic.session, document)
        assert isinstance(answer, timestamps.Stamped), answer
    return steps.calls


warm(Path(sys.argv[1]))
for line in sys.stdin:
    what, folder, id, n = line.split()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 100 + work(what, Path(folder), id, int(n))
        except BaseException as error:
            Path(folder).with_suffix(".error").write_text(repr(error))
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    print(status, flush=True)
