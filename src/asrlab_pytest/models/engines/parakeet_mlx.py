"""parakeet-mlx: NVIDIA's Parakeet on Apple GPUs; on Linux, on the CPU."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from asrlab_pytest.content import real_path
from asrlab_pytest.models.engine import Segment, Transcript, Word
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Status
from asrlab_pytest.models.support.formats import is_of_parakeet_mlx, wrong_format
from asrlab_pytest.models.support.mlx import MlxEngine, OnMlx
from asrlab_pytest.waveform import Waveform

MAX_SECONDS = 120.0
"""Seconds that the package's own command reads at once: memory grows with the square of the length."""


class ParakeetMlx(MlxEngine):
    """Weights are a hub id (``mlx-community/parakeet-tdt-0.6b-v3``), or a folder with ``config.json`` and
    ``model.safetensors`` of parakeet-mlx.

    Options: ``download_root``.
    """

    name = "parakeet-mlx"
    compute_types = ("bfloat16", "float32")
    modules = ("parakeet_mlx",)
    files = ("config.json", "model.safetensors")
    packages = ("parakeet-mlx", "mlx")

    def folder_status(self, spec: ModelSpec, folder: Path) -> Status:
        if is_of_parakeet_mlx(folder):
            return READY
        return wrong_format(
            spec, folder, "it has no model.safetensors, or no config.json with the target of a NeMo model"
        )

    def load(self, spec: ModelSpec, device: Device) -> ParakeetMlxRecognizer:
        return ParakeetMlxRecognizer(spec, self.weights(spec).location, self.resolve_compute_type(spec, device))


class ParakeetMlxRecognizer(OnMlx):
    """A loaded Parakeet. It decodes greedily and detects the language."""

    max_seconds = MAX_SECONDS

    def __init__(self, spec: ModelSpec, folder: Path, compute_type: str) -> None:
        import parakeet_mlx

        super().__init__(
            spec,
            folder,
            compute_type,
            lambda place, dtype: parakeet_mlx.from_pretrained(str(real_path(place)), dtype=dtype),
        )
        self.settings = {"family": type(self._model).__name__, **self.settings}

    def transcribe(self, samples: Waveform, language: str | None) -> Transcript:
        import mlx.core as mx
        from parakeet_mlx.audio import get_logmel

        settings = self._model.preprocessor_config
        if len(samples) < settings.n_fft:
            return Transcript(text="", language=language)
        written = self._model.generate(get_logmel(mx.array(samples, dtype=self._dtype), settings))[0]
        return Transcript(text=written.text, segments=tuple(map(_segment, written.sentences)), language=language)


def _segment(sentence: Any) -> Segment:
    details = {"confidence": float(sentence.confidence)}
    times = {"start": float(sentence.start), "end": float(sentence.end)}
    return Segment(text=sentence.text, **times, words=tuple(_words(sentence.tokens)), details=details)


def _words(tokens: Sequence[Any]) -> Iterator[Word]:
    """Tokens are parts of words; the first of a word begins with a space."""
    parts: list[Any] = []
    for token in [*tokens, None]:
        if parts and (token is None or token.text.startswith(" ")):
            yield Word(
                text="".join(part.text for part in parts),
                start=float(parts[0].start),
                end=float(parts[-1].end),
                probability=min(float(part.confidence) for part in parts),
            )
            parts = []
        parts.append(token)
