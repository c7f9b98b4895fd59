"""A clinic's records backed up while in use, and brought back on another computer."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import store_world as world
from benchmarks.store_parts import large

from tests.benchmarks.figures import Figure, tell
from workstation.adapters.backup import making, restoring
from workstation.adapters.store import copying
from workstation.adapters.store.engine import transaction
from workstation.adapters.store.folder import OpenStore

CASES, PHOTOS, SIZE = 1_000, 5_000, 400_000
MINUTES = 15.0
LATER_MS = 3_000.0


def restore() -> None:
    """Backup, the same again, restore and the comparison of every row and file."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        opened = world.create(root / "store")
        for first in range(0, CASES, 100):
            with opened.store.writing("system", "s") as unit:
                for n in range(first, first + 100):
                    unit.add_patient_and_consultation(large.one(n), world.appraised())
        for _ in range(PHOTOS):
            opened.vault.put(os.urandom(SIZE))
        begun = time.perf_counter()
        made = making.make(opened, root / "backups", keep=3)
        print(f"backup of {PHOTOS * SIZE / 1e9:.1f} GB: {time.perf_counter() - begun:.0f} s")
        begun = time.perf_counter()
        making.make(opened, root / "backups", keep=3)
        print(f"the next one: {time.perf_counter() - begun:.0f} s")
        begun = time.perf_counter()
        back = restoring.restore(made.folder, root / "again", world.reopen)
        took = time.perf_counter() - begun
        _equal(opened, back)
        tell(
            Figure(
                "restore of 1,000 consultations, 5,000 photos", took / 60, "min", MINUTES, "goal"
            )
        )
        back.close()
        begun = time.perf_counter()
        world.reopen(root / "again").close()
        shown = (time.perf_counter() - begun) * 1000
        tell(Figure("the restored store opens and closes", shown, "ms", LATER_MS, "goal"))
        opened.close()


def _equal(opened: OpenStore, back: OpenStore) -> None:
    there = list(opened.vault.addresses())
    assert there == list(back.vault.addresses()) and len(there) == PHOTOS
    for address in there[:: PHOTOS // 100]:  # restoring compared the bytes of all
        assert opened.vault.get(address) == back.vault.get(address)
    with (
        transaction(opened.store._engine, write=False) as one,
        transaction(back.store._engine, write=False) as other,
    ):
        counts, again = copying.counts_of(one), copying.counts_of(other)
    for name in ("consultation", "consultation_content", "patient", "photo_seen"):
        assert counts[name] == again[name] >= CASES
    assert back.store.audit_faults() == ()
