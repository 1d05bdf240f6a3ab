"""What the models of a session are evaluated on: the chosen clips, prompts and dialogues, each read when needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from asrlab_pytest.corpus.clip import Clip, Corpus, Referenced
from asrlab_pytest.corpus.open import open_corpus
from asrlab_pytest.corpus.select import select_clips, select_items
from asrlab_pytest.errors import ConfigError, CorpusError
from asrlab_pytest.models.spec import NOUNS, Task
from asrlab_pytest.settings import Settings

if TYPE_CHECKING:
    from asrlab_pytest.corpus.dialogues import Dialogue, DialogueSet
    from asrlab_pytest.corpus.prompts import Prompt, PromptSet
    from asrlab_pytest.protocols.normalization.choice import Normalizations

Chosen = TypeVar("Chosen", bound=Referenced)


def speech_folder(settings: Settings, root: Path) -> Path | None:
    """The folder that speech is kept in; None where it is not kept."""
    asked, store = settings.speech, settings.store
    if asked is None:
        return root / Path(store).expanduser() / "speech" if store else None
    return root / Path(asked).expanduser() if asked else None


class Items:
    """The clips, prompts and dialogues of a session.

    Args:
        settings: What the user asked for.
        root: The folder that relative paths start from.
    """

    def __init__(self, settings: Settings, root: Path) -> None:
        self.settings = settings
        self.root = root
        if settings.normalization is not None or settings.normalizations:
            self.normalizations  # noqa: B018 - a mistake in them ends the run before a model is looked at

    @cached_property
    def normalizations(self) -> Normalizations:
        """The normalizations of the project, and which of them a clip is scored by.

        Raises:
            ConfigError: a table cannot be used, or there is no profile of the chosen name.
        """
        from asrlab_pytest.protocols.normalization.choice import Normalizations

        return Normalizations(self.settings.normalization, self.settings.normalizations)

    @cached_property
    def corpus(self) -> Corpus:
        """What recognition is evaluated on.

        Raises:
            CorpusError: it cannot be read.
        """
        return open_corpus(self.settings.corpus, self.settings.corpora, self.root, language=self.settings.language)

    @cached_property
    def clips(self) -> tuple[Clip, ...]:
        """The chosen clips.

        Raises:
            CorpusError: nothing is chosen, or a clip names a normalization that there is not.
        """
        chosen = select_clips(self.corpus, self.settings.clip)
        return self._scorable(tuple(clip for clip in chosen if not clip.is_dropped), self.corpus.manifest)

    @cached_property
    def prompt_set(self) -> PromptSet:
        """What speech synthesis is evaluated on.

        Raises:
            CorpusError: it cannot be read.
        """
        from asrlab_pytest.corpus.prompts import read_prompts

        return read_prompts(self.root / Path(self.settings.prompts).expanduser(), self.settings.language)

    @cached_property
    def dialogue_set(self) -> DialogueSet:
        """What conversation is evaluated on.

        Raises:
            CorpusError: it cannot be read.
        """
        from asrlab_pytest.corpus.dialogues import read_dialogues

        return read_dialogues(self.root / Path(self.settings.dialogues).expanduser(), self.settings.language)

    @cached_property
    def prompts(self) -> tuple[Prompt, ...]:
        """The chosen prompts."""
        found = self.prompt_set
        chosen = select_items(found.prompts, self.settings.prompt, option="--asr-prompt", manifest=found.manifest)
        return self._scorable(chosen, found.manifest)

    @cached_property
    def dialogues(self) -> tuple[Dialogue, ...]:
        """The chosen dialogues."""
        found = self.dialogue_set
        chosen = select_items(found.dialogues, self.settings.dialogue, option="--asr-dialogue", manifest=found.manifest)
        return self._scorable(chosen, found.manifest)

    def items_of(self, task: Task) -> Sequence[Clip | Prompt | Dialogue]:
        """What models of a task are evaluated on: the chosen clips, prompts or dialogues."""
        if task == "recognition":
            return self.clips
        return self.prompts if task == "synthesis" else self.dialogues

    def by_id_of(self, task: Task) -> Mapping[str, Clip | Prompt | Dialogue]:
        """All that a manifest lists, chosen or not, by id."""
        if task == "recognition":
            return self.corpus.by_id
        return self.prompt_set.by_id if task == "synthesis" else self.dialogue_set.by_id

    def noun_of(self, task: Task) -> str:
        """What a model of a task is evaluated on, as a word."""
        return NOUNS[task]

    def manifest_of(self, task: Task) -> Path:
        """The file that lists what models of a task are evaluated on."""
        if task == "recognition":
            return self.corpus.manifest
        return (self.prompt_set if task == "synthesis" else self.dialogue_set).manifest

    def _scorable(self, items: tuple[Chosen, ...], manifest: Path) -> tuple[Chosen, ...]:
        """The items, none of which names a normalization that there is not."""
        for item in items:
            if item.normalization is not None:
                try:
                    self.normalizations.named(item.normalization)
                except ConfigError as error:
                    noun = type(item).__name__.lower()
                    raise CorpusError(f"{manifest}: {noun} {item.id}: {error.problem}", mend=error.mend) from None
        return items
