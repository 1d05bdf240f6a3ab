"""Hypotheses from records, with the competence of each model."""

from __future__ import annotations

import heapq
import math
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.writing_systems import base

COMPETENT = 0.4
"""Character distance to the nearest reference that a model's median clip must be below."""
LONG_ENOUGH = 20
"""Characters; shorter texts are too similar to each other."""
NEAREST = 12
"""References that each hypothesis is compared with."""
BUDGET = 5000
"""Postings that are considered for one hypothesis, rarest features first."""
_FAMILIES = {"openai-whisper": "whisper", "faster-whisper": "whisper"}


def family(engine: str) -> str:
    """Models of one family make the same errors, and do not confirm each other."""
    return _FAMILIES.get(engine, engine)


def distance(first: str, second: str) -> float:
    """Edits between two normalized texts over the length of the longer, 0 to 1."""
    return float(Levenshtein.normalized_distance(first, second))


@dataclass(frozen=True)
class Hypotheses:
    """Normalized references and hypotheses of one corpus.

    Args:
        clips: The clips of the whole corpus, by id.
        references: Normalized references of the whole corpus, by clip id.
        hypotheses: Normalized hypotheses, by model and clip id.
        raw: The hypotheses as they were written, by model and clip id, without the space that Whisper begins with.
        families: Family of each model.
    """

    clips: Mapping[str, Clip]
    references: Mapping[str, str]
    hypotheses: Mapping[str, Mapping[str, str]]
    raw: Mapping[str, Mapping[str, str]]
    families: Mapping[str, str]
    remarks: list[str] = field(default_factory=list)
    """Messages about the models that are ignored, with the reason."""

    @cached_property
    def index(self) -> ReferenceIndex:
        return ReferenceIndex({clip_id: text for clip_id, text in self.references.items() if text})

    @cached_property
    def competent(self) -> dict[str, dict[str, str]]:
        """Hypotheses of the models that are good enough in the clip's language, by clip and model id.

        A model is measured on every clip that it transcribed, so that its competence does not depend on the clips
        that are selected.

        A model is measured by the reference nearest to each hypothesis, not by the clip's own. Otherwise a corpus in
        which all texts are swapped would discredit the models that prove it.
        """
        competent: dict[str, dict[str, str]] = {}
        for model, texts in self.hypotheses.items():
            by_language = grouped((base(self.clips[clip_id].language), clip_id) for clip_id in texts)
            for language, ids in by_language.items():
                middle = self._median_distance(texts, ids)
                if middle is None or middle < COMPETENT:
                    for clip_id in ids:
                        competent.setdefault(clip_id, {})[model] = texts[clip_id]
                else:
                    self.remarks.append(
                        f"ignored {model} for clips {f'in {language}' if language else 'without a language'}: its "
                        f"median distance to the nearest reference is {middle:.0%}, so either the model or the whole "
                        "corpus is wrong"
                    )
        return competent

    def _median_distance(self, texts: Mapping[str, str], ids: Iterable[str]) -> float | None:
        """The lower of two medians: of all clips with a text, and of those whose text is long; None without any.

        A model that mishears single words may be good on sentences, and a few sentences may all be wrong.
        """
        nearest = self._nearest_distances(texts, [clip_id for clip_id in ids if self.references[clip_id]])
        long = [far for clip_id, far in nearest.items() if len(self.references[clip_id]) >= LONG_ENOUGH]
        return min((statistics.median(distances) for distances in (nearest.values(), long) if distances), default=None)

    def _nearest_distances(self, texts: Mapping[str, str], ids: Iterable[str]) -> dict[str, float]:
        """Distance of each hypothesis to the nearest reference, by clip id; 1 where none is left.

        A text is the nearest of at most as many hypotheses as clips have it: a model that writes the same for every
        clip is right once. Most hypotheses are near their own reference, and take it first.
        """
        distances = {clip_id: distance(texts[clip_id], self.references[clip_id]) for clip_id in ids}
        nearest = {clip_id: far for clip_id, far in distances.items() if far < COMPETENT}
        free = Counter(self.references.values())
        free.subtract(self.references[clip_id] for clip_id in nearest)
        others = sorted(
            (distance(texts[clip_id], text), text != self.references[clip_id], clip_id, text)
            for clip_id in distances.keys() - nearest.keys()
            for text in {self.references[other] for other in (clip_id, *self.index.nearest(texts[clip_id]))}
        )
        for far, _, clip_id, text in others:
            if clip_id not in nearest and free[text]:
                free[text] -= 1
                nearest[clip_id] = far
        return dict.fromkeys(distances, 1.0) | nearest

    def nearest_witness(self, clip_id: str) -> str | None:
        """The competent model whose text is nearest to the clip's reference."""
        hypotheses = self.competent.get(clip_id, {})
        reference = self.references[clip_id]
        return min(hypotheses, key=lambda model: (distance(hypotheses[model], reference), model), default=None)

    def families_of(self, models: Iterable[str]) -> set[str]:
        return {self.families[model] for model in models}


def gathered(
    clips: Mapping[str, Clip], references: Mapping[str, str], rows: Iterable[Observation], rules: Rules
) -> Hypotheses:
    """The hypotheses of a run's first pass that are of a corpus. If a case is duplicated, the last one counts.

    Args:
        clips: Of the whole corpus, by id.
        references: Normalized references of the whole corpus, by clip id.
        rows: Observations as they are in a record.
        rules: How texts are compared.
    """
    hypotheses: dict[str, dict[str, str]] = {}
    raw: dict[str, dict[str, str]] = {}
    families: dict[str, str] = {}
    for row in rows:
        clip = clips.get(row.clip)
        if clip is None:
            continue
        model = row.model
        chosen = rules.normalizations.choose(clip.language, clip.normalization)
        hypotheses.setdefault(model, {})[clip.id] = chosen.written(row.hypothesis)
        raw.setdefault(model, {})[clip.id] = row.hypothesis.strip()
        families[model] = family(row.engine)
    return Hypotheses(clips, references, hypotheses, raw, families)


class ReferenceIndex:
    """Finds the references that share rare words, or pieces of them, with a text.

    Args:
        references: Normalized texts by clip id.
    """

    def __init__(self, references: Mapping[str, str]) -> None:
        self._postings = grouped(
            (feature, clip_id) for clip_id, text in references.items() for feature in set(_features(text))
        )
        self._count = max(len(references), 1)

    def nearest(self, text: str) -> list[str]:
        """Ids of the clips whose references share most with the text, the best first."""
        weights: dict[str, float] = {}
        clips_by_feature = sorted(
            filter(None, (self._postings.get(feature) for feature in set(_features(text)))), key=len
        )
        looked_at = 0
        for postings in clips_by_feature:
            looked_at += len(postings)
            if looked_at > BUDGET and postings is not clips_by_feature[0]:
                break
            weight = math.log(1 + self._count / len(postings))
            for clip_id in postings:
                weights[clip_id] = weights.get(clip_id, 0.0) + weight
        return heapq.nlargest(NEAREST, weights, key=lambda clip_id: weights[clip_id])


def _features(text: str) -> Iterator[str]:
    """The words of a text, and every four characters in a row, which survive a misheard word."""
    yield from (f"={word}" for word in text.split())
    joined = text.replace(" ", "")
    yield from (joined[place : place + 4] for place in range(max(len(joined) - 3, 1)))
