"""Capsules that make a daily dose exactly, best division first, and the nearest dose they can make.

All strengths and doses are whole or decimal milligrams; nothing here rounds a dose.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Combination:
    """Capsules that make a daily dose exactly; one entry per capsule, mg."""

    morning: tuple[Decimal, ...]
    evening: tuple[Decimal, ...]

    @property
    def daily(self) -> Decimal:
        """Milligrams a day."""
        return sum((*self.morning, *self.evening), _ZERO)

    @property
    def capsules(self) -> int:
        """Capsules a day."""
        return len(self.morning) + len(self.evening)

    @property
    def once_daily(self) -> bool:
        """Whether all is taken in one dose."""
        return not self.morning or not self.evening

    @property
    def difference(self) -> Decimal:
        """Milligrams between the two doses."""
        return abs(sum(self.morning, _ZERO) - sum(self.evening, _ZERO))


@lru_cache
def combinations(daily: Decimal, strengths: tuple[Decimal, ...]) -> tuple[Combination, ...]:
    """All sensible ways to take ``daily`` mg, best first, once-daily ways last.

    Two doses a day come first: doses at most one strength step apart (wider splits are listed only
    when no such split exists), then fewest capsules, then equal halves, then fewest different
    strengths; the smaller dose is the morning one. A way with more than one capsule above the
    fewest of its group is left out. Empty when the strengths cannot make the dose.
    """
    stock = _stock(strengths)
    if daily <= 0 or not stock:
        return ()
    fewest = _fewest(daily, stock)
    twice = _twice_daily(daily, stock, fewest)
    once = tuple(
        Combination(doses, ()) for doses in _doses(daily, stock, fewest, spare=0)
    )  # a single dose is the alternative: only its shortest forms
    return (*twice, *sorted(once, key=_rank))


def nearest_possible(daily: Decimal, strengths: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """The dose itself when it can be made, else the nearest below and above that can (mg a day)."""
    stock = _stock(strengths)
    if not stock or daily <= 0:
        return stock[:1]
    reachable = _reachable(daily + stock[0], stock)
    if daily in reachable:
        return (daily,)
    below = [dose for dose in reachable if dose < daily]
    above = [dose for dose in reachable if dose > daily]
    return (*below[-1:], *above[:1])


def next_possible(daily: Decimal, strengths: tuple[Decimal, ...], *, up: bool) -> Decimal | None:
    """The next dose (mg a day) above or below that capsules can make; None where there is none."""
    stock = _stock(strengths)
    if not stock:
        return None
    reachable = _reachable(max(daily, _ZERO) + stock[0], stock)
    if up:
        return next((dose for dose in reachable if dose > daily), None)
    return next((dose for dose in reversed(reachable) if dose < daily), None)


def nearest_balanced(daily: Decimal, strengths: tuple[Decimal, ...]) -> Decimal | None:
    """The nearest dose that two doses at most one step apart can make; the lower one of two.

    None without strengths. A target below the smallest such dose gives the smallest capsule.
    """
    stock = _stock(strengths)
    if not stock:
        return None
    top = daily + 2 * stock[-1]
    step = _step(stock)
    halves = _reachable(top, stock)
    balanced = sorted(
        {a + b for a in halves for b in halves if a <= b <= a + step and a + b <= top}
    )
    if not balanced or daily < balanced[0]:
        return min((*balanced[:1], stock[0]), key=lambda dose: (abs(dose - daily), dose))
    return min(balanced, key=lambda dose: (abs(dose - daily), dose))


def _stock(strengths: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    return tuple(sorted({s for s in strengths if s > 0}))


def _step(stock: tuple[Decimal, ...]) -> Decimal:
    gaps = [b - a for a, b in zip(stock, stock[1:], strict=False)]
    return max(gaps, default=_ZERO)


def _fewest(top: Decimal, stock: tuple[Decimal, ...]) -> dict[Decimal, int]:
    """Fewest capsules for each dose up to ``top`` that the stock can make."""
    fewest = {_ZERO: 0}
    frontier = [_ZERO]
    count = 0
    while frontier:
        count += 1
        reached = {dose + s for dose in frontier for s in stock if dose + s <= top}
        frontier = [dose for dose in reached if dose not in fewest]
        fewest.update((dose, count) for dose in frontier)
    return fewest


def _reachable(top: Decimal, stock: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    return tuple(sorted(dose for dose in _fewest(top, stock) if dose))


def _twice_daily(
    daily: Decimal, stock: tuple[Decimal, ...], fewest: dict[Decimal, int]
) -> tuple[Combination, ...]:
    splits = [
        (small, daily - small)
        for small in fewest
        if small and small <= daily - small and daily - small in fewest
    ]
    near = [split for split in splits if split[1] - split[0] <= _step(stock)]
    splits = near or splits
    if not splits:
        return ()
    least = min(fewest[small] + fewest[large] for small, large in splits)
    found = {
        Combination(morning, evening)
        for small, large in splits
        if fewest[small] + fewest[large] <= least + 1
        for morning in _doses(small, stock, fewest, spare=1)
        for evening in _doses(large, stock, fewest, spare=1)
        if len(morning) + len(evening) <= least + 1 and (small != large or morning <= evening)
    }
    return tuple(sorted(found, key=_rank))


def _doses(
    dose: Decimal, stock: tuple[Decimal, ...], fewest: dict[Decimal, int], spare: int
) -> tuple[tuple[Decimal, ...], ...]:
    """Multisets of capsules, largest first, that make ``dose`` with ``spare`` above the fewest."""
    if dose not in fewest:
        return ()
    found: list[tuple[Decimal, ...]] = []

    def extend(left: Decimal, largest: int, room: int, taken: tuple[Decimal, ...]) -> None:
        if not left:
            found.append(taken)
            return
        for index in range(largest, -1, -1):
            rest = left - stock[index]
            if rest >= 0 and fewest.get(rest, room) <= room - 1:
                extend(rest, index, room - 1, (*taken, stock[index]))

    extend(dose, len(stock) - 1, fewest[dose] + spare, ())
    return tuple(found)


def _rank(way: Combination) -> tuple[int, Decimal, int, tuple[Decimal, ...]]:
    kinds = len({*way.morning, *way.evening})
    return way.capsules, way.difference, kinds, tuple(-s for s in (*way.morning, *way.evening))
