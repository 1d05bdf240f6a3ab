"""Finds the names and terms that a person has listed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from asrlab_pytest.languages import primary
from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.entities.entity import Entity
from asrlab_pytest.protocols.entities.text import MARK, Token, Tokens

_CONTRACTED = frozenset({"ll", "d", "ve", "re", "m"})
"""What an apostrophe joins to any name: "Anna'll"."""
_INFLECTED = frozenset({"tr", "az", "fi", "et"})
"""Languages that put an apostrophe between a name and its endings: "İzmir'de"."""
_ELIDED = frozenset({"fr", "it", "ca"})
"""Languages that put one between a word cut short and the next: "l'Élysée"."""
_POSSESSIVE = lazy_pattern(r"(?:'s)+\Z")
_UNSAID = lazy_pattern(
    "[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""Points of Hebrew and Arabic, tatweel, and selectors of variants."""
_SAME = str.maketrans("ıё", "iе")
_SPLIT_VOWEL = lazy_pattern("(?<=[\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb]*)([\u0e32\u0eb2])")
"""The second half of Thai's and Lao's sara am, where that is in two characters."""

_FIGURES_FIRST = lazy_pattern("^[0-9]+|.+")
"""A word has figures first only behind a script without spaces; elsewhere they are a token: 5G."""


class _Part(NamedTuple):
    """What a keyword is made of: a word, a character of a script without spaces, or a symbol as it is said."""

    start: int
    end: int
    text: str
    may_begin: bool = True
    """Whether a keyword may begin here, which it may not in the middle of a word."""
    may_end: bool = True


@lru_cache(maxsize=4096)
def canonical_keyword(text: str) -> str:
    """A keyword in lower case, without punctuation and a possessive's "'s"; its symbols as they are said: C plus plus.

    There is one space between words, and none between characters of a script without spaces.
    """
    return _joined(_words(text))


def keywords(tokens: Tokens, listed: Iterable[str], language: str | None = None) -> Iterator[Entity]:
    """The listed keywords in a text, from left to right; of two that begin at one place, the longer."""
    wanted = {words for words in map(_words, listed) if words}
    if not wanted:
        return
    longest = max(map(len, wanted))
    parts = list(_parts(tokens, language))
    place = 0
    while place < len(parts):
        count = _count(parts[place : place + longest], wanted)
        if count:
            start, end = parts[place].start, parts[place + count - 1].end
            value = _joined([part.text for part in parts[place : place + count]])
            yield Entity(type="keyword", value=value, text=tokens.raw[start:end], start=start, end=end)
        place += count or 1


def _count(parts: Sequence[_Part], wanted: set[tuple[str, ...]]) -> int:
    """How many of these parts are the longest keyword that begins with the first; 0 if none does."""
    if not parts[0].may_begin:
        return 0
    words = tuple(part.text for part in parts)
    return next(
        (count for count in range(len(parts), 0, -1) if parts[count - 1].may_end and words[:count] in wanted), 0
    )


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """The parts of a keyword; none without a letter or digit, for "&" would be in every "and"."""
    if not any(map(str.isalnum, text)):
        return ()
    return tuple(part.text for part in _parts(Tokens(text), None))


def _joined(words: Sequence[str]) -> str:
    from asrlab_pytest.protocols.normalization.characters import is_unspaced

    text = "".join(words[:1])
    for before, word in pairwise(words):
        is_close = "'" in (before, word) or (is_unspaced(before) and is_unspaced(word))
        text += word if is_close else f" {word}"
    return text


def _parts(tokens: Tokens, language: str | None) -> Iterator[_Part]:
    for place in range(len(tokens)):
        token = tokens[place]
        if token.kind == "symbol" and not token.text.isalnum():
            yield from _symbol(tokens, place)
            continue
        # A name is found behind a full stop, which may have lost its space; a number behind a minus is another.
        may_begin = not (tokens.word(place - 1) == "-" and _is_prefix(tokens, place - 1))
        may_end = not _is_suffix(tokens, place + 1)
        if token.kind == "word":
            yield from _pieces(token, tokens.raw, language, may_begin=may_begin, may_end=may_end)
        else:
            yield _Part(token.start, token.end, token.text, may_begin, may_end)


def _symbol(tokens: Tokens, place: int) -> Iterator[_Part]:
    """A symbol that is said; every other is punctuation, and nothing."""
    token = tokens[place]
    if _is_suffix(tokens, place):
        word = {"+": "plus", "#": "sharp"}[token.text]
        yield _Part(token.start, token.end, word, may_begin=False, may_end=not _is_suffix(tokens, place + 1))
    elif _is_prefix(tokens, place):
        yield _Part(token.start, token.end, {"-": "minus", ".": "dot"}[token.text], may_end=False)
    elif token.text in {"&", "+", "%"}:
        yield _Part(token.start, token.end, {"&": "and", "+": "plus", "%": "percent"}[token.text])
    elif token.text == "#" and tokens.touches(place + 1) and tokens.kind(place + 1) == "number":
        yield _Part(token.start, token.end, "number")


def _is_suffix(tokens: Tokens, place: int) -> bool:
    """Whether a symbol belongs to the word before it: C++, C#."""
    text, before = tokens.word(place), tokens.word(place - 1)
    follows = tokens.touches(place) and (tokens.kind(place - 1) == "word" or text == before == "+")
    return text in {"+", "#"} and follows and not (tokens.touches(place + 1) and tokens.word(place + 1).isalnum())


def _is_prefix(tokens: Tokens, place: int) -> bool:
    """Whether a symbol belongs to the word behind it: -5, .NET."""
    kind = {"-": "number", ".": "word"}.get(tokens.word(place))
    before = tokens.word(place - 1)
    is_apart = not tokens.touches(place) or not (before[-1:].isalnum() or before in {"-", "."})
    return kind is not None and tokens.touches(place + 1) and tokens.kind(place + 1) == kind and is_apart


def _pieces(token: Token, raw: str, language: str | None, *, may_begin: bool, may_end: bool) -> Iterator[_Part]:
    """The parts of a word as error rates count it: whole, or in characters where its script has no spaces."""
    from asrlab_pytest.protocols.normalization.characters import split_unspaced

    text = _spelled(token, raw)
    whole_vowels = _SPLIT_VOWEL.sub(lambda match: match[1] + chr(ord(match[2]) + 1), text)
    units = [part for unit in split_unspaced(whole_vowels) for part in _FIGURES_FIRST.findall(unit)]
    place = 0
    for number, unit in enumerate(units):
        begins, ends = may_begin or number > 0, may_end or number + 1 < len(units)
        written = text[place : place + len(unit)]
        yield from _names(written, token.start + place, language, may_begin=begins, may_end=ends)
        place += len(unit)


def _names(word: str, start: int, language: str | None, *, may_begin: bool, may_end: bool) -> Iterator[_Part]:
    """A word cut at its apostrophes, and whether a name may begin or end there."""
    from asrlab_pytest.protocols.normalization.characters import split_unspaced

    code = None if language is None else primary(language)
    core = _POSSESSIVE.sub("", word).strip("'")
    start += len(word) - len(word.lstrip("'"))
    pieces = core.split("'") if core else []
    for place, piece in enumerate(pieces):
        is_base = place + 2 == len(pieces) and (pieces[-1] in _CONTRACTED or code in _INFLECTED)
        begins = may_begin if place == 0 else code in _ELIDED
        ends = may_end if place + 1 == len(pieces) else is_base
        if place:
            yield _Part(start - 1, start, "'", may_begin=False, may_end=False)
        # Folding makes two letters of one of Lao's.
        for text in split_unspaced(_letters(piece)):
            yield _Part(start, start + len(piece), text, begins, ends)
        start += len(piece) + 1


def _letters(written: str) -> str:
    """Letters without case and without what the profiles drop: points of vowels, ё, raised and lowered figures.

    A Turkish I is one letter with a dot and without: a keyword does not say its language.
    """
    from asrlab_pytest.protocols.normalization.characters import folded

    if written.isascii():
        return written.lower()
    text = folded(_UNSAID.sub("", unicodedata.normalize("NFKC", written)))
    return text.replace("i\u0307", "i").translate(_SAME)


def _spelled(token: Token, raw: str) -> str:
    """A word with plain apostrophes and widths and its marks; as long as in the raw text."""
    if token.text.isascii():
        return token.text
    from asrlab_pytest.protocols.normalization.characters import WIDTHS

    chars = zip(token.text, raw[token.start : token.end], strict=True)
    return "".join(written if plain == MARK else plain for plain, written in chars).translate(WIDTHS)
