"""Photos from strangers: decoded in capped children, refused with a code, never a crash of ours."""

import random
import struct
import subprocess
import sys
import threading
import time
import zlib
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from workstation.adapters.photos import deadline as deadline_module
from workstation.adapters.photos import decoder as decoder_module
from workstation.adapters.photos.decoder import PhotoDecoder, child_command
from workstation.adapters.photos.formats import HEIF, JPEG, PNG, WEBP, recognise
from workstation.domain.errors import Refused, WorkstationError
from workstation.domain.photo import QualityCode

HERE = Path(__file__).parent
DAY = date(2026, 11, 23)
ORIENTATION, GPS, EXIF = 0x0112, 0x8825, 0x8769
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.fixture(scope="module")
def decoder():
    made = PhotoDecoder()
    made.warm()
    yield made
    made.close()


def picture(width=640, height=480, seed=1):
    """A smooth picture with marked corners: red top left, blue bottom right."""
    rng = random.Random(seed)
    small = Image.new("RGB", (16, 12))
    small.putdata([tuple(rng.randrange(90, 170) for _ in range(3)) for _ in range(16 * 12)])
    made = small.resize((width, height), Image.Resampling.BICUBIC)
    made.paste((230, 20, 20), (0, 0, width // 4, height // 4))
    made.paste((20, 20, 230), (width * 3 // 4, height * 3 // 4, width, height))
    return made


def saved(image, kind="JPEG", **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def at(pixels, x, y):
    start = (y * pixels.width + x) * 4
    blue, green, red, pad = pixels.data[start : start + 4]
    assert pad == 255
    return red, green, blue


def near(one, other, by=30):
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def turned(orientation, kind):
    image = picture()
    how = STORED_AS[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = image if how is None else image.transpose(how)
    options = {"quality": 95} if kind != "PNG" else {}
    return saved(stored, kind, exif=exif.tobytes(), **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_orientations_look_the_same(decoder, kind, orientation):
    content = turned(orientation, kind)
    for longest in (None, 320):
        pixels = decoder.decode(content, longest)
        assert (pixels.width, pixels.height) == ((640, 480) if longest is None else (320, 240))
        assert len(pixels.data) == pixels.width * pixels.height * 4
        assert near(at(pixels, 8, 8), (230, 20, 20))
        assert near(at(pixels, pixels.width - 9, pixels.height - 9), (20, 20, 230))
    seen = decoder.examine(content, DAY)
    assert (seen.width, seen.height) == (640, 480)


def test_heic_is_decoded_upright_once(decoder):
    content = (HERE / "turned.heic").read_bytes()
    pixels = decoder.decode(content)
    assert (pixels.width, pixels.height) == (320, 240)
    assert near(at(pixels, 10, 10), (255, 0, 0), 40)
    assert near(at(pixels, 310, 230), (0, 0, 255), 40)
    seen = decoder.examine(content, DAY)
    assert seen.media_type == HEIF
    assert seen.taken_at is not None
    assert seen.taken_at.date() == date(2026, 11, 20)


def test_examine_measures_and_makes_copies_that_fit(decoder):
    seen = decoder.examine(saved(picture(3000, 2000), quality=90), DAY)
    assert (seen.media_type, seen.width, seen.height) == (JPEG, 3000, 2000)
    preview, thumbnail = (Image.open(BytesIO(b)) for b in (seen.preview, seen.thumbnail))
    assert preview.format == thumbnail.format == "JPEG"
    assert preview.size == (1600, 1067)
    assert thumbnail.size == (160, 107)
    assert 0 < seen.measures.mean_light < 1
    assert QualityCode.RESOLUTION not in seen.quality


def test_a_small_photo_is_not_enlarged(decoder):
    seen = decoder.examine(saved(picture(640, 480)), DAY)
    assert Image.open(BytesIO(seen.preview)).size == (640, 480)
    assert seen.quality[0] is QualityCode.RESOLUTION


def test_place_and_serial_number_are_absent_from_the_copies(decoder):
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    exif.get_ifd(EXIF)[0xA431] = "SERIAL-0815-4711"
    exif.get_ifd(EXIF)[0x9003] = "2026:11:01 08:00:00"
    exif.get_ifd(GPS).update({1: "N", 2: (45.0, 31.0, 12.34), 3: "W", 4: (122.0, 40.0, 9.0)})
    content = saved(picture(1800, 1350), exif=exif.tobytes(), comment=b"COMMENT-OF-CAMERA")
    assert b"SERIAL-0815-4711" in content
    seen = decoder.examine(content, DAY)
    for copy in (seen.preview, seen.thumbnail):
        for planted in (b"SERIAL", b"SECRETMAKER", b"Exif", b"COMMENT-OF", b"GPS", b"ICC_PROFILE"):
            assert planted not in copy
        assert not Image.open(BytesIO(copy)).getexif()
    assert QualityCode.OLD in seen.quality


TELLS = (b"SERIAL", b"SECRETMAKER", b"COMMENT-OF", b"XMP-PLACE", b"GPS-PLACE", b"TEXT-OF")


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_bare_photo_has_its_pixels_and_its_moment_and_nothing_else(decoder, kind, orientation):
    from PIL import PngImagePlugin

    exif = Image.Exif()
    exif[ORIENTATION], exif[0x010F] = orientation, "SECRETMAKER"
    exif.get_ifd(EXIF)[0x9003] = "2026:11:20 09:30:00"
    exif.get_ifd(EXIF)[0x9011] = "-08:00"
    exif.get_ifd(EXIF)[0xA431] = "SERIAL"
    exif.get_ifd(GPS)[0x001D] = "GPS-PLACE"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more = {"icc_profile": profile, "exif": exif.tobytes(), "quality": 90}
    if kind == "PNG":
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_text("Comment", "TEXT-OF")
        more["pnginfo"].add_itxt("XML:com.adobe.xmp", "XMP-PLACE")
    else:
        more["xmp"] = b"<x>XMP-PLACE</x>"
    if kind == "JPEG":
        more["comment"] = b"COMMENT-OF"
    raw = saved(picture(), kind, **more)
    assert sum(word in raw for word in TELLS) >= 4
    media_type, made = decoder.bare(raw)
    assert media_type == f"image/{kind.lower()}" and not [w for w in TELLS if w in made]
    assert bytes(decoder.decode(made).data) == bytes(decoder.decode(raw).data)
    before, after = (decoder.examine(c, DAY) for c in (raw, made))
    assert after.taken_at == before.taken_at is not None
    assert Image.open(BytesIO(made)).info["icc_profile"] == profile
    assert decoder.bare(made)[1] == made


def test_a_heic_goes_bare_as_jpeg(decoder):
    raw = (HERE / "turned.heic").read_bytes()
    media_type, made = decoder.bare(raw)
    before, after = decoder.decode(raw), decoder.decode(made)
    assert media_type == JPEG and (before.width, before.height) == (after.width, after.height)
    assert near(at(after, 10, 10), (255, 0, 0), 40) and near(at(after, 310, 230), (0, 0, 255), 40)
    told = Image.open(BytesIO(made)).getexif()
    assert set(told) <= {EXIF, ORIENTATION} and not told.get_ifd(GPS)
    assert decoder.examine(made, DAY).taken_at == decoder.examine(raw, DAY).taken_at is not None


def test_profile_bombs_do_nothing(decoder):
    """A colour profile that unpacks to a hundred times its size is not unpacked, or counts as none."""
    plain = saved(picture(300, 300), "PNG")
    packed = b"bomb\0\0" + zlib.compress(b"\0" * 40_000_000, 1)
    chunk = struct.pack(">I", len(packed)) + b"iCCP" + packed
    chunk += struct.pack(">I", zlib.crc32(b"iCCP" + packed))
    at = plain.index(b"IDAT") - 4
    bomb = plain[:at] + chunk + plain[at:]
    try:
        assert decoder.examine(bomb, DAY).width == 300
    except Refused as refused:
        assert refused.code in ("intake.photo.unreadable", "intake.photo.memory")
    assert decoder.examine(plain, DAY).width == 300


def test_an_embedded_profile_is_applied(decoder):
    """A profile whose green is brighter than sRGB's changes the pixels that come out."""
    image = Image.new("RGB", (400, 300), (120, 120, 120))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = decoder.decode(saved(image, "PNG", icc_profile=srgb))
    assert at(same, 5, 5) == (120, 120, 120)
    wide = decoder.decode(saved(image, "PNG", icc_profile=_wide_gamma(srgb)))
    assert at(wide, 5, 5) != (120, 120, 120)
    # A profile that does not fit the pixels, or is no profile, counts as none.
    for broken in (lab[:60], b"not a profile"):
        assert at(decoder.decode(saved(image, "PNG", icc_profile=broken)), 5, 5) == (120, 120, 120)


def test_pixels_are_those_of_the_profile_and_of_a_profile_that_changes_nothing(decoder):
    """By any profile the pixels are Pillow's own; sRGB by another name leaves them as they are."""
    rng = np.random.default_rng(4)
    image = Image.fromarray(rng.integers(0, 256, (230, 210, 3), np.uint8))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wide = _wide_gamma(srgb)
    turned = ImageCms.profileToProfile(
        image, ImageCms.ImageCmsProfile(BytesIO(wide)), ImageCms.createProfile("sRGB")
    )
    for profile, expected in ((wide, turned), (_renamed(srgb), image), (None, image)):
        found = decoder.decode(saved(image, "PNG", icc_profile=profile))
        assert bytes(found.data) == expected.convert("RGBA").tobytes("raw", "BGRA")


def _renamed(profile):
    """The sRGB profile under another name."""
    made = profile.replace(b"sRGB", b"test")
    return made.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))


def _wide_gamma(profile):
    """The sRGB profile with another description and its curves replaced by gamma 1."""
    made = bytearray(profile.replace(b"sRGB", b"test").replace(b"s\0R\0G\0B", b"t\0e\0s\0t"))
    made = bytearray(bytes(made).replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be")))
    count = struct.unpack(">I", made[128:132])[0]
    for n in range(count):
        name, offset, size = struct.unpack(">4sII", made[132 + 12 * n : 144 + 12 * n])
        if name in (b"rTRC", b"gTRC", b"bTRC"):
            curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, 0x0100)
            made[offset : offset + len(curve)] = curve
            made[132 + 12 * n : 144 + 12 * n] = struct.pack(">4sII", name, offset, len(curve))
            assert size >= len(curve)
    return bytes(made)


def test_other_modes_become_colour(decoder):
    grey16 = Image.new("I;16", (300, 220), 0x8000)
    assert near(at(decoder.decode(saved(grey16, "PNG")), 5, 5), (128, 128, 128), 1)
    clear = Image.new("RGBA", (300, 220), (10, 10, 10, 0))
    assert at(decoder.decode(saved(clear, "PNG")), 5, 5) == (255, 255, 255)
    pressed = Image.new("CMYK", (300, 220), (0, 0, 0, 0))
    assert near(at(decoder.decode(saved(pressed)), 5, 5), (255, 255, 255), 4)


# -- refused -------------------------------------------------------------------------------------


def code_of(call):
    with pytest.raises(Refused) as refused:
        call()
    assert set(map(type, refused.value.context.values())) <= {int, str}
    return refused.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.97])
def test_a_truncated_photo_is_never_shown_as_whole(decoder, kind, share):
    whole = saved(picture(900, 700), kind)
    cut = whole[: int(len(whole) * share)]
    for call in (lambda: decoder.examine(cut, DAY), lambda: decoder.decode(cut, 200)):
        assert code_of(call) in ("intake.photo.truncated", "intake.photo.unreadable")


def test_a_truncated_heic_is_refused(decoder):
    whole = (HERE / "turned.heic").read_bytes()
    assert code_of(lambda: decoder.decode(whole[:-60])).startswith("intake.photo.")


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a" + bytes(200),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>1</script></html>",
        b"%PDF-1.7 \n",
        b"BM" + bytes(200),
        b"II*\0" + bytes(200),
        b"\0\0\0\x1cftypavif" + bytes(200),
        b"PK\x03\x04" + bytes(200),
        b"x",
    ],
)
def test_other_formats_are_refused_by_their_first_bytes(decoder, content):
    assert recognise(content) is None
    assert code_of(lambda: decoder.examine(content, DAY)) == "intake.photo.format"


def test_empty_and_tiny_photos_are_refused(decoder):
    assert code_of(lambda: decoder.decode(b"")) == "intake.photo.empty"
    assert code_of(lambda: decoder.decode(saved(picture(400, 199)))) == "intake.photo.small"


def png_header(width, height):
    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_001, 10_000), (30_000, 30_000), (2_000_000, 2_000)])
def test_pixel_bombs_are_refused_by_their_header(decoder, size):
    began = time.monotonic()
    assert code_of(lambda: decoder.decode(png_header(*size))) == "intake.photo.pixels"
    assert time.monotonic() - began < 5


def test_text_chunk_bombs_are_refused_or_ignored_within_the_limits(decoder):
    bomb = zlib.compress(bytes(200 * 1024 * 1024), 1)
    body = b"Comment\0\0" + bomb
    chunk = (
        struct.pack(">I", len(body))
        + b"zTXt"
        + body
        + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    )
    whole = saved(picture(), "PNG")
    at_ = whole.index(b"IDAT") - 4
    try:
        pixels = decoder.decode(whole[:at_] + chunk + whole[at_:])
    except Refused as error:
        assert error.code.startswith("intake.photo.")
    else:
        assert pixels.width == 640
    assert decoder.decode(whole).width == 640


@pytest.mark.parametrize(
    "count", [160, pytest.param(6000, marks=[pytest.mark.long, pytest.mark.timeout(1800)])]
)
def test_damaged_photos_never_stop_the_program(decoder, count):
    rng = random.Random(20261123)
    wholes = [
        saved(picture(320, 240), "JPEG"),
        saved(picture(320, 240), "PNG"),
        saved(picture(320, 240), "WEBP"),
        (HERE / "turned.heic").read_bytes(),
    ]
    refused = 0
    for number in range(count):
        content = bytearray(wholes[number % len(wholes)])
        for _ in range(rng.randrange(1, 30)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        try:
            decoder.decode(bytes(content), 100)
        except Refused as error:
            assert error.code.startswith("intake.photo.")
            refused += 1
    assert refused > count // 8
    assert decoder.decode(wholes[0]).width == 320


# -- children ------------------------------------------------------------------------------------


def test_a_child_killed_in_the_middle_refuses_one_photo_only():
    decoder = PhotoDecoder()
    try:
        decoder.warm()
        content = saved(picture(6000, 4500), quality=95)
        found = []

        def call():
            try:
                found.append(decoder.decode(content))
            except Refused as error:
                found.append(error.code)

        worker = threading.Thread(target=call)
        worker.start()
        for _ in range(200):
            if len(decoder._slots.queue) < decoder_module.CHILDREN:
                break
            time.sleep(0.005)
        time.sleep(0.02)
        idle = {child for child in decoder._slots.queue if child is not None}
        (busy,) = decoder._running - idle
        busy.process.kill()
        worker.join(20)
        assert found == ["intake.photo.crashed"]
        assert decoder.decode(saved(picture())).width == 640
    finally:
        decoder.close()


def test_a_child_that_is_too_slow_is_killed_and_replaced(tmp_path):
    script = "import sys,time; sys.stdin.buffer.read(1); time.sleep(60)"
    decoder = PhotoDecoder(deadline_seconds=0.4, command=(sys.executable, "-I", "-c", script))
    try:
        began = time.monotonic()
        assert code_of(lambda: decoder.decode(saved(picture()))) == "intake.photo.timeout"
        assert time.monotonic() - began < 5
        assert not decoder._running
        decoder._command = child_command()
        decoder._deadline = 20
        assert decoder.decode(saved(picture())).width == 640
    finally:
        decoder.close()


@pytest.mark.parametrize(
    ("crowded", "script", "periods"),
    [
        (True, "import time; time.sleep(60)", 3),  # it got no processor: it is waited for
        (False, "import time; time.sleep(60)", 1),
        (True, "while True: pass", 1),  # it had the processor and made nothing of it
    ],
)
def test_a_busy_machine_is_not_the_fault_of_a_photo(monkeypatch, crowded, script, periods):
    given = iter(range(1000))
    monkeypatch.setattr(deadline_module, "_crowded", lambda: crowded)
    working = "while" in script
    monkeypatch.setattr(deadline_module, "_used", lambda _: next(given) * (9.0 if working else 0.0))
    process = subprocess.Popen([sys.executable, "-c", script])
    begun = time.monotonic()
    deadline = deadline_module.Deadline(process, 0.2)
    assert process.wait() == -9 and deadline.passed.is_set()
    assert time.monotonic() - begun >= 0.2 * periods
    assert deadline._left == deadline_module.MOST_PERIODS - periods


def test_the_processor_time_of_a_process_is_told():
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    until = time.monotonic() + 30
    while not deadline_module._used(process.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert deadline_module._used(process.pid) > 0
    process.kill()
    process.wait()
    assert deadline_module._used(process.pid) is None


def test_a_child_that_dies_at_once_is_a_refusal():
    decoder = PhotoDecoder(command=(sys.executable, "-I", "-c", "raise SystemExit(3)"))
    try:
        assert code_of(lambda: decoder.examine(saved(picture()), DAY)) == "intake.photo.crashed"
    finally:
        decoder.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the cap is set on Linux")
def test_the_child_runs_within_its_limits(decoder):
    decoder.decode(saved(picture()))
    child = next(iter(decoder._running))
    limits = Path(f"/proc/{child.process.pid}/limits").read_text(encoding="ascii")
    rows = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert rows["Max address space"] == str(1536 * 1024 * 1024)
    assert rows["Max file size"] == "0"
    assert rows["Max core file size"] == "0"
    modules = Path(f"/proc/{child.process.pid}/maps").read_text(encoding="utf-8")
    assert "PySide6" not in modules
    assert "sqlcipher" not in modules


def test_a_hundred_megapixels_fit_into_the_cap(decoder):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    large = Image.new("RGB", (10_000, 10_000), (180, 140, 120))
    content = saved(large, exif=exif.tobytes(), quality=60)
    pixels = decoder.decode(content)
    assert (pixels.width, pixels.height) == (10_000, 10_000)
    assert near(at(pixels, 9_999, 9_999), (180, 140, 120), 6)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_children_end_with_a_program_that_was_killed(tmp_path):
    photo = tmp_path / "one.jpg"
    photo.write_bytes(saved(picture()))
    script = f"""
import os
from pathlib import Path
from workstation.adapters.photos.decoder import PhotoDecoder
decoder = PhotoDecoder()
decoder.warm()
decoder.decode(Path({str(photo)!r}).read_bytes())
print(*(c.process.pid for c in decoder._running), flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == -9
    children = [int(word) for word in done.stdout.split()]
    assert len(children) == decoder_module.CHILDREN
    for _ in range(100):
        if not any(running(child) for child in children):
            break
        time.sleep(0.1)
    assert not any(running(child) for child in children)


def running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def test_calls_from_many_threads_get_their_own_photo(decoder):
    contents = [saved(picture(300 + 10 * n, 260, seed=n)) for n in range(12)]
    found = [None] * len(contents)

    def call(n):
        found[n] = decoder.decode(contents[n]).width

    workers = [threading.Thread(target=call, args=(n,)) for n in range(len(contents))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert found == [300 + 10 * n for n in range(12)]


def test_without_shared_memory_the_same_pixels_come_through_the_pipe(decoder):
    """As on Windows, which hands over no descriptors."""
    piped = PhotoDecoder(shared=False)
    try:
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        for content in (saved(picture()), saved(picture(900, 700), icc_profile=_wide_gamma(srgb))):
            mapped, sent = decoder.decode(content), piped.decode(content)
            assert (sent.width, sent.height) == (mapped.width, mapped.height)
            assert bytes(sent.data) == bytes(mapped.data)
        assert piped.decode(saved(picture(seed=2)), 100).width == 100  # nothing is left in the pipe
        assert code_of(lambda: piped.decode(b"not a photo")) == "intake.photo.format"
        assert {child.link for child in piped._running} == {None}
    finally:
        piped.close()


def test_pixels_outlive_the_decoder():
    decoder = PhotoDecoder()
    pixels = decoder.decode(saved(picture()))
    decoder.close()
    assert near(at(pixels, 8, 8), (230, 20, 20))
    with pytest.raises(TypeError):
        pixels.data[0] = 1


def test_a_closed_decoder_says_so():
    decoder = PhotoDecoder()
    decoder.close()
    with pytest.raises(WorkstationError) as error:
        decoder.decode(saved(picture()))
    assert error.value.code == "photos.closed"


def test_formats_are_told_apart():
    assert recognise(saved(picture())) == JPEG
    assert recognise(saved(picture(), "PNG")) == PNG
    assert recognise(saved(picture(), "WEBP")) == WEBP
