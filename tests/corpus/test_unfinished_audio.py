"""Files whose header states fewer samples than they hold, and files that were joined."""

import io
import struct

import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError

RATE = 8_000
NOISE = np.random.default_rng(0).uniform(-0.3, 0.3, RATE * 2).astype(np.float32)
SIZES = {
    "WAV": (b"data", 4, "<I"),
    "WAVEX": (b"data", 4, "<I"),
    "RF64": (b"ds64", 16, "<Q"),
    "AIFF": (b"SSND", 4, ">I"),
    "SVX": (b"BODY", 4, ">I"),
    "AU": (b".snd", 8, ">I"),
    "CAF": (b"data", 4, ">q"),
}
"""Where a container states the size of its samples: after which bytes, at which offset, and in which format."""
TAG = b"TAG" + b"x" * 125
CHUNK = b"LIST" + struct.pack("<I", 12) + b"INFOISFT\0\0\0\0"


def encoded(name, subtype="PCM_16", frames=RATE * 2):
    file = io.BytesIO()
    soundfile.write(file, NOISE[:frames], RATE, format=name, subtype=subtype)
    return file.getvalue()


def stating(content, name, share):
    """The file with the stated size of its samples scaled by a factor."""
    mark, offset, form = SIZES[name]
    content, place = bytearray(content), content.index(mark) + offset
    (size,) = struct.unpack_from(form, content, place)
    struct.pack_into(form, content, place, int(size * share) & ~1)
    return bytes(content)


def agreed(clip):
    """The frames of a clip, which must be the same by its header and in a run."""
    seconds = load_audio(clip).seconds
    assert header(clip)[0] == pytest.approx(seconds, abs=1 / RATE)
    return round(seconds * RATE)


def refusal(clip):
    """Why a run refuses a clip; reading its header must fail for the same reason."""
    with pytest.raises(ClipError):
        header(clip)
    with pytest.raises(ClipError) as caught:
        load_audio(clip)
    return str(caught.value)


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("share", [0.0, 0.015, 0.5])
def test_a_size_that_is_too_small(clip, name, share):
    """A file that states fewer samples than it holds, as after a killed writer, is read to its end."""
    content = encoded(name)

    assert agreed(clip(stating(content, name, share))) == len(NOISE)
    assert agreed(clip(content)) == len(NOISE)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "FLOAT", "ULAW", "MS_ADPCM"])
def test_every_coding(clip, subtype):
    """It is read to its end in any encoding of the samples."""
    assert agreed(clip(stating(encoded("WAV", subtype), "WAV", 0.5))) == agreed(clip(encoded("WAV", subtype)))


@pytest.mark.parametrize("behind", [CHUNK, CHUNK + CHUNK, TAG, bytes(700), CHUNK[:-2], b"\0", CHUNK + b"\0"], ids=len)
@pytest.mark.parametrize("frames", [8_000, 8_001])
def test_what_is_no_sample(clip, behind, frames):
    """Chunks after the samples, padded or not, tags, and reserved zeros are not samples."""
    assert agreed(clip(encoded("WAV", frames=frames) + behind)) == frames
    assert agreed(clip(encoded("WAV", "PCM_U8", frames=frames).rstrip(b"\0") + behind)) == frames


@pytest.mark.parametrize("name", ["WAV", "WAVEX", "AIFF", "RF64"])
def test_what_follows_a_complete_file(clip, name):
    """Bytes after a file whose own size and that of its samples agree, as of an upload's boundary, are not samples."""
    assert agreed(clip(encoded(name) + b"\r\n--boundary--\r\n")) == len(NOISE)
    assert agreed(clip(encoded(name) + NOISE.tobytes())) == len(NOISE)


@pytest.mark.parametrize("frames", [8_001, 8_002, 8_003])
def test_a_chunk_at_a_multiple_of_4_bytes(clip, frames):
    """A chunk is none of the samples where its writer padded them to a multiple of 4 bytes."""
    content = encoded("WAV", "PCM_U8", frames=frames)[: 44 + frames]

    assert agreed(clip(content + bytes(-len(content) % 4) + CHUNK)) == frames


@pytest.mark.parametrize("share", [-1, 0.0, 0.5, 1])
def test_an_odd_chunk_of_caf(clip, share):
    """CAF does not pad chunks: samples after a chunk of an odd size are found, even if their own size is unknown."""
    content = encoded("CAF")
    place = content.index(b"data")
    _, offset, form = SIZES["CAF"]
    (size,) = struct.unpack_from(form, content, place + offset)
    stated = struct.pack(form, int(size * share) & ~1 if share >= 0 else -1)
    odd = b"free" + struct.pack(">q", 3) + b"abc"

    changed = content[:place] + odd + b"data" + stated + content[place + 12 :]
    assert agreed(clip(changed)) == len(NOISE)


def test_a_chunk_of_caf_with_a_negative_size(clip):
    """A damaged size does not keep a file from being refused or read."""
    content, damaged = encoded("CAF"), b"free" + struct.pack(">q", -12)
    place = content.index(b"data")

    assert agreed(clip(content + damaged + bytes(20))) == len(NOISE)
    assert "not readable audio" in refusal(clip(content[:place] + damaged + content[place:]))


@pytest.mark.parametrize("name", [*SIZES, "FLAC", "W64", "NIST"])
def test_joined_files(clip, name):
    """Files that were joined are refused, since only the first of them would be transcribed."""
    first, second = encoded(name), encoded(name, frames=RATE)

    assert "several streams in sequence" in refusal(clip(first + first, end=0.5))
    for content in (first + first, first + second, second + first):
        assert "several streams in sequence" in refusal(clip(content))
