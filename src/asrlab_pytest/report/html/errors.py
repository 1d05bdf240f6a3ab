"""The most frequent substitutions, deletions and insertions of each model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from asrlab_pytest.report.clips import Item
from asrlab_pytest.report.layout import short
from asrlab_pytest.visible import visible
from asrlab_pytest.wording import many

MOST = 15
_LETTERS = 60
_KINDS = ("substitution", "deletion", "insertion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequent:
    """An error that a model makes again and again."""

    words: str
    """As "there → where"; a single word where it was deleted or inserted."""
    count: int
    search: str
    """The search that finds its clips in the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelErrors:
    """The errors of one model, the most frequent first."""

    model: str
    kinds: tuple[tuple[str, tuple[Frequent, ...], str], ...]
    """How many of the kind there are, in words, the most frequent, and how many others there are, in words."""


def frequent_errors(items: Iterable[Item]) -> list[ModelErrors]:
    """Count the errors of every ASR model; quarantined clips are left out."""
    counters: dict[str, dict[str, Counter[tuple[str, str]]]] = {}
    for item in items:
        if item.task != "asr" or item.quarantined:
            continue
        for answer in item.answers:
            kinds = counters.setdefault(answer.model, {kind: Counter() for kind in _KINDS})
            for part in answer.parts:
                for word in part.score.alignment:
                    if word.edit != "hit":
                        kinds[word.edit][word.reference, word.hypothesis] += 1
    return [
        ModelErrors(
            model=visible(model),
            kinds=tuple((many(kinds[kind].total(), kind), _most(kinds[kind]), _rest(kinds[kind])) for kind in _KINDS),
        )
        for model, kinds in counters.items()
    ]


def _most(counter: Counter[tuple[str, str]]) -> tuple[Frequent, ...]:
    ranked = sorted(counter.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST]
    return tuple(_frequent(*pair, count) for pair, count in ranked)


def _rest(counter: Counter[tuple[str, str]]) -> str:
    """How many of the errors are not listed, so that all numbers add up to the one of the kind."""
    rest = counter.total() - sum(error.count for error in _most(counter))
    return f"and {rest} more" if rest > 0 else ""


def _frequent(reference: str, hypothesis: str, count: int) -> Frequent:
    words = " → ".join(short(visible(word), _LETTERS) for word in (reference, hypothesis) if word)
    return Frequent(words=words, count=count, search=f"{visible(reference)}→{visible(hypothesis)}")
