"""What a model was when it wrote its texts, and what of it has changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_KEYS = ("engine", "engine_version", "weights_sha256", "weights_revision", "device", "compute_type", "decoding")
_DIGITS = 8
"""Of a digest."""

Identity = Mapping[str, Any]


def identity_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Engine, weights, device and decoding of a model, from its observations; empty where they do not say."""
    first = next((row for row in rows if "engine" in row), None)
    return {} if first is None else {key: first[key] for key in _KEYS if first.get(key) is not None}


def identity_changes(then: Identity, now: Identity) -> list[str]:
    """What of a model is not as it was, as "device cpu -> cuda"; what only one side states is no change."""
    return [*_weights(then, now), *_engine(then, now), *_plain(then, now), *_decoding(then, now)]


def _weights(then: Identity, now: Identity) -> Iterator[str]:
    for key in ("weights_sha256", "weights_revision"):
        old, new = then.get(key), now.get(key)
        if old and new:
            if old != new:
                yield f"weights {old[:_DIGITS]} -> {new[:_DIGITS]}"
            return


def _engine(then: Identity, now: Identity) -> Iterator[str]:
    old, new = (" ".join(filter(None, (one.get("engine"), one.get("engine_version")))) for one in (then, now))
    if old and new and old != new:
        yield f"engine {old} -> {new}"


def _plain(then: Identity, now: Identity) -> Iterator[str]:
    for key in ("device", "compute_type"):
        old, new = then.get(key), now.get(key)
        if old and new and old != new:
            yield f"{key} {old} -> {new}"


def _decoding(then: Identity, now: Identity) -> Iterator[str]:
    old, new = then.get("decoding") or {}, now.get("decoding") or {}
    for key in sorted(old.keys() & new.keys()):
        if old[key] != new[key]:
            yield f"{key} {old[key]} -> {new[key]}"
