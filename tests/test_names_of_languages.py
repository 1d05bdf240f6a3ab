"""What languages are called in themselves, and by whom."""

import unicodedata

import pytest

from asrlab_pytest.languages import NAMES, language_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(("漢語", "zh"), ("普通话", "zh"), ("粤语", "yue"), ("Chinese (Traditional)", "zh-Hant"), ("हिंदी", "hi")),
        *(("Русский язык", "ru"), ("Türkçe", "tr"), ("turkce", "tr"), ("Cestina", "cs"), ("TIẾNG VIỆT", "vi")),
        *(("Norwegian Bokmal", "nb"), ("British English", "en-GB"), ("Dari", "fa-AF"), ("mo", "ro"), ("in", "id")),
        *(("Cantonese Chinese", "yue"), ("Northern-Sotho", "nso"), ("Sorani-Kurdish", "ckb"), ("Fula", "ff")),
        *(("Swiss-German", "gsw"), ("tok", "tok"), ("Kabuverdianu", "kea"), ("zh_hant", "zh-Hant")),
        *(("ｄｅ", "de"), ("\u200bde\ufeff", "de"), ("norwegian_bokmål", "nb"), ("sh", "sr-Latn"), ("ROMÂNĂ", "ro")),
    ],
)
def test_names_as_people_write_them(written, code):
    """A language is known by the name that its speakers give it, without accents, in capitals and in full width."""
    assert language_code(written) == code
    assert language_code(unicodedata.normalize("NFD", written)) == code


@pytest.mark.parametrize("written", ["en,de", "en/de", "['en']", "en de", "C.UTF-8", "de-"])
def test_what_names_no_one_language(written):
    """A list of languages, or half a code, is refused."""
    with pytest.raises(ValueError, match="unknown language"):
        language_code(written)


def test_english_names():
    """Each English name is that of its own code, whatever other languages call themselves."""
    assert {language_code(name): name for name in NAMES.values()} == dict(NAMES)
    assert len(set(NAMES.values())) == len(NAMES)
