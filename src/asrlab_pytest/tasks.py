"""What models do: the tasks, and the words for them. A table by task of another file has these keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Task = Literal["asr", "tts", "conversation"]
TASKS: tuple[Task, ...] = ("asr", "tts", "conversation")
SPOKEN: tuple[Task, ...] = ("tts", "conversation")
"""Tasks in which a model speaks, and a judge transcribes what it says."""
LABELS: Mapping[str, str] = {"asr": "ASR", "tts": "TTS", "conversation": "conversation"}
"""What a task is called in sentences."""
NOUNS: Mapping[Task, str] = {"asr": "clip", "tts": "prompt", "conversation": "dialogue"}
"""What a model of a task is evaluated on."""
LISTS: Mapping[Task, str] = {"asr": "corpus", "tts": "prompts", "conversation": "dialogues"}
"""Setting, and key of a record's environment, that name what lists the samples of a task."""
