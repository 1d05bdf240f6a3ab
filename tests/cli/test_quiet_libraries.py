"""What C libraries write to standard error while a command reads audio."""

import subprocess
import sys

import numpy as np
import pytest
import soundfile

from asrlab_pytest.cli import main

SCRIPT = """
import os, sys
from asrlab_pytest.cli.quiet import quiet_libraries
with quiet_libraries():
    os.write(2, b"chatter")
    print("ours", file=sys.stderr)
os.write(2, b"after\\n")
print("and Python's", file=sys.stderr)
"""


def test_python_is_heard():
    """Python's output arrives, that of C libraries does not, and afterwards everything is restored."""
    process = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)

    assert process.stderr.split("\n") == ["ours", "after", "and Python's", ""]


@pytest.mark.parametrize("command", [["corpus", "info"], ["audit"]], ids=" ".join)
def test_a_damaged_mp3(tmp_path, capfd, command):
    """A command on a damaged MP3 prints only its own message."""
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, 64_000)
    soundfile.write(tmp_path / "a.mp3", noise, 16_000)
    content = (tmp_path / "a.mp3").read_bytes()
    middle = len(content) // 2
    (tmp_path / "a.mp3").write_bytes(content[:middle] + bytes(3_000) + content[middle + 3_000 :])
    (tmp_path / "manifest.jsonl").write_text('{"audio": "a.mp3", "text": "a"}\n')

    main([*command, str(tmp_path)])

    printed = capfd.readouterr()
    assert "a.mp3 is " in printed.out
    assert printed.err == ""
