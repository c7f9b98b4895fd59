"""Errors that nobody caught while a test ran: the window survives them, the test must not."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from workstation.ui.faults import Faults


@pytest.fixture(autouse=True)
def nothing_uncaught(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Fail for each error that reached Python's last hook or the window's report of faults."""
    found: list[str] = []
    report = Faults.report

    def noted(self: Faults, error: BaseException) -> str:
        found.append(repr(error))
        return report(self, error)

    monkeypatch.setattr(Faults, "report", noted)
    monkeypatch.setattr(sys, "excepthook", lambda _, error, __: found.append(repr(error)))
    yield
    if not request.node.get_closest_marker("uncaught"):
        assert not found, "\n".join(found)
