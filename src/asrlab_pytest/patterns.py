"""Regular expressions that are compiled when they are first used.

The rules of all languages are hundreds of them, and a run whose texts are in one language uses a few.
"""

from __future__ import annotations

import re

_METHODS = ("finditer", "findall", "fullmatch", "match", "search", "split", "sub", "subn")


class LazyPattern:
    """Stands for a compiled pattern of text."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags | re.UNICODE

    def __getattr__(self, name: str) -> object:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        # From here on a call costs what it costs with the compiled pattern.
        vars(self).update({method: getattr(compiled, method) for method in _METHODS})
        return vars(self)[name]


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A regular expression, which is compiled when it is first used."""
    return LazyPattern(pattern, flags)  # type: ignore[return-value] # has the methods of one
