"""Reads lines of older versions of the record's format as lines of this one."""

from __future__ import annotations

from typing import Any

VERSION = (2, 0)
OLDEST = (0, 1)
"""The oldest version that is read."""
SCHEMA = f"asrlab-record/{VERSION[0]}.{VERSION[1]}"


_ADDED_IN_1_0: dict[str, object] = {
    "pcm_sha256": None,
    "key": None,
    "repeat": 0,
    "order": "given",
    "recorded": False,
    "cpu_s": [],
    "clip_normalization": None,
    "reference_entities": None,
    "keywords": [],
    "quarantined": False,
}
_ENVIRONMENT_ADDED_IN_1_0: dict[str, object] = {"protocols": None, "plan": None, "seeds": None}
_ADDED_IN_1_1: dict[str, object] = {"task": "asr", "spoken": None}
_TASKS = {"recognition": "asr", "synthesis": "tts"}
"""What tasks were called before 2.0."""
_KEYS = {"synthesis": "tts", "mend": "hint"}
"""What keys were called before 2.0: of bounds, and of what would make a model run."""


def upgraded(line: dict[str, object], version: tuple[int, int]) -> dict[str, object]:
    """A line of an older version in the words of this one."""
    if version >= VERSION:
        return line
    line = in_present_words(line)
    if line.get("kind") == "environment":
        return {**({} if version >= (1, 0) else _ENVIRONMENT_ADDED_IN_1_0), **line, "schema": SCHEMA}
    if line.get("kind") == "observation":
        return {**({} if version >= (1, 0) else _ADDED_IN_1_0), **_ADDED_IN_1_1, **line}
    return line


def in_present_words(line: Any) -> Any:
    """A line whose tasks and keys are called as they are since 2.0, and with them the ids of models."""
    if isinstance(line, list):
        return [in_present_words(item) for item in line]
    if not isinstance(line, dict):
        return line
    return {_KEYS.get(key, _id(key)): _value(key, value) for key, value in line.items()}


def _value(key: str, value: Any) -> Any:
    if key == "task":
        return _TASKS.get(value, value) if isinstance(value, str) else value
    if key == "tasks" and isinstance(value, list):
        return [_value("task", task) for task in value]
    if key == "model":
        return [_id(name) for name in value] if isinstance(value, list) else _id(value)
    return in_present_words(value)


def _id(name: Any) -> Any:
    """The id of a model for one of its tasks."""
    if not isinstance(name, str):
        return name
    base, colon, task = name.rpartition(":")
    return f"{base}:{_TASKS[task]}" if colon and task in _TASKS else name
