"""Pieces of speech as engines hand them over."""

from itertools import repeat
from types import SimpleNamespace

import numpy as np
import pytest

from asrlab_pytest.corpus.clip import LONGEST_TEXT
from asrlab_pytest.errors import ModelError
from asrlab_pytest.inference.boundary import speech_of
from asrlab_pytest.inference.speech import AnswerStopwatch, joined, require_rate
from asrlab_pytest.models.contained import EngineFault
from asrlab_pytest.models.spec import ModelSpec


def test_a_buffer_that_is_filled_again():
    """A piece stays as it was yielded, although the engine fills its buffer with the next one."""
    buffer = np.zeros(2, dtype=np.float32)

    def pieces():
        for value in (0.25, 0.5):
            buffer[:] = value
            yield speech_of(buffer)

    assert joined(list(pieces())).tolist() == [0.25, 0.25, 0.5, 0.5]


@pytest.mark.parametrize(
    "piece",
    [
        "hello",
        b"hello",
        None,
        0.5,
        [1, 2],
        np.array(0.5),
        np.array([None]),
        np.ones(5, dtype=np.int16),
        np.ones(5, dtype=np.complex64),
        np.ones((1, 5)),
        np.ones((5, 1)),
    ],
    ids=repr,
)
def test_what_is_no_speech(piece):
    """What is not a row of floats is refused: whole numbers would be speech of 32768 times full scale."""
    with pytest.raises(EngineFault, match=r"a piece of speech is an array of floats of shape \(n,\), not "):
        speech_of(piece)


def test_an_answer_without_end():
    """An answer is broken off when its text is longer than any, although the engine would write more."""
    model = SimpleNamespace(synchronize=lambda: None)
    asked = AnswerStopwatch(model, [lambda: repeat("the " * 1000)], begin=lambda: None)

    with pytest.raises(EngineFault, match=f"the text of an answer is longer than {LONGEST_TEXT:,} characters"):
        asked()


@pytest.mark.parametrize("rate", [None, 0, -1, 1, 999, 768_001, 10**9, True, "16000", 16_000.0])
def test_a_rate_that_cannot_be(rate):
    """A sample rate that cannot be that of speech, such as 1 Hz, is refused with the engine's name."""
    spec = ModelSpec(id="coco", engine="parrot", weights="here")

    with pytest.raises(ModelError, match="model coco: engine parrot states the sample rate"):
        require_rate(spec, SimpleNamespace(sample_rate=rate))
    with pytest.raises(ModelError, match="states the sample rate None"):
        require_rate(spec, SimpleNamespace())
