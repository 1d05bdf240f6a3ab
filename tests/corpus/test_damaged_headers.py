"""Audio files that end within their header."""

import json

import numpy as np
import pytest
import soundfile

from asrlab_pytest.cli import main


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
