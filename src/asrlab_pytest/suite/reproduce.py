"""Makes the cases of a stored run again, without pytest, and compares the texts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.samples import Sample
from asrlab_pytest.errors import AsrlabError, ClipError, ModelError
from asrlab_pytest.grouping import grouped
from asrlab_pytest.inference.handle import ModelHandle
from asrlab_pytest.inference.replay import is_other_part, other_since
from asrlab_pytest.inference.state import model_state
from asrlab_pytest.models.spec import Status
from asrlab_pytest.models.status import weights_of
from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.spoken import Spoken
from asrlab_pytest.records.state import ModelState
from asrlab_pytest.settings import Settings
from asrlab_pytest.suite.sources import Sources
from asrlab_pytest.suite.suite import Suite, registry_of
from asrlab_pytest.tasks import LABELS, NOUNS, Task

Listener = Callable[[Observation], None]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the record, and that of this machine."""

    what: str
    """Which text of its case; empty where that has only one."""
    then: str
    now: str

    @property
    def is_same(self) -> bool:
        return self.then == self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of a case."""

    task: Task
    model: str
    clip: str
    """Id of the clip, the prompt or the dialogue."""
    texts: tuple[Text, ...] = ()
    """What was heard and, in a dialogue, written; empty where there is nothing."""
    same_samples: bool | None = None
    """Whether the speech is the recorded one, sample by sample; None if there is none to compare."""
    problem: str = ""
    """Why there is nothing."""

    @property
    def is_made(self) -> bool:
        return bool(self.texts)

    @property
    def is_same(self) -> bool:
        """Whether every text is the recorded one."""
        return self.is_made and not self.others

    @property
    def others(self) -> list[Text]:
        """The texts that are not the recorded ones."""
        return [text for text in self.texts if not text.is_same]


class Reproduction:
    """The cases of a stored run, to be made again on this machine.

    Where what a task is evaluated on cannot be read here, its cases have no outcome but that, and the others are made.

    Args:
        observations: Those of the record's first pass; of a case that is duplicated, the first counts.
        settings: Those of the record.
        root: The present project.
        listeners: Called with each observation as it is made.

    Raises:
        AsrlabError: a table cannot be used here, or nothing that a task of the record is evaluated on.
    """

    def __init__(
        self, observations: Sequence[Observation], settings: Settings, root: Path, listeners: Sequence[Listener] = ()
    ) -> None:
        cases = {(recorded.task, recorded.model, recorded.clip): recorded for recorded in reversed(observations)}
        self.observations = list(reversed(cases.values()))
        self.hearers = [row.spoken.hearer for row in self.observations if row.spoken is not None]
        """Who heard the speech of the record."""
        ids = list(dict.fromkeys(recorded.model for recorded in self.observations))
        registry = registry_of(settings, root)
        known = tuple(model for model in ids if model in registry)
        # The record may be on a machine whose weights, hubs and clips are not these: nothing here is worth an error.
        self.suite = Suite(
            replace(
                settings.without_tests(),
                model=known,
                clip=(),
                prompt=(),
                dialogue=(),
                judge=self.hearers[0].model if self.hearers else settings.judge,
                speech="",
                missing="skip",
                download="never",
                resume=False,
                record=None,
                store="",
            ),
            root,
        )
        self._sources = Sources(self.suite, None, listeners)
        self._unread = self._unread_lists()
        tried = {(recorded.model, recorded.task): self._refusal(recorded) for recorded in self.observations}
        self._refused = {each: error for each, error in tried.items() if error is not None}
        self._handles = {model: self._handle(model) for (model, _), error in tried.items() if error is None}

    @property
    def tasks(self) -> set[Task]:
        """Those of the record whose clips, prompts or dialogues can be read here."""
        return {recorded.task for recorded in self.observations} - set(self._unread)

    @property
    def plan(self) -> dict[str, list[str]]:
        """Ids of the clips, prompts or dialogues of each model."""
        return grouped((recorded.model, recorded.clip) for recorded in self.observations)

    def weights(self) -> dict[str, tuple[str | None, str | None] | str]:
        """SHA-256 and revision of the weights of each model and judge or, where they are not here, why."""
        changes: dict[str, tuple[str | None, str | None] | str] = {}
        for model in dict.fromkeys([row.model for row in [*self.observations, *self.hearers]]):
            try:
                spec = self.suite.registry[model]
                weights = weights_of(spec)
            except AsrlabError as error:
                changes[model] = error.problem
            else:
                changes[model] = (weights.sha256, weights.revision)
        return changes

    def outcomes(self) -> Iterator[Outcome]:
        """Make the cases, model by model, one at a time in memory, with the judge of those that speak."""
        try:
            for model in dict.fromkeys(recorded.model for recorded in self.observations):
                yield from self._outcomes_of(model)
        finally:
            self._sources.dismiss_judge()

    def states(self, outcomes: Sequence[Outcome]) -> dict[str, ModelState]:
        """Task, status, load times and lost cases of every model that there is, as the end of a record has them."""
        states: dict[str, ModelState] = {}
        for model in dict.fromkeys(outcome.model for outcome in outcomes if outcome.model in self.suite.registry):
            spec = self.suite.registry[model]
            status = self.suite.statuses.of(spec)
            missing = [outcome for outcome in outcomes if outcome.model == model and not outcome.is_made]
            lost = {outcome.clip: outcome.problem for outcome in missing} if status.is_ready else {}
            state = model_state(status, self._handles.get(model))
            states[model] = state.model_copy(update={"task": spec.task, "unread": lost})
        return states

    def _outcomes_of(self, model: str) -> Iterator[Outcome]:
        handle = self._handles.get(model)
        if handle is not None and handle.spec.task == "asr":
            self._sources.dismiss_judge()
        try:
            for recorded in self.observations:
                if recorded.model == model:
                    yield self._outcome(recorded)
        finally:
            if handle is not None:
                handle.close()

    def _outcome(self, recorded: Observation) -> Outcome:
        try:
            if (recorded.model, recorded.task) in self._refused:
                raise self._refused[recorded.model, recorded.task]
            self._require_its_judge(recorded)
            return outcome_of(recorded, self._handles[recorded.model].observe(self._item(recorded)))
        except AsrlabError as error:
            return Outcome(task=recorded.task, model=recorded.model, clip=recorded.clip, problem=error.in_one_line)

    def _unread_lists(self) -> dict[Task, AsrlabError]:
        """Why the clips, prompts or dialogues of a task cannot be read, where that is so. Raises where none can."""
        errors: dict[Task, AsrlabError] = {}
        tasks = dict.fromkeys(recorded.task for recorded in self.observations)
        for task in tasks:
            try:
                self.suite.chosen(task)
            except AsrlabError as error:
                errors[task] = error
        if len(errors) == len(tasks):
            raise next(iter(errors.values()))
        return errors

    def _refusal(self, recorded: Observation) -> AsrlabError | None:
        """Why the model of an observation makes nothing here; None if it may."""
        try:
            spec = self.suite.registry[recorded.model]
            if spec.task != recorded.task:
                raise ModelError(f"{LABELS[recorded.task]} is not its task here, but {LABELS[spec.task]}")
            if spec.task in self._unread:
                raise self._unread[spec.task]
            _require_ready(self.suite.statuses.of(spec))
            if spec.task != "asr":
                _require_ready(self.suite.statuses.of_judge(self.suite.judge), f"the judge {self.suite.judge.id}: ")
        except AsrlabError as error:
            return error
        return None

    def _require_its_judge(self, recorded: Observation) -> None:
        judge = self.suite.settings.judge
        hearer = recorded.spoken.hearer.model if recorded.spoken else judge
        if hearer != judge:
            raise ModelError(f"it was transcribed by {hearer}, and others by {judge}, the judge here")

    def _handle(self, model: str) -> ModelHandle:
        spec = self.suite.registry[model]
        return ModelHandle(self._sources.live(spec), self.suite.chosen(spec.task), self._sources.listeners)

    def _item(self, recorded: Observation) -> Sample:
        """What the case was made of, if it is still that of the record."""
        listed, task = self.suite.listed(recorded.task), recorded.task
        manifest, item = listed.manifest, listed.by_id.get(recorded.clip)
        if item is None:
            raise ClipError(f"{manifest} has no such {NOUNS[task]}")
        if isinstance(item, Clip):
            if not _same_audio(item, recorded):
                was = f"sha256 {(recorded.audio_sha256 or '')[:12]}..."
                raise ClipError(f"{item.audio} differs from the record's audio ({was})")
            return item
        other = other_since(item, recorded)
        if other is not None:
            raise ClipError(f"{manifest} has other {other} for it than the record")
        return item


def _require_ready(status: Status, who: str = "") -> None:
    if not status.is_ready:
        raise ModelError(f"{who}{status}" + (f" (hint: {status.hint})" if status.hint else ""))


def _same_audio(clip: Clip, recorded: Observation) -> bool:
    """Whether a clip has the bytes of the record or, in another file format, its samples."""
    with suppress(OSError):
        is_same_file = hashlib.sha256(clip.audio.read_bytes()).hexdigest() == recorded.audio_sha256
        if is_same_file and not is_other_part(clip, recorded):
            return True
    return recorded.pcm_sha256 is not None and load_audio(clip).pcm_sha256 == recorded.pcm_sha256


def outcome_of(recorded: Observation, observation: Observation) -> Outcome:
    """A case of a record, and the same case on this machine."""
    then, now = recorded.spoken, observation.spoken
    texts: Iterable[Text] = (Text("", recorded.hypothesis, observation.hypothesis),)
    same_samples = None
    if then is not None and now is not None:
        same_samples = _samples(then) == _samples(now)
        texts = _of_turns(then, now) if then.turns else texts
    return Outcome(
        task=recorded.task, model=recorded.model, clip=recorded.clip, texts=tuple(texts), same_samples=same_samples
    )


def _of_turns(then: Spoken, now: Spoken) -> Iterator[Text]:
    for number, (old, new) in enumerate(zip(then.turns, now.turns, strict=True), start=1):
        yield Text(f"turn {number}, answer", old.answer, new.answer)
        yield Text(f"turn {number}, heard", old.heard, new.heard)


def _samples(spoken: Spoken) -> list[tuple[str, int] | None]:
    """Hash and rate of the speech of a prompt, and of that of each turn; None for what is silent."""
    speech = (spoken.utterance, *(turn.utterance for turn in spoken.turns))
    return [
        None if utterance is None else (utterance.sound.pcm_sha256, utterance.sound.sample_rate) for utterance in speech
    ]
