"""Tokens and characters: what error rates count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.protocols.normalization import PROFILES, normalization

und = normalization("und")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("我们用 PyTorch 训练模型", "我 们 用 pytorch 训 练 模 型"),
        ("カタカナー", "カ タ カ ナ ー"),
        ("iPhoneを買う", "iphone を 買 う"),
        ("น้ำ", "น้ ำ"),
        ("ភាសា", "ភា សា"),
        ("မြန်", "မြ န်"),
        ("ພາສາ", "ພ າ ສ າ"),
        ("한국어 테스트", "한국어 테스트"),
        ("हिन्दी में", "हिन्दी में"),
        ("a\tb\u00a0c\u3000d\u2028e", "a b c d e"),
    ],
)
def test_tokens_are_words_or_characters_by_script(text: str, tokens: str):
    """Han, Kana, Thai, Lao, Khmer and Myanmar split into characters with their marks; other scripts into words."""
    assert und.tokens(text) == tokens.split(" ")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("café", 4),
        ("cafe\u0301", 4),
        ("हिन्दी", 3),
        ("각", 1),
        ("ᄀ각", 1),
        ("👍🏽", 1),
        ("🇩🇪🇫🇷", 2),
        ("👩‍👩‍👧", 1),
        ("", 0),
    ],
)
def test_characters_are_what_a_reader_counts(text: str, count: int):
    """A letter with its marks, a syllable block, a flag and a joined emoji count as one character each."""
    assert len(normalization("raw").characters(text)) == count


@pytest.mark.parametrize("profile", PROFILES)
@given(text=st.text(max_size=30))
def test_tokens_and_characters_lose_nothing(profile: str, text: str):
    """Put together again, tokens and characters are the normalized text but for spaces; no token holds a space."""
    rules = normalization(profile)
    normalized = rules.apply(text)

    assert "".join(rules.tokens(text)) == normalized.replace(" ", "")
    assert "".join(rules.characters(text)).replace(" ", "") == normalized.replace(" ", "")
    assert all(token.split() == [token] for token in rules.tokens(text))
