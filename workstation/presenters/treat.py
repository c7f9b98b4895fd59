"""The Treat step: decision, safety, prescription and plan on one screen, and the verbs they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from decimal import Decimal

from workstation.domain import dosing, indications
from workstation.domain.accounts import Permission, may
from workstation.domain.consultation import RequestKind
from workstation.domain.decisions import ENDS_TREATMENT, ORDERS_NOTHING
from workstation.domain.draft import (
    DecisionChoice,
    DecisionKind,
    Item,
    ItemKind,
    Key,
    Reason,
)
from workstation.domain.facts import FactValue
from workstation.domain.photo import View
from workstation.domain.safety import ACKNOWLEDGED, OTHER, Finding, Level
from workstation.language import tr
from workstation.presenters import clinical_wording as words
from workstation.presenters import (
    controls,
    dose_words,
    gate_words,
    grown_old,
    plan,
    plan_protocol,
    prescription,
    safety,
    safety_ways,
    wording,
    work_up,
)
from workstation.presenters.basket import Basket
from workstation.presenters.basket_state import BasketState
from workstation.presenters.calendar_file import CalendarFile
from workstation.presenters.case import CaseFile
from workstation.presenters.case_state import CaseChange, CaseState, Happened
from workstation.presenters.controls import ControlState
from workstation.presenters.decision_cards import DecisionCards, DecisionCardState
from workstation.presenters.observable import Event
from workstation.presenters.plan_moves import PlanMoves
from workstation.presenters.plan_protocol import ProtocolChoices, ProtocolState
from workstation.presenters.recording import Recording
from workstation.presenters.regimen_verbs import WEIGHT, RegimenVerbs, weight_of
from workstation.presenters.rems_card import RemsCard, RemsCardState
from workstation.workflow.appraisal import ISOTRETINOIN, Appraisal
from workstation.workflow.gate import CONTACT

WORK_UP_SIGNS = frozenset({"LAB-DUE", "ISO-REMS"})
PREGNANT = "ISO-PREG-POS"


@dataclass(frozen=True, slots=True)
class DecisionState:
    """One decision that can be chosen."""

    kind: DecisionKind
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class TreatState:
    """The whole step. ``gate`` says in words why signing is closed; "" when it is open."""

    generation: int
    available: bool
    decisions: tuple[DecisionState, ...]
    chosen: DecisionKind | None
    safety: safety.SafetyState
    prescription: prescription.PrescriptionState | None
    basket: BasketState | None
    plan: plan.PlanState | None
    work_up: work_up.WorkUpState | None
    gate: str
    card: DecisionCardState | None = None
    rems: RemsCardState | None = None
    protocol: ProtocolState | None = None
    not_yours: str = ""  # why this user cannot go on to sign, whatever the gate says


class TreatPresenter:
    """Turns the open consultation into the Treat screen; every verb is one undo step."""

    def __init__(self, case: CaseFile) -> None:
        self._case = case
        self._recording = Recording(case)
        self.cards = DecisionCards(case, self._complain)
        self.plan = PlanMoves(case)
        self.rems = RemsCard(case)
        self.protocol = ProtocolChoices(case)
        self.calendar = CalendarFile(case, self._complain)
        self.changed: Event[TreatState] = Event()
        self.failed: Event[str] = Event()
        self.dose = RegimenVerbs(case, self._recording, self._show_again)
        self._zone: tuple[int, tzinfo | None] = (-1, None)
        self.basket = Basket(case, self.dose.first, self._show_again)
        self._told: tuple[CaseState, date, TreatState] | None = None
        self._subscription = case.changed.subscribe(self._on_case)

    def close(self) -> None:
        """Stop listening to the consultation."""
        self._subscription.close()

    def today(self) -> date:
        """The clinic's day."""
        return self._case.desk.clock.today()

    @property
    def state(self) -> TreatState | None:
        """The screen now; None when no consultation is open."""
        state = self._case.state
        return None if state is None else self._screen(state)

    @property
    def shown(self) -> TreatState | None:
        """The screen as it was last told, while it is about what is open now; else made anew."""
        told, state = self._told, self._case.state
        if told is None or state is None or told[1] != self.today():
            return self.state
        return told[2] if told[0].differs_in_saving_alone(state) else self.state

    def _tell(self, state: CaseState) -> None:
        screen = self._screen(state)
        self._told = (state, self.today(), screen)
        self.changed.emit(screen)

    def _complain(self, sentence: str) -> None:
        self.failed.emit(sentence)

    # -- arriving

    def enter(self) -> None:
        """On first arrival propose decision and regimen as one undo step."""
        state = self._case.state
        if state is None or state.appraisal.decision is not None or not self._treats(state):
            return
        kind = self._proposal(state)
        puts: list[tuple[Key, Item | None]] = [
            (Key.of(ItemKind.DECISION), self._choice(state, kind))
        ]
        detail = self.cards.arrive(kind)
        if detail is not None:
            puts.append((Key.of(ItemKind.DETAIL, kind.value), detail))
        puts += self.basket.proposal(state)
        proposes = state.appraisal.course and _asks_for_a_course(state)
        regimen = self.dose.first(state) if proposes else None
        if regimen is not None:
            puts.append((Key.of(ItemKind.REGIMEN, ISOTRETINOIN), regimen))
        self._case.put("treat.proposed", puts)

    # -- decision and regimen

    def choose(self, kind: DecisionKind) -> None:
        """Choose a decision; what was entered for the others stays."""
        state = self._case.present
        if state.appraisal.decision is None or state.appraisal.decision.kind is not kind:
            puts: list[tuple[Key, Item | None]] = [
                (Key.of(ItemKind.DECISION), self._choice(state, kind))
            ]
            detail = self.cards.arrive(kind)
            if detail is not None:
                puts.append((Key.of(ItemKind.DETAIL, kind.value), detail))
            self._case.put("decision.chosen", puts)

    def ask_photo(self, view: View) -> str:
        """Ask the patient for a photo of ``view``: that decision, as one undo step; what to say."""
        state = self._case.present
        if not may(self._case.session.user, Permission.TREAT):
            return tr(words.NOT_YOURS_TO_ASK)
        choice = self._choice(state, DecisionKind.ASK_PATIENT)
        puts: list[tuple[Key, Item | None]] = [(Key.of(ItemKind.DECISION), choice)]
        self._case.put("photo.asked", [*puts, *self.cards.asking_for(view)])
        return words.photo_asked(tr(wording.VIEW[view]))

    def choose_bridge(self, medicine: str) -> None:
        """Choose the bridge treatment of a work-up ("" for none)."""
        state = self._case.present
        decision = state.appraisal.decision
        if decision is not None:
            self._case.put_one(
                "bridge.chosen", ItemKind.DECISION, "", replace(decision, bridge=medicine or None)
            )

    # -- safety

    def record(self, control: ControlState, taken: Mapping[str, FactValue]) -> str:
        """Record what was filled into a line's control: exactly that, and nothing when refused.

        Returns the sentence that says what is missing or does not fit, else "".
        """
        self.dose.problem = ""
        if control.kind != controls.WEIGHT or not taken:
            return self._recording.record(control, taken)
        weight, on = taken.get(WEIGHT), taken.get("measured")
        if not isinstance(weight, Decimal) or not isinstance(on, date):
            return dose_words.weight_note(None, None)
        return self.dose.record_weight(weight, on)

    def answer(self, values: Mapping[str, FactValue]) -> str:
        """Record answers given to the clinician today, as one undo step; a sentence or ""."""
        self.dose.problem = ""
        return self._recording.answer(values)

    def give_reason(self, code: str, reason: str, text: str = "") -> str:
        """Answer an OVERRIDE (coded reason, text for *other*) or a WARN; a sentence or ""."""
        if code == safety.COUNSEL_CODE:
            self._counsel()
            return ""
        if code == grown_old.CODE:
            return self._confirm_old()
        finding = self._finding(code)
        if finding is None or finding.level not in (Level.WARN, Level.OVERRIDE):
            return tr(words.NO_REASON_POSSIBLE)
        if reason == safety_ways.SAME:
            before = safety_ways.earlier_reason(finding, self._case.present.earlier_reasons)
            if before is None:
                return tr(words.CHOOSE_REASON)
            reason, text = before.code, before.text
        if finding.level is Level.OVERRIDE:
            if reason not in {r.code for r in finding.reasons}:
                return tr(words.CHOOSE_REASON)
            shortest = self._case.desk.catalogue.rulebook.shortest_reason
            if reason == OTHER and len(text.strip()) < shortest:
                return tr(words.REASON_SHORT)
        self._case.put(
            "reason.given", (self._reason(finding, reason or ACKNOWLEDGED, text.strip()),)
        )
        return ""

    def take_reason_back(self, code: str) -> None:
        """Remove a reason given; for the counselling line, those of all its points."""
        state = self._case.present
        codes = [code]
        if code == safety.COUNSEL_CODE:
            codes = [f.code for f in self._counselling(state)]
        self._case.put("reason.removed", [(Key.of(ItemKind.REASON, c), None) for c in codes])

    # -- inside

    @property
    def _medicine(self) -> dosing.Medicine:
        return self._case.desk.catalogue.medicines[ISOTRETINOIN]

    def _treats(self, state: CaseState) -> bool:
        return state.appraisal.treatable

    def _on_case(self, change: CaseChange) -> None:
        if change.happened is Happened.OPENED:
            self.dose.forget()
            self.basket.forget()
        if change.happened is Happened.FAILED:
            self.failed.emit(words.problem(change.problem))
        if change.state is not None and change.happened is not Happened.SAVED:
            self._tell(change.state)

    def _show_again(self) -> None:
        self._tell(self._case.present)

    def _finding(self, code: str) -> Finding | None:
        findings = self._case.present.appraisal.evaluation.findings
        return next((f for f in findings if f.code == code), None)

    def _counselling(self, state: CaseState) -> list[Finding]:
        return [
            finding
            for finding in state.appraisal.evaluation.findings
            if finding.group == safety.COUNSEL and finding.level is Level.WARN
        ]

    def _counsel(self) -> None:
        found = self._counselling(self._case.present)
        self._case.put(
            "reason.given", tuple(self._reason(finding, ACKNOWLEDGED, "") for finding in found)
        )

    def _confirm_old(self) -> str:
        state, catalogue = self._case.present, self._case.desk.catalogue
        old = grown_old.of(state, catalogue, self._case.desk.clock.today())
        asked = grown_old.confirmable(state.appraisal.evaluation.open, old, catalogue)
        return self._recording.answer(asked) if asked else ""

    def _reason(self, finding: Finding, code: str, text: str) -> tuple[Key, Item]:
        reason = Reason(
            finding.code,
            code,
            text,
            self._case.session.user.id,
            self._case.desk.clock.today(),
            finding.facts_digest,
        )
        return Key.of(ItemKind.REASON, finding.code), reason

    def _proposal(self, state: CaseState) -> DecisionKind:
        stops = {f.code for f in state.appraisal.evaluation.findings if f.level is Level.STOP}
        if state.appraisal.supplies and PREGNANT in stops:
            return DecisionKind.STOP_TREATMENT
        # A first visit lacks enrolment and baseline labs: only the work-up can be signed then.
        if state.appraisal.supplies or not _asks_for_a_course(state):
            return DecisionKind.PRESCRIBE
        codes = {f.code for f in state.appraisal.evaluation.findings if f.level >= Level.HOLD}
        return DecisionKind.START_WORK_UP if codes & WORK_UP_SIGNS else DecisionKind.PRESCRIBE

    def _offered(self, state: CaseState) -> tuple[DecisionKind, ...]:
        """What may be decided: all of it, or what orders nothing where nothing can be prescribed."""
        listed = self._case.desk.catalogue.indications
        first = indications.proposed(listed, state.consultation.request)
        if state.appraisal.treatable or (first is not None and first.medicines):
            return tuple(DecisionKind)
        ends = ENDS_TREATMENT if state.consultation.dispensed else frozenset()
        return tuple(kind for kind in DecisionKind if kind in ORDERS_NOTHING or kind in ends)

    def _choice(self, state: CaseState, kind: DecisionKind) -> DecisionChoice:
        before = state.appraisal.decision
        if before is not None:
            return replace(before, kind=kind)
        listed = self._case.desk.catalogue.indications
        asked_for = indications.proposed(listed, state.consultation.request)
        if asked_for is None or (asked_for.acne and _asks_for_a_course(state)):
            indication, icd10 = words.INDICATION_ACNE
            return DecisionChoice(kind, indication, icd10, None)
        return indications.choose(asked_for, kind=kind)

    def _may_go_on(self, card: DecisionCardState | None) -> bool:
        sends = card is not None and card.send is not None
        return sends or may(self._case.session.user, Permission.SIGN)

    def _local(self, state: CaseState) -> tzinfo | None:
        """The clinic's time zone, read once for each consultation."""
        if self._zone[0] != state.generation:
            with self._case.desk.store.reading() as unit:
                self._zone = (state.generation, wording.zone(unit.clinic().time_zone))
        return self._zone[1]

    def _screen(self, state: CaseState) -> TreatState:
        appraisal = state.appraisal
        catalogue = self._case.desk.catalogue
        today = self._case.desk.clock.today()
        chosen = appraisal.decision.kind if appraisal.decision is not None else None
        waits = chosen is DecisionKind.START_WORK_UP
        card = self.cards.card()
        weight, weight_on = weight_of(state)
        spec = catalogue.facts.get(WEIGHT)
        return TreatState(
            generation=state.generation,
            available=self._treats(state),
            decisions=tuple(
                DecisionState(kind, tr(words.DECISIONS[kind]), kind is chosen)
                for kind in self._offered(state)
            ),
            chosen=chosen,
            safety=safety.panel(
                appraisal,
                state.consultation,
                catalogue,
                work_up=waits,
                without_medicine=card is not None,
                zone=self._local(state) if state.consultation.contacts else None,
                earlier=state.earlier_reasons,
                old=grown_old.of(state, catalogue, today),
            ),
            basket=self.basket.panel(state) if chosen is DecisionKind.PRESCRIBE else None,
            prescription=None
            if chosen is not DecisionKind.PRESCRIBE or not self.basket.is_isotretinoin_open(state)
            else prescription.panel(
                appraisal,
                self._medicine,
                weight=weight,
                weight_on=weight_on,
                today=today,
                weight_days=spec.fresh_days or 0 if spec is not None else 0,
                problem=self.dose.problem,
                registry=catalogue.facts,
                stock=self._case.situation().stock,
            ),
            plan=None
            if waits or not appraisal.course or (card is not None and appraisal.after is None)
            else plan.panel(appraisal.plan, appraisal.rems, appraisal.facts, catalogue, today),
            work_up=work_up.panel(appraisal, state.consultation, catalogue, today),
            gate=_gate_words(appraisal, card),
            not_yours=tr("" if self._may_go_on(card) else words.NOT_YOURS_TO_SIGN),
            protocol=plan_protocol.panel(appraisal.protocol, _because(appraisal), catalogue)
            if chosen is DecisionKind.PRESCRIBE and appraisal.course
            else None,
            card=card,
            rems=self.rems.card(),
        )


def _because(appraisal: Appraisal) -> str:
    return "" if appraisal.plan is None else appraisal.plan.because


def _gate_words(appraisal: Appraisal, card: DecisionCardState | None) -> str:
    """Why the step cannot be left forward: for what is sent, why it cannot be sent."""
    if card is None:
        return gate_words.gate(appraisal)
    if card.send is not None:
        return card.send
    if CONTACT in appraisal.gate.because:
        return gate_words.gate_codes((CONTACT,))
    if card.still:
        return tr("Signing opens when this is complete: {still}", still=card.still)
    return gate_words.gate(appraisal)


def _asks_for_a_course(state: CaseState) -> bool:
    """Whether isotretinoin is what the request is about, or what the patient takes already.

    Acne alone is not: what it is treated with is chosen, and isotretinoin only by who decides so.
    """
    return state.consultation.request is not RequestKind.ACNE or bool(state.appraisal.supplies)
