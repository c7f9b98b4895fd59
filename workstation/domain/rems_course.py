"""The REMS state machine: state, steps and next action of one patient on one day."""

from __future__ import annotations

from datetime import date

from workstation.domain.contraception import ContraceptionLists, check_pair
from workstation.domain.dates import DateWindow, add_days
from workstation.domain.rems_record import (
    NEGATIVE,
    NextAction,
    RemsRecord,
    RemsStep,
    RemsTimeline,
    blocked,
    enrolment_day,
    is_enrolled,
    monthly_window,
    opening_test,
    passed,
    pregnancy_tests,
    screening_test,
    since,
    step,
    supply_end,
)
from workstation.domain.rems_windows import (
    Category,
    RemsRules,
    confirmation,
    earliest_confirmation,
    end_of_course,
    last_pick_up,
    next_test_after_missed,
)
from workstation.domain.results import LabResult


def timeline(
    rules: RemsRules,
    record: RemsRecord,
    lists: ContraceptionLists,
    today: date,
    rems_today: date | None = None,
) -> RemsTimeline:
    """The patient's place in the programme on ``today`` with all steps and the next action.

    ``rems_today`` is the day by which windows close, where that is later (``Case.rems_today``).
    """
    if record.category is Category.CAN:
        return _Can(rules, record, lists, today, rems_today or today).timeline()
    return _cannot(rules, record, today)


_CYCLE = {
    "in_menses": "in the first days of the period",
    "wait_for_next_menses": "with the next period",
    "before_start": "right before the start",
    "ask_menses": "when the last period is known",
}
_NOT_ACCEPTABLE = "the recorded methods are not acceptable"


class _Can:
    """Works out one timeline for a patient who can get pregnant."""

    def __init__(
        self,
        rules: RemsRules,
        record: RemsRecord,
        lists: ContraceptionLists,
        today: date,
        rems_today: date,
    ) -> None:
        self.rules, self.record, self.today = rules, record, today
        self.rems_today = rems_today
        self.tests = pregnancy_tests(record.tests)
        self.started = bool(record.supplies)
        self.pair = check_pair(record.methods, lists)
        self.t1 = screening_test(self.tests)
        self.earliest: date | None = None
        if self.t1 is not None and record.contraception_start is not None:
            self.earliest, _ = earliest_confirmation(
                rules, self.t1.collected, record.contraception_start
            )
        self.opener = self._opener()
        self.last = None
        if self.opener is not None:
            self.last = last_pick_up(rules, Category.CAN, self.opener.collected)

    def timeline(self) -> RemsTimeline:
        state = self._state()
        action, on = self._next(state)
        return RemsTimeline(
            rules=self.rules.id,
            category=Category.CAN,
            state=state,
            steps=self._steps(state),
            last_pick_up=self.last,
            next_action=action,
            next_action_on=on,
        )

    def _opener(self) -> LabResult | None:
        """The negative test that opened the window of the fill to come."""
        return opening_test(self.rules, self.record)

    def _state(self) -> str:
        record = self.record
        newest = self.tests[-1] if self.tests else None
        if newest is not None and newest.value != NEGATIVE:
            return "PREGNANCY_HOLD"
        if not is_enrolled(record):
            return "NEW"
        if record.last_dose is not None:
            return self._after_course(record.last_dose)
        if record.failure_on is not None and (
            newest is None or newest.collected <= record.failure_on
        ):
            return "HOLD"
        if record.methods and self.pair:
            return "HOLD"
        if not self.started:
            if self.t1 is None:
                return "ENROLLED"
            if not record.methods or record.contraception_start is None:
                return "SCREENED"
        if self.opener is None:
            return "DISPENSED" if self.started else "CONTRACEPTION"
        if self.last is not None and self.rems_today > self.last:
            return "MISSED" if self.started else "MISSED_FIRST"
        qualified = since(record.confirmed_on, self.opener.collected) and since(
            record.questions_on, self.opener.collected
        )
        return "QUALIFIED" if qualified else "WINDOW_OPEN"

    def _after_course(self, last_dose: date) -> str:
        due = end_of_course(self.rules, last_dose).post_test_earliest
        done = any(t.collected >= due and t.value == NEGATIVE for t in self.tests)
        return "CLOSED" if done else "ENDED"

    def _steps(self, state: str) -> tuple[RemsStep, ...]:
        record = self.record
        stopped = state in ("HOLD", "PREGNANCY_HOLD")
        opened = None if self.opener is None or self.last is None else self.opener.collected
        window = None if opened is None or self.last is None else DateWindow(opened, self.last)
        t1_done = None if self.t1 is None else self.t1.collected
        steps = [
            step("enrol", "Enrolment and consent", enrolment_day(record), ready=True),
            step("T1", "First pregnancy test", t1_done, ready=is_enrolled(record)),
            step(
                "contraception",
                "Two methods of contraception",
                record.contraception_start if record.methods and not self.pair else None,
                ready=t1_done is not None,
                detail=_NOT_ACCEPTABLE if record.methods and self.pair else "",
            ),
        ]
        if self.started:
            steps = [passed(s) for s in steps[:2]] + steps[2:]
        steps.append(self._test_step())
        for id_, title, day in (
            ("confirm", "Prescriber confirms the month", record.confirmed_on),
            ("questions", "Patient answers the questions", record.questions_on),
        ):
            done = day if opened is not None and since(day, opened) else None
            ready = state in ("WINDOW_OPEN", "QUALIFIED")
            steps.append(step(id_, title, done, ready=ready, window=window))
        steps.append(step("pick_up", "Pick up", None, ready=state == "QUALIFIED", window=window))
        if record.last_dose is not None:
            steps.extend(self._end_steps(record.last_dose))
        if stopped:
            steps = [blocked(s) for s in steps]
        return tuple(steps)

    def _test_step(self) -> RemsStep:
        done = None if self.opener is None else self.opener.collected
        if self.started:
            window = monthly_window(self.rules, self.record)
            return step("monthly", "Monthly pregnancy test", done, ready=True, window=window)
        if self.earliest is None:
            return step("T2", "Second pregnancy test", done, ready=False)
        plan = confirmation(
            self.rules,
            self._not_before(self.earliest),
            self.record.menses_on,
            self.record.regular_menses,
            self.today,
        )
        ready = self.today >= plan.not_before and plan.kind != "wait_for_next_menses"
        return step(
            "T2",
            "Second pregnancy test",
            done,
            ready=ready,
            detail=_CYCLE[plan.kind],
            window=plan.window,
        )

    def _not_before(self, earliest: date) -> date:
        if self.opener is None or self.last is None or self.rems_today <= self.last:
            return earliest
        return max(
            earliest, next_test_after_missed(self.rules, self.opener.collected, first_fill=True).on
        )

    def _end_steps(self, last_dose: date) -> list[RemsStep]:
        end = end_of_course(self.rules, last_dose)
        after = [t.collected for t in self.tests if t.value == NEGATIVE]
        ended = next((d for d in after if end.end_test_due <= d < end.post_test_earliest), None)
        post = next((d for d in after if d >= end.post_test_earliest), None)
        return [
            step("end_test", "Test at the end of the course", ended, ready=True),
            step(
                "post_test",
                "Test one month after",
                post,
                ready=self.today >= end.post_test_earliest,
                window=DateWindow(
                    end.post_test_earliest,
                    add_days(end.post_test_earliest, self.rules.window_can_days - 1),
                ),
            ),
        ]

    def _next(self, state: str) -> tuple[NextAction, date | None]:
        today = self.today
        if state == "CONTRACEPTION" and self.earliest is not None:
            return "T2", max(self.earliest, today)
        if state in ("MISSED", "MISSED_FIRST") and self.opener is not None:
            after = next_test_after_missed(
                self.rules, self.opener.collected, first_fill=state == "MISSED_FIRST"
            )
            return ("T2" if state == "MISSED_FIRST" else "monthly"), max(after.on, today)
        if state == "DISPENSED":
            return "monthly", max(monthly_window(self.rules, self.record).first, today)
        if state == "ENDED" and self.record.last_dose is not None:
            return self._next_after_course(self.record.last_dose)
        if state == "QUALIFIED":
            return "pick_up", self.last
        if state == "WINDOW_OPEN" and self.opener is not None:
            done = since(self.record.confirmed_on, self.opener.collected)
            return ("questions" if done else "confirm"), today
        actions: dict[str, NextAction] = {
            "NEW": "enrol",
            "ENROLLED": "T1",
            "SCREENED": "contraception",
            "HOLD": "resolve_hold",
            "PREGNANCY_HOLD": "stop_and_report",
        }
        return actions.get(state, ""), today if state in actions else None

    def _next_after_course(self, last_dose: date) -> tuple[NextAction, date]:
        end = end_of_course(self.rules, last_dose)
        ended = any(t.collected >= last_dose and t.value == NEGATIVE for t in self.tests)
        if not ended and self.today < end.post_test_earliest:
            return "end_test", max(last_dose, self.today)
        return "post_test", max(end.post_test_earliest, self.today)


def _cannot(rules: RemsRules, record: RemsRecord, today: date) -> RemsTimeline:
    """The timeline of a patient who cannot get pregnant, or whose category is not set."""
    last: date | None = None
    action: NextAction
    if record.category is None or not is_enrolled(record):
        state, action = "NEW", "enrol"
    elif record.last_dose is not None:
        state, action = "ENDED", ""
    else:
        newest = max((s.on for s in record.supplies), default=None)
        anchor = record.visit_on
        fresh = anchor is not None and (newest is None or anchor > newest)
        confirmed = record.confirmed_on is not None
        if rules.monthly_counselling_cannot:
            confirmed = fresh and since(record.confirmed_on, anchor)
        if fresh and anchor is not None:
            last = last_pick_up(rules, Category.CANNOT, anchor)
        if last is not None and today > last:
            state, action = "MISSED", "visit"
        elif confirmed and (fresh or newest is None):
            state, action = "CONFIRMED", "pick_up"
        elif newest is not None and not fresh:
            state, action = "DISPENSED", "visit"
        else:
            state, action = "ENROLLED", "confirm"
    window = None
    if last is not None and record.visit_on is not None:
        window = DateWindow(record.visit_on, last)
    done = record.confirmed_on if state == "CONFIRMED" else None
    steps = (
        step("enrol", "Enrolment and consent", enrolment_day(record), ready=True),
        step("confirm", "Prescriber confirms", done, ready=is_enrolled(record), window=window),
        step("pick_up", "Pick up", None, ready=state == "CONFIRMED", window=window),
    )
    on = {"pick_up": last, "": None}.get(action, today)
    if state == "DISPENSED":
        on = max(today, add_days(supply_end(record), 1))
    return RemsTimeline(rules.id, record.category, state, steps, last, action, on)
