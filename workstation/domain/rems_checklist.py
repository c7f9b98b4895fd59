"""What has to stand on the REMS site, month by month: expected against what somebody confirmed.

A mirror for the prescriber's own entries. The pharmacy's authorisation is never among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from workstation.domain.contraception import ContraceptionLists, check_pair
from workstation.domain.dates import DateWindow, add_days
from workstation.domain.explain import Source
from workstation.domain.ids import UserId
from workstation.domain.rems_record import (
    NEGATIVE,
    RemsRecord,
    counts_before_start,
    enrolment_day,
    monthly_window,
    opening_test,
    pregnancy_tests,
    screening_test,
    since,
)
from workstation.domain.rems_windows import Category, RemsRules, end_of_course, last_pick_up
from workstation.domain.results import LabResult

START, MONTH, END, AFTER = "start", "month", "end", "after"
PHASES = (START, MONTH, END, AFTER)
WHO = ("prescriber", "patient")
CATEGORY, CONSENT, RESULT, COLLECTED, ANCHOR, METHODS, LAST_DOSE = VALUES = (
    "category",
    "consent",
    "result",
    "collected",
    "anchor",
    "methods",
    "last_dose",
)
PROOFS = ("enrolled", "confirmed", "questions")
CONFIRMED, AGAIN, OVERDUE, DUE, WAITING, PASSED = (
    "confirmed",
    "again",
    "overdue",
    "due",
    "waiting",
    "passed",
)
OPEN = frozenset({AGAIN, OVERDUE, DUE})

Value = str | date | tuple[str, ...]
Expected = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class EntryRule:
    """One entry the site asks for, from the content.

    ``values`` are what is copied, ``proof`` the answer on record that shows it was entered ("" for
    none), ``rule_sets`` the rule sets that ask for it (empty: all).
    """

    id: str
    title: str
    phase: str
    who: str
    categories: tuple[str, ...]
    rule_sets: tuple[str, ...]
    values: tuple[str, ...]
    proof: str
    source: Source


@dataclass(frozen=True, slots=True)
class ChecklistRules:
    """All entries in file order, and how days are written where they are copied to."""

    entries: tuple[EntryRule, ...]
    day_format: str


@dataclass(frozen=True, slots=True)
class RemsEntry:
    """Somebody confirms that an entry stands on the site: a draft item, undoable.

    ``row`` is the row's key, ``value`` what was expected when it was confirmed.
    """

    row: str
    on: date
    by: UserId
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of one month.

    ``state``: confirmed; again (what was confirmed is no longer what is expected); overdue; due;
    waiting (not yet, or something it rests on is missing); passed (a later supply proves it).
    ``window`` are the days in which it is entered. ``entry`` is the confirmation, also an old one;
    ``proved_on`` the day of an answer on record that counts instead.
    """

    key: str
    rule: EntryRule
    window: DateWindow | None
    expected: Expected
    state: str
    entry: RemsEntry | None
    proved_on: date | None

    @property
    def value(self) -> str:
        """What is expected, as one text to compare confirmations by."""
        return ";".join(f"{name}={_plain(value)}" for name, value in self.expected)

    @property
    def complete(self) -> bool:
        """Whether everything that has to be copied is known."""
        return len(self.expected) == len(self.rule.values)


@dataclass(frozen=True, slots=True)
class RemsMonth:
    """The entries of one supply; number 0 is the start, -1 what follows the last dose.

    ``anchor`` is the specimen or visit that opened the window, ``supplied_on`` the supply's day.
    """

    number: int
    rules: str
    anchor: date | None
    supplied_on: date | None
    rows: tuple[Row, ...]

    @property
    def open(self) -> tuple[Row, ...]:
        """Rows that somebody has to see to."""
        return tuple(row for row in self.rows if row.state in OPEN)


def checklist(
    content: ChecklistRules,
    in_force: Callable[[date], RemsRules],
    record: RemsRecord,
    lists: ContraceptionLists,
    entries: Mapping[str, RemsEntry],
    today: date,
) -> tuple[RemsMonth, ...]:
    """Every month of the course with its rows, the start first; none without a category.

    ``in_force`` gives the rule set of a cycle by its anchor day.
    """
    if record.category is None:
        return ()
    made = _Made(content, in_force, record, lists, entries, today)
    months = [made.start(), *(made.supplied(n) for n in range(1, len(made.supplies) + 1))]
    months.append(made.after() if record.last_dose is not None else made.to_come())
    return tuple(month for month in months if month.rows)


class _Made:
    """Makes the months of one patient."""

    def __init__(
        self,
        content: ChecklistRules,
        in_force: Callable[[date], RemsRules],
        record: RemsRecord,
        lists: ContraceptionLists,
        entries: Mapping[str, RemsEntry],
        today: date,
    ) -> None:
        self.content, self.in_force, self.record = content, in_force, record
        self.lists, self.entries, self.today = lists, entries, today
        self.supplies = sorted(record.supplies, key=lambda s: s.on)
        self.tests = pregnancy_tests(record.tests)
        self.can = record.category is Category.CAN
        self.enrolled = enrolment_day(record)
        self.paired = bool(record.methods) and not check_pair(record.methods, lists)

    def start(self) -> RemsMonth:
        """What is entered once, before the first supply."""
        first = screening_test(self.tests)
        begun = self.supplies[0].on if self.supplies else None
        rules = self.in_force(begun or self.enrolled or self.today)
        window = DateWindow(self.today, self.today)  # at once: no date binds it
        rows = tuple(
            self._row(rule, 0, window, first, past=begun is not None)
            for rule in self._asked(START, rules)
        )
        return RemsMonth(0, rules.id, None, begun, rows)

    def supplied(self, number: int) -> RemsMonth:
        """A month whose supply is on record."""
        on = self.supplies[number - 1].on
        before = self.supplies[number - 2].on if number > 1 else None
        test = self._test_between(before, on)
        anchor = on if not self.can else None if test is None else test.collected
        rules = self.in_force(anchor or on)
        window = None if anchor is None else DateWindow(anchor, on)
        rows = tuple(
            self._row(rule, number, window, test, anchor=anchor, past=True)
            for rule in self._asked(MONTH, rules)
        )
        return RemsMonth(number, rules.id, anchor, on, rows)

    def to_come(self) -> RemsMonth:
        """The month of the supply that is decided about now."""
        number = len(self.supplies) + 1
        test, anchor = self._opened()
        rules = self.in_force(anchor or self.today)
        window = self._window(rules, anchor)
        rows = []
        for rule in self._asked(MONTH, rules):
            ready = window
            if self.can and RESULT in rule.values:
                ready = self._test_window(rules, test) or window
            rows.append(self._row(rule, number, ready, test, anchor=anchor))
        return RemsMonth(number, rules.id, anchor, None, tuple(rows))

    def after(self) -> RemsMonth:
        """End of the course and the test one month after."""
        last = self.record.last_dose
        assert last is not None, "asked after a last dose only"
        rules = self.in_force(last)
        end = end_of_course(rules, last)
        week = rules.window_can_days - 1
        ended = self._first_test(end.end_test_due, end.post_test_earliest)
        post = self._first_test(end.post_test_earliest, None)
        windows = {
            END: DateWindow(end.end_test_due, add_days(end.end_test_due, week)),
            AFTER: DateWindow(end.post_test_earliest, add_days(end.post_test_earliest, week)),
        }
        tests = {END: ended, AFTER: post}
        rows = tuple(
            self._row(rule, -1, windows[phase], tests[phase])
            for phase in (END, AFTER)
            for rule in self._asked(phase, rules)
        )
        return RemsMonth(-1, rules.id, last, None, rows)

    # -- parts

    def _asked(self, phase: str, rules: RemsRules) -> tuple[EntryRule, ...]:
        category = self.record.category
        assert category is not None, "nothing is asked before a category"
        which = category.value
        return tuple(
            [
                rule
                for rule in self.content.entries
                if rule.phase == phase
                and which in rule.categories
                and (not rule.rule_sets or rules.id in rule.rule_sets)
            ]
        )

    def _row(
        self,
        rule: EntryRule,
        number: int,
        window: DateWindow | None,
        test: LabResult | None,
        *,
        anchor: date | None = None,
        past: bool = False,
    ) -> Row:
        key = f"{rule.id}:{number}"
        named = [(name, self._value(name, test, anchor)) for name in rule.values]
        expected = tuple([(name, value) for name, value in named if value is not None])
        entry = self.entries.get(key)
        proved = self._proof(rule, anchor) if not past or rule.phase == START else None
        if entry is None:
            complete = len(expected) == len(named)
            state = self._unentered(window, proved, complete=complete, past=past)
            return Row(key, rule, window, expected, state, None, proved)
        row = Row(key, rule, window, expected, WAITING, entry, proved)
        return replace(row, state=self._entered(row, entry, past))

    def _entered(self, row: Row, entry: RemsEntry, past: bool) -> str:
        if past:
            return CONFIRMED  # it was right then: methods and the like are those of now
        if row.complete:
            begun = None if row.rule.phase == START or row.window is None else row.window.first
            fresh = begun is None or entry.on >= begun
            if entry.value == row.value and fresh:
                return CONFIRMED
            return AGAIN if row.window is not None else WAITING
        return self._unentered(row.window, row.proved_on, complete=False, past=False)

    def _unentered(
        self, window: DateWindow | None, proved_on: date | None, *, complete: bool, past: bool
    ) -> str:
        """The state of a row that nobody confirmed, or not with all that has to be copied."""
        if proved_on is not None:
            return CONFIRMED
        if past:
            return PASSED
        if window is None or self.today < window.first:
            return WAITING
        if self.today > window.last:
            return OVERDUE
        return DUE if complete else WAITING

    def _proof(self, rule: EntryRule, anchor: date | None) -> date | None:
        if not rule.proof:
            return None
        record = self.record
        if rule.proof == "enrolled":
            return self.enrolled
        said = {"confirmed": record.confirmed_on, "questions": record.questions_on}
        day = said.get(rule.proof)
        return day if since(day, anchor) else None

    def _value(self, name: str, test: LabResult | None, anchor: date | None) -> Value | None:
        record = self.record
        match name:
            case "category":
                return None if record.category is None else record.category.value
            case "consent":
                return record.consent_on
            case "result":
                return None if test is None else str(test.value)
            case "collected":
                return None if test is None else test.collected
            case "anchor":
                return anchor
            case "methods":
                return record.methods if self.paired else None
            case _:
                return record.last_dose

    def _opened(self) -> tuple[LabResult | None, date | None]:
        """The test to enter for the supply to come, and the day that opened its window."""
        if not self.can:
            return None, self.record.visit_on
        rules = self.in_force(self.today)
        opener = opening_test(rules, self.record)
        newest = self.tests[-1] if self.tests else None
        before = self.supplies[-1].on if self.supplies else None
        fresh = newest is not None and (before is None or newest.collected > before)
        if fresh and newest is not None and newest.value != NEGATIVE:
            return newest, None
        return opener, None if opener is None else opener.collected

    def _window(self, rules: RemsRules, anchor: date | None) -> DateWindow | None:
        category = self.record.category
        if anchor is None or category is None:
            return None
        last = last_pick_up(rules, category, anchor)
        # Without a window nothing is late: the entry belongs to the visit.
        return DateWindow(anchor, max(self.today, anchor) if last is None else last)

    def _test_window(self, rules: RemsRules, test: LabResult | None) -> DateWindow | None:
        if test is not None and test.value != NEGATIVE:
            return DateWindow(test.collected, test.collected)  # reported the same day
        if test is None and self.supplies:
            return monthly_window(rules, self.record)
        return None

    def _test_between(self, before: date | None, on: date) -> LabResult | None:
        """The negative test that let a supply be picked up."""
        found = [
            test
            for test in self.tests
            if test.value == NEGATIVE
            and test.collected <= on
            and (before is None or test.collected > before)
            and (before is not None or counts_before_start(test))
        ]
        return found[-1] if found else None

    def _first_test(self, first: date, before: date | None) -> LabResult | None:
        found = (
            test
            for test in self.tests
            if test.collected >= first and (before is None or test.collected < before)
        )
        return next(found, None)


def _plain(value: Value) -> str:
    if isinstance(value, tuple):
        return "+".join(sorted(value))
    return value.isoformat() if isinstance(value, date) else value
