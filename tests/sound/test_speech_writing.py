"""Speech that is kept as a file."""

import resource

import numpy as np
import pytest
import soundfile

from asrlab_pytest.records.speech import write_speech


def test_a_file_that_plays(tmp_path):
    """The file has the samples in 16 bits at their rate, in folders that are made for it, and nothing beside it."""
    samples = np.linspace(-1, 1, 500, dtype=np.float32)
    path = tmp_path / "model" / "clip.wav"

    write_speech(path, samples, 22_050)

    assert soundfile.info(path).subtype == "PCM_16"
    read, rate = soundfile.read(path, dtype="float32")
    assert rate == 22_050
    assert np.abs(read - samples).max() < 1e-4
    assert [*path.parent.iterdir()] == [path]


def test_samples_beyond_full_scale(tmp_path):
    """What is too loud is cut at full scale and does not wrap around, and what is not a number is silence."""
    write_speech(tmp_path / "a.wav", np.array([2.0, -2.0, np.inf, -np.inf, np.nan], dtype=np.float32), 16_000)

    read, _ = soundfile.read(tmp_path / "a.wav")
    assert read == pytest.approx([1, -1, 1, -1, 0], abs=1e-4)


def test_no_samples(tmp_path):
    """Empty speech is an empty file that can be read."""
    write_speech(tmp_path / "a.wav", np.zeros(0, dtype=np.float32), 16_000)

    assert soundfile.info(tmp_path / "a.wav").frames == 0


def test_a_failure_leaves_the_older_file(tmp_path, monkeypatch):
    """Where the disk takes no more, the error is the caller's, the older file stays, and no half one does."""
    path = tmp_path / "a.wav"
    write_speech(path, np.zeros(10, dtype=np.float32), 16_000)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_speech(path, np.zeros(99, dtype=np.float32), 16_000)

    assert [*tmp_path.iterdir()] == [path]
    assert soundfile.info(path).frames == 10


def test_no_room_for_the_samples(tmp_path):
    """Where there is no room for the samples themselves, the error says so, and no half file stays."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_speech(tmp_path / "a.wav", np.zeros(99_999, dtype=np.float32), 16_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert [*tmp_path.iterdir()] == []
