"""Joins hypotheses to references by id, and says what has no counterpart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from asrlab_pytest.errors import ConfigError, CorpusError
from asrlab_pytest.protocols.normalization.pairing import (
    ONE_GROUP,
    every_alternative,
    has_alternatives,
    unread_alternatives,
)
from asrlab_pytest.records.packed_names import PackedNames
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.transcripts.by_id import TextsById
from asrlab_pytest.transcripts.reading import Answers, References
from asrlab_pytest.transcripts.utterance import Hypothesis, Utterance
from asrlab_pytest.wording import some

_SHOWN = 80
"""Characters of a reference in a message."""


@dataclass(frozen=True)
class Transcripts:
    """References, and what models wrote for them."""

    references: References
    answers: Sequence[Answers]

    @property
    def pairs(self) -> Iterator[tuple[str, Utterance, Hypothesis]]:
        """Model, reference and hypothesis, model by model in the order of the references."""
        for answers in self.answers:
            for name, utterance in self.references.by_id.items():
                hypothesis = answers.by_id.get(name)
                if hypothesis is not None:
                    yield answers.model, utterance, hypothesis

    @property
    def gaps(self) -> list[str]:
        """What has no counterpart, in sentences."""
        sentences = []
        for answers in self.answers:
            strange = _not_in(answers.by_id, self.references.by_id)
            if strange:
                place = answers.by_id[strange[0]].where
                sentences.append(f"{place}: no reference for {some(strange)}")
            if answers.strays:
                words = some([f"{word.text!r} ({word.id})" for word in answers.strays])
                sentences.append(f"{answers.strays[0].where}: in no segment of the reference: {words}")
            missing = _not_in(self.references.by_id, answers.by_id)
            if missing:
                place = self.references.by_id[missing[0]].where
                sentences.append(f"{answers.path} has no hypothesis for {some(missing)} ({place})")
        return sentences


def matched(references: References, answers: Sequence[Answers]) -> Transcripts:
    """The transcripts of files.

    Raises:
        ConfigError: a file has no hypothesis for any reference.
    """
    for each in answers:
        _name_by_reference(each.by_id, references.by_id)
        if not any(name in references.by_id for name in each.by_id):
            if each.strays:
                word = each.strays[0]
                raise ConfigError(
                    f"{word.where}: no word lies in a segment of {references.name}: {word.text!r} is of {word.id}",
                    hint="give the recording and its channel the names that the stm has for them",
                )
            raise ConfigError(
                f"{each.path} and {references.name} share no id: {each.path} has {_some_ids(each.by_id)}; "
                f"{references.name} has {_some_ids(references.by_id)}",
                hint="give a hypothesis the id of its reference, or name the column: --column id=NAME",
            )
    return Transcripts(references, answers)


def _not_in(names: Iterable[str], others: TextsById[Utterance] | TextsById[Hypothesis]) -> PackedNames:
    return PackedNames(name for name in names if name not in others)


def _name_by_reference(hypotheses: TextsById[Hypothesis], references: TextsById[Utterance]) -> None:
    """Give each hypothesis the id of its reference if the two differ only in Unicode composition."""
    for name in _not_in(hypotheses, references):
        known = references.composed_like(name)
        if known is not None and known not in hypotheses:
            hypotheses.rename(name, known)


def refuse_silence(references: TextsById[Utterance], rules: Rules) -> None:
    """Raises CorpusError if a reference has no words: if by mistake, all words of a hypothesis would be errors."""
    for utterance in references.values():
        if not utterance.text.strip():
            raise CorpusError(
                f"{utterance.where}: the reference is empty",
                hint="write what was said; if nobody speaks in these clips, add --silence",
            )
        if _has_no_words(utterance, rules):
            raise CorpusError(
                f"{utterance.where}: normalization leaves no words of the reference {utterance.text[:_SHOWN]!r}",
                hint="correct it, or count such clips as clips without speech: --silence",
            )


def _has_no_words(utterance: Utterance, rules: Rules) -> bool:
    chosen = rules.normalizations.choose(utterance.language, utterance.normalization)
    return not chosen.written(every_alternative(utterance.text))


def refuse_unread_alternatives(references: TextsById[Utterance], rules: Rules) -> None:
    """Raises CorpusError where a reference holds alternatives that its rules would take for words, all of them said."""
    for utterance in references.values():
        fault = unread_alternatives(utterance.text)
        if fault or has_alternatives(utterance.text):
            chosen = rules.normalizations.choose(utterance.language, utterance.normalization)
            if chosen.alternatives and fault:
                raise CorpusError(f"{utterance.where}: {fault}", hint=ONE_GROUP)
            if not chosen.alternatives and has_alternatives(utterance.text):
                raise CorpusError(
                    f"{utterance.where}: the reference holds alternatives, and the profile {chosen.name} reads none",
                    hint="score by a profile of your own with: alternatives = true (--normalization NAME)",
                )


def _some_ids(names: Iterable[str]) -> str:
    return some(PackedNames(names)) or "none"
