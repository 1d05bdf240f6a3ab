"""What of a model is not as it was in the baseline: its weights, engine, device and decoding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from asrlab_pytest.gates.outcome import many
from asrlab_pytest.models.spec import SPEED_ALONE

_SHORT = 12
_NAMES = {
    "engine": "engine",
    "engine_version": "version of the engine",
    "device": "device",
    "compute_type": "compute type",
    "profile": "decoding profile",
}
_OF_THE_MODEL = frozenset({"engine", "engine_version"})
"""What two models differ in anyway."""


def model_changes(
    pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]], noun: str, *, is_same_model: bool
) -> tuple[str, ...]:
    """What is known of both sides and differs, in words; with a count where it is not so on every clip.

    Args:
        pairs: Rows of the baseline and of now.
        noun: What a row is of, in a word.
        is_same_model: Whether the baseline's model is the one of now. Of another one only device, compute type and
            profile are compared.
    """
    found: Counter[str] = Counter()
    total = 0
    for before, now in pairs:
        total += 1
        found.update(_differences(before, now, is_same_model))
    return tuple(
        change if count == total else f"{change} (on {count} of {many(total, noun)})" for change, count in found.items()
    )


def _differences(before: Mapping[str, Any], now: Mapping[str, Any], is_same_model: bool) -> Iterator[str]:
    if is_same_model:
        yield from _weights(before, now)
    for key, name in _NAMES.items():
        if (is_same_model or key not in _OF_THE_MODEL) and _differs(before.get(key), now.get(key)):
            yield f"{name} {before[key]}, now {now[key]}"
    if is_same_model:
        yield from _decoding(before.get("decoding"), now.get("decoding"))


def _weights(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """By their hash; by their revision where a side has no hash."""
    for key in ("weights_sha256", "weights_revision"):
        old, new = before.get(key), now.get(key)
        if old and new:
            if old != new:
                yield f"weights {old[:_SHORT]}, now {new[:_SHORT]}"
            return


def _decoding(before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Iterator[str]:
    for key in [key for key in before or {} if key not in SPEED_ALONE]:
        old, new = (before or {})[key], (now or {}).get(key)
        if _differs(old, new):
            yield f"{key} {old}, now {new}"


def _differs(old: Any, new: Any) -> bool:
    """Of what a side does not say, nothing is known."""
    return old is not None and new is not None and _plain(old) != _plain(new)


def _plain(value: Any) -> Any:
    """A record has lists where a run has tuples."""
    return list(value) if isinstance(value, tuple) else value
