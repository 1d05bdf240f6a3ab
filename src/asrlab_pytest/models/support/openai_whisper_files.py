"""The checkpoints of openai-whisper: by name, by path, or converted from CTranslate2 folders. Nothing is loaded."""

from __future__ import annotations

import os
import tempfile
from importlib.metadata import version
from pathlib import Path

from asrlab_pytest.content import expanded_path
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.checkpoint import convert_folder, exact_whisper
from asrlab_pytest.models.spec import READY, ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import (
    conversions,
    hash_folder,
    literal,
    package_missing,
    path_missing,
    tilde,
    weights_missing,
)
from asrlab_pytest.models.support.formats import checkpoint_status, wrong_format
from asrlab_pytest.models.support.hub_files import CTRANSLATE2, is_folder, is_hub_id, not_downloaded, snapshot


def urls() -> dict[str, str]:
    urls: dict[str, str] = literal("whisper", "__init__.py", "_MODELS")
    return urls


def is_name(spec: ModelSpec) -> bool:
    return spec.weights in urls()


def is_repository(spec: ModelSpec) -> bool:
    """Whether the weights are named by a repository id."""
    is_file = spec.weights.endswith(".pt") or Path(spec.weights).is_file()
    return is_hub_id(spec) and not (is_file or is_name(spec) or is_folder(spec))


def folder_of(spec: ModelSpec) -> Path | None:
    """The CTranslate2 folder, which is converted when first needed; None for other weights, or before it exists."""
    if is_repository(spec):
        return snapshot(spec, spec.weights, CTRANSLATE2)
    return Path(spec.weights) if not is_name(spec) and Path(spec.weights).is_dir() else None


def status_of(spec: ModelSpec) -> Status:
    """Whether the files exist, and which engine they are for."""
    if is_repository(spec) and (missing := package_missing("huggingface_hub", "whisper")):
        return missing
    folder = folder_of(spec)
    if folder is not None:
        return _folder_status(spec, folder)
    return not_downloaded(spec, spec.weights) if is_repository(spec) else _checkpoint_status(spec)


def _checkpoint_status(spec: ModelSpec) -> Status:
    if missing := path_missing(spec):
        return missing
    checkpoint = checkpoint_of(spec)
    if is_name(spec):
        lack = f"no {checkpoint.name} in {tilde(checkpoint.parent)}"
        return READY if checkpoint.is_file() else weights_missing(spec, lack)
    if not checkpoint.is_file():
        sizes = ", ".join(urls())
        return Status(
            Readiness.BROKEN,
            f"{spec.weights!r} is neither a size of openai-whisper ({sizes}), nor a .pt file, nor a CTranslate2 "
            "folder, nor a hub id",
            f"correct weights in [tool.asrlab.models.{spec.name}]",
        )
    return checkpoint_status(spec, checkpoint)


def _folder_status(spec: ModelSpec, folder: Path) -> Status:
    try:
        exact_whisper(folder)
    except ModelError as error:
        if not (folder / "model.bin").is_file():
            return wrong_format(spec, folder, "it has no model.bin")
        return Status(Readiness.BROKEN, error.problem, f"{error.hint}, in [tool.asrlab.models.{spec.name}]")
    return READY


def conversion_of(folder: Path) -> Path:
    """Where a folder's checkpoint is stored, by its bytes and the converter's version."""
    return conversions("checkpoints") / f"{folder.name}-{hash_folder(folder)[:16]}-{version('asrlab-pytest')}.pt"


def expected_sha256(spec: ModelSpec) -> str:
    """The package's URLs have the hash as the folder before the last."""
    return urls()[spec.weights].split("/")[-2]


def checkpoint_of(spec: ModelSpec) -> Path:
    """The file to load; a CTranslate2 folder is converted if it has not been yet."""
    folder = folder_of(spec)
    if folder is not None:
        conversion = conversion_of(folder)
        return conversion if conversion.is_file() else convert_folder(folder, conversion)
    if not is_name(spec):
        return Path(spec.weights)
    return _download_root(spec) / urls()[spec.weights].rpartition("/")[2]


def _download_root(spec: ModelSpec) -> Path:
    """Where the package itself keeps its weights, unless the spec says otherwise."""
    if "download_root" in spec.options:
        return expanded_path(spec.options["download_root"])
    cache = os.environ.get("XDG_CACHE_HOME") or expanded_path("~/.cache")
    return Path(cache) / "whisper"


def fetch(url: str, target: Path) -> Path:
    """Download with the package's own code into a folder next to the target, so that a kill leaves no partial file."""
    import whisper
    from filelock import FileLock

    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_suffix(".lock")), tempfile.TemporaryDirectory(dir=target.parent) as folder:
        Path(whisper._download(url, folder, in_memory=False)).replace(target)
    return target
