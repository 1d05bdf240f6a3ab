"""The "and" between two spoken numbers of English, which Whisper's rules read over after every scale."""

from __future__ import annotations

import re
from itertools import takewhile

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.english_words import DIGITS, IN_NUMBERS, SCALES, TEENS, TENS, middle_of_two
from asrlab_pytest.protocols.normalization.english.marks import BREAK

_AND = lazy_pattern(rf"\b({'|'.join(SCALES)}) +and +(?=(\S+(?: +\S+){{0,11}}))")
_BETWEEN = lazy_pattern(rf"\bbetween +((?:(?:{'|'.join(sorted(IN_NUMBERS))}) +)+(?:{'|'.join(sorted(IN_NUMBERS))}))\b")
_NUMERIC = lazy_pattern(r"[$€£]?\.?\d")
_HUNDRED = SCALES["hundred"]
_SAID = frozenset([*DIGITS, *TEENS, *TENS, *SCALES, "zero"])


def part_numbers(text: str) -> str:
    """The text with a break before each "and" that begins another number: a thousand and two thousand."""
    if "between" in text:
        text = _BETWEEN.sub(_with_break, text)
    return _AND.sub(lambda found: f"{found[1]} {BREAK} and " if _begins_another(found) else found[0], text)


def _with_break(found: re.Match[str]) -> str:
    words = found[1].split()
    place = middle_of_two(words)
    if place is not None:
        words[place] = f"{BREAK} and"
    return f"between {' '.join(words)}"


def _begins_another(found: re.Match[str]) -> bool:
    """Whether what follows "and" cannot be the end of the number before it."""
    words = found[2].split()
    if words[0] == "and" or _NUMERIC.match(words[0]):
        return True
    if words[0] == "a":
        return len(words) > 1 and words[1] in SCALES
    phrase = list(takewhile(_SAID.__contains__, words))
    if not phrase:
        return False
    rest = phrase[_length_below_hundred(phrase) :]
    if rest and rest[0] not in SCALES:  # one fifty, twenty ten
        return True
    scale = SCALES[found[1]]
    scales = [SCALES[word] for word in (*phrase, *_behind_hundred(phrase, words)) if word in SCALES]
    return (scale > _HUNDRED or not rest or rest[0] == "hundred") and max(scales, default=0) >= scale


def _length_below_hundred(phrase: list[str]) -> int:
    """How many words at the start of a number are below a hundred: twenty five, ten."""
    if phrase[0] in SCALES:
        return 0
    return 2 if phrase[0] in TENS and len(phrase) > 1 and phrase[1] in DIGITS else 1


def _behind_hundred(phrase: list[str], words: list[str]) -> list[str]:
    """The end of a number after its own "and": the fifty thousand of one hundred and fifty thousand."""
    if phrase[-1] != "hundred" or words[len(phrase) :][:1] != ["and"]:
        return []
    return list(takewhile(_SAID.__contains__, words[len(phrase) + 1 :]))
