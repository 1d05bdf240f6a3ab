"""Files that are damaged in the middle, of which decoders leave out a part without a word."""

import random
import re
import struct
from dataclasses import replace

import pytest

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError
from noise import SECONDS, encoded

RATE = 16_000
KINDS = {
    "a.mka": ("matroska", "flac", 320, {}),
    "a.webm": ("webm", "libopus", 320, {"cluster_time_limit": "500"}),
    "live.webm": ("webm", "libopus", 320, {"live": "1", "cluster_time_limit": "500"}),
    "a.ogg": ("ogg", "flac", 320, {"page_duration": "500000"}),
    "a.wma": ("asf", "wmav2", 512, {"packet_size": "1000"}),
    "a.mp4": ("mp4", "aac", 1024, {"movflags": "frag_keyframe+empty_moov", "frag_duration": "300000"}),
}
"""Container, codec, samples of a frame and options of each file."""


@pytest.fixture(scope="module", params=KINDS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def content(name):
    """Noise in such a file."""
    return written(name)


def written(name, **more):
    container, codec, size, options = KINDS[name]
    return encoded(container, codec, RATE, size=size, **{**options, **more})


def replaced(content, place, new):
    return content[:place] + new + content[place + len(new) :]


def test_whole(clip, name, content):
    """A file that is not damaged is read to its end, whatever follows it."""
    assert load_audio(clip(content, name)).seconds == pytest.approx(SECONDS, abs=0.1)
    assert load_audio(clip(content + random.Random(0).randbytes(999), name)).seconds == pytest.approx(SECONDS, abs=0.1)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("new", [bytes(3000), random.Random(0).randbytes(3000)], ids=["zeros", "noise"])
def test_damaged(clip, name, content, part, new):
    """A file of which some bytes in the middle are others is refused, and so are the parts of it."""
    damaged = clip(replaced(content, int(len(content) * part), new), name)

    with pytest.raises(ClipError, match="damaged"):
        load_audio(damaged)
    with pytest.raises(ClipError, match="damaged"):
        header(damaged)
    with pytest.raises(ClipError, match="damaged"):
        load_audio(replace(damaged, start=0.1, end=0.2))


def test_a_recording_that_was_not_finished(clip):
    """A recording of a browser, which states no length, is read up to its last whole block."""
    content = written("live.webm")

    assert load_audio(clip(content[: len(content) // 2])).seconds == pytest.approx(SECONDS / 2, abs=0.3)


def test_an_element_that_is_not_known(clip):
    """An element of Matroska that its specification does not have is skipped, as it demands."""
    content = written("live.webm")
    cluster = content.index(b"\x1f\x43\xb6\x75", len(content) // 2)
    longer = content[:cluster] + b"\x4d\xbb\x88" + b"\xff" * 8 + content[cluster:]

    assert load_audio(clip(longer)).seconds == pytest.approx(SECONDS, abs=0.1)


@pytest.mark.parametrize("name", [b"free", b"skip"])
def test_a_deleted_fragment(clip, name):
    """A fragment in a box of free space is none, so that the file is read without it."""
    content = written("a.mp4")
    first, second = [match.start() - 4 for match in re.finditer(b"moof", content)][:2]
    index = content.index(b"mfra") - 4
    deleted = struct.pack(">I4s", 8 + second - first, name) + content[first:second]

    longer = content[:index] + deleted + content[index:]

    assert load_audio(clip(longer, "a.mp4")).pcm_sha256 == load_audio(clip(content, "whole.mp4")).pcm_sha256


def fragments(content):
    """The beginning of a file, its fragments, and what follows them."""
    places = [match.start() - 4 for match in re.finditer(rb"moof\0\0\0\x10mfhd", content)]
    end = content.index(b"mfra") - 4
    parts = [content[start:stop] for start, stop in zip(places, [*places[1:], end], strict=True)]
    return content[: places[0]], parts, content[end:]


def numbered(fragment, number):
    return fragment[:20] + struct.pack(">I", number) + fragment[24:]


def test_a_lost_fragment(clip):
    """A file is refused that lacks a fragment, which its numbers and its times say, and so are the parts of it."""
    first, parts, last = fragments(written("a.mp4", movflags="frag_keyframe+empty_moov+default_base_moof"))
    short = clip(first + b"".join(parts[:4] + parts[6:]) + last, "a.mp4")

    for damaged in (short, replace(short, start=0.1, end=0.2)):
        for read in (header, load_audio):
            with pytest.raises(ClipError, match=r"is damaged: a fragment is missing before byte \d"):
                read(damaged)


@pytest.mark.parametrize("number", [lambda n: 2 * n, lambda n: n % 3, lambda n: 1, lambda n: n * n], ids=range(4))
def test_numbers_of_fragments(clip, number):
    """A file is read however its fragments are numbered, and where the numbers go on over a gap in the times."""
    first, parts, last = fragments(written("a.mp4", movflags="frag_keyframe+empty_moov+default_base_moof"))
    whole = first + b"".join(numbered(part, number(place)) for place, part in enumerate(parts)) + last
    paused = first + b"".join(numbered(part, place) for place, part in enumerate(parts[:4] + parts[6:])) + last
    assert load_audio(clip(whole, "a.mp4")).seconds == pytest.approx(SECONDS, abs=0.1)
    assert load_audio(clip(paused, "a.mp4")).seconds == pytest.approx(SECONDS - 0.64, abs=0.1)
