"""A real store with its window, signed in as a dermatologist who also administers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from unittest.mock import patch

from cryptography import x509
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.opened import wait_until_open
from workstation import bootstrap, showcase
from workstation.ui.application import build_window
from workstation.ui.theme import theme
from workstation.ui.window import Window

USER = replace(showcase.demo_user(datetime(2026, 11, 23, tzinfo=UTC)), administers=True)


def make_store(folder: Path) -> None:
    """An empty clinic with one account, whose certificates have the same serials each time."""
    with patch.object(x509, "random_serial_number", count(0x7D3A << 140).__next__):
        _make(folder)


def _make(folder: Path) -> None:
    bootstrap.create_clinic(
        folder,
        kind="demonstration",
        clinic=showcase.CLINIC,
        user=USER,
        password=showcase.PASSWORD,
        pin=showcase.PIN,
        cheap_for_tests=True,
    ).close()


def settle(window: Window) -> None:
    """Let jobs, layouts and queued calls come to rest."""
    for _ in range(6):
        QApplication.processEvents()
        while window.jobs.busy or (window.shell is not None and window.shell.arriving):
            QTest.qWait(5)


@contextmanager
def open_window(
    folder: Path,
    size: tuple[int, int] = (1440, 900),
    *,
    login: str = USER.login,
    password: str = showcase.PASSWORD,
) -> Iterator[Window]:
    """The real window on that store; the look is as shipped again afterwards."""
    window = build_window(folder, size=size, user=login, password=password)
    window.show()
    wait_until_open(window)
    settle(window)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        theme.set_reduced_motion(False)
        shipped = {"high_contrast": False, "compact": False, "marker_scale": 1.0}
        list(theme.look_in_steps(mode="light", scale=1.0, **shipped))
