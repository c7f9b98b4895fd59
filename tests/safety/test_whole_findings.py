"""Findings in every field: a small rule book of its own, judged over answered and unknown facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.safety.answers import write
from workstation.content.facts import read_facts
from workstation.content.rules import read_rules
from workstation.domain.draft import Reason
from workstation.domain.explain import Source, Tag
from workstation.domain.facts import Fact, Facts, Origin
from workstation.domain.ids import UserId
from workstation.domain.rules import Control, Level
from workstation.domain.safety import evaluate

DAY = date(2026, 6, 10)
SOURCES = {
    key: Source(key, f"Citation of {key}", Tag.READ) for key in ("project", "label", "practice")
}
FACTS = """schema = 1
edition = "1"

[[fact]]
name = "visit.today"
group = "visit"
kind = "day"
label = "Today"
freshness = "computed"

[[fact]]
name = "skin.broken"
group = "skin"
kind = "yes_no"
label = "Broken skin"
question = "Is the skin broken?"
freshness = "visit"
ask = "ASK-BROKEN"
asked_for = ["balm", "soap"]
waits_for_work_up = true
control = "contact"

[[fact]]
name = "skin.area"
group = "skin"
kind = "number"
label = "Area"
question = "How large is it?"
unit = "percent"
freshness = "visit"
ask = "ASK-AREA"
asked_for = ["balm"]
asked_when = "skin.broken"

[[fact]]
name = "skin.kinds"
group = "skin"
kind = "choices"
label = "Kinds"
question = "Which kinds?"
choices = [["dry", "dry skin"], ["oily", "oily skin"]]
freshness = "visit"

[[fact]]
name = "skin.guess"
group = "skin"
kind = "yes_no"
label = "Guess"
freshness = "computed"
computed_from = ["skin.kinds"]

[[fact]]
name = "skin.secret"
group = "skin"
kind = "yes_no"
label = "Secret"
freshness = "until_changed"

[[fact]]
name = "skin.late"
group = "skin"
kind = "yes_no"
label = "Late"
question = "Late?"
freshness = "visit"
ask = "ASK-LATE"
asked_for = ["soap"]
asked_when = "skin.secret"
"""
RULES = """schema = 1
edition = "2"
shortest_reason = 10

[[rule]]
code = "ANY-DRY"
medicines = ["*"]
title = "Dry: {skin.kinds}"
detail = "Kinds {skin.kinds}."
advice = "Moisten {skin.area}."
source = "label"
level = "INFO"
when = "'dry' in skin.kinds"
group = "counsel"

[[rule.example]]
facts = {}
level = "OK"

[[rule]]
code = "BALM-AREA"
medicines = ["balm"]
title = "Large area"
detail = "Area {skin.area}."
advice = "Use less."
source = "practice"
reasons = [["agreed", "Agreed"], ["tested", "Tested"]]
subsumed_by = ["BALM-STOP"]

[[rule.clause]]
level = "OVERRIDE"
when = "skin.area > percent(20)"
waits_for_work_up = true

[[rule.clause]]
level = "WARN"
when = "skin.area > percent(10)"
title = "Fairly large area {skin.area}"
detail = "Only {skin.area}."
advice = "Think."

[[rule.example]]
facts = {}
level = "OK"

[[rule]]
code = "BALM-STOP"
medicines = ["balm"]
title = "Guessed"
source = "label"
applies = "skin.secret"
level = "HOLD"
when = "skin.guess"
waits_for_work_up = true
control = { kind = "lab_result", names = ["tg"] }

[[rule.example]]
facts = {}
level = "OK"

[[rule]]
code = "BALM-GUESS"
medicines = ["balm"]
title = "Not guessed"
source = "label"
level = "WARN"
when = "not skin.guess"
group = "counsel"
reasons = [["said", "Said"]]

[[rule.example]]
facts = {}
level = "OK"

[[rule]]
code = "BALM-PASS"
medicines = ["balm"]
title = "Two clauses"
source = "label"

[[rule.clause]]
level = "OK"
when = "skin.secret and skin.guess"
if_unknown = "OK"

[[rule.clause]]
level = "STOP"
when = "skin.guess"

[[rule.example]]
facts = {}
level = "OK"

[[rule]]
code = "OIL-LATE"
medicines = ["oil"]
title = "Late"
source = "label"
level = "WARN"
when = "skin.late"

[[rule.example]]
facts = {}
level = "OK"

[[rule]]
code = "SOAP-DRY"
medicines = ["soap"]
title = "Soap"
source = "label"
level = "INFO"
when = "skin.late and 'dry' in skin.kinds"
subsumed_by = ["ANY-DRY"]

[[rule.example]]
facts = {}
level = "OK"
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    registry = read_facts(write(folder, "facts.toml", FACTS), SOURCES)
    write(folder, "rules/made.toml", RULES)
    return read_rules(folder / "rules", registry, SOURCES), registry


def known(**values):
    named = {"visit.today": DAY} | {name.replace("__", "."): v for name, v in values.items()}
    return Facts(Fact(n, v, Origin.CLINICIAN, DAY, "Q1") for n, v in named.items())


def judged(book, facts, *medicines, reasons=()):
    return evaluate(book[0], facts, medicines or ("balm",), reasons, book[1])


def codes(evaluation):
    return [(f.code, f.level.name) for f in evaluation.findings]


def only(evaluation, code):
    (found,) = [f for f in evaluation.findings if f.code == code]
    return found


SAFE = {
    "skin__broken": False, "skin__area": Decimal(1), "skin__kinds": (), "skin__guess": False,
    "skin__secret": False,
}  # fmt: skip


def test_an_unanswered_must_ask_in_every_field(book) -> None:
    evaluation = judged(book, known(skin__kinds=(), skin__guess=False, skin__secret=False))
    found = only(evaluation, "ASK-BROKEN")
    assert found.medicine == "balm"
    assert found.level is Level.HOLD
    assert found.title == "Broken skin: not known"
    assert found.detail == "Is the skin broken?"
    assert found.advice == ""
    assert found.source == SOURCES["project"]
    assert [(r.name, r.label, r.value_text, r.fact) for r in found.reads] == [
        ("skin.broken", "Broken skin", "not known", None)
    ]
    assert found.control == Control("contact", ("skin.broken",))
    assert (found.reasons, found.group, found.reason) == ((), "", None)
    assert found.waits_for_work_up
    assert found.unknown == ("skin.broken",)
    assert found.decided_in == "facts.toml"
    assert found.is_open
    assert len(found.facts_digest) == 64


def test_must_asks_come_once_for_the_first_medicine_and_wait_for_what_they_hang_on(book) -> None:
    nothing = judged(book, known(), "soap", "balm")
    asks = [(f.code, f.medicine) for f in nothing.findings if f.code.startswith("ASK")]
    assert asks == [("ASK-BROKEN", "soap"), ("ASK-LATE", "soap")]
    broken = judged(book, known(skin__broken=True), "soap", "balm")
    asks = [(f.code, f.medicine) for f in broken.findings if f.code.startswith("ASK")]
    assert asks == [("ASK-LATE", "soap"), ("ASK-AREA", "balm")]
    whole = judged(book, known(skin__broken=False, skin__secret=False), "soap", "balm")
    assert not [f for f in whole.findings if f.code.startswith("ASK")]


def test_the_same_open_question_is_one_finding(book) -> None:
    """Made once for a rule book, however often it is asked, and by medicine."""
    first = only(judged(book, known()), "ASK-BROKEN")
    assert only(judged(book, known()), "ASK-BROKEN") is first
    other = only(judged(book, known(), "soap"), "ASK-BROKEN")
    assert other is not first and other.medicine == "soap"
    late = only(judged(book, known(skin__secret=True), "soap"), "ASK-LATE")
    assert late.facts_digest != other.facts_digest
    assert set(book[0].asked) >= {("ASK-BROKEN", "balm"), ("ASK-BROKEN", "soap")}
    assert book[0].asked["ASK-BROKEN", "balm"] is first


def test_what_an_unasked_question_hangs_on_is_named(book) -> None:
    """A rule needs an answer that is asked only of some: what decides of whom is named too."""
    nothing = only(judged(book, known(), "oil"), "OIL-LATE")
    assert (nothing.level, nothing.unknown) == (Level.WARN, ("skin.late", "skin.secret"))
    assert nothing.detail == "Not known: Late, Secret."
    assert nothing.control == Control("answer", ("skin.late",))
    asked = only(judged(book, known(skin__secret=True), "oil"), "OIL-LATE")
    assert asked.unknown == ("skin.late",)
    assert not judged(book, known(skin__late=False), "oil").open


def test_a_finding_in_every_field(book) -> None:
    values = SAFE | {"skin__area": Decimal("20.50")}
    found = only(judged(book, known(**values)), "BALM-AREA")
    assert found.medicine == "balm"
    assert (found.title, found.detail) == ("Large area", "Area 20.5 %.")
    assert found.advice == "Use less."
    assert found.source == SOURCES["practice"]
    assert [(r.name, r.value_text) for r in found.reads] == [("skin.area", "20.5 %")]
    assert found.reads[0].as_of == DAY
    assert found.control is None
    assert [r.code for r in found.reasons] == ["agreed", "tested", "other"]
    assert (found.group, found.reason, found.unknown) == ("", None, ())
    assert found.waits_for_work_up
    assert found.decided_in == "made.toml:20"
    second = only(judged(book, known(**SAFE | {"skin__area": Decimal(20)})), "BALM-AREA")
    assert second.level is Level.WARN
    assert second.title == "Fairly large area 20 %"
    assert (second.detail, second.advice) == ("Only 20 %.", "Think.")
    assert not second.waits_for_work_up
    assert [r.code for r in second.reasons] == ["agreed", "tested", "other"]


def test_words_of_any_medicine_and_order(book) -> None:
    values = SAFE | {"skin__kinds": ("dry",), "skin__area": Decimal(15), "skin__guess": True}
    evaluation = judged(book, known(**values))
    assert codes(evaluation) == [("BALM-PASS", "STOP"), ("BALM-AREA", "WARN"), ("ANY-DRY", "INFO")]
    dry = only(evaluation, "ANY-DRY")
    assert (dry.medicine, dry.group) == ("", "counsel")
    assert (dry.title, dry.detail, dry.advice) == (
        "Dry: dry skin",
        "Kinds dry skin.",
        "Moisten 15 %.",
    )
    assert dry.reasons == ()
    assert not dry.is_open
    assert [c.code for c in evaluation.passed] == ["BALM-GUESS"]


def test_passed_checks_say_what_they_read(book) -> None:
    evaluation = judged(book, known(**SAFE | {"skin__secret": True, "skin__guess": False}))
    passed = {check.code: check for check in evaluation.passed}
    assert list(passed) == ["ANY-DRY", "BALM-AREA", "BALM-STOP", "BALM-PASS"]
    area = passed["BALM-AREA"]
    assert (area.title, area.source) == ("Large area", SOURCES["practice"])
    assert [(r.name, r.value_text) for r in area.reads] == [("skin.area", "1 %")]
    assert passed["ANY-DRY"].title == "Dry: none"
    assert [r.name for r in passed["BALM-STOP"].reads] == ["skin.guess", "skin.secret"]


def test_unknown_is_said_with_what_it_hangs_on(book) -> None:
    values = {k: v for k, v in SAFE.items() if k not in ("skin__guess", "skin__kinds")}
    evaluation = judged(book, known(**values | {"skin__secret": True}))
    stop = only(evaluation, "BALM-STOP")
    assert stop.level is Level.HOLD
    assert stop.unknown == ("skin.guess", "skin.kinds")
    assert stop.detail == "Not known: Guess, Kinds."
    assert stop.control == Control("lab_result", ("tg",))
    assert [r.name for r in stop.reads] == ["skin.secret", "skin.guess"]
    guess = only(evaluation, "BALM-GUESS")
    assert guess.level is Level.WARN
    assert guess.control == Control("answer", ("skin.kinds",))
    assert guess.unknown == ("skin.guess", "skin.kinds")
    blocked = only(evaluation, "BALM-PASS")
    assert (blocked.level, blocked.unknown) == (Level.HOLD, ("skin.guess", "skin.kinds"))
    assert only(evaluation, "ANY-DRY").unknown == ("skin.kinds",)


def test_a_rule_whose_scope_is_unknown_holds_and_names_it(book) -> None:
    values = {k: v for k, v in SAFE.items() if k != "skin__secret"} | {"skin__guess": True}
    stop = only(judged(book, known(**values)), "BALM-STOP")
    assert (stop.level, stop.unknown) == (Level.HOLD, ("skin.secret",))
    assert stop.detail == "Not known: Secret."
    hidden = only(judged(book, known(**values | {"skin__guess": True})), "BALM-PASS")
    assert hidden.level is Level.STOP


def test_an_unknown_without_a_question_has_no_control(book) -> None:
    values = {k: v for k, v in SAFE.items() if k != "skin__guess"}
    assert only(judged(book, known(**values)), "BALM-GUESS").control is None


def test_a_rule_yields_only_to_a_code_at_its_level_or_above(book) -> None:
    values = SAFE | {"skin__area": Decimal(30), "skin__guess": True, "skin__secret": True}
    assert ("BALM-AREA", "OVERRIDE") not in codes(judged(book, known(**values)))
    values |= {"skin__secret": False}
    assert ("BALM-AREA", "OVERRIDE") in codes(judged(book, known(**values)))
    soap = {"skin__late": True, "skin__kinds": ("dry",), "skin__secret": True, **SAFE}
    soap |= {"skin__kinds": ("dry",), "skin__secret": True}
    assert codes(judged(book, known(**soap), "soap")) == [("ANY-DRY", "INFO")]


def test_a_question_not_asked_keeps_its_rule_silent(book) -> None:
    evaluation = judged(book, known(skin__broken=True, skin__kinds=(), skin__guess=False,
                                    skin__secret=False))  # fmt: skip
    assert codes(evaluation) == [("ASK-AREA", "HOLD"), ("BALM-GUESS", "WARN")]
    assert "BALM-AREA" not in [c.code for c in evaluation.passed]
    assert "BALM-STOP" not in [c.code for c in evaluation.passed]


def given(found, code="agreed", text="", days=0):
    on = DAY + timedelta(days=days)
    return Reason(found.code, code, text, UserId("u"), on, found.facts_digest)


def test_reasons_hold_for_their_own_code_level_and_facts(book) -> None:
    facts = known(**SAFE | {"skin__area": Decimal(30)})
    found = only(judged(book, facts), "BALM-AREA")
    reason = given(found)
    answered = only(judged(book, facts, reasons=(reason,)), "BALM-AREA")
    assert answered.reason is reason and not answered.is_open
    for other in (
        replace(reason, finding="BALM-STOP"),
        replace(reason, facts_digest="0" * 64),
        replace(reason, code="acknowledged"),
        replace(reason, code="other", text="nine char"),
    ):
        assert only(judged(book, facts, reasons=(other,)), "BALM-AREA").reason is None
    words = replace(reason, code="other", text="ten charac")
    last = only(judged(book, facts, reasons=(replace(reason, code="tested"), words)), "BALM-AREA")
    assert last.reason is words, "the newest reason counts"
    refused = replace(reason, code="invented")
    assert only(judged(book, facts, reasons=(reason, refused)), "BALM-AREA").reason is None
    behind = only(judged(book, facts, reasons=(refused, reason)), "BALM-AREA")
    assert behind.reason is reason
    mild = known(**SAFE | {"skin__area": Decimal(15)})
    warned = only(judged(book, mild), "BALM-AREA")
    assert only(judged(book, mild, reasons=(reason,)), "BALM-AREA").reason is None
    one_key = given(warned, "acknowledged")
    assert only(judged(book, mild, reasons=(one_key,)), "BALM-AREA").reason is one_key


def test_no_reason_opens_a_hold(book) -> None:
    facts = known(**SAFE | {"skin__guess": True, "skin__secret": True})
    found = only(judged(book, facts), "BALM-STOP")
    assert found.reasons == ()
    for code in ("acknowledged", "other"):
        reason = given(found, code, "long enough to be read")
        assert only(judged(book, facts, reasons=(reason,)), "BALM-STOP").is_open


def test_counselling_given_earlier_becomes_a_note(book) -> None:
    facts = known(**SAFE)
    found = only(judged(book, facts), "BALM-GUESS")
    assert (found.level, found.group) == (Level.WARN, "counsel")
    today = only(judged(book, facts, reasons=(given(found, "said"),)), "BALM-GUESS")
    assert (today.level, today.is_open) == (Level.WARN, False)
    earlier = only(judged(book, facts, reasons=(given(found, "said", days=-1),)), "BALM-GUESS")
    assert (earlier.level, earlier.reason, earlier.reasons) == (Level.INFO, None, ())
    later = only(judged(book, facts, reasons=(given(found, "said", days=1),)), "BALM-GUESS")
    assert later.level is Level.WARN
    undated = facts.without(("visit.today",))
    assert only(judged(book, undated, reasons=(given(found, "said", days=-1),)), "BALM-GUESS").level is Level.WARN  # fmt: skip


def test_the_digest_is_of_the_facts_read_and_not_of_the_day(book) -> None:
    def digest(**changed):
        values = SAFE | {"skin__area": Decimal(30)} | changed
        return only(judged(book, known(**values)), "BALM-AREA").facts_digest

    assert digest() == digest(visit__today=DAY + timedelta(days=3))
    assert digest() == digest(skin__area=Decimal("30.00"))
    assert digest() == digest(skin__kinds=("oily",))
    assert digest() != digest(skin__area=Decimal(31))
    dry = judged(book, known(**SAFE | {"skin__kinds": ("dry", "oily")}))
    turned = judged(book, known(**SAFE | {"skin__kinds": ("oily", "dry")}))
    assert only(dry, "ANY-DRY").facts_digest == only(turned, "ANY-DRY").facts_digest
    alone = judged(book, known(**SAFE | {"skin__kinds": ("dry",)}))
    assert only(dry, "ANY-DRY").facts_digest != only(alone, "ANY-DRY").facts_digest


def test_a_value_of_the_wrong_kind_is_unknown(book) -> None:
    evaluation = judged(book, known(**SAFE | {"skin__broken": "perhaps", "skin__area": True}))
    assert ("ASK-BROKEN", "HOLD") in codes(evaluation)
