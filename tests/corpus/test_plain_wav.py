"""Plain WAV files are read without libsndfile, and give what it gives."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.rate import SAMPLE_RATE
from asrlab_pytest.errors import ClipError

FRAMES = 1_100_000
"""More than a block."""


@pytest.fixture
def stereo(tmp_path: Path) -> Path:
    """A file with every value that a sample can have."""
    file = tmp_path / "stereo.wav"
    samples = np.random.default_rng(1).integers(-(1 << 15), 1 << 15, (FRAMES, 2)).astype("<i2")
    samples[:2] = [-(1 << 15), (1 << 15) - 1]
    with wave.open(str(file), "wb") as written:
        written.setparams((2, 2, SAMPLE_RATE, FRAMES, "NONE", ""))
        written.writeframes(samples.tobytes())
    return file


def test_samples_are_to_the_bit_those_of_libsndfile(stereo: Path) -> None:
    """The samples of a plain WAV file are what libsndfile reads, of the whole file and of a segment."""
    expected, _ = soundfile.read(stereo, dtype="float32")
    whole = load_audio(Clip(id="a", audio=stereo, text="", channel=2))
    part = load_audio(Clip(id="b", audio=stereo, text="", channel=1, start=1.0, end=2.5))

    assert whole.samples.tobytes() == expected[:, 1].tobytes()
    assert part.samples.tobytes() == expected[SAMPLE_RATE : 5 * SAMPLE_RATE // 2, 0].tobytes()


@pytest.mark.parametrize("tail", [b"\0" * 6, b"LIST\4\0\0\0INFO"])
def test_files_with_more_than_samples_are_read_by_libsndfile(stereo: Path, tail: bytes) -> None:
    """Bytes after the samples of a WAV file are no samples."""
    stereo.write_bytes(stereo.read_bytes() + tail)

    assert len(load_audio(Clip(id="a", audio=stereo, text="")).samples) == FRAMES


def test_a_second_file_behind_the_samples_is_refused(stereo: Path) -> None:
    """Two WAV files in one are refused, as only the first would be read."""
    stereo.write_bytes(2 * stereo.read_bytes())

    with pytest.raises(ClipError, match="several streams"):
        load_audio(Clip(id="a", audio=stereo, text=""))
