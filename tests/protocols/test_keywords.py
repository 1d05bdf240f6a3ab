"""Keywords in a text: what is the same name, and what is another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrlab_pytest.protocols.entities import canonical_keyword, extract
from asrlab_pytest.protocols.normalization.characters import APOSTROPHES


def found(keyword, text, language="en"):
    """The pieces of a text that are the keyword."""
    entities = extract(text, language=language, keywords=[keyword])
    return [entity.text for entity in entities if entity.type == "keyword"]


@pytest.mark.parametrize("mark", APOSTROPHES)
def test_every_apostrophe_is_one(mark):
    """A name with an apostrophe is found whichever of its characters either side has."""
    other = f"O{mark}Brien"

    assert found("O'Brien", f"Mr {other} came") == [other]
    assert found(other, "Mr O'Brien came") == ["O'Brien"]
    assert canonical_keyword(other) == "o'brien"


@pytest.mark.parametrize(
    ("language", "keyword", "text", "words"),
    [
        ("ja", "東京", "私は東京に住んでいます", ["東京"]),
        ("ja", "東京", "私は京都に住んでいます", []),
        ("ja", "東京 タワー", "東京タワーへ", ["東京タワー"]),
        ("ja", "トウキョウ", "ﾄｳｷｮｳです", ["ﾄｳｷｮｳ"]),
        ("ja", "ガス", "か\u3099す、カ\u3099ス", ["カ\u3099ス"]),
        ("ja", "iPhone", "新しいiPhoneを", ["iPhone"]),
        ("ja", "McDonald's", "McDonald'sで", ["McDonald"]),
        ("ja", "5G", "新しい5Gを", ["5G"]),
        ("zh", "北京", "我住在北京。", ["北京"]),
        ("zh", "2020年", "北京2020年", ["2020年"]),
        ("th", "กรุงเทพ", "ฉันอยู่กรุงเทพ", ["กรุงเทพ"]),
        ("th", "น้ำ", "ดื่มน\u0e49\u0e4d\u0e32แล้ว", ["น\u0e49\u0e4d\u0e32"]),
        ("th", "กา", "กำลัง กา\u0e48", []),
        ("lo", "ຫນ", "ໜ", ["ໜ"]),
        ("km", "ភ្នំពេញ", "ខ្ញុំនៅភ្នំពេញ", ["ភ្នំពេញ"]),
        ("my", "ရန်ကုန်", "ကျွန်တော်ရန်ကုန်မှာ", ["ရန်ကုန်"]),
    ],
)
def test_scripts_without_spaces(language, keyword, text, words):
    """In a script without spaces a keyword is a run of characters, each with its marks, as error rates count them."""
    assert found(keyword, text, language) == words


@pytest.mark.parametrize(
    ("language", "keyword", "text", "words"),
    [
        ("tr", "İzmir", "İzmir'de, izmir’deki", ["İzmir", "izmir"]),
        ("fi", "Bordeaux", "Bordeaux'ssa", ["Bordeaux"]),
        ("fr", "Élysée", "à l’Élysée", ["Élysée"]),
        ("fr", "l'Élysée", "à l’Élysée", ["l’Élysée"]),
        ("it", "Aquila", "dell'Aquila", ["Aquila"]),
        ("en", "Anna", "Anna'll come, and Anna’s son", ["Anna", "Anna"]),
        ("en", "Xi", "Xi'an", []),
        ("en", "Don", "I don't", []),
        ("en", "O", "O'Brien", []),
        ("en", "Brien", "O'Brien", []),
        ("en", "I'd", "I", []),
    ],
)
def test_what_an_apostrophe_joins(language, keyword, text, words):
    """An ending or an article that an apostrophe joins to a name is no part of it; any other word with one is whole."""
    assert found(keyword, text, language) == words


@pytest.mark.parametrize(
    ("keyword", "text", "words"),
    [
        ("C++", "vitamin C", []),
        ("C++", "I use C++, daily", ["C++"]),
        ("C++", "I use c plus plus", ["c plus plus"]),
        ("C", "C++ and C#", []),
        ("C", "vitamin C + zinc", ["C"]),
        ("C#", "vitamin C", []),
        ("C#", "C# is c sharp", ["C#", "c sharp"]),
        ("A+", "an A", []),
        ("AT&T", "AT and T, AT & T", ["AT and T", "AT & T"]),
        ("AT&T", "at t", []),
        ("-5", "5", []),
        ("-5", "it is −5 now, minus 5", ["−5", "minus 5"]),
        ("5", "-5", []),
        ("5", "10-5", ["5"]),
        (".NET", "the net", []),
        (".NET", "use .NET, dot net", [".NET", "dot net"]),
        ("Net", "The end. Net .Net", ["Net", "Net"]),
        ("50%", "50 or 50 percent", ["50 percent"]),
        ("#1", "number 1", ["number 1"]),
        ("Paris", "#Paris, **Paris**", ["Paris", "Paris"]),
        ("New York", "**New York**", ["New York"]),
    ],
)
def test_symbols_count(keyword, text, words):
    """A symbol that is said is part of a keyword, written or in words; every other mark is punctuation."""
    assert found(keyword, text) == words


@pytest.mark.parametrize(
    ("language", "keyword", "texts"),
    [
        ("tr", "Işık", ("ışık", "IŞIK", "Işık'ta")),
        ("tr", "Diyarbakır", ("DİYARBAKIR'A", "diyarbakır")),
        ("az", "Bakı", ("BAKI'DA",)),
        ("ru", "Фёдор", ("Федор", "ФЁДОР")),
        ("ar", "مُحَمَّد", ("محمد", "محـــمد")),
        ("he", "שלום", ("שָׁלוֹם",)),
        ("en", "H₂O", ("H2O", "h₂o")),
        ("ja", "葛城", ("葛\U000e0100城に",)),
    ],
)
def test_letters_that_the_profiles_count_as_one(language, keyword, texts):
    """Capitals of Turkish, ё, points of vowels, lowered figures and variants of characters make no other keyword."""
    for text in texts:
        assert [one.value for one in extract(text, language=language, keywords=[keyword])] == [
            canonical_keyword(keyword)
        ]


@given(st.text(alphabet="asé東がกำ'’+#&-.5% $İ", max_size=12))
def test_a_canonical_keyword_stays(text):
    """The canonical form of a keyword is its own canonical form."""
    value = canonical_keyword(text)

    assert canonical_keyword(value) == value
