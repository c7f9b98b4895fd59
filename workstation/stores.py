"""What a folder says of its records before anybody opens them; the first page needs no more."""

from __future__ import annotations

from pathlib import Path


def exists(folder: Path) -> bool:
    """Whether a store lies in ``folder``."""
    from workstation.adapters.system import clinic_file, store_file

    names = (store_file.FILE_NAME, clinic_file.FILE_NAME)
    return any((folder / name).is_file() for name in names)


def moved(folder: Path) -> bool:
    """Whether the records of ``folder`` were carried to a clinic's server."""
    from workstation.adapters.store.folder import MOVED

    return (folder / MOVED).is_file()


def logins(folder: Path) -> tuple[str, ...]:
    """Login names of a store, readable without a password."""
    from workstation.adapters.system import store_file

    return tuple(sorted(store_file.read(folder / store_file.FILE_NAME).people))


def is_demonstration(folder: Path) -> bool:
    """Whether the store in ``folder`` was made for demonstration data."""
    from workstation.adapters.system import store_file

    return store_file.read(folder / store_file.FILE_NAME).kind == "demonstration"
