"""Audio of small files, which are read at once, and of large ones, which are not."""

import hashlib

import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus import audio_file
from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError

SOUND = np.sin(np.arange(12_000) / 9).astype("float32") / 2


@pytest.fixture
def clip(tmp_path):
    """Makes a clip of a format."""

    def make(form):
        path = tmp_path / f"clip.{form}"
        soundfile.write(path, SOUND, 22_050)
        return Clip(id="one", audio=path, text="hello", language="en")

    return make


@pytest.mark.parametrize("form", ["wav", "flac", "mp3", "ogg"])
def test_the_size_makes_no_difference(clip, monkeypatch, form):
    """A file that is read at once gives the samples and hashes of one that is read in parts, to the bit."""
    one = clip(form)
    small = load_audio(one)
    monkeypatch.setattr(audio_file, "SMALL", 0)
    large = load_audio(one)

    assert small.samples.tobytes() == large.samples.tobytes()
    assert {small.sha256, large.sha256} == {hashlib.sha256(one.audio.read_bytes()).hexdigest()}
    assert (small.file_rate, small.pcm_sha256) == (large.file_rate, large.pcm_sha256)


@pytest.mark.parametrize("form", ["wav", "flac", "ogg"])
@pytest.mark.parametrize("size", [audio_file.SMALL, 0])
def test_a_cut_file(clip, monkeypatch, size, form):
    """A file of which the end is missing is refused, whether it is read at once or in parts."""
    monkeypatch.setattr(audio_file, "SMALL", size)
    one = clip(form)
    one.audio.write_bytes(one.audio.read_bytes()[:-400])

    with pytest.raises(ClipError, match=r"truncated|not readable"):
        load_audio(one)
