"""The files that a run reads and those that it writes: no file may be both."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.errors import AsrlabError, ConfigError
from asrlab_pytest.records.outputs import refuse_needed
from asrlab_pytest.suite.paths import baseline_file, input_at, output_file, store_folder
from asrlab_pytest.tasks import NOUNS

if TYPE_CHECKING:
    import pytest

    from asrlab_pytest.settings import Settings
    from asrlab_pytest.suite.suite import Suite
    from asrlab_pytest.tasks import Task


def refuse_shared_files(config: pytest.Config, suite: Suite, tasks: Collection[Task], tests: Iterable[Path]) -> None:
    """Refuse a run that would write over what it reads, or two of its outputs into one file.

    Args:
        config: The configuration of pytest.
        suite: What is evaluated.
        tasks: Those of the run, where they are known.
        tests: Files of its tests.

    Raises:
        ConfigError: a file has two parts in the run.
        OSError: no file can have such a path.
    """
    others = [*_outputs_of_others(config)]
    written = [*outputs(suite.settings, suite.root, config.invocation_params.dir), *others]
    if not written:
        return
    for option, path in others:
        refuse_needed(path, option=option)
    store = store_folder(suite.settings, suite.root)
    for place, (option, path) in enumerate(written):
        # A link to itself, and a name that is too long, are seen before any test rather than when they are written.
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            path.stat()
        for other, earlier in written[:place]:
            if realpath(path) == realpath(earlier) or is_same(path, earlier):
                _spare(config, path)
                raise _shared(option, path, f"what {other} writes")
        if store is not None and _is_record_of(store / "runs", path):
            raise _shared(option, path, "a record of the store")
        # A file that is not there yet is not an input.
        if path.exists():
            read = chain(inputs(config, suite, tasks), (("a test of the run", test) for test in tests))
            what = next((what for what, file in read if is_same(path, file)), None)
            # A log is open by now, and its path was compared before.
            if what is None and (option, path) in others and option not in _LOGS:
                what = part_of_input(path, suite, tasks)
            if what is not None:
                _spare(config, path)
                raise _shared(option, path, what)


def spare_others(config: pytest.Config) -> None:
    """Let no report that pytest writes of a refused run replace a file that is not a report."""
    for _, path in _outputs_of_others(config):
        if path.is_file() and not _is_report(path):
            _spare(config, path)


def _is_report(path: Path) -> bool:
    """Whether a file is an earlier report of pytest or of a plugin, or is empty."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return not head or any(mark in head for mark in _MARKS)


_HEAD = 128
"""Bytes in which a report says that it is one."""
_MARKS = (b"<testsuite", b"<html", b'{"created":', b'"machine_info":', b'{"pytest_version":')
"""What is in them, by the options below."""


def _spare(config: pytest.Config, path: Path) -> None:
    """Let a report that is written although the run is refused replace nothing: pytest's own goes nowhere."""
    for plugin in config.pluginmanager.get_plugins():
        written = getattr(plugin, "logfile", None)
        if isinstance(written, str) and realpath(written) == realpath(path):
            plugin.logfile = os.devnull
    if path.is_file():
        config.add_cleanup(partial(_restore, path, path.read_bytes()))


def _restore(path: Path, content: bytes) -> None:
    """Undo what a report of another plugin did to a file."""
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def is_same(path: Path, other: Path) -> bool:
    """Whether both are one file, whatever it is called."""
    try:
        return path.samefile(other)
    except OSError:
        return False


def _is_record_of(runs: Path, path: Path) -> bool:
    """Whether a path leads into the folder of a store's records, or is another name of one of them."""
    if str(Path(realpath(path)).parent) == realpath(runs):
        return True
    return path.is_file() and path.stat().st_nlink > 1 and any(is_same(path, other) for other in runs.glob("*.jsonl"))


def _shared(option: str, path: Path, what: str) -> ConfigError:
    return ConfigError(
        f"{option} {path}: the file is {what}, and would be overwritten", hint=f"choose another file with {option}"
    )


def outputs(settings: Settings, root: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """What the run itself writes, each with its option."""
    for option, asked in (
        ("--asr-record", settings.record),
        ("--asr-markdown", settings.markdown),
        ("--asr-report", settings.report),
    ):
        if asked is not None:
            yield option, output_file(asked, folder)
    baseline = baseline_file(settings, root)
    if settings.update_baseline and baseline is not None:
        yield "--asr-baseline", baseline


def _outputs_of_others(config: pytest.Config) -> Iterator[tuple[str, Path]]:
    """What pytest and other plugins write at the end of the run, without a look at what was there."""
    for dest, option in _OTHERS.items():
        asked = config.getoption(dest, None)
        if isinstance(asked, (str, Path)) and str(asked):
            yield option, output_file(str(asked), config.invocation_params.dir)


_OTHERS = {
    "xmlpath": "--junitxml",
    "benchmark_json": "--benchmark-json",
    "report_log": "--report-log",
    "htmlpath": "--html",
    "json_report_file": "--json-report-file",
    "log_file": "--log-file",
    "debug": "--debug",
}
"""Options of other outputs, by the names that they have in pytest's configuration."""
_LOGS = frozenset({"--log-file", "--debug"})
SOURCES = (".py", ".toml", ".ini", ".cfg")
"""Endings of what a project is made of, which no output has."""


def inputs(config: pytest.Config, suite: Suite, tasks: Collection[Task]) -> Iterator[tuple[str, Path]]:
    """What a run reads other than its tests, each with what it is.

    Args:
        config: The configuration of pytest.
        suite: What is evaluated.
        tasks: Those of the run; those of its models if they are not known.
    """
    settings, root = suite.settings, suite.root
    yield "the project's configuration", root / "pyproject.toml"
    for plugin in config.pluginmanager.get_plugins():
        file = getattr(plugin, "__file__", None)
        if isinstance(file, str) and file.endswith("conftest.py"):
            yield "a conftest of the run", Path(file)
    if config.inipath is not None:
        yield "pytest's configuration", config.inipath
    if settings.rescore is not None:
        yield "the record that is scored", input_at(settings.rescore, root)
    baseline = baseline_file(settings, root)
    if baseline is not None and not settings.update_baseline:
        yield "the baseline", baseline
    yield from ((what, path) for what, path in _places(suite) if not path.is_dir())
    yield from _lists(suite, tasks)
    for task in tasks or {spec.task for spec in suite.models}:
        for sample in suite.listed(task).samples:
            yield from ((f"the audio of {sample.id}", clip.audio) for clip in sample.recordings)


def part_of_input(path: Path, suite: Suite, tasks: Collection[Task]) -> str | None:
    """What a file is that lies in a folder which a run reads; None if in none, or it is a report of an earlier run.

    Args:
        path: The file.
        suite: What is evaluated.
        tasks: Those of the run; those of its models if they are not known.
    """
    if path.suffix in SOURCES:
        return "a source of the project"
    if _is_report(path):
        return None
    from asrlab_pytest.models.source import lies_in

    places = chain(_places(suite), _lists(suite, tasks))
    return next((f"part of {what}" for what, place in places if place.is_dir() and lies_in(path, place)), None)


def _lists(suite: Suite, tasks: Collection[Task]) -> Iterator[tuple[str, Path]]:
    """The files and folders that list the samples of tasks, each with what it is."""
    for task in tasks or {spec.task for spec in suite.models}:
        yield f"the list of {NOUNS[task]}s", suite.listed(task).manifest


def _places(suite: Suite) -> Iterator[tuple[str, Path]]:
    """The files and folders that the models read, each with what it is."""
    from asrlab_pytest.inference.fingerprint import named_paths
    from asrlab_pytest.models.engine import engine
    from asrlab_pytest.models.source import source_places

    for spec in suite.models:
        yield f"the weights of {spec.id}", Path(spec.weights)
        if suite.recording is None:
            yield from ((f"what the options of {spec.id} name", path) for path in named_paths(spec))
            with suppress(AsrlabError):
                packages = tuple(engine(spec.engine).packages or (spec.engine,))
                for path in source_places(spec.engine, packages):
                    yield f"the source code of the engine {spec.engine}", path


def refuse_tracked(store: Path) -> None:
    """Refuse a store that a commit could change.

    Raises:
        ConfigError: its folder is tracked by git.
    """
    from asrlab_pytest.measure.environment import is_tracked

    if is_tracked(store):
        raise ConfigError(
            f"the store {store} is tracked by git: a commit could change what models are said to write",
            hint=f"git rm -r --cached {shlex.quote(str(store))}",
        )
