"""Two visits of one person in memory, with their drawn photos and what was marked on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from tests.ui.assess_world import annotation, decode, shots
from tests.ui.treat_world import World, world
from workstation.demo.earlier import marked
from workstation.demo.people import person
from workstation.domain.consultation import Consultation, PastVisit
from workstation.domain.draft import Draft, History, ItemKind, Key
from workstation.domain.ids import ConsultationId
from workstation.domain.lesions import LesionType
from workstation.presenters.followup import FollowupPresenter

KEY, NOW, THEN = "lindqvist-astrid", 5, (3, 4)
TYPES = {kind.value: kind for kind in LesionType}


@dataclass
class Following:
    """An open month with two earlier visits."""

    made: World
    presenter: FollowupPresenter

    @property
    def state(self) -> Any:
        """The page as it stands."""
        assert self.presenter.state is not None
        return self.presenter.state


def _marks(visit: int, consultation: str) -> Draft:
    who = person(KEY)
    items = {}
    for number, mark in enumerate(marked(who, who.visit(visit))):
        made = annotation(
            f"{visit}-{number:03d}", f"v{visit}-{mark.view}", TYPES[mark.type], (mark.x, mark.y)
        )
        items[Key.of(ItemKind.ANNOTATION, made.id)] = made
    return Draft(ConsultationId(consultation), MappingProxyType(items))


def _photos(visit: int) -> tuple[Any, ...]:
    found = shots(KEY, visit)
    return tuple(
        (replace(shot.photo, id=f"v{visit}-{shot.photo.view.value}"), shot) for shot in found
    )


def following(*, counted: bool = False, before: bool = True) -> Following:
    """Open the month; ``counted`` when its lesions have been marked already.

    Without ``before`` nobody counted at the earlier visits either.
    """
    here = _photos(NOW)
    made = world(KEY, lambda c: replace(c, photos=tuple(p for p, _ in here)))
    now = made.memory.consultations[made.id]
    past = []
    shots_of = list(here)
    for step, visit in enumerate(THEN):
        photos = _photos(visit)
        shots_of += photos
        id_ = ConsultationId(f"visit-{visit}")
        sent = now.submitted_at - timedelta(days=30 * (len(THEN) - step))
        old: Consultation = replace(
            now, id=id_, visit=visit, submitted_at=sent, photos=tuple(p for p, _ in photos)
        )
        made.memory.consultations[id_] = old
        made.memory.journal[id_] = History.of(_marks(visit, id_))
        counts = (("comedones", 5 - step), ("inflammatory", 12), ("nodules_cysts", 3 - step))
        past.append(
            PastVisit(
                id_,
                visit,
                sent.date(),
                "moderate" if before else None,
                (*counts, ("total", 20 - 2 * step)) if before else (),
                now.dispensed[-1].daily,
                now.dispensed[-1].weight,
                (),
            )  # fmt: skip
        )
    for _, shot in shots_of:
        for content in (shot.content, shot.preview, shot.thumbnail):
            made.files.put(content)
    if counted:
        made.memory.journal[made.id] = History.of(_marks(NOW, made.id))
    made.memory.past = tuple(past)
    photos_port: Any = made.desk.photos
    photos_port.decode = decode
    made.case.open(made.id)
    presenter = FollowupPresenter(made.case)
    return Following(made, presenter)
