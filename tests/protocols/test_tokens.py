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
        ("น้ำ", "น้ำ"),
        ("ភាសា", "ភា សា"),
        ("မြန်", "မြ န်"),
        ("ພາສາ", "ພ າ ສ າ"),
        ("ທຳນ້ຳ", "ທຳ ນ້ຳ"),
        ("한국어 테스트", "한국어 테스트"),
        ("हिन्दी में", "हिन्दी में"),
        ("a\tb\u00a0c\u3000d\u2028e", "a b c d e"),
    ],
)
def test_tokens_are_words_or_characters_by_script(text: str, tokens: str):
    """Han, Kana, Thai, Lao, Khmer and Myanmar split into characters with their marks; other scripts into words."""
    assert und.tokens(text) == tokens.split(" ")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("text", "same"),
    [
        *[("น้ำ", form) for form in ("น้\u0e4d\u0e32", "น\u0e4d\u0e49\u0e32", "น\u0e33\u0e49")],
        *[("ນ້ຳ", form) for form in ("ນ້\u0ecd\u0eb2", "ນ\u0ecd\u0ec9\u0eb2", "ນ\u0eb3\u0ec9")],
        ("คำถาม", "คํ\u0e32ถาม"),
        ("ໝາໜູ", "ຫມາຫນູ"),
    ],
)
def test_letters_of_thai_and_lao_have_one_form(profile: str, text: str, same: str):
    """What compatibility composition takes apart in Thai and Lao is equal to the letter, wherever the tone mark is."""
    rules = normalization(profile)

    assert rules.apply(same) == rules.apply(text)
    assert rules.tokens(same) == rules.tokens(text)
    assert rules.characters(same) == rules.characters(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("café", 4),
        ("cafe\u0301", 4),
        ("हिन्दी", 3),
        ("น้ำ", 1),
        ("ນ້ຳ", 1),
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
