"""What a run was asked to judge and did not: thresholds that no test judged by, and a baseline that nothing met."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asrlab_pytest.gates.bounds import TIMES
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.session.judgements import Judged, Level, table_of
from asrlab_pytest.suite.judging import judgeable_samples
from asrlab_pytest.suite.recorded_cover import untranscribed
from asrlab_pytest.tasks import NOUNS, TASKS, Task
from asrlab_pytest.wording import many, some

if TYPE_CHECKING:
    from asrlab_pytest.gates.result import GateResult
    from asrlab_pytest.records.baseline import Baseline
    from asrlab_pytest.records.run import Run
    from asrlab_pytest.session.ledger import Ledger
    from asrlab_pytest.session.narrowing import Narrowing
    from asrlab_pytest.suite.suite import Suite
    from asrlab_pytest.thresholds import AnyThresholds

_GATED = {"max_rtf_ratio": "speed", "max_rss_mb": "memory", "max_device_memory_mb": "memory"}
"""Thresholds that a gate judges by, and its kind."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One that is stated for a run."""

    where: str
    """The table or sample that states it."""
    metric: str
    judged: Judged
    """What is known of the run once it was judged by."""

    def __str__(self) -> str:
        return f"{self.where} {self.metric}"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Something that was asked for and did not happen."""

    words: str
    is_meant: bool = False
    """Whether the run left it out on purpose."""


def shortfalls(  # noqa: PLR0913
    suite: Suite,
    ledger: Ledger,
    tasks: Collection[Task],
    *,
    narrowing: Narrowing,
    dropped: Sequence[str] = (),
    unserved: Collection[Task] = (),
) -> list[Shortfall]:
    """What the run was asked to judge or compare and did not, a line each.

    Args:
        suite: What is evaluated, and by which thresholds.
        ledger: The results of the run.
        tasks: Those of the run.
        narrowing: What was left out on purpose; not the transcript that a record lacks of a chosen model and clip.
        dropped: Node ids of tests that were taken out of the list without a word.
        unserved: Tasks that there are tests of, and no model.
    """
    narrowed = bool(narrowing)
    models = _ready(suite, ledger, tasks)
    stated = [threshold for threshold in _stated(suite, models, tasks) if not ledger.judgements.has(threshold.judged)]
    unused = [*stated, *_ungated(suite, ledger, models)]
    timed = [str(threshold) for threshold in unused if _is_untimed(suite.recording, ledger, threshold)]
    others = [
        str(threshold) for threshold in unused if not _is_untimed(suite.recording, ledger, threshold)
    ] + ledger.judgements.marks
    results = [Shortfall(_unjudged(others), narrowed)] if others else []
    if not others and (cases := ledger.judgements.unjudged_cases):
        results.append(Shortfall(_passed_over(cases), narrowing.leaves_out_tests))
    if ledger.excluded and not ledger.is_audit_expected:
        results.append(Shortfall(_excluded(ledger.excluded), narrowing.leaves_out_tests))
    if suite.settings.witness and not ledger.is_audited:
        results.append(Shortfall(_UNHEARD, narrowing.leaves_out_tests))
    if narrowing.has("asr_undecided") and suite.settings.baseline is None and not ledger.gates:
        results.append(Shortfall(_NO_GATE, narrowing.leaves_out_tests))
    if dropped:
        results.append(Shortfall(_dropped(dropped), narrowed))
    if timed:
        results.append(
            Shortfall(f"times {_not_measured(suite.recording, ledger)} are not judged: {some(timed, 5)}", is_meant=True)
        )
    if not suite.settings.partial:
        hint = "\n  hint: complete it with --asr-resume, or score what there is with --asr-partial"
        results += [
            Shortfall(words + hint, narrowing.leaves_out_cases) for words in untranscribed(suite, tasks, unserved)
        ]
    results += [
        *_not_evaluated(suite, ledger, tasks, narrowing),
        *_samples_not_evaluated(suite, ledger, tasks, narrowing),
        *(() if narrowed else _without_model(suite)),
    ]
    return [*results, *_not_compared(suite, ledger.gates, narrowed=narrowed)]


def _not_evaluated(suite: Suite, ledger: Ledger, tasks: Collection[Task], narrowing: Narrowing) -> Iterator[Shortfall]:
    """Chosen models that no test evaluated: one named on the command line must be. A baseline's are said elsewhere."""
    names = {suite.registry[model].name for model in ledger.evaluated}
    known = suite.baseline.texts if suite.baseline else {}
    rest = [
        spec
        for spec in _chosen(suite, tasks)
        if spec.name not in names and suite.settings.counterpart(spec.id) not in known
    ]
    for spec in {spec.name: spec for spec in reversed(rest)}.values():
        is_named = suite.statuses.is_named(spec)
        if is_named or narrowing.has("asr_model") or not {*suite.settings.model}.isdisjoint(spec.names):
            hint = "let a test evaluate it, or do not choose it"
            words = f"{spec.name}: chosen, and no test evaluated it\n  hint: {hint}"
            yield Shortfall(words, is_meant=not is_named or narrowing.leaves_out_tests)


def _samples_not_evaluated(
    suite: Suite, ledger: Ledger, tasks: Collection[Task], narrowing: Narrowing
) -> Iterator[Shortfall]:
    """Samples that no model was evaluated on, other than timed: those that an option chose must be."""
    if suite.recording is not None:
        return
    failed = {(suite.registry[model].task, clip) for model, clip in ledger.failures}
    for task in (task for task in TASKS if task in tasks):
        named: tuple[str, ...] = getattr(suite.settings, NOUNS[task])
        is_chosen = bool(named or suite.settings.shard)
        observed = {row.clip for row in ledger.of_task(task)}
        asked = {*_judgeable(suite, task), *named} - observed - suite.excluded_of(task)
        rest = [item.id for item in suite.chosen(task) if item.id in asked and (task, item.id) not in failed]
        if rest and observed and (is_chosen or not narrowing):
            words = f"{NOUNS[task]} {some(rest, 5)}: chosen, and no model was evaluated on it"
            hint = "let a test evaluate it, choose a model that is meant for it, or do not choose it"
            yield Shortfall(f"{words}\n  hint: {hint}", is_meant=narrowing.leaves_out_tests or not is_chosen)


def _judgeable(suite: Suite, task: Task) -> set[str]:
    """Ids of the samples that a ready model can be judged on."""
    ready = (spec for spec in suite.models_of(task) if suite.statuses.of(spec).is_ready)
    return {sample.id for spec in ready for sample in judgeable_samples(suite, spec)}


def _without_model(suite: Suite) -> Iterator[Shortfall]:
    """The project's thresholds for tasks that no chosen model has."""
    chosen = {spec.task for spec in suite.models}
    rest = [str(threshold) for task in TASKS if task not in chosen for threshold in _of_project(suite, task)]
    if rest and suite.recording is None:
        yield Shortfall(f"{_never_checked(rest)}, because no model of that task is chosen", is_meant=True)


def _chosen(suite: Suite, tasks: Collection[Task]) -> Iterator[ModelSpec]:
    """The models that a test could evaluate, less those that are not ready, which the scorecard lists."""
    for spec in suite.models:
        if spec.task not in tasks:
            if suite.statuses.of(spec).is_ready or suite.statuses.is_named(spec):
                yield spec
        elif suite.statuses.of(spec).is_ready and suite.samples_for(spec):
            yield spec


def _passed_over(cases: Sequence[str]) -> str:
    return (
        f"{many(len(cases), 'case')} passed without a check of the thresholds: {some(cases, 5)}\n"
        "  hint: call check() in a test of each, or skip the test where there is nothing to judge"
    )


def _excluded(reasons: Mapping[str, str]) -> str:
    shown = some([f"{clip} ({reason})" for clip, reason in reasons.items()], 5)
    return (
        f"{many(len(reasons), 'clip')} excluded by the audit, and no test failed: {shown}\n"
        "  hint: let a test call asr_audit.check(), and correct or remove the clips"
    )


_UNHEARD = (
    "no clip was audited, so the witness transcribed none (--asr-witness, or witness in [tool.asrlab])\n"
    "  hint: let a test call asr_audit.check(), or leave the witness out"
)


_NO_GATE = (
    "no gate judged a model, so --asr-undecided had no effect\n"
    "  hint: name the baseline with --asr-baseline, or leave the option out"
)


def _dropped(tests: Sequence[str]) -> str:
    return (
        f"{many(len(tests), 'test')} of models did not run, and nothing deselected them: {some(tests, 5)}\n"
        "  hint: let the hook that leaves them out call config.hook.pytest_deselected(items=...)"
    )


def _never_checked(thresholds: list[str]) -> str:
    return f"{'threshold' if len(thresholds) == 1 else 'thresholds'} never checked: {some(thresholds, 5)}"


def _unjudged(thresholds: list[str]) -> str:
    silent = any("hallucinated_words" in threshold for threshold in thresholds)
    of_entities = any("entity_" in threshold for threshold in thresholds)
    return (
        f"{_never_checked(thresholds)}\n"
        "  hint: check it in a test, such as with asr_case.check() or asr_corpus.check(), or remove it"
        f"{'; hallucinated_words needs a clip without speech' if silent else ''}"
        f"{'; entity thresholds need a reference with entities' if of_entities else ''}"
    )


def _is_untimed(recording: Run | None, ledger: Ledger, threshold: Threshold) -> bool:
    """Whether it is a time or memory, which are not measured for a record or store, a server, or a clip in a batch."""
    if recording is not None:
        return threshold.metric in TIMES or threshold.metric in _GATED
    is_shared = threshold.judged.level == "case" and any(row.batch_size > 1 for row in ledger.observations)
    return threshold.metric in TIMES and (is_shared or any(not row.is_measured_here for row in ledger.observations))


def _not_measured(recording: Run | None, ledger: Ledger) -> str:
    """Whose times are not measured, in words."""
    if recording is not None or any(row.recorded for row in ledger.observations):
        return "of a record or store"
    is_shared = any(row.batch_size > 1 for row in ledger.observations if row.is_measured_here)
    return "of clips in batches" if is_shared else "of a server"


def _not_compared(suite: Suite, gates: Sequence[GateResult], *, narrowed: bool) -> Iterator[Shortfall]:
    """What the baseline that was named was not compared with: all of it, a model, or most of a model's samples."""
    baseline = suite.baseline
    if baseline is None:
        return
    if not any(map(_is_compared, gates)):
        words = f"the baseline {baseline.path} was compared with nothing"
        hint = "evaluate a model that it has texts of, or write it again with --asr-update-baseline"
        yield Shortfall(f"{words}\n  hint: {hint}", narrowed)
        return
    for gate in gates:
        if gate.kind == "accuracy" and (2 * gate.compared < gate.chosen or not gate.compared):
            noun = NOUNS[suite.registry[gate.model].task]
            compared = f"only {gate.compared} of {many(gate.chosen, noun)}" if gate.compared else f"no {noun}"
            words = f"{gate.model}: {compared} could be compared with {baseline.path}"
            yield Shortfall(f"{words}\n  hint: {_AGAIN}", narrowed)
    yield from _models_not_compared(suite, baseline, gates, narrowed=narrowed)


_AGAIN = "write it again with --asr-update-baseline"


def _models_not_compared(
    suite: Suite, baseline: Baseline, gates: Sequence[GateResult], *, narrowed: bool
) -> Iterator[Shortfall]:
    """Models of the run whose texts the baseline has and no gate compared, and models that only one side has."""
    judged = {gate.model for gate in gates if gate.kind == "accuracy"}
    for spec in suite.models:
        is_known = suite.settings.counterpart(spec.id) in baseline.texts
        if is_known and spec.id not in judged and suite.statuses.of(spec).is_ready:
            words = f"{spec.id}: not compared with {baseline.path}, which has its texts: no test evaluated it"
            yield Shortfall(f"{words}\n  hint: evaluate it, or leave it out with --asr-model", narrowed)
    yield from _measures_not_compared(suite, baseline, gates, narrowed=narrowed)
    if not narrowed:
        yield from models_of_one_side(suite)


def _measures_not_compared(
    suite: Suite, baseline: Baseline, gates: Sequence[GateResult], *, narrowed: bool
) -> Iterator[Shortfall]:
    """Models of the run whose times or memory the baseline has and no gate compared."""
    if suite.recording is not None:
        return
    for kind, noun, fixture, known in (
        ("speed", "times", "asr_speed and the reference model of the baseline", baseline.times),
        ("memory", "memory", "asr_memory", baseline.memory),
    ):
        compared = {gate.model for gate in gates if gate.kind == kind and "the baseline" in gate.against}
        rest = [
            spec.id
            for spec in suite.models
            if suite.settings.counterpart(spec.id) in known
            and spec.id not in compared
            and suite.statuses.of(spec).is_ready
        ]
        if rest:
            words = f"not compared with {baseline.path}: the {noun} of {some(rest, 5)}"
            hint = f"measure them in a test with {fixture}, or {_AGAIN}"
            yield Shortfall(f"{words}\n  hint: {hint}", narrowed or suite.settings.undecided != "fail")


def models_of_one_side(suite: Suite) -> Iterator[Shortfall]:
    """Models that the run has and the baseline lacks, and the other way round."""
    baseline = suite.baseline
    if baseline is None or not baseline.texts:
        return
    new = [spec.id for spec in suite.models if suite.settings.counterpart(spec.id) not in baseline.texts]
    removed = [model for model in baseline.texts if model not in suite.compared_models]
    sides = [f"{some(new, 5)} is not in {baseline.path}"] if new else []
    sides += [f"{some(removed, 5)} is only in {baseline.path}"] if removed else []
    fails = suite.settings.undecided == "fail"
    if sides:
        yield Shortfall(f"not compared: {'; '.join(sides)}\n  hint: {_AGAIN}", is_meant=not fails)
    absent = [spec.id for spec in suite.models if spec.id not in new and not suite.statuses.of(spec).is_ready]
    if absent and fails:
        yield Shortfall(f"not compared: {some(absent, 5)} cannot run here\n  hint: see why with: asrlab models")


def _is_compared(gate: GateResult) -> bool:
    """Whether a gate compared anything with the baseline; those of speed and memory say so in words."""
    return bool(gate.compared) or (gate.kind != "accuracy" and "the baseline" in gate.against)


def _ready(suite: Suite, ledger: Ledger, tasks: Collection[Task]) -> list[ModelSpec]:
    """The models of the run that could be judged, those that only a test names included."""
    named = {model: suite.registry[model] for model in ledger.models}
    return [
        spec
        for spec in {**{spec.id: spec for spec in suite.models}, **named}.values()
        if suite.statuses.of(spec).is_ready and (spec.task not in tasks or suite.samples_for(spec))
    ]


def _stated(suite: Suite, models: Sequence[ModelSpec], tasks: Collection[Task]) -> Iterator[Threshold]:
    """The thresholds of the project, of the models and of their samples."""
    for task in dict.fromkeys(spec.task for spec in models):
        yield from _of_project(suite, task)
        if task in tasks:
            yield from _of_samples(suite, task, [spec for spec in models if spec.task == task])
    for spec in models:
        bounds_of: dict[Level, AnyThresholds] = {"case": spec.case_bounds, "corpus": spec.pooled_bounds}
        for level, bounds_of_model in bounds_of.items():
            where = f"[tool.asrlab.models.{spec.name}.{table_of(spec.task, level)}]"
            yield from _of_table(bounds_of_model, where, spec.task, level, model=spec.id)


def _of_project(suite: Suite, task: Task) -> Iterator[Threshold]:
    bounds = suite.settings.bounds_of(task)
    yield from _of_table(bounds.thresholds, f"[tool.asrlab.{table_of(task, 'case')}]", task, "case")
    yield from _of_table(bounds.corpus_thresholds, f"[tool.asrlab.{table_of(task, 'corpus')}]", task, "corpus")


def _of_samples(suite: Suite, task: Task, models: list[ModelSpec]) -> Iterator[Threshold]:
    """Of the samples that a model should be judged on."""
    for item in suite.chosen(task):
        bounds = item.thresholds
        if bounds == type(bounds)() or item.id in suite.excluded or item.quarantined:
            continue
        if any(suite.is_meant(spec, item) for spec in models):
            yield from _of_table(bounds, f"{NOUNS[task]} {item.id}:", task, "case", sample=item.id)


def _of_table(  # noqa: PLR0913
    bounds: AnyThresholds, where: str, task: Task, level: Level, *, model: str = "", sample: str = ""
) -> Iterator[Threshold]:
    for metric in bounds.metrics():
        if getattr(bounds, metric) is not None:
            yield Threshold(where, metric, Judged(task, level, metric, model, sample))


def _ungated(suite: Suite, ledger: Ledger, models: Sequence[ModelSpec]) -> Iterator[Threshold]:
    """The thresholds on time and memory of models that no gate judged."""
    registry = suite.registry
    judged = {(gate.kind, registry[gate.model].name) for gate in ledger.gates}
    for spec in {spec.name: spec for spec in reversed(models)}.values():
        for key, kind in _GATED.items():
            if getattr(spec, key) is None or (kind, spec.name) in judged:
                continue
            if kind != "speed" or _has_reference(suite):
                yield Threshold(f"[tool.asrlab.models.{spec.name}]", key, Judged(spec.task, "corpus", key, spec.id))


def _has_reference(suite: Suite) -> bool:
    """Whether the reference model that is asked for can run here."""
    return suite.settings.reference is None or suite.statuses.of(suite.registry[suite.settings.reference]).is_ready
