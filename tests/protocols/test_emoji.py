"""Emoji and what they are made of: no word, in any language."""

import pytest

from asrlab_pytest import score
from asrlab_pytest.protocols.normalization import PROFILES, normalization

EMOJI = [
    "❤️",
    "👨\u200d👩\u200d👧",
    "👍🏽",
    "🇩🇪",
    "☎️",
    "™️",
    "◌\u0301",
    "\ufe0f",
    "\u200d",
    "🏴\U000e0067\U000e0062\U000e007f",
]


@pytest.mark.parametrize("profile", [profile for profile in PROFILES if profile not in {"en-whisper", "raw"}])
def test_no_emoji_is_a_word(profile):
    """An emoji leaves nothing behind, alone, before a word or after one."""
    rules = normalization(profile)

    assert [emoji for emoji in EMOJI if rules.apply(f"{emoji} hello {emoji}") != "hello"] == []
    assert [rules.apply(emoji) for emoji in EMOJI] == [""] * len(EMOJI)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("fa", "می\u200cخواهم", "میخواهم"), ("hi", "क\u094d\u200dष", "क\u094dष"), ("hi", "कि", "की"), ("th", "ก่า", "กา")],
)
def test_marks_of_letters_stay(language, one, other):
    """The marks and joiners of letters are kept, for they change what is read."""
    assert score(one, other, language=language).cer
