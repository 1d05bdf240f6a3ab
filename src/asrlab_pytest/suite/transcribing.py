"""Transcribes the chosen clips with the chosen models, without pytest: what ``pytest evals/`` would observe."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from asrlab_pytest.corpus.audio_file import hash_of
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ConfigError, ModelError
from asrlab_pytest.inference.asr import LiveModel
from asrlab_pytest.inference.fingerprint import case_key, configuration, model_fingerprint
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.state import model_state
from asrlab_pytest.inference.transcriber import transcribed
from asrlab_pytest.models.device import place
from asrlab_pytest.models.engine import engine, engine_version
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.earlier import Earlier, Origin
from asrlab_pytest.records.environment import Cluster, Environment
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.model import LoadedModel
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.state import ModelState, SelfCheck
from asrlab_pytest.report.validity import Times
from asrlab_pytest.suite.conditions import run_conditions
from asrlab_pytest.suite.mistakes import refuse_no_sample, refuse_unknown_languages, unmeant

if TYPE_CHECKING:
    from asrlab_pytest.inference.on_demand import Recall
    from asrlab_pytest.suite.workload import Workload

Line: TypeAlias = Observation | Failure


class Workers(ABC):
    """Where models run: this process, or a cluster."""

    remarks: dict[str, None]
    """Settings that have no effect on a model, in words, each once."""

    def describe(self) -> Cluster | None:
        """A cluster, as plain JSON; None if there is none."""
        return None

    def nodes(self, model: str) -> int | None:  # noqa: ARG002 - for clusters
        """On how many nodes of a cluster a model ran; None without one."""
        return None

    @abstractmethod
    def transcribe(self, spec: ModelSpec, conditions: RunConditions, clips: Iterable[Clip]) -> Iterator[Line]:
        """The result of each clip, in any order. Raises ModelError where the model does not load."""

    def close(self) -> None:  # noqa: B027 - a process has nothing: each model is released when its clips are done
        """Release what runs models."""


@dataclass(eq=False, repr=False)
class ThisProcess(Workers):
    """Runs a model in this process."""

    recall: Recall | None = None
    """Looks up a transcript before the model runs; None to always run it."""
    remarks: dict[str, None] = field(default_factory=dict)

    def transcribe(self, spec: ModelSpec, conditions: RunConditions, clips: Iterable[Clip]) -> Iterator[Line]:
        with closing(LiveModel(spec, conditions, self.recall)) as model:
            yield from transcribed(model, clips)
            self.remarks.update(dict.fromkeys(model.remarks))


@dataclass
class ModelRun:
    """What a run knows about a model besides the lines of its record: a few numbers, however many clips it transcribed.

    Args:
        model: Its id.
        earlier: What the record had before.
    """

    model: str
    earlier: Earlier
    loaded: LoadedModel | None = None
    load_error: ModelError | None = None
    nodes: int | None = None
    """On how many nodes of a cluster this call ran it."""
    self_checks: Mapping[str, SelfCheck] = field(default_factory=dict)
    errors: dict[str, Failure] = field(init=False)
    """Clips without an observation, by id."""
    observed: int = field(init=False)
    """Clips with one, from this call or before."""
    _times: Times = field(default_factory=Times)

    def __post_init__(self) -> None:
        self.errors = {
            clip: Failure(model=model, clip=clip, problem=problem)
            for (model, clip), problem in self.earlier.failures.items()
            if model == self.model
        }
        self.observed = sum(model == self.model for model, _ in self.earlier.observed)

    def take(self, line: Observation | Failure) -> None:
        """Count a clip."""
        if isinstance(line, Failure):
            self.errors[line.clip] = line
            return
        self.observed += 1
        self._times.add(line)
        if self.loaded is None and not line.recorded:
            self.loaded = line

    def why_untimed(self, *, in_parallel: bool) -> str:
        """Why its times are not valid, in words; empty if they are."""
        return self._times.why_untimed(in_parallel=in_parallel)


class Transcription:
    """A run of the ready ASR models over the chosen clips, one model after the other.

    Args:
        workload: The models and the clips.
    """

    def __init__(self, workload: Workload) -> None:
        self.suite = workload.suite
        self._workload = workload
        self.runs: dict[str, ModelRun] = {}
        """The outcome of each model so far, by id."""

    def check(self) -> list[str]:
        """Refuse a run that cannot work as requested; returns warnings.

        Raises:
            AsrlabError: a named model cannot run or has no clip, a model does not know a clip's language, or there is
                nothing to do.
        """
        suite = self.suite
        suite.statuses.refuse_missing(suite.models, {"asr"}, narrowed=True)
        for spec in suite.models_of("asr"):
            if suite.statuses.can_fetch(spec):
                suite.statuses.fetch(spec)
        if not self.models:
            raise ConfigError(
                "no ASR model is ready: " + ("; ".join(self.not_run) or "none is chosen"),
                hint="choose one with --model; see: asrlab models",
            )
        warnings = [*refuse_no_sample(suite, {"asr"}, narrowed=False)]
        refuse_unknown_languages(suite, {"asr"})
        return [*warnings, *unmeant(suite, {"asr"})]

    @cached_property
    def models(self) -> list[ModelSpec]:
        """Those that are run."""
        return [spec for spec in self.suite.models_of("asr") if self.suite.statuses.of(spec).is_ready]

    @property
    def _conditions(self) -> RunConditions:
        return run_conditions(self.suite.settings, self.suite.corpus.name, self.suite.root)

    @property
    def not_run(self) -> list[str]:
        """The chosen models that are not ready, each with the reason and the hint."""
        suite = self.suite
        left = [
            (spec, suite.statuses.of(spec)) for spec in suite.models_of("asr") if not suite.statuses.of(spec).is_ready
        ]
        return [f"{spec.id}: {status}" + (f" (hint: {status.hint})" if status.hint else "") for spec, status in left]

    @cached_property
    def plan(self) -> dict[str, list[str]]:
        """Ids of the clips that each model is to transcribe."""
        return self._workload.plan(self.models)

    @property
    def total(self) -> int:
        """How many cases there are."""
        return sum(map(len, self.plan.values()))

    def environment(self, cluster: Cluster | None = None) -> Environment:
        """What a record says before its first observation.

        Args:
            cluster: Where the models run; None if they run in this process.
        """
        from asrlab_pytest.suite.provenance import run_environment

        environment = self._workload.complete(run_environment(self.suite, self.plan, {"asr"}))
        return environment.model_copy(update={"cluster": cluster}) if cluster else environment

    def refuse_other_models(self, earlier: Earlier) -> list[str]:
        """Refuse to continue a record of models that would now write other texts.

        Returns:
            What could not be compared, in words.

        Raises:
            ConfigError: a model has different weights, decoding, options, code or versions, or an unfinished record
                does not say which.
            ModelError: the weights of a model cannot be read.
        """
        origins = [(spec, earlier.origins[spec.id]) for spec in self.models if spec.id in earlier.origins]
        unknown = [self._compared(spec, then, earlier) for spec, then in origins]
        return [sentence for sentence in unknown if sentence]

    def _compared(self, spec: ModelSpec, then: Origin, earlier: Earlier) -> str:
        """What of a model cannot be compared with the record, in words; empty if its weights are known."""
        language = spec.language or then.language
        now = case_key(model_fingerprint(spec, self._conditions), then.pcm_sha256, language)
        if now != then.key:
            raise _other_model(spec, "weights, decoding, device or versions than in the record")
        if now is not None:
            return ""
        if then.configuration is None:
            older = f"model {spec.id}: an older version wrote the record, which does not say by which options and code"
            if not earlier.is_ended:
                raise ConfigError(older, hint=_START_OVER)
            return older
        same = configuration(spec, self._conditions.root), engine_version(engine(spec.engine))
        if same != (then.configuration, then.engine_version):
            raise _other_model(spec, "options, decoding, language or engine code than in the record")
        if self._is_moved(spec, then):
            raise _other_model(spec, f"device than in the record, {then.device}")
        return f"model {spec.id}: its weights cannot be identified: whether the record is of the same ones is unknown"

    def _is_moved(self, spec: ModelSpec, then: Origin) -> bool:
        """Whether a model would not run where it ran. Asked for as before, it does: its engine may state any device."""
        adapter, requested = engine(spec.engine), spec.device or self._conditions.device
        if adapter.is_remote or requested == then.device_requested:
            return False
        return place(requested, adapter.devices).used != then.device

    def refuse_other_audio(self, earlier: Earlier) -> None:
        """Refuse a complete record, for which `lines` would transcribe nothing, if audio has changed since.

        Raises:
            ConfigError: the audio of a clip has changed.
        """
        for spec in self.models:
            deque(_remaining(spec, self._workload.clips_for(spec), earlier), maxlen=0)

    def lines(self, workers: Workers, earlier: Earlier) -> Generator[Line]:
        """The results of the cases that an earlier call did not reach, as they are made, model after model.

        Args:
            workers: What runs the models.
            earlier: What the record already has.
        """
        for spec in self.models:
            run = self.runs[spec.id] = ModelRun(spec.id, earlier)
            clips = _remaining(spec, self._workload.clips_for(spec), earlier)
            try:
                for line in workers.transcribe(spec, self._conditions, clips):
                    run.take(line)
                    yield line
            except ModelError as error:
                run.load_error = error
            run.nodes = workers.nodes(spec.id)

    def states(self, *, in_parallel: bool = False) -> dict[str, ModelState]:
        """Status, load times and lost clips of every chosen model, as the end of a record has them.

        Args:
            in_parallel: Whether several processes ran a model at once.
        """
        states: dict[str, ModelState] = {}
        for spec in self.suite.models_of("asr"):
            run = self.runs.get(spec.id)
            state = states[spec.id] = model_state(self.suite.statuses.of(spec), run)
            state.task = spec.task
            state.untimed = run.why_untimed(in_parallel=in_parallel) if run else ""
            if run and run.nodes is not None:
                state.nodes = run.nodes
        return states


_START_OVER = "write a new record with -o, or start this one over with --force"


def _other_model(spec: ModelSpec, what: str) -> ConfigError:
    return ConfigError(f"model {spec.id} has different {what}", hint=_START_OVER)


def _remaining(spec: ModelSpec, clips: Iterable[Clip], earlier: Earlier) -> Iterator[Clip]:
    """The clips that have no line yet.

    Raises:
        ConfigError: the audio of a transcribed clip has changed.
    """
    begun = datetime.fromisoformat(earlier.begun).timestamp() if earlier.begun else 0.0
    for clip in clips:
        case = (spec.id, clip.id)
        if case in earlier.observed:
            _refuse_other_audio(clip, earlier.observed[case], begun)
        elif case not in earlier.failures:
            yield clip


def _refuse_other_audio(clip: Clip, sha256: str | None, begun: float) -> None:
    """Refuse audio that changed after the record was started; older files need not be read again."""
    if sha256 is None or not clip.audio.is_file() or clip.audio.stat().st_mtime < begun:
        return
    if hash_of(clip) != sha256:
        raise ConfigError(
            f"{clip.label}: {clip.audio} has changed since it was transcribed",
            hint="restore the file, or start the record over with --force",
        )
