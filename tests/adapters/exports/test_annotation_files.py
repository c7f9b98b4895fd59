"""Files of annotations on real photos in every orientation: what is drawn comes back where it was."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.ui.assess_world import blank
from workstation.adapters.exports.annotation_files import FolderAnnotations, read
from workstation.adapters.photos.decoder import PhotoDecoder
from workstation.domain.draft import Draft, ItemKind, Key
from workstation.domain.errors import Refused, WorkstationError
from workstation.domain.exchange import AnnotationSet, merge
from workstation.domain.ids import AnnotationId, ConsultationId, UserId
from workstation.domain.lesions import Annotation, LesionType, MadeBy, Point
from workstation.domain.photo import Photo, Scale, View

ORIENTATION = 0x0112
HEIC = Path(__file__).parents[1] / "photos" / "turned.heic"
ID = ConsultationId("c1")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
SPOT = (250, 60)  # of the upright photo, 320 x 240


@pytest.fixture(scope="module")
def decoder() -> Iterator[PhotoDecoder]:
    made = PhotoDecoder()
    yield made
    made.close()


def taken(orientation: int) -> bytes:
    """A grey photo with one red spot, stored turned as a phone stores it."""
    image = Image.new("RGB", (320, 240), (150, 150, 150))
    image.paste((230, 20, 20), (SPOT[0] - 6, SPOT[1] - 6, SPOT[0] + 6, SPOT[1] + 6))
    how = STORED_AS[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    out = BytesIO()
    (image if how is None else image.transpose(how)).save(
        out, "JPEG", quality=95, exif=exif.tobytes()
    )
    return out.getvalue()


def is_red(decoder: PhotoDecoder, content: bytes, at: Point) -> bool:
    pixels = decoder.decode(content)
    start = (int(at.y) * pixels.width + int(at.x)) * 4
    blue, green, red, _ = pixels.data[start : start + 4]
    return red > 180 and green < 90 and blue < 90


def photo_of(decoder: PhotoDecoder, content: bytes, view: View) -> Photo:
    seen = decoder.examine(content, date(2026, 11, 22))
    one = blank((view,), (seen.width, seen.height))[0]
    return replace(one, digest=hashlib.sha256(content).hexdigest())


def drawn(photo: Photo, at: Point) -> Draft:
    made = Annotation(
        AnnotationId("a1"), photo.id, LesionType.NODULE, at, 6.5, "=note", UserId("u1"), NOW,
        MadeBy.CLINICIAN, True, None, (Point(at.x - 3, at.y), Point(at.x, at.y + 3.25), at),
    )  # fmt: skip
    return Draft.empty(ID).apply(
        Draft.empty(ID).put(
            "annotation.add",
            (
                (Key.of(ItemKind.ANNOTATION, made.id), made),
                (Key.of(ItemKind.SCALE, photo.id), Scale(photo.id, 0.1, "10 mm measured")),
            ),
            UserId("u1"),
            NOW,
        )
    )


CASES = [*range(1, 9), "heic"]


@pytest.mark.parametrize(
    "case", CASES, ids=[f"orientation-{c}" if c != "heic" else c for c in CASES]
)
def test_what_is_drawn_on_a_real_photo_comes_back(
    decoder: PhotoDecoder, tmp_path: Path, case: int | str
) -> None:
    content = HEIC.read_bytes() if isinstance(case, str) else taken(case)
    at = Point(10.25, 10.5) if isinstance(case, str) else Point(*map(float, SPOT))
    photo = photo_of(decoder, content, View.FRONT)
    assert (photo.width, photo.height) == (320, 240)
    assert is_red(decoder, content, at)
    draft = drawn(photo, at)
    files = FolderAnnotations(tmp_path)
    for form in ("coco", "csv"):
        path = files.write(AnnotationSet.of(draft, (photo,), {}), form)
        given = files.read(path)
        assert merge(draft, (photo,), given) == ()  # all of it is here already
        fresh = merge(Draft.empty(ID), (photo,), given)
        assert {item for _, item in fresh} == set(draft.items.values())
        found = given.annotations[0]
        assert is_red(decoder, content, found.at)


def test_another_photo_is_refused_and_nothing_is_read_from_a_foreign_file(
    decoder: PhotoDecoder, tmp_path: Path
) -> None:
    one = photo_of(decoder, taken(1), View.FRONT)
    other = photo_of(decoder, taken(6), View.FRONT)
    files = FolderAnnotations(tmp_path)
    path = files.write(AnnotationSet.of(drawn(one, Point(5, 5)), (one,), {}), "coco")
    with pytest.raises(Refused, match=r"annotations\.photo"):
        merge(Draft.empty(ID), (other,), files.read(path))
    path.write_bytes(b"\xff\xfe\x00")
    for wrong in (path, tmp_path / "none.csv"):
        with pytest.raises(Refused, match=r"annotations\.format"):
            files.read(wrong)


@pytest.mark.skipif(sys.platform == "win32", reason="a file in the folder's place")
def test_a_folder_that_cannot_be_written_and_an_id_that_is_a_path(
    decoder: PhotoDecoder, tmp_path: Path
) -> None:
    photo = photo_of(decoder, taken(1), View.FRONT)
    given = AnnotationSet.of(drawn(photo, Point(5, 5)), (photo,), {})
    blocked = tmp_path / "outbox"
    blocked.write_text("a file")
    with pytest.raises(WorkstationError, match=r"export\.folder"):
        FolderAnnotations(blocked).write(given, "coco")
    away = replace(given, consultation=ConsultationId("../c1"))
    with pytest.raises(WorkstationError, match=r"export\.number"):
        FolderAnnotations(tmp_path).write(away, "csv")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["outbox"]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\xff\xfe", b"[]", b"{}", b"[" * 200_000, b'{"info":' * 100_000, b"NaN",
        b'{"info": {"workstation": {"format": 1e999}}}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["in.json", "in.csv"])
def test_whatever_a_file_holds_it_is_refused_with_one_code(
    tmp_path: Path, raw: bytes, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(Refused) as refused:
        read(path)
    assert refused.value.code == "annotations.format"
