"""Mistakes in marks, thresholds and known failures: refused or warned about before any test."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from asrlab_pytest.errors import AsrlabError, ConfigError
from asrlab_pytest.options import project_table, resolve_settings
from asrlab_pytest.session.judgements import Level, table_of
from asrlab_pytest.session.keys import GATES, MODELS
from asrlab_pytest.tasks import NOUNS, SPOKEN, TASKS, Task
from asrlab_pytest.thresholds import OF_TASK, AnyThresholds, doubtful
from asrlab_pytest.wording import some

if TYPE_CHECKING:
    from asrlab_pytest.suite.suite import Suite

_METRICS = frozenset(metric for kind in OF_TASK.values() for metric in kind.metrics())


def refuse_misspelt_marks(items: Iterable[pytest.Item]) -> None:
    """Refuse a mark whose thresholds have no effect.

    Raises:
        ConfigError: an unregistered mark has nothing but our metrics as its keywords.
    """
    for item in items:
        for mark in item.iter_markers():
            if mark.name != "asr" and mark.kwargs and _METRICS.issuperset(mark.kwargs):
                _refuse_unregistered(item, mark)


def _refuse_unregistered(item: pytest.Item, mark: pytest.Mark) -> None:
    registered = {line.partition(":")[0].partition("(")[0].strip() for line in item.config.getini("markers")}
    if mark.name not in registered:
        stated = ", ".join(f"{key}={value}" for key, value in mark.kwargs.items())
        raise ConfigError(
            f"{item.nodeid}: @pytest.mark.{mark.name}({stated}) is not a mark that states thresholds",
            hint=f"write @pytest.mark.asr({stated})",
        )


def refuse_wrong_marks(items: Iterable[pytest.Item]) -> None:
    """Refuse thresholds of marks that cannot be such.

    Raises:
        ConfigError: a mark has one; all of them are named.
    """
    wrong = dict.fromkeys(words for item in items for words in _wrong_marks(item))
    if wrong:
        raise ConfigError("\n".join(wrong), hint="write thresholds as in @pytest.mark.asr(wer=0.3)")


def _wrong_marks(item: pytest.Item) -> Iterator[str]:
    path, line, _ = item.location
    for task in {task for name, task in MODELS.items() if name in getattr(item, "fixturenames", ())}:
        for mark in item.iter_markers("asr"):
            try:
                thresholds_of(mark, task)
            except (TypeError, ValueError) as error:
                yield f"{path}:{(line or 0) + 1}: @pytest.mark.asr: {error}"


def thresholds_of(mark: pytest.Mark, task: Task) -> AnyThresholds:
    """The thresholds that a mark states.

    Raises:
        TypeError: it states one without the name of its metric.
        ValueError: one is of another task, or cannot be one.
    """
    if mark.args:
        raise TypeError(f"the positional argument {mark.args[0]!r} is no threshold")
    OF_TASK[task].refuse_unknown(mark.kwargs)
    return OF_TASK[task](**mark.kwargs)


def refuse_idle_marks(items: Iterable[pytest.Item]) -> None:
    """Refuse thresholds of a test that evaluates no model. A mark of a class or a module may be for other tests.

    Raises:
        ConfigError: a test has such a mark.
    """
    for item in items:
        marks = [mark for mark in item.own_markers if mark.name == "asr" and mark.kwargs]
        if marks and _SUBJECTS.isdisjoint(getattr(item, "fixturenames", ())):
            raise ConfigError(
                f"{item.nodeid}: @pytest.mark.asr states thresholds, and the test takes no model",
                hint="let it take asr_case or asr_corpus and check() them, or remove the mark",
            )


_SUBJECTS = frozenset({*MODELS, *GATES})


def refuse_unread_tables(tests: Iterable[Path], root: Path) -> None:
    """Refuse tests of a project that is below the one whose configuration is read.

    Args:
        tests: Files of tests.
        root: The folder of that configuration.

    Raises:
        ConfigError: a `pyproject.toml` between them and the root has a table for us.
    """
    folders = {folder for test in tests for folder in test.parents if root in folder.parents}
    for path in (folder / "pyproject.toml" for folder in sorted(folders)):
        if path.is_file() and project_table(path.parent)[0]:
            raise ConfigError(
                f"{path} has [tool.asrlab], but that of {root} is read",
                hint=f"run pytest with -c {shlex.quote(str(path))}",
            )


def unread_table(tests: Iterable[Path], config: pytest.Config) -> AsrlabError | None:
    """That the table beside the tests is not read, from which any other mistake may follow."""
    try:
        refuse_unread_tables(tests, resolve_settings(config)[1])
    except AsrlabError as error:
        return error
    return None


def refuse_forks(items: Iterable[pytest.Item]) -> None:
    """Refuse tests that pytest-forked runs in processes of their own: what they observe would be lost.

    Raises:
        ConfigError: there is one.
    """
    for item in items:
        if item.config.getoption("forked", False) or item.get_closest_marker("forked"):
            raise ConfigError(
                f"{item.nodeid}: pytest-forked cannot run tests that evaluate a model",
                hint="leave it out; isolate = true in a model's table runs the model in a process of its own",
            )


def doubts(suite: Suite, tasks: Collection[Task]) -> Iterator[str]:
    """Error rates above 1, which are likely meant as percentages, in words."""
    for task in tasks:
        of_project = suite.settings.bounds_of(task)
        yield from _of({"case": of_project.thresholds, "corpus": of_project.corpus_thresholds}, "tool.asrlab", task)
        for spec in suite.models_of(task):
            bounds: Mapping[Level, AnyThresholds] = {"case": spec.case_bounds, "corpus": spec.pooled_bounds}
            yield from _of(bounds, f"tool.asrlab.models.{spec.name}", task)
        for item in suite.chosen(task):
            yield from (f"{NOUNS[task]} {item.id}: {words}" for words in doubtful(item.thresholds))


def other_judge(suite: Suite, tasks: Collection[Task]) -> Iterator[str]:
    """That the judge which was asked for hears nothing, as the speech of a scored record was heard before, in words."""
    judge, recording = suite.settings.judge, suite.recording
    if judge is None or recording is None or not {*SPOKEN} & {*tasks}:
        return
    hearers = {row.spoken.hearer.model for row in recording.observations if row.spoken is not None}
    if hearers - {judge}:
        yield f"the judge {judge} hears nothing: {some(sorted(hearers))} heard the speech of {recording.path}"


def unknown_failures(suite: Suite, tasks: Collection[Task]) -> Iterator[str]:
    """Known failures that cover no model of the project, or no sample, in words.

    Args:
        suite: What is evaluated.
        tasks: Tasks of the run whose samples are the project's.
    """
    models = [spec for model in suite.registry for spec in model.by_task]
    for known in suite.settings.known_failures:
        where = f"[[tool.asrlab.known_failures]] {known.model} on {known.clip} covers nothing"
        covered = {spec.task for spec in models if fnmatchcase(spec.id, known.model)}
        if not covered:
            yield f"{where}: no model matches {known.model!r}"
        elif covered <= {*tasks} and not any(_has(suite, task, known.clip) for task in covered):
            nouns = " or ".join(NOUNS[task] for task in TASKS if task in covered)
            yield f"{where}: no {nouns} matches {known.clip!r}"


def _has(suite: Suite, task: Task, pattern: str) -> bool:
    return any(fnmatchcase(sample.id, pattern) for sample in suite.listed(task).samples)


def _of(bounds: Mapping[Level, AnyThresholds], table: str, task: Task) -> Iterator[str]:
    for level, thresholds in bounds.items():
        yield from (f"[{table}.{table_of(task, level)}]: {words}" for words in doubtful(thresholds))
