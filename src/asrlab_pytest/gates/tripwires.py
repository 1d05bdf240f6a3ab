"""Defects that a change of the error rate does not show: of single clips, and of clips too short to speak alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from asrlab_pytest.gates.outcome import rate
from asrlab_pytest.records.packed_names import PackedNames
from asrlab_pytest.scoring.p_values import sign_test_p, tarone_holm
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.wording import many

CER_RISE = 0.5
"""A clip whose character error rate rises by more than this may have become another text."""
LEAST_WORDS = 5
"""Words that a clip must have, and errors or invented words that must be new, before one clip is a defect by itself."""
RARE = 3
"""A clip has become another text where it has so many times the errors that a clip of its length has in the mean."""
TOGETHER = 0.01
"""The p-value at which clips too short to speak alone are a defect together, in all models of a run."""
_NAMED = 5

Kind = Literal["empty", "loop", "hallucination", "cer", "forbidden"]


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
    more_forbidden: int | None = None
    """The additional forbidden facts of a dialogue compared with the baseline, if it requires no facts and so counts in
    no rate; None for everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tripwire:
    """A new defect: a clip, or several clips together, wrong in a way that the baseline is not."""

    clips: tuple[str, ...]
    kind: Kind
    detail: str

    def sentence(self) -> str:
        """What happened, with the clip first where it is one."""
        return f"{self.clips[0]}: {self.detail}" if len(self.clips) == 1 else self.detail


def judge_tripwires(models: Sequence[Iterable[ScoredPair]], cer_rise: float = CER_RISE) -> list[tuple[Tripwire, ...]]:
    """Find what is new and cannot be chance in the clips of each model of a run.

    A clip is a defect by itself if it loops, or if `LEAST_WORDS` words or more are lost, invented or
    wrong that were not before. Where fewer are, one clip may be chance, and the clips are judged together: those that
    became empty against those that no longer are, by the exact sign test; likewise those with more invented words
    against those with fewer, and dialogues without facts that say more forbidden facts against those that say
    fewer. These tests of all models are one family.

    A clip that was wrong in the same way before trips nothing, and none trips twice: a text that is new and empty is
    not also named for its error rate.

    Args:
        models: The clips of both sides, by model; they are gone through several times.
        cer_rise: The largest rise of a clip's CER that is tolerated; 0.5 is 50 points.

    Returns:
        Of each model, in the order of the clips; those of several clips last.
    """
    together = [_together(pairs) for pairs in models]
    flat = [test for tests in together for test in tests]
    adjusted = iter(tarone_holm([test.p for test in flat], [test.least_p for test in flat], TOGETHER))
    return [
        (
            *_by_themselves(pairs, cer_rise),
            *(test.tripwire(p) for test in tests if (p := next(adjusted)) is not None and p <= TOGETHER),
        )
        for pairs, tests in zip(models, together, strict=True)
    ]


@dataclass(slots=True)
class _SignTest:
    """Clips that became worse in a way, against those that became better in it."""

    kind: Kind
    worse: PackedNames = field(default_factory=PackedNames)
    """Their ids."""
    better: int = 0
    of: int = 0
    """Clips in which it could have happened."""

    is_heard: bool = False
    """Whether any of the worse texts is what a judge heard."""

    def add(self, pair: ScoredPair, change: int) -> None:
        """Add a clip in which it could have happened: above 0 where it is worse than before, below 0 where better."""
        self.of += 1
        self.better += change < 0
        if change > 0:
            self.worse.append(pair.clip)
            self.is_heard |= pair.is_heard

    @property
    def p(self) -> float:
        return sign_test_p(len(self.worse), self.better)

    @property
    def least_p(self) -> float:
        return 0.5 ** (len(self.worse) + self.better)

    def tripwire(self, p: float) -> Tripwire:
        clips = tuple(self.worse)
        named = ", ".join(clips[:_NAMED]) + (", ..." if len(clips) > _NAMED else "")
        silent = f"{many(self.of, 'dialogue')} without text" if self.is_heard else many(self.of, "silent clip")
        what = {
            "empty": f"{len(clips)} of {many(self.of, 'clip')} with fewer than {LEAST_WORDS} words became empty, "
            f"{self.better or 'none'} the other way round",
            "hallucination": f"{len(clips)} of {silent} have more hallucinated words, {self.better or 'none'} fewer",
            "forbidden": f"{len(clips)} of {many(self.of, 'dialogue')} without facts say more forbidden facts, "
            f"{self.better or 'none'} fewer",
        }[self.kind]
        return Tripwire(clips=clips, kind=self.kind, detail=f"{what} (sign test p {p:.2g}): {named}")


def _together(pairs: Iterable[ScoredPair]) -> list[_SignTest]:
    """What only several clips together show."""
    empty, invented, forbidden = _SignTest("empty"), _SignTest("hallucination"), _SignTest("forbidden")
    for pair in pairs:
        length = pair.score.words.reference_length
        if 0 < length < LEAST_WORDS and not pair.is_heard:
            empty.add(pair, _is_empty(pair.score) - _is_empty(pair.baseline))
        if not length:
            invented.add(pair, _invented(pair))
        if pair.more_forbidden is not None:
            forbidden.add(pair, pair.more_forbidden)
    return [empty, invented, forbidden]


def _invented(pair: ScoredPair) -> int:
    """Words written where nothing was said, more than in the baseline."""
    return (pair.score.hallucinated_words or 0) - (pair.baseline.hallucinated_words or 0)


def _by_themselves(pairs: Iterable[ScoredPair], cer_rise: float) -> Iterable[Tripwire]:
    words = errors = 0
    for pair in pairs:
        words += pair.baseline.words.reference_length
        errors += pair.baseline.words.errors if pair.baseline.words.reference_length else 0
    wer = errors / words if words else 0.0
    for pair in pairs:
        if (trip := _first(pair, cer_rise, wer)) is not None:
            yield Tripwire(clips=(pair.clip,), kind=trip[0], detail=trip[1])


def _first(pair: ScoredPair, cer_rise: float, wer: float) -> tuple[Kind, str] | None:
    before, now = pair.baseline, pair.score
    length = now.words.reference_length
    # A recognizer may miss a word or two by chance; speech that is not there was never made.
    if (length >= LEAST_WORDS or pair.is_heard) and _is_empty(now) and not _is_empty(before):
        return "empty", f"no {'speech was heard' if pair.is_heard else 'text'}, but the baseline has text"
    if pair.silenced:
        return "empty", f"no speech was heard in {_turns(pair.silenced)}, but the baseline has text"
    if now.loop is not None and before.loop is None:
        return "loop", f"the text loops, but not in the baseline: {now.loop}"
    if not length and _invented(pair) >= LEAST_WORDS:
        words, then = many(now.words.insertions, "hallucinated word"), before.words.insertions or "none"
        where = "although it wrote no text" if pair.is_heard else "in a silent clip"
        return "hallucination", f"{words} {where}, {then} in the baseline"
    if _is_another_text(before, now, cer_rise, wer):
        return "cer", f"CER rose from {rate(before.cer or 0.0)} to {rate(now.cer or 0.0)}"
    return None


def _is_another_text(before: Score, now: Score, cer_rise: float, wer: float) -> bool:
    """Whether so many errors are new that no clip of this length has them by chance."""
    if now.cer is None or before.cer is None or now.cer - before.cer <= cer_rise:
        return False
    errors, length = now.words.errors, now.words.reference_length
    # Of a short clip every word may be wrong by chance, and a few more be heard.
    usual = length if length < LEAST_WORDS else RARE * wer * length
    return errors - before.words.errors >= LEAST_WORDS and errors >= LEAST_WORDS + usual


def _turns(numbers: Sequence[int]) -> str:
    """Turns by their numbers, in words."""
    return f"turn{'s'[: len(numbers) > 1]} {', '.join(map(str, numbers))}"


def _is_empty(score: Score) -> bool:
    """Nothing was written for a clip in which something was said."""
    words = score.words
    return bool(words.reference_length) and not words.hits + words.substitutions + words.insertions
