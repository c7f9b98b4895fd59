"""Decisions without medicine through the real store, renderer and signer: letters, status, messages."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from clinic_day import Clinic, Hand, plant, with_plain_pages

from tests.inline_jobs import InlineJobs
from workstation import showcase
from workstation.domain.consultation import Status
from workstation.domain.documents import DocumentKind, Fields, MedicineLine
from workstation.domain.draft import DecisionDetail, DecisionKind, GradeOverride, ItemKind, Key
from workstation.domain.errors import Refused, WorkstationError
from workstation.domain.messages import GUARDIAN, Message
from workstation.presenters.case import CaseFile
from workstation.presenters.sign import SignPresenter
from workstation.presenters.sign_state import SignedNotice
from workstation.workflow import queue, sign
from workstation.workflow.message_text import drafted

K = DecisionKind
REASONS = {K.DECLINE: "other_first", K.SEE_IN_PERSON: "pigmented", K.STOP_TREATMENT: "liver"}
REASONS[K.END_COURSE] = "target"


def settle(hand: Hand, kind: DecisionKind, reason: str = "", text: str = "") -> None:
    hand.decide(kind)
    ends = kind in (K.STOP_TREATMENT, K.END_COURSE)
    last = hand.desk.clock.today() if ends else None
    detail = DecisionDetail(reason or REASONS[kind], text, last)
    hand.put("decision.reason", (Key.of(ItemKind.DETAIL, kind.value), detail))


def plain_clinic(clinic: Clinic) -> Clinic:
    clinic.opened = replace(clinic.opened, desk=with_plain_pages(clinic.desk))
    return clinic


@pytest.mark.parametrize("kind", list(REASONS), ids=lambda kind: kind.value)
def test_a_decision_without_medicine_is_signed_while_holds_stand(
    clinic: Clinic, kind: DecisionKind
) -> None:
    plain_clinic(clinic)
    hand = clinic.take("Mwangi")  # most must-asks are not answered
    hand.decide(kind)
    assert hand.appraisal.gate.because == ("DECISION-DETAIL",)
    settle(hand, kind)
    assert hand.appraisal.evaluation.open, "the safety lines still hold a prescription"
    assert hand.appraisal.gate.is_open
    previews = hand.preview()
    for shown in previews.documents:
        assert shown.document.kind is not DocumentKind.PRESCRIPTION
        assert not any(isinstance(b, MedicineLine) for b in shown.document.blocks)
    answer = hand.sign(previews)
    assert isinstance(answer, sign.Signed), answer
    assert {d.kind for d in answer.documents} >= {DocumentKind.RECORD}
    with clinic.desk.store.reading() as unit:
        found = unit.consultation(hand.id)
        later = plant(clinic.desk, found, submitted_at=clinic.clock.now())
        assert found.status in (Status.CLOSED, Status.DEFERRED)
    assert clinic.look(later).dispensed == ()
    assert answer.message is not None and answer.message.message.purpose == kind.value
    assert clinic.look(hand.id).messages == (answer.message,)


def test_a_referral_grades_nothing_that_was_not_counted(clinic: Clinic) -> None:
    plain_clinic(clinic)
    hand = clinic.take("Mwangi")
    settle(hand, K.SEE_IN_PERSON)

    def severity() -> str:
        documents = hand.preview().documents
        (letter,) = (d.document for d in documents if d.document.kind is DocumentKind.REFERRAL)
        known = [row for b in letter.blocks if isinstance(b, Fields) for row in b.pairs]
        return next(value for name, value in known if name.startswith("Acne severity"))

    assert severity() == "not counted at this visit"
    own = GradeOverride("severe", "other", "Nodules that the photos hide")
    hand.put("grade.override", (Key.of(ItemKind.GRADE_OVERRIDE), own))
    assert severity() == "Severe"


def test_a_prescription_is_never_closed_out_by_choosing_another_decision(clinic: Clinic) -> None:
    """Back to prescribing, every hold is there again."""
    hand = clinic.take("Mwangi")
    settle(hand, K.DECLINE)
    assert hand.appraisal.gate.is_open
    hand.decide(K.PRESCRIBE)
    assert any(code.startswith("ASK-") for code in hand.appraisal.gate.because)


def test_a_red_flag_keeps_every_decision_closed_until_somebody_called(clinic: Clinic) -> None:
    plain_clinic(clinic)
    hand = clinic.take("Halvorsen")
    for kind in REASONS:
        settle(hand, kind)
        assert hand.appraisal.gate.because[0] == "TRIAGE-CONTACT", kind
        assert isinstance(hand.sign(), sign.Blocked)
    hand.contact()
    settle(hand, K.END_COURSE)
    assert "ISO-PREG-POS" in hand.appraisal.gate.because, "a pregnancy is stopped, not ended"
    settle(hand, K.STOP_TREATMENT, "pregnancy")
    assert hand.appraisal.gate.is_open
    assert isinstance(hand.sign(), sign.Signed)


def test_questions_are_sent_and_never_signed(clinic: Clinic) -> None:
    hand = clinic.take("Mwangi")
    hand.decide(K.ASK_PATIENT)
    assert hand.appraisal.gate.because == ("DECISION-SENT",)
    with pytest.raises(Refused, match=r"sign\.nothing_to_sign"):
        hand.preview()


def test_treatment_that_ends_comes_back_for_the_test_a_month_after(clinic: Clinic) -> None:
    plain_clinic(clinic)
    hand = clinic.take("Al-Hashimi")  # month 1, can become pregnant; today is 23-Nov-2026
    settle(hand, K.END_COURSE)
    assert isinstance(hand.sign(), sign.Signed)
    found = clinic.look(hand.id)
    assert (found.status, str(found.returns_on)) == (Status.DEFERRED, "2026-12-23")
    clinic.clock.at += timedelta(days=29)
    assert queue.wake(clinic.desk) == 0
    clinic.clock.at += timedelta(days=1)
    assert queue.wake(clinic.desk) == 1
    again = Hand.take(clinic.desk, clinic.session, hand.id)
    roles = {p.role: p.state for p in again.appraisal.plan.tests}
    assert set(roles) >= {"end", "post"} and roles["post"] == "due"
    for test in ("end", "post"):
        on = clinic.clock.today() - timedelta(days=30 if test == "end" else 0)
        again.pregnancy_test("negative", on, test)
    assert {p.state for p in again.appraisal.plan.tests if p.role in ("end", "post")} == {"done"}
    assert isinstance(again.sign(), sign.Signed)
    assert clinic.look(hand.id).status is Status.CLOSED


def test_a_course_of_somebody_who_cannot_become_pregnant_simply_ends(clinic: Clinic) -> None:
    plain_clinic(clinic)
    hand = clinic.take("Nguyễn")
    settle(hand, K.END_COURSE)
    answer = hand.sign()
    assert [d.kind for d in answer.documents] == [DocumentKind.END_LETTER, DocumentKind.RECORD]
    assert clinic.look(hand.id).status is Status.CLOSED


class Full:
    """An outbox without room."""

    def write_text(self, number: str, text: str) -> Path:
        raise WorkstationError("export.folder", errno=28)


def test_an_outbox_that_fails_leaves_the_signature_and_the_message(clinic: Clinic) -> None:
    plain_clinic(clinic)

    hand = clinic.take("Mwangi")
    settle(hand, K.DECLINE)
    hand.desk = replace(hand.desk, outbox=Full())
    answer = hand.sign()
    assert isinstance(answer, sign.Signed) and answer.unwritten == "export.folder"
    assert clinic.look(hand.id).status is Status.CLOSED
    assert clinic.look(hand.id).messages == (answer.message,)


def test_a_message_that_is_not_in_the_outbox_is_told_with_the_signature(clinic: Clinic) -> None:
    plain_clinic(clinic)
    hand = clinic.take("Mwangi")
    settle(hand, K.DECLINE)
    queue.release(clinic.desk, clinic.session, hand.id, hand.token)
    case = CaseFile(replace(clinic.desk, outbox=Full()), clinic.session, InlineJobs())
    presenter = SignPresenter(case)
    signed: list[SignedNotice] = []
    presenter.signed.subscribe(signed.append)
    case.open(hand.id)
    presenter.set_export(False)
    presenter.enter()
    for digit in showcase.PIN:
        presenter.digit(digit)
    presenter.sign()
    (message,) = clinic.look(hand.id).messages
    (notice,) = signed
    assert message.number in notice.problem and "not in the outbox" in notice.problem


def test_the_message_signed_with_is_the_one_edited(clinic: Clinic, tmp_path: Path) -> None:
    plain_clinic(clinic)
    hand = clinic.take("Mwangi")
    settle(hand, K.DECLINE)
    edited = Message(K.DECLINE.value, "es", "patient", "Hola, Wanjirũ: hablamos mañana.")
    hand.put("message.edited", (Key.of(ItemKind.MESSAGE, K.DECLINE.value), edited))
    answer = hand.sign()
    written = next(tmp_path.rglob(f"{answer.message.number}.txt")).read_text()
    assert written == edited.text


def test_a_guardian_reads_nothing_private(clinic: Clinic) -> None:
    """Oyelaran is seventeen; words a guardian must not read are looked for in everything sent."""
    private = (
        *("pregnan", "contracep", "condom", "sex", "period", "mood", "suicid", "phq", "iPLEDGE"),
        *("embaraz", "anticoncep", "relaciones", "ánimo", "regla"),
    )
    plain_clinic(clinic)
    hand = clinic.take("Oyelaran")
    hand.fact("pregnancy.category", "CGP")
    for name in ("mood.phq2", "contraception.methods", "pregnancy.now"):
        hand.fact(name, None)
    with clinic.desk.store.reading() as unit:
        profile = unit.clinic()
    for kind, reason in (
        (K.ASK_PATIENT, ""),
        (K.DECLINE, "pregnancy"),
        (K.SEE_IN_PERSON, "mental_health"),
        (K.STOP_TREATMENT, "pregnancy"),
        (K.STOP_TREATMENT, "mood"),
        (K.END_COURSE, "target"),
    ):
        if kind is K.ASK_PATIENT:
            hand.decide(kind)
        else:
            settle(hand, kind, reason)
        for language in ("en", "es"):
            message = drafted(
                kind, hand.consultation, hand.appraisal, profile, clinic.desk.catalogue,
                language=language, audience=GUARDIAN,
            )  # fmt: skip
            found = [word for word in private if word.casefold() in message.text.casefold()]
            assert not found, (kind, reason, language, message.text)
        if kind is K.ASK_PATIENT:
            continue
        for shown in hand.preview().documents:
            if shown.document.kind is DocumentKind.RECORD:
                continue
            if shown.document.kind is DocumentKind.MONITORING_PLAN:
                continue  # for the laboratory and the patient in person: it says so
            said = repr(shown.document.blocks)
            found = [w for w in private if w.casefold() in said.casefold()]
            assert not found, (kind, reason, shown.document.kind, found)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(K.DECLINE, "not_indicated"), (K.SEE_IN_PERSON, "examination"), (K.STOP_TREATMENT, "patient"),
     (K.END_COURSE, "target")],
)  # fmt: skip
def test_own_words_reach_a_minors_letter_only_when_ticked(
    clinic: Clinic, kind: K, reason: str
) -> None:
    plain_clinic(clinic)
    own = "We spoke about condoms and low mood."
    hand = clinic.take("Oyelaran")
    hand.fact("mood.ideation", True)  # a red flag that a guardian must not read of
    hand.contact("She told of suicidal thoughts and of her pregnancy")
    reasons = clinic.desk.catalogue.decisions.of(kind)
    open_one = next((r.id for r in reasons if not r.private and r.id == reason), "") or next(
        r.id for r in reasons if not r.private
    )
    settle(hand, kind, open_one, own)

    def said() -> str:
        return " ".join(
            repr(shown.document.blocks)
            for shown in hand.preview().documents
            if shown.document.kind not in (DocumentKind.RECORD, DocumentKind.MONITORING_PLAN)
        ).casefold()

    found = said()
    for word in ("condom", "mood", "suicid", "pregnan", "ipledge"):
        assert word not in found, (kind, word)
    detail = hand.history.draft.detail(kind)
    assert detail is not None
    hand.put(
        "decision.text_open",
        (Key.of(ItemKind.DETAIL, kind.value), replace(detail, guardian_reads=True)),
    )
    assert "condoms and low mood" in said()


@pytest.mark.needs("pdftotext")
def test_the_stop_letter_after_a_positive_test_says_who_is_told_and_by_when(
    clinic: Clinic, tmp_path: Path
) -> None:
    hand = clinic.take("Halvorsen")
    hand.contact()
    settle(hand, K.STOP_TREATMENT, "pregnancy", "We call you tomorrow at nine.")
    answer = hand.sign()
    assert isinstance(answer, sign.Signed), answer
    texts = {}
    for document in answer.documents:
        pdf = clinic.desk.vault.get(document.address)
        assert clinic.desk.signer.verify(pdf).state == "valid"
        path = tmp_path / f"{document.number}.pdf"
        path.write_bytes(pdf)
        shown = subprocess.run(
            ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True
        )
        text = shown.stdout.decode().replace("\u2011", "-").replace("\u00a0", " ")
        texts[document.kind] = " ".join(text.split())
    letter = texts[DocumentKind.STOP_LETTER]
    for said in (
        "Stop your medicine",
        "Stop ISOtretinoin now",
        "Obstetrician with experience of reproductive toxicity",
        "1-866-495-0654",
        "1-800-FDA-1088",
        "23-Nov-2026",  # told the same day
        "23-Dec-2026",  # 30 days after the last capsule, and a calendar month after
        "01-Dec-2026",  # 8 days after, no breast-feeding
        "We call you tomorrow at nine.",
    ):
        assert said in letter, said
    assert "mg" not in letter.replace("mg/dL", "")
    plan = texts[DocumentKind.MONITORING_PLAN]
    assert "Tests after treatment" in plan and "No capsules are ordered" in plan
    assert "23-Dec" in plan and "29-Dec-2026" in plan  # the 7 days of the test a month after
    record = texts[DocumentKind.RECORD]
    assert "Positive or possible pregnancy" in record and "Treatment stopped" in record
