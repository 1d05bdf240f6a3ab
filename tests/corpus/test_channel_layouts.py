"""Channels in any order, as QuickTime files state it, which PyAV reads."""

import io
import json
import struct
import subprocess
import sys

import av
import numpy as np
import pytest

from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError

RATE = 16_000
ORDERS = {
    "stereo": [101 << 16 | 2],
    "3.0": [113 << 16 | 3, 114 << 16 | 3],
    "4.0": [115 << 16 | 4, 116 << 16 | 4],
    "5.0": [117 << 16 | 5, 118 << 16 | 5, 119 << 16 | 5, 120 << 16 | 5],
    "5.1": [121 << 16 | 6, 122 << 16 | 6, 123 << 16 | 6, 124 << 16 | 6],
    "6.1": [125 << 16 | 7, 142 << 16 | 7],
    "7.1": [126 << 16 | 8, 127 << 16 | 8, 128 << 16 | 8, 143 << 16 | 8],
}
"""Layouts to write, with the tags of Core Audio for as many channels in this order and others."""
READ = """
import json, pathlib, sys
from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.corpus.clip import Clip
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    print(path.name, flush=True)
    clips = [Clip(id="it", audio=path, text="", channel=channel + 1) for channel in range(int(path.name[-1]))]
    print(json.dumps([[header(clip)[0], float(load_audio(clip).samples.max())] for clip in clips]), flush=True)
"""
"""Prints the name of each file of a folder, whose end is the number of channels, and the length and peak of each."""


def quicktime(codec, layout, tag):
    """A quarter of a second, ever louder from the first channel to the last: 0.1, 0.2 and so on."""
    file = io.BytesIO()
    count = av.AudioLayout(layout).nb_channels
    levels = np.tile(np.arange(1, count + 1) / 10, (RATE // 4, 1))
    form, kind, most = {"pcm_s16le": ("s16", np.int16, 2**15), "pcm_f32le": ("flt", np.float32, 1)}[codec]
    with av.open(file, "w", format="mov") as output:
        stream = output.add_stream(codec, rate=RATE, layout=layout)
        frame = av.AudioFrame.from_ndarray((levels * most).astype(kind).reshape(1, -1), format=form, layout=layout)
        frame.sample_rate = RATE
        output.mux(stream.encode(frame) + stream.encode(None))
    content = bytearray(file.getvalue())
    place = content.index(b"chan\0\0\0\0") + 8
    content[place : place + 8] = struct.pack(">II", tag, 0)
    return bytes(content)


def test_channels_in_any_order(tmp_path):
    """No order of the channels of a file ends the process that reads it, and each channel is the one in its place."""
    for codec in ["pcm_s16le", "pcm_f32le"]:
        for layout, tags in ORDERS.items():
            for tag in tags:
                path = tmp_path / f"{codec}-{tag >> 16}-{tag & 0xFFFF}"
                path.write_bytes(quicktime(codec, layout, tag))

    command = [sys.executable, "-c", READ, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    names, lines = done.stdout.splitlines()[::2], done.stdout.splitlines()[1::2]
    assert len(names) == 38
    for name, line in zip(names, lines, strict=True):
        channels = [[0.25, pytest.approx(place / 10, abs=0.001)] for place in range(1, int(name[-1]) + 1)]
        assert json.loads(line) == channels, name


@pytest.mark.parametrize(("count", "is_read"), [(64, True), (65, False)])
def test_more_channels_than_are_converted(clip, count, is_read):
    """A file of more channels than PyAV converts is refused as what it is, and not as a damaged one."""
    content = bytearray(quicktime("pcm_s16le", "stereo", 101 << 16 | 2))
    place = content.index(b"sowt") + 20
    content[place : place + 2] = struct.pack(">H", count)
    large = clip(bytes(content), "it.mov")

    if is_read:
        load_audio(large)
    else:
        with pytest.raises(ClipError, match="more than 64 channels are not supported"):
            load_audio(large)


@pytest.mark.parametrize("name", [b"zzzz", b"enca"])
def test_no_decoder(clip, name):
    """A file in an encoding that no decoder knows, or encrypted, is refused with what to do."""
    content = quicktime("pcm_s16le", "stereo", 101 << 16 | 2)
    assert content.count(b"sowt") == 1

    unknown = clip(content.replace(b"sowt", name), "it.mov")

    for read in (header, load_audio):
        with pytest.raises(ClipError, match="no decoder for its encoding") as caught:
            read(unknown)
        assert "convert it to WAV or FLAC" in str(caught.value)
