"""Audio: what is read, what it becomes, and how each unusable file is refused."""

import hashlib
import io
import struct

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError
from asrlab_pytest.waveform import SAMPLE_RATE


def sine(rate, seconds=1.0, hertz=440.0, channels=1, amplitude=0.5):
    wave = amplitude * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)
    return np.tile(wave[:, None], (1, channels))


def encoded(frames, rate, **how):
    file = io.BytesIO()
    soundfile.write(file, frames, rate, **how)
    return file.getvalue()


def loudest_hertz(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * SAMPLE_RATE / len(samples)


@pytest.fixture
def clip(tmp_path):
    """Makes a clip of a file's bytes."""

    def make(content, name="clip.wav", sha256=None):
        path = tmp_path / name
        path.write_bytes(content)
        return Clip(id="it", audio=path, text="", sha256=sha256)

    return make


def refusal(clip):
    with pytest.raises(ClipError) as caught:
        load_audio(clip)
    assert str(caught.value).startswith("clip it: ")
    assert str(clip.audio) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("rate", "how"),
    [
        (16000, {"format": "WAV", "subtype": "PCM_16"}),
        (16000, {"format": "WAV", "subtype": "PCM_24"}),
        (16000, {"format": "WAV", "subtype": "FLOAT"}),
        (16000, {"format": "WAVEX", "subtype": "PCM_16"}),
        (8000, {"format": "WAV", "subtype": "ULAW"}),
        (8000, {"format": "WAV", "subtype": "ALAW"}),
        (48000, {"format": "FLAC"}),
        (44100, {"format": "OGG", "subtype": "VORBIS"}),
        (48000, {"format": "OGG", "subtype": "OPUS"}),
        (44100, {"format": "MP3"}),
        (22050, {"format": "AIFF"}),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else str(value),
)
def test_formats(clip, rate, how):
    """A tone stays that tone, as loud and as long as it was, in every format and from every rate."""
    audio = load_audio(clip(encoded(sine(rate), rate, **how), f"clip.{how['format'].lower()}"))

    assert audio.samples.dtype == np.float32
    assert audio.samples.ndim == 1
    assert audio.seconds == pytest.approx(1.0, abs=0.06 if how["format"] == "MP3" else 0.001)
    assert loudest_hertz(audio.samples) == pytest.approx(440, abs=1.5)
    middle = audio.samples[4000:12000]
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


def test_16_khz_is_untouched(clip):
    """Samples at 16 kHz reach the engine bit for bit."""
    frames = np.random.default_rng(1).integers(-32768, 32767, 16000).astype(np.int16)

    samples = load_audio(clip(encoded(frames, 16000, format="WAV", subtype="PCM_16"))).samples

    assert np.array_equal(samples, frames / np.float32(32768))


def test_stereo_is_averaged(clip):
    """Two channels become their mean: neither of them is dropped."""
    left, right = sine(16000, hertz=300), sine(16000, hertz=1000)

    samples = load_audio(clip(encoded(np.hstack([left, right]), 16000, format="WAV", subtype="FLOAT"))).samples

    assert np.allclose(samples, (left[:, 0] + right[:, 0]) / 2, atol=1e-6)


def test_no_alias(clip):
    """A tone above what 16 kHz can hold vanishes instead of coming back as another tone."""
    samples = load_audio(clip(encoded(sine(44100, hertz=10_000), 44100, format="WAV", subtype="FLOAT"))).samples

    assert np.sqrt(np.mean(samples[1000:-1000] ** 2)) < 0.0005


def test_the_hash_is_of_the_file(clip):
    """The audio's sha256 is the file's."""
    content = encoded(sine(16000), 16000, format="WAV")

    assert load_audio(clip(content)).sha256 == hashlib.sha256(content).hexdigest()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.integers(4_000, 96_000),
    shape=st.tuples(st.integers(16, 20_000), st.integers(1, 6)),
    subtype=st.sampled_from(["PCM_U8", "PCM_16", "PCM_32", "FLOAT", "DOUBLE"]),
)
def test_any_wav(clip, rate, shape, subtype):
    """Whatever its rate, channels and encoding, a file becomes float32 mono at 16 kHz of the same length."""
    noise = np.random.default_rng(rate).uniform(-1, 1, shape)

    audio = load_audio(clip(encoded(noise, rate, format="WAV", subtype=subtype)))

    assert audio.samples.dtype == np.float32
    assert audio.samples.shape == (len(audio.samples),)
    assert audio.samples.flags.c_contiguous
    assert np.isfinite(audio.samples).all()
    assert len(audio.samples) > 0
    assert audio.seconds == pytest.approx(shape[0] / rate, abs=0.001)


def test_missing_file(clip, tmp_path):
    """A file that is not there is refused with its path and a hint."""
    missing = Clip(id="it", audio=tmp_path / "gone.wav", text="")

    assert "no file" in refusal(missing)
    assert "manifest" in refusal(missing)


def test_folder_instead_of_a_file(tmp_path):
    """A folder in the place of a file is refused in a sentence."""
    assert "cannot read" in refusal(Clip(id="it", audio=tmp_path, text=""))


def test_zero_bytes(clip):
    """A file of no bytes is refused as empty."""
    assert "empty (0 bytes)" in refusal(clip(b""))


@pytest.mark.parametrize("how", [{"format": "WAV"}, {"format": "AIFF"}], ids=["WAV", "AIFF"])
def test_zero_samples(clip, how):
    """A file with a header and no samples is refused."""
    assert "has no samples" in refusal(clip(encoded(np.zeros((0, 1)), 16000, **how)))


def test_less_than_one_sample(clip):
    """A file too short for a single sample at 16 kHz is refused, instead of handed on empty."""
    assert "is too short: 1 frames at 96000 Hz" in refusal(clip(encoded(np.ones((1, 1)), 96000, format="WAV")))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_not_a_number(clip, value):
    """One sample that is not a number makes the file unusable."""
    frames = sine(16000)
    frames[77] = value

    assert "NaN or infinite" in refusal(clip(encoded(frames, 16000, format="WAV", subtype="FLOAT")))


def test_integers_saved_as_floats(clip):
    """A float file at the scale of 16-bit integers is refused, instead of heard as noise; one above 1 is read."""
    how = {"format": "WAV", "subtype": "FLOAT"}

    assert "samples of 16384, far beyond 1" in refusal(clip(encoded(sine(16000) * 32768, 16000, **how)))
    assert load_audio(clip(encoded(sine(16000) * 14, 16000, **how))).samples.max() == pytest.approx(7, abs=0.1)


def test_text_named_wav(clip):
    """A text file named .wav is refused as what it is, with the engine never asked."""
    assert "is not readable audio" in refusal(clip(b"This is a letter, not a sound.\n" * 50))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.999])
@pytest.mark.parametrize(
    "how",
    [{"format": "WAV", "subtype": "PCM_16"}, {"format": "WAV", "subtype": "ULAW"}, {"format": "FLAC"}],
    ids=["PCM", "mu-law", "FLAC"],
)
def test_truncated(clip, how, share):
    """A file that was cut off is refused, wherever it was cut."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (16000, 1))
    content = encoded(noise, 16000, **how)

    message = refusal(clip(content[: int(len(content) * share)]))

    assert "is truncated" in message or "is not readable audio" in message


def test_truncated_within_the_header(clip):
    """A WAV file that ends within its header is refused."""
    assert "is not readable audio" in refusal(clip(encoded(sine(16000), 16000, format="WAV")[:30]))


def test_a_chunk_after_the_samples_may_be_cut(clip):
    """What lies after the samples is not part of the sound: a cut there refuses nothing."""
    content = encoded(sine(16000), 16000, format="WAV", subtype="PCM_16") + b"LIST" + struct.pack("<I", 900) + b"INFO"

    assert load_audio(clip(content)).seconds == 1.0


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0xFFFFFFFF - 36])
def test_a_stream_of_unknown_length(clip, size):
    """A WAV file whose writer did not know its length, as ffmpeg leaves it in a pipe, is read to its end."""
    content = bytearray(encoded(sine(16000), 16000, format="WAV", subtype="PCM_16"))
    place = content.index(b"data") + 4
    content[place : place + 4] = struct.pack("<I", size)

    assert load_audio(clip(bytes(content))).seconds == pytest.approx(1.0, abs=0.001)


def test_a_flac_of_unknown_length(clip):
    """A FLAC file whose writer did not know its length, as ffmpeg leaves it in a pipe, is read to its end."""
    content = bytearray(encoded(sine(16000), 16000, format="FLAC"))
    content[21] &= 0xF0
    content[22:26] = bytes(4)

    assert load_audio(clip(bytes(content))).seconds == 1.0


@pytest.mark.parametrize("damage", ["a flipped byte", "a hole"])
def test_damaged_flac(clip, damage):
    """A FLAC file that is damaged in its middle is refused."""
    content = bytearray(encoded(np.random.default_rng(0).uniform(-0.5, 0.5, (48000, 1)), 16000, format="FLAC"))
    middle = len(content) // 2
    if damage == "a hole":
        del content[middle : middle + 5000]
    else:
        content[middle] ^= 0xFF

    assert "is not readable audio" in refusal(clip(bytes(content)))


def test_hash_mismatch(clip):
    """A file that is not the manifest's is refused with both hashes."""
    content = encoded(sine(16000), 16000, format="WAV")

    message = refusal(clip(content, sha256="ab" * 32))

    assert "is not the file of the manifest" in message
    assert hashlib.sha256(content).hexdigest()[:12] in message
    assert "abababababab" in message


def test_hash_match(clip):
    """The right hash passes, in either case."""
    content = encoded(sine(16000), 16000, format="WAV")
    sha256 = hashlib.sha256(content).hexdigest()

    assert load_audio(clip(content, sha256=sha256)).sha256 == sha256
    assert load_audio(clip(content, sha256=sha256.upper())).sha256 == sha256
