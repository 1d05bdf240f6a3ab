"""Abbreviations in the six languages: titles and phrases as they are spoken, and units after a number as symbols."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from asrlab_pytest.patterns import lazy_pattern

_CAPITAL = f"[A-Z{''.join(chr(code) for code in range(0xC0, 0x250) if chr(code).isupper())}]"
_NAME = rf"(?-i:{_CAPITAL}(?:[\w.]|['’]{_CAPITAL})|[dD]['’]{_CAPITAL})"
"""How a name or an initial begins."""
_PARTICLE = r"(?:de|du|des|le|la|les|van|von|di|da|del|el|al|et (?:mme|madame))(?!\w)|l['’]"
"""What begins a name, or a form of address, in small letters: M. de Villepin, M. le maire."""
_SENTENCE = "elles?|ils?|on|je|tu|nous|vous|un|une|des|ce|cela|ça|et|mais|donc|puis|alors|dans|pour|avec|qu"
"""What begins a sentence rather than a name."""


def _after(*articles: str) -> str:
    """What holds behind these articles, as a regular expression."""
    return "(?:" + "|".join(rf"(?<=\b{article} )" for article in articles) + ")"


_PHRASES: Mapping[str, Mapping[str, str]] = {
    "de": {
        "dr": "doktor",
        "prof": "professor",
        rf"(?-i:Hr)\.(?= (?:{_NAME}|(?-i:{_PARTICLE})))": "herr",
        r"z\. ?b(?:\.|(?!\S))": "zum beispiel",
        r"d\. ?h\.": "das heißt",
        r"u\. ?a\.": "unter anderem",
        r"i\. ?d\. ?r\.": "in der regel",
        r"u\. ?s\. ?w\.": "und so weiter",
        "usw": "und so weiter",
        "bzw": "beziehungsweise",
        "ca|zirka": "circa",
        "evtl": "eventuell",
        "ggf": "gegebenenfalls",
        "inkl": "inklusive",
        "vgl": "vergleiche",
        "etc(?:etera)?|et c(?:ae|æ)tera": "et cetera",
    },
    "fr": {
        "mme": "madame",
        "mmes": "mesdames",
        "mlle": "mademoiselle",
        "mlles": "mesdemoiselles",
        "dr": "docteur",
        rf"(?-i:Pr)\.?(?= {_NAME})": "professeur",
        r"p\. ?ex\.": "par exemple",
        r"c\. ?-à-d\.": "c'est-à-dire",
        "env": "environ",
        "etc(?:etera)?|et c(?:ae|æ)tera": "et cetera",
    },
    "es": {
        r"sr(?:\.ª|\.?a|ª)\.?": "señora",
        r"sr\.?as": "señoras",
        "sr": "señor",
        "srta": "señorita",
        "srtas": "señoritas",
        "sre?s": "señores",
        r"dr(?:\.ª|\.?a|ª)\.?": "doctora",
        r"dr\.?as": "doctoras",
        "dr": "doctor",
        "dre?s": "doctores",
        rf"prof(?:\.ª|\.?a)\.?|{_after('la', 'una')}prof": "profesora",
        "prof": "profesor",
        "(?-i:[UV][dD])": "usted",
        "(?-i:[UV](?:ds|DS))": "ustedes",
        r"p\. ?ej\.": "por ejemplo",
        "aprox": "aproximadamente",
        "avda": "avenida",
        "etc(?:etera)?": "etcétera",
    },
    "it": {
        r"sig\.ra": "signora",
        r"sig\.na": "signorina",
        "sig": "signor",
        "sigg": "signori",
        r"dott\.ssa|dr\.ssa": "dottoressa",
        "dott|dr": "dottor",
        rf"prof\.ssa|{_after('la', 'una', 'alla', 'della', 'dalla')}prof": "professoressa",
        "prof": "professor",
        "avv": "avvocato",
        r"p\. ?es\.": "per esempio",
        r"ad es\.": "ad esempio",
        "ecc": "eccetera",
        "etc(?:etera)?": "eccetera",
    },
    "pt": {
        r"sr(?:\.ª|\.?a|ª)\.?": "senhora",
        r"sr\.?as": "senhoras",
        "sr": "senhor",
        "srs": "senhores",
        "srta": "senhorita",
        r"dr(?:\.ª|\.?a|ª)\.?": "doutora",
        r"dr\.?as": "doutoras",
        "dr": "doutor",
        "drs": "doutores",
        rf"prof(?:\.ª|\.?a|ª)\.?|{_after('a', 'à', 'da', 'uma', 'pela')}prof": "professora",
        "prof": "professor",
        r"p\. ?ex\.": "por exemplo",
        "etc(?:[eé]tera)?": "et cetera",
    },
    "nl": {
        "dr": "doctor",
        "prof": "professor",
        "dhr": "de heer",
        "mevr": "mevrouw",
        "(?<![0-9] )mw": "mevrouw",
        "bijv": "bijvoorbeeld",
        r"d\. ?w\. ?z\.": "dat wil zeggen",
        r"o\. ?a\.": "onder andere",
        r"i\. ?p\. ?v\.": "in plaats van",
        r"m\. ?b\. ?t\.": "met betrekking tot",
        r"m\. ?a\. ?w\.": "met andere woorden",
        "enz": "enzovoort",
        "ca": "circa",
        "incl": "inclusief",
        "etc(?:etera)?|et c(?:ae|æ)tera": "et cetera",
    },
}
"""Regular expressions, each with what is spoken. One without a full stop may be written with or without it."""
UNITS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "km": "kilometern?",
        "m": "metern?",
        "cm": "zentimetern?",
        "mm": "millimetern?",
        "kmh": "(?:kilometern?|km) (?:pro|in der) stunde|stundenkilometern?|km/h",
        "km²": "quadratkilometern?|qkm",
        "m²": "quadratmetern?|qm",
        "m³": "kubikmetern?",
        "cm²": "quadratzentimetern?",
        "cm³": "kubikzentimetern?",
        "kg": "kilogramm|kilos?",
        "g": "gramm",
        "mg": "milligramm",
        "t": "tonnen?",
        "l": "litern?",
        "ml": "millilitern?",
        "min": "minuten?",
        "kwh": "kilowattstunden?",
        "kw": "kilowatt",
        "gb": "gigabytes?",
        "mb": "megabytes?",
    },
    "fr": {
        "km": "kilomètres?|kms",
        "m": "mètres?",
        "cm": "centimètres?",
        "mm": "millimètres?",
        "kmh": "(?:kilomètres?|km)(?: |-| par | à l')heure|km/h",
        "km²": "(?:kilomètres?|km) carrés?",
        "m²": "(?:mètres?|m) carrés?",
        "m³": "mètres? cubes?",
        "cm²": "(?:centimètres?|cm) carrés?",
        "cm³": "(?:centimètres?|cm) cubes?",
        "kg": "kilogrammes?|kilos?|kgs",
        "g": "grammes?",
        "mg": "milligrammes?",
        "t": "tonnes?",
        "l": "litres?",
        "cl": "centilitres?",
        "ml": "millilitres?",
        "min": "minutes?",
        "kwh": "kilowatt-?heures?",
        "go": "gigaoctets?",
        "mo": "mégaoctets?",
    },
    "es": {
        "km": "kilómetros?|kms",
        "m": "metros?|mts?",
        "cm": "centímetros?",
        "mm": "milímetros?",
        "kmh": "(?:kilómetros?|km) por hora|km/h",
        "km²": "(?:kilómetros?|km) cuadrados?",
        "m²": "(?:metros?|m) cuadrados?",
        "m³": "metros? cúbicos?",
        "cm²": "(?:centímetros?|cm) cuadrados?",
        "cm³": "(?:centímetros?|cm) cúbicos?",
        "kg": "kilogramos?|kilos?|kgs",
        "g": "gramos?|grs?",
        "mg": "miligramos?",
        "t": "toneladas?",
        "l": "litros?|lts?",
        "ml": "mililitros?",
        "min": "minutos?",
        "gb": "gigabytes?",
        "mb": "megabytes?",
    },
    "it": {
        "km": "chilometr[oi]",
        "m": "metr[oi]|mt",
        "cm": "centimetr[oi]",
        "mm": "millimetr[oi]",
        "kmh": "(?:chilometr[oi]|km) (?:orari|all'ora|l'ora)|km/h",
        "km²": "(?:chilometr[oi]|km) quadrat[oi]",
        "m²": "(?:metr[oi]|m) quadr(?:at)?[oi]|mq",
        "m³": "(?:metr[oi]|m) cub[oi]|mc",
        "cm²": "(?:centimetr[oi]|cm) quadr(?:at)?[oi]",
        "cm³": "(?:centimetr[oi]|cm) cub[oi]",
        "kg": "chilogramm[oi]|chil[oi]",
        "g": "gramm[oi]|gr",
        "mg": "milligramm[oi]",
        "t": "tonnellat[ae]",
        "l": "litr[oi]|lt",
        "ml": "millilitr[oi]",
        "min": "minut[oi]",
        "gb": "gigabyte",
        "mb": "megabyte",
    },
    "pt": {
        "km": "quil[ôó]metros?|kms",
        "m": "metros?|mts?",
        "cm": "centímetros?",
        "mm": "milímetros?",
        "kmh": "(?:quil[ôó]metros?|km) por hora|km/h",
        "km²": "(?:quil[ôó]metros?|km) quadrados?",
        "m²": "(?:metros?|m) quadrados?",
        "m³": "metros? cúbicos?",
        "cm²": "(?:centímetros?|cm) quadrados?",
        "cm³": "(?:centímetros?|cm) cúbicos?",
        "kg": "quilogramas?|quilos?|kgs",
        "g": "gramas?",
        "mg": "miligramas?",
        "t": "toneladas?",
        "l": "litros?|lts?",
        "ml": "mililitros?",
        "min": "minutos?",
        "gb": "gigabytes?",
        "mb": "megabytes?",
    },
    "nl": {
        "km": "kilometers?",
        "m": "meters?",
        "cm": "centimeters?",
        "mm": "millimeters?",
        "kmh": "(?:kilometers?|km) per uur|km/?u(?:ur)?|km/h",
        "km²": "vierkante (?:kilometers?|km)",
        "m²": "vierkante (?:meters?|m)",
        "m³": "kubieke (?:meters?|m)",
        "cm²": "vierkante (?:centimeters?|cm)",
        "cm³": "kubieke (?:centimeters?|cm)",
        "kg": "kilogram(?:men)?|kilo(?:'s)?",
        "g": "gram(?:men)?|gr",
        "mg": "milligram",
        "t": "ton",
        "l": "liters?",
        "ml": "milliliters?",
        "kwh": "kilowattuur",
        "gb": "gigabytes?",
        "mb": "megabytes?",
    },
}
"""Symbols, each with its words as a regular expression. Dutch `min` is minus."""
_POWER = lazy_pattern(r"(?<=[0-9])(\s?[kcm]?m)([23])(?!\w)")
_POWERS = {"2": "²", "3": "³"}
_MONSIEUR = lazy_pattern(
    rf"(?<![\w.&-])(?<![0-9] )(?<!{_CAPITAL} & )(?:(MM?)\.(?= (?:{_NAME}|[XYZ]\b|{_PARTICLE}))"
    rf"(?! (?={_CAPITAL})(?i:{_SENTENCE})\b)"
    r"|(?<=\bet )(MM)\.)"
)
_MISTERS = {"M": "monsieur", "MM": "messieurs"}
_SMALL = lazy_pattern(rf"\s+(?!{_CAPITAL})[^\W\d_]")
_OPEN = lazy_pattern(r"(?:^|[.!?:…(«»\"“”„'‘–—-])\s*$")
"""The end of what stands before a sentence."""
_REACH = 60
"""Characters before an abbreviation that say whether it begins a sentence, or follows a first name."""
_MINUTES = lazy_pattern(
    r"(?i)(?<![\w.,])((?:een|['’]n) )?([0-9]+(?:[.,][0-9]+)?) min(?:\.|(?![\w.]|['’]\w|-(?![0-9])| ?[0-9]"
    r"| (?:of meer|[a-z]|nul|één|twee|drie|vier|vijf|zes|zeven|acht|negen|elf|twaalf|\w*t(?:ien|ig))\b))"
)
"""Dutch min, but not before a number, which it takes away."""
_BEST_GRADE = 10
_HALVED = ("fr", "es", "it", "pt")
"""Languages that say a half after the unit, with "and": deux kilos et demi."""
_HALF = r"(?: et demie?| y medi[oa]| e mezz[oa]| e mei[oa])"
_DEGREES = "grad[oi]s?|graus|degrés"
_NOUNS = "hor[ae]s?|heures?|or[ae]|d[ií]as?|jours?|journées?|giorn[oi]|giornat[ae]"
"""What a half may be of, where it is none of the unit before it."""


def say_abbreviations(language: str, text: str) -> str:
    """The text with titles and phrases written out: Dr. Weber, z. B. is Doktor Weber, zum Beispiel.

    Args:
        language: Of the profile.
        text: With its capitals, which tell a title from an acronym and from initials: Pr. Martin and PR.
    """
    is_shouted = _is_shouted(text)
    pattern, words = _phrases(language)

    def said(found: re.Match[str]) -> str:
        is_other = found[0].isupper() and not is_shouted and not _is_phrase(found)
        return found[0] if is_other else words[(found.lastindex or 1) - 1]

    text = pattern.sub(said, text)
    if language == "nl":
        return _MINUTES.sub(_minutes, text)
    return _MONSIEUR.sub(_monsieur, text) if language == "fr" else text


def _is_shouted(text: str) -> bool:
    """Whether a text has capitals only, besides ß and the signs of ordinals, º and ª."""
    letters = text.replace("ß", "")
    return letters == letters.upper()


def _is_phrase(found: re.Match[str]) -> bool:
    """Whether two capitals are a phrase that begins a sentence, rather than an acronym or the initials of a name."""
    form, text = found[0], found.string
    if "." not in form[:-1]:
        return False
    is_first = form[0] == "Z" and _OPEN.search(text[max(0, found.start() - _REACH) : found.start()]) is not None
    return is_first or _SMALL.match(text, found.end()) is not None


def _monsieur(found: re.Match[str]) -> str:
    """The title, unless it is an initial: after another one, or after a first name within a sentence."""
    before = found.string[max(0, found.start() - _REACH) : found.start()]
    *others, word = before.rstrip().rsplit(" ", 1) if before.strip() else [""]
    is_initial = re.fullmatch(rf"(?:{_CAPITAL}\.)+", word)
    is_first_name = re.fullmatch(rf"{_CAPITAL}[^\W\d_-]+(?:-{_CAPITAL}\w+)?", word) and not word.isupper()
    is_within = others and not _OPEN.search(f"{others[0]} ")
    return found[0] if is_initial or (is_first_name and is_within) else _MISTERS[found[1] or found[2]]


def _minutes(found: re.Match[str]) -> str:
    """The word, but not behind a grade: een 7 min."""
    article, number = found[1] or "", found[2]
    if article and float(number.replace(",", ".")) <= _BEST_GRADE:
        return found[0]
    return f"{article}{number} {'minuut' if number == '1' else 'minuten'}"


@cache
def _phrases(language: str) -> tuple[re.Pattern[str], Sequence[str]]:
    forms = _PHRASES[language]
    groups = _groups(form if "." in form else rf"(?:{form})(?:\.|(?!\.))" for form in forms)
    return re.compile(rf"(?<![\w.-])(?:{groups})(?![\wª-]|['’]\w)", re.IGNORECASE), [*forms.values()]


def say_powers(text: str) -> str:
    """The text with m² for m2 after a number."""
    return _POWER.sub(lambda found: found[1] + _POWERS[found[2]], text)


def write_units(language: str, text: str) -> str:
    """The text with units after a number as symbols, which say neither one nor more: 5 kilometers is 5 km."""
    pattern, symbols = _units(language)
    text = pattern.sub(lambda found: symbols[(found.lastindex or 1) - 1], text)
    return _halves(language).sub(r"\1,5 \2", text) if language in _HALVED else text


@cache
def _units(language: str) -> tuple[re.Pattern[str], Sequence[str]]:
    longest_first = sorted(UNITS[language].items(), key=lambda unit: len(unit[1]), reverse=True)
    words = _groups(words for _, words in longest_first)
    after = "|".join([r"(?<=[0-9] )", *(rf"(?<=\b{part}[ -])" for part in _PARTS[language].split("|"))])
    return re.compile(rf"(?:{after})(?:{words})(?![\w'²³/])"), [symbol for symbol, _ in longest_first]


@cache
def _halves(language: str) -> re.Pattern[str]:
    """Matches a whole number with its unit and a half after it: 2 kg et demi."""
    symbols = "|".join(UNITS[language])
    others = rf"{units(language)}|{_DEGREES}|{_NOUNS}"
    return re.compile(rf"(?<![\d,])([0-9]+) ({symbols}|{_DEGREES}){_HALF}\b(?! (?:{others})\b)")


_PARTS = {
    "de": "viertel|halb|drittel",
    "fr": "demi|quart|quarts|tiers",
    "es": "medio|cuarto|cuartos|tercio|tercios",
    "it": "mezzo|quarto|quarti|terzo|terzi",
    "pt": "meio|quarto|quartos|terço|terços",
    "nl": "half|kwart|derde",
}
"""Words of fractions, after which a unit is one as well."""


@cache
def units(language: str) -> str:
    """All symbols and words of units, as a regular expression."""
    return "|".join([*UNITS[language], *UNITS[language].values()])


@cache
def half_before(measures: str) -> re.Pattern[str]:
    """Matches a whole number with a half before what it measures, a regular expression: 2 e mezzo kg."""
    return re.compile(rf"(?<![\d,])([0-9]+){_HALF}(?= ?(?:{measures})(?!\w))")


def _groups(forms: Iterable[str]) -> str:
    return "|".join(f"({form})" for form in forms)
