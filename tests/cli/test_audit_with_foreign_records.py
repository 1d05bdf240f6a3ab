"""`asrlab audit` with a record of another corpus."""

import pytest
import soundfile
from parrot_engine import hide

from asrlab_pytest.cli import main
from stored_runs import environment, held, row, turn, write


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """A corpus of two clips, with records of these clips, of other clips and of dialogues."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clips").mkdir()
    lines = []
    for name in ("one", "two"):
        soundfile.write(tmp_path / "clips" / f"{name}.wav", hide("hello there", 2.0), 16_000, subtype="PCM_16")
        lines.append(f'{{"id": "{name}", "audio": "{name}.wav", "text": "hello there", "language": "en"}}\n')
    (tmp_path / "clips" / "manifest.jsonl").write_text("".join(lines))
    write(tmp_path / "mine.jsonl", environment(), row(clip="one", pcm_sha256=None))
    write(tmp_path / "other.jsonl", environment(), row(clip="z0"))
    write(tmp_path / "talk.jsonl", environment(), held(turn("hello there")))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["other.jsonl"], "other.jsonl"),
        (["mine.jsonl", "other.jsonl"], "other.jsonl"),
        (["talk.jsonl"], "talk.jsonl"),
        (["mine.jsonl", "--clip", "two"], "mine.jsonl"),
    ],
)
def test_a_record_of_other_clips(corpus, capsys, arguments, name):
    """A record without a transcript of any audited clip is refused by name, even next to one that has some."""
    assert main(["audit", "clips", *arguments]) == 2
    assert f"{name} has no transcript of these clips" in capsys.readouterr().err


def test_a_record_of_some_clips(corpus, capsys):
    """A record of some of the clips is used."""
    main(["audit", "clips", "mine.jsonl"])
    assert "no transcript" not in capsys.readouterr().err
