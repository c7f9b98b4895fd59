"""``clinic.toml``: that a folder belongs to a clinic with a server, and where its parts are."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from workstation.domain.errors import Corrupt

FILE_NAME = "clinic.toml"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class ClinicPlace:
    """``server`` is a database address without a password; ``vault`` the shared folder."""

    server: str
    vault: Path


def read(folder: Path) -> ClinicPlace | None:
    """What the folder says; None when it holds records of its own.

    Raises:
        Corrupt: ``store.file.damaged``.
    """
    try:
        raw = tomllib.loads((folder / FILE_NAME).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Corrupt("store.file.damaged") from error
    try:
        if int(raw["format"]) != FORMAT:
            raise ValueError("format")
        return ClinicPlace(str(raw["server"]), Path(str(raw["vault"])))
    except (KeyError, TypeError, ValueError) as error:
        raise Corrupt("store.file.damaged") from error


def text(place: ClinicPlace) -> str:
    """The file's text."""
    # JSON strings are TOML basic strings.
    return (
        f"format = {FORMAT}\n"
        f"server = {json.dumps(place.server)}\n"
        f"vault = {json.dumps(str(place.vault))}\n"
    )
