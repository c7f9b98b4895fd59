"""No way round the sign gate: every attempt calls the workflow itself, past all screens."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from clinic_day import (
    OTHER_PIN,
    Clinic,
    During,
    Hand,
    alt_result,
    plant,
    with_plain_pages,
)

from workstation import showcase
from workstation.adapters.documents.keys import LEAF_DAYS
from workstation.domain.accounts import Role
from workstation.domain.consultation import RequestKind, Status
from workstation.domain.draft import (
    DecisionChoice,
    DecisionKind,
    Item,
    ItemKind,
    Key,
    Reason,
)
from workstation.domain.errors import Conflict, NotAllowed, Refused, WorkstationError
from workstation.domain.ids import ConsultationId
from workstation.domain.safety import Level
from workstation.workflow import assess, clock, queue, sign, signed_files
from workstation.workflow.appraisal import ISOTRETINOIN
from workstation.workflow.desk import Session
from workstation.workflow.session import (
    PIN_WAITS,
    PinAccepted,
    PinClosed,
    PinRefused,
    PinTooSoon,
    check_pin,
    sign_in,
)

REGIMEN = Key.of(ItemKind.REGIMEN, ISOTRETINOIN)


@pytest.fixture
def clinic(clinic: Clinic) -> Clinic:
    """Quick at paper work: the gate is asked before and after it, and real pages come below."""
    clinic.opened.desk = with_plain_pages(clinic.opened.desk)
    return clinic


def ready(clinic: Clinic, family: str = "Nguyễn") -> Hand:
    """A consultation with an open gate."""
    hand = clinic.take(family)
    if family == "Marsh":
        hand.pregnancy_test()
    hand.prescribe()
    assert hand.appraisal.gate.is_open, hand.appraisal.gate
    return hand


def forced(hand: Hand) -> sign.Previews:
    """Previews to press on with: the real ones, or none where nothing can be composed."""
    try:
        return hand.preview()
    except WorkstationError:
        return sign.Previews(hand.id, hand.revision, ())


# -- a closed gate


def positive_test(clinic: Clinic) -> Hand:
    hand = clinic.take("Halvorsen")
    hand.contact()
    hand.prescribe()
    return hand


def no_second_test(clinic: Clinic) -> Hand:
    hand = clinic.take("Marsh")
    hand.prescribe()
    return hand


def test_taken_too_early(clinic: Clinic) -> Hand:
    hand = clinic.take("Marsh")
    hand.pregnancy_test(collected=clinic.clock.today() - timedelta(days=20))
    hand.prescribe()
    return hand


test_taken_too_early.__test__ = False  # a case, not a test


def unanswered_question(clinic: Clinic) -> Hand:
    hand = clinic.take("Mwangi")
    hand.fact("patient.weight", Decimal(60))
    hand.fact("pregnancy.category", "CNGP")
    hand.prescribe()
    return hand


def answers_of_an_earlier_visit(clinic: Clinic) -> Hand:
    hand = ready(clinic)
    clinic.clock.later(days=40)
    return hand


def override_without_reason(clinic: Clinic) -> Hand:
    hand = clinic.take("Nguyễn")
    hand.prescribe()
    weight = Decimal(str(hand.appraisal.facts.value("patient.weight")))
    high = (weight * Decimal("1.3") / 10).to_integral_value() * 10
    hand.put("treat.dose", (REGIMEN, hand.regimen(high)))
    hand.reasons(but=("ISO-DOSE",))
    assert hand.finding("ISO-DOSE").level is Level.OVERRIDE
    return hand


def reason_in_too_few_words(clinic: Clinic) -> Hand:
    hand = override_without_reason(clinic)
    give(hand, "ISO-DOSE", "other", "because")
    return hand


def reason_not_of_this_rule(clinic: Clinic) -> Hand:
    hand = override_without_reason(clinic)
    give(hand, "ISO-DOSE", "acknowledged", "")
    return hand


def reason_for_other_facts(clinic: Clinic) -> Hand:
    hand = override_without_reason(clinic)
    found = hand.finding("ISO-DOSE")
    reason = Reason(
        "ISO-DOSE",
        found.reasons[0].code,
        "",
        hand.session.user.id,
        hand.desk.clock.today(),
        "0" * 64,
    )
    hand.put("reason.given", (Key.of(ItemKind.REASON, "ISO-DOSE"), reason))
    return hand


def reason_for_a_hold(clinic: Clinic) -> Hand:
    hand = no_second_test(clinic)
    for code in ("acknowledged", "other"):
        give(hand, "ISO-PREG-UNK", code, "I have seen the test on paper")
    return hand


def give(hand: Hand, finding: str, code: str, text: str) -> None:
    found = hand.finding(finding)
    reason = Reason(
        finding, code, text, hand.session.user.id, hand.desk.clock.today(), found.facts_digest
    )
    hand.put("reason.given", (Key.of(ItemKind.REASON, finding), reason))


def no_guardian_consent(clinic: Clinic) -> Hand:
    hand = clinic.take("Oyelaran")
    hand.prescribe()
    return hand


def not_licensed_in_the_state(clinic: Clinic) -> Hand:
    hand = ready(clinic)
    clinic.change_user(licences=())
    return hand


def red_flag_without_contact(clinic: Clinic) -> Hand:
    hand = clinic.take("Becker")
    hand.prescribe()
    return hand


def work_up_of_a_red_flag(clinic: Clinic) -> Hand:
    hand = clinic.take("Becker")
    hand.work_up()
    return hand


def work_up_with_a_positive_test(clinic: Clinic) -> Hand:
    hand = clinic.take("Halvorsen")
    hand.contact()
    hand.work_up()
    return hand


def no_decision(clinic: Clinic) -> Hand:
    hand = ready(clinic)
    hand.put("decision.cleared", (Key.of(ItemKind.DECISION), None))
    return hand


def no_dose(clinic: Clinic) -> Hand:
    hand = ready(clinic)
    hand.put("treat.cleared", (REGIMEN, None))
    return hand


def another_request(clinic: Clinic) -> Hand:
    template = clinic.look(clinic.waiting("Nguyễn"))
    id = plant(clinic.desk, template, request=RequestKind.MELASMA)
    hand = Hand.take(clinic.desk, clinic.session, id)
    unlisted = DecisionChoice(DecisionKind.PRESCRIBE, "Advice", "Z71.1", None)
    hand.put("decision.chosen", (Key.of(ItemKind.DECISION), unlisted))
    return hand


CLOSED: tuple[tuple[Callable[[Clinic], Hand], str], ...] = (
    (positive_test, "ISO-PREG-POS"),
    (no_second_test, "ISO-PREG-UNK"),
    (test_taken_too_early, "ISO-PREG-UNK"),
    (unanswered_question, "ASK-MOOD"),
    (answers_of_an_earlier_visit, "ASK-MOOD"),
    (override_without_reason, "ISO-DOSE"),
    (reason_in_too_few_words, "ISO-DOSE"),
    (reason_not_of_this_rule, "ISO-DOSE"),
    (reason_for_other_facts, "ISO-DOSE"),
    (reason_for_a_hold, "ISO-PREG-UNK"),
    (no_guardian_consent, "CONSENT-GUARDIAN"),
    (not_licensed_in_the_state, "RX-LICENSE-STATE"),
    (red_flag_without_contact, "TRIAGE-CONTACT"),
    (work_up_of_a_red_flag, "TRIAGE-CONTACT"),
    (work_up_with_a_positive_test, "ISO-PREG-POS"),
    (no_decision, "DECISION-MISSING"),
    (no_dose, "REGIMEN-MISSING"),
    (another_request, "NOT-TREATABLE"),
)


@pytest.mark.parametrize(("case", "code"), CLOSED, ids=[c.__name__ for c, _ in CLOSED])
def test_a_closed_gate_cannot_be_signed(
    clinic: Clinic, case: Callable[[Clinic], Hand], code: str
) -> None:
    hand = case(clinic)
    before = clinic.actions().count("document.signed")
    for previews in (forced(hand), sign.Previews(hand.id, hand.revision, ())):
        answer = hand.sign(previews)
        assert isinstance(answer, sign.Blocked), answer
        assert code in answer.because
    clinic.assert_unsigned(hand.id)
    assert clinic.actions().count("document.signed") == before


# -- forged previews


def other_bytes(clinic: Clinic, hand: Hand, shown: sign.Previews) -> sign.Previews:
    """Right document and digest, other bytes: what an honest digest would hide."""
    first = replace(shown.documents[0], pdf=shown.documents[1].pdf)
    return replace(shown, documents=(first, *shown.documents[1:]))


def other_bytes_and_digest(clinic: Clinic, hand: Hand, shown: sign.Previews) -> sign.Previews:
    import hashlib

    pdf = shown.documents[0].pdf.replace(b"ISOtretinoin", b"Isotretinoin") + b"\n"
    first = replace(shown.documents[0], pdf=pdf, digest=hashlib.sha256(pdf).hexdigest())
    return replace(shown, documents=(first, *shown.documents[1:]))


def other_document(clinic: Clinic, hand: Hand, shown: sign.Previews) -> sign.Previews:
    """Right bytes under another number and signer name."""
    document = shown.documents[0].document
    box = replace(document.signature, name="Somebody Else")
    forged = replace(document, number="RX-2026-9999", signature=box)
    first = replace(shown.documents[0], document=forged)
    return replace(shown, documents=(first, *shown.documents[1:]))


def fewer_documents(clinic: Clinic, hand: Hand, shown: sign.Previews) -> sign.Previews:
    return replace(shown, documents=shown.documents[:1])


def other_order(clinic: Clinic, hand: Hand, shown: sign.Previews) -> sign.Previews:
    return replace(shown, documents=tuple(reversed(shown.documents)))


def older_revision(clinic: Clinic, hand: Hand, shown: sign.Previews) -> sign.Previews:
    return replace(shown, revision=shown.revision - 1)


def newer_revision(clinic: Clinic, hand: Hand, shown: sign.Previews) -> sign.Previews:
    return replace(shown, revision=shown.revision + 1)


def another_patients_documents(clinic: Clinic, hand: Hand, shown: sign.Previews) -> sign.Previews:
    other = ready(clinic, "Al-Hashimi").preview()
    return replace(shown, documents=other.documents)


FORGED = (
    other_bytes,
    other_bytes_and_digest,
    other_document,
    fewer_documents,
    other_order,
    older_revision,
    newer_revision,
    another_patients_documents,
)


@pytest.mark.parametrize("forge", FORGED, ids=[f.__name__ for f in FORGED])
def test_forged_previews_are_not_signed(
    clinic: Clinic, forge: Callable[[Clinic, Hand, sign.Previews], sign.Previews]
) -> None:
    clinic.opened.desk = clinic.on_paper
    hand = ready(clinic)
    answer = hand.sign(forge(clinic, hand, hand.preview()))
    assert isinstance(answer, sign.Changed), answer
    clinic.assert_unsigned(hand.id)


def test_previews_of_another_consultation_sign_neither(clinic: Clinic) -> None:
    hand, other = ready(clinic), ready(clinic, "Al-Hashimi")
    shown = replace(other.preview(), consultation=hand.id, revision=hand.revision)
    assert isinstance(hand.sign(shown), sign.Changed)
    clinic.assert_unsigned(hand.id)
    clinic.assert_unsigned(other.id)


# -- what happened since the preview


def test_an_edit_since_the_preview_asks_to_look_again(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    hand.annotate(1)
    assert isinstance(hand.sign(shown), sign.Changed)
    hand.revision = assess.move_cursor(
        hand.desk, hand.session, hand.id, hand.token, hand.revision, -1
    )
    # The draft is again what was shown, yet somebody was at work: one more look.
    assert isinstance(hand.sign(shown), sign.Changed)
    clinic.assert_unsigned(hand.id)


def test_a_positive_test_since_the_preview_closes_the_gate(clinic: Clinic) -> None:
    hand = ready(clinic, "Marsh")
    shown = hand.preview()
    hand.pregnancy_test("positive")
    answer = hand.sign(shown)
    assert isinstance(answer, sign.Blocked) and "ISO-PREG-POS" in answer.because
    clinic.assert_unsigned(hand.id)


def test_a_harmless_result_since_the_preview_still_belongs_on_the_pages(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    hand.result(alt_result(hand, "23"))
    assert isinstance(hand.sign(shown), sign.Changed)
    clinic.assert_unsigned(hand.id)


@pytest.mark.parametrize(
    ("value", "answer"), [("negative", sign.Changed), ("positive", sign.Blocked)]
)
def test_a_result_recorded_while_signing_stops_it(clinic: Clinic, value: str, answer: type) -> None:
    hand = ready(clinic, "Marsh")
    shown = hand.preview()
    # Between the check before the PIN and the transaction that stores the documents.
    hand.desk = replace(
        clinic.desk, signer=During(clinic.desk.signer, lambda: hand.pregnancy_test(value))
    )
    assert isinstance(hand.sign(shown), answer)
    clinic.assert_unsigned(hand.id)


def test_an_edit_made_while_signing_stops_it(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    hand.desk = replace(clinic.desk, signer=During(clinic.desk.signer, lambda: hand.annotate(1)))
    assert isinstance(hand.sign(shown), sign.Changed)
    clinic.assert_unsigned(hand.id)


def test_other_peoples_work_while_signing_does_not_stop_it(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()

    def meanwhile() -> None:
        clinic.clock.later(seconds=2)
        with clinic.desk.store.writing("system", "other station") as unit:
            unit.audit("consultation.received", "somebody", {})

    hand.desk = replace(clinic.desk, signer=During(clinic.desk.signer, meanwhile))
    assert isinstance(hand.sign(shown), sign.Signed)


def test_other_clinical_content_since_the_preview_asks_to_look_again(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    newer = replace(clinic.desk.catalogue, edition="2099.1")
    hand.desk = replace(clinic.desk, catalogue=newer)
    assert isinstance(hand.sign(shown), sign.Changed)
    clinic.assert_unsigned(hand.id)


def test_midnight_since_the_preview_asks_to_look_again(clinic: Clinic) -> None:
    hand = ready(clinic)
    clinic.clock.later(hours=11)  # 23:00 at the clinic
    shown = hand.preview()
    clinic.clock.later(hours=2)
    assert hand.sign(shown) == sign.Changed()
    clinic.assert_unsigned(hand.id)


# -- who signs


def test_a_token_of_somebody_else_does_not_sign(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    other = clinic.colleague()
    for call in (
        lambda: sign.sign(clinic.desk, other, shown, hand.token, OTHER_PIN),
        lambda: sign.preview(clinic.desk, other, hand.id, hand.token),
        lambda: assess.open_case(clinic.desk, other, hand.id, hand.token),
    ):
        with pytest.raises(Conflict) as caught:
            call()
        assert caught.value.code == "consultation.claim.lost"
    assert not queue.renew(clinic.desk, other, hand.id, hand.token)
    queue.release(clinic.desk, other, hand.id, hand.token)
    assert isinstance(hand.sign(shown), sign.Signed)  # and the holder was not disturbed


def test_a_lease_that_was_taken_over_does_not_sign(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    clinic.clock.later(minutes=21)
    other = clinic.colleague()
    taken = queue.claim(clinic.desk, other, hand.id)
    assert isinstance(taken, queue.Claimed)
    for token in (hand.token, taken.claim.token):
        with pytest.raises(Conflict) as caught:
            sign.sign(clinic.desk, clinic.session, shown, token, showcase.PIN)
        assert caught.value.code == "consultation.claim.lost"
    clinic.assert_unsigned(hand.id)


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.DERMATOLOGIST])
def test_a_role_that_may_not_sign_does_not(clinic: Clinic, role: Role) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    as_role = Session(replace(clinic.session.user, role=role), clinic.session.key)
    with pytest.raises(NotAllowed):
        sign.sign(clinic.desk, as_role, shown, hand.token, showcase.PIN)
    clinic.change_user(role=role)  # taken away while the session goes on
    with pytest.raises(NotAllowed):
        hand.sign(shown)
    clinic.assert_unsigned(hand.id)


def test_an_account_that_was_switched_off_does_not_sign(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    clinic.change_user(active=False)
    with pytest.raises(NotAllowed) as caught:
        hand.sign(shown)
    assert caught.value.code == "session.user.inactive"
    clinic.assert_unsigned(hand.id)


def test_a_key_that_is_missing_expired_or_foreign_does_not_sign(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    me, other = clinic.session, clinic.colleague()
    assert other.key is not None

    def answer(session: Session) -> Any:
        return sign.sign(clinic.desk, session, shown, hand.token, showcase.PIN)

    assert answer(Session(me.user, None)) == sign.NoKey("sign.key.none")
    assert answer(Session(me.user, other.key)) == sign.NoKey("sign.key.foreign")
    # Claiming that key as one's own in the session does not make it so in the store.
    as_mine = replace(me.user, certificate=other.key.serial)
    assert answer(Session(as_mine, other.key)) == sign.NoKey("sign.key.foreign")
    clinic.change_user(certificate="ab12")  # renewed or taken away at another desk
    assert answer(me) == sign.NoKey("sign.key.foreign")
    clinic.change_user(certificate=me.user.certificate)
    clinic.clock.later(days=LEAF_DAYS + 1)
    assert answer(me) == sign.NoKey("sign.key.expired")
    clinic.assert_unsigned(hand.id)


def test_a_clock_set_back_does_not_sign(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    clinic.clock.later(hours=-2)
    assert hand.sign(shown) == sign.Blocked((sign.CLOCK_BEHIND,))
    clinic.assert_unsigned(hand.id)
    clinic.clock.later(hours=2)
    hand.desk = replace(
        clinic.desk, signer=During(clinic.desk.signer, lambda: clinic.clock.later(hours=-1))
    )
    assert hand.sign(shown) == sign.Blocked((sign.CLOCK_BEHIND,))
    clinic.assert_unsigned(hand.id)


def test_a_clock_set_back_does_not_sign_whatever_was_written_since(clinic: Clinic) -> None:
    """The minute's look puts the jump on the trail under the earlier time: that opens nothing."""
    hand = ready(clinic)
    clinic.clock.later(hours=-5)
    for _ in range(3):
        assert clinic.opened.clock() is not None
        assert "clock.jumped" in clinic.actions()
        hand.annotate(1)
        assert hand.sign(hand.preview()) == sign.Blocked((sign.CLOCK_BEHIND,))
        clinic.clock.later(hours=1)
    clinic.assert_unsigned(hand.id)
    clinic.clock.later(hours=2)  # where it stood before
    assert isinstance(hand.sign(hand.preview()), sign.Signed)


def test_a_clock_that_had_stood_ahead_is_confirmed_by_an_administrator(clinic: Clinic) -> None:
    hand, other = ready(clinic), ready(clinic, "Al-Hashimi")
    admin = Session(replace(clinic.session.user, administers=True), clinic.session.key)
    with pytest.raises(Conflict, match=r"clock\.right"):
        clock.confirm(clinic.desk, admin, "Nothing is wrong with it")
    clinic.clock.later(hours=-5)
    with pytest.raises(Refused, match=r"clock\.reason"):
        clock.confirm(clinic.desk, admin, " ahead ")
    with pytest.raises(NotAllowed):
        clock.confirm(
            clinic.desk, replace(admin, user=replace(admin.user, administers=False)), "x" * 20
        )
    hand.annotate(1)
    assert hand.sign(hand.preview()) == sign.Blocked((sign.CLOCK_BEHIND,))
    clock.confirm(clinic.desk, admin, "The battery of the board was empty")
    with clinic.desk.store.reading() as unit:
        told = json.loads(unit.audit_of("clock", ("clock.confirmed",))[0].detail)
    assert told["reason"] == "The battery of the board was empty" and told["before"] > told["after"]
    clinic.clock.later(seconds=1)
    assert isinstance(hand.sign(hand.preview()), sign.Signed)
    # What was confirmed holds for that step alone.
    clinic.clock.later(hours=-1)
    other.annotate(1)
    assert other.sign(other.preview()) == sign.Blocked((sign.CLOCK_BEHIND,))


# -- the PIN


def test_five_wrong_pins_close_signing_until_the_password(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    left, waits = [], []
    for _ in range(4):
        answer = hand.sign(shown, pin="000000")
        assert isinstance(answer, sign.PinNotAccepted) and isinstance(answer.answer, PinRefused)
        left.append(answer.answer.tries_left)
        waits.append(answer.answer.wait)
        # Before the wait is over the right PIN is not even looked at, and no try is lost.
        clinic.clock.at += waits[-1] - timedelta(seconds=1)
        early = hand.sign(shown)
        assert early == sign.PinNotAccepted(PinTooSoon(left[-1], timedelta(seconds=1)))
        clinic.clock.later(seconds=1)
    assert left == [4, 3, 2, 1]
    assert waits == sorted(waits) and len(set(waits)) == 4 and waits[0] > timedelta(0)
    for pin in ("000000", showcase.PIN, showcase.PIN):
        answer = hand.sign(shown, pin=pin)
        assert isinstance(answer, sign.PinNotAccepted) and isinstance(answer.answer, PinClosed)
    clinic.clock.later(minutes=16)  # time alone opens nothing
    answer = hand.sign(shown)
    assert isinstance(answer, sign.PinNotAccepted) and isinstance(answer.answer, PinClosed)
    clinic.assert_unsigned(hand.id)
    with pytest.raises(NotAllowed):
        sign_in(clinic.desk, showcase.LOGIN, "not the password")
    assert isinstance(hand.sign(shown), sign.PinNotAccepted)
    hand.session = sign_in(clinic.desk, showcase.LOGIN, showcase.PASSWORD)
    assert isinstance(hand.sign(shown), sign.Signed)
    assert clinic.actions().count("session.pin_refused") == 5


class CountingKeys:
    """The key ring, counting how often a PIN was really compared."""

    def __init__(self, keys: Any) -> None:
        self._keys, self.compared, self._lock = keys, 0, threading.Lock()

    def pin_matches(self, verifier: str, pin: str) -> bool:
        with self._lock:
            self.compared += 1
        return bool(self._keys.pin_matches(verifier, pin))


def test_wrong_pins_at_once_get_no_more_tries(clinic: Clinic) -> None:
    keys = CountingKeys(clinic.desk.keys)
    desk = replace(clinic.desk, keys=keys)
    answers = at_once(20, lambda n: check_pin(desk, clinic.session, f"{n:06d}"))
    assert keys.compared == 1  # the others came within the wait after the first
    assert sum(isinstance(a, PinTooSoon) for a in answers) == 19
    assert isinstance(check_pin(clinic.desk, clinic.session, showcase.PIN), PinTooSoon)
    clinic.clock.later(seconds=2)
    assert isinstance(check_pin(clinic.desk, clinic.session, showcase.PIN), PinAccepted)


def test_a_wait_survives_a_restart_and_no_clock_lengthens_it(
    clinic: Clinic, open_clinic: Callable[..., Clinic]
) -> None:
    folder, clock = clinic.opened.folder, clinic.clock
    for _ in range(3):
        assert isinstance(check_pin(clinic.desk, clinic.session, "000000"), PinRefused)
        clock.later(seconds=15)
    last = check_pin(clinic.desk, clinic.session, "000000")
    assert isinstance(last, PinRefused) and last.wait == PIN_WAITS[-1]
    clinic.opened.close()
    again = open_clinic(folder, clock)
    early = check_pin(again.desk, again.session, showcase.PIN)
    assert isinstance(early, PinTooSoon)
    assert early.tries_left == 5  # the password was given: the count is forgotten, the wait is not
    clock.later(hours=-3)
    early = check_pin(again.desk, again.session, showcase.PIN)
    assert isinstance(early, PinTooSoon) and early.left == PIN_WAITS[-1]
    clock.later(hours=3, seconds=61)
    assert isinstance(check_pin(again.desk, again.session, showcase.PIN), PinAccepted)


def test_a_start_with_the_password_opens_signing_again(
    clinic: Clinic, open_clinic: Callable[..., Clinic]
) -> None:
    folder, clock = clinic.opened.folder, clinic.clock
    for _ in range(5):
        answer = check_pin(clinic.desk, clinic.session, "000000")
        clock.later(seconds=61)
    assert isinstance(answer, PinClosed)
    assert isinstance(check_pin(clinic.desk, clinic.session, showcase.PIN), PinClosed)
    clinic.opened.close()
    again = open_clinic(folder, clock)
    assert isinstance(check_pin(again.desk, again.session, showcase.PIN), PinAccepted)


# -- twice


def at_once(number: int, call: Callable[[int], Any]) -> list[Any]:
    """What ``number`` threads got that started together; errors are answers too."""
    start, answers = threading.Barrier(number), [None] * number

    def run(n: int) -> None:
        start.wait()
        try:
            answers[n] = call(n)
        except WorkstationError as error:
            answers[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def signed_once(clinic: Clinic, hand: Hand, answers: list[Any]) -> None:
    signed = [a for a in answers if isinstance(a, sign.Signed)]
    assert len(signed) == 1, answers
    assert all(
        isinstance(a, (Conflict, sign.Changed, sign.PinNotAccepted))
        for a in answers
        if not isinstance(a, sign.Signed)
    ), answers
    stored = clinic.documents(hand.id)
    assert len(stored) == 3 and {d.id for d in stored} == {d.id for d in signed[0].documents}
    assert clinic.look(hand.id).status is Status.CLOSED
    assert clinic.actions()[-3:] == ["document.signed"] * 3


def test_twenty_signatures_at_once_sign_once(clinic: Clinic) -> None:
    hand = ready(clinic)
    before = clinic.actions().count("document.signed")
    shown = hand.preview()
    signed_once(clinic, hand, at_once(20, lambda _: hand.sign(shown)))
    assert clinic.actions().count("document.signed") == before + 3


def test_two_windows_signing_real_pages_at_once_sign_once(
    clinic: Clinic, open_clinic: Callable[..., Clinic]
) -> None:
    clinic.opened.desk = clinic.on_paper
    hand = ready(clinic)
    window = open_clinic(clinic.opened.folder, clinic.clock)
    second = Hand(window.desk, window.session, hand.id, hand.token)
    shown = hand.preview()
    assert second.preview() == shown
    signed_once(clinic, hand, at_once(4, lambda n: (hand, second)[n % 2].sign(shown)))


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_a_thousand_races_sign_once_each(clinic: Clinic) -> None:
    template = clinic.look(clinic.waiting("Nguyễn"))
    for _ in range(1000):
        hand = Hand.take(clinic.desk, clinic.session, plant(clinic.desk, template))
        hand.prescribe()
        shown = hand.preview()
        signed_once(clinic, hand, at_once(2, lambda _, h=hand, s=shown: h.sign(s)))


def test_a_signed_consultation_cannot_be_signed_edited_or_claimed_again(clinic: Clinic) -> None:
    hand = ready(clinic)
    shown = hand.preview()
    assert isinstance(hand.sign(shown), sign.Signed)
    with pytest.raises(Conflict):
        hand.sign(shown)
    with pytest.raises(Conflict):
        hand.annotate(1)
    with pytest.raises(Conflict):
        assess.move_cursor(hand.desk, hand.session, hand.id, hand.token, hand.revision, -1)
    assert isinstance(queue.claim(hand.desk, hand.session, hand.id), queue.Gone)
    for status in Status:
        with (
            pytest.raises(Conflict),
            clinic.desk.store.writing(clinic.session.user.id, "s") as unit,
        ):
            unit.set_status(hand.id, 0, status, None)


# -- beside the gate


def test_a_computed_fact_cannot_be_typed_in(clinic: Clinic) -> None:
    hand = clinic.take("Marsh")
    hand.fact("pregnancy.test.state", "valid")
    hand.fact("pregnancy.test.result", "negative")
    hand.prescribe()
    answer = hand.sign()
    assert isinstance(answer, sign.Blocked) and "ISO-PREG-UNK" in answer.because


def test_an_answer_dated_tomorrow_or_of_the_wrong_kind_is_no_answer(clinic: Clinic) -> None:
    hand = clinic.take("Oyelaran")
    hand.prescribe()
    waiting = [f for f in hand.appraisal.evaluation.findings if f.code == "CONSENT-GUARDIAN"]
    assert waiting
    for name in waiting[0].control.names if waiting[0].control else ():
        spec = hand.desk.catalogue.facts[name]
        for value in ("yes", 1, "2026-11-23", ("x",)):
            if not spec.accepts(value):
                hand.fact(name, value)
                assert "CONSENT-GUARDIAN" in hand.appraisal.gate.because
        hand.fact(name, None)


def test_only_a_document_of_the_record_is_exported(clinic: Clinic) -> None:
    hand = ready(clinic)
    signed = hand.sign()
    assert isinstance(signed, sign.Signed)
    first = signed.documents[0]
    path = signed_files.export(clinic.desk, clinic.session, first).path
    assert path.name == f"{first.number}.pdf"
    photo = clinic.look(hand.id).photos[0]
    for forged in (
        replace(first, number="RX-2026-9999"),
        replace(first, address=photo.original),
        replace(first, pdf_digest="0" * 64),
    ):
        with pytest.raises(WorkstationError) as caught:
            signed_files.export(clinic.desk, clinic.session, forged)
        assert caught.value.code.startswith("export.")
    beside = path.with_suffix(".fhir.json").name
    assert sorted(p.name for p in path.parent.iterdir()) == sorted([path.name, beside])
    assert clinic.actions().count("document.exported") == 1


def test_a_work_up_holds_back_the_medicine_only(clinic: Clinic) -> None:
    """What waits for the work-up does not stop it; switching to a prescription afterwards does."""
    hand = clinic.take("Nwosu")
    hand.fact("pregnancy.category", "CGP")
    hand.work_up()
    assert hand.appraisal.gate.is_open
    shown = hand.preview()
    hand.decide(DecisionKind.PRESCRIBE)
    puts: tuple[Key, Item] = (REGIMEN, hand.regimen())
    hand.put("treat.dose", puts)
    answer = hand.sign(replace(shown, revision=hand.revision))
    assert isinstance(answer, sign.Blocked) and "ISO-REMS" in answer.because
    clinic.assert_unsigned(ConsultationId(hand.id))


def test_paper_that_fails_undoes_no_signature(clinic: Clinic) -> None:
    """The pages cannot be drawn for the printer: the documents hold as they were signed."""
    hand = ready(clinic)
    signed = hand.sign()
    assert isinstance(signed, sign.Signed)

    class Jammed:
        def pages(self, pdf: bytes, scale: float) -> tuple[Any, ...]:
            raise WorkstationError("document.pdf.unreadable")

    before = clinic.documents(hand.id)
    with pytest.raises(WorkstationError):
        signed_files.for_print(
            replace(clinic.desk, renderer=Jammed()), clinic.session, signed.documents[0], 1.0
        )
    assert clinic.documents(hand.id) == before
    assert clinic.look(hand.id).status is Status.CLOSED
    assert "document.printed" not in clinic.actions()
