"""Reads ordinals, spoken and written."""

from __future__ import annotations

from asrlab_pytest.protocols.entities import vocabulary as words
from asrlab_pytest.protocols.entities.quantities import behind_hyphen, whole
from asrlab_pytest.protocols.entities.text import Tokens


def ordinal(tokens: Tokens, start: int) -> tuple[int, int] | None:
    """An ordinal of any size, and the token after it."""
    if tokens.kind(start) == "ordinal":
        return int(tokens.word(start)[:-2].replace(",", "")), start + 1
    simple = _ordinal_word(tokens, start)
    if simple is not None:
        return simple
    head = whole(tokens, start)
    if head is None or not head.value:
        return None
    scale = words.ORDINAL_SCALES.get(tokens.word(head.end))
    if scale is not None:
        # "one thousand two hundredth": only what stands below the scale before it is multiplied.
        below = int(head.value) % (1000 if scale == 100 else 1000 * scale)  # noqa: PLR2004
        return int(head.value) - below + below * scale, head.end + 1
    tail = _ordinal_tail(tokens, head.end)
    return None if tail is None else (int(head.value) + tail[0], tail[1])


def _ordinal_tail(tokens: Tokens, place: int) -> tuple[int, int] | None:
    """The last part of an ordinal, behind a cardinal that leaves room for it."""
    last_word = tokens.word(place - 1)
    if last_word == "hundred" or last_word in words.SCALES:
        place = behind_hyphen(tokens, place)
        place = behind_hyphen(tokens, place + 1) if tokens.word(place) == "and" else place
        return _ordinal_word(tokens, place)
    return _ordinal_one(tokens, place) if last_word in words.TENS else None


def _ordinal_one(tokens: Tokens, place: int) -> tuple[int, int] | None:
    place += tokens.word(place) == "-"
    one = words.ORDINAL_ONES.get(tokens.word(place))
    return None if one is None else (one, place + 1)


def _ordinal_word(tokens: Tokens, start: int) -> tuple[int, int] | None:
    """1st to 99th in words."""
    word = tokens.word(start)
    for table in (words.ORDINAL_ONES, words.ORDINAL_TEENS, words.ORDINAL_TENS):
        if word in table:
            return table[word], start + 1
    if word in words.TENS:
        one = _ordinal_one(tokens, start + 1)
        return None if one is None else (words.TENS[word] + one[0], one[1])
    if word in words.ORDINAL_SCALES:
        return words.ORDINAL_SCALES[word], start + 1
    return None
