"""Photo quality codes: each limit below, at and above, and the measures on known pictures."""

from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image, ImageFilter

from workstation.adapters.photos.quality import measure
from workstation.content.photo_quality import photo_limits
from workstation.domain.photo import QualityCode, QualityMeasures
from workstation.domain.photo_quality import judge

DAY = date(2026, 11, 23)
GOOD = QualityMeasures(focus=500.0, mean_light=0.5, clipped_share=0.0)


def codes(width=3000, height=2000, measures=GOOD, taken=None):
    return judge(width, height, measures, taken, DAY, photo_limits())


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (799, 600, (QualityCode.RESOLUTION,)),
        (800, 599, (QualityCode.RESOLUTION,)),
        (640, 480, (QualityCode.RESOLUTION,)),
        (800, 600, (QualityCode.BELOW_PREFERRED,)),
        (600, 800, (QualityCode.BELOW_PREFERRED,)),
        (1024, 767, (QualityCode.BELOW_PREFERRED,)),
        (1024, 768, ()),
        (768, 1024, ()),
        (3024, 4032, ()),
    ],
)
def test_size_in_either_orientation(width, height, expected):
    assert codes(width, height) == expected


def test_focus_limit():
    least = photo_limits().focus_least
    assert codes(measures=QualityMeasures(least, 0.5, 0)) == ()
    assert codes(measures=QualityMeasures(least - 0.01, 0.5, 0)) == (QualityCode.FOCUS,)


@pytest.mark.parametrize(
    ("light", "clipped", "lit"),
    [
        (0.5, 0.0, True),
        (0.05, 0.0, False),
        (0.97, 0.0, False),
        (0.5, 0.0199, True),
        (0.5, 0.02, False),
    ],
)
def test_light(light, clipped, lit):
    found = codes(measures=QualityMeasures(500, light, clipped))
    assert found == (() if lit else (QualityCode.LIGHT,))


@pytest.mark.parametrize(("days", "old"), [(0, False), (14, False), (15, True)])
def test_age_of_the_photo(days, old):
    taken = datetime(2026, 11, 23, 20, tzinfo=UTC) - timedelta(days=days)
    assert (QualityCode.OLD in codes(taken=taken)) is old


def test_blur_lowers_focus_and_size_does_not():
    sharp = Image.effect_noise((1600, 1200), 60).convert("RGB").resize((1024, 768))
    blurred = sharp.filter(ImageFilter.GaussianBlur(4))
    assert measure(blurred).focus < measure(sharp).focus / 20
    large = sharp.resize((4096, 3072), Image.Resampling.BOX)
    assert measure(large).focus == pytest.approx(measure(sharp).focus, rel=0.02)


def test_measures_of_flat_pictures():
    assert measure(Image.new("RGB", (300, 200), (0, 0, 0))) == QualityMeasures(0.0, 0.0, 0.0)
    white = measure(Image.new("RGB", (300, 200), (255, 255, 255)))
    assert (white.mean_light, white.clipped_share) == (1.0, 1.0)
    red = measure(Image.new("RGB", (300, 200), (255, 90, 80)))
    assert red.clipped_share == 0
