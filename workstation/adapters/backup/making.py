"""Make a backup while the store is in use, check what was written, and let old ones go.

A backup folder holds, per store, a pool of vault files shared by all its backups and one folder a
backup: the database (encrypted under the store's own key), the wrapped keys, the list of vault
files, and last a sealed manifest. Everything in it is encrypted as it is in the store.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from workstation import __version__
from workstation.adapters.backup import manifest as manifests
from workstation.adapters.backup.manifest import Manifest, digest
from workstation.adapters.store import snapshot
from workstation.adapters.store.folder import DATABASE, HEADS, OpenStore
from workstation.adapters.store.schema import HEAD
from workstation.adapters.system import store_file
from workstation.adapters.system.durable import PART, Durable, sweep
from workstation.adapters.system.key_surroundings import KEYS
from workstation.domain.errors import Corrupt, Refused, WorkstationError

BLOBS = "blobs.txt"
POOL = "vault"
SEAL = "backup seal"
_LEAST_FREE = 64 * 1024 * 1024
_STAMP = re.compile(r"\d{8}T\d{6}Z(-\d+)?\Z")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written and read back. ``copied`` vault files were new to the pool."""

    folder: Path
    manifest: Manifest
    copied: int
    removed: int


def place_of(backups: Path, store_id: str) -> Path:
    """The folder of one store below the folder of backups."""
    return backups / f"derm-backup-{store_id[:12]}"


def existing(place: Path) -> tuple[Path, ...]:
    """Finished backups of a store's place, oldest first."""
    if not place.is_dir():
        return ()
    return tuple(
        sorted(
            path
            for path in place.iterdir()
            if _STAMP.match(path.name) and (path / manifests.FILE_NAME).is_file()
        )
    )


def make(
    opened: OpenStore,
    backups: Path,
    *,
    keep: int,
    durable: Durable | None = None,
    progress: Progress | None = None,
) -> Made:
    """Write one backup of an open store below ``backups`` and verify it; keep the ``keep`` newest.

    ``progress`` is told (done, of all) vault files and may raise to stop: nothing then counts.

    Raises:
        Refused: ``backup.inside`` when the folder lies inside the store.
        WorkstationError: ``backup.folder`` (cannot be written), ``store.disk.*``.
        Corrupt: ``backup.damaged`` when what was written is not read back the same.
    """
    durable = durable or Durable()
    _check_place(opened.folder, backups)
    place = place_of(backups, opened.id)
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(place).free < _LEAST_FREE:
            raise WorkstationError("store.disk.full", step="backup", folder=str(place))
    except OSError as error:
        raise WorkstationError("backup.folder", errno=error.errno or 0) from error
    target = _new_folder(place, opened.clock.now(), durable)
    try:
        rows, head = _database(opened, target)
        _keys(opened, target, durable)
        listed, copied = _vault(opened, place / POOL, durable, progress)
        durable.write(target / BLOBS, listed.encode("ascii"))
        manifest = Manifest(
            format=manifests.FORMAT,
            store=opened.id,
            kind=opened.kind,
            made_at=opened.clock.now(),
            program=__version__,
            schema=HEAD,
            head=head,
            rows=rows,
            blobs=listed.count("\n"),
            files=tuple(_described(target)),
        )
        sealed = manifest.text(opened.keys.key_for(SEAL))
        durable.write(target / manifests.FILE_NAME, sealed.encode())
    except BaseException:  # whatever it was: without a manifest it is no backup; raised again
        shutil.rmtree(target, ignore_errors=True)
        raise
    if _described_wrongly(target, manifest):
        raise Corrupt("backup.damaged", file=_described_wrongly(target, manifest))
    return Made(target, manifest, copied, _let_go(place, keep))


def pool_files(folder: Path) -> Iterator[tuple[str, str]]:
    """(address, SHA-256 of the sealed file) of each vault file of a backup.

    Raises:
        Corrupt: ``backup.damaged``.
    """
    for line in (folder / BLOBS).read_text("ascii", errors="replace").splitlines():
        address, _, found = line.partition(" ")
        if not re.fullmatch(r"[0-9a-f]{64}", address) or not re.fullmatch(r"[0-9a-f]{64}", found):
            raise Corrupt("backup.damaged", file=BLOBS)
        yield address, found


def first_damage(folder: Path, manifest: Manifest, progress: Progress | None = None) -> str:
    """Name of the first file of a backup that is not as it was written; "" when all are."""
    wrong = _described_wrongly(folder, manifest)
    if wrong:
        return wrong
    listed = tuple(pool_files(folder))
    if len(listed) != manifest.blobs:
        return BLOBS
    for n, (address, wanted) in enumerate(listed):
        path = folder.parent / POOL / address[:2] / address
        if not path.is_file() or digest(path) != wanted:
            return f"{POOL}/{address[:2]}/{address}"
        if progress is not None:
            progress(n + 1, len(listed))
    return ""


def _check_place(store: Path, backups: Path) -> None:
    inside = backups.absolute().resolve()
    if inside == store.resolve() or store.resolve() in inside.parents:
        raise Refused("backup.inside")


def _new_folder(place: Path, now: datetime, durable: Durable) -> Path:
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (stamp, *(f"{stamp}-{n}" for n in range(2, 100)))
    target = next(place / name for name in names if not (place / name).exists())
    durable.make_folder(place)
    durable.make_folder(target)
    durable.make_folder(target / KEYS)
    return target


def _database(opened: OpenStore, target: Path) -> tuple[dict[str, int], tuple[int, str]]:
    key = opened.keys.key_for("database")
    path = target / DATABASE
    opened.store.snapshot(path, key)
    rows, head = snapshot.check(path, key)
    for left in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (target / left).unlink(missing_ok=True)
    with path.open("rb+") as file:
        _sync(file.fileno())
    return rows, (0, "") if head is None else (head.seq, head.digest)


def _keys(opened: OpenStore, target: Path, durable: Durable) -> None:
    for name in (store_file.FILE_NAME, *opened.key_files.names()):
        durable.write(target / name, opened.key_files.read(name))
    heads = opened.folder / KEYS / HEADS
    if heads.is_file():
        durable.write(target / KEYS / HEADS, heads.read_bytes())


def _vault(
    opened: OpenStore, pool: Path, durable: Durable, progress: Progress | None
) -> tuple[str, int]:
    """Copy what the pool lacks. The list is taken after the database: it can only hold more."""
    durable.make_folder(pool)
    addresses = tuple(opened.vault.addresses())
    lines, copied = [], 0
    for n, address in enumerate(addresses):
        kept = pool / address[:2] / address
        if not kept.is_file():
            opened.vault.get(address)  # what does not open must not look like a backup
            durable.make_folder(kept.parent)
            durable.write(kept, opened.vault.sealed(address))
            copied += 1
        lines.append(f"{address} {digest(kept)}\n")
        if progress is not None:
            progress(n + 1, len(addresses))
    return "".join(lines), copied


def _described(folder: Path) -> Iterator[tuple[str, int, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != manifests.FILE_NAME and not path.name.endswith(PART):
            name = path.relative_to(folder).as_posix()
            yield name, path.stat().st_size, digest(path)


def _described_wrongly(folder: Path, manifest: Manifest) -> str:
    found = {name: (size, sum_) for name, size, sum_ in _described(folder)}
    wanted = {name: (size, sum_) for name, size, sum_ in manifest.files}
    return next((n for n in sorted(wanted | found) if wanted.get(n) != found.get(n)), "")


def _let_go(place: Path, keep: int) -> int:
    """Remove backups past the ``keep`` newest, then vault files that none lists any more."""
    there = existing(place)
    old = there[: max(0, len(there) - keep)]
    for folder in old:
        (folder / manifests.FILE_NAME).unlink()  # first: half removed must not look whole
        shutil.rmtree(folder)
    if old:
        listed = {address for folder in existing(place) for address, _ in pool_files(folder)}
        for path in (place / POOL).glob("[0-9a-f][0-9a-f]/*"):
            if path.name not in listed:
                path.unlink()
    for below in (place / POOL).glob("[0-9a-f][0-9a-f]"):
        sweep(below)
    return len(old)


def _sync(handle: int) -> None:
    import os

    os.fsync(handle)
