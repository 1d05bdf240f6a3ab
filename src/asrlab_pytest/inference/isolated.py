"""A model in a process of its own, which is killed and started again: a hang or a crash costs one clip."""

from __future__ import annotations

import json
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, cast

import numpy as np

from asrlab_pytest import errors
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.inference.boundary import loaded_by_engine, recordable, speech_of
from asrlab_pytest.inference.engine_trace import engine_trace
from asrlab_pytest.inference.limit import before_the_first
from asrlab_pytest.inference.observing import transcript_of
from asrlab_pytest.models.contained import EngineFault
from asrlab_pytest.models.engine import Loaded, Segment, Transcript, Word
from asrlab_pytest.models.spec import Device, ModelSpec
from asrlab_pytest.models.support.json_lines import signal_name
from asrlab_pytest.records.plain import plain
from asrlab_pytest.visible import error_message
from asrlab_pytest.waveform import Waveform

_STREAMS = ("speak", "respond")
_NEXT = "next piece"
_END = object()
_CLOSING_SECONDS = 5.0


class ProcessEnded(EngineFault):
    """The model's process ended, or was ended, in the middle of a call."""


class Isolated(Loaded):
    """A loaded model in a process of its own.

    Args:
        spec: The model. What its options name of the environment is looked up in that process.
        device: Where to load it.
        limit_s: Seconds that a call may take; None for no limit.

    Raises:
        AsrlabError: it does not load, in the engine's sentence.
        ProcessEnded: the process ended while it was loading.
    """

    takes_batches: bool

    def __init__(self, spec: ModelSpec, device: Device, limit_s: float | None) -> None:
        self._spec = spec
        self._device = device
        self._limit_s = limit_s
        self.load_s = 0.0
        """Time to load the weights, without the start of the process."""
        self._connection: Connection | None = None
        self._process: SpawnProcess
        self._start()

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        return _transcript(self._call("transcribe", samples, language))

    def transcribe_batch(self, batch: Sequence[Waveform], language: str | None) -> list[Transcript]:
        return [_transcript(written) for written in self._call("transcribe_batch", batch, language)]

    def prove(self, samples: Waveform, language: str | None) -> None:
        self._call("prove", samples, language)

    def speak(self, text: str, voice: str | None, language: str | None) -> Iterator[Waveform]:
        yield from self._stream("speak", text, voice, language)

    def begin(self, language: str | None) -> None:
        self._call("begin", language)

    def respond(self, samples: Waveform) -> Iterator[Any]:
        yield from self._stream("respond", samples)

    def synchronize(self) -> None:
        """Wait until the device is done; start the process again where it was lost, before a clock runs."""
        self._call("synchronize")

    def device_memory_bytes(self) -> int | None:
        return None if self._connection is None else cast("int | None", self._call("device_memory_bytes"))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._process.join(_CLOSING_SECONDS)
        self._process.kill()
        self._process.join()

    @property
    def pid(self) -> int:
        """Whose memory and processor time are the model's."""
        assert self._process.pid is not None
        return self._process.pid

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, self._spec, self._device), daemon=True)
        self._process.start()
        other.close()
        _, answer = self._answer(before_the_first(self._limit_s), "while it was loading ")
        for name, value in answer.items():
            setattr(self, name, value)

    def _call(self, name: str, *arguments: Any) -> Any:
        """The result of a method."""
        self._ask(name, arguments)
        clips = len(arguments[0]) if name == "transcribe_batch" else 1
        return self._answer(None if self._limit_s is None else clips * self._limit_s)[1]

    def _stream(self, name: str, *arguments: Any) -> Iterator[Any]:
        """The pieces of what a method yields, each on demand: a caller may stop before the last."""
        self._ask(name, arguments)
        while (answer := self._answer(self._limit_s))[0] != "result":
            yield answer[1]
            self._ask(_NEXT, ())

    def _ask(self, name: str, arguments: tuple[Any, ...]) -> None:
        if self._connection is None:
            self._start()
        assert self._connection is not None
        try:
            self._connection.send((name, arguments))
        except OSError:
            raise self._ended("before it could begin ") from None

    def _answer(self, limit_s: float | None, when: str = "") -> tuple[str, Any]:
        """What the process sends next: a result or a piece of one, and which of them it is."""
        assert self._connection is not None
        try:
            if not self._connection.poll(limit_s):
                self._process.kill()
                self.close()
                raise ProcessEnded(f"the model's process {when}was ended: no answer within {limit_s:g} s")
            kind, value = json.loads(self._connection.recv_bytes())
            if kind == "speech":
                value = np.frombuffer(self._connection.recv_bytes(), dtype=np.float32)
        except (EOFError, OSError):
            raise self._ended(when) from None
        if kind == "error":
            name, problem, hint = value
            raise getattr(errors, name)(problem, hint=hint)
        if kind == "fault":
            raise EngineFault(*value)
        if kind == "raised":
            name, *words = value
            raise type(name, (EngineFault,), {})(*words)
        return kind, value

    def _ended(self, when: str) -> ProcessEnded:
        """Give the process up; the next call starts another one."""
        self.close()
        return ProcessEnded(f"the model's process ended {when}({_status(self._process.exitcode)})")


def _status(code: int | None) -> str:
    return f"status {code}" if code is None or code >= 0 else signal_name(-code)


def _transcript(written: Mapping[str, Any]) -> Transcript:
    segments = (
        Segment(**{**segment, "words": tuple(Word(**word) for word in segment["words"])})
        for segment in written["segments"]
    )
    return Transcript(
        text=written["text"], segments=tuple(segments), language=written["language"], cuts=tuple(written["cuts"])
    )


# ---------------------------------------------------------------------------------------------------------------------
# In the process of its own. It answers in JSON and samples: an engine's own objects would run their code on the other
# side.


def _serve(connection: Connection, spec: ModelSpec, device: Device) -> None:
    """Load the model, and answer until the other side hangs up."""
    # Control-C is meant for the process that asks; it ends this one by hanging up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        try:
            loaded, load_s = loaded_by_engine(spec, device)
            known = {name: recordable(spec, name, getattr(loaded, name, None)) for name in _ATTRIBUTES}
        except Exception as error:  # noqa: BLE001 - an engine may raise anything
            _send(connection, *_failure(error))
            return
        _send(connection, "result", {**known, "load_s": load_s})
        pieces: Iterator[Any] = iter(())
        while True:
            name, arguments = connection.recv()
            try:
                if name in _STREAMS:
                    pieces = getattr(loaded, name)(*arguments)
                if name in (*_STREAMS, _NEXT):
                    _send_next(connection, pieces)
                else:
                    result = getattr(loaded, name)(*arguments)
                    _send(connection, "result", _PLAIN.get(name, plain)(result))
            except Exception as error:  # noqa: BLE001
                _send(connection, *_failure(error))


_ATTRIBUTES = ("device", "compute_type", "settings", "decoding", "sample_rate", "takes_batches")
_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "transcribe": lambda written: plain(transcript_of(written)),
    "transcribe_batch": lambda written: [plain(transcript_of(each)) for each in written],
}
"""How a result becomes plain JSON, by the method that makes it."""


def _send(connection: Connection, kind: str, value: Any) -> None:
    connection.send_bytes(json.dumps([kind, value]).encode())


def _send_next(connection: Connection, pieces: Iterator[Any]) -> None:
    piece = next(pieces, _END)
    if piece is _END:
        _send(connection, "result", None)
    elif isinstance(piece, str):
        _send(connection, "text", piece)
    else:
        speech = speech_of(piece)
        _send(connection, "speech", None)
        connection.send_bytes(speech.tobytes())


def _failure(error: Exception) -> tuple[str, Any]:
    if isinstance(error, AsrlabError):
        known = next(kind for kind in type(error).__mro__ if getattr(errors, kind.__name__, None) is kind)
        return "error", (known.__name__, error.problem, error.hint)
    if type(error) is EngineFault:
        return "fault", (str(error), error.trace)
    return "raised", (type(error).__name__, error_message(error), engine_trace(error))
