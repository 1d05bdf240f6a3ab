"""Corpora in code."""

import re
from pathlib import Path

import pytest

import asrlab_pytest
from asrlab_pytest.corpus.in_code import corpus_of
from asrlab_pytest.errors import CorpusError

MODULE = """
from __future__ import annotations
from dataclasses import dataclass
from asrlab_pytest import corpus_of

@dataclass
class Speaker:
    name: str

def corpus():
    return [{"audio": "a.wav", "text": "hello", "tags": ["x"], "start": 1, "end": 2.5}]

def generated():
    yield {"audio": "/data/b.wav", "text": "b"}

def whole():
    return corpus_of([{"audio": "c.wav", "text": "c"}], name="mine", folder="/data")

def sad():
    return 1 / 0

def wrong():
    return [{"audio": "a.wav", "txt": "a"}]
"""


@pytest.fixture
def code(folder):
    folder.text("corpora.py", MODULE)
    return folder


def test_a_function(code):
    """A function's mappings become clips whose paths start at its file; `corpus` needs no naming."""
    (clip,) = code.clips("corpora.py")

    assert (clip.id, clip.audio, clip.tags, clip.start, clip.end) == ("a", code / "a.wav", ("x",), 1, 2.5)
    assert code.open("corpora.py:corpus").samples == (clip,)
    assert code.clips("corpora.py:generated")[0].audio == Path("/data/b.wav")
    assert code.open("corpora.py:whole").name == "mine"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("corpora.py:sad", "corpora.py: sad() failed: ZeroDivisionError: division by zero"),
        ("corpora.py:wrong", "corpora.py: wrong(): clip 1 of wrong: key 'text': missing key; key 'txt': unknown"),
        ("corpora.py:none", "corpora.py has no function 'none'"),
    ],
)
def test_a_function_that_makes_none(code, name, words):
    """A function that fails, makes something else or is not there is refused with its file."""
    assert words in code.refusal(name)


def test_a_file_that_does_not_load(folder):
    """A file with a mistake in it is refused with the mistake."""
    folder.text("corpora.py", "import no_such_module\n")

    assert "corpora.py does not load: ModuleNotFoundError" in folder.refusal("corpora.py")


@pytest.mark.parametrize("ending", ["sys.exit(0)", "pytest.skip('no', allow_module_level=True)", "pytest.exit('no')"])
@pytest.mark.parametrize("body", ["{}\n", "def corpus():\n    {}\n"], ids=["file", "function"])
def test_code_that_ends_the_run(folder, ending, body):
    """Code that would skip a test or end the run is refused like any other failure: the run would be green."""
    folder.text("corpora.py", "import sys, pytest\n" + body.format(ending))

    refusal = folder.refusal("corpora.py")

    assert "corpora.py" in refusal
    assert re.search(r"(SystemExit: 0|Skipped: no|Exit: no)$", refusal.splitlines()[0])


def test_clips_and_mappings():
    """A corpus is made of clips, mappings or both, and is another one where a reference differs."""
    clip = asrlab_pytest.Clip(id="one", audio=Path("/data/1.wav"), text="one")

    corpus = corpus_of([clip, {"audio": Path("2.wav"), "text": "two"}], name="both", folder="/data")
    other = corpus_of([clip, {"audio": "2.wav", "text": "too"}], name="both", folder="/data")

    assert [each.id for each in corpus.samples] == ["one", "2"]
    assert corpus.samples[1].audio == Path("/data/2.wav")
    assert corpus.sha256 != other.sha256


@pytest.mark.parametrize(
    ("clips", "words"),
    [
        ([], "the corpus mine has no clips"),
        ([{"audio": "a.wav", "text": "a"}, {"audio": "x/a.wav", "text": "b"}], "the id 'a' is already that of clip 1"),
        ([{"audio": "a.wav", "text": 3}], "clip 1 of mine: key 'text'"),
        ([{"audio": "a.wav", "text": "a", "end": 0}], "clip 1 of mine: end (0.0) must be after start (0.0)"),
    ],
)
def test_what_is_no_corpus(clips, words):
    """A mistake in code is refused with the number of the clip."""
    with pytest.raises(CorpusError) as caught:
        corpus_of(clips, name="mine")

    assert words in str(caught.value)
    assert caught.value.hint
