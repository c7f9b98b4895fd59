"""The audit trail tells of every kind of act: who, what, when, where, and old and new value."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from clinic_day import Clinic
from test_amend_and_void import make_void, signed
from test_canary import journey

from workstation.domain.audit import first_break
from workstation.domain.errors import Conflict
from workstation.workflow import backup, queue, session, settings, signed_files
from workstation.workflow.verify import verify_stored

KINDS = {
    "login": "session.signed_in",
    "lock": "session.locked",
    "emergency": "session.emergency",
    "wrong PIN": "session.pin_refused",
    "received": "consultation.received",
    "view": "consultation.claimed",
    "view of a document": "document.verified",
    "edit": "draft.edited",
    "result": "result.recorded",
    "contact": "contact.recorded",
    "sign": "document.signed",
    "override": "rules.fired",
    "export": "document.exported",
    "print": "document.printed",
    "void": "document.voided",
    "config": "settings.changed",
    "backup": "backup.made",
}


def test_every_kind_of_act_is_told_with_who_when_and_where(clinic: Clinic, tmp_path: Path) -> None:
    journey(clinic, tmp_path / "sent")
    hand, documents = signed(clinic, "Al-Hashimi")
    signed_files.for_print(clinic.desk, clinic.session, documents[0], 0.2)
    verify_stored(clinic.desk, clinic.session, documents[0])
    session.check_pin(clinic.desk, clinic.session, "000000")
    clinic.clock.later(minutes=1)
    make_void(clinic, documents[0].id)
    for hours in ("12", "6"):
        settings.change(clinic.desk, clinic.session, "backup.every", hours)
    backup.make(clinic.desk, clinic.session, clinic.opened.backups, tmp_path / "backups")
    session.locked(clinic.desk, clinic.session.user.id, "idle")
    session.emergency(clinic.desk, clinic.session, "The doctor in charge is away")
    with clinic.desk.store.reading() as unit:
        entries = unit.audit_entries(0, 100_000)
    told: dict[str, list[Any]] = {}
    for entry in entries:
        told.setdefault(entry.action, []).append(entry)
    assert {kind for kind, action in KINDS.items() if action not in told} == set()
    assert first_break(entries) is None
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    for entry in entries:
        assert entry.actor and entry.at.tzinfo is UTC and entry.action
        assert entry.station or entry.action.startswith("store.")
    # Old and new value: of a setting in the entry, of an edit in the journal, which only grows.
    change = json.loads(told["settings.changed"][-1].detail)
    assert change == {"before": "12", "after": "6"}
    edits = [json.loads(e.detail) for e in told["draft.edited"] if e.subject == hand.id]
    with clinic.desk.store.reading() as unit:
        past = unit.history(hand.id).past
    assert [one["edit"] for one in edits] == [edit.label for edit in past] and past
    assert all(c.before != c.after for edit in past for c in edit.changes)


def test_a_take_over_names_from_whom(clinic: Clinic) -> None:
    hand = clinic.take("Nguyễn")
    other = clinic.colleague()
    assert isinstance(queue.claim(clinic.desk, other, hand.id), queue.HeldBy)
    clinic.clock.later(minutes=21)
    assert isinstance(queue.claim(clinic.desk, other, hand.id), queue.Claimed)
    with clinic.desk.store.reading() as unit:
        first, last = unit.audit_of(hand.id, ("consultation.claimed",))
    assert "taken_from" not in json.loads(first.detail)
    assert json.loads(last.detail)["taken_from"] == clinic.session.user.id
    with pytest.raises(Conflict):  # who held it before writes nothing any more
        hand.annotate(1)
