"""Files with tags before their sound, MPEG streams that change, and MPEG within WAV."""

import io
import struct

import av
import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError

RATE = 16_000
NOISE = np.random.default_rng(0).uniform(-0.3, 0.3, RATE * 2).astype(np.float32)


def by_av(container, codec, rate=RATE, layout="mono"):
    """Noise as FFmpeg writes it: MPEG without a count of its frames."""
    file = io.BytesIO()
    options = {"write_xing": "0", "id3v2_version": "0"} if container == "mp3" else {}
    with av.open(file, "w", format=container, container_options=options) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout)
        channels = 1 if layout == "mono" else 2
        frame = av.AudioFrame.from_ndarray(
            np.stack([(NOISE * 30_000).astype(np.int16)] * channels), format="s16p", layout=layout
        )
        frame.sample_rate = rate
        context = stream.codec_context
        resampler = av.AudioResampler(context.format.name, layout, rate, frame_size=context.frame_size)
        for block in resampler.resample(frame) + resampler.resample(None):
            output.mux(stream.encode(block))
        output.mux(stream.encode(None))
    return file.getvalue()


def by_soundfile(**how):
    file = io.BytesIO()
    soundfile.write(file, NOISE, RATE, **how)
    return file.getvalue()


def tag(size):
    """An ID3 tag with so much in it."""
    return b"ID3\4\0\0" + bytes(size >> bits & 0x7F for bits in (21, 14, 7, 0)) + bytes(size)


def refusal(clip):
    """Why a clip is refused by a run, which its header must be refused for too."""
    with pytest.raises(ClipError):
        header(clip)
    with pytest.raises(ClipError) as caught:
        load_audio(clip)
    return str(caught.value)


@pytest.fixture(scope="module")
def contents():
    """Files by what they are."""
    return {
        "wav": by_soundfile(format="WAV"),
        "aiff": by_soundfile(format="AIFF"),
        "flac": by_soundfile(format="FLAC"),
        "mp3": by_av("mp3", "libmp3lame"),
        "mp3 that states its frames": by_soundfile(format="MP3"),
        "aac": by_av("adts", "aac"),
    }


def test_tags_before_the_sound(clip, contents):
    """ID3 tags before the sound, one or several and small or large, change no sample of it in any container."""
    for name, content in contents.items():
        alone = load_audio(clip(content)).samples
        assert len(alone) / RATE == pytest.approx(2.0, abs=0.13), name
        for tags in (tag(19), tag(300) + tag(150_000)):
            tagged = clip(tags + content)
            assert np.array_equal(load_audio(tagged).samples, alone), name
            assert header(tagged)[0] == pytest.approx(len(alone) / RATE, abs=1 / RATE), name


def test_tags_hide_no_cut(clip, contents):
    """A file with a tag is refused where it was cut, and where nothing but the tag is left."""
    for name in ("wav", "aiff", "flac", "mp3 that states its frames"):
        assert "truncated" in refusal(clip(tag(99) + contents[name][: len(contents[name]) // 2])), name
    assert "not readable audio" in refusal(clip(tag(99)))
    assert "not readable audio" in refusal(clip(tag(9999)[:50]))


@pytest.mark.parametrize("other", [{"rate": 24_000}, {"layout": "stereo"}], ids=["rate", "channels"])
def test_mpeg_that_changes(clip, contents, other):
    """MPEG frames of another sample rate or number of channels after the first are refused: they are never read."""
    mixed = contents["mp3"] + by_av("mp3", "libmp3lame", **other)

    assert "several streams in sequence" in refusal(clip(mixed))
    assert load_audio(clip(contents["mp3"] * 2)).seconds == pytest.approx(4.0, abs=0.3)


def test_mpeg_within_wav(clip):
    """MPEG within WAV is read to its end: libsndfile counts more frames than it decodes."""
    content = by_av("wav", "libmp3lame")
    found = clip(content)

    assert load_audio(found).seconds == pytest.approx(2.0, abs=0.15)
    assert header(found)[0] == pytest.approx(load_audio(found).seconds, abs=1 / RATE)
    assert "truncated" in refusal(clip(content[: len(content) // 2]))


def test_less_than_a_sample(clip):
    """A file that is shorter than a sample at 16 kHz has no length in its header either."""
    file = io.BytesIO()
    soundfile.write(file, NOISE[:2], 96_000, format="WAV")

    assert "too short: 2 frames at 96000 Hz" in refusal(clip(file.getvalue()))


@pytest.mark.parametrize(
    "head",
    [b"\xf0\x7e\0\1" + bytes(30), b"2BIT", b"\1\4" + bytes(50), b"MATLAB 5.0 MAT-file", struct.pack(">5I", *[0] * 5)],
)
def test_head_alone(clip, head):
    """What begins as a container and holds nothing is refused, and breaks nothing."""
    refusal(clip(head))
