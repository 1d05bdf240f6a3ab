"""Spoken numbers of the six languages, by text2num."""

from __future__ import annotations

import re
from functools import cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.conjunctions import (
    UNREAD,
    number_of,
    part_hyphens,
    part_numbers,
)
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon
from asrlab_pytest.protocols.normalization.european.ordinals import (
    part_sentences,
    say_german_decades,
    say_german_ordinals,
)
from asrlab_pytest.protocols.normalization.european.times import say_times
from asrlab_pytest.protocols.normalization.european.written import POINT, decimals, scaled

_LEAST = 2
"""A one alone is mostly an article."""
_OR = "(?:bis|oder|à|ou|al?|[ou]|tot|of)(?: (?:il|el|le))?"
"""What stands between the two numbers of a range or a choice, in any of the languages."""
_AND = "(?:und|et|[ye]|en)(?: (?:il|el|le))?"
_SUSPENDED = lazy_pattern(rf"(?<=[^\W\d_])-(?= (?:{_OR}|{_AND}) )")
"""The hyphen of fünf- bis sechsmal, which text2num does not read over."""
_PERCENT = "\ue003"
_END = "\ue005"
_SPACES = lazy_pattern(r" {2,}")
_TIMES = lazy_pattern(r"(?<![\d,])([0-9]+),([0-9]+) 1(000(?:000)*)(?![\d,])")
_ONE_BY_ONE = lazy_pattern(r"(?<![\d,])[0-9]+,[0-9](?: [0-9])+(?![\d,])")
_GROUPS = lazy_pattern(r"(?<![\w.,:/-])[0-9]+(?:(?:,? |-)[0-9]+)+(?![\w/:-]|[.,]\d)")
_PHONE = lazy_pattern(r"(?<![\w.,:/-])0[0-9](?:[ .-][0-9]{2}){4}(?![\w/:-]|[.,]\d)")
_AREA_CODE = lazy_pattern(r"(?<![\w.,:/-])(0[0-9]{2,4})/([0-9]{3,})(?![\w/:-]|[.,]\d)")
_ZEROS_FIRST = lazy_pattern(r"0[0-9]+(?: 0[0-9]+)+")
_NO_DIGIT = lazy_pattern(r"[^0-9]")
_FEWEST_ONE_BY_ONE = 3
_SHORTEST_CODE = 6
_DIGIT_OR_MEIA = "(?:zero|uma?|dois|duas|três|quatro|cinco|seis|sete|oito|nove|meia)"
_WITH_MEIA = lazy_pattern(
    rf"\b{_DIGIT_OR_MEIA}(?:(?:, | |-){_DIGIT_OR_MEIA}){{2,}}\b"
    r"(?![ -](?:hora|dúzia|noite|lua|volta|idade|entrada|porção|xícara|colher|página|tonelada|garrafa)s?\b)"
)
"""Digits said one by one, in which meia is a six."""
_SECONDS = lazy_pattern(r"\bsegundos\b")
"""What text2num reads as an ordinal, behind a number as well."""
_HALF_PERCENT = lazy_pattern(rf"\b([0-9]+|une?|uno|um) (?:et demi|y medio|e mezzo|e meio) ?(?={_PERCENT})")
_MARKED = lazy_pattern(rf"(?<=[0-9])\s*{_PERCENT}")
_FIRST_PERCENT = lazy_pattern(rf"(?<=[0-9]) ?%(?= {_OR} (?:[0-9]+,)?[0-9]+ ?%)")
"""Of a range, which 10 % to 12 % is as well as 10 to 12 %."""
_MEASURED = lazy_pattern("(?:alt|lang|hoh|breit|tief|gross|schwer|dick|weit)e[rmns]?")
"""What a German measure is of, behind the article of what is measured."""
_TEN, _HUNDRED = 10, 100
_POINTS = lazy_pattern(r"(?<![\w,])[0-9]+(?: (?:punkt|punt|point|punto|ponto) [0-9]+)+(?![\w,]|\.\d)")
_POINT_WORD = lazy_pattern(r" [a-z]+ ")


def number_words(lexicon: Lexicon, text: str) -> str:
    """The text with spoken numbers in digits, and percent words after them as signs."""
    from text_to_num import alpha2digit

    text = part_hyphens(lexicon, text.replace(_PERCENT, " "))
    if lexicon.code == "pt":
        text = _SECONDS.sub(rf"\g<0>{UNREAD}", _WITH_MEIA.sub(lambda found: found[0].replace("meia", "seis"), text))
    text = _percent(lexicon.percent).sub(_PERCENT, text)
    has_comma = lexicon.point in text
    for pattern, known in _replaced(tuple(lexicon.replaced.items())):
        text = pattern.sub(known, text)
    if lexicon.code == "de":
        text = say_german_ordinals(say_german_decades(part_sentences(text)))
    text = _SUSPENDED.sub("", text) if "- " in text else text
    if lexicon.counted:
        text = _attached(lexicon.counted).sub(lambda found: _parted(lexicon, found), text)
    text = _before_scale(lexicon.point, tuple(lexicon.scales)).sub(rf"\1{_END} ", text.replace(_END, " "))
    text = _article(lexicon.one, lexicon.conjunction).sub(lambda found: _kept(lexicon, found), text)
    text = _plural(lexicon.plurals).sub(lambda found: _alone(lexicon, found), part_numbers(lexicon, text))
    text = alpha2digit(text, lexicon.code, _LEAST).replace(_END, "").replace(UNREAD, "")
    for pattern, number in _replaced(tuple(lexicon.misread.items())):
        text = pattern.sub(number, text)
    text = _zero(lexicon.zero).sub("0", text)
    text = _one_hour(lexicon.one, lexicon.clock).sub(f"1 {lexicon.hours}", text)
    text = _one(lexicon.one, lexicon.cents, tuple(lexicon.currencies)).sub("1 ", text)
    text = _counted_one(lexicon.one, lexicon.counted_one, lexicon.numbered, tuple(lexicon.currencies)).sub("1", text)
    # text2num reads punto and Punkt as a full stop, and leaves decimals that were said one by one apart.
    text = decimals(lexicon.point).sub(",", text) if has_comma else text
    text = _POINTS.sub(_decimal, text)
    text, points = POINT.subn(r"\1,\2", _SPACES.sub(" ", text))
    text = _ONE_BY_ONE.sub(lambda found: found[0].replace(" ", ""), text) if has_comma or points else text
    text = _GROUPS.sub(_spelled, _PHONE.sub(_digits, _AREA_CODE.sub(r"\1 \2", text)))
    text = _TIMES.sub(_product, scaled(lexicon, text))
    if lexicon.ordinal:
        text = _ordinal(lexicon.ordinal).sub(lexicon.ordinal_sign, text)
    text = say_times(lexicon, text)
    text = _first_degrees(lexicon.degrees).sub("", text)
    text = _HALF_PERCENT.sub(lambda found: f"{found[1] if found[1].isdecimal() else 1},5", text)
    return _FIRST_PERCENT.sub("", _MARKED.sub(" %", text).replace(_PERCENT, lexicon.percent_alone))


def _parted(lexicon: Lexicon, found: re.Match[str]) -> str:
    """A number and the word that is written in one with it, apart: drei mal, as in 3-mal."""
    return f"{found[1]} {found[2]}" if number_of(lexicon.code, found[1]) >= _LEAST else found[0]


def _alone(lexicon: Lexicon, found: re.Match[str]) -> str:
    """A plural that text2num reads as one of it, also without a number before: millones as un millón."""
    before = found[1] or ""
    is_counted = before == _END or before[-1:].isdigit() or number_of(lexicon.code, before) >= 0
    return found[0] if is_counted else f"{found[0]}{UNREAD}"


def _decimal(found: re.Match[str]) -> str:
    """A decimal said with a point; the parts of a section, with two points or more, stay apart."""
    parts = _POINT_WORD.split(found[0])
    return ",".join(parts) if len(parts) == 2 else found[0]  # noqa: PLR2004


def _digits(found: re.Match[str]) -> str:
    return _NO_DIGIT.sub("", found[0])


def _spelled(found: re.Match[str]) -> str:
    """Digits that are said one by one, and codes that begin with a zero, as one; other groups as they stand."""
    groups = _NO_DIGIT.split(found[0])
    groups = [group for group in groups if group]
    is_said_singly = len(groups) >= _FEWEST_ONE_BY_ONE and all(len(group) == 1 or group[0] == "0" for group in groups)
    is_said_singly |= _ZEROS_FIRST.fullmatch(found[0]) is not None
    is_code = re.match("0[0-9]", found[0]) and "," not in found[0] and found[0].count("-") <= 1
    if is_said_singly or (is_code and sum(map(len, groups)) >= _SHORTEST_CODE):
        return "".join(groups)
    return found[0]


def _product(found: re.Match[str]) -> str:
    """What text2num leaves in two: 3,5 1000000."""
    whole, decimals, zeros = found.groups()
    if len(decimals) > len(zeros):
        return found[0]
    return (whole + decimals.ljust(len(zeros), "0")).lstrip("0") or "0"


@cache
def _before_scale(point: str, scales: tuple[str, ...]) -> re.Pattern[str]:
    """Matches spoken decimals up to a scale word, where text2num would read on: one point five million."""
    words = "|".join(re.escape(scale) for scale in scales)
    return re.compile(rf"\b((?:{point}|punto) (?:[^\W\d]+[ -]){{1,3}}?)(?=(?:{words})(?!\w))")


@cache
def _attached(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b([^\W\d_]+?)((?:{words})(?:e[mnrs]?)?)\b")


@cache
def _plural(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<!\S)(\S+) )?(?<![\w-])(?:{words})(?!\w)")


@cache
def _first_degrees(word: str) -> re.Pattern[str]:
    """Matches the degrees of the first number of a range: 20° to 25° is as well 20 to 25°."""
    degrees = rf" {word}(?: celsius| fahrenheit)?"
    return re.compile(rf"(?<=[0-9]){degrees}(?= (?:{_OR}|{_AND}) (?:[0-9]+,)?[0-9]+{degrees}\b)")


@cache
def _zero(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{word}\b")


@cache
def _one(articles: str, cents: str, currencies: tuple[str, ...]) -> re.Pattern[str]:
    """Matches the article before what is counted, and not before a livre, which is mostly a book."""
    counted = "|".join(word for word in currencies if not word.startswith("livre"))
    return re.compile(rf"\b(?:{articles}) (?={_PERCENT}|(?:{counted}|{cents})\b)")


@cache
def _counted_one(articles: str, word: str, numbered: str, currencies: tuple[str, ...]) -> re.Pattern[str]:
    """Matches the one after "number", of a result, and before a percent word or another number of percent or money."""
    number = r"[0-9]+(?:,[0-9]+)?"
    another = rf"(?:{_OR} {number} (?:{_PERCENT}|(?:{'|'.join(currencies)})\b)|{_AND} {number} {_PERCENT})"
    result = rf"(?<=[0-9] [aà] )(?:{articles}|{word})(?=\s*(?:[.,;:!?]|$))"
    before = (
        rf"(?= {_PERCENT})|{result}|\b(?:{articles}|{word})(?= {another})|(?<=\b{numbered} )(?:{articles}|{word})\b"
    )
    return re.compile(rf"\b(?:{word}){before}")


@cache
def _article(articles: str, conjunction: str) -> re.Pattern[str]:
    """Matches an article with the word before it, up to the word behind it and what follows that."""
    word = r"[^\W\d_]+(?:-[^\W\d_]+)*"
    return re.compile(
        rf"(?<![\w-])(?<![0-9] )(?<!\b{conjunction} )(?:({word}) )?({articles}|una|uma) "
        rf"(?=({word})(?: (\S+)(?: (\S+))?)?)"
    )


def _kept(lexicon: Lexicon, found: re.Match[str]) -> str:
    """The article before a number, which text2num reads as another: un doce por ciento, but not un deux trois."""
    before, article, word, after, last = found.groups()
    value = -1 if _is_one_of(lexicon, word, after or "", last or "") else number_of(lexicon.code, word)
    is_spelled = value < _TEN and (not after or 0 <= number_of(lexicon.code, after) < _HUNDRED)
    if (
        value in (-1, 1)
        or is_spelled
        or before in (lexicon.conjunction, lexicon.point)
        or number_of(lexicon.code, before or "") >= 0
    ):
        return found[0]
    return f"{before or ''} {article}{UNREAD} "


def _is_one_of(lexicon: Lexicon, word: str, after: str, last: str) -> bool:
    """Whether an article and a scale are one number: un million, ein hundert, but not ein hundert Jahre alter Baum."""
    if lexicon.code == "de" and word in lexicon.scales:
        return not (_attached(lexicon.counted).fullmatch(f"x{after}") or _MEASURED.fullmatch(last))
    return word.startswith(tuple(scale for scale, zeros in lexicon.scales.items() if zeros > 3))  # noqa: PLR2004


@cache
def _one_hour(articles: str, clock: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{articles}) (?:{clock or '(?!)'})\b")


@cache
def _percent(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(words, key=len, reverse=True))})\b")


@cache
def _replaced(pairs: tuple[tuple[str, str], ...]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(old), new) for old, new in pairs]


@cache
def _ordinal(endings: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=[0-9])(?:{endings})(?!\w)")
