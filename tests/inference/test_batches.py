"""Several clips in one call, behind the boundary to engines."""

import numpy as np
import pytest

from asrlab_pytest.engines import Recognizer, Transcript
from asrlab_pytest.inference.boundary import Guarded
from asrlab_pytest.inference.loading import takes_batches
from asrlab_pytest.inference.on_demand import Stopwatch
from asrlab_pytest.models.contained import EngineFault
from asrlab_pytest.models.spec import ModelSpec
from asrlab_pytest.waveform import SAMPLE_RATE

SPEC = ModelSpec(id="counter", engine="counter", weights="here")


class Counter(Recognizer):
    """Writes how many seconds it hears, and spoils what it is given."""

    def __init__(self, max_seconds=None, short=0):
        self.max_seconds = max_seconds
        self.short = short
        self.calls = []

    def transcribe(self, samples, language):
        self.calls.append(1)
        return self.written(samples, language)

    def transcribe_batch(self, batch, language):
        self.calls.append(len(batch))
        return [self.written(samples, language) for samples in batch][: len(batch) - self.short]

    def written(self, samples, language):
        text = str(round(len(samples) / SAMPLE_RATE))
        samples[:] = 9
        return Transcript(text=text, language=language)


class Single(Recognizer):
    def transcribe(self, samples, language):
        return Transcript(text="x")


def seconds(*lengths):
    return [np.zeros(length * SAMPLE_RATE, dtype=np.float32) for length in lengths]


def test_a_batch_has_a_transcript_for_each_clip():
    """Each clip has its own transcript, in order, and its samples are left as they were."""
    counter, batch = Counter(), seconds(3, 1, 2)

    assert [one.text for one in Guarded(SPEC, counter).transcribe_batch(batch, "en")] == ["3", "1", "2"]
    assert counter.calls == [3]
    assert not any(samples.any() for samples in batch)


def test_a_batch_of_one_is_a_single_call():
    """One clip is transcribed by the single call, so that its text cannot differ."""
    counter = Counter()

    Guarded(SPEC, counter).transcribe_batch(seconds(3), "en")

    assert counter.calls == [1]


def test_long_clips_in_a_batch():
    """A clip that is longer than the engine reads is cut, and no call has more parts than the batch has clips."""
    counter = Counter(max_seconds=4)

    first, second = Guarded(SPEC, counter).transcribe_batch(seconds(9, 2), "en")

    assert sum(map(int, first.text.split())) == pytest.approx(9, abs=1)
    assert (len(first.cuts), second.text, second.cuts) == (len(first.text.split()) - 1, "2", ())
    assert max(counter.calls) == 2


def test_a_transcript_that_is_missing():
    """An engine that returns fewer transcripts than clips is an error, and no text goes to another clip."""
    with pytest.raises(EngineFault, match="returned 1 for a batch of 2"):
        Guarded(SPEC, Counter(short=1)).transcribe_batch(seconds(1, 2), "en")


@pytest.mark.parametrize(("recognizer", "takes"), [(Counter(), True), (Single(), False)])
def test_which_engines_take_batches(recognizer, takes):
    """An engine takes batches if it has a method for them of its own."""
    assert takes_batches(Guarded(SPEC, recognizer)) is takes


def test_the_clock_of_a_batch():
    """A round is one call, and its transcripts are those of the clips."""
    counter = Counter()
    recognizer = Guarded(SPEC, counter)
    clock = Stopwatch(recognizer, lambda: recognizer.transcribe_batch(seconds(1, 2), "en"))

    clock()
    clock()

    assert counter.calls == [2, 2]
    assert [one.text for one in clock.result] == ["1", "2"]
    assert len(clock.latencies_s) == len(clock.cpu_s) == 2
