"""Ogg files that lack pages in their middle, whatever codec they hold."""

import io
import re

import av
import numpy as np
import pytest

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError

RATE = 16_000
SECONDS = 4


@pytest.fixture(scope="module", params=["flac", "libopus"])
def content(request):
    """Noise in an Ogg file of this codec, with a page for each tenth of a second."""
    file = io.BytesIO()
    noise = np.random.default_rng(0).integers(-9999, 9999, (1, RATE * SECONDS)).astype(np.int16)
    with av.open(file, "w", format="ogg", container_options={"page_duration": "100000"}) as output:
        stream = output.add_stream(request.param, rate=RATE, layout="mono")
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=RATE, frame_size=320)
        for place in range(0, noise.shape[1], 320):
            frame = av.AudioFrame.from_ndarray(noise[:, place : place + 320], format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, place
            for block in resampler.resample(frame):
                output.mux(stream.encode(block))
        output.mux(stream.encode(None))
    return file.getvalue()


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


def checked(page):
    """A page with the checksum that its bytes have."""
    remainder = 0
    for byte in (bare := page[:22] + bytes(4) + page[26:]):
        remainder ^= byte << 24
        for _ in range(8):
            remainder = (remainder << 1 ^ (0x04C11DB7 if remainder >> 31 else 0)) & 0xFFFFFFFF
    return bare[:22] + remainder.to_bytes(4, "little") + bare[26:]


def test_a_recorded_broadcast(clip, content):
    """Where the pages with audio have later numbers than those with headers, nothing is missing."""
    recorded = b""
    starts = pages(content)
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        page = content[start:end]
        number = int.from_bytes(page[18:22], "little") + (5000 if page[6:14] != bytes(8) else 0)
        recorded += checked(page[:18] + number.to_bytes(4, "little") + page[22:])

    assert header(clip(recorded))[0] == pytest.approx(SECONDS, abs=0.1)
