"""An HL7 v2 ORU^R01 message as results of one patient: final values in coded tests, or nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from workstation.adapters.inbox.hl7 import Segment, read_segments
from workstation.domain.consultation import Delivery
from workstation.domain.errors import Refused
from workstation.domain.facts import Origin
from workstation.domain.ids import ResultId
from workstation.domain.results import LabResult, TestSetting
from workstation.workflow.ports.board import ReceivedResults

LOINC = "LN"  # the name HL7 v2 gives to the LOINC system
FASTING = "49541-6"  # LOINC: fasting status, reported
UNITS = {  # UCUM as laboratories write it in v2
    "mg/dl": "mg/dL", "MG/DL": "mg/dL", "u/l": "U/L", "IU/L": "U/L", "iu/l": "U/L",
    "mmol/l": "mmol/L", "umol/l": "umol/L", "MMOL/L": "mmol/L", "mIU/mL": "m[IU]/mL",
}  # fmt: skip
WORDS = {"negative": "negative", "positive": "positive", "equivocal": "equivocal"}
SNOMED = {"260385009": "negative", "10828004": "positive", "42425007": "equivocal"}

_VERSION = re.compile(r"2\.[3-9](\.[0-9])?")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_RANGE = re.compile(r"[0-9.]{1,10}\s*-\s*([0-9.]{1,10})")
_BELOW = re.compile(r"<=?\s*([0-9.]{1,10})")
_STAMP = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})[0-9.]*)?([+-][0-9]{4})?"
)
_YEARS = range(1900, 2201)
_FINAL, _CORRECTED = "F", "C"
_NOT_YET = {"I", "P", "R", "S", "O", "N", "U", "X"}
# Segments that carry nothing a result rests on here; any other is refused.
_PASSED = frozenset({"SFT", "PD1", "PV1", "PV2", "ORC", "TQ1", "TQ2", "SPM", "CTD", "NTE", "UAC"})


@dataclass(slots=True)
class _Line:
    """One observation that counts."""

    test: str
    status: str
    value: Decimal | str
    unit: str | None
    upper: Decimal | None
    collected: date
    minute: int | None
    laboratory: str | None


def read_results(
    raw: bytes, *, tests: Mapping[str, str], digest: str, kind: str
) -> ReceivedResults:
    """The results in a message; ``tests`` gives the test id of each LOINC code.

    Raises:
        Refused: ``intake.hl7.*`` with ``where`` (segment and field, never a value).
    """
    segments = read_segments(raw)
    header = segments[0]
    system, control, at = _header(header)
    record, born = _patient(segments)
    lines, left_out, fasting = _observations(segments, tests, header.part(4, 1) or None)
    results = [_result(line, number, system, control, at) for number, line in enumerate(lines)]
    if fasting is not None:
        results = [replace(result, fasting=fasting) for result in results]
    return ReceivedResults(
        source=Delivery(system, control, digest, kind),
        record_number=record,
        born=born,
        results=tuple(results),
        corrections=frozenset(
            result.id
            for result, line in zip(results, lines, strict=True)
            if line.status == _CORRECTED
        ),
        left_out=tuple(left_out),
    )


def _header(header: Segment) -> tuple[str, str, datetime]:
    if (header.part(9, 1), header.part(9, 2)) != ("ORU", "R01"):
        raise header.refused("intake.hl7.message", 9)
    if header.part(11, 1) != "P":
        raise header.refused("intake.hl7.processing", 11)
    if not _VERSION.fullmatch(header.part(12, 1)):
        raise header.refused("intake.hl7.version", 12)
    control = header.part(10, 1)
    if not control:
        raise header.refused("intake.hl7.control", 10)
    day, minute = _stamp(header, 7)
    at = datetime(day.year, day.month, day.day, (minute or 0) // 60, (minute or 0) % 60, tzinfo=UTC)
    return f"hl7:{header.part(3, 1)}:{header.part(4, 1)}", control, at


def _patient(segments: tuple[Segment, ...]) -> tuple[str, date]:
    found = [segment for segment in segments if segment.name == "PID"]
    if len(found) != 1:
        raise Refused("intake.hl7.patient")
    pid = found[0]
    numbers = [(pid.part(3, 1, one), pid.part(3, 5, one)) for one in pid.repeats(3)]
    typed = [number for number, kind in numbers if kind == "MR" and number]
    plain = [number for number, kind in numbers if not kind and number]
    known = typed or (plain if len(numbers) == 1 else [])
    if len(set(known)) != 1:
        raise pid.refused("intake.hl7.identifier", 3)
    born, _ = _stamp(pid, 7)
    return known[0], born


def _observations(
    segments: tuple[Segment, ...], tests: Mapping[str, str], sender: str | None
) -> tuple[list[_Line], list[str], bool | None]:
    lines: list[_Line] = []
    left_out: list[str] = []
    fasting: bool | None = None
    order: Segment | None = None
    for segment in segments[1:]:
        if segment.name == "OBR":
            order = segment
        elif segment.name == "NTE":
            left_out.append("comment")
        elif segment.name == "OBX":
            if order is None:
                raise segment.refused("intake.hl7.order")
            code, name = _coded(segment)
            if code == FASTING:
                fasting = _fasting(segment)
                continue
            test = tests.get(code) if code else None
            status = _status(segment)
            if test is None or status is None:
                left_out.append(name or code or segment.where)
                continue
            lines.append(_line(segment, order, test, status, sender))
        elif segment.name != "PID" and segment.name not in _PASSED and segment.name[0] != "Z":
            raise segment.refused("intake.hl7.segment")
    return lines, left_out, fasting


def _coded(segment: Segment) -> tuple[str, str]:
    """(LOINC code or "", name); a code counts only with the name of its system beside it."""
    parts = (*segment.parts(3), "", "", "", "", "", "")
    name = parts[1] or parts[4]
    found = {
        code for code, system in ((parts[0], parts[2]), (parts[3], parts[5])) if system == LOINC
    }
    if len(found) > 1:
        raise segment.refused("intake.hl7.code", 3)
    return (found.pop() if found else ""), name


def _status(segment: Segment) -> str | None:
    """F or C; None for a value that is not final. One taken back needs a person."""
    status = segment.part(11, 1)
    if status in (_FINAL, _CORRECTED):
        return status
    if status in _NOT_YET:
        return None
    raise segment.refused("intake.hl7.status", 11)


def _fasting(segment: Segment) -> bool | None:
    answer = segment.part(5, 1).upper()
    return {"Y": True, "N": False, "YES": True, "NO": False}.get(answer)


def _line(segment: Segment, order: Segment, test: str, status: str, sender: str | None) -> _Line:
    value, unit = _value(segment)
    collected, minute = _stamp(segment, 14) if segment.raw(14) else _stamp(order, 7)
    return _Line(
        test,
        status,
        value,
        unit,
        None if unit is None else _upper_limit(segment),
        collected,
        minute,
        segment.part(23, 1) or segment.part(15, 2) or sender,
    )


def _value(segment: Segment) -> tuple[Decimal | str, str | None]:
    kind = segment.part(2, 1)
    if kind == "NM":
        return _number(segment, segment.part(5, 1)), _unit(segment)
    if kind == "SN":
        # "<5" or "10-20" is no number: a person must read it.
        if segment.part(5, 1) not in ("", "=") or segment.part(5, 3):
            raise segment.refused("intake.hl7.comparator", 5)
        return _number(segment, segment.part(5, 2)), _unit(segment)
    if kind in ("CE", "CWE", "CNE"):
        parts = (*segment.parts(5), "", "", "")
        word = SNOMED.get(parts[0]) if parts[2] in ("SCT", "SNM") else None
    elif kind in ("ST", "TX"):
        word = WORDS.get(segment.part(5, 1).strip().lower())
    else:
        raise segment.refused("intake.hl7.type", 2)
    if word is None:
        raise segment.refused("intake.hl7.value", 5)
    return word, None


def _number(segment: Segment, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise segment.refused("intake.hl7.value", 5)
    return Decimal(text)


def _unit(segment: Segment) -> str:
    unit, system = segment.part(6, 1), segment.part(6, 3)
    if not unit or system not in ("", "UCUM"):
        raise segment.refused("intake.hl7.unit", 6)
    return UNITS.get(unit, unit)


def _upper_limit(segment: Segment) -> Decimal | None:
    """The laboratory's upper limit in ``10-40`` or ``<40``; None when it says something else."""
    text = segment.part(7, 1).strip()
    found = _RANGE.fullmatch(text) or _BELOW.fullmatch(text)
    if found is None or not _NUMBER.fullmatch(found[1]):
        return None
    limit = Decimal(found[1])
    return limit if limit > 0 else None


def _stamp(segment: Segment, field: int) -> tuple[date, int | None]:
    """Day and minute of the day of a time stamp that names at least a whole day."""
    found = _STAMP.fullmatch(segment.part(field, 1))
    if found is None or int(found[1]) not in _YEARS:
        raise segment.refused("intake.hl7.date", field)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise segment.refused("intake.hl7.date", field) from error
    if found[4] is None:
        return day, None
    hour, minute = int(found[4]), int(found[5])
    if hour > 23 or minute > 59:
        raise segment.refused("intake.hl7.date", field)
    return day, hour * 60 + minute


def _result(line: _Line, number: int, system: str, control: str, at: datetime) -> LabResult:
    marks = "\n".join((system, control, str(number), line.test))
    return LabResult(
        id=ResultId(hashlib.sha256(marks.encode()).hexdigest()[:32]),
        test=line.test,
        value=line.value,
        unit=line.unit,
        upper_limit=line.upper,
        collected=line.collected,
        setting=TestSetting.MEDICAL,
        fasting=None,
        hours_since_alcohol=None,
        role=None,
        laboratory=line.laboratory,
        origin=Origin.LABORATORY,
        recorded_by=None,
        recorded_at=at,
        corrects=None,
        drawn_minute=line.minute,
    )
