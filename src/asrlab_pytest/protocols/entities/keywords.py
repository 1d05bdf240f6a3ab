"""Finds the names and terms that a person has listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from asrlab_pytest.protocols.entities.entity import Entity
from asrlab_pytest.protocols.entities.text import Tokens


@lru_cache(maxsize=4096)
def canonical_keyword(text: str) -> str:
    """A keyword in lower case, its words apart by one space, without punctuation and a possessive's "'s"."""
    return " ".join(part for _, _, part in _parts(Tokens(text)))


def keywords(tokens: Tokens, listed: Iterable[str]) -> Iterator[Entity]:
    """The listed keywords in a text, from left to right; of two that begin at one place, the longer."""
    wanted = {tuple(words.split(" ")) for words in map(canonical_keyword, listed) if words}
    if not wanted:
        return
    longest = max(map(len, wanted))
    parts = list(_parts(tokens))
    place = 0
    while place < len(parts):
        for count in range(min(longest, len(parts) - place), 0, -1):
            words = tuple(part for _, _, part in parts[place : place + count])
            if words in wanted:
                start, end = parts[place][0], parts[place + count - 1][1]
                yield Entity(type="keyword", value=" ".join(words), text=tokens.raw[start:end], start=start, end=end)
                place += count - 1
                break
        place += 1


def _parts(tokens: Tokens) -> Iterator[tuple[int, int, str]]:
    """The words of a text, with their places."""
    from asrlab_pytest.protocols.normalization.characters import composed

    for place in range(len(tokens)):
        token = tokens[place]
        if token.kind == "symbol" and not token.text.isalnum():
            continue
        end = token.end - 2 * (token.kind == "word" and token.text.endswith("'s"))
        yield token.start, end, composed(tokens.raw[token.start : end].casefold())
