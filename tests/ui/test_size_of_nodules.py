"""A nodule is 5 mm or more: what was measured smaller is a papule, in the same undo step."""

from __future__ import annotations

import pytest

from tests.ui.assess_world import Assessing, assessing
from workstation.domain.lesions import LesionType, Point
from workstation.domain.photo import View

NODULE, PAPULE, CYST = LesionType.NODULE, LesionType.PAPULE, LesionType.CYST
FROM, TO = Point(0, 0), Point(100, 0)  # a line of a hundred pixels


@pytest.fixture
def marked() -> Assessing:
    """One nodule on a photo whose scale says that ten pixels are a millimetre."""
    world = assessing(views=(View.FRONT,))
    world.presenter.set_scale(FROM, TO, 10.0)
    world.presenter.add(Point(600, 300), NODULE)
    return world


def types(world: Assessing) -> list[LesionType]:
    return [a.type for a in world.annotations]


@pytest.mark.parametrize(("pixels", "kind"), [(49.0, PAPULE), (50.0, NODULE), (120.0, NODULE)])
def test_measured_below_five_millimetres_it_is_a_papule(
    marked: Assessing, pixels: float, kind: LesionType
) -> None:
    said: list[object] = []
    marked.presenter.said.subscribe(said.append)
    steps = marked.steps
    marked.presenter.set_diameter([marked.annotations[0].id], pixels)
    assert types(marked) == [kind] and marked.steps == steps + 1
    told = [text for text in map(str, said) if "1 nodule under 5 mm" in text]
    assert bool(told) is (kind is PAPULE)
    marked.presenter.undo()
    assert types(marked) == [NODULE]


def test_sized_as_it_is_placed(marked: Assessing) -> None:
    marked.presenter.size_added(30.0)
    assert types(marked) == [PAPULE]


def test_called_a_nodule_later_it_stays_what_its_size_says(marked: Assessing) -> None:
    (id_,) = (a.id for a in marked.annotations)
    marked.presenter.set_diameter([id_], 30.0)
    marked.presenter.retype([id_], NODULE)
    assert types(marked) == [PAPULE]
    marked.presenter.set_diameter([id_], None)
    marked.presenter.retype([id_], NODULE)
    assert types(marked) == [NODULE]  # without a size the clinician's type stands


def test_a_scale_set_afterwards_is_asked_in_the_same_step() -> None:
    world = assessing(views=(View.FRONT, View.LEFT45))
    for at, kind, pixels in ((200, NODULE, 40.0), (400, NODULE, 60.0), (600, CYST, 40.0)):
        world.presenter.add(Point(at, 300), kind)
        world.presenter.size_added(pixels)
    assert types(world) == [NODULE, NODULE, CYST]
    steps = world.steps
    world.presenter.set_scale(FROM, TO, 10.0)
    assert types(world) == [PAPULE, NODULE, CYST] and world.steps == steps + 1
    world.presenter.undo()
    assert types(world) == [NODULE, NODULE, CYST]
