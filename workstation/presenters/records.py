"""The Records page: signed documents with their verdict and versions, and the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path

from workstation.domain.accounts import Permission, may
from workstation.domain.audit import Entry
from workstation.domain.documents import DocumentKind, DocumentState, SignedDocument
from workstation.domain.errors import WorkstationError
from workstation.domain.pixels import Pixels
from workstation.domain.records import RecordsFilter
from workstation.language import Sentence, plural, tr
from workstation.presenters import clinical_wording, records_wording, roles, stamping, wording
from workstation.presenters.clock import ClockPresenter
from workstation.presenters.colleagues import ColleaguesPresenter
from workstation.presenters.correcting import CorrectingPresenter
from workstation.presenters.emergency import EmergencyPresenter
from workstation.presenters.explaining import ExplainingPresenter
from workstation.presenters.jobs import Jobs, Lane, expected
from workstation.presenters.observable import Event, Followed
from workstation.presenters.person import PersonPresenter
from workstation.presenters.records_leaflets import RecordsLeaflets
from workstation.presenters.records_state import (
    Detail,
    DocumentRow,
    RecordsState,
    VersionLine,
    grouped,
)
from workstation.presenters.records_trail import TrailView, trail_view
from workstation.presenters.stored_photos import StoredPhotos
from workstation.workflow import (
    giving_up,
    handing_over,
    records,
    signed_files,
    timestamps,
    viewing,
)
from workstation.workflow.desk import Desk, Session
from workstation.workflow.ports.pages import ON_PAPER
from workstation.workflow.verify import FileVerdict, verify_file, verify_stored

Paged = Callable[[str, tuple[Pixels, ...], Sentence | None], None]
PAGE_SCALE = 2.0  # pixels per point on the screen
MOST = 1000  # documents listed; a search finds the others
LARGEST_FILE = 64 * 1024 * 1024  # bytes of a PDF from anywhere


class RecordsPresenter(Followed[RecordsState]):
    """Reads, verifies, prints and exports; nothing here edits a signed document."""

    def __init__(self, desk: Desk, session: Session, jobs: Jobs) -> None:
        self._desk, self.session, self.jobs = desk, session, jobs
        self.changed: Event[RecordsState] = Event()
        self.failed: Event[str] = Event()
        self.told: Event[str] = Event()
        self.person: PersonPresenter | None = None  # wired with where copies are written
        self.colleagues = ColleaguesPresenter(desk, lambda: self.session, jobs, self.told)
        self.emergency = EmergencyPresenter(desk, lambda: self.session, jobs, self.told)
        self.clock = ClockPresenter(desk, lambda: self.session, jobs, self.told)
        self.explaining = ExplainingPresenter(desk, lambda: self.session, jobs)
        self.correcting = CorrectingPresenter(
            desk,
            lambda: self.session,
            jobs,
            self.told,
            lambda: self.state.detail,
            self.load,
            self._check,
            self._failed,
        )
        self.leaflets = RecordsLeaflets(desk, lambda: self.session, jobs, self._shown, self._failed)
        self.photos = StoredPhotos(desk, lambda: self.session, jobs, "records")
        self.state = RecordsState()
        self.trail_table: Callable[[Iterable[Entry]], str] = lambda _: ""  # wired with its form
        self.write_far: Callable[[Path, bytes], None] = lambda path, content: None  # wired, too
        self._zone: tzinfo | None = None
        self._asked = 0

    # -- reading

    def load(self) -> None:
        """Read the list again; the selection stays where it can."""
        unseen = roles.unseen(self.session)
        if unseen is not None:
            self._unseen(unseen)
            return
        wanted = RecordsFilter(self.state.text, self.state.state, MOST)
        self._set(loading=True)

        def done(page: records.RecordsPage) -> None:
            self._zone = wording.zone(page.zone)
            rows = grouped(page.rows, self._zone, self._desk.clock.today())
            nothing = tr(
                records_wording.NO_ROWS if page.counts["all"] else records_wording.NOTHING_SIGNED
            )
            self._set(
                rows=rows,
                counts=page.counts,
                entries=page.entries,
                loading=False,
                empty="" if rows else tr(nothing),
                about_empty="",
            )
            same = next((row for row in rows if self._is_shown(row)), None)
            if same is not None:
                self._follow(same)
            elif self.state.selected not in [row.key for row in rows]:
                self.select(rows[0].key if rows else "")

        self.jobs.submit(
            lambda: records.page(self._desk, self.session, wanted),
            done,
            self._failed,
            Lane.READ,
            "records.page",
        )

    def _unseen(self, why: wording.Problem) -> None:
        """No document is listed; the trail is shown first to whoever reads that."""
        first = not self.state.empty
        self._set(rows=(), counts={}, loading=False, empty=why.title, about_empty=why.detail)
        if first and records.may_read_trail(self.session):
            self.show_tab("trail")

    def refusal(self, permission: Permission) -> str:
        """Why this user's role does not do it; "" when it does."""
        return roles.refusal(self.session, permission)

    def show_tab(self, tab: str) -> None:
        """Documents or audit trail."""
        self._set(tab=tab)
        if tab == "trail":
            self.load_trail()

    def find(self, text: str) -> None:
        """Part of a name, number or page code."""
        if text != self.state.text:
            self._set(text=text)
            if self.state.tab == "documents":
                self.load()
            elif self.state.trail is not None:
                self._set(trail=self.state.trail.finding(text))

    def look_for(self, number: str) -> None:
        """Look for the document of a number among all of them; the list is read when it shows."""
        self._set(tab="documents", text=number, state=None, selected="")

    def show_state(self, state: DocumentState | None) -> None:
        """All, current, amended or void documents."""
        self._set(state=state)
        self.load()

    def select(self, key: str, current: int = 0) -> None:
        """Show a row's document and check its file."""
        row = next((r for r in self.state.rows if r.key == key), None)
        if row is None:
            self._set(selected="", detail=None)
            return
        document = row.signed[current]
        not_void, not_amended = records_wording.corrections(
            row.state,
            document.kind,
            signs=may(self.session.user, Permission.SIGN) and self.session.key is not None,
        )
        self._set(
            selected=key,
            detail=Detail(
                row,
                row.name,
                row.about,
                tuple(tr(records_wording.KINDS[one.kind]) for one in row.signed),
                current,
                may_void=not not_void,
                may_amend=not not_amended,
                not_void=not_void,
                not_amended=not_amended,
                no_copies=self.refusal(Permission.EXPORT),
            ),
        )
        self._check(document)

    def move(self, step: int) -> None:
        """Next or previous row."""
        keys = [row.key for row in self.state.rows]
        if keys:
            at = keys.index(self.state.selected) if self.state.selected in keys else -step
            self.select(keys[max(0, min(len(keys) - 1, at + step))])

    def show_document(self, index: int) -> None:
        """Another document of the selected row."""
        self.select(self.state.selected, index)

    def verify(self) -> None:
        """Check the selected file again."""
        detail = self.state.detail
        if detail is not None and detail.document is not None:
            self._check(detail.document, recorded=True)

    def verify_path(self, path: str) -> None:
        """Check a PDF from anywhere; the panel shows what it is."""

        def work() -> FileVerdict:
            file = Path(path)
            if file.stat().st_size > LARGEST_FILE:
                raise WorkstationError("records.file.large")
            return verify_file(self._desk, self.session, file.read_bytes())

        def done(found: FileVerdict) -> None:
            who = found.patient
            title = who.display_name if who is not None else tr("A file from outside")
            number = found.document.number if found.document is not None else ""
            self._set(selected="", detail=self._judged(Detail(None, title, number), found))

        def failed(error: Exception) -> None:
            if isinstance(error, OSError):
                self.failed.emit(tr("The file cannot be read. Choose another one."))
            else:
                self._failed(error)

        self.jobs.submit(work, done, failed, Lane.WORK, "records.verify")

    def pages(self, done: Paged) -> None:
        """(number, pages, mark) of the shown document for reading."""
        document = self._shown()
        if document is not None:

            def work() -> tuple[tuple[Pixels, ...], Sentence | None]:
                viewing.seen(self._desk, self.session, document.consultation)
                pdf = self._desk.vault.get(document.address)
                return self._desk.renderer.pages(pdf, PAGE_SCALE), self._mark(document)

            self.jobs.submit(
                work,
                lambda found: done(document.number, *found),
                self._failed,
                Lane.WORK,
                "records.pages",
            )

    # -- handing out

    def export(self) -> None:
        """Write the shown document to the outbox."""
        document = self._shown()
        if document is not None:
            self.jobs.submit(
                lambda: signed_files.export(self._desk, self.session, document),
                lambda made: self.told.emit(records_wording.exported(made)),
                self._failed,
                Lane.STORE,
            )

    def for_print(self, done: Paged) -> None:
        """(number, pages, mark) of the shown document for paper; audited."""
        document = self._shown()
        if document is not None:

            def work() -> tuple[tuple[Pixels, ...], Sentence | None]:
                pages = signed_files.for_print(self._desk, self.session, document, ON_PAPER)
                return pages, self._mark(document)

            self.jobs.submit(
                work,
                lambda found: done(document.number, *found),
                self._failed,
                Lane.STORE,
            )

    def _mark(self, document: SignedDocument) -> Sentence | None:
        """What is written across the pages of a document that holds no more; asked of the store."""
        with self._desk.store.reading() as unit:
            return records_wording.MARKS.get(signed_files.state_of(unit, document))

    def stamp(self) -> None:
        """Add a time stamp to the shown document."""
        document = self._shown()
        if document is not None:
            stamping.add(
                self.jobs,
                self._desk,
                self.session,
                document,
                self._zone,
                self.told.emit,
                lambda: self._check(document),
            )

    # -- audit trail

    def load_trail(self) -> None:
        """Read the newest entries and check the whole chain."""
        if not records.may_read_trail(self.session):
            self._set(trail=TrailView(refused=tr(records_wording.NOT_FOR_ROLE)))
            return
        self._set(loading=True)

        def done(found: records.Trail) -> None:
            shown = trail_view(found, wording.zone(found.zone)).finding(self.state.text)
            before = self.state.trail
            if before is not None:
                shown = shown.in_group(before.group)
            self._set(trail=shown, loading=False, entries=found.count)

        self.jobs.submit(
            lambda: records.trail(self._desk, self.session),
            done,
            self._failed,
            Lane.READ,
            "records.trail",
        )

    def export_trail(self, path: str) -> None:
        """Write the whole trail to a file; that it was exported is its next entry."""
        if not path:
            return

        def write(entries: Sequence[Entry]) -> None:
            self.write_far(Path(path), self.trail_table(entries).encode())

        def done(count: int) -> None:
            entries = plural(count, "{n} entry", "{n} entries")
            name = Path(path).name
            self.told.emit(tr("{entries} exported to {name}.", entries=entries, name=name))
            self.load_trail()

        def read(entries: Sequence[Entry]) -> None:
            # The folder may be far away and not answer: nothing of the records waits for it.
            self.jobs.submit(
                lambda: write(entries), lambda _: done(len(entries)), self._failed, Lane.WORK
            )

        self.jobs.submit(
            lambda: handing_over.audit_trail(self._desk, self.session),
            read,
            self._failed,
            Lane.STORE,
        )

    def show_group(self, group: str) -> None:
        """Entries of one kind; "" for all."""
        if self.state.trail is not None:
            self._set(trail=self.state.trail.in_group(group))

    def select_entry(self, seq: int) -> None:
        """Show one entry."""
        if self.state.trail is not None:
            self._set(trail=self.state.trail.at(seq))

    # -- inside

    def _is_shown(self, row: DocumentRow) -> bool:
        """Whether it is the row shown, under another key perhaps: it was amended or made void."""
        shown = self._shown()
        return shown is not None and any(one.id == shown.id for one in row.signed)

    def _follow(self, row: DocumentRow) -> None:
        """What is shown beside the list may have been amended, given up or made void elsewhere."""
        detail = self.state.detail
        if detail is None or detail.row is None or detail.document is None:
            return
        if detail.row != row:
            self.select(row.key, detail.current)
            return
        desk, session, document = self._desk, self.session, detail.document

        def held() -> int:
            with desk.store.reading() as unit:
                return giving_up.token_of(unit, session, document)

        def done(token: int) -> None:
            now = self.state.detail
            if now is not None and now.document == document and now.amending != token:
                self._set(detail=replace(now, amending=token))

        self.jobs.submit(held, done, self._failed, Lane.READ, "records.amending")

    def _shown(self) -> SignedDocument | None:
        return self.state.detail.document if self.state.detail is not None else None

    def _check(self, document: SignedDocument, *, recorded: bool = False) -> None:
        self._asked += 1
        asked = self._asked
        desk, session = self._desk, self.session

        def work() -> tuple[
            FileVerdict, tuple[records.DocumentVersion, ...], Pixels | None, str, int
        ]:
            found = verify_stored(desk, session, document, recorded=recorded)
            with desk.store.reading() as unit:
                server = timestamps.server(unit)
                held = giving_up.token_of(unit, session, document)
            known = records.versions(desk, session, document)
            pages = desk.renderer.pages(desk.vault.get(document.address), PAGE_SCALE)
            return found, known, pages[0] if pages else None, server, held

        def done(
            made: tuple[FileVerdict, tuple[records.DocumentVersion, ...], Pixels | None, str, int],
        ) -> None:
            detail = self.state.detail
            if asked != self._asked or detail is None:
                return
            found, known, page, server, held = made
            lines = tuple(
                self._version(version, len(known) - at) for at, version in enumerate(known)
            )
            shown = replace(self._judged(detail, found), page=page, versions=lines)
            higher = found.state == "valid" and found.level != timestamps.BEST
            self._set(detail=replace(shown, may_stamp=bool(server) and higher, amending=held))

        self.jobs.submit(work, done, self._failed, Lane.STORE, "records.check")

    def _judged(self, detail: Detail, found: FileVerdict) -> Detail:
        return replace(
            detail,
            verdict=records_wording.verdict_lines(found, self._zone),
            verdict_title=tr(records_wording.VERDICTS[found.state]),
            verdict_state=found.state,
            checked=tr("checked {clock}", clock=wording.clock(found.checked_at, self._zone)),
        )

    def _version(self, version: records.DocumentVersion, number: int) -> VersionLine:
        end, document = version.end, version.document
        state = DocumentState.CURRENT if end is None else end.state
        title = document.number
        if document.kind is not DocumentKind.VOID_NOTICE:
            title = f"{number}  {title}"
        reason = ""
        if end is not None:
            words = (
                records_wording.VOID_REASONS
                if state is DocumentState.VOID
                else records_wording.AMEND_REASONS
            )
            title += f", {tr(records_wording.STATES[state]).lower()}"
            reason = end.reason_text or str(words.get(end.reason_code, end.reason_code))
        when = f"{wording.moment(document.signed_at, self._zone)} \u00b7 {version.doctor}"
        return VersionLine(state, title, when, reason)

    def _failed(self, error: Exception) -> None:
        self._set(loading=False)
        self.failed.emit(clinical_wording.problem(expected(error).code))
