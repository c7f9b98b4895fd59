"""Why a document was signed, told by the rules and numbers of its day: the window and the command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from workstation.domain.decisions import WITHOUT_MEDICINE
from workstation.domain.documents import DocumentState
from workstation.domain.draft import DecisionKind
from workstation.language import plural, tr
from workstation.presenters import rubric, safety, sign_wording, wording
from workstation.presenters.jobs import Jobs, Lane, expected
from workstation.presenters.observable import Event
from workstation.presenters.safety import LineState, SafetyState
from workstation.workflow import retold
from workstation.workflow.desk import Desk, Session
from workstation.workflow.retold import Explained

TONES = {"stop": "danger", "hold": "danger", "override": "warn", "warn": "warn", "info": "info"}


@dataclass(frozen=True, slots=True)
class Point:
    """One statement; ``tone`` is ok, info, warn or danger. ``lines`` are what it rests on."""

    tone: str
    title: str
    lines: tuple[str, ...] = ()
    source: str = ""
    code: str = ""


@dataclass(frozen=True)
class ExplainedState:
    """The window. ``problem`` says why nothing is told; ``exact`` whether the rules are those bytes.

    ``proofs`` are how well this is the signature's own day, ``decided`` what was decided and on
    which count, ``findings`` what stood in its way and what was answered.
    """

    number: str = ""
    title: str = ""
    about: str = ""
    name: str = ""
    proofs: tuple[Point, ...] = ()
    decided: tuple[Point, ...] = ()
    findings: tuple[Point, ...] = ()
    passed: Point | None = None
    exact: bool = False
    problem: str = ""


class ExplainingPresenter:
    """Reads the records as they were, on READ; nothing here changes anything."""

    def __init__(self, desk: Desk, session: Callable[[], Session], jobs: Jobs) -> None:
        self._desk, self._session, self._jobs = desk, session, jobs
        self.changed: Event[ExplainedState] = Event()
        self.state = ExplainedState()

    def explain(self, number: str) -> None:
        """Tell why the document of that number was signed."""
        desk, session = self._desk, self._session()
        self._put(ExplainedState(number, title(number)))

        def done(found: ExplainedState) -> None:
            if self.state.number == number:
                self._put(found)

        def failed(error: Exception) -> None:
            told = wording.message_for(expected(error))
            self._put(ExplainedState(number, title(number), problem=told.line))

        self._jobs.submit(
            lambda: told_of(retold.explain(desk, session, number)),
            done,
            failed,
            Lane.READ,
            "records.explain",
        )

    def _put(self, state: ExplainedState) -> None:
        self.state = state
        self.changed.emit(state)


def title(number: str) -> str:
    """The heading."""
    return tr("Why {number} was signed", number=number)


def told_of(found: Explained) -> ExplainedState:
    """An explanation in words."""
    zone, patient = wording.zone(found.zone), found.consultation.patient
    decision = found.appraisal.decision
    panel = safety.panel(
        found.appraisal,
        found.consultation,
        found.retold.catalogue,
        work_up=decision is not None and decision.kind is DecisionKind.START_WORK_UP,
        without_medicine=decision is not None and decision.kind in WITHOUT_MEDICINE,
        zone=zone,
    )
    return ExplainedState(
        number=found.document.number,
        title=title(found.document.number),
        about=tr(
            "Signed {when} by {doctor}. Rules and numbers of edition {edition}.",
            when=wording.moment(found.document.signed_at, zone),
            doctor=found.signer.name if found.signer is not None else tr("Somebody"),
            edition=found.retold.edition,
        ),
        name=f"{patient.display_name}, {wording.day(patient.born)}",
        proofs=_proofs(found),
        decided=_decided(found),
        findings=tuple(map(_finding, _in_order(panel))),
        passed=_passed(panel),
        exact=found.retold.exact,
    )


# -- inside ----------------------------------------------------------------------------------------


def _proofs(found: Explained) -> tuple[Point, ...]:
    made = []
    if found.retold.exact:
        made.append(Point("ok", tr("The rules are byte for byte those of the signature")))
    else:
        lines = (
            tr(
                "The edition is kept, but its files or this clinic\u2019s stricter levels were others then. What follows is by the edition as it is now."
            ),
        )
        made.append(Point("warn", tr("The rules differ from those of the signature"), lines))
    if found.same:
        lines = (
            tr("Composed anew from the records, the document says word for word what was signed."),
        )
        made.append(Point("ok", tr("The records give the same document"), lines))
    else:
        lines = (
            tr(
                "The letterhead, the account, the wording of documents, or contacts and messages recorded later are part of what it says. The signed file stands as it is."
            ),
        )
        made.append(Point("info", tr("Composed today, the document would read otherwise"), lines))
    if found.end is not None and found.end.state is DocumentState.VOID:
        made.append(Point("danger", tr("It was made void later")))
    return tuple(made)


def _decided(found: Explained) -> tuple[Point, ...]:
    """The lines of the Sign step, the grade with the criteria that decided."""
    appraisal = found.appraisal
    lines = sign_wording.signing_lines(found, (), found.retold.catalogue.directed)
    made = [Point("info", head, (detail,) if detail else ()) for _, head, detail in lines]
    if appraisal.acne and appraisal.tally.total:
        made[0] = Point("info", made[0].title, (rubric.cause(appraisal.grade), *made[0].lines))
    open_gate = appraisal.gate.is_open
    made[-1] = Point("ok" if open_gate else "danger", made[-1].title, made[-1].lines)
    return tuple(made)


def _in_order(panel: SafetyState) -> tuple[LineState, ...]:
    return tuple(chain(panel.blocks, panel.reasons, panel.waits, panel.infos))


def _finding(line: LineState) -> Point:
    said = [line.detail, " \u00b7 ".join(line.reads)]
    if line.answer:
        said.append(tr("Answered: {answer}", answer=line.answer))
    elif line.waits:
        said.append(tr("It may stand while only tests are ordered."))
    elif line.is_open:
        said.append(tr("It is open by the records as they are now."))
    lines = tuple(one for one in said if one)
    return Point(TONES[line.level], line.title, lines, line.source, line.code)


def _passed(panel: SafetyState) -> Point | None:
    if not panel.passed:
        return None
    codes = ", ".join(dict.fromkeys(check.code for check in panel.passed))
    head = plural(len(panel.passed), "{n} check passed", "{n} checks passed")
    asked = (tr("They asked about {topics}.", topics=panel.topics),) if panel.topics else ()
    return Point("ok", head, asked, "", codes)
