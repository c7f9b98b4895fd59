"""The product's own clinical content, read once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from workstation.assets import resource
from workstation.content.catalogue import Catalogue, load

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def content() -> Catalogue:
    """The content; the test that shifts numbers points this at a changed copy."""
    return load(Path(os.environ.get("ENGINE_CONTENT", resource("clinical"))))
