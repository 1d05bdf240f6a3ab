"""Licences of weights that must be accepted before they are downloaded, and what was accepted on this machine."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Literal

from asrlab_pytest.content import expanded_path, replacing
from asrlab_pytest.errors import ModelError
from asrlab_pytest.models.contained import asked
from asrlab_pytest.models.engine import engine
from asrlab_pytest.models.spec import ModelSpec, Status

LFM = "LFM Open License v1.0"
LESSAC = "Blizzard 2013 Lessac research licence"
TERMS = {
    LESSAC: "the recordings of the voice may be used for research only",
    LFM: "commercial use is licensed only to those with a yearly revenue below 10 million US dollars",
}
"""What to know of a licence before it is accepted; no advice."""


def licence_of(spec: ModelSpec) -> str | None:
    """The licence of a model's weights that must be accepted: as its table states it, or its engine knows it."""
    return _known_to_engine(spec, "license_of") if spec.license is None else spec.license


def is_accepted(spec: ModelSpec) -> bool:
    """Whether the model's weights may be downloaded: no licence asks for it, or it was accepted on this machine."""
    licence = licence_of(spec)
    return licence is None or licence in _accepted()


def accept(licence: str) -> None:
    """Remember that a licence was accepted, for all models that have it."""
    accepted = sorted({*_accepted(), licence})
    with replacing(_file()) as file:
        file.write("".join(f"{name}\n" for name in accepted).encode())


def in_words(spec: ModelSpec) -> str:
    """The model's licence, with what to know of it, and where it can be read."""
    licence, address = licence_of(spec), _known_to_engine(spec, "license_url")
    notes = [TERMS.get(licence or ""), f"its text: {address}" if address else None]
    said = "; ".join(filter(None, notes))
    return f"{licence} ({said})" if said else str(licence)


def with_licence(spec: ModelSpec, status: Status) -> Status:
    """The status of a model without weights, with the licence that is not accepted yet."""
    if is_accepted(spec):
        return status
    reason = f"{status.reason}, and the license of its weights is not accepted: {in_words(spec)}"
    return replace(status, reason=reason, hint=f"asrlab pull {spec.name}")


def _known_to_engine(spec: ModelSpec, name: Literal["license_of", "license_url"]) -> str | None:
    """What the engine says about the weights; None if there is no such engine.

    Raises:
        ModelError: the engine cannot tell.
    """
    try:
        adapter = engine(spec.engine)
    except ModelError:
        return None
    known = asked(spec.id, spec.engine, "the license of the weights", lambda: getattr(adapter, name)(spec))
    return None if known is None else str(known)


def _accepted() -> set[str]:
    try:
        return set(_file().read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return set()


def _file() -> Path:
    folder = os.environ.get("XDG_CONFIG_HOME") or expanded_path("~/.config")
    return Path(folder) / "asrlab" / "accepted-licenses.txt"
