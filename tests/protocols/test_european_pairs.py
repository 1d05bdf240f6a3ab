"""Pairs of texts in the six European languages that must be one text, or must not."""

import pytest

from asrlab_pytest import score
from asrlab_pytest.protocols.normalization import normalization

SAME = {
    "de": [
        ("drei Millionen Euro", "3 Mio. Euro"),
        ("zweieinhalb Millionen", "2,5 Millionen"),
        ("ein Ein-Euro-Job, die Ein-Prozent-Regel", "ein 1-Euro-Job, die 1-Prozent-Regel"),
        ("Ein-Zimmer- und Zwei-Zimmer-Wohnungen", "1-Zimmer- und 2-Zimmer-Wohnungen"),
        ("die Eine-Million-Euro-Frage", "die 1-Million-Euro-Frage"),
        ("eine Zwei-Millionen-Euro-Villa", "eine 2-Mio.-Euro-Villa"),
        ("der Zehn-Euro-Schein", "der 10-€-Schein"),
        ("die Fünf-Prozent-Hürde, der Fünfundvierzig-Grad-Winkel", "die 5-%-Hürde, der 45-°-Winkel"),
        ("die eins Komma fünf Grad Celsius Grenze", "die 1,5-°C-Grenze"),
        ("„plus zwanzig Grad Celsius“, sagte er", "„+20 °C“, sagte er"),
        ("zwanzig °C", "20 °C"),
        ("eins Komma sieben fünf Liter", "1¾ Liter"),
        ("eine Zweieinhalb-Zimmer-Wohnung", "eine 2½-Zimmer-Wohnung"),
        ("eine Zweieinhalb-Zimmer-Wohnung", "eine 2,5-Zimmer-Wohnung"),
        ("eineinhalb-jährig, anderthalbjährig", "1,5-jährig, 1,5-jährig"),
        ("der Eineinhalb-Tonner", "der 1,5-Tonner"),
        ("Zwei-Zimmer- und Drei-Zimmer-Wohnungen", "2-Zimmer- und 3-Zimmer-Wohnungen"),
        ("die Drei-Prozent- oder Fünf-Prozent-Hürde", "die 3%- oder 5%-Hürde"),
        ("minus ein Grad Celsius", "-1 °C"),
        ("drei Komma fünf Millionen Euro", "3,5 Millionen Euro"),
        ("hundert Millionen", "100 Millionen"),
        ("fünf bis zehn Millionen", "5-10 Millionen"),
        ("drei Komma fünfundzwanzig", "3,25"),
        ("zwei Komma fünfzehn Millionen", "2,15 Millionen"),
        ("eine Million zweihunderttausend", "1 Million 200 Tausend"),
        ("minus fünf Grad Celsius", "-5 °C"),
        ("zwanzig Grad", "20°"),
        ("Nummer fünf", "Nr. 5"),
        ("Version drei Punkt vier", "Version 3.4"),
        ("Haus und Hof", "Haus & Hof"),
        ("null Komma fünf Prozent", "0,5 %"),
        ("null Grad", "0 Grad"),
        ("ein Euro fünfzig", "1,50 €"),
        ("ein Prozent", "1%"),
        ("zwei Euro und ein Cent", "2,01 €"),
        ("um ein Uhr dreißig", "um 1:30 Uhr"),
        ("am ersten Mai", "am 1. Mai"),
        ("eineinhalb Stunden", "1,5 Stunden"),
        ("eine Million Euro", "1.000.000 €"),
        ("3 Komma 14", "3,14"),
        ("im Ersten Weltkrieg", "im 1. Weltkrieg"),
        ("fünf- bis sechsmal", "5- bis 6-mal"),
        ("der Fünfundzwanzigjährige", "der 25-Jährige"),
        ("die Neunzigerjahre", "die 90er-Jahre"),
        ("fünfzig bis sechzig Prozent", "50% - 60%"),
        ("eine E-Mail", "eine Email"),
        ("neunundvierzig Euro Ticket", "49-Euro-Ticket"),
        ("die zehn Prozent Hürde", "die 10-Prozent-Hürde"),
        ("weniger als fünf Prozent", "< 5 %"),
        ("A plus B", "A + B"),
        ("zwei plus zwei", "zwei + zwei"),
        ("fünf Euro plus drei", "5 € + 3"),
        ("x mehr als y und z weniger als eins", "x > y und z < eins"),
        ("zwei minus zwei", "zwei − zwei"),
        ("die Note drei Viertel: gut", "die Note 3/4: gut"),
        ("zweieinhalb: gut", "2 1/2: gut"),
        ("die Nummer null eins sieben eins zwei drei vier fünf: ja", "die Nummer 0171/2345: ja"),
        ("zweieinhalb Euro", "2,50 €"),
        ("zweieinhalb bis dreieinhalb Euro", "2,50–3,50 €"),
        ("ein halber Euro oder null Komma fünf Euro", "ein halber Euro oder 0,50 €"),
        ("hundertprozentige Sicherheit", "100%ige Sicherheit"),
        ("hundertprozentig", "100 %-ig"),
        ("die Zweitausenderjahre", "die 2000er-Jahre"),
        ("in den Neunzehnhundertern", "in den 1900ern"),
        ("zwei, dreimal", "zwei-, dreimal"),
        ("die Fünf-, Zehn- und Zwanzig-Euro-Scheine", "die 5-, 10- und 20-Euro-Scheine"),
        ("zwei-, drei-, viermal", "2-, 3-, 4-mal"),
        ("ein-, zwei- und dreistöckig", "1-, 2- und 3-stöckig"),
        ("Ein- und Zwei-Euro-Münzen", "1- und 2-Euro-Münzen"),
        ("die achtzehn- bis vierundzwanzig-Jährigen", "die 18-24-Jährigen"),
        ("eine drei bis vier Zimmer Wohnung", "eine 3–4-Zimmer-Wohnung"),
        ("eine fünf bis zehn Zentimeter Schicht", "eine 5-10-cm-Schicht"),
        ("die Null-Prozent-Finanzierung, das Null-Euro-Ticket", "die 0%-Finanzierung, das 0-Euro-Ticket"),
        ("das Null-Liter-Auto, die Null-Komma-Null-Promille-Grenze", "das 0-Liter-Auto, die 0,0-Promille-Grenze"),
        ("die Null-Eins-Niederlage", "die 0-1-Niederlage"),
    ],
    "fr": [
        ("plus ou moins cinq centimètres", "±5 cm"),
        ("un degré et demi", "1,5 degré"),
        ("zéro degré Celsius", "0 °C"),
        ("deux millions d'euros", "2 millions d'euros"),
        ("deux millions et demi", "2,5 millions"),
        ("quatre-vingts millions", "80 millions"),
        ("un virgule cinq milliards", "1,5 milliard"),
        ("deux cents millions", "200 millions"),
        ("la seconde", "la 2nde"),
        ("deux millions trois cent mille", "2 millions 300 mille"),
        ("moins cinq degrés Celsius", "-5 °C"),
        ("numéro cinq", "n° 5"),
        ("le premier mai", "le 1er mai"),
        ("la première fois", "la 1ère fois"),
        ("sœur", "soeur"),
        ("une heure trente", "1h30"),
        ("vingt et un euros", "21 €"),
        ("soixante et dix", "70"),
        ("3 virgule 14", "3,14"),
        ("zéro heure trente", "0h30"),
        ("l'e-mail", "l'email"),
        ("un euro", "1 €"),
        ("zéro", "0"),
        ("quatorze heures", "14 h"),
        ("trois virgule un quatre", "3,14"),
        ("huit heures du matin", "8 heures du matin"),
        ("vingt-quatre heures sur vingt-quatre", "24 heures sur 24"),
        ("une heure et demie", "1 heure et demie"),
        ("un pour cent", "1 %"),
        ("Pierre et Paul", "Pierre & Paul"),
        ("deux plus deux", "deux + deux"),
        ("x plus de y", "x > y"),
        ("trois quarts: oui", "3/4: oui"),
        ("deux euros et demi", "2,50 €"),
        ("les deux-, trois- et quatre-pièces", "les 2-, 3- et 4-pièces"),
        ("les dix-huit à vingt-quatre ans", "les 18-24-ans"),
    ],
    "es": [
        ("el cuatro por cien metros", "el 4 por 100 metros."),
        ("dos coma cinco kilos", "2'5 kg"),
        ("menos un grado", "-1°"),
        ("dos millones de euros", "2.000.000 de euros"),
        ("dos mil millones de euros", "2.000 millones de euros"),
        ("ciento veinte millones", "120 millones"),
        ("uno coma cinco millones", "1,5 millones"),
        ("2 millones 300 mil", "dos millones trescientos mil"),
        ("dos punto tres millones", "2.3 millones"),
        ("un millón doscientos mil", "un millón 200 mil"),
        ("la primera vez y el cuarto piso", "la 1ra vez y el 4to piso"),
        ("menos cinco grados Celsius", "-5 °C"),
        ("número cinco", "n.º 5"),
        ("el primer piso", "el 1er piso"),
        ("el tercer piso", "el 3er piso"),
        ("treinta y un euros", "31 €"),
        ("un euro", "1 €"),
        ("el primero de mayo", "el 1.º de mayo"),
        ("cero", "0"),
        ("tres punto catorce", "3.14"),
        ("tres coma uno cuatro", "3,14"),
        ("un millón", "1.000.000"),
        ("dos más dos", "dos + dos"),
        ("dos euros y medio", "2,50 €"),
        ("tres cuartos: sí", "3/4: sí"),
    ],
    "it": [
        ("più o meno cinque centimetri", "±5 cm"),
        ("la quattro per cento metri!", "la quattro per cento metri"),
        ("Ha detto «venti gradi».", "Ha detto «20°»."),
        ("meno un grado", "-1°"),
        ("meno cinque gradi Celsius", "-5 °C"),
        ("numero cinque", "n. 5"),
        ("il primo maggio", "il 1° maggio"),
        ("centottantuno", "181"),
        ("quaranta centesimi", "0,40 €"),
        ("due euro e dieci centesimi", "2,10 €"),
        ("tre virgola uno quattro", "3,14"),
        ("un milione di euro", "1.000.000 €"),
        ("un milione duecentomila", "1.200.000"),
        ("un euro", "1 €"),
        ("zero virgola cinque per cento", "0,5 %"),
        ("pane e vino", "pane & vino"),
        ("zero", "0"),
        ("due più due", "due + due"),
        ("due euro e mezzo", "2,50 €"),
        ("tre quarti: sì", "3/4: sì"),
    ],
    "pt": [
        ("mais ou menos cinco centímetros", "±5 cm"),
        ("menos um grau Celsius", "-1 °C"),
        ("dois milhões e meio de reais", "2,5 milhões de reais"),
        ("sessenta e um milhões", "61 milhões"),
        ("dois mil milhões", "2 mil milhões"),
        ("três vírgula cinco milhões", "3,5 milhões"),
        ("cem milhões", "100 milhões"),
        ("dois milhões e trezentos mil", "2 milhões e 300 mil"),
        ("menos cinco graus Celsius", "-5 °C"),
        ("número cinco", "n.º 5"),
        ("o primeiro de maio", "o 1º de maio"),
        ("oito mil, setecentos e dois", "8.702"),
        ("dois milhões, trezentos mil", "2.300.000"),
        ("vinte e um euros", "21 €"),
        ("um euro", "1 €"),
        ("zero", "0"),
        ("um milhão e duzentos mil", "1.200.000"),
        ("a primeira vez", "a 1ª vez"),
        ("pão e vinho", "pão & vinho"),
        ("dois mais dois", "dois + dois"),
        ("dois reais e meio", "R$ 2,50"),
        ("três quartos: sim", "3/4: sim"),
    ],
    "nl": [
        ("de honderd-miljoen-grens", "de 100-miljoen-grens"),
        ("het tien-euro-biljet", "het 10-€-biljet"),
        ("anderhalve graad Celsius", "1,5 °C"),
        ("tweeënhalf-jarig, anderhalfjarig", "2½-jarig, 1,5-jarig"),
        ("vijf-kilometer- en tien-kilometer-loop", "5-kilometer- en 10-kilometer-loop"),
        ("min vijf graden Celsius", "-5 °C"),
        ("nummer vijf", "nr. 5"),
        ("drie komma een vier", "3,14"),
        ("de eerste mei", "de 1e mei"),
        ("eenentwintig euro", "21 €"),
        ("een euro", "1 €"),
        ("een uur dertig", "1:30 uur"),
        ("anderhalf", "1,5"),
        ("nul komma vijf procent", "0,5 %"),
        ("twintig graden", "20°"),
        ("een driedaagse reis", "een 3-daagse reis"),
        ("twee plus twee", "twee + twee"),
        ("tweeënhalve euro", "2,50 €"),
        ("vijf-, tien- en twintig-eurobiljetten", "5-, 10- en 20-eurobiljetten"),
        ("een tien tot vijftien jarige", "een 10-15-jarige"),
        ("een nul-procent-financiering", "een 0-procent-financiering"),
        ("de een komma vijf meterregel", "de anderhalve-meterregel"),
        ("een twee komma vijf literfles", "een tweeënhalve-literfles"),
        ("nul-nul", "0-0"),
        ("drie kwart: ja", "3/4: ja"),
    ],
}
OTHER = {
    "de": [
        ("Millionen Euro", "eine Million Euro"),
        ("Milliarden Euro", "1 Milliarde Euro"),
        ("-5", "5"),
        ("der 10-€-Schein", "der 10-$-Schein"),
        ("der Ein- und Ausgang", "der 1- und Ausgang"),
        ("1-800-Flowers", "1 bis 800 Flowers"),
        ("ein %", "ein €"),
        ("ein Ein-Aus-Schalter", "ein 1-Aus-Schalter"),
        ("20°", "20"),
        ("A & B", "A B"),
        ("3,5 %", "35 %"),
        ("ein Mann", "1 Mann"),
        ("5 °C", "5 °F"),
        ("der dritte", "der erste"),
        ("60% - 50%", "60 bis 50 %"),
        ("einmal", "1 Mal"),
        ("x > y", "x y"),
        ("x -> y", "x > y"),
        ("$2,5 M", "$2,50"),
    ],
    "fr": [
        ("des millions d'euros", "des 1 million d'euros"),
        ("-5", "5"),
        ("20°", "20"),
        ("un livre", "1 £"),
        ("le premier", "le 1"),
        ("n° 5", "5"),
        ("une livre", "1 livre"),
        ("côte", "cote"),
    ],
    "es": [
        ("perdió miles de euros", "perdió mil euros"),
        ("perdió cientos de euros", "perdió cien euros"),
        ("millones de euros", "un millón de euros"),
        ("ganó millones", "ganó 1 millón"),
        ("cientos de personas", "cien de personas"),
        ("miles", "1000"),
        ("decenas de miles de euros", "decenas de mil euros"),
        ("-5", "5"),
        ("tercer", "tres"),
        ("no 5 sino 6", "número 5 sino 6"),
        ("primero", "1"),
        ("n.º 5", "5"),
        ("un hombre", "1 hombre"),
        ("año", "ano"),
        ("5 °C", "5"),
    ],
    "it": [
        ("-5", "5"),
        ("primo", "1"),
        ("un milione", "un"),
        ("è", "e"),
        ("un uomo", "1 uomo"),
        ("prima", "primo"),
        ("5 °C", "5"),
    ],
    "pt": [
        ("milhões de euros", "um milhão de euros"),
        ("milhões de reais", "1 milhão de reais"),
        ("-5", "5"),
        ("primeiro", "1"),
        ("no 25 de abril", "número 25 de abril"),
        ("um homem", "1 homem"),
        ("R$ 5", "$ 5"),
        ("5 °C", "5"),
        ("por", "pôr"),
        ("n.º 5", "5"),
    ],
    "nl": [
        ("-5", "5"),
        ("eerste", "1"),
        ("een man", "1 man"),
        ("20°", "20"),
        ("5 °C", "5 °F"),
        ("nr. 5", "5"),
        ("A & B", "A B"),
        ("12-34-AB", "12 tot 34 AB"),
    ],
}


@pytest.mark.parametrize("language", SAME)
def test_what_is_said_the_same(language):
    """A sign, an abbreviation and a number meet the words that a speaker says for them."""
    rules = normalization(language)
    texts = [(spoken, written, rules.apply(spoken), rules.apply(written)) for spoken, written in SAME[language]]

    assert [text for text in texts if text[2] != text[3]] == []


@pytest.mark.parametrize("language", OTHER)
def test_what_is_said_otherwise(language):
    """No sign that is heard is lost, and no article becomes a number."""
    rules = normalization(language)
    texts = [(one, other, rules.apply(one)) for one, other in OTHER[language] if rules.apply(one) == rules.apply(other)]

    assert texts == []


@pytest.mark.parametrize("language", SAME)
def test_decimals_before_a_sign_are_one_word(language):
    """A wrong decimal is one error, whether a percent or a currency sign follows or not."""
    assert score("3,5 %", "3,6 %", language=language).words.substitutions == 1
    assert score("3,50 €", "3,60 €", language=language).wer == 0.5
    assert score("3,5 %", "3,5", language=language).wer == 0.5


@pytest.mark.parametrize("language", SAME)
def test_words_beside_a_number_stay_words(language):
    """What stands before or after a number, an amount or a time is never joined with it."""
    rules = normalization(language)
    phrases = [phrase for pair in (*SAME[language], *OTHER[language]) for phrase in pair]
    texts = [rules.apply(f"alpha {phrase} omega").split() for phrase in phrases]

    assert [text for text in texts if (text[0], text[-1]) != ("alpha", "omega")] == []


@pytest.mark.parametrize("language", SAME)
def test_signs_before_a_number(language):
    """Less, more, plus or minus and number signs are heard: no two of them are equal, nor to the number alone."""
    rules = normalization(language)

    assert len({rules.apply(text) for text in ("5", "<5", ">5", "±5", "#5")}) == 5
    assert rules.apply("C#") == "c sharp"


@pytest.mark.parametrize(
    ("language", "spoken", "written"),
    [
        ("it", "un tavolo alle venti e trenta per due persone", "un tavolo alle 20.30 per 2 persone"),
        ("it", "vale venti virgola trenta per cento", "vale 20,30 per cento"),
        ("nl", "het kost vijftien euro voor twee uur", "het kost € 15 voor 2 uur"),
        ("nl", "vijftien voor twee.", "1:45."),
        ("de", "das kostet fünf Euro nach acht Uhr", "das kostet € 5 nach 8 Uhr"),
        ("es", "lo vendió por cien mil euros", "lo vendió por 100.000 euros"),
        ("es", "por ciento veinte euros", "por 120 euros"),
        ("es", "por cien coma uno", "por 100,1"),
        ("es", "el relevo cuatro por cien metros", "el relevo 4 por 100 m"),
        ("de", "fünfzig Prozent Liter", "50 % Liter"),
        ("es", "por cien punto uno", "por 100.1"),
        ("es", "un dos por ciento veinte veces", "un 2 % 20 veces"),
        ("fr", "vendu pour cent vingt-cinq euros", "vendu pour 125 euros"),
        ("fr", "pour cent virgule un euros", "pour 100,1 euros"),
        ("fr", "dix pour cent vingt fois", "10 % 20 fois"),
        ("pt", "comprei por cento e cinquenta mil reais", "comprei por 150 mil reais"),
        ("pt", "dez por cento e vinte por cento", "10% e 20%"),
    ],
)
def test_prepositions_beside_a_number(language, spoken, written):
    """For, per, before and after make no time of a price, no decimal of a time, and no percentage of a hundred."""
    assert score(spoken, written, language=language).wer == 0
