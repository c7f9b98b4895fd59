"""What the window on the second screen says."""

from __future__ import annotations

TITLE = "Dermatology Workstation"  # never who is shown
NOBODY = "Photos show here while a consultation is open."
LOCKED = "Locked. Unlock on the main screen."
WHOLE = "The photos are on the second screen."
ONE_SCREEN = "There is only one screen."
UNPLUGGED = "The second screen is gone. The photos are back here."
