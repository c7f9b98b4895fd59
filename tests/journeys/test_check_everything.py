"""``workstation audit`` names every file that was edited, taken away or put elsewhere outside."""

from __future__ import annotations

from clinic_day import Clinic
from test_amend_and_void import signed

from workstation import bootstrap
from workstation.domain.ids import VaultAddress


def test_each_file_of_photo_and_document_is_checked(clinic: Clinic) -> None:
    hand, documents = signed(clinic)
    photo = clinic.look(hand.id).photos[0]
    named = [photo.original, photo.preview, photo.thumbnail, *(one.address for one in documents)]
    assert clinic.opened.check_files() == ()
    assert bootstrap.check_audit(clinic.opened, 1)["whole"]
    vault = clinic.opened.folder / "vault"

    def place(address: VaultAddress):
        return vault / address[:2] / address

    for n, address in enumerate(named):
        path = place(address)
        whole = path.read_bytes()
        at = len(whole) * n // len(named)  # a byte anywhere, the first one too
        path.write_bytes(whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :])
        assert clinic.opened.check_files() == (f"file.damaged:{address}",)
        path.write_bytes(whole[:-1])
        assert clinic.opened.check_files() == (f"file.damaged:{address}",)
        path.unlink()
        assert clinic.opened.check_files() == (f"file.missing:{address}",)
        path.write_bytes(place(named[n - 1]).read_bytes())  # a good file in the place of another
        assert clinic.opened.check_files() == (f"file.damaged:{address}",)
        told = bootstrap.check_audit(clinic.opened, 1)
        assert not told["whole"] and address in told["sentence"]
        path.write_bytes(whole)
    assert clinic.opened.check_files() == ()
