"""The rule language: Kleene's laws, dates and units, and everything it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.safety.answers import answer, shipped
from workstation.content.conditions import _LONGEST, compile_condition
from workstation.domain.conditions import Condition, Truth, sieve
from workstation.domain.errors import ContentError
from workstation.domain.facts import Facts

A, B, C = "lactation.now", "pregnancy.now", "donation.blood"
NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES
RANK = {NO: 0, UNKNOWN: 1, YES: 2}


def fault(code: str) -> ContentError:
    return ContentError(code, file="made.toml", line=7)


def condition(text: str) -> Condition:
    return compile_condition(text, shipped().registry, fault)


def decide(text: str, **values) -> Truth:
    facts = Facts(answer(n.replace("__", "."), v) for n, v in values.items())
    return condition(text).decide(facts)


truths = st.sampled_from([NO, UNKNOWN, YES])


def facts_for(*values: Truth) -> Facts:
    names = (A, B, C)
    known = [(n, v) for n, v in zip(names, values, strict=False) if v is not UNKNOWN]
    return Facts(answer(n, v is YES) for n, v in known)


LEAVES = st.sampled_from([A, B, C])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=8,
)


def written(tree) -> str:
    if isinstance(tree, str):
        return tree
    if tree[0] == "not":
        return f"(not {written(tree[1])})"
    return f"({written(tree[1])} {tree[0]} {written(tree[2])})"


def kleene(tree, values: dict[str, Truth]) -> Truth:
    if isinstance(tree, str):
        return values[tree]
    if tree[0] == "not":
        return {NO: YES, YES: NO, UNKNOWN: UNKNOWN}[kleene(tree[1], values)]
    pick = min if tree[0] == "and" else max
    return pick((kleene(tree[1], values), kleene(tree[2], values)), key=RANK.__getitem__)


@given(TREES, truths, truths, truths)
def test_every_tree_follows_kleene(tree, a, b, c) -> None:
    expected = kleene(tree, {A: a, B: b, C: c})
    assert condition(written(tree)).decide(facts_for(a, b, c)) is expected


@given(TREES, truths, truths, truths, st.booleans())
def test_an_answer_never_overturns_a_verdict(tree, a, b, c, told) -> None:
    """What is decided while an answer is missing stays decided when it comes."""
    before = condition(written(tree)).decide(facts_for(a, b, c))
    later = [(YES if told else NO) if v is UNKNOWN else v for v in (a, b, c)]
    after = condition(written(tree)).decide(facts_for(*later))
    assert before is UNKNOWN or after is before


@given(truths, truths)
def test_de_morgan(a, b) -> None:
    facts = facts_for(a, b)
    left = condition(f"not ({A} and {B})").decide(facts)
    assert left is condition(f"not {A} or not {B}").decide(facts)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("patient.age < years(12)", {"patient__age": 11}, YES),
        ("patient.age < years(12)", {"patient__age": 12}, NO),
        ("patient.age < years(12)", {}, UNKNOWN),
        ("alcohol.most > drinks(1)", {"alcohol__most": Decimal("1.5")}, YES),
        ("alcohol.most <= drinks(1.5)", {"alcohol__most": Decimal("1.5")}, YES),
        ("'soy' in allergies.known", {"allergies__known": ("soy",)}, YES),
        ("'soy' not in allergies.known", {"allergies__known": ()}, YES),
        ("'soy' in allergies.known", {}, UNKNOWN),
        ("medicines.now & ['warfarin', 'digoxin']", {"medicines__now": ("digoxin",)}, YES),
        ("medicines.now & ['warfarin', 'digoxin']", {"medicines__now": ()}, NO),
        ("severity.grade in ['severe', 'mild']", {"severity__grade": "mild"}, YES),
        ("severity.grade not in ['severe']", {}, UNKNOWN),
        ("known(consent.patient_on)", {}, NO),
        ("not known(consent.patient_on)", {}, YES),
        ("known(consent.patient_on)", {"consent__patient_on": date(2026, 1, 1)}, YES),
        (
            "course.last_dose + months(2) <= visit.today",
            {"course__last_dose": date(2026, 1, 15), "visit__today": date(2026, 3, 15)},
            YES,
        ),
        (
            "course.last_dose + months(1) <= visit.today",
            {"course__last_dose": date(2026, 1, 31), "visit__today": date(2026, 2, 28)},
            YES,
        ),
        (
            "visit.today - course.last_dose > days(35)",
            {"course__last_dose": date(2026, 1, 1), "visit__today": date(2026, 2, 5)},
            NO,
        ),
        (
            "visit.today - days(35) > course.last_dose",
            {"course__last_dose": date(2026, 1, 1), "visit__today": date(2026, 2, 6)},
            YES,
        ),
        (
            "dose.excipients_read == dose.product",
            {"dose__excipients_read": "claravis", "dose__product": "claravis"},
            YES,
        ),
    ],
)
def test_values(text, values, expected) -> None:
    assert decide(text, **values) is expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("patient.age <", "content.condition.syntax"),
        ("", "content.condition.syntax"),
        ("x" * 3000, "content.condition.syntax"),
        ("pregnancy", "content.condition.name"),
        ("today > visit.today", "content.condition.name"),
        ("pregnancy.unheard_of", "content.fact.unknown"),
        ("__import__('os').system('true')", "content.condition.call"),
        ("open(pregnancy.now)", "content.condition.call"),
        ("known()", "content.condition.call"),
        ("known(pregnancy.now, lactation.now)", "content.condition.call"),
        ("known(fact=pregnancy.now)", "content.condition.call"),
        ("any(x for x in [1])", "content.condition.call"),
        ("[x for x in [1]]", "content.condition.construct"),
        ("lambda: True", "content.condition.construct"),
        ("True", "content.condition.construct"),
        ("pregnancy.now == True", "content.condition.kind"),
        ("patient.age < 12", "content.condition.unit"),
        ("patient.age < days(12)", "content.condition.unit"),
        ("patient.age < kg(12)", "content.condition.unit"),
        ("patient.age < years('12')", "content.condition.unit"),
        ("patient.age < years(patient.age)", "content.condition.unit"),
        ("patient.age < parsecs(12)", "content.condition.call"),
        ("visit.today - course.last_dose > 35", "content.condition.unit"),
        ("visit.today + patient.age > course.last_dose", "content.condition.kind"),
        ("visit.today + days(1.5) > course.last_dose", "content.condition.unit"),
        ("years(1) < years(2)", "content.condition.construct"),
        ("1 < patient.age < 5", "content.condition.construct"),
        ("patient.age", "content.condition.kind"),
        ("severity.grade < 'severe'", "content.condition.kind"),
        ("severity.grade == 'sever'", "content.condition.choice"),
        ("severity.grade in ['severe', 'worst']", "content.condition.choice"),
        ("'worst' in allergies.known", "content.condition.choice"),
        ("'soy' in severity.grade", "content.condition.kind"),
        ("medicines.now & ['unknown_pill']", "content.condition.choice"),
        ("medicines.now & []", "content.condition.construct"),
        ("medicines.now | ['warfarin']", "content.condition.construct"),
        ("severity.grade in patient.age", "content.condition.construct"),
        ("pregnancy.now if lactation.now else donation.blood", "content.condition.construct"),
        ("pregnancy.now is True", "content.condition.construct"),
        ("(pregnancy.now).__class__", "content.fact.unknown"),
        ("f'{pregnancy.now}'", "content.condition.construct"),
        ("pregnancy['now']", "content.condition.construct"),
    ],
)
def test_refused_at_load(text, code) -> None:
    with pytest.raises(ContentError) as caught:
        condition(text)
    assert caught.value.code == code
    assert caught.value.context == {"file": "made.toml", "line": 7}


@given(st.text(max_size=80))
def test_no_text_raises_anything_else(text) -> None:
    try:
        condition(text)
    except ContentError as error:
        assert error.code.startswith(("content.condition.", "content.fact."))


def test_reads_are_listed_once_in_order() -> None:
    found = condition("pregnancy.now or lactation.now and not pregnancy.now")
    assert found.reads == ("pregnancy.now", "lactation.now")


MARCH = {"visit__today": date(2026, 3, 10), "mood__assessed_on": date(2026, 3, 3)}


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("visit.today - mood.assessed_on > days(6)", YES),
        ("visit.today - mood.assessed_on > days(7)", NO),
        ("visit.today - days(7) == mood.assessed_on", YES),
        ("visit.today + days(7) == mood.assessed_on", NO),
        ("mood.assessed_on + days(7) == visit.today", YES),
        ("mood.assessed_on + months(1) > visit.today", YES),
        ("mood.assessed_on - months(1) > visit.today", NO),
        ("visit.today >= mood.assessed_on + days(7)", YES),
        ("visit.today > mood.assessed_on + days(7)", NO),
    ],
)
def test_days_are_counted_forwards_and_back(text, truth) -> None:
    assert decide(text, **MARCH) is truth
    gone = {name: value for name, value in MARCH.items() if name != "mood__assessed_on"}
    assert decide(text, **gone) is UNKNOWN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lactation.now in ['CGP']", "kind"),
        ("eyes.risks in ['night_driving']", "kind"),
        ("pregnancy.category & ['CGP']", "kind"),
        ("'CGP' in pregnancy.category", "kind"),
        ("1 in eyes.risks", "construct"),
        ("lactation in ['CGP']", "name"),
        ("'text'.now", "construct"),
        ("-lactation.now", "construct"),
        ("alcohol.most > -drinks(1)", "construct"),
        ("alcohol.most > drinks(1) * drinks(1)", "construct"),
        ("drinks(1) > drinks(2)", "construct"),
        ("alcohol.most > drinks(True)", "unit"),
        ("alcohol.most > drinks('1')", "unit"),
        ("alcohol.most > drinks(1, 2)", "unit"),
        ("alcohol.most > drinks()", "unit"),
        ("alcohol.most > drinks(patient.age)", "unit"),
        ("alcohol.most > drinks(1, n=1)", "call"),
        ("alcohol.most > known(1)", "call"),
        ("alcohol.most > never(1)", "call"),
        ("alcohol.most > patient.weight(1)", "call"),
        ("known(lactation.now, pregnancy.now)", "call"),
        ("known(lactation.now, x=1)", "call"),
        ("known()", "call"),
        ("visit.today + mood.assessed_on > days(1)", "kind"),
        ("visit.today - drinks(1) > mood.assessed_on", "kind"),
        ("alcohol.most - days(1) > drinks(1)", "kind"),
        ("visit.today - days(1.5) > mood.assessed_on", "unit"),
        ("visit.today - patient.age > mood.assessed_on", "kind"),
        ("alcohol.most - days(1) > visit.today", "kind"),
        ("alcohol.most - visit.today > days(1)", "kind"),
        ("pregnancy.category > 'CGP'", "kind"),
    ],
)
def test_what_means_nothing_is_refused(text, code) -> None:
    with pytest.raises(ContentError) as caught:
        condition(text)
    assert caught.value.code == f"content.condition.{code}"


def test_a_part_of_a_unit_is_no_whole_one_to_the_sieve_either() -> None:
    below = condition("patient.weight < kg(60.5)")
    for weight, lighter in ((Decimal("60.2"), True), (Decimal("60.5"), False), (60, True)):
        assert below.holds({"patient.weight": weight}) is lighter
        let, _ = sieve([(None, (below,))])({"patient.weight": weight}.get)
        assert let == ([0] if lighter else [])


def test_a_text_may_be_any_word_and_a_choice_is_one_of_its_own() -> None:
    assert decide("patient.state == 'CA'", patient__state="CA") is YES
    assert decide("patient.state in ['OR', 'WA']", patient__state="CA") is NO
    with pytest.raises(ContentError) as caught:
        condition("pregnancy.category == 'CA'")
    assert caught.value.code == "content.condition.choice"


def test_what_is_stated_may_stand_first() -> None:
    assert decide("drinks(2) > alcohol.most", alcohol__most=Decimal(1)) is YES
    assert decide("drinks(2) > alcohol.most", alcohol__most=Decimal(3)) is NO


def test_a_text_is_as_long_as_it_may_be_and_no_longer() -> None:
    fits = "lactation.now".rjust(_LONGEST)
    assert condition(fits).reads == ("lactation.now",)
    with pytest.raises(ContentError) as caught:
        condition(f" {fits}")
    assert caught.value.code == "content.condition.syntax"
