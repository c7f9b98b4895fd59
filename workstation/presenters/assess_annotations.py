"""Edits of annotations: placing, moving, re-typing, sizing, linking, removing; each one undo step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from workstation.domain.draft import Item, ItemKind, Key
from workstation.domain.ids import AnnotationId, new_id
from workstation.domain.lesions import Annotation, LesionType, MadeBy, Point
from workstation.domain.photo import Photo
from workstation.domain.zones import centre_of
from workstation.language import plural, tr
from workstation.presenters.assess_zones import ZoneVerbs, within

LEAST_CORNERS = 3  # of a border; fewer enclose nothing


class AnnotationVerbs(ZoneVerbs):
    """Verbs for the annotations of the photo on the canvas."""

    def add(
        self,
        at: Point,
        kind: LesionType | None = None,
        near: float = 0.0,
        border: tuple[Point, ...] = (),
    ) -> None:
        """Add an annotation of the current (or given) type; it is not selected.

        ``near`` is the distance in photo pixels within which another counts as close. ``border``
        is its border drawn by hand, with ``at`` in its middle.
        """
        photo = self.photo if self.seen() else None
        if photo is None:
            return
        at = within(photo, at)
        close = near > 0 and self._shown.near(at, near)
        made = Annotation(
            AnnotationId(new_id()),
            photo.id,
            kind or self.tools.type,
            at,
            None,
            "",
            self.case.session.user.id,
            self.case.desk.clock.now(),
            MadeBy.CLINICIAN,
            False,
            None,
            border,
        )
        self.selection = ()
        self._close = made.id if close else None
        self._put("annotation.add", ((made.id, made),))

    def add_border(self, corners: Iterable[Point]) -> None:
        """Add an annotation of the current type whose border was drawn by hand."""
        photo = self.photo
        border = tuple(within(photo, p) for p in corners) if photo is not None else ()
        if len(border) > LEAST_CORNERS:
            self.add(centre_of(border), border=border)

    @property
    def just_added(self) -> Annotation | None:
        """The annotation that the last edit added, while it is the last edit."""
        state = self.case.state
        if state is None or not state.history.past:
            return None
        edit = state.history.past[-1]
        item = edit.changes[-1].after if edit.label == "annotation.add" else None
        return item if isinstance(item, Annotation) else None

    def size_added(self, pixels: float) -> None:
        """Give the annotation just added its diameter, as one undo step with its placing."""
        made = self.just_added
        if made is not None and pixels > 0:
            close = self._close
            self.case.undo()
            self._close = close
            sized = replace(made, radius=pixels / 2)
            self._put("annotation.add", ((made.id, self._by_size(sized)),))
            self._tell_small((sized,))

    def move(self, ids: Iterable[AnnotationId], dx: float, dy: float) -> None:
        """Move annotations by photo pixels."""
        photo = self.photo
        if photo is None:
            return
        self._replace(
            "annotation.move",
            ids,
            lambda a: _moved(photo, a, dx, dy),
        )

    def retype(self, ids: Iterable[AnnotationId], kind: LesionType) -> None:
        """Give annotations another type."""
        self._replace_sized("annotation.type", ids, lambda a: replace(a, type=kind))

    def remove(self, ids: Iterable[AnnotationId] | None = None) -> None:
        """Remove annotations: the given, else the selection, else one just added close by."""
        chosen = tuple(ids) if ids is not None else self.selection
        if not chosen and self._close is not None:
            chosen = (self._close,)
        present = [a for a in self._open().draft.annotations if a.id in frozenset(chosen)]
        if not present:
            return
        self.selection = ()
        self._close = None
        self._put("annotation.remove", [(a.id, None) for a in present])
        self.said.emit(
            tr(
                "{annotations} removed",
                annotations=plural(len(present), "{n} annotation", "{n} annotations"),
            )
        )

    def set_note(self, id_: AnnotationId, text: str) -> None:
        """Write a note on one annotation."""
        self._replace("annotation.note", (id_,), lambda a: replace(a, note=text.strip()))

    def set_diameter(self, ids: Iterable[AnnotationId], pixels: float | None) -> None:
        """Set the size of annotations in photo pixels across; ``None`` for not measured."""
        radius = None if pixels is None else pixels / 2
        self._replace_sized("annotation.size", ids, lambda a: replace(a, radius=radius))

    def count_here(self, ids: Iterable[AnnotationId] | None = None) -> None:
        """Count reference annotations here (not visible on the owner photo), or undo that."""
        chosen = tuple(ids) if ids is not None else self.selection
        here = [a for a in self._open().draft.annotations if a.id in frozenset(chosen)]
        on = not all(a.counted_here for a in here)
        self._replace("annotation.count_here", chosen, lambda a: replace(a, counted_here=on))

    def begin_link(self, id_: AnnotationId) -> None:
        """Start saying that an annotation is the same lesion as one on another photo."""
        owner = self._owner_of(id_)
        if owner is not None:
            self.show(owner)
        self._linking = id_
        self._render()

    def unlink(self, id_: AnnotationId) -> None:
        """Make an annotation a lesion of its own again."""
        self._replace("annotation.link", (id_,), lambda a: replace(a, same_as=None))

    # -- inside

    def _put(self, label: str, puts: Iterable[tuple[AnnotationId, Annotation | None]]) -> None:
        items: list[tuple[Key, Item | None]] = [
            (Key.of(ItemKind.ANNOTATION, id_), item) for id_, item in puts
        ]
        self.case.put(label, items)

    def _replace(
        self,
        label: str,
        ids: Iterable[AnnotationId],
        change: Callable[[Annotation], Annotation],
    ) -> None:
        draft = self._open().draft
        puts = []
        for id_ in ids:
            item = draft.get(ItemKind.ANNOTATION, id_)
            if isinstance(item, Annotation):
                puts.append((id_, change(item)))
        if puts:
            self._put(label, puts)

    def _replace_sized(
        self,
        label: str,
        ids: Iterable[AnnotationId],
        change: Callable[[Annotation], Annotation],
    ) -> None:
        """As ``_replace``; what was measured below the size of a nodule becomes a papule with it."""
        made: list[Annotation] = []

        def sized(a: Annotation) -> Annotation:
            made.append(change(a))
            return self._by_size(made[-1])

        self._replace(label, ids, sized)
        self._tell_small(made)

    def _finish_link(self, target: AnnotationId) -> None:
        source, self._linking = self._linking, None
        if source is None or source == target:
            self._render()
            return
        self._replace("annotation.link", (source,), lambda a: replace(a, same_as=target))
        self.said.emit(tr("Linked: counted once"))


def _moved(photo: Photo, a: Annotation, dx: float, dy: float) -> Annotation:
    at = within(photo, Point(a.at.x + dx, a.at.y + dy))
    # The border goes as far as its middle went, so that it keeps its shape at the photo's rim.
    step = (at.x - a.at.x, at.y - a.at.y)
    return replace(a, at=at, border=tuple(Point(p.x + step[0], p.y + step[1]) for p in a.border))
