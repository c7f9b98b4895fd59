"""What a user does with one consultation: opens it, annotates, answers, signs, closes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workstation.domain.lesions import Point
from workstation.presenters.tools import key_of
from workstation.tour.hands import Hands, TourFailed, alive

if TYPE_CHECKING:
    from workstation.demo.earlier import Marked

KEY_OF = {"CO": 1, "CC": 2, "PA": 3, "PU": 4, "NO": 5, "CY": 6}
SCAR_KEY, MARK_KEY = 7, 8
REASONED = ("warn", "override")  # levels that a coded reason answers


class AtConsultation(Hands):
    """Parts of the main job that several steps share."""

    def open(self, who: str) -> None:
        """Find somebody in the queue and open the consultation."""
        if self.current() != "queue":
            self.key(self.focus(), "1", control=True)
            self.until(lambda: self.current() == "queue", "the queue shows")
        page = self.page("queue")
        self.settle()
        # An earlier search may have left no row: then its button has the focus, not the list.
        self.key(page.queueList if page.queueList.isVisible() else self.focus(), "Slash")
        self.until(page.searchField.hasFocus, "the search has the focus")
        self.key(page.searchField, "A", control=True)
        self.type(page.searchField, who)
        self.key(page.searchField, "Return")
        self.settle()
        self.until(lambda: self.rows() >= 1 and page.queueList.hasFocus(), f"{who} is found")
        self.key(page.queueList, "Home")
        with self.waiting("open to first photo"):
            with self.counting("open"):
                self.key(page.queueList, "Return")
            self.until(lambda: self.current() != "queue" and self.is_seen(), f"{who} opens")
        self.settle()

    def is_seen(self) -> bool:
        """Whether all of the page is painted, with its first photo."""
        page = self.current()
        if not self.arrived():
            return False
        if page == "assess":
            return self.page(page).canvas.pyramid is not None
        return page != "followup" or self.page(page).canvas.picture("newer") is not None

    def annotate(self, who: str, visit: int) -> None:
        """Click every lesion of a visit on its photo."""
        from PySide6.QtCore import Qt

        from workstation.demo.earlier import marked
        from workstation.demo.people import person

        page = self.page("assess")
        canvas = page.canvas
        self.until(lambda: canvas.isVisible() and self.view_of() != "", "a photo shows")
        current = key_of(page.presenter.tools.type) or 0  # as the palette shows it
        before = self.marked()
        for wanted, mark in by_hand(marked(person(who), person(who).visit(visit)), current):
            self.turn_to(mark.view)
            if wanted != current:
                current = wanted
                with self.counting("types"):
                    self.key(canvas, str(current))
            place = canvas.view.to_widget(Point(mark.x, mark.y)).toPoint()
            if not canvas.rect().contains(place):
                continue
            self.click(canvas, place, Qt.MouseButton.LeftButton)
            self.step.lesions += 1
        self.settle()
        self.step.seen["annotations"] = self.marked() - before
        self.expect(self.marked() - before == self.step.lesions, "each click marked a lesion")

    def turn_to(self, view: str) -> None:
        """Go on from photo to photo until one shows."""
        for _ in range(12):
            if self.view_of() == view:
                return
            with self.counting("photos"):
                self.key(self.page("assess").canvas, "N")
            self.settle()
        raise TourFailed(f"photo {view} does not show")

    def marked(self) -> int:
        """Annotations in the open consultation, as its table of counts and marks tells them."""
        case = self.page("assess").presenter.case.state
        return 0 if case is None else len(case.draft.annotations)

    def view_of(self) -> str:
        """Which photo shows."""
        photo = self.page("assess").presenter.photo
        return "" if photo is None else str(photo.view.value)

    def grade(self) -> str:
        """The grade as the card says it."""
        return str(self.page("assess").panel.grade.word.text())

    def note_findings(self) -> None:
        """Write down which findings the screen shows."""
        self.step.seen["findings"] = [
            f"{card.line.level} {card.line.code}" for card in self.page("treat").safety.cards
        ]

    def answer_all(self, answers: dict[str, str], test: str = "") -> None:
        """Go from open line to open line as a user does with F8, and answer each."""
        treat = self.page("treat")
        for _ in range(40):
            self.settle()
            primary = treat.primary()
            if primary is not None and primary.enabled:
                return
            before = self.step.keys
            self.key(self.focus(), "F8")
            card = next((c for c in treat.safety.cards if c.hasFocus()), None)
            if card is None:
                raise TourFailed(f"closed, with no open line: {primary.reason if primary else ''}")
            part = "reasons" if card.line.level in REASONED else "blocker"
            self.step.parts[part] = self.step.parts.get(part, 0) + self.step.keys - before
            self.answer(card, answers, test)
        raise TourFailed(
            "lines stay open: "
            + ", ".join(card.line.code for card in treat.safety.cards if card.line.is_open)
        )

    def answer(self, card: Any, answers: dict[str, str], test: str) -> None:
        """Answer one line."""
        line = card.line
        if line.level in REASONED:
            with self.counting("reasons"):
                self.key(card, "1")
            return
        control = card.control
        self.expect(control is not None, f"{line.code} has a control")
        given = dict(answers)
        if line.control.kind == "pregnancy_test":
            self.expect(bool(test), f"{line.code} was expected")
            given |= {"value": test, "specimen": "hcg_serum:medical", "collected": "t"}
        names = [part.state.name for part in control.fields if part.isVisible()]
        for name in names:
            # The line may have answered itself with a field before: then it is gone.
            part = next((f for f in control.fields if f.state.name == name), None)
            if part is None or not alive(part):
                return
            self.expect(name in given, f"{line.code}: {name} was expected")
            with self.counting("blocker"):
                self.fill(part.editor, given[name])
        if alive(control) and control.button.isVisible():
            with self.counting("blocker"):
                self.key(control.button, "Space")

    def fill(self, editor: Any, value: str) -> None:
        """Give a field its value by keys: segments by their digit, lists by arrows, text typed."""
        self.expect(editor.isVisible() and editor.isEnabled(), "the field can be reached")
        if hasattr(editor, "buttons"):
            place = [v for v, _ in editor.choices].index(value)
            self.key(editor.buttons[0], str(place + 1))
        elif hasattr(editor, "currentData"):
            for _ in range(editor.count() + 1):
                if str(editor.currentData()) == value:
                    return
                self.key(editor, "Down")
            raise TourFailed(f"the list has no {value}")
        else:
            self.type(editor, value)

    def sign(self, name: str) -> None:
        """Go to Sign, look at the pages, type the PIN, and see the next consultation."""
        with self.waiting("pages rendered"):
            with self.counting("to Sign"):
                self.key(self.focus(), "Return", control=True)
            self.expect_page("sign")
            sign = self.page("sign")
            self.until(
                lambda: bool(sign.tabs.count()) and sign.preview.widget() is not None,
                "the pages are rendered",
            )
            self.until(self.arrived, "they are painted")
        self.settle()
        self.shoot(f"{name}-sign")
        if sign.tabs.count() > 1:
            self.key(sign, "Tab", control=True)
            self.settle()
            self.shoot(f"{name}-sign-plan")
        with self.counting("PIN"):
            self.digits(sign)
        self.until(sign.signButton.isEnabled, "the PIN is complete")
        outcome: list[Any] = []
        sign.signed.connect(outcome.append)
        with self.waiting("signed to next"):
            with self.counting("PIN"):
                self.key(sign, "Return")
            self.until(lambda: len(outcome) > 0, "the documents are signed")
            self.until(
                lambda: self.current() in ("contact", "assess", "followup") and self.is_seen(),
                "the next consultation opens",
            )
        self.settle()
        self.shoot(f"{name}-next")
        self.close()

    def digits(self, page: Any) -> None:
        """Type the PIN."""
        from workstation import showcase

        for digit in showcase.PIN:
            self.key(page, digit)

    def close(self) -> None:
        """Leave the consultation once the rest after signing is over."""
        from PySide6.QtCore import QPoint, Qt

        # Just after signing, keys rest for half a second and Enter until the pointer moved.
        self.wait(0.6)
        self.click(self.window, QPoint(700, self.window.height() - 8), Qt.MouseButton.LeftButton)
        self.step.clicks -= 1
        if self.current() != "queue":
            self.key(self.focus(), "W", control=True)
            self.until(lambda: self.current() == "queue", "the consultation is closed")
        # The next pictures show their pages without the notice of this signing.
        self.until(lambda: not self.window.shell.toasts.text, "the notice has gone")
        self.settle()

    def forward(self) -> None:
        """Ctrl+Enter."""
        with self.counting("to Treat"):
            self.key(self.focus(), "Return", control=True)
        self.settle()

    def to_treat(self) -> None:
        """From Assess to Treat."""
        with self.waiting("step change"):
            with self.counting("to Treat"):
                self.key(self.focus(), "Return", control=True)
            self.expect_page("treat")
        self.settle()


def key_for(code: str) -> int:
    """The key of a lesion type."""
    return KEY_OF.get(code) or (SCAR_KEY if code.startswith("SC") else MARK_KEY)


def by_hand(marks: Sequence[Marked], held: int) -> list[tuple[int, Marked]]:
    """Each lesion with its key, in the order of one who counts by hand.

    Photo after photo; on each the type in hand comes first, and last one that the next photo has too.
    """
    views = list(dict.fromkeys(mark.view for mark in marks))
    keyed = {v: [(key_for(m.type), m) for m in marks if m.view == v] for v in views}
    types = [{key for key, _ in keyed[v]} for v in views]
    ordered: list[tuple[int, Marked]] = []
    for view, here, following in zip(views, types, [*types[1:], set[int]()], strict=True):
        order = in_hand((here, following), held)
        ordered += sorted(keyed[view], key=lambda one: order.index(one[0]))  # sorted at once
        held = order[-1]
    return ordered


def in_hand(types: tuple[set[int], set[int]], held: int) -> list[int]:
    """Keys of a photo's types as one counts by hand: begins with the type in hand, ends with one
    that the next photo has too. ``types``: those of this photo, those of the next."""
    here, following = types
    first = held if held in here else min(here - following or here)
    last = max((here & following) - {first}, default=first)
    between = sorted(here - {first, last})
    return [first, *between] + ([last] if last != first else [])
