"""Titles, phrases and units in the six languages, and units in English, are one text, abbreviated or spoken."""

import pytest

from asrlab_pytest.protocols.normalization import normalization

PAIRS = {
    "en": [
        ("a five-kilometer run", "a 5 km run"),
        ("ten kilometres an hour", "10 kph"),
        ("two and a half square kilometers", "2.5km²"),
        ("six feet", "6 ft"),
    ],
    "de": [
        ("Herr Doktor Weber und Frau Professor Schneider", "Herr Dr. Weber und Frau Prof. Schneider"),
        ("zum Beispiel hier, das heißt unter anderem dort", "z. B. hier, d.h. u. a. dort"),
        ("Äpfel und so weiter. Fünf Leute", "Äpfel usw. 5 Leute"),
        ("ein Fünf-Kilometer-Lauf", "ein 5-km-Lauf"),
        ("eine Minute, ein Kilo", "1 min, 1 kg"),
        ("zwei bis drei Quadratmeter", "2-3 m2"),
        ("achtzig Stundenkilometer", "80 km/h"),
    ],
    "fr": [
        ("Bonjour monsieur Dupont, madame et mademoiselle Petit", "Bonjour M. Dupont, Mme et Mlle Petit"),
        ("le docteur Petit et le professeur Martin", "le Dr Petit et le Pr Martin"),
        ("par exemple, c'est-à-dire", "p. ex., c.-à-d."),
        ("un mètre quatre-vingts", "1m80"),
        ("cent kilomètres-heure", "100 km/h"),
        ("trente mètres carrés", "30 m²"),
    ],
    "es": [
        ("el señor López y la doctora Ruiz", "el Sr. López y la Dra. Ruiz"),
        ("por ejemplo, ustedes, etcétera", "p. ej., Uds., etc."),
        ("dos kilos de pan y un litro de agua", "2 kg de pan y 1 l de agua"),
        ("cien kilómetros por hora", "100km/h"),
    ],
    "it": [
        ("la signora Rossi e il signor Verdi", "la Sig.ra Rossi e il Sig. Verdi"),
        ("la dottoressa Rossi e il professor Verdi", "la Dott.ssa Rossi e il Prof. Verdi"),
        ("ad esempio, per esempio, eccetera", "ad es., p. es., ecc."),
        ("ottanta metri quadri a cento metri", "80 mq a 100 m"),
    ],
    "pt": [
        ("o senhor Silva e a doutora Costa", "o Sr. Silva e a Dra. Costa"),
        ("dez quilómetros, dez quilômetros", "10 km, 10 km"),
        ("um quilo e meio litro", "1 kg e meio litro"),
    ],
    "nl": [
        ("de heer Jansen en mevrouw De Vries", "dhr. Jansen en mevr. De Vries"),
        ("bijvoorbeeld dit, onder andere, enzovoort", "bijv. dit, o.a., enz."),
        ("tachtig kilometer per uur op tien vierkante meter", "80 km/u op 10 m²"),
    ],
}
OTHERS = {
    "en": [("gate 5 m", "gate 5 meters"), ("5 km", "5 cm"), ("5 km", "5 km h")],
    "de": [("drei Meter", "drei Kilometer"), ("Frau Dr. Weber", "Frau Weber")],
    "fr": [("J. M. Le Clézio", "J. monsieur Le Clézio"), ("5 m. de long", "5 monsieur de long")],
    "es": [("3 m", "3 min"), ("5 l", "5 ml")],
    "it": [("3 m", "3 m²"), ("la sig.na Rossi", "la sig.ra Rossi")],
    "pt": [("3 g", "3 kg")],
    "nl": [("vijf min twee", "vijf minuten twee"), ("3 m²", "3 m³")],
}


@pytest.mark.parametrize(("language", "spoken", "written"), [(at, *pair) for at in PAIRS for pair in PAIRS[at]])
def test_an_abbreviation_is_what_is_spoken_for_it(language, spoken, written):
    """A title, a phrase or a unit after a number is the same text, spoken and abbreviated."""
    apply = normalization(language).apply

    assert apply(spoken) == apply(written)


@pytest.mark.parametrize(("language", "first", "second"), [(at, *pair) for at in OTHERS for pair in OTHERS[at]])
def test_what_looks_like_an_abbreviation_stays(language, first, second):
    """Initials, other units and signs with the same letters stay apart."""
    apply = normalization(language).apply

    assert apply(first) != apply(second)
