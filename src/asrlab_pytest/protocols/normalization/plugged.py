"""Normalizers of users: a function of theirs, named by an entry point or as ``python:module:function``."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.protocols.normalization.characters import characters_of, split_unspaced
from asrlab_pytest.protocols.normalization.other import WHITE_SPACE
from asrlab_pytest.protocols.normalization.profile import Normalization
from asrlab_pytest.protocols.normalization.rules import digest_of_users
from asrlab_pytest.protocols.normalization.signature import extended, fingerprint
from asrlab_pytest.protocols.normalization.step import Step, run

ENTRY_POINT_GROUP = "asrlab.normalizers"
PYTHON = "python"
_PREFIX = f"{PYTHON}:"
_PROBES = (
    "Hello, World! It's John's $5.50.",
    "In nineteen ninety, ten men paid 1,250 dollars at 10:30 p.m.",
    "[laughter] um, the U.S.A. (a schooner) colour 50 % No. 5",
    "Straße, İstanbul, ёлка, пʼять, L'été, año, Ünïcödé",
    "今天天气很好，我们去公园吧。 สวัสดี ครับ 한국어 हिन्दी محـــمد",
    "",
)
"""What a normalizer writes for these is part of its signature, beside its source."""


@cache
def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}


def plugged_names() -> tuple[str, ...]:
    """The normalizers that installed packages offer."""
    return tuple(sorted(_points()))


def is_plugged(name: str) -> bool:
    """Whether a name is one of a user's normalizer."""
    return name.startswith(_PREFIX) or name in _points()


@cache
def plugged(name: str, folder: Path | None = None) -> Normalization:
    """The normalization that a user's function makes.

    Args:
        name: The function's.
        folder: The project's, where its module is looked for; that of the working directory if None.

    Raises:
        ConfigError: it does not load, or is not a function from text to text, always the same for the same.
    """
    home = folder or _project_folder() if name.startswith(_PREFIX) else None
    found, module, attribute = _from_package(_points()[name]) if home is None else _from_python(name, home)
    function = _callable(found, name)
    steps = (
        Step(name, "Applies the project's normalizer.", _PROBES[0], _Guarded(name, function, home)),
        WHITE_SPACE,
    )
    written = _written(name, steps)
    stated = str(getattr(function, "version", ""))
    base = fingerprint(PYTHON, steps[1:], (split_unspaced, characters_of))
    content = repr([digest_of_users(function, module, attribute), stated, written])
    shown = PYTHON if name.startswith(_PREFIX) else name
    return Normalization(shown, steps, extended(base, content))


def _written(name: str, steps: tuple[Step, ...]) -> list[str]:
    """What a normalizer writes for the probes, if it writes the same twice."""
    first = [run(steps, probe) for probe in _PROBES]
    # In the other order, for one that remembers a text.
    again = [run(steps, probe) for probe in reversed(_PROBES)][::-1]
    for probe, text, other in zip(_PROBES, first, again, strict=True):
        if text != other:
            raise ConfigError(
                f"normalization {name!r} wrote {text[:80]!r} for {probe!r}, and then {other[:80]!r}",
                hint="write a function that always returns the same text for the same text",
            )
    return first


class _Guarded:
    """A user's function, whose faults are errors in words, and which may import from the project's folder."""

    def __init__(self, name: str, function: Callable[[str], str], folder: Path | None) -> None:
        self.name = name
        self.function = function
        self.folder = folder

    def __call__(self, text: str) -> str:
        try:
            with _reachable(self.folder):
                written: Any = self.function(text)
        except (Exception, SystemExit) as error:
            raise ConfigError(
                f"normalization {self.name!r} failed on {text[:80]!r}: {type(error).__name__}: {error}",
                hint=f"correct {_place(error)}",
            ) from error
        if isinstance(written, Coroutine):
            written.close()  # Python warns of those that are not
        if not isinstance(written, str):
            raise ConfigError(
                f"normalization {self.name!r} returned {type(written).__name__} for {text[:80]!r}, not a text",
                hint="write a function that takes a text and returns one",
            )
        return written


def _place(error: BaseException) -> str:
    """Where a user's function raised, in words."""
    _, *frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == frames[0].filename]
    return f"line {lines[-1]} of {frames[0].filename}" if lines else "the function"


_Found: TypeAlias = tuple[Any, ModuleType, str]
"""A normalizer, its module, and the name in it that leads there."""


def _from_python(name: str, folder: Path) -> _Found:
    module, colon, function = name.removeprefix(_PREFIX).partition(":")
    if not (module and colon and function):
        raise ConfigError(f"normalization {name!r} names no function", hint="write it as python:module:function")
    try:
        with _reachable(folder):
            loaded = import_module(module)
    except (Exception, SystemExit) as error:
        raise ConfigError(
            f"normalization {name!r}: the module {module!r} does not load: {type(error).__name__}: {error}",
            hint=f"correct its name; it is looked for in the project's folder {folder}, and among what is installed",
        ) from error
    found: Any = loaded
    for part in function.split("."):
        if not hasattr(found, part):
            near = get_close_matches(part, dir(found), n=1)
            raise ConfigError(
                f"normalization {name!r}: there is no {part!r} in {module!r}",
                hint=f"did you mean {near[0]!r}?" if near else "correct its name",
            )
        found = getattr(found, part)
    return found, loaded, function.partition(".")[0]


def _project_folder() -> Path:
    """The folder of the nearest ``pyproject.toml``; the working directory where there is none."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "pyproject.toml").is_file()), here)


@contextmanager
def _reachable(folder: Path | None) -> Iterator[None]:
    """Let modules be imported from a folder, too."""
    if folder is None or str(folder) in sys.path:
        yield
        return
    sys.path.append(str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _from_package(point: EntryPoint) -> _Found:
    try:
        found: Any = point.load()
    except (Exception, SystemExit) as error:
        raise ConfigError(
            f"normalization {point.name!r} ({point.value}) does not load: {type(error).__name__}: {error}",
            hint="upgrade or remove the package that offers it",
        ) from error
    return found, import_module(point.module), point.attr.partition(".")[0]


def _callable(found: Any, name: str) -> Callable[[str], str]:
    try:
        made = found() if isinstance(found, type) else found
    except (Exception, SystemExit) as error:
        raise ConfigError(
            f"normalization {name!r}: {found.__name__}() failed: {type(error).__name__}: {error}",
            hint="write a class that needs no arguments, or name a function",
        ) from error
    if not callable(made):
        raise ConfigError(
            f"normalization {name!r} is not a function", hint="name a function that takes a text and returns one"
        )
    function: Callable[[str], str] = made
    return function
