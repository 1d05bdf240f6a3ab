"""What an engine is: the protocol that an adapter of one family of weights fulfils, and how adapters are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.contained import contained
from asrlab_pytest.models.spec import Device, ModelSpec, Status, Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENTRY_POINT_GROUP = "asrlab.engines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word with its place in the audio, in seconds."""

    text: str
    start: float
    end: float
    probability: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of the transcript with its place in the audio, in seconds."""

    text: str
    start: float
    end: float
    words: tuple[Word, ...] = ()
    details: Mapping[str, float] = field(default_factory=dict)
    """What the engine says of it, such as ``avg_logprob``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What an engine wrote for one clip, untouched."""

    text: str
    segments: tuple[Segment, ...] = ()
    language: str | None = None
    """What it decoded in, or detected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Which weights these are, so that a record can be told from that of others."""

    location: Path
    sha256: str | None = None
    revision: str | None = None
    """A hub's commit, where the files came from one."""


class Loaded(Protocol):
    """A loaded model, whatever it does. A class that derives from it inherits what needs no code on the CPU."""

    device: Device
    compute_type: str
    settings: Mapping[str, Any]
    """The load and decode options in force, as plain JSON."""
    decoding: Mapping[str, Any] | None = None
    """What decoding came to, in the words of `asrlab_pytest.models.profile.COMPARED`; None where they do not fit."""

    is_cyclic: bool = True
    """Whether reference cycles may hold the weights, so that `close` alone does not free them. To look for cycles takes
    longer the more objects the process has: a model whose weights are gone with `close` states False."""

    def synchronize(self) -> None:
        """Wait until the device has done what it was given, so that a clock may be read."""
        return

    def device_memory_bytes(self) -> int | None:
        """Peak memory on the accelerator, with what loading took; None where there is no counter."""
        return None

    def close(self) -> None:
        """Let go of the weights."""


class Recognizer(Loaded, Protocol):
    """A loaded model that turns speech into text."""

    def transcribe(self, samples: NDArray[np.float32], language: str | None) -> Transcript:
        """Transcribe audio of shape (n,), mono, 16 kHz; return when all of the text is there.

        `language` is an ISO 639-1 code, or None to let the model detect it.
        """

    def prove(self, samples: NDArray[np.float32], language: str | None) -> None:  # noqa: ARG002
        """Called once, with the first clip, before anything is timed.

        Raises:
            ModelError: the number format in use is known to be unsafe on the device, and changes this clip's text.
        """
        return


class Synthesizer(Loaded, Protocol):
    """A loaded model that turns text into speech."""

    sample_rate: int
    """Hertz, of the speech it makes."""

    def speak(self, text: str, voice: str | None, language: str | None) -> Iterator[NDArray[np.float32]]:
        """Say a text; yield the speech in pieces of shape (n,), mono, each as soon as it can be played.

        `voice` is one of the engine's names of voices, or None for its first. An engine that makes all of the speech at
        once yields it as one piece. The same text, voice and weights give the same speech.

        Raises:
            ModelError: there is no such voice.
        """


class DialogueAgent(Loaded, Protocol):
    """A loaded model that answers speech with text and speech, and remembers what was said before."""

    sample_rate: int
    """Hertz, of the speech it makes."""

    def begin(self, language: str | None) -> None:
        """Forget what was said: a new dialogue begins."""

    def respond(self, samples: NDArray[np.float32]) -> Iterator[str | NDArray[np.float32]]:
        """Answer audio of shape (n,), mono, 16 kHz, as the next turn of the dialogue.

        Yields the answer as it is made: pieces of its text, and pieces of its speech of shape (n,), mono. The pieces of
        text make one text, and those of speech one speech; both may alternate.
        """


class Engine(Protocol):
    """Loads weights of one family. Making an engine and asking its status imports nothing heavy."""

    name: str
    tasks: Sequence[Task] = ("recognition",)
    """What its models can do."""
    devices: Sequence[Device]
    """The devices it has a build for."""
    packages: Sequence[str] = ()
    """The distributions whose version can change a text; the one of the engine's name where it is empty."""

    def status(self, spec: ModelSpec) -> Status:
        """Whether the model can run, by looking at files only."""

    def license_of(self, spec: ModelSpec) -> str | None:  # noqa: ARG002
        """The licence to accept before these weights are downloaded, where the spec states none; None for no such."""
        return None

    def license_url(self, spec: ModelSpec) -> str | None:  # noqa: ARG002
        """The address at which the licence of these weights can be read; None where it is not known."""
        return None

    def knows_language(self, spec: ModelSpec, language: str) -> bool:  # noqa: ARG002
        """Whether the weights can be told to recognize a language, without loading them. Asked before any test runs."""
        return True

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        """The number format that `load` will use."""

    def weights(self, spec: ModelSpec) -> Weights:
        """Identify the weights on this machine. Raises ModelError where they are missing or corrupt."""

    def prepare(self) -> None:
        """Import what loading needs, once a process, so that its time is not taken for that of the weights."""

    def load(self, spec: ModelSpec, device: Device) -> Loaded:
        """Load the weights for `spec.task`: a `Recognizer`, a `Synthesizer` or a `DialogueAgent`.

        Raises ModelError, in a sentence, where they do not load.
        """

    def download_url(self, spec: ModelSpec) -> str | None:
        """An address that answers where the weights can be downloaded; None for local weights."""

    def discard(self, spec: ModelSpec) -> None:
        """Remove what was downloaded or made of the weights, so that `pull` gets it again; never a user's own file."""

    def pull(self, spec: ModelSpec) -> Path:
        """Download the weights with a progress bar on standard error; return where they lie."""


@cache
def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}


def engine_names() -> tuple[str, ...]:
    """The engines that are installed, ours and outside packages'."""
    return tuple(sorted(_entry_points()))


def entry_point(name: str) -> EntryPoint | None:
    """What offers an engine; None where nothing does."""
    return _entry_points().get(name)


def adapter_version(name: str) -> str | None:
    """Name and version of the distribution that offers an engine; None where it is not known."""
    point = _entry_points().get(name)
    return f"{point.dist.name} {point.dist.version}" if point is not None and point.dist is not None else None


@cache
def engine(name: str) -> Engine:
    """Make the engine of this name.

    Raises:
        ModelError: no installed package offers it, or the package is broken.
    """
    point = _entry_points().get(name)
    if point is None:
        raise ModelError(
            f"no engine {name!r}; installed: {', '.join(engine_names())}",
            mend=f"install the package that offers the entry point {name!r} in the group {ENTRY_POINT_GROUP!r}",
        )
    try:
        with contained():
            made: Engine = point.load()()
    except Exception as error:
        raise ModelError(
            f"engine {name!r} ({point.value}) does not load: {type(error).__name__}: {error}",
            mend="upgrade or remove the package that offers it",
        ) from error
    return made
