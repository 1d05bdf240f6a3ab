"""The part of an error's traceback that an engine's author can use."""

from __future__ import annotations

import traceback
from pathlib import Path

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.frames import frames_after
from asrlab_pytest.models import contained, engine, status
from asrlab_pytest.models.contained import EngineFault, EngineQuit

_HERE = Path(__file__).parent
_RAISERS = (contained.__file__, engine.__file__, status.__file__)
"""Files of ours that put into words what an engine raises, other than those of this folder."""
_CALLERS = tuple(_HERE.parent / name for name in ("cli", "inference", "models"))
"""Folders of files that call engines, which are in folders of their own."""


def engine_error(error: AsrlabError) -> BaseException | None:
    """What an engine raised, if this error was made of it here; None if the engine, or another part, put it in words.

    Those words are shown without a traceback.
    """
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    return error.__cause__ if frames and _puts_in_words(frames[0].filename) else None


def engine_trace(error: BaseException) -> str:
    """The frames of the engine's code, as Python prints them; empty if none of it raised the error."""
    if isinstance(error, EngineFault):
        return error.trace
    origin = error.__cause__ if isinstance(error, EngineQuit) and error.__cause__ is not None else error
    return frames_after(origin, lambda file: Path(file).parent in _CALLERS)


def _puts_in_words(file: str) -> bool:
    return file in _RAISERS or Path(file).parent == _HERE
