"""The right-click menu of the photo: types, note, size, where it counts, link, remove."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import EIGHT_KEYS, LesionType, Point
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.assess_state import Selected
from workstation.presenters.tools import MENU_TYPES, TYPE_NAMES, ZONE_NAMES
from workstation.ui.assess.charts import paint_tile


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

    _types(menu, "Add", add)
    menu.addSeparator()
    _zone(menu, presenter, at)
    state = presenter.state
    if state is not None and state.midline is not None:
        menu.addAction("Midline through here").triggered.connect(
            lambda: presenter.move_midline("whole", at)
        )
    mirror = menu.addAction("The photo is a mirror image\tX")
    mirror.setCheckable(True)
    mirror.setChecked(state is not None and state.mirrored)
    mirror.triggered.connect(lambda _=False: presenter.mirror())
    menu.addSeparator()
    menu.addAction("Measure from here").triggered.connect(lambda: measure.start(at))
    if measure.started:
        menu.addAction("Measure to here").triggered.connect(lambda: measure.end(at))
    if measure.line is not None:
        menu.addAction("Set the scale from this line\u2026").triggered.connect(
            lambda _=False: measure.ask_scale()
        )
    if state is not None and state.mm_per_px is not None:
        menu.addAction("Forget the scale of this photo").triggered.connect(
            lambda _=False: presenter.drop_scale()
        )
    return menu


def _zone(menu: QMenu, presenter: AssessPresenter, at: Point) -> None:
    zone = presenter.zone_at(at)
    name = ZONE_NAMES[zone]
    body = menu.addMenu(name)
    body.addAction(f"Select all in {name}").triggered.connect(lambda: presenter.select_zone(zone))
    choices = presenter.owner_choices(zone)
    if choices:
        counts = body.addMenu("Counts on")
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
    body.addAction(f"Move the nearest corner of {of} here").triggered.connect(
        lambda: presenter.move_corner(*nearest, at)
    )
    body.addAction(f"Add a corner of {of} here").triggered.connect(
        lambda: presenter.add_corner_at(nearest[0], at)
    )
    body.addAction(f"Remove the nearest corner of {of}").triggered.connect(
        lambda: presenter.remove_corner(*nearest)
    )
    if presenter.is_drawn(nearest[0]):
        body.addAction(f"Usual outline of {of}").triggered.connect(
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
    _types(menu, "Change to", lambda kind: presenter.retype(ids, kind))
    menu.addSeparator()
    if selected is not None:
        id_ = selected.id
        menu.addAction("Note\u2026").triggered.connect(lambda: ask_note(id_))
        if selected.linked:
            menu.addAction("Not the same lesion").triggered.connect(lambda: presenter.unlink(id_))
        elif selected.owner:
            menu.addAction(f"Same lesion on {selected.owner}\u2026").triggered.connect(
                lambda: presenter.begin_link(id_)
            )
    if selected is None or selected.owner or selected.counted_here:
        owner = selected.owner if selected is not None and selected.owner else "the owner photo"
        here = menu.addAction(f"Counts here: not visible on {owner}\tT")
        here.setCheckable(True)
        here.setChecked(selected is not None and selected.counted_here)
        here.triggered.connect(lambda: presenter.count_here(ids))
    scaled = presenter.state is not None and presenter.state.mm_per_px is not None
    size = menu.addAction(
        "Diameter\u2026" if scaled else "Diameter: no scale on this photo (Measure, M)"
    )
    size.setEnabled(scaled)
    size.triggered.connect(lambda: ask_size(ids))
    if selected is None or selected.sized:
        menu.addAction("Size not set").triggered.connect(lambda: presenter.set_diameter(ids, None))
    menu.addSeparator()
    text = "Remove" if len(ids) == 1 else f"Remove {len(ids)}"
    menu.addAction(f"{text}\tDel").triggered.connect(lambda: presenter.remove(ids))
    return menu


def _types(menu: QMenu, verb: str, chosen: object) -> None:
    if not callable(chosen):
        return
    ratio = menu.devicePixelRatioF()
    for number, kind in enumerate(EIGHT_KEYS, start=1):
        entry = menu.addAction(glyph_icon(kind, ratio), f"{TYPE_NAMES[kind]}\t{number}")
        entry.triggered.connect(lambda _=False, k=kind: chosen(k))
    more = menu.addMenu(f"{verb} another type")
    for kind in MENU_TYPES:
        entry = more.addAction(glyph_icon(kind, ratio), TYPE_NAMES[kind])
        entry.triggered.connect(lambda _=False, k=kind: chosen(k))
