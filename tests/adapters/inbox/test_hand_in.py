"""Files handed to the program lie in the inbox folder whole, under names of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from workstation.adapters.inbox.folder import FolderInbox
from workstation.adapters.inbox.hand_in import hand_in
from workstation.domain.errors import WorkstationError


def test_two_files_of_one_name_are_both_taken(tmp_path: Path) -> None:
    for folder, content in (("a", b"first"), ("b", b"second")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "package.zip").write_bytes(content)
    inbox = tmp_path / "inbox"
    files = [tmp_path / "a/package.zip", tmp_path / "b/package.zip"]
    hand_in(inbox, files)
    watched = FolderInbox(inbox)
    watched.arrivals()
    taken = watched.arrivals()
    assert sorted(arrival.path.read_bytes() for arrival in taken) == [b"first", b"second"]
    assert all(file.is_file() for file in files)


def test_a_file_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    with pytest.raises(WorkstationError, match="intake.file.unreadable"):
        hand_in(inbox, [tmp_path / "not there.zip"])
    assert list(inbox.iterdir()) == []
