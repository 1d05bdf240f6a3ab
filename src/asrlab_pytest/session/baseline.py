"""The baseline of a run: refused before any model runs if nothing can be compared with it, and written at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.suite.paths import baseline_file
from asrlab_pytest.tasks import NOUNS, Task
from asrlab_pytest.wording import many, some

if TYPE_CHECKING:
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.records.baseline import Baseline, Texts
    from asrlab_pytest.records.environment import Environment
    from asrlab_pytest.records.identity import Identities
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.session.narrowing import Narrowing
    from asrlab_pytest.suite.suite import Suite


def update_baseline(  # noqa: PLR0913
    suite: Suite,
    ledger: Ledger,
    tasks: Collection[Task],
    environment: Environment,
    lost: Collection[str],
    *,
    narrowed: bool,
) -> str:
    """Write what this run observed over the baseline; what it says, in words.

    Of the older baseline stays what this run did not look at and what is still there to be looked at: clips of the
    corpus that are for the model and were not chosen and, where the run was narrowed, models of the registry. A whole
    run has every model of the project, so that others are removed.

    Args:
        suite: What is evaluated.
        ledger: The results of the run.
        tasks: Those of the run.
        environment: The machine, software and settings of the run.
        lost: Tests that no report came for.
        narrowed: Whether models or tests were left out on purpose.

    Raises:
        RecordError: the run was broken off, a case gave no result, there is nothing to write, or an older file of that
            name is not a baseline.
        OSError: the file cannot be written.
    """
    from asrlab_pytest.records.baseline import Baseline, by_model, read_baseline, write_baseline
    from asrlab_pytest.records.reading import RecordError

    path = baseline_file(suite.settings, suite.root)
    assert path is not None
    if lost:
        raise RecordError(
            f"the run was broken off before {many(len(lost), 'test')}, and a part of it is not a baseline",
            hint="let it run to its end; --asr-resume takes from the store what there is",
        )
    new = by_model(ledger.first_pass)
    if not new and not (path.exists() and (ledger.times or ledger.memory)):
        raise RecordError("the run transcribed nothing")
    if ledger.failures:
        failed = [f"{model} on {clip}" for model, clip in ledger.failures]
        raise RecordError(
            f"{many(len(failed), 'case')} gave no result ({some(failed)}), and a baseline has all",
            hint="correct what failed, or leave it out with --asr-model or --asr-clip",
        )
    older = read_baseline(path) if path.exists() else Baseline(path=path, commit=None, texts={})
    times, memory = {**older.times, **ledger.times}, {**older.memory, **ledger.memory}
    models = _still_there(suite, ledger, {*older.texts, *times, *memory}, narrowed=narrowed)
    remaining: dict[str, dict[str, Observation]] = {}
    for model, rows in older.texts.items():
        still = {
            clip: row
            for clip, row in rows.items()
            if model in models and clip not in new.get(model, {}) and _has_clip(suite, tasks, model, clip)
        }
        if still:
            remaining[model] = still
    texts = {model: {**remaining.get(model, {}), **new.get(model, {})} for model in [*remaining, *new]}
    write_baseline(
        path,
        environment,
        texts,
        times={model: row for model, row in times.items() if model in models},
        memory={model: row for model, row in memory.items() if model in models},
        missing=_missing(suite, tasks, texts, older),
        models=_models(texts, new, older),
    )
    count = sum(len(rows) for rows in new.values())
    left = sum(len(rows) for rows in remaining.values())
    more = f", {left} of the older one kept" if left else ""
    removed = [model for model in older.texts if model not in models]
    more += f", {some(removed, 5)} removed" if removed else ""
    known = [(model, clip) for model, rows in older.texts.items() if model in models for clip in rows]
    gone = sum(not _has_clip(suite, tasks, model, clip) for model, clip in known)
    more += f", {gone} of clips that the corpus no longer has for its model removed" if gone else ""
    return f"baseline {path} written: {many(count, 'text')} of {many(len(new), 'model')}{more}"


def _still_there(suite: Suite, ledger: Ledger, models: Collection[str], *, narrowed: bool) -> set[str]:
    """Those models that the project still has: in a whole run, those that are chosen or that a test names."""
    known = {model for model in models if model in suite.registry}
    if narrowed or suite.recording is not None:
        return known
    return known & {*suite.compared_models, *ledger.models}


def _models(texts: Texts, new: Texts, older: Baseline) -> dict[str, Identities]:
    """What wrote each text: as this run saw it, and of a text that is kept as the older baseline has it."""
    from asrlab_pytest.records.identity import Identity, identities_of

    known = {model: {**older.models.get(model, {}), **identities_of(new.get(model, {}).values())} for model in texts}
    return {model: {clip: known[model].get(clip, Identity()) for clip in rows} for model, rows in texts.items()}


def _missing(suite: Suite, tasks: Collection[Task], texts: Texts, older: Baseline) -> dict[str, list[str]]:
    """What the corpus has for each model, chosen or not, and the baseline will not.

    A clip that is neither here nor among the texts is new to a later run. Of a task that this run does not read the
    samples of, the older baseline's entry is kept.
    """
    known: dict[str, list[str]] = {}
    for model, rows in texts.items():
        spec = suite.registry[model]
        if spec.task in tasks:
            samples = suite.listed(spec.task).samples
            known[model] = [sample.id for sample in samples if spec.is_meant_for(sample) and sample.id not in rows]
        elif model in older.missing:
            known[model] = list(older.missing[model])
    return known


def _has_clip(suite: Suite, tasks: Collection[Task], model: str, clip: str) -> bool:
    """Whether the corpus still has a clip for a model, as far as this run knows: it reads its own tasks' alone."""
    spec = suite.registry[model]
    if spec.task not in tasks:
        return True
    item = suite.listed(spec.task).by_id.get(clip)
    return item is not None and spec.is_meant_for(item)


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
    _refuse_to_replace(suite, tasks)
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


def _refuse_to_replace(suite: Suite, tasks: Collection[Task]) -> None:
    """Refuse to write the baseline over another file, such as a record, one of another corpus, or a protected one."""
    path = baseline_file(suite.settings, suite.root) if suite.settings.update_baseline else None
    if path is None or not path.exists():
        return
    from asrlab_pytest.records.baseline import is_baseline, read_baseline, refuse_unreadable
    from asrlab_pytest.records.outputs import refusing_unwritable

    refuse_unreadable(path)
    if not is_baseline(path):
        raise ConfigError(
            f"{path} is not a baseline, and --asr-update-baseline would replace it",
            hint="name another file with --asr-baseline",
        )
    with refusing_unwritable(path, option="--asr-baseline", what="the baseline"), path.open("r+b"):
        older = read_baseline(path).texts
    known = [
        clip
        for model, rows in older.items()
        if model in suite.registry and suite.registry[model].task in tasks
        for clip in rows
    ]
    if known and not any(clip in suite.listed(task).by_id for task in tasks for clip in known):
        raise ConfigError(
            f"the baseline {path} is of other samples: with --asr-update-baseline, it loses all {len(known)} texts",
            hint="name another file with --asr-baseline, or remove this one first",
        )


def _refuse_unknown_models(suite: Suite, narrowing: Narrowing) -> None:
    """Refuse pairs that are typed without a baseline, and a pair whose NEW is unknown or not evaluated as it should."""
    if narrowing.has("asr_baseline_model") and suite.settings.baseline is None:
        raise ConfigError(
            "--asr-baseline-model has no effect without a baseline", hint="name the baseline with --asr-baseline"
        )
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
