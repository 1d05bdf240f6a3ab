"""How long a clip is where its line only says where it ends."""

from __future__ import annotations

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError


def seconds_in_file(clip: Clip) -> float | None:
    """How long a clip is; that of a segment by its file's header, if it can be read."""
    from asrlab_pytest.corpus.audio import header

    if not clip.is_segment:
        return clip.seconds
    try:
        return header(clip)[0]
    except ClipError:
        return clip.seconds
