"""The inbox folder: settled files are taken one by one, then lie under done or refused.

A file is settled when its size and time were the same at two looks. Taking is an atomic rename
into ``taking/``; what a crash left there is offered again, and receiving it twice has no effect.
"""

from __future__ import annotations

import stat
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workstation.assets import resource
from workstation.domain.errors import Refused, WorkstationError

TAKING, DONE, REFUSED = "taking", "done", "refused"
REASON = ".reason.txt"

_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
_HIDDEN = (".", "~")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was taken; ``path`` lies in ``taking/``."""

    path: Path


class FolderInbox:
    """Watches one folder that senders put packages into. Not for use by two threads at once."""

    def __init__(self, folder: Path, has_room: Callable[[], bool] = lambda: True) -> None:
        """``has_room`` says whether the store's disk can hold more: without, packages wait here."""
        self.folder = folder
        self._has_room = has_room
        self._seen: dict[Path, tuple[int, int]] = {}
        try:
            for name in (TAKING, DONE, REFUSED):
                (folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkstationError("intake.folder.unusable") from error
        self._left_over = sorted(p for p in (folder / TAKING).iterdir() if _is_file(p))

    def arrivals(self) -> tuple[Arrival, ...]:
        """Take every file that has settled since the last look; first also what a crash left.

        Raises:
            WorkstationError: ``intake.folder.unusable`` when the folder cannot be read.
        """
        if not self._has_room():
            return ()
        found = [Arrival(path) for path in self._left_over if path.exists()]
        self._left_over = []
        seen: dict[Path, tuple[int, int]] = {}
        try:
            candidates = sorted(p for p in self.folder.iterdir() if _is_candidate(p))
        except OSError as error:
            raise WorkstationError("intake.folder.unusable") from error
        for path in candidates:
            try:
                state = path.lstat()
                if not stat.S_ISREG(state.st_mode):
                    # A link could name any file of this machine: it is put aside unread.
                    self._put_aside(path, Refused("intake.file.link"))
                    continue
                mark = (state.st_size, state.st_mtime_ns)
                if self._seen.get(path) == mark:
                    found.append(Arrival(_moved(path, self.folder / TAKING)))
                else:
                    seen[path] = mark
            except FileNotFoundError:
                continue  # its sender, or another station, took it away again
        self._seen = seen
        return tuple(found)

    def accept(self, arrival: Arrival) -> Path:
        """Move a stored package to ``done/``."""
        return _moved(arrival.path, self.folder / DONE)

    def refuse(self, arrival: Arrival, error: Refused) -> Path:
        """Move a package to ``refused/`` with a sentence beside it that says why."""
        return self._put_aside(arrival.path, error)

    def put_back(self, arrival: Arrival) -> None:
        """Lay a package that was not read yet where it came from, to be offered again."""
        self._seen.pop(_moved(arrival.path, self.folder), None)

    def _put_aside(self, path: Path, error: Refused) -> Path:
        kept = _moved(path, self.folder / REFUSED)
        reason = kept.with_name(kept.name + REASON)
        reason.write_text(reason_for(error), encoding="utf-8")
        return kept


def reason_for(error: Refused) -> str:
    """Why a package is not taken: a plain sentence, then its code and place for the sender."""
    details = [f"Code: {error.code}"]
    details += [f"{key}: {value}" for key, value in error.context.items()]
    return "\n".join((sentence_for(error.code), *details)) + "\n"


def sentence_for(code: str) -> str:
    """The plain sentence of a code, or of the group before its last dot."""
    sentences = _sentences()
    while code not in sentences and "." in code:
        code = code.rpartition(".")[0]
    return sentences[code]


@cache
def _sentences() -> Mapping[str, str]:
    table = tomllib.loads(resource("intake", "refusals.toml").read_text(encoding="utf-8"))
    return {str(k): str(v) for k, v in table["sentences"].items()}


def free_place(path: Path, folder: Path) -> Path:
    """Where a file of this name may lie in ``folder``: numbered when the name is taken there."""
    target, number = folder / path.name, 1
    while target.exists() or target.is_symlink():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    return target


def _is_candidate(path: Path) -> bool:
    name = path.name
    if name.startswith(_HIDDEN) or name.lower().endswith(_UNFINISHED):
        return False
    return path.is_symlink() or not path.is_dir()


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _moved(path: Path, folder: Path) -> Path:
    """Rename into ``folder`` under a name that is free there."""
    return path.rename(free_place(path, folder))  # a link is moved itself
