"""Several clips in one call: which clips go together, their transcripts, and each clip's share of the call's time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.models.engine import Loaded

if TYPE_CHECKING:
    from asrlab_pytest.corpus.audio import Audio
    from asrlab_pytest.inference.observing import Costs


def takes_batches(recognizer: Loaded) -> bool:
    """Whether the engine has its own batch call; the default loops over the clips, which would hide their times."""
    return bool(getattr(recognizer, "takes_batches", False))


def shared_out(costs: Costs, audios: Sequence[Audio]) -> list[Costs]:
    """Each clip's share of a call's time, in proportion to its length; the shares add up to the time of the call."""
    whole = sum(audio.seconds for audio in audios)
    return [_share(costs, audio.seconds / whole, len(audios)) for audio in audios]


def _share(costs: Costs, share: float, batch_size: int) -> Costs:
    return replace(
        costs,
        latencies_s=tuple(share * seconds for seconds in costs.latencies_s),
        cpu_s=tuple(share * seconds for seconds in costs.cpu_s),
        batch_size=batch_size,
    )


class Following:
    """The clips that come after a clip, in order.

    Args:
        clips: In the expected order, as far as it is known.
    """

    def __init__(self, clips: Sequence[Clip]) -> None:
        self._clips = clips
        self._places = {clip.id: place for place, clip in enumerate(clips)}

    def after(self, clip: Clip) -> Iterator[Clip]:
        """The clips after this one; none after a clip that is not among them."""
        place = self._places.get(clip.id)
        if place is not None:
            yield from map(self._clips.__getitem__, range(place + 1, len(self._clips)))
