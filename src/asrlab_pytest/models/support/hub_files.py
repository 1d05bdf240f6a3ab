"""Weights that are folders, local or on a hub, and the base class of the engines that read them."""

from __future__ import annotations

import os
import re
from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from asrlab_pytest.content import expanded_path, real_path
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.catalog import catalog
from asrlab_pytest.models.engine import Engine, Weights
from asrlab_pytest.models.spec import ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import (
    first_line,
    forget_hashes,
    hash_file,
    hash_files,
    modules_missing,
    path_missing,
    refuse_unready,
    tilde,
    weights_missing,
)
from asrlab_pytest.secrets import without_secrets

CTRANSLATE2 = ("config.json", "model.bin", "tokenizer.json")
"""Files without which a repository or folder is not a Whisper of CTranslate2."""
CTRANSLATE2_ALL = (*CTRANSLATE2, "preprocessor_config.json", "vocabulary.*")
_SLIP = 0.9
"""Likeness of two ids from which one is taken for the other with a slip: a letter or two of a usual id."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_folder(spec: ModelSpec) -> bool:
    """A path, even of a folder that is not there: a hub id has one slash and no leading dot, slash or tilde."""
    return Path(spec.weights).is_dir() or spec.weights.startswith((".", "/", "~")) or spec.weights.count("/") > 1


def is_hub_id(spec: ModelSpec) -> bool:
    return spec.weights.count("/") == 1


def weights_hint(spec: ModelSpec) -> str:
    """The change that fixes weights which are named wrongly."""
    return f"correct weights in [tool.asrlab.models.{spec.name}]"


def checkpoint_hint(spec: ModelSpec) -> str:
    """How to repair files that exist but do not load."""
    return weights_hint(spec) if is_folder(spec) else f"asrlab pull --again {spec.name}"


def not_loaded(spec: ModelSpec, folder: Path, error: Exception, kind: str = "") -> ModelError:
    """The error if a package does not load a folder of weights.

    Args:
        spec: The model.
        folder: Where its weights lie.
        error: What the package raised.
        kind: What it took them for.
    """
    taken = f" as {kind}" if kind else ""
    return ModelError(
        f"model {spec.id}: {spec.engine} does not load {tilde(folder)}{taken}: {first_line(error)}",
        hint=checkpoint_hint(spec),
    )


def not_downloaded(spec: ModelSpec, repository: str, known: Iterable[str] = ()) -> Status:
    """The status of a model whose repository is not in the cache, with the known one that a misspelt id looks like.

    Args:
        spec: The model.
        repository: Its repository.
        known: Repositories that its engine knows of, beside those of the catalog.
    """
    listed = {weights for table in catalog().values() if (weights := str(table["weights"])).count("/") == 1}
    near = _near(repository, {*known, *listed})
    meant = f"; did you mean {near}?" if near else ""
    return weights_missing(spec, f"{repository} is not in the Hugging Face cache{meant}")


def _near(repository: str, known: Collection[str]) -> str | None:
    """The repository that differs by a slip of the pen; None if this very one is known."""
    if repository in known:
        return None
    return next(iter(get_close_matches(repository, sorted(known), n=1, cutoff=_SLIP)), None)


def file_url(spec: ModelSpec, repository: str, name: str) -> str:
    """The address of a file of a repository."""
    return f"{_endpoint()}/{repository}/resolve/{spec.revision or 'main'}/{name}"


def page_url(spec: ModelSpec, repository: str, name: str) -> str:
    """The address of the page on which the hub shows a file of a repository."""
    return f"{without_secrets(_endpoint())}/{repository}/blob/{spec.revision or 'main'}/{name}"


def snapshot(spec: ModelSpec, repository: str, files: Iterable[str]) -> Path | None:
    """The folder of the downloaded revision, where all of these files are there."""
    import huggingface_hub

    names = tuple(files)
    paths = [
        huggingface_hub.try_to_load_from_cache(repository, name, cache_dir=_download_root(spec), revision=spec.revision)
        for name in names
    ]
    folders = [Path(path) for path in paths if isinstance(path, str)]
    if len(folders) < len(names):
        return None
    return folders[0].parents[names[0].count("/")]


def download(spec: ModelSpec, repository: str, allowed: Sequence[str]) -> Path:
    """Download the files of a repository that match these patterns; return their folder.

    Raises:
        ModelError: the hub does not give them.
    """
    import huggingface_hub

    try:
        return Path(
            huggingface_hub.snapshot_download(
                repository,
                revision=spec.revision,
                cache_dir=_download_root(spec),
                allow_patterns=list(allowed),
            )
        )
    except Exception as error:  # noqa: BLE001 - a hub fails in any of a dozen ways
        raise ModelError(
            f"model {spec.id}: {repository} cannot be downloaded: {first_line(error)}",
            hint=f"on a network that can reach it, run: asrlab pull {spec.name}",
        ) from None


def content_hash(spec: ModelSpec, files: Iterable[Path]) -> str:
    """sha256 over files of a repository, each held against what the hub says of it, as far as the cache tells.

    Raises:
        ModelError: a file is damaged.
    """
    paths = tuple(files)
    for path in paths:
        # The cache calls large files by the sha256 that the hub states.
        stated = real_path(path).name
        if _SHA256.fullmatch(stated) and hash_file(path) != stated:
            raise ModelError(
                f"model {spec.id}: {tilde(path)} is damaged: its sha256 is {hash_file(path)[:12]}..., the hub says "
                f"{stated[:12]}...",
                hint=f"asrlab pull --again {spec.name}",
            )
    return hash_files(paths)


def discard(spec: ModelSpec, repository: str, files: Sequence[str] = ("**/*",)) -> None:
    """Remove what the cache has of the revision, or of every one where none is pinned, so that it is fetched again.

    Args:
        spec: The model.
        repository: Where its files come from.
        files: Those that are its own, as patterns: all, unless the repository holds other models as well.
    """
    import huggingface_hub.constants

    root = Path(_download_root(spec) or huggingface_hub.constants.HF_HUB_CACHE)
    for folder in (root / f"models--{repository.replace('/', '--')}" / "snapshots").glob(spec.revision or "*"):
        for path in [path for name in files for path in folder.glob(name) if not path.is_dir()]:
            real_path(path).unlink(missing_ok=True)
            path.unlink(missing_ok=True)
    forget_hashes()


def _endpoint() -> str:
    """The hub in use: the Hugging Face hub, or the mirror that huggingface_hub is set to."""
    return (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")


def _download_root(spec: ModelSpec) -> str | None:
    root = spec.options.get("download_root")
    return str(expanded_path(root)) if root else None


class HubEngine(Engine):
    """An engine whose weights are a hub id (``owner/name``) or a folder, with a ``config.json`` among the files."""

    files: Sequence[str] = ()
    """Names or patterns of the files that are downloaded."""
    needed: Sequence[str] = ("config.json",)
    """Names of the files that a complete download has."""
    short_name = "name"
    """Name for a key of `repositories` in messages."""

    def repositories(self) -> Mapping[str, str]:
        """Hub ids of the weights that have a short name, by that name."""
        return {}

    def wanted(self, spec: ModelSpec) -> Sequence[str]:
        """Names or patterns of the files that are downloaded for a model."""
        return self.files

    def is_local(self, spec: ModelSpec) -> bool:
        """Whether the weights of a model are a path, so that nothing is downloaded."""
        return is_folder(spec)

    def hashed_files(self, folder: Path) -> tuple[Path, ...]:
        """The files of a folder that make the model what it is, in order."""
        return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))

    def digest(self, folder: Path) -> str:
        """sha256 of weights in one of the user's folders."""
        return hash_files(self.hashed_files(folder))

    @abstractmethod
    def folder_status(self, spec: ModelSpec, folder: Path) -> Status:
        """Whether a folder has what the engine reads."""

    def status(self, spec: ModelSpec) -> Status:
        missing = modules_missing(self.modules, self.install)
        if missing or is_folder(spec):
            return missing or path_missing(spec) or self.folder_status(spec, Path(spec.weights))
        if spec.weights not in self.repositories() and not is_hub_id(spec):
            return Status(Readiness.BROKEN, self._not_weights(spec), weights_hint(spec))
        folder = self._folder(spec)
        if folder is None:
            return not_downloaded(spec, self._repository(spec), self.repositories().values())
        return self.folder_status(spec, folder)

    def _not_weights(self, spec: ModelSpec) -> str:
        names = ", ".join(self.repositories())
        named = f"a {self.short_name} of {self.name} ({names}), nor " if names else ""
        return f"{spec.weights!r} is neither {named}a hub id (owner/name) nor a folder"

    def weights(self, spec: ModelSpec) -> Weights:
        refuse_unready(spec, self.status(spec))
        folder = self._folder(spec)
        assert folder is not None
        if is_folder(spec):
            return Weights(location=folder, sha256=self.digest(folder))
        return Weights(location=folder, sha256=content_hash(spec, self.hashed_files(folder)), revision=folder.name)

    def download_url(self, spec: ModelSpec) -> str | None:
        return None if self.is_local(spec) else file_url(spec, self._repository(spec), "config.json")

    def pull(self, spec: ModelSpec) -> Path:
        if self.is_local(spec):
            return self.weights(spec).location
        return download(spec, self._repository(spec), self.wanted(spec))

    def discard(self, spec: ModelSpec) -> None:
        if not self.is_local(spec):
            discard(spec, self._repository(spec))

    def _repository(self, spec: ModelSpec) -> str:
        return self.repositories().get(spec.weights, spec.weights)

    def _folder(self, spec: ModelSpec) -> Path | None:
        return Path(spec.weights) if is_folder(spec) else snapshot(spec, self._repository(spec), self.needed)
