"""The outcomes of a gate, and how its figures are written."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """The three things that a gate can say."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNDECIDED = "undecided"


def worst_of(outcomes: Iterable[Outcome]) -> Outcome:
    """FAIL where any is, else UNDECIDED where any is, else PASS."""
    several = {*outcomes}
    return next((outcome for outcome in (Outcome.FAIL, Outcome.UNDECIDED) if outcome in several), Outcome.PASS)


SIDE = 0.05
"""Probability, at each side, that the truth lies beyond a bound that a gate decides by."""

ONE_POINT = 0.01
_LEAST_SHOWN = 0.01
"""Percentage points that two digits show."""
_NOTHING = 1e-9
"""Percentage points that are the last digits of a sum, and no difference."""


def points(difference: float) -> str:
    """A difference of two rates in percentage points, without its unit: "1.3", "-0.05", "0.002"."""
    value = 100 * difference
    text = f"{value:.1f}" if abs(value) >= 1 else f"{value:.{_digits(value)}f}".removesuffix("0")
    return "0.0" if text == "-0.0" else text


def _digits(value: float) -> int:
    """Digits behind the point: two, or as many as show that it is not 0."""
    return 2 if abs(value) >= _LEAST_SHOWN or abs(value) < _NOTHING else math.ceil(-math.log10(abs(value)))


def signed(number: str) -> str:
    """A written number with its sign, plus included."""
    return number if number.startswith("-") or not number.strip("0.") else f"+{number}"


def rate(share: float, beside: float = 1.0) -> str:
    """A rate as it is written everywhere, "6.0%", or with as many digits as a small difference needs."""
    return f"{share:.1%}" if abs(beside) >= ONE_POINT else f"{share:.{_digits(100 * beside)}%}"
