"""Proposals: off at first, never counted, accepted in one undo step each, manual work untouched."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.assess_world import Assessing, assessing
from workstation.domain.consultation import Consultation
from workstation.domain.detections import Detection, DetectorCard
from workstation.domain.errors import Refused
from workstation.domain.lesions import LesionType, MadeBy, Point, ZoneId
from workstation.domain.photo import View
from workstation.domain.pixels import Pixels
from workstation.presenters.assess_state import AssessState
from workstation.presenters.assist import AssistPresenter

CARD = DetectorCard("classical", "1.0", False, ("scars",))
FACES = (View.FRONT, View.LEFT45, View.RIGHT45)


@dataclass
class Drawn:
    """Proposes what it is told, in pixels of a full photo 1200 wide (previews are 60)."""

    found: tuple[Detection, ...]
    asked: int = 0
    fails: bool = False
    card: DetectorCard = CARD

    def detect(self, pixels: Pixels, scale: float = 1.0) -> tuple[Detection, ...]:
        self.asked += 1
        if self.fails:
            raise Refused("intake.photo.crashed")
        assert abs(pixels.width * scale - 1200) < 1
        return self.found


def one(
    number: int, x: float, y: float, likelihood: float, kind: LesionType = LesionType.PAPULE
) -> Detection:
    return Detection(number, kind, Point(x, y), 20.0, likelihood)


FOUND = (
    one(1, 600, 350, 0.9),  # forehead
    one(2, 560, 360, 0.4),  # forehead, less likely
    one(3, 640, 380, 0.8, LesionType.NODULE),
    one(4, 600, 1150, 0.7, LesionType.PUSTULE),  # chin
    one(5, 600, 1200, 0.2),  # too unlikely to be shown at first
)


def same(consultation: Consultation) -> Consultation:
    return consultation


def made(
    found: tuple[Detection, ...] = FOUND, *, fails: bool = False
) -> tuple[Assessing, AssistPresenter, Drawn]:
    world = assessing(views=FACES, change=same)
    detector = Drawn(found, fails=fails)
    object.__setattr__(world.made.desk, "detector", detector)
    return world, AssistPresenter(world.presenter), detector


def test_it_is_off_until_switched_on_and_again_with_the_next_consultation() -> None:
    world, assist, detector = made()
    assert not assist.state.on and detector.asked == 0
    assist.toggle()
    assert assist.state.on and [p.number for p in assist.state.proposals] == [1, 2, 3, 4]
    case = world.made.case
    assert case.state is not None
    case.open(case.state.consultation.id)
    assert not assist.state.on and assist.state.proposals == ()


def test_proposals_never_count_and_the_grade_says_that_they_stand_open() -> None:
    world, assist, _ = made()
    before = world.presenter.state
    assert before is not None and before.rubric.card is not None
    assist.toggle()
    state = world.presenter.state
    assert state is not None and state.rubric.card is not None
    assert world.total == 0 and world.annotations == () and world.steps == 0
    assert state.rubric.card.word == "Not counted yet"
    assert "4 proposals are open; proposals never count." in state.rubric.card.missing
    assist.select(1)
    assist.accept()
    state = world.presenter.state
    assert state is not None and state.rubric.card is not None
    assert state.rubric.card.at_least and state.rubric.card.word.startswith("At least ")
    assert "3 proposals are open; proposals never count." in state.rubric.card.missing
    world.presenter.undo()
    assist.toggle()
    state = world.presenter.state
    assert state is not None and state.rubric.card == before.rubric.card


def test_a_page_that_listens_is_left_with_the_grade_as_it_stands() -> None:
    """Proposals may be there while the page is still being told of the photo they are on."""
    world, assist, _ = made()
    told: list[str] = []

    def page(state: AssessState | None) -> None:
        assert state is not None and state.rubric.card is not None
        told.append(state.rubric.card.spoken)

    world.presenter.add(Point(760, 330), LesionType.PAPULE)
    world.presenter.record_sign("severity.scarring", False)
    world.presenter.changed.subscribe(page)
    assist.toggle()
    assert told[-1].startswith("At least mild") and "4 proposals are open" in told[-1]
    world.presenter.step_photo(1)
    assert world.presenter.state is not None and world.presenter.state.rubric.card is not None
    assert told[-1] == world.presenter.state.rubric.card.spoken
    assert "8 proposals are open" in told[-1]
    assist.toggle()
    assert told[-1].startswith("Mild. ")


def test_an_accepted_one_is_an_annotation_of_the_clinician_with_its_origin() -> None:
    world, assist, _ = made()
    assist.toggle()
    assist.select(3)
    assist.accept()
    (accepted,) = world.annotations
    assert accepted.made_by is MadeBy.ACCEPTED_DETECTION
    assert accepted.author == world.made.case.session.user.id
    assert accepted.type is LesionType.NODULE and accepted.radius == 20.0
    assert accepted.proposal is not None
    assert (accepted.proposal.detector, accepted.proposal.likelihood) == ("classical", 0.8)
    assert world.total == 1 and world.steps == 1
    assert assist.state.accepted == 1
    assert assist.state.selected is not None and assist.state.selected.number != 3


def test_another_type_is_kept_beside_the_type_that_was_proposed() -> None:
    world, assist, _ = made()
    assist.toggle()
    assist.select(1)
    assist.accept(LesionType.PUSTULE)
    (accepted,) = world.annotations
    assert accepted.type is LesionType.PUSTULE and accepted.radius is None
    assert accepted.proposal is not None and accepted.proposal.type is LesionType.PAPULE


def test_a_zone_is_one_undo_step_without_its_less_likely_ones() -> None:
    world, assist, _ = made()
    assist.toggle()
    assist.select(1)
    assist.accept_zone()
    assert sorted(a.at.x for a in world.annotations) == [600, 640]
    assert world.steps == 1
    world.presenter.undo()
    assert world.annotations == () and len(assist.state.proposals) == 4
    world.presenter.redo()
    assert len(world.annotations) == 2 and [p.number for p in assist.state.proposals] == [2, 4]
    assist.accept_zone(ZoneId.CHIN)
    assert len(world.annotations) == 3


def test_all_shown_is_one_undo_step_and_what_is_hidden_stays() -> None:
    world, assist, _ = made()
    assist.toggle()
    assist.accept_all()
    assert len(world.annotations) == 4 and world.steps == 1
    assert assist.state.proposals == ()
    assist.set_least(0.1)
    assert [p.number for p in assist.state.proposals] == [5]


def test_refusing_is_one_step_each_and_is_taken_back_and_done_again() -> None:
    world, assist, detector = made()
    assist.toggle()
    shown = [p.number for p in assist.state.proposals]
    assist.select(1)
    assist.refuse()
    assert 1 not in [p.number for p in assist.state.proposals] and world.steps == 1
    assist.refuse_unlikely()
    assert assist.state.refused == 2 and world.steps == 2
    assist.toggle()
    assist.toggle()
    assert [p.number for p in assist.state.proposals] == [3, 4]
    assist.refuse_all()
    assert assist.open_count() == 0 and world.steps == 3
    world.presenter.undo()
    assert [p.number for p in assist.state.proposals] == [3, 4]
    world.presenter.step_photo(1)
    world.presenter.undo()  # shows the photo on which it was refused
    assert assist.state.refused == 1
    world.presenter.undo()
    assert [p.number for p in assist.state.proposals] == shown and world.steps == 0
    for _ in range(3):
        world.presenter.redo()
    assert assist.open_count() == 4  # the other photo's, which was looked at
    assert assist.state.refused == 4 and assist.state.proposals == ()
    assert world.total == 0 and detector.asked == 2


def test_another_version_of_the_detector_proposes_anew() -> None:
    _, assist, detector = made()
    assist.toggle()
    assist.refuse_all()
    detector.card = replace(CARD, version="2")
    assist.set_least(0.35)
    assert assist.state.refused == 0 and len(assist.state.proposals) == 4


def test_a_lesion_that_carries_an_annotation_is_not_proposed() -> None:
    world, assist, _ = made()
    assist.toggle()
    world.presenter.add(Point(605, 352), LesionType.CYST)
    assert 1 not in [p.number for p in assist.state.proposals]
    (mine,) = world.annotations
    assist.accept_all()
    assert next(a for a in world.annotations if a.id == mine.id) == mine
    assert mine.made_by is MadeBy.CLINICIAN and mine.proposal is None


def test_each_photo_is_looked_at_once_and_all_open_ones_keep_the_grade_open() -> None:
    world, assist, detector = made()
    assist.toggle()
    world.presenter.step_photo(1)
    assert detector.asked == 2 and assist.open_count() == 8
    world.presenter.step_photo(-1)
    assert detector.asked == 2
    assist.select(1)
    world.presenter.step_photo(1)
    assert assist.state.selected is None


def test_a_photo_that_cannot_be_read_switches_it_off_and_says_why() -> None:
    _, assist, _ = made(fails=True)
    told: list[str] = []
    assist.changed.subscribe(lambda s: told.append(s.problem))
    assist.toggle()
    assert not assist.state.on and "intake.photo.crashed" in told


def test_without_a_detector_nothing_happens() -> None:
    world, assist, _ = made()
    object.__setattr__(world.made.desk, "detector", None)
    assist.toggle()
    assert not assist.available and not assist.state.on


def test_the_foot_says_who_drew_them_and_where_it_is_weak() -> None:
    _, assist, detector = made()
    assist.toggle()
    assert "misses most scars" in assist.state.foot and "signed as yours" in assist.state.foot
    detector.card = replace(CARD, experimental=True)
    assist.set_least(0.4)
    assert assist.state.foot.startswith("Experimental.")


ACTS = ("walk", "back", "accept", "as", "zone", "all", "refuse", "least", "undo", "redo", "photo")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(ACTS), max_size=25))
def test_whatever_is_done_nothing_is_lost_counted_twice_or_changed(acts: list[str]) -> None:
    world, assist, _ = made()
    world.presenter.add(Point(300, 300), LesionType.CYST)
    (mine,) = world.annotations
    assist.toggle()
    for act in acts:
        steps = world.steps
        {
            "walk": lambda: assist.walk(1),
            "back": lambda: assist.walk(-1),
            "accept": assist.accept,
            "as": lambda: assist.accept(LesionType.CYST),
            "zone": assist.accept_zone,
            "all": assist.accept_all,
            "refuse": assist.refuse,
            "least": lambda: assist.set_least(0.1),
            "undo": world.presenter.undo if steps > 1 else lambda: None,
            "redo": world.presenter.redo,
            "photo": lambda: world.presenter.step_photo(1),
        }[act]()
        assert world.steps - steps <= 1
        assert mine in world.annotations
        places = [(a.photo, a.at) for a in world.annotations]
        assert len(places) == len(set(places))
        open_ = {
            (world.presenter.photo and world.presenter.photo.id, p.at)
            for p in assist.state.proposals
        }
        assert not open_ & set(places)
