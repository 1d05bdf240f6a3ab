"""Slips in the lists of a corpus that a reader could pass over."""

import pytest

from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.open import read_corpus
from asrlab_pytest.corpus.summary import summarize
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError

LINE = '{"audio": "a.wav", "text": "café", "duration": 1, "tags": ["noisy", "far", "noisy"]}\n'


def read(path):
    return read_corpus(path, CorpusTable(path=str(path)))


@pytest.mark.parametrize(
    ("name", "content", "encoding", "named"),
    [
        ("manifest.jsonl", LINE, "utf-16", "UTF-16"),
        ("metadata.csv", "file_name,text\na.wav,café\n", "latin-1", "WINDOWS-1252"),
    ],
)
def test_another_encoding(tmp_path, name, content, encoding, named):
    """A list that is not UTF-8 is refused with the command that converts it from what it seems to be."""
    (tmp_path / name).write_text(content, encoding=encoding)

    with pytest.raises(CorpusError, match=rf"{name}:\d: not UTF-8\n  hint: convert it: iconv -f {named} -t UTF-8 "):
        read(tmp_path)


def test_a_tag_that_stands_twice(tmp_path):
    """A clip has a tag once, however often its line or its row names it."""
    (tmp_path / "manifest.jsonl").write_text(LINE)
    corpus = read_manifest(tmp_path)

    assert corpus.samples[0].tags == ("noisy", "far")
    assert summarize(corpus, corpus.samples).tags == {"far": 1, "noisy": 1}


def test_a_text_that_is_null(tmp_path):
    """A line whose text is null is named, though no line has a text."""
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "a.wav", "transcription": null}\n')

    with pytest.raises(CorpusError, match=r"metadata.jsonl:1: the line has no text: 'transcription' is null"):
        read(tmp_path)


def test_two_lists_of_one_folder(tmp_path):
    """A folder with a metadata.csv and a metadata.jsonl is refused, and each of them is read where it is named."""
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "a.wav", "text": "one"}\n')
    (tmp_path / "metadata.csv").write_text("file_name,text\na.wav,two\n")

    with pytest.raises(CorpusError, match=r"has a metadata.csv and a metadata.jsonl, which may differ"):
        read(tmp_path)
    assert [read(tmp_path / name).samples[0].text for name in ("metadata.jsonl", "metadata.csv")] == ["one", "two"]
