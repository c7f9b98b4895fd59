"""What is recorded on the Treat step: answers, results and contacts, exactly as chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from workstation.domain.consultation import ContactTry
from workstation.domain.draft import Item, ItemKind, Key
from workstation.domain.explain import UNIT_WORDS
from workstation.domain.facts import Fact, FactKind, FactSpec, FactValue, Origin
from workstation.domain.ids import ResultId, new_id
from workstation.domain.rems_record import pregnancy_tests, screening_test
from workstation.domain.results import LabResult, TestSetting, standing
from workstation.language import of_content, tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import contact_lines, controls, typed, wording
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseState
from workstation.presenters.controls import ControlState
from workstation.presenters.labs_wording import VALUE_OTHER_UNIT


class Recording:
    """Checks what was filled in, and writes it to the open consultation.

    Answers become facts of the draft (undoable); results and contacts are entries of their own.
    """

    def __init__(self, case: CaseFile) -> None:
        self._case = case

    def record(self, control: ControlState, taken: Mapping[str, FactValue]) -> str:
        """Record what was filled into a control; the sentence why not, else ""."""
        if not taken:
            return tr(words.NOTHING_CHOSEN)
        match control.kind:
            case controls.PREGNANCY:
                return self._record_pregnancy_test(taken)
            case controls.LAB:
                return self._record_lab(control, taken)
            case controls.CONTACT:
                return self._record_contact(taken)
            case _:
                return self.answer(taken)

    def answer(self, values: Mapping[str, FactValue]) -> str:
        """Record answers given to the clinician today, as one undo step; a sentence or ""."""
        refused = self.unfit(values)
        if not refused:
            self.put_facts(values, self._today())
        return refused

    def unfit(self, values: Mapping[str, FactValue]) -> str:
        """Why values cannot be recorded; what has happened cannot lie ahead, a plan not behind."""
        registry, today = self._case.desk.catalogue.facts, self._today()
        for name, value in values.items():
            spec = registry.get(name)
            if spec is None or not spec.accepts(value):
                return tr(
                    words.NOT_ACCEPTED, label=of_content(spec.label) if spec is not None else name
                )
            if spec.kind is not FactKind.DAY or not isinstance(value, date):
                if not spec.believable(value, today):
                    return _beyond(spec)
                continue
            if spec.days_ahead and not spec.believable(value, today):
                return tr(words.DAY_TOO_FAR, label=of_content(spec.label))
            if value < self._born():
                return tr(words.DAY_BEFORE_BIRTH, label=of_content(spec.label))
            planned = name in controls.PLANNED or name.endswith(controls.REPEAT)
            if planned and value < today:
                return tr(words.DAY_EARLIER, label=of_content(spec.label))
            if not planned and not spec.days_ahead and value > today:
                return tr(words.DAY_LATER, label=of_content(spec.label))
        return ""

    def put_facts(
        self,
        values: Mapping[str, FactValue],
        as_of: date,
        extra: list[tuple[Key, Item | None]] | None = None,
    ) -> None:
        """Put answers, said to the clinician on ``as_of``, into the draft as one undo step."""
        by = words.recorded_by(self._case.session.user.name)
        puts: list[tuple[Key, Item | None]] = [
            (Key.of(ItemKind.FACT, name), Fact(name, value, Origin.CLINICIAN, as_of, by))
            for name, value in values.items()
        ]
        self._case.put("fact.recorded", [*puts, *(extra or [])])

    def _born(self) -> date:
        return self._case.present.consultation.patient.born

    def _today(self) -> date:
        return self._case.desk.clock.today()

    def _record_pregnancy_test(self, taken: Mapping[str, FactValue]) -> str:
        state = self._case.present
        value, collected = str(taken.get("value", "")), taken.get("collected")
        specimen = controls.setting_of(str(taken.get("specimen", "")))
        if value not in dict(words.TEST_VALUES) or specimen is None:
            return tr(words.CHOOSE_RESULT)
        if not isinstance(collected, date):
            return tr(typed.DAY_HELP)
        if collected > self._today():
            return tr(words.SPECIMEN_LATER)
        if collected < self._born():
            return tr(words.DAY_BEFORE_BIRTH, label=tr(words.SPECIMEN_DATE))
        test, setting = specimen
        role = self._next_role(state)
        self._case.record_result(self._result(test, value, collected, setting=setting, role=role))
        return ""

    def _record_lab(self, control: ControlState, taken: Mapping[str, FactValue]) -> str:
        registry = self._case.desk.catalogue.facts
        beside = {name: value for name, value in taken.items() if name in registry}
        refused = self.unfit(beside)
        if not refused and len(beside) < len(taken):
            refused = self._record_result(control, taken)
        if beside and not refused:
            self.put_facts(beside, self._today())
        return refused

    def _record_result(self, control: ControlState, taken: Mapping[str, FactValue]) -> str:
        only = control.names[0] if len(control.names) == 1 else ""
        known = self._case.desk.catalogue.tests.get(str(taken.get("test", only)))
        if known is None or known.id not in control.names:
            return tr(words.CHOOSE_TEST)
        value, collected = taken.get("value"), taken.get("collected")
        if not isinstance(value, Decimal):
            return tr(typed.NUMBER_HELP)
        if not isinstance(collected, date):
            return tr(typed.DAY_HELP)
        if collected > self._today():
            return tr(words.SPECIMEN_LATER)
        if collected < self._born():
            return tr(words.DAY_BEFORE_BIRTH, label=tr(words.SPECIMEN_DATE))
        if known.lowest is not None and value < known.lowest:
            return tr(VALUE_OTHER_UNIT, unit=known.unit)
        limit, fasting = taken.get("upper_limit"), taken.get("fasting")
        hours = taken.get("hours_since_alcohol")
        self._case.record_result(
            self._result(
                known.id,
                value,
                collected,
                unit=known.unit,
                upper_limit=limit if isinstance(limit, Decimal) and limit > 0 else None,
                fasting=fasting if isinstance(fasting, bool) else None,
                hours=hours if isinstance(hours, int) and not isinstance(hours, bool) else None,
            )
        )
        return ""

    def _result(
        self,
        test: str,
        value: Decimal | str,
        collected: date,
        *,
        unit: str | None = None,
        upper_limit: Decimal | None = None,
        setting: TestSetting = TestSetting.MEDICAL,
        fasting: bool | None = None,
        hours: int | None = None,
        role: str | None = None,
    ) -> LabResult:
        return LabResult(
            id=ResultId(new_id()),
            test=test,
            value=value,
            unit=unit,
            upper_limit=upper_limit,
            collected=collected,
            setting=setting,
            fasting=fasting,
            hours_since_alcohol=hours,
            role=role,
            laboratory=None,
            origin=Origin.CLINICIAN,
            recorded_by=self._case.session.user.id,
            recorded_at=self._case.desk.clock.now(),
            corrects=None,
        )

    def _record_contact(self, taken: Mapping[str, FactValue]) -> str:
        state = self._case.present
        registry = self._case.desk.catalogue.facts
        with_it = {name: value for name, value in taken.items() if name in registry}
        if len(with_it) == len(taken):  # the call is on record: what came of it is added
            return self.answer(with_it)
        called = dict(contact_lines.people(state.consultation)).get(str(taken.get("who", "")))
        reached = str(taken.get("reached", ""))
        outcome = str(taken.get("outcome", "")).strip()
        if called is None or reached not in dict(contact_lines.REACHED) or not outcome:
            return tr(words.CONTACT_MISSING)
        refused = self.unfit(with_it)
        if refused:
            return refused
        if with_it:
            self.put_facts(with_it, self._today())
        self._case.record_contact(
            ContactTry(
                self._case.session.user.id, self._case.desk.clock.now(), called, reached, outcome
            )
        )
        return ""

    @staticmethod
    def _next_role(state: CaseState) -> str:
        # A test at home or a positive one is no first test, and neither is one of an earlier
        # course: the next one still has to be it.
        rems = state.appraisal.rems
        done = {step.id: step.done_on for step in rems.steps} if rems is not None else {}
        if "T1" in done and "monthly" not in done:
            return "T1" if done["T1"] is None else "T2"
        if state.appraisal.supplies:
            return "monthly"
        first = screening_test(pregnancy_tests(standing(state.consultation.results)))
        return "T1" if first is None else "T2"


def _beyond(spec: FactSpec) -> str:
    """A number that cannot be meant, with the limits that can."""
    unit = of_content(UNIT_WORDS[spec.unit]) if spec.unit else ""
    low, high = ("" if n is None else wording.number(n) for n in (spec.lowest, spec.highest))
    return tr(words.BEYOND, label=of_content(spec.label), low=low, high=high, unit=unit)
