"""A model that listens: loads when the first clip needs it, and makes one observation of each transcription."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import AsrlabError, AsrlabWarning, ClipError
from asrlab_pytest.inference.engine_trace import engine_trace
from asrlab_pytest.inference.fingerprint import CaseKeys
from asrlab_pytest.inference.loading import lenient_warnings, recognizer_maker, takes_batches
from asrlab_pytest.inference.observing import Costs, Output, as_recorded, observed, transcript_of
from asrlab_pytest.inference.on_demand import OnDemand, Stopwatch, Timer, call_rounds
from asrlab_pytest.inference.prefetch import AudioAhead
from asrlab_pytest.models.contained import contained, fault_words
from asrlab_pytest.models.engine import Recognizer, Transcript
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.observation import FIRST, Observation, Pass

if TYPE_CHECKING:
    from asrlab_pytest.corpus.audio import Audio


@dataclass(frozen=True, slots=True)
class Job:
    """A clip to transcribe, in one pass."""

    clip: Clip
    audio: Audio
    key: str | None
    made_in: Pass


@dataclass(eq=False, repr=False)
class LiveModel(OnDemand[Recognizer]):
    """Transcribes with the model itself.

    A model with a batch size transcribes a clip together with the clips that come next, and keeps their transcripts
    until they are needed. A batch that fails is transcribed clip by clip.
    """

    clips: Sequence[Clip] = ()
    """In the order in which they will be asked for, as far as that is known."""
    _answered: set[tuple[str, Pass]] = field(default_factory=set)
    """Clips already requested, so that no batch repeats them."""
    _ready: dict[tuple[str, Pass], tuple[Clip, Observation]] = field(default_factory=dict)
    """Transcripts that a batch made in advance."""
    _alone: set[tuple[str, Pass]] = field(default_factory=set)
    """Clips of batches that failed."""

    @cached_property
    def _ahead(self) -> AudioAhead:
        return AudioAhead(self.clips)

    def observe(self, clip: Clip, timer: Timer, pass_: Pass = FIRST) -> Observation:
        """Transcribe a clip, or take what the store has of it.

        Raises:
            ClipError: the clip's audio cannot be used.
            ModelError: the model does not load.
            TranscriptionError: the engine failed on this clip.
        """
        self._answered.add((clip.id, pass_))
        known, observation = self._ready.pop((clip.id, pass_), (None, None))
        if observation is not None and known == clip:
            return observation
        job = self._job(clip, pass_)
        recorded = self.recalled(job.key, job.made_in)
        if recorded is not None:
            present = as_recorded(recorded, clip, model=self.spec.id, corpus=self.conditions.corpus)
            # The same samples may have come from another file, or another part of one.
            return replace(present, audio_sha256=job.audio.sha256, start_s=clip.begin, channel=clip.channel or 0)
        return self._in_batch(job) or self._transcribed(job, timer)

    def expect(self, clips: Sequence[Clip]) -> None:
        """Announce the clips that come next, in order; a few at a time for a large corpus."""
        self._ahead.expect(clips)
        self._answered.clear()
        self._alone.clear()

    def close(self) -> None:
        """Release the weights, and of audio that was decoded ahead."""
        self._ahead.close()
        super().close()

    def _job(self, clip: Clip, pass_: Pass) -> Job:
        audio = self._ahead.load(clip)
        return Job(clip, audio, self._keys.key(audio.pcm_sha256, self._language(clip)), pass_)

    @cached_property
    def _keys(self) -> CaseKeys:
        return CaseKeys(self.fingerprint)

    def _language(self, clip: Clip) -> str | None:
        return self.spec.language or clip.language

    def _loaded_for(self, job: Job) -> tuple[Recognizer, LoadedModel]:
        return self.ready(recognizer_maker(self.spec, self.conditions, job.audio, self._language(job.clip)))

    def _transcribed(self, job: Job, timer: Timer) -> Observation:
        recognizer, loaded = self._loaded_for(job)
        if recognizer.device != "cpu":
            # On the processor it would take time from the model that is being timed.
            self._ahead.begin_after(job.clip)
        samples, language = job.audio.samples, self._language(job.clip)
        stopwatch = Stopwatch(recognizer, lambda: recognizer.transcribe(samples, language))
        # The calls into the engine are contained as one: each by itself would cost a short clip more.
        with contained():
            costs = self.timed(job.clip, stopwatch, timer)
            assert stopwatch.result is not None
            return self._observed(loaded, job, stopwatch.result, costs)

    def _in_batch(self, job: Job) -> Observation | None:
        """The clip transcribed together with others; None to transcribe it alone."""
        is_shuffled = job.made_in.order != FIRST.order
        if self.spec.batch_size == 1 or is_shuffled or (job.clip.id, job.made_in) in self._alone:
            return None
        recognizer, loaded = self._loaded_for(job)
        if not takes_batches(recognizer):
            no_effect = f"model {self.spec.id}: a batch size of {self.spec.batch_size} has no effect"
            self.remarks = (f"{no_effect}, as engine {self.spec.engine} transcribes one clip per call",)
            return None
        jobs = [job, *islice(self._others(job), self.spec.batch_size - 1)]
        return self._together(recognizer, loaded, jobs) if len(jobs) > 1 else None

    def _others(self, job: Job) -> Iterator[Job]:
        """The clips that can share a call with a clip: those after it in the same language."""
        for clip in self._ahead.after(job.clip):
            place = clip.id, job.made_in
            is_known = place in self._answered or place in self._ready or place in self._alone
            if is_known or self._language(clip) != self._language(job.clip):
                continue
            try:
                other = self._job(clip, job.made_in)
            except ClipError:
                # It is reported when the clip is requested.
                continue
            if self.recalled(other.key, other.made_in) is None:
                yield other

    def _together(self, recognizer: Recognizer, loaded: LoadedModel, jobs: Sequence[Job]) -> Observation | None:
        """Transcribe a batch, and keep all but the first result for later; None if it failed."""
        audios = [job.audio for job in jobs]
        samples, language = [audio.samples for audio in audios], self._language(jobs[0].clip)
        clock = Stopwatch(recognizer, lambda: recognizer.transcribe_batch(samples, language))
        try:
            # The time of a call is not that of one case, so pytest-benchmark does not get it.
            whole = self.timed(jobs[0].clip, clock, call_rounds, clips=len(jobs))
            assert clock.result is not None
            first, *others = (
                self._observed(loaded, job, transcript, costs)
                for job, transcript, costs in zip(jobs, clock.result, _shared_out(whole, audios), strict=True)
            )
        except AsrlabError as error:
            self._give_up(jobs, error)
            return None
        for job, observation in zip(jobs[1:], others, strict=True):
            self._ready[job.clip.id, job.made_in] = job.clip, observation
        return first

    def _give_up(self, jobs: Sequence[Job], error: AsrlabError) -> None:
        self._alone.update((job.clip.id, job.made_in) for job in jobs)
        reason = error.__cause__ or error
        trace = engine_trace(reason)
        sentence = (
            f"model {self.spec.id}: a batch of {len(jobs)} clips failed ({fault_words(reason)}), so "
            "they are transcribed one at a time" + (f"\n{trace}" if trace else "")
        )
        with lenient_warnings():
            warnings.warn(f"{sentence}\n  hint: correct it, or set batch_size = 1", AsrlabWarning, stacklevel=2)

    def _observed(self, loaded: LoadedModel, job: Job, transcript: Transcript, costs: Costs) -> Observation:
        output = Output(
            reference=job.clip.text,
            transcript=self.guarded(job.clip, lambda: transcript_of(transcript)),
            audio_s=job.audio.seconds,
            audio_sha256=job.audio.sha256,
            pcm_sha256=job.audio.pcm_sha256,
            start_s=job.clip.begin,
            channel=job.clip.channel or 0,
            snr_db=_snr_db(job.audio),
        )
        return observed(loaded, self.case(job.clip, job.key, job.made_in), output, costs)


def _shared_out(costs: Costs, audios: Sequence[Audio]) -> Iterator[Costs]:
    """Each clip's share of a call's time, in proportion to its length; the shares add up to the time of the call."""
    whole = sum(audio.seconds for audio in audios)
    for audio in audios:
        share = audio.seconds / whole
        yield replace(
            costs,
            latencies_s=tuple(share * seconds for seconds in costs.latencies_s),
            cpu_s=tuple(share * seconds for seconds in costs.cpu_s),
            batch_size=len(audios),
        )


def _snr_db(audio: Audio) -> float | None:
    from asrlab_pytest.sound.clip import signal_to_noise

    estimate = signal_to_noise(audio.samples)
    return None if estimate is None else round(estimate, 1)
