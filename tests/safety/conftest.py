"""The shipped content, read once, and the safe answers that worked examples start from."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.safety.answers import Clinic, shipped

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def clinic() -> Clinic:
    return shipped()
