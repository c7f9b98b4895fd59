"""How much room the disk must have: what is warned of, and when no new consultation is taken in."""

from __future__ import annotations

WARN_BELOW = 1 << 30
"""Free bytes below which people are told."""

INTAKE_BELOW = 200 << 20
"""Free bytes below which packages wait in the inbox; signing goes on."""
