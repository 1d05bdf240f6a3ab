"""Regular expressions in answers: Python's syntax, and a search that is given up before anyone has to wait for it.

Python's own ``re`` cannot be stopped. The package ``regex``, which the normalization needs anyway, can.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

PATIENCE_S = 1.0
"""Seconds of computing after which a search is given up."""
LONGEST = 100_000
"""How long an expression may be with its counts written out, one within another: that takes room in memory."""


def fault_of(expression: str) -> str | None:
    """The problem with a fact's regular expression, in words; None if it is valid."""
    import regex

    try:
        re.compile(expression, re.IGNORECASE)
        length = _length(expression)
        if length > LONGEST:
            return f"{expression!r} expands to {length} characters, longer than any answer"
        pattern = _compiled(expression)
    except (re.error, regex.error, OverflowError, RecursionError, ValueError, Warning) as error:
        return f"{expression!r} is not a regular expression: {error}"
    is_everywhere = all(pattern.search(text) for text in ("", "\0"))
    return f"the regular expression {expression!r} matches every answer" if is_everywhere else None


@lru_cache(maxsize=1024)
def fits(expression: str, text: str) -> bool | None:
    """Whether an expression without a fault fits somewhere in a text, in any case of its letters.

    None if the search was given up. The result is cached.
    """
    try:
        return _compiled(expression).search(text, timeout=PATIENCE_S) is not None
    except TimeoutError:
        return None


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> regex.Pattern[str]:
    import regex

    # What is a brace to Python would be the beginning of an inexact match to the package.
    exact = _BRACE.sub(lambda brace: r"\{" if brace[0] == "{" else brace[0], expression)
    return regex.compile(exact, regex.IGNORECASE)


_BRACE = re.compile(r"\\N\{[^}]*\}|\\.|\{(?!\d*,?\d*\})", re.DOTALL)
"""A brace that begins no count, and what it is not to be looked for in."""


def _length(expression: str) -> int:
    """Literal characters of an expression, each part repeated as often as its least count."""
    groups: list[list[int]] = [[]]
    for match in _SIGN.finditer(expression):
        sign, count = match[0], match["count"]
        if sign == "(":
            groups.append([])
        elif sign == ")" and len(groups) > 1:
            inside = sum(groups.pop())
            groups[-1].append(inside)
        elif count and groups[-1]:
            groups[-1][-1] *= int(count)
        else:
            groups[-1].append(1)
    return sum(groups[-1])


_SIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<count>\d+),?\d*\}|.", re.DOTALL)
"""An escape, a set of characters, a count, or any other character."""
