"""All schemes of one consultation: halves of the face, regions unseen, hints, picks, disagreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.content.zones import standard
from workstation.domain import severity
from workstation.domain.counting import tally
from workstation.domain.draft import Draft, ItemKind, Key
from workstation.domain.facts import Fact, Facts, Origin
from workstation.domain.ids import AnnotationId, ConsultationId, PhotoId, UserId, VaultAddress
from workstation.domain.lesions import Annotation, LesionType, MadeBy, Midline, Point, Tally, ZoneId
from workstation.domain.photo import Photo, View
from workstation.domain.schemes_opinions import (
    NONE,
    assess_schemes,
    half_faces,
    side_of,
    worst_lesions,
)
from workstation.domain.severity import Counts
from workstation.domain.zones import missing_views, outlines_of

AT = datetime(2026, 6, 10, tzinfo=UTC)
DAY = date(2026, 6, 10)
FACE = (View.FRONT, View.LEFT45, View.RIGHT45)
ALL = (*FACE, View.CHEST, View.UPPER_BACK, View.SHOULDERS)
SIZE = 1000
_NUMBER = count(1)
L = LesionType


def photo(view: View) -> Photo:
    address = VaultAddress("a")
    return Photo(
        PhotoId(view.value), view, "image/jpeg", SIZE, SIZE, "d", address, address, address, AT,
        *([None] * (len(Photo.__dataclass_fields__) - 10)),
    )  # fmt: skip


def mark(type_: LesionType, zone: ZoneId, view: View, **changes) -> Annotation:
    """An annotation inside ``zone`` on the photo of ``view``."""
    at = changes.pop("at", None) or inside(zone, view)
    return replace(
        Annotation(
            AnnotationId(f"a{next(_NUMBER)}"), PhotoId(view.value), type_, at, None, "",
            UserId("u"), AT, MadeBy.CLINICIAN, False, None,
        ),
        **changes,
    )  # fmt: skip


def inside(zone: ZoneId, view: View) -> Point:
    """A point that lies in the zone and in none before it."""
    from workstation.domain.zones import photo_zones

    zones = photo_zones(standard().outline(photo(view)))
    for y in range(5, SIZE, 10):
        for x in range(5, SIZE, 10):
            if zones.zone_at(Point(x, y)) is zone:
                return Point(x, y)
    raise AssertionError(zone)


def opinions(content, annotations, views=ALL, midlines=(), **known):
    photos = tuple(photo(view) for view in views)
    counted = tally(photos, annotations, outlines_of(photos, standard()))
    counts = Counts(counted.comedones, counted.inflammatory, counted.nodules_cysts, False)
    grade = severity.grade(content.rubric, counts, missing_views(photos))
    facts = Facts(
        Fact(name.replace("__", "."), value, Origin.CLINICIAN, DAY, "test")
        for name, value in known.items()
    )
    return assess_schemes(content.schemes, photos, counted, midlines, grade, facts)


def test_another_indication_has_no_opinions(content) -> None:
    marks = [mark(L.PAPULE, ZoneId.LEFT_CHEEK, View.LEFT45)]
    assert opinions(content, marks, indication__acne=False) == NONE
    assert opinions(content, marks, indication__acne=True).applies
    assert opinions(content, marks).applies


def test_halves_are_the_patients(content) -> None:
    found = opinions(
        content,
        [
            mark(L.PAPULE, ZoneId.LEFT_CHEEK, View.LEFT45),
            mark(L.PUSTULE, ZoneId.LEFT_CHEEK, View.LEFT45),
            mark(L.PAPULE, ZoneId.RIGHT_CHEEK, View.RIGHT45),
            mark(L.OPEN_COMEDONE, ZoneId.RIGHT_CHEEK, View.RIGHT45),
            mark(L.NODULE, ZoneId.RIGHT_CHEEK, View.RIGHT45),
            mark(L.PAPULE, ZoneId.CHEST, View.CHEST),
        ],
    )
    assert (found.halves.left, found.halves.right, found.halves.unplaced) == (2, 1, 0)
    assert not found.halves.at_least
    assert (found.hayashi.half, found.hayashi.count, found.hayashi.grade) == ("left", 2, "mild")
    assert found.hayashi.nodules_not_counted


def test_the_midline_halves_the_front_and_may_be_dragged(content) -> None:
    right = mark(L.PAPULE, ZoneId.FOREHEAD, View.FRONT, at=Point(450, 200))
    left = mark(L.PAPULE, ZoneId.FOREHEAD, View.FRONT, at=Point(550, 200))
    usual = opinions(content, [right, left]).halves
    assert (usual.left, usual.right) == (1, 1)
    line = Midline(PhotoId("front"), Point(600, 0), Point(600, SIZE))
    moved = opinions(content, [right, left], midlines=(line,)).halves
    assert (moved.left, moved.right) == (0, 2)
    elsewhere = replace(line, photo=PhotoId("left45"))
    assert opinions(content, [right, left], midlines=(elsewhere,)).halves == usual


def test_a_slanted_midline(content) -> None:
    line = Midline(PhotoId("front"), Point(400, 0), Point(600, 1000))
    assert side_of(line, 499, 500) == "right"
    assert side_of(line, 500, 500) == "left"
    assert side_of(line, 450, 200) == "left"
    assert side_of(line, 450, 300) == "right"
    flat = Midline(PhotoId("front"), Point(400, 100), Point(600, 100))
    assert (side_of(flat, 499, 7), side_of(flat, 500, 7)) == ("right", "left")


def test_an_oblique_view_gives_the_side_of_what_it_alone_shows(content) -> None:
    zone = inside(ZoneId.JAW_NECK, View.LEFT45)
    jaw = mark(L.PAPULE, ZoneId.JAW_NECK, View.LEFT45, at=zone, counted_here=True)
    assert (opinions(content, [jaw]).halves.left, opinions(content, [jaw]).halves.right) == (1, 0)


def test_a_missing_view_leaves_the_halves_a_lower_bound(content) -> None:
    marks = [mark(L.PAPULE, ZoneId.LEFT_CHEEK, View.LEFT45)]
    assert opinions(content, marks, views=(View.FRONT, View.LEFT45)).halves.at_least


def test_gags_needs_every_region_and_keeps_a_lower_bound(content) -> None:
    marks = [
        mark(L.NODULE, ZoneId.FOREHEAD, View.FRONT),
        mark(L.OPEN_COMEDONE, ZoneId.NOSE, View.FRONT),
        mark(L.PUSTULE, ZoneId.CHEST, View.CHEST),
    ]
    whole = opinions(content, marks).gags
    assert (whole.score, whole.lower_bound, whole.unseen) == (8 + 1 + 9, 18, ())
    assert whole.grade == "mild"
    back = opinions(content, marks, views=(*FACE, View.CHEST)).gags
    assert (back.score, back.grade, back.lower_bound) == (None, None, 18)
    assert back.unseen == ("chest_upper_back",)
    face = opinions(content, marks[:2], views=FACE).gags
    assert (face.score, face.lower_bound, face.unseen) == (None, 9, ("chest_upper_back",))
    front = opinions(content, marks[:2], views=(View.FRONT,)).gags
    assert set(front.unseen) == {"left_cheek", "right_cheek", "chest_upper_back"}
    assert opinions(content, []).gags.score == 0


def test_the_worst_lesion_counts_wherever_it_is_annotated(content) -> None:
    photos = tuple(photo(view) for view in ALL)
    reference = mark(L.CYST, ZoneId.LEFT_CHEEK, View.FRONT)
    papule = mark(L.PAPULE, ZoneId.LEFT_CHEEK, View.LEFT45)
    counted = tally(photos, [reference, papule], outlines_of(photos, standard()))
    whole, partly = worst_lesions(photos, counted)
    assert whole["left_cheek"] == "nodule" and partly == {}
    scar = mark(L.SCAR, ZoneId.NOSE, View.FRONT)
    counted = tally(photos, [scar], outlines_of(photos, standard()))
    assert worst_lesions(photos, counted)[0]["nose"] == "none"


def test_the_hint_is_never_the_grade(content) -> None:
    marks = [mark(L.NODULE, ZoneId.FOREHEAD, View.FRONT) for _ in range(6)]
    found = opinions(content, marks)
    assert (found.iga, found.iga_hint, found.hint_beyond) == (None, 4, True)
    picked = opinions(content, marks, severity__iga=3)
    assert (picked.iga, picked.iga_hint) == (3, 4)
    trunk = opinions(content, [mark(L.NODULE, ZoneId.CHEST, View.CHEST)])
    assert trunk.iga_hint == 0, "the hint is of the face"
    assert trunk.candidacy.on_label is False


def test_leeds_is_picked(content) -> None:
    found = opinions(
        content, [], severity__leeds_face=12, severity__leeds_chest=1, severity__leeds_back=9,
        severity__leeds_comedonal=0,
    )  # fmt: skip
    assert found.leeds == (("face", 12), ("chest", 1))
    assert opinions(content, []).leeds == ()


def test_two_bands_apart_disagree_and_are_not_averaged(content) -> None:
    # One pustule in every region: many points by GAGS, few lesions by the others.
    apart = opinions(
        content,
        [mark(L.CYST, zone, view) for zone, view in (
            (ZoneId.FOREHEAD, View.FRONT), (ZoneId.NOSE, View.FRONT), (ZoneId.CHIN, View.FRONT),
            (ZoneId.LEFT_CHEEK, View.LEFT45), (ZoneId.RIGHT_CHEEK, View.RIGHT45),
            (ZoneId.CHEST, View.CHEST),
        )],
    )  # fmt: skip
    assert apart.bands == (("SEV-1", "severe"), ("HAYASHI", "mild"), ("GAGS", "severe"))
    assert apart.codes == ("SCHEMES-DISAGREE",)
    near = opinions(content, [mark(L.NODULE, ZoneId.FOREHEAD, View.FRONT)])
    assert near.bands == (("SEV-1", "moderate"), ("HAYASHI", "mild"), ("GAGS", "mild"))
    assert near.codes == ()
    unseen = opinions(content, [mark(L.NODULE, ZoneId.FOREHEAD, View.FRONT)], views=FACE)
    assert [scheme for scheme, _ in unseen.bands] == ["SEV-1", "HAYASHI"]
    clear = opinions(content, [])
    assert clear.bands == (("SEV-1", "mild"), ("HAYASHI", "mild"), ("GAGS", "mild"))


def test_extent_and_candidacy_stand_apart(content) -> None:
    marks = [mark(L.PAPULE, ZoneId.CHEST, View.CHEST), mark(L.SCAR, ZoneId.NOSE, View.FRONT)]
    found = opinions(
        content, marks, patient__age=20, severity__psychosocial=False, severity__scarring=False,
        course__failed=("antibiotic_oral",), pregnancy__category="CNGP",
    )  # fmt: skip
    assert found.extent == ("chest",)
    assert found.candidacy.because == ("scarring", "failed_standard_therapy")
    assert found.candidacy.guideline_candidate is True
    assert found.candidacy.on_label is False
    unknown = opinions(content, [])
    assert unknown.candidacy.guideline_candidate is None and unknown.candidacy.on_label is None
    none = opinions(
        content, [], severity__psychosocial=False, severity__scarring=False, severity__iga=1,
        course__failed=("none",), patient__age=11,
    )  # fmt: skip
    assert none.candidacy.guideline_candidate is False
    label = opinions(
        content, [mark(L.NODULE, ZoneId.FOREHEAD, View.FRONT) for _ in range(6)],
        patient__age=12, course__failed=("antibiotic_oral",), pregnancy__now=False,
    )  # fmt: skip
    assert label.candidacy.on_label is True
    asked = opinions(
        content, [mark(L.NODULE, ZoneId.FOREHEAD, View.FRONT) for _ in range(6)],
        patient__age=12, course__failed=("antibiotic_oral",),
    )  # fmt: skip
    assert asked.candidacy.on_label is None


def test_a_midline_is_an_item_of_the_draft() -> None:
    line = Midline.middle(photo(View.FRONT))
    assert (line.top, line.bottom) == (Point(500, 0), Point(500, 1000))
    draft = Draft(ConsultationId("c"), MappingProxyType({Key.of(ItemKind.MIDLINE, "front"): line}))
    assert draft.midlines == (line,)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([L.PAPULE, L.PUSTULE, L.NODULE, L.CLOSED_COMEDONE]),
                          st.integers(20, 980), st.integers(20, 980), st.sampled_from(FACE)),
                max_size=12))  # fmt: skip
def test_every_inflammatory_lesion_of_the_face_has_one_side(content, placed) -> None:
    marks = [
        mark(kind, ZoneId.OTHER, view, at=Point(x, y), counted_here=True)
        for kind, x, y, view in placed
    ]
    photos = tuple(photo(view) for view in FACE)
    counted: Tally = tally(photos, marks, outlines_of(photos, standard()))
    on_face = [
        p for p in counted.placed
        if p.counts and p.zone is not ZoneId.OTHER and p.annotation.type in (L.PAPULE, L.PUSTULE)
    ]  # fmt: skip
    halves = opinions(content, marks, views=FACE).halves
    assert halves.left + halves.right + halves.unplaced == len(on_face)
    more = opinions(content, [*marks, mark(L.CYST, ZoneId.FOREHEAD, View.FRONT)], views=FACE)
    before = opinions(content, marks, views=FACE)
    assert more.gags.lower_bound >= before.gags.lower_bound


def test_indications(content) -> None:
    from workstation.domain.indications import indication_of

    listed = {one.id: one for one in content.indications}
    assert [i.id for i in content.indications if "isotretinoin" in i.off_label] == [
        "rosacea", "hidradenitis_suppurativa", "folliculitis", "sebaceous_hyperplasia"
    ]  # fmt: skip
    assert all(i.acne for i in content.indications if "isotretinoin" in i.on_label)
    assert listed["acne"].acne
    assert indication_of(content.indications, " l71.9") is listed["rosacea"]
    assert indication_of(content.indications, "Z00") is None


@pytest.mark.parametrize("old", ['icd10 = "L71.9"', 'icd10 = "L73.2"'])
def test_a_wrong_code_is_refused(content, tmp_path, old) -> None:
    from workstation.assets import resource
    from workstation.content.indications import read_indications
    from workstation.domain.errors import ContentError

    text = resource("clinical", "indications.toml").read_text(encoding="utf-8")
    for new in ('icd10 = "71.9"', 'icd10 = "L70.0"'):
        path = tmp_path / "indications.toml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(ContentError, match=r"content\.indication\.code"):
            read_indications(path, content.sources, ("L70.",))


def test_a_mirrored_photo_exchanges_the_halves() -> None:
    photos = (photo(View.FRONT),)
    papule = mark(LesionType.PAPULE, ZoneId.FOREHEAD, View.FRONT, at=Point(SIZE * 0.4, SIZE * 0.2))
    counted = tally(photos, [papule], outlines_of(photos, standard()))
    plain = half_faces(photos, counted, ())
    turned = half_faces(photos, counted, (), frozenset({photos[0].id}))
    assert (plain.left, plain.right) == (0, 1)
    assert (turned.left, turned.right) == (1, 0)
