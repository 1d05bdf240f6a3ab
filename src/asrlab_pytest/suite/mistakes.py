"""Mistakes in the choice of models and samples that leave something unjudged: refused or warned about."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ConfigError, ModelError
from asrlab_pytest.hints import runnable
from asrlab_pytest.languages import NAMES, language_of_country, primary
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.spec import ModelSpec, is_english_only
from asrlab_pytest.models.status import knows_language
from asrlab_pytest.tasks import LABELS, NOUNS, Task
from asrlab_pytest.wording import many, some

if TYPE_CHECKING:
    from asrlab_pytest.models.registry import Registry
    from asrlab_pytest.suite.suite import Suite


def refuse_no_sample(suite: Suite, tasks: Collection[Task], *, narrowed: bool) -> Iterator[str]:
    """Refuse a model that was chosen by its id and that no sample is meant for.

    Args:
        suite: What is evaluated.
        tasks: Those of the run.
        narrowed: Whether tests were left out on purpose.

    Yields:
        A warning: in a narrowed run, a model that is chosen by the project rather than on the command line.

    Raises:
        ConfigError: there is such a model.
    """
    if suite.recording is not None:
        return
    named = {*suite.settings.model}
    for spec in suite.models:
        is_named = not named.isdisjoint(spec.names)
        if spec.task in tasks and is_named and not suite.samples_for(spec):
            error = _no_sample(suite, spec)
            if suite.statuses.is_named(spec) or not narrowed:
                raise error
            yield str(error)


def why_unserved(suite: Suite, tasks: Collection[Task]) -> str:
    """Why no chosen model does any of these tasks, in words."""
    for spec in suite.models if suite.recording is None else ():
        with suppress(ModelError):
            able = engine(spec.engine).tasks
            if spec.task not in able and (forgotten := [task for task in sorted(tasks) if task in able]):
                return (
                    f"{spec.id} is chosen, but its table has no tasks = {json.dumps(forgotten)} "
                    f"(hint: add it to [tool.asrlab.models.{spec.name}])"
                )
    labels = " or ".join(LABELS[task] for task in sorted(tasks))
    see = runnable("see: asrlab models")
    return f"no {labels} model is chosen (hint: --asr-model, or model in [tool.asrlab]; {see})"


def refuse_unknown_languages(suite: Suite, tasks: Collection[Task]) -> None:
    """Refuse clips in a language that a chosen model's weights do not know: its engine would fail on each.

    Raises:
        ConfigError: there are such clips.
    """
    if "asr" not in tasks or suite.recording is not None:
        return
    for spec in suite.models_of("asr"):
        if suite.statuses.of(spec).is_ready or suite.statuses.can_fetch(spec):
            asked = {clip.id: code for clip in suite.samples_for(spec) if (code := spec.language or clip.language)}
            unknown = {code for code in {*asked.values()} if not knows_language(spec, code)}
            if unknown:
                raise _unknown_language(spec, asked, unknown)


def _unknown_language(spec: ModelSpec, asked: Mapping[str, str], unknown: Collection[str]) -> ConfigError:
    if spec.language is not None:
        return ConfigError(
            f"model {spec.id}: its language is {_named(spec.language)}, which its weights do not support",
            hint=f"correct language in [tool.asrlab.models.{spec.name}], or choose other weights",
        )
    clips = [clip for clip, code in asked.items() if code in unknown]
    others = f", and {len(clips) - 1} more like it" if len(clips) > 1 else ""
    known = sorted({*asked.values()}.difference(unknown))
    narrowed = f"languages = {json.dumps(known)} in [tool.asrlab.models.{spec.name}], or " if known else ""
    meant = language_of_country(primary(asked[clips[0]]))
    is_likely = meant is not None and meant not in unknown
    country = f"write {json.dumps(meant)} if the clip is in {NAMES[str(meant)]}, " if is_likely else ""
    return ConfigError(
        f"model {spec.id}: clip {clips[0]} is in {_named(asked[clips[0]])}, which its weights do not support{others}",
        hint=f"{country}{narrowed}choose a model that supports it, or other clips",
    )


def _named(language: str) -> str:
    name = NAMES.get(primary(language))
    return f"{name} ({language})" if name else repr(language)


def _no_sample(suite: Suite, spec: ModelSpec) -> ConfigError:
    noun, manifest = NOUNS[spec.task], suite.listed(spec.task).manifest
    foreign = next((item for item in suite.chosen(spec.task) if not spec.is_for_language(item.language)), None)
    if foreign is not None and is_english_only(spec.weights) and spec.languages == ("en",):
        return ConfigError(
            f"model {spec.id}: its weights {spec.weights} support only English, and {noun} {foreign.id} is in "
            f"{_named(str(foreign.language))}, as no {noun} of {manifest} is in English",
            hint=f"choose multilingual weights, such as {_multilingual(suite.registry, spec)}, or {noun}s in English",
        )
    limits = [f"{key} = {list(value)}" for key in ("languages", "tags") if (value := getattr(spec, key))]
    return ConfigError(
        f"model {spec.id}: no {noun} of {manifest} is meant for it ({' and '.join(limits)})",
        hint=f"correct [tool.asrlab.models.{spec.name}], choose other {noun}s, or do not choose the model",
    )


def _multilingual(registry: Registry, spec: ModelSpec) -> str:
    """The model of the same size that knows many languages, by its id where the registry has it."""
    other = spec.name.replace(".en", "")
    is_another = other != spec.name and other in registry
    return other if is_another else Path(spec.weights).name.replace(".en", "")


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
