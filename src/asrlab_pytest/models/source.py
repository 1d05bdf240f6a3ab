"""Tells the code of an engine that is being worked on from what it was before, when its version stays the same."""

from __future__ import annotations

import hashlib
import json
import re
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from asrlab_pytest.content import real_path
from asrlab_pytest.models.engine import entry_point

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
    installed = [real_path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")]
    return all(any(real_path(place).is_relative_to(folder) for folder in installed) for place in _folders(module))


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
    for place in sorted({real_path(place) for place in places}):
        for path in [place] if place.is_file() else sorted(_sources(place)):
            name = path.name if path == place else path.relative_to(place).as_posix()
            digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _sources(folder: Path, above: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Code, and files next to it that are small enough to be part of it; no folder of an environment or a tool.

    A link to a folder is followed if the folder has Python code, and is not one of those above.
    """
    above |= {real_path(folder)}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir():
            if not (
                path.name.startswith(".")
                or path.name in _NO_SOURCES
                or (path / "pyvenv.cfg").exists()
                or (path.is_symlink() and (real_path(path) in above or not any(path.glob("*.py"))))
            ):
                yield from _sources(path, above)
        elif path.suffix in _CODE or (path.suffix != ".pyc" and path.is_file() and path.stat().st_size <= _LARGEST):
            yield path
