"""Pooled figures: the errors of all clips over the reference words of all clips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from asrlab_pytest.scoring.counts import Counts, pooled
from asrlab_pytest.scoring.score import Score


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusScore:
    """Scores of many clips as one. Clips with an empty reference count in `hallucinated_words` alone."""

    clips: int
    """Clips with a reference."""
    words: Counts
    characters: Counts
    silent_clips: int
    """Clips whose reference is empty."""
    hallucinated_words: int | None
    """Words written in all silent clips; None if there is no such clip."""
    hallucination_rate: float | None
    """Share of the silent clips over which something was written; None if there is no such clip."""
    macro_wer: float | None
    """Mean of the clips' word error rates, each clip weighing the same; None if no clip has a reference."""
    capped_wer: float | None
    """Pooled word error rate with each clip's errors capped at its length, so that no runaway clip owns the figure."""
    loops: int
    """Clips whose hypothesis repeats itself, silent ones included."""

    @property
    def wer(self) -> float | None:
        """Pooled word error rate; None if no clip has a reference."""
        return self.words.rate

    @property
    def cer(self) -> float | None:
        """Pooled character error rate; None if no clip has a reference."""
        return self.characters.rate


def corpus_score(scores: Iterable[Score]) -> CorpusScore:
    """Pool the scores of a corpus."""
    scores = list(scores)
    spoken = [score for score in scores if score.words.reference_length]
    silent = [score for score in scores if not score.words.reference_length]
    words = pooled(score.words for score in spoken)
    capped = sum(min(score.words.errors, score.words.reference_length) for score in spoken)
    return CorpusScore(
        clips=len(spoken),
        words=words,
        characters=pooled(score.characters for score in spoken),
        silent_clips=len(silent),
        hallucinated_words=sum(score.words.insertions for score in silent) if silent else None,
        hallucination_rate=fmean(score.words.insertions > 0 for score in silent) if silent else None,
        macro_wer=fmean(score.words.errors / score.words.reference_length for score in spoken) if spoken else None,
        capped_wer=capped / words.reference_length if spoken else None,
        loops=sum(score.loop is not None for score in scores),
    )
