"""Makes a package from a folder of photos and a file of answers, for clinics that receive e-mail."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from workstation.adapters.inbox import vocabulary as v
from workstation.adapters.inbox.answers_file import form_for
from workstation.adapters.inbox.photo_folder import PhotoFolder, Unwrap
from workstation.adapters.inbox.questionnaire import ASKED, Question, Questionnaire
from workstation.adapters.inbox.writing import Json, Outgoing
from workstation.domain.consultation import RequestKind
from workstation.domain.errors import Refused
from workstation.domain.facts import Fact, Origin
from workstation.domain.ids import PatientId, ResultId
from workstation.domain.patient import Address, Contact, PatientSnapshot, Sex
from workstation.domain.photo import View
from workstation.domain.results import LabResult, TestSetting

_KINDS: Mapping[str, tuple[type, str]] = {
    "boolean": (bool, "true or false"),
    "integer": (int, "a whole number"),
    "decimal": (Decimal, "a number"),
    "date": (date, "a date such as 2026-11-21"),
    "string": (str, "a line of text"),
    "text": (str, "a text"),
}
_VALUE = {
    "boolean": "valueBoolean",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "date": "valueDate",
    "string": "valueString",
    "text": "valueString",
}
_UNKNOWN = {"unknown": "asked-unknown", "declined": "asked-declined"}
_TOP = frozenset(
    ("request", "visit", "sender", "package", "sent", "medicines", "allergies")
    + ("patient", "answers", "photos", "consents", "results")
)


def gather(
    folder: Path, answers: Path, now: datetime, loinc: Mapping[str, str], unwrap: Unwrap
) -> tuple[Outgoing, tuple[str, ...]]:
    """What the folder and the answers file say, and everything that is wrong with them, in sentences.

    ``loinc`` gives the test id of each LOINC code. The result is complete only without faults.

    Raises:
        Refused: ``authoring.answers`` when the answers file cannot be read as TOML.
    """
    try:
        table = tomllib.loads(answers.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused("authoring.answers", reason=str(error)) from error
    made = _Author(table, now, loinc)
    named, who = made.sub(table, "photos"), made.sub(table, "patient")
    photos = PhotoFolder(named, who, unwrap, made.faults).read(folder)
    out = made.outgoing(photos)
    return out, tuple(made.faults)


class _Author:
    def __init__(self, table: dict[str, Any], now: datetime, loinc: Mapping[str, str]) -> None:
        self._table, self._now, self._tests = table, now, loinc
        self.faults: list[str] = []
        for key in table:
            if key not in _TOP:
                self.faults.append(f"{key}: not a key of an answers file.")

    def _take(
        self, table: Mapping[str, Any], where: str, key: str, kind: type, *, need: bool
    ) -> Any:
        value = table.get(key)
        name = f"{where}.{key}" if where else key
        if value is None or value == "":
            if need:
                self.faults.append(f"{name}: is missing.")
            return None
        if kind is Decimal and isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        if isinstance(value, bool) is not (kind is bool) or not isinstance(value, kind):
            self.faults.append(f"{name}: must be {_named(kind)}.")
            return None
        if isinstance(value, datetime) and kind is date:
            return value.date()
        return value

    def outgoing(self, photos: list[tuple[View, str, bytes]]) -> Outgoing:
        table = self._table
        request = self._request()
        form = form_for(request)
        sent = table.get("sent", self._now)
        if not isinstance(sent, datetime) or sent.tzinfo is None:
            self.faults.append("sent: must be a date and time with its offset.")
            sent = self._now
        sent = sent.astimezone(UTC).replace(microsecond=0)
        system = self._take(table, "", "sender", str, need=True) or "urn:example:unknown"
        return Outgoing(
            system=system,
            external_id=self._take(table, "", "package", str, need=True) or "?",
            sent=sent,
            answered=sent.date(),
            request=request,
            visit=self._take(table, "", "visit", int, need=False) or 1,
            patient=self._patient(),
            form=form,
            items=self._items(form),
            photos=photos,
            record=self._consents(),
            results=self._results(sent),
            loinc={test: code for code, test in self._tests.items()},
        )

    def _request(self) -> RequestKind:
        words = [r.value for r in ASKED]
        given = self._take(self._table, "", "request", str, need=True)
        if given in words:
            return RequestKind(given)
        if given is not None:
            self.faults.append(f"request: must be one of {', '.join(words)}.")
        return RequestKind.ACNE

    def sub(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """A table of the file, empty when there is none."""
        value = table.get(key, {})
        if isinstance(value, dict):
            return value
        self.faults.append(f"{key}: must be a table.")
        return {}

    def _names(self, key: str) -> tuple[str, ...] | None:
        value = self._table.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or any(not isinstance(v, str) for v in value):
            self.faults.append(f"{key}: must be a list of names.")
            return None
        return tuple(value)

    def _patient(self) -> PatientSnapshot:
        who = self.sub(self._table, "patient")
        known = {"record", "family", "given", "born", "sex", "title", "phone", "address"}
        known |= {"emergency", "native_name", "rems_id"}
        self.faults += [f"patient.{k}: not a key of a patient." for k in who if k not in known]

        def line(key: str, need: bool = False) -> str | None:
            found: str | None = self._take(who, "patient", key, str, need=need)
            return found

        sex = line("sex") or "unknown"
        if sex not in {s.value for s in Sex}:
            self.faults.append("patient.sex: must be female, male, other or unknown.")
            sex = "unknown"
        home = self.sub(who, "address")
        address = None
        if home:
            parts = [
                self._take(home, "patient.address", k, str, need=True) or "?"
                for k in ("line", "city", "state", "zip")
            ]
            if not re.fullmatch(r"[A-Z]{2}", parts[2]):
                self.faults.append("patient.address.state: must be two capital letters.")
            address = Address(*parts)
        emergency = self.sub(who, "emergency")
        return PatientSnapshot(
            id=PatientId("new"),
            external_id=line("record", need=True) or "?",
            family=line("family", need=True) or "?",
            given=line("given", need=True) or "?",
            title=line("title"),
            native_name=line("native_name"),
            born=self._take(who, "patient", "born", date, need=True) or self._now.date(),
            sex=Sex(sex),
            address=address,
            contact=Contact(
                phone=line("phone"),
                emergency_name=self._take(emergency, "patient.emergency", "name", str, need=False),
                emergency_phone=self._take(
                    emergency, "patient.emergency", "phone", str, need=False
                ),
                emergency_may_be_told=None,
                present_location=None,
            ),
            allergies=self._names("allergies"),
            medicines=self._names("medicines"),
            rems_id=line("rems_id"),
        )

    def _items(self, form: Questionnaire) -> list[Json]:
        given = self.sub(self._table, "answers")
        for key in given:
            if key not in form.questions:
                self.faults.append(f"answers.{key}: not a question of {form.name}.")
        items = []
        for link, question in form.questions.items():
            if link in given:
                values = self._answer(question, given[link])
                if values:
                    items.append({"linkId": link, "answer": values})
        return items

    def _answer(self, question: Question, value: Any) -> list[Json]:
        if value in _UNKNOWN if isinstance(value, str) else False:
            coding = {"system": v.ABSENT, "code": _UNKNOWN[value]}
            return [{"valueCoding": coding}]
        where = f"answers.{question.link_id}"
        if question.type == "choice":
            codes = value if isinstance(value, list) else [value]
            if isinstance(value, list) and not question.repeats:
                self.faults.append(f"{where}: takes one answer, not a list.")
                return []
            wrong = [c for c in codes if c not in question.options]
            if wrong or not codes:
                allowed = ", ".join(question.options)
                self.faults.append(f"{where}: must be of: {allowed}.")
                return []
            return [{"valueCoding": {"system": v.ANSWER, "code": c}} for c in codes]
        kind, words = _KINDS[question.type]
        if kind is Decimal and isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if (isinstance(value, bool) is not (kind is bool)) or not isinstance(value, kind):
            self.faults.append(f"{where}: must be {words}.")
            return []
        plain = value.isoformat()[:10] if isinstance(value, date) else value
        return [{_VALUE[question.type]: plain}]

    def _consents(self) -> list[Fact]:
        found = []
        given = self.sub(self._table, "consents")
        for kind in given:
            on = self._take(given, "consents", kind, date, need=True)
            if kind not in v.CONSENT_FACTS:
                self.faults.append(f"consents.{kind}: must be of {', '.join(v.CONSENT_FACTS)}.")
            elif on is not None:
                name = v.CONSENT_FACTS[kind]
                found.append(Fact(name, on, Origin.CHART, on, "signed consent"))
        return found

    def _results(self, sent: datetime) -> list[LabResult]:
        given = self._table.get("results", [])
        if not isinstance(given, list) or any(not isinstance(g, dict) for g in given):
            self.faults.append("results: must be tables, each headed [[results]].")
            return []
        return [r for n, g in enumerate(given) if (r := self._result(n, g, sent)) is not None]

    def _result(self, number: int, given: Mapping[str, Any], sent: datetime) -> LabResult | None:
        where = f"results[{number + 1}]"
        loinc = self._take(given, where, "loinc", str, need=True)
        on = self._take(given, where, "on", date, need=True)
        value = given.get("value")
        if isinstance(value, str) and value in v.RESULT_WORDS.values():
            unit = None
        else:
            value = self._take(given, where, "value", Decimal, need=True)
            unit = self._take(given, where, "unit", str, need=True)
        if loinc is not None and loinc not in self._tests:
            self.faults.append(f"{where}.loinc: not a test that this program knows.")
            return None
        if loinc is None or on is None or value is None:
            return None
        setting = self._take(given, where, "setting", str, need=False)
        role = self._take(given, where, "role", str, need=False)
        if setting not in (None, *v.SETTINGS) or role not in (None, *v.ROLES):
            self.faults.append(f"{where}: setting or role is not a known word.")
            return None
        return LabResult(
            id=ResultId("new"),
            test=self._tests[loinc],
            value=value,
            unit=unit,
            upper_limit=self._take(given, where, "upper", Decimal, need=False),
            collected=on,
            setting=None if setting is None else TestSetting(setting),
            fasting=self._take(given, where, "fasting", bool, need=False),
            hours_since_alcohol=None,
            role=role,
            laboratory=self._take(given, where, "laboratory", str, need=False),
            origin=Origin.LABORATORY,
            recorded_by=None,
            recorded_at=sent,
            corrects=None,
        )


def _named(kind: type) -> str:
    words = {bool: "true or false", int: "a whole number", Decimal: "a number", str: "text"}
    return words.get(kind, "a date such as 2026-11-21")
