"""Titles, phrases and units in the six languages, and units in English, are one text, abbreviated or spoken."""

import time
from functools import partial

import pytest

from asrlab_pytest.protocols.normalization import normalization

PAIRS = {
    "en": [
        ("thirty kilometers per hour", "30 km per hour"),
        ("thirty kilometers an hour", "30 km an hour"),
        ("thirty-five mm film", "35mm film"),
        ("a nine mm pistol", "a 9mm pistol"),
        ("fifty square meters, three cubic centimetres", "50 m², 3 cm³"),
        ("fifteen hundred square feet", "1,500 sq ft"),
        ("five square centimeters", "5 cm²"),
        ("twenty °C, twenty %", "20 ºC, 20%"),
        ("a ten-dollar bill, a five percent rise", "a 10-$ bill, a 5-% rise"),
        ("a nine-millimeter pistol", "a 9-mm pistol"),
        ("a thirty-five-mm film", "a 35-mm film"),
        ("two mm thick glass", "2-mm-thick glass"),
        ("a five point five mm round", "a 5.5-mm round"),
        ("one kilo", "1 kg"),
        ("six feet two inches", "6 ft 2 in"),
        ("five kilometers", "5 kms"),
        ("a five-kilometer run", "a 5 km run"),
        ("ten kilometres an hour", "10 kph"),
        ("two and a half square kilometers", "2.5km²"),
        ("six feet", "6 ft"),
    ],
    "de": [
        ("Zum Beispiel Berlin", "Z. B. Berlin"),
        ("HERR DR. WEIß IST DA", "Herr Doktor Weiß ist da"),
        ("Herr Žižek, Herr von Weizsäcker, Herr Öztürk", "Hr. Žižek, Hr. von Weizsäcker, Hr. O\u0308ztürk"),
        ("fünf Quadratzentimeter, drei Kubikzentimeter", "5 cm², 3 cm3"),
        ("Das ist mein Prof! Er kommt", "Das ist mein Prof. Er kommt"),
        ("circa 50 Leute inklusive Kinder", "ca 50 Leute inkl Kinder"),
        ("zwei Meter fünfzig mal drei Meter", "2,50 m mal 3 m"),
        ("Dr. Weber kommt", "DR. WEBER KOMMT"),
        ("drei Meter fünfzig", "3,50 m"),
        ("der ein Meter achtzig große Mann", "der 1,80 m große Mann"),
        ("Er ist ein Meter achtzig und wiegt achtzig Kilo", "Er ist 1,80 m und wiegt 80 kg"),
        ("Ich frage bei HR, dann bei Recht", "Ich frage bei HR. Dann bei Recht"),
        ("DH Lawrence", "D. H. Lawrence"),
        ("zum Beispiel kommt er", "Z. B. kommt er"),
        ("hundertzwanzig Kilometer pro Stunde", "120 km pro Stunde"),
        ("ein Meter fünfundachtzig groß", "1,85 m groß"),
        ("drei viertel Liter", "3/4 l"),
        ("Für zehn Euro, zwanzig Gigabyte", "Für 10 Euro 20 GB"),
        ("Für zehn Euro zwanzig Gigabyte", "Für 10 Euro 20 GB"),
        ("achtzig Euro, 25 m²", "80 Euro 25 m²"),
        ("um acht Uhr null Grad", "um 8 Uhr 0 Grad"),
        ("Herr Doktor Weber und Frau Professor Schneider", "Herr Dr. Weber und Frau Prof. Schneider"),
        ("zum Beispiel hier, das heißt unter anderem dort", "z. B. hier, d.h. u. a. dort"),
        ("Äpfel und so weiter. Fünf Leute", "Äpfel usw. 5 Leute"),
        ("ein Fünf-Kilometer-Lauf", "ein 5-km-Lauf"),
        ("eine Minute, ein Kilo", "1 min, 1 kg"),
        ("zwei bis drei Quadratmeter", "2-3 m2"),
        ("achtzig Stundenkilometer", "80 km/h"),
    ],
    "fr": [
        ("un demi-litre de lait", "1/2 l de lait"),
        ("monsieur Čapek, messieurs Łukasz et Şahin", "M. Čapek, MM. Łukasz et Şahin"),
        ("Monsieur Élie, c'est-à-dire lui", "M. E\u0301lie, c.-a\u0300-d. lui"),
        ("cinq centimètres carrés", "5 cm²"),
        ("deux kilos et demi", "2½ kg"),
        ("Il travaille chez H&M, Marie aussi", "Il travaille chez H&M. Marie aussi"),
        ("Il travaille chez H & M, Marie aussi", "Il travaille chez H & M. Marie aussi"),
        ("madame et monsieur Petit", "Mme & M. Petit"),
        ("monsieur l'ambassadeur est là", "M. l'ambassadeur est là"),
        ("monsieur l'abbé", "M. l’abbé"),
        ("deux mètres cinquante fois trois mètres", "2,50 m fois 3 m"),
        ("mesdemoiselles Petit", "Mlles Petit"),
        ("pommes, poires, et cætera", "pommes, poires, etc."),
        ("Mme Petit", "MME PETIT"),
        ("un kilomètre et demi plus loin", "1,5 km plus loin"),
        ("Le film de George M Cohan et Samuel M Jackson", "Le film de George M. Cohan et Samuel M. Jackson"),
        ("la taille M, j'ai grandi", "la taille M. J'ai grandi"),
        ("la ligne M, l'autre est fermée", "la ligne M. L'autre est fermée"),
        ("Je prends du M, c'est ma taille", "Je prends du M. C'est ma taille"),
        ("monsieur X a dit", "M. X a dit"),
        ("mesdames et messieurs", "Mmes et MM."),
        ("messieurs les députés", "MM. les députés"),
        ("monsieur le président", "M. le président"),
        ("le projet de monsieur de Villepin", "le projet de M. de Villepin"),
        ("monsieur et madame Dupont", "M. et Mme Dupont"),
        ("aujourd'hui monsieur Macron", "Aujourd'hui M. Macron"),
        ("c'est monsieur Macron", "C'est M. Macron"),
        ("madame Dupont monsieur Durand", "Mme Dupont, M. Durand"),
        ("mardi monsieur Macron a dit", "Mardi, M. Macron a dit"),
        ("Oui monsieur Dupont", "Oui, M. Dupont"),
        ("Bonjour monsieur Dupont", "Bonjour, M. Dupont."),
        ("Le trou fait cinq millimètres. Il faut une vis.", "Le trou fait 5 mm. Il faut une vis."),
        ("J'ai relu ta PR, elle est bonne", "J'ai relu ta PR. Elle est bonne."),
        ("On a pris la ligne M, elle est rapide", "On a pris la ligne M. Elle est rapide"),
        ("de George M Cohan et Samuel M Jackson", "de George M. Cohan et Samuel M. Jackson"),
        ("cent vingt kilomètres à l'heure", "120 km à l'heure"),
        ("Monsieur N'Diaye est là", "M. N'Diaye est là"),
        ("monsieur d'Estaing", "M. d'Estaing"),
        ("Monsieur A. Dupont", "M. A. Dupont"),
        ("Messieurs Petit et Grand", "MM. Petit et Grand"),
        ("d'environ cinquante mètres", "d'env. 50 m"),
        ("deux kilos et demi de pommes", "2,5 kg de pommes"),
        ("un litre et demi", "1,5 litre"),
        ("un mètre quatre-vingt-deux", "1,82 m"),
        ("un mètre quatre-vingt-deux", "1m82"),
        ("trois quarts litre", "3/4 l"),
        ("à dix euros vingt gigaoctets", "à 10 euros 20 Go"),
        ("Oui. Monsieur Petit", "Oui. M. Petit"),
        ("selon monsieur Petit", "Selon M. Petit"),
        ("Bonjour monsieur Dupont, madame et mademoiselle Petit", "Bonjour M. Dupont, Mme et Mlle Petit"),
        ("le docteur Petit et le professeur Martin", "le Dr Petit et le Pr Martin"),
        ("par exemple, c'est-à-dire", "p. ex., c.-à-d."),
        ("un mètre quatre-vingts", "1m80"),
        ("cent kilomètres-heure", "100 km/h"),
        ("trente mètres carrés", "30 m²"),
    ],
    "es": [
        ("el Sr. López", "EL SR. LÓPEZ"),
        ("EL SR. LÓPEZ VIVE EN EL 3º PISO", "el señor López vive en el 3º piso"),
        ("cinco kilómetros, dos kilos, tres metros, dos litros", "5 kms, 2 kgs, 3 mts, 2 lts"),
        ("dos kilos y medio", "2 1/2 kg"),
        ("Hola, prof!", "Hola, prof."),
        ("Pregunte a Ud!", "Pregunte a Ud."),
        ("señoras y señores", "Sras. y Sres."),
        ("las doctoras y los doctores", "las Dras. y los Dres."),
        ("la profesora Ruiz", "la Prof. Ruiz"),
        ("un metro ochenta y dos y pesa", "1,82 m y pesa"),
        ("a un kilómetro y medio más allá", "a 1,5 km más allá"),
        ("dos kilos y medio por semana", "2,5 kg por semana"),
        ("Pedimos 5 uds más", "Pedimos 5 uds. más"),
        ("Pedimos cinco uds más", "Pedimos 5 uds. más"),
        ("a ciento veinte kilómetros por hora", "a 120 km por hora"),
        ("la señora Ruiz", "la Sr.ª Ruiz"),
        ("dos kilos y medio", "2,5 kg"),
        ("mide un metro ochenta y dos", "mide 1,82 m"),
        ("medio litro", "1/2 l"),
        ("medio litro", "1/2 litro"),
        ("veinte grados celsius", "20 ºC"),
        ("veinte grados centígrados", "20 °C"),
        ("diez euros veinte GB", "10 euros 20 GB"),
        ("el señor López y la doctora Ruiz", "el Sr. López y la Dra. Ruiz"),
        ("por ejemplo, ustedes, etcétera", "p. ej., Uds., etc."),
        ("dos kilos de pan y un litro de agua", "2 kg de pan y 1 l de agua"),
        ("cien kilómetros por hora", "100km/h"),
    ],
    "it": [
        ("È alto un metro e ottanta", "È alto 1,80 m"),
        ("due chili e mezzo", "2½ kg"),
        ("Ciao prof!", "Ciao prof."),
        ("il dottor Rossi e l'avvocato Neri", "il dr Rossi e l'avv Neri"),
        ("della professoressa Neri", "della prof. Neri"),
        ("trentotto gradi e mezzo", "38,5 gradi"),
        ("due chili e mezzo a settimana", "2,5 kg a settimana"),
        ("centoventi chilometri orari", "120 km orari"),
        ("trenta metri quadri", "30 m quadri"),
        ("dell'avvocato Neri", "dell'avv. Neri"),
        ("la dottoressa Neri", "la Dr.ssa Neri"),
        ("due chili e mezzo di mele", "2,5 kg di mele"),
        ("due metri e mezzo", "2,5 m"),
        ("mezzo litro", "1/2 l"),
        ("venti gradi centigradi", "20 °C"),
        ("la signora Rossi e il signor Verdi", "la Sig.ra Rossi e il Sig. Verdi"),
        ("la dottoressa Rossi e il professor Verdi", "la Dott.ssa Rossi e il Prof. Verdi"),
        ("ad esempio, per esempio, eccetera", "ad es., p. es., ecc."),
        ("ottanta metri quadri a cento metri", "80 mq a 100 m"),
    ],
    "pt": [
        ("Ele mede um metro e oitenta", "Ele mede 1m80"),
        ("dois euros e meio, dois e meio quilos", "2½ euros, 2,5 kg"),
        ("Oi prof!", "Oi prof."),
        ("senhores e senhoras", "Srs. e Sras."),
        ("senhores e senhoras", "Srs. e Sr.as"),
        ("da professora Ana", "da prof. Ana"),
        ("dois quilos e meio por dia", "2,5 kg por dia"),
        ("cento e vinte quilómetros por hora", "120 km por hora"),
        ("a doutora Costa", "a Dr.ª Costa"),
        ("a senhora Silva", "a Sr.a Silva"),
        ("os senhores", "os Srs."),
        ("dois quilos e meio", "2,5 kg"),
        ("menos cinco graus celsius", "-5 ºC"),
        ("o senhor Silva e a doutora Costa", "o Sr. Silva e a Dra. Costa"),
        ("dez quilómetros, dez quilômetros", "10 km, 10 km"),
        ("um quilo e meio litro", "1 kg e meio litro"),
    ],
    "nl": [
        ("mevr. Jansen", "MEVR. JANSEN"),
        ("vijf vierkante centimeter", "5 cm²"),
        ("Mijn prof!", "Mijn prof."),
        ("twee meter vijftig keer drie meter", "2,50 m keer 3 m"),
        ("een meter negentig en weegt", "1,90 m en weegt"),
        ("Het windpark levert 100 MW", "Het windpark levert 100 MW."),
        ("honderdtwintig kilometer per uur", "120 km/uur"),
        ("tien euro twintig gigabyte", "10 euro 20 GB"),
        ("om acht uur nul graden", "om 8 uur 0 graden"),
        ("de heer Jansen en mevrouw De Vries", "dhr. Jansen en mevr. De Vries"),
        ("bijvoorbeeld dit, onder andere, enzovoort", "bijv. dit, o.a., enz."),
        ("tachtig kilometer per uur op tien vierkante meter", "80 km/u op 10 m²"),
    ],
}
OTHERS = {
    "en": [("a 9-mm pistol", "a 9 pistol"), ("gate 5 m", "gate 5 meters"), ("5 km", "5 cm"), ("5 km", "5 km h")],
    "de": [
        ("nach 2 m 20 Grad", "nach 2,20 m Grad"),
        ("Das Kind ist 1 Meter 15,5 Kilo", "Das Kind ist 1,15 Meter, 5 Kilo"),
        ("drei Meter", "drei Kilometer"),
        ("Frau Dr. Weber", "Frau Weber"),
        ("die DR Kongo", "die Doktor Kongo"),
    ],
    "fr": [
        ("à 1 mètre 15,5 kilos", "à 1,15 mètre, 5 kilos"),
        ("J. M. Le Clézio", "J. monsieur Le Clézio"),
        ("5 m. de long", "5 monsieur de long"),
        ("deux kilos et demi litre", "2,5 kg litre"),
    ],
    "es": [("2 kilos y medio litro", "2,5 kilos litro"), ("3 m", "3 min"), ("5 l", "5 ml")],
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


ONE_WORD = {
    "de": "Prof Dr usw bzw ca evtl ggf inkl vgl etc",
    "fr": "Mme Mmes Mlle Mlles Dr env etc",
    "es": "Prof Sr Sra Sres Sras Srta Dr Dra aprox avda etc",
    "it": "prof sig sigg dott dr avv ecc etc",
    "pt": "Prof Sr Srs Sra Sras Srta Dr Dra etc",
    "nl": "prof dr dhr mevr mw bijv enz ca incl etc",
}
FRAMES = ["anna {}{}", "«anna {}{}»", "anna {}{} tom", "anna, {}{} Tom", "({}{})", "{}{}\n"]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("language", ONE_WORD)
def test_a_mark_behind_an_abbreviation_changes_nothing(language, frame):
    """An abbreviation of one word is the same with its full stop, without it, and at the end of a sentence."""
    apply = normalization(language).apply
    marks = ("", ".", "!", "?", ",", ";", "…", "...")
    words = [form for word in ONE_WORD[language].split() for form in (word, word.lower(), word.capitalize())]
    outputs = {word: {apply(frame.format(word, mark)) for mark in marks} for word in words}

    assert {word: texts for word, texts in outputs.items() if len(texts) > 1} == {}


LONG = [
    *((language, ".") for language in PAIRS),
    *(("fr", text) for text in ("m. ", "z. b. ", "M. M. ", "1 m 8 ")),
    ("en", "5,5"),
    *zip(PAIRS, ("two, ", "und ", "et ", "y ", "e ", "e ", "en "), strict=True),
]


@pytest.mark.parametrize(("language", "text"), LONG)
def test_a_run_of_abbreviations_takes_time_by_its_length(language, text):
    """Ten times the text takes about ten times the time, not a hundred times."""
    apply = normalization(language).apply
    apply(text)
    # A text is normalized once, and kept.
    short, long = (
        min(_processor_s(partial(apply, f"{start} {text * count}")) for start in "ab") for count in (500, 5_000)
    )

    assert long < 40 * short


def test_a_run_of_oh_takes_time_by_its_length():
    """Four times the text takes about four times the time, not sixteen times."""
    apply = normalization("en").apply
    apply("oh")
    short, long = (
        min(_processor_s(partial(apply, f"{start} {'oh ' * count}")) for start in "ab") for count in (10_000, 40_000)
    )

    assert long < 8 * short


def _processor_s(call):
    """Seconds of this process, whatever else the machine does."""
    started = time.process_time()
    call()
    return time.process_time() - started
