"""Photos out of DICOM objects of strangers: what they show comes, what they tell is compared."""

from __future__ import annotations

import random
import struct
import zlib
from datetime import date
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import compress

from workstation.adapters.photos.decoder import PhotoDecoder
from workstation.domain.errors import Refused
from workstation.domain.wrapped import Named

DAY = date(2026, 11, 23)
PHOTO, CAPTURE, CT = (
    "1.2.840.10008.5.1.4.1.1.77.1.4",
    "1.2.840.10008.5.1.4.1.1.7",
    "1.2.840.10008.5.1.4.1.1.2",
)
IMPLICIT, EXPLICIT, DEFLATED = (f"1.2.840.10008.1.2{end}" for end in ("", ".1", ".1.99"))
RLE, JPEG, JPEG_2000 = (f"1.2.840.10008.1.2.{end}" for end in ("5", "4.50", "4.90"))
WIDTH, HEIGHT = 320, 240


@pytest.fixture(scope="module")
def decoder():
    made = PhotoDecoder()
    yield made
    made.close()


def picture():
    """Red in the upper left corner, blue in the lower right, grey between, no pixel row like another."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    made = np.stack([rows % 200, columns % 200, (rows + columns) % 200], axis=-1).astype(np.uint8)
    made[:60, :80] = (230, 20, 20)
    made[-60:, -80:] = (20, 20, 230)
    return made


def jpeg(pixels, **options):
    out = BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=95, **options)
    return out.getvalue()


def dicom(pixels=None, kind=PHOTO, syntax=EXPLICIT, raw=None, **more):
    """A DICOM file as another program writes one."""
    made = Dataset()
    pixels = picture() if pixels is None else pixels
    made.SOPClassUID, made.SOPInstanceUID = kind, "2.25.1"
    made.PatientID, made.PatientName = "MRN-9", "O'Neill^Zoë"
    made.PatientBirthDate, made.PatientSex = "19990228", "F"
    made.SpecificCharacterSet = "ISO_IR 192"
    made.InstitutionName = "Canary Hospital"
    made.AcquisitionDateTime = "20261120093000"
    made.Rows, made.Columns = pixels.shape[:2]
    made.SamplesPerPixel = 1 if pixels.ndim == 2 else 3
    made.PhotometricInterpretation = "MONOCHROME2" if pixels.ndim == 2 else "RGB"
    if pixels.ndim == 3:
        made.PlanarConfiguration = 0
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation = 7, 0
    made.PixelData = pixels.tobytes() if raw is None else raw
    made["PixelData"].VR = "OB"
    for key, value in more.items():
        setattr(made, key, value)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax if syntax != RLE else EXPLICIT
    made.file_meta.MediaStorageSOPClassUID = kind
    made.file_meta.MediaStorageSOPInstanceUID = "2.25.1"
    if syntax == RLE:
        compress(made, RLE, generate_instance_uid=False)
    if syntax == JPEG and made["PixelData"].value[:4] != b"\xfe\xff\x00\xe0":
        made.PixelData = encapsulate([made.PixelData])
    if syntax == JPEG:
        made["PixelData"].is_undefined_length = True
    out = BytesIO()
    made.save_as(out, enforce_file_format=True)
    return out.getvalue()


def shown(wrapped):
    return np.asarray(Image.open(BytesIO(wrapped.content)).convert("RGB"))


@pytest.mark.parametrize("kind", [PHOTO, CAPTURE])
@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, RLE])
def test_uncompressed_and_rle_come_pixel_for_pixel(decoder, kind, syntax):
    found = decoder.unwrap(dicom(kind=kind, syntax=syntax))
    assert found.media_type == "image/png" and np.array_equal(shown(found), picture())
    seen = decoder.examine(found.content, DAY)
    assert (seen.width, seen.height, seen.taken_at.date()) == (WIDTH, HEIGHT, date(2026, 11, 20))


def test_grey_and_palette_look_as_they_should(decoder):
    grey = picture()[:, :, 0]
    plain = shown(decoder.unwrap(dicom(grey)))
    assert np.array_equal(plain[:, :, 1], grey)
    turned = shown(decoder.unwrap(dicom(grey, PhotometricInterpretation="MONOCHROME1")))
    assert np.array_equal(turned[:, :, 1], 255 - grey)
    table = {}
    for at, colour in enumerate(("Red", "Green", "Blue")):
        table[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        values = [(at + 1) * number * 80 for number in range(256)]
        table[f"{colour}PaletteColorLookupTableData"] = struct.pack("<256H", *values)
    found = shown(decoder.unwrap(dicom(grey, PhotometricInterpretation="PALETTE COLOR", **table)))
    assert tuple(found[100, 200]) == tuple(
        (at + 1) * int(grey[100, 200]) * 80 >> 8 for at in range(3)
    )


def test_a_jpeg_frame_comes_as_it_is_without_what_it_tells(decoder):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "CANARY"  # turned, described: DICOM's pixels are as they lie
    frame = jpeg(picture(), exif=exif.tobytes(), comment=b"CANARY")
    found = decoder.unwrap(dicom(syntax=JPEG, raw=frame, PhotometricInterpretation="YBR_FULL_422"))
    assert found.media_type == "image/jpeg" and b"CANARY" not in found.content
    assert np.array_equal(shown(found), np.asarray(Image.open(BytesIO(frame)).convert("RGB")))
    seen = decoder.examine(found.content, DAY)
    assert (seen.width, seen.height) == (WIDTH, HEIGHT) and seen.taken_at.date().day == 20


def test_colour_is_what_the_header_says(decoder):
    """RGB in a JPEG without Adobe's word would be read as YCbCr by everybody."""
    ycc = Image.fromarray(picture()).convert("YCbCr")
    as_stored = Image.merge("RGB", ycc.split())  # its numbers, called red, green and blue
    frame = bytearray(jpeg(picture(), subsampling=0))
    found = shown(
        decoder.unwrap(dicom(syntax=JPEG, raw=bytes(frame), PhotometricInterpretation="RGB"))
    )
    assert np.abs(found.astype(int) - np.asarray(as_stored).astype(int)).max() < 12
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for raw, syntax, colour in (
        (None, EXPLICIT, "RGB"),
        (jpeg(picture()), JPEG, "YBR_FULL_422"),
    ):
        kept = decoder.unwrap(
            dicom(
                raw=raw, syntax=syntax, PhotometricInterpretation=colour,
                ICCProfile=profile + b"\0" * (len(profile) % 2),
            )
        )  # fmt: skip
        assert Image.open(BytesIO(kept.content)).info["icc_profile"].startswith(profile)


def test_whom_it_names_is_told_and_nothing_of_it_is_in_the_photo(decoder):
    found = decoder.unwrap(dicom())
    assert found.named == Named("MRN-9", "O'Neill", "Zoë", date(1999, 2, 28), "female")
    for word in (b"MRN-9", b"Neill", b"Canary", b"1999"):
        assert word not in found.content


def deflated():
    whole = dicom()
    at = whole.index(struct.pack("<HH", 8, 5))
    body = zlib.compressobj(wbits=-15)
    head = whole[:at].replace(EXPLICIT.encode() + b"\0", DEFLATED.encode() + b"\0")
    return head + body.compress(whole[at:]) + body.flush()


HOSTILE = {
    "kind": (lambda: dicom(kind=CT), "intake.dicom.kind"),
    "deflated": (deflated, "intake.dicom"),
    "jpeg 2000": (lambda: dicom(syntax=JPEG_2000, raw=encapsulate([b"x" * 90])), "intake.dicom"),
    "frames": (lambda: dicom(NumberOfFrames="2"), "intake.dicom.frames"),
    "burned in": (lambda: dicom(BurnedInAnnotation="YES"), "intake.dicom.burned_in"),
    "16 bits": (lambda: dicom(BitsAllocated=16, BitsStored=12), "intake.dicom.pixels"),
    "huge": (lambda: dicom(Rows=60_000, Columns=60_000), "intake.photo.pixels"),
    "cut off": (lambda: dicom(raw=b"\0" * 500), "intake.dicom.damaged"),
    "small": (lambda: dicom(np.zeros((50, 50, 3), np.uint8)), "intake.photo.small"),
    "lies of its size": (
        lambda: dicom(raw=jpeg(picture()[:220]), syntax=JPEG,
                      PhotometricInterpretation="YBR_FULL_422"),
        "intake.dicom.pixels",
    ),
    "two colours at once": (
        lambda: dicom(raw=jpeg(picture(), keep_rgb=True), syntax=JPEG,
                      PhotometricInterpretation="YBR_FULL_422"),
        "intake.dicom.pixels",
    ),
    "no object": (lambda: b"\0" * 128 + b"DICM", "intake.dicom.damaged"),
    "nothing": (lambda: b"", "intake.dicom.damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_a_photo_is_refused_with_its_reason(decoder, name):
    made, code = HOSTILE[name]
    with pytest.raises(Refused) as refused:
        decoder.unwrap(made())
    assert refused.value.code.startswith(code)


@pytest.mark.parametrize("number", [40, pytest.param(4000, marks=pytest.mark.long)])
def test_damaged_objects_are_refused_or_shown_and_the_child_lives(decoder, number):
    rng = random.Random(7)
    sources = [
        dicom(),
        dicom(syntax=RLE),
        dicom(syntax=JPEG, raw=jpeg(picture()), PhotometricInterpretation="YBR_FULL_422"),
    ]
    refused = 0
    for at in range(number):
        raw = bytearray(sources[at % 3])
        for _ in range(rng.randrange(1, 12)):
            raw[rng.randrange(128, min(len(raw), 1200))] = rng.randrange(256)
        if at % 5 == 0:
            raw = raw[: rng.randrange(len(raw))]
        try:
            decoder.unwrap(bytes(raw))
        except Refused as error:
            assert error.code.startswith(("intake.dicom", "intake.photo")), error.code
            assert error.code != "intake.photo.crashed"
            refused += 1
    assert refused > number // 4
    assert np.array_equal(shown(decoder.unwrap(sources[0])), picture())
