"""What one pytest session evaluates: the chosen models, their status, and the chosen clips."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import SampleSet
from asrlab_pytest.errors import ConfigError, ModelError
from asrlab_pytest.inference.limit import limit_of
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.hub import answers
from asrlab_pytest.models.licence import is_accepted
from asrlab_pytest.models.registry import DEFAULT_MODELS, Registry, is_glob
from asrlab_pytest.models.spec import Device, ModelSpec, Readiness, Status
from asrlab_pytest.models.status import is_mistake, model_status
from asrlab_pytest.secrets import host_of
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.items import Samples, speech_folder
from asrlab_pytest.suite.judge import default_judge, judge_of
from asrlab_pytest.tasks import NOUNS, Task

if TYPE_CHECKING:
    from asrlab_pytest.audit.levels import Audit
    from asrlab_pytest.records.baseline import Baseline
    from asrlab_pytest.records.cover import Present
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.records.reading import Run
    from asrlab_pytest.scoring.rows import Rules
    from asrlab_pytest.suite.items import AnySample


def registry_of(settings: Settings, root: Path, recorded: Mapping[str, Mapping[str, Any]] | None = None) -> Registry:
    """The registry that a project's settings make, with tables for models that it knows only from a record."""
    tables = {**(recorded or {}), **settings.models}
    return Registry(tables, root, profiles=settings.profiles, profile=settings.profile, batch_size=settings.batch_size)


def _judge_status(judge: ModelSpec) -> Status:
    return model_status(judge, judge.device or "auto")


def recorded_tables(observations: Mapping[str, Observation]) -> dict[str, dict[str, Any]]:
    """Tables of models that are known only from a record.

    Args:
        observations: One of each, by model id.
    """
    tables: dict[str, dict[str, Any]] = {}
    for model, observation in observations.items():
        task = observation.task
        name = model.removesuffix(f":{task}")
        table = tables.setdefault(name, {"engine": observation.engine, "weights": "recorded", "tasks": []})
        # The first task is the one whose id is the name.
        tasks = [task, *table["tasks"]] if model == name else [*(table["tasks"] or ["asr"]), task]
        table["tasks"] = list(dict.fromkeys(tasks))
    return tables


class Suite(Samples):
    """The models of a session, and what they are evaluated on.

    Args:
        settings: What the user asked for.
        root: The folder that relative paths start from.
        named: Model ids that were asked for on the command line, so that their absence is an error.
        excluded: Why clips are not judged, by id, where others hold it as well; an audit adds to it.

    Raises:
        AsrlabError: a pattern or a model table is wrong.
    """

    def __init__(
        self, settings: Settings, root: Path, named: Iterable[str] = (), excluded: dict[str, str] | None = None
    ) -> None:
        super().__init__(settings, root)
        self.excluded = {} if excluded is None else excluded
        self.recording = self._read_recording()
        self.registry = self._registry()
        self.statuses: dict[str, Status] = {}
        if self.recording is not None:
            self.models = self._recorded_models(tuple(named))
        else:
            self.models = self.registry.select(settings.model or DEFAULT_MODELS)
        if settings.reference is not None:
            self.registry[settings.reference]
        for spec in self.models:
            self.status(spec)
        self._say_what_answers()
        self._named_models = {pattern for pattern in named if not is_glob(pattern)}

    def status(self, spec: ModelSpec) -> Status:
        """Status of a model, also of one that only a test's own parametrization names."""
        if spec.id not in self.statuses:
            recorded = Status(Readiness.RECORDED)
            self.statuses[spec.id] = recorded if self.recording else model_status(spec, self.device(spec))
        return self.statuses[spec.id]

    def device(self, spec: ModelSpec) -> Device:
        """The device that is asked for this model."""
        return spec.device or self.settings.device

    @cached_property
    def judge_status(self) -> Status:
        """Status of the judge. It hears on whatever device it can: what is asked for is asked of the models under test.

        Raises:
            ModelError: there is no such model, or it does not recognize speech.
        """
        return _judge_status(self.judge)

    @property
    def judge_conditions(self) -> RunConditions:
        """What holds for the judge."""
        return replace(self.conditions_on(""), device="auto", require_device=False)

    def models_of(self, task: Task) -> list[ModelSpec]:
        """The chosen models that do this."""
        return [spec for spec in self.models if spec.task == task]

    def samples_for(self, spec: ModelSpec) -> tuple[AnySample, ...]:
        """What of it the model is meant for."""
        return tuple(item for item in self.chosen(spec.task) if self.is_meant(spec, item))

    def clips_for(self, spec: ModelSpec) -> tuple[Clip, ...]:
        """The chosen clips that an ASR model is meant for."""
        return tuple(clip for clip in self.clips if self.is_meant(spec, clip))

    @cached_property
    def judge(self) -> ModelSpec:
        """The model that transcribes synthesized speech.

        Raises:
            ModelError: there is no such model, or it does not recognize speech.
        """
        if self.settings.judge is None:
            return default_judge(self.registry, _judge_status)
        return judge_of(self.registry, self.settings.judge)

    def excluded_of(self, model_id: str) -> set[str]:
        """Ids of what a model is not judged on; the audit looks at clips alone."""
        return {*self.excluded} if self.registry[model_id].task == "asr" else set()

    def set_aside(self, audit: Audit) -> None:
        """Exclude the clips with errors, and mark the suspect ones, from now on."""
        self.excluded.update({clip: audit.by_clip[clip][0].sentence for clip in audit.errors})
        clips = tuple(
            replace(clip, quarantined=True) if clip.id in audit.suspects else clip for clip in self.corpus.samples
        )
        chosen = {clip.id for clip in self.clips} - set(self.excluded)
        self._listed["asr"] = SampleSet(self.corpus.name, self.corpus.manifest, self.corpus.sha256, clips)
        self._chosen["asr"] = tuple(clip for clip in clips if clip.id in chosen)

    @property
    def store_runs(self) -> Path | None:
        """The folder of the store's records; None if there is no store."""
        store = self.settings.store
        return self.root / Path(store).expanduser() / "runs" if store else None

    @property
    def speech_path(self) -> Path | None:
        """The folder that speech is kept in; None if it is not kept."""
        return speech_folder(self.settings, self.root)

    def is_meant(self, spec: ModelSpec, item: AnySample) -> bool:
        """Whether a clip is the model's to transcribe, a prompt to say, or, where a record is scored, was."""
        return spec.is_meant_for(item) if self.recording is None else (spec.id, item.id) in self._recorded

    @cached_property
    def _recorded(self) -> set[tuple[str, str]]:
        rows = self.recording.first_pass if self.recording else []
        # A model that did something else when the record was made has nothing in it for what it does now.
        return {(row.model, row.clip) for row in rows if self.registry[row.model].task == row.task}

    @cached_property
    def conditions(self) -> RunConditions:
        """What is the same for every ASR model."""
        return self.conditions_of("asr")

    def conditions_of(self, task: Task) -> RunConditions:
        """What is the same for every model of a task."""
        return self.conditions_on(self.listed(task).name)

    def conditions_on(self, corpus: str) -> RunConditions:
        """What is the same for every model of a run, on clips, prompts or dialogues of this name."""
        return RunConditions(
            corpus=corpus,
            device=self.settings.device,
            require_device=self.settings.require_device,
            rounds=self.settings.rounds,
            warmup=self.settings.warmup,
            timeout_s=limit_of(self.settings.timeout),
        )

    @cached_property
    def rules(self) -> Rules:
        """How texts are compared."""
        from asrlab_pytest.scoring.rows import Rules

        return Rules(self.normalizations, self.settings.entities)

    def states(self, known: Mapping[str, Mapping[str, Any]], observed: Collection[str]) -> dict[str, Mapping[str, Any]]:
        """Status and load times of every chosen model of the tasks that are in use, and of those that a test named.

        Args:
            known: What is known of the models that a test asked for, by model id.
            observed: Ids of the models that transcribed.
        """
        states: dict[str, Mapping[str, Any]] = {}
        tasks = {self.registry[model].task for model in known}
        chosen = (spec.id for spec in self.models if spec.task in tasks)
        for model in dict.fromkeys([*chosen, *known]):
            spec = self.registry[model]
            status = self.status(spec)
            plain = {"status": status.readiness.value, "reason": status.reason, "hint": status.hint}
            states[model] = {"task": spec.task, **known.get(model, plain)}
            if model not in observed and status.is_ready and not self.samples_for(spec):
                states[model] = {**states[model], "status": f"no {NOUNS[spec.task]}s for it"}
        return states

    def uncovered(self, tasks: Collection[Task]) -> list[str]:
        """What of a record that is scored the corpus does not cover, in words."""
        if self.recording is None:
            return []
        from asrlab_pytest.records.cover import gone

        sentences = [*self.recording.left_out(tail=True), *gone(self.recording, self._present(tasks))]
        absent = self._absent(tasks)
        return [*sentences, f"{self.recording.path} has no transcript by {', '.join(absent)}"] if absent else sentences

    def _absent(self, tasks: Collection[Task]) -> list[str]:
        """Models that the project names for these tasks and the record that is scored does not have."""
        recorded = {model for model, _ in self._recorded}
        named = [self._named(pattern) for pattern in self.settings.model if not is_glob(pattern)]
        return sorted(
            model for ids in named if not ids & recorded for model in ids if self.registry[model].task in tasks
        )

    def lacking(self, tasks: Collection[Task]) -> list[str]:
        """What a record that is scored has no transcripts of, in words."""
        if self.recording is None:
            return []
        from asrlab_pytest.records.cover import lacking

        return lacking(self.recording, self._present(tasks))

    def _present(self, tasks: Collection[Task]) -> dict[Task, Present]:
        """What there is of each task today."""
        from asrlab_pytest.records.cover import Present

        return {
            task: Present(self.models_of(task), self.chosen(task), self.listed(task).by_id, self.listed(task).manifest)
            for task in sorted(tasks)
        }

    def can_fetch(self, spec: ModelSpec) -> bool:
        """Whether the model lacks only weights, and a hub that has them answers."""
        url = self._download_url(spec)
        return url is not None and answers(url)

    def _download_url(self, spec: ModelSpec) -> str | None:
        """Where the missing weights of a model may be fetched from."""
        if self.settings.download == "never" or self.status(spec).readiness is not Readiness.WEIGHTS_MISSING:
            return None
        return engine(spec.engine).download_url(spec) if is_accepted(spec) else None

    def _say_what_answers(self) -> None:
        """Add to the status of models without weights that no hub answers, where that is so."""
        for spec in self.models:
            url = self._download_url(spec)
            if url is not None and not answers(url):
                status = self.statuses[spec.id]
                reason = f"{status.reason}, and {host_of(url)} cannot be reached"
                self.statuses[spec.id] = replace(status, reason=reason)

    def fetch(self, spec: ModelSpec) -> None:
        """Download the model's weights and look at its status again; a failure becomes the status."""
        self.__dict__.pop("judge_status", None)
        try:
            engine(spec.engine).pull(spec)
        except ModelError as error:
            self.statuses[spec.id] = Status(Readiness.WEIGHTS_MISSING, error.problem, error.hint)
        else:
            self.statuses[spec.id] = model_status(spec, self.device(spec))

    def must_run(self, spec: ModelSpec, named: Iterable[str]) -> bool:
        """Whether the model's absence is an error rather than a skip."""
        if self.settings.missing is not None:
            return self.settings.missing == "error"
        return not {spec.id, spec.name, spec.full_id}.isdisjoint(named)

    def is_named(self, spec: ModelSpec) -> bool:
        """Whether the model was asked for by its id on the command line."""
        return not {spec.id, spec.name, spec.full_id}.isdisjoint(self._named_models)

    def _read_recording(self) -> Run | None:
        if self.settings.rescore is None:
            return None
        from asrlab_pytest.records.reading import read_observed

        return read_observed(self.root / Path(self.settings.rescore).expanduser())

    @cached_property
    def baseline(self) -> Baseline | None:
        """What the run is compared with.

        Raises:
            RecordError: it cannot be read.
        """
        if self.settings.baseline is None or self.settings.update_baseline:
            return None
        from asrlab_pytest.records.baseline import read_baseline

        return read_baseline(self.baseline_path)

    def refuse_foreign(self, tasks: Collection[Task]) -> None:
        """Say that there is nothing to score, before a model is asked anything.

        Args:
            tasks: Those of the run.

        Raises:
            AsrlabError: the record has nothing of what is chosen.
        """
        if self.recording is not None and not any(
            (spec.id, item.id) in self._recorded
            for spec in self.models
            if spec.task in tasks
            for item in self.chosen(spec.task)
        ):
            manifests = " or ".join(str(self.listed(task).manifest) for task in sorted(tasks))
            raise ConfigError(
                f"{self.recording.path} has no transcript of any chosen clip of {manifests}",
                hint="name the corpus that it was made with with --asr-corpus, --asr-prompts or --asr-dialogues",
            )

    @property
    def baseline_path(self) -> Path:
        """The file of the baseline."""
        assert self.settings.baseline is not None
        return self.root / Path(self.settings.baseline).expanduser()

    def _registry(self) -> Registry:
        known = registry_of(self.settings, self.root)
        rows = self.recording.first_pass if self.recording else []
        unknown = {row.model: row for row in rows if row.model not in known}
        return registry_of(self.settings, self.root, recorded_tables(unknown)) if unknown else known

    def _recorded_models(self, named: tuple[str, ...]) -> list[ModelSpec]:
        """The models of the record that was asked for, as the record orders them; all where none is named."""
        assert self.recording is not None
        ids = list(dict.fromkeys(row.model for row in self.recording.first_pass))
        chosen: set[str] = set()
        for pattern in named:
            matched = self._named(pattern) & {*ids}
            chosen |= matched
            if not matched:
                raise ModelError(
                    f"{self.recording.path} has no transcript by {pattern!r}", hint=f"choose from {', '.join(ids)}"
                )
        return [self.registry[model] for model in ids if not named or model in chosen]

    def _named(self, pattern: str) -> set[str]:
        """Ids of the models that a pattern names, for each of their tasks; none where there are no such."""
        with suppress(ModelError):
            return {spec.id for spec in self.registry.select((pattern,))}
        return set()

    def refuse_missing(self, tasks: Collection[Task]) -> None:
        """Say that a model cannot run which must, before any test does.

        Args:
            tasks: Those of the run.

        Raises:
            ModelError: there are such models.
        """
        refused = {
            f"model {spec.name}: {status}": status.hint
            for spec in self.models
            if spec.task in tasks
            and not (status := self.statuses[spec.id]).is_ready
            and (is_mistake(spec, status) or self.must_run(spec, self._named_models))
            and not self.can_fetch(spec)
        }
        if refused:
            (problem, hint), *others = refused.items()
            raise ModelError(problem, hint=hint + "".join(f"\n{other}\n  hint: {its}" for other, its in others))
