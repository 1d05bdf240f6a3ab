"""The clips with the highest error rates, and which words were heard as which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.scoring.alignment import AlignedWord
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score

MOST = 3
"""How many clips are shown."""
WORDS = 3
"""How many words of a stretch are shown on each side."""
_NOTHING = "(nothing)"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstClip:
    """A clip, and the models that misheard it in the same way."""

    clip: str
    rate: float
    """Word error rate."""
    models: tuple[str, ...]
    misheard: str
    """As "station -> stadium, six -> sixty"; how the text repeats itself where it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """What went wrong most."""

    clips: tuple[WorstClip, ...] = ()
    more: int = 0
    """Further clips with errors."""


def worst(scored: Mapping[str, Sequence[tuple[Observation, Score]]], rules: Rules, most: int = MOST) -> Worst:
    """The worst clip of each model, then the second worst of each, and so on: no model fills the list alone.

    Args:
        scored: What each model wrote, scored, by model id.
        rules: How texts are compared.
        most: How many are listed.
    """
    ranked = {model: _ranked(rows) for model, rows in scored.items()}
    wrong = {row.clip for rows in ranked.values() for row, _ in rows}
    chosen: dict[tuple[str, str], WorstClip] = {}
    for row, score in _in_turn(list(ranked.values())):
        if len(chosen) == most:
            break
        key = (row.clip, row.hypothesis)
        if key not in chosen:
            chosen[key] = _worst_clip(row, score, scored, rules)
    clips = tuple(sorted(chosen.values(), key=lambda clip: -clip.rate))
    return Worst(clips=clips, more=len(wrong - {clip.clip for clip in clips}))


def misheard(alignment: Sequence[AlignedWord]) -> Iterator[str]:
    """The words that differ, as "station -> stadium"; neighbors are joined."""
    for is_hit, words in groupby(alignment, lambda word: word.edit == "hit"):
        if not is_hit:
            part = list(words)
            reference, hypothesis = (_side([*filter(None, side)]) for side in zip(*_texts(part), strict=True))
            yield f"{reference} -> {hypothesis}"


def _side(words: Sequence[str]) -> str:
    """The words, or their beginning, so that hypothesis and reference fit on a line."""
    if not words:
        return _NOTHING
    return " ".join(words[:WORDS]) + (" ..." if len(words) > WORDS else "")


def _texts(words: Sequence[AlignedWord]) -> list[tuple[str, str]]:
    return [(word.reference, word.hypothesis) for word in words]


def _ranked(scored: Sequence[tuple[Observation, Score]]) -> list[tuple[Observation, Score]]:
    """The clips with errors, the worst first."""
    wrong = [(row, score) for row, score in scored if score.words.errors and score.wer is not None]
    return sorted(wrong, key=lambda pair: (-(pair[1].wer or 0.0), -pair[1].words.errors, pair[0].clip))


def _in_turn(lists: Sequence[Sequence[tuple[Observation, Score]]]) -> Iterator[tuple[Observation, Score]]:
    for rank in range(max(map(len, lists), default=0)):
        yield from (ranking[rank] for ranking in lists if rank < len(ranking))


def _worst_clip(
    row: Observation, score: Score, scored: Mapping[str, Sequence[tuple[Observation, Score]]], rules: Rules
) -> WorstClip:
    models = tuple(
        model
        for model, rows in scored.items()
        if any(other.clip == row.clip and other.hypothesis == row.hypothesis for other, _ in rows)
    )
    sentence = f"repeats itself: {score.loop}" if score.loop else ", ".join(misheard(rules.score(row).alignment))
    return WorstClip(clip=row.clip, rate=score.wer or 0.0, models=models, misheard=sentence)
