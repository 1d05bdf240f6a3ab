"""The boundary to engines: what they are given is a copy, and whatever they do costs the clip they are at work on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from types import UnionType
from typing import Any, TypeVar

from asrlab_pytest.corpus.clip import LONGEST_TEXT
from asrlab_pytest.errors import AsrlabError, ModelError
from asrlab_pytest.inference.cuts import transcribed
from asrlab_pytest.measure.clock import SteadyClock
from asrlab_pytest.models.contained import CORRECT_ENGINE, EngineFault, contained, fault_words
from asrlab_pytest.models.engine import (
    NEEDED,
    Loaded,
    Recognizer,
    Segment,
    Transcript,
    Word,
    engine,
    load,
    missing_methods,
)
from asrlab_pytest.models.spec import Device, ModelSpec
from asrlab_pytest.records.plain import plain
from asrlab_pytest.secrets import resolved
from asrlab_pytest.tasks import Task
from asrlab_pytest.visible import error_words
from asrlab_pytest.waveform import Waveform

_Result = TypeVar("_Result")


def called(call: Callable[[], _Result]) -> _Result:
    """The result of a call into an engine, which can neither skip a test nor end the run."""
    with contained():
        return call()


def loaded_by_engine(spec: ModelSpec, device: Device) -> tuple[Guarded, float]:
    """A model as its engine loads it, in this process, and the seconds that its weights took.

    Raises:
        ModelError: it does not load, or what is loaded cannot do the task.
    """
    adapter = engine(spec.engine)
    try:
        options = resolved(spec.options)
        called(adapter.prepare)
        start = SteadyClock.seconds()
        loaded = called(lambda: load(adapter, spec, device, secrets=options))
        fault = why_unfit(loaded, spec.task)
        if fault is not None:
            raise EngineFault(fault)  # noqa: TRY301 - reported like an error of the engine
        guarded = Guarded(spec, loaded)
        guarded.synchronize()
        return guarded, SteadyClock.seconds() - start
    except AsrlabError:
        raise
    except Exception as error:
        raise ModelError(
            f"model {spec.id}: engine {spec.engine} does not load it on {device}: {fault_words(error)}",
            hint=CORRECT_ENGINE if type(error) is EngineFault else "see its status with: asrlab models",
        ) from error


def why_unfit(loaded: object, task: Task) -> str | None:
    """Why what an engine loaded cannot do the task, in words; None if it can."""
    if loaded is None:
        return "its load returned None (is a return missing?)"
    lacking = missing_methods(type(loaded), NEEDED[task])
    return f"what it loads ({type(loaded).__name__}) has no {' and no '.join(lacking)}" if lacking else None


def recordable(spec: ModelSpec, name: str, value: Any) -> Any:
    """An engine's description of a loaded model, as stored in a record.

    Raises:
        ModelError: it cannot be stored in a record.
    """
    try:
        json_value = plain(value)
        json.dumps(json_value)
    except (TypeError, ValueError, RecursionError) as error:
        why = "it contains itself" if isinstance(error, RecursionError) else error_words(error)
        raise ModelError(f"model {spec.id}: engine {spec.engine}: {name} cannot be recorded: {why}") from None
    return json_value


class Guarded:
    """A loaded model behind the boundary.

    Args:
        spec: The model.
        loaded: What its engine loaded.
    """

    def __init__(self, spec: ModelSpec, loaded: Loaded) -> None:
        self.spec = spec
        self.loaded: Any = loaded
        self.pid: int | None = getattr(loaded, "pid", None)
        self._waits = getattr(loaded.synchronize, "__func__", None) is not Loaded.synchronize

    def __getattr__(self, name: str) -> Any:
        return getattr(self.loaded, name)

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        """What the engine wrote.

        Raises:
            EngineFault: it returned something else than a transcript.
        """
        return transcribed(self._alone, [samples], language, getattr(self.loaded, "max_seconds", None))[0]

    @property
    def takes_batches(self) -> bool:
        """Whether the engine has its own call for several clips."""
        method = getattr(type(self.loaded), "transcribe_batch", None)
        return method is not None and method is not Recognizer.transcribe_batch

    def transcribe_batch(self, batch: Sequence[Waveform], language: str | None) -> list[Transcript]:
        """The engine's transcripts of several clips in one call; a batch of one clip is a single call.

        Raises:
            EngineFault: it did not return one transcript per clip.
        """
        if len(batch) == 1:
            return [self.transcribe(batch[0], language)]
        return transcribed(self._together, batch, language, getattr(self.loaded, "max_seconds", None))

    def _together(self, batch: Sequence[Waveform], language: str | None) -> list[Transcript]:
        given = called(lambda: self.loaded.transcribe_batch([samples.copy() for samples in batch], language))
        if not isinstance(given, (list, tuple)) or len(given) != len(batch):
            returned = len(given) if isinstance(given, (list, tuple)) else f"a value of type {type(given).__name__}"
            raise EngineFault(f"the engine returned {returned} for a batch of {len(batch)}, not a transcript for each")
        return [checked_transcript(each) for each in given]

    def _alone(self, batch: Sequence[Waveform], language: str | None) -> list[Transcript]:
        (samples,) = batch
        return [checked_transcript(called(lambda: self.loaded.transcribe(samples.copy(), language)))]

    def prove(self, samples: Waveform, language: str | None) -> None:
        """Let the engine prove a number format."""
        called(lambda: self.loaded.prove(samples.copy(), language))

    def speak(self, text: str, voice: str | None, language: str | None) -> Iterator[Waveform]:
        """The speech of a text, as it is made."""
        yield from _pieces(lambda: self.loaded.speak(text, voice, language))

    def begin(self, language: str | None) -> None:
        """Begin a dialogue."""
        called(lambda: self.loaded.begin(language))

    def respond(self, samples: Waveform) -> Iterator[Any]:
        """The answer to speech, as it is made."""
        yield from _pieces(lambda: self.loaded.respond(samples.copy()))

    def synchronize(self) -> None:
        """Wait for the device, if the engine can."""
        if self._waits:
            called(self.loaded.synchronize)

    def close(self) -> None:
        """Release the weights."""
        called(self.loaded.close)


def _pieces(call: Callable[[], Any]) -> Iterator[Any]:
    pieces = called(lambda: iter(call()))
    end = object()
    while (piece := called(lambda: next(pieces, end))) is not end:
        yield piece


def speech_of(piece: Any) -> Waveform:
    """A piece of speech as an engine yielded it, copied: an engine may fill the same buffer again.

    Raises:
        EngineFault: it is not speech.
    """
    import numpy as np

    given = np.asarray(piece)
    if given.dtype.kind != "f" or given.ndim != 1:
        kind = f"{given.dtype} of shape {given.shape}" if isinstance(piece, np.ndarray) else type(piece).__name__
        raise EngineFault(f"a piece of speech is an array of floats of shape (n,), not {kind}")
    return np.array(given, dtype=np.float32)


def checked_transcript(given: object) -> Transcript:
    """A transcript that can be scored and kept.

    Raises:
        EngineFault: it is not one; the message says what it is instead.
    """
    if not isinstance(given, Transcript):
        returned = "None" if given is None else f"a value of type {type(given).__name__}"
        raise EngineFault(f"the engine returned {returned}, not a Transcript")
    _require(given.text, str, "the text of a transcript")
    if given.language is not None:
        _require(given.language, str, "the language of a transcript")
    _require(given.segments, tuple | list, "the segments of a transcript")
    refuse_runaway(len(given.text), "the text of a transcript")
    for segment in given.segments:
        _require(segment, Segment, "a segment")
        _require(segment.text, str, "the text of a segment")
        for word in segment.words:
            _require(word, Word, "a word of a segment")
            _require(word.text, str, "the text of a word")
    refuse_runaway(sum(len(segment.text) for segment in given.segments), "the text of the segments")
    return given


def refuse_runaway(characters: int, what: str) -> None:
    """Refuse a text that is too long to be what anybody said.

    Args:
        characters: Of the text.
        what: What it is, in words.

    Raises:
        EngineFault: it is.
    """
    if characters > LONGEST_TEXT:
        raise EngineFault(f"{what} is longer than {LONGEST_TEXT:,} characters: the engine does not stop")


def _require(value: object, kind: type | UnionType, what: str) -> None:
    if not isinstance(value, kind):
        is_what = "None" if value is None else f"of type {type(value).__name__}"
        raise EngineFault(f"{what} is {is_what}, not {getattr(kind, '__name__', kind)}")
