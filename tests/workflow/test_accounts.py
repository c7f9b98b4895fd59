"""Accounts on a real store folder: roles, passwords, PINs, the recovery key, emergency reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.adapters.store import store_world as world
from tests.safety import cases
from workstation.adapters.store.folder import OpenStore, recover
from workstation.domain.accounts import Permission, Role, User, may, permissions_of
from workstation.domain.errors import Conflict, NotAllowed, Refused, WorkstationError
from workstation.domain.ids import ConsultationId, UserId
from workstation.presenters.emergency import waiting
from workstation.workflow import accounts, emergency, session
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.emergency import Justification

NEW = "amber kettle windmill"


class Clinic:
    """An open store with its first user signed in."""

    def __init__(self, folder: Path) -> None:
        self.clock = world.FixedClock()
        first = replace(world.make_user(), administers=True)
        self.opened = world.create(folder, self.clock, first_user=first)
        self.desk: Desk | Any = SimpleNamespace(
            store=self.opened.store,
            keys=self.opened.keys,
            station="desk 1",
            clock=self.clock,
            catalogue=cases.content(),
        )
        self.admin = Session(first, self.opened.unlocked.key)

    def account(self, id: UserId) -> User:
        with self.opened.store.reading() as unit:
            found = unit.user(id)
        assert found is not None
        return found

    def reopened(self, login: str, password: str) -> OpenStore:
        return world.reopen(self.opened.folder, self.clock, login, password)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path / "store")
    yield made
    made.opened.close()


def test_one_person_can_be_dermatologist_and_administrator() -> None:
    both = replace(world.make_user(), administers=True)
    assert may(both, Permission.SIGN) and may(both, Permission.ADMINISTER)
    assert not may(world.make_user(), Permission.ADMINISTER)
    assert permissions_of(replace(both, active=False)) == frozenset()


def test_a_new_dermatologist_signs_in_with_a_key_of_their_own(clinic: Clinic) -> None:
    made = accounts.add(
        clinic.desk, clinic.admin, world.make_user("second"), world.OTHER_PASSWORD, "135802"
    )
    other = clinic.reopened("second", world.OTHER_PASSWORD)
    try:
        assert other.unlocked.key is not None
        assert other.unlocked.key.serial == made.certificate
    finally:
        other.close()
    one = Session(made, None)
    assert session.check_pin(clinic.desk, one, "135802") == session.PinAccepted()


def test_who_signs_needs_a_pin_and_who_does_not_gets_no_key(clinic: Clinic) -> None:
    with pytest.raises(NotAllowed, match=r"session\.pin\.needed"):
        accounts.add(
            clinic.desk, clinic.admin, world.make_user("second"), world.OTHER_PASSWORD, None
        )
    nurse = accounts.add(
        clinic.desk,
        clinic.admin,
        world.make_user("nurse", role=Role.NURSE),
        world.OTHER_PASSWORD,
        "135802",
    )
    assert nurse.certificate is None


def test_switching_off_closes_the_store_to_that_login(clinic: Clinic) -> None:
    made = accounts.add(
        clinic.desk, clinic.admin, world.make_user("second"), world.OTHER_PASSWORD, "135802"
    )
    accounts.change(clinic.desk, clinic.admin, replace(made, active=False))
    with pytest.raises(NotAllowed):
        clinic.reopened("second", world.OTHER_PASSWORD)
    again = accounts.reset_password(clinic.desk, clinic.admin, made.id, NEW, "975310")
    assert again.active and again.certificate not in (None, made.certificate)
    clinic.reopened("second", NEW).close()


def test_the_last_administrator_stays(clinic: Clinic) -> None:
    for changed in (
        replace(clinic.admin.user, administers=False),
        replace(clinic.admin.user, active=False),
    ):
        with pytest.raises(NotAllowed, match="last_administrator"):
            accounts.change(clinic.desk, clinic.admin, changed)
    assert clinic.account(clinic.admin.user.id).administers


def test_a_changed_password_keeps_the_signing_key(clinic: Clinic) -> None:
    before = clinic.opened.unlocked.key
    accounts.change_own_password(clinic.desk, clinic.admin, world.PASSWORD, NEW)
    other = clinic.reopened("doctor", NEW)
    try:
        assert before is not None and other.unlocked.key is not None
        assert other.unlocked.key.serial == before.serial
    finally:
        other.close()
    with pytest.raises(NotAllowed):
        clinic.reopened("doctor", world.PASSWORD)


def test_a_pin_is_changed_with_the_password_only(clinic: Clinic) -> None:
    with pytest.raises(NotAllowed):
        accounts.change_own_pin(clinic.desk, clinic.admin, "not my password", "975310")
    accounts.change_own_pin(clinic.desk, clinic.admin, world.PASSWORD, "975310")
    assert session.check_pin(clinic.desk, clinic.admin, "975310") == session.PinAccepted()
    assert isinstance(session.check_pin(clinic.desk, clinic.admin, world.PIN), session.PinRefused)


def test_only_administrators_manage_accounts_and_every_act_is_on_the_trail(clinic: Clinic) -> None:
    dermatologist = Session(world.make_user("second"), None)
    acts = (
        lambda s: accounts.listed(clinic.desk, s),
        lambda s: accounts.add(
            clinic.desk, s, world.make_user("x", role=Role.NURSE), world.OTHER_PASSWORD, None
        ),
        lambda s: accounts.reset_password(clinic.desk, s, UserId("user-x"), NEW, None),
        lambda s: accounts.change(
            clinic.desk, s, replace(world.make_user("x", role=Role.AUDITOR), name="X Y")
        ),
        lambda s: accounts.new_recovery_key(clinic.desk, s),
    )
    for act in acts:
        with pytest.raises(NotAllowed, match=r"session\.permission"):
            act(dermatologist)
    for act in acts:
        act(clinic.admin)
    with clinic.opened.store.reading() as unit:
        told = [entry.action for entry in unit.audit_entries()]
    for action in ("added", "password_reset", "changed", "recovery_key"):
        assert f"account.{action}" in told


def test_the_recovery_key_opens_what_all_passwords_lost(clinic: Clinic) -> None:
    code = accounts.new_recovery_key(clinic.desk, clinic.admin)
    folder = clinic.opened.folder
    authority = world.SmallAuthority()
    with pytest.raises(NotAllowed, match=r"session\.recovery\.wrong"):
        recover(folder, "0" * 25, "doctor", NEW, authority=authority)
    with pytest.raises(Refused, match=r"session\.login\.unknown"):
        recover(folder, code, "nobody", NEW, authority=authority)
    recover(folder, f" {code.lower().replace('-', ' ')} ", "doctor", NEW, authority=authority)
    back = clinic.reopened("doctor", NEW)
    try:
        assert back.unlocked.key is None  # lost with the password
        assert clinic.opened.keys.logins == ("doctor",)  # the key is nobody's login
    finally:
        back.close()
    with pytest.raises(NotAllowed):
        clinic.reopened("recovery-key", code)


def test_a_new_recovery_key_stops_the_old_one(clinic: Clinic) -> None:
    old = accounts.new_recovery_key(clinic.desk, clinic.admin)
    new = accounts.new_recovery_key(clinic.desk, clinic.admin)
    assert old != new
    with pytest.raises(NotAllowed):
        recover(clinic.opened.folder, old, "doctor", NEW, authority=world.SmallAuthority())


def test_nobody_can_be_named_like_the_recovery_key(clinic: Clinic) -> None:
    with pytest.raises(WorkstationError, match=r"session\.login\.form"):
        accounts.add(
            clinic.desk,
            clinic.admin,
            world.make_user("recovery-key", role=Role.NURSE),
            world.OTHER_PASSWORD,
            None,
        )


def test_a_taken_login_changes_nobodys_password(clinic: Clinic) -> None:
    with pytest.raises(Conflict, match=r"session\.login\.taken"):
        accounts.add(
            clinic.desk, clinic.admin, world.make_user("Doctor", "u9"), world.OTHER_PASSWORD, "1"
        )
    clinic.reopened("doctor", world.PASSWORD).close()


def test_emergency_reading_needs_a_reason_reads_only_and_is_on_the_trail(clinic: Clinic) -> None:
    administrator = Session(world.make_user("admin", role=Role.ADMINISTRATOR), None)
    with pytest.raises(NotAllowed):
        require(administrator, Permission.VIEW)
    with pytest.raises(Refused, match=r"session\.emergency\.reason"):
        session.emergency(clinic.desk, administrator, "  now  ")
    reading = session.emergency(clinic.desk, administrator, "Patient calls, doctor not reachable")
    require(reading, Permission.VIEW)
    for permission in set(Permission) - {Permission.VIEW} - permissions_of(administrator.user):
        with pytest.raises(NotAllowed):
            require(reading, permission)
    with clinic.opened.store.reading() as unit:
        head = unit.audit_head()
    assert head is not None and head.action == "session.emergency"


def test_each_emergency_access_is_reviewed_once_by_somebody_else(clinic: Clinic) -> None:
    desk = clinic.desk
    store = clinic.opened.store
    with store.writing(clinic.admin.user.id, "desk 1") as unit:
        unit.add_user(world.make_user("nina", role=Role.ADMINISTRATOR))
    nina = Session(world.make_user("nina", role=Role.ADMINISTRATOR), None)
    seen = ConsultationId("c" * 32)
    assert emergency.look(desk, clinic.admin, seen) is None  # who may see leaves nothing there
    for reason in ("Patient calls, doctor away", "The same patient once more"):
        reading = session.emergency(desk, nina, reason)
        emergency.look(desk, reading, seen)
        emergency.look(desk, reading, seen)
    second, first = emergency.accesses(desk, clinic.admin)
    assert (first.name, first.reason) == (nina.user.name, "Patient calls, doctor away")
    assert first.read == second.read == (seen,) and first.finding is None
    assert waiting(desk, clinic.admin) == 2 and waiting(desk, nina) == 0
    with pytest.raises(NotAllowed, match=r"emergency\.own"):
        emergency.review(desk, nina, first.seq, Justification.JUSTIFIED)
    with pytest.raises(Refused, match=r"emergency\.unknown"):
        emergency.review(desk, clinic.admin, first.seq + 1, Justification.JUSTIFIED)
    emergency.review(desk, clinic.admin, first.seq, Justification.NOT_JUSTIFIED)
    with pytest.raises(Conflict, match=r"emergency\.reviewed"):
        emergency.review(desk, clinic.admin, first.seq, Justification.JUSTIFIED)
    second, first = emergency.accesses(desk, nina)
    assert (first.finding, first.reviewer) == (Justification.NOT_JUSTIFIED, clinic.admin.user.name)
    assert first.reviewed_at == clinic.clock.now() and second.finding is None
    assert waiting(desk, clinic.admin) == 1


def test_a_clinic_of_one_reviews_its_own_access(clinic: Clinic) -> None:
    session.emergency(clinic.desk, clinic.admin, "Nobody else is here today")
    (own,) = emergency.accesses(clinic.desk, clinic.admin)
    emergency.review(clinic.desk, clinic.admin, own.seq, Justification.JUSTIFIED)
    (own,) = emergency.accesses(clinic.desk, clinic.admin)
    assert own.finding is Justification.JUSTIFIED
