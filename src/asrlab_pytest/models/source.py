"""Tells the code of an engine that is being worked on from what it was before, when its version stays the same."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from asrlab_pytest.content import files_below, real_path
from asrlab_pytest.models.engine import engine, entry_point

_LARGEST = 1 << 26
"""Bytes. Of a larger file only the name and size count: weights have digests of their own."""
_CODE = frozenset({".py", ".so", ".pyd", ".dylib", ".dll"})
_NO_SOURCES = frozenset({"__pycache__", "node_modules"})
_OF_TESTS = frozenset({"evals", "tests", "test"})
_OWN = "asrlab_pytest"
_DEPTHS = ("*.py", "*/*.py", "*/*/*.py")
"""Where the modules of a package are, also of one within namespaces."""
_MAPPING = re.compile(r"^MAPPING\b[^=]*= (\{.*\})", re.MULTILINE)
"""Packages and their folders, as setuptools states them in a module of its own."""


def code_digest(name: str) -> str | None:
    """`source_digest` of an engine and the packages that it names.

    Raises:
        ModelError: there is no such engine, or it is broken.
    """
    return source_digest(name, tuple(engine(name).packages or (name,)))


@cache
def source_digest(name: str, packages: tuple[str, ...] = ()) -> str | None:
    """sha256 of the sources behind an engine that can change without a version; None if there are none.

    They are those of a distribution that was installed from elsewhere than an index (PEP 610), those of a module that
    lies outside the installed packages, and those of distributions from elsewhere that either needs. A distribution
    from a repository is told by its commit.

    Args:
        name: The engine's.
        packages: Distributions whose version can change a text.
    """
    places, commits = _origins(name, packages)
    return _digest(places, commits) if places or commits else None


def source_places(name: str, packages: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """The files and folders that `source_digest` is of."""
    return _origins(name, packages)[0]


@cache
def _origins(name: str, packages: tuple[str, ...]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The files and folders of the sources behind an engine, and the commits of those from a repository."""
    point = entry_point(name)
    if point is None:
        return (), ()
    module = point.module.partition(".")[0]
    places: list[Path] = []
    if (point.dist is None or _is_local(point.dist)) or not _is_installed(module):
        places += _folders(module)
    roots = [point.dist.name] if point.dist is not None and module != _OWN else []
    commits: list[str] = []
    for needed in _local_needs([*roots, *packages]):
        if commit := _commit(needed):
            commits.append(f"{needed.name} {commit}")
        else:
            places += _project(needed)
    return tuple(places), tuple(commits)


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
    """Whether a distribution came from a folder, a file, a repository or an address: its version may stay the same."""
    return bool(_origin(dist))


def _commit(dist: Distribution) -> str | None:
    """The commit of a repository that a distribution was built from; None if it came from elsewhere."""
    info = _origin(dist).get("vcs_info")
    commit = info.get("commit_id") if isinstance(info, dict) else None
    return str(commit) if commit else None


def _project(dist: Distribution) -> list[Path]:
    """The files of a local distribution: as they are installed or, where it is editable, in its project's packages."""
    origin = _origin(dist)
    info = origin.get("dir_info")
    if not (isinstance(info, dict) and info.get("editable")):
        # Commands name the interpreter, and what an installer notes says when and from where it installed.
        files = (file for file in dist.files or () if file.parts[0] != ".." and ".dist-info" not in file.parts[0])
        return [path for path in (Path(str(dist.locate_file(file))) for file in files) if _is_source(path)]
    folder = real_path(Path(unquote(urlsplit(str(origin["url"])).path)))
    places = [*map(real_path, _importable(dist))] or [folder / "src" if _has_modules(folder / "src") else folder]
    return [part for place in places for part in (_packages(folder) if place == folder else [place])]


def _importable(dist: Distribution) -> Iterator[Path]:
    """The folders and modules that an editable installation makes importable, as far as it says so in files."""
    for file in dist.files or ():
        path = Path(str(dist.locate_file(file)))
        with suppress(OSError, UnicodeDecodeError, ValueError, SyntaxError):
            if path.suffix == ".pth":
                lines = path.read_text(encoding="utf-8").splitlines()
                yield from (Path(line) for line in lines if line.strip() and not line.startswith("import "))
            elif path.name.startswith("__editable__"):
                for mapping in _MAPPING.findall(path.read_text(encoding="utf-8")):
                    yield from map(Path, ast.literal_eval(mapping).values())


def _packages(folder: Path) -> list[Path]:
    """The modules and packages of a project whose own folder is importable.

    What a run writes into the project is none of its code, nor are its tests.
    """
    inner = (path for path in folder.iterdir() if path.is_dir() and _has_code(path) and path.name not in _OF_TESTS)
    return [*folder.glob("*.py"), *filter(_has_modules, inner)]


def _has_modules(folder: Path) -> bool:
    """Whether a folder holds Python code, also within namespaces."""
    return any(any(folder.glob(depth)) for depth in _DEPTHS)


def _digest(places: Iterable[Path], commits: Iterable[str]) -> str:
    digest = hashlib.sha256("".join(f"{commit}\n" for commit in sorted(commits)).encode())
    for place in sorted({real_path(place) for place in places}):
        for line in _lines(place.parent, [place]) if place.is_file() else _lines(place, _sources(place, _has_code)):
            digest.update(line)
    return digest.hexdigest()


def _lines(folder: Path, files: Iterable[Path]) -> Iterator[bytes]:
    """The name of each file from a folder, and what identifies its content."""
    return (f"{path.relative_to(folder).as_posix()}\0{_content(path)}\n".encode() for path in sorted(files))


def folder_digest(folder: Path) -> str:
    """sha256 of the files of a folder of data and of those below it, with their names."""
    return hashlib.sha256(b"".join(_lines(folder, _sources(folder, _has_data)))).hexdigest()


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a file is in a folder of sources or data, and counts in its digest. No other file is looked at."""
    folder = real_path(folder)
    names = (real_path(path), real_path(path.parent) / path.name)
    inner = (takewhile(lambda above: above != folder, name.parents) for name in names if name.is_relative_to(folder))
    return any(all(map(_has_data, folders)) for folders in inner)


def _content(path: Path) -> str:
    size = path.stat().st_size
    is_data = size > _LARGEST and path.suffix not in _CODE
    return f"{size} bytes" if is_data else hashlib.sha256(path.read_bytes()).hexdigest()


def _is_source(path: Path) -> bool:
    return path.suffix != ".pyc" and path.is_file()


def _sources(folder: Path, is_entered: Callable[[Path], bool]) -> Iterator[Path]:
    return filter(_is_source, files_below(folder, is_entered)) if folder.is_dir() else iter(())


def _has_data(folder: Path) -> bool:
    """Whether a folder is none of an environment or a tool."""
    return not (folder.name.startswith(".") or folder.name in _NO_SOURCES or (folder / "pyvenv.cfg").exists())


def _has_code(folder: Path) -> bool:
    """Whether a folder belongs to the code above it; one that a link leads to, if it has Python code."""
    return _has_data(folder) and (not folder.is_symlink() or any(folder.glob("*.py")))
