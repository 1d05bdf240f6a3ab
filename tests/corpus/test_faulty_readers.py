"""Readers of other packages that raise what they should not."""

import sys

import pytest

from asrlab_pytest.corpus import open as opening
from asrlab_pytest.corpus.open import detect, read_corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError


class Faulty:
    """A reader with a fault in one of its methods."""

    name = "faulty"
    looks_for = "anything"
    options = ()

    def __init__(self, *, detects: bool) -> None:
        self._detects = detects

    def detects(self, path):
        return self._detects or path.name["first"]

    def read(self, path, table):
        return dict([path.read_text().split("|")])


@pytest.fixture
def install(monkeypatch):
    """Makes a faulty reader the only one."""

    def put(**behavior):
        monkeypatch.setattr(opening, "reader_names", lambda: ("faulty",))
        monkeypatch.setattr(opening, "reader", lambda name: Faulty(**behavior))

    return put


def refusal(call):
    with pytest.raises(CorpusError) as caught:
        call()
    return caught.value


def test_a_reader_that_fails_to_read(install, tmp_path):
    """An exception of `read` is an error that names the file, the format and the exception."""
    install(detects=True)
    (listing := tmp_path / "calls.bar").write_text("no bar", encoding="utf-8")

    error = refusal(lambda: read_corpus(listing, CorpusTable(path=str(listing))))

    assert error.problem.startswith(f"{listing}: the reader of the format faulty failed: ValueError: ")
    assert error.hint == "correct the file, or report it to the authors of the reader"


def test_a_reader_that_ends_the_run(install, tmp_path, monkeypatch):
    """A reader that exits is refused as one that raises: its exit status would be that of the run."""
    install(detects=True)
    monkeypatch.setattr(Faulty, "read", lambda self, path, table: sys.exit(0))

    error = refusal(lambda: read_corpus(tmp_path, CorpusTable(path=str(tmp_path))))

    assert error.problem.endswith("the reader of the format faulty failed: SystemExit: 0")


def test_a_reader_that_fails_to_detect(install, tmp_path):
    """An exception of `detects` is an error that says how to do without."""
    install(detects=False)
    (listing := tmp_path / "calls.bar").touch()

    error = refusal(lambda: detect(listing))

    assert "the reader of the format faulty failed: TypeError" in error.problem
    assert "--format" in error.hint
