"""Renders the demo clinic's photos and their truth: `python -m workstation.demo.photos --out resources/demo`."""

import argparse
import io
import json
import multiprocessing
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from workstation.demo.drawing.lesions import Sighting, lesions_at
from workstation.demo.drawing.looks import look_of, seed_of
from workstation.demo.drawing.picture import Shot, draw
from workstation.demo.people import PEOPLE, Person, Visit, person

Truth = dict[str, Any]

SIZES = ((960, 1280), (960, 1280), (960, 1280), (960, 1280), (1080, 1440), (1200, 1600))
LARGE = (3024, 4032)
LARGE_DRAWN = (1512, 2016)
SMALL = (420, 560)
SUFFIXED = (750, 1000)
SUFFIX = {"png": "png", "heic": "heic"}
ORIENTATIONS = (1, 6, 8, 3, 2, 4, 5, 7)
ORIENTATION_SHARES = (0.60, 0.16, 0.06, 0.06, 0.03, 0.03, 0.03, 0.03)
STORED_AS = {  # how the upright picture is turned so that the EXIF tag turns it back
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
ORIENTATION, EXIF_IFD, GPS_IFD = 0x0112, 0x8769, 0x8825


@dataclass(frozen=True, slots=True)
class Drawn:
    """An upright photo before it becomes a file."""

    picture: Image.Image
    sightings: tuple[Sighting, ...]
    factor: float  # file pixels per drawn pixel
    px_per_mm: float


def render_photo(who: Person, visit: Visit, view: str) -> tuple[bytes, Truth]:
    """The photo file and its truth; the same for every run. A HEIC photo is given as PNG bytes."""
    drawn = draw_photo(who, visit, view)
    turn = _orientation(who, visit, view)
    truth = {
        "file": photo_file(who, visit, view),
        "view": view,
        "width": drawn.picture.width,
        "height": drawn.picture.height,
        "px_per_mm": round(drawn.px_per_mm, 4),
        "orientation": turn,
        "fault": visit.fault(view),
        "extra": visit.extra(view),
        "lesions": [_lesion(s, drawn.factor) for s in drawn.sightings],
    }
    return _encode(drawn.picture, who, visit, view, turn), truth


def draw_photo(who: Person, visit: Visit, view: str) -> Drawn:
    """The upright picture at its full size."""
    fault, extra = visit.fault(view), visit.extra(view)
    seed = seed_of(who.key, visit.number, view)
    drawn, full = _sizes(seed, view, fault, extra)
    shot = Shot(view, drawn, seed, fault)
    picture, found, scale = draw(shot, look_of(who), lesions_at(who, visit.number))
    factor = full[0] / drawn[0]
    if full != drawn:
        picture = (
            _enlarged(picture, full, seed)
            if factor > 1
            else picture.resize(full, Image.Resampling.LANCZOS)
        )
    return Drawn(picture, tuple(found), factor, scale * factor)


def photo_file(who: Person, visit: Visit, view: str) -> str:
    """Where the photo lies under `photos/`."""
    return f"{who.key}/{visit.number}-{view}.{SUFFIX.get(visit.extra(view), 'jpg')}"


def taken_at(who: Person, visit: Visit, view: str) -> datetime:
    """When the photo says it was taken: the evening before the consultation came, local time."""
    evening = datetime.combine(visit.day, datetime.min.time()) - timedelta(
        hours=7
    )  # cameras know no zone
    first = timedelta(minutes=seed_of(who.key, visit.number, "taken") % 240)
    return evening + first + timedelta(seconds=47 * visit.views.index(view) + 3)


def exif_of(who: Person, visit: Visit, view: str, turn: int) -> Image.Exif:
    """The EXIF data of a photo; the places are invented."""
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    exif[0x010F], exif[0x0110] = "Generated", "Drawn, no real person"
    inner = exif.get_ifd(EXIF_IFD)
    inner[0x9003] = taken_at(who, visit, view).strftime("%Y:%m:%d %H:%M:%S")
    inner[0x9011] = "-08:00"
    if visit.extra(view) == "gps":
        place = exif.get_ifd(GPS_IFD)
        place[1], place[2] = "N", (44.0, 12.0, 34.5)
        place[3], place[4] = "W", (121.0, 23.0, 45.6)
    return exif


def render_person(key: str, out: Path) -> tuple[str, int, int, float]:
    """Write all photos and truths of one person; returns key, photos, bytes and seconds."""
    begun = time.perf_counter()
    who, count, size = person(key), 0, 0
    (out / "photos" / key).mkdir(parents=True, exist_ok=True)
    (out / "truth").mkdir(parents=True, exist_ok=True)
    for visit in who.visits:
        truths = []
        for view in visit.views:
            data, truth = render_photo(who, visit, view)
            path = out / "photos" / truth["file"]
            if (
                visit.extra(view) != "heic"
            ):  # made once with another program, see resources/demo/README.md
                path.write_bytes(data)
                size += len(data)
            truths.append(truth)
            count += 1
        name = f"{key}-{visit.number}.json"
        (out / "truth" / name).write_text(_json(who, visit, truths), encoding="utf-8")
    return key, count, size, time.perf_counter() - begun


def main(arguments: list[str] | None = None) -> int:
    """Render everybody, or the people named."""
    parser = argparse.ArgumentParser(prog="python -m workstation.demo.photos", description=__doc__)
    parser.add_argument(
        "--out", type=Path, required=True, help="folder that gets photos/ and truth/"
    )
    parser.add_argument(
        "--only", action="append", metavar="PERSON", help="key of a person; may be repeated"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    chosen = parser.parse_args(arguments)
    keys = chosen.only or [p.key for p in PEOPLE]
    photos = size = 0
    with multiprocessing.Pool(chosen.jobs) as pool:
        waiting = [pool.apply_async(render_person, (key, chosen.out)) for key in keys]
        for done, result in enumerate(waiting, 1):
            key, count, written, seconds = result.get()
            photos, size = photos + count, size + written
            print(
                f"{done}/{len(keys)} {key}: {count} photos, {written / 1e6:.1f} MB, {seconds:.0f} s",
                flush=True,
            )
    print(f"{photos} photos, {size / 1e6:.1f} MB")
    return 0


def _sizes(seed: int, view: str, fault: str, extra: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The size that is drawn, and that of the file."""
    if extra == "large":
        return LARGE_DRAWN, LARGE
    if fault == "small":
        return (SMALL[0] * 2, SMALL[1] * 2), SMALL
    w, h = SIZES[seed % len(SIZES)] if extra not in SUFFIX else SUFFIXED
    size = (h, w) if view == "shoulders" else (w, h)
    return size, size


def _enlarged(picture: Image.Image, full: tuple[int, int], seed: int) -> Image.Image:
    """Enlarge, with the fine noise that a sensor of that size has."""
    wide = np.asarray(picture.resize(full, Image.Resampling.BICUBIC))
    rng = np.random.default_rng(seed + 1)
    out = np.empty_like(wide)
    for top in range(
        0, full[1], 504
    ):  # in bands: the whole picture in floats would need much memory
        band = wide[top : top + 504]
        grain = rng.standard_normal(band.shape[:2], dtype=np.float32)[..., None] * np.float32(2.0)
        out[top : top + 504] = np.clip(band + grain + np.float32(0.5), 0, 255).astype("uint8")
    return Image.fromarray(out)


def _orientation(who: Person, visit: Visit, view: str) -> int:
    if visit.extra(view) in SUFFIX:
        return 1
    rng = np.random.default_rng(seed_of(who.key, visit.number, view, "turn"))
    return int(rng.choice(ORIENTATIONS, p=ORIENTATION_SHARES))


def _encode(picture: Image.Image, who: Person, visit: Visit, view: str, turn: int) -> bytes:
    stored = picture.transpose(STORED_AS[turn]) if turn in STORED_AS else picture
    buffer = io.BytesIO()
    exif = exif_of(who, visit, view, turn)
    if visit.extra(view) in SUFFIX:
        stored.save(buffer, "PNG", exif=exif, optimize=True)
    else:
        quality = 72 if visit.extra(view) == "large" else 78
        stored.save(buffer, "JPEG", quality=quality, subsampling="4:2:0", optimize=True, exif=exif)
    return buffer.getvalue()


def _lesion(s: Sighting, factor: float) -> Truth:
    return {
        "id": s.lesion.id,
        "type": s.lesion.type,
        "x": round(s.x * factor, 1),
        "y": round(s.y * factor, 1),
        "radius_px": round(s.radius * factor, 1),
        "diameter_mm": s.lesion.diameter_mm,
        "zone": s.lesion.zone,
        "visible": s.fraction,
    }


def _json(who: Person, visit: Visit, photos: list[Truth]) -> str:
    """One lesion a line, so that a change can be read."""
    parts = []
    for photo in photos:
        head = json.dumps({k: v for k, v in photo.items() if k != "lesions"})[:-1]
        lines = ",\n    ".join(json.dumps(lesion) for lesion in photo["lesions"])
        parts.append(
            f'  {head}, "lesions": [\n    {lines}\n  ]}}' if lines else f'  {head}, "lesions": []}}'
        )
    joined = ",\n".join(parts)
    top = f'"person": "{who.key}", "visit": {visit.number}, "day": "{visit.day.isoformat()}", "generated": true'
    return f'{{{top}, "photos": [\n{joined}\n]}}\n'


if __name__ == "__main__":
    raise SystemExit(main())
