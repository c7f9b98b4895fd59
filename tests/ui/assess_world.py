"""An open consultation with its drawn photos, for the Assess step; built on the desk in memory."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from PIL import Image, ImageOps

from tests.ui.treat_world import ME, NOW, World, world
from workstation import assets
from workstation.domain.consultation import Consultation
from workstation.domain.ids import AnnotationId, PhotoId, VaultAddress
from workstation.domain.lesions import Annotation, LesionType, MadeBy, Point
from workstation.domain.photo import Photo, QualityCode, QualityMeasures, View
from workstation.domain.pixels import Pixels
from workstation.presenters.assess import AssessPresenter

MEASURES = QualityMeasures(300.0, 0.5, 0.0)


@dataclass(frozen=True)
class Shot:
    """A photo with its bytes."""

    photo: Photo
    content: bytes
    preview: bytes
    thumbnail: bytes


def _address(content: bytes) -> VaultAddress:
    return VaultAddress(hashlib.sha256(content).hexdigest())


def _jpeg(image: Image.Image, longest: int) -> bytes:
    small = image.convert("RGB")
    small.thumbnail((longest, longest))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=88)
    return out.getvalue()


@cache
def shots(key: str, visit: int) -> tuple[Shot, ...]:
    """The demonstration photos of one visit."""
    truth = json.loads(assets.resource("demo", "truth", f"{key}-{visit}.json").read_text())
    rows = truth["photos"] if isinstance(truth, dict) else truth
    found = []
    for row in rows:
        content = assets.resource("demo", "photos", *row["file"].split("/")).read_bytes()
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
        fault = {"blurred": (QualityCode.FOCUS,), "dark": (QualityCode.LIGHT,)}
        preview, thumbnail = _jpeg(image, 1600), _jpeg(image, 240)
        found.append(
            Shot(
                Photo(
                    PhotoId(f"{key}-{row['view']}"),
                    View(row["view"]),
                    "image/jpeg",
                    image.width,
                    image.height,
                    _address(content),
                    _address(content),
                    _address(preview),
                    _address(thumbnail),
                    datetime(2026, 11, 20, 19, 6, tzinfo=UTC),
                    MEASURES,
                    fault.get(row.get("fault") or "", ()),
                ),
                content,
                preview,
                thumbnail,
            )
        )
    order = {view: i for i, view in enumerate(View)}
    return tuple(sorted(found, key=lambda s: order[s.photo.view]))


def blank(views: tuple[View, ...], size: tuple[int, int] = (1200, 1600)) -> tuple[Photo, ...]:
    """Photos of nothing, for tests that look at annotations only."""
    return tuple(
        Photo(
            PhotoId(view.value),
            view,
            "image/jpeg",
            *size,
            "0" * 64,
            VaultAddress("original"),
            VaultAddress("preview"),
            VaultAddress("thumbnail"),
            None,
            MEASURES,
            (),
        )
        for view in views
    )


def decode(content: bytes, longest: int | None = None) -> Pixels:
    """Upright BGRX pixels."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")
    if longest is not None:
        image.thumbnail((longest, longest))
    # Opaque, as decoded photos are: Qt reads the fourth byte when it scales a picture up.
    return Pixels(image.width, image.height, image.convert("RGBA").tobytes("raw", "BGRA"))


@dataclass
class Assessing:
    """An open consultation and its presenter."""

    made: World
    presenter: AssessPresenter

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """What is in the draft."""
        assert self.made.case.state is not None
        return self.made.case.state.draft.annotations

    @property
    def total(self) -> int:
        """Lesions counted."""
        assert self.made.case.state is not None
        return self.made.case.state.appraisal.tally.total

    @property
    def steps(self) -> int:
        """Undo steps so far."""
        assert self.made.case.state is not None
        return len(self.made.case.state.history.past)


def assessing(
    key: str = "marsh-elena",
    *,
    views: tuple[View, ...] | None = None,
    size: tuple[int, int] = (1200, 1600),
    change: Callable[[Consultation], Consultation] = lambda c: c,
) -> Assessing:
    """Open a person's consultation: with blank photos of ``views``, else with the drawn ones."""
    visit = 2 if key == "marsh-elena" else 1
    real = shots(key, visit) if views is None else ()
    photos = blank(views, size) if views is not None else tuple(s.photo for s in real)

    def build(consultation: Consultation) -> Consultation:
        return change(replace(consultation, photos=photos))

    made = world(key, build)
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), (200, 150, 130)).save(picture, "JPEG")
    for name in ("original", "preview", "thumbnail"):
        made.files.kept[name] = picture.getvalue()
    for shot in real:
        for content in (shot.content, shot.preview, shot.thumbnail):
            made.files.put(content)
    photos_port: Any = made.desk.photos
    photos_port.decode = decode
    return Assessing(made, AssessPresenter(made.case))


def annotation(
    id: str,
    photo: str,
    kind: LesionType = LesionType.PAPULE,
    at: tuple[float, float] = (600, 300),
    *,
    counted_here: bool = False,
    same_as: str | None = None,
) -> Annotation:
    """One annotation."""
    return Annotation(
        AnnotationId(id),
        PhotoId(photo),
        kind,
        Point(*at),
        None,
        "",
        ME.id,
        NOW,
        MadeBy.CLINICIAN,
        counted_here,
        None if same_as is None else AnnotationId(same_as),
    )
