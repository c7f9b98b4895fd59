"""Methods of contraception as the REMS lists them, and whether a chosen pair is acceptable."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from workstation.domain.explain import Source


@dataclass(frozen=True, slots=True)
class Method:
    """One listed method; ``kind`` is primary, secondary, abstinence or never."""

    id: str
    label: str
    kind: str
    hormonal: bool
    source: Source


@dataclass(frozen=True)
class ContraceptionLists:
    """All listed methods and how many are needed at once."""

    edition: str
    methods: tuple[Method, ...]
    methods_needed: int

    def of_kind(self, kind: str) -> tuple[Method, ...]:
        """Methods of one kind in list order."""
        return tuple(m for m in self.methods if m.kind == kind)

    def find(self, id: str) -> Method | None:
        """The method with that id."""
        return self._by_id.get(id)

    @cached_property
    def _by_id(self) -> dict[str, Method]:
        return {method.id: method for method in reversed(self.methods)}


def check_pair(methods: tuple[str, ...], lists: ContraceptionLists) -> tuple[str, ...]:
    """Codes that make the chosen methods unacceptable; empty when acceptable.

    ``CON-ONE-ONLY`` too few entered, ``CON-DUP`` one entered twice, ``CON-NO-PRIMARY``,
    ``CON-UNACCEPTABLE`` a method that never counts (or is not listed) is needed to reach the number.
    Continuous abstinence is acceptable alone and beside anything.
    """
    return _faults(methods, {id_: _kind(id_, lists) for id_ in methods}, lists)


def _faults(
    methods: tuple[str, ...], kinds: dict[str, str], lists: ContraceptionLists
) -> tuple[str, ...]:
    if "abstinence" in kinds.values():
        return ()
    codes = []
    if len(methods) < lists.methods_needed:
        codes.append("CON-ONE-ONLY")
    if len(kinds) < len(methods):
        codes.append("CON-DUP")
    if "primary" not in kinds.values():
        codes.append("CON-NO-PRIMARY")
    if "never" in kinds.values() and not _pair_without_never(kinds, lists):
        codes.append("CON-UNACCEPTABLE")
    return tuple(codes)


def pair_notes(methods: tuple[str, ...], lists: ContraceptionLists) -> tuple[str, ...]:
    """Codes worth knowing about an acceptable choice: two primaries, an extra "never" method."""
    kinds = {id_: _kind(id_, lists) for id_ in methods}
    if _faults(methods, kinds, lists):
        return ()
    codes = []
    if sum(kind == "primary" for kind in kinds.values()) >= lists.methods_needed:
        codes.append("CON-TWO-PRIMARY")
    if "never" in kinds.values():
        codes.append("CON-UNACCEPTABLE")
    return tuple(codes)


def uses_hormones(methods: tuple[str, ...], lists: ContraceptionLists) -> bool:
    """Whether a chosen method works by hormones; a method not listed counts as one."""
    found = (lists.find(id_) for id_ in methods)
    return any(method is None or method.hormonal for method in found)


def _kind(id_: str, lists: ContraceptionLists) -> str:
    method = lists.find(id_)
    return "never" if method is None else method.kind


def _pair_without_never(kinds: dict[str, str], lists: ContraceptionLists) -> bool:
    counted = [kind for kind in kinds.values() if kind != "never"]
    return len(counted) >= lists.methods_needed and "primary" in counted
