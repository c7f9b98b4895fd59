"""A dermatologist at the real window of a new clinic, month after month, on a clock that is set.

Everything is done by keys and clicks on visible widgets; packages come through the inbox folder;
what was signed is read back as the text of the stored PDF files.
"""

from __future__ import annotations

import re
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
from workstation.tour.driver import Driver
from workstation.ui.application import StoreDoors, application
from workstation.ui.correct_dialog import CorrectDialog
from workstation.ui.doors import Desktop
from workstation.ui.jobs import ThreadJobs
from workstation.ui.pages import makers
from workstation.ui.palette import CommandList
from workstation.ui.treat.choice_card import ChoiceCard
from workstation.ui.window import Window
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
        return Desktop(made.session, made.queue, made.case, made.banner, makers(made), opened.close)


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
        self.window = Window(self.doors)
        self.window.resize(*self.size)
        self.window.show()
        self.window.activateWindow()
        self.window.sign_in(showcase.LOGIN, showcase.PASSWORD)
        self.until(lambda: self.window.shell is not None, "the desk opens")
        self.settle()

    def close(self) -> None:
        """Leave the desk."""
        self.window.close()

    def shoot(self, name: str) -> None:
        """No pictures are taken here."""

    # -- time and packages

    def on(self, day: str) -> None:
        """It is noon (UTC 20:00) of another day; whoever comes back unlocks the desk."""
        self.clock.put(noon(day))
        self.settle()
        self.wait(0.1)
        if not self.window.lock_page.isVisible():
            self.key(self.focus(), "L", control=True)
            self.until(self.window.lock_page.isVisible, "the desk is locked")
        field = self.window.lock_page.passwordField
        self.type(field, showcase.PASSWORD)
        self.key(field, "Return")
        self.until(lambda: not self.window.lock_page.isVisible(), "the desk comes back")
        self.settle()

    def arrives(self, package: sender.Package) -> None:
        """A package lies in the inbox folder; F5 looks twice, as a file must have settled."""
        waiting = self._waiting()
        sender.write(self.doors.opened.inbox, self.who, package)
        self._to_queue()
        for _ in range(3):
            self.key(self.focus(), "F5")
            self.settle()
        refused = tuple((self.doors.opened.inbox / "refused").glob("*.txt"))
        assert not refused, refused[0].read_text(encoding="utf-8")
        self.until(lambda: self._waiting() > waiting, "the package is in the queue")

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
        if self.current() != "queue":
            self.key(self.focus(), "1", control=True)
            self.until(lambda: self.current() == "queue", "the queue shows")
        self.settle()

    def opens(self) -> str:
        """Open the patient from the queue; the step that it leads to."""
        self.open(self.who.family.lower())
        return self.current()

    def treat(self) -> Any:
        """Go to the Treat step."""
        self.key(self.focus(), "3", control=True)
        self.expect_page("treat")
        self.settle()
        return self.page("treat")

    def counts(self, nodules: int) -> None:
        """Mark nodules on the photo by key and click."""
        if self.current() != "assess":
            self.key(self.focus(), "2", control=True)
            self.expect_page("assess")
        canvas = self.page("assess").canvas
        self.until(lambda: canvas.isVisible() and self.view_of() != "", "a photo shows")
        self.settle()
        self.key(canvas, "5")
        for x, y in SPOTS[:nodules]:
            place = QPoint(round(canvas.width() * x), round(canvas.height() * y))
            self.click(canvas, place, Qt.MouseButton.LeftButton)
        self.settle()

    def doses(self, daily: str) -> None:
        """Type the daily dose in mg."""
        panel = self.page("treat").prescription
        self.until(panel.daily.isVisible, "the dose can be typed")
        panel.daily.setFocus()
        self.key(panel.daily, "A", control=True)
        self.type(panel.daily, daily)
        self.key(panel.daily, "Return")
        self.settle()

    def decides(self, title: str) -> None:
        """Press the button of a decision."""
        row = self.page("treat").row
        button = next(b for b in row.buttons.values() if b.text() == title)
        self.until(button.isVisible, f"{title} is offered")
        self.key(button, "Space")
        self.settle()

    def answers(self, given: dict[str, str], test: dict[str, str] | None = None) -> None:
        """From open line to open line with F8; what is asked and not ``given`` fails."""
        self._tests = dict(test or {})
        self.answer_all(given, "given" if test else "")

    def answer(self, card: Any, answers: dict[str, str], test: str) -> None:
        if card.line.control is not None and card.line.control.kind == "pregnancy_test":
            self.expect(bool(test), f"{card.line.code} was expected")
            for part in card.control.fields:
                self.fill(part.editor, self._tests[part.state.name])
            self.key(card.control.button, "Space")
            return
        super().answer(card, answers, test)

    def supplies(self, days: str) -> None:
        """Type for how many days capsules are prescribed."""
        panel = self.page("treat").prescription
        panel.supply.setFocus()
        self.key(panel.supply, "A", control=True)
        self.type(panel.supply, days)
        self.key(panel.supply, "Return")
        self.settle()

    def shown(self) -> str:
        """What the prescription panel shows: dose in mg/kg, what is dispensed, cumulative words."""
        panel = self.page("treat").prescription
        state = panel.cumulative._state
        words = (panel.per_kg.text(), panel.dispense.text(), state.supply_text, state.reached_text)
        return " | ".join(words).replace("\u00a0", " ").replace("\u2011", "-")

    def reaches(self, outcome: str) -> None:
        """On the Contact step: the patient was reached, and what came of it."""
        self.expect_page("contact")
        page = self.page("contact")
        self.key(page.calling, "Return")
        yes = next(b for b in page.trying.reached.buttons() if str(b.property("value")) == "yes")
        self.key(yes, "Space")
        self.type(page.trying.outcome, outcome)
        self.forward()
        self.until(lambda: page.step_chip() == ("ok", "Recorded"), "the contact is recorded")

    def voids(self, number: str, reason: str) -> Paper:
        """Make a signed document void on Records by reason and PIN; its notice."""
        self.key(self.focus(), "5", control=True)
        self.expect_page("records")
        page = self.page("records")
        self.settle()
        page.searchField.setFocus()
        self.type(page.searchField, number)
        self.settle()
        self.until(page._document.void.isEnabled, f"{number} can be made void")
        self.key(page._document.void, "Space")
        dialog = page.findChild(CorrectDialog)
        self.until(dialog.isVisible, "the reason is asked")
        self.fill(dialog.reason, reason)
        self.type(dialog.pin, showcase.PIN)
        self.key(dialog.do, "Space")
        self.until(lambda: not dialog.isVisible(), f"it is void: {dialog.note.text()}")
        self.settle()
        notice = next(p for p in reversed(self.papers()) if p.kind == "void_notice")
        self.check_signatures([notice])
        return notice

    def settles(self, reason: str, last_dose: str = "") -> None:
        """Choose the reason of a decision that ends or refuses treatment, and the last dose."""
        panel = self.page("treat").decided
        self.until(panel.isVisible, "the decision's card shows")
        label = next(r.label for r in panel._state.reasons if r.id == reason)
        card = next(c for c in panel.findChildren(ChoiceCard) if label in c.accessibleName())
        self.key(card, "Space")
        if last_dose:
            panel.last_dose.setFocus()
            self.key(panel.last_dose, "A", control=True)
            self.type(panel.last_dose, last_dose)
            self.key(panel.last_dose, "Return")
        self.settle()

    def refreshes(self) -> None:
        """F5 in the queue: what is due comes back."""
        self._to_queue()
        self.key(self.focus(), "F5")
        self.settle()

    def records_test(self, given: dict[str, str]) -> None:
        """Record a pregnancy test in the line that asks for it."""
        card = next(
            c for c in self.page("treat").safety.cards
            if c.line.control is not None and c.line.control.kind == "pregnancy_test"
        )  # fmt: skip
        self.records(card.line.code, given)

    def records(self, code: str, given: dict[str, str]) -> None:
        """Fill some fields of one line's control, and record them."""
        card = next(c for c in self.page("treat").safety.cards if c.line.code == code)
        if not card.control.isVisible():
            self.key(card, "Return")  # a line that waits shows its control when it is opened
            self.settle()
        for name, value in given.items():
            self.fill(next(f for f in card.control.fields if f.state.name == name).editor, value)
        self.key(card.control.button, "Space")
        self.settle()

    def stays_closed(self) -> None:
        """No path leads to a signature: button, key, menu, command list, PIN and the call itself."""
        shell = self.window.shell
        treat = self.page("treat")
        before = [paper.number for paper in self.papers()]
        assert not treat.primary().enabled and treat.primary().reason
        button = next(b for b in shell.stepBar.findChildren(QPushButton) if "Review" in b.text())
        assert not button.isEnabled(), "the button is closed"
        self.click(button, button.rect().center(), Qt.MouseButton.LeftButton)
        self.forward()
        assert self.current() == "treat", "the key leads nowhere"
        treat.activate_primary()
        assert self.current() == "treat"
        self.key(self.focus(), "K", control=True)
        commands = shell.findChild(CommandList)
        self.until(commands.isVisible, "the command list shows")
        self.type(self.focus(), "go forward")
        assert commands.shown == ("forward",)
        said = commands.findChild(QListWidget).item(0).text()
        assert treat.primary().reason in said, said
        self.key(self.focus(), "Return")
        self.settle()
        assert self.current() == "treat", "the command list leads nowhere"
        shell.go("sign")  # the step can be looked at; it signs nothing
        self.expect_page("sign")
        sign = self.page("sign")
        self.settle()
        self.digits(sign)
        assert not sign.signButton.isEnabled()
        self.click(sign.signButton, sign.signButton.rect().center(), Qt.MouseButton.LeftButton)
        self.key(sign, "Return")
        self.settle()
        assert self.current() == "sign"
        assert [paper.number for paper in self.papers()] == before, "nothing was signed"
        self.treat()

    def findings(self) -> set[str]:
        """Level and code of the lines on the safety panel."""
        return {f"{c.line.level} {c.line.code}" for c in self.page("treat").safety.cards}

    def open_lines(self) -> list[str]:
        """Codes of the lines that keep signing closed."""
        return [c.line.code for c in self.page("treat").safety.cards if c.line.is_open]

    def signs(self) -> dict[str, Paper]:
        """Sign with the PIN; the documents by kind."""
        self.forward()
        self.expect_page("sign")
        sign = self.page("sign")
        self.until(
            lambda: (
                bool(sign.tabs.count())
                and sign.preview.widget() is not None
                and not self.window.jobs.busy
            ),
            "the pages are rendered",
        )
        self.settle()
        before = {paper.number for paper in self.papers()}
        self.digits(sign)
        self.until(sign.signButton.isEnabled, f"the PIN is complete: {sign.pin_note.text()}")
        outcome: list[Any] = []
        sign.signed.connect(outcome.append)
        self.key(sign, "Return")
        self.until(lambda: len(outcome) > 0, "the documents are signed")
        self.settle()
        self.wait(0.6)  # keys rest for half a second after signing
        self.click(self.window, QPoint(700, self.window.height() - 8), Qt.MouseButton.LeftButton)
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
        rows = self.page("records")._presenter.state.rows
        return str(next(row.state for row in rows if row.number == number).value)

    def level(self) -> str:
        """The triage level on the Contact step."""
        return str(self.page("contact").level.text)

    def signing_is_refused(self) -> None:
        """The workflow itself signs nothing of the open consultation, whoever calls it."""
        from workstation.domain.errors import WorkstationError
        from workstation.workflow import sign

        case = self.page("treat")._presenter._case
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
        """Each signature is sound, by the program's own check and by Poppler's."""
        for paper in papers:
            verdict = self.doors.opened.desk.signer.verify(paper.pdf)
            assert verdict.state == "valid", (paper.number, verdict)
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
