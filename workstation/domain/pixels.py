"""Decoded pixels on their way from a decoder to a screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pixels:
    """Upright decoded pixels: BGRX bytes, ``width * height * 4`` of them (Qt's RGB32)."""

    width: int
    height: int
    data: bytes | memoryview
