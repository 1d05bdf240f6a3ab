"""Ogg files that lack pages in their middle, whatever codec they hold."""

import io
import re
import struct
from dataclasses import replace

import av
import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError
from noise import SECONDS, encoded

RATE = 16_000


@pytest.fixture(scope="module", params=["flac", "libopus"])
def content(request):
    """Noise in an Ogg file of this codec, with a page for each tenth of a second."""
    return encoded("ogg", request.param, RATE, size=320, page_duration="100000")


@pytest.fixture
def clip(tmp_path):
    def make(content):
        path = tmp_path / "a.ogg"
        path.write_bytes(content)
        return Clip(id="it", audio=path, text="")

    return make


def pages(content):
    """Where the pages of a file begin."""
    return [match.start() for match in re.finditer(b"OggS", content)]


def test_whole(clip, content):
    """A file with all of its pages is read to its end."""
    assert load_audio(clip(content)).seconds == pytest.approx(SECONDS, abs=0.1)


@pytest.mark.parametrize("hole", [(0.4, 0.6), (0.5, 0.51), (0.9, 0.93)])
def test_pages_that_are_missing(clip, content, hole):
    """A file without some pages of its middle is truncated, and the pages around the hole are named."""
    starts = pages(content)
    first, last = (int(len(starts) * part) for part in hole)
    short = clip(content[: starts[first]] + content[starts[max(last, first + 1)] :])

    for read in (header, load_audio):
        with pytest.raises(ClipError, match=rf"is truncated: page \d+ follows page {first - 1} at byte"):
            read(short)


def test_bytes_that_are_missing(clip, content):
    """A file without some bytes of a page is truncated."""
    start = pages(content)[10]

    with pytest.raises(ClipError, match="is truncated: a part is missing before byte"):
        load_audio(clip(content[: start + 60] + content[start + 80 :]))


def test_another_stream_after_one_that_was_broken_off(clip, content):
    """A file whose first stream lacks its end, or the mark of it, and that goes on with another is refused."""
    starts = pages(content)
    other = b"".join(
        checked(content[start : start + 14] + b"else" + content[start + 18 : end])
        for start, end in zip(starts, [*starts[1:], len(content)], strict=True)
    )
    last = content[starts[-1] :]
    unmarked = content[: starts[-1]] + checked(last[:5] + b"\0" + last[6:])

    for first in (content, unmarked, content[: starts[-1]], content[: starts[-1] - 5]):
        for read in (header, load_audio):
            with pytest.raises(ClipError, match=r"several streams in sequence|truncated"):
                read(clip(first + other))


def checked(page):
    """A page with the checksum that its bytes have."""
    remainder = 0
    for byte in (bare := page[:22] + bytes(4) + page[26:]):
        remainder ^= byte << 24
        for _ in range(8):
            remainder = (remainder << 1 ^ (0x04C11DB7 if remainder >> 31 else 0)) & 0xFFFFFFFF
    return bare[:22] + remainder.to_bytes(4, "little") + bare[26:]


def rewritten(content, change):
    """A file with the position and number of each of its pages with audio changed."""
    starts = pages(content)
    new = b""
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        page = content[start:end]
        position, number = struct.unpack("<6xQ4xI", page[:22])
        position, number = change(position, number) if position else (position, number)
        new += checked(page[:6] + struct.pack("<Q4sI", position, page[14:18], number) + page[22:])
    return new


def test_a_recorded_broadcast(clip, content):
    """Where the pages with audio have later numbers than those with headers, nothing is missing."""
    recorded = rewritten(content, lambda position, number: (position, number + 5000))

    assert header(clip(recorded))[0] == pytest.approx(SECONDS, abs=0.1)


@pytest.mark.parametrize("early", [2, 10])
def test_a_page_that_ends_early(clip, content, early):
    """A file is read of which a page ends before its packets, as in one that FFmpeg cut or joined without encoding."""
    copied = clip(rewritten(content, lambda place, number: (place - 900 * (number == early), number)))

    assert load_audio(copied).seconds == pytest.approx(SECONDS, abs=0.1)
    assert header(copied)[0] == pytest.approx(SECONDS, abs=0.1)
    assert load_audio(replace(copied, start=2.0, end=3.0)).seconds == 1.0


def test_a_picture_in_the_tags(clip):
    """Opus with tags that fill several pages, as a picture does, is read as the same without them."""
    file = io.BytesIO()
    soundfile.write(
        file, np.random.default_rng(0).uniform(-0.3, 0.3, RATE * SECONDS), RATE, format="OGG", subtype="OPUS"
    )
    content = file.getvalue()
    _, second, third = pages(content)[:3]
    packet = content[second + 27 + content[second + 26] : third].ljust(70_000, b"\x4f")
    head = content[second : second + 6]
    stream = content[second + 14 : second + 18]
    parts = [packet[: 255 * 255], packet[255 * 255 :]]
    sizes = [b"\xff" * 255, b"\xff" * (len(parts[1]) // 255) + bytes([len(parts[1]) % 255])]
    tags = [
        head[:5]
        + flags
        + position
        + stream
        + number.to_bytes(4, "little")
        + bytes(4)
        + bytes([len(size)])
        + size
        + part
        for flags, position, number, size, part in zip(
            (b"\0", b"\1"), (b"\xff" * 8, bytes(8)), (1, 2), sizes, parts, strict=True
        )
    ]
    rest = rewritten(content, lambda place, number: (place, number + (number > 1)))[third:]

    large = clip(content[:second] + b"".join(map(checked, tags)) + rest)

    assert header(large)[0] == pytest.approx(SECONDS, abs=0.01)
    assert np.array_equal(load_audio(large).samples, load_audio(clip(content)).samples)


def test_parts_of_opus_with_packets_on_two_pages(clip):
    """A part of Opus whose pages end within packets has the samples that the whole file has there."""
    file = io.BytesIO()
    noise = np.random.default_rng(0).integers(-9000, 9000, (1, 48_000 * 10), np.int16)
    with av.open(file, "w", format="ogg", container_options={"page_duration": "3000000"}) as output:
        stream = output.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = 200_000
        frame = av.AudioFrame.from_ndarray(noise, format="s16", layout="mono")
        frame.sample_rate = 48_000
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    content = file.getvalue()
    samples = load_audio(clip(content)).samples

    assert any(content[page + 5] & 1 for page in pages(content))
    assert header(clip(content))[0] == pytest.approx(10.0, abs=0.05)
    for start in np.arange(0, 9.5, 0.25):
        part = load_audio(replace(clip(content), start=start, end=start + 0.5)).samples
        place = round(start * RATE)
        # Resampling differs at the edges of a part.
        assert np.allclose(part[200:-200], samples[place + 200 : place + RATE // 2 - 200], atol=0.01), start


def test_a_gap_in_vorbis(clip):
    """A part after a gap between the positions of pages is refused, one before it is read, and so is the whole file."""
    file = io.BytesIO()
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, RATE * SECONDS)
    soundfile.write(file, noise, RATE, format="OGG", subtype="VORBIS")
    gap = rewritten(file.getvalue(), lambda place, number: (place + 3 * RATE * (place > 2 * RATE), number))
    samples = load_audio(clip(file.getvalue())).samples

    whole = clip(gap)

    assert np.array_equal(load_audio(whole).samples, samples)
    assert header(whole)[0] == SECONDS
    assert np.array_equal(load_audio(replace(whole, start=0.25, end=0.75)).samples, samples[RATE // 4 : RATE * 3 // 4])
    for read in (header, load_audio):
        with pytest.raises(ClipError, match=r"leave a gap of about (3\.0|2\.\d) s after"):
            read(replace(whole, start=2.5, end=3.5))
