"""Two numbers of English side by side, which Whisper's rules add up, and scales side by side, which they drop."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.english_words import DIGITS, SCALES, TEENS, TENS
from asrlab_pytest.protocols.normalization.english.marks import BREAK

_SMALL = frozenset([*DIGITS, *TEENS, *TENS, "zero", "point"])
_BEFORE_ANOTHER = frozenset([*DIGITS, *TEENS])
"""A digit behind one of these begins another number."""
_ENDINGS = {f"{word}{ending}": zeros for word, zeros in SCALES.items() for ending in ("s", "th", "ths")}
_FIGURE = lazy_pattern(r"[$€£¢]?(\d+)(\.\d+)?")
_ANY_SCALE = rf"(?:{'|'.join(SCALES)})"
_SEQUENCE = lazy_pattern(rf"\b{_ANY_SCALE} .*\b{_ANY_SCALE}|\d{{3}} {_ANY_SCALE}")
_HUNDRED, _THOUSAND, _MILLION = SCALES["hundred"], SCALES["thousand"], SCALES["million"]
_LEAST_HUNDRED, _LEAST_THOUSAND = 100, 1000


def part_sequences(text: str) -> str:
    """The text with a break where a scale cannot belong to the number before it: three thousand | two thousand."""
    if not _SEQUENCE.search(text):
        return text
    words = text.split()
    breaks: set[int] = set()
    number = _Number()
    for place, word in enumerate(words):
        figure = _FIGURE.fullmatch(word)
        if figure:
            number = _Number(group=place, figure=None if figure[2] else int(figure[1]), is_whole=not figure[2])
        elif word in _SMALL:
            number.add(place, word)
        elif word in SCALES:
            number = number.scaled(words, place, SCALES[word], breaks)
        elif word in _ENDINGS:
            number.scaled(words, place, _ENDINGS[word], breaks, is_last=True)
            number = _Number()
        elif word != "and" or words[place - 1] not in SCALES:
            number = _Number()
    return " ".join(f"{BREAK} {word}" if place in breaks else word for place, word in enumerate(words))


@dataclass(slots=True)
class _Number:
    """What has been read of a number."""

    group: int | None = None
    """Where the words before the next scale begin."""
    tail: int | None = None
    """Where the words behind the hundred of this group begin."""
    has_hundred: bool = False
    limit: int | None = None
    """The zeros of the last scale above a hundred."""
    groups: int = 0
    """How many have such a scale."""
    last: int | None = None
    """Where the last of them begins."""
    is_product: bool = False
    """As in a thousand million."""
    is_whole: bool = True
    figure: int | None = None

    def add(self, place: int, word: str) -> None:
        self.group = place if self.group is None else self.group
        self.tail = place if self.has_hundred and self.tail is None else self.tail
        self.is_whole = self.is_whole and word != "point"
        self.figure = None

    def scaled(self, words: list[str], place: int, zeros: int, breaks: set[int], *, is_last: bool = False) -> _Number:
        """The number with this scale, or the one that begins at or before it; adds to the breaks."""
        start = self._start(words, place, zeros, is_last=is_last)
        if start is not None:
            breaks.add(start)
            other = _Number(
                group=None if start == place else start,
                is_whole="point" not in words[start:place],
                is_product=start == self.last,
            )
            return other.scaled(words, place, zeros, breaks)
        self.group = place if self.group is None and zeros == _HUNDRED else self.group
        self.figure = None
        if zeros == _HUNDRED:
            self.has_hundred = True
            return self
        if self.limit is not None and zeros >= max(self.limit, _MILLION):
            self.is_product = True
        else:
            self.last = self.group
            self.groups += 1
        self.limit, self.group, self.tail, self.has_hundred = zeros, None, None, False
        return self

    def _start(self, words: list[str], place: int, zeros: int, *, is_last: bool) -> int | None:
        """Where another number begins that has this scale."""
        if self.figure is not None:
            return place if _is_too_large(self.figure, zeros) or (is_last and self.figure >= _LEAST_THOUSAND) else None
        if zeros == _HUNDRED:
            return self._start_of_hundred(words, place)
        if self.group is not None:
            is_product = self.has_hundred and self._multiplies(zeros, is_last=is_last) and self.limit == _THOUSAND
            return None if self.limit is None or zeros < self.limit or is_product else self.group
        if self.limit is None:
            return None
        if self._multiplies(zeros, is_last=is_last):
            return None
        is_inner = self.groups > 1 and not self.is_product and zeros >= max(self.limit, _MILLION) and not is_last
        return self.last if is_inner else place

    def _start_of_hundred(self, words: list[str], place: int) -> int | None:
        if self.has_hundred:
            return place if self.tail is None else self.tail
        if self.limit is None:
            is_alone = self.group is None or self.group == place - 1
            return None if is_alone or not _counts_twice(words, place) else place - 1
        if self.group is None:
            return place
        return None if words[self.group] in DIGITS and self.group + 1 == place else self.group

    def _multiplies(self, zeros: int, *, is_last: bool) -> bool:
        """Whether the scale goes with all before it: a hundred thousand million, two million million."""
        is_first = self.groups == 1 and self.last is not None and self.is_whole and not self.is_product
        return is_first and not is_last and self.limit is not None and zeros >= max(self.limit, _MILLION)


def _counts_twice(words: list[str], hundred: int) -> bool:
    """Whether two numbers stand before a hundred that a larger scale multiplies: two, three hundred thousand."""
    before, digit = words[hundred - 2 : hundred]
    if digit not in DIGITS or not (before in _BEFORE_ANOTHER or before.isdecimal()):
        return False
    behind = takewhile(lambda word: word in _SMALL or word == "and", words[hundred + 1 :])
    return SCALES.get("".join(words[hundred + 1 + len(list(behind)) :][:1]), 0) > _HUNDRED


def _is_too_large(figure: int, zeros: int) -> bool:
    """Whether the figure is too large to be read with the scale: 10,000 thousand, 1900 hundred."""
    if zeros == _HUNDRED:
        return figure >= _LEAST_HUNDRED
    return zeros == _THOUSAND and figure >= _LEAST_THOUSAND and figure % _LEAST_THOUSAND == 0
