"""The Assess step: which photo, which tool, what is selected, the grade, and undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from workstation.domain.consultation import Consultation
from workstation.domain.draft import Edit, GradeOverride, ItemKind, Note
from workstation.domain.facts import Fact, FactValue, Origin
from workstation.domain.ids import AnnotationId, PhotoId
from workstation.domain.lesions import (
    EIGHT_KEYS,
    Annotation,
    LesionType,
    Midline,
    Mirrored,
    Refusal,
    ZoneId,
    ZoneOutline,
    ZoneOwner,
)
from workstation.domain.photo import Scale
from workstation.domain.zones import ZoneTemplates
from workstation.language import plural, stored, tr
from workstation.presenters import undone
from workstation.presenters.assess_annotations import AnnotationVerbs
from workstation.presenters.assess_shown import ASSESSMENT, note_of
from workstation.presenters.assess_state import PhotoAsk
from workstation.presenters.canvas import (
    walk,
)
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, Happened
from workstation.presenters.recovery import Recovery
from workstation.presenters.rubric import override_problem
from workstation.presenters.tools import (
    Adjustment,
    Tool,
    row_of,
)
from workstation.workflow import assess, queue

RECORDED_HERE = stored("recorded here")


class AssessPresenter(AnnotationVerbs):
    """Verbs of the Assess step. Every edit is one undo step of the open consultation."""

    def __init__(self, case: CaseFile, templates: ZoneTemplates | None = None) -> None:
        super().__init__(case, templates)
        case.changed.subscribe(self._case_changed)
        if case.state is not None:
            self._opened()

    # -- looking

    def thumbnail(self, photo: PhotoId) -> Callable[[], bytes]:
        """Work for another thread that reads a photo's stored thumbnail (JPEG).

        It is bound to the consultation open now, whatever is open when it runs.
        """
        return partial(assess.thumbnail, self.case.desk, self._open().consultation, photo)

    def next_waiting(self) -> Callable[[], Consultation | None]:
        """Work for another thread: the consultation that would be opened after this one."""
        desk, session = self.case.desk, self.case.session
        after = self._open().consultation.id

        def work() -> Consultation | None:
            found = queue.next_waiting(desk, session, after)
            return None if found is None else queue.look(desk, session, found)

        return work

    # -- photos

    def ask_photo(self, wanted: PhotoAsk | None = None) -> None:
        """Ask the patient for a photo: the given, else the first not supplied, else this one."""
        state = self.state
        if self.ask_patient is None or state is None:
            return
        if wanted is None:
            missing = [i.ask for i in state.strip if i.photo is None]
            faulty = [i.ask for i in state.strip if i.current]
            current = faulty[0] if faulty else None
            here = current is not None and bool(current.reasons)
            wanted = current if here or not missing else missing[0]
        if wanted is not None:
            self.ask_patient(wanted)

    def step_photo(self, step: int) -> None:
        """The next (+1) or previous (-1) supplied photo; round at the ends."""
        ids = [p.id for p in self.photos]
        if ids:
            at = ids.index(self._photo) if self._photo in ids else 0
            self.show(ids[(at + step) % len(ids)])

    # -- tools

    def use(self, tool: Tool) -> None:
        """Take another tool."""
        self._set_tools(tool=tool)

    def choose_type(self, kind: LesionType) -> None:
        """Re-type an explicit selection, else set what the next annotation will be."""
        if self.selection:
            self.retype(self.selection, kind)
        else:
            self._set_tools(type=kind)

    def choose_key(self, digit: int) -> None:
        """The type of a digit key, 1 to 8."""
        if 1 <= digit <= len(EIGHT_KEYS):
            self.choose_type(EIGHT_KEYS[digit - 1])

    def toggle_zones(self) -> None:
        """Show or hide zone outlines and labels."""
        self._set_tools(zones=not self.tools.zones)

    def hide(self, hidden: bool) -> None:
        """Hide every annotation, outline and label, or show them again."""
        if hidden != self.tools.hidden:
            self._set_tools(hidden=hidden)

    def adjust(self, adjustment: Adjustment) -> None:
        """Show the photo differently; display only."""
        self._set_tools(adjustment=adjustment)

    def toggle_adjusting(self) -> None:
        """Open or close the adjustment bar; closing shows the photo as it is."""
        if self.tools.adjusting:
            self._set_tools(adjusting=False, adjustment=Adjustment())
        else:
            self._set_tools(adjusting=True)

    def toggle_focus(self) -> None:
        """Hide or show the panels beside the photo."""
        self._set_tools(focus_mode=not self.tools.focus_mode)

    # -- selecting

    def select(self, ids: Iterable[AnnotationId]) -> None:
        """Select annotations of this photo (finishes a link that was begun)."""
        chosen = tuple(ids)
        if self._linking is not None and len(chosen) == 1:
            self._finish_link(chosen[0])
            return
        if chosen != self.selection:
            self.selection = chosen
            self._close = None
            self._render()

    def select_zone(self, zone: ZoneId) -> None:
        """Select every annotation of this photo that lies in a zone."""
        placed = self._open().appraisal.tally.placed
        here = (p for p in placed if p.zone is zone and p.annotation.photo == self._photo)
        self.select(p.annotation.id for p in here)

    def show_counted(self, zone: ZoneId, kind: LesionType | None) -> tuple[AnnotationId, ...]:
        """Show the photo on which lesions of a zone count; which of them are of ``kind``."""
        placed = self._open().appraisal.tally.placed
        found = [
            p.annotation
            for p in placed
            if p.counts and p.zone is zone and kind in (None, row_of(p.annotation.type))
        ]
        if found:
            self.show(found[0].photo)
        return tuple(a.id for a in found if a.photo == self._photo)

    def toggle_selected(self, id_: AnnotationId) -> None:
        """Add one to the selection, or take it out."""
        kept = tuple(i for i in self.selection if i != id_)
        self.select(kept if id_ in self.selection else (*self.selection, id_))

    def drop(self) -> None:
        """Select nothing; end a link that was begun."""
        if self.selection or self._linking is not None or self._close is not None:
            self.selection = ()
            self._linking = None
            self._close = None
            self._render()

    def walk(self, step: int) -> None:
        """Select the next (+1) or previous (-1) annotation in zone order; round at the ends."""
        state = self.case.state
        if state is None or self._photo is None:
            return
        ids = walk(state.appraisal.tally, self._photo)
        if not ids:
            return
        if len(self.selection) == 1 and self.selection[0] in ids:
            self.select((ids[(ids.index(self.selection[0]) + step) % len(ids)],))
        else:
            self.select((ids[0 if step > 0 else -1],))

    # -- grade, signs, note

    def override(self, grade: str, reason_code: str, reason_text: str = "") -> str:
        """Set the clinician's own grade; the reason why it was not taken, "" when it was."""
        problem = override_problem(grade, reason_code, reason_text)
        if not problem:
            item = GradeOverride(grade, reason_code, reason_text.strip())
            self.case.put_one("grade.override", ItemKind.GRADE_OVERRIDE, "", item)
        return problem

    def drop_override(self) -> None:
        """Let the rubric's grade stand."""
        self.case.put_one("grade.override", ItemKind.GRADE_OVERRIDE, "", None)

    def record_sign(self, fact: str, value: FactValue | None) -> None:
        """Record the clinician's own answer; ``None`` takes it back."""
        item = None
        if value is not None:
            today = self.case.desk.clock.today()
            item = Fact(fact, value, Origin.CLINICIAN, today, RECORDED_HERE)
        self.case.put_one(f"fact.{fact}", ItemKind.FACT, fact, item)

    def write_note(self, text: str) -> None:
        """Write the assessment note."""
        state = self.case.state
        if state is not None and text != note_of(state):
            item = Note(text) if text.strip() else None
            self.case.put_one("note.assessment", ItemKind.NOTE, ASSESSMENT, item)

    # -- recovered work

    def keep_recovered(self) -> None:
        """Go on with what was recovered."""
        self.recovery.kept = True
        self._render()

    def compare_recovered(self) -> None:
        """Say what the interrupted sitting had done, or no longer."""
        self.recovery.comparing = not self.recovery.comparing
        self._render()

    def undo_recovered(self) -> None:
        """Go back to before the interrupted sitting; redo brings its work again."""
        state = self._open()
        number = self.recovery.steps_back(state)
        self.recovery.kept = True
        for _ in range(number):
            self.case.undo()
        self._render()
        self.said.emit(
            tr(
                "{steps} taken back; redo brings them again",
                steps=plural(number, "{n} step", "{n} steps"),
            )
        )

    # -- undo

    def undo(self) -> None:
        """Take the last edit back, showing the photo it was made on."""
        undone.take_back(self.case, self.shows, self.said.emit)

    def redo(self) -> None:
        """Apply the last undone edit again, showing the photo it was made on."""
        undone.do_again(self.case, self.shows, self.said.emit)

    def shows(self, edit: Edit) -> bool:
        """Show the photo that an edit was made on; whether it can be seen beside the photos."""
        for change in edit.changes:
            for item in (change.before, change.after):
                if isinstance(
                    item, Annotation | ZoneOutline | Scale | Midline | Mirrored | Refusal
                ):
                    self.show(item.photo)
                    return True
                if isinstance(item, GradeOverride | Note | ZoneOwner):
                    return True
        return False

    # -- inside

    def _case_changed(self, change: CaseChange) -> None:
        if change.happened is Happened.OPENED and change.state is not None:
            self._opened()
        elif change.happened is Happened.CLOSED:
            self._photo, self.selection = None, ()
            self._shown.forget()
            self._linking = self._close = None
            self.state = None
            self.changed.emit(None)
        elif change.happened in (Happened.EDITED, Happened.RESULT) and change.state is not None:
            self._render()

    def _opened(self) -> None:
        photos = self.photos
        self.recovery = Recovery()
        self._photo = photos[0].id if photos else None
        self._shown.forget()
        self.selection = ()
        self._linking = self._close = None
        # Each consultation begins alike, so that the first lesions need no look at the palette.
        self.tools = replace(
            self.tools,
            hidden=False,
            adjusting=False,
            adjustment=Adjustment(),
            tool=Tool.MARK,
            type=LesionType.OPEN_COMEDONE,
        )
        self._render()

    def _set_tools(
        self,
        *,
        tool: Tool | None = None,
        type: LesionType | None = None,
        zones: bool | None = None,
        hidden: bool | None = None,
        adjustment: Adjustment | None = None,
        adjusting: bool | None = None,
        focus_mode: bool | None = None,
    ) -> None:
        asked = {
            "tool": tool,
            "type": type,
            "zones": zones,
            "hidden": hidden,
            "adjustment": adjustment,
            "adjusting": adjusting,
            "focus_mode": focus_mode,
        }
        given: dict[str, Any] = {k: v for k, v in asked.items() if v is not None}
        self.tools = replace(self.tools, **given)
        if self.state is not None:
            self.state = replace(self.state, tools=self.tools, chips=self._chips())
            self.changed.emit(self.state)
