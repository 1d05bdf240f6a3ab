"""Where the observations of a run come from: its models themselves or a record, with the judge of those that speak."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from asrlab_pytest.suite.conditions import judge_conditions, run_conditions
from asrlab_pytest.suite.judging import judgeable_samples
from asrlab_pytest.suite.paths import speech_folder
from asrlab_pytest.tasks import SPOKEN, Task

if TYPE_CHECKING:
    from asrlab_pytest.corpus.samples import Sample
    from asrlab_pytest.inference.handle import ModelHandle, Plan, Source
    from asrlab_pytest.inference.judge import Judge
    from asrlab_pytest.inference.on_demand import Recall
    from asrlab_pytest.models.spec import ModelSpec
    from asrlab_pytest.records.observation import Observation
    from asrlab_pytest.records.speech import SpeechFolder
    from asrlab_pytest.records.state import ModelState
    from asrlab_pytest.records.store import Store
    from asrlab_pytest.suite.suite import Suite


@dataclass(eq=False, repr=False)
class Sources:
    """Makes the handles of models, and keeps those that tests asked for."""

    suite: Suite
    store: Store | None
    listeners: Sequence[Callable[[Observation], None]]
    """Called with each observation as it is made."""
    since: datetime | None = None
    """When the run began, if other processes of it keep what they observe in the store as well."""
    handles: dict[str, ModelHandle] = field(default_factory=dict)
    """By model id."""
    _states: dict[str, tuple[ModelHandle | None, object, ModelState]] = field(default_factory=dict)
    """By model id, with what they were made of."""

    def handle(self, spec: ModelSpec, *, shared: bool = False, clips: Sequence[Sample] | None = None) -> ModelHandle:
        """A handle of a model, which loads nothing before it is asked for a clip.

        Args:
            spec: The model.
            shared: Whether what another process of this run transcribed will do.
            clips: What it will transcribe, in order; None for all that it is meant for.
        """
        from asrlab_pytest.inference.asr import LiveModel
        from asrlab_pytest.inference.handle import ModelHandle, exact_twin

        suite = self.suite
        samples = judgeable_samples(suite, spec)
        source, passes = self._source(spec, clips, shared=shared)
        is_checked = suite.settings.self_check and spec.task == "asr"
        conditions = run_conditions(suite.settings, suite.listed(spec.task).name, suite.root)
        twin = ModelHandle(LiveModel(exact_twin(spec), conditions), samples) if is_checked else None
        return ModelHandle(source, samples, listeners=self.listeners, passes=passes, twin=twin)

    def _source(self, spec: ModelSpec, clips: Sequence[Sample] | None, *, shared: bool) -> tuple[Source, Plan]:
        """Where a model's observations come from, and the passes over its clips."""
        suite = self.suite
        if suite.recording is not None:
            from asrlab_pytest.inference.replay import RecordedModel, RecordedSpeaker

            rows = (row for row in suite.recording.observations if (row.model, row.task) == (spec.id, spec.task))
            keyed = {(row.clip, row.made_in): row for row in rows}
            kind = RecordedSpeaker if spec.task in SPOKEN else RecordedModel
            recorded = kind(spec, keyed, suite.listed(spec.task).name, str(suite.recording.path))
            return recorded, recorded
        from asrlab_pytest.inference.handle import Passes

        live = self.live(spec, self._recall(shared=shared), clips)
        return live, Passes(suite.settings.repeat, suite.settings.seed)

    def live(self, spec: ModelSpec, recall: Recall | None = None, clips: Sequence[Any] | None = None) -> Source:
        """The model itself.

        Args:
            spec: The model, for its task.
            recall: What is asked before the model; None if nothing is.
            clips: What it will transcribe, in order; None for all that it is meant for.

        Raises:
            AsrlabError: there is no judge, or what the model is evaluated on cannot be read.
        """
        conditions = run_conditions(self.suite.settings, self.suite.listed(spec.task).name, self.suite.root)
        if spec.task != "asr":
            return _speaker(spec.task)(spec, conditions, recall, judge=self._judge, folder=self._speech)
        from asrlab_pytest.inference.asr import LiveModel

        return LiveModel(spec, conditions, recall, self.suite.clips_for(spec) if clips is None else clips)

    def _recall(self, *, shared: bool) -> Recall | None:
        """Where texts are looked up before a model is asked: in the whole store, in this run's part of it, or nowhere.

        Workers of xdist hear of each other through the store alone.
        """
        if self.store is None or self.suite.settings.resume:
            return self.store.recall if self.store else None
        from asrlab_pytest.records.store import Store

        return Store(self.store.folder, since=self.since).recall if shared and self.since else None

    def take_over(self, handle: ModelHandle) -> None:
        """Where another worker of this run helped with a model, take what it has transcribed by now.

        A store is searched as it is at the first lookup, when other workers may not have begun.
        """
        from asrlab_pytest.inference.on_demand import OnDemand

        if self.since is None or self.store is None or not isinstance(handle.source, OnDemand):
            return
        if {handle.has_observed(clip) or clip.id in handle.errors for clip in handle.clips} == {True, False}:
            from asrlab_pytest.records.store import Store

            since = None if self.suite.settings.resume else self.since
            handle.source.recall = Store(self.store.folder, since=since).recall

    @cached_property
    def _judge(self) -> Judge:
        """The judge, loaded once per run."""
        from asrlab_pytest.inference.judge import Judge

        return Judge(self.suite.judge, judge_conditions(self.suite.settings, self.suite.root))

    @cached_property
    def _speech(self) -> SpeechFolder:
        """Where speech is kept."""
        from asrlab_pytest.records.speech import SpeechFolder

        return SpeechFolder(speech_folder(self.suite.settings, self.suite.root))

    @property
    def remarks(self) -> list[str]:
        """Speech that could not be saved, and settings that have no effect on a model, in words."""
        unkept = self._speech.remarks if "_speech" in self.__dict__ else []
        return [*unkept, *(remark for handle in self.handles.values() for remark in handle.remarks)]

    def state(self, model_id: str) -> ModelState:
        """What is known about a model besides its observations, as plain JSON, rebuilt when it changes."""
        suite, handle = self.suite, self.handles.get(model_id)
        status = suite.statuses.of(suite.registry[model_id])
        known = (status, handle.progress if handle else None)
        last = self._states.get(model_id)
        if last is None or last[0] is not handle or last[1] != known:
            from asrlab_pytest.inference.state import model_state

            last = self._states[model_id] = handle, known, model_state(status, handle)
        return last[2]

    def release(self) -> None:
        """Release the weights of every model, and of the judge's."""
        for handle in self.handles.values():
            handle.close()
        self.dismiss_judge()

    def dismiss_judge(self) -> None:
        """Release the judge's weights: they are no part of what a recognizer's memory is."""
        if "_judge" in self.__dict__:
            self._judge.close()


def _speaker(task: Task) -> Callable[..., Source]:
    if task == "tts":
        from asrlab_pytest.inference.tts import SpeakingModel

        return SpeakingModel
    from asrlab_pytest.inference.conversation import ConversingModel

    return ConversingModel
