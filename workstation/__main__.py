"""Entry point: the capped decode child before anything else, then the command line or a window."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workstation.cli_window import Wanted


def main() -> int:
    """Run the program; returns the exit status."""
    if sys.argv[1:2] == ["--decode-child"]:
        # A child that reads strangers' files must not import the rest of the program.
        from workstation.adapters.photos import decode_child

        return decode_child.main()
    from workstation.adapters.system import cores, logs

    cores.none()
    logs.withhold()
    if sys.argv[1:2] == ["--read-back"]:
        from workstation import tour

        return tour.main(sys.argv[1:])
    from workstation import cli_window

    at_once = cli_window.at_once(sys.argv[1:])
    if at_once is not None:
        return _show(at_once)
    from workstation import cli

    wanted = cli.run(sys.argv[1:])
    return wanted if isinstance(wanted, int) else _show(wanted)


def _show(wanted: Wanted) -> int:
    from workstation import cli_window

    try:
        if wanted.kind == "tour":
            from workstation import tour

            return tour.run(wanted.folder, theme=wanted.theme, size=wanted.size or tour.SIZE)
        if not cli_window.has_display():
            print("No display here, so no window can open. Try: workstation tour --out tour-out")
            return 1
        # The window system first: without it nothing else needs to be made.
        from workstation.ui import application
    except ImportError as error:
        if error.name and not error.name.startswith(("PySide6", "shiboken6")):
            raise  # a part of the program itself is missing: no library of the system helps
        return cli_window.no_window_system(error)
    if wanted.kind == "demo":
        from workstation import cli

        cli.make_demonstration(wanted)
    status = application.run(
        wanted.folder,
        theme=wanted.theme,
        size=wanted.size,
        user=None,
        password=None,
        demo=wanted.kind == "demo",
    )
    if status == application.ALREADY_OPEN:
        print("These records are open in another window.", file=sys.stderr)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
