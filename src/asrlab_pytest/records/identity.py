"""What a model was when it wrote its texts, and what of it has changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypedDict, cast

from asrlab_pytest.records.observation import Observation

_WEIGHTS: tuple[Literal["weights_sha256", "weights_revision"], ...] = ("weights_sha256", "weights_revision")
_PLACE: tuple[Literal["device", "compute_type"], ...] = ("device", "compute_type")
_TEXTS = ("engine", "engine_version", *_WEIGHTS, *_PLACE)
_KEYS = (*_TEXTS, "decoding")
_MACHINE = frozenset({"threads"})
"""Of the decoding: what differs between machines, and changes no text."""
_DIGITS = 8
"""Of a digest."""


class Identity(TypedDict, total=False):
    """What wrote a text; unknown keys are left out."""

    engine: str
    engine_version: str
    weights_sha256: str
    weights_revision: str
    device: str
    compute_type: str
    decoding: Mapping[str, object]


class IdentityOfClips(Identity):
    """What wrote some of a model's texts."""

    clips: list[str]


class Stated(Identity, total=False):
    """What a baseline states about a model: what wrote most of its texts, and what wrote the others."""

    others: list[IdentityOfClips]


Identities = Mapping[str, Identity]
"""What wrote each text, by clip."""


def identity_of(observation: Observation) -> Identity:
    """Engine, weights, device and decoding of an observation."""
    known = {key: value for key in _KEYS if (value := getattr(observation, key)) is not None}
    if "decoding" in known:
        known["decoding"] = {key: value for key, value in known["decoding"].items() if key not in _MACHINE}
    return cast("Identity", known)


def identities_of(observations: Iterable[Observation]) -> dict[str, Identity]:
    """The identity of each observation of a model, by clip."""
    return {observation.clip: identity_of(observation) for observation in observations}


class IdentitiesOf(Mapping[str, Identity]):
    """The identity of each observation of a model, by clip, computed on demand.

    Args:
        rows: The observations by clip.
    """

    def __init__(self, rows: Mapping[str, Observation]) -> None:
        self._rows = rows

    def __getitem__(self, clip: str) -> Identity:
        return identity_of(self._rows[clip])

    def __contains__(self, clip: object) -> bool:
        return clip in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def identity_changes(
    then: Identities, now: Identities, noun: str, *, is_same_model: bool = True, clips: Iterable[str] | None = None
) -> list[str]:
    """What of a model is not as it was, as "device cpu -> cuda", with a count where it is not so on every clip.

    Args:
        then: What wrote the baseline's texts.
        now: What wrote the texts of now. Clips of one side alone are not compared.
        noun: What a clip is called.
        is_same_model: Whether both are one model. Another has another engine and weights, which is not a change.
        clips: Those to compare; all that both sides have where it is None.
    """
    counts: Counter[str] = Counter()
    first: dict[str, tuple[str, int]] = {}
    every = 0
    for clip in now if clips is None else clips:
        if clip in now and clip in then:
            every += 1
            for place, change in enumerate(_changes(then[clip], now[clip], is_same_model)):
                counts[change] += 1
                first[change] = min(first.get(change, (clip, place)), (clip, place))
    return [
        change if counts[change] == every else f"{change} (in {counts[change]} of {every} {noun}s)"
        for change in sorted(counts, key=first.__getitem__)
    ]


def stated(identities: Identities) -> Stated:
    """The identity of most texts; below `others` those of the other texts, with their clips."""
    several: list[tuple[Identity, list[str]]] = []
    for clip, identity in sorted(identities.items()):
        clips = next((clips for known, clips in several if known == identity), None)
        if clips is None:
            several.append((identity, clips := []))
        clips.append(clip)
    several.sort(key=lambda item: -len(item[1]))
    others: list[IdentityOfClips] = [{**identity, "clips": clips} for identity, clips in several[1:]]
    common: Identity = several[0][0] if several else {}
    return {**common, "others": others} if others else cast("Stated", common)


def unstated(model: Stated, clips: Iterable[str]) -> dict[str, Identity]:
    """The identity of each text, by clip: of what `stated` wrote."""
    others = {clip: _plain(identity) for identity in model.get("others", ()) for clip in identity["clips"]}
    common = _plain(model)
    return {clip: others.get(clip, common) for clip in clips}


def check_models(models: Any) -> None:
    """Check what the first line of a baseline states of its models.

    Raises:
        ValueError: it is none of what `stated` writes.
    """
    if not (isinstance(models, dict) and all(_is_stated(model) for model in models.values())):
        raise ValueError("key 'models': no objects by model")


def _is_stated(model: Any) -> bool:
    if not _is_identity(model) or not isinstance(model.get("others", []), list):
        return False
    return all(
        _is_identity(identity) and isinstance(identity.get("clips"), list) for identity in model.get("others", ())
    )


def _is_identity(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("decoding", {}), dict)
        and all(isinstance(value.get(key, ""), str) for key in _TEXTS)
        and all(isinstance(clip, str) for clip in value.get("clips", ()))
    )


def _plain(value: Identity) -> Identity:
    return cast("Identity", {key: each for key, each in value.items() if key in _KEYS})


def _changes(then: Identity, now: Identity, is_same_model: bool) -> Iterator[str]:
    """A key that only one side has is not a change, except for weights that are no longer identified."""
    if is_same_model:
        yield from _weights(then, now)
        yield from _engine(then, now)
    yield from _device(then, now)
    yield from _decoding(then, now)


def _weights(then: Identity, now: Identity) -> Iterator[str]:
    for key in _WEIGHTS:
        old, new = then.get(key), now.get(key)
        if old and new:
            if old != new:
                yield f"weights {old[:_DIGITS]} -> {new[:_DIGITS]}"
            return
    known = then.get("weights_sha256") or then.get("weights_revision")
    if known and not any(map(now.get, _WEIGHTS)):
        yield f"weights {known[:_DIGITS]} -> not identified"


def _engine(then: Identity, now: Identity) -> Iterator[str]:
    old, new = then.get("engine", ""), now.get("engine", "")
    # Earlier records have no version of some engines.
    if old != new or (then.get("engine_version") and now.get("engine_version")):
        old, new = (f"{side.get('engine', '')} {side.get('engine_version', '')}".strip() for side in (then, now))
    if old and new and old != new:
        yield f"engine {old} -> {new}"


def _device(then: Identity, now: Identity) -> Iterator[str]:
    for key in _PLACE:
        old, new = then.get(key), now.get(key)
        if old and new and old != new:
            yield f"{key} {old} -> {new}"


def _decoding(then: Identity, now: Identity) -> Iterator[str]:
    old, new = then.get("decoding") or {}, now.get("decoding") or {}
    for key in sorted((old.keys() & new.keys()) - _MACHINE):
        # A file has lists where a run has tuples.
        if _as_list(old[key]) != _as_list(new[key]):
            yield f"{key} {old[key]} -> {new[key]}"


def _as_list(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
