"""The zip shape: limits and names are judged on the listing before one byte is unpacked.

A package holds ``bundle.json`` and photos below ``photos/``. One listing decides, each byte of the
file must belong to it, and each photo must be named by the bundle.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from workstation.adapters.inbox.manifest import MOST_BYTES as MOST_MANIFEST
from workstation.domain.errors import Refused

MOST_PACKAGE = 500 * 1024 * 1024
MOST_UNPACKED = 1024 * 1024 * 1024
MOST_MEMBERS = 200
MOST_RATIO = 100
MOST_PHOTO = 100 * 1024 * 1024

BUNDLE = "bundle.json"
PHOTOS = "photos/"
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "heif": "image/heic",
}

_PHOTO_NAME = re.compile(r"photos/([A-Za-z0-9][A-Za-z0-9_-]{0,99})\.([a-z]{3,4})")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul"] + [f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)]
)
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _STREAMED, _PATCH, _STRONG = 0x1, 0x8, 0x20, 0x40
_CHUNK = 1024 * 1024
# Small members compress by any ratio without harm; the rule is for what could fill a disk.
_RATIO_FROM = 64 * 1024


Note = Callable[[Refused], None]


def _raise(fault: Refused) -> None:
    raise fault


class Package:
    """An opened package. ``photos`` lists its photo members by name.

    Raises:
        Refused: ``intake.package.*`` with the number of the member (``member``), never its name.
    """

    def __init__(self, file: BinaryIO, size: int, note: Note | None = None) -> None:
        """``note`` is told each fault of a member, which is then left out; without it they raise."""
        _check_end(file, size)
        try:
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise Refused("intake.package.damaged") from error
        self._members = _accepted(members, note or _raise)
        _check_layout(file, members, self._zip.start_dir)
        self.photos = tuple(n for n in self._members if n != BUNDLE)

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def bundle(self) -> bytes:
        """The bytes of ``bundle.json``."""
        return self._read(BUNDLE)

    def photo(self, name: str) -> bytes:
        """The bytes of one photo; raises ``intake.photo.missing`` when the listing has none."""
        if name not in self._members or name == BUNDLE:
            raise Refused("intake.photo.missing")
        return self._read(name)

    def _read(self, name: str) -> bytes:
        member = self._members[name]
        parts: list[bytes] = []
        count = 0
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    count += len(chunk)
                    if count > member.file_size:
                        raise Refused("intake.package.size")
                    parts.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise Refused("intake.package.damaged") from error
        if count != member.file_size:
            raise Refused("intake.package.size")
        return b"".join(parts)


@contextmanager
def opened(path: Path, note: Note | None = None) -> Iterator[Package]:
    """The package in a file, closed again at the end.

    Raises:
        Refused: ``intake.package.large`` before anything is read, ``intake.package.*``.
    """
    size = path.stat().st_size
    if size > MOST_PACKAGE:
        raise Refused("intake.package.large", bytes=size)
    with path.open("rb") as file, Package(file, size, note) as package:
        yield package


def media_type_of(name: str) -> str | None:
    """The media type that a member's ending promises."""
    return TYPES.get(name.rpartition(".")[2])


def _check_end(file: BinaryIO, size: int) -> None:
    """Read the end record ourselves: no comment, one disk, few members, nothing after it."""
    if size < _END.size:
        raise Refused("intake.package.damaged")
    file.seek(size - _END.size)
    mark, disk, first_disk, here, count, length, start, comment = _END.unpack(file.read(_END.size))
    if mark != b"PK\x05\x06" or comment != 0:
        raise Refused("intake.package.layout")
    if disk or first_disk or here != count:
        raise Refused("intake.package.layout")
    if count > MOST_MEMBERS:
        raise Refused("intake.package.members", members=count)
    if start + length != size - _END.size:
        raise Refused("intake.package.layout")
    file.seek(0)


def _accepted(members: list[zipfile.ZipInfo], note: Note) -> dict[str, zipfile.ZipInfo]:
    """Members by name after every check that needs no unpacking."""
    if len(members) > MOST_MEMBERS:
        raise Refused("intake.package.members", members=len(members))
    found: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    unpacked = packed = 0
    for number, member in enumerate(members):
        name = member.orig_filename
        try:
            _check_kind(number, member)
            if name.casefold() in seen:
                raise Refused("intake.package.twice", member=number)
            seen.add(name.casefold())
            if name == PHOTOS and member.file_size == 0:
                continue
            _check_name(number, name)
            _check_size(number, member)
        except Refused as fault:
            note(fault)
            continue
        unpacked += member.file_size
        packed += member.compress_size
        if unpacked > MOST_UNPACKED:
            raise Refused("intake.package.unpacked")
        found[name] = member
    if unpacked > _RATIO_FROM and unpacked > MOST_RATIO * max(packed, 1):
        raise Refused("intake.package.ratio")
    if BUNDLE not in found:
        raise Refused("intake.package.bundle")
    return found


def _check_kind(number: int, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & (_ENCRYPTED | _PATCH | _STRONG):
        raise Refused("intake.package.encrypted", member=number)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("intake.package.method", member=number)
    kind = stat.S_IFMT(member.external_attr >> 16)
    is_folder = member.orig_filename == PHOTOS
    if kind not in (0, stat.S_IFDIR if is_folder else stat.S_IFREG):
        raise Refused("intake.package.link", member=number)


def _check_name(number: int, name: str) -> None:
    if name == BUNDLE:
        return
    found = _PHOTO_NAME.fullmatch(name)
    if found is None or found.group(2) not in TYPES or found.group(1).casefold() in _DEVICES:
        raise Refused("intake.package.name", member=number)


def _check_size(number: int, member: zipfile.ZipInfo) -> None:
    most = MOST_MANIFEST if member.orig_filename == BUNDLE else MOST_PHOTO
    if member.file_size > most:
        raise Refused("intake.package.size", member=number)
    if member.file_size == 0:
        raise Refused("intake.package.empty", member=number)
    if member.file_size > _RATIO_FROM and member.file_size > MOST_RATIO * max(
        member.compress_size, 1
    ):
        raise Refused("intake.package.ratio", member=number)


def _check_layout(file: BinaryIO, members: list[zipfile.ZipInfo], directory: int) -> None:
    """Members lie one after another from the first byte to the directory: no gap, no overlap."""
    at = 0
    for number, member in enumerate(sorted(members, key=lambda m: m.header_offset)):
        if member.header_offset != at:
            raise Refused("intake.package.layout", member=number)
        file.seek(at)
        head = file.read(_LOCAL.size)
        if len(head) != _LOCAL.size:
            raise Refused("intake.package.damaged", member=number)
        mark, _, flags, method, _, _, _, _, _, name_length, extra_length = _LOCAL.unpack(head)
        if mark != b"PK\x03\x04" or method != member.compress_type or flags & _ENCRYPTED:
            raise Refused("intake.package.layout", member=number)
        at += _LOCAL.size + name_length + extra_length + member.compress_size
        if member.flag_bits & _STREAMED:
            file.seek(at)
            at += 16 if file.read(4) == b"PK\x07\x08" else 12
    if at != directory:
        raise Refused("intake.package.layout")
