"""What objects, classes, closures and variables of the context hold."""

from __future__ import annotations

from contextvars import Context, ContextVar
from typing import Any


def state_of(value: object) -> dict[str, object]:
    """What an object holds, in its dictionary and its slots."""
    slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ()) if hasattr(value, name)]
    return {**getattr(value, "__dict__", {}), **{name: getattr(value, name) for name in slots if name != "__dict__"}}


def held_by_class(kind: type) -> dict[str, object]:
    """What a class holds but for its own methods and what Python adds, by name."""
    own = f"{kind.__qualname__}."
    return {
        name: value
        for name, value in sorted(vars(kind).items())
        if not name.startswith("_") and not getattr(value, "__qualname__", "").startswith(own)
    }


def default_of(variable: ContextVar[Any]) -> Any:
    """What a variable of the context is where nothing sets it; None without a default."""
    try:
        return Context().run(variable.get)
    except LookupError:
        return None


def is_of_regex(value: object) -> bool:
    """Whether a value is a pattern of the package `regex`."""
    return (type(value).__module__, type(value).__name__) == ("_regex", "Pattern")


def cell_content(cell: Any) -> Any:
    """What a closure holds; None before it is given."""
    try:
        return cell.cell_contents
    except ValueError:
        return None
