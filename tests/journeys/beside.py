"""A process that a test talks to by its standard streams, line by line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent


@contextmanager
def beside(script: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """``script`` of this folder with ``words``; it ends when its input does."""
    paths = os.pathsep.join(map(str, (HERE.parents[1], HERE, HERE.parent)))
    with subprocess.Popen(
        [sys.executable, str(HERE / script), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
