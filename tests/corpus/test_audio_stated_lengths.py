"""Files of every container that libsndfile reads: whole, cut, and stating fewer samples than they hold."""

import io

import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError

RATE = 8_000
NOISE = np.random.default_rng(0).uniform(-0.3, 0.3, (RATE * 2, 2)).astype(np.float32)
STATES_NOTHING = {"PAF", "PVF", "IRCAM", "MP3", "XI"}
"""Read to the end; libsndfile leaves the size in XI at 0, and MP3 has tests of its own."""
KINDS = [
    (name, subtype, channels)
    for name in sorted(soundfile.available_formats())
    for subtype in sorted(soundfile.available_subtypes(name))
    for channels in (1, 2)
    if name not in {"RAW", "SD2"} and soundfile.check_format(name, subtype)
]


def encoded(name, subtype, channels=1, *, endian="FILE"):
    """The bytes of two seconds of noise; None if libsndfile does not write such a file."""
    file = io.BytesIO()
    try:
        soundfile.write(file, NOISE[:, :channels], RATE, format=name, subtype=subtype, endian=endian)
    except (soundfile.LibsndfileError, ValueError):
        return None
    return file.getvalue()


def agreed(clip):
    """The frames of a clip, on which its header and a run agree."""
    audio = load_audio(clip)
    assert header(clip)[0] == pytest.approx(audio.seconds, abs=1 / RATE)
    return round(audio.seconds * audio.file_rate)


def refusal(clip):
    """Why a clip is refused by a run, which its header must be refused for too."""
    with pytest.raises(ClipError):
        header(clip)
    with pytest.raises(ClipError) as caught:
        load_audio(clip)
    return str(caught.value)


def test_every_container(clip):
    """A file that was cut is refused in every container that states its length, and read where it is whole."""
    wrong = []
    for kind in KINDS:
        content = encoded(*kind)
        if content is None:
            continue
        frames = agreed(clip(content))
        if abs(frames - len(NOISE)) > 2000:  # The frame of a codec.
            wrong.append((*kind, frames))
        if kind[0] not in STATES_NOTHING:
            messages = [refusal(clip(content[:size])) for size in (len(content) // 2, len(content) - 200)]
            is_told = "truncated" in messages[0] and ("truncated" in messages[1] or kind[0] == "FLAC")
            wrong += [] if is_told else [(*kind, *messages)]
    assert not wrong


def test_both_byte_orders(clip):
    """The length that a file states is read in the byte order of the file."""
    for name in ("MAT4", "MAT5", "AU", "NIST", "CAF"):
        for endian in ("BIG", "LITTLE"):
            content = encoded(name, "PCM_16", 2, endian=endian)
            if content is not None:
                assert agreed(clip(content)) == len(NOISE), (name, endian)
                assert "truncated" in refusal(clip(content[:-40])), (name, endian)


def test_instrument_that_states_its_size(clip):
    """A FastTracker instrument is refused where the sizes of its samples say that some of them are missing."""
    content = bytearray(encoded("XI", "DPCM_16"))
    content[298:302] = (2 * len(NOISE)).to_bytes(4, "little")

    assert agreed(clip(bytes(content))) == len(NOISE)
    assert "2 bytes of its samples are missing" in refusal(clip(bytes(content[:-2])))


def test_last_part_of_a_coding_without_seeking(clip):
    """A part of a file is the same part of its samples, also where libsndfile says wrongly that it can seek."""
    content = encoded("AIFF", "DWVW_16")
    part = load_audio(clip(content, start=1.5)).samples

    assert len(part) == 8_000
    # The first samples differ, since the resampler does not know what came before them.
    assert np.allclose(part[400:], load_audio(clip(content)).samples[-7_600:], atol=1e-6)


@pytest.mark.parametrize("seconds", [0.2, 2])
@pytest.mark.parametrize("missing", [1, 900])
def test_flac_that_states_too_few(clip, seconds, missing):
    """A FLAC file is read to its end where its header states fewer samples, and refused where it states more."""
    file = io.BytesIO()
    frames = round(seconds * RATE)
    soundfile.write(file, NOISE[:frames], RATE, format="FLAC")
    content = file.getvalue()

    few = clip(_stating(content, frames - missing))
    assert agreed(few) == frames
    assert round(load_audio(clip(few.audio.read_bytes(), start=0.1)).seconds * RATE) == frames - 800
    assert agreed(clip(_stating(content, 0))) == frames
    assert agreed(clip(content + b"TAG" + b"x" * 125)) == frames
    assert f"{missing} of its {frames + missing} samples are missing" in refusal(
        clip(_stating(content, frames + missing))
    )


def _stating(content, frames):
    """A FLAC file whose header states another number of samples."""
    old = int.from_bytes(content[18:26])
    return content[:18] + ((old >> 36 << 36) | frames).to_bytes(8) + content[26:]
