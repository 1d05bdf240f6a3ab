"""onnx-asr: Parakeet, Canary, GigaAM, Whisper and others on ONNX Runtime, without torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from asrlab_pytest.languages import primary, whisper_code
from asrlab_pytest.models.convert import SMALLEST_VOCABULARY
from asrlab_pytest.models.engine import Recognizer, Transcript
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import (
    compute_type_of,
    extra,
    greedy,
    literal,
    physical_cores,
    tilde,
)
from asrlab_pytest.models.support.formats import config_of, wrong_format
from asrlab_pytest.models.support.hub_files import (
    HubEngine,
    is_folder,
    not_loaded,
    weights_hint,
)
from asrlab_pytest.waveform import Waveform

WHISPER_SECONDS = 30.0
"""What onnx-asr's Whisper reads of a clip; it says nothing of the rest."""
CANARY_SECONDS = 40.0
"""The longest audio that Canary was trained on."""
_WHISPER = ("whisper", "whisper-ort", "whisper-base")
_CANARY = ("nemo-conformer-aed", "nemo-canary-1b-v2")
_PROVIDERS: dict[Device, tuple[str, ...]] = {
    "cuda": ("CUDAExecutionProvider", "CPUExecutionProvider"),
    "cpu": ("CPUExecutionProvider",),
}
_STEMS = (
    *("encoder_model", "decoder_model_merged", "encoder-model", "decoder-model", "decoder_joint-model"),
    *("encoder", "decoder", "joint", "joiner", "ctc", "beamsearch"),
)
"""What the names of models end in, before the number format; repositories hold many formats of each."""


class OnnxAsr(HubEngine):
    """Weights are a name of onnx-asr (``nemo-parakeet-tdt-0.6b-v3``), a hub id (``owner/name``), or a folder.

    The number format ``int8`` takes the files with that in their name. Options are ``model_type``, for a folder whose
    ``config.json`` does not state one, and ``download_root``.
    """

    name = "onnx-asr"
    devices: Sequence[Device] = ("cuda", "cpu")
    compute_types = ("float32", "int8")
    options: ClassVar = {"model_type": str, "download_root": str}
    modules = ("onnx_asr", "onnxruntime")
    install = extra("onnx")
    packages = ("onnx-asr", "onnxruntime")

    def repositories(self) -> Mapping[str, str]:
        return _repositories()

    def wanted(self, spec: ModelSpec) -> Sequence[str]:
        return allowed(spec)

    def folder_status(self, spec: ModelSpec, folder: Path) -> Status:
        kind = _kind(spec, folder)
        if not any(folder.glob("**/*.onnx")):
            return wrong_format(spec, folder, "it has no .onnx file")
        if not kind:
            return wrong_format(spec, folder, "neither config.json nor the option states its model_type")
        if kind in _WHISPER and config_of(folder).get("vocab_size") == SMALLEST_VOCABULARY:
            reason = f"{tilde(folder)} is an English-only Whisper, and onnx-asr runs only multilingual ones"
            return Status(Readiness.BROKEN, reason, weights_hint(spec))
        return READY

    def load(self, spec: ModelSpec, device: Device) -> OnnxRecognizer:
        return OnnxRecognizer(spec, self.weights(spec).location, device, self.resolve_compute_type(spec, device))


class OnnxRecognizer(Recognizer):
    """A loaded model of onnx-asr. It decodes greedily."""

    def __init__(self, spec: ModelSpec, folder: Path, device: Device, compute_type: str) -> None:
        import onnx_asr
        import onnxruntime

        threads = spec.profile.threads or physical_cores()
        self.decoding = greedy(spec, threads)
        self._kind = _kind(spec, folder)
        available = onnxruntime.get_available_providers()
        session = onnxruntime.SessionOptions()
        session.intra_op_num_threads = threads
        try:
            self._model: Any = onnx_asr.load_model(
                self._kind,
                folder,
                quantization=None if compute_type == "float32" else compute_type,
                sess_options=session,
                providers=[name for name in _PROVIDERS[device] if name in available],
            )
        except Exception as error:  # noqa: BLE001 - onnxruntime has a class of its own for each way to fail
            raise not_loaded(spec, folder, error, self._kind) from None
        providers = _providers(self._model.asr)
        self.device = "cuda" if any(name.startswith("CUDA") for name in providers) else "cpu"
        self.max_seconds = {**dict.fromkeys(_WHISPER, WHISPER_SECONDS), **dict.fromkeys(_CANARY, CANARY_SECONDS)}.get(
            self._kind
        )
        self.settings = {
            "model_type": self._kind,
            "providers": providers,
            "threads": threads,
        }

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        return Transcript(text=self._model.recognize(samples, **self._language(language)), language=language)

    def transcribe_batch(self, batch: Sequence[Waveform], language: str | None) -> list[Transcript]:
        texts = self._model.recognize(list(batch), **self._language(language))
        return [Transcript(text=text, language=language) for text in texts]

    def _language(self, language: str | None) -> dict[str, str]:
        """The language, for the families that take one."""
        if language is None:
            return {}
        if self._kind in _WHISPER:
            return {"language": str(whisper_code(language))}
        return {"language": primary(language)} if self._kind in _CANARY else {}

    def close(self) -> None:
        self._model = None


def _providers(model: object) -> list[str]:
    """What the model's sessions compute with: ONNX Runtime leaves out a provider that does not start."""
    sessions = [value for value in vars(model).values() if hasattr(value, "get_providers")]
    return list(dict.fromkeys(name for session in sessions for name in session.get_providers()))


def _kind(spec: ModelSpec, folder: Path) -> str:
    """What onnx-asr calls the family of a model."""
    if not is_folder(spec) and spec.weights in _repositories():
        return spec.weights
    stated = spec.options.get("model_type") or config_of(folder).get("model_type") or ""
    return "whisper-ort" if stated == "whisper" and any(folder.glob("whisper-*_beamsearch*.onnx")) else str(stated)


def allowed(spec: ModelSpec) -> tuple[str, ...]:
    """What of a repository is downloaded: the models in one number format, and what is small."""
    wanted = compute_type_of(spec, OnnxAsr.compute_types)
    ending = "" if wanted == "float32" else f"?{wanted}"
    models = [f"model{ending}.onnx", *(f"*{stem}{ending}.onnx" for stem in _STEMS)]
    return ("config.*", "*.json", "*.txt", *models, *(f"{name}?data" for name in models))


def _repositories() -> dict[str, str]:
    repositories: dict[str, str] = literal("onnx_asr", "resolver.py", "model_repos")
    return {name: repository for name, repository in repositories.items() if name != "silero"}
