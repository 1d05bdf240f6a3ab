"""What the fixtures of every task are made by: models, samples, cases, pools and gates of a task."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import pytest

from asrlab_pytest.cases.case import AsrCase, Case
from asrlab_pytest.cases.corpus import AsrCorpus, Pool
from asrlab_pytest.cases.gate import skip, skip_unready
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.gates.bounds import Layer
from asrlab_pytest.session.current import session_of
from asrlab_pytest.session.keys import CASE, CHECKED, MODELS, PARAMETRIZED, POOL, SAMPLES
from asrlab_pytest.session.marks import closest_marks
from asrlab_pytest.session.mistakes import thresholds_of
from asrlab_pytest.suite.judging import not_spoken, why_left_out
from asrlab_pytest.tasks import NOUNS, SPOKEN, TASKS, Task

if TYPE_CHECKING:
    from asrlab_pytest.cases.audit import AsrAudit
    from asrlab_pytest.cases.gate import AsrRegression
    from asrlab_pytest.cases.memory_gate import AsrMemory
    from asrlab_pytest.cases.speed_gate import AsrSpeed
    from asrlab_pytest.corpus.clip import Clip
    from asrlab_pytest.corpus.samples import Sample
    from asrlab_pytest.inference.handle import ModelHandle
    from asrlab_pytest.inference.on_demand import Timer
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.session.session import Session
    from asrlab_pytest.suite.suite import Suite


_COMPOSED = {task: (f"{task}_case", f"{task}_corpus") for task in TASKS}
"""Fixtures that are made from those of a model and of samples."""


class Kind(NamedTuple):
    """What a test of a task asserts on."""

    case: type[Case]
    pool: type[Pool]


def kind_of(task: Task) -> Kind:
    """The classes of a task; those of speech are imported by runs that have any."""
    if task == "asr":
        return Kind(AsrCase, AsrCorpus)
    from asrlab_pytest.cases import spoken, spoken_corpus

    if task == "tts":
        return Kind(spoken.TtsCase, spoken_corpus.TtsCorpus)
    return Kind(spoken.ConversationCase, spoken_corpus.ConversationCorpus)


def model_of(request: pytest.FixtureRequest) -> Iterator[ModelHandle]:
    """A model under test while its cases run; loaded when its first is asked for. One that cannot run is skipped."""
    model_id = _parameter(request)
    session = session_of(request.config)
    spec = session.suite.registry[model_id]
    _require_ground(session, spec.task)
    skip_unready(spec, session.suite.statuses.of(spec))
    if spec.task not in SPOKEN:
        session.sources.dismiss_judge()
    handle = session.sources.handles[spec.id] = session.sources.handle(spec, clips=_in_turn(request, spec))
    yield handle
    handle.repeat()
    handle.close()


def _in_turn(request: pytest.FixtureRequest, spec: ModelSpec) -> Sequence[Clip] | None:
    """The clips that a model with a batch size will transcribe; None for any other model.

    They are in the order in which the tests ask for them: those of its cases, then the rest if a test pools them.
    """
    if spec.task != "asr" or spec.batch_size == 1:
        return None
    by_id = {clip.id: clip for clip in session_of(request.config).suite.clips_for(spec)}
    calls = (callspec for item in request.session.items if (callspec := getattr(item, "callspec", None)) is not None)
    named = [call.params.get("asr_clip") for call in calls if call.params.get("asr_model") == spec.id]
    cases = [clip for clip in dict.fromkeys(named) if clip in by_id]
    rest = by_id if None in named else ()
    return [by_id[clip] for clip in dict.fromkeys([*cases, *rest])]


def sample_of(request: pytest.FixtureRequest) -> Sample:
    """The clip, prompt or dialogue that the test is parametrized with."""
    name, task = _parameter(request), PARAMETRIZED[request.fixturename or ""]
    suite = session_of(request.config).suite
    if task not in SPOKEN and name in suite.excluded:
        pytest.skip(f"{name}: excluded by the audit: {suite.excluded[name]}")
    sample = suite.listed(task).by_id.get(name)
    if sample is None:
        pytest.fail(f"no {NOUNS[task]} {name!r} in {suite.listed(task).manifest}", pytrace=False)
    return sample


def case_of(request: pytest.FixtureRequest, model: ModelHandle, sample: Sample, timer: Timer) -> Case:
    """A case of the test that asks, under the bounds of its marks, the sample, the model and the project."""
    _refuse_replaced(request, model=hasattr(model, "spec"), sample=hasattr(sample, "id"))
    suite = session_of(request.config).suite
    spec = model.spec
    error = why_left_out(suite, sample, spec.task)
    if error is not None:
        skip(error.problem, error.hint)
    case = kind_of(spec.task).case(
        model,
        sample,
        layers=[
            *_marked(request.node, spec.task),
            Layer(NOUNS[spec.task], sample.thresholds),
            Layer("model", spec.case_bounds),
            Layer("project", suite.settings.bounds_of(spec.task).thresholds),
        ],
        timer=timer,
        known_failure=suite.settings.known_failure(model.id, sample.id),
        rules=suite.rules,
    )
    request.node.stash[CASE] = case
    request.node.stash.setdefault(CHECKED, []).append(case)
    return case


def pool_of(request: pytest.FixtureRequest, model: ModelHandle) -> Pool:
    """The pooled figures of a model, under the bounds of the test's marks, the model and the project."""
    _refuse_replaced(request, model=hasattr(model, "spec"))
    session = session_of(request.config)
    suite, spec = session.suite, model.spec
    session.sources.take_over(model)
    left_out = [] if model.clips else not_spoken(suite, {spec.task} & {*SPOKEN})
    if left_out:
        pytest.skip(left_out[0])
    pool = kind_of(spec.task).pool(
        model,
        layers=[
            *_marked(request.node, spec.task),
            Layer("model", spec.pooled_bounds),
            Layer("project", suite.settings.bounds_of(spec.task).corpus_thresholds),
        ],
        rules=suite.rules,
    )
    request.node.stash[POOL] = pool
    request.node.stash.setdefault(CHECKED, []).append(pool)
    return pool


def regression_of(request: pytest.FixtureRequest) -> AsrRegression:
    """The accuracy gate of the model that the test is parametrized with."""
    from asrlab_pytest.cases.gate import AsrRegression, regression_gate

    model_id = _parameter(request)
    session = session_of(request.config)
    _require_ground(session, PARAMETRIZED[request.fixturename or ""])
    gate = regression_gate(session.suite, session.ledger, session.verdicts, model_id)
    spec = session.suite.registry[model_id]
    pair = partial(session.verdicts.pairs, spec)
    return AsrRegression(gate, session.suite.settings.undecided, request.node, pair)


def speed_of(request: pytest.FixtureRequest) -> AsrSpeed:
    """The speed gate of the model that the test is parametrized with."""
    from asrlab_pytest.cases.speed_gate import AsrSpeed, speed_gate

    model_id = _parameter(request)
    session = session_of(request.config)
    gate = speed_gate(session.suite, session.ledger, session.sources, model_id)
    return AsrSpeed(gate, session.suite.settings.undecided, request.node)


def memory_of(request: pytest.FixtureRequest) -> AsrMemory:
    """The memory gate of the model that the test is parametrized with."""
    from asrlab_pytest.cases.memory_gate import AsrMemory, memory_gate

    model_id = _parameter(request)
    session = session_of(request.config)
    gate = memory_gate(session.suite, session.ledger, session.sources, model_id)
    return AsrMemory(gate, session.suite.settings.undecided, request.node)


def audit_of(request: pytest.FixtureRequest) -> AsrAudit:
    """What is wrong with the clips themselves; `request.getfixturevalue` asks for it in a run without models, too."""
    from asrlab_pytest.cases.audit import AsrAudit
    from asrlab_pytest.session.beginning import begun_session

    try:
        return AsrAudit(begun_session(request.config).audit)
    except AsrlabError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _parameter(request: pytest.FixtureRequest) -> str:
    """The id that the test was generated with. A test that asks for the fixture as it runs has none, and fails."""
    if not hasattr(request, "param"):
        pytest.fail(
            f"{_asked_for(request)} was asked for as the test ran, when it was generated for no model and no sample\n"
            "  hint: make it an argument of the test function; methods of unittest.TestCase cannot have it",
            pytrace=False,
        )
    name: str = request.param
    return name


def _asked_for(request: pytest.FixtureRequest) -> str:
    """The fixture of ours that a test, or a fixture of the project, asked for, which may be made from this one."""
    name = request.fixturename or ""
    composed = _COMPOSED[PARAMETRIZED[name]] if name in MODELS or name in SAMPLES else ()
    asking = getattr(request, "_parent_request", None)
    # pytest makes the fixture of a model first, for the argument of another fixture as well.
    names = [*([] if asking is None else [asking.fixturename]), *request.fixturenames]
    return next(filter(composed.__contains__, names), name)


def _refuse_replaced(request: pytest.FixtureRequest, **are_ours: bool) -> None:
    """Fail a test whose project has a fixture of its own under the name of one that another of ours is made from."""
    for part, is_ours in are_ours.items():
        if not is_ours:
            pytest.fail(
                f"{request.fixturename} is made from a {part} that is none of ours: the project replaces our fixture\n"
                "  hint: rename the fixture of the project (pytest --fixtures shows where it is)",
                pytrace=False,
            )


def _require_ground(session: Session, task: Task) -> None:
    """Skip a test whose figures would mean nothing: unsuitable clips, or speech without a judge."""
    if task in SPOKEN:
        _require_judge(session.suite)
    elif session.is_audited and session.audit.is_data_set:
        pytest.skip(session.audit.verdict)


def _require_judge(suite: Suite) -> None:
    if suite.recording is None and not (status := suite.statuses.of_judge(suite.judge)).is_ready:
        skip(f"the judge {suite.judge.id}: {status}", status.hint)


def _marked(item: pytest.Item, task: Task) -> list[Layer]:
    """The thresholds of the item's `asr` marks, the closest first."""
    layers = []
    for _, mark in closest_marks(item):
        try:
            layers.append(Layer("mark", thresholds_of(mark, task)))
        except (TypeError, ValueError) as error:
            raise pytest.fail.Exception(f"{item.nodeid}: @pytest.mark.asr: {error}", pytrace=False) from None
    return layers
