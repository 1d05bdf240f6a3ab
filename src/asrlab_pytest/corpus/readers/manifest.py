"""Our own JSONL manifest."""

from __future__ import annotations

from pathlib import Path

from asrlab_pytest.corpus.manifest import is_manifest, read_manifest
from asrlab_pytest.corpus.samples import Corpus
from asrlab_pytest.corpus.table import CorpusTable


class ManifestReader:
    name = "manifest"
    looks_for = 'a folder with a manifest.jsonl, or a file of JSON lines such as {"audio": "a.wav", "text": "hello"}'
    options = frozenset[str]()

    def detects(self, path: Path) -> bool:
        return is_manifest(path)

    def read(self, path: Path, table: CorpusTable) -> Corpus:
        return read_manifest(path, table.language)
