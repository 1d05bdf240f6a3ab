"""Numbers and languages of a manifest that no clip can have."""

import json

import pytest

from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.errors import CorpusError


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("duration", -1),
        ("duration", float("nan")),
        ("duration", float("inf")),
        ("sample_rate", 0),
        ("sample_rate", -8000),
        ("language", "419"),
        ("language", "150-Latn"),
    ],
)
def test_impossible_values(tmp_path, key, value):
    """A length, a rate or a language that no clip can have is refused with its line, since figures would go by it."""
    lines = [{"audio": "a.wav", "text": "hi"}, {"audio": "b.wav", "text": "hi", key: value}]
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)))

    with pytest.raises(CorpusError, match=rf"manifest.jsonl:2.*{key}"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("name", "code"), [("中文", "zh"), ("日本語", "ja"), ("Русский", "ru"), ("العربية", "ar"), ("Castellano", "es")]
)
def test_names_in_other_scripts(tmp_path, name, code):
    """A language may be called as its speakers call it."""
    (tmp_path / "manifest.jsonl").write_text(
        json.dumps({"audio": "a.wav", "text": "hi", "language": name}), encoding="utf-8"
    )

    assert read_manifest(tmp_path).samples[0].language == code
