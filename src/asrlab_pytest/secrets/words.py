"""Words of a command line, as a shell reads them: ``"$A"X`` and ``'X'Y`` are one word each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from asrlab_pytest.patterns import lazy_pattern

_QUOTED = r"\$?\"(?:\\.|[^\"\\])*\"|\$?'[^']*'"
_VARIABLE = r"\$(?:\w+|\{\w+\})"
_LIST = r"\[(?=[\"'])|(?<=[\"'])[\],]+"
"""The brackets and commas of a list that is printed."""
_WORD = lazy_pattern(
    rf"(?:[^\s;|&()<>`\"'\\$\[\],]+|{_QUOTED}|\\.|\$\{{[^}}\s]{{0,200}}\}}|(?!{_LIST})[^\s;|&()<>`])++|{_LIST}|[;|&()<>`]",
    re.DOTALL,
)
_PART = lazy_pattern(rf"(?P<quoted>{_QUOTED})|{_VARIABLE}|(?P<escaped>\\.)|[^\"'\\$]+|.", re.DOTALL)
_VARIABLES = lazy_pattern(_VARIABLE)
_MAY_BE_SEVERAL = lazy_pattern(r"[\s\"'\\]")


class Word(NamedTuple):
    """A word as it is written, and what it is without quotes and backslashes."""

    raw: str
    value: str


def command_lines(text: str) -> Iterator[list[Word]]:
    """The words of a text, then those of each of its parts that may be a command line: ``sh -c "run 'a b'"``."""
    for quote in ("'", '"'):
        # A message may quote a line that has such quotes: Command 'run 'a b'' failed.
        if text.count(quote) > 2:  # noqa: PLR2004 - more than those of the line
            yield _words(text[text.index(quote) + 1 : text.rindex(quote)])
    yield from _nested(text)


def _nested(text: str) -> Iterator[list[Word]]:
    words = _words(text)
    yield words
    for raw, value in words:
        if len(value) < len(raw) and _MAY_BE_SEVERAL.search(value):
            yield from _nested(value)


def literals(raw: str) -> list[str]:
    """What a word has besides variables and quotes, if it is put together from several parts."""
    parts = list(_PART.finditer(raw))
    if len(parts) < 2:  # noqa: PLR2004 - a single part is a plain word, or one in quotes
        return []
    values = [_unquoted(part) for part in parts if not _VARIABLES.fullmatch(part[0])]
    return [value for value in values if value]


def _words(text: str) -> list[Word]:
    return [Word(match[0], _value(match[0])) for match in _WORD.finditer(text)]


def _value(raw: str) -> str:
    return "".join(map(_unquoted, _PART.finditer(raw)))


def _unquoted(part: re.Match[str]) -> str:
    if part["escaped"]:
        return part[0][1]
    if not part["quoted"]:
        return part[0]
    text = part[0].removeprefix("$")
    return re.sub(r"\\([\"\\$`])", r"\1", text[1:-1]) if text[0] == '"' else text[1:-1]
