"""Records that were set back as a whole are noticed by any document that was signed since."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from clinic_day import Clinic, copy_of
from test_amend_and_void import signed

from workstation.domain.audit import witnessed
from workstation.presenters.records_wording import verdict_lines
from workstation.workflow.verify import NOT_ISSUED, SET_BACK, verify_file, verify_stored


def test_a_document_of_later_shows_that_the_whole_store_was_set_back(
    clinic: Clinic, tmp_path: Path, open_clinic: Callable[..., Clinic]
) -> None:
    folder, clock = clinic.opened.folder, clinic.clock
    _, before = signed(clinic, "Al-Hashimi")
    clinic.opened.close()
    kept = copy_of(folder, tmp_path / "kept")
    clinic = open_clinic(folder, clock)
    clock.later(minutes=5)
    _, after = signed(clinic)
    papers = [clinic.desk.vault.get(one.address) for one in after]  # in somebody else's hands
    for one in (*before, *after):
        assert verify_stored(clinic.desk, clinic.session, one).holds
    clinic.opened.close()

    shutil.rmtree(folder)  # everything: database, vault, keys and the second audit record
    copy_of(kept, folder)
    clinic = open_clinic(folder, clock)
    assert (
        clinic.opened.faults == () and clinic.opened.check() == ()
    )  # the store alone knows nothing
    for pdf in papers:
        found = verify_file(clinic.desk, clinic.session, pdf)
        assert found.state == "untrusted" and found.because == (SET_BACK, NOT_ISSUED)
        assert any("set back" in f"{title} {more}" for _, title, more in verdict_lines(found, None))
    for one in before:
        assert verify_stored(clinic.desk, clinic.session, one).holds
    # Others work on: the trail grows past the entry that the papers name, and holds another there.
    clock.later(minutes=5)
    _, again = signed(clinic)
    assert verify_file(clinic.desk, clinic.session, papers[0]).because[0] == SET_BACK
    assert verify_stored(clinic.desk, clinic.session, again[0]).holds


def test_the_signature_covers_where_the_trail_stood(clinic: Clinic) -> None:
    _, documents = signed(clinic)
    pdf = clinic.desk.vault.get(documents[0].address)
    verdict = clinic.desk.signer.verify(pdf, documents[0].certificate)
    named = witnessed(verdict.witness)
    assert named is not None and named[1] == documents[0].audit_head
    with clinic.desk.store.reading() as unit:
        (entry,) = unit.audit_entries(named[0] - 1, 1)
    assert entry.digest == named[1]
    at = pdf.index(named[1].encode())
    for other in (named[1][:-1] + ("0" if named[1][-1] != "0" else "1"), "0" * 64):
        forged = pdf[:at] + other.encode() + pdf[at + 64 :]
        assert clinic.desk.signer.verify(forged, documents[0].certificate).state == "changed"
