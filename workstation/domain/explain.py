"""How an answer explains itself: the source of a statement and the facts it read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from workstation.domain.facts import Fact


class Tag(Enum):
    """How far a clinical statement has been checked against its source."""

    READ = "READ"
    RECALLED = "RECALLED"
    SEED = "SEED"
    PROJECT = "PROJECT"


@dataclass(frozen=True, slots=True)
class Source:
    """A key into ``sources.toml`` with its short citation and tag."""

    key: str
    citation: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact that a rule read, worded for people; ``fact`` is None when unknown."""

    name: str
    label: str
    value_text: str
    fact: Fact | None

    @property
    def as_of(self) -> date | None:
        """Date of the answer, when there is one."""
        return None if self.fact is None else self.fact.as_of
