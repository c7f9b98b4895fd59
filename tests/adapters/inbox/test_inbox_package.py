"""Hostile archives: every limit is judged on the listing, and nothing is written anywhere."""

import json
import stat
import struct
import warnings
import zipfile
from io import BytesIO

import inbox_builders as b
import pytest

from workstation.adapters.inbox import package as package_module
from workstation.adapters.inbox.source import FolderReader
from workstation.domain.errors import Refused

READER = FolderReader(b.TESTS, b.registry())


@pytest.fixture
def refused(tmp_path):
    """Reads the bytes as a file and gives the refusal's code; nothing may appear beside the file."""

    def code(content, name="in.zip"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(Refused) as error:
            READER.read(path)
        assert [p.name for p in tmp_path.iterdir()] == [name]
        assert path.read_bytes() == content
        assert all(isinstance(v, (int, str)) for v in error.value.context.values())
        assert "Marsh" not in str(error.value)
        return error.value.code

    return code


def archive(*members, comment=b""):
    """A zip of (ZipInfo or name, content) after a valid bundle."""
    out = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("bundle.json", json.dumps(b.bundle()))
            made.writestr("photos/a.jpg", b.PHOTO_A)
            made.writestr("photos/b.jpg", b.PHOTO_B)
            for name, content in members:
                made.writestr(name, content)
            made.comment = comment
    return out.getvalue()


def test_a_valid_package_is_read(tmp_path):
    path = tmp_path / "in.zip"
    path.write_bytes(archive())
    received = READER.read(path)
    assert [p.content for p in received.photos] == [b.PHOTO_A, b.PHOTO_B]
    assert received.source.file_kind == "fhir-zip"


@pytest.mark.parametrize(
    "name",
    [
        "../evil.jpg",
        "photos/../../evil.jpg",
        "/etc/evil.jpg",
        "C:/evil.jpg",
        "C:evil.jpg",
        "\\\\server\\evil.jpg",
        "photos\\a.jpg",
        "photos/con.jpg",
        "photos/LPT1.jpg",
        "photos/.hidden.jpg",
        "photos/a.jpg.exe",
        "photos/a.svg",
        "photos/a.html",
        "photos/inner.zip",
        "photos/b/c.jpg",
        "photos/" + "x" * 300 + ".jpg",
        "photos/é.jpg",
        "photos/a .jpg",
        "photos/a:stream.jpg",
        "photos/a\u202egpj.jpg",
        "notes.txt",
        "Bundle.xml",
        "d/" * 300 + "a.jpg",
    ],
)
def test_odd_names_are_refused(refused, name):
    assert refused(archive((name, b"x"))) == "intake.package.name"


def test_a_name_with_nul_is_refused(refused):
    content = archive(("photos/nulXend.jpg", b"x")).replace(b"nulXend", b"nul\0end")
    assert refused(content) == "intake.package.name"


def test_names_that_collide_are_refused(refused):
    assert refused(archive(("photos/a.jpg", b"x"))) == "intake.package.twice"
    assert refused(archive(("photos/A.jpg", b"x"))) == "intake.package.twice"
    assert refused(archive(("BUNDLE.json", b"{}"))) == "intake.package.twice"


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFDIR]
)
def test_links_and_special_files_are_refused(refused, kind):
    member = zipfile.ZipInfo("photos/c.jpg")
    member.external_attr = (kind | 0o777) << 16
    assert refused(archive((member, b"/etc/passwd"))) == "intake.package.link"


def test_a_file_that_the_bundle_does_not_name_is_refused(refused):
    assert refused(archive(("photos/c.jpg", b"x"))) == "intake.package.unlisted"


def test_a_photo_folder_entry_is_harmless(tmp_path):
    path = tmp_path / "in.zip"
    path.write_bytes(archive(("photos/", b"")))
    assert len(READER.read(path).photos) == 2


def test_a_bomb_is_refused_before_unpacking(refused):
    assert refused(archive(("photos/c.jpg", bytes(60 * 1024 * 1024)))) == "intake.package.ratio"


def test_many_members_are_refused_by_the_end_record(refused):
    many = [(f"photos/x{n}.jpg", b"x") for n in range(198)]
    assert refused(archive(*many)) == "intake.package.members"


def test_size_limits(refused, monkeypatch):
    monkeypatch.setattr(package_module, "MOST_PHOTO", 200)
    assert refused(archive()) == "intake.package.size"
    monkeypatch.setattr(package_module, "MOST_PHOTO", 10_000)
    monkeypatch.setattr(package_module, "MOST_UNPACKED", 1000)
    assert refused(archive()) == "intake.package.unpacked"
    monkeypatch.setattr(package_module, "MOST_PACKAGE", 500)
    assert refused(archive()) == "intake.package.large"


def test_a_large_manifest_is_refused_by_its_listing(refused):
    raw = json.dumps(b.bundle()).encode() + b" " * (2 * 1024 * 1024)
    assert refused(b.zipped(raw=raw)) == "intake.package.size"


def test_a_size_that_lies_is_refused(refused):
    content = bytearray(archive())
    central = content.rindex(b"PK\x01\x02", 0, content.rindex(b"photos/b.jpg"))
    size = struct.unpack("<L", content[central + 24 : central + 28])[0]
    assert size == len(b.PHOTO_B)
    content[central + 24 : central + 28] = struct.pack("<L", size - 100)
    assert refused(bytes(content)) in (
        "intake.package.size",
        "intake.package.damaged",
        "intake.photo.digest",
    )


def test_content_with_another_checksum_is_refused(refused):
    content = bytearray(b.zipped(method=zipfile.ZIP_STORED))
    at = content.index(b.PHOTO_A)
    content[at + 50] ^= 1
    assert refused(bytes(content)) == "intake.package.damaged"


@pytest.mark.parametrize("change", ["before", "after", "comment", "between", "overlap"])
def test_bytes_that_belong_to_no_member_are_refused(refused, change):
    content = archive()
    if change == "before":
        content = b"PK\x03\x04" + bytes(26) + content
    elif change == "after":
        content += b"%PDF-1.7 hidden"
    elif change == "comment":
        content = archive(comment=b"hidden")
    else:
        end = len(content) - 22
        directory = struct.unpack("<L", content[end + 16 : end + 20])[0]
        made = bytearray(content)
        if change == "between":
            made[directory:directory] = b"hidden bytes"
            end += 12
            made[end + 16 : end + 20] = struct.pack("<L", directory + 12)
        else:
            last = made.rindex(b"PK\x01\x02")
            first = struct.unpack("<L", made[directory + 42 : directory + 46])[0]
            made[last + 42 : last + 46] = struct.pack("<L", first)
        content = bytes(made)
    assert refused(content) in ("intake.package.layout", "intake.package.damaged")


def test_encrypted_and_other_methods_are_refused(refused):
    content = bytearray(archive())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    assert refused(bytes(content)) == "intake.package.encrypted"
    assert refused(b.zipped(method=zipfile.ZIP_LZMA)) == "intake.package.method"
    assert refused(b.zipped(method=zipfile.ZIP_BZIP2)) == "intake.package.method"


def test_a_package_without_bundle_is_refused(refused):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("photos/a.jpg", b.PHOTO_A)
    assert refused(out.getvalue()) == "intake.package.bundle"


def test_every_cut_of_an_archive_is_refused(refused):
    content = archive()
    for length in range(5, len(content), 97):
        assert refused(content[:length]).startswith("intake.package.")


def test_changed_bytes_never_give_other_photos(tmp_path):
    """One byte changed anywhere: refused, or read as exactly the same consultation."""
    content = archive()
    path = tmp_path / "in.zip"
    path.write_bytes(content)
    whole = READER.read(path)
    same = 0
    for at in range(0, len(content), 7):
        made = bytearray(content)
        made[at] ^= 0x15
        path.write_bytes(bytes(made))
        try:
            received = READER.read(path)
        except Refused:
            continue
        same += 1
        assert received.photos == whole.photos
        assert received.facts == whole.facts
    assert same < len(content) // 7


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"<?xml version='1.0'?><Bundle/>", b"\x1f\x8b\x08", b"Rar!\x1a\x07", b"[1]"],
)
def test_other_files_are_refused(refused, content):
    assert refused(content, "in.json") == "intake.file.kind"


def test_a_missing_file_is_a_refusal(tmp_path):
    with pytest.raises(Refused) as error:
        READER.read(tmp_path / "gone.zip")
    assert error.value.code == "intake.file.unreadable"
