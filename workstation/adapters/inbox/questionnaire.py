"""Published questionnaires, and answers to them: each answer is checked against its question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from workstation.adapters.inbox.node import Node
from workstation.adapters.inbox.vocabulary import ABSENT, ANSWER, MAPS, REQUEST
from workstation.assets import resource
from workstation.domain.consultation import Answer, RequestKind
from workstation.domain.facts import Fact, FactValue, Origin

QUESTIONNAIRES = (
    "isotretinoin-first",
    "isotretinoin-month",
    "acne",
    "general",
    "rosacea-hidradenitis",
)
ASKED = tuple(r for r in RequestKind if r is not RequestKind.RESULT)
"""What a patient can ask for."""
NONE_OF_THESE = "none-of-these"

_UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
NOT_SAID = {"asked-unknown": "I do not know", "asked-declined": "I prefer not to say"}
VALUE_KEYS = {
    "boolean": "valueBoolean",
    "choice": "valueCoding",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "date": "valueDate",
    "string": "valueString",
    "text": "valueString",
}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Question:
    """One item: where its answer goes is ``target`` (``fact``, ``contact``, ``own-words``, ``record``).

    ``translations`` are the question's words by language; ``option_translations`` those of its options.
    """

    link_id: str
    number: str
    text: str
    type: str
    repeats: bool
    unit: str
    options: Mapping[str, str]
    target: str
    name: str
    translations: Mapping[str, str]
    option_translations: Mapping[str, Mapping[str, str]]
    only_when: str  # the linkId of the question that this one hangs on, or ""

    @property
    def wordings(self) -> tuple[str, ...]:
        """The question as published, in every language."""
        return (self.text, *self.translations.values())


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A published form with its questions in order, and the requests it serves."""

    url: str
    version: str
    requests: frozenset[RequestKind]
    questions: Mapping[str, Question]
    name: str
    titles: Mapping[str, str]

    @property
    def canonical(self) -> str:
        """``url|version``, as a response names it."""
        return f"{self.url}|{self.version}"


@dataclass(frozen=True, slots=True)
class Answered:
    """What a response says: for people, as facts, as contact data, and in the patient's words."""

    answers: tuple[Answer, ...]
    facts: tuple[Fact, ...]
    contact: Mapping[str, str | bool]
    own_words: str


def load(path: Path) -> Questionnaire:
    """The questionnaire in one of our own files."""
    form = json.loads(path.read_text(encoding="utf-8"))
    questions = (_question(item) for item in form["item"])
    requests = frozenset(
        RequestKind(e["valueCode"]) for e in form["extension"] if e["url"] == REQUEST
    )
    return Questionnaire(
        form["url"],
        form["version"],
        requests,
        {q.link_id: q for q in questions},
        form["id"],
        {form["language"]: form["title"], **_translated(form, "title")},
    )


@cache
def published() -> Mapping[str, Questionnaire]:
    """All published questionnaires by canonical name."""
    forms = (load(resource("intake", f"{name}.json")) for name in QUESTIONNAIRES)
    return {form.canonical: form for form in forms}


def read_response(response: Node, request: RequestKind | None, on: date) -> Answered:
    """The answers of a QuestionnaireResponse, given on the day ``on``; a known request is compared.

    Raises:
        Refused: ``intake.questionnaire.unknown``, ``intake.questionnaire.request``,
            ``intake.answer.*`` or a fault of an element.
    """
    form = published().get(response.text("questionnaire"))
    if form is None:
        raise response.refused("intake.questionnaire.unknown", "questionnaire")
    if request is not None and request not in form.requests:
        response.fault("intake.questionnaire.request", "questionnaire")
    given = _Given({}, [], {}, "")
    for item in response.maybe_nodes("item"):
        with item.bounded():
            _take(form, item, on, given)
    ordered = tuple(given.answers[link] for link in form.questions if link in given.answers)
    return Answered(ordered, tuple(given.facts), given.contact, given.own_words)


@dataclass(slots=True)
class _Given:
    """What was answered so far."""

    answers: dict[str, Answer]
    facts: list[Fact]
    contact: dict[str, str | bool]
    own_words: str


def _take(form: Questionnaire, item: Node, on: date, given: _Given) -> None:
    question = _asked(form, item, given.answers)
    values = item.maybe_nodes("answer")
    item.done()
    if not values:
        return  # an item without an answer is an unanswered question
    value, text = _value(question, values, item)
    if question.target == "own-words":
        given.own_words = text
        return
    link = question.link_id
    given.answers[link] = Answer(link, question.number, question.text, text)
    if value is None:
        return
    if question.target == "fact":
        source = f"intake {question.number}"
        given.facts.append(Fact(question.name, value, Origin.INTAKE, on, source))
    elif question.target == "contact" and isinstance(value, (str, bool)):
        given.contact[question.name] = value


def _asked(form: Questionnaire, item: Node, answers: Mapping[str, Answer]) -> Question:
    link = item.text("linkId")
    question = form.questions.get(link)
    if question is None:
        raise item.refused("intake.answer.unknown", "linkId")
    if link in answers:
        raise item.refused("intake.answer.twice", "linkId")
    if "text" in item and item.text("text", most=500) not in question.wordings:
        # The patient answered other words than ours: the answer may mean something else.
        item.fault("intake.answer.question", "text")
    return question


def _value(
    question: Question, values: tuple[Node, ...], item: Node
) -> tuple[FactValue | None, str]:
    """The value (``None`` when the patient does not know or say) and its text for people."""
    if len(values) > 1 and not question.repeats:
        raise item.refused("intake.answer.several", "answer")
    if len(values) == 1 and values[0].keys() == ("valueCoding",):
        coding = values[0].node("valueCoding")
        if coding.text("system") == ABSENT:
            code = coding.choice("code", *NOT_SAID)
            coding.maybe_text("display")
            coding.done()
            values[0].done()
            return None, NOT_SAID[code]
    if question.type == "choice":
        return _chosen(question, values, item)
    value, text = _plain(question, values[0])
    values[0].done()
    return value, text


def _plain(question: Question, node: Node) -> tuple[FactValue, str]:
    key = VALUE_KEYS[question.type]
    unit = f" {question.unit}" if question.unit else ""
    if question.type == "boolean":
        flag = node.flag(key)
        return flag, "Yes" if flag else "No"
    if question.type == "integer":
        count = node.whole(key)
        return count, f"{count}{unit}"
    if question.type == "decimal":
        number = node.decimal(key)
        return number, f"{_shown(number)}{unit}"
    if question.type == "date":
        day = node.day(key)
        return day, f"{day.day:02d}\u2011{MONTHS[day.month - 1]}\u2011{day.year}"
    words = node.prose(key) if question.type == "text" else node.text(key)
    return words, words


def _chosen(question: Question, values: tuple[Node, ...], item: Node) -> tuple[FactValue, str]:
    codes: list[str] = []
    for value in values:
        coding = value.node("valueCoding")
        if coding.text("system") != ANSWER:
            raise coding.refused("intake.answer.system", "system")
        codes.append(coding.choice("code", *question.options))
        coding.maybe_text("display")
        coding.done()
        value.done()
    if len(set(codes)) != len(codes):
        raise item.refused("intake.answer.twice", "answer")
    if NONE_OF_THESE in codes and len(codes) > 1:
        raise item.refused("intake.answer.contradiction", "answer")
    text = ", ".join(question.options[c] for c in codes)
    text = text[:1].upper() + text[1:]
    if not question.repeats:
        return codes[0], text
    return tuple(c for c in codes if c != NONE_OF_THESE), text


def _shown(number: Decimal) -> str:
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _question(item: dict[str, Any]) -> Question:
    extensions = {e["url"]: e for e in item.get("extension", ())}
    maps = extensions[MAPS]["valueString"] if MAPS in extensions else "record"
    target, _, name = maps.partition(":")
    unit = extensions[_UNIT]["valueCoding"]["display"] if _UNIT in extensions else ""
    options = {
        o["valueCoding"]["code"]: o["valueCoding"]["display"] for o in item.get("answerOption", ())
    }
    return Question(
        link_id=item["linkId"],
        number=item["prefix"],
        text=item["text"],
        type=item["type"],
        repeats=item.get("repeats", False),
        unit=unit,
        options=options,
        target=target,
        name=name,
        translations=_translated(item, "text"),
        option_translations={
            o["valueCoding"]["code"]: _translated(o["valueCoding"], "display")
            for o in item.get("answerOption", ())
        },
        only_when=next((w["question"] for w in item.get("enableWhen", ())), ""),
    )


def _translated(element: dict[str, Any], key: str) -> dict[str, str]:
    """The translations of a string element by language (FHIR's ``translation`` extension)."""
    found: dict[str, str] = {}
    for extension in element.get(f"_{key}", {}).get("extension", ()):
        parts = {e["url"]: e for e in extension["extension"]}
        found[parts["lang"]["valueCode"]] = parts["content"]["valueString"]
    return found
