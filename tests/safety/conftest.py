"""The shipped content, read once, and the safe answers that worked examples start from."""

from __future__ import annotations

import pytest

from tests.safety.answers import Clinic, shipped


@pytest.fixture(scope="session")
def clinic() -> Clinic:
    return shipped()
