"""A model that converses: one observation of each dialogue, its turns in order, its speech transcribed by a judge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from asrlab_pytest.corpus.audio import Audio, load_audio
from asrlab_pytest.corpus.dialogues import Dialogue
from asrlab_pytest.inference.observing import Output, as_recorded, observed
from asrlab_pytest.inference.on_demand import Timer
from asrlab_pytest.inference.speech import Answer, AnswerStopwatch, JudgedModel, digest_of, joined, until_speech
from asrlab_pytest.models.engine import DialogueAgent
from asrlab_pytest.records.observation import FIRST, Observation, Pass
from asrlab_pytest.records.spoken import Spoken, SpokenTurn
from asrlab_pytest.records.transcript import Transcript
from asrlab_pytest.waveform import SAMPLE_RATE

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
        self.judge.refuse_unjudgeable(dialogue, self.spec.task)
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
            spoken=Spoken(hearer=self.judge.hearer, voice=None, utterance=None, recording_heard=None, turns=turns),
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


class DialogueStopwatch(AnswerStopwatch):
    """A call that holds a dialogue once, turn after turn, and times each."""

    def __init__(self, agent: DialogueAgent, questions: Sequence[Audio], language: str | None) -> None:
        super().__init__(
            agent, [partial(agent.respond, audio.samples) for audio in questions], begin=lambda: agent.begin(language)
        )
