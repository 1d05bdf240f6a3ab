"""Pairs of runs in which the truth is known, drawn from what real models did to real recordings.

`clip_counts.json` has numbers alone: of each clip the number of its speaker or origin, and of each model its edits of
the words, of the characters and of the entities. It is of 32 English recordings of people, of three words or more, that
come with open-source projects: LJ Speech (17), CMU PocketSphinx (10), and SpeechBrain, Whisper and SpeechRecognition
(5). They were transcribed by OpenAI's Whisper tiny.en (float32, int8) and base (float32), by faster-whisper with greedy
decoding, and by PocketSphinx with its own en-us model, and scored with normalization 1.0: WER 4.4 % (tiny.en), 4.2 %
(base) and 23.4 % (PocketSphinx). `make_clip_counts.py` makes the file from records.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from asrlab_pytest.gates.pairing import Pair, Pairing
from asrlab_pytest.records.measured import PairedRound, Times
from asrlab_pytest.scoring.counts import Counts
from asrlab_pytest.scoring.entities import EntityCounts
from asrlab_pytest.scoring.score import Score

COUNTS = Path(__file__).with_name("clip_counts.json")
Generator = np.random.Generator


class Side(NamedTuple):
    """What one model made of one clip."""

    hits: int
    substitutions: int
    deletions: int
    insertions: int
    characters: int
    """Of the reference."""
    character_errors: int
    entities: int = 0
    """Of the reference."""
    entity_errors: int = 0

    @property
    def words(self) -> int:
        return self.hits + self.substitutions + self.deletions

    @property
    def errors(self) -> int:
        return self.substitutions + self.deletions + self.insertions

    def worse_by(self, errors: int) -> Side:
        """The same with so many more words wrong: words that were right first, then inserted ones."""
        wrong = min(errors, self.hits)
        return self._replace(
            hits=self.hits - wrong,
            substitutions=self.substitutions + wrong,
            insertions=self.insertions + errors - wrong,
            character_errors=self.character_errors + 4 * errors,
        )


@dataclass(frozen=True)
class RealClips:
    """Clips and what each model made of them."""

    speakers: tuple[int, ...]
    sides: dict[str, tuple[Side, ...]]

    @classmethod
    def read(cls) -> RealClips:
        stored = json.loads(COUNTS.read_text(encoding="utf-8"))
        sides = {model: tuple(Side(*row) for row in rows) for model, rows in stored["models"].items()}
        return cls(tuple(stored["speakers"]), sides)


@dataclass(frozen=True)
class Corpus:
    """So many clips of so many speakers, each with as many clips as another."""

    clips: int
    speakers: int | None
    """None if no group is stated."""

    def groups(self) -> list[str | None]:
        return [None if self.speakers is None else str(clip % self.speakers) for clip in range(self.clips)]

    def __str__(self) -> str:
        return f"{self.clips} clips" if self.speakers is None else f"{self.clips} x {self.speakers}"


@dataclass(frozen=True)
class Change:
    """How the later run differs from the earlier, beside what differs by chance."""

    pair: tuple[str, str] | None = ("tiny.en", "base")
    """Two models, each of which takes either side of each clip by chance; None for one model twice."""
    rerun: float = 0.0
    """Share of the clips of which one side, either, has one more error."""
    factor: float = 1.0
    """By how much the rate of the later run is multiplied, by errors that are added anywhere."""
    speaker_sd: float = 0.0
    """Standard deviation of what the change does to the rate of a speaker."""
    one_speaker: float = 1.0
    """The factor of the first speaker alone."""
    runaway: int = 0
    """Words that one clip of the later run has too many."""


def draw(clips: RealClips, corpus: Corpus, change: Change, rng: Generator, model: str = "m") -> Pairing:
    """One pair of runs."""
    chosen = rng.integers(0, len(clips.speakers), corpus.clips)
    first, second = change.pair or ("tiny.en", "tiny.en")
    sides = np.array([clips.sides[first], clips.sides[second]], dtype=object)
    swaps = rng.integers(0, 2, corpus.clips)
    words = np.array([side.words for side in clips.sides[first]])[chosen]
    errors = np.array([clips.sides[name] for name in (first, second)])
    rate = errors[:, :, 1:4].sum() / (2 * errors[0, :, :3].sum())
    extra = _extra(words, rate, corpus, change, rng)
    drawn = [
        (Side(*sides[swap][index]), Side(*sides[1 - swap][index])) for index, swap in zip(chosen, swaps, strict=True)
    ]
    return pairing([(a.worse_by(x), b.worse_by(y)) for (a, b), x, y in zip(drawn, *extra, strict=True)], corpus, model)


def _extra(
    words: np.ndarray, rate: float, corpus: Corpus, change: Change, rng: Generator
) -> tuple[list[int], list[int]]:
    """Errors to add to either side of each clip."""
    count = len(words)
    speaker = np.arange(count) % (corpus.speakers or count)
    shift = change.speaker_sd * rng.standard_normal(count)[speaker]
    factor = np.where(speaker == 0, max(change.factor, change.one_speaker), change.factor)
    after = rng.poisson(((factor - 1) * rate + np.maximum(shift, 0)) * words)
    before = rng.poisson(np.maximum(-shift, 0) * words)
    odd = rng.random(count) < change.rerun
    side = rng.integers(0, 2, count)
    after[0] += change.runaway
    return (before + (odd & (side == 0))).tolist(), (after + (odd & (side == 1))).tolist()


def pairing(drawn: Sequence[tuple[Side, Side]], corpus: Corpus, model: str = "m") -> Pairing:
    """A run beside another, as the gate gets it from texts."""
    pairs = tuple(
        Pair(
            clip=str(index),
            group=group,
            before=_score(before[:6]),
            now=_score(after[:6]),
            before_entities=_entities(*before[6:]),
            entities=_entities(*after[6:]),
        )
        for index, ((before, after), group) in enumerate(zip(drawn, corpus.groups(), strict=True))
    )
    return Pairing(model=model, against=model, pairs=pairs, new=(), removed=(), changed=())


@cache
def _score(edits: tuple[int, ...]) -> Score:
    hits, substitutions, deletions, insertions, characters, wrong = edits
    return Score(
        words=Counts(hits=hits, substitutions=substitutions, deletions=deletions, insertions=insertions),
        characters=Counts(
            hits=max(characters - wrong, 0), substitutions=min(wrong, characters), insertions=max(wrong - characters, 0)
        ),
        alignment=(),
        normalization="",
    )


@cache
def _entities(said: int, errors: int) -> EntityCounts:
    wrong = min(said, errors)
    return EntityCounts(correct=said - wrong, substituted=wrong, invented=errors - wrong)


def clips_of_length(words: int, rate: float, count: int, rng: Generator) -> list[Side]:
    """Sides of so many clips of one length, each word of which is wrong by chance.

    A wrong word has three to five wrong characters. One in six is lost, and in one of ten clips that have a wrong word,
    one to three words are heard that nobody said.
    """
    wrong = rng.binomial(words, rate, count)
    lost = rng.binomial(wrong, 1 / 6)
    added = (wrong > 0) * (rng.random(count) < 0.1) * rng.integers(1, 4, count)
    characters = rng.binomial(2 * wrong, 0.5) + 3 * wrong + 5 * added
    rows = zip(words - wrong, wrong - lost, lost, added, characters, strict=True)
    return [
        Side(int(hit), int(other), int(gone), int(more), 6 * words - 1, int(errors))
        for hit, other, gone, more, errors in rows
    ]


@dataclass(frozen=True)
class Machine:
    """Two models on one machine, and a neighbour who takes the core away now and then."""

    ratio: float = 1.0
    clips: int = 14
    rounds: int = 7
    jitter: float = 0.02
    burst: float = 0.0
    """Share of the time in which the neighbour works; then all takes 1.5 to 2.5 times as long."""
    drift: float = 0.0
    """How much slower the machine is at the end than at the start, as a fraction."""

    def draw(self, rng: Generator) -> list[PairedRound]:
        base = 0.3 * rng.lognormal(0, 0.7, self.clips)
        busy, made = False, []
        for number in range(self.rounds):
            for clip in rng.permutation(self.clips):
                taken = {}
                for side in rng.permutation(2):
                    if rng.random() < 0.2:
                        busy = bool(rng.random() < self.burst)
                    slow = (rng.uniform(1.5, 2.5) if busy else 1.0) * (1 + self.drift * number / self.rounds)
                    seconds = base[clip] * slow * rng.lognormal(0, self.jitter)
                    taken[int(side)] = Times(wall_s=float(seconds * (1 if side else self.ratio)))
                made.append(PairedRound(clip=str(clip), round=number, model=taken[0], reference=taken[1]))
        return made
