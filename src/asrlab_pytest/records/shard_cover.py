"""Which shards of a run exist, and which are missing, duplicated, or from a different split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from asrlab_pytest.records.environment import Environment, listing_of
from asrlab_pytest.tasks import LISTS

if TYPE_CHECKING:
    from asrlab_pytest.records.reading import Run


def missing_shards(parts: Sequence[Environment]) -> Iterator[str]:
    """What is missing from the merged shards, in words.

    Args:
        parts: Environments of the records. Those without a shard are ignored.
    """
    of_models: dict[str, dict[str, None]] = {}
    for part in parts:
        for model in _models(part) if _shard(part) else ():
            of_models.setdefault(model, {})[_shard(part)] = None
    sentences = {model: sentence for model, shards in of_models.items() if (sentence := _missing(list(shards)))}
    for sentence, models in groupby(
        sorted(sentences, key=lambda model: sentences[model]), lambda model: sentences[model]
    ):
        names = ", ".join(models)
        yield sentence if len(sentences) == len(of_models) == names.count(", ") + 1 else f"{sentence} of {names}"
    yield from _other_wholes([part for part in parts if _shard(part)])


def shards_twice(runs: Sequence[Run]) -> Iterator[str]:
    """Shards with two finished records, in words. An interrupted record may be merged with the one that resumed it."""
    first: dict[tuple[str, str], Run] = {}
    for run in runs:
        environment = run.environment or {}
        cases = [(model, _shard(environment)) for model in _models(environment) if _shard(environment)]
        twice = next((case for case in cases if case in first), None)
        if twice and run.is_ended:
            yield f"shard {twice[1]} twice: {first[twice].path} and {run.path}"
        first.update({case: run for case in cases if run.is_ended and case not in first})


def _shard(part: Environment) -> str:
    """As i/n; empty if the run was not one of several."""
    return part["settings"].get("shard") or "" if "settings" in part else ""


def _models(part: Environment) -> Sequence[str]:
    """The planned models of a part; one without a name if it does not say."""
    return list(part.get("plan") or part.get("planned") or ("",))


def _missing(shards: Sequence[str]) -> str:
    counts = {shard.partition("/")[2] for shard in shards}
    if len(counts) > 1:
        return f"shards of different splits: {', '.join(shards)}"
    count = counts.pop()
    missing = [f"{index}/{count}" for index in range(1, int(count) + 1) if f"{index}/{count}" not in shards]
    return f"no shard {', '.join(missing)}" if missing else ""


def _other_wholes(parts: Sequence[Environment]) -> Iterator[str]:
    """Shards of the same models that were cut from another number of samples."""
    for key in LISTS.values():
        counts: dict[tuple[str, ...], dict[str, int]] = {}
        for part in parts:
            chosen = (listing_of(part, key) or {}).get("chosen")
            if chosen is not None:
                counts.setdefault(tuple(_models(part)), {})[_shard(part)] = chosen
        for of_shards in counts.values():
            if len({*of_shards.values()}) > 1:
                shards = ", ".join(f"{shard} of {count:,} samples" for shard, count in of_shards.items())
                yield f"shards of different splits: {shards}"
