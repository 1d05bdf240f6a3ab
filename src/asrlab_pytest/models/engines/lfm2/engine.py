"""LFM2-Audio by Liquid AI: one model that transcribes, speaks and converses, on CPU, CUDA and Apple GPUs."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.device import computes_in_bfloat16
from asrlab_pytest.models.engine import Engine, Weights
from asrlab_pytest.models.engines.lfm2.files import ALLOWED, FILES, LICENCE, files_status, folder_of, hashed_files
from asrlab_pytest.models.engines.lfm2.model import OPTIONS, Lfm2Model
from asrlab_pytest.models.licence import LFM
from asrlab_pytest.models.spec import Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import (
    compute_type_of,
    extra,
    first_line,
    hash_files,
    literal,
    package_missing,
    refuse_unready,
)
from asrlab_pytest.models.support.hub_files import content_hash, discard, download, file_url, is_folder, page_url
from asrlab_pytest.tasks import TASKS

OLDEST_PYTHON = (3, 12)
EXTRA = "lfm2"


class Lfm2Audio(Engine):
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
    install = extra(EXTRA)
    packages = ("liquid-audio", "torch", "torchaudio", "transformers")

    def status(self, spec: ModelSpec) -> Status:
        return _old_python() or _packages_missing() or _unlike_builds() or files_status(spec)

    def license_of(self, spec: ModelSpec) -> str | None:
        return None if is_folder(spec) else LFM

    def license_url(self, spec: ModelSpec) -> str | None:
        return None if is_folder(spec) else page_url(spec, spec.weights, LICENCE)

    def resolve_compute_type(self, spec: ModelSpec, device: Device) -> str:
        default = "bfloat16" if computes_in_bfloat16(device) else "float32"
        return compute_type_of(spec, self.compute_types, default=default)

    def weights(self, spec: ModelSpec) -> Weights:
        status = self.status(spec)
        refuse_unready(spec, status)
        folder = _ready_folder(spec)
        files = hashed_files(folder)
        if is_folder(spec):
            return Weights(location=folder, sha256=hash_files(files))
        return Weights(location=folder, sha256=content_hash(spec, files), revision=folder.name)

    def prepare(self) -> None:
        try:
            import liquid_audio  # noqa: F401
        except Exception as error:  # noqa: BLE001 - torch and torchaudio that do not fit fail in several ways
            raise ModelError(f"liquid-audio does not import: {first_line(error)}", hint=self.install) from None

    def load(self, spec: ModelSpec, device: Device) -> Lfm2Model:
        return Lfm2Model(spec, _ready_folder(spec), device, self.resolve_compute_type(spec, device))

    def download_url(self, spec: ModelSpec) -> str | None:
        return None if is_folder(spec) else file_url(spec, spec.weights, FILES[0])

    def discard(self, spec: ModelSpec) -> None:
        if not is_folder(spec):
            discard(spec, spec.weights)

    def pull(self, spec: ModelSpec) -> Path:
        if is_folder(spec):
            return self.weights(spec).location
        return download(spec, spec.weights, ALLOWED)


def _ready_folder(spec: ModelSpec) -> Path:
    """The folder of weights that are there.

    Raises:
        ModelError: they are not, or something of them is not.
    """
    status = files_status(spec)
    folder = folder_of(spec) if status.is_ready else None
    if folder is None:
        raise ModelError(f"model {spec.id}: {status}", hint=status.hint)
    return folder


def _old_python() -> Status | None:
    if sys.version_info >= OLDEST_PYTHON:
        return None
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return Status(
        Readiness.UNSUPPORTED,
        f"liquid-audio needs Python {oldest} or later, this is {platform.python_version()}",
        f'uv python pin {oldest} && uv add --dev "asrlab-pytest[{EXTRA}]"',
    )


def _packages_missing() -> Status | None:
    modules = ("liquid_audio", "torch", "torchaudio", "transformers")
    return next(filter(None, (package_missing(module, EXTRA) for module in modules)), None)


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
