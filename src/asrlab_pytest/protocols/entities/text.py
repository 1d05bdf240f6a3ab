"""Cuts a raw text into tokens that remember where they stood. Written forms of a known shape are one token."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from asrlab_pytest.patterns import lazy_pattern
from asrlab_pytest.protocols.english_words import LENGTHS, RANGE_OF_HUNDREDS
from asrlab_pytest.protocols.entities.vocabulary import TOP_LEVELS

_DIGIT = r"(?<![0-9])"
_SIDE = r"(?<=[0-9]x)"
"""After the x of 10x12."""
_SHAPES = rf"""
      (?P<url>https?://[^\s<>"]+
        | (?<![\w@])www\.[^\s<>"]+
        | (?<![\w@.])[a-z0-9](?:[a-z0-9-]{{0,62}}[a-z0-9])?(?:\.[a-z0-9-]{{1,63}}){{0,8}}
          \.(?:{"|".join(TOP_LEVELS)})(?![\w@-]|\.\w)(?:/[^\s<>"]*)?)
    | (?P<email>[a-z0-9][\w.+%-]{{0,63}}@[a-z0-9-]{{1,63}}(?:\.[a-z0-9-]{{1,63}}){{1,8}})
    | (?P<date>(?<![\w.,/-])(?:[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}
        | [0-9]{{1,2}}/[0-9]{{1,2}}/(?:[0-9]{{4}}|[0-9]{{2}})
        | [0-9]{{1,2}}([.-])[0-9]{{1,2}}\4[0-9]{{4}})(?![\w/-]|\.[0-9]))
    | (?P<phone>(?<![\w.,$-])(?:
          \+[0-9]{{1,3}}(?:[ .-]?\(?[0-9]{{1,5}}\)?){{1,5}}
        | (?:1[ .-]?)?\([0-9]{{3}}\)[ ]?[0-9]{{3}}[ .-]?[0-9]{{4}}
        | (?:1[ .-])?[0-9]{{3}}([ .-])[0-9]{{3}}\6[0-9]{{4}}
        | 0[0-9]{{2,4}}[ .-][0-9]{{3,4}}[ .-]?[0-9]{{3,4}}
        | (?!{RANGE_OF_HUNDREDS})[0-9]{{3}}-[0-9]{{4}})(?![\w]|[.,-][0-9]))
    | (?P<time>(?<!\w)(?<![0-9][:.])(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?!:?[0-9]))
    | (?P<ordinal>(?<![\w.,])[0-9]{{1,3}}(?:(?:,[0-9]{{3}})+|[0-9]{{0,15}})(?:st|nd|rd|th)(?![\w]))
    | (?P<dotted>(?<![\w.,])[0-9]+(?:\.[0-9]+){{2,}}(?![\w]))
    | (?P<ratio>(?:(?<![\w./])|{_SIDE})[0-9]{{1,4}}/[0-9]{{1,4}}(?!/|(?!x\.?[0-9])\w))
    | (?P<number>{_DIGIT}[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])(?:\.[0-9]+)?
        | {_DIGIT}[0-9]{{1,2}}(?:,[0-9]{{2}}){{1,9}},[0-9]{{3}}(?![0-9])(?:\.[0-9]+)?
        | [0-9]+(?:\.[0-9]+)?
        | (?:(?<![\w.])|{_SIDE})\.[0-9]+)
    | (?P<meridiem>(?<![^\W0-9])[ap]\.[ ]?m\b\.?)
    | (?P<currency>(?:(?<![^\W0-9])(?:us|au|a|ca|c|hk|nz|s)?|{_SIDE})\$|[€£¥₹₩₽₪₺])
    | (?P<word>(?<=[0-9])(?:{LENGTHS})(?=x\.?[0-9])
        | (?<=[0-9a-z'"”″¼-¾⅐-⅞])(?<!(?<![0-9.])0)x(?=[$€£]?\.?[0-9])
        | [¼-¾⅐-⅞]|[^\W0-9_](?:[^\W_]|'(?=[^\W0-9_]))*)
    | (?P<symbol>\S)
    """
_PLAIN_WORD = r"[a-z]+(?=[ ,;?!]|\Z)"
"""What can be nothing but a word. Tried first: most of a text is made of such words, and shapes are slow to try."""
_TOKEN = lazy_pattern(rf"{_PLAIN_WORD} | {_SHAPES}", re.VERBOSE)
_FOLDED = {"`": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "\u00a0": " "}
_FULL_STOPS = lazy_pattern(r"(?<!\.)\.{2,}(?=[-$€£]*[0-9])")
"""Of an ellipsis before a number, which are no part of it. Thousands of them are tried from the first alone."""
_FULL_WIDTH = 0xFEE0
"""From an ASCII character to its full-width form."""
MARK = "ʹ"
"""Stands for a combining mark: a letter, so that a word stays whole, but of no word that the rules know."""


class Token(NamedTuple):
    """A piece of text, folded, with its shape and where it stood in the raw text."""

    kind: str
    text: str
    start: int
    end: int


class Tokens:
    """The tokens of a text. Asked for one beyond either end, it gives the empty word."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        folded = _without_full_stops(raw.translate(_FOLDING))
        tokens = [Token(match.lastgroup or "word", match.group(), *match.span()) for match in _TOKEN.finditer(folded)]
        self._tokens = list(chain.from_iterable(map(_apart, tokens))) if "/" in folded else tokens
        self._count = len(self._tokens)
        self._words = [token.text for token in self._tokens]
        self._kinds = [token.kind for token in self._tokens]

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> Token:
        return self._tokens[place]

    def word(self, place: int) -> str:
        """The folded text of a token."""
        return self._words[place] if 0 <= place < self._count else ""

    def written(self, place: int) -> str:
        """A token as it is in the raw text."""
        if not 0 <= place < self._count:
            return ""
        token = self._tokens[place]
        return self.raw[token.start : token.end]

    def kind(self, place: int) -> str:
        """The shape of a token."""
        return self._kinds[place] if 0 <= place < self._count else ""

    def words(self, place: int, count: int) -> tuple[str, ...]:
        """The folded texts of the next tokens."""
        return tuple(self.word(n) for n in range(place, place + count))

    def touches(self, place: int) -> bool:
        """Whether a token follows the one before without a space."""
        return 0 < place < self._count and self._tokens[place - 1].end == self._tokens[place].start


_PHRASES = frozenset({"24/7", "50/50", "20/20"})
"""Two numbers with a slash that are no quantities."""


def _apart(token: Token) -> Iterator[Token]:
    """A token; two numbers with a slash that are no fraction below one, such as 120/80, as three."""
    first, slash, last = token.text.partition("/")
    if token.kind != "ratio" or token.text in _PHRASES or 0 < int(first) < int(last):
        yield token
        return
    place = token.start + len(first)
    yield Token("number", first, token.start, place)
    yield Token("symbol", slash, place, place + 1)
    yield Token("number", last, place + 1, token.end)


def _without_full_stops(text: str) -> str:
    """The text, with all its places, with another mark for the full stops of an ellipsis before a number."""
    return _FULL_STOPS.sub(lambda match: "…" * len(match[0]), text) if ".." in text else text


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """A character in lower case, with plain digits, dashes and apostrophes. Always one, so that places stay."""
    if char in _FOLDED:
        return _FOLDED[char]
    if "\uff01" <= char <= "\uff5e":
        char = chr(ord(char) - _FULL_WIDTH)
    if not char.isascii() and _is_apostrophe(char):
        return "'"
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if char.isspace():
        return " "
    if unicodedata.category(char)[0] == "M":
        return MARK
    lower = char.lower()
    return lower if len(lower) == 1 else char


def _is_apostrophe(char: str) -> bool:
    from asrlab_pytest.protocols.normalization.characters import APOSTROPHES

    return char in APOSTROPHES


class _Folding(dict[int, str]):
    """The fold of every character, for ``str.translate``; those of ASCII at hand."""

    def __missing__(self, code: int) -> str:
        return _fold(chr(code))


_FOLDING = _Folding({code: _fold(chr(code)) for code in range(128)})
