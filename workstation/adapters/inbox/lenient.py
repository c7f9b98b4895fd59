"""Reading on after a fault, so that a sender learns all of them at once; nothing read so is ever stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from workstation.adapters.inbox.node import LINE, Node
from workstation.domain.errors import Refused

_SOME_DAY = date(2000, 1, 1)


class _Unasked(Refused):
    """A fault inside an element that is missing: the missing element was noted already."""


class Lenient(Node):
    """A node that notes each fault and goes on with a stand-in value.

    ``faults`` grows while the node is read; one fault is kept for each place.
    """

    __slots__ = ("_absent", "faults")

    def __init__(
        self, values: dict[str, Any], where: str, faults: list[Refused], *, absent: bool = False
    ) -> None:
        super().__init__(values, where)
        self.faults = faults
        self._absent = absent

    def refused(self, code: str, key: str = "") -> Refused:
        """The refusal, silent inside an element that is not there."""
        if self._absent:
            return _Unasked(code, where=self._path(key))
        return super().refused(code, key)

    def note(self, fault: Refused) -> None:
        """Keep a fault, once for each place."""
        if self._absent or isinstance(fault, _Unasked):
            return
        place = fault.context.get("where")
        if place is None or all(f.context.get("where") != place for f in self.faults):
            self.faults.append(fault)

    def fault(self, code: str, key: str = "") -> None:
        """Note and go on."""
        self.note(self.refused(code, key))

    @contextmanager
    def bounded(self) -> Iterator[None]:
        """What is refused inside ends this part only."""
        try:
            yield
        except Refused as fault:
            self.note(fault)

    def text(self, key: str, most: int = LINE) -> str:
        try:
            return super().text(key, most)
        except Refused as fault:
            self.note(fault)
            return "?"

    def prose(self, key: str) -> str:
        try:
            return super().prose(key)
        except Refused as fault:
            self.note(fault)
            return "?"

    def choice(self, key: str, *allowed: str) -> str:
        try:
            return super().choice(key, *allowed)
        except Refused as fault:
            self.note(fault)
            return allowed[0]

    def flag(self, key: str) -> bool:
        try:
            return super().flag(key)
        except Refused as fault:
            self.note(fault)
            return False

    def whole(self, key: str, least: int = 0, most: int = 1_000_000) -> int:
        try:
            return super().whole(key, least, most)
        except Refused as fault:
            self.note(fault)
            return least

    def decimal(self, key: str) -> Decimal:
        try:
            return super().decimal(key)
        except Refused as fault:
            self.note(fault)
            return Decimal(0)

    def day(self, key: str) -> date:
        try:
            return super().day(key)
        except Refused as fault:
            self.note(fault)
            return _SOME_DAY

    def moment(self, key: str) -> datetime:
        try:
            return super().moment(key)
        except Refused as fault:
            self.note(fault)
            return datetime(2000, 1, 1, tzinfo=UTC)

    def node(self, key: str) -> Node:
        try:
            return super().node(key)
        except Refused as fault:
            self.note(fault)
            return Lenient({}, self._path(key), self.faults, absent=True)

    def nodes(self, key: str) -> tuple[Node, ...]:
        try:
            return super().nodes(key)
        except Refused as fault:
            self.note(fault)
            return (Lenient({}, self._path(key), self.faults, absent=True),)

    def only(self, key: str) -> Node:
        found = self.nodes(key)
        if len(found) != 1:
            self.fault("intake.key.several", key)
        return found[0]

    def lines(self, key: str) -> tuple[str, ...]:
        try:
            return super().lines(key)
        except Refused as fault:
            self.note(fault)
            return ()

    def done(self) -> None:
        """Name the keys that are not known: here the sender reads their own file."""
        unknown = [k for k in self._values if k not in self._read]
        if unknown and not self._absent:
            shown = ", ".join(sorted(unknown)[:8])
            self.note(Refused("intake.key.unknown", where=f"{self.where}.{shown}"))

    def _below(self, values: dict[str, Any], where: str) -> Node:
        return Lenient(values, where, self.faults, absent=self._absent)
