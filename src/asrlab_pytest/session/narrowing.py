"""Whether a run was narrowed on purpose, so that what it leaves out is a warning and not a failure.

The one place that decides it; docs/reference/output.md says the same to users.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import pytest

from asrlab_pytest.content import real_path
from asrlab_pytest.session.keys import NARROWED

_CHOOSING = ("asr_model", "asr_clip", "asr_prompt", "asr_dialogue", "asr_shard")
"""Options that choose models and samples. In the project's configuration they say what is evaluated at all."""
_DESELECTING = {
    "-k": re.compile(r"-\w*k"),
    "-m": re.compile(r"-\w*m"),
    "--lf": re.compile(r"--(lf|last-failed)$"),
    "--benchmark-only": re.compile(r"--benchmark-(only|skip)$"),
}
"""pytest's options that choose tests, as they are typed. Others count where they deselect a test of a model."""
_SHARDS = "--num-shards"
"""Of pytest-shard."""
_CASES = "node ids of cases"


class Narrowing:
    """What narrows a run: options and paths that were typed for it, and tests of models that were deselected.

    What `addopts` holds is the project's own idea of a whole run: `--asr-model` there narrows nothing, and ``-m`` only
    where it deselects a test that evaluates a model.

    Args:
        config: Of this process; a worker of xdist gets it from its controller.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.has_deselected = False
        """Whether a test that evaluates a model was deselected, here or on a worker."""

    def __bool__(self) -> bool:
        return self.has_deselected or bool(self.typed)

    @property
    def leaves_out_tests(self) -> bool:
        """Whether tests of chosen models and samples do not run, rather than fewer being chosen."""
        choosing = {_flag(dest) for dest in _CHOOSING}
        return self.has_deselected or any(option not in choosing for option in self.typed)

    @property
    def leaves_out_cases(self) -> bool:
        """Whether the tests that run may lack some of their cases, rather than whole tests being left out."""
        return self.has_deselected or not {*_DESELECTING, _SHARDS, _CASES}.isdisjoint(self.typed)

    @cached_property
    def typed(self) -> tuple[str, ...]:
        """What narrows the run of that which was typed."""
        typed: Sequence[str] | None = getattr(self._config, "workerinput", {}).get(NARROWED)
        return tuple(self._typed() if typed is None else typed)

    def has(self, dest: str) -> bool:
        """Whether one of our options was typed, rather than written into a configuration."""
        return any(argument.partition("=")[0] == _flag(dest) for argument in self._arguments)

    @property
    def _arguments(self) -> list[str]:
        return [str(argument) for argument in self._config.invocation_params.args]

    def _typed(self) -> Iterator[str]:
        yield from (_flag(dest) for dest in _CHOOSING if self.has(dest))
        if (self._config.getoption("num_shards", None) or 1) > 1:
            yield _SHARDS
        before_paths = self._arguments[: self._arguments.index("--")] if "--" in self._arguments else self._arguments
        for name, form in _DESELECTING.items():
            if any(form.match(argument) for argument in before_paths) and self._is_in_force(name):
                yield name
        if self._config.args_source is pytest.Config.ArgsSource.ARGS:
            yield from self._paths()

    def _is_in_force(self, name: str) -> bool:
        """Whether pytest took an option as such: ``-pno:mark`` looks like ``-m``."""
        if name not in ("-k", "-m"):
            return True
        return bool(self._config.getoption("keyword" if name == "-k" else "markexpr"))

    def _paths(self) -> Iterator[str]:
        """Node ids, and files with sibling test files that were not named."""
        named: set[Path] = set()
        folders: set[Path] = set()
        for argument in self._config.args:
            path = real_path(self._config.invocation_params.dir / argument.partition("::")[0])
            if "::" in argument:
                yield _CASES if "[" in argument else "node ids"
            (folders if path.is_dir() else named).add(path)
        patterns = [str(pattern) for pattern in self._config.getini("python_files")]
        if any(_siblings(folder, patterns, folders) - named for folder in {path.parent for path in named}):
            yield "single files"


def narrowing_options(arguments: Sequence[str]) -> list[str]:
    """The options among these that narrow a run, each once, by their documented names."""
    choosing = [_flag(dest) for dest in _CHOOSING]
    named = [option for option in choosing if any(argument.partition("=")[0] == option for argument in arguments)]
    return [*named, *(name for name, form in _DESELECTING.items() if any(map(form.match, arguments)))]


def _flag(dest: str) -> str:
    return f"--{dest.replace('_', '-')}"


def _siblings(folder: Path, patterns: Sequence[str], covered: set[Path]) -> set[Path]:
    """The test files of a folder; none where a folder that was named has them all."""
    if any(folder.is_relative_to(parent) for parent in covered) or not folder.is_dir():
        return set()
    return {path for pattern in patterns for path in folder.glob(pattern)}
