"""What the page shows about a clip, a prompt or a dialogue. No other module of the page reads observations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import zip_longest
from statistics import median
from typing import Literal

from asrlab_pytest.audit.findings import Finding
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.grouping import grouped
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.spoken import Utterance
from asrlab_pytest.records.state import ModelState
from asrlab_pytest.report.validity import untimed
from asrlab_pytest.scoring.counts import Counts, pooled
from asrlab_pytest.scoring.score import Score, score
from asrlab_pytest.scoring.scorer import Scorer
from asrlab_pytest.scoring.spoken import DialogueScore, SpeechScore, score_dialogue, score_speech
from asrlab_pytest.tasks import TASKS, WORDS, Task
from asrlab_pytest.wording import many

AudioOf = Literal["clip", "speech", "question", "recording"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioName:
    """The audio to play; the corpus knows its location."""

    kind: AudioOf
    task: Task
    item: str
    turn: int = 0
    file: str = ""
    """For speech: its path in the folder for speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedWord:
    """A word or a segment, where it begins in the audio, in seconds."""

    text: str
    start: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A text and its transcript; a dialogue has one for each turn."""

    reference: str
    """What was said; in a dialogue, what the model wrote."""
    hypothesis: str
    score: Score
    question: str = ""
    question_audio: AudioName | None = None
    speech: AudioName | None = None
    words: tuple[TimedWord, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One model's result for an item."""

    model: str
    parts: tuple[Part, ...] = ()
    problem: str = ""
    """Why there is no result."""
    latency_s: float | None = None
    rtf: float | None = None
    first_audio_s: float | None = None
    """Until the first speech could be played; for a dialogue, in its slowest turn."""
    voice: str = ""
    excess_wer: float | None = None
    """For a prompt: WER of its speech minus that of the recording of the same text."""
    recording: str = ""
    """What the judge transcribed of that recording."""
    seconds: float | None = None
    """Length of its speech; None if it was given a clip."""
    entities: tuple[str, ...] = ()
    """Entities that were lost or invented, in words."""
    fact_errors: int = 0
    """Of a dialogue: facts missed, and forbidden facts said."""
    notes: tuple[str, ...] = ()
    """Loops, invented words, missing facts and faults of speech, in words."""

    @cached_property
    def counts(self) -> Counts:
        """Of words."""
        return pooled(part.score.words for part in self.parts)

    @property
    def wer(self) -> float | None:
        return self.counts.rate

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The text as it is compared."""
        return tuple(tuple(word.hypothesis for word in part.score.alignment if word.hypothesis) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A clip, a prompt or a dialogue, and each model's result."""

    task: Task
    id: str
    reference: str = ""
    language: str = ""
    speaker: str = ""
    tags: tuple[str, ...] = ()
    seconds: float | None = None
    """Length of a clip; None for speech, whose length differs."""
    quarantined: bool = False
    review: str = ""
    """Why a review quarantined it, where the corpus of the run is here and says so."""
    audio: AudioName | None = None
    """The clip, or the recording of a prompt."""
    findings: tuple[str, ...] = ()
    """Of the audit, each with its level."""
    is_excluded: bool = False
    """Whether the audit excluded it."""
    answers: tuple[Answer, ...] = ()
    audio_sha256: str = ""
    """Of the transcribed file; empty if it is unknown."""

    @property
    def disagree(self) -> bool:
        """Whether two models wrote different words for the same text."""
        return not WORDS[self.task].in_turns and len({answer.words for answer in self.answers if answer.parts}) > 1

    @property
    def badness(self) -> tuple[int, int, int]:
        """How bad it is: models without a result, then the most wrong facts and the most word errors of any model."""
        facts = max((answer.fact_errors for answer in self.answers), default=0)
        words = max((answer.counts.errors for answer in self.answers), default=0)
        return sum(bool(answer.problem) for answer in self.answers) if self.answers else 1, facts, words


Listed = Callable[[Task, str], Sample | None]
"""The sample of an id; None if the corpus of the run is not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A run's observations as a file or a session has them."""

    observations: Sequence[Observation]
    """Of every pass."""
    failures: Sequence[Failure] = ()
    states: Mapping[str, ModelState] = field(default_factory=dict)
    """Status and load times by model id."""
    excluded: Mapping[str, str] = field(default_factory=dict)
    """Why the audit excluded clips, by id."""
    listed: Listed | None = None
    """What the corpus states about clips, which a failure does not hold; None if the run's corpus is not here."""

    @property
    def first_pass(self) -> list[Observation]:
        """What is shown: one observation for each case."""
        return [observation for observation in self.observations if observation.is_first_pass]

    @property
    def transcribed(self) -> list[Observation]:
        """The observations of ASR."""
        return [observation for observation in self.observations if observation.task == "asr"]

    @property
    def problems(self) -> dict[Task, dict[str, list[str]]]:
        """Why samples have no result, by task and model."""
        return {
            task: grouped((failure.model, failure.problem) for failure in self.failures if failure.task == task)
            for task in TASKS
        }

    @property
    def untimed(self) -> set[str]:
        """Models without valid times."""
        by_model = grouped((row.model, row) for row in self.first_pass)
        return {model for model, rows in by_model.items() if untimed(self.states.get(model, ModelState()), rows)}


def items_of(observed: Observed, scorer: Scorer, findings: Iterable[Finding] = ()) -> list[Item]:
    """Everything that was evaluated, in the order of the observations.

    Args:
        observed: Observations of every pass; the first is shown.
        scorer: How texts are compared.
        findings: Of the audit.
    """
    first = grouped(((row.task, row.clip), row) for row in observed.first_pass)
    failed = grouped(((row.task, row.clip), Answer(model=row.model, problem=row.problem)) for row in observed.failures)
    noted = _noted(findings, observed.excluded)
    untimed_models = observed.untimed
    return [
        replace(
            _observed(first[task, clip]) if (task, clip) in first else _failed(task, clip, observed.listed),
            answers=(
                *(_answer(observation, scorer, untimed_models) for observation in first.get((task, clip), ())),
                *failed.get((task, clip), ()),
            ),
            findings=() if WORDS[task].speaks else tuple(noted.get(clip, ())),
            is_excluded=task == "asr" and clip in observed.excluded,
            review=_reason(task, clip, observed.listed),
        )
        for task, clip in dict.fromkeys([*first, *failed, *(("asr", clip) for clip in noted)])
    ]


def _noted(findings: Iterable[Finding], excluded: Mapping[str, str]) -> dict[str, list[str]]:
    """The findings of the audit, by clip; a stored run only has the reasons for exclusion."""
    noted = grouped((finding.clip, f"{finding.level}: {finding.sentence}") for finding in findings)
    return {**{clip: [f"error: {why}"] for clip, why in excluded.items()}, **noted}


def _failed(task: Task, clip: str, listed: Listed | None) -> Item:
    """A sample without a result from any model."""
    sample = listed(task, clip) if listed else None
    if sample is None:
        return Item(task=task, id=clip)
    return Item(
        task=task,
        id=clip,
        reference=" / ".join(sample.text.split("\n")) if WORDS[task].in_turns else sample.text,
        language=sample.language or "",
        speaker=sample.group or "",
        tags=sample.tags,
        seconds=sample.seconds,
        quarantined=sample.quarantined,
        audio=_audio(task, clip),
    )


def _reason(task: Task, clip: str, listed: Listed | None) -> str:
    """Of a review that quarantined a clip."""
    sample = listed(task, clip) if listed else None
    return sample.review.reason if isinstance(sample, Clip) and sample.quarantined and sample.review else ""


def _observed(observations: Sequence[Observation]) -> Item:
    first = observations[0]
    task = first.task
    return Item(
        task=task,
        id=first.clip,
        reference=_questions(first) if WORDS[task].in_turns else first.reference,
        language=first.language or "",
        speaker=first.group or "",
        tags=first.tags,
        seconds=None if WORDS[task].speaks else first.audio_s,
        quarantined=any(observation.quarantined for observation in observations),
        audio=_audio(task, first.clip),
        audio_sha256=first.audio_sha256 or "",
    )


_AUDIO: Mapping[Task, AudioOf] = {"asr": "clip", "tts": "recording"}


def _audio(task: Task, clip: str) -> AudioName | None:
    return AudioName(kind=_AUDIO[task], task=task, item=clip) if task in _AUDIO else None


def _questions(observation: Observation) -> str:
    """What a dialogue asks: each model has its own answers."""
    return " / ".join(turn.question for turn in observation.speech.turns if turn.question)


def _answer(observation: Observation, scorer: Scorer, untimed_models: Collection[str]) -> Answer:
    is_timed = observation.model not in untimed_models
    words, spoken = WORDS[observation.task], observation.spoken
    dialogue = score_dialogue(observation, scorer.rules) if words.in_turns else None
    speech = score_speech(observation, scorer.rules) if words.speaks and not words.in_turns else None
    spoken_score = dialogue or speech
    notes = _notes_of_speech(spoken_score) if spoken_score else _notes_of_transcript(scorer.score(observation))
    return Answer(
        model=observation.model,
        parts=tuple(_PARTS[observation.task](observation, scorer)),
        latency_s=observation.latency_s if is_timed else None,
        rtf=observation.rtf if is_timed else None,
        first_audio_s=_first_audio(observation) if is_timed else None,
        voice=(spoken and spoken.voice) or "",
        excess_wer=speech.excess_wer if speech else None,
        recording=(spoken and spoken.recording_heard) or "",
        seconds=observation.audio_s if spoken else None,
        entities=() if dialogue else tuple(map(str, scorer.entities(observation).lost)),
        fact_errors=dialogue.facts.errors if dialogue else 0,
        notes=tuple(notes),
    )


def _written(observation: Observation, scorer: Scorer) -> Part:
    return Part(reference=observation.reference, hypothesis=observation.hypothesis, score=scorer.score(observation))


def _transcribed(observation: Observation, scorer: Scorer) -> Iterator[Part]:
    yield replace(_written(observation, scorer), words=tuple(_timed_words(observation)))


def _timed_words(observation: Observation) -> Iterator[TimedWord]:
    """Words if the engine timed them, otherwise segments."""
    for segment in observation.transcript.segments if observation.transcript else ():
        for place in segment.words or (segment,):
            if place.start is not None:
                yield TimedWord(text=place.text.strip(), start=place.start)


def _synthesized(observation: Observation, scorer: Scorer) -> Iterator[Part]:
    yield replace(_written(observation, scorer), speech=_speech(observation, observation.speech.utterance))


def _conversed(observation: Observation, scorer: Scorer) -> Iterator[Part]:
    chosen = scorer.rules.normalizations.choose(observation.language, observation.clip_normalization)
    for number, turn in enumerate(observation.speech.turns):
        yield Part(
            reference=turn.answer,
            hypothesis=turn.heard,
            score=score(turn.answer, turn.heard, normalization=chosen),
            question=turn.question,
            question_audio=AudioName(kind="question", task=observation.task, item=observation.clip, turn=number),
            speech=_speech(observation, turn.utterance),
        )


def _speech(observation: Observation, utterance: Utterance | None) -> AudioName | None:
    if utterance is None or not utterance.file:
        return None
    return AudioName(kind="speech", task=observation.task, item=observation.clip, file=utterance.file)


def _first_audio(observation: Observation) -> float | None:
    utterances = observation.spoken.utterances if observation.spoken else ()
    return max((median(utterance.first_audio_s) for utterance in utterances), default=None)


def _notes_of_transcript(result: Score) -> Iterator[str]:
    if result.loop:
        yield f"loop: repeats {result.loop}"
    if result.hallucinated_words:
        yield f"hallucination: {many(result.hallucinated_words, 'word')} in silence"


def _notes_of_speech(result: SpeechScore | DialogueScore) -> Iterator[str]:
    if isinstance(result, DialogueScore):
        yield from (f"missing fact in {fact}" for fact in result.facts.missed)
        yield from (f"forbidden fact in {fact}" for fact in result.facts.found)
    yield from (f"fault: {fault}" for fault in result.faults)


_PARTS: Mapping[Task, Callable[[Observation, Scorer], Iterator[Part]]] = {
    "asr": _transcribed,
    "tts": _synthesized,
    "conversation": _conversed,
}


def turns_of(answers: Sequence[Answer]) -> Iterator[list[tuple[str, Part]]]:
    """The parts of several answers by their number: model and part."""
    for parts in zip_longest(*(answer.parts for answer in answers)):
        yield [(answer.model, part) for answer, part in zip(answers, parts, strict=True) if part is not None]
