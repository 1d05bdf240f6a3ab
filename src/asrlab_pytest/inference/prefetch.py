"""The clips that come next: which they are, and the audio of the first, decoded where that disturbs no clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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
        self.expect(clips)
        self._pool: ThreadPoolExecutor | None = None
        self._coming: tuple[str, Future[Audio]] | None = None

    def expect(self, clips: Sequence[Clip]) -> None:
        """Expect exactly these clips next."""
        self._clips = clips
        self._places = {clip.id: place for place, clip in enumerate(clips)}

    def after(self, clip: Clip) -> Iterator[Clip]:
        """The clips after this one, in order; none after a clip that is not expected."""
        place = self._places.get(clip.id)
        if place is not None:
            yield from map(self._clips.__getitem__, range(place + 1, len(self._clips)))

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

        following = next(self.after(clip), None)
        if following is not None and self._coming is None:
            self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="asrlab-ahead")
            self._coming = (following.id, self._pool.submit(load_audio, following))

    def close(self) -> None:
        """End the thread, and release what it decoded."""
        self._coming = None
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
