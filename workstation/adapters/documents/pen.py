"""Drawing primitives over one ReportLab canvas: text by weight, rules, boxes and marks."""

from __future__ import annotations

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from workstation.adapters.documents import fonts, shaping

INK: Color = HexColor(0x10161C)
MUTED: Color = HexColor(0x3F4D5A)
TEAL: Color = HexColor(0x0B6B8A)
RULE: Color = HexColor(0xB4C0CA)
FILL: Color = HexColor(0xEDF2F5)
STRIPE: Color = HexColor(0xF6F8FA)
ALERT: Color = HexColor(0x9B1C1C)

BODY = 10.0
SMALL = 9.0
LEADING = 1.36
TIGHT = 1.25  # in tables and answers that many lines share
MARK = 8.5  # side of a box, diameter of a done mark


def leading(size: float) -> float:
    """Distance of two lines of ``size`` points."""
    return size * LEADING


def tight(size: float) -> float:
    """Distance of two lines of ``size`` points where many stand together."""
    return size * TIGHT


class Pen:
    """Draws on ``canvas``; y is the top of what is drawn, in page coordinates."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def text(
        self,
        x: float,
        top: float,
        text: str,
        size: float = BODY,
        weight: str = "regular",
        colour: Color = INK,
        high: float = 0.0,
    ) -> float:
        """One line whose box, ``high`` points or a normal line, starts at ``top``; its width."""
        baseline = top - (high or leading(size)) / 2 - size * 0.36
        self.canvas.setFillColor(colour)
        at = x
        for name, piece in fonts.runs(text, weight):
            if name in shaping.BY_FACE:
                bold = weight in ("semibold", "bold")
                shaping.draw(
                    self.canvas, at, baseline, piece, name, size, bold=bold, register=fonts.name
                )
            else:
                self.canvas.setFont(name, size)
                self.canvas.drawString(at, baseline, piece)
            at += fonts.width(piece, weight, size)
        return at - x

    def right(
        self,
        x: float,
        top: float,
        text: str,
        size: float = BODY,
        weight: str = "regular",
        colour: Color = INK,
    ) -> None:
        """One line that ends at ``x``."""
        self.text(x - fonts.width(text, weight, size), top, text, size, weight, colour)

    def lines(
        self,
        x: float,
        top: float,
        lines: tuple[str, ...],
        size: float = BODY,
        weight: str = "regular",
        colour: Color = INK,
        high: float = 0.0,
    ) -> float:
        """Several lines, each ``high`` points or a normal line; returns the y below them."""
        for line in lines:
            self.text(x, top, line, size, weight, colour, high)
            top -= high or leading(size)
        return top

    def rule(self, x: float, y: float, length: float, colour: Color = RULE) -> None:
        """A horizontal hairline."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(0.7)
        self.canvas.line(x, y, x + length, y)

    def fill(self, x: float, top: float, wide: float, high: float, colour: Color) -> None:
        """A filled rectangle."""
        self.canvas.setFillColor(colour)
        self.canvas.rect(x, top - high, wide, high, stroke=0, fill=1)

    def outline(
        self,
        x: float,
        top: float,
        wide: float,
        high: float,
        colour: Color = RULE,
        radius: float = 0.0,
    ) -> None:
        """An empty rectangle."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(0.8)
        if radius:
            self.canvas.roundRect(x, top - high, wide, high, radius, stroke=1, fill=0)
        else:
            self.canvas.rect(x, top - high, wide, high, stroke=1, fill=0)

    def open_box(self, x: float, middle: float) -> None:
        """An empty box to tick, readable without colour."""
        self.canvas.setStrokeColor(INK)
        self.canvas.setLineWidth(0.9)
        self.canvas.rect(x, middle - MARK / 2, MARK, MARK, stroke=1, fill=0)

    def dot(self, x: float, middle: float) -> None:
        """The dot of a short point."""
        self.canvas.setFillColor(TEAL)
        self.canvas.circle(x, middle, 1.6, stroke=0, fill=1)

    def done(self, x: float, middle: float) -> None:
        """A tick in a filled circle, readable without colour."""
        self.canvas.setFillColor(TEAL)
        self.canvas.circle(x + MARK / 2, middle, MARK / 2 + 0.5, stroke=0, fill=1)
        self.canvas.setStrokeColor(HexColor(0xFFFFFF))
        self.canvas.setLineWidth(1.1)
        tick = self.canvas.beginPath()
        tick.moveTo(x + 2.1, middle - 0.1)
        tick.lineTo(x + 3.7, middle - 1.9)
        tick.lineTo(x + 6.6, middle + 2.0)
        self.canvas.drawPath(tick, stroke=1, fill=0)
