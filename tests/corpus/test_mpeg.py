"""MPEG frames: headers that state more than there is, tags and chunks after them, and forks in the working folder."""

import io
import struct

import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError

RATE = 16_000
NOISE = np.random.default_rng(0).uniform(-0.3, 0.3, RATE * 3).astype(np.float32)
UNKNOWN = 0xFFFFFFFF
NAME = b"Xing"


def encoded(**how):
    """Three seconds, whose first frame states how many frames and bytes there are."""
    file = io.BytesIO()
    soundfile.write(file, NOISE, RATE, **{"format": "MP3", "bitrate_mode": "VARIABLE", **how})
    return file.getvalue()


@pytest.fixture(scope="module")
def content():
    return encoded()


@pytest.fixture(scope="module")
def frames(content):
    """The frames that hold sound."""
    return content[content.index(b"\xff\xf3", 4) :]


def stating(content, count, size):
    """A file whose first frame states so many frames and bytes instead; None leaves the field out."""
    fields = [None if value is None else struct.pack(">I", value) for value in (count, size)]
    flags = sum(1 << bit for bit, field in enumerate(fields) if field is not None)
    stated = NAME + struct.pack(">I", flags) + b"".join(field or b"" for field in fields)
    place = content.index(NAME)
    return content[:place] + stated.ljust(120, b"\0") + content[place + 120 :]


def with_vbri(frames, count, size):
    """Frames after one with the header of Fraunhofer's encoder."""
    stated = b"VBRI" + struct.pack(">HHHIIHHHH", 1, 0, 75, size, count, 0, 1, 2, 99)
    # 64 kbit/s, in 288 bytes.
    return (frames[:2] + b"\x88\xc4" + bytes(32) + stated).ljust(288, b"\0") + frames


def in_wav(frames, after=b""):
    """Frames in WAV, and chunks after them."""
    fmt = struct.pack("<HHIIHHHHIHHH", 0x55, 1, RATE, 8000, 1, 0, 12, 1, 2, 576, 1, 1393)
    content = b"WAVE" + chunk(b"fmt ", fmt) + chunk(b"data", frames) + after
    return chunk(b"RIFF", content)


def chunk(name, content):
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def tag(size):
    """An ID3 tag with so much in it."""
    return b"ID3\4\0\0" + bytes(size >> bits & 0x7F for bits in (21, 14, 7, 0)) + bytes(size)


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


@pytest.mark.parametrize("sizes", [(100_000,), (500, 300_000, 19)], ids=["one", "several"])
def test_tags_between_joined_files(clip, content, sizes):
    """A joined MP3 file is refused however large the tags of its second part are; tags alone are ignored."""
    tags = b"".join(map(tag, sizes))

    assert agreed(clip(content + tags, "one.mp3")) == pytest.approx(3.0, abs=0.01)
    assert "several streams in sequence" in refusal(clip(content + tags + content, "two.mp3"))


@pytest.mark.parametrize("kind", ["bytes", "zero frames", "unknown frames", "vbri", "vbri, frames", "vbri, bytes"])
def test_half_of_what_a_header_states(clip, content, frames, kind):
    """An MP3 file is refused if many of the frames or bytes that its header states are missing, and else read."""
    count, size = struct.unpack(">II", content[content.index(NAME) + 8 :][:8])
    whole = {
        "bytes": stating(content, None, size),
        "zero frames": stating(content, 0, size),
        "unknown frames": stating(content, UNKNOWN, size),
        "vbri": with_vbri(frames, count, 288 + len(frames)),
        "vbri, frames": with_vbri(frames, count, 0),
        "vbri, bytes": with_vbri(frames, 0, 288 + len(frames)),
    }[kind]

    assert agreed(clip(whole, "whole.mp3")) == pytest.approx(3.0, abs=0.2)
    assert agreed(clip(whole + tag(3000), "tagged.mp3")) == pytest.approx(3.0, abs=0.2)
    assert agreed(clip(whole[:-600], "few.mp3")) == pytest.approx(3.0, abs=0.3)
    assert "truncated: about 4" in refusal(clip(whole[: len(whole) // 2], "half.mp3"))
    assert "truncated: about 4" in refusal(clip(tag(99) + whole[: len(whole) // 2], "tagged half.mp3"))


def test_header_that_is_wrong_in_one_of_two(clip, frames):
    """An MP3 file is read that has as much as one of two statements of its header says."""
    count = frames.count(b"\xff\xf3")

    for stated in ((9 * count, len(frames)), (count, 9 * len(frames)), (0, 0), (UNKNOWN, UNKNOWN)):
        assert agreed(clip(with_vbri(frames, *stated), "it.mp3")) == pytest.approx(3.0, abs=0.2), stated


def test_header_of_placeholders(clip, content):
    """An MP3 file whose writer did not know how many frames there would be is read to its end."""
    assert agreed(clip(stating(content, UNKNOWN, UNKNOWN), "it.mp3")) == pytest.approx(3.0, abs=0.2)


@pytest.mark.parametrize("is_mpeg", [False, True], ids=["text", "frames"])
def test_chunks_after_mpeg_in_wav(clip, frames, is_mpeg):
    """A chunk of any size and content after MPEG frames in WAV changes no sample."""
    alone = load_audio(clip(in_wav(frames), "alone.wav")).samples

    for size in (600, 6000, 20_000):
        comment = frames[:size] if is_mpeg else b"INFOICMT".ljust(size, b"x")
        found = clip(in_wav(frames, chunk(b"LIST", comment)), "it.wav")
        assert np.array_equal(load_audio(found).samples, alone), size
        assert agreed(found) == pytest.approx(3.0, abs=0.2)


@pytest.mark.parametrize("fork", ["._", ".AppleDouble"])
def test_fork_in_the_working_folder(clip, frames, tmp_path, monkeypatch, fork):
    """An MP3 file is read alike where the working folder has what libsndfile takes for a resource fork."""
    named = {"stated.mp3": encoded(), "frames.mp3": frames, "junk.mp3": b"not a frame" + frames}
    clips = [clip(file, name) for name, file in named.items()]
    alone = [load_audio(one).samples for one in clips]
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    (tmp_path / "work" / fork).mkdir() if fork == ".AppleDouble" else (tmp_path / "work" / fork).touch()

    for one, samples in zip(clips, alone, strict=True):
        assert np.array_equal(load_audio(one).samples, samples), one.audio.name
        assert agreed(one) == pytest.approx(3.0, abs=0.2)
    assert "not recognised" in refusal(clip(bytes(3000), "zeros.mp3"))
