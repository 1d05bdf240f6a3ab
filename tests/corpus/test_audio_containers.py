"""Audio as real tools write it: lengths that headers state, estimate or leave out, and what is not audio at all."""

import io
import os
import random
import struct
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
import soundfile
import soxr

from asrlab_pytest.audit.audio_checks import of_sound
from asrlab_pytest.corpus import audio as reading
from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.in_code import corpus_of
from asrlab_pytest.corpus.lock import measured
from asrlab_pytest.corpus.open import read_corpus
from asrlab_pytest.corpus.summary import summarize
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.corpus.write import line_of
from asrlab_pytest.errors import ClipError, CorpusError
from asrlab_pytest.sound.clip import measure

RATE = 16_000
NOISE = np.random.default_rng(0).uniform(-0.3, 0.3, (RATE * 4, 1)).astype(np.float32)


def encoded(frames=NOISE, rate=RATE, **how):
    file = io.BytesIO()
    soundfile.write(file, frames, rate, **{"format": "WAV", **how})
    return file.getvalue()


def in_container(container, codec, options=None, rate=48_000, layout="mono"):
    """Three seconds in a container that PyAV writes."""
    file = io.BytesIO()
    with av.open(file, "w", format=container, container_options=options or {}) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout)
        samples = (np.sin(np.arange(rate * 3) / 9) * 9000).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = rate
        size = stream.codec_context.frame_size or 1024
        resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=rate, frame_size=size)
        for block in resampler.resample(frame) + resampler.resample(None):
            output.mux(stream.encode(block))
        output.mux(stream.encode(None))
    return file.getvalue()


def refusal(clip):
    """Why a clip is refused by a run, which `corpus info` must refuse too."""
    with pytest.raises(ClipError):
        header(clip)
    with pytest.raises(ClipError) as caught:
        load_audio(clip)
    return str(caught.value)


def agreed(clip):
    """The seconds of a clip, on which the header, `corpus info`, `corpus lock` and a run agree."""
    seconds = load_audio(clip).seconds
    corpus = corpus_of([clip], name="corpus")
    assert header(clip)[0] == pytest.approx(seconds, abs=1 / RATE)
    assert summarize(corpus, corpus.samples).seconds == pytest.approx(seconds, abs=1 / RATE)
    assert measured([clip]).pins["it"]["duration"] == round(seconds, 3)
    return seconds


@pytest.mark.parametrize("rate", [16_000, 24_000, 48_000])
def test_mpeg_without_a_length(clip, rate):
    """An MP3 file without a Xing header is read to its end: libsndfile's count of its frames is an estimate."""
    content = in_container("mp3", "libmp3lame", {"write_xing": "0"}, rate)

    assert b"Xing" not in content
    assert b"Info" not in content
    assert agreed(clip(content, "a.mp3")) == pytest.approx(3.0, abs=0.12)
    assert agreed(clip(content[: len(content) // 2], "b.mp3")) == pytest.approx(1.5, abs=0.12)


def test_mpeg_that_grows(clip):
    """An MP3 file whose later frames are shorter than its first is read to its end all the same."""
    loud, soft = (
        in_container("mp3", "libmp3lame", {"write_xing": "0", "id3v2_version": "0"}, rate=16_000),
        encoded(np.zeros((RATE * 60, 1)), format="MP3", bitrate_mode="CONSTANT", compression_level=0.99),
    )

    assert load_audio(clip(loud + soft, "a.mp3")).seconds > 55


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0xFFFFFFFF])
def test_mpeg_in_a_wav_from_a_pipe(clip, size):
    """MP3 in a WAV whose writer did not know its length is read to its end at once, whatever its header states."""
    content = bytearray(in_container("wav", "libmp3lame", {}, rate=44_100))
    place = content.index(b"data") + 4
    whole = agreed(clip(content, "whole.wav"))
    content[place : place + 4] = size.to_bytes(4, "little")
    content[4:8] = size.to_bytes(4, "little")

    assert agreed(clip(content, "a.wav")) == whole


@pytest.mark.parametrize("container", ["mp3", "wav"])
@pytest.mark.parametrize("damage", [bytes(700), random.Random(4).randbytes(700)], ids=["zeros", "noise"])
def test_mpeg_that_is_damaged(clip, container, damage):
    """MP3 without a Xing header, or in WAV, of which a decoder reads the first part alone is refused."""
    options = {"write_xing": "0", "id3v2_version": "0"} if container == "mp3" else {}
    content = in_container(container, "libmp3lame", options, rate=44_100)
    for place in range(len(content) // 4, len(content) // 2, 300):
        damaged = clip(content[:place] + damage + content[place + len(damage) :], f"a.{container}")
        with suppress(ClipError):
            assert agreed(damaged) > 2.7, place


def test_mpeg_with_a_length(clip):
    """An MP3 file whose header states its frames is refused where some of them are missing."""
    content = in_container("mp3", "libmp3lame")
    assert agreed(clip(content, "a.mp3")) == pytest.approx(3.0, abs=0.05)
    assert "is truncated" in refusal(clip(content[: len(content) // 2], "b.mp3"))


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0x7FFFF000 - 36, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_wav_of_a_streaming_writer(clip, size):
    """A WAV file whose size was to be put in later is read to its end, wherever it is read."""
    content = bytearray(encoded())
    place = content.index(b"data") + 4
    content[place : place + 4] = struct.pack("<I", size)

    read = clip(bytes(content))
    assert agreed(read) == 4.0
    assert load_audio(replace(read, start=3.5)).seconds == 0.5


def test_wav_that_is_empty(clip):
    """A WAV file of no samples that is whole, with a chunk after them, has no samples."""
    content = encoded(NOISE[:0]) + b"LIST" + struct.pack("<I", 4) + b"INFO"
    with pytest.raises(ClipError, match="has no samples"):
        load_audio(clip(content))


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.aiff", {"format": "AIFF"}),
        ("a.au", {"format": "AU"}),
        ("a.w64", {"format": "W64"}),
        ("a.rf64", {"format": "RF64"}),
        ("a.caf", {"format": "CAF"}),
        ("a.sph", {"format": "NIST"}),
        ("a.wav", {"format": "WAV"}),
        ("a.flac", {"format": "FLAC"}),
        ("a.ogg", {"format": "OGG", "subtype": "VORBIS"}),
        ("a.opus", {"format": "OGG", "subtype": "OPUS"}),
    ],
)
def test_cut_in_half(clip, name, how):
    """A file that was cut is refused in every container that tells its length, and read where it is whole."""
    content = encoded(**how)

    assert agreed(clip(content, name)) == pytest.approx(4.0, abs=0.01)
    message = refusal(clip(content[: len(content) // 2], name))
    assert "is truncated" in message or (name == "a.flac" and "decoder lost sync" in message)


@pytest.mark.parametrize("behind", [bytes(5000), b"\r\n--boundary--\r\n", NOISE[:2000].tobytes()], ids=len)
@pytest.mark.parametrize(("container", "codec"), [("webm", "libopus"), ("matroska", "aac"), ("mp4", "aac")])
def test_what_follows_a_container(clip, container, codec, behind):
    """Bytes after the last part of a container are not audio, and no sign that audio is missing."""
    content = in_container(container, codec)

    assert agreed(clip(content + behind)) == agreed(clip(content))


@pytest.mark.parametrize(
    ("container", "codec", "options"),
    [
        ("webm", "libopus", {}),
        ("webm", "libopus", {"live": "1"}),
        ("matroska", "pcm_s16le", {}),
        ("mp4", "aac", {}),
        ("mp4", "aac", {"movflags": "frag_keyframe+empty_moov", "frag_duration": "500000"}),
        ("mov", "pcm_s16le", {}),
        ("asf", "pcm_s16le", {}),
    ],
)
def test_joined_containers(clip, container, codec, options):
    """Files that were joined are refused: a decoder reads the first alone, or does not say that there are two."""
    content = in_container(container, codec, options)

    assert agreed(clip(content)) == pytest.approx(3.0, abs=0.1)
    assert "several streams in sequence" in refusal(clip(content + content))


@pytest.mark.parametrize(("container", "codec"), [("webm", "libopus"), ("matroska", "aac"), ("mp4", "aac")])
def test_cut_container_of_pyav(clip, container, codec):
    """What PyAV reads is refused where it was cut, too."""
    content = in_container(container, codec)

    assert agreed(clip(content)) == pytest.approx(3.0, abs=0.1)
    assert "is truncated" in refusal(clip(content[: len(content) // 2]))


@pytest.mark.parametrize("start", [b"", b"\0\0\0\x08wide", b"\0\0\0\x0cfree\0\0\0\0", b"\0\0\0\x08skip"])
def test_mov_of_an_old_camera(clip, start):
    """A MOV file that does not begin with a box of its type is read, and refused where it was cut or joined."""
    whole = in_container("mov", "pcm_s16le", {"movflags": "empty_moov+frag_keyframe+default_base_moof"})
    content = start + whole[whole.index(b"ftyp") - 4 + int.from_bytes(whole[:4]) :]
    assert b"ftyp" not in content

    assert agreed(clip(content, "a.mov")) == pytest.approx(3.0, abs=0.1)
    assert "is truncated" in refusal(clip(content[: len(content) // 2], "a.mov"))
    assert "several streams in sequence" in refusal(clip(content + content, "a.mov"))


def test_a_segment_of_a_stream(clip):
    """An MP4 file that is marked as a segment of a stream is read."""
    content = in_container("mp4", "aac")

    assert agreed(clip(content.replace(b"ftyp", b"styp", 1), "a.mp4")) == agreed(clip(content, "b.mp4"))


def test_aac_with_checksums(clip):
    """AAC frames that carry a checksum are read."""
    content, checked, place = in_container("adts", "aac"), b"", 0
    while place < len(content):
        head = int.from_bytes(content[place : place + 7])
        size = head >> 13 & 0x1FFF
        longer = head + (2 << 13) & ~(1 << 40)
        checked += longer.to_bytes(7) + bytes(2) + content[place + 7 : place + size]
        place += size

    assert checked[:2] == b"\xff\xf0"
    assert agreed(clip(checked, "a.aac")) == agreed(clip(content, "b.aac"))


@pytest.mark.parametrize(("place", "size"), [(18, 4), (40, 8), (44, 8), (144, 8), (148, 8), (194, 8)])
def test_damaged_header_of_asf(clip, place, size):
    """A header that sends a decoder to where no file has anything is refused in words, or read on, in every way."""
    content = bytearray(in_container("asf", "pcm_s16le"))
    content[place : place + size] = b"\xff" * size
    damaged = clip(bytes(content))

    for read in (header, load_audio):
        with suppress(ClipError):
            read(damaged)


@pytest.mark.parametrize(("container", "codec"), [("matroska", "pcm_s16le"), ("mp4", "aac")])
@pytest.mark.parametrize("layout", ["5.1", "7.1"])
def test_many_channels_in_a_container(clip, container, codec, layout):
    """What PyAV reads may have any number of channels, which are averaged."""
    content = in_container(container, codec, layout=layout)

    assert agreed(clip(content)) == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize(("tag", "kind"), [(1, "<i4"), (3, "<f4")])
def test_extended_header_of_wave64(clip, tag, kind):
    """The samples of a Wave64 file are read as its extended header codes them, as FFmpeg writes it."""
    samples = NOISE[:, 0]
    stored = (samples * 2**31 if tag == 1 else samples).astype(kind).tobytes()
    guid = struct.pack("<H", tag) + bytes.fromhex("0000 0000 1000 8000 00aa 0038 9b71")
    form = struct.pack("<HHIIHHHHI", 0xFFFE, 1, RATE, 4 * RATE, 4, 32, 22, 32, 4) + guid
    chunks = (
        b"fmt " + bytes.fromhex("f3ac d311 8cd1 00c0 4f8e db8a") + struct.pack("<Q", 24 + len(form)) + form,
        b"data" + bytes.fromhex("f3ac d311 8cd1 00c0 4f8e db8a") + struct.pack("<Q", 24 + len(stored)) + stored,
    )
    wave = b"wave" + bytes.fromhex("f3ac d311 8cd1 00c0 4f8e db8a") + b"".join(chunks)
    whole = b"riff" + bytes.fromhex("2e91 cf11 a5d6 28db 04c1 0000") + struct.pack("<Q", 24 + len(wave)) + wave

    assert load_audio(clip(whole, "a.w64")).samples == pytest.approx(samples, abs=1e-6)


def test_git_lfs(clip):
    """A pointer of Git LFS is refused as what it is, with the command that fetches the audio."""
    message = refusal(clip(b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 9\n"))
    assert "Git LFS pointer" in message
    assert "git lfs pull" in message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name")
def test_no_regular_file(tmp_path):
    """A pipe and a device are refused at once, instead of waited for or read for ever."""
    os.mkfifo(tmp_path / "pipe.wav")
    assert "not a regular file, but a pipe" in refusal(Clip(id="it", audio=tmp_path / "pipe.wav", text=""))
    assert "not a regular file, but a device" in refusal(Clip(id="it", audio=Path("/dev/zero"), text=""))


def test_absurd_claims(clip):
    """A FLAC header that claims 2^36 frames is a refusal in words, wherever the file is read."""
    content = bytearray(encoded(format="FLAC"))
    content[21] |= 0x0F
    content[22:26] = b"\xff" * 4

    message = refusal(clip(bytes(content), "a.flac"))

    assert "does not fit in memory" in message or "is truncated" in message


def test_memory_that_is_not_there(clip, monkeypatch):
    """What does not fit in memory is a refusal of its clip, also where only its decoding shows it."""
    long, whole = clip(encoded(np.zeros((8_000 * 300, 1), np.int16), 8_000), "long.wav"), clip(encoded())
    with monkeypatch.context() as patch:
        patch.setattr(psutil, "virtual_memory", type("Memory", (), {"available": 200_000}))
        with pytest.raises(ClipError, match="does not fit in memory"):
            load_audio(long)

    def exhausted(*_):
        raise MemoryError

    monkeypatch.setattr(reading, "_decoded", exhausted)
    with pytest.raises(ClipError, match="does not fit in memory"):
        load_audio(whole)


def test_memory_stays_flat(clip):
    """Reading takes the samples at 16 kHz and a few blocks, however many channels and frames the file has."""
    long = clip(encoded(np.zeros((48_000 * 120, 8), np.int16), 48_000, format="FLAC"), "a.flac")
    load_audio(long)

    tracemalloc.start()
    audio = load_audio(long)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert audio.seconds == 120
    assert peak < 1.2 * audio.samples.nbytes + 20e6


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000])
def test_blocks_change_no_sample(clip, rate):
    """Read in blocks, a file gives bit for bit the samples that resampling all of it at once gives."""
    frames = np.random.default_rng(rate).uniform(-0.5, 0.5, (rate * 30, 3)).astype(np.float32)

    audio = load_audio(clip(encoded(frames, rate, subtype="FLOAT")))

    expected = soxr.resample(frames.mean(axis=1, dtype=np.float32), rate, RATE, quality="HQ")
    assert np.array_equal(audio.samples, expected)


def test_samples_cannot_be_written_to(clip):
    """What was read and hashed stays as it is."""
    with pytest.raises(ValueError, match="read-only"):
        load_audio(clip(encoded())).samples[0] = 1


def test_a_channel(clip):
    """A channel is chosen by its number from 1, and one that is not there is refused with how many there are."""
    call = clip(encoded(np.hstack([NOISE, np.zeros_like(NOISE)]), subtype="FLOAT"))

    assert np.array_equal(load_audio(replace(call, channel=1)).samples, NOISE[:, 0])
    assert not load_audio(replace(call, channel=2)).samples.any()
    assert np.array_equal(load_audio(call).samples, NOISE[:, 0] / 2)
    with pytest.raises(ClipError, match="has no channel 3, but 2"):
        load_audio(replace(call, channel=3))
    assert line_of(replace(call, channel=2), call.audio.parent)["channel"] == 2


def test_a_channel_of_a_corpus(clip):
    """The channel of a corpus is that of the clips that state none, and must be 1 or more."""
    path = clip(encoded()).audio.with_name("manifest.jsonl")
    path.write_text('{"audio": "it.wav", "text": "a"}\n{"audio": "it.wav", "text": "a", "id": "b", "channel": 2}\n')

    corpus = read_corpus(path, CorpusTable(path="", channel=1))

    assert [one.channel for one in corpus.samples] == [1, 2]
    path.write_text('{"audio": "it.wav", "text": "a", "channel": 0}\n')
    with pytest.raises(CorpusError, match=r"manifest\.jsonl:1: channel must be 1 or more, not 0"):
        read_corpus(path, CorpusTable(path=""))
    with pytest.raises(ValueError, match="channel must be 1 or more"):
        CorpusTable(path="", channel=0)


def test_channels_that_cancel(clip):
    """The audit names channels that cancel each other, and neither those that are alike nor a speaker on each."""
    tone = np.sin(np.arange(RATE * 2) / 9)[:, None] / 3
    other = np.random.default_rng(2).uniform(-0.3, 0.3, tone.shape)

    def checks(*channels, **keys):
        stereo = clip(encoded(np.hstack(channels)), **keys)
        return [(finding.check, finding.level) for finding in of_sound(stereo, measure(load_audio(stereo)))]

    assert checks(tone, -tone) == [("channels-cancel", "error")]
    assert "channels-cancel" not in str(checks(tone, -tone, channel=1) + checks(tone, tone) + checks(tone, other))
