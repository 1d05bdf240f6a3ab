"""Manifests to read, and folders with corpora of other forms."""

import json
import sys

import numpy as np
import pytest
import soundfile

from asrlab_pytest.corpus import reader
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.corpus.open import read_corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError


@pytest.fixture
def manifest(tmp_path):
    """Writes a manifest, given as bytes or as the objects of its lines."""

    def write(*lines):
        path = tmp_path / "manifest.jsonl"
        encoded = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        path.write_bytes(b"\n".join(encoded))
        return path

    return write


@pytest.fixture
def clip(tmp_path):
    """Makes a clip from a file's bytes."""

    def make(content, name="it.wav", **keys):
        (tmp_path / name).write_bytes(content)
        return Clip(id="it", audio=tmp_path / name, text="hello", **keys)

    return make


class Folder:
    """A folder that fills itself: audio and texts, as the tools that make corpora write them."""

    def __init__(self, path):
        self.path = path

    def __truediv__(self, name):
        return self.path / name

    def audio(self, *names, seconds=0.25, rate=16_000, **how):
        """Write a tone to each file, in the format of its ending."""
        tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)
        for name in names:
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, tone, rate, **how)

    def text(self, name, content):
        """Write a file, given as text or bytes."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def open(self, name="", **table):
        """The corpus at a path below the folder."""
        return read_corpus(self.path / name, CorpusTable(path=str(name), **table))

    def clips(self, name="", **table):
        return self.open(name, **table).samples

    def refusal(self, name="", **table):
        """What is said of a corpus that cannot be read; it always has a hint."""
        with pytest.raises(CorpusError) as caught:
            self.open(name, **table)
        assert caught.value.hint
        return str(caught.value)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def install_reader(tmp_path_factory, monkeypatch):
    """Installs a package with readers."""

    def put(code, entry):
        place = tmp_path_factory.mktemp("site")
        module = entry.split()[-1].partition(":")[0]
        (place / f"{module}.py").write_text(code, encoding="utf-8")
        info = place / "loud_reader-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: loud-reader\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[asrlab.corpora]\n{entry}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(place)
        monkeypatch.delitem(sys.modules, module, raising=False)
        forget()

    def forget():
        reader._entry_points.cache_clear()
        reader.reader.cache_clear()

    yield put
    monkeypatch.undo()
    forget()
