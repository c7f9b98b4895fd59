"""The work-up: what is ordered, who still has to do what, and when the second test can be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workstation.content.catalogue import Catalogue
from workstation.domain.consultation import Consultation
from workstation.domain.dates import DateWindow, add_days
from workstation.domain.facts import Facts
from workstation.domain.monitoring import MonitoringPlan
from workstation.domain.rems_windows import RemsRules
from workstation.domain.work_up import WorkUp, WorkUpStep
from workstation.language import noted, of_content, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters.controls import ControlState, askable, fact_field
from workstation.workflow.appraisal import Appraisal

NO_BRIDGE = ("", noted("None"), noted("plan alone"))
ALLOWED, REFUSED, POINT, BAND, PLAIN = "allowed", "refused", "point", "band", "plain"


@dataclass(frozen=True, slots=True)
class OrderState:
    """One test of the lab order; ``done`` ones are on file already."""

    title: str
    detail: str
    done: bool


@dataclass(frozen=True, slots=True)
class StepState:
    """One line of the enrolment and consent list; ``control`` records it in place."""

    id: str
    title: str
    detail: str
    done: bool
    control: ControlState | None


@dataclass(frozen=True, slots=True)
class BarState:
    """One bar of the chart. ``look``: point (with a dashed line), band, plain, refused, allowed.

    ``window`` None: the row says ``text`` alone.
    """

    title: str
    look: str
    window: DateWindow | None
    text: str


@dataclass(frozen=True, slots=True)
class SecondTestState:
    """The earliest second pregnancy test: the day, its rule, and the bars that lead to it."""

    day: date
    shown: str
    because: str
    assumed: str
    first: date
    last: date
    today: date
    bars: tuple[BarState, ...]


@dataclass(frozen=True, slots=True)
class WorkUpState:
    """Everything the work-up shows beside the safety panel."""

    orders: tuple[OrderState, ...]
    steps: tuple[StepState, ...]
    progress: str
    second: SecondTestState | None
    returns: str
    bridges: tuple[tuple[str, str, str], ...]
    bridge: str


def panel(
    appraisal: Appraisal, consultation: Consultation, catalogue: Catalogue, today: date
) -> WorkUpState | None:
    """The work-up of an appraisal; None while another decision is chosen."""
    work_up = appraisal.work_up
    if work_up is None:
        return None
    steps = tuple(_step(step, catalogue, appraisal.facts) for step in work_up.enrolment)
    done = sum(step.done for step in steps)
    rules = catalogue.rems.get(appraisal.rems.rules) if appraisal.rems is not None else None
    return WorkUpState(
        orders=_orders(appraisal.plan, catalogue),
        steps=steps,
        progress=tr("{done} of {steps}", done=done, steps=len(steps)),
        second=_second(work_up, consultation, rules, today),
        returns=tr("Returns {day} or with results", day=words.day(work_up.return_on)),
        bridges=(
            *(
                (b.medicine, of_content(b.title), of_content(b.note))
                for b in catalogue.plan_rules.bridges
            ),
            (NO_BRIDGE[0], tr(NO_BRIDGE[1]), tr(NO_BRIDGE[2])),
        ),
        bridge=(appraisal.decision.bridge or "") if appraisal.decision is not None else "",
    )


def _orders(plan: MonitoringPlan | None, catalogue: Catalogue) -> tuple[OrderState, ...]:
    rows = []
    for test in plan.tests if plan is not None else ():
        known = catalogue.tests.get(test.test)
        if known is None:
            continue
        done = test.state == "done"
        when = (
            tr("on file, {day}", day=words.day(test.due))
            if done
            else tr("draw {window}", window=words.window(test.window))
        )
        fasting = tr(", fasting") if known.fasting and not done else ""
        rows.append(
            OrderState(
                words.planned(test, catalogue), f"{known.loinc} \u00b7 {when}{fasting}", done
            )
        )
    return tuple(rows)


def _step(step: WorkUpStep, catalogue: Catalogue, facts: Facts) -> StepState:
    row = next((row for row in catalogue.plan_rules.enrolment if row.id == step.id), None)
    names = askable(row.fact, catalogue) if row is not None else ()
    fields = tuple(fact_field(catalogue.facts[name]) for name in names)
    fact = facts.get(row.fact) if row is not None else None
    detail = tr("by the {who}", who=of_content(step.who))
    if step.done and fact is not None:
        detail = f"{words.source_of(fact)}, {words.day(fact.as_of)}"
    control = ControlState("answer", names, fields) if fields and not step.done else None
    return StepState(step.id, of_content(step.title), detail, step.done, control)


def _second(
    work_up: WorkUp, consultation: Consultation, rules: RemsRules | None, today: date
) -> SecondTestState | None:
    earliest, begins = work_up.earliest_second_test, work_up.contraception_start
    if earliest is None or begins is None or rules is None:
        return None
    first = _first_test(work_up, consultation, today)
    allowed = _allowed(work_up, earliest)
    capsule = None
    if allowed is not None:
        capsule = DateWindow(allowed.first, add_days(allowed.last, rules.window_can_days - 1))
    start = min(first, begins, today)
    last = capsule.last if capsule is not None else add_days(earliest, rules.window_can_days)
    end = add_days(last, max(2, (last - start).days // 16))
    bars = [
        *_waiting_bars(rules, first, begins, end),
        _menses(work_up, rules, allowed),
        BarState(
            tr("Second test (T2)"),
            REFUSED,
            DateWindow(min(today, earliest), earliest),
            tr("too early: not accepted"),
        ),
    ]
    if allowed is not None:
        text = (
            tr("from {short_day}", short_day=words.short_day(earliest))
            if _before_start(work_up)
            else _days(allowed)
        )
        bars.append(BarState("", ALLOWED, allowed, text))
    bars.append(
        BarState(
            tr("First capsule possible"),
            PLAIN,
            capsule,
            tr("within {window_can_days} days of T2", window_can_days=rules.window_can_days),
        )
    )
    assumed = ""
    if work_up.contraception_assumed:
        assumed = tr("Two methods are taken to start today. Record the real start.")
    return SecondTestState(
        day=earliest,
        shown=words.day(earliest),
        because=_because(rules, first, begins),
        assumed=assumed,
        first=start,
        last=end,
        today=today,
        bars=tuple(bars),
    )


def _before_start(work_up: WorkUp) -> bool:
    return work_up.second_test is not None and work_up.second_test.kind == "before_start"


def _allowed(work_up: WorkUp, earliest: date) -> DateWindow | None:
    """When the second test may be taken; None while that is not known."""
    if _before_start(work_up):
        return DateWindow(earliest, earliest)
    return work_up.second_test.window if work_up.second_test is not None else None


def _waiting_bars(
    rules: RemsRules, first: date, begins: date, end: date
) -> tuple[BarState, BarState]:
    """What the second test waits for: days after the first one, and a month on two methods."""
    by_test = add_days(first, rules.t1_t2_days)
    by_methods = add_days(begins, rules.contraception_days)
    return (
        BarState(
            tr("First test (T1)"),
            POINT,
            DateWindow(first, by_test),
            tr(
                "{t1_t2_days} days, to {short_day}",
                t1_t2_days=rules.t1_t2_days,
                short_day=words.short_day(by_test),
            ),
        ),
        BarState(
            tr("Two methods"),
            BAND,
            DateWindow(begins, end),
            tr(
                "from {start}, one month ends {end}",
                start=words.short_day(begins),
                end=words.short_day(by_methods),
            ),
        ),
    )


def _because(rules: RemsRules, first: date, begins: date) -> str:
    """The rule of the earliest day, and which half of it decides here."""
    by_test = add_days(first, rules.t1_t2_days)
    by_methods = add_days(begins, rules.contraception_days)
    binding = (
        tr(
            "one month on two methods ({contraception_days} days)",
            contraception_days=rules.contraception_days,
        )
        if by_methods >= by_test
        else tr("{t1_t2_days} days after the first test", t1_t2_days=rules.t1_t2_days)
    )
    return tr(
        "the later of T1 and {t1_t2_days} days, and two methods and {contraception_days} days; here: {binding}",
        t1_t2_days=rules.t1_t2_days,
        contraception_days=rules.contraception_days,
        binding=binding,
    )


def _menses(work_up: WorkUp, rules: RemsRules, allowed: DateWindow | None) -> BarState:
    title = tr(
        "Next period, days {menses_first_day} to {menses_last_day}",
        menses_first_day=rules.menses_first_day,
        menses_last_day=rules.menses_last_day,
    )
    second = work_up.second_test
    kind = second.kind if second is not None else ""
    if kind in ("in_menses", "wait_for_next_menses") and allowed is not None:
        return BarState(title, PLAIN, allowed, _days(allowed))
    said = {
        "ask_menses": tr("ask when the last period started and whether it is regular"),
        "before_start": tr("not regular: the test is taken right before the start"),
        "wait_for_next_menses": tr("wait for the next period after that day"),
    }
    return BarState(title, PLAIN, None, said.get(kind, ""))


def _first_test(work_up: WorkUp, consultation: Consultation, today: date) -> date:
    found = next((test for test in work_up.tests if test.role == "T1"), None)
    if found is None or found.result is None:
        return today
    days = {result.id: result.collected for result in consultation.results}
    return days.get(found.result, today)


def _days(window: DateWindow) -> str:
    if window.first == window.last:
        return words.short_day(window.first)
    if window.first.month == window.last.month:
        return f"{window.first.day:02d}\u2013{words.short_day(window.last)}"
    return tr(
        "{first} to {last}",
        first=words.short_day(window.first),
        last=words.short_day(window.last),
    )
