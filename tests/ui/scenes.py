"""The desk in every state that golden pictures show: queue, steps, and what stands over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from tests.inline_jobs import InlineJobs
from tests.presenters.test_sign import negative
from tests.ui import made_up
from tests.ui.assess_world import assessing, decode, shots
from tests.ui.desk_of_pages import desk_of, settle
from tests.ui.followup_world import KEY as FOLLOWED
from tests.ui.followup_world import following
from tests.ui.reading_world import reading
from tests.ui.render_assess import mark_all, select_nodule
from tests.ui.render_readings import first_read, mark
from tests.ui.treat_world import ME, PIN, World
from workstation.adapters.detection.classical import ClassicalDetector
from workstation.demo.earlier import marked
from workstation.demo.people import person as someone
from workstation.domain.accounts import Role
from workstation.domain.consultation import Status
from workstation.domain.dates import ClockJump
from workstation.domain.identity import Doubt, IdentityDoubt, Person
from workstation.domain.ids import ConsultationId, PatientId
from workstation.domain.lesions import LesionType, Point, ZoneId
from workstation.domain.patient import Sex
from workstation.presenters.keeping import KeepingPresenter
from workstation.presenters.tools import Adjustment
from workstation.presenters.treat import TreatPresenter
from workstation.ui.second.screen import SecondScreen
from workstation.ui.shell import Shell
from workstation.workflow.desk import Session

Show = Callable[[], QWidget]


class View(NamedTuple):
    """One state to be looked at. ``show`` brings it about and gives the widget to look at."""

    name: str
    show: Show


class Scene(NamedTuple):
    """A window and its views, shown in this order; a scene is built anew for each size and theme."""

    window: QWidget
    views: tuple[View, ...]


@dataclass
class Desk:
    """The real shell with a consultation open."""

    window: QWidget
    shell: Shell
    made: World

    def page(self, id: str) -> Any:
        """A page of the desk."""
        return self.shell.page(id)

    def view(self, name: str, page: str, act: Callable[[], object] = lambda: None) -> View:
        """A view of a page on which something was done."""

        def show() -> QWidget:
            self.calm()
            self.shell.go(page)
            settle()
            act()
            settle()
            self.page(self.shell.current)
            return self.window

        return View(name, show)

    def over(self, name: str, page: str, action: str) -> View:
        """A view of what an action opens over a page."""
        return self.view(name, page, lambda: self.shell.commands.trigger(action))

    def calm(self) -> None:
        """Nothing stands over the pages."""
        for sheet in (self.shell._keys, self.shell._list):
            sheet.hide()
        self.shell.toasts.clear()
        self.shell.problemStrip.clear()
        if self.shell.details.is_open and self.window.width() < 2000:
            self.shell.commands.trigger("case.details")


@contextmanager
def desk(
    key: str, ready: World | None = None, queue: made_up.SmallDesk | None = None
) -> Iterator[Desk]:
    """The desk of ``desk_of``."""
    with desk_of(key, ready, queue) as (window, shell, made):
        yield Desk(window, shell, made)


# -- queue

FACES = ("halvorsen-mia", "becker-jonas", "carter-amara", "marsh-elena", "al-hashimi-noor",
         "oyelaran-tunde", "de-souza-caio", "lindqvist-astrid", "park-jun-ho", "abernathy-grace",
         "nwosu-ifeoma", "kowalczyk-piotr", "ramirez-lucia", "march-elena", "okafor-daniel")  # fmt: skip


class Drawn(made_up.OnePhoto):
    """A vault that knows the drawn photos of the people in the made-up rows."""

    def get(self, address: str) -> bytes:  # addresses of made-up photos
        """``t-c03-front``: thumbnail of a view of the fourth row."""
        kind, row, view = address.split("-", 2)
        there = shots(FACES[int(row[1:])], 1)
        one = next((s for s in there if s.photo.view.value == view), there[0])
        return one.thumbnail if kind == "t" else one.preview

    decode = staticmethod(decode)  # of these bytes


def photographed() -> made_up.SmallDesk:
    """The queue of the made-up rows, with faces."""
    made = made_up.SmallDesk()
    made.vault = made.photos = Drawn()
    return made


@contextmanager
def queue() -> Iterator[Scene]:
    """The list, a row held by somebody else, a filter, a search, and nothing to show."""
    small = photographed()
    with desk("marsh-elena", queue=small) as at:
        presenter = at.page("queue")._presenter

        def search(text: str) -> Callable[[], None]:
            def act() -> None:
                at.page("queue").searchField.setText(text)
                presenter.search(text)

            return act

        def awaiting() -> None:
            search("")()
            presenter.toggle_status(Status.AWAITING_PATIENT)

        def without(rows: tuple[Any, ...], text: str = "") -> Callable[[], None]:
            def act() -> None:
                presenter.clear_filters()
                search(text)()
                small.store.rows = rows
                presenter.load()

            return act

        others = tuple(
            replace(r, claimed_by="u2", claimed_initials="AL") for r in made_up.rows()[2:9]
        )
        yield Scene(
            at.window,
            (
                at.view("list", "queue", lambda: presenter.select("c03")),
                at.view("held", "queue", lambda: presenter.select("c00")),
                at.view("found", "queue", search("mar")),
                at.view("no-match", "queue", search("smtih")),
                at.view("awaiting", "queue", awaiting),
                at.view("nothing-waiting", "queue", without(others)),
                at.view("no-consultations", "queue", without(())),
            ),
        )


# -- steps


@contextmanager
def person(key: str, *pages: str) -> Iterator[Scene]:
    """The steps of somebody's consultation as it came in."""
    with desk(key) as at:
        yield Scene(at.window, tuple(at.view(page, page) for page in pages))


@contextmanager
def assess() -> Iterator[Scene]:
    """Nothing marked, all marked, a second photo, adjusted, overridden; and proposals."""
    ready = assessing("marsh-elena").made
    object.__setattr__(ready.desk, "detector", ClassicalDetector())
    with desk("marsh-elena", ready) as at:
        page = at.page("assess")

        def marked() -> None:
            mark_all(page, "marsh-elena")
            select_nodule(page)

        def second() -> None:
            page.presenter.step_photo(1)
            page.presenter.select(())

        def proposals() -> None:
            page.presenter.step_photo(1)
            page.assist.presenter.toggle()
            assist = page.assist.presenter
            cheek = [p.number for p in assist.state.proposals if p.zone is ZoneId.LEFT_CHEEK]
            assist.select(cheek[0])
            for act in (assist.accept, assist.accept, assist.refuse, assist.accept):
                act()

        def adjusted() -> None:
            page.assist.presenter.toggle()
            while page.presenter.state.can_undo:
                page.presenter.undo()
            page.presenter.show(page.presenter.photos[0].id)
            page.presenter.toggle_adjusting()
            page.presenter.adjust(Adjustment(redness=60, local=30))

        def overridden() -> None:
            page.presenter.adjust(Adjustment())
            page.presenter.toggle_adjusting()
            page.presenter.override("mild", "other", "Photos flatter the redness here")

        def near() -> None:
            page.canvas.zoom_by(3.2, QPointF(page.canvas.width() * 0.4, 400))

        yield Scene(
            at.window,
            (
                at.view("empty", "assess"),
                at.view("proposals", "assess", proposals),
                at.view("adjusted", "assess", adjusted),
                at.view("marked", "assess", lambda: (overridden(), marked())),
                at.view("near", "assess", near),
                at.view("second-photo", "assess", second),
            ),
        )


@contextmanager
def ordinary() -> Iterator[Scene]:
    """Forty lesions counted on three photos, each on the photo that counts it."""
    key = "brandt-samuel"
    with desk(key, assessing(key).made) as at:
        page = at.page("assess")

        def counted() -> None:
            presenter = page.presenter
            by_view = {p.view.value: p.id for p in presenter.photos}
            for mark in marked(someone(key), someone(key).visit(1)):
                presenter.show(by_view[mark.view])
                presenter.add(Point(mark.x, mark.y), LesionType(mark.type))
            presenter.show(by_view["left45"])
            select_nodule(page)

        yield Scene(at.window, (at.view("assess", "assess", counted),))


@contextmanager
def blank() -> Iterator[Scene]:
    """A consultation that came without photos."""
    with desk("de-souza-caio") as at:
        yield Scene(at.window, (at.view("no-photos", "assess"),))


@contextmanager
def recovered() -> Iterator[Scene]:
    """Work found after the program ended: offered, and compared."""
    ready = assessing("marsh-elena")
    for x in (1200, 1400, 1600):
        ready.presenter.add(Point(x, 900), LesionType.PAPULE)
    ready.made.case.forget()
    ready.made.case.open(ready.made.id)
    with desk("marsh-elena", ready.made) as at:
        strip = at.page("assess").recovery

        def compared() -> None:
            strip.comparing.click()
            at.page("assess").canvas.setFocus()

        yield Scene(
            at.window,
            (
                at.view("offered", "assess"),
                at.view("compared", "assess", compared),
            ),
        )


def _ready() -> World:
    made = assessing("marsh-elena").made
    TreatPresenter(made.case).enter()
    negative(made)
    return made


@contextmanager
def first() -> Iterator[Scene]:
    """A first prescription with nothing in its way, up to the signature."""
    with desk("marsh-elena", _ready(), photographed()) as at:
        treat, sign = at.page("treat"), at.page("sign")

        def typed(pin: str) -> None:
            sign.setFocus()
            QTest.keyClicks(sign, pin)
            settle()

        def refused() -> None:
            typed("000")
            QTest.keyClick(sign, Qt.Key.Key_Return)

        def signed() -> None:
            at.made.clock.at = at.made.clock.at.replace(minute=50)
            typed(PIN)
            QTest.keyClick(sign, Qt.Key.Key_Return)
            settle()
            at.shell.problemStrip.clear()  # nobody of these rows can be opened next

        def rems() -> None:
            treat.rems.fold.click()
            settle()
            _shown(treat, treat.rems)

        def table() -> None:
            treat.rems.fold.click()
            treat.tableButton.click()
            settle()
            _shown(treat, treat.table)

        yield Scene(
            at.window,
            (
                at.view("treat", "treat"),
                at.view("checklist", "treat", rems),
                at.view("plan-table", "treat", table),
                at.view("sign", "sign"),
                at.view("record", "sign", lambda: (sign.next_document(), sign.next_document())),
                at.view("pin-half", "sign", lambda: typed(PIN[:3])),
                at.view("pin-refused", "sign", refused),
                at.view("signed", "sign", signed),
            ),
        )


def _shown(page: Any, widget: QWidget) -> None:
    """Scroll a part of a page into sight."""
    for area in page.findChildren(QScrollArea):
        if area.widget() is not None and area.widget().isAncestorOf(widget):
            area.ensureWidgetVisible(widget, 0, 0)


@contextmanager
def month() -> Iterator[Scene]:
    """A month of a course: compared, treated and signed."""
    with desk(FOLLOWED, following(counted=True).made) as at:
        yield Scene(
            at.window,
            (
                at.view("compare", "followup"),
                at.view("treat", "treat"),
                at.view("sign", "sign"),
            ),
        )


@contextmanager
def nurse() -> Iterator[Scene]:
    """What somebody sees who may neither treat nor sign."""
    ready = _ready()
    ready.case.session = Session(replace(ME, id="u3", name="Dana Cole", role=Role.NURSE), None)
    with desk("marsh-elena", ready) as at:
        yield Scene(at.window, (at.view("treat", "treat"), at.view("sign", "sign")))


# -- over the pages


@contextmanager
def over() -> Iterator[Scene]:
    """Sheets, strips and notices over a step."""
    ready = assessing("marsh-elena").made
    with desk("marsh-elena", ready) as at:
        shell = at.shell

        def full() -> None:
            shell.problemStrip.say(
                "warn",
                "No room left on this disk.",
                "Your draft is kept in memory. Free 200 MB, then save again.",
                link=("Close", lambda: None),
            )
            shell.toasts.show("Signed 13:58 \u00b7 Document RX\u20112026\u20110019", stays=True)

        def locking() -> None:
            shell._session.changed.emit(replace(shell._session.state, warning=30))

        def unlocked() -> None:
            shell._session.changed.emit(replace(shell._session.state, warning=None))

        yield Scene(
            at.window,
            (
                at.over("command-list", "assess", "commands"),
                at.over("keys", "assess", "keys"),
                at.over("details", "treat", "case.details"),
                at.view("messages", "assess", full),
                at.view("locking", "assess", locking),
                at.view("after", "treat", unlocked),
            ),
        )


@contextmanager
def kept() -> Iterator[Scene]:
    """What the keeping of the records has to tell, over a step."""
    with desk("marsh-elena", assessing("marsh-elena").made) as at:
        case, at_noon = at.shell._case, datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
        plenty = 40 << 30

        def told(
            jump: ClockJump | None = None,
            faults: tuple[str, ...] = (),
            keyless: str = "",
        ) -> Callable[[], None]:
            def show() -> None:
                nurse = replace(case.session.user, role=Role.NURSE)  # reviews nobody's accesses
                session = replace(case.session, user=nurse, keyless=keyless)
                keeping: Any = KeepingPresenter(
                    case.desk, session, InlineJobs(), None,  # none is due
                    Path("/srv/records"), lambda: plenty, faults, lambda: jump,
                )  # fmt: skip
                keeping._wait = 1
                at.shell.look_after(keeping)

            return show

        back = ClockJump(at_noon, at_noon - timedelta(days=1, hours=2))
        changed = (
            "row.changed:document:d1",
            "row.removed:consultation:c4",
            "row.changed:patient:p2",
            "file.damaged:9f2c",
            "audit.broken:41",
        )
        forward = ClockJump(at_noon, at_noon + timedelta(days=3))
        yield Scene(
            at.window,
            (
                at.view("clock-back", "assess", told(back)),
                at.view("clock-forward", "assess", told(forward)),
                at.view("changed-outside", "queue", told(faults=changed)),
                at.view("key-damaged", "treat", told(keyless="sign.key.damaged")),
            ),
        )


@contextmanager
def doubted() -> Iterator[Scene]:
    """Somebody who may be another patient."""
    other = Person(
        PatientId("p9"), ConsultationId("c9"), "Marsh", "Elena", date(2003, 4, 14), Sex.FEMALE,
        "MK204817",
    )  # fmt: skip
    doubt = IdentityDoubt(Doubt.CONFLICT, other)
    ready = assessing("marsh-elena", change=lambda c: replace(c, doubts=(doubt,))).made
    with desk("marsh-elena", ready) as at:
        yield Scene(at.window, (at.view("identity", "assess"),))


@contextmanager
def second_screen() -> Iterator[Scene]:
    """The window of the photos on a second screen, and the page they left."""
    kept = SecondScreen._other
    SecondScreen._other = lambda _: QGuiApplication.primaryScreen()
    try:
        with desk("marsh-elena", assessing("marsh-elena").made) as at:

            def window() -> QWidget:
                at.shell.go("assess")
                settle()
                if at.shell.second.window is None:
                    at.shell.commands.trigger("photos.second")
                settle()
                found = at.shell.second.window
                assert found is not None
                found.resize(at.window.size())
                settle()
                return found

            def stand_in() -> QWidget:
                window()
                return at.window

            yield Scene(at.window, (View("photos", window), View("page", stand_in)))
            at.shell.second.end()
    finally:
        SecondScreen._other = kept


@contextmanager
def second_reader() -> Iterator[Scene]:
    """A second reading, and how far it agrees."""
    with reading("marsh-elena", draw=first_read) as made:

        def read() -> QWidget:
            made.begin()
            mark(made.page.presenter, leave_out=4, shift=9)
            settle()
            return made.window

        def agreement() -> QWidget:
            made.case.finish()
            made.shell.toasts.clear()
            made.shell.entrance.agreement(made.first.made.id)
            settle()
            return made.window

        yield Scene(made.window, (View("reading", read), View("agreement", agreement)))


def gone(widget: QWidget) -> None:
    """Delete a window now."""
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
