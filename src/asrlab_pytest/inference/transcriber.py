"""One model that transcribes clip after clip: a failure costs one clip, and only a few clips are in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.inference.asr import LiveModel
from asrlab_pytest.inference.on_demand import call_rounds
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


def transcribed(model: LiveModel, clips: Iterable[Clip]) -> Iterator[Observation | Failure]:
    """The result of each clip, in their order. The model is loaded for the first clip that needs it.

    Raises:
        ModelError: the model does not load.
    """
    for window in chunked(clips, WINDOW):
        model.expect(window)
        for clip in window:
            try:
                yield model.observe(clip, call_rounds)
            except AsrlabError as error:
                if error is model.load_error:
                    raise
                spec = model.spec
                yield Failure(task=spec.task, model=spec.id, clip=clip.id, problem=error.in_one_line)
