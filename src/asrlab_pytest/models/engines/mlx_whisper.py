"""mlx-whisper: Whisper on the GPU of Apple's processors; on Linux, where mlx has a build for the CPU, on that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from asrlab_pytest.languages import whisper_code
from asrlab_pytest.models.convert import SMALLEST_VOCABULARY
from asrlab_pytest.models.engine import Transcript
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Status
from asrlab_pytest.models.support.common import whisper_options
from asrlab_pytest.models.support.formats import config_of, is_of_mlx, wrong_format
from asrlab_pytest.models.support.mlx import MlxEngine, OnMlx
from asrlab_pytest.models.support.whisper import refuse_other_than_english, segment_of
from asrlab_pytest.waveform import Waveform


class MlxWhisper(MlxEngine):
    """Weights are a hub id (``mlx-community/whisper-base-mlx``), or a folder with ``config.json`` and ``weights.*``.

    Options: ``download_root``.
    """

    name = "mlx-whisper"
    compute_types = ("float16", "float32")
    modules = ("mlx_whisper",)
    files = ("config.json", "weights.*")
    packages = ("mlx-whisper", "mlx")

    def folder_status(self, spec: ModelSpec, folder: Path) -> Status:
        if is_of_mlx(folder):
            return READY
        return wrong_format(spec, folder, "it lacks weights.safetensors, or a config.json of mlx-whisper")

    def load(self, spec: ModelSpec, device: Device) -> MlxWhisperRecognizer:
        return MlxWhisperRecognizer(spec, self.weights(spec).location, self.resolve_compute_type(spec, device))


class MlxWhisperRecognizer(OnMlx):
    """A loaded model of mlx-whisper. It has no beam search."""

    def __init__(self, spec: ModelSpec, folder: Path, compute_type: str) -> None:
        from mlx_whisper.transcribe import ModelHolder

        self._spec, self._folder = spec, str(folder)
        self._holder: Any = ModelHolder
        self._is_multilingual = config_of(folder).get("n_vocab") != SMALLEST_VOCABULARY
        self._options = {**whisper_options(spec.profile), "fp16": compute_type == "float16"}
        super().__init__(spec, folder, compute_type, lambda _, dtype: ModelHolder.get_model(self._folder, dtype))
        self.settings = {**self._options, **self.settings}

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        import mlx_whisper

        refuse_other_than_english(self._spec, language, is_multilingual=self._is_multilingual)
        # The package keeps the model that it used last, one for the process.
        self._holder.model, self._holder.model_path = self._model, self._folder
        said = mlx_whisper.transcribe(
            samples,
            path_or_hf_repo=self._folder,
            language=whisper_code(language) if self._is_multilingual else "en",
            verbose=None,
            **self._options,
        )
        return Transcript(
            text=said["text"],
            segments=tuple(segment_of(each, ()) for each in said["segments"]),
            language=said.get("language"),
        )

    def close(self) -> None:
        self._model = self._holder.model = self._holder.model_path = None
