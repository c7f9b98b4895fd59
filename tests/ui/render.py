"""Draws queue, sign-in, lock and set-up pages with made-up rows into PNGs, to be looked at.

Run: python tests/ui/render.py FOLDER [scale]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QBuffer, QIODevice, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRadialGradient
from PySide6.QtWidgets import QApplication

from tests.ui import made_up
from tests.ui.desktop import small_window
from workstation.domain.pixels import Pixels
from workstation.ui.application import application
from workstation.ui.theme import theme
from workstation.ui.window import Window

SIZES = ((1280, 800), (1440, 900), (2560, 1440))


def face(side: int = 400) -> QImage:
    """An oval on a neutral ground: enough to see where photos go."""
    image = QImage(side, side * 5 // 4, QImage.Format.Format_RGB32)
    image.fill(QColor("#9AA0A6"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shade = QRadialGradient(QPointF(side / 2, side * 0.55), side * 0.5)
    shade.setColorAt(0, QColor("#EFC3A4"))
    shade.setColorAt(1, QColor("#B37D60"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#4A3224"))
    painter.drawEllipse(QPointF(side / 2, side * 0.5), side * 0.36, side * 0.45)
    painter.setBrush(shade)
    painter.drawEllipse(QPointF(side / 2, side * 0.62), side * 0.31, side * 0.42)
    painter.end()
    return image


def shoot(app: QApplication, window: Window, path: Path) -> None:
    """Let everything settle and keep the picture."""
    for _ in range(12):
        app.processEvents()
        app.sendPostedEvents()
    window.grab().save(str(path))


def main() -> None:
    """Write one PNG per page, size and theme."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app: QApplication = application()
    desk = made_up.SmallDesk()
    image = face()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG")
    desk.vault.jpeg = bytes(buffer.data().data())
    desk.vault.pixels = Pixels(image.width(), image.height(), bytes(image.constBits()))
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        if len(sys.argv) > 2:
            theme.set_text_scale(float(sys.argv[2]))
        for width, height in SIZES:
            window = small_window(desk)
            window.resize(width, height)
            window.show()

            shoot(app, window, folder / f"sign_in-{width}-{mode}.png")
            window.sign_in("r.kessler", made_up.OnePassword.password)
            while window.shell is None or window.jobs.busy:
                app.processEvents()
            desk.store.rows = made_up.rows()
            window.shell.page("queue")._presenter.load()
            while window.jobs.busy:
                app.processEvents()
            window.shell.page("queue")._presenter.select("c03")
            for _ in range(40):
                app.processEvents()
                while window.jobs.busy:
                    app.processEvents()
            shoot(app, window, folder / f"queue-{width}-{mode}.png")
            window.lock("idle")
            shoot(app, window, folder / f"lock-{width}-{mode}.png")
            window.close()
    window = small_window(desk, exists=False)
    window.resize(1440, 900)
    window.show()
    for _ in range(5):
        app.processEvents()
    window.grab().save(str(folder / "setup-1440-dark.png"))
    window.close()


if __name__ == "__main__":
    main()
