"""The result of running a stored case again: the texts then and now, and whether the speech is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.spoken import Spoken
from asrlab_pytest.tasks import Task


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
