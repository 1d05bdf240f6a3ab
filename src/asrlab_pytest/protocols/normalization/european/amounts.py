"""Amounts of money in the six languages: signs and words after the number, cents as decimals."""

from __future__ import annotations

import re
from functools import cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.abbreviations import half_before, units, write_units
from asrlab_pytest.protocols.normalization.european.conjunctions import AND, OR_TO, first_of_range
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon
from asrlab_pytest.protocols.normalization.european.lexicons import NAMED_CURRENCIES, REAIS
from asrlab_pytest.protocols.normalization.signs import CURRENCY_SIGNS, say_signs

_NUMBER = r"[0-9]+(?:,[0-9]+)?"
_SIGN = rf"(?:[{re.escape(CURRENCY_SIGNS)}]|{NAMED_CURRENCIES})(?!\w)"
_US_DOLLAR = lazy_pattern(r"\bus ?\$")
_REAL = lazy_pattern(r"\br\$\s?([0-9]+(?:[.,][0-9]+)*)")
_ONE_DECIMAL = lazy_pattern(
    rf"(?<![\d,])[0-9]+,[0-9](?=(?: (?:{OR_TO}|{AND}) [0-9]+(?:,[0-9]+)?)? (?![¢¥]){_SIGN}"
    r"(?! (?:[bm]n?|(?:m|b|tr)il[lhij]?(?:i?[oõ]|ia)[ner]\w*)\b))"
)
"""Of an amount, also the first of a range; before a scale it is none: $2.5 M."""
_ZERO_CENTS = lazy_pattern(rf"(?<![\d,])([0-9]+),00(?= {_SIGN})")
_FIRST_SIGN = lazy_pattern(first_of_range(_SIGN))
"""$10 to $20 is as well 10 to 20 $."""
_ONLY_CENTS = lazy_pattern(rf"(?<![\d,])0,([0-9]{{2}}) {_SIGN}")

_GERMAN_PLURALS = (
    "leuten?|menschen|personen|männern?|frauen|kindern?|schülern?|gästen?|besuchern?|teilnehmern?|jahren?|monaten?|wochen|"
    "tagen?|stunden|minuten|sekunden|(?:kilo|zenti|milli)?metern?|kilo|(?:kilo)?gramm|tonnen|litern?|grad|punkten?|seiten|"
    "stück|autos?|häusern?|fällen?|stimmen|plätzen?|flaschen|karten"
)
_DUTCH_PLURALS = (
    "mensen|personen|mannen|vrouwen|kinderen|leerlingen|gasten|bezoekers|deelnemers|jaar|jaren|maanden|weken|dagen|uren|"
    "minuten|seconden|(?:kilo|centi|milli)?meter|kilo|(?:kilo)?gram|ton|liter|graden|punten|keer|stuks|auto's|huizen|"
    "stemmen|plaatsen|flessen|kaarten"
)
_ITALIAN_PLURALS = (
    "persone|donne|ragazze|bambine|studentesse|ore|volte|settimane|pagine|tonnellate|giornate|tazze|"
    "bottiglie|fette|scatole|stelle|stanze|mele|cipolle"
)
_ITALIAN_NO_PLURALS = "oggi|ieri|quindi|altrimenti|anzi|poi|[dnsc]egli|[dn]agli|agli|sugli|lei|lui|noi|voi|miei|suoi"
FRENCH_NO_PLURALS = (
    "les|des|aux|ces|ses|mes|tes|nos|vos|leurs|dans|sans|sous|vers|chez|dès|mais|plus|moins|puis|depuis|alors|après|pas|"
    "jamais|toujours|parfois|nous|vous|ils|elles|tous|hors|lors|suis|es|très|assez|près|pris|compris|mis"
)
_SPANISH_NO_PLURALS = (
    "los|las|más|menos|pues|entonces|tras|es|sus|mis|nos|os|unos|unas|además|después|antes|apenas|gracias|jamás"
)
_PORTUGUESE_NO_PLURALS = (
    "os|as|aos|às|dos|das|nos|nas|pelos|pelas|mas|mais|menos|depois|após|antes|apenas|seus|suas|meus|uns|umas|reais|"
    "simples|somos|vamos|eles|elas|deles|delas"
)
COUNTED = {
    "de": _GERMAN_PLURALS,
    "fr": rf"(?!(?:{FRENCH_NO_PLURALS})\b)[^\W\d]+[sx]",
    "es": rf"(?!(?:{_SPANISH_NO_PLURALS})\b)[^\W\d]+s",
    "it": rf"(?!(?:{_ITALIAN_NO_PLURALS})\b)[^\W\d]{{3,}}i|{_ITALIAN_PLURALS}",
    "pt": rf"(?!(?:{_PORTUGUESE_NO_PLURALS})\b)[^\W\d]+s",
    "nl": _DUTCH_PLURALS,
}
"""Plurals of each language that a number counts, as regular expressions."""
_TIMES = "(?:mal|keer|fois)"
"""What is said between the sides of a room."""
_UNITS = "h|min|mal|uhr|uur"
"""What is counted in a word without a plural, besides units."""


def name_amounts(lexicon: Lexicon, text: str) -> str:
    """The text with currency words and units after a number as signs, and cents as decimals."""
    text = say_signs(_US_DOLLAR.sub("$", _REAL.sub(rf"\1 {REAIS}", text)))
    text = text.replace("₣", lexicon.currencies.get("chf", "₣"))
    if lexicon.five and lexicon.and_a_half[:-1] in text:
        text = half_before(measures(lexicon)).sub(r"\1,5", text)
    text = _currency(lexicon).sub(lambda found: f"{found[1]} {lexicon.currencies[found[2]]}", text)
    text = _and_a_half(lexicon.and_a_half).sub(r"\1,50 \2", text)
    text = _cents(lexicon).sub(_joined, " ".join(text.split()))
    text = _ZERO_CENTS.sub(r"\1", _ONE_DECIMAL.sub(r"\g<0>0", text))
    text = _ONLY_CENTS.sub(lambda found: f"{int(found[1])} ¢", text)
    text = _FIRST_SIGN.sub(r"\1", _lone_cents(lexicon.cents).sub(" ¢", text))
    text = write_units(lexicon.code, text)
    text = _permille(lexicon).sub(" ‰", text)
    return _meters(lexicon.code).sub(r"\1,\2 m", text)


@cache
def measures(lexicon: Lexicon) -> str:
    """Money and units, as a regular expression."""
    return "|".join([_SIGN, *lexicon.currencies, lexicon.degrees, units(lexicon.code)])


@cache
def _currency(lexicon: Lexicon) -> re.Pattern[str]:
    longest_first = "|".join(sorted(lexicon.currencies, key=len, reverse=True))
    return re.compile(rf"(?<![\d,])({_NUMBER}) (?:{lexicon.links})?({longest_first})\b")


@cache
def _and_a_half(words: str) -> re.Pattern[str]:
    """Matches an amount with a half after its currency: deux euros et demi."""
    return re.compile(rf"(?<![\d,])([0-9]+) ({_SIGN}){words}(?=\s*(?:[.,;:!?)]|$))")


@cache
def _cents(lexicon: Lexicon) -> re.Pattern[str]:
    """Matches an amount with its cents, which may lack their word where they have two digits and count nothing."""
    counted = rf"(?:{_UNITS}|{_counted(lexicon.code)})(?![\w'])"
    other = rf"[0-9%‰]|{_SIGN}|(?:{OR_TO}|{lexicon.conjunction}) [0-9,]+(?! {_SIGN})|{counted}"
    joins = rf" (?:(?:{lexicon.joins}) )?|, (?=[0-9]+ (?:{lexicon.cents})\b)"
    return re.compile(
        rf"(?<![\d,])([0-9]+) ({_SIGN})(?:{joins})([0-9]{{1,2}})"
        rf"(?: (?:{lexicon.cents})\b|(?= ?(?:$|[.!?;:](?!\d)))"
        rf"|(?<=[1-9][0-9])(?<! (?:et|en) ..)(?<! und ..)(?![\w%‰]|[.,:/]\d| ?[-–] ?\d| (?:{other})))"
    )


@cache
def _meters(language: str) -> re.Pattern[str]:
    """Matches meters with their centimeters, which count nothing: 1 m 85."""
    other = rf"(?!{_TIMES} [0-9])(?:[0-9%‰]|{_SIGN}|(?:{_UNITS}|{_counted(language)})(?![\w']))"
    return re.compile(rf"(?<![\d,])([1-9]) m (?:e |con )?([1-9][0-9])(?![\w%‰²³]|[.,:/]\d| ?[-–] ?\d| {other})")


@cache
def _permille(lexicon: Lexicon) -> re.Pattern[str]:
    """Matches the words for ‰, but not the price or the measure of 5 por 1000 pesos."""
    return re.compile(rf"(?<=[0-9]) {lexicon.permille}(?!\w|,?[0-9]| [0-9]| (?:{measures(lexicon)})(?!\w))")


def _counted(language: str) -> str:
    return f"{COUNTED[language]}|{units(language)}"


def _joined(found: re.Match[str]) -> str:
    return f"{found[1]},{int(found[3]):02d} {found[2]}"


@cache
def _lone_cents(cents: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=[0-9]) (?:{cents})\b")
