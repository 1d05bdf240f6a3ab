"""The environment of a run as lines for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.plain import plain
from asrlab_pytest.settings import Settings
from asrlab_pytest.visible import visible

_LEFT_OUT = ("kind", "plan", "excluded", "parts")
_EMPTY: tuple[object, ...] = (None, {}, [], ())


def environment_lines(environment: Environment | None) -> Iterator[tuple[str, str]]:
    """Names and values; of the settings, those that differ from their defaults."""
    for key, value in environment.as_json().items() if environment else ():
        if key not in _LEFT_OUT and value not in _EMPTY:
            name, text = _line(key, value)
            yield visible(name), visible(text)


def _line(key: str, value: Any) -> tuple[str, str]:
    if key == "memory_bytes" and isinstance(value, int):
        return "memory", f"{value / 2**30:.1f} GiB"
    if key == "load_average" and isinstance(value, list):
        return "load average", ", ".join(f"{load:.2f}" for load in value)
    if key == "settings" and isinstance(value, Mapping):
        return key, _flat(_chosen(value, plain(asdict(Settings()))), between="; ") or "all at their defaults"
    return key.replace("_", " "), _flat(value)


def _chosen(settings: Mapping[str, object], defaults: Mapping[str, object]) -> dict[str, object]:
    """The settings that differ from their defaults."""
    chosen: dict[str, object] = {}
    for key, value in settings.items():
        default = defaults.get(key)
        if isinstance(value, Mapping) and isinstance(default, Mapping):
            chosen[key] = _chosen(value, default)
        elif value != default:
            chosen[key] = value
    return chosen


def _flat(value: Any, between: str = ", ") -> str:
    """A value of plain JSON in a line.

    Args:
        value: The value.
        between: Stands between the keys of a mapping, not of those within it.
    """
    if isinstance(value, Mapping):
        shown = ((key, _flat(entry)) for key, entry in value.items() if entry not in _EMPTY)
        return between.join(f"{key} {text}" for key, text in shown if text)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_flat, value))
    return value if isinstance(value, str) else json.dumps(value)
