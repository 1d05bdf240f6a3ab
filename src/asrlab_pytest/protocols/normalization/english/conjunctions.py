"""The "and" between two spoken numbers of English, which Whisper's rules read over behind every scale."""

from __future__ import annotations

import re
from itertools import takewhile

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.normalization.english.marks import BREAK
from asrlab_pytest.protocols.normalization.english.words import DIGITS, SCALES, TEENS, TENS

_NUMBER_WORDS = frozenset([*DIGITS, *TEENS, *TENS, *SCALES, "zero"])
_AND = lazy_pattern(rf"\b({'|'.join(SCALES)}) and (?=(\S+(?: \S+){{0,11}}))")
_BETWEEN = lazy_pattern(rf"\b(?:between|both)(?: (?:{'|'.join(sorted(_NUMBER_WORDS))}|an?))* $")
_NUMERIC = lazy_pattern(r"[$€£]?\.?\d")
_HUNDRED = SCALES["hundred"]


def part_numbers(text: str) -> str:
    """The text with a break before each "and" that begins another number: a thousand and two thousand."""
    return _AND.sub(lambda found: f"{found[1]} {BREAK} and " if _begins_another(found) else found[0], text)


def _begins_another(found: re.Match[str]) -> bool:
    """Whether what follows "and" cannot be the end of the number before it."""
    words = found[2].split()
    if _NUMERIC.match(words[0]):
        return True
    if words[0] == "a":
        return len(words) > 1 and words[1] in SCALES
    phrase = list(takewhile(_NUMBER_WORDS.__contains__, words))
    if not phrase:
        return False
    rest = phrase[_length_below_hundred(phrase) :]
    if rest and rest[0] not in SCALES:  # one fifty, twenty ten
        return True
    scale = SCALES[found[1]]
    scales = [SCALES[word] for word in (*phrase, *_behind_hundred(phrase, words)) if word in SCALES]
    if scale > _HUNDRED or not rest or rest[0] == "hundred":
        return max(scales, default=0) >= scale
    # "five hundred and two thousand" is 502000, but for "between".
    return _is_after_between(found) and not _goes_on(words[len(phrase) :])


def _length_below_hundred(phrase: list[str]) -> int:
    """How many words at the start of a number are below a hundred: twenty five, ten."""
    if phrase[0] in SCALES:
        return 0
    return 2 if phrase[0] in TENS and len(phrase) > 1 and phrase[1] in DIGITS else 1


def _behind_hundred(phrase: list[str], words: list[str]) -> list[str]:
    """The end of a number behind its own "and": the fifty thousand of one hundred and fifty thousand."""
    if phrase[-1] != "hundred" or words[len(phrase) :][:1] != ["and"]:
        return []
    return list(takewhile(_NUMBER_WORDS.__contains__, words[len(phrase) + 1 :]))


def _is_after_between(found: re.Match[str]) -> bool:
    return bool(_BETWEEN.search(found.string[: found.start()]))


def _goes_on(words: list[str]) -> bool:
    """Whether another number follows with another "and"."""
    return len(words) > 1 and words[0] == "and" and (words[1] == "a" or words[1] in _NUMBER_WORDS)
