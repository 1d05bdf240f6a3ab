"""What determines the text that a model writes for a clip, and its digest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from asrlab_pytest.content import expanded_path, real_path
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.models.device import place
from asrlab_pytest.models.engine import adapter_version, engine
from asrlab_pytest.models.source import code_digest, folder_digest
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.models.status import compute_type_on, weights_of
from asrlab_pytest.models.support.common import hash_file, installed_version
from asrlab_pytest.progress import step
from asrlab_pytest.records.plain import plain
from asrlab_pytest.secrets import redacted, texts, variables


def model_fingerprint(
    spec: ModelSpec, conditions: RunConditions, *, by_name: bool = False
) -> Mapping[str, object] | None:
    """Everything that the text depends on except the clip, as plain JSON; None if the weights cannot be identified.

    Known without loading the model, so that a resumed run need not load one that has nothing left to do.

    Args:
        spec: The model.
        conditions: Device of the run.
        by_name: Whether the name in the model's table will do for weights that cannot be identified.

    Raises:
        ModelError: the weights are missing or corrupt.
    """
    adapter = engine(spec.engine)
    device = place(spec.device or conditions.device, adapter.devices).used
    with step(f"hashing the weights of {spec.id}"):
        weights = weights_of(spec)
    identity = weights.sha256 or weights.revision
    if identity is None and not by_name:
        return None
    packages = tuple(adapter.packages or (spec.engine,))
    source = code_digest(spec.engine)
    parts = [code for name in weights.engines if (code := _code(name)) != _code(spec.engine)]
    given = variables(spec.options)
    fingerprint: dict[str, object] = plain(
        {
            "engine": spec.engine,
            "adapter": adapter_version(spec.engine),
            # A key of its own, so that what an engine of a released version wrote is found under the key it had.
            **({"source": source} if source else {}),
            **({"parts": parts} if parts else {}),
            "versions": {name: installed_version(name) for name in packages},
            "weights": {"named": spec.weights} if identity is None else identity,
            "decoding": _decoding(spec),
            "options": spec.options,
            **({"variables": given} if given else {}),
            **({"files": files} if (files := dict(_files({**spec.options, "variables": given}))) else {}),
            # Only for batches: all earlier runs made single calls.
            **({"batch_size": spec.batch_size} if spec.batch_size > 1 else {}),
            "device": device,
            "compute_type": compute_type_on(spec, device),
        }
    )
    # A new password does not make another model of it.
    return redacted(fingerprint) if identity is None else fingerprint


def configuration(spec: ModelSpec, root: Path | None) -> str:
    """Digest of what the project and the engine's code decide of the texts, the same on every machine.

    Weights are identified apart from it, unless only their name is known. Versions of packages are the machine's.

    Args:
        spec: The model.
        root: The project's folder.

    Raises:
        ModelError: the weights are missing or corrupt.
    """
    weights = weights_of(spec)
    is_identified = bool(weights.sha256 or weights.revision)
    parts = plain(
        {
            "engine": spec.engine,
            "source": code_digest(spec.engine),
            **({"parts": parts} if (parts := [code_digest(name) for name in weights.engines]) else {}),
            "weights": None if is_identified else spec.weights,
            **({} if is_identified or spec.compute_type is None else {"compute_type": spec.compute_type}),
            "decoding": _decoding(spec),
            "options": spec.options,
            "files": sorted(_files(spec.options)),
            "batch_size": spec.batch_size,
            "language": spec.language,
        }
    )
    return digest(_portable(redacted(parts), "" if root is None else str(root)))


def _code(name: str) -> list[str | None]:
    """What tells the code of an engine from another version of it."""
    return [adapter_version(name), code_digest(name)]


def _portable(value: Any, root: str) -> Any:
    """Plain JSON in which paths of the project are relative to its folder."""
    if isinstance(value, dict):
        return {key: _portable(item, root) for key, item in value.items()}
    if isinstance(value, list):
        return [_portable(item, root) for item in value]
    is_inside = isinstance(value, str) and root and Path(value).is_relative_to(root)
    return Path(value).relative_to(root).as_posix() if is_inside else value


def _decoding(spec: ModelSpec) -> dict[str, object]:
    return {key: value for key, value in asdict(spec.profile).items() if key != "name"}


def _files(options: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The files and folders that options name, other than weights, which the engine identifies: path and sha256."""
    for text, path in _named(options):
        with suppress(OSError):
            yield text, folder_digest(path) if path.is_dir() else hash_file(path)


def named_paths(spec: ModelSpec) -> Iterator[Path]:
    """The files and folders that a model's options name, also by a variable, and whose content its text depends on."""
    return (path for _, path in _named({**spec.options, "variables": variables(spec.options)}))


def _named(options: Mapping[str, object]) -> Iterator[tuple[str, Path]]:
    """The texts in options that are a path of a file or folder, and that path."""
    for name, text in texts(options):
        if name not in _OF_DOWNLOADS:
            # A word in a text may be the name of a folder by chance: one that is meant has a dot or a slash.
            parts = [part for part in re.split(r"[\s=,:;@#\"'()\[\]{}]+", text) if re.search(r"\w[./]|[./]\w", part)]
            for part in dict.fromkeys([text, *parts]):
                if (path := _path(part, is_whole=part == text)) is not None:
                    yield part, path


def _path(text: str, *, is_whole: bool) -> Path | None:
    """The file or folder that a text is the path of; None if there is none. A part of it may name one of the system."""
    with suppress(OSError, ValueError, ConfigError):  # No path: too long, with a null, of an unknown user.
        path = expanded_path(text)
        if text and (path.is_file() or (path.is_dir() and (is_whole or not path.is_absolute()))):
            return real_path(path)
    return None


_OF_DOWNLOADS = ("download_root", "cache_dir")
"""Options that name where downloaded weights are kept."""


def case_key(fingerprint: Mapping[str, object] | None, pcm_sha256: str, language: str | None) -> str | None:
    """Digest of a model's fingerprint, the samples and the language asked for; None if there is no fingerprint."""
    return CaseKeys(fingerprint).key(pcm_sha256, language)


@dataclass(eq=False, repr=False)
class CaseKeys:
    """The keys of a model's cases. What they have alike is encoded once."""

    fingerprint: Mapping[str, object] | None
    """The model's; None if there is none."""
    _parts: dict[str | None, tuple[str, str]] = field(default_factory=dict)

    def key(self, pcm_sha256: str, language: str | None) -> str | None:
        """As `case_key`."""
        if self.fingerprint is None:
            return None
        if language not in self._parts:
            whole = _ENCODER.encode({**self.fingerprint, "pcm_sha256": _SAMPLES, "language": language})
            before, _, after = whole.partition(_SAMPLES)
            self._parts[language] = before, after
        before, after = self._parts[language]
        return hashlib.sha256(f"{before}{pcm_sha256}{after}".encode()).hexdigest()


def digest(parts: Mapping[str, object]) -> str:
    """sha256 of plain JSON, whatever the order of its keys."""
    return hashlib.sha256(_ENCODER.encode(parts).encode()).hexdigest()


_SAMPLES = "<the samples>"
"""Stands for the digest of the samples."""
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False)
