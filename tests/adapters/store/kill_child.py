"""A child that edits until it is killed, and says each revision only after its commit."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from store_world import NOW, annotation, reopen

from workstation.domain.draft import ItemKind, Key
from workstation.domain.ids import ConsultationId, UserId

opened = reopen(Path(sys.argv[1]))
ID, DOCTOR = ConsultationId("consultation-1"), UserId("user-doctor")
with opened.store.writing(DOCTOR, "s") as unit:
    claim = unit.claim(ID, DOCTOR, "s", NOW, NOW + timedelta(minutes=20))
    revision = unit.consultation(ID).revision
    history = unit.history(ID)
assert claim is not None
print("ready", opened.faults, flush=True)
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
    print(revision, blob, flush=True)
