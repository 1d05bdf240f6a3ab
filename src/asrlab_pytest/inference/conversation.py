"""A model that converses: one observation of each dialogue, its turns in order, its speech transcribed by a judge."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from asrlab_pytest.corpus.audio import Audio, load_audio
from asrlab_pytest.corpus.dialogues import Dialogue
from asrlab_pytest.inference.boundary import speech_of
from asrlab_pytest.inference.observing import Output, as_recorded, observed
from asrlab_pytest.inference.on_demand import Timer
from asrlab_pytest.inference.speech import JudgedModel, digest_of, joined, until_speech
from asrlab_pytest.measure.machine import processor_seconds
from asrlab_pytest.models.engine import DialogueAgent
from asrlab_pytest.records.observation import FIRST, Observation, Pass
from asrlab_pytest.records.spoken import Spoken, SpokenTurn
from asrlab_pytest.records.transcript import Transcript
from asrlab_pytest.secrets import without_known
from asrlab_pytest.waveform import SAMPLE_RATE, Waveform

WARM_UP_SECONDS = 1.0
"""How much of the first question a model is warmed up on."""


class ConversingModel(JudgedModel[DialogueAgent]):
    """Converses with the model itself; the spec is for the task of conversation."""

    def observe(self, dialogue: Dialogue, timer: Timer, pass_: Pass = FIRST) -> Observation:
        """Hold a dialogue and let the judge hear the answers, or take what the store has of it.

        Raises:
            ClipError: a question's audio cannot be used.
            ModelError: the model or the judge does not load, or the judge is not meant for the dialogue.
            TranscriptionError: the engine or the judge failed.
        """
        self._judge.refuse_unjudgeable(dialogue, self.spec.task)
        language = self.spec.language or dialogue.language
        questions = [load_audio(turn.question) for turn in dialogue.turns]
        key = self.key_of(dialogue, questions=[audio.pcm_sha256 for audio in questions], language=language)
        recorded = self.recalled(key, pass_)
        if recorded is not None:
            return as_recorded(recorded, dialogue, model=self.spec.id, corpus=self.conditions.corpus)
        return self._held(dialogue, questions, timer, key, pass_)

    def _held(
        self, dialogue: Dialogue, questions: Sequence[Audio], timer: Timer, key: str | None, pass_: Pass
    ) -> Observation:
        language = self.spec.language or dialogue.language
        beginning = questions[0].samples[: int(WARM_UP_SECONDS * SAMPLE_RATE)]

        def begin_to_respond(agent: DialogueAgent) -> None:
            agent.begin(language)
            until_speech(agent.respond(beginning))

        agent, loaded = self.made_ready(begin_to_respond)
        stopwatch = DialogueStopwatch(agent, questions, language)
        costs = self.timed(dialogue, stopwatch, timer)
        speech = joined(answer.samples for answer in stopwatch.answers)
        turns = tuple(self._turns(dialogue, questions, stopwatch.answers, agent.sample_rate))
        output = Output(
            reference="\n".join(turn.answer for turn in turns),
            transcript=Transcript(text="\n".join(turn.heard for turn in turns), segments=(), language=language),
            audio_s=len(speech) / agent.sample_rate,
            audio_sha256=digest_of(speech),
            pcm_sha256=None,
            spoken=Spoken(hearer=self._judge.hearer, voice=None, utterance=None, recording_heard=None, turns=turns),
        )
        return observed(loaded, self.case(dialogue, key, pass_), output, costs)

    def _turns(
        self, dialogue: Dialogue, questions: Sequence[Audio], answers: Sequence[Answer], sample_rate: int
    ) -> Iterator[SpokenTurn]:
        """The turns, with what the judge heard in each."""
        for number, (turn, audio, answer) in enumerate(zip(dialogue.turns, questions, answers, strict=True), start=1):
            name = f"{dialogue.id}-{number}"
            judged = self.transcribed(name, answer.samples, sample_rate, dialogue, answer.first_audio_s)
            yield SpokenTurn(
                question=turn.question.text,
                question_sha256=audio.pcm_sha256,
                answer=answer.text,
                heard=judged.transcript.text,
                utterance=judged.utterance,
                latencies_s=tuple(answer.latencies_s),
                first_token_s=tuple(answer.first_token_s),
                facts=turn.facts,
                forbidden=turn.forbidden,
            )


@dataclass
class Answer:
    """An answer as it came: its text and speech in the last round, its times in every round."""

    text: str = ""
    pieces: list[Waveform] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)
    first_token_s: list[float | None] = field(default_factory=list)
    first_audio_s: list[float] = field(default_factory=list)

    @property
    def samples(self) -> Waveform:
        """The speech of the last round."""
        return joined(self.pieces)


class DialogueStopwatch:
    """A call that holds a dialogue once, turn after turn, and times each."""

    def __init__(self, agent: DialogueAgent, questions: Sequence[Audio], language: str | None) -> None:
        self._agent = agent
        self._questions = questions
        self._language = language
        self.answers = [Answer() for _ in questions]
        self.latencies_s: list[float] = []
        self.cpu_s: list[float] = []

    def __call__(self) -> None:
        self._agent.synchronize()
        pid = getattr(self._agent, "pid", None)
        cpu_start = processor_seconds(pid)
        self._agent.begin(self._language)
        for audio, answer in zip(self._questions, self.answers, strict=True):
            self._ask(audio, answer)
        self.latencies_s.append(sum(answer.latencies_s[-1] for answer in self.answers))
        self.cpu_s.append(processor_seconds(pid) - cpu_start)

    def _ask(self, audio: Audio, answer: Answer) -> None:
        written: list[str] = []
        answer.pieces, first_token, first_audio = [], None, None
        start = time.perf_counter()
        for piece in self._agent.respond(audio.samples):
            if isinstance(piece, str):
                if first_token is None and piece:
                    first_token = time.perf_counter() - start
                written.append(piece)
            else:
                speech = speech_of(piece)
                if first_audio is None and len(speech):
                    first_audio = time.perf_counter() - start
                answer.pieces.append(speech)
        self._agent.synchronize()
        answer.latencies_s.append(time.perf_counter() - start)
        answer.text = without_known("".join(written))
        answer.first_token_s.append(first_token)
        answer.first_audio_s.append(answer.latencies_s[-1] if first_audio is None else first_audio)
