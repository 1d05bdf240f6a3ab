"""Makes observations: of what a model did, or of what a record says that it did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.models import engine
from asrlab_pytest.models.contained import EngineFault
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.observation import Observation, Pass, latency_of, rtf_of
from asrlab_pytest.records.plain import plain
from asrlab_pytest.records.spoken import Spoken
from asrlab_pytest.records.transcript import Segment, Transcript, Word
from asrlab_pytest.secrets import unspoken_secrets, without_known
from asrlab_pytest.tasks import Task
from asrlab_pytest.validation import fields_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is observed: a sample, in one pass."""

    task: Task
    sample: Sample
    corpus: str
    key: str | None
    made_in: Pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What the rounds of one case cost."""

    latencies_s: tuple[float, ...]
    cpu_s: tuple[float, ...]
    cpu_percent: float
    load_per_core: float | None
    peak_rss_bytes: int | None
    device_memory_bytes: int | None
    batch_size: int = 1
    """Clips in one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """The result of one case."""

    reference: str
    transcript: Transcript
    audio_s: float
    audio_sha256: str | None
    pcm_sha256: str | None
    start_s: float | None = None
    channel: int | None = None
    snr_db: float | None = None
    spoken: Spoken | None = None


def observed(loaded: LoadedModel, case: Case, output: Output, costs: Costs) -> Observation:
    """The observation of a case. Texts are as they were said and written."""
    sample = case.sample
    latency_s = latency_of(costs.latencies_s)
    return Observation(
        **fields_of(LoadedModel, loaded),
        task=case.task,
        clip=sample.id,
        corpus=case.corpus,
        group=sample.group,
        tags=tuple(sample.tags),
        language=sample.language,
        audio_s=plain(output.audio_s),
        audio_sha256=output.audio_sha256,
        pcm_sha256=output.pcm_sha256,
        start_s=output.start_s,
        channel=output.channel,
        snr_db=output.snr_db,
        key=case.key,
        repeat=case.made_in.repeat,
        order=case.made_in.order,
        recorded=False,
        reference=output.reference,
        reference_entities=sample.entities,
        keywords=tuple(sample.keywords),
        clip_normalization=sample.normalization,
        quarantined=sample.quarantined,
        hypothesis=output.transcript.text,
        transcript=output.transcript,
        latencies_s=costs.latencies_s,
        cpu_s=costs.cpu_s,
        batch_size=costs.batch_size,
        latency_s=latency_s,
        rtf=rtf_of(latency_s, output.audio_s),
        cpu_percent=plain(costs.cpu_percent),
        load_per_core=costs.load_per_core,
        peak_rss_bytes=costs.peak_rss_bytes,
        device_memory_bytes=plain(costs.device_memory_bytes),
        spoken=output.spoken,
    )


def as_recorded(observation: Observation, sample: Sample, *, model: str, corpus: str) -> Observation:
    """What a record or store says of a sample, under its present reference and the model's present id.

    The reference of a dialogue is what the model wrote, and stays; what its answers must say is as it is by now.
    """
    text = observation.reference if observation.turns else sample.text
    return replace(
        observation,
        model=model,
        clip=sample.id,
        corpus=corpus,
        group=sample.group,
        tags=tuple(sample.tags),
        language=sample.language,
        recorded=True,
        reference=text,
        reference_entities=sample.entities,
        keywords=tuple(sample.keywords),
        clip_normalization=sample.normalization,
        quarantined=sample.quarantined,
        transcript=observation.transcript or Transcript(text=observation.hypothesis, segments=(), language=None),
        spoken=None if observation.spoken is None else _as_asked_now(observation.spoken, sample),
    )


def _as_asked_now(spoken: Spoken, sample: Sample) -> Spoken:
    """Speech as it was made, with what the turns of a dialogue ask and demand by now."""
    from asrlab_pytest.corpus.dialogues import Dialogue

    if not isinstance(sample, Dialogue):
        return spoken
    turns = tuple(
        replace(held, question=turn.question.text, facts=turn.facts, forbidden=turn.forbidden)
        for held, turn in zip(spoken.turns, sample.turns, strict=False)
    )
    return replace(spoken, turns=turns)


def transcript_of(written: engine.Transcript) -> Transcript:
    """An engine's transcript as stored in a record, with plain Python numbers.

    Raises:
        EngineFault: a number is NaN or infinite, which a record cannot store.
    """
    # An engine may return a secret in its answer.
    secrets = unspoken_secrets()
    segments = tuple(_segment(segment, secrets) for segment in written.segments)
    cuts = tuple(map(float, written.cuts))
    text = without_known(plain(written.text), secrets)
    language = None if written.language is None else without_known(plain(written.language), secrets)
    return Transcript(text=text, segments=segments, language=language, cuts=cuts)


def _segment(segment: engine.Segment, secrets: frozenset[str]) -> Segment:
    return Segment(
        text=without_known(plain(segment.text), secrets),
        start=_number(segment.start, "the start of a segment"),
        end=_number(segment.end, "the end of a segment"),
        words=tuple(_word(word, secrets) for word in segment.words),
        details={
            (name := without_known(str(key), secrets)): _number(value, f"detail {name:.50} of a segment")
            for key, value in segment.details.items()
        },
    )


def _word(word: engine.Word, secrets: frozenset[str]) -> Word:
    return Word(
        text=without_known(plain(word.text), secrets),
        start=_number(word.start, "the start of a word"),
        end=_number(word.end, "the end of a word"),
        probability=_number(word.probability, "the probability of a word"),
    )


def _number(value: Any, what: str) -> float | None:
    """A plain Python number; None if JSON cannot represent it."""
    if value is None:
        return None
    number = value.item() if hasattr(value, "item") else value
    if not isinstance(number, (int, float)):
        raise EngineFault(f"{what} is of type {type(value).__name__}, and not a number")
    json_number: float | None = plain(number)
    return json_number
