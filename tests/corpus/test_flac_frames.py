"""FLAC files whose frames were joined or cut without their header, as FFmpeg copies them."""

import io
from dataclasses import replace

import av
import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError

RATE = 16_000


def parts(seconds, channels, seed=0, **how):
    """The header of a file with noise, and its frames."""
    noise = np.random.default_rng(seed).uniform(-0.3, 0.3, (round(seconds * RATE), channels))
    file = io.BytesIO()
    soundfile.write(file, noise, RATE, format="FLAC", **how)
    with av.open(io.BytesIO(file.getvalue())) as container:
        frames = [bytes(packet) for packet in container.demux() if packet.size]
    content = file.getvalue()
    assert content.endswith(b"".join(frames))
    return content[: -len(b"".join(frames))], frames


@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("seconds", [1.0, 2.0, 3.0])
def test_joined_frames(clip, channels, seconds):
    """A file with the frames of another after its own is refused, however long that is."""
    first, frames = parts(2, channels)
    _, others = parts(seconds, channels, seed=1)
    joined = clip(first + b"".join(frames + others), "a.flac")

    assert load_audio(clip(first + b"".join(frames), "b.flac")).seconds == 2.0
    for read in (header, load_audio):
        for each in (joined, replace(joined, start=0.5, end=1.0)):
            with pytest.raises(ClipError, match="several streams in sequence"):
                read(each)


@pytest.mark.parametrize(
    ("seconds", "channels", "level"),
    [(3.0, 1, 0.0), (1.0, 1, 0.0), (2.0, 2, 0.5), (0.01, 1, 0.5), (0.01, 2, 0.0)],
    ids=["longer", "shorter", "stereo", "short", "short stereo"],
)
def test_joined_frames_of_another_encoder(clip, seconds, channels, level):
    """A file with the frames of another is refused, whatever their size, number and channels are."""
    first, frames = parts(2, 1, compression_level=0.5)
    _, others = parts(seconds, channels, seed=1, compression_level=level)

    for each in (frames + others, frames + others + others, frames + others + frames):
        joined = clip(first + b"".join(each), "a.flac")
        for read in (header, load_audio):
            with pytest.raises(ClipError, match="several streams in sequence"):
                read(joined)


def test_beginning_of_a_frame_by_chance(clip):
    """What is no more than the head of a first frame, with its checksum, is sound, as any bytes are."""
    sound = np.random.default_rng(0).integers(-(2**15), 2**15, RATE, np.int16)
    # The samples of white noise are stored as they are: 16 bits, the higher ones first.
    sound[6000:6003] = np.frombuffer(b"\xff\xf8\xc4\x08\x00\x04", ">i2")
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="FLAC")

    assert b"\xff\xf8\xc4\x08\x00\x04" in file.getvalue()
    assert load_audio(clip(file.getvalue(), "a.flac")).seconds == header(clip(file.getvalue(), "a.flac"))[0] == 1.0


@pytest.mark.parametrize("channels", [1, 2])
def test_a_file_that_begins_later(clip, channels):
    """A file that was cut out of a longer one, whose length its header still states, is read, and so are its parts."""
    first, frames = parts(4, channels)
    samples = load_audio(clip(first + b"".join(frames), "b.flac")).samples
    cut = clip(first + b"".join(frames[5:]), "a.flac")
    size = int.from_bytes(first[8:10])

    whole = load_audio(cut).samples

    assert np.array_equal(whole, samples[5 * size :])
    assert header(cut)[0] == pytest.approx(len(whole) / RATE)
    for start, end in ((0.5, 1.0), (2.0, None)):
        part = load_audio(replace(cut, start=start, end=end)).samples
        assert np.array_equal(part, whole[round(start * RATE) : None if end is None else round(end * RATE)])
