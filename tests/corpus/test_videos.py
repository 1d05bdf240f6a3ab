"""The audio of videos, which may begin later than the picture."""

import io
from dataclasses import replace

import av
import numpy as np
import pytest

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError

RATE = 16_000


def video(late):
    """Four seconds of picture, and two of audio that begins so many seconds after it."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as output:
        picture, sound = output.add_stream("mpeg4", rate=5), output.add_stream("flac", rate=RATE, layout="mono")
        picture.width = picture.height = 64
        for number in range(20):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            frame.pts = number
            output.mux(picture.encode(frame))
        for place in range(0, 2 * RATE, 320):
            frame = av.AudioFrame.from_ndarray(np.full((1, 320), place, np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, place + round(late * RATE)
            output.mux(sound.encode(frame))
        output.mux(picture.encode(None))
        output.mux(sound.encode(None))
    return file.getvalue()


@pytest.mark.parametrize("late", [0.0, 0.08])
def test_parts(clip, late):
    """A part of a video is read where audio and picture begin at about the same time."""
    assert load_audio(clip(video(late), "a.mkv", start=0.5, end=1.5)).seconds == 1.0


def test_parts_of_late_audio(clip):
    """A part of a video whose audio begins much later than its picture is refused, and all of its audio is read."""
    whole = clip(video(1.5), "a.mkv")

    assert load_audio(whole).seconds == pytest.approx(2.0, abs=0.001)
    for read in (header, load_audio):
        with pytest.raises(ClipError, match=r"begins 1\.50 s after its picture"):
            read(replace(whole, start=0.5, end=1.5))


@pytest.mark.parametrize("is_cover", [False, True])
def test_parts_of_late_audio_without_a_video(clip, is_cover):
    """A part is read of a file whose first audio track begins later than the second, with a cover or without one."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        tracks = [output.add_stream("flac", rate=RATE, layout="mono") for _ in range(2)]
        if is_cover:
            cover = output.add_stream("mjpeg", rate=5)
            cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
            cover.disposition = av.stream.Disposition.attached_pic
            output.mux(cover.encode(av.VideoFrame(64, 64, "yuvj420p")))
        for track, late in zip(tracks, (RATE, 0), strict=True):
            for place in range(0, 2 * RATE, 320):
                frame = av.AudioFrame.from_ndarray(np.zeros((1, 320), np.int16), format="s16", layout="mono")
                frame.sample_rate, frame.pts = RATE, place + late
                output.mux(track.encode(frame))
            output.mux(track.encode(None))

    assert load_audio(clip(file.getvalue(), "a.mp4", start=0.5, end=1.5)).seconds == 1.0


@pytest.mark.parametrize("default", [0, 1, None])
@pytest.mark.parametrize("container", ["matroska", "mp4"])
def test_several_audio_tracks(clip, container, default):
    """Of several audio tracks, that is read which is marked as the default, or else the first."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        tracks = [output.add_stream("flac", rate=RATE, layout="mono") for _ in range(2)]
        for number, track in enumerate(tracks):
            track.disposition = av.stream.Disposition.default if number == default else av.stream.Disposition(0)
        for number, track in enumerate(tracks):
            for place in range(0, RATE, 320):
                frame = av.AudioFrame.from_ndarray(np.full((1, 320), 8192 * (1 + number), np.int16), "s16", "mono")
                frame.sample_rate, frame.pts = RATE, place
                output.mux(track.encode(frame))
            output.mux(track.encode(None))

    samples = load_audio(clip(file.getvalue(), "a.mka")).samples

    assert samples[RATE // 2] == pytest.approx(0.25 * (1 + (default or 0)), abs=0.001)
