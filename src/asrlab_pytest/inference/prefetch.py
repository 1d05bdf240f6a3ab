"""Decodes the audio of the next clip while the present one is transcribed, where that disturbs no clock."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

from asrlab_pytest.corpus.clip import Clip

if TYPE_CHECKING:
    from asrlab_pytest.corpus.audio import Audio


class AudioAhead:
    """Holds the audio of one clip at most, so that memory stays flat.

    Args:
        clips: In the order in which they will be asked for; another order costs a decoding and no more.
    """

    def __init__(self, clips: Sequence[Clip] = ()) -> None:
        self._next: dict[str, Clip] = {}
        self.expect(clips)
        self._pool: ThreadPoolExecutor | None = None
        self._coming: tuple[str, Future[Audio]] | None = None

    def expect(self, clips: Sequence[Clip]) -> None:
        """Expect exactly these clips next."""
        self._next = {clip.id: following for clip, following in pairwise(clips)}

    def load(self, clip: Clip) -> Audio:
        """The clip's audio: what was decoded ahead, or decoded now.

        Raises:
            ClipError: it cannot be used.
        """
        from asrlab_pytest.corpus.audio import load_audio

        coming, self._coming = self._coming, None
        if coming is not None and coming[0] == clip.id:
            return coming[1].result()
        return load_audio(clip)

    def begin_after(self, clip: Clip) -> None:
        """Begin to decode the clip that comes after this one."""
        from asrlab_pytest.corpus.audio import load_audio

        following = self._next.get(clip.id)
        if following is not None and self._coming is None:
            self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="asrlab-ahead")
            self._coming = (following.id, self._pool.submit(load_audio, following))

    def close(self) -> None:
        """End the thread, and release what it decoded."""
        self._coming = None
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
