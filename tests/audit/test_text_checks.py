"""Checks of the reference: hygiene, script, language, and the time that it takes to say it."""

import pytest
from corpora import TEXT

from asrlab_pytest.audit.text_checks import of_text, undamaged
from asrlab_pytest.corpus.clip import Clip
from asrlab_pytest.sound.pace import characters_said
from asrlab_pytest.writing_systems import SCRIPTS


def found(text, language="en", normalized="x"):
    clip = Clip(id="one", audio=None, text=text, language=language)
    return [(one.check, one.level) for one in of_text(clip, normalized)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("It's $5.00 & 20 % off, isn't it? <3", "en"),
        ("Die Straße ist naß, und Ärger droht.", "de"),
        ("L’été à Montréal coûte « cher » …", "fr"),
        ("広州市の地図を見る AI", "ja"),
        ("广州市房地产中介协会分析", "zh"),
        ("Привет, как дела сегодня", "ru"),
        ("नमस्ते आप कैसे हैं", "hi"),
        ("anything at all", None),
        ("anything at all", "tlh"),
        ("5 < 6 and 7 > 3", "en"),
        ("une phrase en anglais the", "fr"),
        ("es kostet 25 Euro", "de"),
        ("ça coûte 25 euros", "fr-CH"),
    ],
)
def test_a_good_text(text, language):
    """Texts as people write them are left alone, in every script."""
    assert found(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("...", "en", ("text-empty", "suspect")),
        ("Ã©tÃ© Ã  MontrÃ©al", "fr", ("mojibake", "error")),
        ("qu\u2019il".encode().decode("cp1252"), "fr", ("mojibake", "error")),
        ("what\ufffds that", "en", ("mojibake", "error")),
        ("hello\x00 there", "en", ("control-characters", "suspect")),
        ("hello\u200b there", "en", ("control-characters", "suspect")),
        ("hello\tthere", "en", ("control-characters", "suspect")),
        ("<i>hello</i> there", "en", ("markup", "suspect")),
        ("salt &amp; pepper", "en", ("markup", "suspect")),
        ("hello {laughs} there", "en", ("markup", "suspect")),
        ("e\u0301te\u0301", "fr", ("composition", "note")),
        ("Привет как дела", "en", ("script", "suspect")),
        ("hello there", "ja", ("script", "suspect")),
        ("er ist mit dem Auto nicht auf der Straße", "en", ("language", "suspect")),
        ("the man was not in the house that he had", "de-AT", ("language", "suspect")),
        ("elle est partie avec les enfants et nous", "de", ("language", "suspect")),
        ("det kostar 25 kronor", "sv", ("digits", "note")),
    ],
)
def test_a_bad_text(text, language, expected):
    """Each fault of a text is found under its name and level, and no other."""
    assert found(text, language, "" if expected[0] == "text-empty" else "x") == [expected]


@pytest.mark.parametrize("text", ["été", "naïve façade", "Ünlü", "“quotes” – dashes…", "日本語", "100 °C ± 5"])
def test_mojibake_is_restored(text):
    """A text that was decoded as Latin-1 or Windows-1252 is given back as it was; a good one is left alone."""
    assert undamaged(text) is None
    assert undamaged(text.encode().decode("latin-1")) == text


def test_too_fast_and_too_slow(folder):
    """Three times the text is an error or suspect, and one word in four seconds of speech is too."""
    folder.add("good")
    folder.add("fast", " ".join([TEXT] * 4))
    folder.add("faster", " ".join([TEXT] * 2))
    folder.add("slow", "yes")

    assert [one for one in folder.found() if one[1] == "speaking-rate"] == [
        ("fast", "speaking-rate", "error"),
        ("faster", "speaking-rate", "suspect"),
        ("slow", "speaking-rate", "error"),
    ]


def test_outlier_within_a_corpus(folder):
    """A rate within the bounds is suspect where it is far from that of all others."""
    for number in range(24):
        folder.add(f"clip{number}", f"{TEXT} {'abcdefgh'[: number % 8]}x", seconds=3.0)
    folder.add("odd", "nobody here", seconds=2.0)

    assert [one for one in folder.found() if one[1] == "speaking-rate"] == [("odd", "speaking-rate", "suspect")]


@pytest.mark.parametrize(
    ("text", "letters"),
    [("ten metres", 9), ("365 days", 16), ("A B C", 7), ("it's a dog", 7), ("", 0), ("$5.00", 12)],
)
def test_characters_said(text, letters):
    """Digits and spelled letters stand for the words that are heard."""
    assert characters_said(text) == letters


def test_scripts_without_an_alphabet(folder):
    """The rate of a script whose characters are syllables or words is not judged by that of letters."""
    folder.add("zh", "广州市", language="zh", seconds=4.0)

    assert folder.found() == []


def test_every_language_of_function_words_has_a_script():
    """A language that is told by its words is also told by its script."""
    from asrlab_pytest.writing_systems import FUNCTION_WORDS

    assert set(FUNCTION_WORDS) <= set(SCRIPTS)
