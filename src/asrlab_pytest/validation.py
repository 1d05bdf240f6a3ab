"""Turns pydantic's findings into sentences."""

from __future__ import annotations

from functools import cache, reduce
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

if TYPE_CHECKING:
    from json import JSONDecoder

    from pydantic import TypeAdapter, ValidationError
    from pydantic_core import ErrorDetails

Kind = TypeVar("Kind")

STRICT = {"extra": "forbid", "strict": True}
"""pydantic's settings for classes that people write by hand: no unknown keys, and no type conversion."""
ONE_OF_BOTH = "keep the key whose value is meant, and remove the other"
"""What to do with a duplicated key."""

_WORDS = {
    "extra_forbidden": "unknown key",
    "unexpected_keyword_argument": "unknown key",
    "missing": "missing key",
    "missing_argument": "missing key",
    "json_invalid": "not valid JSON",
    "tuple_type": "input should be a valid array",
}
_OTHERS_KEYS = {"offset": "start"}
"""What other formats call a key of ours."""
_ONE_LETTER = 0.9
"""Similarity of two names that differ in their last letter."""
_OBJECTS = {"dataclass_type", "model_type", "dict_type"}
"""Error types for anything else in place of an object or a TOML table."""


def adapter_of(kind: type[Kind]) -> TypeAdapter[Kind]:
    """The validator of a class, built once per process: building one costs more than most of its uses."""
    key: Any = kind  # a protocol's type, say, is not known to be hashable
    return _adapter_of(key)


@cache
def _adapter_of(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def fields_of(kind: type[Kind], value: Kind) -> dict[str, Any]:
    """The fields of a dataclass, by name, with the values of an instance of it or of a class derived from it."""
    key: Any = kind
    names, values_of = _reader_of(key)
    return dict(zip(names, values_of(value), strict=True))


@cache
def _reader_of(kind: Any) -> tuple[tuple[str, ...], attrgetter[tuple[Any, ...]]]:
    """The names of a dataclass's fields, and what reads them all at once."""
    names = tuple(kind.__dataclass_fields__)
    return names, attrgetter(*names)


class RepeatedKeyError(ValueError):
    """A JSON object has a key twice, so that it is ambiguous."""


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, object]:
    """An object of JSON, as `object_pairs_hook` of `json.loads`, which would take the last value of a repeated key.

    Raises:
        RepeatedKeyError: it has a key twice.
    """
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise RepeatedKeyError(f"key {repeated!r} is duplicated")
    return table


def refuse_repeated_keys(line: bytes | str) -> None:
    """Look for keys that a JSON text repeats. Other mistakes are left to the parser.

    Raises:
        RepeatedKeyError: an object in it has a key twice.
    """
    import json

    try:
        _decoder().decode(line if isinstance(line, str) else line.decode(json.detect_encoding(line)))
    except RepeatedKeyError:
        raise
    except (ValueError, RecursionError):
        return


@cache
def _decoder() -> JSONDecoder:
    """Created once: `json.loads` would create one per line."""
    from json import JSONDecoder

    return JSONDecoder(object_pairs_hook=unique_keys)


def faults(
    error: ValidationError, *, known: tuple[str, ...] = (), of: type | None = None, noun: str = "JSON object"
) -> str:
    """Every fault of a validation as one line: ``key 'tagz': unknown key; ...``.

    Args:
        error: What pydantic found.
        known: Key names to offer where an unknown one looks like a slip.
        of: The dataclass that was to be read: within it, the keys of each place are offered.
        noun: What the person who wrote it calls an object.
    """
    from difflib import get_close_matches

    sentences = []
    for fault in error.errors(include_url=False):
        kind = fault["type"]
        key = ".".join(str(part) for part in fault["loc"])
        words = f"input should be a {noun}" if kind in _OBJECTS else _WORDS.get(kind, _sentence(fault["msg"]))
        if kind == "json_invalid":
            # What is read is a line of a file, whose number the message has already.
            words = f"not valid JSON ({fault['ctx']['error'].replace(' at line 1 column', ' at column')})"
        elif kind in _OBJECTS and len(fault["loc"]) == 1:
            # A list of names is meant for "model", not for the tables of "models".
            near = get_close_matches(key, [name for name in known if name != key], n=1, cutoff=_ONE_LETTER)
            words += f" (did you mean {near[0]!r}?)" if near else ""
        elif kind == "tuple_type" and isinstance(fault["input"], str):
            words += f": write [{_element_of(fault, of)}]"
        elif kind in {"float_type", "int_type"} and (number := _number(fault["input"])) is not None:
            words += f": write {number:g}"
        elif words == "unknown key":
            name = key.rpartition(".")[2]
            *place, _ = fault["loc"]
            there = (_keys_at(of, tuple(place)) if place else ()) or known
            # A key that is known elsewhere is not a slip of itself.
            wanted = _OTHERS_KEYS.get(name, name).lower()
            near = [] if name in known else get_close_matches(wanted, there, n=1)
            words += f" (did you mean {near[0]!r}?)" if near else ""
        sentences.append(f"key {key!r}: {words}" if key else words)
    return "; ".join(sentences)


def _element_of(fault: ErrorDetails, of: type | None) -> str:
    """How the only element of an array is written, where a text is in its place: an object has its needed keys."""
    kind = reduce(_kind_at, (*fault["loc"], 0), of)
    fields = getattr(kind, "__dataclass_fields__", {}).values()
    keys = ", ".join(f'"{field.name}": "..."' for field in fields if field.default is field.default_factory)
    return f"{{{keys}}}" if keys else f'"{fault["input"]}"'


def _number(value: object) -> float | None:
    """The number that a text states, such as "0.5" or "50%"; None for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None


def _keys_at(kind: Any, place: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys of the dataclass at a path within another; empty if it is not a dataclass."""
    for key in place:
        kind = _kind_at(kind, key)
    return tuple(getattr(kind, "__dataclass_fields__", ()))


def _kind_at(kind: Any, key: int | str) -> Any:
    """The type at a key or index of a type; None if it is unknown."""
    if hasattr(kind, "__dataclass_fields__"):
        kind = get_type_hints(kind).get(str(key))
    elif kind is not None:
        kind = next((part for part in reversed(get_args(kind)) if part is not Ellipsis), None)
    parts = [part for part in get_args(kind) if part is not type(None)]
    return parts[0] if type(None) in get_args(kind) else kind


def _sentence(message: str) -> str:
    """A message of pydantic's as a part of ours: one that is ours already as it is."""
    sentence = message.removeprefix("Value error, ")
    return sentence if sentence != message else message[:1].lower() + message[1:]
