"""Where forms/ and resources/ are, in a checkout and in an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def root() -> Path:
    """Folder that holds ``forms`` and ``resources`` (the package itself when installed)."""
    package = Path(__file__).resolve().parent
    return package if (package / "forms").is_dir() else package.parent


def form(name: str) -> Path:
    """Path of the Designer form ``name`` (without ``.ui``)."""
    return _inside("forms", f"{name}.ui")


def resource(*parts: str) -> Path:
    """Path of a file or folder below ``resources``; absolute and parent parts are refused."""
    return _inside("resources", *parts)


def _inside(*parts: str) -> Path:
    for part in parts:
        if not part or part.startswith(("/", "\\")) or ".." in Path(part).parts:
            raise ValueError("asset names are relative and stay inside the program")
    return root().joinpath(*parts)
