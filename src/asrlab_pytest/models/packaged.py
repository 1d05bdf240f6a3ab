"""Weights inside an installed package: ``package:NAME/path``, found without importing the package."""

from __future__ import annotations

import re
import sysconfig
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.spec import ModelSpec, Readiness, Status

PREFIX = "package:"


class NotInstalled(ModelError):
    """No such package is installed."""


def is_packaged(weights: str) -> bool:
    """Whether weights name a place in a package."""
    return weights.startswith(PREFIX)


def package_folder(weights: str) -> Path:
    """The folder or file that ``package:NAME/path`` names. No code of the package runs.

    Raises:
        NotInstalled: there is no package of this name.
        ModelError: the name or the path is wrong, or the package has nothing there.
    """
    name, _, path = weights.removeprefix(PREFIX).partition("/")
    if not name.isidentifier():
        raise ModelError(
            f"{weights!r} does not start with a package's import name",
            hint=f'write "{PREFIX}NAME/path", with the name that Python imports: letters, digits and underscores',
        )
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise ModelError(
            f"{weights!r} leads out of the package {name}", hint=f'write a path inside it: "{PREFIX}{name}/path"'
        )
    folders = _folders(name)
    existing = next((folder / path for folder in folders if (folder / path).exists()), None)
    if existing is None:
        raise ModelError(f"the package {name} has no {path} ({folders[0]})", hint=_contents(name, folders))
    return existing


def packaged_status(spec: ModelSpec) -> Status | None:
    """The status of a model whose weights are in a package that does not have them; None for any other model."""
    if not is_packaged(spec.weights):
        return None
    try:
        package_folder(spec.weights)
    except NotInstalled as error:
        return Status(Readiness.PACKAGE_MISSING, error.problem, error.hint)
    except ModelError as error:
        return Status(Readiness.BROKEN, error.problem, f"{error.hint} in [tool.asrlab.models.{spec.name}]")
    return None


def located(weights: str) -> str:
    """Weights with a place in a package as its path; as they are where the package does not have it."""
    name = weights.removeprefix(PREFIX).partition("/")[0]
    if name.isidentifier() and _spec(name) is None:
        return weights  # What installs it is read from the project's file, and nobody asks for it yet.
    with suppress(ModelError):
        return str(package_folder(weights))
    return weights


def written(weights: str) -> str:
    """A path among the installed packages as a table names it; other weights as they are."""
    for kind in ("purelib", "platlib"):
        with suppress(ValueError):
            return f"{PREFIX}{Path(weights).relative_to(sysconfig.get_path(kind)).as_posix()}"
    return weights


def _folders(name: str) -> list[Path]:
    """Where a package's files are; more than one folder for a namespace package."""
    spec = _spec(name)
    if spec is None:
        raise NotInstalled(f"the package {name}, which holds its weights, is not installed", hint=_install(name))
    folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    if not folders:
        raise ModelError(f"{name} is a single module, which holds no weights", hint="name a package")
    return folders


def _spec(name: str) -> ModuleSpec | None:
    try:
        return find_spec(name)
    except ValueError:  # A module that was put together by hand has none.
        return None


def _contents(name: str, folders: list[Path]) -> str:
    """What there is instead, as far as a line has room."""
    inside = sorted({path.name for folder in folders if folder.is_dir() for path in folder.iterdir()} - {"__pycache__"})
    return f"name one of {', '.join(f'{PREFIX}{name}/{entry}' for entry in inside[:8])}"


def _install(name: str) -> str:
    """The command that installs a package: by the project's dependency group that lists it, if there is one.

    A distribution may be named differently from its package, so an undeclared name is only likely.
    """
    for group, distribution in _grouped():
        if _normalized(distribution) == _normalized(name):
            return f"uv sync --group {group}"
    return f"uv add --dev {name.replace('_', '-')} (or the distribution that contains {name})"


def _grouped() -> Iterator[tuple[str, str]]:
    """Each dependency group of the project, with each distribution that it lists."""
    folder = next(
        (folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "pyproject.toml").is_file()), None
    )
    with suppress(OSError, ValueError, AttributeError, TypeError):  # A faulty file is reported where it is read.
        groups = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")) if folder else {}
        for group, needs in groups.get("dependency-groups", {}).items():
            yield from ((group, match[0]) for need in needs if (match := re.match(r"[\w.-]+", str(need))))


def _normalized(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
