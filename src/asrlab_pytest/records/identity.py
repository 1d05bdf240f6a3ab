"""What a model was when it wrote its texts, and what of it has changed since."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from asrlab_pytest.records.observation import Observation
from asrlab_pytest.records.types import Part
from asrlab_pytest.secrets import texts

_WEIGHTS = ("weights_sha256", "weights_revision")
_PLACE = ("device", "compute_type")
_MACHINE = frozenset({"threads", "cpu_threads", "n_threads", "num_threads", "num_workers"})
"""Of decoding and settings: what differs between machines, and changes no text."""
_LONGEST = 40
"""Characters of a value of a setting that is shown."""
_DIGITS = 8
"""Of a digest."""


@dataclass(frozen=True, kw_only=True)
class Identity(Part):
    """What wrote a text, as far as it is known."""

    engine: str | None = None
    engine_version: str | None = None
    weights_sha256: str | None = None
    weights_revision: str | None = None
    device: str | None = None
    compute_type: str | None = None
    decoding: dict[str, object] | None = None
    settings: dict[str, object] | None = None
    """Options in force, in the engine's words."""
    configuration: str | None = None
    """Digest of what the project and the engine's code decide of the texts."""

    def as_json(self) -> dict[str, object]:
        """As plain JSON; what is not known is left out."""
        return {key: value for key, value in vars(self).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Stated(Identity):
    """What a baseline states about a model: what wrote most of its texts, and what wrote the others."""

    others: list[Stated] | None = None
    clips: list[str] | None = None
    """The texts that it wrote; None for most of them."""

    def as_json(self) -> dict[str, object]:
        others = {"others": [other.as_json() for other in self.others]} if self.others else {}
        return {**Identity.as_json(self), **others}


_KEYS = tuple(key.name for key in fields(Identity))
Identities = Mapping[str, Identity]
"""What wrote each text, by clip."""


def identity_of(observation: Observation) -> Identity:
    """Engine, weights, device, decoding and settings of an observation."""
    decoding = observation.decoding
    stays = decoding and {key: value for key, value in decoding.items() if key not in _MACHINE}
    known = {key: getattr(observation, key) for key in _KEYS}
    return Identity(**{**known, "decoding": stays, "settings": observation.settings or None})


def identities_of(observations: Iterable[Observation]) -> dict[str, Identity]:
    """The identity of each observation of a model, by clip."""
    return {observation.clip: identity_of(observation) for observation in observations}


@dataclass(eq=False, repr=False)
class IdentitiesOf(Mapping[str, Identity]):
    """The identity of each observation of a model, by clip, computed on demand."""

    rows: Mapping[str, Observation]

    def __getitem__(self, clip: str) -> Identity:
        return identity_of(self.rows[clip])

    def __contains__(self, clip: object) -> bool:
        return clip in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


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
    several = _grouped((identity, [clip]) for clip, identity in identities.items())
    several = _grouped((_portable(identity), clips) for identity, clips in several)
    several.sort(key=lambda item: (-len(item[1]), min(item[1])))
    others = [Stated(**vars(identity), clips=sorted(clips)) for identity, clips in several[1:]]
    return Stated(**vars(several[0][0] if several else Identity()), others=others or None)


def _grouped(parts: Iterable[tuple[Identity, list[str]]]) -> list[tuple[Identity, list[str]]]:
    """Each identity once, with all of its clips."""
    several: list[tuple[Identity, list[str]]] = []
    for identity, clips in parts:
        known = next((known for other, known in several if other == identity), None)
        if known is None:
            several.append((identity, known := []))
        known += clips
    return several


def _portable(identity: Identity) -> Identity:
    """An identity without settings that differ between machines: threads, and paths, which the digest covers."""
    settings = identity.settings or {}
    stays = {key: value for key, value in settings.items() if key not in _MACHINE and not _has_path(value)}
    return replace(identity, settings=stays or None)


def _has_path(value: object) -> bool:
    return any(text.startswith("~") or Path(text).is_absolute() for _, text in texts(value))


def unstated(model: Stated, clips: Iterable[str]) -> dict[str, Identity]:
    """The identity of each text, by clip: of what `stated` wrote."""
    others = {clip: _plain(identity) for identity in model.others or () for clip in identity.clips or ()}
    common = _plain(model)
    return {clip: others.get(clip, common) for clip in clips}


def _plain(stated: Stated) -> Identity:
    return Identity(**{key: getattr(stated, key) for key in _KEYS})


def _changes(then: Identity, now: Identity, is_same_model: bool) -> Iterator[str]:
    """A key that only one side has is not a change, except for weights that are no longer identified."""
    changes = [*_weights(then, now), *_engine(then, now)] if is_same_model else []
    changes += [*_device(then, now), *_decoding(then, now)]
    if is_same_model and then.configuration and now.configuration and then.configuration != now.configuration:
        changes += _settings(then, now)
        changes = changes or ["options or engine code changed"]
    yield from changes


def _weights(then: Identity, now: Identity) -> Iterator[str]:
    for key in _WEIGHTS:
        old, new = getattr(then, key), getattr(now, key)
        if old and new:
            if old != new:
                yield f"weights {_brief(old)} -> {_brief(new)}"
            return
    known = then.weights_sha256 or then.weights_revision
    if known and not (now.weights_sha256 or now.weights_revision):
        yield f"weights {_brief(known)} -> not identified"


def _brief(identity: str) -> str:
    """The first digits of a digest or commit; a name, such as a voice and its program's version, whole."""
    return identity[:_DIGITS] if re.fullmatch("[0-9a-fA-F]+", identity) else identity


def _engine(then: Identity, now: Identity) -> Iterator[str]:
    old, new = then.engine, now.engine
    # Earlier records have no version of some engines.
    if old != new or (then.engine_version and now.engine_version):
        old, new = (f"{side.engine or ''} {side.engine_version or ''}".strip() for side in (then, now))
    if old and new and old != new:
        yield f"engine {old} -> {new}"


def _device(then: Identity, now: Identity) -> Iterator[str]:
    for key in _PLACE:
        old, new = getattr(then, key), getattr(now, key)
        if old and new and old != new:
            yield f"{key} {old} -> {new}"


def _decoding(then: Identity, now: Identity) -> Iterator[str]:
    old, new = then.decoding or {}, now.decoding or {}
    for key in sorted((old.keys() & new.keys()) - _MACHINE):
        # A file has lists where a run has tuples.
        if _as_list(old[key]) != _as_list(new[key]):
            yield f"{key} {old[key]} -> {new[key]}"


def _settings(then: Identity, now: Identity) -> Iterator[str]:
    """Options that are not as they were, other than those that the decoding has."""
    old, new = (_portable(side).settings or {} for side in (then, now))
    for key in sorted({*old, *new} - {*(then.decoding or {}), *(now.decoding or {})}):
        if _as_list(old.get(key)) != _as_list(new.get(key)):
            shown = [str(side[key]) or '""' if key in side else "not set" for side in (old, new)]
            yield f"{key} {' -> '.join(shown)}" if max(map(len, shown)) <= _LONGEST else f"another {key}"


def _as_list(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
