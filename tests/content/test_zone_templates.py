"""The zone templates are read strictly, and mistakes name their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from workstation.content.zones import read_zones, standard
from workstation.domain.errors import ContentError
from workstation.domain.lesions import ZoneId
from workstation.domain.photo import View

HEAD = 'schema = 1\nedition = "1"\n'
GOOD = '[[zone]]\nview = "front"\nzone = "nose"\npolygon = [0.4, 0.4, 0.6, 0.4, 0.5, 0.6]\n'


def read(tmp_path: Path, text: str):
    path = tmp_path / "zones.toml"
    path.write_text(HEAD + text)
    return read_zones(path)


def test_reads_a_polygon(tmp_path: Path) -> None:
    template = read(tmp_path, GOOD).by_view[View.FRONT][0]
    assert template.zone is ZoneId.NOSE
    assert template.corners == ((0.4, 0.4), (0.6, 0.4), (0.5, 0.6))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (GOOD.replace("front", "other"), "content.zones.view", 4),
        (GOOD.replace("nose", "other"), "content.zones.zone", 5),
        (GOOD.replace(", 0.6]", "]"), "content.zones.polygon", 6),
        (GOOD.replace("0.5, 0.6", "0.5, 1.6"), "content.zones.polygon", 6),
        (GOOD.replace(", 0.5, 0.6]", "]"), "content.zones.polygon", 6),
        (GOOD + GOOD, "content.zones.twice", 9),
        (GOOD + "extra = 1\n", "content.key.unknown", 7),
    ],
)
def test_refuses(tmp_path: Path, text: str, code: str, line: int) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    assert caught.value.code == code
    assert caught.value.context["line"] == line


def test_every_standard_view_has_templates() -> None:
    assert set(standard().by_view) == {view for view in View if view is not View.OTHER}
