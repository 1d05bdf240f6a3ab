"""What one run evaluates: the chosen models, the chosen samples, and what they are compared with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from asrlab_pytest.corpus.samples import SampleSet
from asrlab_pytest.errors import ConfigError
from asrlab_pytest.models.registry import DEFAULT_MODELS, Registry
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.secrets import remember_secrets
from asrlab_pytest.settings import READY, Settings
from asrlab_pytest.suite.items import Samples
from asrlab_pytest.suite.judge import default_judge, judge_of
from asrlab_pytest.suite.paths import baseline_file
from asrlab_pytest.suite.recording import read_recording, recorded_cases, recorded_models, recorded_tables
from asrlab_pytest.suite.statuses import Statuses
from asrlab_pytest.tasks import NOUNS, Task

if TYPE_CHECKING:
    from asrlab_pytest.audit.findings import Audit
    from asrlab_pytest.corpus.clip import Clip
    from asrlab_pytest.corpus.samples import Sample
    from asrlab_pytest.records.baseline import Baseline
    from asrlab_pytest.records.run import Run
    from asrlab_pytest.records.state import ModelState
    from asrlab_pytest.scoring.rows import Rules


def registry_of(settings: Settings, root: Path, recorded: Mapping[str, Mapping[str, object]] | None = None) -> Registry:
    """The registry that a project's settings make, with tables for models that it knows only from a record.

    Raises:
        ConfigError: a table of a model or a profile is wrong.
    """
    tables = {**(recorded or {}), **settings.models}
    try:
        return Registry(
            tables, root, profiles=settings.profiles, profile=settings.profile, batch_size=settings.batch_size
        )
    except ConfigError as error:
        raise ConfigError(f"{root / 'pyproject.toml'}: {error.problem}", hint=error.hint) from None


class Suite(Samples):
    """The models of a run, and what they are evaluated on.

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
        named = tuple(named)
        self.excluded = {} if excluded is None else excluded
        # A model may return the key of another one, which need not be chosen.
        for table in settings.models.values():
            remember_secrets(table)
        self.recording = read_recording(settings, root)
        """The record that is scored instead of running models; None if models run."""
        self.registry = _registry(settings, root, self.recording)
        self.statuses = Statuses(settings, named, recorded=self.recording is not None)
        if self.recording is not None:
            self.models = recorded_models(self.recording, self.registry, named)
        else:
            self.models = self.registry.select(settings.model or DEFAULT_MODELS)
        if settings.reference is not None:
            self.registry[settings.reference]
        for name in settings.witness:
            if name != READY:
                self.registry[name]
        for spec in self.models:
            self.statuses.of(spec)
        self.statuses.note_unreachable(self.models)

    @cached_property
    def judge(self) -> ModelSpec:
        """The model that transcribes synthesized speech.

        Raises:
            ModelError: there is no such model, or it does not recognize speech.
        """
        if self.settings.judge is None:
            return default_judge(self.registry, self.statuses.of_judge)
        return judge_of(self.registry, self.settings.judge)

    @cached_property
    def rules(self) -> Rules:
        """How texts are compared."""
        from asrlab_pytest.scoring.rows import Rules

        return Rules(self.normalizations, self.settings.entities)

    @cached_property
    def baseline(self) -> Baseline | None:
        """What the run is compared with.

        Raises:
            RecordError: it cannot be read.
        """
        path = None if self.settings.update_baseline else baseline_file(self.settings, self.root)
        if path is None:
            return None
        from asrlab_pytest.records.baseline import read_baseline

        return read_baseline(path)

    @cached_property
    def recorded(self) -> frozenset[tuple[str, str]]:
        """Model and sample of each case of the record that is scored."""
        return frozenset() if self.recording is None else recorded_cases(self.recording, self.registry)

    @property
    def compared_models(self) -> set[str]:
        """Ids of the chosen models, and of those that a baseline has in their place."""
        chosen = {spec.id for spec in self.models}
        return chosen | {self.settings.counterpart(model) for model in chosen}

    def models_of(self, task: Task) -> list[ModelSpec]:
        """The chosen models of a task."""
        return [spec for spec in self.models if spec.task == task]

    def samples_for(self, spec: ModelSpec) -> tuple[Sample, ...]:
        """The chosen samples that the model is meant for."""
        return tuple(sample for sample in self.chosen(spec.task) if self.is_meant(spec, sample))

    def clips_for(self, spec: ModelSpec) -> tuple[Clip, ...]:
        """The same of an ASR model."""
        return cast("tuple[Clip, ...]", self.samples_for(spec))

    def is_meant(self, spec: ModelSpec, sample: Sample) -> bool:
        """Whether the model is meant for a sample or, if a record is scored, was."""
        return spec.is_meant_for(sample) if self.recording is None else (spec.id, sample.id) in self.recorded

    def excluded_of(self, task: Task) -> set[str]:
        """Ids of the samples that the models of a task are not judged on; only clips are audited."""
        return {*self.excluded} if task == "asr" else set()

    def states(self, known: Mapping[str, ModelState], observed: Collection[str]) -> dict[str, ModelState]:
        """Status and load times of every chosen model of the tasks that are in use, and of those that a test named.

        Args:
            known: What is known about the models that tests requested, by model id.
            observed: Ids of the models that transcribed.
        """
        from asrlab_pytest.records.state import ModelState

        states: dict[str, ModelState] = {}
        tasks = {self.registry[model].task for model in known}
        chosen = (spec.id for spec in self.models if spec.task in tasks)
        for model in dict.fromkeys([*chosen, *known]):
            spec = self.registry[model]
            status = self.statuses.of(spec)
            plain = ModelState(status=status.readiness.value, reason=status.reason, hint=status.hint)
            state = states[model] = known.get(model, plain).model_copy(update={"task": spec.task})
            if model not in observed and status.is_ready and not self.samples_for(spec):
                state.status = f"no {NOUNS[spec.task]}s for it"
        return states

    def set_aside(self, audit: Audit) -> None:
        """Exclude the clips with errors, and mark the suspect ones, from now on."""
        errors = [clip.id for clip in self.corpus.samples if clip.id in audit.excluded]
        self.excluded.update({clip: audit.by_clip[clip][0].sentence for clip in errors})
        clips = tuple(
            replace(clip, quarantined=True) if clip.id in audit.suspects else clip for clip in self.corpus.samples
        )
        chosen = {clip.id for clip in self.clips} - set(self.excluded)
        self._listed["asr"] = SampleSet(self.corpus.name, self.corpus.manifest, self.corpus.sha256, clips)
        self._chosen["asr"] = tuple(clip for clip in clips if clip.id in chosen)


def _registry(settings: Settings, root: Path, recording: Run | None) -> Registry:
    """The project's models, and those that only the record knows."""
    known = registry_of(settings, root)
    rows = recording.first_pass if recording else []
    unknown = {row.model: row for row in rows if row.model not in known}
    return registry_of(settings, root, recorded_tables(unknown)) if unknown else known
