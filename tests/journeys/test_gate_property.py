"""Random work on an isotretinoin consultation: whatever was signed, nothing forbade it.

The re-check below is written from the stored facts, results and consultation alone; it shares no
code with the rules that keep the gate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from clinic_day import Clinic, Hand, copy_of, plant, with_plain_pages
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from workstation.domain.consultation import Consultation, Status
from workstation.domain.draft import DecisionKind, Draft, ItemKind, Key, Regimen
from workstation.domain.errors import Conflict, Refused
from workstation.domain.facts import Fact, FactKind
from workstation.domain.safety import Level
from workstation.workflow import assess, sign
from workstation.workflow.appraisal import ISOTRETINOIN

WINDOW_DAYS = 7  # from the day of the specimen, that day counted
# -- the re-check


def forbidden(consultation: Consultation, draft: Draft, today: date, state_ok: bool) -> list[str]:
    """Why this should not have been signed as a prescription; written out by hand."""
    said: dict[str, Fact] = {}
    for fact in (*consultation.facts, *draft.facts):  # later ones are the clinician's
        said[fact.name] = fact
    wrong = []
    category = said.get("pregnancy.category")
    if category is None:
        wrong.append("category unknown")
    corrected = {r.corrects for r in consultation.results}
    tests = sorted(
        (r for r in consultation.results if r.test == "hcg_urine" and r.id not in corrected),
        key=lambda r: r.collected,
    )
    tests = [r for r in tests if r.collected <= today]
    if tests and "positive" in {r.value for r in tests if r.collected == tests[-1].collected}:
        wrong.append("newest pregnancy test positive")
    if category is not None and category.value == "CGP":
        fresh = [
            r
            for r in tests
            if r.role == "T2" and (today - r.collected).days < WINDOW_DAYS and r.value == "negative"
        ]
        if not fresh:
            wrong.append("no negative second test in its window")
    regimen = draft.regimen(ISOTRETINOIN)
    weight = said.get("patient.weight")
    if weight is None or regimen is None:
        wrong.append("no dose")
    elif regimen.daily / Decimal(str(weight.value)) > 2:
        wrong.append("dose above the ceiling")
    told = said.get("mood.ideation")
    if told is None or told.value not in (False, "none"):
        wrong.append("thoughts of suicide, or not asked")
    if not state_ok:
        wrong.append("no licence in the patient's state")
    return wrong


# -- random work

VALUES = {
    FactKind.YES_NO: [True, False],
    FactKind.WHOLE: [0, 1, 7],
    FactKind.NUMBER: [Decimal("40"), Decimal("62.5"), Decimal("200")],
}


def acts(hand: Hand, names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, Any]]:
    registry = hand.desk.catalogue.facts

    def values(name: str) -> st.SearchStrategy[tuple[str, Any]]:
        spec = registry[name]
        if spec.kind is FactKind.CHOICE:
            choice: list[Any] = [code for code, _ in spec.choices]
        elif spec.kind is FactKind.CHOICES:
            choice = [(), *((code,) for code, _ in spec.choices)]
        else:
            choice = VALUES.get(spec.kind, [])
        return st.tuples(
            st.just("fact"), st.tuples(st.just(name), st.sampled_from([*choice, None]))
        )

    return st.one_of(
        st.sampled_from(names).flatmap(values),
        st.tuples(
            st.just("test"),
            st.tuples(
                st.sampled_from(["negative", "negative", "positive", "equivocal"]),
                st.integers(0, 12),
                st.sampled_from(["T1", "T2", "monthly"]),
            ),
        ),
        st.tuples(st.just("dose"), st.sampled_from([10, 30, 40, 60, 80, 160])),
        st.tuples(st.just("decide"), st.sampled_from(list(DecisionKind))),
        st.tuples(st.just("licences"), st.booleans()),
        st.tuples(st.sampled_from(["undo", "redo", "reasons", "mend", "sign", "sign"]), st.none()),
    )


class Work:
    """One consultation of a fresh patient and what is done to it."""

    def __init__(self, clinic: Clinic, template: Consultation) -> None:
        self.clinic = clinic
        clinic.change_user(licences=clinic.session.user.licences)
        self.hand = Hand.take(clinic.desk, clinic.session, plant(clinic.desk, template))
        self.signed: Any = None
        self.licensed = True
        self.hand.pregnancy_test("negative")
        self.hand.prescribe()

    def do(self, act: str, value: Any) -> None:
        hand = self.hand
        match act:
            case "fact":
                hand.fact(*value)
            case "test":
                word, ago, role = value
                on = self.clinic.clock.today() - timedelta(days=ago)
                hand.pregnancy_test(word, on, role)
            case "dose":
                regimen: Regimen = hand.regimen(Decimal(value))
                hand.put("treat.dose", (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), regimen))
            case "decide":
                hand.decide(value)
            case "licences":
                self.licensed = value
                licences = self.clinic.session.user.licences if value else ()
                self.clinic.change_user(licences=licences)
            case "undo" | "redo":
                step = -1 if act == "undo" else 1
                assess.move_cursor(
                    hand.desk, hand.session, hand.id, hand.token, hand.revision, step
                )
                hand.reload()
            case "reasons":
                hand.reasons()
            case "mend":
                self.do("licences", True)
                hand.prescribe()
                hand.pregnancy_test("negative")
                hand.reasons()
            case "sign":
                self.sign()

    def sign(self) -> None:
        try:
            shown = self.hand.preview()
        except Refused:
            shown = sign.Previews(self.hand.id, self.hand.revision, ())
        self.signed = self.hand.sign(shown)

    def check(self) -> None:
        """Closed means signed, and signed means that nothing forbade it."""
        found = self.clinic.look(self.hand.id)
        documents = self.clinic.documents(self.hand.id)
        if not isinstance(self.signed, sign.Signed):
            assert found.status is Status.IN_REVIEW and documents == ()
            return
        with self.clinic.desk.store.reading() as unit:
            draft = unit.history(self.hand.id).draft
        decision = draft.decision
        assert decision is not None
        evaluation = self.hand.appraisal.evaluation
        if decision.kind is DecisionKind.PRESCRIBE:
            assert found.status is Status.CLOSED and len(documents) == 3
            wrong = forbidden(found, draft, self.clinic.clock.today(), self.licensed)
            assert wrong == [], wrong
            assert [f.code for f in evaluation.findings if f.level >= Level.HOLD] == []
        else:
            assert found.status is Status.WAITING_FOR_WORK_UP and len(documents) == 2
            stops = [f.code for f in evaluation.findings if f.level is Level.STOP]
            holds = [f for f in evaluation.findings if f.level is Level.HOLD]
            assert stops == [] and all(f.waits_for_work_up for f in holds)
        assert all(
            f.reason is not None
            for f in evaluation.findings
            if f.level in (Level.WARN, Level.OVERRIDE)
        )


def _explore(clinic: Clinic, examples: int) -> None:
    clinic.opened.desk = with_plain_pages(clinic.opened.desk)
    template = clinic.look(clinic.waiting("Marsh"))
    trial = clinic.take("Marsh")
    registry = clinic.desk.catalogue.facts
    names = tuple(
        name
        for name, spec in registry.items()
        if spec.ask_code is not None and spec.kind is not FactKind.DAY
    )
    counted = {"signed": 0, "blocked": 0}

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from([0, 0, 0, 1, 6, 7, 20]),
        st.lists(acts(trial, names), min_size=1, max_size=9),
    )
    def explore(age: int, done: list[tuple[str, Any]]) -> None:
        work = Work(clinic, older(template, age))
        for act, value in [*done, ("sign", None)]:
            try:
                work.do(act, value)
            except Conflict:
                # Only what was signed, or another day's claim, is out of reach.
                assert isinstance(work.signed, sign.Signed)
            work.check()
            if isinstance(work.signed, sign.Signed):
                break
        counted["signed" if isinstance(work.signed, sign.Signed) else "blocked"] += 1

    explore()
    assert counted["signed"] > examples // 10 and counted["blocked"] > examples // 10, counted


def older(template: Consultation, days: int) -> Consultation:
    """The same consultation, received so many days ago (the clock itself may not go back)."""
    by = timedelta(days=days)
    facts = tuple(
        replace(
            fact,
            as_of=fact.as_of - by,
            value=fact.value - by if isinstance(fact.value, date) else fact.value,
        )
        for fact in template.facts
    )
    results = tuple(replace(r, collected=r.collected - by) for r in template.results)
    return replace(template, facts=facts, results=results, submitted_at=template.submitted_at - by)


def test_nothing_forbidden_is_ever_signed(clinic: Clinic) -> None:
    _explore(clinic, 30)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_nothing_forbidden_is_ever_signed_in_three_thousand_tries(
    base_store: Path, tmp_path: Path, open_clinic: Callable[..., Clinic]
) -> None:
    _explore(open_clinic(copy_of(base_store, tmp_path / "store")), 3000)
