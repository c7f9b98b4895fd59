"""Photos and annotations as DICOM objects: others can read them, and they come back to the last digit."""

from __future__ import annotations

import hashlib
import struct
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from workstation.adapters.dicom import codes, jpeg, writing
from workstation.adapters.exports import coco
from workstation.adapters.photos.decoder import PhotoDecoder
from workstation.cli_parts import package_reader
from workstation.demo import packages
from workstation.demo.people import person
from workstation.domain.errors import Refused
from workstation.domain.exchange import AnnotationSet
from workstation.domain.ids import AnnotationId, PhotoId, UserId, VaultAddress
from workstation.domain.lesions import Annotation, LesionType, MadeBy, Point, ZoneId
from workstation.domain.photo import Photo, QualityMeasures, Scale, View
from workstation.workflow import intake

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
WIDTH, HEIGHT = 320, 240


@pytest.fixture(scope="module")
def decoder():
    made = PhotoDecoder()
    yield made
    made.close()


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    who = person("marsh-elena")
    kind, raw = packages.package(who, replace(who.visit(1), views=("front",)), date(2026, 11, 22))
    path = tmp_path_factory.mktemp("in") / f"p.{kind}"
    path.write_bytes(raw)
    desk = SimpleNamespace(clock=SimpleNamespace(now=lambda: NOW))
    received = package_reader().read(path)
    return writing.Study(intake.consultation_of(desk, received), "Alex O'Brien^=\\ MD")


def content(orientation=1, kind="JPEG", **options):
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    pixels = np.stack([rows % 200, columns % 200, (rows * 2) % 200], axis=-1).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "CANARY-MAKER"
    out = BytesIO()
    Image.fromarray(pixels).save(out, kind, exif=exif.tobytes(), **options)
    return out.getvalue()


def photo_of(raw, view=View.FRONT, size=(WIDTH, HEIGHT), media_type="image/jpeg"):
    digest = hashlib.sha256(raw).hexdigest()
    where = VaultAddress(digest)
    measures = QualityMeasures(300.0, 0.5, 0.0)
    return Photo(
        PhotoId(f"p-{digest[:6]}-{view.value}"), view, media_type, *size, digest,
        where, where, where, NOW, measures, (),
    )  # fmt: skip


def annotation(photo, number=0, **changes):
    plain = Annotation(
        AnnotationId(f"a{number}"), photo.id, LesionType.PAPULE, Point(10.1 + number, 20.3), None,
        "", UserId("u1"), NOW, MadeBy.CLINICIAN, False, None,
    )  # fmt: skip
    return replace(plain, **changes)


def drawn(study, photos, annotations, scales=(), zones=None):
    id = study.consultation.id
    return AnnotationSet(id, photos, annotations, scales, (), (), (), (), zones or {})


def written(study, decoder, raws):
    photos = tuple(photo_of(raw, view) for raw, view in zip(raws, View, strict=False))
    objects = [
        writing.photo_object(study, photo, at, decoder.frame(raw))
        for at, (photo, raw) in enumerate(zip(photos, raws, strict=True), 1)
    ]
    return photos, objects


def test_an_upright_jpeg_goes_in_as_it_is_without_what_it_tells(study, decoder):
    raw = content(comment=b"CANARY")
    _, (made,) = written(study, decoder, [raw])
    file = writing.encoded(made)
    assert b"CANARY" not in file and jpeg.bare(raw).content in file
    found = pydicom.dcmread(BytesIO(file))
    assert found.SOPClassUID == codes.VL_PHOTOGRAPHIC
    assert found.PatientName.family_name == "Marsh" and found.PatientID == "MK-204817"
    assert np.array_equal(
        np.asarray(Image.open(BytesIO(decoder.unwrap(file).content)).convert("RGB")),
        np.asarray(Image.open(BytesIO(raw)).convert("RGB")),
    )


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_turned_photo_goes_in_upright(study, decoder, orientation):
    raw = content(orientation)
    seen = decoder.examine(raw, NOW.date())
    photo = photo_of(raw, size=(seen.width, seen.height))
    made = writing.photo_object(study, photo, 1, decoder.frame(raw))
    pixels = decoder.decode(raw)
    assert (made.Columns, made.Rows) == (pixels.width, pixels.height)
    told = np.frombuffer(made.PixelData, np.uint8).reshape(made.Rows, made.Columns, 3)
    right = np.frombuffer(pixels.data, np.uint8).reshape(made.Rows, made.Columns, 4)
    assert np.array_equal(told[:, :, ::-1], right[:, :, :3])
    assert b"CANARY" not in writing.encoded(made)


@pytest.mark.parametrize("view", list(View))
def test_the_view_and_whom_it_is_of_come_back(study, decoder, view):
    raw = content()
    file = writing.encoded(writing.photo_object(study, photo_of(raw, view), 1, decoder.frame(raw)))
    back = decoder.unwrap(file)
    who = study.consultation.patient
    assert back.view is view and back.named.born == who.born
    assert (back.named.record, back.named.family) == (who.external_id, who.family)


def test_the_same_photo_is_the_same_object_and_another_report_another(study, decoder):
    raws = [content(), content(kind="JPEG", quality=60)]
    photos, objects = written(study, decoder, raws)
    _, again = written(study, decoder, raws)
    assert [o.SOPInstanceUID for o in objects] == [o.SOPInstanceUID for o in again]
    reports = set()
    for note in ("", "seen", "seen twice"):
        given_ = drawn(study, photos, (annotation(photos[0], note=note),))
        made = writing.report_object(study, given_, coco.write(given_), objects)
        reports.add(made.SOPInstanceUID)
    assert len(reports) == 3


@pytest.fixture(scope="module")
def two_photos(study, decoder):
    return written(study, decoder, [content(), content(quality=50)])


places = st.builds(
    Point,
    st.floats(0, WIDTH, allow_nan=False, allow_subnormal=False),
    st.floats(0, HEIGHT, allow_nan=False, allow_subnormal=False),
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from(LesionType),
            places,
            st.one_of(st.none(), st.floats(0.01, 99)),
            st.one_of(st.just(()), st.lists(places, min_size=3, max_size=7).map(tuple)),
            st.sampled_from(ZoneId),
            st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
            st.integers(0, 1),
        ),
        min_size=1,
        max_size=6,
    ),
    st.one_of(st.none(), st.floats(0.001, 1)),
)
def test_every_annotation_comes_back_to_the_last_digit(
    study, decoder, two_photos, marks, mm_per_px
):
    photos, objects = two_photos
    annotations = tuple(
        annotation(photos[of], at, type=kind, at=place, radius=radius, border=border, note=note)
        for at, (kind, place, radius, border, _, note, of) in enumerate(marks)
    )
    zones = {a.id: mark[4] for a, mark in zip(annotations, marks, strict=True)}
    scales = () if mm_per_px is None else (Scale(photos[0].id, mm_per_px, "ruler"),)
    given_ = drawn(study, photos, annotations, scales, zones)
    made = writing.report_object(study, given_, coco.write(given_), objects)
    back = coco.read(decoder.report(writing.encoded(made)))
    assert back.annotations == annotations
    assert back == coco.read(coco.write(given_))
    # What any other reader sees: type, place, size and zone in the standard's own parts.
    groups = [
        group
        for item in made.ContentSequence
        if item.ConceptNameCodeSequence[0].CodeMeaning == "Imaging Measurements"
        for group in item.ContentSequence
    ]
    assert len(groups) == len(annotations)
    for group, one in zip(groups, annotations, strict=True):
        parts = {i.ConceptNameCodeSequence[0].CodeMeaning: i for i in group.ContentSequence}
        assert parts["Finding"].ConceptCodeSequence[0].CodeMeaning == codes.lesion(one.type).meaning
        assert parts["Counting zone"].ConceptCodeSequence[0].CodeValue == zones[one.id].value
        assert ("Radius" in parts) == (one.radius is not None)
        scaled = one.radius is not None and scales and one.photo == photos[0].id
        assert ("Diameter" in parts) == bool(scaled)
        if scaled:
            told = float(parts["Diameter"].MeasuredValueSequence[0].NumericValue)
            assert told == pytest.approx(2 * one.radius * mm_per_px)


def test_a_report_that_was_altered_is_refused(study, decoder):
    photos, objects = written(study, decoder, [content()])
    given_ = drawn(study, photos, (annotation(photos[0]), annotation(photos[0], 1)))
    made = writing.report_object(study, given_, coco.write(given_), objects)
    file = writing.encoded(made)
    assert decoder.report(file) == coco.write(given_)
    place = struct.pack("<ff", 10.1, 20.3)
    assert file.count(place) == 1
    for altered, code in (
        (file.replace(place, struct.pack("<ff", 90.1, 20.3)), "annotations.differs"),
        (file.replace(b"10.1", b"90.1"), "annotations.differs"),
        (file.replace(b"annotations ", b"annotation_ "), "annotations.format"),
        (writing.encoded(objects[0]), "annotations.format"),
        (file[: len(file) // 2], "annotations.format"),
        (b"{}", "annotations.format"),
    ):
        assert altered != file
        with pytest.raises(Refused) as refused:
            decoder.report(altered)
        assert refused.value.code == code


@pytest.mark.needs("dciodvfy", "dsrdump", "dcmdump")
def test_other_programs_find_the_objects_valid(study, decoder, tmp_path):
    """dicom3tools judges the objects by the standard; dcmtk reads report and pixels."""
    raws = [content(), content(6), content(kind="PNG")]
    photos, objects = written(study, decoder, raws)
    marks = (
        annotation(photos[0], 0, radius=7.25),
        annotation(photos[1], 1, border=(Point(1, 2), Point(30, 2), Point(9.5, 40))),
    )
    given_ = drawn(study, photos, marks, (Scale(photos[0].id, 0.125, "ruler"),))
    report = writing.report_object(study, given_, coco.write(given_), objects)
    names = []
    for number, made in enumerate((*objects, report)):
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(writing.encoded(made))
        names.append(str(path))
        judged = subprocess.run(["dciodvfy", path], capture_output=True, text=True, check=False)
        said = judged.stderr + judged.stdout
        assert "Error" not in said, said
        # Our own designator is the one thing that it does not know.
        left = [w for w in said.splitlines() if w.startswith("Warning") and "99DERMWS" not in w]
        assert left == [], left
        subprocess.run(["dcmdump", path], capture_output=True, check=True)
    told = subprocess.run(["dsrdump", names[-1]], capture_output=True, text=True, check=True).stdout
    for words in (
        "Comprehensive SR Document",
        '"Finding")=(PA,99DERMWS,"Papule")',
        "(POINT,10.1000004/20.2999992)",
        "(POLYLINE,1/2,",
        '"Diameter")="1.8125',
        "Marsh^Elena",
    ):
        assert words in told, words
