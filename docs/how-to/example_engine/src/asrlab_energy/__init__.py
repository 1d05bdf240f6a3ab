"""An engine for asrlab-pytest from outside: it writes one and the same word for each burst of energy.

It knows nothing of language, so it is a floor: a recognizer that is not clearly better has learnt nothing.
"""

# ruff: noqa: ARG002 - a protocol has arguments that this engine has no use for

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.engine import Recognizer, Segment, Transcript, Weights
from asrlab_pytest.models.spec import READY, Device, ModelSpec, Readiness, Status

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
FRAME = 320  # samples: 20 ms
SILENCE = 1e-3  # amplitude; a clip that is nowhere louder has no bursts
OPTIONS = {"below_peak_db": 25.0, "shortest_s": 0.1}


class EnergyEngine:
    """Weights are the word that it writes. Options are those of `OPTIONS`."""

    name = "energy"
    devices: tuple[Device, ...] = ("cpu",)

    def status(self, spec: ModelSpec) -> Status:
        if len(spec.weights.split()) == 1:
            return READY
        return Status(
            Readiness.BROKEN,
            f"weights must be one word, not {spec.weights!r}",
            f"correct weights in [tool.asrlab.models.{spec.id}]",
        )

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        return "float32"

    def weights(self, spec: ModelSpec) -> Weights:
        return Weights(location=Path(__file__), sha256=hashlib.sha256(spec.weights.encode()).hexdigest())

    def prepare(self) -> None:
        import numpy as np  # noqa: F401

    def load(self, spec: ModelSpec, device: Device) -> EnergyRecognizer:
        unknown = spec.options.keys() - OPTIONS.keys()
        if unknown:
            raise ModelError(
                f"model {spec.id}: engine energy has no option {', '.join(sorted(unknown))}",
                mend=f"it knows {', '.join(OPTIONS)}",
            )
        return EnergyRecognizer(spec.weights, {**OPTIONS, **spec.options})

    def download_url(self, spec: ModelSpec) -> str | None:
        return None

    def pull(self, spec: ModelSpec) -> Path:
        return self.weights(spec).location


class EnergyRecognizer(Recognizer):
    """The word, and what a burst is."""

    device: Device = "cpu"
    compute_type = "float32"

    def __init__(self, word: str, options: dict[str, float]) -> None:
        self._word = word
        self.settings = options

    def transcribe(self, samples: NDArray[np.float32], language: str | None) -> Transcript:
        segments = tuple(
            Segment(text=self._word, start=start * FRAME / SAMPLE_RATE, end=end * FRAME / SAMPLE_RATE)
            for start, end in self._bursts(samples)
        )
        return Transcript(text=" ".join(segment.text for segment in segments), segments=segments)

    def _bursts(self, samples: NDArray[np.float32]) -> list[tuple[int, int]]:
        """First frame and end of each stretch that is loud for long enough."""
        import numpy as np

        frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
        level = np.sqrt((frames**2).mean(axis=1)) if len(frames) else np.zeros(1)
        floor = max(SILENCE, float(level.max()) * 10 ** (-self.settings["below_peak_db"] / 20))
        edges = np.flatnonzero(np.diff(level > floor, prepend=False, append=False))
        shortest = self.settings["shortest_s"] * SAMPLE_RATE / FRAME
        return [(int(start), int(end)) for start, end in edges.reshape(-1, 2) if end - start >= shortest]

    def close(self) -> None:
        """There is nothing to let go of."""
