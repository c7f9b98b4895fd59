"""The Compare page: an earlier visit beside this one, trends, and the short way through a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workstation.domain.alignment import (
    PAIRS,
    Alignment,
    Transform,
    fitted,
    same_place,
    transform_of,
)
from workstation.domain.draft import ItemKind
from workstation.domain.lesions import Point
from workstation.domain.photo import Photo, View
from workstation.language import tr
from workstation.presenters import followup_shown as shown
from workstation.presenters import followup_words as words
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, CaseState, Happened
from workstation.presenters.followup_looked import Looked
from workstation.presenters.followup_state import Aligning, FollowupState, Mode
from workstation.presenters.jobs import Lane
from workstation.presenters.observable import Event
from workstation.presenters.tools import Adjustment
from workstation.workflow import followup
from workstation.workflow.followup import EarlierVisit, ShortWay

REPEAT = "followup.repeated"


def is_first_step(state: CaseState | None) -> bool:
    """Whether the first step of the open consultation is to compare."""
    return state is not None and followup.is_follow_up(state.consultation, state.past)


def refusal(state: CaseState | None) -> str:
    """Why there is nothing to compare; "" when there is."""
    return tr("" if state is None or state.past else words.NO_EARLIER)


class FollowupPresenter:
    """Turns two visits into the Compare page. What is looked at is kept while a consultation is open;
    only the alignment and the repeated prescription are edits."""

    def __init__(self, case: CaseFile) -> None:
        self.case = case
        self.changed: Event[FollowupState | None] = Event()
        self.state: FollowupState | None = None
        self._earlier: tuple[EarlierVisit, ...] | None = None
        self._clicked: list[Point] | None = None
        self._way: ShortWay | None = None
        self._asked = self._shown = False
        self._index = 0
        self._view = View.FRONT
        self._mode = Mode.SIDE_BY_SIDE
        self._synced, self._hidden, self._ghosts = True, False, True
        self._adjusting, self._adjustment = False, Adjustment()
        self._problem = ""
        case.changed.subscribe(self._case_changed)

    # -- arriving

    def enter(self) -> None:
        """The page shows: read the earlier visits when they have not been read yet."""
        self._shown = True
        state = self.case.state
        if state is not None and self._earlier is None and not self._asked:
            self._load(state)
        self._render()

    def leave(self) -> None:
        """The page is covered: nothing is worked out until it shows again."""
        self._shown = False
        self._clicked = None

    # -- what is compared

    def step_visit(self, step: int) -> None:
        """Take an earlier (-1) or later (+1) visit for the left pane; stops at the ends."""
        if self._earlier:
            at = min(max(self._index + step, 0), len(self._earlier) - 1)
            if at != self._index:
                self._index, self._clicked = at, None
                self._keep_view()
                self._render()

    def step_view(self, step: int) -> None:
        """The next (+1) or previous (-1) view that one of the two visits has; round at the ends."""
        views = self._views()
        if views:
            at = views.index(self._view) if self._view in views else 0
            self._view, self._clicked = views[(at + step) % len(views)], None
            self._render()

    def set_mode(self, mode: Mode) -> None:
        """Side by side, or one over the other with a divider."""
        if mode is not self._mode:
            self._mode = mode
            self._render()

    def toggle_swipe(self) -> None:
        """Between side by side and swipe."""
        swiped = self._mode is Mode.SWIPE
        self.set_mode(Mode.SIDE_BY_SIDE if swiped else Mode.SWIPE)

    def toggle_sync(self) -> None:
        """Move both photos together, or each alone."""
        self._synced = not self._synced
        self._render()

    def hide(self, hidden: bool) -> None:
        """Hide every annotation on both photos, or show them again."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._render()

    def toggle_ghosts(self) -> None:
        """Show or hide, on this visit's photo, the lesions that are gone."""
        self._ghosts = not self._ghosts
        self._render()

    def toggle_adjusting(self) -> None:
        """Open or close the adjustment of both photos; closing shows them as taken."""
        self._adjusting = not self._adjusting
        if not self._adjusting:
            self._adjustment = Adjustment()
        self._render()

    def adjust(self, adjustment: Adjustment) -> None:
        """Show both photos differently; display only."""
        self._adjustment = adjustment
        self._render()

    # -- alignment

    def toggle_aligning(self) -> None:
        """Begin to click three pairs of points, or give it up."""
        if self._clicked is not None:
            self._clicked = None
        else:
            older, newer = self._photos()
            if older is None or newer is None:
                self._say(tr(words.ALIGN_NEEDS_BOTH))
                return
            self._clicked = []
            self._mode = Mode.SIDE_BY_SIDE
        self._problem = ""
        self._render()

    def cancel(self) -> bool:
        """Give up an alignment begun; whether there was one."""
        was = self._clicked is not None
        self._clicked = None
        if was:
            self._render()
        return was

    def click(self, at: Point, *, older: bool) -> None:
        """One place while aligning: the left photo first, then the same on the right."""
        clicked = self._clicked
        if clicked is None or older != (len(clicked) % 2 == 0):
            return
        clicked.append(at)
        if len(clicked) == 2 * PAIRS:
            self._finish(tuple((clicked[2 * i], clicked[2 * i + 1]) for i in range(PAIRS)))
        else:
            self._render()

    def drop_alignment(self) -> None:
        """Lay the photos by place again."""
        older, newer = self._photos()
        if older is not None and newer is not None:
            name = Alignment.name(newer.id, older.id)
            self.case.put_one("alignment.dropped", ItemKind.ALIGNMENT, name, None)

    # -- the short way

    @property
    def way(self) -> ShortWay | None:
        """Whether last month may be repeated in one step; None until it is worked out."""
        return self._way

    def repeat_last(self) -> bool:
        """Repeat last month as one undo step; whether signing is open now.

        It is worked out anew: what was shown a minute ago opens nothing.
        """
        state = self.case.state
        if state is None or self._earlier is None:
            return False
        self._way = self._short_way(state)
        if not isinstance(self._way, followup.Open):
            self._render()
            return False
        self.case.put(REPEAT, self._way.puts)
        now = self.case.state
        return now is not None and now.appraisal.gate.is_open

    # -- inside

    def _forget(self) -> None:
        self._earlier = None
        self._asked = False
        self._index = 0
        self._view = View.FRONT
        self._mode = Mode.SIDE_BY_SIDE
        self._synced, self._hidden, self._ghosts = True, False, True
        self._adjusting, self._adjustment = False, Adjustment()
        self._clicked = None
        self._way = None
        self._problem = ""
        self._shown = False

    def _load(self, state: CaseState) -> None:
        self._asked = True
        generation = state.generation
        desk, session = self.case.desk, self.case.session

        situation = self.case.situation(state.earlier_reasons, state.earlier.entries)

        def work() -> tuple[tuple[EarlierVisit, ...], ShortWay]:
            found = followup.earlier_visits(desk, session, state.past)
            way = followup.short_way(state.consultation, state.draft, state.past, found, situation)
            return found, way

        def done(answer: tuple[tuple[EarlierVisit, ...], ShortWay]) -> None:
            now = self.case.state
            if now is None or now.generation != generation:
                return
            found, way = answer
            self._earlier = found
            if now.draft is state.draft and now.consultation is state.consultation:
                self._way = way
            self._index = max(0, len(found) - 1)
            self._keep_view()
            self._render(fresh=True)

        def failed(_: Exception) -> None:
            if self.case.state is not None and self.case.state.generation == generation:
                self._asked = False
                self._say(tr(words.NOT_READ))

        self.case.jobs.submit(work, done, failed, Lane.READ, "followup.earlier")

    def _case_changed(self, change: CaseChange) -> None:
        if change.happened in (Happened.OPENED, Happened.CLOSED):
            shown_now = self._shown
            self._forget()
            self.state = None
            self._shown = shown_now and change.happened is Happened.OPENED
            if self._shown:
                self.enter()
            else:
                self.changed.emit(None)
        elif change.happened in (Happened.EDITED, Happened.RESULT):
            self._way = None
            self._render()

    def _short_way(self, state: CaseState) -> ShortWay:
        return followup.short_way(
            state.consultation,
            state.draft,
            state.past,
            self._earlier or (),
            self.case.situation(state.earlier_reasons, state.earlier.entries),
        )

    def _older(self) -> EarlierVisit | None:
        return self._earlier[self._index] if self._earlier else None

    def _photos(self) -> tuple[Photo | None, Photo | None]:
        older, state = self._older(), self.case.state
        newer = shown.photo_of(state.consultation, self._view) if state is not None else None
        return (older.photo(self._view) if older is not None else None), newer

    def _views(self) -> tuple[View, ...]:
        older, state = self._older(), self.case.state
        there = {p.view for p in state.consultation.photos} if state is not None else set()
        if older is not None:
            there |= {p.view for p in older.consultation.photos}
        return tuple(v for v in View if v in there)

    def _keep_view(self) -> None:
        views = self._views()
        if views and self._view not in views:
            self._view = views[0]

    def _finish(self, pairs: tuple[tuple[Point, Point], ...]) -> None:
        older, newer = self._photos()
        self._clicked = None
        if older is None or newer is None:
            return
        if fitted(pairs) is None:
            self._say(tr("These points lie upon each other. Choose three places further apart."))
            return
        item = Alignment(newer.id, older.id, pairs)
        name = Alignment.name(newer.id, older.id)
        self.case.put_one("alignment.set", ItemKind.ALIGNMENT, name, item)
        self._render()

    def _say(self, problem: str) -> None:
        self._problem = problem
        self._render()

    def _across(self, state: CaseState) -> tuple[Transform, bool]:
        older, newer = self._photos()
        if older is None or newer is None:
            return Transform(1, 0, 0, 1, 0, 0), False
        item = state.draft.alignment(newer.id, older.id)
        if item is None:
            visit = self._older()
            turned = visit is not None and older.id in visit.draft.mirrored
            flipped = turned != (newer.id in state.draft.mirrored)
            return same_place(older, newer, flipped=flipped), False
        return transform_of(item, older, newer), True

    def _aligning(self) -> Aligning | None:
        clicked = self._clicked
        if clicked is None:
            return None
        number = len(clicked) // 2 + 1
        prompt = words.ALIGN_OLDER if len(clicked) % 2 == 0 else words.ALIGN_NEWER
        places = [(p.x, p.y) for p in clicked]
        return Aligning(tuple(places[::2]), tuple(places[1::2]), tr(prompt, n=number))

    def _today(self) -> date:
        return self.case.desk.clock.today()

    def _render(self, *, fresh: bool = False) -> None:
        state = self.case.state
        if state is None:
            return
        if not self._shown and not fresh:
            return
        if self._way is None and self._earlier is not None:
            self._way = self._short_way(state)
        across, aligned = self._across(state)
        views = self._views()
        looked = Looked(
            state=state,
            earlier=self._earlier or (),
            index=self._index,
            view=self._view,
            views=views,
            across=across,
            aligned=aligned,
            today=self._today(),
            zone=self.case.clinic.time_zone,
            catalogue=self.case.desk.catalogue,
            way=self._way,
        )
        self.state = replace(
            shown.page(looked),
            loading=self._earlier is None,
            aligning=self._aligning(),
            mode=self._mode,
            synced=self._synced,
            hidden=self._hidden,
            ghosts=self._ghosts,
            adjusting=self._adjusting,
            adjustment=self._adjustment,
            line=words.laid(synced=self._synced, aligned=aligned),
            problem=self._problem,
        )
        self.changed.emit(self.state)
