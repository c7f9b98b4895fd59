"""The right-click menu of the photo: types, note, size, where it counts, link, remove."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import EIGHT_KEYS, LesionType, Point
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.assess_state import Selected
from workstation.presenters.tools import MENU_TYPES, TYPE_NAMES
from workstation.ui.assess.charts import paint_tile


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


def skin_menu(parent: QWidget, presenter: AssessPresenter, at: Point, near: float) -> QMenu:
    """Add any type here."""
    menu = QMenu(parent)

    def add(kind: LesionType) -> None:
        presenter.add(at, kind, near)

    _types(menu, "Add", add)
    return menu


def annotation_menu(
    parent: QWidget,
    presenter: AssessPresenter,
    ids: tuple[AnnotationId, ...],
    selected: Selected | None,
    ask_note: object,
) -> QMenu:
    """What can be done with the selected annotations; ``ask_note`` opens the note of one."""
    menu = QMenu(parent)
    _types(menu, "Change to", lambda kind: presenter.retype(ids, kind))
    menu.addSeparator()
    if selected is not None and callable(ask_note):
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
    if selected is not None:
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
