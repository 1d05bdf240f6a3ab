"""Spoken numbers of the six languages, by text2num."""

from __future__ import annotations

import re
from functools import cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.abbreviations import units
from asrlab_pytest.protocols.normalization.european.amounts import FRENCH_NO_PLURALS
from asrlab_pytest.protocols.normalization.european.conjunctions import (
    AND,
    HELD,
    OR_TO,
    PERCENT,
    SIGNED,
    UNREAD,
    first_of_range,
    goes_on,
    number_of,
    part_hyphens,
    part_numbers,
    value_of,
)
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon
from asrlab_pytest.protocols.normalization.european.ones import CLOSING, OPENING, count_ones, mark_articles, part_ones
from asrlab_pytest.protocols.normalization.european.ordinals import (
    part_sentences,
    say_german_decades,
    say_german_ordinals,
)
from asrlab_pytest.protocols.normalization.european.rounds import part_rounds
from asrlab_pytest.protocols.normalization.european.times import say_times
from asrlab_pytest.protocols.normalization.european.written import POINT, decimals, scaled

_REACH = 80
"""Characters before and after percent that hold the words which decide about it."""
_LEAST = 2
"""A one alone is mostly an article."""
_TEN, _HUNDRED = 10, 100
_SUSPENDED = lazy_pattern(rf"(?<=[^\W\d_])(?:- (?=(?:{OR_TO}|{AND}) )|(?=-, ))")
"""Before or instead of the hyphen of zwei-, fünf- bis sechsmal, which text2num does not read over."""
_END = "\ue005"
_DIGITS = "\ua500\ua501\ua502\ua503\ua504\ua505\ua506\ua507\ua508\ua509"
"""Letters that stand for digits, which text2num would add to the numbers beside them."""
_PLAIN_DIGITS = str.maketrans(_DIGITS, "0123456789")
_SPACE = lazy_pattern("[ -]")
_SPACES = lazy_pattern(r" {2,}")
_TIMES = lazy_pattern(r"(?<![\d,])([0-9]+),([0-9]+) 1(000(?:000)*)(?!\d|,\d)")
_ONE_BY_ONE = lazy_pattern(r"(?<![\d,])[0-9]+,0*[0-9](?: 0*[0-9])+(?!\d|,\d)")
_GROUPS = lazy_pattern(r"(?<![\w.,:/-])[0-9]+(?:(?:,? |-)[0-9]+)+(?![\w/-]|[.,:]\d)")
_PHONE = lazy_pattern(r"(?<![\w.,:/-])0[0-9](?:[ .-][0-9]{2}){4}(?![\w/-]|[.,:]\d)")
_AREA_CODE = lazy_pattern(r"(?<![\w.,:/-])(0[0-9]{2,4})/([0-9]{3,})(?![\w/-]|[.,:]\d)")
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
_NO_NOUN = (
    "(?:à|de|des|moins|plus|total|vers|avant|après|entre|pour|et|ou|les|aux|ces|dans|par|sur|en|que|numéro|page|chapitre|virgule|heures?|"
    "article|épisode|tome|volume|acte|verset|psaume|alinéa|paragraphe|exercice|quai|terminal|niveau|étage|échelon|canal|"
    "département|arrondissement|"
    "zéro|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|vingt|trente|quarante|cinquante|soixante|cent|mille)"
)
_COUNTED_BY_NINE = (
    r"(?:heures?|cent|mille|virgule|pour cent|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|"
    r"novembre|décembre|(?!(?:sans|dans|mais|plus|alors|depuis|puis|pas|jamais|après|très|vous|nous|ils|elles|les|des|ses|ces|mes|"
    r"nos|vos|leurs|dès|lors|aux|vers|sous|assez|toujours|parfois|moins)\b)\w+[sx])"
)
_MISTAKEN_WORDS = {"es": ("avo", "ceros"), "fr": ("neuf", "zéros"), "pt": ("segundos",)}
_MISTAKEN = {
    "es": lazy_pattern(r"\b(?:centavos?|(?!octavos?\b)[^\W\d]{3,}avos?|ceros)\b"),
    "fr": lazy_pattern(
        rf"\b(?:neufs|zéros)\b|\b(?:(?:un|le|du|au) |l' ?)(?:\w+ )?(?!{_NO_NOUN}\b)[^\W\d]+ neuf\b"
        rf"(?!-| {_COUNTED_BY_NINE}\b)"
    ),
    "pt": lazy_pattern(r"\bsegundos\b"),
}
"""What text2num reads as a number: 1/100, 1/12 (el doceavo piso), zero, nine (un vélo neuf), second, also after one."""
_FRENCH_CENTS = lazy_pattern(
    rf"\b((?:dollars?|euros?),? (?:et )?([^\W\d]+(?:[ -][^\W\d]+){{0,3}}?) )cents\b"
    rf"(?! (?:mille\b|(?!(?:{FRENCH_NO_PLURALS})\b)[^\W\d]+[sx]\b))"
)
_HALF_PERCENT = lazy_pattern(rf"\b([0-9]+|une?|uno|um) (?:et demi|y medio|e mezzo|e meio) ?(?={PERCENT})")
_MARKED = lazy_pattern(rf"(?<=[0-9])\s*{PERCENT}")
_FIRST_PERCENT = lazy_pattern(first_of_range("%"))
"""10 % to 12 % is as well 10 to 12 %."""
_POINTS = lazy_pattern(r"(?<![\w,])[0-9]+(?: (?:punkt|punt|point|punto|ponto) [0-9]+)+(?!\w|[.,]\d)")
_POINT_WORD = lazy_pattern(r" [a-z]+ ")


def number_words(lexicon: Lexicon, text: str) -> str:
    """The text with spoken numbers in digits, and percent words after them as signs."""
    from text_to_num import alpha2digit

    text = part_hyphens(lexicon, part_ones(lexicon, text.replace(PERCENT, " ")))
    if lexicon.code == "pt":
        text = _WITH_MEIA.sub(lambda found: found[0].replace("meia", "seis"), text)
    text = _said_singly(lexicon).sub(lambda found: _one_by_one(lexicon, found), text)
    if any(word in text for word in _MISTAKEN_WORDS.get(lexicon.code, ())):
        text = _MISTAKEN[lexicon.code].sub(rf"\g<0>{UNREAD}", text)
    text = _percent(lexicon.percent).sub(lambda found: _percent_sign(lexicon, found), text)
    has_comma = lexicon.point in text
    for pattern, known in _replaced(tuple(lexicon.replaced.items())):
        text = pattern.sub(known, text)
    if lexicon.code == "fr" and " cents" in text:
        text = _FRENCH_CENTS.sub(lambda found: _french_cents(lexicon, found), text)
    if lexicon.code == "de":
        text = say_german_ordinals(say_german_decades(part_sentences(text)))
    text = _SUSPENDED.sub(" ", text) if "-" in text else text
    if lexicon.counted:
        text = _attached(lexicon.counted).sub(lambda found: _parted(lexicon, found), text)
    before_scale = _before_scale(lexicon.point, tuple(lexicon.scales))
    text = before_scale.sub(lambda found: _ended(lexicon, found), text.replace(_END, " "))
    text = mark_articles(lexicon, part_numbers(lexicon, part_rounds(lexicon, text, _END)))
    text = _plural(lexicon.plurals).sub(lambda found: _alone(lexicon, found), text)
    text = alpha2digit(text, lexicon.code, _LEAST).translate(_PLAIN_DIGITS).replace(_END, "").replace(UNREAD, "")
    for pattern, number in _replaced(tuple(lexicon.misread.items())):
        text = pattern.sub(number, text)
    text = count_ones(lexicon, _zero(lexicon.zero).sub("0", text)).replace(HELD, "")
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
    text = _first_degrees(lexicon.degrees).sub("", _degree(lexicon.degree).sub(lexicon.degrees, text))
    text = _HALF_PERCENT.sub(lambda found: f"{found[1] if found[1].isdecimal() else 1},5", text)
    return _FIRST_PERCENT.sub(r"\1", _MARKED.sub(" %", text).replace(PERCENT, lexicon.percent_alone))


def _french_cents(lexicon: Lexicon, found: re.Match[str]) -> str:
    """After dollars the cents that are also hundreds: deux dollars et neuf cents."""
    return f"{found[1]}centimes" if _LEAST <= number_of(lexicon.code, found[2]) < _HUNDRED else found[0]


def _one_by_one(lexicon: Lexicon, found: re.Match[str]) -> str:
    """Digits that are said one by one, which text2num adds up; a last un after two of them is rather an article.

    The first of them may end a number: treinta y cuatro, seis, uno, dos.
    """
    words = _SPACE.split(found[0])
    before = found.string[max(0, found.start() - _REACH) : found.start()].split(" ")[-3:-1]
    before = [word.lstrip(OPENING) for word in before]
    first = ""
    is_joined = before[1:] == [lexicon.conjunction] and value_of(lexicon, before[0]) > 0
    if is_joined and goes_on(lexicon, [*before, words[0]], 1):
        if len(words) == _FEWEST_ONE_BY_ONE:
            return found[0]
        first = f"{words.pop(0)} "
    is_article = re.fullmatch(lexicon.one, words[-1]) and words[-1] != "uno" and found.string[found.end() :][:1] == " "
    digits = [_digit_words(lexicon)[word] for word in words]
    if _counts(lexicon, "".join(digits).translate(_PLAIN_DIGITS), found):
        return " ".join(digits)
    if is_article and len(words) == _FEWEST_ONE_BY_ONE:
        digits[-1] = f" {words[-1]}"
    return first + "".join(digits)


def _counts(lexicon: Lexicon, digits: str, found: re.Match[str]) -> bool:
    """Whether digits count up to ten or down from it, each a number of its own."""
    before = found.string[max(0, found.start() - _REACH) : found.start()].split()[-1:]
    after = found.string[found.end() : found.end() + _REACH].split()[:1]
    return ("0123456789".endswith(digits) and any(value_of(lexicon, word) == _TEN for word in after)) or (
        "9876543210".startswith(digits) and any(value_of(lexicon, word) == _TEN for word in before)
    )


@cache
def _digit_words(lexicon: Lexicon) -> dict[str, str]:
    said = zip([lexicon.zero, *lexicon.singles.split()], _DIGITS, strict=True)
    return {word: digit for words, digit in said for word in words.split("|")}


@cache
def _said_singly(lexicon: Lexicon) -> re.Pattern[str]:
    """Matches three digits or more in words, of which the last does not begin another number."""
    word = f"(?:{'|'.join(_digit_words(lexicon))})"
    scales = "|".join(map(re.escape, (*lexicon.scales, lexicon.point, "cent", "cents", "punto")))
    return re.compile(rf"(?<![\w'-]){word}(?:[ -]{word}){{2,}}(?![\w'-]| (?:{scales})\b)")


@cache
def _unit(language: str) -> re.Pattern[str]:
    return re.compile(units(language))


def _percent_sign(lexicon: Lexicon, found: re.Match[str]) -> str:
    """Percent, unless a number begins in it that no other is before: por ciento veinte euros, por cien coma uno."""
    mark, *words = _SPACE.split(found.string[found.end() : found.end() + _REACH])[:3]
    if mark or value_of(lexicon, found[0].split(" ")[-1]) <= 0:
        return PERCENT
    following = [word.rstrip(CLOSING) for word in words]
    if following and _unit(lexicon.code).fullmatch(following[0]):
        return found[0]  # A relay: cuatro por cien metros.
    if following[:1] and following[0] in (lexicon.conjunction, lexicon.point, "punto"):
        del following[0]
    if not following or value_of(lexicon, following[0]) <= 0 or following[0].isdigit():
        return PERCENT
    before = found.string[max(0, found.start() - _REACH) : found.start()].split(" ")[-2:][0].lstrip(OPENING)
    is_behind_number = before[-1:].isdigit() or value_of(lexicon, before) >= 0
    return PERCENT if is_behind_number else found[0]


def _parted(lexicon: Lexicon, found: re.Match[str]) -> str:
    """A number and the word that is written in one with it, apart: drei mal, as in 3-mal."""
    return f"{found[1]} {found[2]}" if number_of(lexicon.code, found[1]) >= _LEAST else found[0]


def _alone(lexicon: Lexicon, found: re.Match[str]) -> str:
    """A plural that text2num reads as one of it, also without a number before: millones as un millón."""
    before = (found[1] or "").lstrip(OPENING)
    is_counted = before == _END or before[-1:].isdigit() or number_of(lexicon.code, before) >= 0
    return found[0] if is_counted else f"{found[0]}{UNREAD}"


def _ended(lexicon: Lexicon, found: re.Match[str]) -> str:
    """The words of a decimal with an end before their scale; others as they stand: virgule cinq en deux mille."""
    before = found.string[max(0, found.start() - _REACH) : found.start()].split()[-1].lstrip(OPENING)
    words = _SPACE.split(found[0].strip())[1:]
    is_decimal = (before.isdecimal() or value_of(lexicon, before) >= 0) and all(
        value_of(lexicon, word) >= 0 or (place and word == lexicon.conjunction and goes_on(lexicon, words, place))
        for place, word in enumerate(words)
    )
    return f"{found[0]}{_END} " if is_decimal else found[0]


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
    is_code = re.match("0[0-9]", found[0]) and found[0].count("-") <= 1
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
    return re.compile(
        rf"(?<=\w )((?:{point}|punto) (?:(?!(?:{point}|punto)\b)[^\W\d]+[ -]){{1,5}}?)(?=(?:{words})(?!\w))"
    )


@cache
def _attached(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b([^\W\d_]+?)((?:{words})(?:e[mnrs]?)?)\b")


@cache
def _plural(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<!\S)(\S+) )?(?<![\w-])(?:{words})(?!\w)")


@cache
def _degree(word: str) -> re.Pattern[str]:
    """Matches the word for one degree after a number, whose sign says neither one nor more."""
    return re.compile(rf"(?<=[0-9] ){word}\b")


@cache
def _first_degrees(word: str) -> re.Pattern[str]:
    """Matches the degrees of the first number of a range: 20° to 25° is as well 20 to 25°; not those of 13°O 48°N."""
    return re.compile(
        rf"(?<=[0-9]) {word}( celsius| fahrenheit)?(?! o [0-9]+ {word} [ns]\b)"
        rf"(?= (?:{OR_TO}|{AND}) {SIGNED}(?:[0-9]+,)?[0-9]+ {word}(?(1)\1)\b)"
    )


@cache
def _zero(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{word}\b")


@cache
def _percent(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(words, key=len, reverse=True))})\b")


@cache
def _replaced(pairs: tuple[tuple[str, str], ...]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(old), new) for old, new in pairs]


@cache
def _ordinal(endings: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=[0-9])(?:{endings})(?!\w)")
