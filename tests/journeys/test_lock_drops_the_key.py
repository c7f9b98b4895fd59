"""A locked desk holds no signing key anywhere: no part of the program kept it beside the session."""

from __future__ import annotations

import gc
from pathlib import Path

from clinic_day import copy_of

from workstation import bootstrap
from workstation.adapters.documents.keys import LoadedKey
from workstation.presenters.jobs import InlineJobs
from workstation.showcase import LOGIN, PASSWORD


def keys_of(serial: str) -> int:
    gc.collect()
    return sum(isinstance(o, LoadedKey) and o.serial == serial for o in gc.get_objects())


def test_a_locked_desk_holds_no_signing_key(
    base_store: Path, tmp_path: Path, quick_opening
) -> None:
    folder = copy_of(base_store, tmp_path / "store")
    opened = bootstrap.open_desk(folder, LOGIN, PASSWORD)
    try:
        assert opened.session.key is not None
        serial = opened.session.key.serial
        shown = bootstrap.presenters(opened, InlineJobs())
        assert keys_of(serial) == 1
        shown.session.lock("key")
        assert keys_of(serial) == 0
        shown.session.unlock(PASSWORD)
        assert keys_of(serial) == 1
        for holder in (opened, shown.case, shown.queue, shown.labs, shown.records, shown.settings):
            assert holder.session.key is not None
    finally:
        opened.close()
