"""A Records page in memory: made-up documents in every state, their verdicts, and a trail."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QWidget

from tests.inline_jobs import InlineJobs
from workstation.domain.audit import Entry
from workstation.domain.documents import DocumentKind, DocumentState, SignedDocument
from workstation.domain.ids import ConsultationId, DocumentId, UserId, VaultAddress
from workstation.presenters import records_wording, wording
from workstation.presenters.clock import ClockState
from workstation.presenters.colleagues import ColleagueLine, ColleaguesState
from workstation.presenters.emergency import AccessLine, EmergencyState
from workstation.presenters.explaining import ExplainedState, Point
from workstation.presenters.observable import Event
from workstation.presenters.person import KEPT_BY_LAW, PersonState
from workstation.presenters.records_state import Detail, DocumentRow, RecordsState, VersionLine
from workstation.presenters.records_trail import TrailView, trail_view
from workstation.ui.records.clock import ClockDialog
from workstation.ui.records.colleagues import ColleaguesDialog
from workstation.ui.records.emergency import EmergencyDialog
from workstation.ui.records.explaining import ExplainingDialog
from workstation.ui.records.page import RecordsPage
from workstation.ui.records.person import PersonDialog
from workstation.workflow.records import Trail
from workstation.workflow.verify import FileVerdict

NOW = datetime(2026, 11, 22, 13, 42, tzinfo=UTC)
PEOPLE = (
    ("Marsh", "Elena", date(2003, 3, 14), DocumentState.CURRENT),
    ("Lindqvist", "Astrid", date(1995, 1, 2), DocumentState.CURRENT),
    ("Nguy\u1ec5n", "H\u1ea3i Y\u1ebfn", date(1999, 8, 30), DocumentState.AMENDED),
    ("Al-Hashimi", "Noor", date(2002, 5, 7), DocumentState.VOID),
    ("Featherstonehaugh-Cholmondeley", "Wilhelmina Alexandra", date(1988, 2, 29), DocumentState.CURRENT),
    ("Kowalczyk", "Piotr", date(2006, 6, 11), DocumentState.CURRENT),
    ("Park", "Jun-ho", date(2004, 9, 9), DocumentState.CURRENT),
)  # fmt: skip
KINDS = (
    (DocumentKind.PRESCRIPTION, "RX", "Prescription"),
    (DocumentKind.MONITORING_PLAN, "MP", "Lab plan"),
    (DocumentKind.RECORD, "CR", "Record"),
)
ACTS = (
    ("session.signed_in", "{}"),
    ("consultation.claimed", "{}"),
    ("draft.edited", '{"what": "Weight", "before": "61.5 kg", "after": "62 kg"}'),
    ("result.recorded", '{"test": "alt", "value": "24 U/L"}'),
    ("document.signed", '{"number": "RX-2026-0019", "sha256": "9f2a41c0"}'),
    ("session.locked", '{"cause": "idle"}'),
)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _row(n: int) -> DocumentRow:
    family, given, born, state = PEOPLE[n]
    at = NOW - timedelta(hours=7 * n)
    signed = tuple(
        SignedDocument(
            DocumentId(f"d{n}{short}"),
            ConsultationId(f"c{n}"),
            kind,
            f"{short}-2026-{19 - n:04d}",
            _digest(f"content {n}{short}"),
            _digest(f"pdf {n}{short}"),
            VaultAddress(f"a{n}{short}"),
            UserId("u1"),
            "c1",
            at,
            "B-B",
            _digest("head"),
        )
        for kind, short, _ in KINDS
    )
    name = f"{family.upper()}, {given}"
    about = f"{wording.day(born)} \u00b7 MK\u2011{207 + n} {856 - 7 * n}"
    return DocumentRow(
        key=f"r{n}",
        consultation=ConsultationId(f"c{n}"),
        day=wording.day(at.date()),
        time=wording.clock(at),
        name=name,
        about=about,
        documents=", ".join(words for _, _, words in KINDS),
        number=signed[0].number,
        state=state,
        doctor="RK",
        signed=signed,
        spoken=f"{name}, {signed[0].number}",
    )


def _detail(row: DocumentRow, state: str = "valid") -> Detail:
    document = row.signed[0]
    found = FileVerdict(
        state=state,
        because=() if state == "valid" else ("signature.digest", "signature.coverage"),
        signer="Rosa Kessler, MD",
        signed_at=document.signed_at,
        level="B-B",
        digest=document.pdf_digest,
        checked_at=NOW,
        document=document if state == "valid" else None,
        standing=row.state if state == "valid" else None,
        successor="VN-2026-0001" if row.state is DocumentState.VOID else "",
    )
    versions = (VersionLine(row.state, f"1  {document.number}", f"{row.day} {row.time}", ""),)
    if row.state is DocumentState.VOID:
        reason = str(records_wording.VOID_REASONS["stopped_by_prescriber"])
        notice = VersionLine(DocumentState.CURRENT, "VN-2026-0001", f"{row.day} 09:12", "")
        versions = (replace(versions[0], reason=reason), notice)
    current = row.state is DocumentState.CURRENT and state == "valid"
    return Detail(
        row=row if state == "valid" else None,
        title=row.name if state == "valid" else "prescription.pdf",
        born=row.about if state == "valid" else "A file from this computer",
        tabs=tuple(words for _, _, words in KINDS) if state == "valid" else (),
        verdict=records_wording.verdict_lines(found, UTC),
        verdict_title=str(records_wording.VERDICTS[state]),
        verdict_state=state,
        checked="checked 13:42",
        versions=versions if state == "valid" else (),
        may_void=current,
        may_amend=current,
    )


def _trail() -> TrailView:
    entries = tuple(
        (
            Entry(
                seq=60 - n,
                at=NOW - timedelta(minutes=3 * n),
                actor="u1",
                station="desk-1",
                action=ACTS[n % len(ACTS)][0],
                subject=f"consultation c{n % 5}",
                detail=ACTS[n % len(ACTS)][1],
                previous=_digest(f"entry {59 - n}"),
                digest=_digest(f"entry {60 - n}"),
            ),
            "Rosa Kessler",
        )
        for n in range(40)
    )
    return trail_view(Trail(entries, 60, None, NOW - timedelta(days=40), NOW, "UTC"), UTC)


def states() -> dict[str, RecordsState]:
    """What the page shows, by name."""
    rows = tuple(_row(n) for n in range(len(PEOPLE)))
    counts = {"current": 5, "amended": 1, "void": 1, "all": 7}
    base = RecordsState(rows=rows, counts=counts, entries=60, selected=rows[0].key)
    return {
        "current": replace(base, detail=_detail(rows[0])),
        "void": replace(base, selected=rows[3].key, detail=_detail(rows[3])),
        "changed": replace(base, selected="", detail=_detail(rows[0], "changed")),
        "trail": replace(base, tab="trail", trail=_trail()),
        "empty": replace(
            base, rows=(), detail=None, empty=str(records_wording.NO_ROWS), text="nobody"
        ),
    }


def person_window(parent: QWidget, **changes: Any) -> PersonDialog:
    """The window about one person who was found, as an administrator who also treats sees it."""
    found = PersonState(
        title="MARSH, Elena",
        lines=("2 consultations", "9 photos", "3 signed documents"),
        kept=str(KEPT_BY_LAW).format(years=10) + " Kept until 22\u2011Nov\u20112036: RX-2026-0019.",
        confirm="MK-204817",
        may_copy=True,
        may_erase=True,
    )
    presenter: Any = SimpleNamespace(
        changed=Event(), state=found, begin=lambda: None, find=lambda *_: None, stop=lambda: None,
        copy=lambda *_: None, erase=lambda *_: None, poll_progress=lambda: None,
    )  # fmt: skip
    dialog = PersonDialog(presenter, parent, "MK-204817", wording.day(date(2003, 3, 14)))
    dialog.show_state(replace(found, **changes))
    dialog.open()
    return dialog


def colleagues_window(parent: QWidget) -> ColleaguesDialog:
    """Two colleagues with work open, and a reason that was too short."""
    lines = (
        ColleagueLine(UserId("u2"), "Anna Lee", "2 consultations, the oldest since 08:12"),
        ColleagueLine(UserId("u3"), "Featherstonehaugh-Cholmondeley, Wilhelmina", "1 consultation"),
    )
    presenter: Any = SimpleNamespace(
        changed=Event(), load=lambda: None, give_back=lambda *_: None, state=ColleaguesState()
    )
    dialog = ColleaguesDialog(presenter, parent)
    dialog.open()
    dialog.show_state(ColleaguesState(lines, loaded=True, problem="The reason is too short."))
    return dialog


def clock_window(parent: QWidget) -> ClockDialog:
    """A clock that had stood ahead, and too short a reason why."""
    presenter: Any = SimpleNamespace(changed=Event(), load=lambda: None, confirm=lambda _: None)
    dialog = ClockDialog(presenter, parent)
    dialog.open()
    dialog.show_state(
        ClockState(
            "22-Nov-2026 09:15", "22-Nov-2027 09:02", behind=True, may_confirm=True,
            problem="The reason is too short.",
        )
    )  # fmt: skip
    return dialog


def emergency_window(parent: QWidget) -> EmergencyDialog:
    """Two accesses to review, one reviewed, and an access asked for with too short a reason."""
    read = "2 consultations read"
    lines = (
        AccessLine(61, "Anna Lee, 22-Nov-2026 13:10", "Patient calls, doctor away", read, "", False),
        AccessLine(
            44, "Featherstonehaugh-Cholmondeley, Wilhelmina Alexandra, 21-Nov-2026 08:02",
            "A pharmacy asks about the strength of a prescription of last week and the prescriber "
            "is on the operating list until the afternoon", "1 consultation read", "", False,
        ),
        AccessLine(
            12, "Anna Lee, 02-Nov-2026 19:44", "Rash after the first capsules", read,
            "Justified: Rosa Kessler, 03-Nov-2026 08:15", False,
        ),
    )  # fmt: skip
    presenter: Any = SimpleNamespace(
        changed=Event(), load=lambda: None, read=lambda _: None, review=lambda *_: None,
        state=EmergencyState(),
    )  # fmt: skip
    dialog = EmergencyDialog(presenter, parent)
    dialog.open()
    dialog.show_state(
        EmergencyState(
            lines,
            may_read=True,
            problem="Emergency access needs a reason of at least 10 characters.",
        )
    )
    return dialog


def explained_window(parent: QWidget) -> ExplainingDialog:
    """A prescription told again: rules that differ by now, and every tone of a line."""
    label = "Isotretinoin label 5.4: psychiatric disorders"
    state = ExplainedState(
        number="RX-2026-0019",
        title="Why RX-2026-0019 was signed",
        about="Signed 22\u2011Nov\u20112026 13:42 by Rosa Kessler. Rules and numbers of edition 2026.11.23.",
        name="FEATHERSTONEHAUGH-CHOLMONDELEY, Wilhelmina Alexandra, 29\u2011Feb\u20111988",
        proofs=(
            Point("warn", "The rules differ from those of the signature", (
                "The edition is kept, but its files or this clinic\u2019s stricter levels were others "
                "then. What follows is by the edition as it is now.",
            )),
            Point("ok", "The records give the same document", (
                "Composed anew from the records, the document says word for word what was signed.",
            )),
        ),
        decided=(
            Point("info", "Severe acne: 36 lesions, 7 nodules and cysts", (
                "Because nodules and cysts are 7 (rule: more than 5). Papules and pustules 21 and "
                "total 36 alone would be moderate.",
                "No override.",
            )),
            Point("info", "ISOtretinoin 40 mg a day for 30 days", ("20 mg morning, 20 mg evening.",)),
            Point("ok", "No blockers, every must-ask answered", ("71 checks passed",)),
        ),
        findings=(
            Point("danger", "Pregnancy test is missing", ("It may stand while only tests are ordered.",),
                  "Isotretinoin label 5.1: embryo-fetal toxicity", "ISO-PREG-TEST"),
            Point("warn", "Depression or psychiatric history", (
                "History: yes. PHQ-2: 0 points. PHQ-9: not known.",
                "Answered: Co-managed with mental health care",
            ), label, "ISO-DEP"),
            Point("info", "Effective date of the 2026 REMS rules not set", (), "iPLEDGE REMS",
                  "RS-2026-EFFECTIVE-UNKNOWN"),
        ),
        passed=Point("ok", "71 checks passed", ("They asked about breast-feeding, allergies.",), "",
                     "TRIAGE-CONTACT, RX-LICENSE-STATE, RX-ISSUE-FUTURE, ISO-PREG-POS"),
    )  # fmt: skip
    presenter: Any = SimpleNamespace(changed=Event(), explain=lambda _: None, state=state)
    dialog = ExplainingDialog(presenter, state.number, parent)
    dialog.open()
    dialog.show_state(state)
    return dialog


@contextmanager
def page(
    alone: Callable[[Callable[..., Any]], AbstractContextManager[tuple[Any, Any]]],
) -> Iterator[tuple[Any, Any, dict[str, RecordsState]]]:
    """(window, page, states) over a presenter that reads nothing."""
    shown = states()

    def nothing(*_: Any, **__: Any) -> None:
        return None

    presenter: Any = SimpleNamespace(
        state=shown["current"], jobs=InlineJobs(), session=None,
        changed=Event(), failed=Event(), told=Event(), correcting=SimpleNamespace(amending=Event()), person=None,
        photos=SimpleNamespace(face=nothing), colleagues=None, emergency=None, explaining=None, clock=None,
        **dict.fromkeys(
            ("load", "load_trail", "find", "show_tab", "show_state", "show_group", "select",
             "select_entry", "pages", "for_print", "export", "verify", "verify_path",
             "leaflet", "stamp", "show_document"),
            nothing,
        ),
    )  # fmt: skip
    with alone(lambda tools, _: RecordsPage(presenter, tools)) as (window, made):
        yield window, made, shown
