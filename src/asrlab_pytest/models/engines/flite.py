"""Flite: a small speech synthesizer for US English, from a program of the system."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from asrlab_pytest.models.spec import Device, ModelSpec
from asrlab_pytest.models.support.programs import (
    ProgramEngine,
    ProgramVoice,
    as_file,
    at_rate,
    check_numbers,
    check_voice,
    failed,
    program_path,
    said_by,
    seconds_for,
)
from asrlab_pytest.waveform import Waveform

PROGRAM = "flite"
_OPTIONS = {"duration_stretch": (0.1, 10.0)}


class Flite(ProgramEngine):
    """Weights are the name of a voice, such as ``slt``. The option ``duration_stretch`` makes speech longer."""

    name = PROGRAM
    options: ClassVar = dict.fromkeys(_OPTIONS, float)

    def check(self, spec: ModelSpec) -> Path:
        """The program, where the spec is one that it can run."""
        program = program_path(PROGRAM)
        check_numbers(spec, _OPTIONS)
        check_voice(spec, spec.weights, _voices(program))
        return program

    def version(self, program: Path) -> str:
        lines = said_by(program, "--version").splitlines()
        return next((line.split("version:")[1].strip() for line in lines if "version:" in line), PROGRAM)

    def load(self, spec: ModelSpec, device: Device) -> FliteSynthesizer:
        return FliteSynthesizer(spec, self.check(spec))


class FliteSynthesizer(ProgramVoice):
    """A voice of flite; each text is said by a process of its own."""

    def __init__(self, spec: ModelSpec, program: Path) -> None:
        super().__init__(spec, program)
        self.sample_rate = self._said("a", spec.weights)[1]

    def speak(self, text: str, voice: str | None, language: str | None) -> Iterator[Waveform]:
        chosen = check_voice(self._spec, voice or self._spec.weights, _voices(self._program))
        samples, rate = self._said(text, chosen)
        if len(samples):
            yield at_rate(samples, rate, self.sample_rate)

    def _said(self, text: str, voice: str) -> tuple[Waveform, int]:
        """The speech and its rate. The program goes through a file: to a pipe it writes no samples."""
        import soundfile

        with as_file(text) as file, tempfile.TemporaryDirectory() as folder:
            speech = Path(folder, "speech.wav")
            options = [part for name, value in self._spec.options.items() for part in ("--setf", f"{name}={value}")]
            command = [str(self._program), "-voice", voice, *options, "-f", file.name, "-o", str(speech)]
            try:
                done = subprocess.run(
                    command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds_for(text), check=False
                )
            except subprocess.TimeoutExpired as error:
                raise failed(self._program, f"no end after {error.timeout:.0f} s") from None
            if done.returncode or not speech.is_file():
                why = done.stderr.decode("utf-8", errors="replace")
                raise failed(self._program, why or f"exit status {done.returncode}")
            samples, rate = soundfile.read(speech, dtype="float32")
        return samples, rate


def _voices(program: Path) -> tuple[str, ...]:
    """The voices that are built in: with any other name the program takes its first, and says nothing."""
    listed = said_by(program, "-lv").partition(":")[2].split()
    return tuple(dict.fromkeys(voice for voice in listed if not voice.endswith("_time")))
