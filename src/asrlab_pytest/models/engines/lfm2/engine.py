"""LFM2-Audio by Liquid AI: one model that transcribes, speaks and converses, on CPU, CUDA and Apple GPUs."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.device import computes_in_bfloat16
from asrlab_pytest.models.engines.lfm2.files import ALLOWED, FILES, LICENCE, files_status, folder_of
from asrlab_pytest.models.engines.lfm2.model import OPTIONS, Lfm2Model
from asrlab_pytest.models.licence import LFM
from asrlab_pytest.models.spec import Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import (
    compute_type_of,
    extra,
    first_line,
    literal,
    modules_missing,
    refuse_unready,
)
from asrlab_pytest.models.support.hub_files import HubEngine, is_folder, page_url
from asrlab_pytest.tasks import TASKS

OLDEST_PYTHON = (3, 12)
EXTRA = "lfm2"


class Lfm2Audio(HubEngine):
    """Weights are a hub id (``LiquidAI/LFM2.5-Audio-1.5B``) or a local folder of the same files.

    Options are ``text_temperature``, ``text_top_k``, ``audio_temperature`` and ``audio_top_k`` of the package's
    generators, and our own: ``seed`` (0 by default; what is drawn is the same in every call), ``prompt`` (in the place
    of the task's system prompt), ``max_new_tokens`` (by default from the length of the audio or the text),
    ``threads`` (CPU threads; the physical cores by default) and ``download_root``.
    """

    name = "lfm2-audio"
    tasks = TASKS
    devices: tuple[Device, ...] = ("mps", "cuda", "cpu")
    compute_types = ("bfloat16", "float32")
    options = OPTIONS
    modules = ("liquid_audio", "torch", "torchaudio", "transformers")
    install = extra(EXTRA)
    packages = ("liquid-audio", "torch", "torchaudio", "transformers")
    files = ALLOWED
    needed = FILES

    def status(self, spec: ModelSpec) -> Status:
        return _old_python() or modules_missing(self.modules, self.install) or _unlike_builds() or files_status(spec)

    def folder_status(self, spec: ModelSpec, folder: Path) -> Status:
        return files_status(spec)

    def license_of(self, spec: ModelSpec) -> str | None:
        return None if is_folder(spec) else LFM

    def license_url(self, spec: ModelSpec) -> str | None:
        return None if is_folder(spec) else page_url(spec, spec.weights, LICENCE)

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        default = "bfloat16" if computes_in_bfloat16(device) else "float32"
        return compute_type_of(spec, self.compute_types, default=default)

    def hashed_files(self, folder: Path) -> tuple[Path, ...]:
        weights = (path for path in folder.rglob("*.safetensors") if path.is_file())
        return tuple(sorted([*weights, *folder.rglob("config.json"), folder / "tokenizer.json"]))

    def prepare(self) -> None:
        try:
            import liquid_audio  # noqa: F401
        except Exception as error:  # noqa: BLE001 - torch and torchaudio that do not fit fail in several ways
            raise ModelError(f"liquid-audio does not import: {first_line(error)}", hint=self.install) from None

    def load(self, spec: ModelSpec, device: Device) -> Lfm2Model:
        refuse_unready(spec, files_status(spec))
        folder = folder_of(spec)
        assert folder is not None
        return Lfm2Model(spec, folder, device, self.resolve_compute_type(spec, device))


def _old_python() -> Status | None:
    if sys.version_info >= OLDEST_PYTHON:
        return None
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return Status(
        Readiness.UNSUPPORTED,
        f"liquid-audio needs Python {oldest} or later, this is {platform.python_version()}",
        f'uv python pin {oldest} && uv add --dev "asrlab-pytest[{EXTRA}]"',
    )


def _unlike_builds() -> Status | None:
    """Torchaudio refuses to be imported with a torch that was built for another CUDA."""
    versions = {name: str(literal(name, "version.py", "__version__")) for name in ("torch", "torchaudio")}
    builds = {version.partition("+")[2] for version in versions.values()}
    if len(builds) == 1 or not all(build.startswith("cu") for build in builds):
        return None
    said = " and ".join(f"{name} {version}" for name, version in versions.items())
    return Status(
        Readiness.BROKEN,
        f"{said} are built for different releases of CUDA",
        f'uv add --dev "asrlab-pytest[{EXTRA}]" "torch<2.15"',
    )
