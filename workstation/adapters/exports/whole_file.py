"""A file that leaves: it is there whole under its name, or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from workstation.domain.errors import WorkstationError


def write_whole(target: Path, content: bytes) -> Path:
    """Durably write ``content``; a file that holds it already is left as it is.

    Raises:
        WorkstationError: ``export.folder`` (context ``errno``).
    """
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_file() and target.read_bytes() == content:
            return target
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        with suppress(OSError):  # the folder itself may be what is wrong
            part.unlink(missing_ok=True)
        raise WorkstationError("export.folder", errno=error.errno or 0) from error
    return target
