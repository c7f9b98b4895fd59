"""The preview of colour vision: grey is grey, red and green fall together without red cones."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage

from workstation.ui.application import application
from workstation.ui.settings.vision import VISIONS, Vision, seen
from workstation.ui.widgets import Button

MATRICES = [matrix for _, matrix in VISIONS]


def colour(image: QImage, x: int) -> np.ndarray:
    one = image.pixelColor(x, 0)
    return np.array([one.red(), one.green(), one.blue()], int)


def test_each_vision_does_to_colours_what_its_name_says(qtbot: object) -> None:
    image = QImage(4, 1, QImage.Format.Format_RGB32)
    for x, name in enumerate(("#B3261E", "#1B6B3A", "#FFFFFF", "#808080")):
        image.setPixelColor(x, 0, QColor(name))
    drawn = [[colour(seen(image, matrix), x) for x in range(4)] for matrix in MATRICES]
    assert all((one == colour(image, x)).all() for x, one in enumerate(drawn[0]))
    apart = [int(np.abs(one[0] - one[1]).max()) for one in drawn]
    assert apart[1] < apart[0] and apart[2] < apart[0]  # red and green come closer
    for one in drawn:
        assert np.abs(one[2] - 255).max() <= 2 and np.abs(one[3] - 128).max() <= 2  # greys stay
    assert all(np.ptp(one) == 0 for one in drawn[4])


def test_the_choices_change_the_picture(qtbot: object) -> None:
    application()
    made = Vision()
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show()
    pictures = []
    for button in made.findChildren(Button):
        button.click()
        assert button.text() in made.picture.accessibleName()
        pictures.append(made.picture.grab().toImage())
    assert (
        len(
            {
                image.pixelColor(60, 20).name() + image.pixelColor(20, 160).name()
                for image in pictures
            }
        )
        >= 4
    )
