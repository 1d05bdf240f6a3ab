"""Channels that cancel each other are named by the audit of a corpus."""

import numpy as np
import soundfile

from asrlab_pytest.cli import main


def test_channels_that_cancel(tmp_path, monkeypatch, capsys):
    """`asrlab audit` names a clip whose channels cancel, what to do, and is content once a channel is chosen."""
    tone = np.sin(np.arange(32_000) / 9)[:, None] / 3 * (np.arange(32_000)[:, None] % 9_000 > 3_000)
    soundfile.write(tmp_path / "a.wav", np.hstack([tone, -tone]), 16_000)
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text('{"audio": "a.wav", "text": "hello there", "language": "en"}\n')
    monkeypatch.chdir(tmp_path)

    assert main(["audit", "."]) == 1
    told = capsys.readouterr().out
    assert "channels-cancel" in told
    assert "channel = 1" in told

    manifest.write_text('{"audio": "a.wav", "text": "hello there", "language": "en", "channel": 1}\n')
    main(["audit", "."])
    assert "channels-cancel" not in capsys.readouterr().out
