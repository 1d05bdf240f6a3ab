"""What engines share whose weights are a folder, or a repository of files on a hub."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from asrlab_pytest.models.engine import Engine, Weights
from asrlab_pytest.models.spec import ModelSpec, Readiness, Status
from asrlab_pytest.models.support.common import hash_files, modules_missing, path_missing, refuse_unready
from asrlab_pytest.models.support.hub_files import (
    content_hash,
    discard,
    download,
    file_url,
    is_folder,
    is_hub_id,
    not_downloaded,
    snapshot,
    weights_hint,
)


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
