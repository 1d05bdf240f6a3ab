"""The clips that the tests of a run will request from a model, in order, so that they can be batched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from asrlab_pytest.corpus.clip import Clip
    from asrlab_pytest.models.spec import ModelSpec


def asked_clips(items: Iterable[pytest.Item], spec: ModelSpec, clips: Sequence[Clip]) -> list[Clip]:
    """The clips in the order in which the tests request them: those of its cases, then the rest if a test pools them.

    Args:
        items: The tests of the run.
        spec: The model.
        clips: The clips that the model is meant for.
    """
    by_id = {clip.id: clip for clip in clips}
    parameters = [callspec.params for item in items if (callspec := getattr(item, "callspec", None)) is not None]
    named = [parameter.get("asr_clip") for parameter in parameters if parameter.get("asr_model") == spec.id]
    cases = [clip for clip in dict.fromkeys(named) if clip in by_id]
    rest = by_id if None in named else ()
    return [by_id[clip] for clip in dict.fromkeys([*cases, *rest])]
