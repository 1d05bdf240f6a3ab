"""Audio that is longer than an engine takes is cut at pauses."""

import numpy as np
import pytest

from asrlab_pytest.engines import Segment, Transcript, Word
from asrlab_pytest.inference.cuts import cuts, transcribed
from asrlab_pytest.waveform import SAMPLE_RATE


def noise_with_pauses(seconds, *pauses):
    """Noise that is silent for half a second around each of these places."""
    samples = np.random.default_rng(0).normal(0, 0.1, int(seconds * SAMPLE_RATE)).astype(np.float32)
    for place in pauses:
        samples[int((place - 0.25) * SAMPLE_RATE) : int((place + 0.25) * SAMPLE_RATE)] = 0
    return samples


def word_a_second(batch, language):
    """An engine that reads ten seconds at most, and says nothing of the rest."""
    (samples,) = batch
    seconds = min(int(len(samples) / SAMPLE_RATE), 10)
    words = tuple(Word(text="tick", start=float(n), end=n + 0.5) for n in range(seconds))
    segment = Segment(text="tick", start=0.0, end=float(seconds), words=words)
    return [Transcript(text=" ".join(["tick"] * seconds), segments=(segment,), language=language)]


def test_the_cuts_are_in_pauses():
    """Each part is short enough, and each cut lies in the pause that there is."""
    places = cuts(noise_with_pauses(25, 8.0, 16.0), 10 * SAMPLE_RATE)

    assert [place / SAMPLE_RATE for place in places] == pytest.approx([8.0, 16.0], abs=0.2)


@pytest.mark.parametrize("seconds", [10.0, 10.0001, 29.9, 31.0])
def test_no_part_is_too_long(seconds):
    """However long the audio, no part is longer than the engine takes, and none is empty."""
    samples = noise_with_pauses(seconds)
    edges = [0, *cuts(samples, 10 * SAMPLE_RATE), len(samples)]

    assert all(0 < length <= 10 * SAMPLE_RATE for length in np.diff(edges))


def test_the_parts_are_one_transcript():
    """Text, segments and words of all parts are there, at their places in the whole; the cuts are recorded."""
    (transcript,) = transcribed(word_a_second, [noise_with_pauses(25, 8.0, 16.0)], "en", 10.0)
    starts = [word.start for segment in transcript.segments for word in segment.words]

    assert len(transcript.text.split()) >= 23
    assert starts == sorted(starts)
    assert starts[-1] > 22
    assert transcript.cuts == pytest.approx((8.0, 16.0), abs=0.2)
    assert transcript.language == "en"


def test_short_audio_is_not_cut():
    """Audio that the engine takes is given to it as it is."""
    (transcript,) = transcribed(word_a_second, [noise_with_pauses(9)], "en", 10.0)

    assert (transcript.cuts, len(transcript.text.split())) == ((), 9)
