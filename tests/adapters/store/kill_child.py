"""A warm process that forks children; each works on a store until it is killed.

It reads ``edit folder log`` and ``create folder log`` lines, answers with the child's process id,
and with how it ended when it has. A child that edits writes each revision to its log only after the
commit; one that creates writes ``begun``, and ``made`` when the store is whole.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import store_world
from store_world import NOW, annotation, reopen

from workstation.domain.draft import ItemKind, Key
from workstation.domain.ids import ConsultationId, UserId

ID, DOCTOR = ConsultationId("consultation-1"), UserId("user-doctor")


def edit(folder: Path, log: int) -> None:
    """Add annotation after annotation, and a vault file to every fifth."""
    opened = reopen(folder)
    with opened.store.writing(DOCTOR, "s") as unit:
        claim = unit.claim(ID, DOCTOR, "s", NOW, NOW + timedelta(minutes=20))
        revision = unit.consultation(ID).revision
        history = unit.history(ID)
    assert claim is not None and opened.faults == ()
    os.write(log, b"ready\n")
    n = revision
    while True:
        n += 1
        blob = opened.vault.put(f"photo {n}".encode() * 50) if n % 5 == 0 else ""
        edit = history.draft.put(
            "annotation.add", [(Key.of(ItemKind.ANNOTATION, f"a{n}"), annotation(n))], DOCTOR, NOW
        )
        with opened.store.writing(DOCTOR, "s") as unit:
            revision = unit.append_edit(ID, claim.token, revision, edit)
            unit.audit("draft.edited", ID, {"revision": revision})
        history = history.do(edit)
        os.write(log, f"{revision} {blob}\n".encode())


def create(folder: Path, log: int) -> None:
    """Make a store, with all its migrations."""
    os.write(log, b"begun\n")
    made = store_world.create_store(folder, **store_world.settings_of_new())
    os.write(log, b"made\n")
    made.close()


import alembic.command  # noqa: F401  # loaded before the forks: no child waits for it

for line in sys.stdin:
    what, folder, path = line.split()
    child = os.fork()
    if child == 0:
        try:
            log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            {"edit": edit, "create": create}[what](Path(folder), log)
        except BaseException as error:
            Path(path + ".error").write_text(repr(error))
            raise
        finally:
            os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
