"""What was changed outside the program is told in words, whatever the code."""

from __future__ import annotations

from workstation.adapters.store import schema
from workstation.presenters.fault_words import FAULTS, KEPT, fault_words


def test_faults_are_told_once_each_and_without_codes() -> None:
    told = fault_words(
        (
            "row.changed:document:d1",
            "row.changed:document:d2",
            "row.removed:consultation:c4",
            "row.added:seal_of_tomorrow:1",
            "audit.broken:41",
            "nobody.knows:x",
        )
    )
    assert told == (
        "a signed document was changed",
        "a consultation was removed",
        "another record was added",
        "the audit trail is broken at entry 41",
        "something else",
    )
    for code in (*FAULTS, *KEPT):
        assert not any(f"{code}:" in words or "_" in words for words in fault_words((f"{code}:x",)))


def test_the_records_that_are_named_are_tables_of_the_store() -> None:
    assert set(KEPT) <= set(schema.metadata.tables)
