"""What the models of a session are evaluated on: the chosen samples of each task, read when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.open import open_corpus
from asrlab_pytest.corpus.samples import Corpus, Sample, SampleSet
from asrlab_pytest.corpus.select import select_clips, select_items
from asrlab_pytest.errors import ConfigError, CorpusError
from asrlab_pytest.remote import local_path
from asrlab_pytest.settings import Settings
from asrlab_pytest.shards import part_of, shard_of
from asrlab_pytest.tasks import LISTS, NOUNS, Task
from asrlab_pytest.wording import many

if TYPE_CHECKING:
    from asrlab_pytest.protocols.normalization.choice import Normalizations


class Samples:
    """The samples of a session, by task.

    Args:
        settings: What the user asked for.
        root: The folder that relative paths start from.
    """

    def __init__(self, settings: Settings, root: Path) -> None:
        self.settings = settings
        self.root = root
        if settings.normalization is not None or settings.normalizations:
            self.normalizations  # noqa: B018 - a mistake in them ends the run before a model is looked at
        self._listed: dict[Task, SampleSet[Sample]] = {}
        self._selected: dict[Task, tuple[Sample, ...]] = {}
        self._chosen: dict[Task, tuple[Sample, ...]] = {}

    @cached_property
    def normalizations(self) -> Normalizations:
        """The normalizations of the project, and which of them a clip is scored by.

        Raises:
            ConfigError: a table cannot be used, or there is no profile of the chosen name.
        """
        from asrlab_pytest.protocols.normalization.choice import Normalizations

        return Normalizations(self.settings.normalization, self.settings.normalizations, self.root)

    def take(self, task: Task, samples: SampleSet[Sample]) -> None:
        """Use these as all samples of a task, and as the chosen ones.

        Raises:
            CorpusError: a sample names an unknown normalization.
        """
        self._listed[task] = samples
        self._selected[task] = self._chosen[task] = samples.samples
        refuse_unknown_rules(lambda: self.normalizations, samples.samples, samples.manifest, NOUNS[task])

    def listed(self, task: Task) -> SampleSet[Sample]:
        """All samples of a task, chosen or not.

        Raises:
            CorpusError: they cannot be read.
        """
        if task not in self._listed:
            self._listed[task] = _read(task, self.settings, self.root)
        return self._listed[task]

    def chosen(self, task: Task) -> tuple[Sample, ...]:
        """The samples of a task that this run is about: its shard of the selected ones.

        Raises:
            CorpusError: nothing is chosen, or a sample names an unknown normalization.
        """
        if task not in self._chosen:
            self._chosen[task] = self._sharded(task, self.selected(task))
        return self._chosen[task]

    def selected(self, task: Task) -> tuple[Sample, ...]:
        """The samples of a task that all shards together are about.

        Raises:
            CorpusError: nothing is chosen, or a sample names an unknown normalization.
        """
        if task not in self._selected:
            listed = self.listed(task)
            self._selected[task] = _choose(task, self.settings, listed)
            refuse_unknown_rules(lambda: self.normalizations, self._selected[task], listed.manifest, NOUNS[task])
        return self._selected[task]

    def _sharded(self, task: Task, samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
        if self.settings.shard is None:
            return samples
        shard = shard_of(self.settings.shard)
        part = part_of(samples, shard)
        if not part:
            raise CorpusError(f"shard {shard} of {many(len(samples), NOUNS[task])} is empty", hint="use fewer shards")
        return tuple(sample for sample in samples if sample.id in part)

    @property
    def corpus(self) -> Corpus:
        """All that recognition can be evaluated on."""
        return cast("Corpus", self.listed("asr"))

    @property
    def clips(self) -> tuple[Clip, ...]:
        """The chosen clips."""
        return cast("tuple[Clip, ...]", self.chosen("asr"))


def refuse_unknown_rules(
    normalizations: Callable[[], Normalizations], samples: Iterable[Sample], manifest: Path, noun: str
) -> None:
    """Raises CorpusError if a sample names a normalization that there is not. None is made before one is named."""
    for sample in samples:
        if sample.normalization is not None:
            try:
                normalizations().named(sample.normalization)
            except ConfigError as error:
                raise CorpusError(f"{manifest}: {noun} {sample.id}: {error.problem}", hint=error.hint) from None


def _read(task: Task, settings: Settings, root: Path) -> SampleSet[Sample]:
    """All samples of a task."""
    if task == "asr":
        return open_corpus(settings.corpus, settings.corpora, root, language=settings.language)
    path = local_path(getattr(settings, LISTS[task]), root)
    if task == "tts":
        from asrlab_pytest.corpus.prompts import read_prompts

        return read_prompts(path, settings.language)
    from asrlab_pytest.corpus.dialogues import read_dialogues

    return read_dialogues(path, settings.language)


def _choose(task: Task, settings: Settings, listed: SampleSet[Sample]) -> tuple[Sample, ...]:
    """Those that the options ask for."""
    if task == "asr":
        chosen = select_clips(cast("Corpus", listed), settings.clip)
        return tuple(clip for clip in chosen if not clip.is_dropped)
    noun = NOUNS[task]
    return select_items(listed.samples, getattr(settings, noun), option=f"--asr-{noun}", manifest=listed.manifest)
