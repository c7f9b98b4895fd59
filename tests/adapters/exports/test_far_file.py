"""A file for a far folder is whole or not there, and a folder that does not answer is said in time."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from workstation.adapters.exports import far_file
from workstation.adapters.exports.far_file import write_far
from workstation.domain.errors import WorkstationError


def code(target: Path, content: bytes) -> str:
    with pytest.raises(WorkstationError) as caught:
        write_far(target, content)
    return caught.value.code


def test_it_is_there_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    for _ in range(2):  # again over itself
        write_far(tmp_path / "trail.csv", content)
        assert (tmp_path / "trail.csv").read_bytes() == content
    write_far(tmp_path / "empty", b"")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "trail.csv"]
    assert code(tmp_path / "none" / "trail.csv", b"x") == "export.folder"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file whose opening waits")
def test_a_folder_that_does_not_answer_is_given_up_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe stands where the file is begun: opening it waits for ever, as on a lost share."""
    monkeypatch.setattr(far_file, "STILL_SECONDS", 0.1)
    target, pipe = tmp_path / "trail.csv", tmp_path / ".trail.csv.part"
    os.mkfifo(pipe)
    assert code(target, b"all of it") == "export.folder.silent"
    with pipe.open("rb") as late:  # it answers after all: what was begun is taken away
        late.read()
    end = time.monotonic() + 10
    while any(t.name == "far-file" for t in threading.enumerate()):
        assert time.monotonic() < end
        time.sleep(0.005)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()  # a folder that answers may be slow
    write_far(target, b"all of it")
    assert target.read_bytes() == b"all of it"


def test_a_slow_folder_that_moves_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far_file, "STILL_SECONDS", 1.2)
    monkeypatch.setattr(far_file, "_PIECE", 10)
    begun, usual = time.monotonic(), far_file._Writing._tell

    def slowly(self: object, *, ended: bool = False) -> None:
        time.sleep(0.13)
        usual(self, ended=ended)

    monkeypatch.setattr(far_file._Writing, "_tell", slowly)
    write_far(tmp_path / "trail.csv", b"x" * 100)
    assert time.monotonic() - begun > 1.2 and (tmp_path / "trail.csv").stat().st_size == 100


def test_the_seconds_fit_into_the_promise() -> None:
    assert far_file.STILL_SECONDS < 5
