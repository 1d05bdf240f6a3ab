"""Checks of the audio without a model: each finds its fault, and leaves a good clip alone."""

import hashlib

import numpy as np
import pytest
import soxr
from corpora import TEXT

import voices


def test_a_good_clip(folder):
    """A voice with the text that it has time for gives no finding, with every key of the manifest stated."""
    path = folder.add(duration=4.3, sample_rate=16_000)
    folder.change("one", sha256=hashlib.sha256(path.read_bytes()).hexdigest().upper())
    folder.add("two", "something else is said here, and slowly")

    assert folder.found() == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "no file"), (b"", "0 bytes"), (b"RIFFnothing", "not readable audio"), ("half", "truncated")],
)
def test_unreadable(folder, content, problem):
    """A file that is missing, empty, no audio or truncated is an error, and the other clips are still looked at."""
    path = folder.add()
    folder.add("two", "something else is said here, and slowly")
    whole = path.read_bytes()
    path.unlink()
    if content is not None:
        path.write_bytes(whole[: len(whole) // 2] if content == "half" else content)

    (finding,) = folder.audit().findings

    assert (finding.clip, finding.check, finding.level) == ("one", "unreadable", "error")
    assert problem in finding.sentence
    assert not finding.sentence.startswith("clip")


@pytest.mark.parametrize("pin", ["sha256", "pcm_sha256"])
def test_changed(folder, pin):
    """A file that is not the one whose hash was pinned is an error, once."""
    folder.add(**{pin: "0" * 64})

    assert folder.found() == [("one", "changed", "error")]


@pytest.mark.parametrize(("stated", "is_found"), [(4.3, False), (4.315, False), (4.33, True), (8.6, True)])
def test_duration(folder, stated, is_found):
    """A duration that is more than 20 ms off is an error."""
    folder.add(duration=stated)

    assert folder.found() == [("one", "duration", "error")] * is_found


def test_sample_rate(folder):
    """A file of another rate than the manifest says is an error."""
    folder.add(sample_rate=8_000)

    assert folder.found() == [("one", "sample-rate", "error")]


def test_wrong_rate(folder):
    """Samples that are played at twice their rate are too much text for their time."""
    folder.add(samples=voices.voice(3.5), rate=32_000)

    assert ("one", "speaking-rate", "suspect") in folder.found()


def test_upsampled(folder):
    """A file of 16 kHz with nothing above 4 kHz is noted; one of 8 kHz says what it is."""
    narrow = soxr.resample(voices.voice(3.5), 16_000, 8_000)
    folder.add("one", samples=soxr.resample(narrow, 8_000, 16_000))
    folder.add("two", "something else is said here, and slowly", samples=narrow, rate=8_000)

    assert folder.found() == [("one", "upsampled", "note")]


def test_same_audio(folder):
    """Two clips with the same samples are both errors where their texts differ, and one note where they agree."""
    samples = voices.voice(3.5)
    folder.add("one", samples=samples)
    folder.add("two", TEXT.upper() + ".", samples=samples)
    assert folder.found() == [("two", "same-audio", "note")]

    folder.change("two", text="something else is said here, and slowly")
    assert folder.found() == [("one", "same-audio", "error"), ("two", "same-audio", "error")]


def test_same_text(folder):
    """A long text that two recordings share is noted once; a short one is not."""
    folder.add("one")
    folder.add("two")
    folder.add("three", "yes", seconds=0.8)
    folder.add("four", "yes", seconds=0.8)

    assert folder.found() == [("two", "same-text", "note")]


def test_clipping(folder):
    """Samples cut off at full scale are suspect."""
    folder.add(samples=np.clip(voices.voice(3.5) * 40, -1, 1))

    assert ("one", "clipping", "suspect") in folder.found()


@pytest.mark.parametrize("level", [0.0, 1e-4, 1e-3])
def test_silence(folder, level):
    """Silence or faint noise with a text is an error; without a text it is nothing."""
    noise = np.random.default_rng(0).normal(0, level, 64_000) if level else np.zeros(64_000)
    folder.add(samples=noise)
    assert folder.found() == [("one", "silence", "error")]

    folder.change("one", text="")
    assert folder.found() == []


@pytest.mark.parametrize("offset", [0.015, -0.05, 0.3])
@pytest.mark.parametrize("level", [0.0, 1e-4])
def test_silence_with_an_offset(folder, level, offset):
    """A dead microphone is silent whatever offset its sound card adds."""
    folder.add(samples=np.random.default_rng(0).normal(0, 1, 64_000) * level + offset)

    assert folder.found() == [("one", "silence", "error")]


@pytest.mark.parametrize("offset", [0.0, 0.3])
def test_band_with_an_offset(folder, offset):
    """An offset does not make a voice narrow, nor hide that it is."""
    narrow = soxr.resample(soxr.resample(voices.voice(3.5), 16_000, 8_000), 8_000, 16_000)
    folder.add("one", samples=narrow / 2 + offset)
    folder.add("two", "something else is said here, and slowly", samples=voices.voice(3.5, level=0.003) + offset)

    assert ("one", "upsampled", "note") in folder.found()
    assert ("two", "upsampled", "note") not in folder.found()


def test_quiet(folder):
    """Very quiet speech is noted, and not taken for silence."""
    folder.add(samples=voices.voice(3.5, level=0.003) * 0.5)

    assert ("one", "quiet", "note") in folder.found()
    assert "silence" not in folder.checks()


def test_offset(folder):
    """Samples whose mean is not zero are noted."""
    folder.add(samples=voices.voice(3.5) + 0.05)

    assert folder.found() == [("one", "offset", "note")]


def test_speech_without_text(folder):
    """A voice where the text is empty is noted, for it may be music; noise, a hum and silence are not."""
    time = np.arange(64_000) / 16_000
    folder.add("voice", "")
    folder.add("noise", "", samples=np.random.default_rng(0).normal(0, 0.1, 64_000))
    folder.add("hum", "", samples=0.1 * np.sin(2 * np.pi * 100 * time))
    folder.add("none", "", samples=np.zeros(64_000))

    assert folder.found() == [("voice", "speech-without-text", "note")]


def test_cut(folder):
    """Speech at the very edge is noted, for many good clips are cut closely."""
    spoken = voices.voice(3.5, lead=0.4)
    loudest = int(np.argmax(np.convolve(np.square(spoken[32_000:48_000]), np.ones(1600), "same"))) + 32_000
    folder.add(samples=spoken[: loudest + 400])

    assert ("one", "cut", "note") in folder.found()


def test_long(folder):
    """A clip that is longer than Whisper's window is noted."""
    folder.add(text=" ".join([TEXT] * 9), seconds=31)

    assert folder.found() == [("one", "long", "note")]


def test_shortest_clips(folder):
    """Clips of a few samples are measured without a fault of our own."""
    for number, count in enumerate([1, 10, 159, 160, 161, 700]):
        folder.add(f"clip{number}", "", samples=np.full(count, 0.1))

    assert {check for _, check, _ in folder.found()} <= {"offset", "same-audio"}
