"""Languages as people write them, and what engines call them."""

import pytest

from asrlab_pytest.languages import from_whisper, is_same_language, language_code, language_of_country, whisper_code
from asrlab_pytest.models.spec import ModelSpec


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[("en", "en"), ("EN", "en"), ("en_US", "en-US"), ("pt-br", "pt-BR"), ("zh-Hant-TW", "zh-Hant-TW")],
        *[("German", "de"), ("english", "en"), ("Deutsch", "de"), ("Haitian Creole", "ht"), ("haitian_creole", "ht")],
        *[("deu", "de"), ("ger", "de"), ("eng", "en"), ("cmn", "zh"), ("arb", "ar"), ("iw", "he"), ("jw", "jv")],
        *[
            ("yue", "yue"),
            ("haw", "haw"),
            ("pnb", "pnb"),
            ("pnb_Arab", "pnb-Arab"),
            ("nb", "nb"),
            ("fil", "fil"),
            ("ceb", "ceb"),
            ("en_US.UTF-8", "en-US"),
        ],
        *[("", None), ("none", None), ("und", None), ("zxx", None), ("mul", None), ("Unknown", None)],
    ],
)
def test_a_language_has_one_code(written, code):
    """Names, ISO 639-1, 639-2 and 639-3 codes and locales give one code; what states no language gives none."""
    assert language_code(written) == code


@pytest.mark.parametrize(
    ("written", "near"), [("xx", "xh (Xhosa)"), ("Germn", "de (German)"), ("engl", "en (English)")]
)
def test_an_unknown_language_is_refused_with_the_nearest(written, near):
    """A language that there is not is an error that names the nearest codes."""
    with pytest.raises(ValueError, match="unknown language") as caught:
        language_code(written)
    assert near in str(caught.value)


@pytest.mark.parametrize(
    ("country", "code"),
    [("jp", "ja"), ("cn", "zh"), ("cz", "cs"), ("dk", "da"), ("gr", "el"), ("ua", "uk"), ("by", "be"), ("vn", "vi")],
)
def test_the_code_of_a_country_is_no_language(country, code):
    """The nearest code to that of a country is the language spoken there."""
    with pytest.raises(ValueError, match=f"unknown language '{country}'; nearest: {code} "):
        language_code(country)


def test_countries_whose_code_is_a_language_too():
    """A country's code that is also a language's still gives the country's language; other codes give none."""
    codes = ("br", "se", "kr", "xx", "zz", "qq", "419", "")

    assert [language_of_country(code) for code in codes] == ["pt", "sv", "ko", None, None, None, None, None]


@pytest.mark.parametrize(
    ("code", "whisper"),
    [
        ("nb", "no"),
        ("jv", "jw"),
        ("fil", "tl"),
        ("iw", "he"),
        ("pt-BR", "pt"),
        ("de", "de"),
        ("zxx", None),
        (None, None),
    ],
)
def test_whisper_has_codes_of_its_own(code, whisper):
    """Whisper is given its own code of a language, and nothing where none is stated; the transcript has the clip's."""
    assert whisper_code(code) == whisper
    if whisper is not None:
        assert from_whisper(whisper, code) == {"iw": "he", "pt-BR": "pt"}.get(code, code)


def test_what_whisper_detects_has_a_standard_code():
    """A language that Whisper detects is recorded by its standard code."""
    assert from_whisper("jw", None) == "jv"
    assert from_whisper("de", "en") == "de"
    assert from_whisper(None, "en") is None


def test_one_language_has_many_codes():
    """Regions, and the written forms of Norwegian, do not make two languages of one."""
    assert is_same_language("en-GB", "en")
    assert is_same_language("nb", "no")
    assert not is_same_language("de", "nl")


def spec(**keys):
    return ModelSpec(id="polly", engine="faster-whisper", weights=keys.pop("weights", "base"), **keys)


@pytest.mark.parametrize(
    ("weights", "languages"),
    [("tiny.en", ("en",)), ("models/digits.en.pt", ("en",)), ("base", ()), ("org/whisper-small.en-int8", ("en",))],
)
def test_english_only_weights_are_for_english(weights, languages):
    """Weights of Whisper named .en are meant for English clips, unless the table states languages."""
    assert spec(weights=weights).languages == languages
    assert spec(weights=weights, languages=("de",)).languages == ("de",)


def test_the_languages_of_a_model_are_read_like_those_of_clips():
    """A model's languages are names or codes, and an unknown one is refused."""
    made = spec(language="German", languages=("Norwegian", "eng"))

    assert (made.language, made.languages) == ("de", ("no", "en"))
    assert made.is_for_language("nb")
    with pytest.raises(ValueError, match="unknown language 'xx'"):
        spec(language="xx")
