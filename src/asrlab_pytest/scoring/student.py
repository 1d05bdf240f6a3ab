"""Tail and quantile of Student's t distribution, without scipy."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_STEPS = 300
_TINY = 1e-300
_EPSILON = 1e-15


def student_tail(value: float, freedom: float) -> float:
    """P(T > value) for T of Student's t distribution.

    From the regularized incomplete beta function: P(T > t) = I_x(f/2, 1/2) / 2 with x = f / (f + t²), for t >= 0
    (Abramowitz & Stegun 1964, 26.7.1 and 26.5.27). Near 0, where x is almost 1, the rest of x has few digits left, and
    is not taken from it.

    Args:
        value: Any number, infinities included.
        freedom: Degrees of freedom, above 0.
    """
    if value < 0:
        return 1 - student_tail(-value, freedom)
    if math.isinf(value):
        return 0.0
    square = value * value
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + square), square / (freedom + square)) / 2


@lru_cache(maxsize=4096)
def student_quantile(tail: float, freedom: float) -> float:
    """The value that T exceeds with this probability.

    Newton's method from the normal quantile, which lies below it: the tail is convex there, so that the steps rise to
    the quantile and never pass it.

    Args:
        tail: Above 0 and below 1; 0.05 is the upper end of a two-sided interval of 90 %.
        freedom: Degrees of freedom, above 0.

    Raises:
        ValueError: the tail is not a probability between 0 and 1.
    """
    if not 0 < tail < 1:
        raise ValueError(f"a tail lies between 0 and 1, and {tail} does not")
    if tail > 0.5:  # noqa: PLR2004 - half of the distribution
        return -student_quantile(1 - tail, freedom)
    value = NormalDist().inv_cdf(1 - tail)
    for _ in range(_STEPS):
        step = (student_tail(value, freedom) - tail) / _density(value, freedom)
        value += step
        if abs(step) <= 1e-12 * max(1.0, abs(value)):
            break
    return value


def _density(value: float, freedom: float) -> float:
    scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    return math.exp(scale - (freedom + 1) / 2 * math.log1p(value * value / freedom))


def _incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """I_x(a, b) with the rest of x to 1, by the continued fraction on the side where it converges fast."""
    if 0.0 in (x, rest):
        return x
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest),
    )
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, rest) / b


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of I_x(a, b) (Abramowitz & Stegun 26.5.8), evaluated by Lentz's method."""
    c, d = 1.0, _safe(1 - (a + b) * x / (a + 1))
    d = 1 / d
    value = d
    for step in range(1, _STEPS):
        for factor in (
            step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step)),
            -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1)),
        ):
            d = 1 / _safe(1 + factor * d)
            c = _safe(1 + factor / c)
            value *= c * d
        if abs(c * d - 1) < _EPSILON:
            break
    return value


def _safe(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
