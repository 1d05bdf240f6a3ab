"""The tasks of models, one row each. Tables by task in other files have these keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Task = Literal["asr", "tts", "conversation"]


class Words(NamedTuple):
    """The words for a task and its samples."""

    label: str
    """In sentences."""
    noun: str
    """What a model is evaluated on; also the setting that chooses among them."""
    listing: str
    """Setting, and key of a record's environment, that name what lists the samples."""
    listings: str
    """Several of those."""
    output: str
    """What a record has of a case."""
    done: str
    """What the model did with a sample."""
    speaks: bool
    """Whether a model speaks, and a judge transcribes what it says."""
    in_turns: bool = False
    """Whether a sample has turns, each with its own answer."""


WORDS: Mapping[Task, Words] = {
    "asr": Words("ASR", "clip", "corpus", "corpora", "transcript", "transcribed", speaks=False),
    "tts": Words("TTS", "prompt", "prompts", "sets of prompts", "speech", "spoken", speaks=True),
    "conversation": Words(
        "conversation", "dialogue", "dialogues", "sets of dialogues", "answers", "held", speaks=True, in_turns=True
    ),
}
TASKS: tuple[Task, ...] = tuple(WORDS)
SPOKEN: tuple[Task, ...] = tuple(task for task, words in WORDS.items() if words.speaks)
LABELS: Mapping[str, str] = {task: words.label for task, words in WORDS.items()}
NOUNS: Mapping[Task, str] = {task: words.noun for task, words in WORDS.items()}
LISTS: Mapping[Task, str] = {task: words.listing for task, words in WORDS.items()}
