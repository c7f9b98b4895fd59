"""The detector on skin made here and on drawn photos that it was never fitted on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.benchmarks.detection import matched
from tests.benchmarks.detection_photos import Known, pixels_of, unseen
from workstation.adapters.detection import classifier
from workstation.adapters.detection.candidates import Candidates, candidates
from workstation.adapters.detection.channels import SIGMAS, channels, gaussian
from workstation.adapters.detection.classical import ClassicalDetector
from workstation.domain.detections import Detection, unmarked
from workstation.domain.errors import ContentError
from workstation.domain.lesions import COUNTED, INFLAMMATORY, LesionType, Point

PHOTOS = Path(__file__).parent / "photos"
SKIN = (205, 150, 120)


@pytest.fixture(scope="module")
def known() -> list[Known]:
    return list(unseen(PHOTOS))


def skin(width: int, height: int, spots: list[tuple[float, float, float]]) -> Image.Image:
    """Plain skin with red spots (x, y, radius)."""
    rng = np.random.default_rng(1)
    plane = np.full((height, width, 3), SKIN, np.float32) + rng.normal(0, 2.0, (height, width, 1))
    ys, xs = np.mgrid[0:height, 0:width] + 0.5
    for x, y, radius in spots:
        share = np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * (radius / 1.6) ** 2))[..., None]
        plane = plane * (1 - share * np.array([0.10, 0.42, 0.40]))
    return Image.fromarray(np.clip(plane, 0, 255).astype(np.uint8))


def test_most_inflammatory_lesions_of_unseen_people_are_found_and_few_others(
    known: list[Known],
) -> None:
    detector = ClassicalDetector()
    types = [kind.value for kind in INFLAMMATORY]
    assert {photo.tone for photo in known} >= {"light", "deep"}
    for photo in known:
        shown = [d for d in detector.detect(photo.pixels) if d.likelihood >= 0.5]
        found = matched(shown, photo.lesions, types)
        assert found.drawn >= 5
        assert found.recall >= 0.6, photo.name
        assert found.precision >= 0.5, photo.name


@settings(max_examples=3, deadline=None)
@given(st.integers(700, 1500), st.integers(700, 1500), st.floats(0.3, 0.7), st.floats(0.3, 0.7))
def test_a_red_spot_is_proposed_where_it_is_at_every_size_of_photo(
    width: int, height: int, across: float, down: float
) -> None:
    radius = max(width, height) / 90
    x, y = across * width, down * height
    found = ClassicalDetector().detect(pixels_of(skin(width, height, [(x, y, radius)])))
    near = [d for d in found if abs(d.at.x - x) < radius and abs(d.at.y - y) < radius]
    assert near
    assert max(near, key=lambda d: d.likelihood).type in COUNTED
    assert all(0 <= d.at.x <= width and 0 <= d.at.y <= height for d in found)


def test_a_preview_gives_places_of_the_full_photo() -> None:
    image = skin(1200, 1600, [(400, 900, 18)])
    whole = ClassicalDetector().detect(pixels_of(image))
    small = ClassicalDetector().detect(pixels_of(image.resize((600, 800))), scale=2.0)
    best = max(whole, key=lambda d: d.likelihood)
    again = max(small, key=lambda d: d.likelihood)
    assert abs(best.at.x - 400) < 6 and abs(best.at.y - 900) < 6
    assert abs(again.at.x - 400) < 6 and abs(again.at.y - 900) < 6


def test_plain_skin_dark_photos_and_small_photos_give_little_or_nothing() -> None:
    detector = ClassicalDetector()
    plain = [d for d in detector.detect(pixels_of(skin(600, 800, []))) if d.likelihood >= 0.5]
    assert len(plain) <= 2
    assert detector.detect(pixels_of(Image.new("RGB", (200, 260)))) == ()
    assert detector.detect(pixels_of(Image.new("RGB", (900, 200), SKIN))) == ()


def test_the_same_photo_gives_the_same_detections(known: list[Known]) -> None:
    detector = ClassicalDetector()
    assert detector.detect(known[0].pixels) == detector.detect(known[0].pixels)


def test_no_two_proposals_stand_for_one_lesion(known: list[Known]) -> None:
    for photo in known:
        found = ClassicalDetector().detect(photo.pixels)
        for i, one in enumerate(found):
            for other in found[i + 1 :]:
                away = np.hypot(one.at.x - other.at.x, one.at.y - other.at.y)
                assert away > 0.5 * min(one.radius, other.radius)


def test_a_blur_keeps_the_mean_and_widens_a_point_by_its_sigma() -> None:
    plane = np.zeros((1, 61, 61), np.float32)
    plane[0, 30, 30] = 1
    for sigma in SIGMAS[:4]:
        wide = gaussian(plane, sigma)[0]
        assert wide.sum() == pytest.approx(1, abs=1e-4)
        xs = np.arange(61) - 30
        assert (wide.sum(0) * xs**2).sum() ** 0.5 == pytest.approx(sigma, rel=0.12)


def test_candidates_lie_on_the_photo_and_carry_what_the_weights_expect(known: list[Known]) -> None:
    seen = channels(known[0].pixels)
    found: Candidates = candidates(seen)
    assert len(found.x) > 50
    assert found.features.shape == (len(found.x), len(classifier.fitted().mean))
    assert np.isfinite(found.features).all()
    assert (found.x >= 0).all() and (found.x <= seen.size[0] + 8).all()


def test_a_damaged_classifier_is_refused(tmp_path: Path) -> None:
    for text in ("{", "{}", '{"weights": 3}'):
        path = tmp_path / "own.json"
        path.write_text(text)
        with pytest.raises(ContentError, match=r"content\.detector\.invalid"):
            classifier.read(path)


def test_what_carries_an_annotation_is_no_longer_open() -> None:
    def at(number: int, x: float, likelihood: float) -> Detection:
        return Detection(number, LesionType.PAPULE, Point(x, 10), 5, likelihood)

    given_ = (at(1, 10, 0.9), at(2, 30, 0.2), at(3, 50, 0.6))
    assert unmarked(given_, [Point(13, 13)]) == given_[1:]
    assert unmarked(given_, [], 0.35) == (given_[0], given_[2])
    assert unmarked(given_, [Point(16, 10)]) == given_
