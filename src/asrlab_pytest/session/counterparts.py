"""Whether a baseline has what a run will be compared with, checked before any model runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.suite.paths import baseline_file
from asrlab_pytest.tasks import NOUNS

if TYPE_CHECKING:
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.records.baseline import Baseline, Texts
    from asrlab_pytest.session.narrowing import Narrowing
    from asrlab_pytest.suite.suite import Suite
    from asrlab_pytest.tasks import Task


def refuse_no_baseline(suite: Suite, tasks: Collection[Task], narrowing: Narrowing) -> None:
    """Refuse a baseline that the run can be compared with in nothing, and pairs of models that there are not.

    Args:
        suite: What is evaluated.
        tasks: Those of the run.
        narrowing: Whether models were left out on purpose.

    Raises:
        AsrlabError: the baseline cannot be read, is empty, shares no model and clip with the run, or a pair names a
            model that is on neither side.
    """
    _refuse_unknown_models(suite, narrowing)
    _refuse_to_replace(suite)
    baseline = suite.baseline
    if baseline is None:
        return
    recording = suite.recording
    if recording is not None and recording.path.samefile(baseline.path):
        raise ConfigError(
            f"{baseline.path} is the record that is scored and the baseline: it differs from itself in nothing",
            hint="name an older run with --asr-baseline",
        )
    if not (baseline.texts or baseline.times or baseline.memory):
        raise ConfigError(
            f"the baseline {baseline.path} has no text, so that nothing can be compared with it",
            hint="write it again with --asr-update-baseline, or restore it",
        )
    _refuse_unpaired(suite.settings.pairs, suite.models, baseline)
    if baseline.tasks & {*tasks} and not _shares_a_clip(suite, baseline.texts, tasks):
        raise ConfigError(
            f"the baseline {baseline.path} shares no model and {' or '.join(sorted(map(NOUNS.__getitem__, tasks)))} "
            f"with this run: it has "
            f"{', '.join(sorted(baseline.texts))}",
            hint="write it again with --asr-update-baseline, or pair models with --asr-baseline-model NEW=OLD",
        )


def _refuse_to_replace(suite: Suite) -> None:
    """Refuse to write the baseline over another file, such as the record that served as one."""
    path = baseline_file(suite.settings, suite.root) if suite.settings.update_baseline else None
    if path is None or not path.exists():
        return
    from asrlab_pytest.records.baseline import is_baseline

    if not is_baseline(path):
        raise ConfigError(
            f"{path} is not a baseline, and --asr-update-baseline would replace it",
            hint="name another file with --asr-baseline",
        )


def _refuse_unknown_models(suite: Suite, narrowing: Narrowing) -> None:
    """Refuse a pair whose NEW is not a model, or none of the run although no model was left out on purpose."""
    chosen = {spec.id for spec in suite.models}
    for new, old in suite.settings.pairs.items():
        if new not in suite.registry:
            raise ConfigError(
                f"baseline_model {new}={old}: unknown model {new!r}", hint="list the models with: asrlab models"
            )
        if new not in chosen and not narrowing:
            raise ConfigError(
                f"baseline_model {new}={old}: this run does not evaluate {new}, but {', '.join(sorted(chosen))}",
                hint=f"choose it with --asr-model {new}, or leave out the pair",
            )


def _refuse_unpaired(pairs: Mapping[str, str], models: Iterable[ModelSpec], baseline: Baseline) -> None:
    """Refuse a pair of a model of the run whose OLD the baseline does not have."""
    known = {*baseline.texts, *baseline.times, *baseline.memory}
    for spec in models:
        old = pairs.get(spec.id)
        if old is not None and old not in known:
            raise ConfigError(
                f"baseline_model {spec.id}={old}: the baseline {baseline.path} has nothing of {old}",
                hint=f"choose from {', '.join(sorted(known))}",
            )


def _shares_a_clip(suite: Suite, texts: Texts, tasks: Collection[Task]) -> bool:
    return any(
        item.id in texts.get(suite.settings.counterpart(spec.id), {})
        for spec in suite.models
        if spec.task in tasks
        for item in suite.samples_for(spec)
    )
