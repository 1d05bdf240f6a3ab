"""What determines the text that a model writes for a clip, and its digest."""

from __future__ import annotations

import hashlib
import json
import re
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.models.device import place
from asrlab_pytest.models.engine import adapter_version, engine, entry_point
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.models.status import compute_type_on, weights_of
from asrlab_pytest.models.support.common import hash_file, hash_folder, installed_version
from asrlab_pytest.progress import step
from asrlab_pytest.records.plain import plain
from asrlab_pytest.secrets import redacted, texts


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
    source = source_digest(spec.engine, packages)
    fingerprint: dict[str, object] = plain(
        {
            "engine": spec.engine,
            "adapter": adapter_version(spec.engine),
            # A key of its own, so that what an engine of a released version wrote is found under the key it had.
            **({"source": source} if source else {}),
            "versions": {name: installed_version(name) for name in packages},
            "weights": {"named": spec.weights} if identity is None else identity,
            "decoding": _decoding(spec),
            "options": spec.options,
            **({"files": files} if (files := dict(_files(spec.options))) else {}),
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
            "source": source_digest(spec.engine, tuple(engine(spec.engine).packages or (spec.engine,))),
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
    for name, text in texts(options):
        if name not in _OF_WEIGHTS:
            # A word in a text may be the name of a folder by chance: one that is meant has a dot or a slash.
            parts = [part for part in re.split(r"[\s=,:;@#\"'()\[\]{}]+", text) if re.search(r"\w[./]|[./]\w", part)]
            for part in dict.fromkeys([text, *parts]):
                if (digest := _digest_at(part, is_whole=part == text)) is not None:
                    yield part, digest


def _digest_at(text: str, *, is_whole: bool) -> str | None:
    """The digest of a file or folder; None if there is none. A part of a text may name a folder of the system."""
    with suppress(OSError, ValueError, RuntimeError):  # No path: too long, with a null, of an unknown user.
        path = Path(text).expanduser()
        if text and path.is_file():
            return hash_file(path.resolve())
        if text and path.is_dir() and (is_whole or not path.is_absolute()):
            return hash_folder(path.resolve())
    return None


_OF_WEIGHTS = ("weights", "download_root", "cache_dir")
"""Options that name weights, or where downloaded ones are kept."""


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


_LARGEST = 1 << 20
"""Bytes. A larger file that is not a code is data, such as weights, which have digests of their own."""
_CODE = frozenset({".py", ".so", ".pyd", ".dylib", ".dll"})
_NO_SOURCES = frozenset({"__pycache__", "node_modules"})
_OWN = "asrlab_pytest"


@cache
def source_digest(name: str, packages: tuple[str, ...] = ()) -> str | None:
    """sha256 of the sources behind an engine that can change without a version; None if there are none.

    They are those of a distribution that was installed from a folder or a file (PEP 610), editable or not, those of a
    module that lies outside the installed packages, and those of local distributions that either needs.

    Args:
        name: The engine's.
        packages: Distributions whose version can change a text.
    """
    point = entry_point(name)
    if point is None:
        return None
    module = point.module.partition(".")[0]
    folders: list[Path] = []
    if (point.dist is None or _is_local(point.dist)) or not _is_installed(module):
        folders += _folders(module)
    roots = [point.dist.name] if point.dist is not None and module != _OWN else []
    for needed in _local_needs([*roots, *packages]):
        folders += _project(needed)
    return _digest(folders) if folders else None


def _folders(module: str) -> list[Path]:
    """Where a package's files, or a module's file, are. Of our own package only what the engines are made of."""
    spec = find_spec(module)
    if spec is None:
        return []
    places = [Path(place) for place in spec.submodule_search_locations or ()]
    if module == _OWN:
        return [place / part for place in places for part in ("models", "measure")]
    return places or ([Path(spec.origin)] if spec.origin else [])


def _is_installed(module: str) -> bool:
    """Whether a module lies among the installed packages."""
    installed = [Path(sysconfig.get_path(kind)).resolve() for kind in ("purelib", "platlib")]
    return all(any(place.resolve().is_relative_to(folder) for folder in installed) for place in _folders(module))


def _local_needs(names: Iterable[str]) -> list[Distribution]:
    """The local ones of these distributions, and of what they need; but for our own, whose engines are looked at."""
    needs: dict[str, Distribution | None] = {}
    waiting = list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in needs or name == "asrlab-pytest":
            continue
        needs[name] = package = _distribution(name)
        if package is not None and _is_local(package):
            waiting += [match[0] for need in package.requires or () if (match := re.match(r"[\w.-]+", need))]
    return [package for package in needs.values() if package is not None and _is_local(package)]


def _distribution(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _origin(dist: Distribution) -> dict[str, object]:
    """What PEP 610 says of where a distribution came from; nothing where it came from an index."""
    try:
        origin = json.loads(dist.read_text("direct_url.json") or "{}")
    except ValueError:
        return {}
    return origin if isinstance(origin, dict) else {}


def _is_local(dist: Distribution) -> bool:
    origin = _origin(dist)
    return "dir_info" in origin or str(origin.get("url", "")).startswith("file:")


def _project(dist: Distribution) -> list[Path]:
    """The files of a local distribution: as they are installed or, where it is editable, in its project's folder."""
    origin = _origin(dist)
    info = origin.get("dir_info")
    if not (isinstance(info, dict) and info.get("editable")):
        return [Path(str(dist.locate_file(file))) for file in dist.files or () if file.suffix in _CODE]
    folder = Path(unquote(urlsplit(str(origin["url"])).path))
    return [folder / "src" if (folder / "src").is_dir() else folder]


def _digest(places: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for location in sorted({path.resolve() for path in places}):
        for path in [location] if location.is_file() else sorted(_sources(location)):
            name = path.name if path == location else path.relative_to(location).as_posix()
            digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _sources(folder: Path, above: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Code, and files next to it that are small enough to be part of it; no folder of an environment or a tool.

    A link to a folder is followed if the folder has Python code, and is not one of those above.
    """
    above |= {folder.resolve()}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir():
            if not (
                path.name.startswith(".")
                or path.name in _NO_SOURCES
                or (path / "pyvenv.cfg").exists()
                or (path.is_symlink() and (path.resolve() in above or not any(path.glob("*.py"))))
            ):
                yield from _sources(path, above)
        elif path.suffix in _CODE or (path.suffix != ".pyc" and path.is_file() and path.stat().st_size <= _LARGEST):
            yield path
