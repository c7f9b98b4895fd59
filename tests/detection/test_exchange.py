"""Annotations out and back: nothing is lost, nothing else is touched, formulas stay texts."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.assess_world import blank
from workstation.adapters.exports import annotation_csv, annotation_fhir, coco
from workstation.domain.draft import Draft, ItemKind, Key
from workstation.domain.errors import Refused
from workstation.domain.exchange import AnnotationSet, Exchanged, merge
from workstation.domain.ids import AnnotationId, ConsultationId, PhotoId, UserId
from workstation.domain.lesions import (
    Annotation,
    LesionType,
    MadeBy,
    Midline,
    Mirrored,
    Point,
    Proposal,
    ZoneId,
    ZoneOutline,
    ZoneOwner,
)
from workstation.domain.photo import Photo, Scale, View

AT = datetime(2026, 11, 22, 9, 30, 1, 250000, tzinfo=UTC)
ME = UserId("u1")
ID = ConsultationId("c1")
PHOTOS = tuple(
    replace(photo, digest=f"{number:064x}")
    for number, photo in enumerate(blank((View.FRONT, View.LEFT45)), start=1)
)
FORMS = pytest.mark.parametrize(
    "form", [coco, annotation_csv, annotation_fhir], ids=["coco", "csv", "fhir"]
)

PLACE = st.builds(
    Point,
    st.floats(0, 1200, allow_nan=False).map(lambda v: v + 0.0),
    st.floats(0, 1600, allow_nan=False).map(lambda v: v + 0.0),
)
NOTES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["=1+1", "'=1", "@x", "-2", "+3", '"a, b"', "two\nlines", "\ttab", "''"]
)
PROPOSALS = st.none() | st.builds(
    Proposal,
    st.sampled_from(["classical", "=cmd"]),
    st.just("1.0"),
    st.sampled_from(LesionType),
    st.floats(0, 1),
)
MADE = st.builds(
    Annotation,
    st.uuids().map(lambda u: AnnotationId(u.hex)),
    st.sampled_from([p.id for p in PHOTOS]),
    st.sampled_from(LesionType),
    PLACE,
    st.none() | st.floats(0.1, 400),
    NOTES,
    st.just(ME),
    st.just(AT),
    st.sampled_from(MadeBy),
    st.booleans(),
    st.none() | st.just(AnnotationId("twin")),
    st.just(()) | st.lists(PLACE, min_size=3, max_size=9).map(tuple),
    PROPOSALS,
)


def draft_of(annotations: list[Annotation], *beside: tuple[Key, object]) -> Draft:
    puts = [(Key.of(ItemKind.ANNOTATION, a.id), a) for a in annotations]
    start = Draft.empty(ID)
    return start.apply(start.put("x", [*puts, *beside], ME, AT))


BESIDE = (
    (Key.of(ItemKind.SCALE, PHOTOS[0].id), Scale(PHOTOS[0].id, 0.1 + 0.2, "10 mm measured")),
    (
        Key.of(ItemKind.MIDLINE, PHOTOS[0].id),
        Midline(PHOTOS[0].id, Point(600, 0), Point(590.5, 1600)),
    ),
    (Key.of(ItemKind.OWNER, "chin"), ZoneOwner(ZoneId.CHIN, PHOTOS[1].id)),
    (Key.of(ItemKind.MIRROR, PHOTOS[1].id), Mirrored(PHOTOS[1].id)),
    (
        Key.of(ItemKind.ZONE, f"{PHOTOS[1].id}:left_cheek"),
        ZoneOutline(
            PHOTOS[1].id, ZoneId.LEFT_CHEEK, (Point(1, 2), Point(300.25, 4), Point(5, 600))
        ),
    ),
)


def back(form: object, draft: Draft, photos: tuple[Photo, ...] = PHOTOS) -> Exchanged:
    text = form.write(AnnotationSet.of(draft, photos, {}))
    return form.read(text)


@FORMS
@settings(max_examples=20, deadline=None)
@given(st.lists(MADE, max_size=5, unique_by=lambda a: a.id))
def test_what_goes_out_comes_back_equal(form: object, annotations: list[Annotation]) -> None:
    draft = draft_of(annotations, *BESIDE)
    given_ = back(form, draft)
    empty = Draft.empty(ID)
    edit = empty.put("annotation.import", merge(empty, PHOTOS, given_), ME, AT)
    assert dict(empty.apply(edit).items) == dict(draft.items)
    # Nothing is left to do a second time, and one step takes everything back.
    assert merge(draft, PHOTOS, given_) == ()
    assert dict(empty.apply(edit).apply(edit.reversed()).items) == {}


@FORMS
def test_a_merge_adds_and_replaces_and_never_removes(form: object) -> None:
    def at(id: str, x: float) -> Annotation:
        return Annotation(
            AnnotationId(id), PHOTOS[0].id, LesionType.PAPULE, Point(x, 5), None, "", ME, AT,
            MadeBy.CLINICIAN, False, None,
        )  # fmt: skip

    given_ = back(form, draft_of([at("a", 10), at("b", 20)]))
    here = draft_of([at("b", 99), at("c", 30)])
    after = here.apply(here.put("annotation.import", merge(here, PHOTOS, given_), ME, AT))
    assert {a.id: a.at.x for a in after.annotations} == {"a": 10, "b": 20, "c": 30}


@FORMS
def test_photos_are_known_by_their_bytes(form: object) -> None:
    mine = Annotation(
        AnnotationId("a"), PHOTOS[0].id, LesionType.CYST, Point(3.5, 4.5), 12.25, "", ME, AT,
        MadeBy.CLINICIAN, False, None,
    )  # fmt: skip
    given_ = back(form, draft_of([mine]))
    moved = tuple(replace(p, id=PhotoId(f"other-{p.id}")) for p in PHOTOS)
    ((_, item),) = merge(Draft.empty(ID), moved, given_)
    assert item == replace(mine, photo=moved[0].id)
    other = tuple(replace(p, digest="f" * 64) for p in PHOTOS)
    with pytest.raises(Refused, match=r"annotations\.photo"):
        merge(Draft.empty(ID), other, given_)


@FORMS
def test_a_place_outside_the_photo_is_refused(form: object) -> None:
    out = Annotation(
        AnnotationId("a"), PHOTOS[0].id, LesionType.CYST, Point(1200.5, 4), None, "", ME, AT,
        MadeBy.CLINICIAN, False, None,
    )  # fmt: skip
    with pytest.raises(Refused, match=r"annotations\.place"):
        merge(Draft.empty(ID), PHOTOS, back(form, draft_of([out])))


@FORMS
@pytest.mark.parametrize("text", ["", "{}", "[]", "a,b\r\n1,2\r\n", '{"info": {"workstation": 1}}'])
def test_other_files_are_refused(form: object, text: str) -> None:
    with pytest.raises(Refused, match=r"annotations\.format"):
        form.read(text)


def test_no_cell_of_the_csv_is_a_formula() -> None:
    mine = Annotation(
        AnnotationId("a"), PHOTOS[0].id, LesionType.CYST, Point(3, 4), None, "=HYPERLINK(1)", ME,
        AT, MadeBy.ACCEPTED_DETECTION, False, None, (), Proposal("+x", "@1", LesionType.CYST, 0.5),
    )  # fmt: skip
    text = annotation_csv.write(AnnotationSet.of(draft_of([mine]), PHOTOS, {}))
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_another_library_reads_the_fhir_bundle() -> None:
    from fhir.resources.R4B.bundle import Bundle

    border = (Point(10, 10), Point(30.25, 10), Point(30, 20))
    mine = Annotation(
        AnnotationId("a"), PHOTOS[1].id, LesionType.NODULE, Point(20, 15), 8.5, "two\nlines", ME,
        AT, MadeBy.ACCEPTED_DETECTION, True, AnnotationId("twin"), border,
        Proposal("classical", "1.0", LesionType.PAPULE, 0.75),
    )  # fmt: skip
    text = annotation_fhir.write(AnnotationSet.of(draft_of([mine], *BESIDE), PHOTOS, {}))
    bundle = Bundle.model_validate_json(text)
    found = [entry.resource for entry in bundle.entry]
    media = [r for r in found if r.get_resource_type() == "Media"]
    drawn = [r for r in found if r.get_resource_type() == "Observation"]
    assert [(m.width, m.height, m.status) for m in media] == [(1200, 1600, "completed")] * 2
    assert len(drawn) == 1 + len(BESIDE) and {o.status for o in drawn} == {"preliminary"}
    assert drawn[0].code.coding[0].code == "NO"
    assert drawn[0].component[1].valueQuantity.value == 8.5
    links = {entry.fullUrl for entry in bundle.entry}
    assert len(links) == len(bundle.entry)
    assert all(o.derivedFrom[0].reference in links for o in drawn)
    assert all(o.subject is None for o in drawn)


def test_coco_has_what_other_programs_read() -> None:
    outline = (Point(10, 10), Point(30, 10), Point(30, 20), Point(10, 20))
    mine = Annotation(
        AnnotationId("a"), PHOTOS[1].id, LesionType.NODULE, Point(20, 15), 8.0, "", ME, AT,
        MadeBy.CLINICIAN, False, None, outline,
    )  # fmt: skip
    disc = replace(mine, id=AnnotationId("b"), border=())
    whole = json.loads(coco.write(AnnotationSet.of(draft_of([mine, disc]), PHOTOS, {})))
    image = next(i for i in whole["images"] if i["id"] == whole["annotations"][0]["image_id"])
    assert (image["width"], image["height"]) == (1200, 1600)
    assert image["workstation"]["sha256"] == PHOTOS[1].digest
    names = {c["id"]: c["name"] for c in whole["categories"]}
    first, second = whole["annotations"]
    assert names[first["category_id"]] == "NO"
    assert first["bbox"] == [10, 10, 20, 10] and first["area"] == 200
    assert first["segmentation"] == [[10, 10, 30, 10, 30, 20, 10, 20]]
    assert second["bbox"] == [12, 7, 16, 16] and second["iscrowd"] == 0
