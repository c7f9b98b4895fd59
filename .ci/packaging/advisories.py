"""Compares the pins with a copy of the advisories on this machine, where no service can be asked.

    advisories.py FOLDER --today DAY [--ignore-vuln ID ...]

``FOLDER`` holds records of the Open Source Vulnerability format, YAML or JSON, in any depth: a clone of
the Python advisory database, or the unpacked export of another. Needs ``packaging``; YAML needs PyYAML.
Exit 0 when no pin is affected, 1 when one is or the newest record is older than ``LIMIT``, 2 when the
folder holds no records. Native libraries inside wheels are known to advisories of their wheels alone.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

HERE = Path(__file__).parent
LIMIT = timedelta(days=7)  # a critical repair is out within that time: so is the news of it read

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)
_CHANGED = re.compile(r'^\s*"?modified"?:\s*["\']?(\d{4}-\d\d-\d\d)', re.MULTILINE)


@dataclass(frozen=True)
class Match:
    """One pin that one record says is affected."""

    name: str
    version: str
    record: str
    other_names: tuple[str, ...]
    fixed_in: tuple[str, ...]
    summary: str


@dataclass(frozen=True)
class Compared:
    """``newest`` is the day of the latest record up to the day asked about; ``about`` counts those of a pin."""

    newest: date | None
    records: int
    about: int
    matches: tuple[Match, ...]


def pins(text: str) -> dict[str, tuple[str, ...]]:
    """Every pinned version by canonical name; one package can be pinned twice, for two systems."""
    found: dict[str, tuple[str, ...]] = {}
    for name, version in _PIN.findall(text):
        key = canonicalize_name(name)
        found[key] = (*found.get(key, ()), version)
    return found


def _read(path: Path, text: str) -> Mapping[str, Any]:
    if path.suffix == ".json":
        record = json.loads(text)
    else:
        import yaml

        record = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(record, Mapping):
        raise TypeError(f"{path}: no record")
    return record


def _version(text: object) -> Version | None:
    try:
        return Version(str(text))
    except InvalidVersion:
        return None


def _within(version: Version, events: list[Mapping[str, Any]]) -> bool:
    """Whether the version lies in one range: the last event at or below it decides.

    An event whose version cannot be read counts as reached when it opens and as not reached when it
    closes, so that a doubt is told.
    """
    affected, steps = False, []
    for event in events:
        for kind, at in event.items():
            if kind == "introduced":
                steps.append((Version("0.dev0") if at == "0" else _version(at), True, False))
            elif kind in ("fixed", "last_affected"):
                steps.append((_version(at), False, kind == "last_affected"))
    lowest = Version("0.dev0")
    for at, opens, itself in sorted(steps, key=lambda one: (one[0] or lowest, not one[1])):
        if at is None:
            affected = affected or opens
        elif version > at or (version == at and not itself):
            affected = opens
    return affected


def _touches(version: str, affected: Mapping[str, Any]) -> bool:
    mine = Version(version)
    if any(_version(one) == mine for one in affected.get("versions") or ()):
        return True
    ranges = [r for r in affected.get("ranges") or () if r.get("type") in ("ECOSYSTEM", "SEMVER")]
    if any(_within(mine, one.get("events") or []) for one in ranges):
        return True
    # A record that names neither a version nor a range of versions means all of them.
    return not affected.get("versions") and not ranges


def _fixes(affected: Mapping[str, Any]) -> Iterator[str]:
    for one in affected.get("ranges") or ():
        if one.get("type") == "ECOSYSTEM":
            yield from (str(event["fixed"]) for event in one["events"] if "fixed" in event)


def compared(folder: Path, pinned: Mapping[str, tuple[str, ...]], today: date) -> Compared | None:
    """Every record of the folder held against every pin; ``None`` where there are no records."""
    names = "|".join(re.escape(name).replace(r"\-", "[-_.]") for name in sorted(pinned))
    anyone = re.compile(rf"""\bname["']?:\s*["']?(?:{names})\b""", re.IGNORECASE)
    newest: date | None = None
    records, about, matches = 0, 0, []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".yaml", ".yml", ".json") or ".git" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if (changed := _CHANGED.search(text)) is None:
            continue
        records += 1
        day = date.fromisoformat(changed[1])
        if day <= today:  # a day to come is a slip of the pen, and would hide how old the copy is
            newest = max(newest or day, day)
        if anyone.search(text) is None:
            continue
        record = _read(path, text)
        named = [
            (canonicalize_name(one["package"]["name"]), one)
            for one in record.get("affected") or ()
            if one.get("package", {}).get("ecosystem") == "PyPI"
        ]
        about += any(name in pinned for name, _one in named)
        if record.get("withdrawn"):
            continue
        for name, one in named:
            matches += [
                Match(
                    name, version, str(record["id"]), tuple(record.get("aliases") or ()),
                    tuple(_fixes(one)), str(record.get("summary") or record.get("details") or "")[:100],
                )
                for version in pinned.get(name, ()) if _touches(version, one)
            ]  # fmt: skip
    return Compared(newest, records, about, tuple(dict.fromkeys(matches))) if records else None


def main() -> int:
    """Tells what is affected and how old the copy is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--today", type=date.fromisoformat, required=True)
    parser.add_argument("--ignore-vuln", action="append", default=[])
    given = parser.parse_args()
    pinned = pins((HERE / "requirements.txt").read_text(encoding="utf-8"))
    found = compared(given.folder, pinned, given.today)
    if found is None:
        print(f"{given.folder} holds no advisories.", file=sys.stderr)
        return 2
    print(
        f"{sum(map(len, pinned.values()))} pins against {found.records} records, the newest of "
        f"{found.newest}; {found.about} are about a pinned package."
    )
    ends = 0
    for one in found.matches:
        let_pass = {one.record, *one.other_names} & set(given.ignore_vuln)
        names = ", ".join((one.record, *one.other_names))
        print(
            f"{'excepted' if let_pass else 'AFFECTED'}: {one.name} {one.version}: {names}; "
            f"repaired in {', '.join(one.fixed_in) or 'no version'}: {one.summary}"
        )
        ends = ends if let_pass else 1
    if found.newest is None or given.today - found.newest > LIMIT:
        print(
            f"The newest record is of {found.newest}: nothing is said of what became known since. "
            "Fetch a newer copy.",
            file=sys.stderr,
        )
        ends = 1
    if ends == 0:
        print("No pin is affected.")
    return ends


if __name__ == "__main__":
    sys.exit(main())
