"""A program of your own, in an environment of its own, that speaks JSON lines on its standard input and output."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

from asrlab_pytest.errors import ModelError, TranscriptionError
from asrlab_pytest.models.engine import Engine, Recognizer, Segment, Transcript, Weights, Word
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import path_missing, refuse_unready
from asrlab_pytest.models.support.json_lines import Child, Failure
from asrlab_pytest.secrets import without_secrets
from asrlab_pytest.waveform import SAMPLE_RATE, Waveform

PROTOCOL = 1
"""The version of the messages; see docs/reference/command-protocol.md."""
UNSTATED = "unstated"
LONGEST_S = 1_000_000
"""Highest limit: one beyond the range of the clock would fail in the middle of a run."""
RESTARTS = 3
"""Starts that may fail in a row, until no other is tried."""


class Command(Engine):
    """The program gets the weights: a path, or a name that it knows.

    Options: ``command``, the program and its arguments; ``timeout_s`` for a clip and ``load_timeout_s`` for loading;
    ``settings``, a table that the program gets when it loads.
    """

    name = "command"
    devices: Sequence[Device] = ("mps", "cuda", "cpu")
    compute_types = (UNSTATED,)
    options: ClassVar = {"command": list, "timeout_s": 300.0, "load_timeout_s": 600.0, "settings": dict}
    packages = ("asrlab-pytest",)

    def status(self, spec: ModelSpec) -> Status:
        command = spec.options.get("command")
        hint = f"correct [tool.asrlab.models.{spec.name}.options]"
        if not isinstance(command, (list, tuple)) or not command or not all(isinstance(each, str) for each in command):
            example = 'command = ["path/to/venv/bin/python", "serve.py"]'
            return Status(Readiness.BROKEN, f"its option command is not a list of texts, such as {example}", hint)
        # Not by Path, which shortens ./serve.py to a name that is searched for on the PATH.
        if shutil.which(os.path.expanduser(command[0])) is None:  # noqa: PTH111
            fault = f"there is no program {command[0]}"
            if os.path.dirname(command[0]):  # noqa: PTH120
                return Status(Readiness.BROKEN, fault, hint)
            return Status(Readiness.PACKAGE_MISSING, fault, f"install {command[0]}, or {hint}")
        for name in ("timeout_s", "load_timeout_s"):
            seconds = spec.options.get(name, 1)
            if isinstance(seconds, (int, float)) and not 0 < seconds <= LONGEST_S:
                fault = f"its option {name} is {seconds}; it must be above 0 and at most {LONGEST_S}"
                return Status(Readiness.BROKEN, fault, hint)
        return path_missing(spec) or READY

    def weights(self, spec: ModelSpec) -> Weights:
        # The program and its packages change the text as well, and they cannot be identified here.
        refuse_unready(spec, self.status(spec))
        return Weights(location=Path(spec.weights))

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        return spec.compute_type or UNSTATED

    def load(self, spec: ModelSpec, device: Device) -> CommandRecognizer:
        return CommandRecognizer(spec, device)


class CommandRecognizer(Recognizer):
    """A model that a program has loaded. A program that ends or is too slow is killed and started again."""

    is_cyclic = False

    def __init__(self, spec: ModelSpec, device: Device) -> None:
        self._spec, self._options = spec, spec.options
        self._failed = 0
        self._child: Child | None = None
        self._load = {
            "asrlab": PROTOCOL,
            "call": "load",
            "task": spec.task,
            "weights": spec.weights,
            "device": device,
            "compute_type": spec.compute_type,
            "language": spec.language,
            "settings": dict(self._options.get("settings") or {}),
        }
        self._folder = tempfile.TemporaryDirectory(prefix="asrlab-")
        try:
            loaded = self._start()
        except Failure as failure:
            self.close()
            raise ModelError(
                f"model {spec.id}: {failure}", hint="run the command by hand, and send it a load request"
            ) from None
        self.device = _text(loaded, "device", device)
        self.compute_type = _text(loaded, "compute_type", spec.compute_type or UNSTATED)
        limit = loaded.get("max_seconds")
        self.max_seconds = float(limit) if isinstance(limit, (int, float)) and limit > 0 else None
        stated = loaded.get("settings")
        self.settings = {**self._options, **({"stated": stated} if isinstance(stated, Mapping) else {})}

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        import soundfile

        # A file in float32 is exact, every language reads it, and a long clip makes no line of megabytes.
        audio = Path(self._folder.name) / "clip.wav"
        wav = BytesIO()
        soundfile.write(wav, samples, SAMPLE_RATE, subtype="FLOAT", format="WAV")
        audio.write_bytes(wav.getbuffer())
        message = {"call": "transcribe", "audio": str(audio), "language": language}
        try:
            if self._child is None:
                self._start()
            assert self._child is not None
            return transcript_of(self._child.call(message, self._options["timeout_s"]))
        except Failure as failure:
            if failure.is_fatal:
                self._restart()
            raise TranscriptionError(str(failure)) from None

    def _start(self) -> Mapping[str, Any]:
        if self._failed >= RESTARTS:
            raise Failure(f"the program did not start {RESTARTS} times, and is not tried again", is_fatal=True)
        self._child = Child(self._options["command"])
        try:
            loaded = self._child.call(self._load, self._options["load_timeout_s"])
        except Failure:
            self._failed += 1
            self._kill()
            raise
        self._failed = 0
        return loaded

    def _restart(self) -> None:
        """Start the program again, now, so that the next clip's time does not hold it."""
        self._kill()
        try:
            self._start()
        except Failure:
            self._child = None

    def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()
        self._child = None

    def close(self) -> None:
        if self._child is not None:
            self._child.close()
        self._child = None
        self._folder.cleanup()


def transcript_of(said: Mapping[str, Any]) -> Transcript:
    """The transcript in a program's answer.

    Raises:
        Failure: it has no text, or an error, or a segment lacks a key.
    """
    if fault := said.get("error"):
        raise Failure(f"the program says: {without_secrets(str(fault))}")
    if not isinstance(said.get("text"), str):
        raise Failure("the program's answer has no text")
    try:
        segments = tuple(map(_segment, said.get("segments") or ()))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Failure(f"a segment of the program's answer cannot be read: {type(error).__name__}: {error}") from None
    language = said.get("language")
    return Transcript(text=said["text"], segments=segments, language=language if isinstance(language, str) else None)


def _segment(said: Mapping[str, Any]) -> Segment:
    return Segment(
        text=str(said["text"]),
        start=float(said["start"]),
        end=float(said["end"]),
        words=tuple(
            Word(
                text=str(word["text"]),
                start=float(word["start"]),
                end=float(word["end"]),
                probability=None if word.get("probability") is None else float(word["probability"]),
            )
            for word in said.get("words") or ()
        ),
    )


def _text(said: Mapping[str, Any], name: str, default: str) -> Any:
    value = said.get(name)
    return value if isinstance(value, str) and value else default
