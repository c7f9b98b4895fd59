"""Answers of the generated people to the published questionnaires."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache

from workstation.assets import resource
from workstation.demo.fhir import ABSENT, ROOT, Json
from workstation.demo.histories import Told, shifted
from workstation.demo.people import Person
from workstation.demo.records import NOT_KNOWN, UNSAID, Said

_FORMS = {
    "isotretinoin_start": "isotretinoin-first",
    "isotretinoin_month": "isotretinoin-month",
    "isotretinoin_end": "isotretinoin-month",
    "acne": "acne",
}
_VALUE_KEYS = {
    "boolean": "valueBoolean",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "date": "valueDate",
    "string": "valueString",
    "text": "valueString",
}
_NEVER_ASSUMED = frozenset(
    {"mood.phq9", "mood.item9", "follow_up.days_missed", "follow_up.capsules_left"}
)


@cache
def _form(name: str) -> Json:
    found: Json = json.loads(resource("intake", f"{name}.json").read_text(encoding="utf-8"))
    return found


def response(who: Person, said: Told, subject: Json, sent: datetime, by: timedelta) -> Json:
    """The QuestionnaireResponse of one visit; every question shown is listed, answered or not."""
    form = _form(_FORMS.get(who.request, "general"))
    items: list[Json] = []
    given: dict[str, Said] = {}
    for question in form["item"]:
        if not _asked(question, given):
            continue
        value = _said(question, who, said)
        given[question["linkId"]] = value
        item: Json = {"linkId": question["linkId"], "text": question["text"]}
        if value is not UNSAID:
            item["answer"] = _answer(question, shifted(value, by))
        items.append(item)
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{form['url']}|{form['version']}",
        "status": "completed",
        "subject": subject,
        "authored": sent.isoformat(),
        "item": items,
    }


def _asked(question: Json, given: Mapping[str, Said]) -> bool:
    """Whether the form shows a question, by its one condition."""
    for condition in question.get("enableWhen", ()):
        wanted = condition.get("answerBoolean", condition.get("answerCoding", {}).get("code"))
        if "answerBoolean" in condition:
            wanted = condition["answerBoolean"]
        matches = given.get(condition["question"]) == wanted
        return matches if condition["operator"] == "=" else not matches
    return True


def _said(question: Json, who: Person, said: Told) -> Said:
    """What the person answered: their own line, or the usual "no", "none" and 0."""
    maps = next(
        (e["valueString"] for e in question.get("extension", ()) if e["url"] == ROOT + "maps"), ""
    )
    target, _, name = maps.partition(":")
    if target == "contact":
        return _contact(name, who, said)
    if target == "own-words":
        return said.own_words or UNSAID
    if question["linkId"] == "medicines-other":
        return said.other_medicines or UNSAID
    if question["linkId"] == "allergies-other":
        return ", ".join(said.allergies or ()) or UNSAID
    if name in said.answers:
        return said.answers[name]
    if name in _NEVER_ASSUMED or name == "history.growing":
        return False if name == "history.growing" and 2026 - who.born.year < 19 else UNSAID
    usual: dict[str, Said] = {"boolean": False, "integer": 0}
    if name == "alcohol.most":
        return 0
    if question["type"] == "choice":
        return () if question.get("repeats") else UNSAID
    return usual.get(question["type"], UNSAID)


def _contact(name: str, who: Person, said: Told) -> Said:
    emergency = said.emergency
    found: dict[str, Said] = {
        "phone": who.phone,
        "emergency_name": emergency.name or UNSAID,
        "emergency_phone": emergency.phone or UNSAID,
        "emergency_may_be_told": emergency.told if emergency.name else UNSAID,
        "present_location": said.location,
    }
    return found[name]


def _answer(question: Json, value: Said) -> list[Json]:
    if value is NOT_KNOWN:
        return [{"valueCoding": {"system": ABSENT, "code": "asked-unknown"}}]
    if question["type"] == "choice":
        displays = {
            o["valueCoding"]["code"]: o["valueCoding"]["display"] for o in question["answerOption"]
        }
        codes = value if isinstance(value, tuple) else (str(value),)
        return [
            {"valueCoding": {"system": ROOT + "answer", "code": c, "display": displays[c]}}
            for c in codes or ("none-of-these",)
        ]
    plain = value.isoformat() if isinstance(value, date) else value
    return [{_VALUE_KEYS[question["type"]]: plain}]
