"""What made the texts of a baseline: engine, weights, device and decoding, once a model and not once a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from asrlab_pytest.models.spec import IDENTITY, SPEED_ALONE

Identity = dict[str, Any]


def identity_of(row: Mapping[str, Any]) -> Identity:
    """What is known of what made a text, without keys that are null."""
    known: Identity = {key: row[key] for key in IDENTITY if row.get(key) is not None}
    if isinstance(known.get("decoding"), Mapping):
        known["decoding"] = {key: value for key, value in known["decoding"].items() if key not in SPEED_ALONE}
    return known


def identities(rows: Mapping[str, Mapping[str, Any]]) -> list[Identity]:
    """The identities of a model's texts, the commonest first.

    Each but the first has the `clips` that it made: a baseline that was renewed in part is of two.
    """
    found: list[tuple[Identity, list[str]]] = []
    for clip, row in sorted(rows.items()):
        own = identity_of(row)
        clips = next((clips for identity, clips in found if identity == own), None)
        if clips is None:
            found.append((own, clips := []))
        clips.append(clip)
    found.sort(key=lambda one: -len(one[1]))
    return [{**own, **({"clips": clips} if number else {})} for number, (own, clips) in enumerate(found)]


def with_identities(rows: Iterable[dict[str, Any]], stated: Mapping[str, list[Identity]]) -> list[dict[str, Any]]:
    """The texts, each with what made it, as far as the baseline states it."""
    return [{**_identity_for(stated.get(row["model"], []), row["clip"]), **row} for row in rows]


def check_identities(stated: Any) -> None:
    """Check what the first line of a baseline states.

    Raises:
        ValueError: it is no list of identities by model.
    """
    lists = list(stated.values()) if isinstance(stated, dict) else [None]
    if not all(isinstance(one, list) and all(map(_is_identity, one)) for one in lists):
        raise ValueError("key 'models': no lists of identities by model")


def _is_identity(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("clips", []), list)
        and isinstance(one.get("decoding", {}), dict)
        and all(isinstance(one.get(key, ""), str) for key in IDENTITY if key != "decoding")
    )


def _identity_for(several: list[Identity], clip: str) -> Identity:
    own = next((one for one in several if clip in one.get("clips", ())), None) or (several[0] if several else {})
    return {key: value for key, value in own.items() if key in IDENTITY}
