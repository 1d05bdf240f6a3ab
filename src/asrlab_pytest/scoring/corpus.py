"""Pooled figures: the errors of all clips over the reference words of all clips."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from asrlab_pytest.scoring.counts import Counts
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

    def __repr__(self) -> str:
        """Short, because pytest shows it where an assertion on it fails."""
        return f"<CorpusScore of {self.clips} clips: WER {self.words.in_short}>"

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
    pool = ScorePool()
    for score in scores:
        pool.add(score)
    return pool.score()


class ScorePool:
    """Sums over the scores of a corpus, and 8 bytes per clip for the mean of rates."""

    def __init__(self) -> None:
        self._words = self._characters = Counts()
        self._rates = array("d")
        self._capped = self._silent = self._hallucinated = self._wrong_silent = self._loops = 0

    def add(self, score: Score) -> None:
        """Add a clip."""
        words, length = score.words, score.words.reference_length
        self._loops += score.loop is not None
        if not length:
            self._silent += 1
            self._hallucinated += words.insertions
            self._wrong_silent += words.insertions > 0
            return
        self._words += words
        self._characters += score.characters
        self._rates.append(words.errors / length)
        self._capped += min(words.errors, length)

    def score(self) -> CorpusScore:
        """The score of the clips so far."""
        words, silent = self._words, self._silent
        return CorpusScore(
            clips=len(self._rates),
            words=words,
            characters=self._characters,
            silent_clips=silent,
            hallucinated_words=self._hallucinated if silent else None,
            hallucination_rate=self._wrong_silent / silent if silent else None,
            macro_wer=fmean(self._rates) if self._rates else None,
            capped_wer=self._capped / words.reference_length if self._rates else None,
            loops=self._loops,
        )
