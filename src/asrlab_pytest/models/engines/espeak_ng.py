"""eSpeak NG: a formant synthesizer for more than a hundred languages, from a program of the system."""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO, ClassVar

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

PROGRAM = "espeak-ng"
_OPTIONS = {"speed": (80, 450), "pitch": (0, 99)}
_FLAGS = {"speed": "-s", "pitch": "-p"}
_HEADER = 44
"""Bytes of the WAV header that the program writes."""
_PIECE = 1 << 15
"""Bytes that are read at once, at most."""
_NEEDS_MBROLA = "mb/"
"""Folder of the voices that need another program and data of its own."""


class EspeakNG(ProgramEngine):
    """Weights are the name of a voice, such as ``en-us`` or ``de``, or with a variant ``en-us+f3``.

    Options are ``speed``, in words a minute, and ``pitch``, from 0 to 99.
    """

    name = PROGRAM
    options: ClassVar = dict.fromkeys(_OPTIONS, int)

    def check(self, spec: ModelSpec) -> Path:
        """The program, where the spec is one that it can run."""
        program = program_path(PROGRAM)
        check_numbers(spec, _OPTIONS, whole=True)
        check_voice(spec, spec.weights, _known(program, spec.weights))
        return program

    def version(self, program: Path) -> str:
        return said_by(program, "--version").partition("Data at")[0].strip()

    def load(self, spec: ModelSpec, device: Device) -> EspeakSynthesizer:
        return EspeakSynthesizer(spec, self.check(spec))


class EspeakSynthesizer(ProgramVoice):
    """A voice of eSpeak NG; each text is said by a process of its own, and heard while it is made."""

    def __init__(self, spec: ModelSpec, program: Path) -> None:
        super().__init__(spec, program)
        self.sample_rate = next((rate for _, rate in self._said("a", spec.weights)), 22_050)

    def speak(self, text: str, voice: str | None, language: str | None) -> Iterator[Waveform]:
        asked = voice or self._spec.weights
        chosen = check_voice(self._spec, asked, _known(self._program, asked))
        for samples, rate in self._said(text, chosen):
            yield at_rate(samples, rate, self.sample_rate)

    def _said(self, text: str, voice: str) -> Iterator[tuple[Waveform, int]]:
        """Pieces of the speech with their rate, as the program writes them."""
        options = [part for name, value in self._spec.options.items() for part in (_FLAGS[name], str(value))]
        command = [str(self._program), "-v", voice, *options, "-b", "1", "--stdin", "--stdout"]
        # Two brackets would begin phonemes, which are no text.
        with as_file(text.replace("[[", "[ [")) as file, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=errors)
            assert process.stdout is not None
            watch = threading.Timer(seconds_for(text), process.kill)
            watch.daemon = True
            watch.start()
            try:
                yield from _pieces(process.stdout)
                status = process.wait()
            finally:
                watch.cancel()
                process.kill()
                process.wait()
                process.stdout.close()
            if status:
                errors.seek(0)
                why = errors.read().decode("utf-8", errors="replace")
                raise failed(self._program, why if status > 0 else f"no end after {seconds_for(text):.0f} s")


def _pieces(stream: IO[bytes]) -> Iterator[tuple[Waveform, int]]:
    """Samples of a WAV stream as soon as they are there, with their rate; the stream states no length."""
    import numpy as np

    header = stream.read(_HEADER)
    if len(header) < _HEADER:
        return
    (rate,) = struct.unpack_from("<I", header, 24)
    rest = b""
    while block := stream.read1(_PIECE):  # type: ignore[attr-defined]
        block = rest + block
        whole = len(block) // 2 * 2
        rest = block[whole:]
        if whole:
            yield np.frombuffer(block[:whole], dtype="<i2").astype(np.float32) / np.float32(32768), rate


def _known(program: Path, voice: str | None) -> tuple[str, ...]:
    """The voices, and with them the one that is asked for where it is a voice with a variant, as in ``en-us+f3``."""
    voices = _voices(program)
    base, plus, variant = (voice or "").partition("+")
    return (*voices, f"{base}+{variant}") if plus and base in voices and variant in _variants(program) else voices


@cache
def _voices(program: Path) -> tuple[str, ...]:
    """Codes of languages, in order, of the voices that need no other program."""
    codes: set[str] = set()
    for line in said_by(program, "--voices").splitlines()[1:]:
        fields = line.split()
        if len(fields) > 4 and not fields[4].startswith(_NEEDS_MBROLA):  # noqa: PLR2004
            codes |= {fields[1], *re.findall(r"\((\S+) \d+\)", line)}
    return tuple(sorted(codes))


@cache
def _variants(program: Path) -> frozenset[str]:
    """Names of the variants: with any other the program takes the plain voice, and says nothing."""
    listed = said_by(program, "--voices=variant")
    return frozenset(re.findall(r"!v/(\S+)", listed))
