"""Every page and main state: as it was looked at, and made so that everybody can use it.

The default run looks at a slice; all of it in every size and theme, at 140 % and in Spanish:

    python -m pytest -m long tests/ui/test_gallery.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from tests.ui import gallery, golden
from tests.ui.walk import entries, faint, listed, problems
from workstation import language
from workstation.ui import language as screen

LIGHT, COMPACT, WIDE = ((1440, 900), "light"), ((1280, 800), "dark"), ((2560, 1440), "dark")
# Scenes that stand for the others by default; each in the size where least or most has room.
SLICE = {
    "queue": COMPACT,
    "red-flag": LIGHT,
    "doors": LIGHT,
    "labs": COMPACT,
    "records": LIGHT,
    "popups": COMPACT,
}


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    QSettings().remove(screen.KEPT)
    screen.use(language.ENGLISH)


def looked_at(scene: str, size: tuple[tuple[int, int], str], out: Path) -> list[str]:
    """All that is wrong with the views of a scene."""
    found = []
    for name, view, widget in gallery.shots(scene, (size,)):
        image = gallery.shot(widget)
        found += [f"{name}: {text}" for text in (*problems(widget), *faint(widget, image))]
        if scene not in gallery.WALKED and view not in gallery.OWN and not golden.stable():
            found.append(golden.differs(image, name, out))
    return [one for one in dict.fromkeys(found) if one]


@pytest.mark.parametrize(("scene", "size"), SLICE.items())
def test_views_are_as_they_were_looked_at_and_can_be_used(
    scene: str, size: tuple[tuple[int, int], str], tmp_path: Path, qtbot: object
) -> None:
    found = looked_at(scene, size, tmp_path)
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.parametrize("size", gallery.EVERY, ids=lambda size: f"{size[0][0]}-{size[1]}")
@pytest.mark.parametrize("scene", gallery.SCENES)
def test_every_view_in_every_size_and_theme(
    scene: str, size: tuple[tuple[int, int], str], tmp_path: Path, qtbot: object
) -> None:
    found = looked_at(scene, size, tmp_path)
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.parametrize("spoken", language.LANGUAGES)
@pytest.mark.parametrize(("size", "text"), [(COMPACT, 1.0), (LIGHT, 1.4)], ids=["compact", "140"])
@pytest.mark.parametrize("scene", gallery.SCENES)
def test_nothing_is_cut_in_any_language_and_at_140_percent(
    scene: str, size: tuple[tuple[int, int], str], text: float, spoken: str, qtbot: object
) -> None:
    gallery.application()
    screen.use(spoken)
    found = [
        f"{name}: {said}"
        for name, _, widget in gallery.shots(scene, (size,), text=text)
        for said in problems(widget)
    ]
    assert not found, "\n".join(dict.fromkeys(found))


def test_faults_of_menus_and_lists_of_choices_are_seen(qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    menu, choice = QMenu(window), QComboBox(window)
    menu.addAction("Something")
    choice.addItems(["one", "two"])
    window.show()
    menu.popup(window.pos())
    assert not entries(menu)
    menu.addAction("")
    menu.setStyleSheet("QMenu::item { padding: 0px; height: 9px; }")
    menu.adjustSize()
    assert len(entries(menu)) == 2
    menu.close()
    choice.showPopup()
    opened = choice.view().window()
    assert not listed(opened)
    choice.setItemText(1, "a choice with far more words than its list is wide " * 3)
    assert len(listed(opened)) == 1
    choice.hidePopup()


@pytest.mark.skipif(bool(golden.stable()), reason=golden.stable() or "compared")
def test_a_moved_a_missing_and_a_cut_widget_are_seen_and_a_shiver_is_not(
    tmp_path: Path, qtbot: object
) -> None:
    name = "doors-sign-in-1440-light"
    for shown, _, window in gallery.shots("doors", (LIGHT,), ("doors-sign-in",)):
        assert shown == name and not golden.differs(gallery.shot(window), name)
        # What another build of the font engine does to strokes: a quarter of a pixel aside.
        still = gallery.shot(window)
        big = still.scaled(still.width() * 4, still.height() * 4)
        aside = big.copy(1, 0, big.width(), big.height()).scaled(
            still.width(),
            still.height(),
            mode=gallery.Qt.TransformationMode.SmoothTransformation,
        )
        assert not golden.differs(aside, name)
        field = next(w for w in window.findChildren(QWidget) if w.objectName() == "passwordField")
        place = field.geometry()
        field.move(field.x(), field.y() + 4)
        assert "squares differ" in golden.differs(gallery.shot(window), name, tmp_path)
        assert (tmp_path / f"{name}.png").is_file()
        field.setGeometry(place.adjusted(0, 0, -10, 0))
        assert golden.differs(gallery.shot(window), name)
        field.setGeometry(place)
        assert not golden.differs(gallery.shot(window), name)
        field.hide()
        assert golden.differs(gallery.shot(window), name)


def test_the_golden_pictures_are_those_of_the_scenes_and_small() -> None:
    there = {path.stem for path in gallery.PICTURES.glob("*.webp")}
    every = {f"{size[0]}-{mode}" for size, mode in gallery.EVERY}
    views = {stem.rsplit("-", 2)[0] for stem in there}
    assert len(views) > 70
    for view in views:
        assert any(view.startswith(f"{scene}-") for scene in gallery.SCENES), view
        assert {f"{view}-{end}" for end in every} <= there, view
    for name in gallery.README:
        picture = gallery.PICTURES / "readme" / f"{name}.webp"
        assert 0 < picture.stat().st_size <= gallery.README_BYTES
        assert (
            f"tests/ui/pictures/readme/{name}.webp"
            in (gallery.HERE.parents[2] / "README.md").read_text()
        )
    assert sum(path.stat().st_size for path in gallery.PICTURES.glob("*.webp")) < 12 * 1024 * 1024
