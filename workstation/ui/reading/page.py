"""A second reading: the patient's banner, the Assess canvas over the reader's own annotations."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.domain.ids import ConsultationId
from workstation.language import tr
from workstation.presenters import reading_words, wording
from workstation.presenters.assess import AssessPresenter
from workstation.presenters.banner import Banner, BannerPresenter
from workstation.presenters.case_state import CaseChange, Happened
from workstation.presenters.reading import ReadingCase
from workstation.ui.banner import PatientBanner
from workstation.ui.making import make
from workstation.ui.page import PageTools, Primary
from workstation.ui.reading.body import ReadingBody
from workstation.ui.theme import theme
from workstation.ui.widgets import Button, Chip, PrimaryButton, Strip, label

HEAD = 48


class Head(QWidget):
    """The line under the banner: what this is, how far it is, and how it ends."""

    def __init__(
        self, parent: QWidget, title: str, chip: tuple[str, str, str] | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.px(HEAD))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(label(title, "title", self))
        if chip is not None:
            kind, text, icon = chip
            row.addWidget(Chip(self, kind=kind, text=text, icon=icon))
        self.about = label("", "body2", self)
        row.addWidget(self.about, 1)
        self.row = row
        theme.theme_changed.connect(self._size)

    def _size(self) -> None:
        self.setFixedHeight(theme.px(HEAD))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the hairline below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.setPen(theme.colour("border"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()


class ReadingPage(QWidget):
    """One open reading. ``agreement_wanted`` carries the consultation whose reading was finished."""

    changed = Signal()
    agreement_wanted = Signal(str)

    def __init__(self, case: ReadingCase, tools: PageTools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName(tr(reading_words.TITLE))
        self.edited, self._tools = case, tools
        self._entered = False
        make(self, self._parts())

    def _parts(self) -> Iterator[None]:
        case, tools = self.edited, self._tools
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.banner = PatientBanner(self)
        yield
        self.head = Head(self, tr(reading_words.TITLE), ("info", tr("blinded"), "eye-off"))
        self.leave_button = Button(self.head, text=tr("Leave, go on later"))
        self.finish_button = PrimaryButton(
            self.head, text=tr("Finish the reading"), key="Ctrl \u21b5"
        )
        self.leave_button.clicked.connect(case.close)
        self.finish_button.clicked.connect(case.finish)
        for button in (self.leave_button, self.finish_button):
            self.head.row.addWidget(button)
        self.problem = Strip(self)
        self.presenter = AssessPresenter(case)
        self.body = ReadingBody(self.presenter, tools, self)
        yield
        self.notices = self.body.notices
        for part in (self.banner, self.head, self.problem):
            column.addWidget(part)
        column.addWidget(self.body, 1)
        self.problem.clear()
        self._banner = BannerPresenter(case)
        self._banner.changed.subscribe(self._show_banner)
        self.body.changed.connect(self.changed)
        case.changed.subscribe(self._case_changed)
        case.refused.subscribe(lambda text: tools.toast(text, ()))
        case.finished.subscribe(self._finished)

    # -- the page protocol

    def key_hints(self) -> tuple[tuple[str, str], ...]:
        """Keys of the area that has the focus."""
        return self.body.key_hints()

    def primary(self) -> Primary | None:
        """The step bar is not shown; what Ctrl+Enter does is the page's own button."""
        return None

    def activate_primary(self) -> None:
        """Ctrl+Enter finishes the reading."""
        self.edited.finish()

    def step_chip(self) -> tuple[str, str] | None:
        """Not a step."""
        return None

    def begin(self, id: ConsultationId) -> None:
        """Go on with the own reading of a consultation, or start one."""
        self.problem.clear()
        self.edited.open(id)

    def enter(self) -> None:
        """The photo has the focus."""
        self._entered = True
        self.body.enter()

    def leave(self) -> None:
        """Keep nothing decoded while the page is covered."""
        self._entered = False
        self.body.leave()

    # -- inside

    def _show_banner(self, banner: Banner | None) -> None:
        self.banner.setVisible(banner is not None)
        if banner is None:
            self.banner.forget()
        else:
            self.banner.show_banner(banner)

    def _case_changed(self, change: CaseChange) -> None:
        state = change.state
        if change.happened is Happened.OPENED and self._entered:
            self.body.enter()
        if change.happened is Happened.CLOSED:
            self._tools.go("queue")
        if change.happened is Happened.FAILED:
            said = wording.message(change.problem, detail=change.detail)
            self.problem.say(
                "warn", said.title, said.detail, link=(tr("Close"), self.problem.clear)
            )
        read = self.edited.read
        self.finish_button.setEnabled(state is not None)
        if state is None or read is None:
            self.head.about.setText(tr(reading_words.BLINDED))
            return
        zone = wording.zone(self.edited.clinic.time_zone)
        made = len(state.draft.annotations)
        line = reading_words.about(read.round, made, state.saved_at, state.unsaved, zone)
        self.head.about.setText(line)
        self.head.about.setToolTip(tr(reading_words.BLINDED))

    def _finished(self, id: ConsultationId) -> None:
        self._tools.toast(
            tr(reading_words.DONE), ((tr("Agreement"), lambda: self.agreement_wanted.emit(id)),)
        )
