"""What engines that call a speech synthesizer's program share: finding it, its voices, what it is given and makes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import unicodedata
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import IO

from asrlab_pytest.content import real_path
from asrlab_pytest.errors import ModelError, TranscriptionError
from asrlab_pytest.models.engine import Engine, Synthesizer, Weights
from asrlab_pytest.models.options import correct_options
from asrlab_pytest.models.spec import READY, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import broken, hash_files
from asrlab_pytest.tasks import Task
from asrlab_pytest.waveform import Waveform

COMPUTE_TYPE = "int16"
"""What the programs write their speech in."""
ANSWER_SECONDS = 30.0
"""How long a program may take to say what voices it has."""
_LISTED = 12
"""How many voices a message lists."""
SECONDS_A_LETTER = 0.1
"""How long a program may take for a letter, on top: longer than the letter takes to say."""


def program_missing(program: str) -> Status | None:
    """The status of a model whose program is absent; None if it is installed."""
    if shutil.which(program) is not None:
        return None
    return Status(
        Readiness.PACKAGE_MISSING, f"the program {program} is not installed", how_to_install(program, sys.platform)
    )


def program_path(program: str) -> Path:
    """Where a program lies.

    Raises:
        ModelError: it is not installed.
    """
    missing = program_missing(program)
    if missing is not None:
        raise ModelError(missing.reason, hint=missing.hint)
    return Path(str(shutil.which(program)))


def how_to_install(program: str, platform: str) -> str:
    """What installs a program on a platform, which is named as in `sys.platform`."""
    if platform == "darwin":
        return f"brew install {program}"
    if platform == "linux":
        return f"sudo apt-get install {program}"
    return f"install {program} and put its folder on PATH"


@cache
def said_by(program: Path, *arguments: str) -> str:
    """What a program says of itself.

    Raises:
        ModelError: it does not run.
    """
    try:
        done = subprocess.run(
            [str(program), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelError(f"{program} does not run: {error}", hint=how_to_install(program.name, sys.platform)) from None
    return (done.stdout + done.stderr).decode("utf-8", errors="replace")


def check_voice(spec: ModelSpec, voice: str, known: Sequence[str]) -> str:
    """The voice, where the program has it.

    Raises:
        ModelError: it has not.
    """
    if voice not in known:
        raise ModelError(
            f"model {spec.id}: {spec.engine} has no voice {voice!r}; {_near(voice, known)}",
            hint=f"correct the prompt's voice, or weights in [tool.asrlab.models.{spec.name}]",
        )
    return voice


def _near(voice: str, known: Sequence[str]) -> str:
    """The voices that there are; of many, those that look like it."""
    if len(known) <= _LISTED:
        return f"it has {', '.join(known)}"
    near = get_close_matches(voice, known, n=3)
    return f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(known[:_LISTED])} and more"


def check_numbers(spec: ModelSpec, bounds: Mapping[str, tuple[float, float]], *, whole: bool = False) -> None:
    """Raise ModelError where an option is not a number within its bounds."""
    kind = "a whole number" if whole else "a number"
    for name in bounds.keys() & spec.options.keys():
        value, (least, most) = spec.options[name], bounds[name]
        is_number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not is_number or not least <= value <= most:
            raise ModelError(
                f"model {spec.id}: {spec.engine} takes {name} as {kind} from {least:g} to {most:g}, not {value!r}",
                hint=correct_options(spec),
            )


def identity(program: Path, version: str, voice: str) -> str:
    """What identifies a voice of a program."""
    return f"{version}, voice {voice}, program {hash_files((real_path(program),))[:12]}"


def readable(text: str) -> str:
    """The text without what no program can say and some stop at: control characters and halves of surrogate pairs."""
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)


@contextmanager
def as_file(text: str) -> Iterator[IO[bytes]]:
    """The text as an open file with a name, so that none of it is taken for an option or a path."""
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write(readable(text).encode("utf-8"))
        file.flush()
        file.seek(0)
        yield file


def seconds_for(text: str) -> float:
    """How long a program may take for a text."""
    return ANSWER_SECONDS + SECONDS_A_LETTER * len(text)


def failed(program: Path, why: str) -> TranscriptionError:
    """The error of a program that did not say a text."""
    return TranscriptionError(f"{program.name} failed: {why.strip() or 'without a word'}")


def at_rate(samples: Waveform, rate: int, wanted: int) -> Waveform:
    """The samples at the rate of the model's own voice."""
    if rate == wanted or not len(samples):
        return samples
    import numpy as np
    import soxr

    return np.asarray(soxr.resample(samples, rate, wanted, quality="HQ"), dtype=np.float32)


class ProgramEngine(Engine):
    """An engine that calls a program of the system, which has the engine's name; weights are one of its voices."""

    tasks: tuple[Task, ...] = ("tts",)
    compute_types = (COMPUTE_TYPE,)

    @abstractmethod
    def check(self, spec: ModelSpec) -> Path:
        """The program, where it can run the spec. Raises ModelError where it cannot."""

    @abstractmethod
    def version(self, program: Path) -> str:
        """What the program says of itself."""

    def status(self, spec: ModelSpec) -> Status:
        if missing := program_missing(self.name):
            return missing
        try:
            self.check(spec)
        except ModelError as error:
            return broken(spec, error)
        return READY

    def weights(self, spec: ModelSpec) -> Weights:
        program = self.check(spec)
        return Weights(location=program, revision=identity(program, self.version(program), spec.weights))

    def prepare(self) -> None:
        import numpy as np  # noqa: F401
        import soundfile  # noqa: F401


class ProgramVoice(Synthesizer):
    """A voice of a program of the system; each text is said by a process of its own."""

    is_cyclic = False

    def __init__(self, spec: ModelSpec, program: Path) -> None:
        self._spec = spec
        self._program = program
        self.settings = {"voice": spec.weights, **spec.options}
