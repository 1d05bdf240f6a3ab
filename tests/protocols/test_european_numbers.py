"""Digits one by one, ranges, fractions and cents in the six European languages, written and spoken."""

import pytest

from asrlab_pytest.protocols.normalization import normalization

SAME = {
    "de": [
        ("null acht null null", "0800"),
        ("null eins sieben null eins zwei drei vier", "0170 1234"),
        ("null drei null eins zwei drei", "030/123"),
        ("eins zwei drei vier", "1 2 3 4"),
        ("eins, zwei, drei", "1, 2, 3"),
        ("eins zwei drei", "1-2-3"),
        ("zehn bis zwanzig Euro", "10–20 €"),
        ("zehn bis zwanzig Euro", "€ 10-20"),
        ("eins Komma fünf bis zwei Liter", "1,5–2 Liter"),
        ("tausend bis zweitausend Leute", "1.000–2.000 Leute"),
        ("neunzehnhundertneunzig bis neunzehnhundertfünfundneunzig", "1990-1995"),
        ("drei Viertel", "3/4"),
        ("dreiviertel Liter", "¾ Liter"),
        ("ein Drittel", "1/3"),
        ("zweieinhalb Stunden", "2 ½ Stunden"),
        ("drei Euro und zwanzig Cent", "3 Euro, 20 Cent"),
        ("Im Mittel null Komma fünf auf zwei Millionen", "Im Mittel 0,5 auf 2 Millionen"),
        ("sie sagte „minus fünf Grad“", "sie sagte „-5 Grad“"),
        ("minus drei, minus vier", "»-3«, …−4"),
        ("Ich habe drei Euro fünfzig bezahlt.", "Ich habe 3,50 Euro bezahlt."),
        ("zwölf Euro neunundneunzig, bitte", "12,99 €, bitte"),
        ("„drei Euro fünfzig“", "3,50 €"),
        ("drei Euro fünfzig bis vier Euro", "3,50 € bis 4 €"),
        ("für drei Euro fünfzig Leute", "für 3 €, 50 Leute"),
        ("drei Euro zwanzig bis dreißig Leute", "3 €, 20 bis 30 Leute"),
    ],
    "fr": [
        ("un virgule neuf", "1,9"),
        ("vingt et un deux trois quatre cinq", "21 2345"),
        ("vingt et un virgule neuf pour cent", "21,9 %"),
        ("un virgule neuf million", "1,9 million"),
        ("zéro six douze trente-quatre cinquante-six soixante-dix-huit", "06.12.34.56.78"),
        ("zéro six douze trente-quatre cinquante-six soixante-dix-huit", "06 12 34 56 78"),
        ("un deux trois", "123"),
        ("dix à vingt euros", "10-20 €"),
        ("trois quarts", "3/4"),
        ("deux tiers", "2/3"),
        ("un demi", "½"),
        ("deux et demi", "2 1/2"),
        ("le train de neuf heures", "le train de 9 heures"),
        ("le prix est neuf euros", "le prix est 9 euros"),
        ("un homme, neuf femmes", "un homme, 9 femmes"),
        ("du lundi au neuf mai", "du lundi au 9 mai"),
        ("deux zéros", "2 zéros"),
        ("deux cents deux cents personnes et cent un homme", "200, 200 personnes et 101 homme"),
        ("cent deux cents personnes", "100, 200 personnes"),
        ("deux mille deux deux mille deux", "2002, 2002"),
        ("cent deux cent trois", "102, 103"),
        ("cinq cent mille millions", "500 000 000 000"),
        ("trois virgule cinq en deux mille vingt", "3,5 en 2020"),
        ("il dit moins cinq degrés", "il dit «−5 degrés»"),
        ("trois euros cinquante le kilo", "3,50 € le kilo"),
        ("trois euros cinquante, merci", "3,50 €, merci"),
        ("trois euros cinquante l'unité", "3,50 € l'unité"),
        ("trois euros cinquante personnes", "3 €, 50 personnes"),
        ("l'article neuf", "l'article 9"),
        ("le quai neuf", "le quai 9"),
        ("l'épisode neuf", "l'épisode 9"),
    ],
    "es": [
        ("nueve uno uno", "911"),
        ("treinta y cuatro seis uno dos tres", "34 6123"),
        ("doce y tres cuatro cinco seis", "12 y 3456"),
        ("treinta y cuatro seis uno", "34 6 1"),
        ("de diez a veinte", "de 10–20"),
        ("tres cuartos", "3/4"),
        ("dos tercios", "2/3"),
        ("dos y medio", "2½"),
        ("dos mil dos mil euros", "2000, 2000 euros"),
        ("mil dos mil euros", "1000, 2000 euros"),
        ("treinta y cinco mil treinta y cinco mil", "35000, 35000"),
        ("tres coma cinco en dos mil veinte", "3,5 en 2020"),
        ("¿menos cinco grados?", "¿-5 grados?"),
        ("tres euros con cincuenta el kilo", "3,50 € el kilo"),
        ("tres euros cincuenta personas", "3 €, 50 personas"),
    ],
    "it": [
        ("uno uno due", "112"),
        ("dieci-venti euro", "10-20 euro"),
        ("tre quarti", "3/4"),
        ("due terzi", "2/3"),
        ("due e mezzo", "2 1/2"),
        ("cento cento persone", "100, 100 persone"),
        ("disse meno cinque", "disse “-5”"),
        ("tre euro e cinquanta al chilo", "3,50 € al chilo"),
        ("tre euro e cinquanta ragazzi", "3 € e 50 ragazzi"),
    ],
    "pt": [
        ("um nove zero", "190"),
        ("trinta e quatro seis um dois três", "34 6123"),
        ("cento e quatro seis um dois três", "104 6123"),
        ("dez a vinte reais", "R$ 10-20"),
        ("três quartos", "3/4"),
        ("dois terços", "2/3"),
        ("dois e meio", "2½"),
        ("vinte mil vinte mil pessoas", "20.000, 20.000 pessoas"),
        ("três vírgula cinco em dois mil e vinte", "3,5 em 2020"),
        ("menos cinco", "'-5'"),
        ("três euros e cinquenta o quilo", "3,50 € o quilo"),
        ("três euros e cinquenta pessoas", "3 € e 50 pessoas"),
    ],
    "nl": [
        ("nul zes een twee drie vier", "06 1234"),
        ("een twee drie", "123"),
        ("tien tot twintig mensen", "10-20 mensen"),
        ("driekwart", "3/4"),
        ("twee derde", "2/3"),
        ("tweeënhalf uur", "2,5 uur"),
        ("honderdachtenveertig euro en zevenenveertig cent", "148 euro, 47 cent"),
        ("honderd honderd mensen", "100, 100 mensen"),
        ("drie komma vijf van twee miljoen", "3,5 van 2 miljoen"),
        ("hij zei min vijf", "hij zei ‘-5’"),
        ("drie euro vijftig per stuk", "€ 3,50 per stuk"),
        ("drie euro vijftig mensen", "3 €, 50 mensen"),
    ],
}
KEPT = {
    "de": {
        "3-1": "3 1",
        "2024-11-28": "2024 11 28",
        "05-01-2024": "05 01 2024",
        "5 - 3": "5 3",
        "ein 3-1-Sieg": "ein 3 1 sieg",
        "12, 13, 14": "12 13 14",
        "3, 4 oder 5": "3 4 oder 5",
        "zwei drei Leute": "2 3 leute",
        "im Jahr 2000 5 Leute": "im jahr 2000 5 leute",
        "24/7": "24 7",
        "1/2/2024": "1 2 2024",
        "3 Euro, 20 Leute": "3 € 20 leute",
        '"A"-5': "a 5",
    },
    "fr": {
        "14h30-15h": "14 heures 30 à 15 heures",
        "le 12/3": "le 12 3",
        "deux, un vélo neuf": "2 un vélo neuf",
        "des vélos neufs": "des vélos neufs",
    },
    "es": {"entre diez y veinte": "entre 10 y 20"},
    "it": {"ex-presidente": "ex presidente", "10-20": "10 20"},
    "pt": {"segunda-feira": "2º feira"},
    "nl": {"3 euro, 20 mensen": "3 € 20 mensen"},
}


@pytest.mark.parametrize("language", SAME)
def test_what_is_said_the_same(language):
    """Digits one by one, ranges, fractions and cents meet the words that a speaker says for them."""
    rules = normalization(language)
    texts = [(spoken, written, rules.apply(spoken), rules.apply(written)) for spoken, written in SAME[language]]

    assert [text for text in texts if text[2] != text[3]] == []


HALVES = {
    "de": [f"{word}einhalb Meter" for word in ("zwei", "fünf", "neun", "zehn", "zwölf", "dreizehn", "neunzehn")],
    "nl": [
        f"{word} meter" for word in ("anderhalve", "tweeënhalve", "drieëneenhalve", "tien en een halve", "elfenhalf")
    ],
}
TENS = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
UNITS = {"": 0, "einund": 1, "zweiund": 2, "achtund": 8, "neunzehnhundert": 1900, "achtzehnhundert": 1800}


def test_german_decades():
    """The nouns of -zig are digits in each form, and those of two numbers differ."""
    apply = normalization("de").apply
    written = {f"{unit}{ten}": UNITS[unit] + 10 * place for unit in UNITS for place, ten in enumerate(TENS, start=2)}
    found = {word: apply(f"in den {word.capitalize()}ern") for word in written}

    assert found == {word: apply(f"in den {number}ern") for word, number in written.items()}
    assert len(set(found.values())) == len(written)
    for ending in ("er", "ers", "erjahre", "er Jahre"):
        assert {apply(word + ending) for word in written} == {
            apply(f"{number}{ending.replace('jahre', ' Jahre')}") for number in written.values()
        }
    assert apply("ein einziger fleißiger Tag") == "ein einziger fleissiger tag"


@pytest.mark.parametrize("language", HALVES)
def test_halves_of_two_numbers_differ(language):
    """Each number and a half is that number in digits, and none is another."""
    apply = normalization(language).apply
    numbers = {"de": ("2", "5", "9", "10", "12", "13", "19"), "nl": ("1", "2", "3", "10", "11")}[language]
    found = [apply(text) for text in HALVES[language]]

    assert found == [apply(f"{number},5 meter") for number in numbers]
    assert len(set(found)) == len(numbers)


@pytest.mark.parametrize("language", KEPT)
def test_what_is_none_of_these(language):
    """Results, dates, lists of larger numbers and compounds of them are no ranges, codes or fractions."""
    rules = normalization(language)

    assert {text: rules.apply(text) for text in KEPT[language]} == KEPT[language]


@pytest.mark.parametrize("language", SAME)
def test_words_beside_them_stay_words(language):
    """What is before or after such a number is never joined with it."""
    rules = normalization(language)
    texts = [rules.apply(f"alpha {phrase} omega").split() for pair in SAME[language] for phrase in pair]

    assert [text for text in texts if (text[0], text[-1]) != ("alpha", "omega")] == []
