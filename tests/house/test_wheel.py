"""The wheel holds the package with its forms and resources, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_wheel_holds_the_package_alone(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"workstation"}
    for folder, packed in (("forms", "workstation/forms"), ("resources", "workstation/resources")):
        found = [p.relative_to(ROOT / folder) for p in (ROOT / folder).rglob("*") if p.is_file()]
        wanted = {f"{packed}/{p.as_posix()}" for p in found if p.parts[:2] != ("demo", "truth")}
        assert len(wanted) > 10 and wanted <= set(names), sorted(wanted - set(names))
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "workstation").rglob("*.py")}
    assert modules <= set(names), sorted(modules - set(names))
    assert not [n for n in names if "/tests/" in n or "/truth/" in n]
