"""One model × all prompts or dialogues, as the person who writes an eval sees it."""

from __future__ import annotations

from functools import cached_property

from asrlab_pytest.cases.corpus import Pool
from asrlab_pytest.cases.spoken import require_decided
from asrlab_pytest.scoring.corpus import CorpusScore
from asrlab_pytest.scoring.facts import FactScore
from asrlab_pytest.scoring.spoken import (
    DialogueScore,
    PooledDialogues,
    PooledSpeech,
    pooled_dialogues,
    pooled_speech,
    score_dialogue,
    score_speech,
)


class TtsCorpus(Pool):
    """One model × every chosen prompt that it is meant for."""

    @cached_property
    def score(self) -> PooledSpeech:
        """Pooled counts and rates of what the judge heard, and of the sound."""
        return pooled_speech(score_speech(row, self._rules) for row in self.judged)

    @property
    def _texts(self) -> CorpusScore:
        """What the judge heard, against the prompts."""
        return self.score.heard

    @property
    def excess_wer(self) -> float | None:
        """Word error rate less that on the recordings of the same texts; None if no prompt has one."""
        return self.score.excess_wer

    def figures(self) -> dict[str, float | None]:
        """The pooled value of each metric that can have a threshold; `first_audio_s` is a median."""
        return {
            "wer": self.wer,
            "cer": self.cer,
            "excess_wer": self.score.excess_wer,
            "excess_cer": self.score.excess_cer,
            "entity_recall": self.entities.recall,
            "entity_error_rate": self.entities.error_rate,
            "rtf": self.rtf,
            "first_audio_s": self._timed.first_audio_s if self._timed else None,
            "speech_faults": self.score.speech_faults,
        }

    @cached_property
    def _timed(self) -> PooledSpeech | None:
        """The score of what was spoken in this run; None if nothing was."""
        rows = self.timed
        return pooled_speech(score_speech(row, self._rules) for row in rows) if rows else None


class ConversationCorpus(Pool):
    """One model × every chosen dialogue that it is meant for."""

    @cached_property
    def score(self) -> PooledDialogues:
        """Pooled facts, agreement of text and speech, and times of the slowest turn."""
        return pooled_dialogues(self._dialogues.values())

    @cached_property
    def _dialogues(self) -> dict[str, DialogueScore]:
        """By dialogue."""
        return {row.clip: score_dialogue(row, self._rules) for row in self.judged}

    @property
    def _facts(self) -> FactScore:
        """The facts of all dialogues. One that takes too long to look for fails the test."""
        for dialogue, score in self._dialogues.items():
            require_decided(score.facts, f"{self.model.id} on {dialogue}")
        return self.score.facts

    @property
    def fact_recall(self) -> float | None:
        """Of the facts that the answers must say, the part that they say; None if there are none."""
        return self._facts.recall

    @property
    def _texts(self) -> CorpusScore:
        """What the judge heard, against the text that the model wrote."""
        return self.score.agreement

    def figures(self) -> dict[str, float | None]:
        """The pooled value of each metric that can have a threshold; times are those of the slowest turn."""
        return {
            "fact_recall": self.fact_recall,
            "forbidden_facts": len(self._facts.found),
            "wer": self.wer,
            "cer": self.cer,
            "rtf": self.rtf,
            "first_token_s": self._timed.first_token_s,
            "first_audio_s": self._timed.first_audio_s,
            "speech_faults": self.score.speech_faults,
        }

    @cached_property
    def _timed(self) -> PooledDialogues:
        """The score of the dialogues that were held in this run."""
        return pooled_dialogues(self._dialogues[row.clip] for row in self.timed)
