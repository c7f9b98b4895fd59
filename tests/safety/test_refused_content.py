"""Wrong clinical content is refused when it is read, with file and line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.safety.answers import shipped, write
from workstation import assets
from workstation.content.derivation import read_derivation
from workstation.content.facts import read_facts
from workstation.content.rules import compile_asks, read_rules
from workstation.content.sources import read_sources
from workstation.content.triage import read_triage
from workstation.domain.errors import ContentError
from workstation.domain.safety import Control, Level

RULE = """schema = 1
edition = "1"

[[rule]]
code = "ISO-X"
medicines = ["isotretinoin"]
title = "Title"
source = "project"
level = "HOLD"
when = "lactation.now"

[[rule.example]]
facts = { "lactation.now" = true }
level = "HOLD"
"""


CLAUSE = """[[rule.clause]]
level = "STOP"
when = "pregnancy.now"
"""
CLAUSES = """schema = 1
edition = "1"

[[rule]]
code = "ISO-X"
medicines = ["*"]
title = "Weight {patient.weight}"
source = "project"
waits_for_work_up = true
reasons = [["a", "A"]]
control = { kind = "lab_result", names = ["alt"] }

[[rule.clause]]
level = "OVERRIDE"
when = "lactation.now"
detail = "Older than {patient.age}"

[[rule.clause]]
level = "HOLD"
when = "pregnancy.now"
if_unknown = "HOLD"
waits_for_work_up = false

[[rule.example]]
facts = { "lactation.now" = true }
unknown = ["pregnancy.now"]
level = "HOLD"
"""


def rules(folder, text: str):
    clinic = shipped()
    write(folder, "rules/made.toml", text)
    return read_rules(folder / "rules", clinic.registry, clinic.sources)


def test_the_model_rule_is_fine(tmp_path) -> None:
    assert rules(tmp_path, RULE).rule("ISO-X").line == 4


@pytest.mark.parametrize("ring", [("ISO-X",), ("ISO-X", "ISO-Y"), ("ISO-X", "ISO-Y", "ISO-Z")])
def test_rules_that_yield_in_a_circle_are_refused(tmp_path, ring) -> None:
    """All of them would go, and with them what holds the gate."""
    made, model = RULE.split("[[rule]]")
    for code, to in zip(ring, (*ring[1:], ring[0]), strict=True):
        yielding = f'source = "project"\nsubsumed_by = ["{to}"]'
        made += "[[rule]]" + model.replace("ISO-X", code).replace('source = "project"', yielding)
    with pytest.raises(ContentError) as caught:
        rules(tmp_path, made)
    assert caught.value.code == "content.rule.circle"


def test_rules_may_yield_in_a_row(tmp_path) -> None:
    made, model = RULE.split("[[rule]]")
    for code, to in (("ISO-X", "ISO-Y"), ("ISO-Y", "ISO-Z"), ("ISO-Z", "ISO-ELSEWHERE")):
        yielding = f'source = "project"\nsubsumed_by = ["{to}"]'
        made += "[[rule]]" + model.replace("ISO-X", code).replace('source = "project"', yielding)
    assert len(rules(tmp_path, made).rules) == 3


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('when = "lactation.now"', 'when = "lactation.nwo"', "content.fact.unknown", 10),
        ('when = "lactation.now"', 'when = "lactation"', "content.condition.name", 10),
        ('when = "lactation.now"', 'when = "exit()"', "content.condition.call", 10),
        ('when = "lactation.now"', 'when = "patient.age < 8"', "content.condition.unit", 10),
        ('when = "lactation.now"', "", "content.key.missing", 4),
        ('level = "HOLD"\nwhen', 'level = "BLOCK"\nwhen', "content.rule.level", 9),
        ('level = "HOLD"\nwhen', 'level = "OK"\nwhen', "content.rule.level", 9),
        ('level = "HOLD"\nwhen', 'level = "OVERRIDE"\nwhen', "content.rule.reasons", 5),
        ('source = "project"', 'source = "hearsay"', "content.source.unknown", 8),
        ('source = "project"', 'source = "project"\ntag = "HEARD"', "content.tag.unknown", 9),
        ('source = "project"', 'source = "project"\nlevle = "X"', "content.key.unknown", 9),
        ('title = "Title"', 'title = " "', "content.key.blank", 7),
        ('title = "Title"', 'title = "{no.fact}"', "content.fact.unknown", 7),
        ('title = "Title"', 'title = "T"\ngroup = "x"', "content.rule.group", 8),
        (
            'title = "Title"',
            'title = "T"\nreasons = [["a", "b"]]',
            "content.rule.reasons",
            8,
        ),
        (
            'when = "lactation.now"',
            'when = "lactation.now"\nif_unknown = "OK"',
            "content.rule.unknown_as_no",
            10,
        ),
        (
            'when = "lactation.now"',
            'when = "lactation.now"\nif_unknown = "WARN"',
            "content.rule.unknown_as_no",
            10,
        ),
        (
            'when = "lactation.now"',
            'when = "lactation.now"\ncontrol = { kind = "magic" }',
            "content.rule.control",
            11,
        ),
        ('{ "lactation.now" = true }', '{ "lactation.now" = "yes" }', "content.fact.value", 13),
        ('.now"\n\n', f'.now"\n\n{CLAUSE}\n', "content.rule.clauses", 4),
        ('edition = "1"', 'edition = "1"\nshortest = 3', "content.key.unknown", 3),
        (
            'when = "lactation.now"',
            'when = "lactation.now"\ncontrol = { kind = "answer", names = ["no.fact"] }',
            "content.fact.unknown",
            11,
        ),
        (
            'when = "lactation.now"',
            'when = "lactation.now"\ncontrol = { kind = "answer", colour = "red" }',
            "content.key.unknown",
            11,
        ),
        ('{ "lactation.now" = true }', '{}\nunknown = ["no.fact"]', "content.fact.unknown", 14),
        ('{ "lactation.now" = true }', '{}\nlevle = "HOLD"', "content.key.unknown", 14),
        ('{ "lactation.now" = true }', '{ "no.fact" = true }', "content.fact.unknown", 13),
    ],
)
def test_a_wrong_rule_names_its_line(tmp_path, old, new, code, line) -> None:
    assert old in RULE
    with pytest.raises(ContentError) as caught:
        rules(tmp_path, RULE.replace(old, new, 1))
    assert caught.value.code == code
    assert caught.value.context["file"] == "made.toml"
    assert caught.value.context["line"] == line


def test_a_rule_is_read_whole(tmp_path) -> None:
    rule = rules(tmp_path, CLAUSES).rule("ISO-X")
    assert rule.medicines == () and rule.applies is None  # every prescription
    assert rule.told == ("patient.weight", "patient.age")
    assert rule.reads == ("lactation.now", "pregnancy.now")
    assert [(c.level, c.if_unknown, c.waits_for_work_up) for c in rule.clauses] == [
        (Level.OVERRIDE, Level.OVERRIDE, True),
        (Level.HOLD, Level.HOLD, False),
    ]
    assert [one.code for one in rule.reasons] == ["a", "other"]
    assert rule.control == Control("lab_result", ("alt",))
    (example,) = rule.examples
    assert (example.unknown, example.level) == (("pregnancy.now",), Level.HOLD)
    assert example.facts.value("lactation.now") is True


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('source = "project"', 'source = "project"\nlevel = "HOLD"', "content.rule.clauses"),
        (
            'source = "project"',
            'source = "project"\nwhen = "lactation.now"',
            "content.rule.clauses",
        ),
        ('detail = "', 'levle = "HOLD"\ndetail = "', "content.key.unknown"),
        ('detail = "Older', 'detail = "{no.fact} Older', "content.fact.unknown"),
        ('if_unknown = "HOLD"', 'if_unknown = "OVERRIDE"', "content.rule.unknown_as_no"),
        ('[["a", "A"]]', "[]", "content.rule.reasons"),
    ],
)
def test_a_wrong_clause_is_refused(tmp_path, old, new, code) -> None:
    assert old in CLAUSES
    with pytest.raises(ContentError) as caught:
        rules(tmp_path, CLAUSES.replace(old, new, 1))
    assert caught.value.code == code


@pytest.mark.parametrize("later", ["OVERRIDE", "WARN"])
def test_an_unknown_is_not_passed_over_for_a_clause_no_stricter(tmp_path, later) -> None:
    text = CLAUSES.replace('detail = "', 'if_unknown = "OK"\ndetail = "', 1)
    with pytest.raises(ContentError) as caught:
        rules(tmp_path, text.replace('level = "HOLD"\nwhen', f'level = "{later}"\nwhen', 1))
    assert caught.value.code == "content.rule.unknown_as_no"


def test_a_stricter_clause_before_it_lets_no_unknown_pass(tmp_path) -> None:
    first, second = CLAUSES.split("[[rule.clause]]")[1:]
    second, example = second.split("[[rule.example]]")
    passed = first.rstrip() + '\nif_unknown = "OK"\n\n'
    turned = CLAUSES.split("[[rule.clause]]")[0] + "".join(
        (f"[[rule.clause]]{second}", f"[[rule.clause]]{passed}", f"[[rule.example]]{example}")
    )
    with pytest.raises(ContentError) as caught:
        rules(tmp_path, turned)
    assert caught.value.code == "content.rule.unknown_as_no"


def test_an_unknown_may_be_passed_over_where_a_stricter_clause_decides_after_it(tmp_path) -> None:
    passed = CLAUSES.replace('detail = "', 'if_unknown = "OK"\ndetail = "', 1)
    assert rules(tmp_path, passed).rule("ISO-X").clauses[0].if_unknown is Level.OK


WARNING = RULE.replace('level = "HOLD"\nwhen', 'level = "WARN"\nwhen')


def test_a_warning_has_reasons_or_none_at_all(tmp_path) -> None:
    assert rules(tmp_path, WARNING).rule("ISO-X").reasons == ()
    given = WARNING.replace("when =", 'reasons = [["a", "A"], ["b", "B"]]\nwhen =')
    assert [r.code for r in rules(tmp_path, given).rule("ISO-X").reasons] == ["a", "b", "other"]


@pytest.mark.parametrize(
    "reasons",
    ['"a"', "[]", '["ab"]', '[["a"]]', '[["a", ""]]', '[["a", 1]]', '[["a", "A"], ["b"]]',
     '[["a", "A", "B"]]', '{ a = "A" }'],
)  # fmt: skip
def test_reasons_are_pairs_of_a_code_and_words(tmp_path, reasons) -> None:
    with pytest.raises(ContentError) as caught:
        rules(tmp_path, WARNING.replace("when =", f"reasons = {reasons}\nwhen ="))
    assert caught.value.code == "content.rule.reasons"


def test_a_control_records_facts_that_exist_or_a_result(tmp_path) -> None:
    for made in (("answer", "lactation.now"), ("lab_result", "alt")):
        control = f'control = {{ kind = "{made[0]}", names = ["{made[1]}"] }}\nwhen ='
        found = rules(tmp_path, RULE.replace("when =", control)).rule("ISO-X").control
        assert found == Control(made[0], (made[1],))


def test_files_are_read_in_order_and_the_longest_reason_is_asked_for(tmp_path) -> None:
    assert rules(tmp_path, RULE).shortest_reason == 1
    for name, least in (("b", 12), ("a", 10), ("c", 11)):
        text = RULE.replace("ISO-X", f"ISO-{name}").replace(
            "schema", f"shortest_reason = {least}\nschema"
        )
        write(tmp_path, f"rules/{name}.toml", text)
    book = rules(tmp_path, RULE)
    assert book.shortest_reason == 12
    assert [rule.code for rule in book.rules] == ["ISO-a", "ISO-b", "ISO-c", "ISO-X"]
    write(tmp_path, "rules/a.toml", RULE.replace('edition = "1"', 'edition = "2"'))
    assert rules(tmp_path, RULE.replace("ISO-X", "ISO-Y")).edition == "2"


def test_must_asks_are_those_of_the_registry_and_rest_on_a_source() -> None:
    clinic = shipped()
    asked = [spec for spec in clinic.registry.values() if spec.ask_code is not None]
    asks = compile_asks(clinic.registry, clinic.sources)
    assert [ask.spec for ask in asks] == asked != []
    assert {ask.asked_when is None for ask in asks} == {True, False}
    assert all((ask.asked_when is None) is (not ask.spec.asked_when) for ask in asks)
    wrong = replace(asked[0], asked_when="no.fact")
    with pytest.raises(ContentError) as caught:
        compile_asks({wrong.name: wrong}, clinic.sources)
    assert (caught.value.context["file"], caught.value.context["fact"]) == (
        "facts.toml",
        wrong.name,
    )
    with pytest.raises(ContentError) as caught:
        compile_asks(clinic.registry, {})
    assert (caught.value.code, caught.value.context["file"]) == (
        "content.source.unknown",
        "sources.toml",
    )


def test_a_rule_without_an_example_is_refused(tmp_path) -> None:
    with pytest.raises(ContentError) as caught:
        rules(tmp_path, RULE[: RULE.index("[[rule.example]]")])
    assert caught.value.code == "content.key.missing"
    none = RULE[: RULE.index("[[rule.example]]")].replace("level =", "example = []\nlevel =")
    with pytest.raises(ContentError) as caught:
        rules(tmp_path, none)
    assert caught.value.code == "content.rule.example"


def test_a_code_stands_for_one_rule(tmp_path) -> None:
    body = RULE[RULE.index("[[rule]]") :]
    with pytest.raises(ContentError) as caught:
        rules(tmp_path, RULE + "\n" + body)
    assert (caught.value.code, caught.value.context["line"]) == ("content.rule.twice", 17)


FACT = """schema = 1
edition = "1"

[[fact]]
name = "a.b"
group = "g"
kind = "yes_no"
label = "Label"
question = "Question?"
freshness = "visit"
ask = "ASK-AB"
asked_for = ["isotretinoin"]
safe = false
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('name = "a.b"', 'name = "bare"', "content.fact.name", 5),
        ('kind = "yes_no"', 'kind = "maybe"', "content.word.unknown", 7),
        ('kind = "yes_no"', 'kind = "whole"', "content.fact.unit", 5),
        ('kind = "yes_no"', 'kind = "choice"', "content.fact.choices", 5),
        ('kind = "yes_no"', 'kind = "yes_no"\nunit = "kg"', "content.fact.unit", 8),
        ('freshness = "visit"', 'freshness = "days"', "content.fact.fresh", 10),
        ('question = "Question?"', "", "content.fact.question", 11),
        ("safe = false", 'safe = "no"', "content.fact.value", 13),
        ("safe = false", 'control = "magic"', "content.fact.control", 13),
        ("safe = false", 'said_by = ["rumour"]', "content.fact.origin", 13),
        ("safe = false", 'computed_from = ["c.d"]', "content.fact.unknown", 13),
    ],
)
def test_a_wrong_fact_names_its_line(tmp_path, old, new, code, line) -> None:
    assert old in FACT
    path = write(tmp_path, "facts.toml", FACT.replace(old, new, 1))
    with pytest.raises(ContentError) as caught:
        read_facts(path, shipped().sources)
    assert caught.value.code == code
    assert caught.value.context["line"] == line


def test_facts_and_their_questions_are_unique(tmp_path) -> None:
    body = FACT[FACT.index("[[fact]]") :]
    path = write(tmp_path, "facts.toml", FACT + "\n" + body)
    with pytest.raises(ContentError) as caught:
        read_facts(path, shipped().sources)
    assert caught.value.code == "content.fact.twice"
    path = write(tmp_path, "facts.toml", FACT + "\n" + body.replace("a.b", "a.c"))
    with pytest.raises(ContentError) as caught:
        read_facts(path, shipped().sources)
    assert caught.value.code == "content.fact.ask.twice"


def test_a_source_is_named_once(tmp_path) -> None:
    one = '[[source]]\nkey = "k"\ncitation = "c"\ntag = "READ"\nas_of = 2026-01-01\n'
    path = write(tmp_path, "sources.toml", 'schema = 1\nedition = "1"\n' + one + one)
    with pytest.raises(ContentError) as caught:
        read_sources(path)
    assert caught.value.code == "content.source.twice"


def test_derivation_numbers_are_days(tmp_path) -> None:
    text = assets.resource("clinical", "derivation.toml").read_text(encoding="utf-8")
    path = write(tmp_path, "derivation.toml", text.replace("days = 30", "days = 0"))
    with pytest.raises(ContentError) as caught:
        read_derivation(path, shipped().sources)
    assert caught.value.code == "content.derivation.days"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('action = "stop"', 'action = "halt"', "content.triage.action"),
        ('level = "URGENT"', 'level = "SOON"', "content.triage.level"),
        ('result = "positive"', 'result = "maybe"', "content.triage.result"),
        (
            'level = "PRIORITY"\nfirst_look',
            'level = "ROUTINE"\nfirst_look',
            "content.triage.targets",
        ),
    ],
)
def test_wrong_triage_content_is_refused(tmp_path, old, new, code) -> None:
    text = assets.resource("clinical", "triage.toml").read_text(encoding="utf-8")
    assert old in text
    path = write(tmp_path, "triage.toml", text.replace(old, new, 1))
    with pytest.raises(ContentError) as caught:
        read_triage(path, shipped().registry, shipped().sources)
    assert caught.value.code == code
