"""``asrlab rescore``: a stored run under several normalizations."""

import json
from pathlib import Path

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.protocols.normalization import normalization


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record of two models on one clip, in the working directory."""
    monkeypatch.chdir(tmp_path)
    said = {"kind": "observation", "reference": "oh my god", "language": "en", "clip": "one"}
    rows = [
        {"kind": "environment"},
        {**said, "model": "polly", "hypothesis": "Oh, my God..."},
        {**said, "model": "kakapo", "hypothesis": "zero my god"},
    ]
    path = tmp_path / "run.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_both_figures_stand_side_by_side(record: Path, capsys: pytest.CaptureFixture[str]):
    """Each model has one row with its rates under each normalization, and each signature is printed."""
    assert main(["rescore", str(record)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["model", "clips", "en-whisper", "en"]
    assert lines[1][:3] == ["polly", "1", "33.3%"]
    assert lines[1][5] == "0.0%"
    assert (lines[2][2], lines[2][5]) == ("0.0%", "33.3%")
    assert [line[1] for line in lines[4:]] == [normalization(name).signature for name in ("en-whisper", "en")]


@pytest.mark.parametrize(
    ("content", "sentence"), [("", "holds no observation"), ("{]\n", "run.jsonl:1: this is no line of a record")]
)
def test_an_unreadable_record(record: Path, capsys: pytest.CaptureFixture[str], content: str, sentence: str):
    """A file that is no record ends the command with status 2, in words."""
    record.write_text(content, encoding="utf-8")

    assert main(["rescore", str(record)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_missing_record(record: Path, capsys: pytest.CaptureFixture[str]):
    """A file that does not exist ends the command with status 2, in words."""
    assert main(["rescore", str(record.with_name("gone.jsonl"))]) == 2
    assert "cannot be read" in capsys.readouterr().err
