"""The clips with the highest error rates, and which words were heard as which."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import groupby

from asrlab_pytest.grouping import in_turn
from asrlab_pytest.records.case_set import CaseSet
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.scoring.alignment import AlignedWord
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score

MOST = 3
"""How many clips are shown."""
WORDS = 4
"""How many words of a stretch are shown on each side."""
_NOTHING = "(nothing)"
Scored = Iterable[tuple[Observation, Score]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstClip:
    """A clip, and the models that misheard it in the same way."""

    clip: str
    rate: float
    """Word error rate."""
    models: tuple[str, ...]
    misheard: tuple[str, ...]
    """As "station -> stadium" and "six -> sixty"; how the text repeats itself where it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """What went wrong most."""

    clips: tuple[WorstClip, ...] = ()
    more: int = 0
    """Further clips with errors."""


def worst(scored: Mapping[str, Scored], rules: Rules) -> Worst:
    """The worst clip of each model, then the second worst of each, and so on: no model fills the list alone.

    Args:
        scored: What each model wrote, scored, by model id.
        rules: How texts are compared.
    """
    ranked = [_ranked(rows) for rows in scored.values()]
    chosen: dict[tuple[str, str], tuple[Observation, Score]] = {}
    for row, score in in_turn(ranked):
        if len(chosen) == MOST:
            break
        chosen.setdefault((row.clip, row.hypothesis), (row, score))
    models = _models_of(chosen, scored)
    listed = [_worst_clip(row, score, models[key], rules) for key, (row, score) in chosen.items()]
    clips = tuple(sorted(listed, key=lambda clip: -clip.rate))
    wrong = CaseSet(row.clip for rows in scored.values() for row, score in rows if _is_wrong(score))
    return Worst(clips=clips, more=len(wrong) - len({clip.clip for clip in clips}))


def misheard(alignment: Sequence[AlignedWord]) -> Iterator[str]:
    """The words that differ, as "station -> stadium"; neighbors are joined."""
    for is_hit, words in groupby(alignment, lambda word: word.edit == "hit"):
        if not is_hit:
            pairs = [(word.reference, word.hypothesis) for word in words]
            reference, hypothesis = (_side([*filter(None, side)]) for side in zip(*pairs, strict=True))
            yield f"{reference} -> {hypothesis}"


def _side(words: Sequence[str]) -> str:
    """The words, or their beginning, so that hypothesis and reference fit on a line."""
    if not words:
        return _NOTHING
    return " ".join(words[:WORDS]) + (" ..." if len(words) > WORDS else "")


def _is_wrong(score: Score) -> bool:
    return bool(score.words.errors) and score.wer is not None


def _ranked(scored: Scored) -> list[tuple[Observation, Score]]:
    """The clips with errors, worst first, up to the number that is listed."""
    wrong = ((row, score) for row, score in scored if _is_wrong(score))
    return nsmallest(MOST, wrong, key=lambda pair: (-(pair[1].wer or 0.0), -pair[1].words.errors, pair[0].clip))


def _models_of(
    chosen: Collection[tuple[str, str]], scored: Mapping[str, Scored]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """The models that wrote each chosen text of a clip."""
    clips = {clip for clip, _ in chosen}
    wrote = {
        model: {(row.clip, row.hypothesis) for row, _ in rows if row.clip in clips} for model, rows in scored.items()
    }
    return {key: tuple(model for model, texts in wrote.items() if key in texts) for key in chosen}


def _worst_clip(row: Observation, score: Score, models: tuple[str, ...], rules: Rules) -> WorstClip:
    words = (f"repeats itself: {score.loop}",) if score.loop else tuple(misheard(rules.score(row).alignment))
    return WorstClip(clip=row.clip, rate=score.wer or 0.0, models=models, misheard=words)
