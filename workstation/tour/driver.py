"""The steps of the tour, and the report of what they cost."""

from __future__ import annotations

import json
from pathlib import Path

from workstation.tour.consultation import AtConsultation
from workstation.tour.hands import TourFailed
from workstation.tour.pace import BLOCKED, CLEAN, REPEAT, broken, judge

LOOK = "Offscreen tour of the demonstration clinic"


class Driver(AtConsultation):
    """Performs the tour."""

    def __init__(self, store: Path, out: Path, theme: str, size: tuple[int, int]) -> None:
        super().__init__(out)
        self.store, self.theme, self.size = store, theme, size

    def drive(self) -> str:
        """Run all steps; a sentence about the first that failed, or ""."""
        try:
            self._sign_in()
            self._queue()
            self._blocked()
            self._work_up()
            self._first_prescription()
            self._ordinary()
            self._ordinary_blocked()
            self._follow_up()
            self._red_flag()
            self._lock()
        except TourFailed as failed:
            self.shoot("failed")
            return f"{self.step.name}: {failed}"
        finally:
            if self.window is not None:
                self.window.close()
        return broken(self.steps)

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
            "pace": self.pace.report(),
        }
        text = json.dumps(report, indent=1, ensure_ascii=False)
        (self.out / "tour.json").write_text(text, encoding="utf-8")

    # -- steps

    def _sign_in(self) -> None:
        from workstation import showcase
        from workstation.ui import application

        with self.doing("Sign in"):
            self.window = application.build_window(
                self.store, theme=self.theme, size=self.size, demo=True
            )
            self.window.show()
            self.window.activateWindow()
            page = self.window.sign_in_page
            self.until(page.isVisible, "the sign-in page shows")
            self.shoot("sign-in")
            self.type(page.passwordField, showcase.PASSWORD)
            self.key(page.passwordField, "Return")
            self.until(lambda: self.window.shell is not None, "the desk opens")
            self.settle()

    def _queue(self) -> None:
        with self.doing("Queue"):
            page = self.page("queue")
            self.until(lambda: self.rows() > 0, "the queue has rows")
            self.settle()
            self.key(page.queueList, "J")
            self.key(page.queueList, "K")
            self.settle()
            self.step.seen["rows"] = self.rows()
            self.shoot("queue")

    def _blocked(self) -> None:
        with self.doing("Consultation that must not be signable"):
            self.open("abernathy")
            self.annotate("abernathy-grace", 1)
            self.shoot("blocked-assess")
            self.to_treat()
            treat = self.page("treat")
            self.until(lambda: self.chip("treat") is not None, "safety findings show")
            self.expect(
                treat.primary() is not None and not treat.primary().enabled, "sign is closed"
            )
            self.step.seen["closed"] = treat.primary().reason
            self.step.seen["blockers"] = [
                card.line.code for card in treat.safety.cards if card.line.level in ("hold", "stop")
            ]
            self.shoot("blocked-treat")
            self.forward()
            self.expect(self.current() == "treat", "forward does not lead past the blocker")
            self.key(self.focus(), "4", control=True)
            self.until(lambda: self.current() == "sign", "the Sign step can be looked at")
            sign = self.page("sign")
            self.settle()
            self.digits(sign)
            self.key(sign, "Return")
            self.settle()
            self.expect(self.current() == "sign", "Enter signs nothing")
            self.expect(not sign.signButton.isEnabled(), "the button is closed")
            self.shoot("blocked-sign")
            self.close()

    def _work_up(self) -> None:
        with self.doing("Work-up visit, no medicine yet"):
            self.open("nwosu")
            self.annotate("nwosu-ifeoma", 1)
            self.step.seen["grade"] = self.grade()
            self.shoot("work-up-assess")
            self.to_treat()
            self.answer_all({"pregnancy.category": "CGP"})
            self.note_findings()
            self.shoot("work-up-treat")
            self.sign("work-up")

    def _first_prescription(self) -> None:
        with self.doing("First isotretinoin prescription, can become pregnant"):
            self.open("marsh")
            self.shoot("first-assess-before")
            self.annotate("marsh-elena", 2)
            self.step.seen["grade"] = self.grade()
            self.shoot("first-assess")
            self.to_treat()
            self.shoot("first-treat-blocked")
            self.note_findings()
            self.answer_all({}, test="negative")
            self.shoot("first-treat")
            self.sign("first")

    def _ordinary(self) -> None:
        with self.doing("Ordinary consultation, nothing in its way"):
            self.open("brandt")
            self.annotate("brandt-samuel", 1)
            self.step.seen["grade"] = self.grade()
            self.shoot("ordinary-assess")
            self.to_treat()
            self.answer_all({})
            self.note_findings()
            self.shoot("ordinary-treat")
            self.sign("ordinary")
            judge(self.step, CLEAN)

    def _ordinary_blocked(self) -> None:
        with self.doing("Ordinary consultation, one blocker and two reasons"):
            self.open("vega")
            self.annotate("vega-marisol", 1)
            self.step.seen["grade"] = self.grade()
            self.to_treat()
            self.note_findings()
            self.shoot("ordinary-blocked-treat")
            self.answer_all({}, test="negative")
            self.shoot("ordinary-answered-treat")
            self.sign("ordinary-blocked")
            judge(self.step, BLOCKED)

    def _follow_up(self) -> None:
        with self.doing("Monthly follow-up, unchanged"):
            self.open("lindqvist")
            self.expect_page("followup")
            compare = self.page("followup")
            self.until(lambda: compare.canvas.picture("older") is not None, "both visits show")
            self.settle()
            self.shoot("month-compare")
            short = compare.presenter.state.short_way
            self.expect(short is not None and short.open, "the unchanged month may be repeated")
            self.sign("month")
            judge(self.step, REPEAT)

    def _red_flag(self) -> None:
        with self.doing("Red flag opens on Contact"):
            self.open("halvorsen")
            self.expect_page("contact")
            self.shoot("contact")
            self.close()

    def _lock(self) -> None:
        with self.doing("Lock and unlock"):
            from workstation import showcase

            self.key(self.focus(), "L", control=True)
            self.until(self.window.lock_page.isVisible, "the lock page covers the desk")
            self.shoot("lock")
            self.type(self.window.lock_page.passwordField, showcase.PASSWORD)
            self.key(self.window.lock_page.passwordField, "Return")
            self.until(lambda: not self.window.lock_page.isVisible(), "the desk comes back")
