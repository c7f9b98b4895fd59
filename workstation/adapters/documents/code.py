"""QR codes as vector: runs of dark modules, drawn as one path so that no seam shows."""

from __future__ import annotations

import itertools
from functools import lru_cache

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from workstation.adapters.documents.pen import INK, Pen

QUIET = 4  # modules left free around the code (ISO/IEC 18004)
# Codes of level M stay readable with 15 % of them worn off.
_LEVEL = QRErrorCorrectLevel.M
# The standard has the best of eight masks chosen by trying all, which takes ten times as long as
# the rest. The text is a signature for the most part, so that every mask does as well; readers
# take the mask from the code.
_MASK = 2


@lru_cache(maxsize=16)
def runs(text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """(modules a side, dark runs as (row, column, length)) of the code of ``text``."""
    code = QRCode(None, _LEVEL)
    code.addData(text)
    code.version = code.calculate_version()
    code.makeImpl(False, _MASK)
    found = []
    for row, modules in enumerate(code.modules):
        column = 0
        for dark, group in itertools.groupby(map(bool, modules)):
            length = len(list(group))
            if dark:
                found.append((row, column, length))
            column += length
    return code.moduleCount, tuple(found)


@lru_cache(maxsize=16)
def _drawing(text: str) -> tuple[int, str]:
    """(modules a side with the quiet margin, PDF operators in modules from the lower left corner).

    A page is drawn for the preview and again for the signature: the operators are made once.
    """
    modules, dark = runs(text)
    side = modules + 2 * QUIET
    boxes = (f"{x + QUIET} {side - QUIET - 1 - y} {long} 1 re" for y, x, long in dark)
    return side, " ".join((*boxes, "f"))


def draw_code(pen: Pen, text: str, left: float, top: float, side: float) -> None:
    """The code of ``text`` in a square of ``side`` points, its quiet margin included."""
    modules, operators = _drawing(text)
    canvas = pen.canvas
    canvas.saveState()
    canvas.setFillColor(INK)
    canvas.translate(left, top - side)
    canvas.scale(side / modules, side / modules)
    canvas.addLiteral(operators)
    canvas.restoreState()
