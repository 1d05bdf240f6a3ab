"""One model that transcribes clip after clip: a failure costs one clip, and only a few clips are in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.inference.asr import LiveModel
from asrlab_pytest.inference.loading import RunConditions
from asrlab_pytest.inference.on_demand import Recall, call_rounds
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.records.failure import Failure
from asrlab_pytest.records.observation import Observation

WINDOW = 64
"""Clips that are taken from the corpus at once, so that the next one can be decoded ahead."""
Item = TypeVar("Item")


def chunked(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of this size; the last one may be shorter."""
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk


class Transcriber:
    """Transcribes with one model, which is loaded for the first clip that needs it.

    Args:
        spec: The model.
        conditions: Device, rounds and warm-up of the run.
        recall: Looks up a transcript before the model runs; None to always run it.
    """

    def __init__(self, spec: ModelSpec, conditions: RunConditions, recall: Recall | None = None) -> None:
        self._model = LiveModel(spec, conditions, recall)

    def transcribe(self, clips: Iterable[Clip]) -> Iterator[Observation | Failure]:
        """The result of each clip, in their order.

        Raises:
            ModelError: the model does not load.
        """
        for window in chunked(clips, WINDOW):
            yield from self._window(window)

    @property
    def remarks(self) -> Sequence[str]:
        """Settings that have no effect on the model, in words."""
        return self._model.remarks

    def close(self) -> None:
        """Release the weights."""
        self._model.close()

    def _window(self, clips: Sequence[Clip]) -> Iterator[Observation | Failure]:
        self._model.expect(clips)
        for clip in clips:
            try:
                yield self._model.observe(clip, call_rounds)
            except AsrlabError as error:
                if error is self._model.load_error:
                    raise
                spec = self._model.spec
                yield Failure(task=spec.task, model=spec.id, clip=clip.id, problem=error.in_one_line)
