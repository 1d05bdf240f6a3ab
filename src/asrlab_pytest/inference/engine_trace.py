"""The part of an error's traceback that an engine's author can use."""

from __future__ import annotations

import traceback
from pathlib import Path

from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.frames import frames_after
from asrlab_pytest.models import contained, engine
from asrlab_pytest.models.contained import EngineFault, EngineQuit

_HERE = Path(__file__).parent
_CALLERS = (contained.__file__, engine.__file__)
"""Files of ours that call engines, other than those of this folder."""


def engine_error(error: AsrlabError) -> BaseException | None:
    """What an engine raised, if this error was made of it here; None if the engine, or another part, put it in words.

    Those words are shown without a traceback.
    """
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    return error.__cause__ if frames and _is_a_caller(frames[0].filename) else None


def engine_trace(error: BaseException) -> str:
    """The frames of the engine's code, as Python prints them; empty if none of it raised the error."""
    if isinstance(error, EngineFault):
        return error.trace
    origin = error.__cause__ if isinstance(error, EngineQuit) and error.__cause__ is not None else error
    return frames_after(origin, _is_a_caller)


def _is_a_caller(file: str) -> bool:
    return file in _CALLERS or Path(file).parent == _HERE
