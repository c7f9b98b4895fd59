"""A child that makes a store and says when it is made."""

from __future__ import annotations

import sys
from pathlib import Path

from store_world import create

print("begun", flush=True)
create(Path(sys.argv[1]))
print("made", flush=True)
