"""``python -m workstation.tour``: the tour, or what its second process does."""

from __future__ import annotations

import sys

from workstation.tour import main

raise SystemExit(main(sys.argv[1:]))
