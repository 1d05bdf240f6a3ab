"""Audio files that end within their header, or whose header states what cannot be."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
import soundfile
import test_gaps
from test_damaged_middles import written

from asrlab_pytest.cli import main
from asrlab_pytest.corpus.audio import header, load_audio
from asrlab_pytest.errors import ClipError


@pytest.mark.parametrize("name", ["a.aiff", "a.caf", "a.wav", "a.w64", "a.flac"])
def test_a_file_that_ends_in_its_header(tmp_path, capfd, name):
    """A file cut anywhere in its header is one unreadable clip, without a traceback."""
    soundfile.write(tmp_path / name, np.zeros(16_000, dtype=np.int16), 16_000)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).unlink()
    lines = []
    for size in range(4, 64, 2):
        (tmp_path / f"{size}-{name}").write_bytes(content[:size])
        lines.append(json.dumps({"audio": f"{size}-{name}", "text": "a", "language": "en"}) + "\n")
    (tmp_path / "manifest.jsonl").write_text("".join(lines))

    assert main(["corpus", "info", str(tmp_path)]) == 1

    output = capfd.readouterr()
    assert f"unreadable {len(lines)};" in output.out
    assert "Traceback" not in output.err


def stating(name, beginning, ahead, new):
    """A file, with other bytes so far after where some begin for the last time."""
    content = WRITERS.get(name, written)(name)
    place = content.rindex(beginning) + ahead
    return content[:place] + new + content[place + len(new) :]


def vorbis(_name):
    file = io.BytesIO()
    soundfile.write(file, np.random.default_rng(0).uniform(-0.5, 0.5, 64_000), 16_000, format="OGG", subtype="VORBIS")
    return file.getvalue()


def durations(_name):
    """Fragments that state the duration of each sample where there is a gap."""
    return test_gaps.written("fragments.mp4", gap=3.0)


WRITERS = {"a.ogg": vorbis, "durations.mp4": durations}


@pytest.mark.parametrize(
    ("name", "beginning", "ahead", "new"),
    [
        ("a.ogg", b"\x01vorbis", 28, b"\0"),  # The length of packets.
        ("a.wma", b"\x30\x26\xb2\x75", 16, b"\xff" * 8),  # The size of the header.
        ("a.wma", b"\x30\x26\xb2\x75", 16, b"\0\0\0\0\0\0\0\x40"),
        ("durations.mp4", b"\0\0\x03\x01", 4, b"\xff" * 4),  # The number of samples with a duration each.
        ("a.mp4", b"moof", -4, b"\0\0\0\x02"),  # The size of the last fragment.
    ],
)
def test_a_header_that_states_what_cannot_be(clip, name, beginning, ahead, new):
    """A file with a number that cannot be true is read or is at fault, at once; memory and the clip's times are not."""
    damaged = clip(stating(name, beginning, ahead, new), name)

    for part in (damaged, replace(damaged, start=0.1, end=0.2)):
        for read in (header, load_audio):
            assert "memory" not in problem_of(read, part)


def problem_of(read, clip):
    """Why a clip is refused; empty where it is read."""
    try:
        read(clip)
    except ClipError as error:
        return error.problem
    return ""


def test_a_last_fragment_of_no_size(clip):
    """A fragment whose size is that of the rest of the file is read, and one whose size is none is damaged."""
    to_the_end, damaged = (
        clip(stating("a.mp4", b"moof", -4, size), f"{size[-1]}.mp4") for size in (bytes(4), b"\0\0\0\x02")
    )

    assert load_audio(to_the_end).seconds == pytest.approx(4.0, abs=0.1)
    assert load_audio(replace(to_the_end, start=3.8)).seconds == pytest.approx(0.2, abs=0.1)
    with pytest.raises(ClipError, match="is damaged: the fragment before byte"):
        load_audio(damaged)
