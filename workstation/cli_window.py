"""What opens the window: its options, and the way to it that imports nothing of the other commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

APT_LINE = (
    "sudo apt-get install -y libgl1 libegl1 libfontconfig1 libdbus-1-3 libxkbcommon0 libglib2.0-0"
)
APT_X = (
    "sudo apt-get install -y libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 "
    "libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 libx11-xcb1"
)
THEME = "light"
OPEN = "open"  # the command that a file manager and the menu use


@dataclass(frozen=True, slots=True)
class Wanted:
    """A window (``window``, ``demo``) or the ``tour`` is wanted: on which folder, how it looks."""

    kind: str
    folder: Path
    theme: str
    size: tuple[int, int] | None
    fresh: bool = False


def at_once(arguments: Sequence[str]) -> Wanted | None:
    """The window that is wanted when nothing else is; None leaves the words to the whole parser."""
    if list(arguments) in ([], [OPEN]):
        return window()
    import argparse

    given = list(arguments[1:] if arguments[:1] == [OPEN] else arguments)
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    looks(parser)
    try:
        options, rest = parser.parse_known_args(given)
    except argparse.ArgumentError:
        return None
    return None if rest else window(options)


def looks(parser: argparse.ArgumentParser) -> None:
    """The options of every command that opens the window on a store."""
    look(parser)
    parser.add_argument("--store", type=Path, metavar="DIR", help="folder of the records")


def look(parser: argparse.ArgumentParser) -> None:
    """How the window looks."""
    parser.add_argument("--theme", choices=("light", "dark", "system"), default=THEME)
    parser.add_argument("--size", type=_size, metavar="WxH", help="window size, as 1440x900")


def window(options: argparse.Namespace | None = None) -> Wanted:
    """The window on one's own store."""
    from workstation.adapters.system import folders

    if options is None:
        return Wanted("window", folders.default_store(), THEME, None)
    return Wanted("window", options.store or folders.default_store(), options.theme, options.size)


def has_display() -> bool:
    """Whether a window can open here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def no_window_system(error: ImportError) -> int:
    """Say which libraries the window system lacks, with the line that installs them."""
    print(f"The window system's libraries are not complete: {error}", file=sys.stderr)
    print(f"Install them with:\n  {APT_LINE}\n  {APT_X}", file=sys.stderr)
    return 1


def _size(text: str) -> tuple[int, int]:
    import argparse

    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError("write the size as 1440x900")
    return int(width), int(height)
