"""Entry point: the capped decode child before anything else, else the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the program; returns the exit status."""
    if sys.argv[1:2] == ["--decode-child"]:
        # A child that reads strangers' files must not import the rest of the program.
        from workstation.adapters.photos import decode_child

        return decode_child.main()
    from workstation import cli

    return cli.run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
