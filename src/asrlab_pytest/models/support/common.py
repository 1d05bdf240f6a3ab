"""What several engines need: packages and names without an import, hashes of weights, a trial in another process."""

from __future__ import annotations

import ast
import hashlib
import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from asrlab_pytest.content import expanded_path, files_below
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.profile import GREEDY, LIBRARY, Profile
from asrlab_pytest.models.spec import ModelSpec, Readiness, Status
from asrlab_pytest.secrets import hosts_only
from asrlab_pytest.visible import error_message


def package_missing(module: str, of_extra: str) -> Status | None:
    """The status of a model whose package is absent; None if it is installed."""
    return modules_missing((module,), extra(of_extra))


def modules_missing(modules: Sequence[str], install: str) -> Status | None:
    """The status of a model whose engine lacks one of these modules; None if all are installed."""
    absent = next((module for module in modules if find_spec(module) is None), None)
    if absent is None:
        return None
    return Status(Readiness.PACKAGE_MISSING, f"the package {absent} is not installed", install or f"install {absent}")


def whisper_compute_type(spec: ModelSpec, device: str) -> str:
    """The number format of a Whisper that states none; never "auto", with which CTranslate2 quantizes silently.

    It is float32, and half precision on a GPU where the profile leaves the choice to the package.
    """
    return "float16" if spec.profile.name == LIBRARY.name and device == "cuda" else "float32"


def installed_version(package: str) -> str | None:
    """Version of a distribution; None if there is none of this name."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def extra(name: str) -> str:
    """The command that installs an extra of asrlab-pytest."""
    return f'uv add --dev "asrlab-pytest[{name}]"'


def path_missing(spec: ModelSpec) -> Status | None:
    """The status of a model whose weights are a path at which nothing is; None for other weights."""
    path = Path(spec.weights)
    if not path.is_absolute() or path.exists():
        return None
    return Status(
        Readiness.WEIGHTS_MISSING,
        f"no file or folder {tilde(path)}",
        f"put it there, or correct weights in [tool.asrlab.models.{spec.name}]",
    )


def refuse_unready(spec: ModelSpec, status: Status) -> None:
    """Raise ModelError for a model that is not ready, in the words of its status."""
    if not status.is_ready:
        raise ModelError(f"model {spec.id}: {status}", hint=status.hint)


def broken(spec: ModelSpec, error: ModelError) -> Status:
    """The status of a model that has this error; it is shown after the model's id, which the error may name."""
    return Status(Readiness.BROKEN, error.problem.removeprefix(f"model {spec.id}: "), error.hint)


def weights_missing(spec: ModelSpec, reason: str) -> Status:
    """The status of a model whose weights can be downloaded."""
    return Status(Readiness.WEIGHTS_MISSING, reason, f"asrlab pull {spec.name}")


@cache
def literal(module: str, file: str, name: str) -> Any:
    """The value of a top-level constant in a package's file, read without importing the package."""
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the package {module} is not installed")
    path = Path(spec.submodule_search_locations[0]) / file
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            return ast.literal_eval(node.value)
    raise ModelError(f"{path} no longer defines {name}", hint="upgrade asrlab-pytest")


@cache
def hash_files(paths: tuple[Path, ...], folder: Path | None = None) -> str:
    """sha256 over files: of the bytes of a single one, of names and hashes where there are more.

    Args:
        paths: The files.
        folder: What names begin from; a file in a folder below it has its name, too, where it is the only one.
    """
    if len(paths) == 1 and folder in (None, paths[0].parent):
        return hash_file(paths[0])
    names = {path: path.relative_to(folder).as_posix() if folder else path.name for path in paths}
    lines = (f"{hash_file(path)}  {names[path]}\n" for path in sorted(paths))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def hash_folder(folder: Path) -> str:
    """sha256 over the files of a folder of weights."""
    return hash_files(tuple(path for path in folder.iterdir() if path.is_file()))


def hash_path(path: Path) -> str:
    """sha256 of a file, or over the files of a folder and those below it, also where links lead to them."""
    return hash_files(tuple(sorted(files_below(path, lambda _: True))), path) if path.is_dir() else hash_file(path)


def conversions(kind: str) -> Path:
    """The folder that converted weights of a kind are kept in."""
    return Path(os.environ.get("XDG_CACHE_HOME") or expanded_path("~/.cache")) / "asrlab" / kind


@cache
def hash_file(path: Path) -> str:
    """sha256 of a file, taken once a process."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def forget_hashes() -> None:
    """Hash again what was hashed before: files are about to be replaced."""
    hash_files.cache_clear()
    hash_file.cache_clear()


def physical_cores() -> int:
    """Cores that can compute at once; more threads than these slow a decoder down."""
    import psutil

    return psutil.cpu_count(logical=False) or psutil.cpu_count() or 1


def compute_type_of(
    spec: ModelSpec, possible: Sequence[str], *, default: str | None = None, fastest: str | None = None, on: str = ""
) -> str:
    """The number format that a model asks for, or its profile, or else the engine's default.

    A profile is shared with other engines: one that has no choice does not ask it.

    Args:
        spec: The model.
        possible: The formats that there are, the default first.
        default: Another default.
        fastest: What "fastest" is; the default unless stated.
        on: Words for where that is, such as "on cpu".

    Raises:
        ModelError: the format is none of the possible ones.
    """
    usual = default or possible[0]
    chosen = spec.compute_type or (spec.profile.compute_type if len(possible) > 1 else None) or usual
    if chosen == "fastest":
        chosen = fastest or usual
    if chosen not in possible:
        where = f" {on}" if on else ""
        only = " only" if len(possible) == 1 else ""
        raise ModelError(
            f"model {spec.id}: {spec.engine}{where} computes in {' or '.join(possible)}{only}, not {chosen}",
            hint=f"correct compute_type in [tool.asrlab.models.{spec.name}]",
        )
    return chosen


def whisper_options(profile: Profile) -> dict[str, object]:
    """A profile in the words that both Whisper engines share; what it leaves open is left out."""
    options: dict[str, object] = {"task": "transcribe"}
    for name in ("temperature", "condition_on_previous_text"):
        if getattr(profile, name) is not None:
            options[name] = getattr(profile, name)
    if profile.timestamps is not None:
        options["without_timestamps"] = profile.timestamps == "none"
        options["word_timestamps"] = profile.timestamps == "word"
    return options


def greedy(spec: ModelSpec, threads: int) -> dict[str, object]:
    """The decoding of an engine that is greedy only, without timestamps.

    Raises:
        ModelError: the profile asks for something else.
    """
    profile = spec.profile
    if profile.beam_size not in (None, GREEDY) or profile.vad or profile.condition_on_previous_text:
        raise ModelError(
            f"model {spec.id}: {spec.engine} decodes greedily, whole clips only, and profile {profile.name} asks for "
            "a beam, voice activity detection, or text carried over",
            hint=f'write profile = "fair" in [tool.asrlab.models.{spec.name}]',
        )
    return {
        "beam_size": GREEDY,
        "temperature": 0.0,
        "condition_on_previous_text": False,
        "timestamps": "none",
        "vad": False,
        "threads": threads,
    }


def defaults(function: Callable[..., Any]) -> dict[str, object]:
    """The default of each parameter of a function that has one."""
    parameters = inspect.signature(function).parameters.values()
    return {each.name: each.default for each in parameters if each.default is not inspect.Parameter.empty}


def plain(options: Mapping[str, object]) -> dict[str, object]:
    """Options as plain JSON, for the record."""
    return {name: list(value) if isinstance(value, (tuple, set)) else value for name, value in options.items()}


def tilde(path: Path) -> str:
    """A path with the home folder as ``~``: shorter to read, and no name in a record."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def first_line(error: BaseException) -> str:
    """An error's kind and the first line of its message."""
    return hosts_only(": ".join([type(error).__name__, *error_message(error).splitlines()[:1]]))


def try_apart(spec: ModelSpec, code: str, *arguments: str, hint: str) -> None:
    """Load a model's weights in another process first, once: some libraries end or crash theirs over damaged files.

    Args:
        spec: The model.
        code: Python, which finds the arguments in ``sys.argv``.
        arguments: Its arguments.
        hint: What fixes weights that do not load.

    Raises:
        ModelError: the process fails.
    """
    fault = _fault(code, arguments)
    if fault is not None:
        raise ModelError(f"model {spec.id}: {spec.engine} does not load {spec.weights}: {fault}", hint=hint)


@cache
def _fault(code: str, arguments: tuple[str, ...]) -> str | None:
    """The last line of what the process said, or how it ended; None if it succeeded."""
    command = [sys.executable, "-c", code, *arguments]
    trial = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if not trial.returncode:
        return None
    return (trial.stderr.strip().splitlines() or [f"exit status {trial.returncode}"])[-1].strip()
