"""What each of the languages calls its numbers, percent and currencies. All words stand as `und` folds their case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon

_Meaning = TypeVar("_Meaning")

REAIS = "reais"
"""Stands for R$, which has no sign of its own."""
NAMED_CURRENCIES = f"{REAIS}|franken|francs|franchi|pesos"
"""What stands for the currencies without a sign, as a regular expression."""
GERMAN_MONTHS = "januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
_GERMAN_HALVED = "zwei|drei|vier|fünf|sechs|sieben|acht|neun|elf|zwölf|(?:drei|vier|fünf|sech|sieb|acht|neun)?zehn"
_GERMAN_COUNTED = "mal|fach|jährig|tägig|stündig|minütig|wöchig|monatig|köpfig|stellig|stöckig|prozentig|teilig"
_PORTUGUESE_HUNDREDS = r"(?:cento|(?:duz|trez|quinh)ent|(?:quatro|seis|sete|oito|nove)cent)"
_DUTCH_COUNTED = "maal|jarig|daags|weeks|delig|voudig"
_DUTCH_UNITS = ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
_ITALIAN_COUNTED = r"[\w\ue003%]|[.,:-]\d| [\ue003%€]| e [1-5]?[0-9]\b| (?:e|o|al?) (?:il )?[0-9,]+ ?[\ue003%]"
_SPANISH_TENS = "treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa"
_DUTCH_HALVED = rf"{'|'.join(_DUTCH_UNITS)}|elf|twaalf|(?:der|veer|vijf|zes|zeven|acht|negen)?tien"
_DUTCH_TENS = (
    rf"(?:(?:een|{'|'.join(_DUTCH_UNITS)})[eë]n)?(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)"
)


def _fractions(*spoken: str) -> Mapping[str, str]:
    """Fractions, each as it is spoken."""
    return dict(zip(("1/2", "1/3", "2/3", "1/4", "3/4"), spoken, strict=True))


def _each(words: Mapping[_Meaning, str]) -> dict[str, _Meaning]:
    """Words with what they mean."""
    return {word: meaning for meaning, forms in words.items() for word in forms.split("|")}


_CURRENCIES = _each({"€": "euro|euros|eur", "$": "dollar|dollars|usd|us-dollar|us dollar", "¥": "yen|yens", "£": "gbp"})
LEXICONS: Mapping[str, Lexicon] = {
    "de": Lexicon(
        code="de",
        plurals="millionen|milliarden|billionen|billiarden",
        point="komma",
        percent=("prozent", "vom hundert"),
        percent_alone="prozent",
        permille="promille",
        currencies=_CURRENCIES | _each({"£": "pfund", "₽": "rubel", "₹": "rupien", "franken": "franken|chf"}),
        cents="cents?|pence|rappen",
        joins="und",
        scales=_each(
            {
                2: "hundert",
                3: "tausend|tsd.|tsd|k",
                6: "million|millionen|mio.|mio",
                9: "milliarde|milliarden|mrd.|mrd",
                12: "billion|billionen|bio.",
            }
        ),
        one="eine[mnrs]?|ein",
        million="eine[rn]?|ein",
        zero="null",
        singles="eins zwei drei vier fünf sechs sieben acht neun",
        minus="minus",
        plus="plus",
        plus_minus="plus minus",
        less="weniger als",
        more="mehr als",
        conjunction="und",
        degree="grad",
        degrees="grad",
        number=r"nr\.",
        numbered="nummer",
        clock="uhr",
        hours="uhr",
        replaced={r"dreissig": "dreißig", r"\bzwo(?!elf)": "zwei"}
        | {rf"halb(?:(?<=einhalb)|(?<=anderthalb))(?:-(?=[^\W\d]|\ue003)|(?={_GERMAN_COUNTED}))": "halb "}
        | {r"\b(?:anderthalb|eineinhalb)\b": "eins komma fünf"}
        | {r"hundert (?=[^\W\d_]+tausend\b)": "hundert"}
        | {rf"\b({_GERMAN_HALVED})einhalb\b": r"\1 komma fünf"}
        | {r"\beinhalb\b": "ein halb", r"\bdreiviertel\b": "drei viertel"}
        | {r"(?<=[0-9]) ?%-?(?=ig(?:e[mnrs]?)?\b)": " prozent"},
        counted=_GERMAN_COUNTED,
        misread={r"\beins\b": "1"},
        to="bis",
        ordinal=r"s?te[rnms]?|\.",
        ordinal_sign="º",
        fractions=_fractions("ein halb", "ein drittel", "zwei drittel", "ein viertel", "drei viertel"),
        attached="er[ns]?",
        and_a_half=",5",
    ),
    "fr": Lexicon(
        code="fr",
        plurals="millions|milliards|billions",
        point="virgule",
        percent=("pour cent", "pourcent", "pourcents", "pour-cent"),
        percent_alone="pour 100",
        permille="pour 1000",
        currencies=_CURRENCIES
        | _each({"£": "livre|livres|livres sterling", "₽": "roubles", "francs": "franc|francs|chf"}),
        cents="centimes?|cents?|pence",
        joins="et",
        links=r"(?:de |d')",
        scales=_each({3: "mille|k", 6: "million|millions", 9: "milliard|milliards"}),
        one="une?",
        some="une?s",
        counting="un",
        added=r"un\b|une\b(?= \w+[sx]\b| mille\b|\s*(?:[.,;:!?)]|$))",
        zero="zéro",
        singles="un deux trois quatre cinq six sept huit neuf",
        minus="moins",
        plus="plus",
        plus_minus="plus ou moins",
        less="moins de",
        more="plus de",
        conjunction="et",
        degree="degré",
        degrees="degrés",
        number="n[°ºo]|nᵒ",
        numbered="numéro",
        firsts={
            "1(?:er|ᵉʳ)": "premier",
            "1(?:ers|ᵉʳˢ)": "premiers",
            "1(?:res|ères)": "premières",
            "1(?:re|ère|ere|ʳᵉ)": "première",
            "2nd": "second",
            "2n?de": "seconde",
            "ier(?= siècle)": "premier",
        },
        replaced={
            "œ": "oe",
            "æ": "ae",
            r"\b(d|l|qu|jusqu)'(?=(?:une?|onze|huit)\b)": r"\1' ",
            r"(?<!\bentre )\bsoixante et dix\b": "soixante-dix",
            r"\bzéro heure\b": "zéro heures",
            r"(?<=\bheures )(vingt|trente|quarante|cinquante) et une heure\b": r"\1, et une heure",
            r"(?<=\bvingt et une heure)\b": "s",
            # text2num reads "neuf" by rules of its own, as it is also "new", but never doubts its plural.
            r"(?<![\w-])neuf(?![\w-])": "neufs",
        },
        century="([ivx]+)(?:e|ᵉ|ème|eme)(?= (?:et [ivx]+(?:e|ᵉ|ème|eme) )?siècle)",
        century_ending="e",
        to="à",
        fractions=_fractions("un demi", "un tiers", "deux tiers", "un quart", "trois quarts"),
        and_a_half=" et demi",
        five="cinq",
        clock="h|heures?",
        hours="heures",
        ordinal="(?:ième|ieme|ème|eme|e)s?",
        ordinal_sign="e",
        elides=True,
    ),
    "es": Lexicon(
        code="es",
        plurals="cientos|cientas|miles|millones|millardos|billones|trillones",
        point="coma",
        percent=("por ciento", "porciento", "por cien"),
        percent_alone="por 100",
        permille="por 1000",
        currencies=_CURRENCIES
        | _each(
            {"$": "dólar|dólares", "£": "libra|libras|libras esterlinas", "₽": "rublo|rublos", "pesos": "peso|pesos"}
        ),
        cents="céntimos?|centavos?|centésimos?|peniques?",
        joins="con|y",
        links=r"de ",
        scales=_each({3: "mil|k", 6: "millón|millones|mill."}),
        one="un[oa]?",
        some="un[oa]s",
        counting="uno",
        added=r"uno\b|una?\b(?= \w+s\b| mil\b|\s*(?:[.,;:!?)]|$))",
        zero="cero",
        singles="uno dos tres cuatro cinco seis siete ocho nueve",
        minus="menos",
        plus="más",
        plus_minus="más menos",
        less="menos de",
        more="más de",
        conjunction="y",
        degree="grado",
        degrees="grados",
        has_bare_degrees=False,
        number=r"n\.?\s?[º°]|n\.\s?o|núm\.",
        numbered="número",
        firsts={
            r"1\.?[º°]": "primero",
            r"1\.?ª": "primera",
            r"1\.?(?:er|ᵉʳ)": "primer",
            "1ro": "primero",
            "1ra": "primera",
            "2do": "segundo",
            "2da": "segunda",
            r"2\.?[º°]": "segundo",
            r"2\.?ª": "segunda",
        },
        replaced={
            r"(\b|decimo)tercer\b": r"\1tercero",
            r"\bveinti[uú]n\b": "veintiuno",
            r"\bveintidos\b": "veintidós",
            r"\bveintitres\b": "veintitrés",
            rf"\b({_SPANISH_TENS})i(?=(?:un[oa]?|ún|d[oó]s|tr[eé]s|cuatro|cinco|s[eé]is|siete|ocho|nueve)\b)": r"\1 y ",
            r"(?<=nta y )ún\b": "uno",
            r"(?<=nta y )dós\b": "dos",
            r"(?<=nta y )trés\b": "tres",
            r"(?<=nta y )séis\b": "seis",
            rf"\b((?:{_SPANISH_TENS}) y) un\b(?! (?:mill|punto|coma))": r"\1 uno",
        },
        century="(?:(?<=siglo )|(?<=siglos )|(?<=siglos [0-9][0-9] [ya] ))([ivx]+)",
        least_century=11,
        to="a",
        fractions=_fractions("un medio", "un tercio", "dos tercios", "un cuarto", "tres cuartos"),
        and_a_half=" y medio",
        five="cinco",
        ordinal=r"\.?(?:ᵉʳ|er|[ºª°]|[rtmvn][ao])",
        ordinal_sign="º",
    ),
    "it": Lexicon(
        code="it",
        point="virgola",
        percent=("per cento", "percento"),
        percent_alone="per 100",
        permille="per 1000",
        currencies=_CURRENCIES
        | _each({"$": "dollaro|dollari", "£": "sterlina|sterline", "₽": "rubli", "franchi": "franco|franchi|chf"}),
        cents="centesim[oi]|cent",
        joins="e",
        links=r"(?:di |d')",
        scales=_each({3: "mila|mille|k", 6: "milione|milioni|mln", 9: "miliardo|miliardi|mld.|mld"}),
        one="un[oa]?",
        counting="uno",
        added=r"uno\b(?! (?:z|s[^aeiouàèéìòù]|gn|p[sn]|x|y))",
        zero="zero",
        singles="uno due tre quattro cinque sei sette otto nove",
        minus="meno",
        plus="più",
        plus_minus="più o meno",
        less="meno di",
        more="più di",
        conjunction="e",
        degree="grado",
        degrees="gradi",
        has_bare_degrees=False,
        number="n[°º.]",
        numbered="numero",
        firsts={"1[º°]": "primo", "1ª": "prima"},
        replaced={
            r"cent(?=ott(?!o?cent))": "cento",
            r"\bcentesimi\b|(?<=\bun )centesimo\b": "cent",
            r"\b(\w*l|un|d)'(?=ott|undic|un\b|uno virgola\b)": r"\1' ",
            r"(?<=[aeio])trè\b": "tré",
            r"\bsedicesim[aeio]\b": "16º",
            r"\bsettantunesim[aeio]\b": "71º",
            r"\b((?:tre|quara|cinqua|sessa|setta|otta|nova)nt)'(?=[^\W\d])": r"\1a ",
            r"\b(\w*vent)'(?=[^\W\d])": r"\1i ",
            r"\b(\w*quattr)'(?=[^\W\d])": r"\1o ",
            r"\b(\w*(?:cent|diciott|\bott))'(?=[^\W\d])": r"\1o ",
            rf"\b((?:[dn]el|su|que)?l)'1(?!{_ITALIAN_COUNTED})": r"\1'uno",
            # Ranges are spoken without a word: dieci-venti.
            r"(?<=[^\W\d])-(?=[^\W\d])": " ",
        },
        century="([ivx]+)(?= secolo)",
        century_ending="º",
        fractions=_fractions("un mezzo", "un terzo", "due terzi", "un quarto", "tre quarti"),
        and_a_half=" e mezzo",
        five="cinque",
        ordinal="[ºª°]|esim[aeio]|m[ao]",
        ordinal_sign="º",
        elides=True,
    ),
    "pt": Lexicon(
        code="pt",
        plurals="milhões|bilhões|biliões|trilhões|triliões",
        point="vírgula",
        percent=("por cento", "porcento"),
        percent_alone="por 100",
        permille="por 1000",
        currencies=_CURRENCIES
        | _each({"$": "dólar|dólares", "£": "libra|libras|libras esterlinas", REAIS: "real|reais", "¥": "ienes"}),
        cents="centavos?|cêntimos?",
        joins="e",
        links=r"de ",
        scales=_each({3: "mil|k", 6: "milhão|milhões|mi", 9: "bilhão|bilhões|bi"}),
        one="uma?",
        some="umas|uns|non",
        counting="um",
        zero="zero",
        singles="um|uma dois|duas três quatro cinco seis sete oito nove",
        minus="menos",
        plus="mais",
        plus_minus="mais ou menos",
        less="menos de",
        more="mais de",
        conjunction="e",
        degree="grau",
        degrees="graus",
        has_bare_degrees=False,
        number=r"n\.?\s?[º°]|n\.\s?o",
        numbered="número",
        firsts={r"1\.?[º°]": "primeiro", r"1\.?ª": "primeira"},
        replaced={rf"(?<={scale}), (?={_PORTUGUESE_HUNDREDS})": " " for scale in (r"\bmil", "ilhão", "ilhões")},
        century="(?:(?<=século )|(?<=séculos )|(?<=séculos [0-9][0-9] [ea] ))([ivx]+)",
        least_century=11,
        to="a",
        fractions=_fractions("um meio", "um terço", "dois terços", "um quarto", "três quartos"),
        and_a_half=" e meio",
        five="cinco",
        ordinal=r"\.?[ºª°]",
        ordinal_sign="º",
    ),
    "nl": Lexicon(
        code="nl",
        point="komma",
        percent=("procent", "percent"),
        percent_alone="procent",
        permille="promille",
        currencies=_CURRENCIES | _each({"£": "pond", "₽": "roebel"}),
        cents="cent|eurocent|pence",
        joins="en",
        scales=_each({2: "honderd", 3: "duizend|k", 6: "miljoen|miljoenen|mln.|mln", 9: "miljard|mld.|mld"}),
        one="één|een",
        counting="één|een",
        added=r"(?:één|een)\b",
        zero="nul",
        singles="een|één twee drie vier vijf zes zeven acht negen",
        minus="min",
        plus="plus",
        plus_minus="plus min",
        less="minder dan",
        more="meer dan",
        conjunction="en",
        degree="graad",
        degrees="graden",
        number=r"nr\.",
        numbered="nummer",
        firsts={"1(?:e|ste|ᵉ)": "eerste"},
        replaced={
            rf"hal(?:(?<=derhal)|(?<=[eë]nhal))(?:(?:f|ve)-(?=[^\W\d]|\ue003)|f(?={_DUTCH_COUNTED}))": "half ",
            r"\b(?:anderhal(?:f|ve)|[eé][eé]n en een hal(?:f|ve))\b": "een komma vijf",
            r"\bdriekwart\b": "drie kwart",
            rf"\b(acht|negen)tien ?(?={_DUTCH_TENS}\b)": r"\1tienhonderd",
        }
        | {r"tweeen(?=(?:twin|der|veer|vijf|zes|zeven|tach|negen)tig)": "tweeën"}
        | {rf"\b({_DUTCH_HALVED})(?:[eë]n(?:een)?| en een )hal(?:f|ve)\b": r"\1 komma vijf"},
        misread={r"\béén\b": "1"},
        counted=_DUTCH_COUNTED,
        to="tot",
        fractions=_fractions("een half", "een derde", "twee derde", "een kwart", "drie kwart"),
        and_a_half=",5",
        clock="uur",
        hours="uur",
        ordinal="ste|de|e",
        ordinal_sign="e",
    ),
}
