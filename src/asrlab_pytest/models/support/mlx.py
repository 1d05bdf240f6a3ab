"""Shared code of the engines on mlx: the GPU of Apple's processors or, on Linux, mlx's build for the CPU."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from asrlab_pytest.models.engine import Recognizer
from asrlab_pytest.models.spec import Device, ModelSpec
from asrlab_pytest.models.support.common import compute_type_of, extra, greedy
from asrlab_pytest.models.support.hub_files import HubEngine, not_loaded


class MlxEngine(HubEngine):
    """Its `compute_types` are those of the GPU, with float32 last: CPUs emulate the others, slowly.

    Options: ``download_root``.
    """

    devices: Sequence[Device] = ("mps", "cpu")
    options: ClassVar = {"download_root": str}
    install = extra("mlx")

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        return compute_type_of(spec, self.compute_types, default=self.compute_types[-1 if device == "cpu" else 0])


class OnMlx(Recognizer):
    """A loaded model on the device that mlx has, which decodes greedily.

    Args:
        spec: The model.
        folder: Its weights.
        compute_type: Its number format, of which mlx has one of the same name.
        load: Loads the folder in that format.

    Raises:
        ModelError: it does not load, or the profile asks for another decoding.
    """

    def __init__(self, spec: ModelSpec, folder: Path, compute_type: str, load: Callable[[Path, Any], Any]) -> None:
        import mlx.core as mx

        self.device: Device = "mps" if mx.default_device().type == mx.gpu and sys.platform == "darwin" else "cpu"
        self.compute_type = compute_type
        self.decoding = {**greedy(spec, 0), "threads": None}
        self.settings = {"mlx_device": str(mx.default_device())}
        self._dtype: Any = getattr(mx, compute_type)
        try:
            self._model: Any = load(folder, self._dtype)
            mx.eval(self._model.parameters())
        except Exception as error:  # noqa: BLE001 - a folder can be wrong in any way
            raise not_loaded(spec, folder, error) from None

    def close(self) -> None:
        self._model = None
