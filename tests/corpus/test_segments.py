"""Clips that are a part of a long file, samples that are pinned, and containers that libsndfile does not read."""

import io
import sys
from dataclasses import replace

import av
import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asrlab_pytest.corpus import audio as reading
from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.lock import measured
from asrlab_pytest.errors import ClipError

RATE = 16_000


@pytest.fixture
def noise(tmp_path):
    """Writes two seconds of noise, and makes a clip of the file."""

    def make(name="long.wav", rate=RATE, **how):
        frames = np.random.default_rng(0).uniform(-0.5, 0.5, 2 * rate)
        soundfile.write(tmp_path / name, frames, rate, **how)
        return Clip(id="it", audio=tmp_path / name, text="")

    return make


def refusal(clip):
    with pytest.raises(ClipError) as caught:
        load_audio(clip)
    assert str(clip.audio) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["long.wav", "long.flac", "long.aiff"])
@pytest.mark.parametrize(("start", "end"), [(0.5, 1.25), (None, 0.75), (1.5, None), (0.0, 2.0)])
def test_a_segment_is_that_part(noise, name, start, end):
    """A segment has the samples of the whole file from its start to its end, bit for bit."""
    clip = noise(name)
    whole = load_audio(clip)

    part = load_audio(replace(clip, start=start, end=end))

    first, last = int((start or 0) * RATE), int((end or 2) * RATE)
    assert np.array_equal(part.samples, whole.samples[first:last])
    assert part.sha256 == whole.sha256
    assert header(replace(clip, start=start, end=end)) == ((last - first) / RATE, RATE)


def test_a_duration_after_a_start_says_where_a_segment_ends(noise):
    """A segment of a start and a duration is the one to their sum, and to the file's end where that is rounded."""
    clip = noise()

    part = load_audio(replace(clip, start=0.5, duration=0.75))

    assert np.array_equal(part.samples, load_audio(replace(clip, start=0.5, end=1.25)).samples)
    rest = load_audio(replace(clip, start=0.5)).samples
    for rounded in (1.4995, 1.5, 1.5004):
        assert np.array_equal(load_audio(replace(clip, start=0.5, duration=rounded)).samples, rest)
    assert len(load_audio(replace(clip, duration=0.75)).samples) == 2 * RATE
    assert "from 0.5 s to 3.5 s is not within" in refusal(replace(clip, start=0.5, duration=3.0))


def test_a_locked_segment_to_the_end_of_its_file_is_the_same(noise, tmp_path):
    """The rounded duration that a lock states for a segment without an end cuts no sample off."""
    clip = replace(noise(rate=44_100), start=0.12345)
    pins = measured([clip]).pins["it"]

    assert load_audio(replace(clip, **pins)).seconds == load_audio(clip).seconds


@pytest.mark.parametrize(
    ("name", "rate", "how"),
    [
        ("a.ogg", 16_000, {"format": "OGG", "subtype": "VORBIS"}),
        ("a.opus", 48_000, {"format": "OGG", "subtype": "OPUS"}),
        ("a.mp3", 44_100, {"format": "MP3"}),
    ],
)
def test_segments_of_lossy_files(tmp_path, name, rate, how):
    """A segment of a lossy file is in its right place, to within what seeking in such a file can do."""
    hertz = np.repeat([300.0, 900.0, 1800.0, 600.0], rate)
    tone = 0.5 * np.sin(2 * np.pi * np.cumsum(hertz) / rate)
    soundfile.write(tmp_path / name, tone, rate, **how)
    clip = Clip(id="it", audio=tmp_path / name, text="", start=2.1, end=2.9)

    samples = load_audio(clip).samples

    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert len(samples) == pytest.approx(0.8 * RATE, abs=1)
    assert float(np.argmax(spectrum)) * RATE / len(samples) == pytest.approx(1800, abs=5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rate=st.sampled_from([8000, 22_050, 44_100]), edges=st.tuples(st.floats(0, 1.9), st.floats(0.05, 2)))
def test_any_segment(noise, rate, edges):
    """Whatever its edges and the file's rate, a segment is as long as its times say."""
    start, end = edges[0], min(2.0, edges[0] + edges[1])

    audio = load_audio(replace(noise(rate=rate), start=start, end=end))

    assert audio.seconds == pytest.approx(end - start, abs=2 / 8000)


@pytest.mark.parametrize("seconds", [3.0, 5.3])
def test_the_end_of_ogg_vorbis(tmp_path, seconds):
    """A segment that begins near the end of an Ogg Vorbis file, where libsndfile seeks amiss, has the samples there."""
    path, frames = tmp_path / "long.ogg", int(RATE * seconds)
    soundfile.write(path, np.random.default_rng(0).uniform(-0.3, 0.3, frames), RATE, subtype="VORBIS")
    clip = Clip(id="it", audio=path, text="")
    whole = load_audio(clip).samples

    for start in (frames - 800, frames - 3200, frames - 12_800, frames - 40_000):
        assert np.array_equal(load_audio(replace(clip, start=start / RATE)).samples, whole[start:])


def test_only_the_segment_is_read(noise, monkeypatch):
    """Of a long file, no more frames are read than the segment has."""
    read = []
    original = soundfile.SoundFile.read
    monkeypatch.setattr(
        soundfile.SoundFile, "read", lambda self, frames=-1, **how: read.append(frames) or original(self, frames, **how)
    )

    load_audio(replace(noise(), start=1.0, end=1.25))

    assert read == [4000]


def test_one_file_is_hashed_once(noise, monkeypatch):
    """The hash of a file is taken once for all of its segments, and again when the file has changed."""
    hashed = []
    original = reading.hashlib.file_digest
    monkeypatch.setattr(reading.hashlib, "file_digest", lambda *given: hashed.append(1) or original(*given))
    clip = noise()
    hashes = {load_audio(replace(clip, start=n / 10, end=n / 10 + 0.1)).sha256 for n in range(5)}
    assert (len(hashed), len(hashes)) == (1, 1)

    soundfile.write(clip.audio, np.zeros(3 * RATE), RATE)

    assert load_audio(replace(clip, start=0.1)).sha256 not in hashes


def test_a_little_past_the_end(noise):
    """A segment that ends up to half a second after its file ends with it, as in Kaldi."""
    assert load_audio(replace(noise(), start=1.0, end=2.4)).seconds == 1.0


@pytest.mark.parametrize(("start", "end"), [(1.0, 2.6), (2.0, None), (5.0, 6.0), (1e308, None), (1.0, 1e308)])
def test_outside_the_file(noise, start, end):
    """A segment that is not within its file is refused with the file's length."""
    message = refusal(replace(noise(), start=start, end=end))

    assert "is not within" in message
    assert "which is 2.000 s long" in message


def test_a_changed_file(noise):
    """The hash of the file is checked for a segment, too."""
    assert "is not the file of the manifest" in refusal(replace(noise(), start=1.0, sha256="ab" * 32))


@pytest.mark.parametrize("share", [0.02, 0.6])
def test_a_truncated_file(noise, share):
    """A segment of a file that was cut off is refused."""
    clip = noise()
    content = clip.audio.read_bytes()
    clip.audio.write_bytes(content[: int(len(content) * share)])

    assert "is truncated" in refusal(replace(clip, start=0.1, end=0.2))


def test_an_empty_file(noise):
    """A segment of a file of no bytes is refused as empty."""
    clip = noise()
    clip.audio.write_bytes(b"")

    assert "empty (0 bytes)" in refusal(replace(clip, start=0.1))
    with pytest.raises(ClipError, match="empty"):
        header(clip)


def test_pinned_samples(noise):
    """Samples are compared with the manifest's hash of them, which is of little-endian 32-bit floats."""
    clip = noise(rate=44_100)
    pin = load_audio(clip).pcm_sha256

    assert load_audio(replace(clip, pcm_sha256=pin.upper())).pcm_sha256 == pin
    assert "decodes to samples that differ" in refusal(replace(clip, pcm_sha256="ab" * 32))


def test_samples_are_pinned_whatever_the_file(tmp_path):
    """The same samples in another lossless file have the same hash, though the file's is another."""
    frames = (np.random.default_rng(1).integers(-9999, 9999, RATE)).astype(np.int16)
    loaded = []
    for name in ("a.wav", "a.flac"):
        soundfile.write(tmp_path / name, frames, RATE)
        loaded.append(load_audio(Clip(id=name, audio=tmp_path / name, text="")))

    assert loaded[0].pcm_sha256 == loaded[1].pcm_sha256
    assert loaded[0].sha256 != loaded[1].sha256


def encoded(container, codec, rate=48_000, seconds=1.0):
    """A tone in a container that libsndfile does not read."""
    file = io.BytesIO()
    tone = (0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)).astype(np.float32)
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        for place in range(0, len(tone), 960):
            frame = av.AudioFrame.from_ndarray(tone[None, place : place + 960], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = rate, place
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize(
    ("container", "codec", "name"),
    [
        ("mp4", "aac", "a.m4a"),
        ("webm", "libopus", "a.webm"),
        ("adts", "aac", "a.aac"),
        ("matroska", "aac", "a.mka"),
        ("ogg", "flac", "a.oga"),
    ],
)
def test_other_containers(tmp_path, container, codec, name):
    """M4A, WebM, AAC, Matroska and FLAC in Ogg are read by PyAV, whole or in part."""
    (tmp_path / name).write_bytes(encoded(container, codec))
    clip = Clip(id="it", audio=tmp_path / name, text="")

    audio = load_audio(clip)
    part = load_audio(replace(clip, start=0.25, end=0.75))

    assert audio.seconds == pytest.approx(1.0, abs=0.07)
    assert np.sqrt(np.mean(part.samples**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.1)
    assert part.seconds == 0.5
    assert header(clip) == (pytest.approx(1.0, abs=0.07), 48_000)


def test_other_containers_without_pyav(tmp_path, monkeypatch):
    """Where PyAV is not installed, the refusal names the extra that has it."""
    monkeypatch.setitem(sys.modules, "av", None)
    (tmp_path / "a.m4a").write_bytes(encoded("mp4", "aac"))

    message = refusal(Clip(id="it", audio=tmp_path / "a.m4a", text=""))

    assert "PyAV is not installed" in message
    assert 'uv add --dev "asrlab-pytest[av]"' in message


def test_a_damaged_container(tmp_path):
    """A container that PyAV cannot read is refused in words."""
    (tmp_path / "a.m4a").write_bytes(encoded("mp4", "aac")[:60] + bytes(20_000))

    assert "is not readable audio" in refusal(Clip(id="it", audio=tmp_path / "a.m4a", text=""))
