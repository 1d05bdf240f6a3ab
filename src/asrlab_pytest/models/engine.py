"""What an engine is: the base class of the adapter for one family of weights, and how adapters are found."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, ClassVar, Self

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.contained import contained
from asrlab_pytest.models.options import declaration_fault, options_of
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Status
from asrlab_pytest.tasks import Task
from asrlab_pytest.visible import error_words
from asrlab_pytest.waveform import Waveform

ENTRY_POINT_GROUP = "asrlab.engines"
_OWN = "asrlab-pytest"
"""Our distribution, whose version is not that of an engine."""


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

    def moved(self, by: float) -> Self:
        """The same segment this many seconds later, with its words."""
        words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in self.words)
        return replace(self, start=self.start + by, end=self.end + by, words=words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What an engine wrote for one clip, untouched."""

    text: str
    segments: tuple[Segment, ...] = ()
    language: str | None = None
    """What it decoded in, or detected."""
    cuts: tuple[float, ...] = ()
    """Seconds at which the audio was cut, because it is longer than the engine's `max_seconds`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Which weights these are, so that records of different weights can be distinguished."""

    location: Path
    sha256: str | None = None
    revision: str | None = None
    """A hub's commit, where the files came from one."""
    engines: Sequence[str] = ()
    """Names of the other engines that it is made of, whose code counts too."""


class Loaded:
    """A loaded model, whatever it does. What it does not set, `load` sets from the spec."""

    device: Device
    """Where it runs; the device that `load` was given unless it says otherwise."""
    compute_type: str
    """The number format in use; what `resolve_compute_type` says unless it says otherwise."""
    settings: Mapping[str, Any]
    """The load and decode options in force, as plain JSON; the spec's options unless it says otherwise."""
    decoding: Mapping[str, Any] | None = None
    """The effective decoding, in the words of `asrlab_pytest.models.profile.COMPARED`; None if they do not fit."""

    is_cyclic: bool = True
    """Whether reference cycles may hold the weights, so that `close` alone does not free them. To look for cycles takes
    longer the more objects the process has: a model whose weights are gone with `close` states False."""

    def synchronize(self) -> None:
        """Wait until the device has done what it was given, so that a clock may be read."""

    def device_memory_bytes(self) -> int | None:
        """Peak memory on the accelerator, with what loading took; None if there is no counter."""
        return None

    def close(self) -> None:
        """Release the weights."""


class Recognizer(Loaded):
    """A loaded model that turns speech into text."""

    max_seconds: float | None = None
    """The longest audio that it transcribes whole. Longer clips are cut at pauses, and the cuts are recorded."""

    @abstractmethod
    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        """Transcribe audio of shape (n,), mono, 16 kHz; return when all of the text is there.

        `language` is an ISO 639-1 code, or None to let the model detect it.
        """
        raise NotImplementedError

    def transcribe_batch(self, batch: Sequence[Waveform], language: str | None) -> list[Transcript]:
        """Transcribe several clips of one language; by default one after the other."""
        return [self.transcribe(samples, language) for samples in batch]

    def prove(self, samples: Waveform, language: str | None) -> None:
        """Called once, with the first clip, before anything is timed.

        Raises:
            ModelError: the number format in use is known to be unsafe on the device, and changes this clip's text.
        """


class Synthesizer(Loaded):
    """A loaded model that turns text into speech."""

    sample_rate: int
    """Hertz, of the speech it makes."""

    @abstractmethod
    def speak(self, text: str, voice: str | None, language: str | None) -> Iterator[Waveform]:
        """Say a text; yield the speech in pieces of shape (n,), mono, each as soon as it can be played.

        `voice` is one of the engine's names of voices, or None for its first. An engine that makes all of the speech at
        once yields it as one piece. The same text, voice and weights give the same speech.

        Raises:
            ModelError: there is no such voice.
        """
        raise NotImplementedError


class DialogueAgent(Loaded):
    """A loaded model that answers speech with text and speech, and remembers what was said before."""

    sample_rate: int
    """Hertz, of the speech it makes."""

    @abstractmethod
    def begin(self, language: str | None) -> None:
        """Forget what was said: a new dialogue begins."""
        raise NotImplementedError

    @abstractmethod
    def respond(self, samples: Waveform) -> Iterator[str | Waveform]:
        """Answer audio of shape (n,), mono, 16 kHz, as the next turn of the dialogue.

        Yields the answer as it is made: pieces of its text, and pieces of its speech of shape (n,), mono. The pieces of
        text make one text, and those of speech one speech; both may alternate.
        """
        raise NotImplementedError


class Engine:
    """Loads weights of one family. Only `load` has no default.

    Making an engine and asking its status imports nothing heavy.
    """

    name: str = ""
    """By default the name of the entry point."""
    tasks: Sequence[Task] = ("asr",)
    """What its models can do."""
    devices: Sequence[Device] = ("cpu",)
    """The devices it has a build for."""
    compute_types: Sequence[str] = ("float32",)
    """The number formats it computes in, its default first."""
    options: ClassVar[Mapping[str, Any] | None] = {}
    """Its options by name, each with its default or, where it has none, its type. Others are refused, and `load` finds
    all defaults in `spec.options`. None for an engine that knows its options only when it has loaded its package."""
    modules: Sequence[str] = ()
    """What it imports, as Python names it: a model whose engine lacks one of them has the status "package missing"."""
    install: str = ""
    """The command that installs them."""
    is_remote: bool = False
    """Whether servers run its models, so that their time and memory are not measured here."""
    packages: Sequence[str] = ()
    """The distributions whose version can change a text; the one of the engine's name where it is empty."""

    @abstractmethod
    def load(self, spec: ModelSpec, device: Device) -> Loaded:
        """Load the weights for `spec.task`: a `Recognizer`, a `Synthesizer` or a `DialogueAgent`.

        Raises ModelError, in a sentence, where they do not load.
        """
        raise NotImplementedError

    def status(self, spec: ModelSpec) -> Status:
        """Whether the model can run, by looking at files only.

        By default it can where the `modules` are installed and weights that are a path are there.
        """
        from asrlab_pytest.models.support.common import modules_missing, path_missing

        return modules_missing(self.modules, self.install) or path_missing(spec) or READY

    def weights(self, spec: ModelSpec) -> Weights:
        """Identify the weights on this machine. Raises ModelError where they are missing or corrupt.

        By default a file or folder is identified by the hash of its bytes; other weights are not identified, so that
        no store answers for them.
        """
        from asrlab_pytest.models.support.common import hash_path, refuse_unready

        refuse_unready(spec, self.status(spec))
        path = Path(spec.weights)
        return Weights(location=path, sha256=hash_path(path) if path.exists() else None)

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:  # noqa: ARG002
        """The number format that `load` will use."""
        from asrlab_pytest.models.support.common import compute_type_of

        return compute_type_of(spec, self.compute_types)

    def prepare(self) -> None:
        """Import what loading needs, once a process, so that its time is not taken for that of the weights."""
        for module in self.modules:
            import_module(module)

    def download_url(self, spec: ModelSpec) -> str | None:  # noqa: ARG002
        """An address that answers where the weights can be downloaded; None for local weights."""
        return None

    def pull(self, spec: ModelSpec) -> Path:
        """Download the weights with a progress bar on standard error; return where they lie."""
        return self.weights(spec).location

    def discard(self, spec: ModelSpec) -> None:
        """Remove what was downloaded or made of the weights, so that `pull` gets it again; never a user's own file."""

    def knows_language(self, spec: ModelSpec, language: str) -> bool:  # noqa: ARG002
        """Whether the weights support a language, without loading them. Asked before any test runs."""
        return True

    def license_of(self, spec: ModelSpec) -> str | None:  # noqa: ARG002
        """The licence to accept before these weights are downloaded, if the spec states none; None if there is none."""
        return None

    def license_url(self, spec: ModelSpec) -> str | None:  # noqa: ARG002
        """The address at which the licence of these weights can be read; None if it is not known."""
        return None


NEEDED: Mapping[Task, tuple[str, ...]] = {
    "asr": ("transcribe",),
    "tts": ("speak",),
    "conversation": ("begin", "respond"),
}
"""Methods of what is loaded for a task."""


def missing_methods(kind: type, names: Sequence[str]) -> list[str]:
    """The methods that a class lacks, or has only from its base, which does nothing."""
    methods = {name: getattr(kind, name, None) for name in names}
    return [name for name, each in methods.items() if getattr(each, "__isabstractmethod__", not callable(each))]


def load(adapter: Engine, spec: ModelSpec, device: Device, *, secrets: Mapping[str, Any] | None = None) -> Loaded:
    """Load a model with all of its engine's options; what it does not say of itself is set from them.

    Args:
        adapter: Its engine.
        spec: The model.
        device: Where to load it.
        secrets: Its options, with what they name of the environment.

    Raises:
        ModelError: an option is wrong, or the weights do not load.
    """
    given = replace(spec, options=spec.options if secrets is None else secrets)
    loaded = adapter.load(replace(given, options=options_of(adapter.options, given)), device)
    if missing_methods(type(loaded), NEEDED[spec.task]):
        return loaded
    if not hasattr(loaded, "device"):
        loaded.device = device
    if not hasattr(loaded, "compute_type"):
        loaded.compute_type = adapter.resolve_compute_type(spec, loaded.device)
    if not hasattr(loaded, "settings"):
        loaded.settings = {**options_of(adapter.options, given), **spec.options}
    return loaded


@cache
def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}


def engine_names() -> tuple[str, ...]:
    """The engines that are installed, ours and outside packages'."""
    return tuple(sorted(_entry_points()))


def entry_point(name: str) -> EntryPoint | None:
    """What offers an engine; None if nothing does."""
    return _entry_points().get(name)


def adapter_version(name: str) -> str | None:
    """Name and version of the distribution that offers an engine; None if it is not known."""
    point = _entry_points().get(name)
    return f"{point.dist.name} {point.dist.version}" if point is not None and point.dist is not None else None


def engine_version(adapter: Engine) -> str:
    """Version of the distribution that an engine runs: the one with its name, or else the first of its packages that is
    not ours; empty if none is installed.
    """
    from asrlab_pytest.models.support.common import installed_version

    names = [adapter.name, *(name for name in adapter.packages if name != _OWN)]
    return next(filter(None, map(installed_version, names)), "")


_OF_EXTRAS = {
    "whisper": ("openai-whisper",),
    "onnx": ("onnx-asr",),
    "sherpa": ("sherpa-onnx",),
    "mlx": ("mlx-whisper", "parakeet-mlx"),
    "lfm2": ("lfm2-audio",),
}
"""The engines of the extras that are not called like their engine."""


def _meant(name: str) -> str:
    """What to do about the name of an engine that nothing offers."""
    if name in _OF_EXTRAS:
        return f"did you mean {' or '.join(map(repr, _OF_EXTRAS[name]))}?"
    near = get_close_matches(name, engine_names(), n=1)
    meant = f"did you mean {near[0]!r}? Otherwise " if near else ""
    return f"{meant}install the package that offers the entry point {name!r} in the group {ENTRY_POINT_GROUP!r}"


@cache
def engine(name: str) -> Engine:
    """Make the engine of this name.

    Raises:
        ModelError: no installed package offers it, or the package is broken.
    """
    point = _entry_points().get(name)
    if point is None:
        raise ModelError(f"no engine {name!r}; installed: {', '.join(engine_names())}", hint=_meant(name))
    try:
        with contained():
            kind = point.load()
            fault = _fault(kind)
            instance: Engine | None = None if fault else kind()
            if instance is not None:
                instance.name = instance.name or name
                fault = declaration_fault(instance)
    except Exception as error:
        raise ModelError(
            f"engine {name!r} ({point.value}) does not load: {error_words(error)}",
            hint="correct, upgrade or remove the package that offers it",
        ) from error
    if instance is None or fault is not None:
        raise ModelError(
            f"engine {name!r} ({point.value}) {fault}", hint="correct or remove the package that offers it"
        )
    return instance


def _fault(kind: Any) -> str | None:
    """Why a class is not an engine; None if it is one."""
    if not (isinstance(kind, type) and issubclass(kind, Engine)):
        return "does not derive from asrlab_pytest.engines.Engine"
    if missing_methods(kind, ("load",)):
        return "has no method load"
    loads = _loaded_class(kind)
    # Faults of its declarations are reported once the engine is created.
    tasks = kind.tasks if isinstance(kind.tasks, tuple | list) else ()
    needed = NEEDED.get(tasks[0], ()) if len(tasks) == 1 else ()
    missing = missing_methods(loads, needed) if loads is not None else []
    return f"loads a {loads.__name__} that has no method {' and no '.join(missing)}" if loads and missing else None


def _loaded_class(kind: type[Engine]) -> type[Loaded] | None:
    """What `load` says that it returns; None if it does not say so, or names a base class."""
    stated = kind.load.__annotations__.get("return")
    stated = kind.load.__globals__.get(stated) if isinstance(stated, str) else stated
    is_own = isinstance(stated, type) and issubclass(stated, Loaded) and stated.__module__ != __name__
    return stated if is_own else None
