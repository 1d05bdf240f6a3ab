"""Fact scores: which of the facts that answers must say they say, and what they say that they must not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from asrlab_pytest.corpus.expressions import PATIENCE_S, fits
from asrlab_pytest.corpus.fact import Expected, Fact
from asrlab_pytest.protocols.entities import EntityParameters, extract, signature, spoken_form
from asrlab_pytest.protocols.entities.keywords import keywords
from asrlab_pytest.protocols.entities.text import Tokens

SEARCHED = 10_000
"""Characters of an answer that a regular expression is searched in: ten minutes of speech. A model in a loop writes
more, and many an expression takes time by the square of what it is searched in."""
GIVEN_UP = f"given up after {PATIENCE_S:g} s"
"""Sentence for an expression whose search was given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFact:
    """A fact, and the turn whose answer it is about."""

    turn: int
    """From 1 up."""
    fact: Fact
    given_up: bool = False
    """Whether it is unknown if it was said: its regular expression takes too long."""

    def __str__(self) -> str:
        return f"turn {self.turn}: {self.fact}" + (f" ({GIVEN_UP})" if self.given_up else "")

    def as_json(self) -> dict[str, object]:
        """Plain JSON values."""
        return {"turn": self.turn, **self.fact.as_json(), **({"given_up": True} if self.given_up else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactScore:
    """Facts of the answers of one dialogue, or of many pooled."""

    hits: int
    """Facts that were said."""
    missed: tuple[TurnFact, ...]
    """Facts that were not said."""
    found: tuple[TurnFact, ...]
    """Forbidden facts that were said. An unknown fact counts as an error in either case."""
    protocols: tuple[str, ...]
    """Signatures of the rules that found keywords and entities."""

    @property
    def total(self) -> int:
        """Facts that had to be said."""
        return self.hits + len(self.missed)

    reference_length = total

    @property
    def errors(self) -> int:
        """Facts missed, and things said that must not be; more than `total` where much of that is said."""
        return len(self.missed) + len(self.found)

    @property
    def given_up(self) -> tuple[TurnFact, ...]:
        """Unknown facts, whose search takes too long."""
        return tuple(fact for fact in (*self.missed, *self.found) if fact.given_up)

    @property
    def recall(self) -> float | None:
        """Of the facts that had to be said, those that were; None if there were none."""
        return self.hits / self.total if self.total else None

    def as_json(self) -> dict[str, object]:
        """Plain JSON: counts, the rate, and what is wrong."""
        return {
            "protocols": list(self.protocols),
            "hits": self.hits,
            "total": self.total,
            "errors": self.errors,
            "recall": self.recall,
            "missed": [fact.as_json() for fact in self.missed],
            "found": [fact.as_json() for fact in self.found],
        }


def score_facts(
    answers: Sequence[str],
    expected: Sequence[Expected],
    language: str | None = "en",
    *,
    parameters: EntityParameters | None = None,
) -> FactScore:
    """Score the answers of a dialogue.

    Args:
        answers: What the model wrote in each turn, untouched.
        expected: What each must say and must not.
        language: ISO 639-1 code that chooses the rules for entities.
        parameters: What the texts do not say by themselves; None for the defaults.

    Raises:
        ValueError: there are more answers than turns, or fewer.
    """
    parameters = parameters or EntityParameters()
    hits, missed, forbidden = 0, [], []
    for turn, (answer, wanted) in enumerate(zip(answers, expected, strict=True), start=1):
        text = _Answer(answer, language, parameters)
        missing = [_turn_fact(turn, fact, said) for fact in wanted.facts if not (said := text.says(fact))]
        hits += len(wanted.facts) - len(missing)
        missed += missing
        forbidden += [
            _turn_fact(turn, fact, said) for fact in wanted.forbidden if (said := text.says(fact)) is not False
        ]
    protocols = (signature(language, parameters),)
    return FactScore(hits=hits, missed=tuple(missed), found=tuple(forbidden), protocols=protocols)


def pooled_facts(scores: Iterable[FactScore]) -> FactScore:
    """The scores of many dialogues as one: sums of counts, never means of rates."""
    scores = list(scores)
    return FactScore(
        hits=sum(score.hits for score in scores),
        missed=tuple(fact for score in scores for fact in score.missed),
        found=tuple(fact for score in scores for fact in score.found),
        protocols=tuple(sorted({protocol for score in scores for protocol in score.protocols})),
    )


def _turn_fact(turn: int, fact: Fact, said: bool | None) -> TurnFact:
    return TurnFact(turn=turn, fact=fact, given_up=said is None)


class _Answer:
    """An answer, and what can be found in it."""

    def __init__(self, text: str, language: str | None, parameters: EntityParameters) -> None:
        self._text = text
        self._tokens = Tokens(text)
        self._language = language
        self._entities = {spoken_form(entity) for entity in extract(text, language=language, parameters=parameters)}

    def says(self, fact: Fact) -> bool | None:
        """Whether a fact is in the answer; None if the search takes too long."""
        if fact.regex is not None:
            return fits(fact.regex, self._text[:SEARCHED])
        if fact.keywords is not None:
            return next(keywords(self._tokens, fact.keywords, self._language), None) is not None
        assert fact.entity is not None
        return spoken_form(fact.entity) in self._entities
