"""faster-whisper's batched pipeline on speech longer than Whisper's window, with trained weights."""

from pathlib import Path

import pytest
from under_test import heard, load, model

from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.errors import TranscriptionError
from asrlab_pytest.models.profile import PROFILES
from asrlab_pytest.scoring.score import score

CLIPS = read_manifest(Path(__file__).parents[2] / "fixtures/audio").by_id


@pytest.fixture(scope="module")
def tiny(tiny_en):
    """Loads tiny.en with these options, in the number format that computes fastest."""

    def make(**options):
        return load(model("faster-whisper", tiny_en, compute_type="int8", **options))

    return make


@pytest.mark.parametrize("profile", ["fair", "library"])
def test_longer_than_a_window(tiny, profile):
    """A clip of 37 s is transcribed whole, and what is said of the decoding is what the pipeline did."""
    recognizer = tiny(profile=PROFILES[profile], batched=True)

    said = CLIPS["joined"].text
    text = recognizer.transcribe(heard("joined"), "en").text

    assert score(said, text).wer < 0.2
    decoding = recognizer.decoding
    assert (decoding["vad"], decoding["temperature"], decoding["condition_on_previous_text"]) == (True, 0.0, False)


def test_longer_than_a_window_without_its_pauses(tiny):
    """Without pauses to cut at, a clip of 37 s is refused with the option to change, and a shorter one is not."""
    recognizer = tiny(batched=True, vad_filter=False)

    with pytest.raises(TranscriptionError, match=r"only clips of less than 30 s.*37\.\d s\n.*remove vad_filter"):
        recognizer.transcribe(heard("joined"), "en")
    assert recognizer.transcribe(heard("goforward"), "en").text


def test_clips_in_one_call(tiny):
    """Clips in one call get the texts of single calls, a clip longer than a window and silence included."""
    recognizer = tiny()
    names = ["goforward", "joined", "short-rms", "silence"]
    batch = [heard(name) for name in names]

    together = recognizer.transcribe_batch(batch, "en")

    assert [one.text for one in together] == [recognizer.transcribe(samples, "en").text for samples in batch]
    for samples, one in zip(batch, together, strict=True):
        assert all(0 <= segment.start <= segment.end <= len(samples) / 16_000 + 1 for segment in one.segments)


def test_times_of_words_in_one_call(tiny):
    """Words have the times of their own clip."""
    recognizer = tiny(word_timestamps=True)
    batch = [heard("librivox-0870"), heard("librivox-0920")]

    together = recognizer.transcribe_batch(batch, "en")

    for samples, one in zip(batch, together, strict=True):
        single = [word.start for segment in recognizer.transcribe(samples, "en").segments for word in segment.words]
        words = [word.start for segment in one.segments for word in segment.words]
        assert words == pytest.approx(single, abs=0.3)


@pytest.mark.parametrize(
    "options",
    [{"vad_filter": True, "vad_parameters": {"min_speech_duration_ms": 9_999}}, {"clip_timestamps": "0,1.2"}],
    ids=["pauses", "parts"],
)
def test_what_cannot_share_a_call(tiny, options):
    """Where pauses are cut out of clips, or parts of them are chosen, each clip is a call of its own, with its text."""
    recognizer = tiny(**options)
    batch = [heard("goforward")] * 2

    single = recognizer.transcribe(batch[0], "en")
    assert [one.text for one in recognizer.transcribe_batch(batch, "en")] == [single.text] * 2
