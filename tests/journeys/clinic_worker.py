"""What a worker does on a clinic until it is killed: import, edit and sign, told line by line."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

from clinic_day import Clinic, DeskClock, Hand
from many_packages import SENDER

from tests.kept_statements import keep_statements
from workstation import assets, bootstrap, showcase
from workstation.adapters.photos.decoder import PhotoDecoder
from workstation.content import catalogue
from workstation.domain.consultation import Status
from workstation.domain.draft import ItemKind, Key, Note
from workstation.domain.errors import Refused
from workstation.workflow import intake, sign
from workstation.workflow.ports import QueueFilter

IMPORT = "import"
PhotoDecoder.warm = lambda _: None  # started when one is needed
LOADED = catalogue.load(assets.resource("clinical"))
catalogue.load = lambda _: LOADED
keep_statements()


def work(folder: Path, tell: Callable[..., None], packages: Path, turn: int = 0) -> None:
    """Until killed: ``tell`` hears ``stored id``, ``edit id revision``, ``signed id digests``.

    ``turn`` says which of the three kinds of work comes first.
    """
    clock = DeskClock()
    opened = bootstrap.open_desk(folder, showcase.LOGIN, showcase.PASSWORD, clock=clock)
    clinic = Clinic(opened, clock)

    tell("ready")
    order = [("Kill", 2), ("Nwosu", 2), (IMPORT, 2)]
    first = turn % len(order)
    order = order[first:] + order[:first]
    while True:
        for family, number in order:
            if family == IMPORT:
                for answer in _received(clinic, packages, number):
                    tell("stored", answer.id)
                continue
            id = _next(clinic, family)
            if id is None:
                continue
            hand = Hand.take(clinic.desk, clinic.session, id)
            for n in range(number):
                text = Note(f"note {hand.revision + 1}.{n}")
                hand.put("note.written", (Key.of(ItemKind.NOTE, "assessment"), text))
                tell("edit", id, hand.revision)
            if family == "Nwosu":
                hand.fact("pregnancy.category", "CGP")
                hand.work_up()
            else:
                hand.prescribe()
            tell("edit", id, hand.revision)
            answer = signed(clinic, hand)
            tell("signed", id, ",".join(d.pdf_digest for d in answer.documents))


def signed(clinic: Clinic, hand: Hand, shown: sign.Previews | None = None) -> sign.Signed:
    """Sign; who was stopped between PIN and answer has one try less, and waits a little."""
    answer = hand.sign(shown)
    if isinstance(answer, sign.PinNotAccepted):
        clinic.clock.later(seconds=20)
        answer = hand.sign(shown)
    assert isinstance(answer, sign.Signed), answer
    return answer


def _received(clinic: Clinic, packages: Path, number: int) -> Iterator[intake.Stored]:
    """Take in the next packages of the folder; those that came before are passed over."""
    for path in sorted(packages.iterdir()):
        with clinic.desk.store.reading() as unit:
            known = unit.by_source(SENDER, f"many-{int(path.stem)}")
        if known is not None:
            continue
        try:
            answer = intake.receive(clinic.desk, path)
        except Refused as error:  # a machine that is busy with other things: it comes again
            assert error.code == "intake.photo.timeout", error
            continue
        assert isinstance(answer, intake.Stored), answer
        yield answer
        number -= 1
        if not number:
            return


def _next(clinic: Clinic, family: str):
    wanted = QueueFilter(scope="all")
    with clinic.desk.store.reading() as unit:
        rows = unit.queue(wanted, clinic.session.user.id, clinic.clock.now())
    fit = [row for row in rows if row.family == family]
    if family == "Kill":
        fit = [row for row in fit if row.status is not Status.WAITING_FOR_WORK_UP]
    return fit[0].id if fit else None


def warm(folder: Path) -> None:
    """Sign once on a store of its own, so that workers are quick from their first moment."""
    clinic = Clinic(
        bootstrap.open_desk(folder, showcase.LOGIN, showcase.PASSWORD, clock=DeskClock()),
        DeskClock(),
    )
    hand = clinic.take("Nguyễn")
    hand.prescribe()
    assert isinstance(hand.sign(), sign.Signed)
    clinic.opened.close()
    gc.freeze()  # what stands now is no rubbish, in no worker
