"""REMS dates, windows, methods, and the state machine on both sides of every edge."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from engine_results import hcg
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain import rems
from workstation.domain.dates import DateWindow
from workstation.domain.rems import Category, RemsRecord, Supplied
from workstation.domain.results import TestSetting

D = date.fromisoformat
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@pytest.fixture(scope="session")
def old(content):
    return content.rems["RS-2021"]


@pytest.fixture(scope="session")
def new(content):
    return content.rems["RS-2026"]


@pytest.mark.parametrize(
    ("category", "anchor", "last"),
    [("CGP", "2026-02-06", "2026-02-12"), ("CGP", "2028-02-25", "2028-03-02"),
     ("CGP", "2027-02-25", "2027-03-03"), ("CGP", "2026-12-28", "2027-01-03"),
     ("CNGP", "2026-01-31", "2026-03-01"), ("CNGP", "2028-01-31", "2028-02-29")],
)  # fmt: skip
def test_last_pick_up(old, category, anchor, last):
    assert rems.last_pick_up(old, Category(category), D(anchor)) == D(last)


def test_the_new_rules_have_no_window_for_who_cannot(new, old):
    assert rems.last_pick_up(new, Category.CANNOT, D("2026-01-31")) is None
    assert rems.may_dispense(new, Category.CANNOT, D("2026-01-31"), D("2027-01-31")) == ()
    assert rems.last_pick_up(new, Category.CAN, D("2026-02-06")) == D("2026-02-12")
    assert (old.monthly_counselling_cannot, new.monthly_counselling_cannot) == (True, False)


def test_the_rule_sets_differ_only_where_the_change_says_so(old, new):
    changed = {f.name for f in fields(old) if getattr(old, f.name) != getattr(new, f.name)} - {
        "id",
        "title",
        "edition",
    }
    assert changed == {
        "window_cannot_days", "first_fill_lockout_days", "monthly_counselling_cannot",
    }  # fmt: skip
    assert old.sensitivity == 25


@given(DAYS, st.integers(-10, 40))
def test_dispensing_inside_the_window_only(old, anchor, shift):
    allowed = rems.may_dispense(old, Category.CAN, anchor, anchor + timedelta(shift)) == ()
    assert allowed == (0 <= shift <= 6)


def test_hours_left():
    assert rems.hours_left(D("2026-06-16"), D("2026-06-16")) == 24
    assert rems.hours_left(D("2026-06-16"), D("2026-06-15")) == 48
    assert rems.hours_left(D("2026-06-16"), D("2026-06-17")) == 0
    assert rems.hours_left(None, D("2026-06-17")) is None


@pytest.mark.parametrize(
    ("t1", "methods", "earliest", "because"),
    [("2026-01-05", "2026-01-06", "2026-02-05", "30d_contraception"),
     ("2026-03-20", "2026-01-01", "2026-04-08", "19d_interval"),
     ("2028-02-20", "2028-01-01", "2028-03-10", "19d_interval"),
     ("2026-01-12", "2026-01-01", "2026-01-31", "30d_contraception")],
)  # fmt: skip
def test_earliest_second_test(old, new, t1, methods, earliest, because):
    for rules in (old, new):
        assert rems.earliest_confirmation(rules, D(t1), D(methods)) == (D(earliest), because)


@given(DAYS, DAYS)
def test_the_second_test_never_comes_too_early(old, t1, methods):
    earliest, _ = rems.earliest_confirmation(old, t1, methods)
    assert earliest >= t1 + timedelta(19) and earliest >= methods + timedelta(30)


def test_missed_windows(old, new):
    specimen = D("2026-05-01")
    assert rems.next_test_after_missed(old, specimen, True) == rems.NextTest(D("2026-05-20"), True)
    assert rems.next_test_after_missed(new, specimen, True) == rems.NextTest(D("2026-05-08"), True)
    assert rems.next_test_after_missed(old, specimen, False) == rems.NextTest(
        D("2026-05-08"), False
    )


def test_a_lockout_shorter_than_the_window_does_not_open_it_again(old):
    short = replace(old, first_fill_lockout_days=3)
    again = rems.next_test_after_missed(short, D("2026-05-01"), True)
    assert again == rems.NextTest(D("2026-05-08"), True)


@given(DAYS, st.booleans())
def test_the_next_test_lies_after_the_window(old, new, specimen, first):
    for rules in (old, new):
        last = rems.last_pick_up(rules, Category.CAN, specimen)
        assert rems.next_test_after_missed(rules, specimen, first).on > last


@given(DAYS)
def test_after_the_last_dose_both_months_are_over(old, last):
    end = rems.end_of_course(old, last)
    assert end.end_test_due == last
    assert end.post_test_earliest == last + timedelta(30)
    assert end.contraception_through >= last + timedelta(30)
    assert end.contraception_through == end.donation_through
    assert end.breast_feeding_through == last + timedelta(8)


@pytest.mark.parametrize(
    ("last", "through"),
    [("2026-01-31", "2026-03-02"), ("2028-01-31", "2028-03-01"), ("2026-01-01", "2026-02-01"),
     ("2026-12-31", "2027-01-31"), ("2026-04-30", "2026-05-30")],
)  # fmt: skip
def test_a_month_after(old, last, through):
    assert rems.end_of_course(old, D(last)).contraception_through == D(through)


def test_menses_days(old):
    assert rems.menses_window(old, D("2026-02-27")) == DateWindow(D("2026-02-27"), D("2026-03-03"))
    assert rems.in_menses(old, D("2026-03-03"), D("2026-02-27"))
    assert not rems.in_menses(old, D("2026-03-04"), D("2026-02-27"))
    assert not rems.in_menses(old, D("2026-02-26"), D("2026-02-27"))


def test_when_the_second_test_fits_the_cycle(old):
    earliest, today = D("2026-02-05"), D("2026-02-04")
    plan = rems.confirmation(old, earliest, D("2026-02-04"), True, today)
    assert (plan.kind, plan.window) == ("in_menses", DateWindow(earliest, D("2026-02-08")))
    late = rems.confirmation(old, earliest, D("2026-01-31"), True, today)
    assert (late.kind, late.window) == ("wait_for_next_menses", None)
    edge = rems.confirmation(old, earliest, D("2026-02-01"), True, today)
    assert edge.window == DateWindow(earliest, earliest)
    over = rems.confirmation(old, earliest, D("2026-02-04"), True, D("2026-02-09"))
    assert over.kind == "wait_for_next_menses"
    assert rems.confirmation(old, earliest, None, False, today).kind == "before_start"
    assert rems.confirmation(old, earliest, None, True, today).kind == "ask_menses"
    assert rems.confirmation(old, earliest, D("2026-02-04"), None, today).kind == "ask_menses"


@pytest.mark.parametrize(
    ("methods", "codes", "notes"),
    [(("copper_IUD", "male_condom"), (), ()),
     (("combined_pill", "vaginal_sponge"), (), ()),
     (("progestin_only_pill", "male_condom"), ("CON-NO-PRIMARY", "CON-UNACCEPTABLE"), ()),
     (("combined_pill", "withdrawal"), ("CON-UNACCEPTABLE",), ()),
     (("combined_pill", "male_condom", "withdrawal"), (), ("CON-UNACCEPTABLE",)),
     (("patch", "patch"), ("CON-DUP",), ()),
     (("patch", "ring"), (), ("CON-TWO-PRIMARY",)),
     (("implant",), ("CON-ONE-ONLY",), ()),
     (("male_condom",), ("CON-ONE-ONLY", "CON-NO-PRIMARY"), ()),
     ((), ("CON-ONE-ONLY", "CON-NO-PRIMARY"), ()),
     (("abstinence",), (), ()), (("abstinence", "withdrawal"), (), ("CON-UNACCEPTABLE",)),
     (("combined_pill", "hope"), ("CON-UNACCEPTABLE",), ())],
)  # fmt: skip
def test_pairs(content, methods, codes, notes):
    assert rems.check_pair(methods, content.contraception) == codes
    assert rems.pair_notes(methods, content.contraception) == notes


def test_lists(content):
    def kind(name):
        return [m.id for m in content.contraception.of_kind(name)]

    assert kind("primary") == [
        "tubal_sterilization", "partner_vasectomy", "hormonal_IUD", "copper_IUD", "combined_pill",
        "patch", "ring", "implant", "injection",
    ]  # fmt: skip
    assert len(kind("secondary")) == 4 and len(kind("never")) == 6
    hormonal = [m.id for m in content.contraception.methods if m.hormonal]
    assert hormonal == [
        "hormonal_IUD", "combined_pill", "patch", "ring", "implant", "injection",
        "progestin_only_pill",
    ]  # fmt: skip
    assert not rems.uses_hormones(("copper_IUD", "male_condom"), content.contraception)
    assert rems.uses_hormones(("copper_IUD", "unheard_of"), content.contraception)


def category(rules, **known):
    given = {
        "assigned_male_at_birth": False, "uterus": True, "ovaries": True,
        "months_since_last_menses": 1, "menopause_medically_confirmed": False,
    } | known  # fmt: skip
    return rems.category_of(rules=rules, **given)


def test_category(old):
    assert category(old) is Category.CAN
    male = {"assigned_male_at_birth": True}
    assert category(old, **male, uterus=None, ovaries=None) is Category.CANNOT
    assert category(old, **male, uterus=True, ovaries=False) is Category.CANNOT
    assert category(old, **male) is Category.CAN  # anyone with both, whatever was assigned
    assert category(old, **male, uterus=True, ovaries=None) is None
    assert category(old, uterus=False) is Category.CANNOT
    assert category(old, ovaries=False) is Category.CANNOT
    over = {"months_since_last_menses": 12, "menopause_medically_confirmed": True}
    assert category(old, **over) is Category.CANNOT
    assert category(old, **(over | {"months_since_last_menses": 11})) is Category.CAN
    assert category(old, **(over | {"menopause_medically_confirmed": False})) is Category.CAN
    assert category(old, uterus=None) is None


def test_test_settings():
    def codes(before, setting, allows=None, process=None):
        return rems.check_setting(
            before_first_dose=before, setting=setting, prescriber_allows=allows,
            process_documented=process,
        )  # fmt: skip

    assert codes(True, TestSetting.MEDICAL) == ()
    assert codes(True, TestSetting.HOME, True, True) == ("IPL-TEST-SETTING",)
    assert codes(True, None, True, True) == ("IPL-TEST-SETTING",)
    assert codes(False, TestSetting.HOME, True, True) == ()
    assert codes(False, TestSetting.HOME, True, None) == ("IPL-TEST-PROCESS",)
    assert codes(False, TestSetting.HOME, None, True) == ("IPL-TEST-SETTING",)


def test_rule_set_by_the_anchor(content):
    assert content.rems_on(D("2026-09-01"), None).id == "RS-2021"
    assert content.rems_on(D("2026-08-08"), D("2026-08-08")).id == "RS-2026"
    assert content.rems_on(D("2026-08-07"), D("2026-08-08")).id == "RS-2021"


BARE = RemsRecord(
    Category.CAN, None, None, None, (), None, (), None, None, None, None, (), None, None, None
)
ENROLLED = replace(
    BARE, prescriber_certified=True, enrolled_on=D("2026-01-04"), consent_on=D("2026-01-05")
)
SCREENED = replace(ENROLLED, tests=(hcg("2026-01-05", "T1"),))
METHODS = replace(
    SCREENED, methods=("hormonal_IUD", "male_condom"), contraception_start=D("2026-01-06"),
    regular_menses=True, menses_on=D("2026-02-05"),
)  # fmt: skip
TESTED = replace(METHODS, tests=(*METHODS.tests, hcg("2026-02-06", "T2")))
QUALIFIED = replace(TESTED, confirmed_on=D("2026-02-06"), questions_on=D("2026-02-07"))
TAKING = replace(QUALIFIED, supplies=(Supplied(D("2026-02-10"), 30),))


def place(content, record, today, rules="RS-2021"):
    return rems.timeline(content.rems[rules], record, content.contraception, D(today))


@pytest.mark.parametrize(
    ("record", "today", "state", "action", "on"),
    [(BARE, "2026-01-04", "NEW", "enrol", "2026-01-04"),
     (ENROLLED, "2026-01-05", "ENROLLED", "T1", "2026-01-05"),
     (SCREENED, "2026-01-05", "SCREENED", "contraception", "2026-01-05"),
     (METHODS, "2026-01-10", "CONTRACEPTION", "T2", "2026-02-05"),
     (TESTED, "2026-02-06", "WINDOW_OPEN", "confirm", "2026-02-06"),
     (replace(TESTED, confirmed_on=D("2026-02-06")), "2026-02-07", "WINDOW_OPEN", "questions",
      "2026-02-07"),
     (QUALIFIED, "2026-02-12", "QUALIFIED", "pick_up", "2026-02-12"),
     (QUALIFIED, "2026-02-13", "MISSED_FIRST", "T2", "2026-02-25"),
     (TAKING, "2026-02-20", "DISPENSED", "monthly", "2026-03-06"),
     (replace(TAKING, tests=(*TAKING.tests, hcg("2026-03-09", "monthly"))), "2026-03-10",
      "WINDOW_OPEN", "confirm", "2026-03-10"),
     (replace(TAKING, tests=(*TAKING.tests, hcg("2026-03-09", "monthly"))), "2026-03-16",
      "MISSED", "monthly", "2026-03-16"),
     (replace(TAKING, last_dose=D("2026-03-11")), "2026-03-11", "ENDED", "end_test",
      "2026-03-11"),
     (replace(TAKING, last_dose=D("2026-03-11"), tests=(*TAKING.tests, hcg("2026-03-11"))),
      "2026-03-12", "ENDED", "post_test", "2026-04-10"),
     (replace(TAKING, last_dose=D("2026-03-11"), tests=(*TAKING.tests, hcg("2026-04-09"))),
      "2026-04-12", "ENDED", "post_test", "2026-04-12"),
     (replace(TAKING, last_dose=D("2026-03-11"), tests=(*TAKING.tests, hcg("2026-04-10"))),
      "2026-04-12", "CLOSED", "", None),
     (replace(TAKING, tests=(*TAKING.tests, hcg("2026-02-20", value="positive"))), "2026-02-20",
      "PREGNANCY_HOLD", "stop_and_report", "2026-02-20"),
     (replace(TAKING, tests=(*TAKING.tests, hcg("2026-02-20", value="equivocal"))), "2026-02-20",
      "PREGNANCY_HOLD", "stop_and_report", "2026-02-20"),
     (replace(TAKING, failure_on=D("2026-02-15")), "2026-02-20", "HOLD", "resolve_hold",
      "2026-02-20"),
     (replace(TAKING, methods=("male_condom",)), "2026-02-20", "HOLD", "resolve_hold",
      "2026-02-20")],
)  # fmt: skip
def test_states_of_who_can(content, record, today, state, action, on):
    found = place(content, record, today)
    assert (found.state, found.next_action) == (state, action)
    assert found.next_action_on == (None if on is None else D(on))


def test_the_worked_example(content):
    found = place(content, QUALIFIED, "2026-02-10")
    assert found.last_pick_up == D("2026-02-12")
    states = {s.id: s.state for s in found.steps}
    assert states == dict.fromkeys(
        ("enrol", "T1", "contraception", "T2", "confirm", "questions"), "done"
    ) | {"pick_up": "due"}
    window = next(s.window for s in found.steps if s.id == "pick_up")
    assert window == DateWindow(D("2026-02-06"), D("2026-02-12"))


def test_first_tests_count_only_in_a_medical_setting(content):
    home = replace(ENROLLED, tests=(hcg("2026-01-05", "T1", setting=TestSetting.HOME),))
    assert place(content, home, "2026-01-06").state == "ENROLLED"
    unknown = replace(ENROLLED, tests=(hcg("2026-01-05", "T1", setting=None),))
    assert place(content, unknown, "2026-01-06").state == "ENROLLED"


def test_a_second_test_that_came_early_does_not_count(content):
    early = replace(METHODS, tests=(*METHODS.tests, hcg("2026-02-04", "T2")))
    assert place(content, early, "2026-02-05").state == "CONTRACEPTION"


def test_lock_out_after_a_missed_first_window(content):
    again = replace(TESTED, tests=(*TESTED.tests, hcg("2026-02-24", "T2")))
    assert place(content, again, "2026-02-24").state == "MISSED_FIRST"
    assert place(content, again, "2026-02-24", "RS-2026").state == "WINDOW_OPEN"
    late = replace(TESTED, tests=(*TESTED.tests, hcg("2026-02-25", "T2")))
    assert place(content, late, "2026-02-25").last_pick_up == D("2026-03-03")


def test_a_missed_first_window_moves_the_days_for_the_next_second_test(content):
    missed = replace(TESTED, menses_on=D("2026-02-24"))

    def days(record, today, rules="RS-2021"):
        steps = place(content, record, today, rules).steps
        return next(step for step in steps if step.id == "T2").window

    assert days(missed, "2026-02-24") == DateWindow(D("2026-02-25"), D("2026-02-28"))
    assert days(missed, "2026-02-24", "RS-2026") == DateWindow(D("2026-02-24"), D("2026-02-28"))
    assert days(TESTED, "2026-02-08") == DateWindow(D("2026-02-05"), D("2026-02-09"))


def test_a_test_inside_an_open_window_does_not_move_it(content):
    again = replace(TESTED, tests=(*TESTED.tests, hcg("2026-02-12", "T2")))
    assert place(content, again, "2026-02-12").last_pick_up == D("2026-02-12")


def test_old_confirmations_do_not_qualify_a_new_window(content):
    again = replace(TAKING, tests=(*TAKING.tests, hcg("2026-03-09", "monthly")))
    found = place(content, again, "2026-03-10")
    assert {s.id: s.state for s in found.steps}["confirm"] == "due"


def test_held_steps_are_blocked(content):
    found = place(content, replace(TAKING, failure_on=D("2026-02-15")), "2026-02-20")
    assert {s.state for s in found.steps} <= {"done", "blocked"}


CANNOT = replace(ENROLLED, category=Category.CANNOT)


@pytest.mark.parametrize(
    ("record", "rules", "today", "state", "last"),
    [(replace(BARE, category=None), "RS-2021", "2026-01-31", "NEW", None),
     (replace(ENROLLED, category=None), "RS-2021", "2026-01-31", "NEW", None),
     (CANNOT, "RS-2021", "2026-01-31", "ENROLLED", None),
     (replace(CANNOT, visit_on=D("2026-01-31")), "RS-2021", "2026-01-31", "ENROLLED", "2026-03-01"),
     (replace(CANNOT, visit_on=D("2026-01-31"), confirmed_on=D("2026-01-31")), "RS-2021",
      "2026-03-01", "CONFIRMED", "2026-03-01"),
     (replace(CANNOT, visit_on=D("2026-01-31"), confirmed_on=D("2026-01-31")), "RS-2021",
      "2026-03-02", "MISSED", "2026-03-01"),
     (replace(CANNOT, visit_on=D("2026-01-31"), confirmed_on=D("2026-01-31")), "RS-2026",
      "2026-05-02", "CONFIRMED", None),
     (replace(CANNOT, visit_on=D("2026-01-31"), confirmed_on=D("2026-01-31"),
              supplies=(Supplied(D("2026-02-01"), 30),)), "RS-2021", "2026-02-10", "DISPENSED",
      None),
     (replace(CANNOT, visit_on=D("2026-03-01"), confirmed_on=D("2026-01-31"),
              supplies=(Supplied(D("2026-02-01"), 30),)), "RS-2021", "2026-03-01", "ENROLLED",
      "2026-03-30"),
     (replace(CANNOT, visit_on=D("2026-03-01"), confirmed_on=D("2026-01-31"),
              supplies=(Supplied(D("2026-02-01"), 30),)), "RS-2026", "2026-03-01", "CONFIRMED",
      None),
     (replace(CANNOT, last_dose=D("2026-03-01")), "RS-2021", "2026-03-01", "ENDED", None)],
)  # fmt: skip
def test_states_of_who_cannot(content, record, rules, today, state, last):
    found = place(content, record, today, rules)
    assert found.state == state
    assert found.last_pick_up == (None if last is None else D(last))


@given(DAYS, st.integers(0, 80))
def test_windows_never_run_backwards(content, day, later):
    shift = (day - D("2026-01-05")).days

    def moved(text):
        return (D(text) + timedelta(shift)).isoformat()

    record = replace(
        METHODS, enrolled_on=D(moved("2026-01-04")), consent_on=D(moved("2026-01-05")),
        contraception_start=D(moved("2026-01-06")), menses_on=D(moved("2026-02-05")),
        tests=(hcg(moved("2026-01-05"), "T1"), hcg(moved("2026-02-06"), "T2")),
    )  # fmt: skip
    found = place(content, record, (day + timedelta(later)).isoformat())
    for step in found.steps:
        assert step.window is None or step.window.days >= 1
    if found.next_action_on is not None and found.next_action != "pick_up":
        assert found.next_action_on >= day + timedelta(later)
