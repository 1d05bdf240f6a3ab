"""Clips by id, glob and tag."""

from pathlib import Path

import pytest

from asrlab_pytest.corpus.clip import Clip, Corpus
from asrlab_pytest.corpus.select import select_clips
from asrlab_pytest.errors import CorpusError


def clip(name, *tags):
    return Clip(id=name, audio=Path(f"{name}.wav"), text=name, tags=tags)


CORPUS = Corpus(
    name="shop",
    manifest=Path("shop/manifest.jsonl"),
    sha256="",
    clips=(clip("read-anna", "read"), clip("noise-anna", "noise"), clip("read-ben", "read", "noise"), clip("a[1]")),
)


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        ([], ["read-anna", "noise-anna", "read-ben", "a[1]"]),
        (["read-ben"], ["read-ben"]),
        (["read-*"], ["read-anna", "read-ben"]),
        (["*-ann?"], ["read-anna", "noise-anna"]),
        (["noise"], ["noise-anna", "read-ben"]),
        (["noise", "read-anna"], ["read-anna", "noise-anna", "read-ben"]),
        (["read-ben", "read-ben", "read"], ["read-anna", "read-ben"]),
        (["a[[]1]"], ["a[1]"]),
    ],
)
def test_selection(patterns, chosen):
    """Ids, globs and tags choose clips, each once and in the manifest's order."""
    assert [found.id for found in select_clips(CORPUS, patterns)] == chosen


def test_an_id_with_brackets():
    """An id is taken as it stands, also where it has a glob's signs in it."""
    assert [found.id for found in select_clips(CORPUS, ["a[1]"])] == ["a[1]"]


def test_case_counts():
    """Ids and tags are matched in their case, on every system."""
    with pytest.raises(CorpusError):
        select_clips(CORPUS, ["NOISE"])


@pytest.mark.parametrize("patterns", [["nosie"], ["read", "nosie"], ["x*"]])
def test_nothing_matched(patterns):
    """A pattern that names nothing is refused, with the manifest and the tags that there are."""
    with pytest.raises(CorpusError) as caught:
        select_clips(CORPUS, patterns)

    assert repr(patterns[-1]) in str(caught.value)
    assert "shop/manifest.jsonl" in str(caught.value)
    assert "tags: noise, read" in str(caught.value)
