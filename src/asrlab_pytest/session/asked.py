"""Which clips the tests of a run will ask a model for, and in which order: what may be transcribed in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from asrlab_pytest.corpus.clip import Clip
    from asrlab_pytest.models.spec import ModelSpec


def asked_clips(items: Iterable[pytest.Item], spec: ModelSpec, clips: Sequence[Clip]) -> list[Clip]:
    """The clips in the order in which the tests ask for them: those of its cases, then the rest if a test pools them.

    Args:
        items: The tests of the run.
        spec: The model.
        clips: What the model is meant for.
    """
    by_id = {clip.id: clip for clip in clips}
    parameters = [callspec.params for item in items if (callspec := getattr(item, "callspec", None)) is not None]
    named = [parameter.get("asr_clip") for parameter in parameters if parameter.get("asr_model") == spec.id]
    cases = [clip for clip in dict.fromkeys(named) if clip in by_id]
    rest = by_id if None in named else ()
    return [by_id[clip] for clip in dict.fromkeys([*cases, *rest])]
