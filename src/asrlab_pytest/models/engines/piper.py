"""Piper: neural voices for about forty languages, on the CPU, from the package piper-tts.

The package is GPL-3.0, so that it is an extra of its own, and nothing else of asrlab-pytest depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from asrlab_pytest.content import expanded_path
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import Engine, Synthesizer, Weights
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import (
    broken,
    extra,
    first_line,
    hash_files,
    modules_missing,
    package_missing,
    physical_cores,
    refuse_unready,
    tilde,
    weights_missing,
)
from asrlab_pytest.models.support.formats import foreign
from asrlab_pytest.models.support.hub_files import content_hash, discard, download, file_url, snapshot, weights_hint
from asrlab_pytest.models.support.programs import check_numbers, check_voice, readable
from asrlab_pytest.tasks import Task
from asrlab_pytest.validation import adapter_of, faults
from asrlab_pytest.waveform import Waveform

EXTRA = "piper"
VOICES = "rhasspy/piper-voices"
"""The hub's repository of the voices that piper names."""
_NAMED = re.compile(r"(?P<family>[a-z]{2,3})_(?P<region>[A-Z]{2})-(?P<voice>[^-/]+)-(?P<quality>[^-/.]+)")
"""A voice as piper names it: ``en_US-lessac-medium``."""
_IN_REPOSITORY = re.compile(r"(?P<repository>[\w-][\w.-]*/[\w-][\w.-]*)/(?P<file>[^:]+\.onnx)")
"""A voice by its path in a repository of the hub: ``owner/name/path/voice.onnx``."""
_NEEDED = {"espeak": None, "text": None, "hebrew": None, "japanese": "pyopenjtalk", "thai": "tltk"}
"""The package that each kind of phonemes needs on top. Chinese (pinyin) downloads a model when it first speaks."""
_NUMBERS = {"length_scale": (0.1, 10.0), "noise_scale": (0.0, 2.0), "noise_w": (0.0, 2.0), "volume": (0.0, 10.0)}
_DEFAULTS = {"noise_scale": 0.0, "noise_w": 0.0, "volume": 1.0}
"""Without noise the same text gives the same speech: onnxruntime's random numbers follow no seed from text to text."""


class Piper(Engine):
    """Weights are a voice: its name (``en_US-lessac-medium``), which the hub's ``rhasspy/piper-voices`` has, a path in
    any repository of the hub (``owner/name/path/voice.onnx``), a local ``.onnx`` file with its ``.onnx.json`` beside
    it, a folder with one voice, or either of them in a package (``package:NAME/path``).

    Options are ``speaker``, a name or number of a voice that has several, and piper's ``length_scale``,
    ``noise_scale``, ``noise_w`` and ``volume``. Noise is 0 by default, so that speech is the same each time;
    ``download_root`` is the folder of the hub's cache.
    """

    name = "piper"
    tasks: tuple[Task, ...] = ("tts",)
    options: ClassVar = {"speaker": str | int, "download_root": str, **dict.fromkeys(_NUMBERS, float)}
    modules = ("piper",)
    install = extra(EXTRA)
    packages = ("piper-tts", "onnxruntime")

    def status(self, spec: ModelSpec) -> Status:
        status = modules_missing(self.modules, self.install) or voice_status(spec)
        return _options_status(spec) if status.is_ready else status

    def weights(self, spec: ModelSpec) -> Weights:
        voice = _ready_voice(spec)
        files = (voice, config_of(voice))
        on_hub = hub_file(spec)
        if on_hub is None:
            return Weights(location=voice, sha256=hash_files(files))
        commit = voice.parents[on_hub[1].count("/")].name
        return Weights(location=voice, sha256=content_hash(spec, files), revision=commit)

    def load(self, spec: ModelSpec, device: Device) -> PiperSynthesizer:
        return PiperSynthesizer(spec, _ready_voice(spec))

    def download_url(self, spec: ModelSpec) -> str | None:
        on_hub = hub_file(spec)
        return None if on_hub is None else file_url(spec, on_hub[0], f"{on_hub[1]}.json")

    def discard(self, spec: ModelSpec) -> None:
        on_hub = hub_file(spec)
        if on_hub is not None:
            repository, file = on_hub
            discard(spec, repository, (file, f"{file}.json"))

    def pull(self, spec: ModelSpec) -> Path:
        on_hub = hub_file(spec)
        if on_hub is None:
            return _ready_voice(spec)
        if missing := package_missing("huggingface_hub", EXTRA):
            refuse_unready(spec, missing)
        repository, file = on_hub
        return download(spec, repository, (file, f"{file}.json")) / file


class PiperSynthesizer(Synthesizer):
    """A loaded voice. A text is said sentence by sentence."""

    is_cyclic = False

    def __init__(self, spec: ModelSpec, file: Path) -> None:
        self._spec = spec
        self._name = file.stem
        self._config = read_config(file)
        self._speaker = _speaker(spec, self._config)
        threads = spec.profile.threads or physical_cores()
        self._voice: Any = _loaded(spec, file, threads)
        self._scales = {"length_scale": float(self._voice.config.length_scale), **_scales(spec)}
        self.sample_rate = self._config.audio.sample_rate
        self.settings = {
            "voice": self._name,
            "speaker": self._speaker,
            **self._scales,
            "threads": threads,
            "deterministic": not (self._scales["noise_scale"] or self._scales["noise_w"]),
        }

    def speak(self, text: str, voice: str | None, language: str | None) -> Iterator[Waveform]:
        import piper

        config = piper.SynthesisConfig(
            speaker_id=self._speaker_of(voice),
            length_scale=self._scales["length_scale"],
            noise_scale=self._scales["noise_scale"],
            noise_w_scale=self._scales["noise_w"],
            volume=self._scales["volume"],
        )
        # Two brackets would begin phonemes, which are no text.
        for part in self._voice.synthesize(readable(text).replace("[[", "[ ["), config):
            yield part.audio_float_array

    def _speaker_of(self, voice: str | None) -> int | None:
        """The speaker of a prompt's voice: a speaker of this voice, or the voice itself."""
        if voice is None or voice == self._name:
            return self._speaker
        speakers = self._config.speakers
        return speakers[check_voice(self._spec, voice, tuple(speakers) or (self._name,))]

    def close(self) -> None:
        self._voice = None


def _ready_voice(spec: ModelSpec) -> Path:
    """The file of a voice that is there.

    Raises:
        ModelError: it is not, or cannot be used.
    """
    refuse_unready(spec, Piper().status(spec))
    voice = voice_file(spec)
    assert voice is not None
    return voice


def _options_status(spec: ModelSpec) -> Status:
    """Whether a voice that is there takes the model's options."""
    try:
        voice = voice_file(spec)
        assert voice is not None
        _scales(spec)
        _speaker(spec, read_config(voice))
    except ModelError as error:
        return broken(spec, error)
    return READY


def _loaded(spec: ModelSpec, file: Path, threads: int) -> Any:
    """Piper's own voice, computing with so many threads, which piper's own way of loading cannot be told."""
    import json

    import onnxruntime
    import piper

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    try:
        session = onnxruntime.InferenceSession(str(file), sess_options=options, providers=["CPUExecutionProvider"])
        config = piper.PiperConfig.from_dict(json.loads(config_of(file).read_bytes()))
        return piper.PiperVoice(session=session, config=config)
    except Exception as error:  # noqa: BLE001 - onnxruntime has a class of its own for each way to fail
        raise ModelError(
            f"model {spec.id}: piper does not load {tilde(file)}: {first_line(error)}",
            hint=f"correct weights in [tool.asrlab.models.{spec.name}]"
            if hub_file(spec) is None
            else f"asrlab pull --again {spec.name}",
        ) from None


def _scales(spec: ModelSpec) -> dict[str, float]:
    """Piper's numbers for a model; without the length where it states none, as a voice has its own.

    Raises:
        ModelError: an option is not a number within its bounds.
    """
    check_numbers(spec, _NUMBERS)
    stated = {name: float(spec.options[name]) for name in _NUMBERS if name in spec.options}
    return {**_DEFAULTS, **stated}


def _speaker(spec: ModelSpec, config: VoiceConfig) -> int | None:
    """The number of the speaker that a model asks for; None for the voice's first.

    Raises:
        ModelError: the voice has no such speaker.
    """
    asked = spec.options.get("speaker")
    if asked is None:
        return None
    speakers = config.speakers
    if not speakers:
        raise ModelError(
            f"model {spec.id}: its voice has one speaker, and takes no option speaker",
            hint=f"remove speaker from [tool.asrlab.models.{spec.name}.options]",
        )
    return speakers[check_voice(spec, str(asked), tuple(speakers))]


# ---------------------------------------------------------------------------------------------------------------------
# The files of a voice, and what its configuration says


@dataclass(frozen=True)
class Audio:
    """The ``audio`` table of a voice's configuration."""

    sample_rate: int


@dataclass(frozen=True)
class VoiceConfig:
    """What is read of a voice's ``.onnx.json`` before it is loaded; the rest of it is piper's own business."""

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "ignore"}

    audio: Audio
    num_symbols: int
    phoneme_id_map: Mapping[str, list[int]]
    espeak: Mapping[str, str]
    num_speakers: int = 1
    speaker_id_map: Mapping[str, int] = field(default_factory=dict)
    phoneme_type: str = "espeak"

    @property
    def speakers(self) -> Mapping[str, int]:
        """Ids by name, and by number as text; empty where the voice has one speaker."""
        if self.num_speakers <= 1:
            return {}
        return {**self.speaker_id_map, **{str(number): number for number in range(self.num_speakers)}}


def hub_file(spec: ModelSpec) -> tuple[str, str] | None:
    """The repository and the file in it that the weights name; None if they are local."""
    if named := _NAMED.fullmatch(spec.weights):
        family, region, voice, quality = named.groups()
        return VOICES, f"{family}/{family}_{region}/{voice}/{quality}/{spec.weights}.onnx"
    match = None if Path(spec.weights).exists() else _IN_REPOSITORY.fullmatch(spec.weights)
    return (match["repository"], match["file"]) if match else None


def config_of(voice: Path) -> Path:
    """The configuration beside a voice."""
    return voice.with_name(f"{voice.name}.json")


def voice_status(spec: ModelSpec) -> Status:
    """Whether the voice's files are there and fit each other."""
    on_hub = hub_file(spec)
    if on_hub is not None and (missing := package_missing("huggingface_hub", EXTRA)):
        return missing
    try:
        voice = voice_file(spec)
        if voice is None:
            named = "/".join(on_hub or ())
            return weights_missing(spec, f"{named} is neither a file here nor in the Hugging Face cache")
        return _phonemes_status(spec, read_config(voice))
    except ModelError as error:
        return foreign(spec, Path(spec.weights)) or Status(Readiness.BROKEN, error.problem, error.hint)


def voice_file(spec: ModelSpec) -> Path | None:
    """The voice's ``.onnx`` file; None if it must be downloaded first.

    Raises:
        ModelError: local weights are no voice.
    """
    on_hub = hub_file(spec)
    if on_hub is None:
        return local_voice(spec)
    repository, file = on_hub
    folder = snapshot(spec, repository, (file, f"{file}.json"))
    return None if folder is None else folder / file


def local_voice(spec: ModelSpec) -> Path:
    """The ``.onnx`` file that local weights name: itself, or the only one of a folder.

    Raises:
        ModelError: there is none, or more than one, or no configuration beside it.
    """
    path = expanded_path(spec.weights)
    voice = _only_voice(spec, path) if path.is_dir() else path
    if voice.suffix != ".onnx":
        raise ModelError(
            f"{spec.weights!r} is not a piper voice: neither an .onnx file nor a folder with one, nor a name such as "
            "en_US-lessac-medium",
            hint=weights_hint(spec),
        )
    absent = [file for file in (voice, config_of(voice)) if not file.is_file()]
    if absent:
        raise ModelError(f"no file {' and no file '.join(map(tilde, absent))}", hint=weights_hint(spec))
    return voice


def _only_voice(spec: ModelSpec, folder: Path) -> Path:
    voices = sorted(folder.glob("*.onnx"))
    if len(voices) == 1:
        return voices[0]
    if not voices:
        raise ModelError(f"{tilde(folder)} has no voice (*.onnx)", hint=weights_hint(spec))
    names = ", ".join(voice.name for voice in voices[:3])
    raise ModelError(
        f"{tilde(folder)} has {len(voices)} voices ({names}{', ...' if len(voices) > len(voices[:3]) else ''})",
        hint=f"name the file of one in [tool.asrlab.models.{spec.name}]",
    )


def read_config(voice: Path) -> VoiceConfig:
    """The configuration of a voice.

    Raises:
        ModelError: it is not one.
    """
    from pydantic import ValidationError

    path = config_of(voice)
    try:
        return adapter_of(VoiceConfig).validate_json(path.read_bytes())
    except ValidationError as error:
        # Of a file of another kind pydantic finds everything: the first is enough.
        raise ModelError(
            f"{tilde(path)} is not the configuration of a piper voice: {faults(error).split('; ')[0]}",
            hint="download the voice again, its .onnx and its .onnx.json",
        ) from None


def _phonemes_status(spec: ModelSpec, config: VoiceConfig) -> Status:
    """Whether what makes phonemes of this voice's texts is installed."""
    kind = config.phoneme_type
    if kind not in _NEEDED:
        return Status(
            Readiness.UNSUPPORTED,
            f"its phonemes are {kind!r}, which piper makes by a model that it downloads while it speaks",
            f"choose another voice in [tool.asrlab.models.{spec.name}]",
        )
    needed = _NEEDED[kind]
    if needed is None or find_spec(needed) is not None:
        return READY
    return Status(
        Readiness.PACKAGE_MISSING,
        f"the package {needed} is not installed, which a voice with {kind} phonemes needs",
        f"uv add --dev {needed}",
    )
