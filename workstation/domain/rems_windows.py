"""iPLEDGE REMS dates: category, test intervals, pick-up windows, missed windows, end of course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from workstation.domain.dates import DateWindow, add_days, add_months
from workstation.domain.explain import Source
from workstation.domain.results import TestSetting


class Category(Enum):
    """Can, or cannot, get pregnant; set by the prescriber, never inferred from name or photo."""

    CAN = "CGP"
    CANNOT = "CNGP"


@dataclass(frozen=True, slots=True)
class RemsRules:
    """One rule set with its numbers (days) from the content."""

    id: str
    edition: str
    window_can_days: int
    window_cannot_days: int | None
    t1_t2_days: int
    contraception_days: int
    first_fill_lockout_days: int | None
    monthly_counselling_cannot: bool
    post_test_days: int
    post_months: int
    breast_feeding_days: int
    menses_first_day: int
    menses_last_day: int
    source: Source
    title: str
    menopause_months: int
    sensitivity: int  # mIU/mL that a pregnancy test must detect
    closes_in: str = ""  # IANA time zone in which the last pick-up day ends; "" the clinic's own


@dataclass(frozen=True, slots=True)
class NextTest:
    """The next pregnancy test after a missed window: not before ``on``."""

    on: date
    medical_setting: bool


@dataclass(frozen=True, slots=True)
class Confirmation:
    """When the second test is to be taken.

    ``kind``: ``in_menses`` (inside ``window``), ``wait_for_next_menses``, ``before_start``
    (irregular or no bleeding: right before the start) or ``ask_menses``. Never before
    ``not_before``.
    """

    kind: str
    window: DateWindow | None
    not_before: date


@dataclass(frozen=True, slots=True)
class EndOfCourse:
    """Dates that follow from the last dose; "through" dates are inside."""

    end_test_due: date
    post_test_earliest: date
    contraception_through: date
    donation_through: date
    breast_feeding_through: date


def rules_in_force(
    older: RemsRules, newer: RemsRules, newer_from: date | None, anchor: date
) -> RemsRules:
    """The rule set of a cycle by its anchor date; the stricter older one while no date is set."""
    return newer if newer_from is not None and anchor >= newer_from else older


def category_of(
    *,
    rules: RemsRules,
    assigned_male_at_birth: bool | None,
    uterus: bool | None,
    ovaries: bool | None,
    months_since_last_menses: int | None,
    menopause_medically_confirmed: bool | None,
) -> Category | None:
    """The category that the recorded anatomy supports; None while an answer it needs is open.

    Only an aid: the prescriber sets the category. ``ovaries`` is True with at least one. Who has
    both can, whatever was assigned at birth.
    """
    male = bool(assigned_male_at_birth) and not uterus and not ovaries
    if male or uterus is False or ovaries is False:
        return Category.CANNOT
    months = months_since_last_menses
    if menopause_medically_confirmed and months is not None and months >= rules.menopause_months:
        return Category.CANNOT
    if uterus and ovaries:
        return Category.CAN
    return None


def last_pick_up(rules: RemsRules, category: Category, anchor: date) -> date | None:
    """Last day to pick up; the anchor (specimen, or office visit) is day 1. None: no window."""
    days = rules.window_can_days if category is Category.CAN else rules.window_cannot_days
    return None if days is None else add_days(anchor, days - 1)


def may_dispense(rules: RemsRules, category: Category, anchor: date, on: date) -> tuple[str, ...]:
    """``IPL-WINDOW`` when ``on`` lies outside the window that ``anchor`` opened."""
    last = last_pick_up(rules, category, anchor)
    inside = anchor <= on and (last is None or on <= last)
    return () if inside else ("IPL-WINDOW",)


def hours_left(last: date | None, today: date) -> int | None:
    """Whole hours from the start of ``today`` to the end of the last pick-up day; 0 when over."""
    if last is None or last < today:
        return None if last is None else 0
    return (last - today + timedelta(days=1)) // timedelta(hours=1)


def earliest_confirmation(
    rules: RemsRules, t1: date, contraception_start: date
) -> tuple[date, str]:
    """(first day for the second test, what binds it): the test interval or the contraception month.

    The reason reads ``19d_interval`` or ``30d_contraception`` with the rule set's own numbers.
    """
    by_test = add_days(t1, rules.t1_t2_days)
    by_methods = add_days(contraception_start, rules.contraception_days)
    if by_methods >= by_test:
        return by_methods, f"{rules.contraception_days}d_contraception"
    return by_test, f"{rules.t1_t2_days}d_interval"


def confirmation(
    rules: RemsRules,
    earliest: date,
    menses_on: date | None,
    regular: bool | None,
    today: date,
) -> Confirmation:
    """When the second test fits the cycle; ``menses_on`` is the first day of the last period."""
    if regular is False:
        return Confirmation("before_start", None, earliest)
    if regular is None or menses_on is None:
        return Confirmation("ask_menses", None, earliest)
    days = menses_window(rules, menses_on)
    if days.last < max(earliest, today):
        return Confirmation("wait_for_next_menses", None, earliest)
    return Confirmation("in_menses", DateWindow(max(days.first, earliest), days.last), earliest)


def menses_window(rules: RemsRules, menses_on: date) -> DateWindow:
    """Days of a period on which the second test belongs."""
    return DateWindow(
        add_days(menses_on, rules.menses_first_day - 1),
        add_days(menses_on, rules.menses_last_day - 1),
    )


def in_menses(rules: RemsRules, specimen: date, menses_on: date) -> bool:
    """Whether a specimen was taken on the right days of the period."""
    return specimen in menses_window(rules, menses_on)


def next_test_after_missed(rules: RemsRules, specimen: date, first_fill: bool) -> NextTest:
    """The next test when nothing was picked up inside the window that ``specimen`` opened."""
    next_day = add_days(specimen, rules.window_can_days)
    lockout = rules.first_fill_lockout_days
    if first_fill and lockout is not None:
        next_day = max(next_day, add_days(specimen, lockout))
    return NextTest(next_day, medical_setting=first_fill)


def check_setting(
    *,
    before_first_dose: bool,
    setting: TestSetting | None,
    prescriber_allows: bool | None,
    process_documented: bool | None,
) -> tuple[str, ...]:
    """Why a pregnancy test's setting is not accepted; an unknown setting counts as home.

    ``IPL-TEST-SETTING``: before the first dose only medical settings count, later the prescriber
    must allow home tests. ``IPL-TEST-PROCESS``: no documented process against misreading.
    """
    if setting is TestSetting.MEDICAL:
        return ()
    if before_first_dose or not prescriber_allows:
        return ("IPL-TEST-SETTING",)
    return () if process_documented else ("IPL-TEST-PROCESS",)


def end_of_course(rules: RemsRules, last_dose: date) -> EndOfCourse:
    """Dates after the last dose; a month is the later of its days and the calendar month."""
    post = add_days(last_dose, rules.post_test_days)
    through = max(post, add_months(last_dose, rules.post_months))
    return EndOfCourse(
        end_test_due=last_dose,
        post_test_earliest=post,
        contraception_through=through,
        donation_through=through,
        breast_feeding_through=add_days(last_dose, rules.breast_feeding_days),
    )
