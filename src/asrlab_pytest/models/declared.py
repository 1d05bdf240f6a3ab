"""What a class of an engine declares, checked before anything relies on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_LISTS = {
    "tasks": '("asr",)',
    "devices": '("cpu",)',
    "compute_types": '("float32",)',
    "modules": '("torch",)',
    "packages": '("torch",)',
}
"""Attributes that hold several names, with an example of each."""
_NEVER_EMPTY = ("tasks", "devices", "compute_types")


def declaration_fault(adapter: Any) -> str | None:
    """What is wrong with an engine's declarations, to follow its name in a sentence; None if nothing is."""
    faults = [_fault_of_list(name, getattr(adapter, name)) for name in _LISTS]
    faults += [_fault_of_text(name, getattr(adapter, name)) for name in ("name", "install")]
    options = adapter.options
    if not (options is None or isinstance(options, Mapping)):
        faults.append(f"declares options = {options!r}; it must be a dictionary, such as {{'beam': 5}}, or None")
    return next(filter(None, faults), None)


def _fault_of_list(name: str, value: Any) -> str | None:
    is_list = isinstance(value, Sequence | frozenset | set) and not isinstance(value, str | bytes)
    if not is_list or not all(isinstance(each, str) for each in value):
        return f"declares {name} = {value!r}; it must be a list of names, such as {_LISTS[name]}"
    is_empty = name in _NEVER_EMPTY and not value
    return f"declares no {name}; it needs at least one, such as {_LISTS[name]}" if is_empty else None


def _fault_of_text(name: str, value: Any) -> str | None:
    return None if isinstance(value, str) else f"declares {name} = {value!r}; it must be a string"
