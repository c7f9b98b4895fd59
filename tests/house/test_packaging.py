"""What is shipped is pinned by digest, has its licence named, and says how it is opened."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from workstation import assets, cli

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / ".ci" / "packaging"
PINNED = (PACKAGING / "requirements.txt").read_text(encoding="utf-8")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)


def shipped() -> set[str]:
    """Names of all packages that the program and its clinic mode need here, and theirs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    open_ones = [
        *project["dependencies"],
        *project["optional-dependencies"]["clinic"],
        *project["optional-dependencies"]["dicom"],
        *project["optional-dependencies"]["token"],
    ]
    found: set[str] = set()
    waiting = [Requirement(line) for line in open_ones]
    while waiting:
        wanted = waiting.pop()
        extras = wanted.extras or {""}
        if wanted.marker and not any(wanted.marker.evaluate({"extra": one}) for one in extras):
            continue
        name = canonicalize_name(wanted.name)
        if name in found and not wanted.extras:
            continue
        found.add(name)
        for line in metadata.requires(wanted.name) or ():
            inner = Requirement(line)
            if inner.marker is None or any(inner.marker.evaluate({"extra": one}) for one in extras):
                inner.marker = None
                waiting.append(inner)
    return found


def test_every_package_is_pinned_by_version_and_digest() -> None:
    pinned = {canonicalize_name(name) for name, _version, _marker in _PIN.findall(PINNED)}
    assert shipped() - pinned == set()
    for entry in re.split(r"\n(?=\S)", PINNED.strip()):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_pins_hold_what_the_project_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins: dict[str, list[Version]] = {}
    for name, version, _marker in _PIN.findall(PINNED):
        pins.setdefault(canonicalize_name(name), []).append(Version(version))
    extras = project["optional-dependencies"]
    for line in (*project["dependencies"], *extras["clinic"], *extras["dicom"], *extras["token"]):
        wanted = Requirement(line)
        found = pins[canonicalize_name(wanted.name)]
        assert any(version in wanted.specifier for version in found), line


def test_pins_name_no_place_to_fetch_from() -> None:
    assert "://" not in PINNED
    assert "--index" not in PINNED
    assert "--find-links" not in PINNED


def test_the_licences_page_names_every_package() -> None:
    page = assets.resource("licences.md").read_text(encoding="utf-8")
    named = {canonicalize_name(row) for row in re.findall(r"^\| ([\w.-]+) \|", page, re.MULTILINE)}
    assert shipped() - named == set()


def test_the_desktop_entry_opens_packages_with_a_real_command() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # keys have capitals
    entry.read(PACKAGING / "linux" / "derm-workstation.desktop", encoding="utf-8")
    main = entry["Desktop Entry"]
    kinds = ElementTree.parse(PACKAGING / "linux" / "derm-workstation.xml")
    of_mime = "{http://www.freedesktop.org/standards/shared-mime-info}mime-type"
    types = {kind.get("type") for kind in kinds.iter(of_mime)}
    assert set(main["MimeType"].strip(";").split(";")) == types
    program, *words = main["Exec"].removesuffix(" %F").split()
    assert program == "workstation"
    assert cli.run([*words]).kind == "window"
    assert assets.resource("brand", f"{main['Icon']}.svg").is_file()


def test_a_software_centre_is_told_of_the_entry_and_the_file_type_that_ship() -> None:
    told = ElementTree.parse(PACKAGING / "linux" / "org.derm_workstation.Workstation.metainfo.xml")
    entry = told.findtext("launchable") or ""
    assert (PACKAGING / "linux" / entry).is_file()
    menu = (PACKAGING / "linux" / entry).read_text(encoding="utf-8")
    assert f"MimeType={told.findtext('provides/mediatype')};" in menu
    assert f"TryExec={told.findtext('provides/binary')}\n" in menu


@pytest.mark.needs("chrpath", "cc")
def test_no_library_looks_into_a_folder_of_the_building_machine(tmp_path: Path) -> None:
    inside = tmp_path / "built" / "_internal"
    modules = inside / "python3.11" / "lib-dynload"
    modules.mkdir(parents=True)
    own, others = modules / "one.so", inside / "libpython3.11.so.1.0"
    for made, path in ((own, "/of/this/machine"), (others, "$ORIGIN/beside")):
        subprocess.run(
            ["cc", "-g", "-shared", "-x", "c", "/dev/null", f"-Wl,-rpath,{path}", "-o", made],
            check=True,
        )
    wheel = inside / "one-0.1.dist-info" / "direct_url.json"
    wheel.parent.mkdir()
    wheel.write_text('{"url": "file:///of/this/machine/one.whl"}')
    subprocess.run([PACKAGING / "clean", tmp_path / "built"], check=True)
    assert not wheel.exists()
    assert b"/of/this/machine" not in own.read_bytes()
    assert b"$ORIGIN/beside" in others.read_bytes()
    assert own.stat().st_mode & 0o111 == 0


def test_packages_for_a_program_that_never_ran_are_not_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "one.dermpkg"
    package.write_bytes(b"a package")
    assert cli.run(["open", "--store", str(tmp_path / "none"), str(package)]) == 1
    assert "There are no records yet" in capsys.readouterr().out
    assert package.read_bytes() == b"a package"
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
@pytest.mark.parametrize(
    ("exceptions", "answer", "ends"),
    [
        ("", 0, 0),
        ("", 1, 1),  # a weakness, or a library that could not be asked about: --strict
        ("GHSA-1 2026-03-01 never decodes with it", 0, 0),
        ("GHSA-1 2026-02-28 never decodes with it", 0, 1),
        ("GHSA-1 never decodes with it", 0, 2),
        ("GHSA-1 2026-03-01", 0, 2),
    ],
)
def test_a_known_weakness_or_one_nobody_knows_about_stops_a_release(
    tmp_path: Path, exceptions: str, answer: int, ends: int
) -> None:
    """The command around ``pip-audit``; its service is not asked here, so a script answers for it."""
    for name in ("weaknesses", "requirements.txt"):
        shutil.copy(PACKAGING / name, tmp_path)
    (tmp_path / "weaknesses.txt").write_text(f"# none\n{exceptions}\n")
    asked = tmp_path / "bin" / "pip-audit"
    asked.parent.mkdir()
    asked.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/asked\nexit {answer}\n')
    asked.chmod(0o755)
    path = f"{asked.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [tmp_path / "weaknesses", "2026-03-01"],
        env={**os.environ, "PATH": path}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == ends, done.stderr
    if ends == answer:
        words = (tmp_path / "asked").read_text().split()
        assert "--strict" in words and words[-2:] == ["-r", "requirements.txt"]
        assert ("GHSA-1" in words) == bool(exceptions)


def test_what_may_ship_with_a_weakness_is_dated_and_explained() -> None:
    for line in (PACKAGING / "weaknesses.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"\S+ \d{4}-\d\d-\d\d \S.{9,}", line), line


@pytest.mark.parametrize(
    "recipe", sorted((PACKAGING / "recipes").glob("*.yml")), ids=lambda p: p.stem
)
def test_a_recipe_says_that_it_was_not_run_and_names_what_is_there(recipe: Path) -> None:
    text = recipe.read_text(encoding="utf-8")
    assert "Reviewed; NOT RUN" in text.splitlines()[0]
    named = re.findall(r"\.ci/packaging/[\w./-]+", text)
    assert {
        f".ci/packaging/{name}" for name in ("requirements.txt", "tools.txt", "workstation.spec")
    } <= set(named)
    assert all((ROOT / name).is_file() for name in named)
    assert "--require-hashes" in text and "tour --out" in text
