"""Quantiles of Fisher's F distribution, for confidence intervals.

By the regularised incomplete beta function (its continued fraction, Lentz's method; Abramowitz and
Stegun 1964, 26.5.8 and 26.6.2) and bisection; degrees of freedom need not be whole.
"""

from __future__ import annotations

from math import exp, inf, lgamma, log

USUAL_SHARE = 0.95  # of an interval of confidence
_TERMS, _SMALL, _CLOSE = 2000, 1e-300, 1e-14


def cumulative(x: float, above: float, below: float) -> float:
    """The share of F(above, below) that lies under ``x``."""
    if x <= 0:
        return 0.0
    return _beta(above * x / (above * x + below), above / 2, below / 2)


def quantile(share: float, above: float, below: float) -> float:
    """The value under which ``share`` (0 to 1, both excluded) of F(above, below) lies."""
    if not 0 < share < 1 or above <= 0 or below <= 0:
        raise ValueError("a share between 0 and 1, and positive degrees of freedom")
    low, high = 0.0, 1.0
    while cumulative(high, above, below) < share:
        high *= 4
        if high == inf:
            return inf
    for _ in range(200):
        middle = (low + high) / 2
        if cumulative(middle, above, below) < share:
            low = middle
        else:
            high = middle
        if high - low <= _CLOSE * high:
            break
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function."""
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):  # there the fraction of the other side is the fast one
        return 1 - _beta(1 - x, b, a)
    if x <= 0:
        return 0.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _TERMS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            found *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return front * found


def _away(value: float) -> float:
    """Never nought, by which it would be divided."""
    return value if abs(value) > _SMALL else _SMALL
