"""Numbers of the monthly follow-up, from ``follow_up.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from workstation.content.sources import cited
from workstation.content.tables import read
from workstation.domain.explain import Source
from workstation.domain.unchanged import FollowUpRules


def read_follow_up(path: Path, sources: Mapping[str, Source]) -> FollowUpRules:
    """All numbers of the follow-up.

    Raises:
        ContentError: a missing or unknown key, or ``content.follow_up.percent`` outside 1 to 100.
    """
    top = read(path)
    top.whole("schema")
    edition = top.text("edition")
    weight = top.table("weight")
    percent = weight.whole("percent")
    if not 1 <= percent <= 100:
        raise weight.wrong("content.follow_up.percent", "percent")
    cited(weight, sources)
    weight.done()
    top.done()
    return FollowUpRules(edition, percent)
