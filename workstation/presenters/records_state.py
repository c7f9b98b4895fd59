"""What the Records page shows: rows, the panel of one document with its versions, the whole page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any

from workstation.domain.documents import DocumentKind, DocumentState, SignedDocument
from workstation.domain.ids import ConsultationId
from workstation.domain.pixels import Pixels
from workstation.domain.records import RecordRow
from workstation.language import tr
from workstation.presenters import records_wording, wording
from workstation.presenters.records_trail import TrailView


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One line: the documents of one PIN entry that stand alike."""

    key: str
    consultation: ConsultationId
    day: str
    time: str
    name: str
    about: str
    documents: str
    number: str
    state: DocumentState
    doctor: str
    signed: tuple[SignedDocument, ...]
    spoken: str
    record: str = ""  # the patient's record number and birth date as stored
    born: date | None = None


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of the shown document: state, what it is, when and by whom, and why it ended."""

    state: DocumentState
    title: str
    when: str
    reason: str


@dataclass(frozen=True)
class Detail:
    """The right-hand panel for one document (or a file from anywhere: ``row`` is None)."""

    row: DocumentRow | None
    title: str
    born: str
    tabs: tuple[str, ...] = ()
    current: int = 0
    page: Pixels | None = None
    verdict: tuple[tuple[str, str, str], ...] = ()
    verdict_title: str = ""
    verdict_state: str = ""  # valid | changed | ... ; "" while checking
    checked: str = ""
    versions: tuple[VersionLine, ...] = ()
    may_void: bool = False
    may_amend: bool = False
    not_void: str = ""  # why it is not made void, not amended, and why no copy is handed out
    not_amended: str = ""
    no_copies: str = ""
    amending: int = 0  # token of the amendment that this user has open here; 0 none
    may_stamp: bool = False  # a server is set and the file can reach a higher level

    @property
    def document(self) -> SignedDocument | None:
        """The document shown."""
        return self.row.signed[self.current] if self.row is not None else None


@dataclass(frozen=True)
class RecordsState:
    """The page."""

    tab: str = "documents"  # documents | trail
    rows: tuple[DocumentRow, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    state: DocumentState | None = None
    text: str = ""
    selected: str = ""
    detail: Detail | None = None
    trail: TrailView | None = None
    loading: bool = False
    empty: str = ""  # why nothing is listed
    about_empty: str = ""


def against(detail: Detail | None, verb: str) -> str:
    """Why the shown document is not read, copied, amended, given up or made void; "" when it is."""
    if detail is None or detail.document is None:
        return tr("Choose a document first.")
    if verb == "give_up":
        return "" if detail.amending else tr("You have no amendment of it open.")
    said = {"copy": detail.no_copies, "amend": detail.not_amended, "void": detail.not_void}
    return said.get(verb, "")


def grouped(
    rows: tuple[RecordRow, ...], zone: tzinfo | None, today: date
) -> tuple[DocumentRow, ...]:
    """Documents of one PIN entry that stand alike, in one line each."""
    found: dict[tuple[Any, ...], list[RecordRow]] = {}
    for row in rows:
        found.setdefault((*row.sitting_key, row.state), []).append(row)
    order = {kind: at for at, kind in enumerate(DocumentKind)}
    made: list[DocumentRow] = []
    for key, group in found.items():
        group.sort(key=lambda r: order[r.document.kind])
        first = group[0]
        kinds = [tr(records_wording.KINDS[r.document.kind]) for r in group]
        documents = ", ".join([kinds[0], *(kind.lower() for kind in kinds[1:])])
        at = first.signed_at.astimezone(zone)
        name = f"{first.family.upper()}, {first.given}"
        identity = wording.groups_of_three(first.external_id)
        about = f"{wording.age(first.born, today)} {first.sex.value[:1].upper()} \u00b7 {identity}"
        state = records_wording.STATES[first.state]
        made.append(
            DocumentRow(
                key=":".join(str(getattr(part, "value", part)) for part in key),
                consultation=first.document.consultation,
                day=wording.day(at.date()),
                time=wording.clock(at, zone),
                name=name,
                about=about,
                documents=documents,
                number=first.document.number,
                state=first.state,
                doctor=first.doctor,
                signed=tuple(r.document for r in group),
                record=first.external_id,
                born=first.born,
                spoken=tr(
                    "{name}, {documents}, {number}, {state}, signed {day}",
                    name=name,
                    documents=documents,
                    number=first.document.number,
                    state=state,
                    day=wording.day(at.date()),
                ),
            )
        )
    return tuple(made)
