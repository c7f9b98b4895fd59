"""A locked desk holds no signing key anywhere: no part of the program kept it beside the session."""

from __future__ import annotations

import gc
from pathlib import Path

from clinic_day import copy_of

from tests.inline_jobs import InlineJobs
from workstation import bootstrap
from workstation.adapters.documents.keys import LoadedKey
from workstation.showcase import LOGIN, PASSWORD


def keys() -> list[LoadedKey]:
    gc.collect()
    return [o for o in gc.get_objects() if isinstance(o, LoadedKey)]


def test_a_locked_desk_holds_no_signing_key(
    base_store: Path, tmp_path: Path, quick_opening
) -> None:
    folder = copy_of(base_store, tmp_path / "store")
    elsewhere = keys()  # kept alive here, so that none of them can pass for one of this desk

    def of_this_desk() -> int:
        return sum(not any(k is other for other in elsewhere) for k in keys())

    opened = bootstrap.open_desk(folder, LOGIN, PASSWORD)
    try:
        assert opened.session.key is not None
        shown = bootstrap.presenters(opened, InlineJobs())
        assert of_this_desk() == 1
        shown.session.lock("key")
        assert of_this_desk() == 0
        shown.session.unlock(PASSWORD)
        assert of_this_desk() == 1
        for holder in (opened, shown.case, shown.queue, shown.labs, shown.records, shown.settings):
            assert holder.session.key is not None
    finally:
        opened.close()
