"""A disk that can be told to fail, to be full, or to lose what was not synced.

``disk_shim.c`` stands between a child and the disk; here is how a child that was started with it
arms it, and how what it recorded becomes the disk after a power cut.
"""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
SECTOR = 512
COUNT, FAIL, FAIL_ON, DIE = range(4)
_HEAD = struct.Struct("<cqIII")


def built(folder: Path) -> Path:
    """The shim as a library."""
    library = folder / "disk_shim.so"
    source = HERE / "disk_shim.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"], check=True)
    return library


def around(library: Path, under: Path) -> dict[str, str]:
    """The environment of a child whose files below ``under`` are looked at."""
    paths = os.pathsep.join([str(HERE.parents[1]), str(HERE)])
    given = {"LD_PRELOAD": str(library), "DERM_FAULTS_UNDER": str(under), "PYTHONPATH": paths}
    return {**os.environ, **given}


class Disk:
    """The shim, from inside the child."""

    def __init__(self) -> None:
        self._shim = ctypes.CDLL(None)
        self._shim.faults_room.argtypes = [ctypes.c_int64]
        self._shim.faults_calls.restype = ctypes.c_long

    def arm(self, how: int, n: int = 0, number: int = 0) -> None:
        """``COUNT`` calls, ``FAIL`` the n-th, ``FAIL_ON`` it and all after it, or ``DIE`` there."""
        self._shim.faults_arm(how, ctypes.c_long(n), number)

    def disarm(self) -> int:
        """Work again; how many calls there were."""
        self._shim.faults_disarm()
        return int(self._shim.faults_calls())

    def room(self, size: int) -> None:
        """How many bytes files may still grow; -1: as many as they like."""
        self._shim.faults_room(size)

    def record(self, path: Path | None) -> None:
        """Write down every write from now on."""
        self._shim.faults_record(None if path is None else str(path).encode())

    def note(self, *words: object) -> None:
        """Put what was acknowledged between the writes."""
        self._shim.faults_note(" ".join(map(str, words)).encode())


# -- what a power cut leaves


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded call: c created, w written, t truncated, s synced, r renamed, u removed, m folder
    made, ! acknowledged."""

    kind: str
    path: str
    other: str
    at: int
    content: bytes


def steps(log: Path) -> Iterator[Step]:
    """What was recorded, in order."""
    raw = memoryview(log.read_bytes())
    while raw:
        kind, at, a, b, n = _HEAD.unpack_from(raw)
        raw = raw[_HEAD.size :]
        yield Step(
            kind.decode(), bytes(raw[:a]).decode(), bytes(raw[a : a + b]).decode(), at,
            bytes(raw[a + b : a + b + n]),
        )  # fmt: skip
        raw = raw[a + b + n :]


@dataclass
class _File:
    """A file: what is on the disk for certain, and what was only written."""

    durable: bytearray
    waiting: list[Step] = field(default_factory=list)

    def synced(self) -> None:
        for step in self.waiting:
            _apply(self.durable, step, len(step.content))
        self.waiting.clear()

    def after_the_cut(self, chance: random.Random) -> bytes:
        """Each write that was not synced got there, or not, or up to some sector."""
        left = bytearray(self.durable)
        for step in self.waiting:
            fate = chance.random()
            if fate < 0.4:
                _apply(left, step, len(step.content))
            elif fate < 0.6 and step.kind == "w":
                _apply(left, step, chance.randrange(0, len(step.content) + 1, SECTOR))
        return bytes(left)


def _apply(content: bytearray, step: Step, size: int) -> None:
    if step.kind == "t":
        content[step.at :] = bytes(max(0, step.at - len(content)))
        return
    end = step.at + size
    if size and len(content) < end:
        content.extend(bytes(end - len(content)))
    content[step.at : end] = step.content[:size]


class Played:
    """The disk as it was written so far; ``cut`` makes what a power cut at this moment leaves.

    Names (created, renamed, removed, folders) reach the disk in their order, as file systems with
    a journal keep them, and for certain when their folder is synced; the journal may have got
    further than that. A synced file has its name (as those file systems do).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: list[_File] = []
        self._names: dict[str, int | None] = {}  # None: a folder
        for path in sorted(folder.rglob("*")):
            if path.is_dir():
                self._names[str(path)] = None
            elif not path.name.endswith("-shm"):
                self._names[str(path)] = self._new(path.read_bytes())
        self._certain = dict(self._names)
        self._pending: list[Step] = []
        self._made: dict[int, int] = {}  # files by the step that created them
        self.told: list[str] = []

    def play(self, step: Step) -> None:
        """Take one recorded call."""
        if step.kind == "!":
            self.told.append(step.path)
        elif step.path.endswith("-shm") or step.path not in self._names and step.kind in "wt":
            return  # shared memory is not kept; a file that was removed while open
        elif step.kind in "wt":
            self._file(step.path).waiting.append(step)
        elif step.kind == "s":
            self._sync(step.path)
        else:
            self._name(self._names, step)
            self._pending.append(step)

    def cut(self, to: Path, chance: random.Random) -> None:
        """Write the disk after a power cut to ``to``."""
        names = dict(self._certain)
        for step in self._pending[: chance.randint(0, len(self._pending))]:
            self._name(names, step)
        root = str(self._folder)
        for path, number in sorted(names.items()):
            place = to / path[len(root) + 1 :]
            if number is None:
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(self._files[number].after_the_cut(chance))

    def _new(self, content: bytes) -> int:
        self._files.append(_File(bytearray(content)))
        return len(self._files) - 1

    def _file(self, path: str) -> _File:
        number = self._names[path]
        assert number is not None, path
        return self._files[number]

    def _name(self, names: dict[str, int | None], step: Step) -> None:
        match step.kind:
            case "c":
                number = self._made.get(id(step), -1)
                if number < 0:
                    number = self._made[id(step)] = self._new(b"")
                names[step.path] = number
            case "m":
                names[step.path] = None
            case "r":
                if step.path in names:
                    names[step.other] = names.pop(step.path)
            case "u":
                names.pop(step.path, None)

    def _sync(self, path: str) -> None:
        if self._names.get(path, -1) is None or path == str(self._folder):  # a folder: its names
            last = max(
                (
                    n
                    for n, s in enumerate(self._pending)
                    if (s.other or s.path).rpartition("/")[0] == path
                ),
                default=-1,
            )
        else:
            if path not in self._names:
                return
            self._file(path).synced()
            last = max((n for n, s in enumerate(self._pending) if s.path == path), default=-1)
        for step in self._pending[: last + 1]:  # in their order: the earlier ones went before
            self._name(self._certain, step)
        del self._pending[: last + 1]


def cuts(
    before: Path, log: Path, number: int, to: Path, seed: int = 7
) -> Iterator[tuple[Path, list[str]]]:
    """Disks after a power cut at ``number`` moments of a recording, with what was told by then."""
    kept = list(steps(log))
    chance = random.Random(seed)
    moments = sorted(chance.sample(range(1, len(kept)), number))
    played, at = Played(before), 0
    for moment in moments:
        for step in kept[at:moment]:
            played.play(step)
        at = moment
        place = to / str(moment)
        played.cut(place, chance)
        yield place, list(played.told)
        shutil.rmtree(place)
