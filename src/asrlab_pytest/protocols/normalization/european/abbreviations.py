"""Abbreviations in the six languages: titles and phrases as they are spoken, and units after a number as symbols."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from asrlab_pytest.patterns import lazy_pattern

_MONSIEUR = r"(?<!\b[^\W\d_]\. )(?<!\b[^\W\d_]\.)(?<![0-9] )m\.(?= [^\W\d_]{2})"
"""No initial, and no meters."""
_PHRASES: Mapping[str, Mapping[str, str]] = {
    "de": {
        r"dr\.?": "doktor",
        r"prof\.": "professor",
        r"hr\.": "herr",
        r"z\. ?b\.": "zum beispiel",
        r"d\. ?h\.": "das heisst",
        r"u\. ?a\.": "unter anderem",
        r"i\. ?d\. ?r\.": "in der regel",
        r"u\. ?s\. ?w\.|usw\.?": "und so weiter",
        r"bzw\.?": "beziehungsweise",
        r"ca\.": "circa",
        r"evtl\.?": "eventuell",
        r"ggf\.?": "gegebenenfalls",
        r"inkl\.": "inklusive",
        r"vgl\.": "vergleiche",
        r"etc\.?": "et cetera",
    },
    "fr": {
        _MONSIEUR: "monsieur",
        r"mm\.(?= [^\W\d_]{2})": "messieurs",
        r"mme\.?": "madame",
        r"mmes\.?": "mesdames",
        r"mlle\.?": "mademoiselle",
        r"dr\.?": "docteur",
        r"pr\.?(?= [^\W\d_]{2})": "professeur",
        r"p\. ?ex\.": "par exemple",
        r"c\. ?-à-d\.": "c'est-à-dire",
        r"env\.": "environ",
        r"etc\.?": "et cetera",
    },
    "es": {
        r"sr\.?": "señor",
        r"sra\.?": "señora",
        r"srta\.?": "señorita",
        r"sres\.?": "señores",
        r"dr\.?": "doctor",
        r"dra\.?": "doctora",
        r"prof\.": "profesor",
        r"[uv]d\.": "usted",
        r"[uv]ds\.": "ustedes",
        r"p\. ?ej\.": "por ejemplo",
        r"aprox\.": "aproximadamente",
        r"avda\.": "avenida",
        r"etc\.?": "etcétera",
    },
    "it": {
        r"sig\.": "signor",
        r"sig\.ra": "signora",
        r"sig\.na": "signorina",
        r"sigg\.": "signori",
        r"dott\.|dr\.?": "dottor",
        r"dott\.ssa": "dottoressa",
        r"prof\.": "professor",
        r"prof\.ssa": "professoressa",
        r"avv\.": "avvocato",
        r"p\. ?es\.": "per esempio",
        r"ad es\.": "ad esempio",
        r"ecc\.?|etc\.?": "eccetera",
    },
    "pt": {
        r"sr\.?": "senhor",
        r"sra\.?": "senhora",
        r"srta\.?": "senhorita",
        r"dr\.?": "doutor",
        r"dra\.?": "doutora",
        r"prof\.": "professor",
        r"profa\.|prof\.ª": "professora",
        r"p\. ?ex\.": "por exemplo",
        r"etc\.?": "et cetera",
    },
    "nl": {
        r"dr\.?": "doctor",
        r"prof\.": "professor",
        r"dhr\.?": "de heer",
        r"mevr\.?|mw\.": "mevrouw",
        r"bijv\.?": "bijvoorbeeld",
        r"d\. ?w\. ?z\.": "dat wil zeggen",
        r"o\. ?a\.": "onder andere",
        r"i\. ?p\. ?v\.": "in plaats van",
        r"m\. ?b\. ?t\.": "met betrekking tot",
        r"m\. ?a\. ?w\.": "met andere woorden",
        r"enz\.?": "enzovoort",
        r"ca\.": "circa",
        r"incl\.": "inclusief",
        r"etc\.?": "et cetera",
    },
}
"""Regular expressions, each with what is spoken."""
UNITS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "km": "kilometern?",
        "m": "metern?",
        "cm": "zentimetern?",
        "mm": "millimetern?",
        "kmh": "kilometern? (?:pro|in der) stunde|stundenkilometern?|km/h",
        "km²": "quadratkilometern?|qkm",
        "m²": "quadratmetern?|qm",
        "m³": "kubikmetern?",
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
        "km": "kilomètres?",
        "m": "mètres?",
        "cm": "centimètres?",
        "mm": "millimètres?",
        "kmh": "kilomètres?(?: |-| par | à l')heure|km/h",
        "km²": "kilomètres? carrés?",
        "m²": "mètres? carrés?",
        "m³": "mètres? cubes?",
        "kg": "kilogrammes?|kilos?",
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
        "km": "kilómetros?",
        "m": "metros?",
        "cm": "centímetros?",
        "mm": "milímetros?",
        "kmh": "kilómetros? por hora|km/h",
        "km²": "kilómetros? cuadrados?",
        "m²": "metros? cuadrados?",
        "m³": "metros? cúbicos?",
        "kg": "kilogramos?|kilos?",
        "g": "gramos?",
        "mg": "miligramos?",
        "t": "toneladas?",
        "l": "litros?",
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
        "kmh": "chilometr[oi] (?:orari|all'ora|l'ora)|km/h",
        "km²": "chilometr[oi] quadrat[oi]",
        "m²": "metr[oi] quadr(?:at)?[oi]|mq",
        "m³": "metr[oi] cub[oi]|mc",
        "kg": "chilogramm[oi]|chil[oi]",
        "g": "gramm[oi]",
        "mg": "milligramm[oi]",
        "t": "tonnellat[ae]",
        "l": "litr[oi]|lt",
        "ml": "millilitr[oi]",
        "min": "minut[oi]",
        "gb": "gigabyte",
        "mb": "megabyte",
    },
    "pt": {
        "km": "quil[ôó]metros?",
        "m": "metros?",
        "cm": "centímetros?",
        "mm": "milímetros?",
        "kmh": "quil[ôó]metros? por hora|km/h",
        "km²": "quil[ôó]metros? quadrados?",
        "m²": "metros? quadrados?",
        "m³": "metros? cúbicos?",
        "kg": "quilogramas?|quilos?",
        "g": "gramas?",
        "mg": "miligramas?",
        "t": "toneladas?",
        "l": "litros?",
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
        "kmh": "kilometers? per uur|km/?u|km/h",
        "km²": "vierkante kilometers?",
        "m²": "vierkante meters?",
        "m³": "kubieke meters?",
        "kg": "kilogram(?:men)?|kilo(?:'s)?",
        "g": "gram(?:men)?",
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


def say_abbreviations(language: str, text: str) -> str:
    """The text with titles and phrases written out: Dr. Weber, z. B. is doktor weber, zum beispiel."""
    text = _replaced(_phrases(language), text)
    return _POWER.sub(lambda found: found[1] + _POWERS[found[2]], text)


def write_units(language: str, text: str) -> str:
    """The text with units after a number as symbols, which say neither one nor more: 5 kilometers is 5 km."""
    return _replaced(_units(language), text)


def _replaced(table: tuple[re.Pattern[str], Sequence[str]], text: str) -> str:
    """The text with what each group of the pattern matches replaced by the word of its number."""
    pattern, words = table
    return pattern.sub(lambda found: words[(found.lastindex or 1) - 1], text)


@cache
def _phrases(language: str) -> tuple[re.Pattern[str], Sequence[str]]:
    forms = _PHRASES[language]
    return re.compile(rf"(?<![\w.'-])(?:{_groups(forms)})(?![\w'-])"), [*forms.values()]


@cache
def _units(language: str) -> tuple[re.Pattern[str], Sequence[str]]:
    longest_first = sorted(UNITS[language].items(), key=lambda unit: len(unit[1]), reverse=True)
    words = _groups(words for _, words in longest_first)
    return re.compile(rf"(?<=[0-9] )(?:{words})(?![\w'²³/])"), [symbol for symbol, _ in longest_first]


def _groups(forms: Iterable[str]) -> str:
    return "|".join(f"({form})" for form in forms)
