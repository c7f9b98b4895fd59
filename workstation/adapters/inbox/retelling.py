"""A stored consultation as what goes into a package: answers are put back into their questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from workstation.adapters.inbox import vocabulary as v
from workstation.adapters.inbox.questionnaire import (
    MONTHS,
    NONE_OF_THESE,
    NOT_SAID,
    VALUE_KEYS,
    Question,
    Questionnaire,
    published,
)
from workstation.adapters.inbox.writing import Json, OtherLine, Outgoing
from workstation.domain.consultation import Answer, Consultation
from workstation.domain.errors import WorkstationError
from workstation.domain.facts import Fact, Origin
from workstation.domain.photo import View

_OTHER = "loinc-"
_LINE = re.compile(r"(?P<value>\S+)(?: (?P<unit>\S+))? \((?P<on>\d{4}-\d{2}-\d{2})\)")
_NUMBER = re.compile(r"\d+(\.\d+)?")


def retold(
    found: Consultation,
    photos: Sequence[tuple[View, str, bytes]],
    tests: Mapping[str, str],
) -> Outgoing:
    """What the sender sent, as the consultation holds it; ``tests`` gives the id of each LOINC code.

    Results are the patient's up to the day of the consultation, whoever recorded them.

    Raises:
        WorkstationError: ``export.answer`` when an answer fits no published question.
    """
    asked = [a for a in found.answers if not a.link_id.startswith(_OTHER)]
    form = _form(found, asked)
    said = {f.name: f for f in found.facts if f.origin is Origin.INTAKE}
    items = [_item(form.questions[a.link_id], a, said) for a in asked]
    if found.own_words:
        link = next(q.link_id for q in form.questions.values() if q.target == "own-words")
        items.append({"linkId": link, "answer": [{"valueString": found.own_words}]})
    loinc: dict[str, str] = {}
    for code, test in tests.items():
        loinc.setdefault(test, code)
    sent = found.submitted_at.date()
    latest = max((f.as_of for f in said.values()), default=sent)
    return Outgoing(
        system=found.source.system,
        external_id=found.source.external_id,
        sent=found.submitted_at,
        answered=latest,
        request=found.request,
        visit=found.visit,
        patient=found.patient,
        form=form,
        items=items,
        photos=photos,
        record=[f for f in found.facts if f.origin is Origin.CHART],
        results=[r for r in found.results if r.collected <= max(sent, latest)],
        loinc=loinc,
        lines=[_line(a) for a in found.answers if a.link_id.startswith(_OTHER)],
        dispensed=found.dispensed,
    )


def _form(found: Consultation, asked: Sequence[Answer]) -> Questionnaire:
    links = {(a.link_id, a.number) for a in asked}
    for form in published().values():
        there = {(q.link_id, q.number) for q in form.questions.values()}
        if found.request in form.requests and links <= there:
            return form
    raise WorkstationError("export.answer")


def _item(question: Question, answer: Answer, said: Mapping[str, Fact]) -> Json:
    absent = {text: code for code, text in NOT_SAID.items()}
    if answer.text in absent and question.type not in ("string", "text"):
        values: list[Json] = [{"valueCoding": {"system": v.ABSENT, "code": absent[answer.text]}}]
    elif question.type == "choice":
        codes = _codes(question, answer.text, said.get(question.name))
        values = [{"valueCoding": {"system": v.ANSWER, "code": code}} for code in codes]
    else:
        values = [{VALUE_KEYS[question.type]: _plain(question, answer.text)}]
    return {"linkId": question.link_id, "answer": values}


def _plain(question: Question, text: str) -> object:
    if question.type == "boolean":
        return text == "Yes"
    if question.type == "date":
        day, month, year = text.split("\u2011")
        return date(int(year), MONTHS.index(month) + 1, int(day)).isoformat()
    if question.type in ("integer", "decimal"):
        number = _NUMBER.match(text)
        if number is None:
            raise WorkstationError("export.answer")
        whole = question.type == "integer"
        return int(number.group()) if whole else Decimal(number.group())
    return text


def _codes(question: Question, text: str, fact: Fact | None) -> list[str]:
    found = _parsed(question.options, text[:1].lower() + text[1:]) or _parsed(
        question.options, text
    )
    if found:
        return found
    value = fact.value if fact is not None else None
    if isinstance(value, tuple):
        return list(value) or [NONE_OF_THESE]
    if isinstance(value, str):
        return [value]
    raise WorkstationError("export.answer")


def _parsed(options: Mapping[str, str], text: str) -> list[str]:
    """The codes whose words, joined by commas, are ``text``; words may hold commas themselves."""
    for code, words in options.items():
        if text == words:
            return [code]
        if text.startswith(words + ", "):
            rest = _parsed(options, text[len(words) + 2 :])
            if rest:
                return [code, *rest]
    return []


def _line(answer: Answer) -> OtherLine:
    found = _LINE.fullmatch(answer.text)
    if found is None:
        raise WorkstationError("export.answer")
    value, unit = found.group("value"), found.group("unit") or ""
    number = _NUMBER.fullmatch(value)
    return OtherLine(
        answer.link_id.removeprefix(_OTHER),
        Decimal(value) if number else value,
        unit,
        date.fromisoformat(found.group("on")),
    )
