"""In what two environments differ, and what of a run each difference can change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from asrlab_pytest.records.environment import Environment
from asrlab_pytest.records.model import ModelIdentity
from asrlab_pytest.tasks import LISTS

Effect = Literal["text", "speed", "text and speed", "scores", "nothing"]

_FIELDS: dict[str, Effect] = {
    # The project's own code, manifest and tables.
    "git.commit": "text and speed",
    "git.dirty": "text and speed",
    "python": "speed",
    # Its mathematical library rounds in its own way.
    "os": "text and speed",
    # Kernels are chosen by instruction set, and sums depend on how they are split over threads.
    "cpu": "text and speed",
    "cores.physical": "text and speed",
    "cores.logical": "text and speed",
    "memory_bytes": "nothing",
    "accelerator": "text and speed",
}
_PACKAGES: dict[str, Effect] = {
    "jiwer": "scores",
    "pytest": "nothing",
    "pytest-benchmark": "nothing",
    "rapidfuzz": "scores",
    "soundfile": "text",
    "soxr": "text",
    "whisper-normalizer": "scores",
}
_NONE = "none"
Protocols = Mapping[str, Sequence[str]]
"""Signatures of rules, by what they are for."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it was."""

    what: str
    then: str
    now: str
    can_change: Effect

    def __str__(self) -> str:
        return f"{self.what}: {self.then}, now {self.now} (can change: {self.can_change})"


def differences(then: Environment, now: Environment) -> list[Difference]:
    """What is not the same in two environments of records. Time and load are never the same, and left out."""
    kinds = (_of_fields, _of_lists, _of_tables, _of_protocols)
    return [difference for kind in kinds for difference in kind(then, now)]


def weights_differences(
    then: Sequence[ModelIdentity], now: Mapping[str, tuple[str | None, str | None] | str]
) -> list[Difference]:
    """Whose weights are not those of the record.

    Args:
        then: Models of the record, one or more times each.
        now: SHA-256 and revision of each model's weights or, where they are not here, why.
    """
    changes = []
    for model, old in {row.model: row for row in reversed(then)}.items():
        present = now[model]
        recorded = (old.weights_sha256, old.weights_revision)
        shown = present if isinstance(present, str) else _identity(present)
        if isinstance(present, str) or not _same_weights(recorded, present):
            changes.append(Difference(f"weights of {model}", _identity(recorded), shown, "text and speed"))
    return changes[::-1]


def by_profile(signatures: Sequence[str]) -> dict[str, str]:
    """Signatures by what they are of: ``{"en": "asrlab-norm/1.0+en#7c25f240"}``."""
    return {signature.partition("+")[2].partition("#")[0]: signature for signature in signatures}


def _same_weights(then: tuple[str | None, str | None], now: tuple[str | None, str | None]) -> bool:
    """Whether what both know of the weights is the same."""
    return all(digest == other for digest, other in zip(then, now, strict=True) if digest and other)


def _identity(weights: tuple[str | None, str | None]) -> str:
    sha256, revision = weights
    return sha256[:12] if sha256 else revision or _NONE


def _of_fields(then: Environment, now: Environment) -> Iterator[Difference]:
    for name, effect in _FIELDS.items():
        old, new = _at(then, name), _at(now, name)
        if old != new:
            yield Difference(name.replace(".", " "), _shown(old), _shown(new), effect)


def _of_lists(then: Environment, now: Environment) -> Iterator[Difference]:
    for name in (f"{listing}.manifest_sha256" for listing in LISTS.values()):
        old, new = _at(then, name), _at(now, name)
        if None not in (old, new) and old != new:
            yield Difference(name.replace(".", " "), _shown(old), _shown(new), "text")


def _of_tables(then: Environment, now: Environment) -> Iterator[Difference]:
    packages, threads = (then.packages, now.packages), (then.thread_variables, now.thread_variables)
    for old, new in (packages, threads):
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                effect = _PACKAGES.get(name, "text and speed")
                yield Difference(name, _shown(old.get(name)), _shown(new.get(name)), effect)


def _of_protocols(then: Environment, now: Environment) -> Iterator[Difference]:
    for what, old, new in other_signatures(then.protocols, now.protocols):
        yield Difference(what, old, new, "scores")


def other_signatures(then: Protocols | None, now: Protocols | None) -> Iterator[tuple[str, str, str]]:
    """Rules of the same name with another signature, with both; other clips may well have other rules."""
    for kind, signatures in (then or {}).items():
        present = by_profile((now or {}).get(kind, ()))
        for name, signature in by_profile(signatures).items():
            if present.get(name, signature) != signature:
                yield f"{kind} {name}", signature, present[name]


def _at(environment: Environment, name: str) -> object:
    value: object = environment
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
    return value


def _shown(value: object) -> str:
    if value is None:
        return _NONE
    text = str(value)
    return text[:12] if len(text) in (40, 64) and set(text) <= set("0123456789abcdef") else text
