"""The photo canvas: one widget that shows a photo with its annotations and takes every gesture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QCursor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import Point
from workstation.language import tr
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.assess_state import AssessState, Listed
from workstation.presenters.canvas import MarkChanges
from workstation.presenters.tools import Tool
from workstation.ui import form
from workstation.ui.assess import plates
from workstation.ui.assess.keys import Keys
from workstation.ui.assess.mouse import Gestures
from workstation.ui.assess.readings import alike
from workstation.ui.assess.spoken import SpokenAnnotations
from workstation.ui.assess.viewing import ViewedCanvas
from workstation.ui.photo.view import STEP
from workstation.ui.theme import theme

CROSS = (Tool.MARK, Tool.LASSO, Tool.BORDER, Tool.MEASURE)  # tools that point at a place
HIT = 12.0
CLOSE = 16.0


@form.register
class PhotoCanvas(ViewedCanvas):
    """Shows one photo with its annotations.

    ``menu_wanted`` asks for a menu at a global place (annotation or None, photo point),
    ``note_wanted`` for the note of an annotation, ``measured`` tells a line drawn with the Measure
    tool.
    """

    menu_wanted = Signal(QPointF, object, object)
    note_wanted = Signal(str)
    measured = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter: AssessPresenter | None = None
        self.letters: Callable[[], bool] = lambda: True
        self.more_verbs: Callable[[], dict[str, Callable[[], None]]] = dict
        self.pick: Callable[[QPointF], bool] = lambda _: False
        self.gestures = Gestures(self)
        self.keys = Keys(self)
        self.layers.append(self.keys.corners.paint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Held letters must never raise the system's accent menu.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAccessibleName(tr("Photo"))
        self.spoken = SpokenAnnotations(self)
        theme.theme_changed.connect(self.update)

    # -- what is shown

    def attach(self, presenter: AssessPresenter) -> None:
        """Listen to a presenter's change sets and take its verbs."""
        self.presenter = presenter
        presenter.seen = lambda: self.pyramid is not None or not self.problem
        presenter.marks.subscribe(self.take_marks)
        presenter.changed.subscribe(self.render_state)
        marks = presenter.all_marks()
        if marks is not None:  # the consultation was open before this canvas was made
            self.take_marks(marks)

    def render_state(self, state: AssessState | None) -> None:
        """Show the page's state; marks come by change sets."""
        before, self.state = self.state, state
        photo = state.photo if state is not None else None
        mirrored = state is not None and state.mirrored
        if photo is not None and self._photo is not None and photo.id == self._photo.id:
            self._turn(mirrored)
        if photo is None or self._photo is None or photo.id != self._photo.id:
            self._change_photo(photo)
            self.crosshair = self.ruler = None
            self.keys.corners.drop()
            self.gestures.cancel()
            self.view.mirrored = mirrored
            self._back_to_place(photo)
        self._describe()
        if QAccessible.isActive():
            self.spoken.follow()
        self._set_cursor()
        if alike(before, state):
            self.repaint_changed()
        else:
            self.update()

    def take_marks(self, changes: MarkChanges) -> None:
        """Take a change set of the marks."""
        scale = self.glyph_scale
        self.resting.take(changes)
        self.marks.apply(changes)
        if self.resting.kept and scale == self.glyph_scale:
            for rect in self.resting.squares(self.view, scale):
                self.update(rect)
        else:
            self.update()

    def listed(self) -> tuple[Listed, ...]:
        """The annotations of the photo as a list says them."""
        return self.presenter.listed() if self.presenter is not None else ()

    def choose(self, ids: tuple[AnnotationId, ...]) -> None:
        """Select annotations, as a screen reader does."""
        if self.presenter is not None:
            self.presenter.select(ids)

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        return self.state.tools.tool if self.state is not None else Tool.SELECT

    # -- on the photo

    def blink(self, ids: frozenset[AnnotationId]) -> None:
        """Ring some annotations for a moment."""
        self._blink = ids
        self.update()
        QTimer.singleShot(700, self._end_blink)

    def near(self) -> float:
        """How close another annotation is called close, in photo pixels."""
        return CLOSE / self.view.zoom

    def add_at(self, at: QPointF) -> None:
        """Add an annotation of the current type at a canvas point."""
        if self.presenter is not None and self.view.holds(at):
            self.presenter.add(self.view.to_photo(at), near=self.near())

    def hit(self, at: QPointF) -> AnnotationId | None:
        """The annotation under a canvas point."""
        if self.hidden_marks:
            return None
        return self.marks.hit(self.view.to_photo(at), self.view.zoom, self.glyph_scale, HIT)

    def place_of(self, id_: AnnotationId) -> QPointF | None:
        """Where an annotation is drawn."""
        mark = self.marks.get(id_)
        return None if mark is None else self.view.to_widget(Point(mark.x, mark.y))

    @property
    def space_held(self) -> bool:
        """Whether the key that pans is down."""
        return self.keys.space

    def cancel_gesture(self) -> bool:
        """End a gesture without an edit; whether there was one."""
        return self.gestures.cancel()

    def refresh(self) -> None:
        """Show the state again (cursor, description)."""
        self.render_state(self.state)

    def ask_menu(self, at: QPointF, hit: AnnotationId | None) -> None:
        """Ask for a menu; it opens beside the lesion, not upon it."""
        place = QPointF(self.mapToGlobal(at)) + QPointF(plates.CLEAR + 2, 0)
        self.menu_wanted.emit(place, hit, self.view.to_photo(at))

    def ask_note(self, id_: AnnotationId) -> None:
        """Ask for the note of an annotation."""
        self.note_wanted.emit(id_)

    def tell_measured(self, first: Point, second: Point) -> None:
        """Keep a measured line in sight and tell it."""
        self.ruler = (first, second)
        self.update()
        self.measured.emit(first, second)

    # -- events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A button went down."""
        self.pointer = event.position()
        self.gestures.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of two fast ones."""
        self.pointer = event.position()
        self.gestures.press(event, double=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The pointer moved."""
        self.pointer = event.position()
        self.gestures.move(event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A button went up."""
        self.gestures.release(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; with the loupe in hand, its power."""
        turns = event.angleDelta().y() / 120
        if self.loupe:
            self.loupe_power = min(8.0, max(2.0, self.loupe_power + (1 if turns > 0 else -1)))
            self.update()
        elif turns:
            self.zoom_by(STEP**turns, event.position())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu by key at the selection or crosshair; by mouse the press did it."""
        if event.reason() is not QContextMenuEvent.Reason.Mouse:
            self.gestures.menu_by_key()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the photo; others go on."""
        if not self.keys.press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End of a held key."""
        if not self.keys.release(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Held keys end with the focus: their release may never come."""
        self.keys.let_go()
        super().focusOutEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is elsewhere: labels near it come back."""
        self.pointer = None
        self.update()
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is read lies where the photo lies."""
        super().resizeEvent(event)
        self.spoken.setGeometry(self.rect())

    def changeEvent(self, event: QEvent) -> None:
        """Losing the window ends every hold."""
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.keys.let_go()
        super().changeEvent(event)

    # -- inside

    def _end_blink(self) -> None:
        self._blink = frozenset()
        self.update()

    def _set_cursor(self) -> None:
        shape = Qt.CursorShape.CrossCursor if self.tool in CROSS else Qt.CursorShape.ArrowCursor
        if self.gestures.panning or self.keys.space:
            shape = Qt.CursorShape.ClosedHandCursor
        if self.cursor().shape() != shape:
            self.setCursor(QCursor(shape))

    def _describe(self) -> None:
        state = self.state
        if state is None or state.photo is None:
            self.setAccessibleDescription(tr("No photo"))
            return
        words = [
            tr("{chips}, {marks} annotations", chips=state.chips[0], marks=len(self.marks))
            if state.chips
            else tr("Photo")
        ]
        if state.selected is not None:
            words.append(
                tr(
                    "Selected: {title}, {detail}",
                    title=state.selected.title,
                    detail=state.selected.detail,
                )
            )
        self.setAccessibleDescription(". ".join(words))
