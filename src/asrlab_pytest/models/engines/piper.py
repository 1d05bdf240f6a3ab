"""Piper: neural voices for about forty languages, on the CPU, from the package piper-tts.

The package is GPL-3.0, so that it is an extra of its own, and nothing else of asrlab-pytest depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import Engine, Synthesizer, Weights
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import (
    extra,
    first_line,
    hash_files,
    modules_missing,
    package_missing,
    physical_cores,
    refuse_unready,
    tilde,
)
from asrlab_pytest.models.support.hub_files import content_hash, discard, download, file_url
from asrlab_pytest.models.support.piper_voices import (
    EXTRA,
    VoiceConfig,
    config_of,
    hub_file,
    read_config,
    voice_file,
    voice_status,
)
from asrlab_pytest.models.support.programs import check_numbers, check_voice, readable
from asrlab_pytest.tasks import Task
from asrlab_pytest.waveform import Waveform

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
        return Status(Readiness.BROKEN, error.problem.removeprefix(f"model {spec.id}: "), error.hint)
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
