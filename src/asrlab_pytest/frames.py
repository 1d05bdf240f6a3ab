"""The part of a traceback that the author of another package's code can use."""

from __future__ import annotations

import traceback
from collections.abc import Callable


def frames_after(error: BaseException, is_caller: Callable[[str], bool]) -> str:
    """The frames below the last one in a file that calls such code, as Python prints them."""
    frames = traceback.extract_tb(error.__traceback__)
    calls = [number for number, frame in enumerate(frames, start=1) if is_caller(frame.filename)]
    return "".join(traceback.format_list(frames[calls[-1] if calls else 0 :])).rstrip()
