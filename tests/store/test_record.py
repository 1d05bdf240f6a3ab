"""The record on disk."""

import json
import subprocess
import sys

import pytest

from asrlab_pytest.errors import ConfigError
from asrlab_pytest.store.record import SCHEMA, append, start_record


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_environment_comes_first(tmp_path):
    """A record begins with one line of environment that names its schema, in folders made for it."""
    path = tmp_path / "runs" / "today" / "run.jsonl"

    start_record(path, {"python": "3"})

    assert lines(path) == [{"kind": "environment", "schema": SCHEMA, "python": "3"}]


def test_an_older_record_is_replaced(tmp_path):
    """A new run leaves no line of an older one in its record."""
    path = tmp_path / "run.jsonl"
    start_record(path, {"run": 1})
    append(path, {"clip": "a"})

    start_record(path, {"run": 2})

    assert [line["run"] for line in lines(path)] == [2]


@pytest.mark.parametrize("text", ["naïve 東京 🦜", "two\nlines", "\u2028", 'quote " and \\'])
def test_any_text_is_one_line(tmp_path, text):
    """Whatever an engine writes, its row is one line, and is read back as it was."""
    path = tmp_path / "run.jsonl"

    append(path, {"hypothesis": text})
    append(path, {"hypothesis": "next"})

    assert path.read_bytes().count(b"\n") == 2
    assert [json.loads(line)["hypothesis"] for line in path.read_bytes().splitlines()] == [text, "next"]


def test_what_cannot_be_written(tmp_path):
    """A record that cannot be written is refused in a sentence with its path."""
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match="cannot be written") as caught:
        start_record(tmp_path / "file" / "run.jsonl", {})

    assert str(tmp_path / "file" / "run.jsonl") in str(caught.value)
    assert "--asr-record" in caught.value.mend


def test_no_nan_in_a_record(tmp_path):
    """A record is plain JSON: NaN never gets into it."""
    with pytest.raises(ValueError, match="JSON"):
        append(tmp_path / "run.jsonl", {"rtf": float("nan")})

    assert not (tmp_path / "run.jsonl").exists()


def test_two_processes_share_a_file(tmp_path):
    """Lines that two processes append at once stay whole."""
    path = tmp_path / "run.jsonl"
    program = (
        "import sys, pathlib; from asrlab_pytest.store.record import append\n"
        "for n in range(100): append(pathlib.Path(sys.argv[1]), {'who': sys.argv[2], 'text': sys.argv[2] * 5000})"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(path), who]) for who in "ab"]

    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    rows = lines(path)
    assert sorted(row["who"] for row in rows) == ["a"] * 100 + ["b"] * 100
    assert all(row["text"] == row["who"] * 5000 for row in rows)
