"""Unreadable audio: the hint distinguishes files that are damaged, are not audio, or need a conversion."""

import io
import struct

import av
import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus.audio import load_audio
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.errors import ClipError

RESTORE = "restore the file, or fetch it again"
SIGNALING = np.frombuffer(b"\1\0\x80\x7f", np.float32)[0]
"""NaN of the kind that warns wherever it is used, as in bytes that are no floats."""


@pytest.fixture
def refused(tmp_path):
    """Writes a file, and returns the fault and the hint."""

    def refuse(name, content):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ClipError) as caught:
            load_audio(Clip(id="it", audio=tmp_path / name, text=""))
        return caught.value.problem.partition(" is not readable audio ")[2], caught.value.hint

    return refuse


@pytest.fixture
def flac(tmp_path):
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 16_000)
    soundfile.write(tmp_path / "whole.flac", noise, 16_000)
    return (tmp_path / "whole.flac").read_bytes()


def test_damaged(refused, flac):
    """For a file of a known format that does not decode, the hint is to restore it, not to convert it."""
    middle = len(flac) // 2

    assert refused("a.flac", flac[:-3]) == ("(damaged or truncated: flac decoder lost sync)", RESTORE)
    damaged, hint = refused("a.flac", flac[:middle] + bytes(2_000) + flac[middle + 2_000 :])
    assert (damaged.startswith("(damaged or truncated: "), hint) == (True, RESTORE)
    assert refused("a.wav", b"RIFF\x04\0\0\0WAVE")[1] == RESTORE


def test_the_beginning_of_an_mp3_file(refused):
    """A file that ends within its first frame has no frame; it is not said not to exist."""
    assert refused("a.mp3", b"\xff\xfb\x90\x64" + bytes(40)) == (
        "(damaged or truncated: no whole MPEG frame in it)",
        RESTORE,
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("samples", [[[np.nan, 1], [3e38, 3e38]], [SIGNALING]], ids=["stereo", "mono"])
def test_values_that_are_no_samples(tmp_path, samples):
    """A file of NaN and of huge values is refused without a warning of numpy before."""
    soundfile.write(tmp_path / "a.wav", np.array(samples, np.float32), 16_000, subtype="FLOAT")

    with pytest.raises(ClipError, match="contains NaN or infinite samples"):
        load_audio(Clip(id="it", audio=tmp_path / "a.wav", text=""))


@pytest.mark.parametrize("name", ["a.mp3", "a.wav"])
def test_text(refused, name):
    """A web page or text with the name of an audio file is called that."""
    page = "<!DOCTYPE html>\n<html><body>404: nicht verfügbar</body></html>"

    assert refused(name, f"\n{page}".encode()) == (
        "(it is an HTML page)",
        "download the audio itself: this may be a server's error page",
    )
    assert refused(name, ("x" + "ü" * 5_000).encode()) == ("(it is text)", "name an audio file")


def test_a_format_that_no_decoder_knows(refused):
    """An unsupported format is to be converted, even in a known container; a WAV file that is not WAV, restored."""
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 40, b"WAVE", b"fmt ", 16, 0x7777, 1, 8_000, 8_000, 1, 8, b"data", 4
    )

    assert refused("a.ape", b"MAC \x96\x0f\0\0\x34\0\0\0") == ("(Format not recognised)", "convert it to WAV or FLAC")
    assert refused("a.wav", header + bytes(4)) == (
        "(Error in WAV/W64/RF64 file. Malformed 'fmt ' chunk: damaged, or in an encoding that no decoder supports)",
        "restore the file, or convert it to FLAC",
    )
    sections = b"".join(bytes([kind, 3, 0, 0, 0x83, 0, 128]) for kind in (1, 1)) + b"\0"
    voc = refused("a.voc", b"Creative Voice File\x1a\x1a\0\x14\x01\x1f\x11" + sections)
    assert voc[1] == "restore the file, or convert it to FLAC", voc
    assert refused("a.wav", bytes(range(128, 256)) * 8) == ("(Format not recognised)", RESTORE)
    adts = bytes([0xFF, 0xF1, 0x40 | 13 << 2, 0x40, 0x10, 0x1F, 0xFC]) + bytes(range(1, 200)) * 20
    assert refused("a.raw", adts) == ("(format not recognised)", "convert it to WAV or FLAC")


@pytest.mark.skipif("libopencore_amrnb" not in av.codecs_available, reason="this PyAV does not write AMR")
def test_pauses_in_amr(refused):
    """A phone's recording with pauses, which FFmpeg's decoder does not know, is not damaged: it is to be converted."""
    file = io.BytesIO()
    with av.open(file, "w", format="3gp") as output:
        stream = output.add_stream("libopencore_amrnb", rate=8000, layout="mono", options={"dtx": "1"})
        stream.bit_rate = 12_200
        for place in range(0, 16_000, 160):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 160), np.int16), "s16", "mono")
            frame.sample_rate, frame.pts = 8000, place
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))

    problem, hint = refused("a.3gp", file.getvalue())

    assert "damaged" not in problem
    assert hint == "convert it to WAV or FLAC"


def test_compressed_sphere(refused):
    """A NIST SPHERE file that is compressed with shorten is not called text; the hint names the program for it."""
    lines = ("NIST_1A", "   1024", "sample_count -i 4", "sample_rate -i 16000", "channel_count -i 1")
    coding = ("sample_n_bytes -i 2", "sample_coding -s26 pcm,embedded-shorten-v2.00", "end_head", "")
    content = "\n".join((*lines, *coding)).encode().ljust(1024) + b"ajkg\x02" + bytes(range(200))

    assert refused("a.wv1", content) == (
        "(a NIST SPHERE file in an encoding that no decoder supports)",
        "convert it:  sph2pipe -f wav FILE new.wav",
    )
