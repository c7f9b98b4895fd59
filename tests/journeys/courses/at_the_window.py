"""A dermatologist at the real window of a new clinic, month after month, on a clock that is set.

Everything is done by keys and clicks on visible widgets; packages come through the inbox folder;
what was signed is read back as the text of the stored PDF files.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sender
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QListWidget, QPushButton

from workstation import bootstrap, showcase
from workstation.tour import Driver
from workstation.ui.application import StoreDoors, _pages, application
from workstation.ui.correct_dialog import CorrectDialog
from workstation.ui.jobs import ThreadJobs
from workstation.ui.palette import CommandList
from workstation.ui.treat.choice_card import ChoiceCard
from workstation.ui.window import Desktop, Window
from workstation.workflow.ports import QueueFilter  # to find what was signed, not what to expect

SPOTS = tuple((0.36 + 0.045 * (n % 6), 0.38 + 0.06 * (n // 6)) for n in range(24))


class ClockedDoors(StoreDoors):
    """Opens the store on the clock of the course."""

    def __init__(self, folder: Path, clock: Any) -> None:
        super().__init__(folder, demo=True)
        self.clock = clock
        self.opened: Any = None

    def open(self, login: str, password: str, jobs: ThreadJobs) -> Desktop:
        self.opened = opened = bootstrap.open_desk(self.folder, login, password, clock=self.clock)
        made = bootstrap.presenters(opened, jobs)
        return Desktop(made.session, made.queue, made.case, made.banner, _pages(made), opened.close)


@dataclass(frozen=True)
class Paper:
    """One signed document: its kind, number, bytes, and its text with single spaces."""

    kind: str
    number: str
    pdf: bytes
    text: str

    def says(self, *wanted: str) -> None:
        """Each sentence stands on the page."""
        for one in wanted:
            assert one in self.text, f"{self.kind} lacks {one!r}:\n{self.text}"

    def omits(self, *unwanted: str) -> None:
        for one in unwanted:
            assert one not in self.text, f"{self.kind} says {one!r}:\n{self.text}"


class Course(Driver):
    """One patient's course at the window."""

    def __init__(self, folder: Path, who: sender.Sent, begins: str) -> None:
        super().__init__(folder / "store", folder, "light", (1440, 900))
        self.who = who
        self.clock = showcase.SetClock(noon(begins))
        bootstrap.create_clinic(
            self.store,
            kind="demonstration",
            clinic=showcase.CLINIC,
            user=showcase.demo_user(self.clock.now()),
            password=showcase.PASSWORD,
            pin=showcase.PIN,
            clock=self.clock,
            cheap_for_tests=True,
        ).close()
        application()
        self.doors = ClockedDoors(self.store, self.clock)
        self._window = Window(self.doors)
        self._window.resize(*self.size)
        self._window.show()
        self._window.activateWindow()
        self._window.sign_in(showcase.LOGIN, showcase.PASSWORD)
        self._until(lambda: self._window.shell is not None, "the desk opens")
        self._settle()

    def close(self) -> None:
        """Leave the desk."""
        self._window.close()

    def _shoot(self, name: str) -> None:
        """No pictures are taken here."""

    # -- time and packages

    def on(self, day: str) -> None:
        """It is noon (UTC 20:00) of another day; whoever comes back unlocks the desk."""
        self.clock.put(noon(day))
        self._settle()
        self._wait(0.1)
        if not self._window.lock_page.isVisible():
            self._key(self._focus(), "L", control=True)
            self._until(self._window.lock_page.isVisible, "the desk is locked")
        field = self._window.lock_page.passwordField
        self._type(field, showcase.PASSWORD)
        self._key(field, "Return")
        self._until(lambda: not self._window.lock_page.isVisible(), "the desk comes back")
        self._settle()

    def arrives(self, package: sender.Package) -> None:
        """A package lies in the inbox folder; F5 looks twice, as a file must have settled."""
        waiting = self._waiting()
        sender.write(self.doors.opened.inbox, self.who, package)
        self._to_queue()
        for _ in range(3):
            self._key(self._focus(), "F5")
            self._settle()
        refused = tuple((self.doors.opened.inbox / "refused").glob("*.txt"))
        assert not refused, refused[0].read_text(encoding="utf-8")
        self._until(lambda: self._waiting() > waiting, "the package is in the queue")

    def _waiting(self) -> int:
        return len(self._consultations())

    def _consultations(self) -> list[Any]:
        desk = self.doors.opened.desk
        with desk.store.reading() as unit:
            rows = unit.queue(
                QueueFilter(scope="all", statuses=frozenset(_statuses())), "", desk.clock.now()
            )
        return sorted(rows, key=lambda row: row.visit)

    # -- steps

    def _to_queue(self) -> None:
        if self._current() != "queue":
            self._key(self._focus(), "1", control=True)
            self._until(lambda: self._current() == "queue", "the queue shows")
        self._settle()

    def opens(self) -> str:
        """Open the patient from the queue; the step that it leads to."""
        self._open(self.who.family.lower())
        return self._current()

    def treat(self) -> Any:
        """Go to the Treat step."""
        self._key(self._focus(), "3", control=True)
        self._expect_page("treat")
        self._settle()
        return self._page("treat")

    def counts(self, nodules: int) -> None:
        """Mark nodules on the photo by key and click."""
        if self._current() != "assess":
            self._key(self._focus(), "2", control=True)
            self._expect_page("assess")
        canvas = self._page("assess").canvas
        self._until(lambda: canvas.isVisible() and self._view_of() != "", "a photo shows")
        self._settle()
        self._key(canvas, "5")
        for x, y in SPOTS[:nodules]:
            place = QPoint(round(canvas.width() * x), round(canvas.height() * y))
            self._click(canvas, place, Qt.MouseButton.LeftButton)
        self._settle()

    def doses(self, daily: str) -> None:
        """Type the daily dose in mg."""
        panel = self._page("treat").prescription
        self._until(panel.daily.isVisible, "the dose can be typed")
        panel.daily.setFocus()
        self._key(panel.daily, "A", control=True)
        self._type(panel.daily, daily)
        self._key(panel.daily, "Return")
        self._settle()

    def decides(self, title: str) -> None:
        """Press the button of a decision."""
        row = self._page("treat").row
        button = next(b for b in row.buttons.values() if b.text() == title)
        self._until(button.isVisible, f"{title} is offered")
        self._key(button, "Space")
        self._settle()

    def answers(self, given: dict[str, str], test: dict[str, str] | None = None) -> None:
        """From open line to open line with F8; what is asked and not ``given`` fails."""
        self._tests = dict(test or {})
        self._answer_all(given, "given" if test else "")

    def _answer(self, card: Any, answers: dict[str, str], test: str) -> None:
        if card.line.control is not None and card.line.control.kind == "pregnancy_test":
            self._expect(bool(test), f"{card.line.code} was expected")
            for part in card.control.fields:
                self._fill(part.editor, self._tests[part.state.name])
            self._key(card.control.button, "Space")
            return
        super()._answer(card, answers, test)

    def supplies(self, days: str) -> None:
        """Type for how many days capsules are prescribed."""
        panel = self._page("treat").prescription
        panel.supply.setFocus()
        self._key(panel.supply, "A", control=True)
        self._type(panel.supply, days)
        self._key(panel.supply, "Return")
        self._settle()

    def shown(self) -> str:
        """What the prescription panel shows: dose in mg/kg, what is dispensed, cumulative words."""
        panel = self._page("treat").prescription
        state = panel.cumulative._state
        words = (panel.per_kg.text(), panel.dispense.text(), state.supply_text, state.reached_text)
        return " | ".join(words).replace("\u00a0", " ").replace("\u2011", "-")

    def reaches(self, outcome: str) -> None:
        """On the Contact step: the patient was reached, and what came of it."""
        self._expect_page("contact")
        page = self._page("contact")
        self._key(page.calling, "Return")
        yes = next(b for b in page.reached.buttons() if str(b.property("value")) == "yes")
        self._key(yes, "Space")
        self._type(page.outcome, outcome)
        self._forward()
        self._until(lambda: page.step_chip() == ("ok", "Recorded"), "the contact is recorded")

    def voids(self, number: str, reason: str) -> Paper:
        """Make a signed document void on Records by reason and PIN; its notice."""
        self._key(self._focus(), "5", control=True)
        self._expect_page("records")
        page = self._page("records")
        self._settle()
        page.searchField.setFocus()
        self._type(page.searchField, number)
        self._settle()
        self._until(page._document.void.isEnabled, f"{number} can be made void")
        self._key(page._document.void, "Space")
        dialog = page.findChild(CorrectDialog)
        self._until(dialog.isVisible, "the reason is asked")
        self._fill(dialog.reason, reason)
        self._type(dialog.pin, showcase.PIN)
        self._key(dialog.do, "Space")
        self._until(lambda: not dialog.isVisible(), f"it is void: {dialog.note.text()}")
        self._settle()
        notice = next(p for p in reversed(self.papers()) if p.kind == "void_notice")
        self.check_signatures([notice])
        return notice

    def settles(self, reason: str, last_dose: str = "") -> None:
        """Choose the reason of a decision that ends or refuses treatment, and the last dose."""
        panel = self._page("treat").decided
        self._until(panel.isVisible, "the decision's card shows")
        label = next(r.label for r in panel._state.reasons if r.id == reason)
        card = next(c for c in panel.findChildren(ChoiceCard) if label in c.accessibleName())
        self._key(card, "Space")
        if last_dose:
            panel.last_dose.setFocus()
            self._key(panel.last_dose, "A", control=True)
            self._type(panel.last_dose, last_dose)
            self._key(panel.last_dose, "Return")
        self._settle()

    def refreshes(self) -> None:
        """F5 in the queue: what is due comes back."""
        self._to_queue()
        self._key(self._focus(), "F5")
        self._settle()

    def records_test(self, given: dict[str, str]) -> None:
        """Record a pregnancy test in the line that asks for it."""
        card = next(
            c for c in self._page("treat").safety.cards
            if c.line.control is not None and c.line.control.kind == "pregnancy_test"
        )  # fmt: skip
        self.records(card.line.code, given)

    def records(self, code: str, given: dict[str, str]) -> None:
        """Fill some fields of one line's control, and record them."""
        card = next(c for c in self._page("treat").safety.cards if c.line.code == code)
        if not card.control.isVisible():
            self._key(card, "Return")  # a line that waits shows its control when it is opened
            self._settle()
        for name, value in given.items():
            self._fill(next(f for f in card.control.fields if f.state.name == name).editor, value)
        self._key(card.control.button, "Space")
        self._settle()

    def stays_closed(self) -> None:
        """No path leads to a signature: button, key, menu, command list, PIN and the call itself."""
        shell = self._window.shell
        treat = self._page("treat")
        before = [paper.number for paper in self.papers()]
        assert not treat.primary().enabled and treat.primary().reason
        button = next(b for b in shell.stepBar.findChildren(QPushButton) if "Review" in b.text())
        assert not button.isEnabled(), "the button is closed"
        self._click(button, button.rect().center(), Qt.MouseButton.LeftButton)
        self._forward()
        assert self._current() == "treat", "the key leads nowhere"
        treat.activate_primary()
        assert self._current() == "treat"
        self._key(self._focus(), "K", control=True)
        commands = shell.findChild(CommandList)
        self._until(commands.isVisible, "the command list shows")
        self._type(self._focus(), "go forward")
        assert commands.shown == ("forward",)
        said = commands.findChild(QListWidget).item(0).text()
        assert treat.primary().reason in said, said
        self._key(self._focus(), "Return")
        self._settle()
        assert self._current() == "treat", "the command list leads nowhere"
        shell.go("sign")  # the step can be looked at; it signs nothing
        self._expect_page("sign")
        sign = self._page("sign")
        self._settle()
        self._digits(sign)
        assert not sign.signButton.isEnabled()
        self._click(sign.signButton, sign.signButton.rect().center(), Qt.MouseButton.LeftButton)
        self._key(sign, "Return")
        self._settle()
        assert self._current() == "sign"
        assert [paper.number for paper in self.papers()] == before, "nothing was signed"
        self.treat()

    def findings(self) -> set[str]:
        """Level and code of the lines on the safety panel."""
        return {f"{c.line.level} {c.line.code}" for c in self._page("treat").safety.cards}

    def open_lines(self) -> list[str]:
        """Codes of the lines that keep signing closed."""
        return [c.line.code for c in self._page("treat").safety.cards if c.line.is_open]

    def signs(self) -> dict[str, Paper]:
        """Sign with the PIN; the documents by kind."""
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
        before = {paper.number for paper in self.papers()}
        self._digits(sign)
        self._until(sign.signButton.isEnabled, f"the PIN is complete: {sign.pin_note.text()}")
        outcome: list[Any] = []
        sign.signed.connect(outcome.append)
        self._key(sign, "Return")
        self._until(lambda: len(outcome) > 0, "the documents are signed")
        self._settle()
        self._wait(0.6)  # keys rest for half a second after signing
        self._click(self._window, QPoint(700, self._window.height() - 8), Qt.MouseButton.LeftButton)
        fresh = [paper for paper in self.papers() if paper.number not in before]
        for paper in fresh:
            (self.out / f"{len(before):02d}-{paper.kind}.txt").write_text(paper.text)
            paper.says(paper.number, self.who.family.upper())
        self.check_signatures(fresh)
        return {paper.kind: paper for paper in fresh}

    # -- what was signed

    def papers(self) -> list[Paper]:
        """Every signed document of the patient, oldest first."""
        desk = self.doors.opened.desk
        found = []
        for row in self._consultations():
            with desk.store.reading() as unit:
                documents = unit.documents(row.id)
            for document in documents:
                pdf = desk.vault.get(document.address)
                found.append(Paper(document.kind.value, document.number, pdf, text_of(pdf)))
        return found

    def status(self, number: int = 0) -> str:
        """Status of a visit, by default of the newest."""
        rows = self._consultations()
        return str(
            (rows[-1] if not number else next(r for r in rows if r.visit == number)).status.value
        )

    def state_of(self, number: str) -> str:
        """Whether a signed document is current, amended or void, as Records shows it."""
        rows = self._page("records")._presenter.state.rows
        return str(next(row.state for row in rows if row.number == number).value)

    def level(self) -> str:
        """The triage level on the Contact step."""
        return str(self._page("contact").level.text)

    def signing_is_refused(self) -> None:
        """The workflow itself signs nothing of the open consultation, whoever calls it."""
        from workstation.domain.errors import WorkstationError
        from workstation.workflow import sign

        case = self._page("treat")._presenter._case
        before = [paper.number for paper in self.papers()]
        claim = case.state.consultation.claim
        try:
            shown = sign.preview(case.desk, case.session, case.state.consultation.id, claim.token)
            answer = sign.sign(case.desk, case.session, shown, claim.token, showcase.PIN)
            assert isinstance(answer, sign.Blocked), answer
        except WorkstationError:
            pass
        assert [paper.number for paper in self.papers()] == before

    def check_signatures(self, papers: list[Paper]) -> None:
        """Each signature is sound, by the program's own check and by Poppler's where it is there."""
        for paper in papers:
            verdict = self.doors.opened.desk.signer.verify(paper.pdf)
            assert verdict.state == "valid", (paper.number, verdict)
            if shutil.which("pdfsig"):
                path = self.out / f"{paper.number}.pdf"
                path.write_bytes(paper.pdf)
                done = subprocess.run(
                    ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
                )
                assert "Signature is Valid" in done.stdout, done.stdout + done.stderr
                assert "Total document signed" in done.stdout, done.stdout


def _statuses() -> Any:
    from workstation.domain.consultation import Status

    return Status


def noon(day: str) -> datetime:
    """20:00 UTC, which is around noon in Portland in winter and in summer."""
    return datetime.fromisoformat(f"{day}T20:00:00").replace(tzinfo=UTC)


def text_of(pdf: bytes) -> str:
    """The text of all pages, every run of white space as one space."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(pdf)) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u2011", "-"))
