"""``asrlab score`` keeps a few numbers per row in memory; texts stay on disk until they are scored."""

import json
import subprocess
import sys

import pytest

from asrlab_pytest.cli import main
from asrlab_pytest.errors import CorpusError
from asrlab_pytest.records import sorting, stored_rows
from asrlab_pytest.transcripts.by_id import TextsById
from asrlab_pytest.transcripts.utterance import Hypothesis
from peak_memory import peak_into

BYTES = 200
"""Bytes per row, including the peak while figures are computed."""


def hypothesis(name, line):
    return Hypothesis(id=name, text=name.upper(), where=f"h.jsonl:{line}")


def test_memory_of_rows(tmp_path, monkeypatch):
    """Additional rows need at most 200 bytes each, however long they are, with references in another file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stored_rows, "_WHOLE", 20)
    monkeypatch.setattr(sorting, "_MANY", 0)
    peaks = []
    # The first run is for what is loaded and cached once.
    for count in (50, 200, 600):
        for name in ("h", "r"):
            # Few differ: jiwer leaves cycles of each that does, and chance decides when they are collected.
            texts = ("one two" if n % 50 else "one" for n in range(count))
            rows = (
                {"id": f"clip-{n}", "reference": "one two", "hypothesis": text, "note": 1_000 * "x"}
                for n, text in enumerate(texts)
            )
            (tmp_path / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        command = ["score", "h.jsonl", "--language", "en", "--reference", "r.jsonl"]
        with peak_into(peaks):
            assert main(command) == 0

    assert peaks[2] - peaks[1] < 400 * BYTES


def test_texts_by_id():
    """Texts keep their order and are found by id, even by one with half a surrogate pair."""
    names = ["b", "a\ud800", "ü", "c"]
    texts = TextsById(hypothesis(name, line) for line, name in enumerate(names, start=1))

    assert list(texts) == names
    assert [text.id for text in texts.in_order_of_ids()] == sorted(names)
    assert texts["a\ud800"].text == "A\ud800"
    assert ("d" in texts, 1 in texts, texts.get("d"), len(texts)) == (False, False, None, 4)
    with pytest.raises(CorpusError, match=r"h.jsonl:9: the id 'ü' is already in h.jsonl:3"):
        texts.add(hypothesis("ü", 9))


def test_ids_composed_otherwise():
    """The last id that is equal after Unicode composition is found, and a text can be moved to it."""
    texts = TextsById([hypothesis("cafe\u0301", 1), hypothesis("tea", 2)])

    assert texts.composed_like("caf\u00e9") == "cafe\u0301"
    assert texts.composed_like("coffee") is None
    texts.rename("cafe\u0301", "caf\u00e9")
    assert (list(texts), texts["caf\u00e9"].where) == (["caf\u00e9", "tea"], "h.jsonl:1")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no /dev/stdin: run this test on Linux or macOS")
def test_rows_of_a_pipe(tmp_path, forked):
    """References and hypotheses are read from one pipe, although it can be read only once."""
    row = {"id": "a", "reference": "one two", "hypothesis": "one \ud800two", "language": "en"}
    command = [sys.executable, "-m", "asrlab_pytest.cli", "score", "/dev/stdin", "--format", "jsonl", "--json"]
    done = subprocess.run(command, input=json.dumps(row), capture_output=True, text=True, cwd=tmp_path, check=False)

    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["hypothesis"] for line in done.stdout.splitlines()] == [row["hypothesis"]]
