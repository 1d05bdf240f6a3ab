"""Hugging Face transformers: the pipeline, or the processor's request for models that are asked by a prompt."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from asrlab_pytest.languages import primary, whisper_code
from asrlab_pytest.models.convert import SMALLEST_VOCABULARY
from asrlab_pytest.models.engine import Recognizer, Transcript
from asrlab_pytest.models.profile import GREEDY
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Status
from asrlab_pytest.models.support.common import (
    extra,
    greedy,
    physical_cores,
)
from asrlab_pytest.models.support.formats import config_of, wrong_format
from asrlab_pytest.models.support.hub_files import HubEngine, not_loaded
from asrlab_pytest.models.support.torch_device import OnTorch, empty_cache, reset_peak_memory, threads
from asrlab_pytest.models.support.whisper import refuse_other_than_english
from asrlab_pytest.waveform import SAMPLE_RATE, Waveform

SECONDS: Mapping[str, float] = {"whisper": 30.0, "canary": 40.0}
"""What families read of a clip, by ``model_type``."""


class Transformers(HubEngine):
    """Weights are a hub id (``owner/name``) or a folder.

    Options: ``generate``, a table for ``generate()``, and ``download_root``. Code in a repository is not run.
    """

    name = "transformers"
    devices: Sequence[Device] = ("mps", "cuda", "cpu")
    compute_types = ("float32", "float16", "bfloat16")
    options: ClassVar = {"generate": dict, "download_root": str}
    modules = ("transformers", "torch")
    install = extra("transformers")
    files = ("*.json", "*.txt", "*.model", "*.jinja", "*.safetensors", "pytorch_model*.bin")
    packages = ("transformers", "torch")

    def prepare(self) -> None:
        import transformers

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()

    def folder_status(self, spec: ModelSpec, folder: Path) -> Status:
        if not config_of(folder).get("model_type"):
            return wrong_format(spec, folder, "its config.json is missing or states no model_type")
        if not any(folder.glob("model*.safetensors")) and not any(folder.glob("pytorch_model*.bin")):
            return wrong_format(spec, folder, "it has no model.safetensors")
        return READY

    def load(self, spec: ModelSpec, device: Device) -> TransformersRecognizer:
        return TransformersRecognizer(
            spec, self.weights(spec).location, device, self.resolve_compute_type(spec, device)
        )


class TransformersRecognizer(OnTorch, Recognizer):
    """A loaded model of transformers."""

    def __init__(self, spec: ModelSpec, folder: Path, device: Device, compute_type: str) -> None:
        import torch

        self.device, self.compute_type = device, compute_type
        self._spec = spec
        self._threads = spec.profile.threads or physical_cores()
        config = config_of(folder)
        self._kind = str(config.get("model_type", ""))
        self._is_multilingual = config.get("vocab_size") != SMALLEST_VOCABULARY
        self.max_seconds = SECONDS.get(self._kind)
        self._generate = _generate(spec)
        self.decoding = {
            **greedy(spec, self._threads),
            "beam_size": self._generate.get("num_beams", GREEDY),
        }
        reset_peak_memory(device)
        try:
            kind = Request if _has_request(folder) else Pipeline
            self._ask: Any = kind(folder, device, getattr(torch, compute_type))
        except Exception as error:  # noqa: BLE001 - a repository can be wrong in any way
            raise not_loaded(spec, folder, error) from None
        self.settings = {
            "interface": self._ask.name,
            "generate": self._generate,
            "threads": self._threads,
        }

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        return self.transcribe_batch([samples], language)[0]

    def transcribe_batch(self, batch: Sequence[Waveform], language: str | None) -> list[Transcript]:
        options = dict(self._generate)
        if self._kind == "whisper":
            refuse_other_than_english(self._spec, language, is_multilingual=self._is_multilingual)
            if self._is_multilingual:
                options |= {"task": "transcribe", **({"language": whisper_code(language)} if language else {})}
        with threads(self._threads):
            texts = self._ask(batch, language and primary(language), options)
        return [Transcript(text=text, language=language) for text in texts]

    def close(self) -> None:
        self._ask = None
        empty_cache(self.device)


class Pipeline:
    """Whisper, Moonshine, wav2vec2 and other CTC models, Parakeet."""

    name = "pipeline"

    def __init__(self, folder: Path, device: Device, dtype: Any) -> None:
        from transformers import pipeline

        self._pipeline: Any = pipeline(
            "automatic-speech-recognition", model=str(folder), device=device, dtype=dtype, trust_remote_code=False
        )
        self._generates = str(self._pipeline.type).startswith("seq2seq")

    def __call__(self, batch: Sequence[Any], language: str | None, options: Mapping[str, object]) -> list[str]:
        arguments = {"generate_kwargs": dict(options)} if self._generates else {}
        return [said["text"] for said in self._pipeline(list(batch), batch_size=len(batch), **arguments)]


class Request:
    """Canary, Qwen3-ASR, Voxtral and others, whose processor makes the prompt of a transcription."""

    name = "apply_transcription_request"

    def __init__(self, folder: Path, device: Device, dtype: Any) -> None:
        import transformers

        self._processor: Any = transformers.AutoProcessor.from_pretrained(folder)
        architecture = config_of(folder)["architectures"]
        assert isinstance(architecture, list)
        kind = getattr(transformers, architecture[0])
        self._model: Any = kind.from_pretrained(folder, dtype=dtype).to(device).eval()
        self._device, self._dtype, self._folder = device, dtype, folder
        self._known = inspect.signature(self._processor.apply_transcription_request).parameters

    def __call__(self, batch: Sequence[Any], language: str | None, options: Mapping[str, object]) -> list[str]:
        import torch

        arguments = {"model_id": str(self._folder), "sampling_rate": SAMPLE_RATE, "format": ["wav"] * len(batch)}
        arguments |= {name: language for name in ("language", "source_language") if language}
        arguments = {name: value for name, value in arguments.items() if name in self._known}
        inputs = self._processor.apply_transcription_request(list(batch), **arguments).to(
            self._device, dtype=self._dtype
        )
        with torch.inference_mode():
            tokens = self._model.generate(**inputs, **options)
        if not self._model.config.is_encoder_decoder:
            tokens = tokens[:, inputs["input_ids"].shape[1] :]
        decoding = inspect.signature(self._processor.decode).parameters
        only = {"return_format": "transcription_only"} if "return_format" in decoding else {}
        return [self._processor.decode(each, skip_special_tokens=True, **only) for each in tokens]


def _has_request(folder: Path) -> bool:
    from transformers.models.auto.processing_auto import PROCESSOR_MAPPING_NAMES

    name = PROCESSOR_MAPPING_NAMES.get(str(config_of(folder).get("model_type", "")))
    if name is None:
        return False
    import transformers

    return hasattr(getattr(transformers, name), "apply_transcription_request")


def _generate(spec: ModelSpec) -> dict[str, object]:
    """The arguments of `generate`: the profile in its words, then the model's own options."""
    options = dict(spec.options.get("generate") or {})
    return {"num_beams": GREEDY, "do_sample": False, **options}
