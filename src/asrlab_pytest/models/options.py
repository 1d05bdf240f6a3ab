"""What an engine declares, and a model's options against it: names, types, and the defaults of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Any

from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.spec import ModelSpec

_WORDS: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a table",
    type(None): "nothing",
}
_LISTS = {
    "tasks": '("asr",)',
    "devices": '("cpu",)',
    "compute_types": '("float32",)',
    "modules": '("torch",)',
    "packages": '("torch",)',
}
"""Attributes that hold several names, with an example of each."""
_NEVER_EMPTY = ("tasks", "devices", "compute_types")


def options_of(known: Mapping[str, object] | None, spec: ModelSpec) -> dict[str, object]:
    """A model's options, with the engine's defaults for those it does not state.

    Raises:
        ModelError: the engine has no such option, or it takes another type.
    """
    if known is None:
        return dict(spec.options)
    check_names(spec, known)
    for name, value in spec.options.items():
        _check_type(spec, name, value, _kinds(known[name]))
    defaults = {name: value for name, value in known.items() if not isinstance(value, (type, UnionType))}
    return {**defaults, **spec.options}


def check_names(spec: ModelSpec, known: Iterable[str]) -> None:
    """Raise ModelError where a model has an option that its engine does not know, with one that looks like it."""
    names = sorted(known)
    unknown = [name for name in spec.options if name not in names]
    if unknown:
        near = get_close_matches(unknown[0], names, n=1)
        has = f"it knows {', '.join(names)}" if names else "it has none"
        raise ModelError(
            f"model {spec.id}: engine {spec.engine} has no option {', '.join(map(repr, unknown))}; "
            + (f"did you mean {near[0]}?" if near else has),
            hint=correct_options(spec),
        )


def _check_type(spec: ModelSpec, name: str, value: object, kinds: tuple[type, ...]) -> None:
    if kinds and not any(_is(value, kind) for kind in kinds):
        words = " or ".join(_WORDS.get(kind, kind.__name__) for kind in kinds)
        raise ModelError(
            f"model {spec.id}: option {name} of engine {spec.engine} takes {words}, not {value!r}",
            hint=correct_options(spec),
        )


def _is(value: object, kind: type) -> bool:
    """Whether a value of a TOML table is of a type. A whole number is a number; true is neither."""
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    if kind is list:
        return isinstance(value, (list, tuple))
    return isinstance(value, Mapping if kind is dict else kind)


def _kinds(default: object) -> tuple[type, ...]:
    """The types of values that an option takes, by its default or its type; empty for any."""
    if default is None:
        return ()
    if isinstance(default, UnionType):
        return tuple(default.__args__)
    kind = default if isinstance(default, type) else type(default)
    return (list if kind is tuple else kind,)


def correct_options(spec: ModelSpec) -> str:
    """A hint at the table of a model's options."""
    return f"correct [tool.asrlab.models.{spec.name}.options]"


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
