"""Audio that other tools leave behind: junk around MPEG frames, unfinished files, formats without seeking."""

import io
import struct

import av
import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError

RATE = 16_000
NOISE = np.random.default_rng(0).uniform(-0.3, 0.3, RATE * 3).astype(np.float32)


def encoded(frames=NOISE, rate=RATE, **how):
    file = io.BytesIO()
    soundfile.write(file, frames, rate, **{"format": "WAV", **how})
    return file.getvalue()


@pytest.fixture(scope="module")
def frames():
    """Three seconds of MPEG frames, without a tag and without a header that states their number."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp3", container_options={"write_xing": "0", "id3v2_version": "0"}) as output:
        stream = output.add_stream("libmp3lame", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray((NOISE * 30_000).astype(np.int16)[None], format="s16p", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler("s16p", "mono", RATE, frame_size=stream.codec_context.frame_size)
        for block in resampler.resample(frame) + resampler.resample(None):
            output.mux(stream.encode(block))
        output.mux(stream.encode(None))
    return file.getvalue()


def agreed(clip):
    """The seconds of a clip, on which its header and a run agree."""
    seconds = load_audio(clip).seconds
    assert header(clip)[0] == pytest.approx(seconds, abs=1 / RATE)
    return seconds


def refusal(clip):
    """Why a clip is refused by a run, which its header must be refused for too."""
    with pytest.raises(ClipError):
        header(clip)
    with pytest.raises(ClipError) as caught:
        load_audio(clip)
    return str(caught.value)


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (b"\0" * 300, b""),
        (b"not a frame \xff\xfb\x90\x64 at all " * 20, b""),
        (b"ID3\x04\0\x10\0\0\x01\0" + b"\0" * 128 + b"3DI\x04\0\x10\0\0\x01\0", b""),
        (b"", b"\0" * 4000),
        (b"", b"LYRICSBEGIN" + b"la " * 900 + b"000000LYRICS200" + b"TAG" + b"x" * 125),
        (b"junk" * 30, b"\0" * 4000),
    ],
    ids=["zeros", "false-sync", "id3-with-footer", "padding", "lyrics", "both"],
)
def test_mpeg_among_junk(clip, frames, before, behind):
    """What stands before the first MPEG frame and after the last one changes no sample of the clip."""
    alone = load_audio(clip(frames, "alone.mp3")).samples
    found = clip(before + frames + behind, "it.mp3")

    assert agreed(found) == pytest.approx(len(alone) / RATE, abs=0.001)
    assert np.array_equal(load_audio(found).samples, alone)


@pytest.mark.parametrize("content", [b"\xff\xfb\x90\x64" * 3000, b"hello world " * 4000], ids=["syncs", "text"])
def test_no_mpeg(clip, content):
    """A file is not taken for MPEG audio because bytes within it look like the head of a frame."""
    assert "not readable audio" in refusal(clip(content, "it.mp3"))


def test_a_few_frames(clip, frames):
    """Two frames that are all of a file are MPEG audio, also before a tag; two among other content are not."""
    two = frames[: frames.index(frames[:3], frames.index(frames[:3], 1) + 1)]

    assert agreed(clip(two, "two.mp3")) == agreed(clip(two + b"TAG" + b"x" * 125, "tag.mp3")) == 0.072
    assert "format not recognised" in refusal(clip(two + bytes(range(1, 200)) * 100, "two.raw"))


@pytest.mark.parametrize("subtype", ["GSM610", "G721_32"])
def test_formats_without_seeking(clip, subtype):
    """A file of a format that cannot be sought in has a length and parts like any other."""
    content = encoded(rate=8000, subtype=subtype)
    whole = load_audio(clip(content)).seconds

    assert agreed(clip(content)) == pytest.approx(6.0, abs=0.05) == whole
    assert agreed(clip(content, "b.wav", start=2.0, end=3.5)) == 1.5


@pytest.mark.parametrize("blocks", [50, 51])
@pytest.mark.parametrize("container", ["WAV", "W64"])
@pytest.mark.parametrize("rest", [b"", b"\xff" * 40], ids=["padding", "more"])
def test_padding_of_gsm(clip, container, blocks, rest):
    """Of GSM in WAV and Wave64, the padding after an odd number of bytes is not decoded, nor what follows it."""
    content = encoded(NOISE[: 320 * blocks], 8000, format=container, subtype="GSM610")
    size = 65 * blocks
    if container == "WAV":
        content = content[: content.index(b"data") + 8 + size] + bytes(size % 2)
        content = content[:4] + struct.pack("<I", len(content) - 8) + content[8:]
    else:
        content += bytes(-size % 8)

    assert agreed(clip(content + rest)) == 0.04 * blocks


CODED = [
    *(("WAV", subtype) for subtype in ("GSM610", "G721_32", "IMA_ADPCM", "MS_ADPCM", "NMS_ADPCM_24")),
    *(("W64", "GSM610"), ("AIFF", "GSM610"), ("AIFF", "IMA_ADPCM"), ("AU", "G723_40"), ("RF64", "ULAW")),
    *(("OGG", "VORBIS"), ("OGG", "OPUS"), ("FLAC", "PCM_16"), ("CAF", "ALAC_16"), ("MP3", "MPEG_LAYER_III")),
]


@pytest.mark.parametrize(("container", "subtype"), CODED)
def test_samples_of_coded_formats(clip, container, subtype):
    """Whatever the container and codec, the samples are those that libsndfile decodes, from the first to the last."""
    content = encoded(format=container, subtype=subtype)
    expected, _ = soundfile.read(io.BytesIO(content), dtype="float32")

    samples = load_audio(clip(content)).samples

    assert len(samples) >= len(NOISE)
    np.testing.assert_allclose(samples, expected[: len(samples)], atol=1e-4)


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_chained_ogg(clip, subtype):
    """An Ogg file with a stream after another is refused, since only the first of them would be transcribed."""
    content = encoded(format="OGG", subtype=subtype)

    assert agreed(clip(content, "one.ogg")) == pytest.approx(3.0, abs=0.01)
    assert "several streams in sequence" in refusal(clip(content + content, "two.ogg"))


def test_joined_mpeg(clip):
    """MP3 files that were joined are refused where the first states its own length alone; what has none is read on."""
    content = encoded(format="MP3")

    assert b"Info" in content or b"Xing" in content
    assert agreed(clip(content + b"TAG" + b"x" * 125, "one.mp3")) == pytest.approx(3.0, abs=0.01)
    assert "several streams in sequence" in refusal(clip(content + content, "two.mp3"))


def test_joined_mpeg_that_states_frames_alone(clip):
    """MP3 files that were joined are refused also where the first states how many frames it has, and not its bytes."""
    content = bytearray(encoded(format="MP3"))
    place = content.index(b"Xing")
    content[place + 7] = 1
    content[place + 12 : place + 16] = bytes(4)

    assert agreed(clip(content, "one.mp3")) == pytest.approx(3.0, abs=0.15)
    assert "several streams in sequence" in refusal(clip(content + content, "two.mp3"))


def test_mpeg_of_a_recorder_that_was_killed(clip):
    """An MP3 file whose header was never completed states nothing by its zeros, and is read to its end."""
    content = bytearray(encoded(format="MP3"))
    place = content.index(b"Xing")
    content[place + 8 : place + 16] = bytes(8)

    whole = load_audio(clip(content, "all.mp3")).seconds

    assert 3.0 <= whole == agreed(clip(content, "all.mp3")) <= 3.2
    assert agreed(clip(content[: len(content) * 2 // 3], "part.mp3")) == pytest.approx(whole * 2 / 3, abs=0.1)


@pytest.mark.parametrize("rate", [4, 8, 14])
def test_mpeg_with_the_header_of_fraunhofer(clip, frames, rate):
    """An MP3 file with a VBRI header is read to its end, whatever bit rate the frame with the header has."""
    head = bytearray(frames[:4])
    head[2] = head[2] & 0x0F | rate << 4
    size = 72 * 1000 * (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)[rate - 1] // RATE
    header = bytes(head) + bytes(32) + b"VBRI" + struct.pack(">HHHIIHHHH", 1, 0, 75, len(frames), 83, 0, 1, 2, 99)

    whole = clip(header.ljust(size, b"\0") + frames, "vbri.mp3")

    assert np.array_equal(load_audio(whole).samples, load_audio(clip(frames, "alone.mp3")).samples)
    assert agreed(whole) == agreed(clip(frames, "alone.mp3"))


def test_mpeg_of_variable_rate_in_a_wav(clip):
    """MP3 of a variable bit rate within WAV is read as the same frames in an MP3 file are, to the last."""
    sound = np.concatenate([NOISE, 0.0003 * NOISE, 0.0003 * NOISE])
    frames = encoded(sound, format="MP3", bitrate_mode="VARIABLE", compression_level=0.5)
    # Without the first, which states how many there are.
    frames = frames[frames.index(b"\xff\xf3", 4) :]
    fmt = struct.pack("<HHIIHHHHIHHH", 0x55, 1, RATE, 8000, 1, 0, 12, 1, 2, 576, 1, 1393)
    parts = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", len(frames)) + frames
    whole = agreed(clip(frames, "a.mp3"))

    assert whole == pytest.approx(9.0, abs=0.2)
    assert agreed(clip(b"RIFF" + struct.pack("<I", len(parts)) + parts, "a.wav")) == pytest.approx(whole, abs=0.15)


def test_wav_of_the_other_byte_order(clip):
    """A RIFX file is refused where it was cut, and read to its end where its writer never stated the size."""
    content = encoded(endian="BIG")
    unfinished = bytearray(content)
    place = content.index(b"data") + 4
    unfinished[place : place + 4] = bytes(4)

    assert content[:4] == b"RIFX"
    assert agreed(clip(content, "a.wav")) == 3.0
    assert agreed(clip(bytes(unfinished), "b.wav")) == 3.0
    assert "truncated" in refusal(clip(content[: len(content) // 2], "c.wav"))


@pytest.mark.parametrize("size", [0, 2**64 - 1])
def test_unfinished_rf64(clip, size):
    """An RF64 file whose writer never stated the size of its samples is read to its end."""
    content = bytearray(encoded(format="RF64"))
    place = content.index(b"ds64") + 16
    content[place : place + 8] = struct.pack("<Q", size)

    assert agreed(clip(bytes(content))) == 3.0


def test_half_a_svx(clip):
    """An IFF 8SVX or 16SV file that was cut is refused."""
    content = encoded(format="SVX")

    assert agreed(clip(content, "a.svx")) == 3.0
    assert "truncated" in refusal(clip(content[: len(content) // 2], "b.svx"))


def test_nothing_to_hear(clip):
    """A file without samples, a channel that it has not and a part without samples have no length in `corpus info`."""
    assert "has no samples" in refusal(clip(encoded(np.zeros(0, np.float32))))
    assert "no channel 3" in refusal(clip(encoded(), channel=3))
    assert "no channel 0" in refusal(clip(encoded(), channel=0))
    assert "has no samples in" in refusal(clip(encoded(), start=2.0, end=1.0))
    assert "has no samples in" in refusal(clip(encoded(), start=1.00001, end=1.00002))


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"version https://hawser.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"),
        (b"/annex/objects/SHA256E-s123--abc.wav\n", "git annex get"),
    ],
)
def test_pointers(clip, content, hint):
    """A file that only stands for audio kept elsewhere is refused with the command that fetches the audio."""
    assert hint in refusal(clip(content))
