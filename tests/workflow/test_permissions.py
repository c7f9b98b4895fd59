"""Every workflow call asks for its permission first: before it reads, writes or decodes anything."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import workstation.workflow
from tests.ui.treat_world import content
from workstation.domain.accounts import PERMISSIONS, Permission, Role, User, may
from workstation.domain.consultation import ContactTry
from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.draft import Change, Edit, ItemKind, Key, Note
from workstation.domain.errors import NotAllowed, Refused
from workstation.domain.exchange import Exchanged
from workstation.domain.facts import Origin
from workstation.domain.identity import Settled
from workstation.domain.ids import (
    ConsultationId,
    DocumentId,
    PatientId,
    ResultId,
    UserId,
    VaultAddress,
)
from workstation.domain.messages import Message, SentMessage
from workstation.domain.records import RecordsFilter
from workstation.domain.results import LabResult
from workstation.domain.rules import Level
from workstation.domain.triage import TriageLevel
from workstation.workflow import (
    accounts,
    assess,
    backup,
    board,
    clinic_profile,
    clock,
    colleagues,
    detect,
    emergency,
    escalation,
    exchange,
    favourites,
    firings,
    followup,
    handing_over,
    identity,
    intake,
    leaflets,
    messages,
    own_rules,
    person,
    plan_calendar,
    queue,
    records,
    results,
    retold,
    rule_levels,
    second_read,
    session,
    settings,
    sign,
    signed_files,
    signing_keys,
    stated,
    stock,
    timestamps,
    triage,
    undispensed,
    verify,
    versions,
    viewing,
    void,
)
from workstation.workflow.desk import Desk, Session
from workstation.workflow.ports import QueueFilter
from workstation.workflow.ports.board import DueFilter

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
ID, TOKEN, PATIENT = ConsultationId("c1"), 1, PatientId("p1")


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
OTHER = User(
    UserId("u2"), "other", "Ines Berg", "", Role.NURSE, None, (), None, True, NOW
)  # fmt: skip
WRONG = void.EndReason("wrong_patient", "")
SENT = SentMessage("ME-2026-0001", ASK, UserId("u1"), NOW)


@dataclass(frozen=True)
class Call:
    """One use case with the permission that it needs."""

    name: str
    needs: Permission | None  # None: an account that is switched on, whatever its role
    make: Callable[[Desk, Session], object]
    also: Permission | None = None
    instead: Permission | None = None  # either of the two lets one through

    def allows(self, role: Role) -> bool:
        """Whether the table of roles lets ``role`` make this call."""
        if self.instead is not None and self.instead in PERMISSIONS[role]:
            return True
        asked = {one for one in (self.needs, self.also) if one is not None}
        return asked <= PERMISSIONS[role]


_P = Permission
CALLS = (
    Call("queue.page", _P.VIEW, lambda d, s: queue.page(d, s, QueueFilter())),
    Call("intake.bring", _P.IMPORT, lambda d, s: intake.bring(d, s, Path("x.zip"))),
    Call("queue.look", _P.VIEW, lambda d, s: queue.look(d, s, ID)),
    Call("queue.face", _P.VIEW, lambda d, s: queue.face(d, s, ID)),
    Call("queue.next_waiting", _P.VIEW, lambda d, s: queue.next_waiting(d, s, None)),
    Call("queue.interrupted", _P.VIEW, queue.interrupted),
    Call("queue.claim", _P.CLAIM, lambda d, s: queue.claim(d, s, ID)),
    Call("queue.renew", _P.CLAIM, lambda d, s: queue.renew(d, s, ID, TOKEN)),
    Call("queue.release", _P.CLAIM, lambda d, s: queue.release(d, s, ID, TOKEN)),
    Call(
        "handing_over.consultation",
        _P.EXPORT,
        lambda d, s: handing_over.consultation(d, s, ID, "copy"),
    ),
    Call("handing_over.of_patient", _P.EXPORT, lambda d, s: handing_over.of_patient(d, s, "1")),
    Call("handing_over.queue", _P.EXPORT, handing_over.queue),
    Call("handing_over.audit_trail", _P.AUDIT, handing_over.audit_trail),
    Call("versions.news", _P.VIEW, lambda d, s: versions.news(d, s, ID, TOKEN, 0)),
    Call("versions.seen", _P.ANNOTATE, lambda d, s: versions.seen(d, s, ID, 2)),
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
    Call("messages.questions", _P.VIEW, lambda d, s: messages.questions(d, s, ID)),
    Call("triage.owes_contact", _P.VIEW, lambda d, s: triage.owes_contact(d, s, ID)),
    Call("triage.defer", _P.TRIAGE, lambda d, s: triage.defer(d, s, ID, date(2026, 12, 1))),
    Call(
        "triage.set_level",
        _P.TRIAGE,
        lambda d, s: triage.set_level(d, s, ID, TriageLevel.URGENT, ""),
    ),
    Call("detect.propose", _P.ANNOTATE, lambda d, s: detect.propose(d, s, None, ID)),
    Call("exchange.write_out", _P.EXPORT, lambda d, s: exchange.write_out(d, s, ID, "csv")),
    Call("exchange.read_in", _P.ANNOTATE, lambda d, s: exchange.read_in(d, s, Path("none"))),
    Call("exchange.begin_dicom", _P.EXPORT, lambda d, s: exchange.begin_dicom(d, s, ID)),
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
    Call("second_read.compared", _P.VIEW, lambda d, s: second_read.compared(d, s, ID)),
    Call("second_read.write_out", _P.EXPORT, lambda d, s: second_read.write_out(d, s, None, "csv")),
    Call("sign.preview", _P.TREAT, lambda d, s: sign.preview(d, s, ID, TOKEN)),
    Call("sign.sign", _P.SIGN, lambda d, s: sign.sign(d, s, SHOWN, TOKEN, "246810")),
    Call("sign.confirm", _P.SIGN, lambda d, s: sign.confirm(d, s, SHOWN)),
    Call("signed_files.export", _P.EXPORT, lambda d, s: signed_files.export(d, s, DOCUMENT)),
    Call(
        "signed_files.for_print",
        _P.EXPORT,
        lambda d, s: signed_files.for_print(d, s, DOCUMENT, 1.0),
    ),
    Call("session.check_pin", _P.SIGN, lambda d, s: session.check_pin(d, s, "246810")),
    Call("session.emergency", None, lambda d, s: session.emergency(d, s, "A patient has called.")),
    Call("clock.standing", _P.VIEW, clock.standing),
    Call("clock.confirm", _P.ADMINISTER, lambda d, s: clock.confirm(d, s, "It stood ahead")),
    Call("accounts.listed", _P.ADMINISTER, accounts.listed),
    Call("accounts.add", _P.ADMINISTER, lambda d, s: accounts.add(d, s, OTHER, "a" * 20, "246810")),
    Call("accounts.change", _P.ADMINISTER, lambda d, s: accounts.change(d, s, OTHER)),
    Call(
        "accounts.reset_password",
        _P.ADMINISTER,
        lambda d, s: accounts.reset_password(d, s, OTHER.id, "a" * 20, None),
    ),
    Call(
        "accounts.change_own_password",
        None,
        lambda d, s: accounts.change_own_password(d, s, "a" * 20, "b" * 20),
    ),
    Call(
        "accounts.change_own_pin",
        _P.SIGN,
        lambda d, s: accounts.change_own_pin(d, s, "a" * 20, "246810"),
    ),
    Call("accounts.new_recovery_key", _P.ADMINISTER, accounts.new_recovery_key),
    Call("backup.make", _P.BACK_UP, lambda d, s: backup.make(d, s, Untouched(), Path("/nowhere"))),
    Call("settings.read", None, settings.read),
    Call("clinic_profile.read", None, clinic_profile.read),
    Call(
        "clinic_profile.set_letterhead",
        _P.ADMINISTER,
        lambda d, s: clinic_profile.set_letterhead(d, s, Untouched()),
    ),
    Call(
        "clinic_profile.set_rems_date",
        _P.SIGN,
        lambda d, s: clinic_profile.set_rems_date(d, s, None),
    ),
    Call(
        "clinic_profile.set_protocol", _P.SIGN, lambda d, s: clinic_profile.set_protocol(d, s, None)
    ),
    Call("rule_levels.raised", None, rule_levels.raised),
    Call(
        "rule_levels.raise_level",
        _P.SIGN,
        lambda d, s: rule_levels.raise_level(d, s, "ISO-EYE", Level.OVERRIDE, "Two drivers"),
    ),
    Call(
        "rule_levels.shipped_again",
        _P.SIGN,
        lambda d, s: rule_levels.shipped_again(d, s, "ISO-EYE"),
    ),
    Call("own_rules.taken", None, own_rules.taken),
    Call("own_rules.take_in", _P.SIGN, lambda d, s: own_rules.take_in(d, s, Path("nowhere"))),
    Call("own_rules.take_out", _P.SIGN, own_rules.take_out),
    Call(
        "settings.change:own",
        None,
        lambda d, s: settings.change(d, s, "display.theme", "dark"),
    ),
    Call("records.page", _P.VIEW, lambda d, s: records.page(d, s, RecordsFilter("", None, 10))),
    Call("records.versions", _P.VIEW, lambda d, s: records.versions(d, s, DOCUMENT)),
    Call("records.trail", _P.AUDIT, records.trail),
    Call("retold.explain", _P.VIEW, lambda d, s: retold.explain(d, s, "RX-2026-0001")),
    Call("retold.listed", _P.VIEW, lambda d, s: retold.listed(d, s, 10)),
    Call("verify.verify_file", _P.VIEW, lambda d, s: verify.verify_file(d, s, b"%PDF-")),
    Call("verify.verify_stored", _P.VIEW, lambda d, s: verify.verify_stored(d, s, DOCUMENT)),
    Call("signing_keys.listed", _P.ADMINISTER, signing_keys.listed, instead=_P.SIGN),
    Call(
        "signing_keys.revoke",
        _P.ADMINISTER,
        lambda d, s: signing_keys.revoke(d, s, "ab1", "key_lost"),
    ),
    Call(
        "signing_keys.import_file",
        _P.SIGN,
        lambda d, s: signing_keys.import_file(d, s, "password", b"", ""),
    ),
    Call(
        "signing_keys.use_token",
        _P.SIGN,
        lambda d, s: signing_keys.use_token(d, s, "password", Untouched(), "246810"),
    ),
    Call("signing_keys.renew", _P.SIGN, lambda d, s: signing_keys.renew(d, s, "password")),
    Call("stated.check", _P.VIEW, lambda d, s: stated.check(d, s, "DW1*")),
    Call("void.preview_void", _P.SIGN, lambda d, s: void.preview_void(d, s, DOCUMENT.id, WRONG)),
    Call("void.void", _P.SIGN, lambda d, s: void.void(d, s, Untouched(), "246810")),
    Call("void.amend", _P.SIGN, lambda d, s: void.amend(d, s, ID, WRONG), _P.TREAT),
    Call("void.give_up", _P.TREAT, lambda d, s: void.give_up(d, s, ID, TOKEN)),
    Call(
        "followup.earlier_visits",
        _P.VIEW,
        lambda d, s: followup.earlier_visits(d, s, (Untouched(),)),
    ),
    Call("leaflets.handout", _P.VIEW, lambda d, s: leaflets.handout(d, s, ID, "en"), _P.EXPORT),
    Call(
        "followup.documents_of",
        _P.VIEW,
        lambda d, s: followup.documents_of(d, s, (Untouched(),)),
    ),
    Call("firings.analytics", _P.VIEW, firings.analytics),
    Call("favourites.favourites", _P.TREAT, favourites.favourites),
    Call(
        "favourites.keep",
        _P.TREAT,
        lambda d, s: favourites.keep(d, s, Untouched(), shared=False),
    ),
    Call(
        "favourites.forget",
        _P.TREAT,
        lambda d, s: favourites.forget(d, s, favourites.Favourite(Untouched(), False)),
    ),
    Call("board.page", _P.VIEW, lambda d, s: board.page(d, s, DueFilter())),
    Call("plan_calendar.export", _P.EXPORT, lambda d, s: plan_calendar.export(d, s, PATIENT)),
    Call("results.record", _P.RECORD_RESULT, lambda d, s: results.record(d, s, PATIENT, RESULT)),
    Call("results.mark_read", _P.TREAT, lambda d, s: results.mark_read(d, s, PATIENT, RESULT.id)),
    Call("results.known", _P.VIEW, lambda d, s: results.known(d, s, PATIENT)),
    Call("results.review", _P.VIEW, lambda d, s: results.review(d, s, ID)),
    Call("results.settle", _P.TREAT, lambda d, s: results.settle(d, s, ID, "", ())),
    Call("firings.analytics", _P.VIEW, firings.analytics),
    Call(
        "person.hand_over",
        _P.VIEW,
        lambda d, s: person.hand_over(d, s, PATIENT, Untouched()),
        _P.EXPORT,
    ),
    Call("accounts.confirm", None, lambda d, s: accounts.confirm(d, s, "a password")),
    Call("exchange.begin_dicom", _P.EXPORT, lambda d, s: exchange.begin_dicom(d, s, ID)),
    Call("person.erase", _P.ADMINISTER, lambda d, s: person.erase(d, s, PATIENT, "Asked for it")),
    Call("escalation.escalate", _P.VIEW, escalation.escalate),
    Call("undispensed.offer", _P.VIEW, lambda d, s: undispensed.offer(d, s, ID)),
    Call("timestamps.stamp", _P.EXPORT, lambda d, s: timestamps.stamp(d, s, DOCUMENT)),
    Call(
        "identity.settle",
        _P.RECORD_CONTACT,
        lambda d, s: identity.settle(d, s, ID, Untouched(), Settled.SAME),
    ),
    Call("viewing.seen", _P.VIEW, lambda d, s: viewing.seen(d, s, ID)),
    Call("emergency.look", _P.VIEW, lambda d, s: emergency.look(d, s, ID)),
    Call("emergency.accesses", _P.AUDIT, emergency.accesses),
    Call(
        "emergency.review",
        _P.AUDIT,
        lambda d, s: emergency.review(d, s, 1, emergency.Justification.JUSTIFIED),
    ),
    Call("identity.take_back", _P.RECORD_CONTACT, lambda d, s: identity.take_back(d, s, ID)),
    Call(
        "leaflets.guardian_plan",
        _P.VIEW,
        lambda d, s: leaflets.guardian_plan(d, s, ID, "en"),
        _P.EXPORT,
    ),
    Call(
        "leaflets.own_leaflet",
        _P.VIEW,
        lambda d, s: leaflets.own_leaflet(d, s, ID, "photos.en"),
        _P.EXPORT,
    ),
    Call("leaflets.photo_sheet", _P.VIEW, lambda d, s: leaflets.photo_sheet(d, s, ID), _P.EXPORT),
)
# Not asked, each for a reason:
UNASKED = frozenset(
    {
        # either of two permissions, in a test of its own
        *("person.survey", "colleagues.open_work", "colleagues.give_back", "stock.keep"),
        # they act for nobody
        "rule_levels.follow",
        "own_rules.files",
        *("queue.wake", "intake.receive", "intake.take", "intake.consultation_of", "results.file"),
        # they come before a session, or end one
        *("session.signed_in", "session.sign_in", "session.locked"),
        # they read what an opened consultation already holds
        *("assess.preview_pixels", "assess.full_pixels", "assess.thumbnail"),
        *("handing_over.drawn", "outlook.row_once_read"),
        *("second_read.between", "seal.rendered"),
        *("seal.sealed", "pressing.judged"),
        # they ask where they read and change settings, whose rows stand above
        *("favourites.favourites", "favourites.keep", "favourites.forget"),
        # for who signs or administers: its own test below; each document of all asks by itself
        *("timestamps.trust_times_of", "timestamps.stamp_all", "pressing.on_medicine"),
        # nothing is due for whoever may not back up: asked in tests/adapters/backup
        "backup.due",
    }
)


@pytest.mark.parametrize("role", list(Role), ids=[r.value for r in Role])
@pytest.mark.parametrize("call", CALLS, ids=[c.name for c in CALLS])
def test_a_call_is_refused_exactly_for_the_roles_that_lack_it(call: Call, role: Role) -> None:
    if call.allows(role):
        with pytest.raises(Exception) as let_through:
            call.make(desk(), someone(role))
            raise ReachedError("nothing to do")
        assert not isinstance(let_through.value, NotAllowed)
        return
    with pytest.raises(NotAllowed) as refused:
        call.make(desk(), someone(role))
    assert refused.value.code == "session.permission"
    assert call.needs is not None
    assert refused.value.context["permission"] in {
        one.value for one in (call.needs, call.also) if one is not None
    }


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


def test_times_are_trusted_by_who_signs_or_administers() -> None:
    for role in Role:
        allowed = {_P.SIGN, _P.ADMINISTER} & PERMISSIONS[role]
        with pytest.raises(Exception) as answer:
            timestamps.trust_times_of(desk(), someone(role), b"not a certificate")
        assert isinstance(answer.value, NotAllowed) == (not allowed), role


def test_either_of_two_roles_surveys_a_person_and_hands_on_work() -> None:
    calls = (
        ({_P.VIEW, _P.ADMINISTER}, lambda d, s: person.survey(d, s, "1", date(2000, 1, 1))),
        ({_P.CLAIM, _P.ADMINISTER}, colleagues.open_work),
        (
            {_P.CLAIM, _P.ADMINISTER},
            lambda d, s: colleagues.give_back(d, s, UserId("u"), "Taken ill at noon"),
        ),
        (
            {_P.SIGN, _P.ADMINISTER},
            lambda d, s: stock.keep(
                d, s, content().medicines["isotretinoin"].products[0], Decimal(10), kept=False
            ),
        ),
    )
    for either, call in calls:
        for role in Role:
            with pytest.raises(Exception) as answer:
                call(desk(), someone(role))
            assert isinstance(answer.value, NotAllowed) == (not either & PERMISSIONS[role]), role


def test_every_public_use_case_is_in_the_table() -> None:
    """Whatever is given a desk is a use case, in whichever module of the workflow it stands."""
    named = {call.name.partition(":")[0] for call in CALLS}
    found = set()
    for part in pkgutil.iter_modules(workstation.workflow.__path__):
        module = importlib.import_module(f"workstation.workflow.{part.name}")
        for made, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or made.startswith("_"):
                continue
            given = inspect.signature(function).parameters
            if "desk" in given and "unit" not in given:  # else part of a call that has asked
                found.add(f"{part.name}.{made}")
    assert sorted(found - named - UNASKED) == [], "without a row"
    assert not (named | UNASKED) - found, "rows of what is gone"


def test_a_setting_of_the_clinic_is_refused_before_anything_is_read() -> None:
    for name in ("backup.folder", "backup.every", "no such setting"):
        for role in (Role.NURSE, Role.SECOND_READER, Role.AUDITOR):
            with pytest.raises((NotAllowed, Refused)):
                settings.change(desk(), someone(role), name, "x")


def test_the_table_of_roles_is_as_agreed() -> None:
    """Only a dermatologist treats and signs; nobody who administers reads patients' records."""
    for permission in (_P.SIGN, _P.TREAT, _P.ANNOTATE, _P.CLAIM):
        assert [r for r in Role if permission in PERMISSIONS[r]] == [Role.DERMATOLOGIST]
    assert not may(someone(Role.ADMINISTRATOR).user, _P.VIEW)
    assert not may(someone(Role.AUDITOR).user, _P.RECORD_RESULT)
