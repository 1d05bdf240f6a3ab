"""Draws a part of a corpus that is like the whole."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Literal, get_args

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import CorpusError

Stratum = Literal["language", "tags", "group"]
STRATA: tuple[Stratum, ...] = get_args(Stratum)


def sample(clips: Sequence[Clip], size: int, *, seed: int, by: Sequence[Stratum] = STRATA) -> tuple[Clip, ...]:
    """A random part, in the order of the whole, in which the strata have the shares that they have in the whole.

    Systematic sampling: the clips are laid out stratum by stratum, at random within one, and every (n / size)-th is
    taken from a random start. Each clip is as likely as any other, and for the first key of `by` the number from each
    stratum is its share, rounded up or down; within a stratum the same holds for the next key. The draw depends on
    ids, keys and seed, not on the order of the clips.

    Raises:
        CorpusError: the size is not from 1 to the number of clips.
    """
    if not 1 <= size <= len(clips):
        raise CorpusError(
            f"a sample of {size} clips cannot be drawn from {len(clips)}", hint=f"choose -n from 1 to {len(clips)}"
        )
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    shuffled = sorted(clips, key=lambda clip: clip.id)
    chance.shuffle(shuffled)
    laid_out = sorted(shuffled, key=lambda clip: _stratum(clip, by))
    start = chance.randrange(len(clips))
    # In whole numbers, so that no two places are ever the same.
    chosen = {laid_out[(number * len(clips) + start) // size].id for number in range(size)}
    return tuple(clip for clip in clips if clip.id in chosen)


def _stratum(clip: Clip, by: Sequence[Stratum]) -> list[str]:
    values = {"language": clip.language or "", "group": clip.group or "", "tags": " ".join(sorted(clip.tags))}
    return [values[key] for key in by]
