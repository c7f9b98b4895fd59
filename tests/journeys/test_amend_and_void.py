"""Correcting what was signed: void notices, new versions, and what the store says of the old."""

from __future__ import annotations

import errno
import hashlib
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
    plant,
    with_plain_pages,
)
from test_faults import FailsAt

from tests.inline_jobs import InlineJobs
from workstation import showcase
from workstation.content.documents import read_texts
from workstation.domain.accounts import Role
from workstation.domain.audit import first_break
from workstation.domain.consultation import Status
from workstation.domain.documents import DocumentKind, DocumentState, SignedDocument
from workstation.domain.draft import DecisionKind, ItemKind, Key
from workstation.domain.errors import Conflict, NotAllowed, Refused, WorkstationError
from workstation.domain.ids import ConsultationId, DocumentId
from workstation.presenters.records import RecordsPresenter
from workstation.presenters.records_wording import MARKS
from workstation.workflow import queue, sign, void
from workstation.workflow.appraisal import ISOTRETINOIN
from workstation.workflow.compose import kinds_of
from workstation.workflow.void import EndReason

WRONG = EndReason("writing_error")


def signed(clinic: Clinic, family: str = "Nguyễn") -> tuple[Hand, tuple[SignedDocument, ...]]:
    """A consultation with signed documents, prescription first."""
    hand = clinic.take(family)
    hand.prescribe()
    answer = hand.sign()
    assert isinstance(answer, sign.Signed), answer
    return hand, answer.documents


def make_void(clinic: Clinic, id: DocumentId, reason: EndReason = WRONG) -> void.Voided:
    shown = void.preview_void(clinic.desk, clinic.session, id, reason)
    answer = void.void(clinic.desk, clinic.session, shown, showcase.PIN)
    assert isinstance(answer, void.Voided), answer
    return answer


def states(clinic: Clinic, documents: tuple[SignedDocument, ...]) -> list[str]:
    with clinic.desk.store.reading() as unit:
        ends = [unit.document_end(one.id) for one in documents]
    return ["current" if end is None else end.state.value for end in ends]


def test_void_is_a_signed_notice_that_names_the_document(clinic: Clinic) -> None:
    hand, documents = signed(clinic)
    rx = documents[0]
    made = make_void(clinic, rx.id)
    assert states(clinic, documents) == ["void", "current", "current"]
    kept = clinic.documents(hand.id)
    assert [one.id for one in kept][-1] == made.notice.id and len(kept) == 4
    pdf = clinic.desk.vault.get(made.notice.address)
    assert hashlib.sha256(pdf).hexdigest() == made.notice.pdf_digest
    assert clinic.desk.signer.verify(pdf, clinic.session.user.certificate).state == "valid"
    text = text_of(pdf)
    assert rx.number in text and "Do not dispense" in text and "VN-2026-0001" in text
    assert clinic.desk.vault.get(rx.address)  # the old file stays
    assert clinic.actions()[-1] == "document.voided"
    assert clinic.look(hand.id).status is Status.CLOSED


def text_of(pdf: bytes) -> str:
    import pypdfium2

    opened = pypdfium2.PdfDocument(pdf)
    try:
        pages = [opened[n].get_textpage().get_text_range() for n in range(len(opened))]
    finally:
        opened.close()
    joined = "\n".join(pages).replace("\u2011", "-").replace("\ufffe", "-").replace("\x02", "-")
    return " ".join(joined.split())


def test_a_void_prescription_is_no_supply_and_no_dose(clinic: Clinic) -> None:
    hand, documents = signed(clinic, "Al-Hashimi")
    later = plant_next_visit(clinic, hand)
    before = clinic.look(later)
    own = clinic.look(hand.id).dispensed
    assert len(before.dispensed) == len(own) + 1
    make_void(clinic, documents[0].id)
    assert clinic.look(later).dispensed == own
    with clinic.desk.store.reading() as unit:
        visits = unit.past_visits(before.patient.id, before.submitted_at)
    assert visits[-1].consultation == hand.id and visits[-1].daily is None


def plant_next_visit(clinic: Clinic, hand: Hand) -> ConsultationId:
    seen = clinic.look(hand.id)
    return plant(
        clinic.desk,
        seen,
        patient=seen.patient,
        submitted_at=seen.submitted_at + timedelta(days=28),
        dispensed=(),
        results=(),
    )


def test_two_documents_of_one_sitting_can_be_void(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    _, documents = signed(clinic)
    numbers = [make_void(clinic, one.id).notice.number for one in documents[:2]]
    assert numbers == ["VN-2026-0001", "VN-2026-0002"]
    assert states(clinic, documents) == ["void", "void", "current"]


def test_void_happens_once_and_never_to_a_notice(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    _, documents = signed(clinic)
    shown = void.preview_void(clinic.desk, clinic.session, documents[0].id, WRONG)
    made = make_void(clinic, documents[0].id)
    for attempt, code in (
        (
            lambda: void.void(clinic.desk, clinic.session, shown, showcase.PIN),
            "document.ended.already",
        ),
        (lambda: make_void(clinic, documents[0].id), "document.ended.already"),
        (lambda: make_void(clinic, made.notice.id), "void.notice"),
        (lambda: make_void(clinic, DocumentId("none")), "document.unknown"),
        (lambda: make_void(clinic, documents[1].id, EndReason("because")), "void.reason"),
        (
            lambda: make_void(clinic, documents[1].id, EndReason("other", "short")),
            "void.reason.short",
        ),
    ):
        with pytest.raises(WorkstationError) as caught:
            attempt()
        assert caught.value.code == code


def test_void_asks_for_the_pin_the_key_and_the_role(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    _, documents = signed(clinic)
    shown = void.preview_void(clinic.desk, clinic.session, documents[0].id, WRONG)
    wrong = void.void(clinic.desk, clinic.session, shown, "000000")
    assert isinstance(wrong, void.PinNotAccepted)
    without = replace(clinic.session, key=None)
    assert isinstance(void.void(clinic.desk, without, shown, showcase.PIN), void.NoKey)
    nurse = clinic.colleague(Role.NURSE, "nurse")
    with pytest.raises(NotAllowed):
        void.void(clinic.desk, nurse, shown, OTHER_PIN)
    clinic.change_user(certificate="1234")
    foreign = void.void(clinic.desk, clinic.session, shown, showcase.PIN)
    assert foreign == void.NoKey("sign.key.foreign")
    assert states(clinic, documents) == ["current"] * 3


def test_a_colleague_can_make_it_void_and_the_notice_names_both(clinic: Clinic) -> None:
    _, documents = signed(clinic)
    other = clinic.colleague()
    shown = void.preview_void(clinic.desk, other, documents[0].id, WRONG)
    answer = void.void(clinic.desk, other, shown, OTHER_PIN)
    assert isinstance(answer, void.Voided)
    text = text_of(clinic.desk.vault.get(answer.notice.address))
    assert clinic.session.user.name in text
    assert shown.notice.document.signature.meaning == "Made void by Ana Ortiz, MD"


def test_void_while_somebody_else_makes_it_void(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    _, documents = signed(clinic)
    shown = void.preview_void(clinic.desk, clinic.session, documents[0].id, WRONG)
    desk = replace(
        clinic.desk, signer=During(clinic.desk.signer, lambda: make_void(clinic, documents[0].id))
    )
    with pytest.raises(Conflict) as caught:
        void.void(desk, clinic.session, shown, showcase.PIN)
    assert caught.value.code == "document.ended.already"
    notices = [d for d in clinic.documents(documents[0].consultation) if "VN" in d.number]
    assert len(notices) == 1


@pytest.mark.parametrize(
    "number",
    [errno.EIO, pytest.param(errno.ENOSPC, marks=pytest.mark.long)],
    ids=["broken", "full"],
)
def test_a_fault_at_each_call_of_making_void(clinic: Clinic, number: int) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    durable: Any = clinic.desk.vault._durable
    n, whole = 1, 0
    _, documents = signed(clinic)
    while not whole:
        shown = void.preview_void(clinic.desk, clinic.session, documents[0].id, WRONG)
        durable._before = fault = FailsAt(n, number)
        answer: Any = None
        try:
            answer = void.void(clinic.desk, clinic.session, shown, showcase.PIN)
        except WorkstationError as error:
            assert error.code in ("store.disk.full", "store.disk.fault")
        durable._before = None
        done = isinstance(answer, void.Voided)
        assert states(clinic, documents)[0] == ("void" if done else "current")
        assert len(clinic.documents(documents[0].consultation)) == (4 if done else 3)
        whole = done and fault.calls < n
        assert done or fault.calls == n
        n += 1
        if done and not whole:
            break  # the fault struck after the commit: it stands
    assert n > 5
    with clinic.desk.store.reading() as unit:
        assert first_break(unit.audit_entries(0, 1_000_000)) is None


# -- amending


def amending(clinic: Clinic, hand: Hand, reason: EndReason | None = None) -> Hand:
    answer = void.amend(clinic.desk, clinic.session, hand.id, reason or EndReason("dose_change"))
    assert isinstance(answer, queue.Claimed)
    return Hand(clinic.desk, clinic.session, hand.id, answer.claim.token)


def test_an_amendment_names_the_old_and_replaces_it(clinic: Clinic) -> None:
    hand, old = signed(clinic)
    clinic.clock.later(minutes=30)
    again = amending(clinic, hand, EndReason("other", "The evening capsule was left out"))
    assert states(clinic, old) == ["current"] * 3  # until the new ones are signed
    daily = Decimal(str(again.appraisal.dose.daily)) - 10
    again.put("treat.dose", (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), again.regimen(daily)))
    again.reasons()
    answer = again.sign()
    assert isinstance(answer, sign.Signed), answer
    new = answer.documents
    assert states(clinic, old) == ["amended"] * 3 and states(clinic, new) == ["current"] * 3
    assert {d.number for d in old}.isdisjoint({d.number for d in new})
    texts = [text_of(clinic.desk.vault.get(one.address)) for one in new]
    for before, text in zip(old, texts, strict=True):
        assert before.number in text
    assert "Dispense only one of them" in texts[0]
    assert "evening capsule" not in texts[0] and "evening capsule" in texts[2]
    with clinic.desk.store.reading() as unit:
        ends = unit.document_ends(hand.id)
        assert unit.amendment(hand.id) is None
    assert {(e.document, e.by_document) for e in ends} == {
        (a.id, b.id) for a, b in zip(old, new, strict=True)
    }
    assert clinic.look(hand.id).status is Status.CLOSED
    later = clinic.look(plant_next_visit(clinic, hand))
    assert [one.daily for one in later.dispensed][-1:] == [daily]  # the old supply is gone


def test_an_amendment_passes_the_same_gate(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand, old = signed(clinic)
    again = amending(clinic, hand)
    again.fact("mood.item9", 2)
    answer = again.sign(sign.Previews(again.id, again.revision, ()))
    assert isinstance(answer, sign.Blocked), answer
    assert states(clinic, old) == ["current"] * 3


def test_giving_an_amendment_up_leaves_what_was_signed(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand, old = signed(clinic)
    before = clinic.look(hand.id)
    with clinic.desk.store.reading() as unit:
        draft = unit.history(hand.id).draft
    again = amending(clinic, hand)
    again.annotate(3)
    again.put("treat.cleared", (Key.of(ItemKind.REGIMEN, ISOTRETINOIN), None))
    void.give_up(clinic.desk, clinic.session, hand.id, again.token)
    with clinic.desk.store.reading() as unit:
        assert unit.history(hand.id).draft == draft
        assert unit.amendment(hand.id) is None
    after = clinic.look(hand.id)
    assert (after.status, after.returns_on, after.claim) == (before.status, before.returns_on, None)
    assert states(clinic, old) == ["current"] * 3
    again = amending(clinic, hand)  # and it can be opened again
    assert isinstance(again.sign(), sign.Signed)


def test_giving_up_after_undoing_further_back(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand, _ = signed(clinic)
    with clinic.desk.store.reading() as unit:
        draft = unit.history(hand.id).draft
    again = amending(clinic, hand)
    from workstation.workflow import assess

    for _ in range(2):
        again.revision = assess.move_cursor(
            clinic.desk, clinic.session, hand.id, again.token, again.revision, -1
        )
    again.reload()
    again.annotate(1)
    void.give_up(clinic.desk, clinic.session, hand.id, again.token)
    with clinic.desk.store.reading() as unit:
        assert unit.history(hand.id).draft == draft


def refused(clinic: Clinic) -> list[tuple[Callable[[], object], str]]:
    hand, _ = signed(clinic)
    open_one = clinic.waiting("Marsh")
    twice, _ = signed(clinic, "Al-Hashimi")
    amending(clinic, twice)
    return [
        (
            lambda: void.amend(clinic.desk, clinic.session, open_one, EndReason("dose_change")),
            "amend.not_finished",
        ),
        (lambda: amending(clinic, twice), "amend.open.already"),
        (lambda: amending(clinic, hand, EndReason("nothing")), "amend.reason"),
        (lambda: amending(clinic, hand, EndReason("other", "x")), "amend.reason.short"),
    ]


def test_what_cannot_be_amended(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    for attempt, code in refused(clinic):
        with pytest.raises((Conflict, Refused)) as caught:
            attempt()
        assert caught.value.code == code


def test_an_earlier_visit_is_not_amended_past_a_later_one(clinic: Clinic) -> None:
    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand, _ = signed(clinic, "Al-Hashimi")
    seen = clinic.look(hand.id)
    with clinic.desk.store.reading() as unit:
        first = unit.past_visits(seen.patient.id, seen.submitted_at)[0]
    with pytest.raises(Conflict) as caught:
        void.amend(clinic.desk, clinic.session, first.consultation, EndReason("dose_change"))
    assert caught.value.code == "amend.later_visit"


def test_an_amendment_without_a_prescription_ends_the_old_one(clinic: Clinic) -> None:
    from workstation.domain.draft import DecisionKind

    clinic.opened.desk = with_plain_pages(clinic.desk)
    hand, old = signed(clinic)
    again = amending(clinic, hand)
    again.decide(DecisionKind.START_WORK_UP)
    again.reasons()
    answer = again.sign()
    assert isinstance(answer, sign.Signed), answer
    assert {d.kind for d in answer.documents} == {
        DocumentKind.MONITORING_PLAN,
        DocumentKind.RECORD,
    }
    with clinic.desk.store.reading() as unit:
        end = unit.document_end(old[0].id)
    record = next(d for d in answer.documents if d.kind is DocumentKind.RECORD)
    assert end is not None and end.state is DocumentState.AMENDED and end.by_document == record.id


@pytest.mark.parametrize("kind", sorted({k for d in DecisionKind for k in kinds_of(d)}, key=str))
def test_every_document_has_words_for_what_it_replaces(kind: DocumentKind) -> None:
    said = read_texts("amended", "en")(f"replaces.{kind.value}", number="RX-1", day="1-Dec-2026")
    assert "RX-1" in said and "1-Dec-2026" in said
    assert read_texts("void_notice", "en")(f"kind.{kind.value}")


def test_a_clock_set_back_while_the_notice_is_signed_makes_nothing_void(clinic: Clinic) -> None:
    """Even when it stays ahead of everything on the trail: the notice would be dated ahead of it."""
    clinic.opened.desk = with_plain_pages(clinic.desk)
    _, documents = signed(clinic)
    clinic.clock.later(hours=3)
    shown = void.preview_void(clinic.desk, clinic.session, documents[0].id, WRONG)
    back = During(clinic.desk.signer, lambda: clinic.clock.later(hours=-1))
    clinic.opened.desk = replace(clinic.desk, signer=back)
    answer = void.void(clinic.desk, clinic.session, shown, showcase.PIN)
    assert answer == sign.Blocked((sign.CLOCK_BEHIND,))
    assert states(clinic, documents)[0] == "current"


def test_what_holds_no_more_is_read_and_printed_with_its_mark(clinic: Clinic) -> None:
    _, documents = signed(clinic)
    records = RecordsPresenter(clinic.desk, clinic.session, InlineJobs())
    records.load()
    marks: list[object] = []

    def read() -> object:
        records.pages(lambda number, pages, mark: marks.append(mark))
        records.for_print(lambda number, pages, mark: marks.append(mark))
        on_screen, on_paper = marks[-2:]
        assert on_screen == on_paper
        return on_paper

    assert read() is None
    # Another desk makes it void while this one still lists it as current.
    make_void(clinic, documents[0].id)
    detail = records.state.detail
    assert detail is not None and detail.document == documents[0]
    assert read() == MARKS[DocumentState.VOID]
