"""The tour: drives the real window through the main job by keys and clicks, and leaves the evidence.

Only visible widgets receive events; no presenter and no workflow function is called. What came of
it is read back by a second process from the reopened store and the PDF files.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOOK = "Offscreen tour of the demonstration clinic"
SIZE = (1440, 900)
SLOW_SECONDS = 30.0
KEY_OF = {"CO": 1, "CC": 2, "PA": 3, "PU": 4, "NO": 5, "CY": 6}
SCAR_KEY, MARK_KEY = 7, 8


class TourFailed(Exception):
    """A step did not come out as a user would need it to."""


@dataclass
class Step:
    """One step of the tour with what it cost."""

    name: str
    keys: int = 0
    clicks: int = 0
    milliseconds: int = 0
    picture: str = ""
    seen: dict[str, Any] = field(default_factory=dict)


def main(arguments: Sequence[str]) -> int:
    """``OUT [THEME [WxH]]``, or ``--read-back STORE OUT``; the exit status."""
    if arguments and arguments[0] == "--read-back":
        return read_back(Path(arguments[1]), Path(arguments[2]))
    out = Path(arguments[0])
    theme = arguments[1] if len(arguments) > 1 else "light"
    width, _, height = (arguments[2] if len(arguments) > 2 else "x").partition("x")
    return run(out, theme=theme, size=(int(width), int(height)) if height else SIZE)


def run(out: Path, *, theme: str, size: tuple[int, int]) -> int:
    """Make a fresh demonstration clinic, drive it, read it back; 0 when every step came out."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The window system first: without it nothing else needs to be made.
    from workstation import showcase
    from workstation.adapters.system.clock import SystemClock
    from workstation.ui import application

    application.application()
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("*.png"), *out.glob("*.pdf"), out / "tour.json"):
        old.unlink(missing_ok=True)
    place = Path(tempfile.mkdtemp(prefix="derm-tour-"))
    store = place / "store"
    try:
        clock = SystemClock(showcase.CLINIC.time_zone)
        showcase.prepare(store, clock=clock, first=None, tell=print)
        driver = Driver(store, out, theme, size)
        failure = driver.drive()
        driver.write(failure)
        if failure:
            print(f"The tour failed: {failure}", file=sys.stderr)
            return 1
        program = [
            sys.executable,
            *(() if getattr(sys, "frozen", False) else ("-m", "workstation")),
        ]
        again = [*program, "--read-back", str(store), str(out)]
        done = subprocess.run(again, check=False)
        if done.returncode == 0:
            print(f"Tour complete: {len(driver.steps)} steps, evidence in {out}")
        return done.returncode
    finally:
        shutil.rmtree(place, ignore_errors=True)


class Driver:
    """A user at the window: moves a pointer, presses keys, waits for what a person would wait for."""

    def __init__(self, store: Path, out: Path, theme: str, size: tuple[int, int]) -> None:
        self.store, self.out, self.theme, self.size = store, out, theme, size
        self.steps: list[Step] = []
        self._step = Step("start")
        self._window: Any = None

    def drive(self) -> str:
        """Run all steps; a sentence about the first that failed, or ""."""
        try:
            self._sign_in()
            self._queue()
            self._blocked()
            self._work_up()
            self._first_prescription()
            self._follow_up()
            self._red_flag()
            self._lock()
        except TourFailed as failed:
            self._shoot("failed")
            return f"{self._step.name}: {failed}"
        finally:
            if self._window is not None:
                self._window.close()
        return ""

    def write(self, failure: str) -> None:
        """Write ``tour.json``."""
        from workstation import __version__

        report = {
            "tour": LOOK,
            "version": __version__,
            "theme": self.theme,
            "size": list(self.size),
            "failure": failure,
            "steps": [vars(step) for step in self.steps],
            "keys": sum(step.keys for step in self.steps),
            "clicks": sum(step.clicks for step in self.steps),
        }
        text = json.dumps(report, indent=1, ensure_ascii=False)
        (self.out / "tour.json").write_text(text, encoding="utf-8")

    # -- steps

    def _sign_in(self) -> None:
        from workstation import showcase
        from workstation.ui import application

        with self._doing("Sign in"):
            self._window = application.build_window(
                self.store, theme=self.theme, size=self.size, demo=True
            )
            self._window.show()
            self._window.activateWindow()
            page = self._window.sign_in_page
            self._until(page.isVisible, "the sign-in page shows")
            self._shoot("sign-in")
            self._type(page.passwordField, showcase.PASSWORD)
            self._key(page.passwordField, "Return")
            self._until(lambda: self._window.shell is not None, "the desk opens")
            self._settle()

    def _queue(self) -> None:
        with self._doing("Queue"):
            page = self._page("queue")
            self._until(lambda: self._rows() > 0, "the queue has rows")
            self._settle()
            self._key(page.queueList, "J")
            self._key(page.queueList, "K")
            self._settle()
            self._step.seen["rows"] = self._rows()
            self._shoot("queue")

    def _blocked(self) -> None:
        with self._doing("Consultation that must not be signable"):
            self._open("abernathy")
            self._annotate("abernathy-grace", 1)
            self._shoot("blocked-assess")
            self._forward()
            self._expect_page("treat")
            treat = self._page("treat")
            self._until(lambda: self._chip("treat") is not None, "safety findings show")
            self._expect(
                treat.primary() is not None and not treat.primary().enabled, "sign is closed"
            )
            self._step.seen["closed"] = treat.primary().reason
            self._step.seen["blockers"] = [
                card.line.code for card in treat.safety.cards if card.line.level in ("hold", "stop")
            ]
            self._shoot("blocked-treat")
            self._forward()
            self._expect(self._current() == "treat", "forward does not lead past the blocker")
            self._key(self._focus(), "4", control=True)
            self._until(lambda: self._current() == "sign", "the Sign step can be looked at")
            sign = self._page("sign")
            self._settle()
            self._digits(sign)
            self._key(sign, "Return")
            self._settle()
            self._expect(self._current() == "sign", "Enter signs nothing")
            self._expect(not sign.signButton.isEnabled(), "the button is closed")
            self._shoot("blocked-sign")
            self._close()

    def _work_up(self) -> None:
        with self._doing("Work-up visit, no medicine yet"):
            self._open("nwosu")
            self._annotate("nwosu-ifeoma", 1)
            self._step.seen["grade"] = self._grade()
            self._shoot("work-up-assess")
            self._forward()
            self._expect_page("treat")
            self._answer_all({"pregnancy.category": "CGP"})
            self._note_findings()
            self._shoot("work-up-treat")
            self._sign("work-up")

    def _first_prescription(self) -> None:
        with self._doing("First isotretinoin prescription, can become pregnant"):
            self._open("marsh")
            self._shoot("first-assess-before")
            self._annotate("marsh-elena", 2)
            self._step.seen["grade"] = self._grade()
            self._shoot("first-assess")
            self._forward()
            self._expect_page("treat")
            self._shoot("first-treat-blocked")
            self._note_findings()
            self._answer_all({}, test="negative")
            self._shoot("first-treat")
            self._sign("first")

    def _follow_up(self) -> None:
        with self._doing("Monthly follow-up"):
            self._open("lindqvist")
            self._expect_page("followup")
            compare = self._page("followup")
            self._until(lambda: compare.canvas.picture("older") is not None, "both visits show")
            self._settle()
            self._shoot("month-compare")
            self._key(compare.canvas, "C")
            self._expect_page("assess")
            self._annotate("lindqvist-astrid", 5)
            self._step.seen["grade"] = self._grade()
            self._shoot("month-assess")
            self._forward()
            self._expect_page("treat")
            self._answer_all({})
            self._note_findings()
            self._shoot("month-treat")
            self._sign("month")

    def _red_flag(self) -> None:
        with self._doing("Red flag opens on Contact"):
            self._open("halvorsen")
            self._expect_page("contact")
            self._shoot("contact")
            self._close()

    def _lock(self) -> None:
        with self._doing("Lock and unlock"):
            from workstation import showcase

            self._key(self._focus(), "L", control=True)
            self._until(self._window.lock_page.isVisible, "the lock page covers the desk")
            self._shoot("lock")
            self._type(self._window.lock_page.passwordField, showcase.PASSWORD)
            self._key(self._window.lock_page.passwordField, "Return")
            self._until(lambda: not self._window.lock_page.isVisible(), "the desk comes back")

    # -- parts of steps

    def _open(self, who: str) -> None:
        if self._current() != "queue":
            self._key(self._focus(), "1", control=True)
            self._until(lambda: self._current() == "queue", "the queue shows")
        page = self._page("queue")
        self._settle()
        # An earlier search may have left no row: then its button has the focus, not the list.
        self._key(page.queueList if page.queueList.isVisible() else self._focus(), "Slash")
        self._until(page.searchField.hasFocus, "the search has the focus")
        self._key(page.searchField, "A", control=True)
        self._type(page.searchField, who)
        self._key(page.searchField, "Return")
        self._settle()
        self._until(lambda: self._rows() >= 1 and page.queueList.hasFocus(), f"{who} is found")
        self._key(page.queueList, "Home")
        self._key(page.queueList, "Return")
        self._until(lambda: self._current() != "queue", f"{who} opens")
        self._settle()

    def _annotate(self, who: str, visit: int) -> None:
        from PySide6.QtCore import Qt

        from workstation.demo.earlier import marked
        from workstation.demo.people import person

        page = self._page("assess")
        canvas = page.canvas
        self._until(lambda: canvas.isVisible() and self._view_of() != "", "a photo shows")
        marks = marked(person(who), person(who).visit(visit))
        views = list(dict.fromkeys(mark.view for mark in marks))
        current = 0
        for view in views:
            for _ in range(12):
                if self._view_of() == view:
                    break
                self._key(canvas, "N")
                self._settle()
            self._expect(self._view_of() == view, f"photo {view} shows")
            here = sorted((m for m in marks if m.view == view), key=lambda m: self._key_for(m.type))
            for mark in here:
                if self._key_for(mark.type) != current:
                    current = self._key_for(mark.type)
                    self._key(canvas, str(current))
                place = canvas.view.to_widget(_point(mark.x, mark.y)).toPoint()
                if not canvas.rect().contains(place):
                    continue
                self._click(canvas, place, Qt.MouseButton.LeftButton)
        self._settle()
        self._step.seen["annotations"] = (
            len(page.presenter.state.marks)
            if hasattr(page.presenter.state, "marks")
            else len(marks)
        )

    @staticmethod
    def _key_for(code: str) -> int:
        return KEY_OF.get(code) or (SCAR_KEY if code.startswith("SC") else MARK_KEY)

    def _view_of(self) -> str:
        photo = self._page("assess").presenter.photo
        return "" if photo is None else str(photo.view.value)

    def _grade(self) -> str:
        return str(self._page("assess").panel.grade.word.text())

    def _note_findings(self) -> None:
        """Write down which findings the screen shows."""
        self._step.seen["findings"] = [
            f"{card.line.level} {card.line.code}" for card in self._page("treat").safety.cards
        ]

    def _answer_all(self, answers: dict[str, str], test: str = "") -> None:
        """Go from open line to open line as a user does with F8, and answer each."""
        treat = self._page("treat")
        for _ in range(40):
            self._settle()
            primary = treat.primary()
            if primary is not None and primary.enabled:
                return
            self._key(self._focus(), "F8")
            card = next((c for c in treat.safety.cards if c.hasFocus()), None)
            if card is None:
                raise TourFailed(f"closed, with no open line: {primary.reason if primary else ''}")
            self._answer(card, answers, test)
        raise TourFailed(
            "lines stay open: "
            + ", ".join(card.line.code for card in treat.safety.cards if card.line.is_open)
        )

    def _answer(self, card: Any, answers: dict[str, str], test: str) -> None:
        line = card.line
        if line.level in ("warn", "override"):
            self._key(card, "1")
            return
        control = card.control
        self._expect(control is not None, f"{line.code} has a control")
        given = dict(answers)
        if line.control.kind == "pregnancy_test":
            self._expect(bool(test), f"{line.code} was expected")
            given |= {"value": test, "specimen": "hcg_serum:medical", "collected": "t"}
        names = [part.state.name for part in control.fields if part.isVisible()]
        for name in names:
            # The line may have answered itself with a field before: then it is gone.
            part = next((f for f in control.fields if f.state.name == name), None)
            if part is None or not _alive(part):
                return
            self._expect(name in given, f"{line.code}: {name} was expected")
            self._fill(part.editor, given[name])
        if _alive(control) and control.button.isVisible():
            self._key(control.button, "Space")

    def _fill(self, editor: Any, value: str) -> None:
        """Give a field its value by keys: segments by their digit, lists by arrows, text typed."""
        self._expect(editor.isVisible() and editor.isEnabled(), "the field can be reached")
        if hasattr(editor, "buttons"):
            place = [v for v, _ in editor.choices].index(value)
            self._key(editor.buttons[0], str(place + 1))
        elif hasattr(editor, "currentData"):
            for _ in range(editor.count() + 1):
                if str(editor.currentData()) == value:
                    return
                self._key(editor, "Down")
            raise TourFailed(f"the list has no {value}")
        else:
            self._type(editor, value)

    def _sign(self, name: str) -> None:
        self._forward()
        self._expect_page("sign")
        sign = self._page("sign")
        self._until(
            lambda: (
                bool(sign.tabs.count())
                and sign.preview.widget() is not None
                and not self._window.jobs.busy
            ),
            "the pages are rendered",
        )
        self._settle()
        self._shoot(f"{name}-sign")
        if sign.tabs.count() > 1:
            self._key(sign, "Tab", control=True)
            self._settle()
            self._shoot(f"{name}-sign-plan")
        self._digits(sign)
        self._until(sign.signButton.isEnabled, "the PIN is complete")
        outcome: list[Any] = []
        sign.signed.connect(outcome.append)
        begun = time.monotonic()
        self._key(sign, "Return")
        self._until(lambda: len(outcome) > 0, "the documents are signed")
        self._step.seen["sign_ms"] = round((time.monotonic() - begun) * 1000)
        self._until(
            lambda: self._current() in ("contact", "assess", "followup"),
            "the next consultation opens",
        )
        self._settle()
        self._shoot(f"{name}-next")
        self._close()

    def _digits(self, page: Any) -> None:
        from workstation import showcase

        for digit in showcase.PIN:
            self._key(page, digit)

    def _close(self) -> None:
        from PySide6.QtCore import QPoint, Qt

        # Just after signing, keys rest for half a second and Enter until the pointer moved.
        self._wait(0.6)
        self._click(self._window, QPoint(700, self._window.height() - 8), Qt.MouseButton.LeftButton)
        self._step.clicks -= 1
        if self._current() != "queue":
            self._key(self._focus(), "W", control=True)
            self._until(lambda: self._current() == "queue", "the consultation is closed")
        # The next pictures show their pages without the notice of this signing.
        self._until(lambda: not self._window.shell.toasts.text, "the notice has gone")
        self._settle()

    def _forward(self) -> None:
        self._key(self._focus(), "Return", control=True)
        self._settle()

    # -- hands and eyes

    def _key(self, widget: Any, name: str, *, control: bool = False) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        self._expect(widget is not None and widget.isVisible(), f"the key {name} has a target")
        widget.setFocus()
        modifier = (
            Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        )
        QTest.keyClick(widget, getattr(Qt.Key, f"Key_{name}"), modifier)
        self._step.keys += 1
        self._pump()

    def _type(self, widget: Any, text: str) -> None:
        from PySide6.QtTest import QTest

        self._expect(widget.isVisible(), "the field shows")
        widget.setFocus()
        QTest.keyClicks(widget, text)
        self._step.keys += len(text)
        self._pump()

    def _click(self, widget: Any, place: Any, button: Any) -> None:
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        self._expect(widget.isVisible(), "the pointer has a target")
        # A far point first: two clicks on neighbouring lesions are no double click.
        QTest.mouseMove(widget, QPoint(1, 1))
        QTest.mouseClick(widget, button, Qt.KeyboardModifier.NoModifier, place)
        self._step.clicks += 1
        self._pump()

    def _focus(self) -> Any:
        from PySide6.QtWidgets import QApplication

        if QApplication.activeWindow() is None:
            self._window.activateWindow()
            self._pump(20)
        return QApplication.focusWidget() or self._window

    def _page(self, id: str) -> Any:
        return self._window.shell.page(id)

    def _current(self) -> str:
        return "" if self._window.shell is None else str(self._window.shell.current)

    def _chip(self, id: str) -> Any:
        return self._page(id).step_chip()

    def _rows(self) -> int:
        return int(self._page("queue").queueList.model().rowCount())

    def _expect_page(self, id: str) -> None:
        self._until(lambda: self._current() == id, f"the step {id} shows")

    def _expect(self, good: bool, what: str) -> None:
        if not good:
            raise TourFailed(what)

    def _until(self, good: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + SLOW_SECONDS
        while not good():
            if time.monotonic() > end:
                raise TourFailed(f"waited {SLOW_SECONDS:.0f} s: {what}")
            self._pump(20)

    def _settle(self) -> None:
        """Wait until nothing is being loaded or saved."""
        self._until(lambda: not self._window.jobs.busy, "work in the background ends")
        self._pump(30)
        self._until(lambda: not self._window.jobs.busy, "work in the background ends")
        self._pump(10)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._pump(20)

    @staticmethod
    def _pump(milliseconds: int = 0) -> None:
        from PySide6.QtWidgets import QApplication

        # Sleeping lets the lanes work: an event loop spun by hand would hold the interpreter.
        end = time.monotonic() + milliseconds / 1000
        QApplication.processEvents()
        while time.monotonic() < end:
            time.sleep(0.004)
            QApplication.processEvents()

    def _shoot(self, name: str) -> None:
        if self._window is None:
            return
        self._pump(40)
        number = len(list(self.out.glob("*.png"))) + 1
        path = self.out / f"{number:02d}-{name}.png"
        self._window.grab().save(str(path))
        self._step.picture = path.name

    def _doing(self, name: str) -> _Doing:
        self._step = Step(name)
        self.steps.append(self._step)
        return _Doing(self._step)


class _Doing:
    """Times one step."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def __enter__(self) -> None:
        self._begun = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._step.milliseconds = round((time.monotonic() - self._begun) * 1000)


def _alive(widget: Any) -> bool:
    from shiboken6 import isValid

    return bool(isValid(widget)) and bool(widget.isVisible())


def _point(x: float, y: float) -> Any:
    from workstation.domain.lesions import Point

    return Point(x, y)


# -- the second process


def read_back(store: Path, out: Path) -> int:
    """Reopen the store, check what was signed and what was not, and export the PDFs to ``out``."""
    from workstation import bootstrap, showcase
    from workstation.domain.consultation import Status
    from workstation.domain.documents import DocumentKind
    from workstation.workflow.ports import QueueFilter

    report = json.loads((out / "tour.json").read_text(encoding="utf-8"))
    problems: list[str] = []
    signed: list[dict[str, Any]] = []
    with closing(bootstrap.open_desk(store, showcase.LOGIN, showcase.PASSWORD)) as opened:
        desk = opened.desk
        everything = QueueFilter(scope="all", statuses=frozenset(Status))
        with desk.store.reading() as unit:
            rows = unit.queue(everything, opened.session.user.id, desk.clock.now())
        newest = {row.family: row for row in sorted(rows, key=lambda r: r.visit)}
        prescribed = {
            DocumentKind.PRESCRIPTION,
            DocumentKind.MONITORING_PLAN,
            DocumentKind.RECORD,
        }
        for family, status, kinds in (
            (
                "Nwosu",
                Status.WAITING_FOR_WORK_UP,
                {DocumentKind.MONITORING_PLAN, DocumentKind.RECORD},
            ),
            ("Marsh", Status.CLOSED, prescribed),
            ("Lindqvist", Status.CLOSED, prescribed),
            ("Abernathy", Status.READY, set()),
        ):
            row = newest[family]
            with desk.store.reading() as unit:
                documents = unit.documents(row.id)
            if row.status is not status or {d.kind for d in documents} != kinds:
                problems.append(f"{family}: {row.status.value}, {len(documents)} documents")
            for document in documents:
                pdf = desk.vault.get(document.address)
                (out / f"{document.number}.pdf").write_bytes(pdf)
                verdict = desk.signer.verify(pdf, document.certificate)
                text = _text_of(pdf)
                if verdict.state != "valid":
                    problems.append(f"{document.number}: {verdict.state}")
                if document.number not in text or family.upper() not in text:
                    problems.append(f"{document.number}: text does not carry number and name")
                medicine = "ISOtretinoin" in text
                if document.kind is DocumentKind.PRESCRIPTION and not medicine:
                    problems.append(f"{document.number}: no medicine on the prescription")
                signed.append(
                    {
                        "family": family,
                        "kind": document.kind.value,
                        "number": document.number,
                        "sha256": hashlib.sha256(pdf).hexdigest(),
                        "stored_sha256": document.pdf_digest,
                        "verdict": verdict.state,
                        "level": verdict.level,
                    }
                )
                if signed[-1]["sha256"] != document.pdf_digest:
                    problems.append(f"{document.number}: stored digest differs")
        audit = bootstrap.check_audit(opened, 0)
        if not audit["whole"]:
            problems.append(audit["sentence"])
    report["read_back"] = {"documents": signed, "audit": audit["sentence"], "problems": problems}
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (out / "tour.json").write_text(text, encoding="utf-8")
    for problem in problems:
        print(f"Read back: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _text_of(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
