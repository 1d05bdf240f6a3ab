"""A pooled ratio over blocks of clips: its estimate, its bounds, and how surely it lies above a margin."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from asrlab_pytest.records.sorting import equal
from asrlab_pytest.scoring.student import student_quantile, student_tail

_WIDEST = 64
"""Numbers of blocks among which the largest critical value is looked for; beyond, it changes by less than 0.1 %."""
_OUTWEIGHED = 1e-9
_NOTHING = 1e-9
"""Errors below which a sum is 0, but for the last digits of a margin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Two bounds, the lower first."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledRatio:
    """ΣD/ΣW over blocks, with D errors (or a difference of errors) and W words of a block.

    The bounds are those of the delta-method t interval over blocks, with its variance taken at the bound and not at the
    estimate: every θ that is not refused by z_k = D_k - θW_k, in whose self-normalized sum Σz/√Σz² a block counts by
    what it says and not by being there. For blocks of one size both are the same interval, to the last digit
    (T² = (K-1)ρ/(K-ρ) with ρ = (Σz)²/Σz²; Efron 1969, "Student's t-test under symmetry conditions"). For unlike blocks
    the usual form is too sure of itself: a hundred blocks of one word would count like a hundred speakers.
    """

    blocks: int
    total: int
    """ΣD."""
    words: int
    """ΣW."""
    squares: int
    """ΣD²."""
    products: int
    """ΣDW."""
    word_squares: int
    """ΣW²."""

    @property
    def estimate(self) -> float | None:
        """ΣD/ΣW; None without a word."""
        return self.total / self.words if self.words else None

    @property
    def standard_error(self) -> float | None:
        """√(K/(K-1) · Σ(D_k - ΔW_k)²) / ΣW, the delta method's; None for fewer than two blocks."""
        estimate = self.estimate
        if estimate is None or self.blocks <= 1:
            return None
        return math.sqrt(self.blocks / (self.blocks - 1) * self._residual) / self.words

    def bounds(self, tail: float) -> Interval | None:
        """Bounds, each of which the true ratio lies beyond with this probability at most.

        None for fewer than two blocks, without a word, and where one block has so many of the words that the others
        cannot tell what it says from chance.
        """
        if self.blocks <= 1 or not self.words:
            return None
        limit = _critical(self.blocks, tail)
        # Σz² at Δ + x is the sum of squares of the residuals r, - 2xΣrW + x²ΣW², and Σz is -xW: a quadratic in x.
        a = self.words**2 - limit * self.word_squares
        if a <= _OUTWEIGHED * self.words**2:
            return None
        estimate = self.total / self.words
        b = limit * (self.products * self.words - self.total * self.word_squares) / self.words
        reach = math.sqrt(b * b + a * limit * self._residual)
        return Interval(low=estimate - (b + reach) / a, high=estimate + (reach - b) / a)

    @property
    def effective_blocks(self) -> float:
        """The number of equal blocks that would weigh as much: W²/ΣW_k² (Kish 1965); 0 without a word."""
        return self.words**2 / self.word_squares if self.words else 0.0

    @property
    def effective_variance(self) -> float | None:
        """The delta method's variance of the estimate, with the effective number of blocks m: m/(m-1) · Σr_k² / W².

        None if one block has nearly all of the words.
        """
        effective = self.effective_blocks
        if effective <= 1 + _OUTWEIGHED:
            return None
        return effective / (effective - 1) * self._residual / self.words**2

    def p_above(self, margin: float) -> float | None:
        """The p-value of "the true ratio is at most the margin"; 1 where the sample says so too.

        Where there are bounds, it is below a tail exactly where the lower one of that tail lies above the margin. None
        for fewer than two blocks and without a word.
        """
        if self.blocks <= 1 or not self.words:
            return None
        surplus = self.total - margin * self.words
        if surplus <= _NOTHING:
            return 1.0
        spread = self.squares - 2 * margin * self.products + margin * margin * self.word_squares
        return _tail(surplus**2 / max(spread, surplus**2 / self.blocks), self.blocks)

    @property
    def _residual(self) -> float:
        """Σ(D_k - ΔW_k)², in whole numbers up to the division, so that equal rates leave nothing at all."""
        total, words = self.total, self.words
        scaled = self.squares * words**2 - 2 * total * self.products * words + total**2 * self.word_squares
        return scaled / words**2


def pooled_ratio(blocks: Sequence[int], errors: Sequence[int], words: Sequence[int]) -> PooledRatio:
    """Pool rows of D errors and W words; rows whose number of a block is equal are summed first."""
    count = total = length = squares = products = word_squares = 0
    for rows in equal(blocks):
        errors_of_block, words_of_block = sum(errors[row] for row in rows), sum(words[row] for row in rows)
        count += 1
        total += errors_of_block
        length += words_of_block
        squares += errors_of_block * errors_of_block
        products += errors_of_block * words_of_block
        word_squares += words_of_block * words_of_block
    return PooledRatio(
        blocks=count, total=total, words=length, squares=squares, products=products, word_squares=word_squares
    )


def blocks_of(groups: Sequence[int], clips: Sequence[int]) -> array[int]:
    """The number of each clip's block: its group's or, where that is negative, its own."""
    return array("q", (group if group >= 0 else clip for group, clip in zip(groups, clips, strict=True)))


def _numbers(blocks: int) -> list[int]:
    """The numbers of blocks whose critical values count, so that one more block that says nothing never adds to it."""
    return [*range(2, min(blocks, _WIDEST) + 1), *([blocks] if blocks > _WIDEST else [])]


@lru_cache(maxsize=1024)
def _critical(blocks: int, tail: float) -> float:
    """The largest ρ = (Σz)²/Σz² that chance explains, from Student's t with K - 1 degrees of freedom."""
    return max(
        number * quantile**2 / (number - 1 + quantile**2)
        for number in _numbers(blocks)
        for quantile in [student_quantile(tail, number - 1)]
    )


def _tail(rho: float, blocks: int) -> float:
    """The probability that chance alone gives a ρ as large, with Σz above 0."""
    return max(
        student_tail(math.sqrt((number - 1) * rho / (number - rho)), number - 1) if rho < number else 0.0
        for number in _numbers(blocks)
    )
