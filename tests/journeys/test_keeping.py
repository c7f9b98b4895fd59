"""Kept safe while in use: backups when they are due, room on the disk, what was changed outside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.inline_jobs import InlineJobs
from tests.journeys.clinic_day import ONE_PHOTO, Clinic, Hand, package_file
from workstation.adapters.inbox.folder import FolderInbox, sentence_for
from workstation.demo.people import person
from workstation.domain.errors import Refused
from workstation.presenters.arrivals import Arrivals
from workstation.presenters.keeping import KeepingPresenter
from workstation.workflow import intake, settings, sign
from workstation.workflow.keeping import INTAKE_BELOW, WARN_BELOW


def keeping(
    clinic: Clinic, free: int = WARN_BELOW, faults: tuple[str, ...] = ()
) -> KeepingPresenter:
    opened = clinic.opened
    return KeepingPresenter(
        clinic.desk,
        clinic.session,
        InlineJobs(),
        opened.backups,
        opened.folder,
        lambda: free,
        faults,
    )


def test_a_backup_is_made_when_it_is_due_and_not_before(clinic: Clinic, tmp_path: Path) -> None:
    watch = keeping(clinic)
    watch.look()
    assert watch.notice is None and not (tmp_path / "backups").exists()  # no folder is set
    settings.change(clinic.desk, clinic.session, "backup.folder", str(tmp_path / "backups"))
    watch.look()
    first = clinic.opened.backups.newest(tmp_path / "backups")
    assert first == clinic.clock.now()
    clinic.clock.later(hours=23)
    watch.look()
    assert clinic.opened.backups.newest(tmp_path / "backups") == first
    clinic.clock.later(hours=1)
    watch.look()
    assert clinic.opened.backups.newest(tmp_path / "backups") == clinic.clock.now()
    assert watch.notice is None and clinic.actions().count("backup.made") == 2


def test_a_backup_that_fails_is_told_of_and_tried_again(clinic: Clinic, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    settings.change(clinic.desk, clinic.session, "backup.folder", str(tmp_path / "taken"))
    watch = keeping(clinic)
    watch.look()
    assert watch.notice is not None and watch.notice.level == "warn"
    assert "backup was not made" in watch.notice.title
    (tmp_path / "taken").unlink()
    for _ in range(20):
        watch.look()
    assert watch.notice is None
    assert clinic.opened.backups.newest(tmp_path / "taken") is not None


def test_little_room_is_told_of_and_much_less_is_worse(clinic: Clinic) -> None:
    for free, level in ((WARN_BELOW, None), (WARN_BELOW - 1, "warn"), (INTAKE_BELOW - 1, "danger")):
        watch = keeping(clinic, free)
        watch.look()
        assert (watch.notice.level if watch.notice else None) == level
        assert watch.notice is None or str(clinic.opened.folder) in watch.notice.detail


def test_what_was_changed_outside_is_told_until_it_was_read(clinic: Clinic) -> None:
    watch = keeping(clinic, faults=('row.changed:clinic:["1"]',))
    watch.look()
    assert watch.notice is not None and "changed outside" in watch.notice.title
    watch.put_away()
    assert watch.notice is None


def test_a_clock_that_was_set_is_told_until_it_was_read(clinic: Clinic) -> None:
    opened = clinic.opened
    watch = KeepingPresenter(
        clinic.desk, clinic.session, InlineJobs(), opened.backups, opened.folder,
        lambda: WARN_BELOW, (), opened.clock,
    )  # fmt: skip
    watch.look()
    assert watch.notice is None
    clinic.clock.later(days=-1)
    watch.look()
    assert watch.notice is not None and "set back" in watch.notice.title
    assert clinic.actions()[-1] == "clock.jumped"
    watch.put_away()
    watch.look()
    assert watch.notice is None and clinic.actions().count("clock.jumped") == 1


def test_without_room_packages_wait_and_nothing_is_refused(clinic: Clinic, tmp_path: Path) -> None:
    who = replace(person("nguyen-minh-duc"), mrn="MK-900 077")
    visit = replace(who.visit(1), views=ONE_PHOTO)
    path = package_file(clinic.opened.inbox, who, visit)
    room = [False]
    inbox = FolderInbox(clinic.opened.inbox, lambda: room[0])
    for _ in range(3):
        assert inbox.arrivals() == ()
    assert path.is_file()
    room[0] = True
    assert inbox.arrivals() == ()  # it has just been seen
    (arrival,) = inbox.arrivals()
    assert arrival.path.name.endswith(path.name)


def test_without_room_no_way_in_is_open_and_nothing_is_lost(clinic: Clinic, tmp_path: Path) -> None:
    """Command line, server, drops and the inbox all come through intake, which says so."""
    who = replace(person("nguyen-minh-duc"), mrn="MK-900 078")
    visit = replace(who.visit(1), views=ONE_PHOTO)
    path = package_file(tmp_path / "sent", who, visit)
    room = [False]
    desk = replace(clinic.desk, has_room=lambda: room[0])
    before = sorted(clinic.opened.folder.rglob("*"))
    for take in (intake.receive, intake.take):
        with pytest.raises(Refused, match=r"intake\.disk\.low"):
            take(desk, path)
    dropped = Arrivals(
        desk,
        lambda: clinic.session,
        InlineJobs(),
        FolderInbox(clinic.opened.inbox),
        lambda: None,
        sentence_for,
    )
    dropped.add([path])
    assert "less than 200 MiB" in dropped.state.detail and path.is_file()
    # The disk fills between the look at the inbox and the package: it is offered again.
    waiting = package_file(clinic.opened.inbox, who, visit)
    dropped.look()
    dropped.look()
    assert waiting.is_file() and not list((clinic.opened.inbox / "refused").iterdir())
    waiting.unlink()
    assert sorted(p for p in clinic.opened.folder.rglob("*") if "inbox" not in p.parts) == [
        p for p in before if "inbox" not in p.parts
    ]
    # Work on what is there goes on: an edit, and a signature.
    hand = Hand.take(desk, clinic.session, clinic.waiting("Nguyễn"))
    hand.prescribe()
    assert isinstance(hand.sign(), sign.Signed)
    room[0] = True
    dropped.add([path])
    assert dropped.state.new == 1
