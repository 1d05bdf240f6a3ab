"""Times of day in the six European languages, written and spoken."""

import pytest

from asrlab_pytest.protocols.normalization import normalization

SAME = {
    "de": [
        ("zehn Minuten vor acht", "10 min vor 8"),
        ("zehn Minuten vor acht", "10 Min. vor 8"),
        ("um acht Uhr dreißig", "um 8:30 h"),
        ("um fünf vor zehn Minuten", "um 5 vor 10 Minuten"),
        ("von 9:00 bis 18:00 Uhr", "von neun bis achtzehn Uhr"),
        ("von 8.30 bis 9.15 Uhr", "von acht Uhr dreißig bis neun Uhr fünfzehn"),
        ("8.30–9.15 Uhr", "acht Uhr dreißig bis neun Uhr fünfzehn"),
        ("von 8:30 bis 9:15 Uhr", "von halb neun bis Viertel nach neun"),
        ("zwischen 8:00 und 9:00 Uhr", "zwischen acht und neun Uhr"),
        ("zwischen 8 und 9 Uhr", "zwischen acht und neun Uhr"),
        ("zwischen 8.00 und 9.00 Uhr", "zwischen acht und neun Uhr"),
        ("von 9.00–18.00 Uhr", "von neun bis achtzehn Uhr"),
        ("von 9-18 Uhr", "von neun bis achtzehn Uhr"),
        ("acht Uhr null fünf", "8:05"),
        ("acht Uhr fünf", "8:05"),
        ("um acht Uhr", "um 8:00"),
        ("acht Uhr", "08:00"),
        ("um acht Uhr dreißig", "um 8.30"),
        ("um acht Uhr dreißig", "um 8.30 Uhr"),
        ("um halb neun", "um 8:30 Uhr"),
        ("Viertel nach acht", "8:15"),
        ("Viertel vor neun", "8.45 Uhr"),
        ("um dreiviertel neun", "um 8:45 Uhr"),
        ("fünf vor halb neun", "8:25"),
        ("um zehn nach acht", "um 8:10 Uhr"),
        ("fünf Minuten vor zwölf", "11:55 Uhr"),
        ("halb eins", "12:30"),
        ("um ein Uhr", "um 1:00"),
        ("acht Uhr dreißig bis neun Uhr dreißig", "8:30-9:30 Uhr"),
    ],
    "fr": [
        ("entre huit heures et neuf heures", "entre 8 et 9 heures"),
        ("de huit heures trente à neuf heures trente", "de 8h30-9h30"),
        ("de 9h à 18h", "de neuf heures à dix-huit heures"),
        ("de 8h30 à 9h15", "de huit heures trente à neuf heures quinze"),
        ("de 9 h 00 à 18 h 00", "de neuf heures à dix-huit heures"),
        ("entre 8h et 9h", "entre huit heures et neuf heures"),
        ("de 9 à 18 heures", "de neuf à dix-huit heures"),
        ("huit heures zéro cinq", "8h05"),
        ("huit heures cinq", "8h05"),
        ("à huit heures", "à 8:00"),
        ("huit heures et demie", "8h30"),
        ("huit heures et quart", "8:15"),
        ("neuf heures moins le quart", "8h45"),
        ("neuf heures moins dix", "8h50"),
        ("une heure moins le quart", "12h45"),
    ],
    "es": [
        ("las ocho cincuenta de la mañana", "las 8:50 de la mañana"),
        ("una hora y veinte minutos de espera", "1 hora y 20 min de espera"),
        ("dos horas veinte minutos", "2 h 20 min"),
        ("dos horas, veinte minutos", "2 horas y 20 min"),
        ("dos horas veinte minutos diez segundos", "2 horas, 20 min, 10 segundos"),
        ("llegó a las tres y media y se fue", "llegó a las 3h30 y se fue"),
        ("tardó tres horas y media", "tardó 3 horas y media"),
        ("dos horas y media", "2h30"),
        ("de 7:30 a 8:30", "de siete y media a ocho y media"),
        ("de 7:30 a 8:30", "de siete y treinta a ocho y treinta"),
        ("de 9:00 a 18:00", "de nueve a dieciocho"),
        ("de 9.00 a 18.00 h", "de nueve a dieciocho horas"),
        ("entre las 8:00 y las 9:00", "entre las ocho y las nueve"),
        ("de 7.30 a 8.30 h", "de siete y media a ocho y media"),
        ("a las veinte horas", "a las 20:00"),
        ("a las veinte horas", "a las 20 h"),
        ("a las ocho horas", "a las 8:00"),
        ("las ocho menos cuarto", "las 7:45"),
        ("a las dos menos cuarto", "a la 1:45"),
        ("las dos menos veinte", "la 1:40"),
        ("siete y cinco", "7:05"),
        ("las siete y media", "las 7:30"),
        ("las siete y cuarto", "las 7:15"),
        ("las ocho menos cuarto", "las 7:45"),
        ("las ocho menos diez", "las 7.50"),
        ("a las ocho", "a las 8:00"),
        ("a la una", "a la 1:00"),
        ("a la una y media", "a la 1:30"),
        ("a la una menos diez", "a las 12:50"),
        ("a las ocho y treinta", "a las 8.30 h"),
        ("a las veinte treinta", "a las 20:30 h"),
        ("siete treinta de la mañana", "7:30 de la mañana"),
        ("las quince horas", "las 15 h"),
        ("dos horas y media", "2h30"),
        ("una hora y treinta minutos", "1h30"),
        ("de ocho y cinco a nueve y diez", "de 8:05-9:10"),
    ],
    "it": [
        ("alle otto trenta", "alle 8.30"),
        ("è l'una e mezza", "È l'1:30"),
        ("dalle 9:00 alle 18:00", "dalle nove alle diciotto"),
        ("tra le 8:00 e le 9:00", "tra le otto e le nove"),
        ("alle due meno un quarto", "all'1:45"),
        ("alle otto", "alle 8:00"),
        ("alle otto e trenta", "alle 8.30"),
        ("alle otto e mezza", "alle 8:30"),
        ("le otto e un quarto", "le 8:15"),
        ("le otto e tre quarti", "le 8:45"),
        ("le nove meno un quarto", "le 8:45"),
        ("all'una", "all'1:00"),
        ("all'una e mezza", "all'1:30"),
        ("ore venti e trenta", "ore 20.30"),
    ],
    "pt": [
        ("Faltam cinco minutos para as oito disse ele", "Faltam cinco minutos para as oito, disse ele"),
        ("uma hora e vinte minutos", "1 hora e 20 min"),
        ("duas horas e vinte minutos", "2 h 20 min"),
        ("às oito e cinco minutos", "às 8 e 5 min"),
        ("o voo das oito e meia", "o voo das 8h30"),
        ("depois das oito", "depois das 8h"),
        ("Quanto é oito menos cinco?", "Quanto é 8 menos 5?"),
        ("dez menos três são sete", "10 menos 3 são 7"),
        ("durou duas horas e dez minutos", "durou 2 horas e 10 minutos"),
        ("duas horas e meia", "2h30"),
        ("por volta das 9h", "por volta das nove"),
        ("por volta das 9h", "por volta das nove horas"),
        ("a partir das 8h", "a partir das oito"),
        ("a partir das 8h", "a partir das oito horas"),
        ("desde as 8h", "desde as oito"),
        ("são 8h", "são oito horas"),
        ("entre as 8h e as 9h", "entre as oito e as nove"),
        ("entre as 8h e as 9h", "entre as oito horas e as nove horas"),
        ("pelas 8h", "pelas oito"),
        ("pelas 8h", "pelas oito horas"),
        ("o jornal das 8h", "o jornal das oito"),
        ("quinze para as oito", "15 para as 8"),
        ("quinze para as oito", "7:45"),
        ("são quinze para as oito", "são 7:45"),
        ("às quinze para as oito", "às 7:45"),
        ("das oito às dezoito", "das 8h às 18h"),
        ("das 8h30 às 18h", "das oito e meia às dezoito horas"),
        ("às duas menos um quarto", "à 1:45"),
        ("às oito horas", "às 8:00"),
        ("às oito horas", "às 8h00"),
        ("às oito", "às 8h"),
        ("oito horas", "8:00"),
        ("às oito e meia", "às 8:30"),
        ("são oito e meia", "são 8h30"),
        ("duas horas e meia", "2h30"),
        ("às oito horas e trinta minutos", "às 8 h 30"),
        ("às oito e um quarto", "às 8:15"),
        ("às nove menos um quarto", "às 8:45"),
        ("quinze para as nove", "8:45"),
        ("à uma hora", "à 1h"),
        ("à uma e meia", "à 1h30"),
        ("das oito às dezoito", "das 8h às 18h"),
    ],
    "nl": [
        ("van 9:00 tot 18:00 uur", "van negen tot achttien uur"),
        ("van 9.00 tot 18.00 uur", "van negen tot achttien uur"),
        ("van 8.30 tot 9.15 uur", "van acht uur dertig tot negen uur vijftien"),
        ("tussen 8:00 en 9:00 uur", "tussen acht en negen uur"),
        ("8u30", "acht uur dertig"),
        ("om 8u", "om acht uur"),
        ("om 8.30 u.", "om acht uur dertig"),
        ("van 8.30 u tot 9.15 u", "van acht uur dertig tot negen uur vijftien"),
        ("vanaf 20 u", "vanaf twintig uur"),
        ("acht uur nul vijf", "8:05"),
        ("acht uur", "8:00"),
        ("half negen", "8:30"),
        ("kwart over acht", "8.15 uur"),
        ("kwart voor negen", "8:45"),
        ("vijf voor half negen", "8:25"),
        ("om tien over acht", "om 8:10"),
        ("half een", "12:30"),
        ("om acht uur dertig", "om 8.30"),
    ],
    "en": [("at eight thirty in the morning", "at 8.30 in the morning"), ("at eight thirty sharp", "at 8.30 sharp")],
}
OTHER = {
    "de": [
        ("um fünf vor zehn Minuten", "um 9:55 Minuten"),
        ("halb acht", "8:30"),
        ("Viertel vor acht", "8:15"),
        ("um acht", "um 8 Uhr"),
        ("vor fünf Jahren", "vor 5"),
    ],
    "fr": [
        ("cinq heures et huit heures", "cinq et huit heures"),
        ("trois heures moins deux heures", "2 heures 58 heures"),
        ("huit heures et demie", "8h15"),
        ("neuf heures moins dix", "9h10"),
        ("8.30 mètres", "8h30 mètres"),
    ],
    "es": [
        ("las diez cinco", "las diez y cinco"),
        ("a las tres horas de llegar", "a las tres de llegar"),
        ("las tres horas y media de espera", "las tres y media de espera"),
        ("tardó tres horas y media", "tardó tres y treinta"),
        ("tres horas y cuarto", "tres y quince"),
        ("tardó tres horas", "tardó tres"),
        ("es dos menos diez", "es una y cincuenta"),
        ("cinco menos dos", "cuatro y cincuenta y ocho"),
        ("las siete y media", "las 7:15"),
        ("las ocho menos cuarto", "las 8:15"),
        ("8.30 metros", "8:30 metros"),
        ("3 horas y 5 casas", "3 y 5 casas"),
    ],
    "it": [
        ("alle otto cinquantasette persone", "alle otto e cinquantasette persone"),
        ("dalle otto due", "dalle otto e due"),
        ("otto meno cinque", "sette e cinquantacinque"),
        ("le otto e un quarto", "le 8:45"),
        ("le otto meno cinque", "le 8:05"),
        ("8.30 metri", "8:30 metri"),
        ("le 2.50 euro", "le 2:50"),
    ],
    "pt": [
        ("são três e três minutos", "são três e três"),
        ("quinze vagas para as oito", "sete e quarenta e cinco"),
        ("das oito horas de trabalho", "das oito de trabalho"),
        ("Quanto é oito menos cinco?", "Quanto é sete e cinquenta e cinco?"),
        ("10 menos 3", "9 e 57"),
        ("é 10 menos 3", "é 9 e 57"),
        ("durou duas horas e dez", "durou dois e dez"),
        ("durou duas horas", "durou duas"),
        ("duas horas e meia", "dois e trinta"),
        ("uma hora e meia", "um e trinta"),
        ("às oito e meia", "às 8:15"),
        ("oito horas", "oito"),
        ("quinze para as nove", "9:15"),
    ],
    "nl": [
        ("om vijf over twintig minuten", "om 20:05 minuten"),
        ("half negen", "9:30"),
        ("kwart over acht", "7:45"),
        ("een half uur", "0:30"),
        ("half", "30"),
    ],
    "en": [("it fell to eight thirty", "it fell to 8.30")],
}


@pytest.mark.parametrize("language", SAME)
def test_a_time_is_one_however_it_is_said(language):
    """A time in digits is what a speaker says for it."""
    apply = normalization(language).apply
    texts = [(said, written, apply(said), apply(written)) for said, written in SAME[language]]

    assert [text for text in texts if text[2] != text[3]] == []


@pytest.mark.parametrize("language", OTHER)
def test_no_two_times_are_one(language):
    """Different times differ, and so do what is no time and what only looks like one."""
    apply = normalization(language).apply

    assert [pair for pair in OTHER[language] if apply(pair[0]) == apply(pair[1])] == []


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "pt", "nl"])
def test_every_minute_of_a_day_is_a_text_of_its_own(language):
    """No two of the 1,440 times in digits are normalized to one text, with and without a leading zero."""
    apply = normalization(language).apply
    times = {apply(f"{hour}:{minute:02d}"): (hour, minute) for hour in range(24) for minute in range(60)}

    assert len(times) == 1440
    assert [time for text, time in times.items() if apply(f"{time[0]:02d}:{time[1]:02d}") != text] == []


@pytest.mark.parametrize(
    "piece", ["8:30-", "halb 9 ", "las 7 y ", "alle 8.30", "5. ", "1. und ", "8h", "8 horas e ", "8.30 bis "]
)
@pytest.mark.parametrize("language", ["de", "es", "it", "pt"])
def test_a_repeated_time_takes_no_time_beyond_measure(language, piece):
    """A time or an ordinal repeated thousands of times is normalized like any text."""
    assert isinstance(normalization(language).apply(piece * 3000), str)
