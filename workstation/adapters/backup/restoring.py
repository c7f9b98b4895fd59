"""Bring a backup back into a new folder, proved whole before anything counts; and the drill."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workstation.adapters.backup import making
from workstation.adapters.backup import manifest as manifests
from workstation.adapters.backup.making import POOL, Progress
from workstation.adapters.store import snapshot
from workstation.adapters.store.folder import DATABASE, VAULT, OpenStore
from workstation.adapters.system import folders, store_file
from workstation.adapters.system.durable import Durable
from workstation.domain.errors import Corrupt, Refused

NUMBERS_SKIPPED = 1000  # a step of document numbers larger than any clinic signs between backups
Open = Callable[[Path], OpenStore]


@dataclass(frozen=True, slots=True)
class Drill:
    """A restore that was tried and thrown away. Seconds are wall time."""

    rows: dict[str, int]
    photos_and_documents: int
    seconds: float


def check(folder: Path, progress: Progress | None = None) -> manifests.Manifest:
    """The manifest of a backup whose files are all as they were written (no password needed).

    Raises:
        Refused: ``backup.none``, ``backup.newer``. Corrupt: ``backup.damaged`` (context ``file``).
    """
    found = manifests.read(folder)
    damage = making.first_damage(folder, found.manifest, progress)
    if damage:
        raise Corrupt("backup.damaged", file=damage)
    return found.manifest


def restore(
    folder: Path,
    target: Path,
    open_store: Open,
    *,
    durable: Durable | None = None,
    progress: Progress | None = None,
) -> OpenStore:
    """Bring a backup back into ``target`` (absent or empty) and open it with ``open_store``.

    Nothing is a store in ``target`` until every file was compared; a backup that is damaged, or
    whose seal is not the store's own, leaves it empty. The restore goes on the audit trail, and
    document numbers go on past any that may have been given since the backup.

    Raises:
        Refused: ``store.folder.not_empty``, ``store.folder.network``, and as ``check``.
        Corrupt: ``backup.damaged``, ``backup.changed`` (the seal), and what opening says.
    """
    durable = durable or Durable()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused("store.folder.not_empty")
    if folders.is_network(target):
        raise Refused("store.folder.network")
    check(folder)
    found = manifests.read(folder)
    was_there = target.exists()
    try:
        _copy(folder, target, found.manifest, durable, progress)
        opened = open_store(target)
    except BaseException:  # whatever it was: half a store is none; raised again
        _empty(target, keep=was_there)
        raise
    try:
        if not found.is_sealed_by(opened.keys.key_for(making.SEAL)):
            raise Corrupt("backup.changed")
        _prove(opened, found.manifest)
        passed = opened.store.skip_numbers(NUMBERS_SKIPPED)
        with opened.store.writing("system", "") as unit:
            unit.audit(
                "store.restored",
                opened.id,
                {
                    "backup_of": found.manifest.made_at,
                    "head": found.manifest.head[0],
                    "numbers_go_on_after": passed,
                },
            )
    except BaseException:  # whatever it was: half a store is none; raised again
        opened.close()
        _empty(target, keep=was_there)
        raise
    return opened


def drill(folder: Path, open_store: Open, progress: Progress | None = None) -> Drill:
    """Restore into a private folder, open every photo and document, throw it away.

    Everything in the folder is encrypted, as in the backup itself.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="derm-drill-") as temporary:
        opened = restore(folder, Path(temporary) / "store", open_store, progress=progress)
        try:
            n = 0
            for address in opened.vault.addresses():
                opened.vault.get(address)
                n += 1
        finally:
            opened.close()
    return Drill(manifests.read(folder).manifest.rows, n, time.monotonic() - begun)


def _copy(
    folder: Path,
    target: Path,
    manifest: manifests.Manifest,
    durable: Durable,
    progress: Progress | None,
) -> None:
    for place in (target, target / VAULT, target / "keys"):
        durable.make_folder(place)
    listed = tuple(making.pool_files(folder))
    for n, (address, wanted) in enumerate(listed):
        durable.make_folder(target / VAULT / address[:2])
        _one(folder.parent / POOL / address[:2] / address, target / VAULT / address[:2] / address,
             wanted, durable)  # fmt: skip
        if progress is not None:
            progress(n + 1, len(listed))
    for first in range(256):
        (target / VAULT / f"{first:02x}").mkdir(mode=0o700, exist_ok=True)
    durable.sync_folder(target / VAULT)
    # The file that makes a folder a store comes last.
    names = sorted((f for f in manifest.files if f[0] != making.BLOBS), key=_store_file_last)
    for name, _, wanted in names:
        _one(folder / name, target / name, wanted, durable)


def _store_file_last(file: tuple[str, int, str]) -> tuple[bool, str]:
    return file[0] == store_file.FILE_NAME, file[0]


def _one(source: Path, target: Path, wanted: str, durable: Durable) -> None:
    durable.write(target, source.read_bytes())
    if manifests.digest(target) != wanted:
        raise Corrupt("backup.damaged", file=source.name)


def _prove(opened: OpenStore, manifest: manifests.Manifest) -> None:
    with opened.store.reading() as unit:
        entry = next(iter(unit.audit_entries(manifest.head[0] - 1, 1)), None)
    if entry is not None and manifest.head[0] and entry.digest != manifest.head[1]:
        raise Corrupt("backup.changed")
    rows, _ = snapshot.check(opened.folder / DATABASE, opened.keys.key_for("database"))
    if any(rows.get(table, 0) < n for table, n in manifest.rows.items()):
        raise Corrupt("backup.changed")


def _empty(target: Path, *, keep: bool) -> None:
    with suppress(OSError):  # what failed before is what is told; half a copy is no store
        shutil.rmtree(target)
        if keep:
            target.mkdir(mode=0o700)
