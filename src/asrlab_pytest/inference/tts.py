"""A model that speaks: one observation of each prompt, with its speech transcribed by a judge."""

from __future__ import annotations

from dataclasses import replace

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.prompts import Prompt
from asrlab_pytest.inference.observing import Output, as_recorded, observed
from asrlab_pytest.inference.on_demand import Timer
from asrlab_pytest.inference.speech import AnswerStopwatch, JudgedModel, digest_of, until_speech
from asrlab_pytest.models.engine import Synthesizer
from asrlab_pytest.records.observation import FIRST, Observation, Pass
from asrlab_pytest.records.spoken import Spoken
from asrlab_pytest.waveform import Waveform

WARM_UP_TEXT = "One."


class SpeakingModel(JudgedModel[Synthesizer]):
    """Speaks with the model itself; the spec is for the task of TTS."""

    def observe(self, prompt: Prompt, timer: Timer, pass_: Pass = FIRST) -> Observation:
        """Speak a prompt and let the judge hear it, or take what the store has of it.

        Raises:
            ClipError: the recording of the text cannot be read.
            ModelError: the model or the judge does not load, the judge is not meant for the prompt, or the model has no
                such voice.
            TranscriptionError: the engine or the judge failed.
        """
        self.judge.refuse_unjudgeable(prompt, self.spec.task)
        language = self.spec.language or prompt.language
        recording = load_audio(prompt.recording).pcm_sha256 if prompt.recording else None
        key = self.key_of(prompt, text=prompt.text, voice=prompt.voice, language=language, recording=recording)
        recorded = self.recalled(key, pass_)
        if recorded is not None:
            return as_recorded(recorded, prompt, model=self.spec.id, corpus=self.conditions.corpus)
        output = self._spoken(prompt, language, timer, key, pass_)
        spoken = output.spoken and replace(output.spoken, recording_sha256=recording)
        return replace(output, spoken=spoken)

    def _spoken(self, prompt: Prompt, language: str | None, timer: Timer, key: str | None, pass_: Pass) -> Observation:
        # In its own voice: that of the first prompt may be one that it does not have.
        synthesizer, loaded = self.made_ready(lambda model: until_speech(model.speak(WARM_UP_TEXT, None, language)))
        stopwatch = SpeakingStopwatch(synthesizer, prompt, language)
        costs = self.timed(prompt, stopwatch, timer)
        speech = stopwatch.samples
        judged = self.transcribed(prompt.id, speech, synthesizer.sample_rate, prompt, stopwatch.first_audio_s)
        output = Output(
            reference=prompt.text,
            transcript=judged.transcript,
            audio_s=len(speech) / synthesizer.sample_rate,
            audio_sha256=digest_of(speech),
            pcm_sha256=judged.pcm_sha256,
            spoken=Spoken(
                hearer=self.judge.hearer,
                voice=prompt.voice,
                utterance=judged.utterance,
                recording_heard=self.judge.hear_recording(prompt.recording) if prompt.recording else None,
                turns=(),
            ),
        )
        return observed(loaded, self.case(prompt, key, pass_), output, costs)


class SpeakingStopwatch(AnswerStopwatch):
    """A call that speaks once and times it: until the first speech, and until the last."""

    def __init__(self, synthesizer: Synthesizer, prompt: Prompt, language: str | None) -> None:
        super().__init__(synthesizer, [lambda: synthesizer.speak(prompt.text, prompt.voice, language)])
        (self._said,) = self.answers
        self.first_audio_s = self._said.first_audio_s

    @property
    def samples(self) -> Waveform:
        """The speech of the last round."""
        return self._said.samples
