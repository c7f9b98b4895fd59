"""The right-click menu of the photo: types, note, size, where it counts, link, remove."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import EIGHT_KEYS, LesionType, Point
from workstation.language import tr
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.assess_state import Selected
from workstation.presenters.tools import MENU_TYPES, TYPE_NAMES, ZONE_NAMES
from workstation.ui.assess.counts_view import paint_tile


class Measure(Protocol):
    """The ruler as the menu needs it."""

    @property
    def started(self) -> bool:
        """Whether a first end was chosen."""
        ...

    @property
    def line(self) -> tuple[Point, Point] | None:
        """The line measured last."""
        ...

    def start(self, at: Point) -> None:
        """Choose the first end."""
        ...

    def end(self, at: Point) -> None:
        """Choose the second end."""
        ...

    def ask_scale(self) -> None:
        """Ask how long the line is."""
        ...


def glyph_icon(kind: LesionType, ratio: float = 1.0) -> QIcon:
    """A type's glyph on its tile, for menus."""
    picture = QPixmap(round(18 * ratio), round(18 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_tile(painter, kind, QRectF(0, 0, 18, 18))
    painter.end()
    return QIcon(picture)


def skin_menu(
    parent: QWidget, presenter: AssessPresenter, at: Point, near: float, measure: Measure
) -> QMenu:
    """Add any type here; the zone under the point, midline, mirror and ruler."""
    menu = QMenu(parent)

    def add(kind: LesionType) -> None:
        presenter.add(at, kind, near)

    _types(menu, tr("Add"), add)
    menu.addSeparator()
    _zone(menu, presenter, at)
    state = presenter.state
    if state is not None and state.midline is not None:
        menu.addAction(tr("Midline through here")).triggered.connect(
            lambda: presenter.move_midline("whole", at)
        )
    mirror = menu.addAction(tr("The photo is a mirror image\tX"))
    mirror.setCheckable(True)
    mirror.setChecked(state is not None and state.mirrored)
    mirror.triggered.connect(lambda _=False: presenter.mirror())
    menu.addSeparator()
    menu.addAction(tr("Measure from here")).triggered.connect(lambda: measure.start(at))
    if measure.started:
        menu.addAction(tr("Measure to here")).triggered.connect(lambda: measure.end(at))
    if measure.line is not None:
        menu.addAction(tr("Set the scale from this line\u2026")).triggered.connect(
            lambda _=False: measure.ask_scale()
        )
    if state is not None and state.mm_per_px is not None:
        menu.addAction(tr("Forget the scale of this photo")).triggered.connect(
            lambda _=False: presenter.drop_scale()
        )
    return menu


def _zone(menu: QMenu, presenter: AssessPresenter, at: Point) -> None:
    zone = presenter.zone_at(at)
    name = ZONE_NAMES[zone]
    body = menu.addMenu(tr(name))
    body.addAction(tr("Select all in {name}", name=name)).triggered.connect(
        lambda: presenter.select_zone(zone)
    )
    choices = presenter.owner_choices(zone)
    if choices:
        counts = body.addMenu(tr("Counts on"))
        for choice in choices:
            entry = counts.addAction(choice.name)
            entry.setCheckable(True)
            entry.setChecked(choice.current)
            entry.triggered.connect(lambda _=False, p=choice.photo: presenter.own_zone(zone, p))
    nearest = presenter.nearest_corner(at)
    if nearest is None:
        return
    of = ZONE_NAMES[nearest[0]]
    body.addSeparator()
    body.addAction(tr("Move the nearest corner of {of} here", of=of)).triggered.connect(
        lambda: presenter.move_corner(*nearest, at)
    )
    body.addAction(tr("Add a corner of {of} here", of=of)).triggered.connect(
        lambda: presenter.add_corner_at(nearest[0], at)
    )
    body.addAction(tr("Remove the nearest corner of {of}", of=of)).triggered.connect(
        lambda: presenter.remove_corner(*nearest)
    )
    if presenter.is_drawn(nearest[0]):
        body.addAction(tr("Usual outline of {of}", of=of)).triggered.connect(
            lambda: presenter.reset_zone(nearest[0])
        )


def annotation_menu(
    parent: QWidget,
    presenter: AssessPresenter,
    ids: tuple[AnnotationId, ...],
    selected: Selected | None,
    ask_note: Callable[[AnnotationId], None],
    ask_size: Callable[[tuple[AnnotationId, ...]], None],
) -> QMenu:
    """What can be done with the selected annotations; the two ``ask`` open their entry field."""
    menu = QMenu(parent)
    _types(menu, tr("Change to"), lambda kind: presenter.retype(ids, kind))
    menu.addSeparator()
    if selected is not None:
        id_ = selected.id
        menu.addAction(tr("Note\u2026")).triggered.connect(lambda: ask_note(id_))
        if selected.linked:
            menu.addAction(tr("Not the same lesion")).triggered.connect(
                lambda: presenter.unlink(id_)
            )
        elif selected.owner:
            menu.addAction(
                tr("Same lesion on {owner}\u2026", owner=selected.owner)
            ).triggered.connect(lambda: presenter.begin_link(id_))
    if selected is None or selected.owner or selected.counted_here:
        owner = selected.owner if selected is not None and selected.owner else tr("the owner photo")
        here = menu.addAction(tr("Counts here: not visible on {owner}\tT", owner=owner))
        here.setCheckable(True)
        here.setChecked(selected is not None and selected.counted_here)
        here.triggered.connect(lambda: presenter.count_here(ids))
    scaled = presenter.state is not None and presenter.state.mm_per_px is not None
    size = menu.addAction(
        tr("Diameter\u2026") if scaled else tr("Diameter: no scale on this photo (Measure, M)")
    )
    size.setEnabled(scaled)
    size.triggered.connect(lambda: ask_size(ids))
    if selected is None or selected.sized:
        menu.addAction(tr("Size not set")).triggered.connect(
            lambda: presenter.set_diameter(ids, None)
        )
    menu.addSeparator()
    text = tr("Remove") if len(ids) == 1 else tr("Remove {ids}", ids=len(ids))
    menu.addAction(f"{text}\tDel").triggered.connect(lambda: presenter.remove(ids))
    return menu


def _types(menu: QMenu, verb: str, chosen: object) -> None:
    if not callable(chosen):
        return
    ratio = menu.devicePixelRatioF()
    for number, kind in enumerate(EIGHT_KEYS, start=1):
        entry = menu.addAction(glyph_icon(kind, ratio), f"{TYPE_NAMES[kind]}\t{number}")
        entry.triggered.connect(lambda _=False, k=kind: chosen(k))
    more = menu.addMenu(tr("{verb} another type", verb=verb))
    for kind in MENU_TYPES:
        entry = more.addAction(glyph_icon(kind, ratio), tr(TYPE_NAMES[kind]))
        entry.triggered.connect(lambda _=False, k=kind: chosen(k))
