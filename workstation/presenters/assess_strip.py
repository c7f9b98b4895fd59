"""The photo strip: every standard view in its place, supplied or not, then what else was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from workstation.domain.ids import PhotoId
from workstation.domain.photo import Photo, View
from workstation.language import chosen, tr
from workstation.presenters import wording
from workstation.presenters.assess_state import PhotoAsk, StripItem
from workstation.presenters.rubric import RubricState
from workstation.presenters.tools import (
    QUALITY_CHIPS,
    QUALITY_SENTENCES,
    STANDARD_VIEWS,
    VIEW_NAMES,
)


def hung(photos: Iterable[Photo]) -> tuple[Photo, ...]:
    """Photos in hanging order; extra photos of a view follow at the end."""
    first: dict[View, Photo] = {}
    rest: list[Photo] = []
    for photo in photos:
        if photo.view in STANDARD_VIEWS and photo.view not in first:
            first[photo.view] = photo
        else:
            rest.append(photo)
    return (*(first[view] for view in STANDARD_VIEWS if view in first), *rest)


def supplied(photos: Sequence[Photo]) -> str:
    """``7 of 8``, and how many there are besides."""
    views = {p.view for p in photos if p.view in STANDARD_VIEWS}
    extra = len(photos) - len(views)
    text = tr("{views} of {standard_views}", views=len(views), standard_views=len(STANDARD_VIEWS))
    return f"{text} + {extra}" if extra else text


def strip(
    photos: Sequence[Photo], rubric: RubricState, current: PhotoId | None
) -> tuple[StripItem, ...]:
    """The strip with what is counted on each photo; ``current`` is the one on the canvas."""
    badges = dict(zip(rubric.table.photos, rubric.table.counted, strict=True))
    by_view: dict[View, Photo] = {}
    for photo in photos:
        by_view.setdefault(photo.view, photo)
    items = []
    shown = set()
    for view in STANDARD_VIEWS:
        found = by_view.get(view)
        if found is None:
            items.append(_missing(view, chosen()))
        else:
            shown.add(found.id)
            items.append(_item(found, badges, current))
    items += [_item(p, badges, current) for p in photos if p.id not in shown]
    return tuple(items)


_KEPT = 64
_told: dict[PhotoId, tuple[tuple[object, ...], Photo, StripItem]] = {}


def _item(photo: Photo, badges: Mapping[PhotoId, int], current: PhotoId | None) -> StripItem:
    """A photo's place: as it was told last, as long as its number and all else is the same."""
    number = badges.get(photo.id, 0)
    given = (number, photo.id == current, chosen())
    known = _told.get(photo.id)
    if known is not None and known[0] == given and known[1] is photo:
        return known[2]
    if len(_told) >= _KEPT:
        _told.clear()
    made = _worded(photo, number, current=photo.id == current)
    _told[photo.id] = given, photo, made
    return made


@lru_cache
def _missing(view: View, _language: str) -> StripItem:
    name = tr(VIEW_NAMES[view])
    told = tr("{name} was not supplied", name=name)
    return StripItem(name, None, 0, "", told, False, PhotoAsk(view, name, ()))


def _worded(photo: Photo, number: int, *, current: bool) -> StripItem:
    chips = [tr(QUALITY_CHIPS[q]) for q in photo.quality if q in QUALITY_CHIPS]
    name = tr(VIEW_NAMES[photo.view])
    lines = [name]
    if photo.taken_at is not None:
        lines.append(tr("taken {moment}", moment=wording.moment(photo.taken_at)))
    faults = tuple(tr(QUALITY_SENTENCES[q]) for q in photo.quality if q in QUALITY_SENTENCES)
    lines += faults
    lines.append(tr("{number} counted on this photo", number=number))
    return StripItem(
        name,
        photo.id,
        number,
        chips[0] if chips else "",
        " · ".join(lines),
        current,
        PhotoAsk(photo.view, name, faults),
    )
