"""Where the files of a piper voice lie, and what its configuration says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.spec import READY, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import package_missing, tilde, weights_missing
from asrlab_pytest.models.support.formats import foreign
from asrlab_pytest.models.support.hub_files import snapshot, weights_hint
from asrlab_pytest.validation import adapter_of, faults

EXTRA = "piper"
VOICES = "rhasspy/piper-voices"
"""The hub's repository of the voices that piper names."""
_NAMED = re.compile(r"(?P<family>[a-z]{2,3})_(?P<region>[A-Z]{2})-(?P<voice>[^-/]+)-(?P<quality>[^-/.]+)")
"""A voice as piper names it: ``en_US-lessac-medium``."""
_IN_REPOSITORY = re.compile(r"(?P<repository>[\w-][\w.-]*/[\w-][\w.-]*)/(?P<file>[^:]+\.onnx)")
"""A voice by its path in a repository of the hub: ``owner/name/path/voice.onnx``."""
_NEEDED = {"espeak": None, "text": None, "hebrew": None, "japanese": "pyopenjtalk", "thai": "tltk"}
"""The package that each kind of phonemes needs on top. Chinese (pinyin) downloads a model when it first speaks."""


@dataclass(frozen=True)
class Audio:
    """The ``audio`` table of a voice's configuration."""

    sample_rate: int


@dataclass(frozen=True)
class VoiceConfig:
    """What is read of a voice's ``.onnx.json`` before it is loaded; the rest of it is piper's own business."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "ignore"}

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
    if on_hub is not None:
        if missing := package_missing("huggingface_hub", EXTRA):
            return missing
        if voice_file(spec) is None:
            return weights_missing(spec, f"{'/'.join(on_hub)} is neither a file here nor in the Hugging Face cache")
    try:
        voice = local_voice(spec) if on_hub is None else voice_file(spec)
        assert voice is not None
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
    path = Path(spec.weights).expanduser()
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
