"""Turns pydantic's findings into sentences."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError

_WORDS = {
    "extra_forbidden": "unknown key",
    "unexpected_keyword_argument": "unknown key",
    "missing": "missing key",
    "missing_argument": "missing key",
    "json_invalid": "not valid JSON",
    "model_type": "input should be a valid dictionary",
}


def faults(error: ValidationError, *, known: tuple[str, ...] = ()) -> str:
    """Every fault of a validation as one line: ``key 'tagz': unknown key; ...``.

    Args:
        error: What pydantic found.
        known: Key names to offer where an unknown one looks like a slip.
    """
    sentences = []
    for fault in error.errors(include_url=False):
        kind = fault["type"]
        key = ".".join(str(part) for part in fault["loc"])
        words = _WORDS.get(kind, fault["msg"][:1].lower() + fault["msg"][1:])
        if kind == "json_invalid":
            words = f"not valid JSON ({fault['ctx']['error']})"
        elif kind == "value_error":
            words = str(fault["ctx"]["error"])
        elif words == "unknown key" and (near := get_close_matches(key.rpartition(".")[2], known, n=1)):
            words = f"unknown key (did you mean {near[0]!r}?)"
        sentences.append(f"key {key!r}: {words}" if key else words)
    return "; ".join(sentences)
