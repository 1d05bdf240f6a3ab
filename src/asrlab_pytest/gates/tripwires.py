"""Changes of one clip that need no statistics: each is a defect, whatever the other clips say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from asrlab_pytest.gates.outcome import many, rate
from asrlab_pytest.scoring.score import Score

CER_RISE = 0.5
"""A clip whose character error rate rises by more than this has become another text."""

Kind = Literal["empty", "loop", "hallucination", "cer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPair:
    """One clip on both sides, scored under the same normalization."""

    clip: str
    baseline: Score
    score: Score
    is_heard: bool = False
    """Whether the texts are what a judge heard of speech, and not what a model wrote."""
    silenced: tuple[int, ...] = ()
    """Turns of a dialogue in which nothing was heard, where the baseline has text; numbers from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tripwire:
    """One clip that came to be wrong in a way that it was not in the baseline."""

    clip: str
    kind: Kind
    detail: str

    def sentence(self) -> str:
        """What happened, with the clip first."""
        return f"{self.clip}: {self.detail}"


def tripwires(pairs: Iterable[ScoredPair], cer_rise: float = CER_RISE) -> tuple[Tripwire, ...]:
    """Find what is new and cannot be chance, clip by clip.

    A clip that was wrong in the same way before trips nothing, and none trips twice: a text that is new and empty is
    not also named for its error rate.

    Args:
        pairs: The clips of both sides.
        cer_rise: The largest rise of a clip's CER that is borne; 0.5 is 50 points.

    Returns:
        In the order of the clips.
    """
    found = ((pair, _first(pair, cer_rise)) for pair in pairs)
    return tuple(Tripwire(clip=pair.clip, kind=trip[0], detail=trip[1]) for pair, trip in found if trip is not None)


def _first(pair: ScoredPair, cer_rise: float) -> tuple[Kind, str] | None:
    before, now = pair.baseline, pair.score
    if _is_empty(now) and not _is_empty(before):
        return "empty", f"nothing was {'heard' if pair.is_heard else 'written'}, where the baseline had text"
    if pair.silenced:
        return "empty", f"nothing was heard in {_turns(pair.silenced)}, where the baseline had text"
    if now.loop is not None and before.loop is None:
        return "loop", f"the text runs in a loop, and did not in the baseline: {now.loop}"
    if now.hallucinated_words and not before.hallucinated_words:
        words = many(now.hallucinated_words, "word")
        return "hallucination", f"{words} written where nothing was said, and none in the baseline"
    if now.cer is not None and before.cer is not None and now.cer - before.cer > cer_rise:
        return "cer", f"CER rose from {rate(before.cer)} to {rate(now.cer)}"
    return None


def _turns(numbers: Sequence[int]) -> str:
    """Turns by their numbers, in words."""
    return f"turn{'s'[: len(numbers) > 1]} {', '.join(map(str, numbers))}"


def _is_empty(score: Score) -> bool:
    """Nothing was written for a clip in which something was said."""
    words = score.words
    return bool(words.reference_length) and not words.hits + words.substitutions + words.insertions
