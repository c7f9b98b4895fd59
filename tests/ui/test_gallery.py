"""Every page and main state: as it was looked at, and made so that everybody can use it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from tests.ui import gallery, golden
from tests.ui.desk_of_pages import settle
from tests.ui.walk import faint, problems
from workstation.ui.theme import theme

# Scenes whose views show the same pixels whatever was shown before them.
COMPARED = ("doors",)
SLICE = (((1440, 900), "light"), ((1280, 800), "dark"))
REST = tuple(one for one in gallery.EVERY if one not in SLICE)


def looked_at(scene: str, sizes: Sequence[tuple[tuple[int, int], str]], out: Path) -> list[str]:
    """All that is wrong with the views of a scene."""
    found = []
    for name, _, widget in gallery.shots(scene, tuple(sizes)):
        image = gallery.shot(widget)
        found += [f"{name}: {text}" for text in (*problems(widget), *faint(widget, image))]
        if scene in COMPARED and not golden.stable():
            found.append(golden.differs(image, name, out))
    return [one for one in dict.fromkeys(found) if one]


@pytest.mark.parametrize("scene", gallery.SCENES)
def test_views_are_as_they_were_looked_at_and_can_be_used(
    scene: str, tmp_path: Path, qtbot: object
) -> None:
    found = looked_at(scene, SLICE, tmp_path)
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.parametrize("scene", gallery.SCENES)
def test_the_other_sizes_and_themes(scene: str, tmp_path: Path, qtbot: object) -> None:
    found = looked_at(scene, REST, tmp_path)
    assert not found, "\n".join(found)


# Each scene by itself is a long run; two of the fullest stand for all.
LARGE = ("marsh", "settings")


@pytest.mark.parametrize(
    "scene",
    [
        scene if scene in LARGE else pytest.param(scene, marks=pytest.mark.long)
        for scene in gallery.SCENES
    ],
)
def test_text_at_140_percent(scene: str, qtbot: object) -> None:
    found = []
    gallery.application()
    theme.set_text_scale(1.4)
    try:
        for name, _, widget in gallery.shots(scene, (((1440, 900), "light"),)):
            theme.set_text_scale(1.4)
            settle()
            found += [f"{name}: {text}" for text in problems(widget)]
    finally:
        theme.set_text_scale(1.0)
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.skipif(bool(golden.stable()), reason=golden.stable() or "compared")
def test_a_moved_a_missing_and_a_recoloured_widget_are_seen(tmp_path: Path, qtbot: object) -> None:
    name = "doors-sign-in-1440-light"
    for shown, _, window in gallery.shots("doors", (((1440, 900), "light"),), ("doors-sign-in",)):
        assert shown == name and not golden.differs(gallery.shot(window), name)
        field = next(w for w in window.findChildren(QWidget) if w.objectName() == "passwordField")
        field.move(field.x(), field.y() + 5)
        assert "squares differ" in golden.differs(gallery.shot(window), name, tmp_path)
        assert (tmp_path / f"{name}.png").is_file()
        field.move(field.x(), field.y() - 5)
        assert not golden.differs(gallery.shot(window), name)
        field.hide()
        assert golden.differs(gallery.shot(window), name)


def test_the_golden_pictures_are_those_of_the_views_and_small() -> None:
    there = {path.stem for path in gallery.PICTURES.glob("*.png")}
    wide = {f"{size[0]}-{mode}" for size, mode in gallery.EVERY}
    assert all(stem.startswith(COMPARED) for stem in there)
    for view in {stem.rsplit("-", 2)[0] for stem in there}:
        assert {f"{view}-{end}" for end in wide} <= there, view
    assert sum(path.stat().st_size for path in gallery.PICTURES.glob("*.png")) < 12 * 1024 * 1024
