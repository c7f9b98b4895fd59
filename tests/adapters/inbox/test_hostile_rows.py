"""Input threats that no other test here names: parsers that are not there, archives in archives, noise."""

import ast
import io
import zipfile
from pathlib import Path

import pytest
from inbox_builders import PHOTO_A as PHOTO
from inbox_builders import TESTS, bundle, entry, media, registry, zipped

from workstation.adapters.inbox.source import FolderReader
from workstation.adapters.photos.formats import recognise
from workstation.domain.errors import Refused

ADAPTERS = Path(__file__).parents[3] / "workstation" / "adapters"
FORBIDDEN = {
    "xml",
    "lxml",
    "defusedxml",
    "pickle",
    "marshal",
    "shelve",
    "yaml",
    "tarfile",
}


@pytest.mark.parametrize("room", ["inbox", "photos", "dicom"])
def test_nothing_that_comes_in_meets_a_parser_of_markup_or_objects(room):
    """No XML, so no entities; no pickles, no other archives, nothing that unpacks by name."""
    found = set()
    for path in (ADAPTERS / room).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {(path.name, a.name.partition(".")[0]) for a in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add((path.name, node.module.partition(".")[0]))
            elif isinstance(node, ast.Attribute) and node.attr in (
                "extract",
                "extractall",
                "unpack_archive",
            ):
                found.add((path.name, "xml"))
    assert not {one for one in found if one[1] in FORBIDDEN}


def test_an_archive_called_a_photo_is_never_opened(tmp_path):
    """A zip, a gzip or a tar inside stays bytes: what it is is told by the photo's first bytes."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"\0" * 30_000_000)
    for raw in (
        inner.getvalue(),
        b"\x1f\x8b\x08" + b"\0" * 300,
        b"x" * 257 + b"ustar" + b"\0" * 300,
    ):
        path = tmp_path / "p.zip"
        model = bundle(photos=False)
        model["entry"].append(entry(3, media({"url": "photos/a.jpg"}, raw)))
        path.write_bytes(zipped(model, {"photos/a.jpg": raw}))
        got = FolderReader(TESTS, registry()).read(path)
        assert got.photos[0].content == raw and recognise(raw) is None


@pytest.mark.parametrize("url", [
    "../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "C:\\x.jpg", "http://x/y.jpg",
    "photos/../bundle.json", "bundle.json", "photos/a.jpg\0", "//host/share/a.jpg",
])  # fmt: skip
def test_no_path_or_address_of_a_bundle_is_followed(tmp_path, url):
    path = tmp_path / "p.zip"
    model = bundle(photos=False)
    model["entry"].append(entry(3, media({"url": url}, PHOTO)))
    path.write_bytes(zipped(model, {"photos/a.jpg": PHOTO}))
    with pytest.raises(Refused) as refused:
        FolderReader(TESTS, registry()).read(path)
    assert refused.value.code.startswith(("intake.photo.", "intake.text"))
    assert url not in str(refused.value.context)
