"""Lines of JSON whose text is not a text."""

import json

import pytest

from asrlab_pytest.corpus.open import read_corpus
from asrlab_pytest.corpus.table import CorpusTable
from asrlab_pytest.errors import CorpusError


@pytest.mark.parametrize("text", [["hi", "there"], {"en": "hi"}, True])
def test_a_text_that_is_none(tmp_path, text):
    """A list or an object as the text of an audio folder's line is refused, and not scored as Python writes it."""
    lines = [{"file_name": "a.wav", "text": "hi"}, {"file_name": "b.wav", "text": text}]
    (tmp_path / "metadata.jsonl").write_text("\n".join(map(json.dumps, lines)))

    with pytest.raises(CorpusError, match=r"metadata.jsonl:2: key 'text': expected text"):
        read_corpus(tmp_path, CorpusTable(path=str(tmp_path)))
