"""Backups, recovery, and moving to a clinic's server, as the command line offers them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.bootstrap.opening import INBOX, desk

if TYPE_CHECKING:
    from workstation.bootstrap.opening import Opened


def restore(backup: Path, target: Path, login: str, password: str, progress: Any = None) -> Opened:
    """Bring a backup back into a new folder and sign in there (``restoring.restore``)."""
    from workstation.adapters.backup import restoring

    return desk(restoring.restore(backup, target, _opener(login, password), progress=progress))


def restore_drill(backup: Path, login: str, password: str, progress: Any = None) -> Any:
    """Try a backup: restore it privately, open everything, throw it away (``restoring.Drill``)."""
    from workstation.adapters.backup import restoring

    return restoring.drill(backup, _opener(login, password), progress)


def recover(folder: Path, code: str, login: str, new_password: str) -> None:
    """Give a login a new password by the recovery key, and put that on the audit trail."""
    from workstation.adapters.documents.keys import ClinicAuthority
    from workstation.adapters.store.folder import recover as by_recovery_key
    from workstation.adapters.system.clock import SystemClock

    by_recovery_key(
        folder, code, login, new_password, authority=ClinicAuthority(SystemClock("UTC"))
    )
    with closing(_opener(login, new_password)(folder)) as opened:
        user = opened.unlocked.user
        with opened.store.writing(user, "") as unit:
            unit.audit("account.recovered", user, {})


def move_to_server(
    folder: Path, login: str, password: str, server: str, vault: Path, to: Path, progress: Any
) -> Any:
    """Carry the store in ``folder`` to a clinic's server (``moving.move``)."""
    from workstation.adapters.backup import moving
    from workstation.adapters.system.clinic_file import ClinicPlace

    opened = _opener(login, password)(folder)
    try:
        place = ClinicPlace(server, vault.absolute())
        return moving.move(opened, place, to, along=(INBOX,), progress=progress)
    finally:
        opened.close()


def join_clinic(server: str, vault: Path, to: Path) -> None:
    """Make a new folder this station's way to a clinic on a server (``moving.join``)."""
    from workstation.adapters.backup import moving
    from workstation.adapters.system.clinic_file import ClinicPlace

    moving.join(ClinicPlace(server, vault.absolute()), to)


def check_backup(backup: Path) -> Any:
    """The manifest of a backup whose files are all as written (``restoring.check``)."""
    from workstation.adapters.backup import restoring

    return restoring.check(backup)


def _opener(login: str, password: str) -> Callable[[Path], Any]:
    from workstation.adapters.documents.keys import ClinicAuthority
    from workstation.adapters.store.folder import open_store
    from workstation.adapters.system.clock import SystemClock

    authority = ClinicAuthority(SystemClock("UTC"))
    return lambda folder: open_store(folder, login, password, authority=authority)
