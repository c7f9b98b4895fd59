"""De-identified export by the command: whatever file is opened, nothing says who it is."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from clinic_day import Clinic
from PIL import Image

from workstation import cli
from workstation.adapters.photos.anew import SPOT_SHARE
from workstation.domain.consultation import Consultation
from workstation.workflow import handing_over

RECORD = "MK-204817"


@pytest.fixture
def export(clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cli, "open_named", lambda options: clinic.opened)
    monkeypatch.setattr(clinic.opened, "close", lambda: None)

    def run(name: str, *more: str, key: str = "key") -> Path:
        out = tmp_path / name
        command = ["export", "deidentified", "--patient", RECORD, "--out", str(out),
                   "--key-file", str(tmp_path / key), *more]  # fmt: skip
        assert cli.run(command) == 0
        return out

    return run


def told(found: Consultation) -> set[str]:
    """Everything of a consultation that names its patient or dates it."""
    who, words = found.patient, set()
    words |= {who.family, who.given, who.external_id, str(who.id), str(found.id)}
    words |= {found.source.external_id, found.source.system, found.source.package_digest}
    words |= {who.rems_id or "", who.native_name or "", who.contact.phone or ""}
    words |= {who.contact.emergency_name or "", who.contact.emergency_phone or ""}
    words |= {who.contact.present_location or "", *found.own_words.splitlines()}
    if who.address is not None:
        words |= {who.address.line, who.address.city, who.address.postal_code}
    words |= {a.text for a in found.answers if a.link_id.startswith("contact")}
    words |= {p.digest for p in found.photos} | {str(p.id) for p in found.photos}
    days = {who.born, found.submitted_at.date(), found.received_at.date()}
    days |= {r.collected for r in found.results} | {f.as_of for f in found.facts}
    days |= {p.taken_at.date() for p in found.photos if p.taken_at is not None}
    days |= {f.value for f in found.facts if isinstance(f.value, date)}
    for day in days:
        words |= {day.isoformat(), day.strftime("%Y:%m:%d"), day.strftime("%Y%m%d")}
    words |= {r.laboratory or "" for r in found.results}
    return {w for w in words if len(w) > 3 and w not in ("true", "Portland")} | {"Portland"}


def everything(folder: Path) -> list[tuple[str, bytes]]:
    """(name, bytes) of every file, and of every member of every archive."""
    found = []
    for path in sorted(folder.rglob("*")):
        found.append((path.name, path.read_bytes()))
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                found += [(m, archive.read(m)) for m in archive.namelist()]
                found += [("listing", repr(archive.infolist()).encode() + archive.comment)]
    return found


def test_no_file_names_the_patient_and_intervals_hold(clinic: Clinic, export) -> None:
    ids = handing_over.of_patient(clinic.desk, clinic.session, RECORD)
    was = [clinic.look(id) for id in ids]
    words = set().union(*(told(one) for one in was))
    assert len(words) > 40
    original = clinic.desk.vault.get(was[0].photos[0].original)
    assert b"Exif" in original
    out = export("out")
    files = everything(out)
    assert len([n for n, _ in files if n.endswith(".jpg")]) == sum(len(w.photos) for w in was)
    for name, raw in files:
        for word in words | {"Exif", "http://ns.adobe", "GPS"}:
            assert word not in name and word.encode() not in raw, (name, word)
            assert word.encode("utf-16-le") not in raw
    assert cli.run(["validate-package", *map(str, out.iterdir())]) == 0
    got = [clinic.desk.reader.read(path) for path in out.iterdir()]
    got.sort(key=lambda one: one.submitted_at)
    assert len({g.patient.external_id for g in got}) == 1
    assert len({g.source.external_id for g in got}) == len(ids) == 2
    apart = [x.submitted_at.date() for x in was]
    moved = [x.submitted_at.date() for x in got]
    assert moved[1] - moved[0] == apart[1] - apart[0] and moved[0] < apart[0]
    # The order of hours within a day could be looked up in a diary: it is noon for everybody.
    assert {g.submitted_at.astimezone(g.submitted_at.tzinfo).hour for g in got} == {12}


@pytest.mark.long  # one export in test_handing_over shows the same by default
def test_the_same_key_gives_the_same_numbers_and_another_key_others(export) -> None:
    first, again, other = export("a"), export("b"), export("c", key="other")
    names = [sorted(p.name for p in folder.iterdir()) for folder in (first, again, other)]
    assert names[0] == names[1] and not set(names[0]) & set(names[2])
    assert [p.read_bytes() for p in sorted(first.iterdir())] == [
        p.read_bytes() for p in sorted(again.iterdir())
    ]


def test_faces_may_be_hidden_but_for_the_skin_around_each_annotation(
    clinic: Clinic, export
) -> None:
    """Whole zones would show the eyes."""
    hand = clinic.take("Marsh")
    hand.annotate(1)
    (one,) = hand.history.draft.annotations
    found = clinic.look(hand.id)
    shot = next(p for p in found.photos if p.id == one.photo)

    def photo(folder: Path) -> Image.Image:
        for path in sorted(folder.iterdir()):
            with zipfile.ZipFile(path) as archive:
                names = [n for n in archive.namelist() if shot.view.value in n]
                for name in names:
                    image = Image.open(io.BytesIO(archive.read(name)))
                    if image.size == (shot.width, shot.height):
                        images.append(image.convert("L"))
        return max(images, key=lambda i: sum(i.histogram()[16:]))

    images: list[Image.Image] = []
    hidden = photo(export("hidden", "--hide-faces"))
    around = 2 * SPOT_SHARE * min(hidden.size)
    box = (one.at.x - around, one.at.y - around, one.at.x + around, one.at.y + around)
    inside = hidden.crop(tuple(map(int, box)))
    assert sum(inside.histogram()[16:]) > 0.1 * inside.width * inside.height
    hidden.paste(0, tuple(map(int, box)))
    assert sum(hidden.histogram()[16:]) == 0  # nothing else is left, on any photo of a face
