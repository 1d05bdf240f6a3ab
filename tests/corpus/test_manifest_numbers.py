"""Numbers and languages of a manifest that no clip can have."""

import json

import pytest

from asrlab_pytest.corpus.dialogues import read_dialogues
from asrlab_pytest.corpus.manifest import read_manifest
from asrlab_pytest.corpus.prompts import read_prompts
from asrlab_pytest.errors import CorpusError

NO_HASHES = ["abc", "", "g" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n", "sha256:" + "a" * 64]


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
        *[(key, value) for key in ("sha256", "pcm_sha256") for value in NO_HASHES],
    ],
)
def test_impossible_values(tmp_path, key, value):
    """A length, a rate or a language that no clip can have is refused with its line, since figures would go by it."""
    lines = [{"audio": "a.wav", "text": "hi"}, {"audio": "b.wav", "text": "hi", key: value}]
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)))

    with pytest.raises(CorpusError, match=rf"manifest.jsonl:2.*{key}"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("value", NO_HASHES)
def test_a_hash_that_is_none(tmp_path, value):
    """What no hash can be equal to is refused in prompts and dialogues, too; the prefix of Git LFS is named."""
    prompt = {"id": "a", "text": "hi", "recording": "a.wav", "recording_sha256": value}
    dialogue = {"id": "a", "turns": [{"audio": "a.wav", "text": "hi", "sha256": value, "facts": [{"keyword": "x"}]}]}
    (tmp_path / "prompts.jsonl").write_text(json.dumps(prompt))
    (tmp_path / "dialogues.jsonl").write_text(json.dumps(dialogue))

    with pytest.raises(CorpusError, match=r"prompts\.jsonl:1: key 'recording_sha256': must be 64 hex") as caught:
        read_prompts(tmp_path)
    assert ("prefix sha256:" in str(caught.value)) == value.startswith("sha256:")
    with pytest.raises(CorpusError, match=r"dialogues\.jsonl:1: key 'turns\.0\.sha256': must be 64 hex"):
        read_dialogues(tmp_path)


@pytest.mark.parametrize(
    ("name", "code"), [("中文", "zh"), ("日本語", "ja"), ("Русский", "ru"), ("العربية", "ar"), ("Castellano", "es")]
)
def test_names_in_other_scripts(tmp_path, name, code):
    """A language may be called as its speakers call it."""
    (tmp_path / "manifest.jsonl").write_text(
        json.dumps({"audio": "a.wav", "text": "hi", "language": name}), encoding="utf-8"
    )

    assert read_manifest(tmp_path).samples[0].language == code
