"""faster-whisper's batched pipeline on speech longer than Whisper's window, with trained weights."""

from pathlib import Path

import pytest
from under_test import heard, load, model

from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.models.profile import PROFILES
from asrlab_pytest.scoring.score import score

CLIPS = read_manifest(Path(__file__).parents[2] / "fixtures/audio").by_id


@pytest.fixture(scope="module")
def batched(tiny_en):
    """Makes tiny.en with the batched pipeline, under a profile."""

    def make(profile, **options):
        return load(model("faster-whisper", tiny_en, profile=PROFILES[profile], batched=True, **options))

    return make


@pytest.mark.parametrize("profile", ["fair", "library"])
def test_longer_than_a_window(batched, profile):
    """A clip of 37 s is transcribed whole, and what is said of the decoding is what the pipeline did."""
    recognizer = batched(profile)

    said = CLIPS["joined"].text
    text = recognizer.transcribe(heard("joined"), "en").text

    assert score(said, text).wer < 0.2
    decoding = recognizer.decoding
    assert (decoding["vad"], decoding["temperature"], decoding["condition_on_previous_text"]) == (True, 0.0, False)
