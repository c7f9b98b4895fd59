"""The kept demo photos are what the generator draws, and their truth fits them."""

import io
import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from workstation.demo.drawing.lesions import DIAMETERS, FACE, TRUNK, lesions_at
from workstation.demo.drawing.looks import look_of, seed_of
from workstation.demo.drawing.picture import Shot, draw
from workstation.demo.people import PEOPLE, VIEWS, Person, Visit, person
from workstation.demo.photos import GPS_IFD, photo_file, render_photo, taken_at

DEMO = Path(__file__).parents[2] / "resources" / "demo"
ALL = [(p, v, view) for p in PEOPLE for v in p.visits for view in v.views]
MILLION = 1_000_000


@cache
def _truth(key: str, number: int) -> dict[str, Any]:
    return json.loads((DEMO / "truth" / f"{key}-{number}.json").read_text("utf-8"))


def _photos() -> list[tuple[Person, Visit, dict[str, Any]]]:
    return [
        (p, v, photo)
        for p in PEOPLE
        for v in p.visits
        for photo in _truth(p.key, v.number)["photos"]
    ]


def _counted(key: str, number: int, types: set[str]) -> int:
    photos = _truth(key, number)["photos"]
    return len({x["id"] for photo in photos for x in photo["lesions"] if x["type"] in types})


def test_there_are_30_people_and_enough_visits() -> None:
    assert len(PEOPLE) == len({p.key for p in PEOPLE}) == 30
    assert len({p.mrn for p in PEOPLE}) == len({p.phone for p in PEOPLE}) == 30
    assert 40 <= sum(len(p.visits) for p in PEOPLE) <= 48
    assert 150 <= len(ALL) <= 190
    assert sum(p.sex != p.sex_at_birth for p in PEOPLE) >= 2
    assert sum(bool(p.native_name) for p in PEOPLE) >= 2
    assert any(len(p.family) == 40 for p in PEOPLE)
    assert {p.address.state for p in PEOPLE} == {"OR", "WA", "CA", "TX", "NY", "FL"}
    tones = Counter(p.tone for p in PEOPLE)
    assert set(tones) == {"light", "medium", "dark", "deep"}
    assert min(tones.values()) >= 4


def test_ages_and_days_are_in_the_agreed_range() -> None:
    end = date(2026, 11, 23)
    ages = [
        end.year - p.born.year - ((end.month, end.day) < (p.born.month, p.born.day)) for p in PEOPLE
    ]
    assert min(ages) >= 13
    assert max(ages) <= 52
    assert sum(age < 18 for age in ages) == 2
    for p in PEOPLE:
        assert date(2026, 11, 20) <= p.visits[-1].day <= end
        days = [v.day for v in p.visits]
        assert days == sorted(days)
        assert all("front" in v.views for v in p.visits)


def test_every_photo_is_kept_and_nothing_else() -> None:
    kept = {
        path.relative_to(DEMO / "photos").as_posix()
        for path in (DEMO / "photos").rglob("*")
        if path.is_file()
    }
    assert kept == {photo_file(*row) for row in ALL}
    truths = {path.name for path in (DEMO / "truth").iterdir()}
    assert truths == {f"{p.key}-{v.number}.json" for p in PEOPLE for v in p.visits}


def test_the_demo_folder_is_small_enough() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file()) <= 30 * MILLION


def test_drawing_in_small_gives_the_kept_photo_in_small() -> None:
    """Far fewer pixels: the same person, light and lesions in the same places."""
    who = person("ramirez-lucia")
    visit, size = who.visit(1), (150, 200)
    shot = Shot("front", size, seed_of(who.key, 1, "front"), visit.fault("front"))
    again, found, _ = draw(shot, look_of(who), lesions_at(who, 1))
    with Image.open(DEMO / "photos" / photo_file(who, visit, "front")) as image:
        kept = ImageOps.exif_transpose(image).convert("RGB")
    difference = np.abs(np.asarray(again, np.int16) - np.asarray(kept.resize(size), np.int16))
    assert difference.mean() < 6
    (photo,) = (p for p in _truth(who.key, 1)["photos"] if p["view"] == "front")
    there = {lesion["id"]: lesion for lesion in photo["lesions"]}
    assert len(found) > 20
    for one in found:
        told = there[one.lesion.id]
        assert one.x / size[0] == pytest.approx(told["x"] / photo["width"], abs=0.01)
        assert one.y / size[1] == pytest.approx(told["y"] / photo["height"], abs=0.01)


@pytest.mark.long
@pytest.mark.parametrize(
    ("key", "number", "view"),
    [("tremblay-zoe", 1, "front"), ("marsh-elena", 1, "front")],
)
def test_drawing_again_gives_the_kept_photo(key: str, number: int, view: str) -> None:
    who = person(key)
    visit = who.visit(number)
    data, truth = render_photo(who, visit, view)
    kept = Image.open(DEMO / "photos" / truth["file"])
    again = Image.open(io.BytesIO(data))
    assert again.size == kept.size
    difference = np.abs(np.asarray(again, np.int16) - np.asarray(kept, np.int16))
    assert difference.mean() < 1.5
    assert truth in _truth(key, number)["photos"]


def test_each_lesion_lies_inside_its_photo() -> None:
    for _, visit, photo in _photos():
        assert photo["view"] in visit.views
        ids = [x["id"] for x in photo["lesions"]]
        assert len(ids) == len(set(ids))
        for x in photo["lesions"]:
            assert 0 <= x["x"] <= photo["width"]
            assert 0 <= x["y"] <= photo["height"]
            assert 0.5 <= x["visible"] <= 1
            assert x["zone"] in {**FACE, **TRUNK}
            low, high = DIAMETERS[x["type"]]
            assert low * 0.5 <= x["diameter_mm"] <= high * 1.4
            measured = 2 * x["radius_px"] / photo["px_per_mm"]
            assert measured == pytest.approx(x["diameter_mm"], rel=0.2, abs=0.4)


def test_twins_share_type_size_and_zone() -> None:
    twins = 0
    for p in PEOPLE:
        for v in p.visits:
            seen: dict[int, tuple[str, str, float]] = {}
            for photo in _truth(p.key, v.number)["photos"]:
                for x in photo["lesions"]:
                    found = (x["type"], x["zone"], x["diameter_mm"])
                    twins += x["id"] in seen
                    assert seen.setdefault(x["id"], found) == found
    assert twins > 500


def test_cheek_lesions_stand_on_the_side_of_the_patient() -> None:
    for _, _, photo in _photos():
        if photo["view"] == "front":
            for x in photo["lesions"]:
                if x["zone"] == "left_cheek":
                    assert x["x"] > photo["width"] / 2
                if x["zone"] == "right_cheek":
                    assert x["x"] < photo["width"] / 2
        hidden = {"left45": "right_cheek", "right45": "left_cheek"}.get(photo["view"])
        facing = {"left45": "left_cheek", "right45": "right_cheek"}.get(photo["view"])
        zones = Counter(x["zone"] for x in photo["lesions"])
        if hidden and facing and sum(zones.values()) > 12:
            assert zones[facing] > zones[hidden]


def test_every_type_occurs_in_every_tone_group() -> None:
    types = Counter(x["type"] for _, _, photo in _photos() for x in photo["lesions"])
    assert set(types) == set(DIAMETERS)
    for tone in ("light", "medium", "dark", "deep"):
        shown = {x["type"] for p, _, photo in _photos() if p.tone == tone for x in photo["lesions"]}
        assert shown >= {"CO", "CC", "PA", "PU", "NO", "CY", "PIH"} - (
            {"PIH"} if tone == "light" else set()
        )


@pytest.mark.parametrize(
    ("key", "number"), [("marsh-elena", 2), ("nwosu-ifeoma", 1), ("nguyen-minh-duc", 1)]
)
def test_severe_stories_show_more_than_five_nodules(key: str, number: int) -> None:
    assert _counted(key, number, {"NO", "CY"}) > 5


def test_a_course_flares_then_clears_and_scars_stay() -> None:
    active = [
        _counted("lindqvist-astrid", n, {"CO", "CC", "PA", "PU", "NO", "CY"}) for n in range(1, 6)
    ]
    assert active[1] > active[2] > active[3] > active[4]
    scars = [_counted("kowalczyk-piotr", n, {"SCI", "SCR"}) for n in (1, 6)]
    assert scars[1] >= scars[0] > 0


def test_files_have_the_size_turn_and_time_they_should() -> None:
    turns: Counter[int] = Counter()
    large = 0
    for p, v, photo in _photos():
        path = DEMO / "photos" / photo["file"]
        if path.suffix == ".heic":
            continue
        with Image.open(path) as image:
            exif = image.getexif()
            turn = exif.get(0x0112, 1)
            turns[turn] += 1
            upright = image.size if turn < 5 else image.size[::-1]
            assert upright == (photo["width"], photo["height"])
            assert turn == photo["orientation"]
            stamp = taken_at(p, v, photo["view"]).strftime("%Y:%m:%d %H:%M:%S")
            assert exif.get_ifd(0x8769)[0x9003] == stamp
            assert bool(exif.get_ifd(GPS_IFD)) == (photo["extra"] == "gps")
            large += image.width * image.height >= 12 * MILLION
    assert set(turns) == set(range(1, 9))
    assert large >= 6
    assert {photo["extra"] for _, _, photo in _photos()} == {"", "large", "gps", "png", "heic"}
    assert {photo["fault"] for _, _, photo in _photos()} == {"", "blurred", "dark", "small"}
    assert {photo["view"] for _, _, photo in _photos()} == set(VIEWS)


def _upright(photo: dict[str, Any]) -> np.ndarray:
    with Image.open(DEMO / "photos" / photo["file"]) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("L"), np.float32)


def _darkest(gray: np.ndarray, row: int, column: int) -> float:
    return float(gray[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].min())


@pytest.mark.parametrize("turn", range(1, 9))
def test_open_comedones_are_dark_where_the_truth_says(turn: int) -> None:
    """Right only if the tag makes the picture upright and the truth is in upright pixels."""
    plain = [
        photo for _, _, photo in _photos() if photo["orientation"] == turn and not photo["fault"]
    ]
    plain = [p for p in plain if p["width"] < 2000 and not p["file"].endswith(".heic")]
    dark = total = 0
    for photo in sorted(plain, key=lambda p: -sum(x["type"] == "CO" for x in p["lesions"]))[:2]:
        gray = _upright(photo)
        for x in photo["lesions"]:
            if x["type"] == "CO" and x["visible"] == 1:
                row, column, reach = int(x["y"]), int(x["x"]), int(3 * x["radius_px"]) + 2
                around = gray[
                    max(0, row - reach) : row + reach, max(0, column - reach) : column + reach
                ]
                total += 1
                dark += _darkest(gray, row, column) < 0.75 * np.median(around)
    assert total >= 3
    assert dark >= 0.85 * total


def test_the_heic_photo_is_readable() -> None:
    import pi_heif

    (photo,) = [photo for _, _, photo in _photos() if photo["extra"] == "heic"]
    data = (DEMO / "photos" / photo["file"]).read_bytes()
    assert data[4:8] == b"ftyp"
    assert pi_heif.open_heif(data).size == (photo["width"], photo["height"])
