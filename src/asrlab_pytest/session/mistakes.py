"""Slips in what a run was asked to do, which would leave something unjudged: refused or warned of before any test."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.gates.outcome import many
from asrlab_pytest.languages import NAMES, primary
from asrlab_pytest.models.spec import ModelSpec, is_english_only
from asrlab_pytest.models.status import knows_language
from asrlab_pytest.records.cover import some
from asrlab_pytest.session.judgements import Level, table_of
from asrlab_pytest.tasks import NOUNS, Task
from asrlab_pytest.thresholds import OF_TASK, AnyThresholds, doubtful

if TYPE_CHECKING:
    from asrlab_pytest.suite.suite import Suite

_METRICS = frozenset(metric for kind in OF_TASK.values() for metric in kind.metrics())


def refuse_misspelt_marks(items: Iterable[pytest.Item]) -> None:
    """Refuse a mark with thresholds that nobody reads.

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


def refuse_no_sample(suite: Suite, tasks: Collection[Task], *, narrowed: bool) -> Iterator[str]:
    """Refuse a model that was chosen by its id and that no sample is meant for.

    Args:
        suite: What is evaluated.
        tasks: Those of the run.
        narrowed: Whether tests were left out on purpose.

    Yields:
        What to warn of: in a narrowed run, a model that is chosen by the project rather than on the command line.

    Raises:
        ConfigError: there is such a model.
    """
    if suite.recording is not None:
        return
    named = {*suite.settings.model}
    for spec in suite.models:
        is_named = not named.isdisjoint({spec.id, spec.name, spec.full_id})
        if spec.task in tasks and is_named and suite.status(spec).is_ready and not suite.samples_for(spec):
            error = _no_sample(suite, spec)
            if suite.is_named(spec) or not narrowed:
                raise error
            yield str(error)


def refuse_unknown_languages(suite: Suite, tasks: Collection[Task]) -> None:
    """Refuse clips in a language that a chosen model's weights do not know: its engine would fail on each.

    Raises:
        ConfigError: there are such clips.
    """
    if "asr" not in tasks or suite.recording is not None:
        return
    for spec in suite.models_of("asr"):
        if suite.status(spec).is_ready or suite.can_fetch(spec):
            asked = {clip.id: code for clip in suite.clips_for(spec) if (code := spec.language or clip.language)}
            unknown = {code for code in {*asked.values()} if not knows_language(spec, code)}
            if unknown:
                raise _unknown_language(spec, asked, unknown)


def _unknown_language(spec: ModelSpec, asked: Mapping[str, str], unknown: Collection[str]) -> ConfigError:
    if spec.language is not None:
        return ConfigError(
            f"model {spec.id}: its language is {_named(spec.language)}, which its weights do not know",
            hint=f"correct language in [tool.asrlab.models.{spec.name}], or choose other weights",
        )
    clips = [clip for clip, code in asked.items() if code in unknown]
    others = f", and {len(clips) - 1} more in such a language" if len(clips) > 1 else ""
    known = sorted({*asked.values()}.difference(unknown))
    narrowed = f"languages = {json.dumps(known)} in [tool.asrlab.models.{spec.name}], or " if known else ""
    return ConfigError(
        f"model {spec.id}: clip {clips[0]} is in {_named(asked[clips[0]])}, which its weights do not know{others}",
        hint=f"{narrowed}choose a model that knows it, or other clips",
    )


def _named(language: str) -> str:
    name = NAMES.get(primary(language))
    return f"{name} ({language})" if name else repr(language)


def _no_sample(suite: Suite, spec: ModelSpec) -> ConfigError:
    noun, manifest = NOUNS[spec.task], suite.listed(spec.task).manifest
    foreign = next((item for item in suite.chosen(spec.task) if not spec.is_for_language(item.language)), None)
    if foreign is not None and is_english_only(spec.weights) and spec.languages == ("en",):
        return ConfigError(
            f"model {spec.id}: its weights {spec.weights} know English alone, and {noun} {foreign.id} is in "
            f"{_named(str(foreign.language))}, as no {noun} of {manifest} is in English",
            hint=f"choose multilingual weights, such as {_multilingual(suite, spec)}, or {noun}s in English",
        )
    limits = [f"{key} = {list(value)}" for key in ("languages", "tags") if (value := getattr(spec, key))]
    return ConfigError(
        f"model {spec.id}: no {noun} of {manifest} is meant for it ({' and '.join(limits)})",
        hint=f"correct [tool.asrlab.models.{spec.name}], choose other {noun}s, or do not choose the model",
    )


def _multilingual(suite: Suite, spec: ModelSpec) -> str:
    """The model of the same size that knows many languages, by its id where the registry has it."""
    other = spec.name.replace(".en", "")
    return other if other in suite.registry else Path(spec.weights).name.replace(".en", "")


def unmeant(suite: Suite, tasks: Collection[Task]) -> list[str]:
    """The chosen samples that no chosen model is meant for, in words: nothing judges them."""
    sentences = []
    for task in sorted(tasks) if suite.recording is None else ():
        models = suite.models_of(task)
        left = [item for item in suite.chosen(task) if not any(suite.is_meant(spec, item) for spec in models)]
        if left and models:
            languages = ", ".join(sorted({item.language or "unknown" for item in left}))
            noun, names = NOUNS[task], some([item.id for item in left])
            sentences.append(f"no chosen model is for {many(len(left), noun)} (language {languages}): {names}")
    return sentences


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


def _of(bounds: Mapping[Level, AnyThresholds], table: str, task: Task) -> Iterator[str]:
    for level, thresholds in bounds.items():
        yield from (f"[{table}.{table_of(task, level)}]: {words}" for words in doubtful(thresholds))
