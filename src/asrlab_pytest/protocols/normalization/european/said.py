"""What a speaker of the six languages says for minus, degrees, &, an abbreviated "number", and a first in digits."""

from __future__ import annotations

import re
from functools import cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.abbreviations import say_powers
from asrlab_pytest.protocols.normalization.european.accents import write_accents
from asrlab_pytest.protocols.normalization.european.centuries import say_centuries
from asrlab_pytest.protocols.normalization.european.conjunctions import BETWEEN, value_of
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon
from asrlab_pytest.protocols.normalization.european.ordinals import mark_ordinals
from asrlab_pytest.protocols.normalization.signs import AT_OPENING, BEFORE_MINUS, CURRENCY_SIGNS, FRACTIONS, minus_first

_MINUS = lazy_pattern(
    rf"(?<![^{BEFORE_MINUS}]){AT_OPENING}(?<![0-9]\s)[-−–](?=(?:r?[{re.escape(CURRENCY_SIGNS)}]\s?)?[0-9{FRACTIONS}])"
)
_CODE = lazy_pattern(r"(?:(?<!\S)(\S+) (?:d[ei] )?)?(?<![\w/'])(?<!\w-)(eur|usd|gbp|chf)\s?(?=[0-9])")
_WITH_CODE = lazy_pattern(rf"[0-9][0-9.,]* \w+ (?:eur|usd|gbp|chf|[{re.escape(CURRENCY_SIGNS)}])")
"""Two numbers, the second of which has a code or sign."""
_SIGNS_OF_CODES = {"eur": "€", "usd": "$", "gbp": "£", "chf": "₣"}
_BEHIND_WORD = rf"(?<=[\w)+#%°{re.escape(CURRENCY_SIGNS)}] )"
_BEFORE_WORD = rf"(?= [\w({re.escape(CURRENCY_SIGNS)}])"
"""Around a sign that stands by itself between two words."""
_PLUS = lazy_pattern(
    rf"(?<![^{BEFORE_MINUS}]){AT_OPENING}\+(?=[0-9]| ?(?:de|d'|di|als|dan)\b)|(?<=[\w+])\+(?![^\W\d])"
    rf"|{_BEHIND_WORD}\+{_BEFORE_WORD}"
)
_LESS = lazy_pattern(rf"(?<=[0-9]) ?− ?(?=[0-9])|{_BEHIND_WORD}−{_BEFORE_WORD}")
_COMPARED = lazy_pattern(
    rf"(?:(?<![<>=-])(?=.\s?[{re.escape(CURRENCY_SIGNS)}]?[0-9])|{_BEHIND_WORD}(?=.{_BEFORE_WORD}))([<>±])\s?"
)
_DECIMAL_APOSTROPHE = lazy_pattern(r"(?<![\w.,'])([0-9]+)'(?=[0-9]{1,2}(?![\w'\"]|[.,][0-9]))")
"""That of 2'5 kg, as it is usual in Spain."""
_SHARP = lazy_pattern(r"\b([cf])#")
_DOTTED = lazy_pattern(
    r"(?<![\w.'-])[^\W\d_](?:\.[^\W\d_])+\b\.?(?!\w)|(?<![\w.'/-])(?<![0-9] )[^\W\d_]\.(?:\s[^\W\d_]\.)+(?!\w)"
)
"""Letters with full stops: U.S.A., z. B."""
_DOUBLED = lazy_pattern(r"(?<!\w)([^\W\d_])\1\.\s?([^\W\d_])\2(?!\w)\.?")
"""A plural of two words: EE.UU."""
_DOT = lazy_pattern(r"[.\s]")
_SCALE = lazy_pattern(rf"(?:(?<=[0-9{FRACTIONS}])\s?[°º]|(?<=[^\W\d_]) °)\s?(c|f)(?!'?\w)")
_COMPASS = lazy_pattern(r"(?<=[0-9])°(?=(?:[nsz][ewo]?|[ewo])(?!\w))")
"""The degrees of 48°N."""
_DEGREES_WITHIN = lazy_pattern(r"(?<=[0-9])°(?=[0-9])")
"""Of 37°2 and 48°51'."""
_CENTIGRADE = lazy_pattern(r"\b(degrés|grad[oi]s?|graus) (?:centigrades|cent[ií]grados|centigradi)\b")
_DEGREES = lazy_pattern(rf"(?:(?<=[0-9{FRACTIONS}])|(?<=[^\W\d_]{{3}}))\s?°(?!\w)")
_BEFORE_ORDINAL = {
    "es": (
        r"d?el|al|las?|una?|mi|tu|su|[nv]uestr(?:o|as?)|es(?:t?e|t?as?)|aquel(?:las?)?"
        r"|art(?:\.|ículo)|capítulo|inciso|piso|siglo"
    ),
    "it": (
        r"(?:il|col|[ad]l|[dn]el|[ds][au]l|(?:a|da|de|ne|su)?l(?:a|le)|le)(?: loro)?|una?|mi[oae]|[ts]u[oae]"
        r"|[nv]ostr[oae]|quest[oae]|quel(?:l[ae])?|art(?:\.|icolo)|canto|capitolo|piano"
    ),
    "pt": (
        r"[dn]?(?:o|as)|[dn]a|ao|às|[dn]?uma?|pel(?:o|as?)|[mts]eu|minhas?|[ts]uas?|[nv]oss(?:o|as?)"
        r"|[dn]?(?:es[ts]|aquel)(?:e|as?)|art(?:\.|igo)|andar|capítulo|inciso|século"
    ),
}
"""Determiners, and nouns with their number after them. Behind a masculine plural or à, ° is degrees: los 30°."""
_RANKED = (
    "anivers[aá]rio|anniversario|cumpleaños|compleanno|edi(?:ción|ção|zione)|congres+o|festival|lugar|puesto|posto|"
    "posi(?:ción|ção|zione)|piso|piano|andar|capítulo|capitolo|siglo|secolo|século|salário|minuto|jornadas?|giornata|"
    "batallón|batalhão|reg(?:imiento|imento|gimento)|torneo|premio|prêmio|grado|grau|a[nñ]o|semestre|izquierda|derecha|"
    "izda|dcha|esq|clas+ificad[oa]|classificat[oa]|colocad[oa]|assolut[oa]|davanti|dietro|detrás|turno|giro|gara|gol|"
    "tappa|etapa|ronda|rodada|partita|partido|partida|vez|volta|stagione|temporada|triunfo|vit(?:to|ó)ria|victoria|fecha|"
    "(?:en|in)contro|encuentro|juegos|jogos|giochi|camp(?:eo|io)nat(?:os?|i)|trofeo|troféu|concurso|"
    "concorso|bpm|día|dia|giorno|[bdg-mp-rt-v](?!')"
)
"""What has ordinals also without a determiner before them, with the letter of a door: 50° aniversario, 12° B."""
_MORE = r"(?: ?[-–/] ?| (?:al?|a(?:i|os| los)|[eoy]|ou) )[0-9]+°(?!\w)"
"""Another number with ° behind "and" or "to": la 12° y 13° fecha, 9°-12° grado."""
_FROM_ZERO = lazy_pattern(
    r"(?<=[0-9])\s?°(?= (?:(?:bajo|sobre) cero|so(?:tto|pra) (?:lo )?zero|a(?:baixo|cima) de zero|negativos?)\b)"
)
_LEAST_BARE = 10
"""The first number with ° that is not rather an ordinal."""
_AND = lazy_pattern(r"(?<=\w)\s?&\s?(?=\w)")
_HYPHENED = lazy_pattern(r"\b(e-(?=mails?\b)|wi-(?=fi\b))")
"""Words that are as usual without their hyphen."""
_CLOSING_QUOTE = lazy_pattern(r"[\"„“”«»‹›](?!\w|[-−–+±<>]\s?[0-9])(?:(?<=[^\s(\[].)|(?<=\s[»›]))")
_QUOTE = lazy_pattern(r"(?<!\w)'|'(?!\w)")
"""No apostrophe, which would belong to the number beside it."""


def said_symbols(lexicon: Lexicon, text: str) -> str:
    """The text with signs and abbreviations that are spoken as words."""
    text = write_accents(text) if lexicon.code == "it" else text
    text = _CODE.sub(lambda found: _sign_of_code(lexicon, found), text)
    if "'" in text:
        text = _QUOTE.sub('"', _DECIMAL_APOSTROPHE.sub(r"\1,", text) if lexicon.code == "es" else text)
    text = say_powers(_CLOSING_QUOTE.sub(",", text))
    if "." in text:
        text = _DOTTED.sub(lambda found: _DOT.sub("", found[0]), text)
        text = _DOUBLED.sub(r"\1\1\2\2", text)
    text = _HYPHENED.sub(lambda found: found[0][:-1], text)
    if "+" in text:
        text = _PLUS.sub(f" {lexicon.plus} ", text)
    if "#" in text:
        text = _SHARP.sub(r"\1 sharp ", text)
    text = _COMPARED.sub(lambda found: _compared(lexicon, found[1]), text)
    text = _LESS.sub(f" {lexicon.minus} ", text)
    text = _MINUS.sub(f"{lexicon.minus} ", minus_first(text))
    text = _AND.sub(f" {lexicon.conjunction} ", text)
    text = say_centuries(lexicon, text)
    text = _abbreviation(lexicon.number).sub(f"{lexicon.numbered} ", text)
    text = _say_degrees(lexicon, text) if "°" in text or "º" in text else text
    text = mark_ordinals(lexicon.code, _CENTIGRADE.sub(r"\1 celsius", text))
    for pattern, word in _firsts(tuple(lexicon.firsts.items())):
        text = pattern.sub(word, text)
    return text


def _say_degrees(lexicon: Lexicon, text: str) -> str:
    text = _SCALE.sub(lambda found: f" {lexicon.degrees} {_scale(found)}", _COMPASS.sub(f" {lexicon.degrees} ", text))
    if lexicon.has_bare_degrees:
        return _DEGREES.sub(f" {lexicon.degrees}", _DEGREES_WITHIN.sub(f" {lexicon.degrees} ", text))
    text = _FROM_ZERO.sub(f" {lexicon.degrees}", text)
    pattern = _degrees_or_ordinal(lexicon.code, lexicon.minus, lexicon.plus)
    return pattern.sub(lambda found: _degrees(lexicon, found), text)


def _sign_of_code(lexicon: Lexicon, found: re.Match[str]) -> str:
    """The sign of a currency for its code before a number, unless the number before it has it: 50 EUR 20 Cent."""
    before, code = found[1] or "", found[2]
    is_behind_number = before[-1:].isdigit() or value_of(lexicon, before) >= 0
    is_first_of_two = before in BETWEEN and not _WITH_CODE.match(found.string, found.end())
    if is_behind_number or is_first_of_two or before in _SIGNS_OF_CODES or code not in lexicon.currencies:
        return found[0]
    return f"{found.string[found.start() : found.start(2)]}{_SIGNS_OF_CODES[code]}"


def _compared(lexicon: Lexicon, sign: str) -> str:
    return f" {lexicon.less if sign == '<' else lexicon.more if sign == '>' else lexicon.plus_minus} "


@cache
def _degrees_or_ordinal(code: str, minus: str, plus: str) -> re.Pattern[str]:
    """Matches a number with °, with what is before it, and what is after it if that tells what it is."""
    return re.compile(
        rf"(?:\b(?:({minus}|{plus})|({_BEFORE_ORDINAL[code]})) )?(?<![\w.,:'])([0-9]+)"
        rf"([.,][0-9]+\s?|\s|[{FRACTIONS}]\s?)?°(?!\w)(?(2)(?(4)|(?<!\b0°)(?:{_MORE}){{0,3}}))"
        rf"(?=(?:((?:{_MORE}){{0,3}} (?:{_RANKED})\b)|((?: ?[-–] ?| (?:a(?:i|os| los)?|[eoy]|ou) )[1-9][0-9]+°))?)"
    )


def _degrees(lexicon: Lexicon, found: re.Match[str]) -> str:
    """A temperature in words, and an ordinal unchanged: meno 5°, but il 5° posto."""
    sign, determiner, number, rest, ranked, range_end = found.groups()
    is_ordinal = determiner or ranked or not (range_end or int(number) >= _LEAST_BARE)
    is_temperature = sign or rest or int(number) == 0 or not is_ordinal
    return f"{found[0][:-1].rstrip()} {lexicon.degrees}" if is_temperature else found[0]


def _scale(found: re.Match[str]) -> str:
    return "celsius" if found[1] == "c" else "fahrenheit"


@cache
def _abbreviation(forms: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{forms}|[#№])\s?(?=[0-9])")


@cache
def _firsts(forms: tuple[tuple[str, str], ...]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(rf"(?<![\w.,:/-])(?:{form})(?!\w)"), word) for form, word in forms]
