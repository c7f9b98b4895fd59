"""Copies files into an inbox folder, so that the window which watches it takes them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from workstation.adapters.inbox.folder import free_place
from workstation.domain.errors import WorkstationError

_PART = ".part"  # names that end so are not taken: the copy is not finished


def hand_in(inbox: Path, files: Iterable[Path]) -> tuple[Path, ...]:
    """Copy ``files`` into ``inbox``; each appears there only when it is complete.

    Raises:
        WorkstationError: ``intake.file.unreadable`` when a file cannot be read or copied; files
            before it stay handed in.
    """
    inbox.mkdir(parents=True, exist_ok=True)
    return tuple(_copied(file, inbox) for file in files)


def _copied(file: Path, inbox: Path) -> Path:
    target = free_place(file, inbox)
    part = target.with_name(target.name + _PART)
    try:
        shutil.copyfile(file, part)
        part.rename(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WorkstationError("intake.file.unreadable") from error
    return target
