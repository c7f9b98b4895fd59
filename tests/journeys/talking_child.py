"""The real window on a store, in which libraries, Qt, lanes and timers quote a patient aloud.

Arguments: the store's folder. Standard input: the text that is quoted. Ends by itself.
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, qCritical, qWarning
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel

from workstation import showcase
from workstation.adapters.system import logs
from workstation.domain.errors import WorkstationError
from workstation.presenters.jobs import Lane
from workstation.ui import application
from workstation.ui.window import Window

QUOTED = sys.stdin.read()


def raises(kind: type[Exception]) -> None:
    raise kind(QUOTED)


def refused() -> None:
    try:
        raises(ValueError)
    except ValueError as error:
        raise WorkstationError("inbox.package.broken", step=QUOTED) from error


def talk(window: Window) -> None:
    qWarning(QUOTED)
    qCritical(QUOTED)
    label = QLabel(QUOTED, window)
    label.setStyleSheet(f"{QUOTED} {{")  # Qt: could not parse stylesheet of object …
    label.setObjectName(QUOTED)
    label.setFont(QFont(QUOTED, -1))
    warnings.warn(QUOTED, stacklevel=1)
    for name in ("sqlalchemy.engine.Engine", "PIL.PngImagePlugin", "fontTools", "workstation"):
        logging.getLogger(name).error("%s: [parameters: %r]", QUOTED, (QUOTED,))
    lanes = {Lane.WORK: partial(raises, KeyError), Lane.READ: refused}

    def failed(lane: Lane, _: Exception) -> None:
        del lanes[lane]
        if not lanes:  # however long each of them waited for its turn
            QTimer.singleShot(200, window.close)

    for lane, work in dict(lanes).items():
        window.jobs.submit(work, lambda _: None, partial(failed, lane), lane)
    threading.Thread(target=raises, args=(OSError,)).start()
    QTimer.singleShot(50, partial(raises, ZeroDivisionError))


def build(folder: Path, **looks: object) -> Window:
    looks |= {"user": showcase.LOGIN, "password": showcase.PASSWORD}
    window = made(folder, **looks)
    window.opened.connect(partial(QTimer.singleShot, 100, partial(talk, window)))
    return window


made, application.build_window = application.build_window, build
logs.withhold()  # as ``__main__`` does
raise SystemExit(
    application.run(
        Path(sys.argv[1]), theme="light", size=None, user=None, password=None, demo=True
    )
)
