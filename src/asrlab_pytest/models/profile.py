"""Decoding profiles: the same words for every engine, so that a comparison is fair by construction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from asrlab_pytest.validation import STRICT

Timestamps = Literal["none", "segment", "word"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a model decodes. None leaves a choice to the engine's own default.

    Raises:
        ValueError: a number is out of range.
    """

    __pydantic_config__ = STRICT

    name: str = "own"
    beam_size: int | None = None
    """1 is greedy."""
    temperature: float | tuple[float, ...] | None = None
    """A single one, or several: the first, then those to fall back on."""
    condition_on_previous_text: bool | None = None
    """Whether text is carried from one window of a clip to the next."""
    timestamps: Timestamps | None = None
    vad: bool | None = None
    """Whether audio without speech is cut out before decoding."""
    threads: int | None = None
    """Processor threads; None for the physical cores."""
    compute_type: str | None = None
    """Number format of the weights; "fastest" for the engine's fastest on the device."""

    def __post_init__(self) -> None:
        for key, least in (("beam_size", 1), ("threads", 1)):
            value = getattr(self, key)
            if value is not None and value < least:
                raise ValueError(f"{key} must be {least} or more, not {value}")


FAIR = Profile(
    name="fair",
    beam_size=1,
    temperature=0.0,
    condition_on_previous_text=False,
    timestamps="segment",
    vad=False,
)
LIBRARY = Profile(name="library")
FAST = replace(FAIR, name="fast", timestamps="none", compute_type="fastest")
PROFILES = {profile.name: profile for profile in (FAIR, LIBRARY, FAST)}
"""`fair`: the same in every engine. `library`: each engine's own defaults. `fast`: the fastest that keeps the text."""

GREEDY = 1

COMPARED = ("beam_size", "temperature", "condition_on_previous_text", "timestamps", "vad", "threads")
"""What a recognizer says it used, next to its compute type; models are alike where these are equal."""


def in_force(options: Mapping[str, object], *, vad: bool, threads: int) -> dict[str, object]:
    """Whisper's options in the words of `COMPARED`, as plain JSON.

    Args:
        options: The engine's options, its own defaults included.
        vad: Whether audio without speech is cut out.
        threads: Processor threads.
    """
    temperature = options["temperature"]
    timestamps = "word" if options["word_timestamps"] else "none" if options["without_timestamps"] else "segment"
    return {
        "beam_size": options["beam_size"] or GREEDY,
        "temperature": list(temperature) if isinstance(temperature, (list, tuple)) else temperature,
        "condition_on_previous_text": options["condition_on_previous_text"],
        "timestamps": timestamps,
        "vad": vad,
        "threads": threads,
    }
