"""Ordinals in the six European languages: never their cardinal, and the same in words and digits."""

import pytest

from asrlab_pytest.protocols.normalization import normalization

SAME = {
    "de": [
        ("die fünften Klassen", "die 5. Klassen"),
        ("am fünften Mai", "am 5. Mai"),
        ("der achte Tag", "der 8. Tag"),
        ("achte Klasse", "8. Klasse"),
        ("am achten und neunten Mai", "am 8. und 9. Mai"),
        ("die erste und zweite Klasse", "die 1. und 2. Klasse"),
        ("der erste FC Köln", "der 1. FC Köln"),
        ("vom ersten bis dritten Mai", "vom 1. bis 3. Mai"),
        ("erster bis dritter Mai", "1.-3. Mai"),
        ("zum ersten Mal", "zum 1. Mal"),
        ("Ludwig der Vierzehnte.", "Ludwig der 14."),
        ("sein fünfzigster Geburtstag", "sein 50. Geburtstag"),
        ("der zwanzigste", "der 20ste"),
        ("am dritten fünften zweitausendvierundzwanzig", "am 3.5.2024"),
        ("am dritten fünften", "am 03.05."),
        ("Es kostete fünf. Dann ging er.", "Es kostete 5. Dann ging er."),
        ("drei Euro fünfzig. Dann", "3,50 €. Dann"),
        ("zwei Millionen Euro. Dann", "2 Mio. Euro. Dann"),
        ("Version drei Punkt fünf.", "Version 3.5."),
    ],
    "fr": [
        ("les premiers jours", "les 1ers jours"),
        ("le deuxième étage", "le 2e étage"),
        ("d'un million", "d'1 million"),
    ],
    "es": [
        ("segunda vez", "2a vez"),
        ("la primera vez", "la 1a vez"),
        ("el segundo piso", "el 2o piso"),
        ("la tercera", "la 3a"),
        ("el decimotercer piso", "el 13º piso"),
        ("mide tres coma cinco.", "mide 3.5."),
    ],
    "it": [
        ("la seconda volta", "la 2a volta"),
        ("il terzo posto", "il 3o posto"),
        ("il sedicesimo secolo", "il XVI secolo"),
        ("nell'Ottocento", "nell'800"),
        ("dell'ottantasei", "dell'86"),
        ("cent'anni", "100 anni"),
        ("duecent'anni", "200 anni"),
        ("vent'anni", "20 anni"),
        ("trent'anni", "30 anni"),
        ("diciott'anni", "18 anni"),
        ("dell'uno", "dell'1"),
        ("l'uno per cento", "l'1 %"),
    ],
    "pt": [("segunda vez", "2a vez"), ("o terceiro lugar", "o 3o lugar"), ("segunda-feira", "2a feira")],
    "nl": [("de eerste", "de 1ste"), ("de tweede", "de 2de"), ("de achtste", "de 8ste")],
}
OTHER = {
    "de": [
        ("wir achten darauf", "wir 8 darauf"),
        ("ich achte dich", "ich 8 dich"),
        ("Es kostete fünf. Dann", "Es kostete der fünfte. Dann"),
        ("Platz 5", "Platz 5. Mai"),
        ("der erste Mann", "der zweite Mann"),
    ],
    "fr": [("les premiers", "le premier")],
    "es": [("piso 2 a la derecha", "piso 2ª derecha"), ("de 2 a 5 personas", "de 2ª 5 personas")],
    "it": [("nell'ottocento", "nel settecento"), ("un anno", "un'anno fa")],
    "pt": [("de 2 a 5 pessoas", "de 2ª 5 pessoas")],
    "nl": [("wij achten", "wij 8")],
}
RANKED = {
    "de": [
        ("der dritte Mann", "der drei Mann", "der 3. Mann", "der 3 Mann"),
        ("die fünften Klassen", "die fünf Klassen", "die 5. Klassen", "die 5 Klassen"),
        ("am elften Mai", "am elf Mai", "am 11. Mai", "am 11 Mai"),
    ],
    "fr": [("le cinquième homme", "le cinq homme", "le 5e homme", "le 5 homme")],
    "es": [("el quinto hombre", "el cinco hombre", "el 5.º hombre", "el 5 hombre")],
    "it": [("il quinto uomo", "il cinque uomo", "il 5º uomo", "il 5 uomo")],
    "pt": [("o quinto homem", "o cinco homem", "o 5º homem", "o 5 homem")],
    "nl": [("de vijfde man", "de vijf man", "de 5e man", "de 5 man")],
}


@pytest.mark.parametrize("language", SAME)
def test_an_ordinal_meets_what_is_said_for_it(language):
    """Ordinals and elided numbers in digits are what a speaker says for them, and so is what only has a full stop."""
    apply = normalization(language).apply
    texts = [(said, written, apply(said), apply(written)) for said, written in SAME[language]]

    assert [text for text in texts if text[2] != text[3]] == []


@pytest.mark.parametrize("language", OTHER)
def test_what_only_looks_like_an_ordinal(language):
    """A verb, the end of a sentence and a preposition are no ordinals."""
    apply = normalization(language).apply

    assert [pair for pair in OTHER[language] if apply(pair[0]) == apply(pair[1])] == []


@pytest.mark.parametrize("language", RANKED)
def test_an_ordinal_is_never_its_cardinal(language):
    """An ordinal differs from its cardinal, in words and in digits alike."""
    apply = normalization(language).apply

    for ordinal, cardinal, ordinal_in_digits, cardinal_in_digits in RANKED[language]:
        assert apply(ordinal) == apply(ordinal_in_digits)
        assert apply(cardinal) == apply(cardinal_in_digits)
        assert apply(ordinal) != apply(cardinal)
