"""The published questionnaires fit the fact registry, and the isotretinoin forms ask every must-ask."""

import json

import pytest

from workstation.adapters.inbox import vocabulary
from workstation.adapters.inbox.questionnaire import NONE_OF_THESE, QUESTIONNAIRES, load, published
from workstation.assets import resource
from workstation.content.facts import read_facts
from workstation.content.sources import read_sources
from workstation.domain.consultation import RequestKind
from workstation.domain.facts import FactKind, Freshness, Origin

TYPES = {
    FactKind.YES_NO: "boolean",
    FactKind.CHOICE: "choice",
    FactKind.CHOICES: "choice",
    FactKind.WHOLE: "integer",
    FactKind.NUMBER: "decimal",
    FactKind.DAY: "date",
    FactKind.TEXT: "string",
}
CONTACT = {
    "phone",
    "emergency_name",
    "emergency_phone",
    "emergency_may_be_told",
    "present_location",
}


@pytest.fixture(scope="module")
def registry():
    sources = read_sources(resource("clinical", "sources.toml"))
    return read_facts(resource("clinical", "facts.toml"), sources)


@pytest.fixture(params=QUESTIONNAIRES)
def form(request):
    return load(resource("intake", f"{request.param}.json"))


def said(spec, origin):
    """Whether the word of ``origin`` counts for a fact."""
    return not spec.said_by or origin in spec.said_by


def facts_of(form):
    return {q.name: q for q in form.questions.values() if q.target == "fact"}


def test_every_mapped_fact_exists_and_has_the_type_of_its_question(form, registry):
    for name, question in facts_of(form).items():
        spec = registry[name]
        assert question.type == TYPES[spec.kind], name
        assert question.repeats == (spec.kind is FactKind.CHOICES), name
        assert spec.freshness is not Freshness.COMPUTED, name
        assert bool(question.unit) == bool(spec.unit), name
        if spec.choices:
            allowed = {code for code, _ in spec.choices}
            assert set(question.options) - {NONE_OF_THESE} == allowed, name
            if spec.kind is FactKind.CHOICES:
                assert NONE_OF_THESE in question.options or "none" in allowed, name


def test_no_question_records_what_only_clinician_or_chart_may_say(form, registry):
    for name in facts_of(form):
        assert said(registry[name], Origin.INTAKE), name


@pytest.mark.parametrize(
    "name", ["isotretinoin-first", "isotretinoin-month", "rosacea-hidradenitis"]
)
def test_every_must_ask_of_isotretinoin_is_asked(name, registry):
    asked = set(facts_of(load(resource("intake", f"{name}.json"))))
    must = {
        spec.name
        for spec in registry.values()
        if spec.ask_code is not None
        and "isotretinoin" in spec.asked_for
        and spec.freshness is not Freshness.COMPUTED
        and said(spec, Origin.INTAKE)
    }
    assert len(must) > 45
    assert must <= asked


def test_every_form_asks_how_to_reach_the_patient_and_for_own_words(form):
    contact = {q.name for q in form.questions.values() if q.target == "contact"}
    assert contact == CONTACT
    assert [q.type for q in form.questions.values() if q.target == "own-words"] == ["text"]


def test_every_request_has_a_form_and_severe_rosacea_two():
    served = [r for form in published().values() for r in form.requests]
    assert sorted(served, key=str) == sorted(
        [*(set(RequestKind) - {RequestKind.RESULT}), RequestKind.ROSACEA], key=str
    )


def test_every_item_says_where_its_answer_goes(form):
    for question in form.questions.values():
        assert (question.target, question.name) in {
            ("own-words", ""),
            ("record", "allergies"),
            ("record", "medicines"),
        } or question.target in ("fact", "contact"), question.link_id


def test_every_word_of_a_form_is_also_spanish(form):
    assert form.titles.keys() == {"en", "es"}
    for question in form.questions.values():
        spanish = question.translations["es"]
        assert spanish.strip() and spanish != question.text, question.link_id
        options = [t["es"] for t in question.option_translations.values()]
        assert all(options) and len(set(options)) == len(question.options), question.link_id


def test_numbers_and_links_are_unique_and_in_order(form):
    assert [q.number for q in form.questions.values()] == [
        f"Q{n}" for n in range(1, len(form.questions) + 1)
    ]
    assert len({q.text for q in form.questions.values()}) == len(form.questions)


def test_chart_and_consent_facts_are_registered(registry):
    for name in vocabulary.CHART_FACTS:
        assert said(registry[name], Origin.CHART), name
    for name in vocabulary.CONSENT_FACTS.values():
        assert registry[name].kind is FactKind.DAY


@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_the_forms_are_valid_fhir(name):
    from fhir.resources.R4B import questionnaire

    form = json.loads(resource("intake", f"{name}.json").read_text(encoding="utf-8"))
    read = questionnaire.Questionnaire.model_validate(form)
    assert read.url == form["url"] and len(read.item) == len(form["item"])
