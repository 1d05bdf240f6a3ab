"""The notation of captions, call transcripts and podcasts, and what is spoken."""

import pytest

from asrlab_pytest.protocols.normalization import normalization

ANNOTATIONS = [
    "[inaudible 00:12:03]",
    "(inaudible 00:05:12)",
    "[crosstalk 00:12:03]",
    "[noise 2s]",
    "[00:12:03 inaudible]",
    "[inaudible at 12:03]",
    "(music, 5 seconds)",
    "[unintelligible 1 word]",
    "<inaudible>",
    "<inaudible 00:12:03>",
    "[Speaker 1 00:00:12]:",
    "[00:12:03 --> 00:12:05]",
    "<00:00:01.000><c>",
    "<v Bob>",
    "<|2.00|>",
]
SAME = {
    "en": [
        ("one hundred million users", "100M users"),
        ("we have two million", "we have 2M."),
        ("one point three million", "1.3M"),
        ("five billion users", "5B users"),
        ("five billion monthly users", "5B monthly users"),
        ("five million people", "5m people"),
        ("five billion users", "5bn users"),
        ("two to three million users", "2-3M users"),
        ("one hundred million dollars", "100M$"),
        ("thirty trillion dollars", "$30trn"),
        ("fifteen hundred million", "1500 million"),
        ("one thousand five hundred million dollars", "$1,500 million"),
        ("a six foot wall", "a 6' wall"),
        ("six feet tall", "6' tall"),
        ("a six foot two player", "a 6'2\" player"),
        ("twelve inch record", '12" record'),
        ("AT&T stock", "A T and T stock"),
        ("Verizon and AT&T", "Verizon and A T and T"),
        ("the ATM's", "the A T M's"),
        ("one two three four five six seven eight nine", "123-456-789"),
        ("q three twenty twenty two", "Q3 2022"),
        ("ten percent to twelve percent", "10%-12%"),
        ("ten to twelve percent", "10% to 12%"),
        ("between ten and twelve percent", "between 10% and 12%"),
        ("ten to twelve million dollars", "$10 to $12 million"),
        ("negative two point five percent", "-2.5%"),
        ("minus two point five percent", "-2.5%"),
        ("two and a quarter percent", "2¼%"),
        ("two and a quarter percent", "2.25%"),
        ("two and a half percent", "2 1/2%"),
        ("one half percent", "1/2%"),
        ("one and three quarters", "1.75"),
        ("squarespace dot com slash show", "squarespace.com/show"),
        ("a two by four", "a 2x4"),
        ("minus three to plus two percent", "-3% to +2%"),
        ("one hundred million dollars or thirty cents a share", "$100 million, or $0.30 a share"),
        ("i f r s and a r r", "IFRS and ARR"),
        ("versus et cetera", "vs. etc."),
        ("because", "cuz"),
        ("q one twenty one", "Q1'21"),
        ("f y twenty one", "FY'21"),
        ("TV and PDAs", "T_V_ and P_D_A_s"),
        ("two million and a half dollars", "$2.5 million"),
        ("a million and a half people", "1.5 million people"),
    ],
    "de": [
        ("eins Komma fünf Prozent", "1,5 %"),
        ("eins Prozent", "1 %"),
        ("ein bis zwei Prozent", "1–2 %"),
        ("Kapitel eins", "Kapitel 1"),
        ("eins zu null", "1 zu 0"),
        ("die neunziger Jahre", "die 90er Jahre"),
        ("plus drei Prozent", "+3 %"),
        ("um ein zwölf Prozent", "um ein 12 %"),
        ("zehn bis zwölf Prozent", "10 % bis 12 %"),
        ("zwei Milliarden Euro", "2 Md€"),
        ("die USA", "die U.S.A."),
        ("z.B. so", "z. B. so"),
    ],
    "fr": [
        ("un pour cent", "1 %"),
        ("un à deux pour cent", "1 à 2 %"),
        ("numéro un", "n° 1"),
        ("un douze pour cent", "un 12 %"),
        ("un hôtel à un cinq étoiles", "un hôtel à un 5 étoiles"),
        ("zéro un douze trente-quatre", "01 12 34"),
        ("un deux trois", "1, 2, 3"),
        ("cinq cents millions d'euros", "500 M€"),
        ("le dix-neuvième siècle", "le XIXe siècle"),
        ("aux dix-neuvième et vingtième siècles", "aux XIXe et XXᵉ siècles"),
        ("la SNCF", "la S.N.C.F."),
        ("plus trois degrés", "+3 degrés"),
    ],
    "es": [
        ("uno por ciento", "1 %"),
        ("uno coma cinco por ciento", "1,5 %"),
        ("del uno al dos por ciento", "del 1 al 2 %"),
        ("número uno", "n.º 1"),
        ("un doce por ciento", "un 12 %"),
        ("un dos por ciento", "un 2 %"),
        ("un cero coma cinco por ciento", "un 0,5 %"),
        ("diez a doce por ciento", "10% a 12%"),
        ("el segundo", "el 2.º"),
        ("el siglo veintiuno", "el siglo XXI"),
        ("a las ocho a. m.", "a las 8 a.m."),
        ("dos mil pesos", "2,000 pesos"),
        ("más tres grados", "+3 grados"),
    ],
    "it": [
        ("uno per cento", "1 %"),
        ("l'uno per cento", "l'1 %"),
        ("zero virgola uno per cento", "0,1 %"),
        ("dall'uno al due per cento", "dall'1 al 2 %"),
        ("numero uno", "n. 1"),
        ("l'ottanta per cento", "l'80 %"),
        ("l'undici settembre", "l'11 settembre"),
        ("un dodici per cento", "un 12 %"),
        ("nel ventesimo secolo", "nel XX secolo"),
        ("più tre gradi", "+3 gradi"),
    ],
    "pt": [
        ("um por cento", "1 %"),
        ("um a dois por cento", "1-2 %"),
        ("número um", "n.º 1"),
        ("um doze por cento", "um 12 %"),
        ("um dois três", "1, 2, 3"),
        ("no século vinte", "no século XX"),
        ("mais três graus", "+3 graus"),
    ],
    "nl": [
        ("één procent", "1 %"),
        ("een tot twee procent", "1 tot 2 %"),
        ("nummer één", "nr. 1"),
        ("een twaalf procent", "een 12 %"),
        ("negentiennegentig", "1990"),
        ("negentien vierentachtig", "1984"),
        ("plus drie graden", "+3 graden"),
    ],
}
OTHER = {
    "en": [
        ("5 m deep", "5 million deep"),
        ("a 5m wall", "a 5 million wall"),
        ("apartment 5B", "apartment 5 billion"),
        ("3M", "3 million"),
        ("6 feet", "6 inches"),
        ("he said it is 6' tall", "he said it is 6 tall"),
        ("10 to 12%", "10 to 12"),
        ("10% and 12%", "10 and 12%"),
        ("5-10%", "510%"),
        ("-2", "2"),
        ("tested negative", "tested minus"),
        ("in 1500 people", "in 1500 million people"),
        ("(5 minutes)", ""),
        ("(call at 00:12:03)", ""),
        ("[5]", ""),
        ("0x1F", "0 by 1 F"),
        ("vitamin a and t", "vitamin at and t"),
    ],
    "de": [("ein Mann", "1 Mann"), ("+3", "3"), ("90er", "90"), ("A. Das", "ADas")],
    "fr": [("XXe siècle", "21e siècle"), ("un et 2 livres", "1 et 2 livres")],
    "es": [("uno de ellos", "1 de ellos"), ("2,5", "2500"), ("2,000", "2"), ("siglo V", "siglo 5")],
    "it": [("uno studente", "1 studente")],
    "pt": [("um dos dois", "1 dos 2")],
    "nl": [("een van de twee", "1 van de 2")],
}


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "pt", "nl"])
def test_an_annotation_may_say_when_and_how_long(language):
    """An annotation is dropped with or without a time, a duration or a count."""
    apply = normalization(language).apply

    assert {apply(f"hello {annotation} there") for annotation in ANNOTATIONS} == {"hello there"}


@pytest.mark.parametrize("profile", ["en", "de", "fr", "es", "it", "pt", "nl", "ru", "tr", "und"])
@pytest.mark.parametrize("placeholder", ["%HESITATION", "%hesitation,", "(%HESITATION)", "[%hesitation]"])
def test_the_placeholder_of_hesitations_is_no_word(profile, placeholder):
    """NIST's placeholder is dropped in all files and profiles, and a percent sign before a word stays."""
    apply = normalization(profile).apply

    assert apply(f"so {placeholder} ok") == apply("so ok")
    assert apply("50% hesitation") != apply("50")


@pytest.mark.parametrize("language", SAME)
def test_a_transcript_meets_what_is_said(language):
    """Speech and its short form in a transcript are normalized to the same text."""
    apply = normalization(language).apply
    texts = [(said, written, apply(said), apply(written)) for said, written in SAME[language]]

    assert [text for text in texts if text[2] != text[3]] == []


@pytest.mark.parametrize("language", OTHER)
def test_what_only_looks_like_a_short_form_stays(language):
    """Lengths, names, articles and speech in parentheses are not taken for short forms."""
    apply = normalization(language).apply

    assert [pair for pair in OTHER[language] if apply(pair[0]) == apply(pair[1])] == []


@pytest.mark.parametrize("piece", ["10x", "1-", "1%-", "<a", "[1:0", "100M ", "a.com/", "a.", "thousand ", "eins "])
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_repeated_short_form_takes_no_time_beyond_measure(language, piece):
    """A short form repeated thousands of times is normalized like any text."""
    assert isinstance(normalization(language).apply(piece * 3000), str)
