"""Files whose time stamps have a gap, in which no audio is: recorders of calls leave it where nothing was sent."""

import re
from dataclasses import replace

import pytest

from asrlab_pytest.audit.audio_checks import of_sound
from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError
from asrlab_pytest.sound.clip import measure
from noise import encoded

RATE = 48_000
KINDS = {
    "a.webm": ("webm", "libopus", {}),
    "a.mka": ("matroska", "flac", {}),
    "a.mp4": ("mp4", "aac", {}),
    "fragments.mp4": ("mp4", "aac", {"movflags": "frag_keyframe+empty_moov", "frag_duration": "300000"}),
    "a.wma": ("asf", "wmav2", {}),
    "a.oga": ("ogg", "flac", {"page_duration": "100000"}),
    "a.opus": ("ogg", "libopus", {"page_duration": "100000"}),
}
"""Container, codec and options of each file."""


def written(name, gap, after=2.0):
    """Four seconds of noise with a gap of so many seconds after the first two, or another time."""
    container, codec, options = KINDS[name]
    return encoded(container, codec, RATE, gap=(gap, after), **options)


@pytest.fixture(params=KINDS)
def name(request):
    return request.param


def noted(clip):
    """The gaps that the audit notes in a clip."""
    return [finding for finding in of_sound(clip, measure(load_audio(clip))) if finding.check == "gap"]


def test_a_part_after_a_gap(clip, name):
    """A part that begins or ends after a gap is refused; one before it has the samples that it has without the gap."""
    whole = clip(written(name, gap=3.0), name)
    samples = load_audio(clip(written(name, gap=0.0), f"without-{name}")).samples

    for times in ({"start": 2.5, "end": 3.5}, {"start": 1.0, "end": 3.5}, {"start": 5.5}, {"end": 6.0}, {"limit": 3.0}):
        for read in (header, load_audio):
            with pytest.raises(ClipError, match=r"leave a gap of about (3\.0|2\.9) s after"):
                read(replace(whole, **times))
    for times in ({"start": 0.5, "end": 1.25}, {"start": None, "end": 1.25}, {"limit": 1.25}):
        start = round((times.get("start") or 0) * 16_000)
        part = load_audio(replace(whole, **times)).samples[:-200]
        assert part[200:] == pytest.approx(samples[start + 200 : start + len(part)], abs=0.02)
    assert load_audio(replace(whole, start=1.0)).seconds == pytest.approx(3.0, abs=0.1)


def test_a_whole_file_with_a_gap(clip, name):
    """A clip that is the whole file has all of its audio, and nothing in the place of the gap."""
    whole = clip(written(name, gap=3.0), name)

    assert load_audio(whole).seconds == pytest.approx(4.0, abs=0.1)
    assert header(whole)[0] == pytest.approx(4.0, abs=0.1)


def test_the_audit_notes_a_gap(clip, name):
    """The audit notes a gap in a clip, where a part may have been lost, and none before or after it."""
    whole = clip(written(name, gap=3.0), name)

    (finding,) = noted(whole)
    assert finding.level == "note"
    assert re.search(r"of its file leave a gap of about (3\.0|2\.9) s after (1\.9|2\.[01]) s", finding.sentence)
    assert len(noted(replace(whole, start=1.0))) == 1
    assert not noted(replace(whole, end=1.5))
    assert not noted(clip(written(name, gap=0.0), f"without-{name}"))


@pytest.mark.parametrize("gap", [0.0, 0.08])
def test_time_stamps_that_are_not_exact(clip, name, gap):
    """A part is read where time stamps and samples part by no more than those of most recorders."""
    assert load_audio(clip(written(name, gap), name, start=2.5, end=3.5)).seconds == 1.0


@pytest.mark.parametrize(("gap", "is_read"), [(0.2, True), (3.0, False)])
def test_a_gap_after_the_first_frame(clip, gap, is_read):
    """A part is read where all audio but the first frame is a little later, as in fragments of a video."""
    part = clip(written("a.mka", gap, after=0.01), "a.mka", start=2.5, end=3.5)

    if is_read:
        assert load_audio(part).seconds == 1.0
    else:
        with pytest.raises(ClipError, match=r"leave a gap of about 3\.0 s after 0\.[01] s"):
            load_audio(part)


def test_time_stamps_that_go_back(clip):
    """A part after the place where time stamps go back is refused."""
    content = bytearray(written("fragments.mp4", gap=0.0))
    for match in re.finditer(b"tfdt\1...(.{8})", bytes(content), re.DOTALL):
        time = int.from_bytes(match[1])
        content[match.start(1) : match.end(1)] = (time - (RATE if time > 2 * RATE else 0)).to_bytes(8)

    with pytest.raises(ClipError, match=r"go back by about \d\.\d s after"):
        load_audio(clip(bytes(content), "a.mp4", start=2.5, end=3.5))
