"""Finds the entities of a raw text: from left to right, at each place the longest that begins there."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from asrlab_pytest.languages import primary
from asrlab_pytest.protocols.entities.addresses import address, bare, written_address
from asrlab_pytest.protocols.entities.dates import date
from asrlab_pytest.protocols.entities.entity import (
    ANY_LANGUAGE,
    DEFAULT,
    Entity,
    EntityParameters,
    EntityType,
    ListedEntity,
)
from asrlab_pytest.protocols.entities.figures import figures
from asrlab_pytest.protocols.entities.keywords import keywords as listed_keywords
from asrlab_pytest.protocols.entities.money import money, percent
from asrlab_pytest.protocols.entities.openings import may_begin
from asrlab_pytest.protocols.entities.ordinals import ordinal
from asrlab_pytest.protocols.entities.quantities import (
    canonical,
    pair_of_parts,
    quantity,
    year_in_pairs,
)
from asrlab_pytest.protocols.entities.text import Tokens
from asrlab_pytest.protocols.entities.times import time
from asrlab_pytest.protocols.entities.vocabulary import DECADES

Found = tuple[EntityType, str, int]
"""Type, value, and the token after the last."""
_JOINTS = frozenset({"to", "or", "-", "and"})
"""Between the ends of a range."""
_BARE_ONES = frozenset({("one",), ("1",)})
LEAST_ORDINAL = 11
"""Smaller ones are mostly words: "a second opinion", "at first"."""


_IDIOMS = {
    "fifty": (("fifty", "fifty"), ("fifty", "-", "fifty")),
    "50": (("50", "-", "50"),),
    "twenty": (("twenty", "four", "seven"), ("twenty", "-", "four", "seven"), ("twenty", "-", "four", "-", "seven")),
    "24": (("24", "-", "7"),),
}
"""By their first word: beside 50/50 and 24/7, which are no fractions, they are not quantities."""


def is_english(language: str | None) -> bool:
    """Whether the English rules apply. Where the language is not known, they do not."""
    return language is not None and primary(language) == "en"


def unsupported(listed: Iterable[ListedEntity], language: str | None) -> list[EntityType]:
    """The listed types that no rules find in a language."""
    types = {entity.type for entity in listed}
    return [] if is_english(language) else sorted(types.difference(ANY_LANGUAGE))


def extract(
    text: str,
    *,
    language: str | None = "en",
    parameters: EntityParameters = DEFAULT,
    keywords: Iterable[str] = (),
    small: bool = False,
) -> tuple[Entity, ...]:
    """The entities of a text, in its order; none overlaps another.

    Args:
        text: As it was said or written, not normalized.
        language: ISO 639-1 code. Outside English, and where it is None, only e-mail and web addresses and keywords
            are found.
        parameters: What the text does not say by itself.
        keywords: Names and terms to find. They are stronger than every other entity.
        small: Whether a bare "one" and ordinals up to ten count too, which are mostly words.
    """
    tokens = Tokens(text)
    named = list(listed_keywords(tokens, keywords, language))
    found = [*_entities(tokens, parameters, is_english=is_english(language), small=small)]
    ends = [name.end for name in named]
    kept = [entity for entity in found if not _overlaps_first(entity, named, bisect(ends, entity.start))]
    return tuple(sorted([*named, *kept], key=lambda entity: entity.start))


def _overlaps_first(entity: Entity, named: Sequence[Entity], place: int) -> bool:
    """Whether an entity overlaps with a keyword, of which the one at a place is the first that ends after its start."""
    return place < len(named) and named[place].start < entity.end


class _Reading(NamedTuple):
    kind: EntityType
    value: str
    """Empty where the words are no entity."""
    start: int
    end: int


def _entities(tokens: Tokens, parameters: EntityParameters, *, is_english: bool, small: bool) -> Iterator[Entity]:
    readings: list[_Reading] = []
    place = 0
    while place < len(tokens):
        found = _longest(tokens, place, parameters, small=small) if is_english else written_address(tokens, place)
        if found is None:
            place += 1
            continue
        kind, value, end = found
        last = _Reading(kind, value, place, end)
        if readings and readings[-1].end == place - 1 and tokens.word(place - 1) in _JOINTS:
            readings[-1], last = _with_one_unit(tokens, readings[-1], last)
        readings.append(last)
        place = end
    for reading in readings:
        if reading.value:
            yield _entity(tokens, *reading)


def _with_one_unit(tokens: Tokens, first: _Reading, last: _Reading) -> tuple[_Reading, _Reading]:
    """The ends of a range, both with the unit that one has: five to ten percent, $5-10."""
    if tokens.word(first.end) == "and" and tokens.word(first.start - 1) != "between":
        return first, last
    is_one = tokens.words(first.start, first.end - first.start) in _BARE_ONES
    value = "1" if is_one else first.value
    if first.kind == "number" and value and last.kind in ("money", "percent"):
        currency = last.value[:4] if last.kind == "money" else ""
        return first._replace(kind=last.kind, value=currency + value), last
    if first.kind == "money" and last.kind == "number" and last.value and tokens.touches(first.end):
        return first, last._replace(kind="money", value=first.value[:4] + last.value)
    return first, last


def _entity(tokens: Tokens, kind: EntityType, value: str, place: int, end: int) -> Entity:
    start, stop = tokens[place].start, tokens[end - 1].end
    if tokens[place].kind == "url":
        stop = start + len(bare(tokens.raw[start:stop]))
    return Entity(type=kind, value=value, text=tokens.raw[start:stop], start=start, end=stop)


def _longest(tokens: Tokens, place: int, parameters: EntityParameters, *, small: bool) -> Found | None:
    """The longest reading; of readings of one length, the more particular type."""
    if not may_begin(tokens, place):
        return None
    readings = [
        address(tokens, place),
        _typed("date", date(tokens, place, parameters)),
        _typed("time", time(tokens, place)),
        _typed("money", money(tokens, place, parameters)),
        _typed("percent", percent(tokens, place)),
        figures(tokens, place),
        _ordinal(tokens, place, small=small),
        _number(tokens, place, small=small),
    ]
    return max((reading for reading in readings if reading), key=lambda reading: reading[2], default=None)


def _typed(kind: EntityType, found: tuple[str, int] | None) -> Found | None:
    return None if found is None else (kind, *found)


def _ordinal(tokens: Tokens, place: int, *, small: bool) -> Found | None:
    """An ordinal; a small one, and a date's day without its month, take their words and give nothing."""
    found = ordinal(tokens, place)
    if found is None:
        return None
    value, end = found
    return "ordinal", str(value) if small or value >= LEAST_ORDINAL else "", end


def _number(tokens: Tokens, place: int, *, small: bool) -> Found | None:
    """A number. A bare "one" is mostly a pronoun, and gives nothing; so do decades and "twenty twenty vision"."""
    readings = [reading(tokens, place) for reading in (_quantity, _year, _in_two_parts)]
    value, end = max((found for found in readings if found), key=lambda found: found[1], default=("", 0))
    if not end:
        return None
    if tokens.word(end) in DECADES or (tokens.word(end) == "s" and tokens.touches(end)):
        return "number", "", end + 1
    is_bare_one = not small and tokens.words(place, end - place) in _BARE_ONES
    is_sight = tokens.words(place, 2) == ("twenty", "twenty") and (
        tokens.word(end) in {"vision", "eyesight"} or "hindsight" in {tokens.word(place - 1), tokens.word(place - 2)}
    )
    for idiom in _IDIOMS.get(tokens.word(place), ()):
        if tokens.words(place, len(idiom)) == idiom:
            return "number", "", place + len(idiom)
    return "number", "" if is_bare_one or is_sight else value, end


def _quantity(tokens: Tokens, place: int) -> tuple[str, int] | None:
    found = quantity(tokens, place)
    return None if found is None else (canonical(found.value), found.end)


def _year(tokens: Tokens, place: int) -> tuple[str, int] | None:
    found = year_in_pairs(tokens, place)
    return None if found is None else (str(found[0]), found[1])


def _in_two_parts(tokens: Tokens, place: int) -> tuple[str, int] | None:
    """As in "two fifteen" is 215, "ten forty" is 1040."""
    found = pair_of_parts(tokens, place)
    return None if found is None or tokens.word(found[2]) == "dollar" else (f"{found[0]}{found[1]:02d}", found[2])
