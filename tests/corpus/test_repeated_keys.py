"""JSON lines with duplicated keys."""

import re

import pytest

from asrlab_pytest.corpus.dialogues import read_dialogues
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.open import read_corpus
from asrlab_pytest.corpus.prompts import read_prompts
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import AsrlabError
from asrlab_pytest.models.engines.cascade import read_answers
from asrlab_pytest.records.reading import RecordError, read_run


def read_folder(path):
    return read_corpus(path, CorpusTable(path=str(path)))


@pytest.mark.parametrize(
    ("name", "read", "first", "second"),
    [
        ("manifest.jsonl", read_manifest, '"audio": "a.wav", "text": "hello"', '"audio": "a.wav", "text": "x"'),
        ("metadata.jsonl", read_folder, '"file_name": "a.wav", "text": "hello"', '"file_name": "a.wav", "text": "x"'),
        ("manifest.json", read_folder, '"audio_filepath": "a.wav", "text": "hello"', '"text": "x"'),
        ("prompts.jsonl", read_prompts, '"id": "a", "text": "hello"', '"id": "b", "text": "x"'),
        ("answers.jsonl", read_answers, '"question": "a", "answer": "b"', '"question": "c", "answer": "d"'),
    ],
)
def test_key_that_stands_twice(tmp_path, name, read, first, second):
    """A line that states a key twice is refused with file, line and key: neither of its values can be trusted."""
    file = tmp_path / name
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    key = re.match('"(.*?)"', second)[1]
    file.write_text(f'{{{first}}}\n{{{second}, "{key}": "other"}}\n')

    with pytest.raises(AsrlabError, match=rf"{name}:2: key '{key}' is duplicated\n  hint: keep the key"):
        read(file if name == "answers.jsonl" else tmp_path)


def test_inner_key_that_stands_twice(tmp_path):
    """An object within a line is held to the same."""
    (tmp_path / "dialogues.jsonl").write_text('{"id": "a", "turns": [{"text": "hello", "text": "good bye"}]}\n')

    with pytest.raises(AsrlabError, match=r"dialogues.jsonl:1: key 'text' is duplicated"):
        read_dialogues(tmp_path)


def test_record(tmp_path):
    """A line of a record that states a key twice is damaged, and named."""
    file = tmp_path / "run.jsonl"
    file.write_text('{"kind": "observation", "hypothesis": "a", "hypothesis": "b"}\n')

    with pytest.raises(RecordError, match=r"line 1: key 'hypothesis' is duplicated"):
        read_run(file)
