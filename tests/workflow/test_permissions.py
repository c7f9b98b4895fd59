"""Every workflow call asks for its permission first: before it reads, writes or decodes anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from workstation.domain.accounts import PERMISSIONS, Permission, Role, User, may
from workstation.domain.consultation import ContactTry
from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.draft import Change, Edit, ItemKind, Key, Note
from workstation.domain.errors import NotAllowed
from workstation.domain.exchange import Exchanged
from workstation.domain.facts import Origin
from workstation.domain.ids import (
    ConsultationId,
    DocumentId,
    ResultId,
    UserId,
    VaultAddress,
)
from workstation.domain.messages import Message, SentMessage
from workstation.domain.records import RecordsFilter
from workstation.domain.results import LabResult
from workstation.domain.triage import TriageLevel
from workstation.workflow import (
    assess,
    detect,
    exchange,
    leaflets,
    messages,
    queue,
    records,
    second_read,
    session,
    sign,
    triage,
    verify,
    void,
)
from workstation.workflow.desk import Desk, Session
from workstation.workflow.ports import QueueFilter

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
ID, TOKEN = ConsultationId("c1"), 1


class ReachedError(Exception):
    """The call went past its permission."""


class Untouched:
    """Any use of it means that the call was let through."""

    def __getattr__(self, name: str) -> Any:
        raise ReachedError(name)


def desk() -> Desk:
    return Desk(**{field.name: Untouched() for field in fields(Desk)})


def someone(role: Role, *, active: bool = True) -> Session:
    user = User(
        UserId("u1"), "login", "Ana Ortiz", "MD", role, None, (), None, active, NOW
    )  # fmt: skip
    return Session(user, None)


def edit(kind: ItemKind) -> Edit:
    return Edit("made.up", (Change(Key.of(kind, "x"), None, Note("n")),), UserId("u1"), NOW)


RESULT = LabResult(
    ResultId("r"), "alt", "1", None, None, date(2026, 11, 1), None, None, None, None, None,
    Origin.CLINICIAN, None, NOW, None,
)  # fmt: skip
DOCUMENT = SignedDocument(
    DocumentId("d"), ID, DocumentKind.RECORD, "CR-2026-0001", "", "", VaultAddress("a"),
    UserId("u1"), "", NOW, "B-B", "",
)  # fmt: skip
TRIED = ContactTry(UserId("u1"), NOW, "patient", "yes", "")
SHOWN = sign.Previews(ID, 1, ())
ASK = Message("photos", "en", "patient", "Please send us a new photo.")
SENT = SentMessage("ME-2026-0001", ASK, UserId("u1"), NOW)


@dataclass(frozen=True)
class Call:
    """One use case with the permission that it needs."""

    name: str
    needs: Permission
    make: Callable[[Desk, Session], object]


_P = Permission
CALLS = (
    Call("queue.page", _P.VIEW, lambda d, s: queue.page(d, s, QueueFilter())),
    Call("queue.look", _P.VIEW, lambda d, s: queue.look(d, s, ID)),
    Call("queue.next_waiting", _P.VIEW, lambda d, s: queue.next_waiting(d, s, None)),
    Call("queue.interrupted", _P.VIEW, queue.interrupted),
    Call("queue.claim", _P.CLAIM, lambda d, s: queue.claim(d, s, ID)),
    Call("queue.renew", _P.CLAIM, lambda d, s: queue.renew(d, s, ID, TOKEN)),
    Call("queue.release", _P.CLAIM, lambda d, s: queue.release(d, s, ID, TOKEN)),
    Call("assess.open_case", _P.VIEW, lambda d, s: assess.open_case(d, s, ID, TOKEN)),
    *(
        Call(
            f"assess.commit_edit:{kind.value}",
            _P.ANNOTATE if kind.value in assess.DRAWN else _P.TREAT,
            lambda d, s, k=kind: assess.commit_edit(d, s, ID, TOKEN, 0, edit(k)),
        )
        for kind in ItemKind
    ),
    Call("assess.move_cursor", _P.ANNOTATE, lambda d, s: assess.move_cursor(d, s, ID, 1, 1, -1)),
    Call(
        "assess.record_result",
        _P.RECORD_RESULT,
        lambda d, s: assess.record_result(d, s, ID, TOKEN, RESULT),
    ),
    Call(
        "assess.record_contact",
        _P.RECORD_CONTACT,
        lambda d, s: assess.record_contact(d, s, ID, TRIED),
    ),
    Call(
        "assess.record_result:unclaimed",
        _P.RECORD_RESULT,
        lambda d, s: assess.record_result(d, s, ID, None, RESULT),
    ),
    Call("messages.ask_patient", _P.ASK_PATIENT, lambda d, s: messages.ask_patient(d, s, ID, ASK)),
    Call("messages.write_again", _P.EXPORT, lambda d, s: messages.write_again(d, s, SENT)),
    Call("triage.defer", _P.TRIAGE, lambda d, s: triage.defer(d, s, ID, date(2026, 12, 1))),
    Call(
        "triage.set_level",
        _P.TRIAGE,
        lambda d, s: triage.set_level(d, s, ID, TriageLevel.URGENT, ""),
    ),
    Call("detect.propose", _P.ANNOTATE, lambda d, s: detect.propose(d, s, None, ID)),
    Call("exchange.export", _P.EXPORT, lambda d, s: exchange.export(d, s, ID)),
    Call(
        "exchange.take",
        _P.ANNOTATE,
        lambda d, s: exchange.take(d, s, ID, Exchanged("", {}, (), ())),
    ),
    Call("second_read.begin", _P.SECOND_READ, lambda d, s: second_read.begin(d, s, ID)),
    Call("second_read.commit", _P.SECOND_READ, lambda d, s: second_read.commit(d, s, None, None)),
    Call("second_read.take", _P.SECOND_READ, lambda d, s: second_read.take(d, s, None, None)),
    Call("second_read.finish", _P.SECOND_READ, lambda d, s: second_read.finish(d, s, None)),
    Call("second_read.agreement", _P.VIEW, lambda d, s: second_read.agreement(d, s, ID)),
    Call(
        "void.preview_void",
        _P.SIGN,
        lambda d, s: void.preview_void(d, s, DocumentId("d"), void.Reason("writing_error")),
    ),
    Call("void.void", _P.SIGN, lambda d, s: void.void(d, s, None, "")),
    Call("void.amend", _P.SIGN, lambda d, s: void.amend(d, s, ID, void.Reason("dose_change"))),
    Call("void.give_up", _P.TREAT, lambda d, s: void.give_up(d, s, ID, TOKEN)),
    Call("verify.verify_file", _P.VIEW, lambda d, s: verify.verify_file(d, s, b"")),
    Call("verify.verify_stored", _P.VIEW, lambda d, s: verify.verify_stored(d, s, DOCUMENT)),
    Call("records.page", _P.VIEW, lambda d, s: records.page(d, s, RecordsFilter("", None, 1))),
    Call("records.versions", _P.VIEW, lambda d, s: records.versions(d, s, DOCUMENT)),
    Call("records.trail", _P.AUDIT, records.trail),
    Call("leaflets.handout", _P.EXPORT, lambda d, s: leaflets.handout(d, s, ID, "en")),
    Call("leaflets.photo_sheet", _P.EXPORT, lambda d, s: leaflets.photo_sheet(d, s, ID)),
    Call("sign.preview", _P.TREAT, lambda d, s: sign.preview(d, s, ID, TOKEN)),
    Call("sign.sign", _P.SIGN, lambda d, s: sign.sign(d, s, SHOWN, TOKEN, "246810")),
    Call("sign.export", _P.EXPORT, lambda d, s: sign.export(d, s, DOCUMENT)),
    Call("sign.for_print", _P.EXPORT, lambda d, s: sign.for_print(d, s, DOCUMENT, 1.0)),
    Call("session.check_pin", _P.SIGN, lambda d, s: session.check_pin(d, s, "246810")),
)
# Not asked: they act for nobody (``queue.wake``, ``intake.receive``), come before a session
# (``session.sign_in``, ``signed_in``), end one (``locked``), or only read what an opened
# consultation already holds (``assess.thumbnail`` and the pixels, ``queue.holder_of``).
UNASKED = frozenset(
    {"wake", "holder_of", "signed_in", "sign_in", "locked"}
    | {"earlier_reasons", "preview_pixels", "full_pixels", "thumbnail"}
    | {"state_of", "may_read_trail"}  # told without reading a record of their own
    | {"free", "may_leave", "keep"}  # parts of calls that have asked
)


@pytest.mark.parametrize("role", list(Role), ids=[r.value for r in Role])
@pytest.mark.parametrize("call", CALLS, ids=[c.name for c in CALLS])
def test_a_call_is_refused_exactly_for_the_roles_that_lack_it(call: Call, role: Role) -> None:
    if call.needs in PERMISSIONS[role]:
        with pytest.raises(Exception) as let_through:  # noqa: PT011 - any way of going on counts
            call.make(desk(), someone(role))
            raise ReachedError("nothing to do")
        assert not isinstance(let_through.value, NotAllowed)
        return
    with pytest.raises(NotAllowed) as refused:
        call.make(desk(), someone(role))
    assert refused.value.code == "session.permission"
    assert refused.value.context == {"permission": call.needs.value}


@pytest.mark.parametrize("call", CALLS, ids=[c.name for c in CALLS])
def test_an_account_that_is_switched_off_may_nothing(call: Call) -> None:
    for role in Role:
        with pytest.raises(NotAllowed):
            call.make(desk(), someone(role, active=False))


def test_an_edit_of_several_kinds_needs_the_stronger_permission(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawing = {**PERMISSIONS, Role.NURSE: PERMISSIONS[Role.NURSE] | {_P.ANNOTATE}}
    monkeypatch.setattr("workstation.domain.accounts.PERMISSIONS", drawing)
    both = replace(
        edit(ItemKind.ANNOTATION),
        changes=(*edit(ItemKind.ANNOTATION).changes, *edit(ItemKind.REASON).changes),
    )
    nurse = someone(Role.NURSE)
    with pytest.raises(ReachedError):
        assess.commit_edit(desk(), nurse, ID, TOKEN, 0, edit(ItemKind.ANNOTATION))
    with pytest.raises(NotAllowed):
        assess.commit_edit(desk(), nurse, ID, TOKEN, 0, both)


def test_every_public_use_case_is_in_the_table() -> None:
    import inspect

    named = {call.name.partition(":")[0] for call in CALLS}
    for module, name in (
        (queue, "queue"),
        (assess, "assess"),
        (sign, "sign"),
        (session, "session"),
        (triage, "triage"),
        (messages, "messages"),
        (detect, "detect"),
        (exchange, "exchange"),
        (void, "void"),
        (verify, "verify"),
        (records, "records"),
        (leaflets, "leaflets"),
    ):
        for made, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not made.startswith("_")
            if own and made not in UNASKED:
                assert f"{name}.{made}" in named, f"{name}.{made} has no row"


def test_the_table_of_roles_is_as_agreed() -> None:
    """Only a dermatologist treats and signs; nobody who administers reads patients' records."""
    for permission in (_P.SIGN, _P.TREAT, _P.ANNOTATE, _P.CLAIM):
        assert [r for r in Role if permission in PERMISSIONS[r]] == [Role.DERMATOLOGIST]
    assert not may(someone(Role.ADMINISTRATOR).user, _P.VIEW)
    assert not may(someone(Role.AUDITOR).user, _P.RECORD_RESULT)
