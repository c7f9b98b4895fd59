"""Interface tests begin without the widgets of the test before."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tests.kept_children import children_are_kept  # noqa: F401  # a fixture of every file here
from tests.kept_statements import keep_statements
from tests.uncaught import nothing_uncaught  # noqa: F401  # a fixture of every test here

if TYPE_CHECKING:
    from tests.ui.standing_desk import Desk, Standing

keep_statements()


@pytest.fixture(autouse=True)
def _no_widgets_from_before() -> Iterator[None]:
    """Deferred deletions wait for an event loop that tests never run; do them here."""
    if QApplication.instance() is not None:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    yield


@pytest.fixture(autouse=True, scope="module")
def _no_windows_for_other_files() -> Iterator[None]:
    """A window that a file leaves open would hear keys that are typed in the next one's."""
    yield
    if QApplication.instance() is not None:
        for window in QApplication.topLevelWidgets():
            window.hide()


@pytest.fixture(autouse=True, scope="module")
def _rubbish_is_collected() -> Iterator[None]:
    """A window that is left open keeps that to itself, and nobody lets its seconds pass any more."""
    yield
    gc.enable()


@pytest.fixture(scope="module")
def standing() -> Iterator[Standing]:
    """A desk with Marsh's consultation that stays for the tests of a file."""
    from tests.ui.standing_desk import standing_desk

    with standing_desk() as made:
        yield made


@pytest.fixture
def desk(standing: Standing) -> Desk:
    """That desk as it was at first, whatever the test before did there."""
    return standing.as_at_first()
