"""What the window on the second screen says."""

from __future__ import annotations

from workstation.language import noted

TITLE = "Dermatology Workstation"  # never who is shown
NOBODY = noted("Photos show here while a consultation is open.")
LOCKED = noted("Locked. Unlock on the main screen.")
WHOLE = noted("The photos are on the second screen.")
ONE_SCREEN = noted("There is only one screen.")
UNPLUGGED = noted("The second screen is gone. The photos are back here.")
