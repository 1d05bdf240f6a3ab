"""The word for one beside a number in the six European languages: the number is the same, written or spoken."""

from itertools import count, product

import pytest
from european_speller import cardinal

from asrlab_pytest.protocols.normalization import normalization

NUMBERS = (2, 8, 10, 11, 16, 20, 21, 71, 81, 99, 100, 101, 200, 231, 1000, 1990, 2000, 2020, 31000, 1_200_000)
ONES = {
    "de": ("ein", "eine", "eins"),
    "fr": ("un", "une", "l'un", "d'une"),
    "es": ("un", "una", "uno", "unas"),
    "it": ("un", "una", "uno", "l'uno"),
    "pt": ("um", "uma", "umas"),
    "nl": ("een", "één"),
}
LINKS = {  # "and", "or", "to", and words after which text2num reads on
    "de": ("und", "oder", "bis", "ja"),
    "fr": ("et", "ou", "à", "puis", "plus"),
    "es": ("y", "o", "a", "ok"),
    "it": ("e", "o", "a", "è", "meno"),
    "pt": ("e", "ou", "a", "com", "são"),
    "nl": ("en", "of", "tot", "is", "dan"),
}
BESIDE = (
    *("{n}, {one} alpha", "{n}. {one} alpha", "{n}: {one} alpha", "{n} – {one} alpha", "alpha {n} ({one} alpha)"),
    *(
        "{n}, {one}",
        "{n}, {one}, alpha",
        "{n} alpha {one} beta",
        "{n} km, {one} alpha",
        "{n}? {one} alpha",
        "{n} {one}",
    ),
    *("{one} {n} alpha", "{one} {n}", "{one}, {n} alpha", "{one}. {n} alpha", "{one} {n} %", "{n} %, {one} alpha"),
    *("{n} €, {one} alpha", "{one} alpha {n}", "{n}, {n}, {one} alpha", "{n}, {one}, {n}.", "{one}, {n}, {n}"),
    *("{n} {one}", "{n} {one} alpha", "«{n}», {one} alpha", "{one}-{n} alpha"),
)
LINKED = ("{one} {link} {n} alpha", "{n}, {link} {one} alpha", "{one}, {link} {n}", "{one}, {n} {link} 5 alpha")
READ_ON = ("{n} {one}", "{n} {one} alpha", "{one} {n} alpha", "{one} {n}", "{one} {n} %", "{one}-{n} alpha")
"""After and before whole hundreds, where a one may be a part of the number."""
SAME = {
    "de": [
        ("Er kam um acht. Zwei Männer, ein Hund.", "Er kam um 8. 2 Männer, ein Hund."),
        ("Er nimmt täglich zwei ein.", "Er nimmt täglich 2 ein."),
        ("Der dritte, ein Mann", "Der 3., ein Mann"),
        ("drei Komma fünf ein Mann", "3,5 ein Mann"),
        ("um acht Uhr ein Mann", "um 8 Uhr ein Mann"),
        ("ein bis zwei Tage", "1 bis 2 Tage"),
        ("ein, zwei, drei", "1, 2, 3"),
    ],
    "fr": [
        ("Les deux, un homme et une femme.", "Les 2, un homme et une femme."),
        ("En deux mille vingt, une femme est arrivée.", "En 2020, une femme est arrivée."),
        ("trois virgule cinq un homme", "3,5 un homme"),
        ("cinq kilos, un homme", "5 kilos, un homme"),
        ("le troisième, un homme", "le 3e, un homme"),
        ("deux, un milliardaire", "2, un milliardaire"),
        ("trois, deux, un, partez", "3, 2, 1, partez"),
        ("un, deux et trois", "1, 2 et 3"),
        ("un ou deux jours", "1 ou 2 jours"),
        ("ils ont gagné deux un", "ils ont gagné 2-1"),
        ("cent un dalmatiens", "101 dalmatiens"),
        ("cent une personnes", "101 personnes"),
        ("quatre vingt un", "81"),
        ("les quatre-vingts un homme", "les 80 un homme"),
        ("ils ont gagné trois à un hier", "ils ont gagné 3 à 1 hier"),
        ("un trois-un hier", "un 3-1 hier"),
        ("« On a gagné trois un », dit-il.", "« On a gagné 3-1 », dit-il."),
        ("les deux un « homme »", "les 2 un homme"),
        ('"quatre vingt un hommes"', '"81 hommes"'),
        ("un zéro pour cent", "un 0%"),
    ],
    "es": [
        ("A las ocho una mujer salió.", "A las 8 una mujer salió."),
        ("De los tres, uno es mío.", "De los 3, uno es mío."),
        ("Vinieron unas doscientas personas.", "Vinieron unas 200 personas."),
        ("a las mil una mujer salió", "a las 1000 una mujer salió"),
        ("mil una noches", "1001 noches"),
        ("ciento un años", "101 años"),
        ("a las ochenta uno salió", "a las 80 uno salió"),
        ("uno, dos, tres", "1, 2, 3"),
        ("veinte centavos", "20 ¢"),
        ("ganaron tres a uno ayer", "ganaron 3 a 1 ayer"),
        ("un tres-uno ayer", "un 3-1 ayer"),
        ('"Ganamos tres uno", dijo.', '"Ganamos 3-1", dijo.'),
        ('"tres, dos, uno", dijo', '"3, 2, 1", dijo'),
    ],
    "it": [
        ("Nel duemilaventi, un uomo partì.", "Nel 2020, un uomo partì."),
        ("nel duemila un uomo partì", "nel 2000 un uomo partì"),
        ("i due uno studente", "i 2 uno studente"),
        ("dall'uno al tre", "dall'1 al 3"),
        ("vince uno a zero", "vince 1 a 0"),
        ("duemila uno", "2001"),
        ("a questo punto due, un uomo", "a questo punto 2, un uomo"),
        ("hanno vinto tre a uno ieri", "hanno vinto 3 a 1 ieri"),
        ("«Abbiamo vinto due uno», disse.", "«Abbiamo vinto 2-1», disse."),
    ],
    "pt": [
        ("Dos três, um é meu.", "Dos 3, um é meu."),
        ("Faz umas duas horas.", "Faz umas 2 horas."),
        ("três são um", "3 são um"),
        ("uma ou duas pessoas", "1 ou 2 pessoas"),
        ("vinte e uma pessoas", "21 pessoas"),
        ("mil e uma noites", "1001 noites"),
        ("ganharam três a um ontem", "ganharam 3 a 1 ontem"),
        ("o três-um ontem", "o 3-1 ontem"),
        ("“Ganhamos três um”, disse.", "“Ganhamos 3-1”, disse."),
    ],
    "nl": [
        ("De twee, een man en een vrouw.", "De 2, een man en een vrouw."),
        ("twee is een man", "2 is een man"),
        ("drie komma vijf een man", "3,5 een man"),
        ("honderd en een mensen", "101 mensen"),
        ("een miljardair, twee", "een miljardair, 2"),
        ("met drie-een gewonnen", "met 3-1 gewonnen"),
        ("‘We wonnen drie een’, zei hij.", "‘We wonnen 3-1’, zei hij."),
    ],
}
OTHER = {
    "de": [("zwei, ein Mann", "zwei, 1 Mann"), ("zwanzig, ein Mann", "einundzwanzig Mann")],
    "fr": [("les deux, un homme", "les 2, 1 homme"), ("vingt, un homme", "vingt et un hommes")],
    "es": [("unos diez años", "uno diez años"), ("las mil, una noche", "las mil una noches")],
    "it": [("duemila, un uomo", "duemilauno uomo"), ("due un uomo", "due 1 uomo")],
    "pt": [("vinte, um homem", "vinte e um homem"), ("umas duas horas", "uma duas horas")],
    "nl": [("honderd, een man", "honderd en een man"), ("de twee een man", "de 2 1 man")],
}


def texts(language):
    """Carriers with each one, and a number spoken and written in it: the next one for each carrier."""
    places = count()
    cases = [(carrier, one, "") for carrier, one in product(BESIDE, ONES[language])]
    cases += product(LINKED, ONES[language], LINKS[language])
    for carrier, one, link in cases:
        numbers = [number for number in NUMBERS if number % 100 or carrier not in READ_ON]
        number = numbers[next(places) % len(numbers)]
        yield tuple(carrier.format(n=form, one=one, link=link) for form in (cardinal(language, number), number))


@pytest.mark.parametrize("language", ONES)
def test_a_number_in_digits_changes_no_word_beside_it(language):
    """A one beside a number is read the same, whether the number is spoken or written, in every carrier."""
    apply = normalization(language).apply
    results = [(said, apply(said), apply(written)) for said, written in texts(language)]

    assert [result for result in results if result[1] != result[2]] == []


@pytest.mark.parametrize("language", ONES)
def test_different_numbers_beside_a_one_differ(language):
    """Two numbers from two on are never one text before or after an article."""
    apply = normalization(language).apply
    numbers = {*NUMBERS, *range(2, 32)}
    one = ONES[language][0]
    for carrier in ("{n}, {one} alpha", "{one}, {n} alpha", "{one} alpha {n}"):
        assert len({apply(carrier.format(n=cardinal(language, number), one=one)) for number in numbers}) == len(numbers)


@pytest.mark.parametrize("language", SAME)
def test_what_is_said_the_same(language):
    """Articles stay words beside a number in words, and ones that count are digits."""
    apply = normalization(language).apply
    results = [(said, apply(said), apply(written)) for said, written in SAME[language]]

    assert [result for result in results if result[1] != result[2]] == []


@pytest.mark.parametrize("language", OTHER)
def test_what_is_said_otherwise(language):
    """An article beside a number is no 1, and a number that it does not belong to is no larger one."""
    apply = normalization(language).apply

    assert [pair for pair in OTHER[language] if apply(pair[0]) == apply(pair[1])] == []


@pytest.mark.parametrize("repeated", ["un ", "un, ", "un 2 ", "uno-", "mil un ", "cero uno ", "dos y ", "mil y dos "])
def test_a_repeated_one_takes_no_time_beyond_measure(repeated):
    """A one repeated thousands of times is normalized like any text."""
    assert isinstance(normalization("es").apply(repeated * 3000), str)
