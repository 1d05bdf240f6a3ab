"""p-values that assume next to nothing, and their adjustment where several are looked at."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

EXACT_STEPS = 50_000_000
"""Cells that the exact distribution may take: a fraction of a second."""
DRAWS = 20_000


def sign_flip_p(differences: Iterable[int], allowance: float = 0.0) -> float:
    """The one-sided p-value of "either side is as likely to have made the more errors, block by block".

    Every sign of every difference is equally likely then (Fisher 1935; Edgington & Onghena 2007), so that the sum has
    a known distribution: exact, by convolution; drawn with a fixed seed where the counts are too large for that.

    Args:
        differences: New errors minus old errors of each block. Zeros say nothing.
        allowance: Errors that may be added in all without being held against the new side; what is left of the sum is
            judged by the same distribution.

    Returns:
        The probability of a sum as large as the one found, less the allowance, or larger; 1 where nothing differs.
    """
    sizes = [difference for difference in differences if difference]
    if not sizes:
        return 1.0
    total = sum(abs(size) for size in sizes)
    least = sum(sizes) - allowance - 1e-9
    return _exact(sizes, total, least) if len(sizes) * total <= EXACT_STEPS else _drawn(sizes, least)


def _exact(sizes: Sequence[int], total: int, least: float) -> float:
    import numpy as np

    # The sum is 2P - total, with P the sum of the sizes whose sign is positive.
    chances = np.zeros(total + 1)
    chances[0], reached = 1.0, 0
    for size in sorted(abs(size) for size in sizes):
        moved = chances[: reached + 1] / 2
        reached += size
        chances[: reached + 1] /= 2
        chances[size : reached + 1] += moved
    return min(float(chances[max(math.ceil((least + total) / 2), 0) :].sum()), 1.0)


def _drawn(sizes: Sequence[int], least: float) -> float:
    import numpy as np

    generator = np.random.default_rng(0)
    magnitudes, hits = np.abs(np.array(sizes, dtype=float)), 0
    total = magnitudes.sum()
    for count in _batches(len(sizes)):
        is_positive = generator.integers(0, 2, size=(count, len(sizes)), dtype=np.int8)
        # The product makes an 8-byte copy of what it is given, so it is given little at a time.
        hits += sum(int((2 * (part @ magnitudes) - total >= least).sum()) for part in np.array_split(is_positive, 16))
    return (1 + hits) / (1 + DRAWS)


def _batches(blocks: int) -> list[int]:
    """How many draws to make at once, so that no table of signs grows beyond a few megabytes."""
    at_once = max(1, 4_000_000 // blocks)
    return [at_once] * (DRAWS // at_once) + ([DRAWS % at_once] if DRAWS % at_once else [])


def sign_test_p(more: int, fewer: int) -> float:
    """The one-sided p-value of the sign test: P(Bin(more + fewer, 1/2) >= more); 1 where nothing changed."""
    changed = more + fewer
    ways = sum(math.comb(changed, count) for count in range(more, changed + 1))
    return float(ways / 2**changed)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted so that with any number of them one is below 0.05 by chance in 5 % of families at most.

    Holm (1979): the i-th smallest of m, times m - i + 1, and never smaller than the one before.
    """
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted, largest = [1.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, p_values[index] * (len(p_values) - rank)))
        adjusted[index] = largest
    return adjusted


def tarone_holm(p_values: Sequence[float], least: Sequence[float], level: float = 0.05) -> list[float | None]:
    """Holm's adjustment over the comparisons that can fail at all, as Tarone (1990) counts them.

    Of k comparisons one fails only where its p-value is no more than level/k, and a discrete test may never come to
    that, however the signs fall. With K the smallest k for which no more than k comparisons can reach level/k, only
    those that can reach level/K are adjusted, and the others cost them nothing.

    Args:
        p_values: One a comparison.
        least: The smallest p-value that each could have had: 2 to the minus number of blocks that changed.
        level: Probability that any comparison fails by chance.

    Returns:
        The adjusted p-values; None for a comparison that cannot fail.
    """
    largest = next((k for k in range(1, len(least) + 1) if sum(p_value <= level / k for p_value in least) <= k), 1)
    able = [index for index, p_value in enumerate(least) if p_value <= level / largest]
    adjusted = dict(zip(able, holm([p_values[index] for index in able]), strict=True))
    return [adjusted.get(index) for index in range(len(p_values))]
