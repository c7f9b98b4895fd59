"""Older editions of the clinical content, kept beside the one in force so that they still explain.

Content lives in ``resources/clinical``; ``editions/<edition>/`` below it holds whole older copies.
A consultation stores the stamp of the content it was signed with: ``2026.11.23+596e77d3da98``.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workstation.content.catalogue import EDITIONS, Catalogue, fingerprint, load
from workstation.domain.errors import ContentError


@dataclass(frozen=True, slots=True)
class Kept:
    """An edition that was asked for. ``exact`` is False when its bytes are not those of the stamp."""

    catalogue: Catalogue
    exact: bool


class Shelf:
    """All editions of one content folder; each is read once, when first asked for.

    ``with_own`` lays over an edition what the clinic had decided about it at the time.
    """

    def __init__(
        self,
        folder: Path,
        in_force: Catalogue | None = None,
        with_own: Callable[[Catalogue], Catalogue] = lambda content: content,
    ) -> None:
        self._folder = folder
        self._with_own = with_own
        self._in_force = load(folder) if in_force is None else in_force
        self._read: dict[str, Catalogue] = {self._in_force.edition: self._in_force}

    @property
    def editions(self) -> tuple[str, ...]:
        """Names of all editions, oldest first; the last is in force."""
        return (*(name for name in _names(self._folder)), self._in_force.edition)

    def of(self, stamp: str) -> Kept:
        """The edition that ``stamp`` names (``edition`` or ``edition+digest``).

        Raises:
            ContentError: ``content.edition.unknown`` when no such edition is kept.
        """
        edition, _, digest = stamp.partition("+")
        if edition not in self._read:
            if edition not in _names(self._folder):
                raise ContentError("content.edition.unknown", file=EDITIONS, line=1, key=edition)
            self._read[edition] = load(self._folder / EDITIONS / edition)
        found = self._read[edition]
        if digest and not found.digest.startswith(digest):
            found = self._with_own(found)
        return Kept(found, bool(digest) and found.digest.startswith(digest))


def keep(folder: Path) -> Path:
    """Copy the content in force to its place among the older editions, before it is changed.

    Raises:
        ContentError: ``content.edition.twice`` when an edition of that name is kept already.
    """
    edition = fingerprint(folder)[0]
    target = folder / EDITIONS / edition
    if target.exists():
        raise ContentError("content.edition.twice", file=EDITIONS, line=1, key=edition)
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns(EDITIONS))
    return target


def _names(folder: Path) -> tuple[str, ...]:
    place = folder / EDITIONS
    return tuple(sorted(p.name for p in place.iterdir() if p.is_dir())) if place.is_dir() else ()
