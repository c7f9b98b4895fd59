"""Whoever can become pregnant: random records, and a judge written from the REMS texts alone.

The judge below shares no code with the rules, the facts or the REMS engine: it reads what was said
and drawn, and says why ISOtretinoin must not be signed. Whatever opens the gate has to please it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.safety import cases
from workstation.domain.consultation import Consultation, RequestKind
from workstation.domain.dosing import Dispensed
from workstation.domain.draft import Draft, ItemKind, Key, Reason
from workstation.domain.facts import Fact, FactValue, Origin
from workstation.domain.ids import ConsultationId, UserId
from workstation.domain.results import LabResult, TestSetting
from workstation.domain.safety import Level
from workstation.workflow.appraisal import Appraisal, Situation, appraise

TODAY = cases.TODAY
PRIMARY = {
    "tubal_sterilization",
    "partner_vasectomy",
    "hormonal_IUD",
    "copper_IUD",
    "combined_pill",
    "patch",
    "ring",
    "implant",
    "injection",
}
SECONDARY = {
    "male_condom",
    "diaphragm_spermicide",
    "cervical_cap_spermicide",
    "vaginal_sponge",
}
NEVER = {"progestin_only_pill", "female_condom", "withdrawal", "fertility_awareness"}
WEEK, T1_T2, MONTH, PREGNANCY = 7, 19, 30, 280

# -- the judge -------------------------------------------------------------------------------------


def against(of: Consultation, draft: Draft, now: datetime, today: date) -> list[str]:
    """Every reason of the texts why this may not be signed."""
    said: dict[str, FactValue] = {}
    for fact in (*of.facts, *draft.facts):
        said[fact.name] = fact.value
    return [*_asked(said, today, of.patient.born), *_tested(of, said, now, today)]


def _asked(said: dict[str, Any], today: date, born: date) -> Iterator[str]:
    for name in ("now", "planned", "potential"):
        if said.get(f"pregnancy.{name}") is None:
            yield f"not asked: {name}"
    if said.get("pregnancy.now") or said.get("pregnancy.planned"):
        yield "pregnant, or plans to be"
    if said.get("lactation.now") is not False:
        yield "breast-feeding, or not asked"
    if said.get("mood.ideation") is not False or said.get("mood.psychosis") is not False:
        yield "mood"
    for name in ("consent.patient_on", "rems.consent_on"):
        day = said.get(name)
        if not isinstance(day, date) or not born <= day <= today:
            yield f"no {name}"
    for name in ("patient_enrolled", "prescriber_enrolled", "pharmacy_certified"):
        if said.get(f"rems.{name}") is not True:
            yield f"REMS: {name}"
    methods = said.get("contraception.methods")
    if not isinstance(methods, tuple):
        yield "methods not asked"
        return
    counting = set(methods) & (PRIMARY | SECONDARY)
    if "abstinence" not in methods and (len(counting) < 2 or not counting & PRIMARY):
        yield "no acceptable pair"


def _tested(of: Consultation, said: dict[str, Any], now: datetime, today: date) -> Iterator[str]:
    wrong = {r.corrects for r in of.results}
    tests = [r for r in of.results if r.test.startswith("hcg") and r.id not in wrong]
    tests = sorted((r for r in tests if of.patient.born <= r.collected <= today), key=_day)
    if not tests:
        yield "never tested"
        return
    if any(r.value != "negative" for r in tests if r.collected == tests[-1].collected):
        yield "newest test is not negative"
    ruled_out = said.get("pregnancy.ruled_out_on")
    for test in tests:
        recent = (today - test.collected).days <= PREGNANCY
        known = isinstance(ruled_out, date) and test.collected <= ruled_out <= today
        if test.value == "positive" and recent and not known:
            yield "a positive test that nobody ruled out"
    east = now.astimezone(ZoneInfo("America/New_York")).date()
    latest = max(today, east)
    opened = [
        r
        for r in tests
        if r.value == "negative" and (latest - r.collected).days < WEEK and _counts(r, of, said)
    ]
    if not opened:
        yield "no test in its window"
    if not of.dispensed:
        yield from _before_the_first(tests, opened, said)
    if any(said.get(f"contraception.{n}") for n in ("missed", "unprotected", "period_missed")):
        failed = said.get("contraception.failed_on")
        day = failed if isinstance(failed, date) and failed <= today else today
        if not any(r.value == "negative" and r.collected > day for r in tests):
            yield "not tested after a failure"
        counselled = said.get("contraception.counselled_on")
        if not isinstance(counselled, date) or counselled > today:
            yield "not counselled after a failure"
    for name in ("missed", "unprotected", "period_missed"):
        if said.get(f"contraception.{name}") is None:
            yield f"not asked: {name}"


def _counts(test: LabResult, of: Consultation, said: dict[str, Any]) -> bool:
    if test.setting is TestSetting.MEDICAL:
        return not of.dispensed or test.collected > max(s.on for s in of.dispensed)
    seen = said.get("pregnancy.test.process_on")
    return (
        bool(of.dispensed)
        and test.collected > max(s.on for s in of.dispensed)
        and isinstance(seen, date)
        and test.collected <= seen <= TODAY
        and (len(of.dispensed) > 1 or said.get("follow_up.picked_up") is True)
    )


def _before_the_first(
    tests: list[LabResult], opened: list[LabResult], said: dict[str, Any]
) -> Iterator[str]:
    medical = [r for r in tests if r.value == "negative" and r.setting is TestSetting.MEDICAL]
    first = [r.collected for r in medical if r.role == "T1"]
    start = said.get("contraception.started")
    good = [
        r
        for r in opened
        if r.role == "T2"
        and any((r.collected - day).days >= T1_T2 for day in first)
        and isinstance(start, date)
        and start >= date(1996, 4, 9)
        and (r.collected - start).days >= MONTH
    ]
    if not good:
        yield "no first and second test with a month on two methods"


def _day(result: LabResult) -> date:
    return result.collected


# -- the records -----------------------------------------------------------------------------------

NEAR = st.integers(-1, 12)
DAYS = st.one_of(
    NEAR.map(lambda n: TODAY - timedelta(days=n)),
    st.integers(0, 400).map(lambda n: TODAY - timedelta(days=n)),
    st.sampled_from([date(206, 6, 1), date(2062, 6, 1), date(9999, 12, 31), date(1996, 4, 8)]),
)
VALUES = st.sampled_from(["negative"] * 9 + ["positive", "equivocal", "smudged"])
SETTINGS = st.sampled_from([TestSetting.MEDICAL] * 5 + [TestSetting.HOME, None])


@st.composite
def pregnancy_tests(draw: st.DrawFn) -> tuple[LabResult, ...]:
    found = []
    for n in range(draw(st.integers(0, 3))):
        role = draw(st.sampled_from(["T1", "T2", "monthly", None]))
        made = cases.lab(
            draw(st.sampled_from(["hcg_urine", "hcg_serum"])),
            draw(VALUES),
            draw(DAYS),
            role=role,
            setting=draw(SETTINGS),
        )
        found.append(replace(made, id=f"{made.id}-{n}"))
    if draw(st.integers(0, 3)):
        found.append(cases.lab("hcg_urine", "negative", date(2026, 1, 5), role="T1"))
    if draw(st.integers(0, 3)):
        ago = draw(st.integers(0, 8))
        role = draw(st.sampled_from(["T2", "monthly"]))
        on = TODAY - timedelta(days=ago)
        found.append(cases.lab("hcg_serum", "negative", on, role=role, setting=draw(SETTINGS)))
    return tuple(found)


def _answer(name: str) -> st.SearchStrategy[FactValue | None]:
    spec = cases.content().facts[name]
    if spec.kind.value == "day":
        return st.one_of(st.none(), DAYS)
    if spec.kind.value == "yes_no":
        return st.sampled_from([None, True, False])
    if name == "contraception.methods":
        some = st.lists(st.sampled_from(sorted(PRIMARY | SECONDARY | NEVER)), max_size=3)
        return st.one_of(st.none(), some.map(tuple), st.just(("abstinence",)))
    return st.sampled_from([None, *(code for code, _ in spec.choices)])


ASKED = (
    "pregnancy.now",
    "pregnancy.planned",
    "pregnancy.potential",
    "pregnancy.ruled_out_on",
    "pregnancy.test.process_on",
    "pregnancy.last_period",
    "pregnancy.cycle",
    "contraception.methods",
    "contraception.started",
    "contraception.missed",
    "contraception.unprotected",
    "contraception.period_missed",
    "contraception.failed_on",
    "contraception.counselled_on",
    "lactation.now",
    "consent.patient_on",
    "rems.consent_on",
    "rems.patient_enrolled",
    "rems.prescriber_enrolled",
    "rems.pharmacy_certified",
    "mood.ideation",
    "mood.psychosis",
    "follow_up.picked_up",
)


@st.composite
def records(draw: st.DrawFn) -> tuple[Consultation, datetime]:
    values: dict[str, FactValue | None] = {f.name: f.value for f in cases.safe_answers()}
    values |= {f.name: f.value for f in cases.can()}
    values["pregnancy.last_period"] = TODAY - timedelta(days=3)
    for name in draw(st.lists(st.sampled_from(ASKED), max_size=4, unique=True)):
        values[name] = draw(_answer(name))
    registry = cases.content().facts
    facts = tuple(
        Fact(name, value, _who(registry[name].said_by), TODAY, "said")
        for name, value in values.items()
        if value is not None
    )
    supplies = tuple(
        Dispensed(TODAY - timedelta(days=32 * n), Decimal(40), 30, "conventional", Decimal(60))
        for n in range(1, 1 + draw(st.sampled_from([0, 0, 0, 1, 1, 2])))
    )
    base = cases.baseline(TODAY - timedelta(days=3 if not supplies else 70))
    later = cases.baseline(TODAY - timedelta(days=1)) if supplies else ()
    hour = draw(st.sampled_from([3, 7, 15, 20, 27, 30]))
    now = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) + timedelta(hours=hour)
    request = RequestKind.ISOTRETINOIN_MONTH if supplies else RequestKind.ISOTRETINOIN_START
    return (
        cases.consultation(
            facts=facts,
            results=(*base, *later, *draw(pregnancy_tests())),
            dispensed=supplies,
            request=request,
        ),
        now,
    )


def _who(said_by: tuple[Origin, ...]) -> Origin:
    return said_by[0] if said_by else Origin.INTAKE


def judged(of: Consultation, now: datetime) -> tuple[Appraisal, Draft]:
    """The appraisal once every finding that takes a reason has one."""
    situation = Situation(cases.content(), cases.PRESCRIBER, cases.CLINIC, now, TODAY)
    items = {
        Key.of(ItemKind.DECISION): cases.PRESCRIBE,
        Key.of(ItemKind.REGIMEN, "isotretinoin"): cases.TWENTY_TWICE,
    }
    draft = replace(Draft.empty(ConsultationId("c")), items=MappingProxyType(items))
    first = appraise(of, draft, (), situation)
    for finding in first.evaluation.findings:
        if finding.level in (Level.WARN, Level.OVERRIDE):
            code = finding.reasons[0].code if finding.reasons else "acknowledged"
            reason = Reason(finding.code, code, "", UserId("u"), TODAY, finding.facts_digest)
            items[Key.of(ItemKind.REASON, finding.code)] = reason
    draft = replace(draft, items=MappingProxyType(items))
    return appraise(of, draft, (), situation), draft


def check(runs: int) -> Counter[str]:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=runs,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(records())
    def run(made: tuple[Consultation, datetime]) -> None:
        of, now = made
        appraisal, draft = judged(of, now)
        wrong = against(of, draft, now, TODAY)
        seen["open" if appraisal.gate.is_open else "closed"] += 1
        seen.update(wrong)
        if appraisal.gate.is_open:
            assert wrong == []

    run()
    return seen


def test_nothing_the_texts_forbid_can_be_signed() -> None:
    seen = check(400)
    assert seen["open"] > 10 and seen["closed"] > 100


@pytest.mark.long
def test_nothing_the_texts_forbid_can_be_signed_in_many() -> None:
    seen = check(20_000)
    assert seen["open"] > 500
    assert len(seen) > 15  # every reason of the judge was met
