"""The word for one beside a number of the six languages: mostly an article, which text2num reads as another number."""

from __future__ import annotations

import re
from functools import cache

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.european.abbreviations import units
from asrlab_pytest.protocols.normalization.european.conjunctions import AND, OR_TO, PERCENT, UNREAD, value_of
from asrlab_pytest.protocols.normalization.european.lexicon import Lexicon
from asrlab_pytest.protocols.normalization.signs import SAID_SIGNS

_REACH = 60
"""Characters before and after a one that hold the words which decide about it."""
OPENING, CLOSING = "([{\"'«»„“‚¡¿", ".,;:!?)]}\"'«»“”…*"
_POINT = "punto"
_FEMININE = ("une", "una", "uma")
_MEASURES = "(?:alt|lang|hoh|breit|tief|gross|schwer|dick|weit)e[rmns]?"
"""What a German measure is of, after the article of what is measured."""
_COUNTING = lazy_pattern(
    r"(?<![\w'-])ein-(?:(?!aus-)(?=[^\W\d_]+-)|(?=,? (?:und )?(?:zwei|drei|vier|fünf|sechs|zehn|zwanzig|hundert)))"
)
"""The one of a German compound, also of Ein- und Zwei-Euro-Münzen, but not that of an Ein-Aus-Schalter."""
_TEN, _HUNDRED, _MILLION = 10, 100, 1_000_000
_NUMBER = r"[0-9]+(?:,[0-9]+)?"
_START, _ALONE, _END = r"(?<![\w.,:/'-])(?<!\bl' )", r"(?![\w%€$£]|[.,:/-]\d)", r"(?=\s*(?:[.,;:!?)]|$))"


def mark_articles(lexicon: Lexicon, text: str) -> str:
    """The text with a mark at each one that is no part of a larger number: deux, un homme, but not cent un."""
    return _ones(lexicon.one, lexicon.some).sub(
        lambda found: f"{found[0]}{UNREAD}" if found[1] or not _is_part(lexicon, found) else found[0], text
    )


def part_ones(lexicon: Lexicon, text: str) -> str:
    """The text without the hyphen between a one and what it measures or counts: Ein-Euro-Job, Ein-Zimmer-Wohnung."""
    if "-" not in text:
        return text
    text = _COUNTING.sub("1 ", text) if lexicon.code == "de" else text
    return _hyphened(lexicon).sub(r"\1 ", text)


def count_ones(lexicon: Lexicon, text: str) -> str:
    """The text, whose numbers are digits, with the ones that count with them as well: uno, dos, tres; un ou deux."""
    one = _one(lexicon.one)
    if not one.search(text):
        return text
    text = _hours(lexicon.one, lexicon.clock).sub(f"1 {lexicon.hours}", text)
    for pattern in _counted(lexicon.one, lexicon.counting, lexicon.numbered, _units(lexicon), _signs(lexicon)):
        text = pattern.sub(lambda found: one.sub("1", found[0]), text)
    return text


def _is_part(lexicon: Lexicon, found: re.Match[str]) -> bool:
    """Whether a one belongs to the number word before or after it."""
    text, start, end = found.string, found.start(), found.end()
    *before, attached = text[max(0, start - _REACH) : start].split(" ")
    ending, *following = [*text[end : end + _REACH].split(" "), "", "", ""]
    if not ending and _begins(lexicon, *(word.rstrip(CLOSING) for word in following[:3])):
        return True
    if attached or not before:
        return False
    if before[-1] == lexicon.conjunction:  # A mark is at those that begin another number.
        return _spoken(lexicon, before[-2:][0]) > 0
    if _added(lexicon.added).match(text, start) and _is_whole(lexicon, before):
        return True
    return _is_said_singly(lexicon, found[0], before, following[0] if not ending else "")


def _begins(lexicon: Lexicon, word: str, after: str, last: str) -> bool:
    """Whether a one begins a number: un million, un virgule cinq, ein hundert, but not ein hundert Jahre alter Baum."""
    if word in (lexicon.point, _POINT):
        return _spoken(lexicon, after) >= 0
    if lexicon.code == "de" and word in lexicon.scales:
        return not _measured(lexicon.counted).fullmatch(f"{after} {last}")
    return _spoken(lexicon, word) >= _MILLION


def _is_whole(lexicon: Lexicon, before: list[str]) -> bool:
    """Whether a number of whole hundreds ends before a one, or quatre-vingt, which is quatre-vingts alone."""
    number = _spoken(lexicon, before[-1])
    words = [word.lstrip(OPENING) for word in before[-2:]]
    is_eighty = words == ["quatre", "vingt"] or words[-1].endswith("quatre-vingt")
    return is_eighty or (number > 0 and number % _HUNDRED == 0)


def _is_said_singly(lexicon: Lexicon, one: str, before: list[str], following: str) -> bool:
    """Whether a one is a digit after others, from a zero or a decimal point on: trois virgule deux un."""
    if lexicon.code == "de" or one in _FEMININE:  # German says eins.
        return False
    for place, word in reversed(list(enumerate(before))):
        number = _spoken(lexicon, word)
        is_point = word in (lexicon.point, _POINT) and place > 0 and _spoken(lexicon, before[place - 1]) >= 0
        if is_point or number == 0:
            return one == "uno" or place == len(before) - 1 or not following or _is_counted(lexicon, following)
        if not 0 < number < _TEN:
            return False
    return False


def _is_counted(lexicon: Lexicon, word: str) -> bool:
    return word in (PERCENT, *lexicon.currencies) or _spoken(lexicon, word) >= 0


def _spoken(lexicon: Lexicon, word: str) -> int:
    """The number that a word is; -1 if it is none, or digits."""
    word = word.lstrip(OPENING)
    return -1 if word[:1].isdecimal() else value_of(lexicon, word)


@cache
def _units(lexicon: Lexicon) -> str:
    """Money, ‰, measures and a degree, as a regular expression; a livre is mostly a book, and a peso a weight."""
    currencies = (word for word in lexicon.currencies if not word.startswith(("livre", "peso", "franc")))
    return "|".join(
        [*currencies, lexicon.cents, lexicon.permille, lexicon.degree, lexicon.degrees, units(lexicon.code)]
    )


def _signs(lexicon: Lexicon) -> str:
    return f"{lexicon.plus}|{lexicon.minus}"


@cache
def _ones(one: str, some: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'-])(?:({some})|{one})(?![\w'-])")


@cache
def _one(one: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one})\b")


@cache
def _hyphened(lexicon: Lexicon) -> re.Pattern[str]:
    measures = "|".join([_units(lexicon), *lexicon.percent, lexicon.clock or "(?!)"])
    return re.compile(rf"(?<![\w'-])({lexicon.one})-(?=(?:{measures})\b)")


@cache
def _added(added: str) -> re.Pattern[str]:
    return re.compile(added)


@cache
def _measured(counted: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{counted})(?:e[mnrs]?)? .*|\S* {_MEASURES}")


@cache
def _hours(one: str, clock: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one}) (?:{clock or '(?!)'})\b")


@cache
def _counted(one: str, counting: str, numbered: str, units: str, signs: str) -> list[re.Pattern[str]]:
    """Match the ones in a list of digits, in a result, before another number, and before and after certain words."""
    item = rf"(?:[0-9]|{one})"
    last = rf"(?:[0-9]{_ALONE}|(?:{counting}){_END})"
    patterns = [
        rf"{_START}{item}(?:, {item}){{1,40}}(?:, |,? (?:{OR_TO}|{AND}) ){last}",
        rf"{_START}{item}(?: {item}){{1,40}} {last}",
        rf"{_START}{item}(?:-{item}){{1,40}}-{last}",
        rf"(?<![\w.,:/'-])[0-9]{{1,2}} (?:{counting}){_END}",
        rf"(?<![\w.,:/'-])[0-9]{{1,2}} (?:[aà]|tot) (?:{counting})\b{_ALONE}",
        rf"(?<!\bl' )\b(?:{one})(?= (?:{OR_TO}|{signs}) {_NUMBER}{_ALONE}| {AND} {_NUMBER} {PERCENT})",
        rf"\b(?:{one})(?= (?:{PERCENT}|[{re.escape(SAID_SIGNS)}](?! ?[0-9])|(?:{units})\b))",
        rf"(?<=\b{numbered} )(?:{one})\b",
        rf"(?:{'|'.join(f'(?<=[0-9] {word} )' for word in ('[aà]', *signs.split('|')))})(?:{one}){_END}",
    ]
    if counting != "(?!)":  # German ein, zwei is rather a verb: sie schlief ein, zwei Stunden lang.
        amount = rf" ?(?:{PERCENT}|[{re.escape(SAID_SIGNS)}]|(?:{units})\b)"
        patterns.append(rf"{_START}(?:{one})(?=, 2{_ALONE}| 0{_ALONE}(?!{amount}))")
    if counting == "uno":
        patterns.append(rf"{_START}uno(?= [0-9]{_ALONE})")
    return [re.compile(pattern) for pattern in patterns]
