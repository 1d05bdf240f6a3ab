"""Scores of speech that models made, from the rows of a record: what a judge heard in it, and how it sounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median

from asrlab_pytest.corpus.fact import Expected
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.spoken import Utterance
from asrlab_pytest.scoring.corpus import CorpusScore, corpus_score
from asrlab_pytest.scoring.counts import Counts, pooled
from asrlab_pytest.scoring.facts import FactScore, pooled_facts, score_facts
from asrlab_pytest.scoring.rows import Rules
from asrlab_pytest.scoring.score import Score
from asrlab_pytest.sound.faults import EMPTY, faults


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechScore:
    """How intelligible the speech of one prompt is to the judge, and what is wrong with its sound."""

    heard: Score
    """What the judge heard in the speech, against the text."""
    recording: Score | None
    """What the judge heard in a recording of the same text; None if there is none."""
    faults: tuple[str, ...]
    first_audio_s: float | None
    """Seconds until the first speech could be played, median over the rounds; None if none was made."""

    @property
    def excess_wer(self) -> float | None:
        """Word error rate on the speech less that on the recording; None without a recording."""
        return excess([(self.heard.words, self.recording.words)] if self.recording else [])

    @property
    def excess_cer(self) -> float | None:
        """Character error rate on the speech less that on the recording; None without a recording."""
        return excess([(self.heard.characters, self.recording.characters)] if self.recording else [])


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledSpeech:
    """The scores of many prompts as one."""

    heard: CorpusScore
    excess_wer: float | None
    """Of the prompts that have a recording; None if none has."""
    excess_cer: float | None
    recorded_wer: float | None
    """Word error rate of the judge on the recordings; None if there are none."""
    recordings: int
    """Prompts that have a recording."""
    speech_faults: int
    first_audio_s: float | None
    """Median over the prompts; None if no speech was made of any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueScore:
    """What the answers of one dialogue say, how well their speech agrees with their text, and how it sounds."""

    agreement: Score
    """What the judge heard in the answers, against the text that the model wrote."""
    facts: FactScore
    faults: tuple[str, ...]
    """With the number of the turn."""
    first_token_s: float | None
    """Of the slowest turn, each the median over the rounds; None if no turn has text."""
    first_audio_s: float | None
    """Of the slowest turn; None if no turn has speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledDialogues:
    """The scores of many dialogues as one."""

    agreement: CorpusScore
    facts: FactScore
    speech_faults: int
    first_token_s: float | None
    """Of the slowest turn of all."""
    first_audio_s: float | None
    """Of the slowest turn of all."""


def excess(pairs: Iterable[tuple[Counts, Counts]]) -> float | None:
    """Error rate on speech less that on recordings of the same texts, pooled; None if no text has words.

    Args:
        pairs: Counts of the speech and of the recording, over the same reference.
    """
    pairs = list(pairs)
    length = sum(counts.reference_length for counts, _ in pairs)
    return sum(counts.errors - recording.errors for counts, recording in pairs) / length if length else None


def score_speech(row: Observation, rules: Rules) -> SpeechScore:
    """Score an observation of TTS."""
    recorded, utterance = row.speech.recording_heard, row.speech.utterance
    return SpeechScore(
        heard=rules.score(row),
        recording=None if recorded is None else rules.score(replace(row, hypothesis=recorded)),
        faults=faults_of(utterance, row.reference, row.language),
        first_audio_s=None if utterance is None else median(utterance.first_audio_s),
    )


def pooled_speech(scores: Iterable[SpeechScore]) -> PooledSpeech:
    """Pool the scores of prompts; there is one at least."""
    scores = list(scores)
    beside = [(score.heard, score.recording) for score in scores if score.recording is not None]
    times = [score.first_audio_s for score in scores if score.first_audio_s is not None]
    return PooledSpeech(
        heard=corpus_score(score.heard for score in scores),
        excess_wer=excess((speech.words, recording.words) for speech, recording in beside),
        excess_cer=excess((speech.characters, recording.characters) for speech, recording in beside),
        recorded_wer=pooled(recording.words for _, recording in beside).rate,
        recordings=len(beside),
        speech_faults=sum(len(score.faults) for score in scores),
        first_audio_s=median(times) if times else None,
    )


def score_dialogue(row: Observation, rules: Rules) -> DialogueScore:
    """Score an observation of conversation."""
    turns = row.speech.turns
    return DialogueScore(
        agreement=rules.score(row),
        facts=dialogue_facts(row, rules),
        faults=tuple(
            f"turn {number}: {fault}"
            for number, turn in enumerate(turns, start=1)
            for fault in faults_of(turn.utterance, turn.answer, row.language)
        ),
        first_token_s=_slowest(turn.first_token_s for turn in turns),
        first_audio_s=_slowest(turn.utterance.first_audio_s for turn in turns if turn.utterance),
    )


def dialogue_facts(row: Observation, rules: Rules) -> FactScore:
    """What the answers of a dialogue say of what they must."""
    turns = row.speech.turns
    expected = [Expected(facts=turn.facts, forbidden=turn.forbidden) for turn in turns]
    return score_facts([turn.answer for turn in turns], expected, row.language, parameters=rules.entities)


def pooled_dialogues(scores: Iterable[DialogueScore]) -> PooledDialogues:
    """Pool the scores of dialogues; there is one at least."""
    scores = list(scores)
    return PooledDialogues(
        agreement=corpus_score(score.agreement for score in scores),
        facts=pooled_facts(score.facts for score in scores),
        speech_faults=sum(len(score.faults) for score in scores),
        first_token_s=max((score.first_token_s for score in scores if score.first_token_s is not None), default=None),
        first_audio_s=max((score.first_audio_s for score in scores if score.first_audio_s is not None), default=None),
    )


def faults_of(utterance: Utterance | None, text: str, language: str | None) -> tuple[str, ...]:
    """What is wrong with the sound of speech, in sentences; that there is none, where it is None."""
    if utterance is None:
        return (EMPTY.sentence,)
    return tuple(fault.sentence for fault in faults(utterance.sound, text, language))


def _slowest(turns: Iterable[Iterable[float | None]]) -> float | None:
    """The largest median over the rounds of each turn; a turn without a time has none."""
    times = ([time for time in rounds if time is not None] for rounds in turns)
    return max((median(known) for known in times if known), default=None)
