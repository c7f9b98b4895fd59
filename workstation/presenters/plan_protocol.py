"""Which monitoring protocol the plan follows, as Treat shows and changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workstation.content.catalogue import Catalogue
from workstation.domain.draft import ItemKind
from workstation.domain.protocol_choice import CLINIC, DEFAULT, ChosenProtocol, ProtocolOptions
from workstation.domain.protocols import CUSTOM
from workstation.language import noted, of_content, tr
from workstation.presenters import clinical_wording
from workstation.presenters.case import CaseFile

DAYS_HELP = noted("Days between draws: a whole number from {shortest} to {longest}.")
SAID_BY = {DEFAULT: noted("Default"), CLINIC: noted("Set by the clinic")}
AGAINST = noted("Advised against by the consensus: {tests}.")
LEAST = noted("ALT and triglycerides are always among the tests.")


@dataclass(frozen=True, slots=True)
class ProtocolState:
    """The picker: ``days`` and ``monthly`` are shown for an own protocol alone (days "" else)."""

    options: tuple[tuple[str, str], ...]
    chosen: str
    note: str
    days: str
    monthly: bool
    told: bool = False  # something speaks about the one taken: not to be folded away


def panel(options: ProtocolOptions | None, because: str, catalogue: Catalogue) -> ProtocolState:
    """What the picker shows; ``because`` says why more is tested than the protocol asks for."""
    assert options is not None, "a course has a protocol"
    names = ", ".join(of_content(catalogue.tests[test].name) for test in options.advised_against)
    own = options.chosen.id == CUSTOM
    notes = (
        tr(SAID_BY[options.said_by]) if options.said_by in SAID_BY else "",
        tr("Tests {because}.", because=clinical_wording.because_of(because)) if because else "",
        tr(AGAINST, tests=names) if names else "",
        tr(LEAST) if own else "",
    )
    return ProtocolState(
        options=tuple((p.id, f"{p.id}: {of_content(p.title)}") for p in options.options),
        chosen=options.chosen.id,
        note=" ".join(note.rstrip(".") + "." for note in notes if note),
        days=str(options.own.during_days) if own else "",
        monthly=options.own.monthly,
        told=own or bool(names),
    )


class ProtocolChoices:
    """The verbs of the picker; each is one undo step of the draft."""

    def __init__(self, case: CaseFile) -> None:
        self._case = case

    def choose(self, id: str) -> None:
        """Follow another protocol; an own one begins with what the content gives."""
        options = self._options()
        if options is None or options.chosen.id == id:
            return
        self._put(ChosenProtocol(id, options.own if id == CUSTOM else None))

    def set_days(self, typed: str) -> str:
        """Days between the draws of an own protocol; "" when taken, else what may be typed."""
        options = self._options()
        if options is None:
            return ""
        good = typed.strip().isdecimal()
        days = int(typed) if good else 0
        if not options.shortest_days <= days <= options.longest_days:
            return tr(DAYS_HELP, shortest=options.shortest_days, longest=options.longest_days)
        self._put(ChosenProtocol(CUSTOM, replace(options.own, during_days=days)))
        return ""

    def set_monthly(self, on: bool) -> None:
        """Whether an own protocol draws again and again, or once."""
        options = self._options()
        if options is not None:
            self._put(ChosenProtocol(CUSTOM, replace(options.own, monthly=on)))

    def _put(self, chosen: ChosenProtocol) -> None:
        self._case.put_one("protocol.chosen", ItemKind.PROTOCOL, "", chosen)

    def _options(self) -> ProtocolOptions | None:
        state = self._case.state
        return None if state is None else state.appraisal.protocol
