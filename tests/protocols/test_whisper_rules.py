"""The profile `en-whisper` is the Whisper normalizer, unmodified."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_invariances import any_text, soup

from asrlab_pytest.protocols.normalization import normalization
from asrlab_pytest.protocols.normalization.characters import UNASSIGNED
from asrlab_pytest.protocols.normalization.goldens import goldens

PLAIN = "The quick brown fox said hello to Mr. Quilter, and we don't know why."


@pytest.fixture(scope="module")
def openai():
    """openai-whisper's own normalizer, where it is installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # It leaves its table's file open.
        return pytest.importorskip("whisper.normalizers").EnglishTextNormalizer()


def test_the_golden_texts_give_what_openai_whisper_gives(openai):
    """The golden texts of `en` and `en-whisper` give what openai-whisper's own normalizer gives, but for end spaces."""
    apply = normalization("en-whisper").apply

    for golden in [*goldens("en"), *goldens("en-whisper")]:
        if not UNASSIGNED.search(golden.text):
            assert apply(golden.text).split() == openai(golden.text).split()


@given(text=any_text.filter(lambda text: not UNASSIGNED.search(text)) | soup)
def test_any_text_gives_what_openai_whisper_gives(openai, text: str):
    """Any text that every interpreter knows gives the words that openai-whisper's own normalizer gives."""
    assert normalization("en-whisper").tokens(text) == openai(text).split()


@given(st.lists(st.sampled_from(PLAIN.split())))
def test_plain_english_is_the_same_under_both_profiles(pieces: list[str]):
    """Where the Whisper rules are at no fault, `en` writes what they write."""
    text = " ".join(pieces)

    assert normalization("en").apply(text) == normalization("en-whisper").apply(text)
