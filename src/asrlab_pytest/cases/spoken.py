"""One model × one prompt or dialogue, as the person who writes an eval sees it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import ClassVar, cast

import pytest

from asrlab_pytest.cases.case import Case, noted
from asrlab_pytest.corpus.dialogues import Dialogue
from asrlab_pytest.corpus.prompts import Prompt
from asrlab_pytest.gates.bounds import Violation
from asrlab_pytest.records.spoken import Spoken, SpokenTurn, Utterance
from asrlab_pytest.scoring.facts import FactScore
from asrlab_pytest.scoring.spoken import DialogueScore, SpeechScore, score_dialogue, score_speech


def require_decided(facts: FactScore, subject: str) -> None:
    """Fail the test if it is unknown whether a fact was said."""
    if facts.given_up:
        pytest.fail(
            f"{subject}: undecided: searching took too long for {'; '.join(map(str, facts.given_up))}\n"
            "  hint: avoid nested repetition in the regular expression: a+b, not (a+)+b",
            pytrace=False,
        )


class _SpokenCase(Case, ABC):
    """A case in which the model speaks and a judge transcribes it."""

    @property
    def spoken(self) -> Spoken:
        """What the model said, and who heard it."""
        spoken = self.observation.spoken
        assert spoken is not None
        return spoken

    @property
    def heard(self) -> str:
        """What the judge heard."""
        return self.observation.hypothesis

    @property
    @abstractmethod
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the sound, in sentences."""

    @property
    @abstractmethod
    def silence(self) -> str:
        """What the model should have said, in a sentence; used if it produced no speech."""

    @noted
    def check(self, *metrics: str) -> None:
        """Judge the case by the thresholds that apply; without any speech it fails whatever they are.

        Args:
            metrics: Only these, such as ``"wer"`` or ``"speech_faults"``; all that have a bound where none is given.

        Raises:
            ThresholdExceeded: a figure misses its bound.
        """
        self.bounds(metrics)
        self._refuse_silence()
        super().check(*metrics)

    def _refuse_silence(self) -> None:
        if self.spoken.utterances:
            return
        if self._known_failure:
            pytest.xfail(f"known failure: {self._known_failure.reason} ({self.silence})")
        pytest.fail(self.silence, pytrace=False)

    def details(self, broken: Sequence[Violation]) -> list[str]:
        """What lies behind the bounds that are missed, in sentences."""
        is_of_sound = any(violation.bound.metric == "speech_faults" for violation in broken)
        return [*super().details(broken), *(self.faults if is_of_sound else ())]


class TtsCase(_SpokenCase):
    """One model × one prompt."""

    @property
    def prompt(self) -> Prompt:
        """The text to speak."""
        return cast("Prompt", self.item)

    def speak(self) -> Utterance:
        """Say the prompt and let the judge hear it, or return what was said before in this session.

        A model that does not load, an engine that breaks down and speech that does not come fail the test in words.
        """
        self._refuse_silence()
        utterance = self.spoken.utterance
        assert utterance is not None
        return utterance

    @property
    def silence(self) -> str:
        """What the model should have said, in a sentence."""
        return f"model {self.model.id} produced no speech for prompt {self.prompt.id} ({self.prompt.text!r})"

    @cached_property
    def speech(self) -> SpeechScore:
        """How intelligible the speech is, and what is wrong with its sound."""
        return score_speech(self.observation, self._rules)

    @property
    def excess_wer(self) -> float | None:
        """Word error rate of the judge on the speech minus its own on the recording; None without a recording."""
        return self.speech.excess_wer

    @property
    def excess_cer(self) -> float | None:
        """Character error rate of the judge on the speech minus its own on the recording; None without a recording."""
        return self.speech.excess_cer

    @property
    def first_audio(self) -> float | None:
        """Seconds until the first speech could be played, median over the rounds; None if none was made."""
        return self.speech.first_audio_s

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the sound, in sentences."""
        return self.speech.faults

    METRICS: ClassVar[Mapping[str, Callable[[TtsCase], float | None]]] = {
        "wer": lambda case: case.text_score.wer,
        "cer": lambda case: case.text_score.cer,
        "excess_wer": lambda case: case.excess_wer,
        "excess_cer": lambda case: case.excess_cer,
        "entity_recall": lambda case: case.entities.recall,
        "entity_error_rate": lambda case: case.entities.error_rate,
        "rtf": lambda case: case.timed(case.rtf),
        "first_audio_s": lambda case: case.timed(case.first_audio),
        "speech_faults": lambda case: len(case.faults),
    }

    def as_json(self) -> dict[str, object]:
        """The case as it is in ``extra_info["asr"]`` of the pytest-benchmark JSON."""
        return {
            **super().as_json(),
            "excess_wer": self.excess_wer,
            "excess_cer": self.excess_cer,
            "first_audio_s": self.first_audio,
            "speech_faults": list(self.faults),
        }


class ConversationCase(_SpokenCase):
    """One model × one dialogue."""

    @property
    def dialogue(self) -> Dialogue:
        """What is asked, and what the answers must say."""
        return cast("Dialogue", self.item)

    def converse(self) -> tuple[SpokenTurn, ...]:
        """Hold the dialogue and let the judge hear the answers, or return what was said before in this session.

        A model that does not load and an engine that breaks down fail the test in words.
        """
        return self.spoken.turns

    @property
    def silence(self) -> str:
        """What the model should have said, in a sentence."""
        written = " / ".join(self.answers)
        return f"model {self.model.id} answered dialogue {self.dialogue.id} without any speech, in text: {written!r}"

    @property
    def answers(self) -> tuple[str, ...]:
        """The text that the model wrote in each turn."""
        return tuple(turn.answer for turn in self.spoken.turns)

    @cached_property
    def conversation(self) -> DialogueScore:
        """What the answers say, how well their speech agrees with their text, and how it sounds."""
        return score_dialogue(self.observation, self._rules)

    @property
    def facts(self) -> FactScore:
        """Which of the facts that the answers must say they say. One that takes too long to look for fails the test."""
        require_decided(self.conversation.facts, f"{self.model.id} on {self.item.id}")
        return self.conversation.facts

    @property
    def first_token(self) -> float | None:
        """Seconds from a question's end until the first text, in the slowest turn; None if there is no text."""
        return self.conversation.first_token_s

    @property
    def first_audio(self) -> float | None:
        """Seconds from a question's end until the first speech could be played, in the slowest turn."""
        return self.conversation.first_audio_s

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the sound, in sentences that name the turn."""
        return self.conversation.faults

    METRICS: ClassVar[Mapping[str, Callable[[ConversationCase], float | None]]] = {
        "fact_recall": lambda case: case.facts.recall,
        "forbidden_facts": lambda case: len(case.facts.found),
        "wer": lambda case: case.text_score.wer,
        "cer": lambda case: case.text_score.cer,
        "rtf": lambda case: case.timed(case.rtf),
        "first_token_s": lambda case: case.timed(case.first_token),
        "first_audio_s": lambda case: case.timed(case.first_audio),
        "speech_faults": lambda case: len(case.faults),
    }

    def details(self, broken: Sequence[Violation]) -> list[str]:
        """What lies behind the bounds that are missed, in sentences."""
        metrics = {violation.bound.metric for violation in broken}
        missed = [f"not said in {fact}" for fact in self.facts.missed if "fact_recall" in metrics]
        said = [f"said in {fact}" for fact in self.facts.found if "forbidden_facts" in metrics]
        answers = [f"turn {number} answered: {text!r}" for number, text in enumerate(self.answers, start=1)]
        return [*missed, *said, *(answers if missed or said else ()), *super().details(broken)]

    def as_json(self) -> dict[str, object]:
        """The case as it is in ``extra_info["asr"]`` of the pytest-benchmark JSON."""
        return {
            **super().as_json(),
            "facts": self.conversation.facts.as_json(),
            "first_token_s": self.first_token,
            "first_audio_s": self.first_audio,
            "speech_faults": list(self.faults),
        }
